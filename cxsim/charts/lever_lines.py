"""A lever against an outcome: a curve with its interval, one curve for each setting of a second lever."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from cxsim.charts.look import Palette, Theme, faded, figure, kindly_empty, mixed, palette
from cxsim.charts.study_words import (
    LUCK,
    change_with_unit,
    estimate_series,
    from_to,
    interval,
    is_clear,
    is_missing,
    lever_axis,
    lever_label,
    measure_of,
    outcome_axis,
    shown,
    told,
    with_unit,
)
from cxsim.results.measures import Estimate, Measure
from cxsim.studies.study import Study

_MOST = 0.8
"""Share of a whole change that counts as most of it."""
_SAMPLED = ("latin_hypercube", "sobol", "morris", "list", "csv")
"""Designs whose settings lie on no common lines."""


@dataclass(frozen=True)
class Curve:
    """An outcome along a lever.

    Attributes:
        name: setting of the second lever; empty without one.
        values: runs (rows: world and replication) by value of the lever (columns, in order), the rest averaged.
    """

    name: str
    values: pd.DataFrame

    def at(self, place: int) -> Estimate:
        """Mean and interval at one value."""
        return estimate_series(self.values.iloc[:, place])

    def change(self, first: int = 0, last: int = -1) -> Estimate:
        """Paired difference between two values."""
        return estimate_series(self.values.iloc[:, last] - self.values.iloc[:, first])


def can_be_lines(study: Study, x: str) -> bool:
    """Whether the design has curves along a lever."""
    return x in study.levers and study.experiment.design.kind not in _SAMPLED


def curves(study: Study, outcome: str, x: str, colour: str = "") -> list[Curve]:
    """Curves of an outcome along a lever; settings of all further levers are averaged on the same luck."""
    points = _on_lines(study, x)
    order = _order(study, x, points[x])
    runs = study.runs.merge(points[["point", x, *([colour] if colour else [])]], on="point")
    found = []
    for value in _order(study, colour, points[colour]) if colour else [None]:
        part = runs if value is None else runs[runs[colour] == value]
        table = part.pivot_table(index=LUCK, columns=x, values=outcome, aggfunc="mean", dropna=False)
        table = table.reindex(columns=order)
        found.append(Curve("" if value is None else told(study.experiment, colour, value), table))
    return [curve for curve in found if curve.values.notna().any(axis=None)]


def _on_lines(study: Study, x: str) -> pd.DataFrame:
    """Points that lie on the curves: a whole grid, or those that leave all other levers as they stand."""
    points, others = study.points, [name for name in study.levers if name != x]
    today = points[points["is_baseline"]]
    if study.experiment.design.kind == "one_at_a_time" and len(today):
        first = today.iloc[0]
        alike = [points[name].isna() if is_missing(first[name]) else points[name] == first[name] for name in others]
        return points[np.logical_and.reduce([points[x].notna(), *alike])]
    tried = points[~points["is_baseline"]]
    fits = all(is_on_grid(today.iloc[0][name], tried[name]) for name in others) if len(today) else False
    fits = fits and (not others or is_on_grid(today.iloc[0][x], tried[x]))
    return points[points[x].notna()] if fits else tried[tried[x].notna()]


def is_on_grid(value: object, tried: pd.Series[Any]) -> bool:
    """Whether a lever's present place is one of those tried."""
    return not is_missing(value) and bool((tried == value).any())


def _order(study: Study, name: str, values: pd.Series[Any]) -> list[Any]:
    found = values.drop_duplicates().tolist()
    if all(isinstance(value, (int, float)) for value in found):
        return sorted(found)
    named = [str(value) for value in study.experiment.levers[name].choices()]
    return sorted(found, key=lambda value: named.index(value) if value in named else len(named))


