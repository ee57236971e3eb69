"""A workshop in the system's Chromium by keyboard alone, with a phone in the room."""

from __future__ import annotations

import importlib.util
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("solara", reason="the interface needs the extra 'ui'")
playwright = pytest.importorskip("playwright.sync_api", reason="browser tests need the Python package playwright")

from benchmarks.browser import chromium, launched, served, watch  # noqa: E402
from tests.workshop.scripts import small, written  # noqa: E402

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium here: install Debian's package chromium, or an equal"),
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as play, launched(play) as begun:
        yield begun


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    script = written(tmp_path_factory.mktemp("workshop"), small())
    with served(str(script), "--host", "0.0.0.0", page="workshop") as begun:
        yield begun


def opened(browser: Any, address: str, **context: Any) -> Any:
    page = browser.new_context(viewport={"width": 1024, "height": 768}, **context).new_page()
    watch(page, address)
    page.goto(address)
    page.wait_for_selector(".cx-slide h2", timeout=90_000)
    return page


def at(page: Any, step: str) -> None:
    page.wait_for_selector(f".cx-slide-panel[data-step={step}]", timeout=60_000)


def faults(page: Any, context: str) -> list[Any]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    found = axe.Axe().run(page, context=context, options=RULES).response["violations"]
    return [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in found]


def test_a_workshop_by_keyboard_alone_with_a_phone_in_the_room(browser: Any, address: str) -> None:
    page = opened(browser, address)
    code = page.locator(".cx-code").inner_text().strip()
    assert "/join" in page.locator(".cx-address").inner_text()
    if importlib.util.find_spec("segno") is not None:
        assert page.locator(".cx-join img").get_attribute("src").startswith("data:image/svg")
    page.keyboard.press("PageDown")
    at(page, "question")
    assert page.locator(".cx-top").is_hidden()
    assert page.evaluate("document.activeElement.tagName") == "H2"
    phone = browser.new_context(viewport={"width": 390, "height": 800}).new_page()
    bare = address.partition("?")[0]
    assert phone.goto(bare).status == 401
    phone.goto(bare.removesuffix("workshop") + f"join?code={code}")
    assert faults(phone, "body") == []
    phone.get_by_role("button", name="Join").click()
    phone.wait_for_selector("text=You are in.")
    page.keyboard.press("ArrowRight")
    at(page, "predict")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.cx-total').textContent === '1'")
    phone.get_by_label("A number from").fill("-2")
    phone.get_by_role("button", name="Send").click()
    phone.wait_for_selector("text=Your prediction: -2")
    page.wait_for_function("document.querySelector('.cx-total').textContent === '2'")
    page.keyboard.press("PageDown")
    at(page, "levers")
    page.keyboard.press("PageDown")
    at(page, "run")
    page.wait_for_selector(".st-play", timeout=120_000)
    before = page.locator(".st-play").inner_text()
    page.keyboard.press("Space")
    page.wait_for_function(f"document.querySelector('.st-play').textContent !== {before!r}")
    page.keyboard.press("r")
    at(page, "reveal")
    page.wait_for_selector(".cx-chart .main-svg", timeout=60_000)
    assert "predictions, 2 of them" in page.locator(".cx-chart").first.inner_text()
    page.keyboard.press("b")
    assert page.locator(".cx-black").is_visible()
    page.keyboard.press("b")
    page.keyboard.press("PageDown")
    at(page, "lesson")
    page.keyboard.press("n")
    page.wait_for_selector(".cx-notes-box")
    for _ in range(2):
        page.keyboard.press("PageDown")
    at(page, "predict")
    page.keyboard.press("2")
    page.wait_for_function("document.querySelector('.cx-total').textContent === '1'")
    page.keyboard.press("Backspace")
    page.wait_for_function("document.querySelector('.cx-total').textContent === '0'")
    page.reload()
    at(page, "predict")
    for step in ("run", "reveal", "lesson", "end"):
        page.keyboard.press("PageDown")
        at(page, step)
        if step == "reveal":  # what is not lived yet is in no slides
            page.wait_for_selector(".cx-chart .main-svg", timeout=120_000)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Session (JSON)").click()
    data = json.loads(Path(saved.value.path()).read_text())
    assert [one["value"] for one in data["predictions"]] == [3.0, -2.0]
    if page.get_by_role("link", name="Slides").count():
        pptx = pytest.importorskip("pptx")
        with page.expect_download() as saved:
            page.get_by_role("link", name="Slides").click()
        assert len(pptx.Presentation(io.BytesIO(Path(saved.value.path()).read_bytes())).slides) == 8
    assert page.told == [], "nothing fails, and nothing goes to other hosts"
    phone.context.close()
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_step_can_be_read(browser: Any, address: str, theme: str) -> None:
    page = opened(browser, address, color_scheme=theme)
    page.wait_for_function(f"document.documentElement.dataset.cxTheme === {theme!r}")
    if page.locator(".cx-bar:not([hidden])").count():
        page.get_by_role("button", name="Leave").click()
    at(page, "lobby")
    for step in ("lobby", "question", "predict", "levers", "run", "reveal", "lesson"):
        at(page, step)
        if step == "reveal":
            page.wait_for_selector(".cx-chart .main-svg", timeout=60_000)
        page.wait_for_timeout(500)
        assert faults(page, ".cx") == [], step
        wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert page.evaluate(wide), f"{step} fits the width"
        page.keyboard.press("PageDown")
    page.context.close()
