"""What the server serves: the pages, each visitor with a session of their own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import reacton
import solara

from cxsim.scenario.ready import ready_scenarios
from cxsim.ui.runs import Workers
from cxsim.ui.setup import Setup
from cxsim.ui.what_if import WhatIf

SCENARIO = "CXSIM_UI_SCENARIO"
"""Name of the environment variable that holds the scenario the server was started with."""

workers = Workers()  # one for the process: visits share its threads and its finished runs


def opened() -> Setup:
    """The world that the server was started with."""
    text = os.environ.get(SCENARIO, "parcel")
    ready = ready_scenarios()
    return Setup.of(text, ready[text] if text in ready else Path(text))


@solara.component
def Page() -> Any:  # noqa: N802
    """Page 1; a failure is told in a sentence, never as a traceback."""
    query = solara.use_router().search or ""
    first = solara.use_memo(opened, [])
    error, again = reacton.use_exception()
    solara.Title("cxsim: what if")
    if error is not None:
        with solara.Column(style={"padding": "40px"}) as told:
            solara.Text("This page failed to draw. The server goes on; load the page anew, or take back the changes.")
            solara.Text(f"{type(error).__name__}: {error}")
            solara.Button("Try again", on_click=again)
        return told
    return WhatIf(workers, first, query)


@solara.component
def Layout(children: list[Any]) -> Any:  # noqa: N802
    """No frame of its own: the page is the whole window."""
    with solara.Div(style={"width": "100%"}, children=children) as frame:
        pass
    return frame
