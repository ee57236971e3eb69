"""The page Instruments without a browser."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("solara", reason="the interface needs the extra 'ui'")

import solara

from cxsim.instruments.catalogue import INSTRUMENTS
from cxsim.scenario.ready import ready_scenarios
from cxsim.ui.instruments import Instruments
from cxsim.ui.jobs import Jobs
from cxsim.ui.runs import Workers
from cxsim.ui.setup import Setup
from cxsim.ui.visit import Visit
from cxsim.ui.widgets import ChartPanel, ChoicePanel, HeaderPanel, Panel, SheetPanel, StatusPanel

WORLD = "scenario=workshop&customers=100&days=60"


class Page:
    """The page drawn without a browser."""

    def __init__(self, jobs: Jobs, query: str) -> None:
        self.workers = Workers(1)
        self.visit = Visit(self.workers, jobs, Setup.of("workshop", ready_scenarios()["workshop"]), query)
        _, self.context = solara.render(Instruments(self.visit), handle_error=False)

    def close(self) -> None:
        self.context.close()
        self.visit.close()
        self.workers.close()

    def panels(self, kind: type[Panel]) -> list[Any]:
        return [json.loads(panel.data) for panel in self.context.find(kind).widgets]

    def ask(self, **message: Any) -> None:
        self.context.find(StatusPanel).widgets[0].asked = json.dumps(message | {"sent": time.monotonic()})

    def until(self, holds: Any) -> None:
        for _ in range(1800):
            if holds():
                return
            time.sleep(0.05)
        raise AssertionError("waited for a minute and a half")


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    begun = Jobs()
    yield begun
    begun.close()


def test_a_reading_is_taken_on_demand_and_outlives_its_page(jobs: Jobs) -> None:
    page = Page(jobs, f"{WORLD}&instrument=dimensions")
    options = page.panels(ChoicePanel)[0]["choices"][0]["options"]
    assert [one["value"] for one in options] == [one.name for one in INSTRUMENTS]
    assert not page.panels(SheetPanel)
    page.ask(do="run")
    page.until(lambda: page.panels(StatusPanel)[0]["running"])
    page.close()
    again = Page(jobs, f"{WORLD}&instrument=dimensions")
    again.until(lambda: again.panels(SheetPanel))
    assert {one["name"] for one in again.panels(ChartPanel)} == {"gaps-apart"}
    assert all(one["head"] and one["rows"] for one in again.panels(SheetPanel))
    again.until(lambda: again.panels(ChoicePanel)[0]["choices"][0]["options"][2]["size"] == "taken")
    again.close()


def test_it_can_be_stopped_and_begun_again(jobs: Jobs) -> None:
    page = Page(jobs, "scenario=workshop&days=1095&instrument=start-small")
    page.ask(do="run")
    page.until(lambda: page.panels(StatusPanel)[0]["running"])
    page.ask(do="stop")
    page.until(lambda: page.panels(StatusPanel)[0]["stopped"])
    assert page.panels(StatusPanel)[0]["text"] == "Stopped."
    page.ask(do="instrument", value="audit")
    page.until(lambda: page.panels(HeaderPanel)[0]["state"] == {"instrument": "audit"})
    page.ask(do="instrument", value="crystal ball")
    page.close()


def test_changes_of_the_world_are_another_reading_and_in_the_command(jobs: Jobs) -> None:
    page = Page(jobs, f"{WORLD}&instrument=journey-map&company.tracking=0.9")
    assert "with your changes" in page.panels(StatusPanel)[0]["text"]
    page.visit.session.sharing.value = True
    page.until(lambda: "shared" in page.panels(HeaderPanel)[0])
    told = page.panels(HeaderPanel)[0]["shared"][0]["text"]
    assert told.startswith("cxsim journey-map workshop --moments --set population.customers=100")
    assert "--set company.tracking=0.9" in told
    page.close()
