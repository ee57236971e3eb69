"""The picture of a claim: the worlds side by side, and the effect with its interval against what the claim asks for."""

from __future__ import annotations

import math
import textwrap
from typing import Any

import numpy as np
import plotly.graph_objects as go

from cxsim.charts.look import Palette, Theme, faded, figure, kindly_empty, palette
from cxsim.evidence.claims.judging import Judged, PartFound
from cxsim.evidence.claims.wording import effect_words
from cxsim.results.measures import estimate

MOST_WORLDS = 16
"""Worlds drawn one by one; beyond it their distribution is drawn."""
_WIDTH = 26


def claim_chart(judged: Judged, theme: Theme = "light") -> go.Figure:
    """Left every world as it was lived, right every part's effect, as a share of its largest bound of interval.

    Parts have units of their own, so each is drawn on the scale of its own widest value; the numbers stand beside it.
    """
    colours = palette(theme)
    if judged.values is None:
        return kindly_empty(f"Not yet judged: {judged.reason}.", theme)
    name = judged.values.names[0]
    worlds = judged.values.variants
    many = len(worlds) > MOST_WORLDS
    traces = _distribution(judged, name, colours) if many else _worlds(judged, name, colours)
    rows = [(found, off) for found, off in zip(judged.parts, [*judged.without, *[None] * len(judged.parts)],
                                               strict=False)]  # fmt: skip
    notes: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    for place, (found, off) in enumerate(rows):
        traces += _effect(place, found, off, colours)
        shapes.append(_asked(place, found, colours))
        label = "<br>".join(textwrap.wrap(f"{found.part.label}: {effect_words(found.effect, found.part.unit)}", 58))
        notes.append(
            {"xref": "x2 domain", "x": 0, "xanchor": "left", "yref": "y2", "y": place, "yshift": 13,
             "yanchor": "bottom", "showarrow": False, "align": "left", "font": {"size": 11, "color": colours.quiet},
             "text": label}
        )  # fmt: skip
    lines = max(sum(1 + len(world) // _WIDTH for world in worlds) if not many else 8, 3 * len(rows))
    about = f"Left: {name} in every world, with 95 % intervals. " if not many else f"Left: {name}, over all worlds. "
    about += "Right: every part of the claim, each on its own scale; shaded is where it must lie to hold."
    if judged.without:
        about += f" Hollow: without the mechanism ({judged.claim.without_words})."
    return figure(
        traces, finding(judged), about, theme, 130 + 19 * lines, annotations=notes, shapes=shapes,
        xaxis={"domain": [0, 0.42], "title": {"text": name}, "showgrid": True},
        yaxis={"autorange": None if many else "reversed", "showgrid": False, "type": "linear" if many else "category",
               "ticksuffix": "  ", "title": {"text": "worlds" if many else ""}},
        xaxis2={"domain": [0.52, 1], "anchor": "y2", "range": [-1.15, 1.15], "showticklabels": False, "zeroline": True,
                "title": {"text": "effect, zero in the middle"}},
        yaxis2={"anchor": "x2", "range": [len(rows) - 0.5, -0.9], "visible": False},
    )  # fmt: skip


def finding(judged: Judged) -> str:
    """The verdict with the claim's effect, in one sentence."""
    if not judged.parts:
        return f"Not yet judged: {judged.claim.claim}"
    main = judged.parts[0]
    effect = effect_words(main.effect, main.part.unit)
    return f"{judged.verdict[0].upper()}{judged.verdict[1:]}: {main.part.label} {effect}"


def _worlds(judged: Judged, name: str, colours: Palette) -> list[dict[str, Any]]:
    """A dot with its interval for every world."""
    assert judged.values is not None
    labels, found = [], []
    for world in judged.values.variants:
        labels.append("<br>".join(textwrap.wrap(world, _WIDTH)))
        found.append(estimate(judged.values(world, name).tolist()))
    lines = [
        {"type": "scatter", "mode": "lines", "x": [one.low, one.high], "y": [label, label], "hoverinfo": "skip",
         "line": {"width": 3, "color": colours.accent}, "showlegend": False}
        for label, one in zip(labels, found, strict=True) if not math.isnan(one.low)
    ]  # fmt: skip
    dots = {"type": "scatter", "mode": "markers", "x": [one.mean for one in found], "y": labels, "showlegend": False,
            "marker": {"size": 10, "color": [colours.baseline, *[colours.accent] * (len(found) - 1)]},
            "hovertemplate": "%{y}: %{x:.4~g}<extra></extra>"}  # fmt: skip
    return [*lines, dots]


def _distribution(judged: Judged, name: str, colours: Palette) -> list[dict[str, Any]]:
    """How many worlds came out how, and where the first of them lies."""
    assert judged.values is not None
    means = [float(np.mean(judged.values(world, name))) for world in judged.values.variants]
    counts, edges = np.histogram(means[1:], bins=24)
    bars = {"type": "bar", "x": ((edges[1:] + edges[:-1]) / 2).tolist(), "y": counts.tolist(), "showlegend": False,
            "marker": {"color": colours.accent}, "width": float(edges[1] - edges[0]) * 0.9,
            "hovertemplate": "%{x:.3~g}: %{y} worlds<extra></extra>"}  # fmt: skip
    first = {"type": "scatter", "mode": "lines", "x": [means[0]] * 2, "y": [0, int(counts.max())], "showlegend": False,
             "line": {"color": colours.baseline, "width": 2, "dash": "dot"},
             "hovertemplate": f"{judged.values.variants[0]}: %{{x:.3~g}}<extra></extra>"}  # fmt: skip
    return [bars, first]


def _scale(found: PartFound) -> float:
    """Largest absolute value to be drawn for a part; what is far beyond it without the mechanism is left out."""
    ends = [found.effect.mean, found.effect.low, found.effect.high, found.part.above, found.part.below]
    finite = [abs(end) for end in ends if math.isfinite(end)]
    return max([*finite, 1e-12])


def _effect(place: int, found: PartFound, off: PartFound | None, colours: Palette) -> list[dict[str, Any]]:
    """The effect of one part with its interval; hollow without the mechanism."""
    scale = _scale(found)
    tint = {"holds": colours.above, "does not hold": colours.below}.get(found.verdict, colours.baseline)
    common = {"type": "scatter", "xaxis": "x2", "yaxis": "y2", "showlegend": False}
    traces: list[dict[str, Any]] = [
        {**common, "mode": "lines", "x": [found.effect.low / scale, found.effect.high / scale], "y": [place, place],
         "line": {"width": 3, "color": tint}, "hoverinfo": "skip"},
        {**common, "mode": "markers", "x": [found.effect.mean / scale], "y": [place],
         "marker": {"size": 11, "color": tint},
         "hovertemplate": f"{effect_words(found.effect, found.part.unit)}<extra></extra>"},
    ]  # fmt: skip
    if off is not None and abs(off.effect.mean) <= 1.1 * scale:
        traces.append(
            {**common, "mode": "markers", "x": [off.effect.mean / scale], "y": [place],
             "marker": {"size": 11, "color": colours.ink, "symbol": "circle-open", "line": {"width": 2}},
             "hovertemplate": f"without: {effect_words(off.effect, off.part.unit)}<extra></extra>"}
        )  # fmt: skip
    return [trace for trace in traces if all(math.isfinite(end) for end in trace["x"])]


def _asked(place: int, found: PartFound, colours: Palette) -> dict[str, Any]:
    """Where a part must lie to hold."""
    scale = _scale(found)
    low = max(found.part.above / scale, -1.15) if math.isfinite(found.part.above) else -1.15
    high = min(found.part.below / scale, 1.15) if math.isfinite(found.part.below) else 1.15
    return {"type": "rect", "xref": "x2", "yref": "y2", "x0": low, "x1": high, "y0": place - 0.16, "y1": place + 0.16,
            "fillcolor": faded(colours.above, 0.12), "line": {"width": 0}, "layer": "below"}  # fmt: skip