def along_lever(study: Study, outcome: str, x: str, colour: str = "", theme: Theme = "light") -> go.Figure:
    """An outcome along a lever, with a band for the 95 % interval.

    Args:
        study: a sweep over a grid, or of one lever at a time.
        outcome: measure.
        x: lever along the horizontal axis.
        colour: lever with a curve for each of its settings, if any.
        theme: light or dark.
    """
    measure, found = measure_of(outcome), curves(study, outcome, x, colour)
    if not found:
        return kindly_empty(f"{measure.label} has no value at any of these settings.", theme)
    colours = palette(theme)
    tints = _tints(study, colour, len(found), colours)
    traces: list[dict[str, Any]] = []
    has_worlds = bool((study.points["world"] > 0).any())
    if has_worlds and not colour:
        traces += _worlds(found[0], measure, colours)
    for curve, tint in zip(found, tints, strict=True):
        traces += _curve(curve, study, x, measure, tint)
    today = _today(study, outcome, x, colours)
    traces += today
    over = "worlds and replications" if has_worlds else "the replications"
    about = f"Line: mean over {over}; band: its 95 % interval. The title compares run by run."
    rest = [lever_label(study.experiment, name) for name in study.levers if name not in (x, colour)]
    if rest and study.experiment.design.kind != "one_at_a_time":
        about += f" Averaged over the settings of {' and '.join(rest)}."
    if has_worlds and not colour:
        about += " Thin lines: the single worlds."
    about += " Diamond: the scenario as it stands." if today else ""
    chart = figure(
        traces, _finding(study, found, measure, x, colour), about, theme, 320,
        xaxis={"title": {"text": lever_axis(study.experiment, x)}, **_ticks(found[0], study, x)},
        yaxis={"title": {"text": outcome_axis(measure)}},
    )  # fmt: skip
    if colour:
        chart.layout.legend.title = {"text": lever_axis(study.experiment, colour) + " ", "font": {"size": 12}}
    return chart


def _places(curve: Curve, study: Study, x: str) -> list[Any]:
    return [value if isinstance(value, (int, float)) else told(study.experiment, x, value) for value in curve.values]


def _ticks(curve: Curve, study: Study, x: str) -> dict[str, Any]:
    places = _places(curve, study, x)
    return {"tickvals": places} if len(places) <= 7 and isinstance(places[0], (int, float)) else {}


def _curve(curve: Curve, study: Study, x: str, measure: Measure, tint: str) -> list[dict[str, Any]]:
    places, estimates = _places(curve, study, x), [curve.at(place) for place in range(curve.values.shape[1])]
    told_x = [told(study.experiment, x, value) for value in curve.values]
    known = [(place, shown(measure, one.low), shown(measure, one.high))
             for place, one in zip(places, estimates, strict=True) if not math.isnan(one.low)]  # fmt: skip
    band = {
        "type": "scatter", "x": [row[0] for row in known] + [row[0] for row in known[::-1]], "mode": "lines",
        "y": [row[2] for row in known] + [row[1] for row in known[::-1]], "fill": "toself", "showlegend": False,
        "fillcolor": faded(tint, 0.16), "line": {"width": 0}, "hoverinfo": "skip",
    }  # fmt: skip
    line = {
        "type": "scatter", "x": places, "y": [_or_none(shown(measure, one.mean)) for one in estimates],
        "mode": "lines+markers", "name": curve.name, "showlegend": bool(curve.name), "line": {"color": tint,
        "width": 2.4}, "marker": {"size": 7, "color": tint},
        "customdata": [[told_x[i], with_unit(one.mean, measure), interval(one, measure) or "unknown"]
                       for i, one in enumerate(estimates)],
        "hovertemplate": "%{customdata[0]}: %{customdata[1]} (%{customdata[2]})<extra></extra>",
    }  # fmt: skip
    return [band, line] if known else [line]


def _worlds(curve: Curve, measure: Measure, colours: Palette) -> list[dict[str, Any]]:
    means = curve.values.groupby("world").mean()
    return [
        {"type": "scatter", "x": list(means.columns), "y": [_or_none(shown(measure, value)) for value in row],
         "mode": "lines", "line": {"width": 1, "color": faded(colours.baseline, 0.55)}, "showlegend": False,
         "hoverinfo": "skip"}
        for row in means.to_numpy()
    ]  # fmt: skip


def _today(study: Study, outcome: str, x: str, colours: Palette) -> list[dict[str, Any]]:
    """The scenario as it stands, where it has a place along the lever."""
    today = study.points[study.points["is_baseline"]]
    if today.empty or is_missing(today.iloc[0][x]):
        return []
    mean = float(study.runs[study.runs["point"].isin(today["point"])][outcome].mean())
    place, measure = today.iloc[0][x], measure_of(outcome)
    if math.isnan(mean):
        return []
    place = place if isinstance(place, (int, float)) else told(study.experiment, x, place)
    return [
        {"type": "scatter", "x": [place], "y": [shown(measure, mean)], "mode": "markers", "showlegend": False,
         "marker": {"symbol": "diamond-open", "size": 14, "color": colours.ink, "line": {"width": 2}},
         "hovertemplate": f"as it stands: {with_unit(mean, measure)}<extra></extra>"}
    ]  # fmt: skip


