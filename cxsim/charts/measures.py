"""Measures as charts: paired differences to the baseline, each on its own scale; and intervals of a single world."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from cxsim.charts.look import Theme, figure, kindly_empty, palette
from cxsim.charts.worlds import Found, worlds
from cxsim.results.measures import HEADLINES, MEASURE, Estimate, Measure
from cxsim.results.wording import change, number
from cxsim.studies.compare import verdict


def unit_of_change(measure: Measure) -> str:
    """Unit of a difference."""
    return "points" if measure.unit == "share" else measure.unit


def paired_differences(found: Found, theme: Theme = "light") -> go.Figure:
    """Paired difference of every headline measure with its interval."""
    shown, colours = worlds(found), palette(theme)
    if shown.comparison is None:
        return kindly_empty("One world alone has nothing to be compared with.", theme)
    rows: list[tuple[Measure, Estimate, str]] = []
    for name in HEADLINES:
        difference = shown.comparison.difference(shown.name, name)
        if not math.isnan(difference.mean):
            rows.append((MEASURE[name], difference, verdict(difference, MEASURE[name].better)))
    if not rows:
        return kindly_empty("No measure can be compared between these worlds.", theme)
    shades = {"better": colours.above, "worse": colours.below}
    rows.reverse()
    scale = [_largest(difference) for _, difference, _ in rows]
    names = [measure.label for measure, _, _ in rows]
    places = [difference.mean / size for (_, difference, _), size in zip(rows, scale, strict=True)]
    halves = [0.0 if math.isnan(difference.high) else (difference.high - difference.mean) / size
              for (_, difference, _), size in zip(rows, scale, strict=True)]  # fmt: skip
    tints = [shades.get(told, colours.baseline) for _, _, told in rows]
    traces = [
        {"type": "scatter", "mode": "lines", "x": [place - half, place + half], "y": [name, name], "hoverinfo": "skip",
         "line": {"width": 3, "color": tint}, "showlegend": False}
        for name, place, half, tint in zip(names, places, halves, tints, strict=True)
    ]  # fmt: skip
    traces.append(
        {"type": "scatter", "mode": "markers", "x": places, "y": names, "showlegend": False,
         "marker": {"size": 10, "color": tints, "symbol": ["circle" if told in ("better", "worse", "changed") else
                    "circle-open" for _, _, told in rows], "line": {"width": 2, "color": tints}},
         "customdata": [[change(difference.mean, measure), unit_of_change(measure), told]
                        for measure, difference, told in rows],
         "hovertemplate": "%{y}: %{customdata[0]} %{customdata[1]}, %{customdata[2]}<extra></extra>"}
    )  # fmt: skip
    notes = [
        {"xref": "paper", "x": 1, "xanchor": "left", "y": name, "showarrow": False, "font": {"size": 12},
         "text": f"{change(difference.mean, measure)} {unit_of_change(measure)}", "xshift": 8}
        for name, (measure, difference, _) in zip(names, rows, strict=True)
    ]  # fmt: skip
    better, worse = (sum(told == kind for _, _, told in rows) for kind in ("better", "worse"))
    unclear = len(rows) - better - worse
    finding = f"{better} measures are better, {worse} worse, {unclear} not clearly different"
    return figure(
        traces,
        finding,
        "Each row on its own scale: dot, paired mean difference; line, 95 % interval; filled where the "
        "interval leaves out zero. Blue better, orange worse.",
        theme,
        90 + 26 * len(rows),
        annotations=notes,
        xaxis={"zeroline": True, "zerolinewidth": 2, "showticklabels": False, "range": [-1.6, 1.6]},
        yaxis={"showgrid": True},
        margin={"l": 8, "r": 236, "t": 56, "b": 8},
    )


def _largest(difference: Estimate) -> float:
    sizes = [abs(value) for value in (difference.low, difference.high, difference.mean) if not math.isnan(value)]
    return max(sizes) or 1.0


def value_and_interval(estimate: Estimate, measure: Measure) -> tuple[str, str]:
    """A mean and its interval as people read them."""
    interval = (
        "" if math.isnan(estimate.low) else f"{number(estimate.low, measure)} to {number(estimate.high, measure)}"
    )
    return number(estimate.mean, measure), interval
