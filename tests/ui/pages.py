"""A page drawn without a browser, for the tests of every page."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any, ClassVar

import solara

from cxsim.scenario.ready import ready_scenarios
from cxsim.ui.drafts import Drafts
from cxsim.ui.jobs import Jobs
from cxsim.ui.runs import Workers
from cxsim.ui.setup import Setup
from cxsim.ui.visit import Visit
from cxsim.ui.widgets import Panel, StatusPanel

LONGEST_SECONDS = 180.0
"""What is waited for is there long before that, on a busy machine too."""


class DrawnPage:
    """A page drawn without a browser: what its panels hold, and wishes told to them.

    Args:
        query: what stands in the address.
        name: ready scenario that the server opens.
        workers: threads that live worlds; own ones, closed with the page, if left out.
        jobs: long work; own one, closed with the page, if left out.
        drafts: texts that the server keeps.
    """

    asked_panel: ClassVar[type[Panel]] = StatusPanel
    """Panel that `ask` tells the wishes of."""
    threads: ClassVar[int] = 1
    """Threads of the page's own workers."""

    def __init__(
        self, query: str = "", name: str = "workshop", workers: Workers | None = None, jobs: Jobs | None = None,
        drafts: Drafts | None = None,
    ) -> None:  # fmt: skip
        self.workers, self.jobs = workers or Workers(self.threads), jobs or Jobs()
        self._own = [mine for mine, given in ((self.workers, workers), (self.jobs, jobs)) if given is None]
        self.visit = Visit(self.workers, self.jobs, Setup.of(name, ready_scenarios()[name]), query, drafts)
        _, self.context = solara.render(self.drawn(), handle_error=False)

    def drawn(self) -> Any:
        """The page's component."""
        raise NotImplementedError

    def close(self) -> None:
        """Leave the page; what was given to it stays open."""
        self.context.close()
        self.visit.close()
        for mine in self._own:
            mine.close()

    def widgets(self, kind: type[Panel]) -> list[Any]:
        """Panels of one kind."""
        return list(self.context.find(kind).widgets)

    def panels(self, kind: type[Panel]) -> list[Any]:
        """What the panels of one kind hold."""
        return [json.loads(panel.data) for panel in self.widgets(kind)]

    def data(self, kind: type[Panel]) -> Any:
        """What the first panel of a kind holds."""
        return self.panels(kind)[0]

    def problems(self) -> str:
        """What the page says cannot be done."""
        return " ".join(panel["problem"] for panel in self.panels(StatusPanel))

    def ask(self, panel: type[Panel] | None = None, /, **message: Any) -> None:
        """Tell a wish as the browser does, of `asked_panel` or of another one."""
        self.widgets(panel or self.asked_panel)[0].asked = json.dumps(message | {"sent": time.monotonic()})

    def until(self, holds: Callable[[], Any], seconds: float = LONGEST_SECONDS) -> None:
        """Wait for something; a wait in vain tells what was on the page."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"waited {seconds:g} seconds in vain; {self._told()}")
            time.sleep(0.05)

    def _told(self) -> str:
        kinds = sorted({type(panel).__name__ for panel in self.context.find(Panel).widgets})
        status = [{key: panel.get(key) for key in ("text", "problem", "running")} for panel in self.panels(StatusPanel)]
        return f"on the page are {', '.join(kinds) or 'no panels'}; told is {status}"
