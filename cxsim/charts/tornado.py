"""What each lever does alone: bars from where the scenario stands to what either end of the lever brings."""

from __future__ import annotations

import math
import textwrap
from typing import Any

import plotly.graph_objects as go

from cxsim.charts.look import Theme, figure, kindly_empty, palette
from cxsim.charts.study_words import (
    change_axis,
    change_with_unit,
    estimate_of,
    is_clear,
    lever_label,
    measure_of,
    records,
    shown,
)
from cxsim.results.measures import Measure
from cxsim.studies.tornado import Tornado

MOST_LEVERS = 20
"""Levers drawn; the table has all."""


def tornado_bars(found: Tornado, outcome: str, theme: Theme = "light") -> go.Figure:
    """Bars of every lever's two ends for an outcome, the lever that moves it most on top."""
    measure, colours, experiment = measure_of(outcome), palette(theme), found.study.experiment
    rows = records(found.ranking(outcome).dropna(subset=["difference"]))
    if not rows:
        return kindly_empty(f"{measure.label} has no value here.", theme)
    order = list(dict.fromkeys(row["input"] for row in rows))
    drawn = order[:MOST_LEVERS]
    label = {name: "<br>".join(textwrap.wrap(lever_label(experiment, name), 44)) for name in drawn}
    traces: list[dict[str, Any]] = []
    for end, tint, told in (("low", colours.within, "less of it"), ("high", colours.accent, "more of it")):
        part = [row for row in rows if row["end"] == end and row["input"] in label]
        traces.append({
            "type": "bar", "orientation": "h", "name": told, "marker": {"color": tint},
            "y": [label[row["input"]] for row in part], "x": [shown(measure, row["difference"]) for row in part],
            "error_x": {"type": "data", "thickness": 1.3, "width": 3, "color": colours.ink,
                        "array": [_half(row, measure) for row in part]},
            "customdata": [[f"{row['value']:.4g}", change_with_unit(row["difference"], measure)] for row in part],
            "hovertemplate": "%{y} at %{customdata[0]}: %{customdata[1]}<extra></extra>",
        })  # fmt: skip
    more = f" The first {MOST_LEVERS} of {len(order)} levers." if len(order) > MOST_LEVERS else ""
    about = f"Mean paired difference to the world as it stands, at either end of each lever; line: 95 % interval.{more}"
    return figure(
        traces, _finding(found, rows, measure), about, theme, 120 + 34 * len(drawn), barmode="group", bargap=0.3,
        xaxis={"title": {"text": change_axis(measure)}, "showgrid": True, "zeroline": True, "zerolinewidth": 2},
        yaxis={"categoryorder": "array", "categoryarray": [label[name] for name in reversed(drawn)],
               "showgrid": False, "ticksuffix": "  "},
    )  # fmt: skip


def _finding(found: Tornado, rows: list[dict[str, Any]], measure: Measure) -> str:
    """Which lever moves the outcome most, and by how much; or that none clearly does."""
    first = rows[0]["input"]
    ends = [row for row in rows if row["input"] == first]
    largest = max(ends, key=lambda row: abs(row["difference"]))
    clear = len({row["input"] for row in rows if is_clear(estimate_of(row, "difference"))})
    total = len({row["input"] for row in rows})
    if not clear:
        return f"{measure.label}: none of {total} levers alone clearly moves it"
    name = lever_label(found.study.experiment, first)
    way = "more" if largest["end"] == "high" else "less"
    return (
        f"{measure.label}: {name} moves it most ({change_with_unit(largest['difference'], measure)} with {way} of it); "
        f"{clear} of {total} levers clearly move it"
    )


def _half(row: dict[str, Any], measure: Measure) -> float:
    half = row["difference_high"] - row["difference"]
    return 0.0 if math.isnan(half) else shown(measure, half)
