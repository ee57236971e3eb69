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
from cxsim.ui.jobs import Jobs
from cxsim.ui.runs import Workers
from cxsim.ui.setup import Setup
from cxsim.ui.shown import TOP
from cxsim.ui.visit import Visit as Visited
from cxsim.ui.what_if import WhatIf
from cxsim.ui.widgets import ChartPanel, HeaderPanel, LeverPanel, MeasurePanel, Panel, StatusPanel, TabPanel


class Visit:
    """A page drawn without a browser."""

    def __init__(self, name: str = "workshop", query: str = "") -> None:
        self.workers = Workers(2)
        setup = Setup.of(name, ready_scenarios()[name])
        self.visit = Visited(self.workers, Jobs(), setup, query or f"scenario={name}&days=30")
        self.session = self.visit.session
        _, self.context = solara.render(WhatIf(self.session), handle_error=False)

    def close(self) -> None:
        self.context.close()
        self.visit.close()
        self.workers.close()

    def panels(self, kind: type[Panel]) -> list[Panel]:
        return self.context.find(kind).widgets

    def data(self, kind: type[Panel]) -> Any:
        return json.loads(self.panels(kind)[0].data)

    def ask(self, **message: Any) -> None:
        self.panels(HeaderPanel)[0].asked = json.dumps(message | {"sent": time.monotonic()})

    def until(self, holds: Any) -> None:
        for _ in range(1200):
            if holds():
                return
            time.sleep(0.05)
        raise AssertionError("waited for a minute")

    def draws(self, names: set[str]) -> bool:
        """Whether charts of these are there; what a world lacks is told once, not by every chart."""
        return bool(names & {json.loads(panel.data)["name"] for panel in self.panels(ChartPanel)})

    def settle(self) -> None:
        self.until(self._is_settled)

    def _is_settled(self) -> bool:
        """Whether numbers and charts are those of what is looked at; they come from another thread."""
        if not self.panels(ChartPanel) or self.data(StatusPanel)["running"]:
            return False
        query, count = self.data(HeaderPanel)["query"], self.data(StatusPanel)["count"]
        drawn = {json.loads(panel.data).get("revision") for panel in self.panels(ChartPanel)}
        return drawn == {f"{count} {query}"} and self.data(MeasurePanel)["revision"] == f"{count} {query}"


@pytest.fixture
def visit():
    begun = Visit()
    begun.settle()
    yield begun
    begun.close()


def test_everything_named_is_on_the_page(visit) -> None:
    cards = visit.data(MeasurePanel)["measures"]
    assert [card["name"] for card in cards] == list(TOP)
    assert all(card["formula"] and card["better"] for card in cards)
    assert {tab["key"] for tab in visit.data(TabPanel)["tabs"]} == set(TABS)
    shown = [json.loads(panel.data)["name"] for panel in visit.panels(ChartPanel)]
    assert shown == [chart.name for theme in ("top", "over-time") for chart in charts_of(theme)]
    levers = visit.data(LeverPanel)
    assert len(levers["levers"]) > 200
    assert "no changes yet" in visit.data(StatusPanel)["text"]


def test_a_lever_moves_the_numbers_and_can_be_undone(visit) -> None:
    assert not visit.data(HeaderPanel)["canUndo"]
    visit.ask(do="move", path="desks.counter.servers", value=2, settled=True)
    visit.until(lambda: "servers=2" in visit.data(HeaderPanel)["query"])
    visit.settle()
    cards = {card["name"]: card for card in visit.data(MeasurePanel)["measures"]}
    assert cards["wait_minutes_mean"]["verdict"] == "better"
    assert cards["wait_minutes_mean"]["change"].startswith("-")
    assert cards["wait_minutes_mean"]["changeInterval"]
    assert json.loads(visit.panels(LeverPanel)[0].values) == {"desks.counter.servers": 2.0}
    assert "desks.counter.servers=2" in visit.data(HeaderPanel)["query"]
    visit.ask(do="undo")
    visit.until(lambda: "servers=2" not in visit.data(HeaderPanel)["query"])
    visit.settle()
    assert visit.data(MeasurePanel)["measures"][0]["change"] == ""
    assert visit.data(HeaderPanel)["canRedo"]
    visit.ask(do="redo")
    visit.until(lambda: "servers=2" in visit.data(HeaderPanel)["query"])
    visit.ask(do="reset")
    visit.until(lambda: json.loads(visit.panels(LeverPanel)[0].values) == {})


