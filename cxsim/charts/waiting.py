"""Waiting: moods in the queue, who gives up, and when."""

from __future__ import annotations

from math import gamma
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from cxsim.charts.look import MOODS, Theme, figure, kindly_empty, palette
from cxsim.charts.over_time import Days, ratio, weekly_chart, weekly_lines
from cxsim.charts.worlds import Found, desk_labels, summed, worlds
from cxsim.rules.waiting import perceived_wait_multiplier

_NO_DESK = "This world has no desk, so nobody waits in a queue."
_NO_WAIT = "Nobody came to a desk, so nobody waited."


def moods_in_the_queue(found: Found, theme: Theme = "light") -> go.Figure:
    """Share of queue time spent calm, edgy, agitated and angry, per desk."""
    shown = worlds(found)
    labels = desk_labels(shown.now)
    if not labels:
        return kindly_empty(_NO_DESK, theme)
    rows: list[tuple[str, dict[str, float]]] = []
    for name, result, _ in shown.each()[::-1]:
        sums = summed(result, "desks", "desk")
        for desk, label in labels.items():
            minutes = {mood: sums.get(desk, {}).get(f"{mood}_minutes", 0.0) for mood in MOODS}
            if sum(minutes.values()) > 0:
                rows.append((label if shown.before is None else f"{label}, {name}", minutes))
    if not rows:
        return kindly_empty("Nobody had to wait: there is no queue time.", theme)
    traces = [
        {"type": "bar", "orientation": "h", "name": mood, "y": [label for label, _ in rows][::-1],
         "x": [round(100 * minutes[mood] / sum(minutes.values()), 2) for _, minutes in rows][::-1],
         "marker": {"color": colour}, "hovertemplate": f"{mood}: %{{x:.1f}} % of queue time<extra>%{{y}}</extra>"}
        for mood, colour in MOODS.items()
    ]  # fmt: skip
    totals = {mood: sum(minutes[mood] for label, minutes in rows[: len(labels)]) for mood in MOODS}
    upset = (totals["agitated"] + totals["angry"]) / max(sum(totals.values()), 1e-12)
    finding = f"{100 * upset:.0f} % of queue time is spent agitated or angry"
    return figure(traces, finding, "Minutes in the queue by mood; moods are shares of the personal patience used up.",
                  theme, 124 + 44 * len(rows), barmode="stack", xaxis={"title": {"text": "% of queue time"},
                  "range": [0, 100]}, yaxis={"showgrid": False}, legend={"traceorder": "normal"})  # fmt: skip


def what_became_of_callers(found: Found, theme: Theme = "light") -> go.Figure:
    """Of those who came to a desk: served at once, served after waiting, gave up, turned away."""
    shown, colours = worlds(found), palette(theme)
    labels = desk_labels(shown.now)
    if not labels:
        return kindly_empty(_NO_DESK, theme)
    kinds = (("answered_in_time", "served in time", colours.above), ("later", "served later", colours.within),
             ("gave_up", "gave up", MOODS["angry"]), ("turned_away", "turned away", colours.series[4]))  # fmt: skip
    rows = []
    for name, result, looked_at in shown.each()[::-1]:
        for desk, counts in summed(result, "desks", "desk").items():
            if counts["arrivals"] > 0:
                told = counts | {"later": max(counts["served"] - counts["answered_in_time"], 0.0)}
                rows.append((labels[desk] if shown.before is None else f"{labels[desk]}, {name}", told, looked_at))
    if not rows:
        return kindly_empty(_NO_WAIT, theme)
    traces = [
        {"type": "bar", "orientation": "h", "name": label, "y": [row[0] for row in rows][::-1],
         "x": [round(100 * row[1][kind] / row[1]["arrivals"], 2) for row in rows][::-1], "marker": {"color": colour},
         "hovertemplate": f"{label}: %{{x:.1f}} %<extra>%{{y}}</extra>"}
        for kind, label, colour in kinds
    ]  # fmt: skip
    arrivals = sum(row[1]["arrivals"] for row in rows if row[2])
    gone = sum(row[1]["gave_up"] + row[1]["turned_away"] for row in rows if row[2])
    finding = f"{100 * gone / max(arrivals, 1):.1f} of 100 who come to a desk leave it unserved"
    return figure(traces, finding, "What became of everybody who came to a desk.", theme, 124 + 44 * len(rows),
                  barmode="stack", xaxis={"title": {"text": "% of arrivals"}, "range": [0, 100]},
                  yaxis={"showgrid": False}, legend={"traceorder": "normal"})  # fmt: skip


