"""The stage: what is sent, what is picked, and that the browser draws everybody where the log has them."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

pytest.importorskip("solara", reason="the interface needs the extra 'ui'")

import solara

from benchmarks.browser import chromium, launched
from benchmarks.stage import open_stage, served_stage, worlds_of
from cxsim.results.result import Result
from cxsim.results.tracks import SECONDS_PER_DAY, position, tracks_of
from cxsim.scenario.errors import ScenarioError
from cxsim.ui.stage import Stage, stage_data
from cxsim.ui.widgets import StagePanel

SMALL = ("workshop", 60, 30)
in_browser = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium here: install Debian's package chromium, or an equal"),
]


@pytest.fixture(scope="module")
def worlds() -> dict[str, Result]:
    return worlds_of(*SMALL, 2)


def test_lists_arrive_as_they_were(worlds: dict[str, Result]) -> None:
    data = pickle.loads(pickle.dumps(stage_data(worlds)))
    shown = data["plain"]["worlds"]
    assert [one["name"] for one in shown] == list(worlds)
    numbers = []
    for told, result in zip(shown, worlds.values(), strict=True):

        def read(name: str, told: Any = told) -> Any:
            kind, offset, length = told["lists"][name]
            return np.frombuffer(data["tracks"], dtype="<" + kind, count=length, offset=offset)

        tracks = tracks_of(result, read("numbers").tolist())
        assert all((read(name) == getattr(tracks, name)).all() for name in told["lists"])
        numbers.append(read("numbers").tolist())
    assert numbers[0] == numbers[1], "the same customers in both worlds"
    json.dumps(data["plain"])


def test_nobody_to_show_is_told_in_a_sentence(worlds: dict[str, Result]) -> None:
    result = next(iter(worlds.values()))
    for given in ({}, {"one": result, "two": result, "three": result}):
        with pytest.raises(ScenarioError, match="the stage shows one or two"):
            stage_data(given)
    with pytest.raises(ScenarioError, match="nobody was followed"):
        stage_data({"one": result}, [10**6])


def test_a_picked_customer_is_told_of_in_both_worlds(worlds: dict[str, Result]) -> None:
    heard: list[tuple[int, str]] = []
    _, drawn = solara.render(Stage(worlds, on_picked=lambda who, world: heard.append((who, world))), handle_error=False)
    panel = drawn.find(StagePanel).widgets[0]
    assert panel.story == ""
    names = list(worlds)
    for nonsense in ({"do": "pick", "customer": 10**6, "world": names[0]}, {"do": "pick", "customer": 3, "world": "?"}):
        panel.asked = json.dumps(nonsense)
    assert heard == []
    panel.asked = json.dumps({"do": "pick", "customer": 3, "world": names[1], "sent": 1})
    assert heard == [(3, names[1])]
    told = json.loads(panel.story)
    assert told["customer"] == 3
    assert [names[1] in one["title"] for one in told["stories"]] == [True, False]
    panel.asked = json.dumps({"do": "pick", "customer": None, "world": names[1], "sent": 2})
    assert panel.story == ""
    drawn.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="browser tests need the package playwright")
    with playwright.sync_playwright() as play, launched(play) as begun:
        yield begun


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served_stage(*SMALL, 2) as begun:
        yield begun


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    begun = open_stage(browser, address)
    yield begun
    assert begun.told == [], "nothing fails, and nothing goes to other hosts"
    begun.context.close()


def day(page: Any) -> float:
    return float(page.evaluate("document.querySelector('.cx-stage').stage.now()")) / SECONDS_PER_DAY


class TestInTheBrowser:
    pytestmark = in_browser

    def test_everybody_is_drawn_where_the_log_has_them(self, page: Any, worlds: dict[str, Result]) -> None:
        numbers = np.frombuffer(stage_data(worlds)["tracks"], dtype="<i4", count=50)
        rng = np.random.default_rng(7)
        busy = np.concatenate([tracks_of(result).stay_begin for result in worlds.values()])
        instants = [*rng.uniform(0, 30 * SECONDS_PER_DAY, 20), *(rng.choice(busy[busy > 0], 20) + 40.0)]
        ask = """([days, numbers]) => {
          const stage = document.querySelector('.cx-stage').stage;
          return days.map((day) => {
            stage.seek(day);
            return [0, 1].map((world) => numbers.map((number) => stage.where(world, number)));
          });
        }"""
        glide = page.evaluate("document.querySelector('.cx-stage').stage.glide()")
        drawn = page.evaluate(ask, [[float(at) / SECONDS_PER_DAY for at in instants], numbers.tolist()])
        moving = queueing = 0
        for world, result in enumerate(worlds.values()):
            tracks = tracks_of(result, _shown(worlds))
            for place, at in enumerate(instants):
                for who, told in zip(numbers.tolist(), drawn[place][world], strict=True):
                    expected = position(tracks, who, at, glide)
                    for name, value in expected._asdict().items():
                        if name == "lead" and np.isnan(value):
                            assert told[name] is None
                        else:
                            assert told[name] == pytest.approx(value, abs=1e-6), (who, at, name)
                    moving += expected.share > 0
                    queueing += expected.state == 3
        assert moving > 20
        assert queueing > 0

    def test_keys_alone_are_enough(self, page: Any) -> None:
        page.evaluate(
            "document.addEventListener('keydown', (e) => { window.heard = (window.heard || 0) + (e.key !== 'Shift'); })"
        )
        page.locator(".cx-stage").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+ArrowRight")
        assert day(page) == pytest.approx(8)
        page.keyboard.press("ArrowLeft")
        assert day(page) == pytest.approx(7)
        before = page.inner_text(".st-pace")
        page.keyboard.press("-")
        assert page.inner_text(".st-pace") != before
        page.keyboard.press(" ")
        page.wait_for_function("document.querySelector('.cx-stage').dataset.playing === 'true'")
        page.wait_for_timeout(600)
        page.keyboard.press(" ")
        assert day(page) > 7.05
        page.keyboard.press("End")
        assert day(page) == pytest.approx(30)
        assert page.evaluate("window.heard || 0") == 0, "a page may have keys of its own"
        assert "customers" in page.inner_text(".st-spoken")
        page.select_option(".st-picks", index=1)
        page.wait_for_selector(".st-story li")
        page.locator(".cx-stage").focus()
        page.keyboard.press("Escape")
        page.wait_for_selector(".st-story", state="hidden")

    def test_a_click_on_a_dot_picks_it_in_both_worlds(self, page: Any, worlds: dict[str, Result]) -> None:
        who = stage_data(worlds)["plain"]["picks"][0]["customer"]
        x, y = page.evaluate(f"() => {{ const it = document.querySelector('.cx-stage').stage; it.seek(0.1);"
                             f" return it.spot(1, {who}); }}")  # fmt: skip
        page.locator(".st-canvas canvas[role=img]").nth(1).click(position={"x": x, "y": y})
        page.wait_for_selector(".st-story section:nth-of-type(2)")
        page.wait_for_function(f"document.querySelector('#told').innerText === '{who} in {list(worlds)[1]}'")
        titles = page.locator(".st-story h3").all_inner_texts()
        assert [str(who) in title for title in titles] == [True, True]
        page.locator(".st-story li button").first.click()
        dated = page.locator(".st-story li button").first.inner_text()
        assert dated.startswith(f"day {int(day(page))} ")

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_contrast_and_labels(self, browser: Any, address: str, theme: str) -> None:
        axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
        page = open_stage(browser, f"{address}?{theme}")
        page.select_option(".st-picks", index=1)
        page.wait_for_selector(".st-story li")
        options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
        found = axe.Axe().run(page, context=".cx-stage", options=options).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in found] == []
        page.context.close()

    def test_less_motion_where_it_is_wished(self, browser: Any, address: str) -> None:
        page = open_stage(browser, address, reduced_motion="reduce")
        assert page.evaluate("document.querySelector('.cx-stage').stage.glide()") == 0
        page.click(".st-play")
        page.wait_for_timeout(2600)
        page.click(".st-play")
        assert day(page) in (1, 2, 3), "whole steps"
        page.context.close()


def _shown(worlds: dict[str, Result]) -> list[int]:
    data = stage_data(worlds)
    _, offset, length = data["plain"]["worlds"][0]["lists"]["numbers"]
    return np.frombuffer(data["tracks"], dtype="<i4", count=length, offset=offset).tolist()
