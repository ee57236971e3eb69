"""The page without a browser: what its panels hold, and what they answer to what is asked of them."""

from __future__ import annotations

import json
import threading
import time
from functools import partial
from typing import Any

import pytest

pytest.importorskip("solara", reason="the interface needs the extra 'ui'")

import ipyvuetify
import solara

from cxsim.charts.catalogue import TABS, charts_of
from cxsim.results.measures import MEASURES
from cxsim.scenario.ready import ready_scenarios
from cxsim.ui.shown import TOP
from cxsim.ui.what_if import WhatIf
from cxsim.ui.widgets import ChartPanel, HeaderPanel, LeverPanel, MeasurePanel, StatusPanel, TabPanel
from tests.ui.pages import DrawnPage


class Page(DrawnPage):
    """The page What if."""

    asked_panel = HeaderPanel
    threads = 2

    def __init__(self, name: str = "workshop", query: str = "") -> None:
        super().__init__(query or f"scenario={name}&days=30", name)

    def drawn(self) -> Any:
        self.session = self.visit.session
        return WhatIf(self.session)

    def draws(self, names: set[str]) -> bool:
        """Whether charts of these are there; what a world lacks is told once, not by every chart."""
        return bool(names & {panel["name"] for panel in self.panels(ChartPanel)})

    def settle(self) -> None:
        self.until(self._is_settled)

    def _is_settled(self) -> bool:
        """Whether numbers and charts are those of what is looked at; they come from another thread."""
        if not self.panels(ChartPanel) or self.data(StatusPanel)["running"]:
            return False
        query, count = self.data(HeaderPanel)["query"], self.data(StatusPanel)["count"]
        drawn = {panel.get("revision") for panel in self.panels(ChartPanel)}
        return drawn == {f"{count} {query}"} and self.data(MeasurePanel)["revision"] == f"{count} {query}"


@pytest.fixture
def page():
    begun = Page()
    begun.settle()
    yield begun
    begun.close()


def test_everything_named_is_on_the_page(page) -> None:
    cards = page.data(MeasurePanel)["measures"]
    assert [card["name"] for card in cards] == list(TOP)
    assert all(card["formula"] and card["better"] for card in cards)
    assert {tab["key"] for tab in page.data(TabPanel)["tabs"]} == set(TABS)
    shown = [panel["name"] for panel in page.panels(ChartPanel)]
    assert shown == [chart.name for theme in ("top", "over-time") for chart in charts_of(theme)]
    levers = page.data(LeverPanel)
    assert len(levers["levers"]) > 200
    assert "no changes yet" in page.data(StatusPanel)["text"]


def test_a_lever_moves_the_numbers_and_can_be_undone(page) -> None:
    assert not page.data(HeaderPanel)["canUndo"]
    page.ask(do="move", path="desks.counter.servers", value=2, settled=True)
    page.until(lambda: "servers=2" in page.data(HeaderPanel)["query"])
    page.settle()
    cards = {card["name"]: card for card in page.data(MeasurePanel)["measures"]}
    assert cards["wait_minutes_mean"]["verdict"] == "better"
    assert cards["wait_minutes_mean"]["change"].startswith("-")
    assert cards["wait_minutes_mean"]["changeInterval"]
    assert json.loads(page.widgets(LeverPanel)[0].values) == {"desks.counter.servers": 2.0}
    assert "desks.counter.servers=2" in page.data(HeaderPanel)["query"]
    page.ask(do="undo")
    page.until(lambda: "servers=2" not in page.data(HeaderPanel)["query"])
    page.settle()
    assert page.data(MeasurePanel)["measures"][0]["change"] == ""
    assert page.data(HeaderPanel)["canRedo"]
    page.ask(do="redo")
    page.until(lambda: "servers=2" in page.data(HeaderPanel)["query"])
    page.ask(do="reset")
    page.until(lambda: json.loads(page.widgets(LeverPanel)[0].values) == {})


def test_a_drag_is_one_step(page) -> None:
    for value, settled in ((0.2, False), (0.4, False), (0.6, False), (0.6, True)):
        page.ask(do="move", path="company.tracking", value=value, settled=settled)
    page.until(lambda: "company.tracking=0.6" in page.data(HeaderPanel)["query"])
    page.until(lambda: page.data(HeaderPanel)["canUndo"])
    page.ask(do="undo")
    page.until(lambda: "company.tracking" not in page.data(HeaderPanel)["query"])
    assert not page.data(HeaderPanel)["canUndo"]


