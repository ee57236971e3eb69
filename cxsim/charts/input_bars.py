"""Which input matters most: bars with intervals from Morris screening, dots from Sobol indices."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from cxsim.charts.look import Palette, Theme, figure, kindly_empty, palette
from cxsim.charts.study_words import change_axis, change_with_unit, lever_label, measure_of, records, shown
from cxsim.results.measures import Measure
from cxsim.results.wording import number
from cxsim.studies.sensitivity import Sensitivity

_MIXED = 0.5
"""Below this share of its size, an effect's mean direction says that it goes both ways."""


def input_label(found: Sensitivity, name: str) -> str:
    """Plain name of an input."""
    return lever_label(found.study.experiment, name)


def direction(row: dict[str, Any]) -> str:
    """Which way more of an input moves the outcome (Morris)."""
    if row["effect"] <= 0 or math.isnan(row["effect"]):
        return "no effect"
    if abs(row["mean_effect"]) < _MIXED * row["effect"]:
        return "both ways"
    return "raises" if row["mean_effect"] > 0 else "lowers"


def matters_most(found: Sensitivity, outcome: str) -> str:
    """Which input matters most for an outcome, and whether that is clear."""
    measure, ranking = measure_of(outcome), found.ranking(outcome)
    known = records(ranking[ranking["effect"].notna() & (ranking["effect"] > 0)])
    if not known:
        unknown = ranking["effect"].isna().all()
        return f"{measure.label}: " + ("cannot be told here" if unknown else "nothing tried here moves it")
    first = known[0]
    size = (
        f"{change_with_unit(first['effect'], measure).lstrip('+')} over its range"
        if found.method == "morris"
        else f"{100 * first['effect']:.0f} % of the variance"
        if first["effect"] < 1.0
        else "nearly all of the variance"
    )
    sentence = f"{measure.label}: most depends on {input_label(found, first['input'])} ({size})"
    if len(known) == 1:
        return sentence
    is_ahead = first["effect_low"] > known[1]["effect_high"]
    return f"{sentence}, {'' if is_ahead else 'not '}clearly more than on {input_label(found, known[1]['input'])}"


def input_bars(found: Sensitivity, outcome: str, theme: Theme = "light") -> go.Figure:
    """Every input's effect on an outcome with its 95 % interval, the largest on top."""
    measure, colours = measure_of(outcome), palette(theme)
    ranking = found.ranking(outcome)
    known = ranking[ranking["effect"].notna()]
    if known.empty:
        return kindly_empty(matters_most(found, outcome) + ": it has no value at some of the points.", theme)
    rows = records(known)
    draw = _morris if found.method == "morris" else _sobol
    traces, about, axis = draw(found, rows, measure, colours)
    return figure(
        traces, matters_most(found, outcome), about, theme, 120 + 30 * len(rows), barmode="overlay",
        xaxis={"title": {"text": axis}, "showgrid": True, "rangemode": "tozero"},
        yaxis={"ticksuffix": "  ", "autorange": "reversed", "showgrid": False, "type": "category"},
    )  # fmt: skip


def _morris(
    found: Sensitivity, rows: list[dict[str, Any]], measure: Measure, colours: Palette
) -> tuple[list[dict[str, Any]], str, str]:
    good = {"higher": "raises", "lower": "lowers"}.get(measure.better, "")
    bad = {"higher": "lowers", "lower": "raises"}.get(measure.better, "")
    groups = {
        good or "raises": (colours.above, f"more of it {good or 'raises'} the outcome" + (" (better)" if good else "")),
        bad or "lowers": (colours.below, f"more of it {bad or 'lowers'} the outcome" + (" (worse)" if bad else "")),
        "both ways": (colours.baseline, "both ways, as the others stand"),
        "no effect": (colours.baseline, "no effect"),
    }
    traces: list[dict[str, Any]] = []
    for way, (tint, told) in groups.items():
        part = [row for row in rows if direction(row) == way]
        if part:
            traces.append({
                "type": "bar", "orientation": "h", "name": told, "marker": {"color": tint},
                "y": [input_label(found, row["input"]) for row in part],
                "x": [shown(measure, row["effect"]) for row in part],
                "error_x": _asymmetric(part, "effect", measure, colours),
                "customdata": [[number(row["effect"], measure), way] for row in part],
                "hovertemplate": "%{y}: %{customdata[0]}, %{customdata[1]}<extra></extra>",
            })  # fmt: skip
    order = [input_label(found, row["input"]) for row in rows]
    traces.insert(0, {"type": "bar", "orientation": "h", "y": order, "x": [0] * len(order), "showlegend": False,
                      "hoverinfo": "skip"})  # fmt: skip
    about = "Bar: mean size of the change from one end of the input's range to the other (mu*); line: 95 % interval."
    return traces, about, change_axis(measure)


def _sobol(
    found: Sensitivity, rows: list[dict[str, Any]], measure: Measure, colours: Palette
) -> tuple[list[dict[str, Any]], str, str]:
    labels, percent = [input_label(found, row["input"]) for row in rows], measure_of("poor_journey_rate")
    traces = [
        {"type": "bar", "orientation": "h", "name": "with all that involves it", "marker": {"color": colours.within},
         "y": labels, "x": [100 * max(row["effect"], 0.0) for row in rows], "width": 0.62,
         "hovertemplate": "%{y}: %{x:.0f} % in all<extra></extra>"},
        {"type": "bar", "orientation": "h", "name": "alone", "marker": {"color": colours.accent}, "width": 0.3,
         "y": labels, "x": [100 * max(row["first"], 0.0) for row in rows],
         "hovertemplate": "%{y}: %{x:.0f} % alone<extra></extra>"},
        {"type": "scatter", "mode": "markers", "marker": {"size": 6, "color": colours.ink}, "showlegend": False,
         "y": labels, "x": [100 * max(row["effect"], 0.0) for row in rows], "hoverinfo": "skip",
         "error_x": _asymmetric(rows, "effect", percent, colours)},
    ]  # fmt: skip
    about = "Wide bar: total Sobol index with its 95 % interval; narrow bar: what the input brings alone."
    return traces, about, f"share of the variance of {measure.label.lower()}, %"


def _asymmetric(rows: list[dict[str, Any]], name: str, measure: Measure, colours: Palette) -> dict[str, Any]:
    table = pd.DataFrame(rows)
    up, down = table[f"{name}_high"] - table[name], table[name] - table[f"{name}_low"]
    return {"type": "data", "symmetric": False, "array": [shown(measure, value) for value in up.fillna(0.0)],
            "arrayminus": [shown(measure, value) for value in down.fillna(0.0)], "color": colours.ink, "thickness": 1.4,
            "width": 4}  # fmt: skip
