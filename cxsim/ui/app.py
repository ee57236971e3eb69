"""What the server serves: the pages, each visitor with a session of their own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import reacton
import solara

from cxsim.scenario.ready import ready_scenarios
from cxsim.ui.calibrate import Calibrate
from cxsim.ui.claims import Claims
from cxsim.ui.compare import Compare
from cxsim.ui.drafts import Drafts
from cxsim.ui.header import PAGES
from cxsim.ui.instruments import Instruments
from cxsim.ui.jobs import Jobs
from cxsim.ui.journey import Journey
from cxsim.ui.runs import Workers
from cxsim.ui.setup import Setup
from cxsim.ui.visit import Visit
from cxsim.ui.what_if import WhatIf
from cxsim.ui.what_matters import WhatMatters
from cxsim.ui.workshop import Workshop

SCENARIO = "CXSIM_UI_SCENARIO"
"""Name of the environment variable that holds the scenario the server was started with."""

workers = Workers()  # one for the process: visits share its threads and its finished runs
jobs = Jobs()  # likewise: studies and readings outlive the page that asked for them
drafts = Drafts()  # likewise: a page loaded anew finds the text that was edited on it


def opened() -> Setup:
    """The world that the server was started with."""
    text = os.environ.get(SCENARIO, "parcel")
    ready = ready_scenarios()
    return Setup.of(text, ready[text] if text in ready else Path(text))


@solara.component
def Pages() -> Any:  # noqa: N802
    """One visit: its state outlives the pages it opens; a failure is told in a sentence, never as a traceback."""
    router = solara.use_router()
    page = (router.path or "").strip("/")
    visit = solara.use_memo(lambda: Visit(workers, jobs, opened(), router.search or "", drafts), [])
    error, again = reacton.use_exception()
    solara.use_effect(lambda: visit.close, [])
    solara.Title(f"cxsim: {PAGES.get(page, page).lower()}")
    if error is not None:
        with solara.Column(style={"padding": "40px"}) as told:
            solara.Text("This page failed to draw. The server goes on; load the page anew, or take back the changes.")
            solara.Text(f"{type(error).__name__}: {error}")
            solara.Button("Try again", on_click=again)
        return told
    return Opened(visit, page)


@solara.component
def Opened(visit: Visit, page: str) -> Any:  # noqa: N802
    """The page that the address names."""
    named = {"calibrate": Calibrate, "claims": Claims, "compare": Compare, "instruments": Instruments,
             "journey": Journey, "levers": WhatMatters, "workshop": Workshop}  # fmt: skip
    if page in named:
        return named[page](visit)
    return WhatIf(visit.session)


@solara.component
def Layout(children: list[Any]) -> Any:  # noqa: N802
    """No frame of its own: the page is the whole window."""
    with solara.Div(style={"width": "100%"}, children=children) as frame:
        pass
    return frame


routes = [solara.Route(path or "/", component=Pages, layout=None if path else Layout, label=f"cxsim: {label.lower()}")
          for path, label in PAGES.items()]  # fmt: skip
"""One component for every address, so that a visit's state is kept from page to page."""
