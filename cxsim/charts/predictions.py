"""A room's predictions against what came out, and the worlds of a workshop's chapter side by side."""

from __future__ import annotations

import math
import statistics
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from cxsim.charts.look import Theme, faded, figure, kindly_empty, palette
from cxsim.results.measures import Estimate

_BINS = 20


def binned(numbers: Sequence[float], low: float, high: float, bins: int = _BINS) -> tuple[list[float], list[int]]:
    """Middles of equal bins from low to high, and how many numbers lie in each."""
    width = (high - low) / bins
    counts = [0] * bins
    for value in numbers:
        counts[min(max(int((value - low) / width), 0), bins - 1)] += 1
    return [low + (place + 0.5) * width for place in range(bins)], counts


def numbers_against(
    numbers: Sequence[float], found: Estimate, low: float, high: float, unit: str, digits: int = 1,
    moved: Estimate | None = None, theme: Theme = "light", size: float = 1.0,
) -> go.Figure:  # fmt: skip
    """Predicted numbers as bars, and what came out as a line with its interval.

    Args:
        numbers: the predictions.
        found: what came out, in the same unit.
        low: lowest prediction that could be made.
        high: highest.
        unit: unit of all of them.
        digits: decimals worth showing.
        moved: what came out with the levers elsewhere.
        theme: light or dark.
        size: how much larger than usual letters are.
    """
    colours, told = palette(theme), f"{found.mean:,.{digits}f} {unit}"
    room = f"{found.low:,.{digits}f} to {found.high:,.{digits}f}"
    middles, counts = binned(numbers, low, high)
    most = max([*counts, 1])
    traces: list[dict[str, Any]] = [
        {"type": "bar", "x": middles, "y": counts, "width": (high - low) / _BINS * 0.92, "showlegend": False,
         "marker": {"color": colours.baseline}, "hovertemplate": "%{y} predicted about %{x:,.4~g}<extra></extra>"},
    ]  # fmt: skip
    shapes, notes = [], []
    for one, tint, text in ((moved, colours.within, "levers moved"), (found, colours.accent, "the model")):
        if one is None or not math.isfinite(one.mean):
            continue
        if math.isfinite(one.low):
            shapes.append({"type": "rect", "x0": one.low, "x1": one.high, "y0": 0, "y1": 1, "yref": "paper",
                           "fillcolor": faded(tint, 0.25), "line": {"width": 0}})  # fmt: skip
        shapes.append({"type": "line", "x0": one.mean, "x1": one.mean, "y0": 0, "y1": 1, "yref": "paper",
                       "line": {"color": tint, "width": 3 * size}})  # fmt: skip
        letters = {"size": 13 * size, "color": colours.ink}
        notes.append({"x": one.mean, "y": 1, "yref": "paper", "yanchor": "bottom", "showarrow": False,
                      "text": f"{text}: {one.mean:,.{digits}f}", "font": letters})  # fmt: skip
    if moved is not None and len(notes) == 2 and abs(moved.mean - found.mean) < (high - low) / 4:
        notes[0]["yshift"] = 20 * size  # one above the other, where they would cover each other
    ends = [low, high, found.mean, *([moved.mean] if moved is not None else [])]
    margin = (max(ends) - min(ends)) * 0.02
    if numbers:
        middle = statistics.median(numbers)
        finding = f"The room said {middle:,.{digits}f} in the middle; the model says {told}"
    else:
        finding = f"The model says {told}"
    about = f"Bars: predictions, {len(numbers)} of them. Line: the model's mean; band: its 95 % interval, {room}."
    shown = figure(
        traces, finding, about, theme, 300, shapes=shapes, annotations=notes,
        xaxis={"title": {"text": unit}, "range": [min(ends) - margin, max(ends) + margin], "showgrid": True},
        yaxis={"title": {"text": "predictions"}, "range": [0, most * 1.05], "dtick": max(math.ceil(most / 5), 1),
               "visible": bool(numbers)},
    )  # fmt: skip
    return enlarged(shown, size, room_above=26 * size * len(notes))


