"""The page Instruments without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("solara", reason="the interface needs the extra 'ui'")


from cxsim.instruments.catalogue import INSTRUMENTS
from cxsim.ui.instruments import Instruments
from cxsim.ui.jobs import Jobs
from cxsim.ui.widgets import ChartPanel, ChoicePanel, HeaderPanel, SheetPanel, StatusPanel
from tests.ui.pages import DrawnPage

WORLD = "scenario=workshop&customers=100&days=60"


class Page(DrawnPage):
    """The page Instruments."""

    def __init__(self, jobs: Jobs, query: str) -> None:
        super().__init__(query, jobs=jobs)

    def drawn(self) -> Any:
        return Instruments(self.visit)


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