def _tints(study: Study, colour: str, count: int, colours: Palette) -> list[str]:
    """Colours of the curves: shades from light to strong where the second lever is a number, else the series."""
    if not colour:
        return [colours.accent]
    if all(isinstance(value, (int, float)) for value in study.points[colour].dropna()):
        pale, deep = mixed(colours.accent, colours.paper, 0.55), mixed(colours.accent, colours.ink, 0.7)
        shares = [place / max(count - 1, 1) for place in range(count)]
        return [
            mixed(pale, colours.accent, 2 * share) if share <= 0.5 else mixed(colours.accent, deep, 2 * share - 1)
            for share in shares
        ]
    return [colours.series[place % len(colours.series)] for place in range(count)]


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)


def _finding(study: Study, found: list[Curve], measure: Measure, x: str, colour: str) -> str:
    """What the curves say: how far the outcome moves from end to end, and whether the second lever matters for it."""
    if not colour or len(found) == 1:
        return one_curve(study, found[0], measure, x)
    changes = [curve.change() for curve in found]
    second, ends = lever_label(study.experiment, colour), [found[0].name, found[-1].name]
    steps = [curve.values.iloc[:, -1] - curve.values.iloc[:, 0] for curve in found]
    way = _way(study, found[0], x)
    if is_clear(estimate_series(steps[-1] - steps[0])):
        first, last = (change_with_unit(changes[place].mean, measure) for place in (0, -1))
        return f"{measure.label}: {first} {way} if {second} is {ends[0]}, but {last} if it is {ends[1]}"
    overall = estimate_series(sum(steps[1:], steps[0]) / len(steps))
    if is_clear(overall):
        told_change = change_with_unit(overall.mean, measure)
        return f"{measure.label}: {told_change} {way}, not clearly different for another {second}"
    sides = estimate_series(found[-1].values.mean(axis=1) - found[0].values.mean(axis=1))
    if is_clear(sides):
        gap = change_with_unit(sides.mean, measure)
        return f"{measure.label}: no clear change {way}; but {gap} with {second} from {ends[0]} to {ends[1]}"
    return f"{measure.label}: no clear change {way}, nor with {second}"


def _way(study: Study, curve: Curve, x: str) -> str:
    """The whole way of a lever in words."""
    first, last = (told(study.experiment, x, curve.values.columns[place]) for place in (0, -1))
    return f"with {lever_label(study.experiment, x)} from {first} to {last}"


def one_curve(study: Study, curve: Curve, measure: Measure, x: str) -> str:
    """What a single curve says: its change, its best place if that lies inside, and where most is reached."""
    label, last = lever_label(study.experiment, x), curve.values.shape[1] - 1
    ends = [told(study.experiment, x, value) for value in curve.values.columns]
    if last == 0:
        return f"{measure.label} is {with_unit(curve.at(0).mean, measure)} at {label} {ends[0]}"
    means = curve.values.mean().to_numpy()
    whole, way = curve.change(), _way(study, curve, x)
    if measure.better != "neither" and not np.isnan(means).any():
        best = int(means.argmax() if measure.better == "higher" else means.argmin())
        if 0 < best < last and all(is_clear(curve.change(end, best)) for end in (0, last)):
            sides = [change_with_unit(curve.change(end, best).mean, measure) for end in (0, last)]
            return (f"{measure.label}: best at {label} {ends[best]}, {with_unit(means[best], measure)}; {sides[0]} "
                    f"against {ends[0]}, {sides[1]} against {ends[-1]}")  # fmt: skip
    if not is_clear(whole):
        room = interval(whole, measure, is_change=True)
        known = f" ({change_with_unit(whole.mean, measure)}; {room})" if room else ""
        return f"{measure.label}: no clear change {way}{known}"
    verb = "up" if whole.mean > 0 else "down"
    sentence = f"{measure.label}: {verb} {from_to(means[0], means[-1], measure)} {way}"
    shares = (means - means[0]) / whole.mean
    reached = [place for place in range(1, last) if shares[place] >= _MOST]
    if reached and shares[reached[0]] <= 1.0:
        sentence += f"; {100 * shares[reached[0]]:.0f} % of it is reached at {ends[reached[0]]}"
    return sentence
