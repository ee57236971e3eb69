"""The page Claims without a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("solara", reason="the interface needs the extra 'ui'")


from cxsim.evidence.claims.judging import worlds_of
from cxsim.evidence.claims.registry import CLAIMS, THEMES
from cxsim.evidence.claims.saved import recorded
from cxsim.ui.claim_worlds import setup_of
from cxsim.ui.claims import Claims
from cxsim.ui.gallery import TOPICS, size
from cxsim.ui.setup import read_query
from cxsim.ui.widgets import ChartPanel, ClaimPanel, GalleryPanel, HeaderPanel, SheetPanel, StatusPanel
from tests.ui.pages import DrawnPage


class Page(DrawnPage):
    """The page Claims."""

    def drawn(self) -> Any:
        self.state = self.visit.gallery
        return Claims(self.visit)

    def ask(self, **message: Any) -> None:
        self.state.told(json.dumps(message))

    def cards(self) -> list[dict[str, Any]]:
        return [card for panel in self.panels(GalleryPanel) for card in panel["cards"]]


@pytest.fixture
def page() -> Iterator[Page]:
    begun = Page()
    yield begun
    begun.close()


def test_every_claim_has_a_card_with_its_recorded_verdict(page: Page) -> None:
    cards, stored = {card["id"]: card for card in page.cards()}, recorded()["claims"]
    assert list(cards) == list(CLAIMS)
    for name, card in cards.items():
        assert card["verdict"] == stored[name]["verdict"]
        assert card["question"] == CLAIMS[name].question
        assert CLAIMS[name].source in card["notes"][2]
        told = 0.0 if card["effect"].startswith("about 0 ") else float(card["effect"].split()[0])
        assert told == pytest.approx(stored[name]["parts"][0]["effect"], rel=6e-3, abs=1e-4 if told == 0 else 0)
        assert all(0 <= dot["mean"] <= 100 for row in card["picture"]["rows"] for dot in row["dots"])
        assert card["picture"]["rows"], name
        assert f"claim={name}" in card["address"]


def test_filters_go_by_theme_and_verdict_and_are_in_the_address(page: Page) -> None:
    page.ask(do="topic", value="the-market")
    page.until(lambda: [card["id"] for card in page.cards()] == [one.id for one in THEMES[TOPICS["the-market"]]])
    page.ask(do="verdict", value="does not hold")
    page.until(lambda: [card["id"] for card in page.cards()] == ["initiatives-22"])
    page.until(lambda: page.panels(HeaderPanel)[0]["state"] == {"topic": "the-market", "verdict": "does not hold"})
    page.ask(do="topic", value="no such theme")
    page.ask(do="verdict", value="marvellous")
    assert page.state.state == {"topic": "the-market", "verdict": "does not hold"}


def test_an_open_claim_is_in_the_address_and_an_unknown_one_is_told() -> None:
    page = Page("claim=counter-decides&luck=2")
    try:
        opened = page.panels(ClaimPanel)[0]
        assert opened["verdict"] == "holds in part"
        assert opened["finding"] == CLAIMS["counter-decides"].finding
        assert opened["command"] == "cxsim claims counter-decides --seed 2"
        tables = {sheet["name"]: sheet for sheet in page.panels(SheetPanel)}
        assert [row[4] for row in tables["parts"]["rows"]] == ["does not hold", "holds", "holds"]
        assert [row[0] for row in tables["worlds"]["rows"]] == list(CLAIMS["counter-decides"].variants)
        assert page.panels(ChartPanel)[0]["finding"]
        page.ask(do="claim", value="")
        page.until(lambda: len(page.cards()) == len(CLAIMS))
    finally:
        page.close()
    page = Page("claim=nonsense")
    try:
        assert "no claim 'nonsense'" in page.panels(StatusPanel)[0]["problem"]
    finally:
        page.close()


QUICK = ("moments-of-truth", "patience-differs")


@pytest.mark.parametrize("name", [pytest.param(one, marks=() if one in QUICK else pytest.mark.slow) for one in CLAIMS])
def test_its_worlds_on_what_if_are_those_it_lives(name: str) -> None:
    claim = CLAIMS[name]
    lived = {world: scenario.digest() for world, scenario in worlds_of(claim).items()}
    for world in list(claim.variants)[:4]:
        setup = setup_of(claim, world)
        assert setup.variant.digest() == lived[world], world
        assert {told.digest() for told in setup.worlds.values()} <= {setup.base.digest(), *lived.values()}
    again = read_query(setup_of(claim).query, setup_of(claim))
    assert again.variant.digest() in lived.values()


def test_a_claim_is_taken_to_what_if_and_can_be_undone(page: Page) -> None:
    page.ask(do="claim", value="upstream-breakdown")
    page.until(lambda: page.panels(ClaimPanel))
    before = page.visit.session.setup.value
    page.ask(**page.panels(ClaimPanel)[0]["take"])
    assert page.visit.session.setup.value == before  # it waits for the page that it is for
    page.visit.session.start()
    now = page.visit.session.setup.value
    page.visit.session.pause()
    assert now.changes == {"desks.support.servers": "2"}
    assert [one.name for one in now.variants] == ["two servers", "half the failures"]
    page.visit.session.undo()
    assert page.visit.session.setup.value.name == before.name


@pytest.mark.slow
def test_a_run_asked_for_stands_beside_the_recorded_one() -> None:
    page = Page("claim=factors-differ&luck=2025")
    try:
        page.ask(do="run")
        page.until(lambda: page.panels(StatusPanel)[0]["running"])
        page.until(lambda: any(sheet["name"] == "fresh" for sheet in page.panels(SheetPanel)))
        fresh = next(sheet for sheet in page.panels(SheetPanel) if sheet["name"] == "fresh")
        assert fresh["title"] == "Lived now: holds (as recorded)"
        assert all(row[1] == row[3] and row[2] == row[4] for row in fresh["rows"])
        page.ask(do="luck", value="1")
        page.until(lambda: not any(sheet["name"] == "fresh" for sheet in page.panels(SheetPanel)))
    finally:
        page.close()


def test_size_of_a_run_counts_shared_worlds_once() -> None:
    assert size("factors-differ") == 8
