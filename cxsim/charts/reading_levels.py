"""Charts of what is promised, expected and felt: message audit, dimensions, journey map."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from cxsim.charts.look import Theme, figure, kindly_empty, palette
from cxsim.instruments.sheet import Reading, capital, least, most, records, uncapital
from cxsim.scenario.values import DIMENSIONS

_SYMBOLS = ("circle", "diamond", "square", "triangle-up", "x", "star")


def promises_and_delivered(reading: Reading, theme: Theme = "light") -> go.Figure:
    """Level that every channel promises in each dimension, and what is delivered."""
    table, colours = reading.table("channels"), palette(theme)
    channels = table[table["place"] >= 0]
    if channels.empty:
        return kindly_empty("The company promises nothing in any channel.", theme)
    if channels[[f"over_{name}" for name in DIMENSIONS]].isna().all(axis=None):
        return kindly_empty("Nobody was served, so promises cannot be held against anything.", theme)
    names = list(DIMENSIONS)[::-1]
    row = records(channels)[0]
    delivered = [row[name] - row[f"over_{name}"] for name in names]
    traces: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "markers", "name": "delivered", "y": names, "x": delivered,
         "marker": {"symbol": "line-ns", "size": 26, "line": {"width": 4, "color": colours.ink}},
         "hovertemplate": "%{y}: %{x:.3f}<extra>delivered</extra>"}
    ]  # fmt: skip
    for place, told in enumerate(records(channels)):
        traces.append(
            {"type": "scatter", "mode": "markers", "name": told["channel"], "y": names,
             "x": [told[name] for name in names],
             "marker": {"size": 13, "symbol": _SYMBOLS[place % len(_SYMBOLS)],
                        "color": colours.series[place % len(colours.series)]},
             "hovertemplate": "%{y}: %{x:.3f}<extra>" + told["channel"] + "</extra>"}
        )  # fmt: skip
    over = {(str(told["channel"]), name): told[f"over_{name}"] for told in records(channels) for name in DIMENSIONS}
    channel, dimension = max(over, key=lambda key: over[key])
    finding = (
        f"{capital(channel)} promises most above what is delivered: {dimension}, {over[channel, dimension]:+.3f}"
        if over[channel, dimension] > 0
        else "No channel promises more than is delivered"
    )
    about = "Stroke: what customers perceived at all touchpoints but messages. Marks to the right of it promise more."
    return figure(traces, finding, about, theme, 210, xaxis={"title": {"text": "level, 0 to 1"}, "showgrid": True},
                  yaxis={"showgrid": False, "range": [-0.6, 2.6]})  # fmt: skip


def gaps_apart(reading: Reading, theme: Theme = "light") -> go.Figure:
    """Got less expected, by phase and by persona, for people, products and processes."""
    phases, personas = reading.table("phases"), reading.table("personas")
    parts = [phases.assign(row=phases["phase"]), personas.assign(row=personas["label"])]
    table = pd.concat(parts, ignore_index=True)
    if table.empty:
        return kindly_empty("Nobody who was followed met the company.", theme)
    colours = palette(theme)
    columns = list(dict.fromkeys(table["dimension"]))
    rows = list(dict.fromkeys(table["row"]))
    gaps = {(row["row"], row["dimension"]): row["gap"] for row in records(table)}
    grid = [[gaps.get((row, column)) for column in columns] for row in rows]
    widest = max(abs(value) for line in grid for value in line if value is not None) or 1.0
    worst = least(phases, "gap") if len(phases) else {}
    finding = (
        f"Most is lacking in the phase '{worst['phase']}': {worst['dimension']}, {worst['gap']:+.3f}"
        if worst and worst["gap"] < 0
        else "In no phase is less got than expected"
    )
    traces = [
        {"type": "heatmap", "z": grid, "x": columns, "y": rows, "zmin": -widest, "zmax": widest, "showscale": False,
         "colorscale": [[0, colours.below], [0.5, colours.paper], [1, colours.above]], "xgap": 2, "ygap": 2,
         "text": [["" if value is None else f"{value:+.3f}" for value in line] for line in grid],
         "texttemplate": "%{text}", "hoverongaps": False, "hovertemplate": "%{y}, %{x}: %{z:+.4f}<extra></extra>"}
    ]  # fmt: skip
    return figure(traces, finding, "Got less expected, in levels, by phase of the journey and by persona: orange, less "
                  "than expected; blue, more.", theme, 90 + 28 * len(rows),
                  yaxis={"showgrid": False, "autorange": "reversed"}, xaxis={"side": "top"})  # fmt: skip


def feeling_by_persona(reading: Reading, theme: Theme = "light") -> go.Figure:
    """How every persona feels along its journey, and its moments of truth."""
    table, colours = reading.table("map"), palette(theme)
    if table.empty:
        return kindly_empty("Nobody who was followed met the company.", theme)
    order = list(dict.fromkeys(table["doing"]))
    traces: list[dict[str, Any]] = []
    worst: dict[str, str] = {}
    for place, (label, part) in enumerate(table.groupby("persona_label", sort=False)):
        colour = colours.series[place % len(colours.series)]
        rows = part.set_index("doing").reindex([name for name in order if name in set(part["doing"])])
        marked = rows["moment"] == "yes"
        traces.append(
            {"type": "scatter", "mode": "lines+markers", "name": str(label),
             "x": [_folded(name) for name in rows.index],
             "y": rows["feeling"].round(2).tolist(), "line": {"width": 2.4, "color": colour},
             "marker": {"size": [15 if mark else 8 for mark in marked], "color": colour,
                        "symbol": ["star" if mark else _SYMBOLS[place % len(_SYMBOLS)] for mark in marked]},
             "hovertemplate": "%{y:.0f} of 100<extra>" + str(label) + "</extra>"}
        )  # fmt: skip
        worst[str(label)] = str(rows["feeling"].idxmin())
    places = set(worst.values())
    if len(places) > 1:
        low = least(table, "feeling")
        who = uncapital(low["persona_label"])
        finding = f"Personas feel worst at different places; lowest of all {who} at {low['doing']}"
    else:
        who = "All personas feel" if len(worst) > 1 else f"{next(iter(worst))} feels"
        finding = f"{who} worst at {places.pop()}"
    if len(order) == 1:
        finding = f"There is one touchpoint, {order[0]}, at {most(table, 'feeling')['feeling']:.0f} of 100"
    about = "Mean satisfaction with each touchpoint, 0 to 100; stars: moments of truth."
    across = {"tickangle": 0, "tickfont": {"size": 11}, "categoryorder": "array",
              "categoryarray": [_folded(name) for name in order]}  # fmt: skip
    return figure(traces, finding, about, theme, 320, yaxis={"title": {"text": "0 bad to 100 good"}}, xaxis=across)


def _folded(label: str) -> str:
    return "<br>".join(textwrap.wrap(label, 13))
