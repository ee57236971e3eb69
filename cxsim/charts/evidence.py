"""Lines of evidence as a chart: every figure on the scale of its own band."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from cxsim.charts.look import Theme, faded, figure, kindly_empty, palette
from cxsim.evidence.checks import Check
from cxsim.evidence.words import figure as told
from cxsim.evidence.words import verdict

_EDGE = 1.5
"""How far beyond its band, in widths of it, a figure is drawn at most."""


def held_against(lines: Sequence[Check], theme: Theme = "light") -> go.Figure:
    """What a world gives beside the band of every figure; misses stand outside the shaded part.

    Args:
        lines: lines of evidence, in the order in which they are drawn.
        theme: light or dark.
    """
    shown = [line for line in lines if line.simulated is not None][::-1]
    if not shown:
        return kindly_empty("This world gives none of the figures; is it lived long enough?", theme)
    colours = palette(theme)
    places = [_place(line, line.simulated or 0.0) for line in shown]
    names = [line.title + (" *" if line.strict else "") for line in shown]
    observed = [(_place(line, line.observed), name) for line, name in zip(shown, names, strict=True)
                if line.observed is not None]  # fmt: skip
    texts = [f"{line.title}: {told(line.simulated, line)}, band {told(line.low, line)} to {told(line.high, line)}, "
             f"{verdict(line)}" for line in shown]  # fmt: skip
    traces = [
        {"type": "scatter", "mode": "markers", "name": "published figure", "x": [place for place, _ in observed],
         "y": [name for _, name in observed], "hoverinfo": "skip",
         "marker": {"size": 15, "symbol": "line-ns-open", "color": colours.ink, "line": {"width": 2}}},
        {"type": "scatter", "mode": "markers", "name": "simulated", "x": places, "y": names, "hovertext": texts,
         "hovertemplate": "%{hovertext}<extra></extra>",
         "marker": {"size": 11, "symbol": ["diamond" if line.holds else "x" for line in shown],
                    "color": [colours.accent if line.holds else colours.below for line in shown]}},
    ]  # fmt: skip
    held, must = sum(line.holds for line in shown), [line for line in shown if line.strict]
    lacking = len(lines) - len(shown)
    finding = (
        f"{held} of {len(shown)} figures are met, {sum(line.holds for line in must)} of the {len(must)} that have to be"
    )
    about = "Each on the scale of its own band (shaded); diamond: within, cross: outside; far ones stand at the edge. "
    about += "*: has to be met." + (f" {lacking} that this world does not give are left out." if lacking else "")
    band = {"type": "rect", "x0": 0, "x1": 1, "y0": -0.6, "y1": len(shown) - 0.4, "line": {"width": 0},
            "fillcolor": faded(colours.above, 0.15), "layer": "below"}  # fmt: skip
    return figure(traces, finding, about, theme, max(120 + 23 * len(shown), 180), shapes=[band],
                  xaxis={"range": [-_EDGE - 0.2, 1.2 + _EDGE], "tickvals": [0, 1], "ticktext": ["low end", "high end"]},
                  yaxis={"automargin": True})  # fmt: skip


def _place(line: Check, value: float) -> float:
    """Where a value lies: 0 at the low end of the band, 1 at its high end; far ones at the edge."""
    width = line.high - line.low
    return round(min(max((value - line.low) / width, -_EDGE), 1.0 + _EDGE), 4) if width else 0.5