def test_a_drag_is_one_step(visit) -> None:
    for value, settled in ((0.2, False), (0.4, False), (0.6, False), (0.6, True)):
        visit.ask(do="move", path="company.tracking", value=value, settled=settled)
    visit.until(lambda: "company.tracking=0.6" in visit.data(HeaderPanel)["query"])
    visit.until(lambda: visit.data(HeaderPanel)["canUndo"])
    visit.ask(do="undo")
    visit.until(lambda: "company.tracking" not in visit.data(HeaderPanel)["query"])
    assert not visit.data(HeaderPanel)["canUndo"]


def test_what_cannot_be_is_told_and_the_old_value_stays(visit) -> None:
    visit.ask(do="move", path="population.customers", value=0, settled=True)
    visit.until(lambda: "That cannot be." in visit.data(StatusPanel)["problem"])
    assert "population.customers" not in visit.data(HeaderPanel)["query"]
    visit.ask(do="move", path="company.tracking", value=0.9, settled=True)
    visit.until(lambda: visit.data(StatusPanel)["problem"] == "")


@pytest.mark.parametrize("name", list(ready_scenarios()))
def test_every_tab_of_every_world(name: str) -> None:
    visit = Visit(name, f"scenario={name}&customers=300&days=30")
    try:
        visit.settle()
        for key in TABS:
            visit.ask(do="tab", tab=key)
            visit.until(partial(visit.draws, {chart.name for chart in charts_of(key)}))
            assert all(json.loads(panel.data)["finding"] for panel in visit.panels(ChartPanel))
        visit.until(lambda: len(visit.panels(MeasurePanel)) == 2)
        table = [json.loads(panel.data) for panel in visit.panels(MeasurePanel)][-1]
        assert len(table["measures"]) == len(MEASURES)
    finally:
        visit.close()


def test_commands_and_files_are_made_when_asked_for(visit) -> None:
    assert "shared" not in visit.data(HeaderPanel)
    visit.ask(do="share", open=True)
    visit.until(lambda: "shared" in visit.data(HeaderPanel))
    told = {one["id"]: one["text"] for one in visit.data(HeaderPanel)["shared"]}
    assert told["run"].startswith("cxsim run workshop --set 'horizon=30 days'")
    assert told["complete"].startswith("format: 1")
    assert told["variant"].startswith("extends: ")


def test_dark_theme_reaches_the_charts(visit) -> None:
    visit.ask(do="theme", theme="dark")

    def paper() -> str:
        layout = json.loads(visit.panels(ChartPanel)[0].data)["figure"]["layout"]
        return str(layout["template"]["layout"]["paper_bgcolor"])

    visit.until(lambda: paper() == "#14191d")


def test_a_wrong_address_opens_the_world_and_says_so() -> None:
    visit = Visit(query="desks.nowhere.servers=3")
    try:
        assert "The address could not be followed" in visit.data(StatusPanel)["problem"]
    finally:
        visit.close()


def test_another_world_begins_without_changes(visit) -> None:
    visit.ask(do="move", path="company.tracking", value=0.9, settled=True)
    visit.ask(do="scenario", value="parcel")
    visit.until(lambda: visit.data(HeaderPanel)["scenario"] == "parcel")
    told = visit.data(HeaderPanel)
    assert told["query"] == "scenario=parcel"
    visit.ask(do="undo")
    visit.until(lambda: "company.tracking=0.9" in visit.data(HeaderPanel)["query"])


def test_closing_the_page_leaves_no_thread() -> None:
    before = {thread.ident for thread in threading.enumerate()}
    visit = Visit()
    visit.settle()
    visit.close()
    visit.workers.pool.shutdown(wait=True)

    def gone() -> bool:
        return not [thread for thread in threading.enumerate() if thread.ident not in before and "cxsim" in thread.name]

    visit.until(gone)


def test_nonsense_from_a_browser_is_told_in_a_sentence(visit) -> None:
    for nonsense in ("no json", '{"do": "customers", "value": "many"}', '{"do": "move"}', "[]", '{"do": "fly"}'):
        visit.panels(HeaderPanel)[0].asked = nonsense
        time.sleep(0.1)
    visit.until(lambda: visit.data(StatusPanel)["problem"].startswith("That did not work"))
    assert "Traceback" not in visit.data(StatusPanel)["problem"]


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
