"""Small widgets that draw in the browser: data goes in as JSON, wishes come out as JSON. They also run in notebooks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anywidget
import plotly.graph_objects as go
import solara
import traitlets
from plotly.io.json import to_json_plotly
from plotly.offline import get_plotlyjs

from cxsim.charts.look import titled_outside


def _script(*names: str) -> str:
    """Text of scripts; a path would make anywidget watch the file, and keep every widget that ever used it."""
    return "".join((Path(__file__).parent / name).read_text(encoding="utf-8") for name in names)


PLOTLY_ADDRESS = "/static/assets/plotly.min.js"
"""Where the launcher serves plotly.min.js, from the plotly package."""


class Panel(anywidget.AnyWidget):
    """A part of the page: `data` is what it shows, `asked` what the visitor wants."""

    data = traitlets.Unicode("{}").tag(sync=True)
    asked = traitlets.Unicode("").tag(sync=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._wishes = 0
        self.on_msg(self._got)

    def _got(self, _: Any, message: Any, _buffers: Any) -> None:
        """A wish of the visitor: as a message, since of values set shortly after each other only the last arrives."""
        if isinstance(message, dict):
            self._wishes += 1  # so that the same wish twice is told twice
            self.asked = json.dumps({**message, "wish": self._wishes})


class HeaderPanel(Panel):
    """Scenario, customers, days; undo, redo, reset, sharing, theme; the address bar."""

    _esm = _script("making.js", "header.js")


class LeverPanel(Panel):
    """Levers in groups, with search; `values` are those of the moved ones."""

    _esm = _script("making.js", "levers.js")
    values = traitlets.Unicode("{}").tag(sync=True)
    heard = traitlets.Int(0).tag(sync=True)
    """Number of the last wish that was heard; a slider that is dragged waits for it."""

    def _got(self, _: Any, message: Any, _buffers: Any) -> None:
        super()._got(_, message, _buffers)
        if isinstance(message, dict) and isinstance(message.get("sent"), int):
            self.heard = message["sent"]


class MeasurePanel(Panel):
    """Measures as cards or as a table, each with its "why?"."""

    _esm = _script("making.js", "measures.js")


class StatusPanel(Panel):
    """Progress, and what cannot be done."""

    _esm = _script("status.js")


class TabPanel(Panel):
    """Tabs."""

    _esm = _script("tabs.js")


class VariantPanel(Panel):
    """Worlds side by side, and where more come from."""

    _esm = _script("making.js", "variants.js")


class SheetPanel(Panel):
    """A table to read and to copy."""

    _esm = _script("making.js", "sheet.js")


class ChoicePanel(Panel):
    """Choices of a page: selects and a button."""

    _esm = _script("making.js", "choices.js")


class StagePanel(Panel):
    """Single customers on their journeys: `tracks` is where they are when, `orders` what the page wishes."""

    _esm = _script("making.js", "stage_tracks.js", "stage_draw.js", "stage.js")
    _css = _script("stage.css")
    tracks = traitlets.Bytes(b"").tag(sync=True)
    orders = traitlets.Unicode("{}").tag(sync=True)
    story = traitlets.Unicode("").tag(sync=True)


class PartsPanel(Panel):
    """Parts of a scenario to choose from; add, copy, rename, move and remove."""

    _esm = _script("making.js", "asking.js", "parts.js")


class FormPanel(Panel):
    """Fields of a part."""

    _esm = _script("making.js", "asking.js", "form.js")


class ToolPanel(Panel):
    """Where the edited scenario stands, and what can be done with it."""

    _esm = _script("making.js", "asking.js", "tools.js")


class TextPanel(Panel):
    """A scenario as text with the problems in it; upload and download."""

    _esm = _script("making.js", "asking.js", "text.js")


class GalleryPanel(Panel):
    """Claims as cards."""

    _esm = _script("making.js", "gallery.js")


class ClaimPanel(Panel):
    """One claim, opened."""

    _esm = _script("making.js", "claim.js")


class UploadPanel(Panel):
    """A file that is sent piece by piece; `take` gets every message and its bytes, and says how much it has."""

    _esm = _script("making.js", "upload.js")
    taken = traitlets.Int(0).tag(sync=True)
    take = traitlets.Any()

    def _got(self, _: Any, message: Any, buffers: Any) -> None:
        if self.take is None:
            return
        if isinstance(message, dict) and message.get("do") == "begin":
            self.taken = 0
        self.taken = self.take(message, buffers)


class SavePanel(Panel):
    """A file to take away."""

    _esm = _script("making.js", "save.js")


class ChartPanel(Panel):
    """A Plotly chart with its finding as a heading.

    Without a server that has plotly.min.js (in a notebook), the browser asks for it and it is sent once.
    """

    _esm = _script("chart.js")
    address = traitlets.Unicode(PLOTLY_ADDRESS).tag(sync=True)
    library = traitlets.Unicode("").tag(sync=True)

    @traitlets.observe("asked")
    def _send_library(self, change: Any) -> None:
        if change["new"] == "library":
            self.library = get_plotlyjs()


def chart_data(figure: go.Figure, name: str = "chart", revision: str = "") -> str:
    """What a chart panel shows."""
    meta, bare = figure.layout.meta or {}, titled_outside(figure)
    finding, about = json.dumps(meta.get("finding", "")), json.dumps(meta.get("about", ""))
    return (
        f'{{"name": {json.dumps(name)}, "revision": {json.dumps(revision)}, "finding": {finding}, "about": {about}, '
        f'"figure": {to_json_plotly(bare)}}}'
    )


def chart(figure: go.Figure, name: str = "chart") -> ChartPanel:
    """A chart for a notebook: `chart(moods_in_the_queue(result))`."""
    return ChartPanel(data=chart_data(figure, name), address="")


@solara.component
def Chart(figure: go.Figure, name: str = "chart", revision: str = "") -> Any:  # noqa: N802
    """A chart on a page."""
    return ChartPanel.element(data=chart_data(figure, name, revision))
