"""People, product, process: what is expected of each and what is experienced."""

from __future__ import annotations

import math
from typing import Any

import plotly.graph_objects as go

from cxsim.charts.look import Theme, faded, figure, kindly_empty, palette
from cxsim.charts.worlds import Found, worlds
from cxsim.scenario.values import DIMENSIONS


def gaps_by_dimension(found: Found, theme: Theme = "light") -> go.Figure:
    """Expectation gap of people, product and process, with interval."""
    shown, colours = worlds(found), palette(theme)
    names = list(DIMENSIONS)[::-1]
    traces: list[dict[str, Any]] = []
    gaps: dict[str, float] = {}
    for name, result, looked_at in shown.each():
        found_gaps = {dimension: result.estimate(f"expectation_gap_{dimension}") for dimension in names}
        if all(math.isnan(gap.mean) for gap in found_gaps.values()):
            continue
        colour = colours.accent if looked_at else colours.baseline
        halves = [0 if math.isnan(gap.high) else gap.high - gap.mean for gap in found_gaps.values()]
        traces.append(
            {"type": "scatter", "mode": "markers", "name": name, "y": names, "showlegend": shown.before is not None,
             "x": [round(gap.mean, 5) for gap in found_gaps.values()], "marker": {"size": 12, "color": colour,
             "symbol": "circle" if looked_at else "circle-open"},
             "error_x": {"type": "data", "array": halves, "thickness": 2, "color": colour},
             "hovertemplate": "%{y}: %{x:+.4f}<extra></extra>"}
        )  # fmt: skip
        gaps = {dimension: gap.mean for dimension, gap in found_gaps.items()}
    if not gaps:
        return kindly_empty("Nobody met the company, so there is no gap to show.", theme)
    worst, best = min(gaps, key=lambda key: gaps[key]), max(gaps, key=lambda key: gaps[key])
    finding = (
        f"{worst.capitalize()} falls furthest short of what was expected"
        if gaps[worst] < 0
        else f"All three meet what was expected; {best} exceeds it most"
    )
    return figure(traces, finding, "Perceived less predicted level, mean over encounters; left of zero: expected more "
                  "than got. Line: 95 % interval.", theme, 190,
                  xaxis={"title": {"text": "level"}, "zeroline": True, "rangemode": "tozero"},
                  yaxis={"showgrid": False, "range": [-0.6, 2.6]})  # fmt: skip


def levels_by_dimension(found: Found, theme: Theme = "light") -> go.Figure:
    """Zone of tolerance, expectation and experience of people, product and process."""
    shown, colours = worlds(found), palette(theme)
    log = shown.now.encounters
    rows = log[(log["event"] == "encounter") & (log["day"] >= 0)] if "event" in log else log
    if "event" not in log or rows.empty:
        return kindly_empty("No customer was followed, so levels by dimension cannot be drawn.", theme)
    names = list(DIMENSIONS)[::-1]
    level = {kind: {name: float(rows[f"{kind}_{name}"].mean()) for name in names}
             for kind in ("adequate", "desired", "predicted", "perceived")}  # fmt: skip
    lowest = rows[[f"perceived_{name}" for name in names]].quantile(0.1)
    highest = rows[[f"perceived_{name}" for name in names]].quantile(0.9)
    experienced = list(level["perceived"].values())
    traces: list[dict[str, Any]] = [
        {
            "type": "bar",
            "orientation": "h",
            "y": names,
            "base": list(level["adequate"].values()),
            "width": 0.5,
            "x": [level["desired"][name] - level["adequate"][name] for name in names],
            "name": "zone of tolerance",
            "marker": {"color": faded(colours.within, 0.45)},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "y": names,
            "x": list(level["predicted"].values()),
            "name": "expected",
            "marker": {"symbol": "line-ns", "size": 20, "line": {"width": 3, "color": colours.ink}},
            "hovertemplate": "expected %{x:.3f}<extra>%{y}</extra>",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "y": names,
            "x": experienced,
            "name": "experienced",
            "marker": {"size": 12, "color": colours.accent},
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": [h - x for h, x in zip(highest, experienced, strict=True)],
                "arrayminus": [x - low for low, x in zip(lowest, experienced, strict=True)],
                "color": colours.accent,
                "thickness": 1.5,
                "width": 4,
            },
            "hovertemplate": "experienced %{x:.3f}<extra>%{y}</extra>",
        },
    ]
    spread = {name: float(high - low) for name, low, high in zip(names, lowest, highest, strict=True)}
    widest = max(spread, key=lambda name: spread[name])
    finding = f"{widest.capitalize()} varies most from one encounter to the next"
    return figure(
        traces,
        finding,
        "Bar: from just acceptable to desired. Stroke: expected. Dot: experienced; its line: "
        "eight of ten encounters of followed customers.",
        theme,
        210,
        xaxis={"title": {"text": "level, 0 to 1"}},
        yaxis={"showgrid": False, "range": [-0.6, 2.6]},
    )
