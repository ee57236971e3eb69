"""Charts of instruments: which figures belong to a reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import plotly.graph_objects as go

from cxsim.charts.look import Theme
from cxsim.charts.reading_bars import origins_saved, small_steps_kept, steps_marked
from cxsim.charts.reading_levels import feeling_by_persona, gaps_apart, promises_and_delivered
from cxsim.instruments.sheet import Reading

Draw = Callable[[Reading, Theme], go.Figure]


@dataclass(frozen=True)
class ReadingChart:
    """A chart of a reading: its name, the instrument it belongs to, and how it is drawn."""

    name: str
    instrument: str
    draw: Draw


READING_CHARTS: tuple[ReadingChart, ...] = (
    ReadingChart("steps-marked", "scorecard", steps_marked),
    ReadingChart("promises-and-delivered", "audit", promises_and_delivered),
    ReadingChart("gaps-apart", "dimensions", gaps_apart),
    ReadingChart("feeling-by-persona", "journey-map", feeling_by_persona),
    ReadingChart("origins-saved", "lost", origins_saved),
    ReadingChart("small-steps-kept", "start-small", small_steps_kept),
)
"""Every chart of an instrument, declared once."""


def reading_charts(reading: Reading, theme: Theme = "light") -> list[tuple[str, go.Figure]]:
    """Name and figure of every chart of a reading."""
    return [(chart.name, chart.draw(reading, theme)) for chart in READING_CHARTS if chart.instrument == reading.name]