def test_what_cannot_be_is_told_and_the_old_value_stays(page) -> None:
    page.ask(do="move", path="population.customers", value=0, settled=True)
    page.until(lambda: "That cannot be." in page.data(StatusPanel)["problem"])
    assert "population.customers" not in page.data(HeaderPanel)["query"]
    page.ask(do="move", path="company.tracking", value=0.9, settled=True)
    page.until(lambda: page.data(StatusPanel)["problem"] == "")


@pytest.mark.parametrize("name", list(ready_scenarios()))
def test_every_tab_of_every_world(name: str) -> None:
    page = Page(name, f"scenario={name}&customers=300&days=30")
    try:
        page.settle()
        for key in TABS:
            page.ask(do="tab", tab=key)
            page.until(partial(page.draws, {chart.name for chart in charts_of(key)}))
            assert all(panel["finding"] for panel in page.panels(ChartPanel))
        page.until(lambda: len(page.panels(MeasurePanel)) == 2)
        table = page.panels(MeasurePanel)[-1]
        assert len(table["measures"]) == len(MEASURES)
    finally:
        page.close()


def test_commands_and_files_are_made_when_asked_for(page) -> None:
    assert "shared" not in page.data(HeaderPanel)
    page.ask(do="share", open=True)
    page.until(lambda: "shared" in page.data(HeaderPanel))
    told = {one["id"]: one["text"] for one in page.data(HeaderPanel)["shared"]}
    assert told["run"].startswith("cxsim run workshop --set 'horizon=30 days'")
    assert told["complete"].startswith("format: 1")
    assert told["variant"].startswith("extends: ")


def test_dark_theme_reaches_the_charts(page) -> None:
    page.ask(do="theme", theme="dark")

    def paper() -> str:
        layout = page.data(ChartPanel)["figure"]["layout"]
        return str(layout["template"]["layout"]["paper_bgcolor"])

    page.until(lambda: paper() == "#14191d")


def test_a_wrong_address_opens_the_world_and_says_so() -> None:
    page = Page(query="desks.nowhere.servers=3")
    try:
        assert "The address could not be followed" in page.data(StatusPanel)["problem"]
        with pytest.raises(AssertionError, match=r"StatusPanel.*The address could not be followed"):
            page.until(lambda: False, seconds=0.1)  # so that a wait in vain explains itself
    finally:
        page.close()


def test_another_world_begins_without_changes(page) -> None:
    page.ask(do="move", path="company.tracking", value=0.9, settled=True)
    page.ask(do="scenario", value="parcel")
    page.until(lambda: page.data(HeaderPanel)["scenario"] == "parcel")
    told = page.data(HeaderPanel)
    assert told["query"] == "scenario=parcel"
    page.ask(do="undo")
    page.until(lambda: "company.tracking=0.9" in page.data(HeaderPanel)["query"])


def test_closing_the_page_leaves_no_thread() -> None:
    before = {thread.ident for thread in threading.enumerate()}
    page = Page()
    page.settle()
    page.close()
    page.workers.pool.shutdown(wait=True)

    def gone() -> bool:
        return not [thread for thread in threading.enumerate() if thread.ident not in before and "cxsim" in thread.name]

    page.until(gone)


def test_nonsense_from_a_browser_is_told_in_a_sentence(page) -> None:
    for nonsense in ("no json", '{"do": "customers", "value": "many"}', '{"do": "move"}', "[]", '{"do": "fly"}'):
        page.widgets(HeaderPanel)[0].asked = nonsense
        time.sleep(0.1)
    page.until(lambda: page.data(StatusPanel)["problem"].startswith("That did not work"))
    assert "Traceback" not in page.data(StatusPanel)["problem"]


def test_a_page_that_cannot_be_drawn_says_so(monkeypatch) -> None:
    monkeypatch.setenv("CXSIM_UI_SCENARIO", "workshop")
    from cxsim.ui import app

    @solara.component
    def Broken(*given: Any) -> Any:
        raise ValueError("out of paint")

    monkeypatch.setattr(app, "WhatIf", Broken)
    _, drawn = solara.render(app.Pages(), handle_error=False)
    told = " ".join(str(part.children) for part in drawn.find(ipyvuetify.Html).widgets)
    drawn.close()
    assert "This page failed to draw" in told
    assert "out of paint" in told
