"""One look for every chart: colours that the colour-blind can tell apart, a light and a dark template.

A chart's title is its finding; what is drawn stands below it and is kept in the figure's `meta`, so that pages can set
both as text of their own.
"""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go

Theme = Literal["light", "dark"]

FONT = "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
MOODS = {"calm": "#7fb8da", "edgy": "#f0cf65", "agitated": "#e8853a", "angry": "#b3262d"}
"""Moods in their one fixed order of colours; light to dark, so that they also differ in grey."""


@dataclass(frozen=True)
class Palette:
    """Colours of a theme.

    Attributes:
        paper: background.
        ink: text.
        quiet: text of lesser weight, with enough contrast to read.
        line: grid and thin lines.
        accent: what is looked at.
        baseline: what it is compared with.
        below: worse than expected.
        within: as expected.
        above: better than expected.
        series: further colours, in order.
    """

    paper: str
    ink: str
    quiet: str
    line: str
    accent: str
    baseline: str
    below: str
    within: str
    above: str
    series: tuple[str, ...]


PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        "#ffffff", "#1d2429", "#56616a", "#dfe4e8", "#0b6e99", "#7d8790", "#c2510c", "#b9c0c6", "#1f6fb2",
        ("#0b6e99", "#c2510c", "#5b8c2a", "#8a4f9e", "#b58900", "#4b5b66"),
    ),
    "dark": Palette(
        "#14191d", "#eef1f3", "#a9b4bc", "#333c43", "#62b8e2", "#98a3ab", "#f08a4b", "#6d7880", "#6fb4ec",
        ("#62b8e2", "#f08a4b", "#9ccb63", "#c796da", "#e3bd4a", "#a9b8c2"),
    ),
}  # fmt: skip


def palette(theme: Theme) -> Palette:
    """Colours of a theme."""
    return PALETTES[theme]


@functools.cache
def template(theme: Theme) -> go.layout.Template:
    """The template that all charts share."""
    colours = PALETTES[theme]
    axis = {
        "gridcolor": colours.line, "linecolor": colours.line, "zerolinecolor": colours.baseline, "zerolinewidth": 1,
        "ticks": "", "automargin": True, "title": {"font": {"size": 12, "color": colours.quiet}, "standoff": 8},
        "tickfont": {"size": 12, "color": colours.quiet}, "fixedrange": True,
    }  # fmt: skip
    return go.layout.Template(
        layout={
            "paper_bgcolor": colours.paper,
            "plot_bgcolor": colours.paper,
            "colorway": list(colours.series),
            "font": {"family": FONT, "size": 13, "color": colours.ink},
            "title": {
                "x": 0,
                "xref": "container",
                "xanchor": "left",
                "y": 1,
                "yanchor": "top",
                "font": {"size": 16},
                "pad": {"l": 8, "t": 18},
            },
            "xaxis": {**axis, "showgrid": False, "zeroline": False},
            "yaxis": axis,
            "margin": {"l": 8, "r": 16, "t": 64, "b": 8},
            "legend": {
                "orientation": "h",
                "x": 0,
                "xref": "container",
                "y": 1.0,
                "yanchor": "bottom",
                "font": {"size": 12},
                "bgcolor": "rgba(0,0,0,0)",
            },
            "hoverlabel": {"font": {"family": FONT, "size": 12}},
            "hovermode": "closest",
            "bargap": 0.35,
            "separators": ".,",
        }
    )


def figure(
    traces: Sequence[dict[str, Any]], finding: str, about: str, theme: Theme, height: int = 320, **layout: Any
) -> go.Figure:
    """A chart from plain traces.

    Args:
        traces: Plotly traces as plain data.
        finding: title: what the numbers say, in one sentence.
        about: what is drawn and how to read it.
        theme: light or dark.
        height: in pixels.
        layout: further parts of the layout.
    """
    title = "<br>".join(textwrap.wrap(finding, 68))
    lines = 1 + title.count("<br>")
    top = 24 + 21 * lines + (24 if any(trace.get("showlegend", True) and trace.get("name") for trace in traces) else 0)
    share = (16 + 21 * lines) / (height + top - 40)
    below_title = {"xref": "container", "yref": "container", "x": 0, "y": 1 - share, "yanchor": "top"}
    plain = {
        "template": template(theme),
        "title": {"text": title},
        "height": height + top - 40,
        "meta": {"finding": finding, "about": about},
        "margin": {"l": 8, "r": 16, "t": top, "b": 8},
        **layout,
        "legend": {**below_title, **layout.get("legend", {})},
    }
    return go.Figure({"data": list(traces), "layout": plain}, _validate=False)  # a test validates every chart


def kindly_empty(sentence: str, theme: Theme, height: int = 120) -> go.Figure:
    """A chart that says why there is nothing to draw."""
    hidden = {"visible": False, "range": [0, 1]}
    return figure([], sentence, "Nothing to draw here.", theme, height, xaxis=hidden, yaxis=hidden)


def is_empty(chart: go.Figure) -> bool:
    """Whether a chart only says why there is nothing to draw."""
    return len(chart.data) == 0


def titled_outside(chart: go.Figure) -> dict[str, Any]:
    """A chart as plain data, for pages that set finding and explanation as text of their own: without title."""
    plain: dict[str, Any] = chart.to_plotly_json()
    layout = plain["layout"]
    margin, lines = layout.get("margin", {}), 1 + layout.get("title", {}).get("text", "").count("<br>")
    top = max(margin.get("t", 0) - 24 - 21 * lines, 6)
    layout["height"] = layout.get("height", 320) - (margin.get("t", 0) - top)
    layout["margin"] = {**margin, "t": top}
    layout["legend"] = {**layout.get("legend", {}), "y": 1}
    layout.pop("title", None)
    return plain


def faded(colour: str, strength: float) -> str:
    """A colour let through by so much."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{strength:g})"


def mixed(first: str, second: str, share: float) -> str:
    """A colour so far on the way from one to another."""
    parts = (round(int(first[i : i + 2], 16) * (1 - share) + int(second[i : i + 2], 16) * share) for i in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)


def by_gap(gap: float, theme: Theme, full: float = 0.06) -> str:
    """Colour between below, within and above expectation; `full` is the gap of the strongest colour."""
    colours = PALETTES[theme]
    end = colours.above if gap > 0 else colours.below
    share = min(abs(gap) / full, 1.0)
    mixed = (
        round(int(colours.within[place : place + 2], 16) * (1 - share) + int(end[place : place + 2], 16) * share)
        for place in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02x}" for part in mixed)
