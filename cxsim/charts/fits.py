"""A company's data beside the scenario fitted to it: dots with intervals for the data, a line for the simulation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from cxsim.charts.look import Theme, faded, figure, kindly_empty, palette
from cxsim.data.lines import CONFIDENCE_FACTOR, Compared


@dataclass(frozen=True)
class FitChart:
    """A chart of a fit: the group of lines drawn, what it shows, and its axes."""

    name: str
    group: str
    shows: str
    across: str
    up: str
    in_percent: bool = False


FIT_CHARTS = {
    "orders": (
        FitChart("promised-days", "promised days", "days promised", "% of orders promised within", "days"),
        FitChart("actual-days", "actual days", "days until arrival", "% of orders there within", "days"),
        FitChart("score-by-lateness", "score", "mean score by days early and late", "days after the promised day",
                 "stars"),
        FitChart("score-by-day-late", "score by day", "mean score by day late", "days late", "stars"),
        FitChart("score-waiting", "score waiting", "mean score given while still waiting", "days late", "stars"),
        FitChart("score-after", "score after", "mean score of late orders, given after arrival", "days late", "stars"),
        FitChart("stars-on-time", "stars on time", "stars of orders on time or early", "stars", "% of scores", True),
        FitChart("answered-while-waiting", "answered while waiting", "share answered while still waiting", "days late",
                 "% of answers", True),
    ),
    "calls": (
        FitChart("given-up-by-load", "given up by load", "share who gave up by how loaded the hour was",
                 "mean wait in the hour, seconds", "% of contacts", True),
        FitChart("patience", "patience", "patience (Kaplan-Meier)", "seconds waited", "% who would still wait", True),
        FitChart("given-up-by-hour", "given up by hour", "share who gave up by hour", "hour of the day",
                 "% of contacts", True),
        FitChart("wait-by-hour", "wait by hour", "mean wait by hour", "hour of the day", "seconds"),
    ),
}  # fmt: skip
"""Charts of each kind of fit, in order."""


def data_and_simulation(compared: Sequence[Compared], told: FitChart, theme: Theme = "light") -> go.Figure:
    """Lines of a group along their places: data with 99 % intervals, simulation, and the band within which it holds."""
    lines = [entry for entry in compared if entry.observed.group == told.group and math.isfinite(entry.observed.place)]
    lines.sort(key=lambda entry: entry.observed.place)
    if not lines:
        return kindly_empty(f"Too little data for the {told.shows}.", theme)
    colours, factor = palette(theme), 100.0 if told.in_percent else 1.0
    x = [entry.observed.place for entry in lines]
    half = [factor * CONFIDENCE_FACTOR * _known(entry.observed.error) for entry in lines]
    band_x = [*x, *x[::-1]]
    band_y = [factor * entry.high for entry in lines] + [factor * entry.low for entry in reversed(lines)]
    labels = [entry.observed.label for entry in lines]
    traces: list[dict[str, Any]] = [
        {"type": "scatter", "x": band_x, "y": band_y, "fill": "toself", "mode": "lines", "line": {"width": 0},
         "fillcolor": faded(colours.within, 0.3), "name": "holds within", "hoverinfo": "skip"},
        {"type": "scatter", "mode": "lines+markers", "x": x, "y": [factor * entry.simulated.value for entry in lines],
         "name": "simulated", "line": {"color": colours.accent, "width": 2}, "marker": {"size": 5}, "text": labels,
         "hovertemplate": "%{text}: %{y:.3~g} simulated<extra></extra>"},
        {"type": "scatter", "mode": "markers", "x": x, "y": [factor * entry.observed.value for entry in lines],
         "name": "data", "marker": {"color": colours.ink, "size": 8}, "text": labels,
         "error_y": {"type": "data", "array": half, "color": colours.baseline, "thickness": 1.5, "width": 0},
         "hovertemplate": "%{text}: %{y:.3~g} in the data<extra></extra>"},
    ]  # fmt: skip
    held = sum(entry.holds for entry in lines)
    counted = f"all {len(lines)}" if held == len(lines) else f"{held} of {len(lines)}"
    finding = f"{told.shows[0].upper()}{told.shows[1:]}: {counted} figures simulated as in the data"
    about = "Dots: data with 99 % intervals; line: simulated; band: sampling errors of both plus the stated tolerance."
    return figure(traces, finding, about, theme, 280, xaxis={"title": {"text": told.across}},
                  yaxis={"title": {"text": told.up}})  # fmt: skip


def _known(error: float) -> float:
    return error if math.isfinite(error) else 0.0