def choices_against(
    counts: Mapping[str, int], right: str, theme: Theme = "light", size: float = 1.0
) -> go.Figure:  # fmt: skip
    """How many chose each answer; the one that came out stands out.

    Args:
        counts: predictions by answer.
        right: the answer that came out.
        theme: light or dark.
        size: how much larger than usual letters are.
    """
    colours, total = palette(theme), sum(counts.values())
    names = ["<br>".join(textwrap.wrap(text, 30)) for text in counts]
    tints = [colours.accent if text == right else colours.baseline for text in counts]
    texts = [f"{'✓ ' if text == right else ''}{count}" for text, count in counts.items()]
    traces: list[dict[str, Any]] = [
        {"type": "bar", "orientation": "h", "x": list(counts.values()), "y": names, "marker": {"color": tints},
         "text": texts, "textposition": "outside", "cliponaxis": False, "showlegend": False,
         "textfont": {"size": 15 * size, "color": colours.ink}, "hovertemplate": "%{y}: %{x}<extra></extra>"}
    ]  # fmt: skip
    got = counts.get(right, 0)
    finding = f"{got} of {total} said what the model says: {right}" if total else f"The model says: {right}"
    about = "Bars: how many chose each answer. Coloured and ticked: what came out of the model."
    most = max([*counts.values(), 1])
    shown = figure(
        traces, finding, about, theme, 70 + 62 * len(counts),
        xaxis={"visible": False, "range": [0, most * 1.15]},
        yaxis={"autorange": "reversed", "showgrid": False, "type": "category", "ticksuffix": "  ",
               "tickfont": {"color": colours.ink}},
    )  # fmt: skip
    return enlarged(shown, size)


def worlds_apart(
    values: Mapping[str, Estimate], label: str, unit: str, digits: int = 1, theme: Theme = "light", size: float = 1.0,
) -> go.Figure:  # fmt: skip
    """A measure in every world of a chapter: dot and 95 % interval.

    Args:
        values: by name of the world, in the unit.
        label: name of the measure.
        unit: its unit.
        digits: decimals worth showing.
        theme: light or dark.
        size: how much larger than usual letters are.
    """
    known = {name: one for name, one in values.items() if math.isfinite(one.mean)}
    if not known:
        return kindly_empty(f"{label} has no value in these worlds.", theme)
    colours = palette(theme)
    names = {name: "<br>".join(textwrap.wrap(name, 30)) for name in known}
    tints = dict(zip(known, (colours.baseline, *colours.series), strict=False))
    traces: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines", "x": [one.low, one.high], "y": [names[name]] * 2, "hoverinfo": "skip",
         "showlegend": False, "line": {"width": 4 * size, "color": tints[name]}}
        for name, one in known.items() if math.isfinite(one.low)
    ]  # fmt: skip
    traces.append(
        {"type": "scatter", "mode": "markers", "x": [one.mean for one in known.values()], "y": list(names.values()),
         "marker": {"size": 13 * size, "color": list(tints.values())}, "showlegend": False,
         "hovertemplate": "%{y}: %{x:,.4~g}<extra></extra>"}
    )  # fmt: skip
    notes = [
        {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 8, "y": names[name], "showarrow": False,
         "text": f"{one.mean:,.{digits}f}", "font": {"size": 14 * size, "color": colours.ink}}
        for name, one in known.items()
    ]  # fmt: skip
    told = ", ".join(f"{one.mean:,.{digits}f} ({name})" for name, one in known.items())
    about = f"{label}, {unit}. Dot: mean over the replications; line: 95 % interval of that mean."
    shown = figure(
        traces, f"{label}: {told}", about, theme, 70 + 46 * len(known), annotations=notes,
        xaxis={"showgrid": True},
        yaxis={"autorange": "reversed", "showgrid": False, "type": "category", "ticksuffix": "  ",
               "tickfont": {"color": colours.ink}},
        margin={"l": 8, "r": 24 + 9 * size * (digits + 4), "t": 70, "b": 8},
    )  # fmt: skip
    return enlarged(shown, size)


def enlarged(chart: go.Figure, size: float, room_above: float = 0.0) -> go.Figure:
    """A chart with larger letters, for the back row."""
    layout = chart.layout
    layout.height = layout.height * (1 + 0.35 * (size - 1)) + room_above
    layout.margin.t = layout.margin.t + room_above
    layout.font.size = 13 * size
    for axis in (layout.xaxis, layout.yaxis):
        axis.tickfont.size = 12 * size
        axis.title.font.size = 12 * size
    return chart