def patience(found: Found, theme: Theme = "light") -> go.Figure:
    """Share of callers whose patience lasts so long, per desk, with the mean wait."""
    shown, colours = worlds(found), palette(theme)
    scenario = shown.now.scenario
    if not scenario.desks:
        return kindly_empty(_NO_DESK, theme)
    labels, sums = desk_labels(shown.now), summed(shown.now, "desks", "desk")
    rules = scenario.parameters()
    traces: list[dict[str, Any]] = []
    longest = max(desk.patience for desk in scenario.desks.values()) * 1.6
    minutes = np.linspace(0, longest, 80)
    finding = ""
    for place, (name, desk) in enumerate(scenario.desks.items()):
        stretch = perceived_wait_multiplier(
            rules["wait_multiplier"], desk.occupied, desk.tells_wait, desk.explains_wait, rules["wait_occupied"],
            rules["wait_told"], rules["wait_explained"],
        )  # fmt: skip
        scale = desk.patience / gamma(1 + 1 / desk.patience_shape)
        lasting = 100 * np.exp(-((minutes * stretch / scale) ** desk.patience_shape))
        colour = colours.series[place % len(colours.series)]
        counts = sums.get(name, {})
        arrivals = counts.get("arrivals", 0.0)
        mean = counts.get("wait_minutes", 0.0) / arrivals if arrivals else float("nan")
        traces.append(
            {"type": "scatter", "x": minutes.round(2).tolist(), "y": lasting.round(2).tolist(), "mode": "lines",
             "name": labels[name], "line": {"color": colour, "width": 2.2}, "showlegend": len(scenario.desks) > 1,
             "hovertemplate": "%{y:.0f} % would still wait after %{x:.1f} min"}
        )  # fmt: skip
        if np.isfinite(mean):
            still = 100 * float(np.exp(-((mean * stretch / scale) ** desk.patience_shape)))
            traces.append(
                {"type": "scatter", "x": [round(mean, 2)], "y": [round(still, 2)], "mode": "markers+text",
                 "text": [f" mean wait {mean:.1f} min"], "textposition": "middle right", "showlegend": False,
                 "marker": {"size": 11, "color": colour}, "hoverinfo": "skip"}
            )  # fmt: skip
            finding = finding or f"At the mean wait of {mean:.1f} minutes, {still:.0f} % would still be waiting"
    return figure(traces, finding or _NO_WAIT, "Curve: share of average customers whose patience outlasts a real wait "
                  "of so many minutes. Dot: the mean wait of all who came.", theme, 280,
                  xaxis={"title": {"text": "minutes waited"}, "range": [0, round(longest, 1)]},
                  yaxis={"title": {"text": "% still waiting"}, "range": [0, 104]})  # fmt: skip


def waits_over_time(found: Found, theme: Theme = "light") -> go.Figure:
    """Mean wait and share who gave up, by week."""
    if not worlds(found).now.scenario.desks:
        return kindly_empty(_NO_DESK, theme)

    def wait(days: Days) -> NDArray[np.float64]:
        return ratio(days("desk_wait_minutes"), days("desk_arrivals"))

    traces, means = weekly_lines(found, wait, theme, "min", 3)
    if not means.size:
        return kindly_empty(_NO_WAIT, theme)
    finding = f"The mean wait is {means.mean():.1f} minutes; in the worst week {means.max():.1f}"
    return weekly_chart(traces, finding, "Mean wait of all who came to a desk in the week.", theme, "minutes",
                  rangemode="tozero")  # fmt: skip
