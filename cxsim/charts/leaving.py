"""Why they left: what had built up, the last straw, how many strikes, and what the lost would have said."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from cxsim.charts.look import Theme, figure, kindly_empty, palette
from cxsim.charts.worlds import Found, stop_labels, worlds
from cxsim.engine.columns import REASON_LABELS
from cxsim.results.result import Result

_NOBODY = "Nobody left after a poor journey in the time measured."


def _built_up_and_tipped(found: Found, by: str, theme: Theme, about: str) -> go.Figure:
    """Shares of irritation and of last straws by touchpoint or reason."""
    world, colours = worlds(found).now, palette(theme)
    rows = world.drivers[world.drivers["by"] == by]
    rows = rows[(rows["irritation_share"] > 0.001) | (rows["last_straw_share"] > 0)]
    if rows.empty or world.blame["last_straws"].sum() == 0:
        return kindly_empty(_NOBODY, theme)
    rows = rows.sort_values("last_straw_share")
    labels = rows["label"].tolist()
    traces: list[dict[str, Any]] = [
        {"type": "bar", "orientation": "h", "name": "what had built up", "y": labels,
         "x": (100 * rows["irritation_share"]).round(2).tolist(), "marker": {"color": colours.within},
         "hovertemplate": "%{x:.0f} % of irritation<extra>%{y}</extra>"},
        {"type": "bar", "orientation": "h", "name": "last straw", "y": labels,
         "x": (100 * rows["last_straw_share"]).round(2).tolist(), "marker": {"color": colours.below},
         "hovertemplate": "%{x:.0f} % of last straws<extra>%{y}</extra>"},
    ]  # fmt: skip
    last, first = rows.iloc[-1], rows.sort_values("irritation_share").iloc[-1]
    if last["label"] == first["label"]:
        finding = f"{_capital(last['label'])} both builds up most irritation and is the last straw most often"
    else:
        finding = f"{_capital(last['label'])} is the last straw most often; most had built up from {first['label']}"
    return figure(traces, finding, about, theme, 96 + 42 * len(rows), barmode="group",
                  xaxis={"title": {"text": "%"}, "rangemode": "tozero"}, yaxis={"showgrid": False})  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def where_it_came_from(found: Found, theme: Theme = "light") -> go.Figure:
    """Origins of irritation and of last straws, by touchpoint."""
    return _built_up_and_tipped(found, "touchpoint", theme, "Share of all irritation that each touchpoint caused, and "
                                "share of the departures that it tipped.")  # fmt: skip


def what_went_wrong(found: Found, theme: Theme = "light") -> go.Figure:
    """Reasons of irritation and of last straws."""
    return _built_up_and_tipped(found, "reason", theme, "Share of all irritation with each reason, and share of the "
                                "departures that it tipped.")  # fmt: skip


def strikes(found: Found, theme: Theme = "light") -> go.Figure:
    """After how many poor journeys those who left had enough."""
    world, colours = worlds(found).now, palette(theme)
    lost = world.lost
    if "poor_journeys" not in lost or lost.empty:
        return kindly_empty(_NOBODY, theme)
    counts = np.bincount(np.clip(lost["poor_journeys"].to_numpy(int), 0, 6), minlength=7)[1:]
    if counts.sum() == 0:
        return kindly_empty(_NOBODY, theme)
    names = ["1", "2", "3", "4", "5", "6 or more"]
    traces = [
        {"type": "bar", "x": names, "y": (100 * counts / counts.sum()).round(2).tolist(), "showlegend": False,
         "marker": {"color": colours.accent}, "hovertemplate": "%{y:.0f} % left after %{x}<extra></extra>"}
    ]  # fmt: skip
    within = 100 * counts[:2].sum() / counts.sum()
    finding = f"{within:.0f} % of those who left did so within two poor journeys"
    return figure(traces, finding, f"Poor journeys lived by the {len(lost):,} customers who left, all replications.",
                  theme, 240, xaxis={"title": {"text": "poor journeys until leaving"}, "type": "category"},
                  yaxis={"title": {"text": "% of those who left"}})  # fmt: skip


def promoters_and_detractors(found: Found, theme: Theme = "light") -> go.Figure:
    """Answers from 0 to 10 of those who stayed and of those who left."""
    world, colours = worlds(found).now, palette(theme)
    lost, customers = world.lost, world.customers
    if "recommendation" not in lost or lost.empty or "recommendation" not in customers:
        return kindly_empty("Nobody left, so the score with the lost is the score as measured.", theme)
    present = customers[customers["status"] == "active"]
    measured, everybody = world.estimate("nps_measured").mean, world.estimate("nps_all").mean
    traces = []
    for name, rows, colour in (("those present", present, colours.accent), ("those who left", lost, colours.below)):
        counts = np.bincount(rows["recommendation"].to_numpy(int), minlength=11)
        traces.append(
            {"type": "bar", "name": name, "x": list(range(11)), "marker": {"color": colour},
             "y": (100 * counts / max(counts.sum(), 1)).round(2).tolist(),
             "hovertemplate": "%{x}: %{y:.0f} %<extra>" + name + "</extra>"}
        )  # fmt: skip
    finding = f"NPS is {measured:+.0f} as measured, {everybody:+.0f} when the lost are asked too"
    return figure(traces, finding, "How likely to recommend, 0 to 10: 9 and 10 promote, 0 to 6 detract.", theme, 240,
                  barmode="group", xaxis={"title": {"text": "answer"}, "dtick": 1},
                  yaxis={"title": {"text": "% of answers"}})  # fmt: skip


def blame(found: Found, theme: Theme = "light") -> go.Figure:
    """Irritation by origin and reason."""
    world, colours = worlds(found).now, palette(theme)
    table = _blame_of(world)
    if table is None:
        return kindly_empty("Nothing irritated anybody, so there is nobody to blame.", theme)
    scale = [[0, colours.paper], [1, colours.below]]
    top = table.stack().idxmax()
    traces = [
        {"type": "heatmap", "z": (100 * table.to_numpy()).round(2).tolist(), "x": list(table.columns),
         "y": list(table.index), "colorscale": scale, "showscale": False, "xgap": 2, "ygap": 2,
         "texttemplate": "%{z:.0f}", "hovertemplate": "%{y}, %{x}: %{z:.1f} %<extra></extra>"}
    ]  # fmt: skip
    finding = f"The largest single source of irritation: {top[1]} at {top[0]}"
    return figure(traces, finding, "Share of all irritation, in %, by touchpoint and reason.", theme,
                  110 + 30 * len(table), yaxis={"showgrid": False, "autorange": "reversed"},
                  xaxis={"tickangle": -20})  # fmt: skip


def _blame_of(result: Result) -> Any:
    """Shares of irritation by touchpoint (rows) and reason (columns); None without any."""
    rows = result.blame
    total = float(rows["irritation"].sum()) if "irritation" in rows else 0.0
    if total <= 0:
        return None
    table = rows.pivot_table(index="origin", columns="reason", values="irritation", aggfunc="sum", fill_value=0.0)
    labels = stop_labels(result)
    return (table / total).rename(index=labels, columns=REASON_LABELS)
