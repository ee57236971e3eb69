"""Pictures of every page and tab, light and dark: `python -m tools.screenshots [--out screenshots]`.

Two of them (the page as it opens, light and dark) go to docs/pictures, where the README shows them.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.browser import chromium, launched, page_of, served
from tests.data.made_up import dated, order_table, saved

CHANGED = "company.tells_early=0.8&company.explains=0.8&desks.support.servers=2"

VARIANTS = (
    {"name": "one more at the desk", "desks.support.servers": "2"},
    {"name": "told early, and why", "company.tells_early": "0.8", "company.explains": "0.8"},
    {"name": "a longer promise", "touchpoints.delivery.promise.mean": "28 days"},
)


def take(folder: Path) -> None:
    """Take all pictures."""
    from playwright.sync_api import sync_playwright

    with served("parcel") as address, sync_playwright() as play, launched(play) as browser:
        for theme in ("light", "dark"):
            page = page_of(browser, f"{address}?{CHANGED}", color_scheme=theme)
            tabs = page.eval_on_selector_all(".cx-tabs button", "all => all.map(tab => tab.dataset.key)")
            for tab in tabs:
                _open_tab(page, tab)
                page.screenshot(path=folder / f"what-if-{tab}-{theme}.png", full_page=True)
            _open_tab(page, tabs[0])
            page.screenshot(path=folder / f"opened-{theme}.png")
            page.locator(".cx-button", has_text="Share").click()
            page.wait_for_timeout(600)
            page.screenshot(path=folder / f"share-{theme}.png")
            page.context.close()
            for world in ("workshop", "callcentre"):
                page = page_of(browser, f"{address}?scenario={world}", color_scheme=theme)
                _open_tab(page, "waiting")
                page.screenshot(path=folder / f"{world}-waiting-{theme}.png", full_page=True)
                _open_tab(page, "delivery")
                page.screenshot(path=folder / f"{world}-delivery-{theme}.png", full_page=True)
                page.context.close()
            _other_pages(browser, address, folder, theme)
            _journey(browser, address, folder, theme)
            page = page_of(browser, f"{address}?scenario=workshop&days=1095", color_scheme=theme)
            page.screenshot(path=folder / f"gauge-{theme}.png", full_page=True)
            page.context.close()


def _other_pages(browser: Any, address: str, folder: Path, theme: str) -> None:
    """Compare, Levers and Instruments; readings and studies are taken in the first theme and found in the second."""
    variants = "".join(f"&{urlencode({'variant': urlencode(one)})}" for one in VARIANTS)
    page = page_of(browser, f"{address}?scenario=parcel{variants}", color_scheme=theme)
    page.click(".cx-pages a[data-page=compare]")
    page.wait_for_selector(".cx-sheet tbody tr", timeout=180_000)
    page.wait_for_selector(".cx-status[data-count='8']", timeout=180_000)
    _picture(page, folder / f"compare-{theme}.png")
    page.context.close()
    page = page_of(browser, f"{address}?scenario=workshop", color_scheme=theme)
    for path, key in (("levers", "method"), ("instruments", "instrument")):
        page.click(f".cx-pages a[data-page={path}]")
        page.wait_for_selector(f"[id^=cx-{key}-]")
        choices = page.eval_on_selector_all(f"[id^=cx-{key}-]", "all => all.map(one => one.id)")
        for choice in choices:
            page.click(f"#{choice}")
            page.wait_for_timeout(600)
            if page.locator("#cx-start").count():
                page.click("#cx-start")
            page.wait_for_selector(".cx-sheet tbody tr, .cx-prose dt", timeout=900_000)
            _picture(page, folder / f"{path}-{choice.removeprefix(f'cx-{key}-')}-{theme}.png")
    page.context.close()
    _claims(browser, address, folder, theme)
    _calibrate(browser, address, folder, theme)


def _claims(browser: Any, address: str, folder: Path, theme: str) -> None:
    """The gallery and a claim that holds in part."""
    page = page_of(browser, f"{address}?scenario=workshop", color_scheme=theme)
    page.click(".cx-pages a[data-page=claims]")
    page.wait_for_selector(".cx-claim")
    _picture(page, folder / f"claims-{theme}.png")
    page.click("#cx-claim-counter-decides")
    page.wait_for_selector(".cx-sheet tbody tr")
    page.wait_for_selector(".cx-chart .main-svg")
    page.click("#cx-start")
    page.wait_for_selector(".cx-sheet[data-name=fresh]", timeout=900_000)
    _picture(page, folder / f"claims-open-{theme}.png")
    page.context.close()


def _calibrate(browser: Any, address: str, folder: Path, theme: str) -> None:
    """Figures, a search, and a made-up file with its fit."""
    page = page_of(browser, f"{address}?scenario=workshop&customers=400&days=1095", color_scheme=theme)
    page.click(".cx-pages a[data-page=calibrate]")
    for task, sheet in (("figures", "figures"), ("search", "conflicts")):
        page.click(f"#cx-task-{task}")
        page.wait_for_timeout(600)
        if page.locator("#cx-start").count():
            page.click("#cx-start")
        page.wait_for_selector(f".cx-sheet[data-name={sheet}]", timeout=900_000)
        _picture(page, folder / f"calibrate-{task}-{theme}.png")
    page.click("#cx-task-data")
    with tempfile.TemporaryDirectory() as made:
        page.set_input_files("#cx-file", saved(dated(order_table(2000)), Path(made), "orders.csv"))
        page.wait_for_selector(".cx-sheet[data-name=quality]", timeout=120_000)
    _picture(page, folder / f"calibrate-file-{theme}.png")
    page.click("#cx-start")
    page.wait_for_selector(".cx-sheet[data-name=lines]", timeout=900_000)
    _picture(page, folder / f"calibrate-data-{theme}.png")
    page.context.close()


def _journey(browser: Any, address: str, folder: Path, theme: str) -> None:
    """Journey: as it opens, a touchpoint, and a desk with a mistake in it."""
    page = browser.new_context(viewport={"width": 1280, "height": 720}, color_scheme=theme).new_page()
    page.goto(f"{address}journey?scenario=parcel")
    page.wait_for_selector(".cx-chart[data-revision] .main-svg", timeout=90_000)
    for part in ("journey", "touchpoints.delivery", "desks.support"):
        page.click(f"[id='part-{part}']")
        page.wait_for_selector(f".cx-form[data-part='{part}']")
        if part.startswith("desks"):
            page.fill("#field-desks-support-servers", "many")
            page.wait_for_selector(".cx-wrong")
        _picture(page, folder / f"journey-{part.replace('.', '-')}-{theme}.png")
    page.context.close()


def take_workshop(folder: Path) -> None:
    """A ready workshop step by step, for the projectors that are met."""
    from playwright.sync_api import sync_playwright

    sizes = (("light", 1920, 1080), ("light", 1024, 768), ("dark", 1280, 720))
    with served("whose_queue", page="workshop") as address, sync_playwright() as play, launched(play) as browser:
        for theme, width, height in sizes:
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
            page = context.new_page()
            page.goto(address)
            page.wait_for_selector(".cx-slide h2", timeout=90_000)
            if page.locator(".cx-bar:not([hidden])").count():
                page.get_by_role("button", name="Leave").click()
            _step(page, "lobby", folder / f"workshop-lobby-{width}-{theme}.png")
            for step in ("question", "predict", "levers", "run", "reveal", "lesson"):
                page.keyboard.press("PageDown")
                _step(page, step, folder / f"workshop-{step}-{width}-{theme}.png")
            context.close()


def _step(page: Any, step: str, file: Path) -> None:
    page.wait_for_selector(f".cx-slide-panel[data-step={step}]", timeout=60_000)
    drawn = {"run": ".st-play", "reveal": ".cx-chart .main-svg"}
    if step in drawn:
        page.wait_for_selector(drawn[step], timeout=600_000)
    if step == "run":
        page.keyboard.press("Space")
        page.wait_for_timeout(4000)
    if step == "predict":
        for _ in range(3):
            page.keyboard.type("12")
            page.keyboard.press("Enter")
    page.wait_for_timeout(1500)
    page.screenshot(path=file)


def _picture(page: Any, file: Path) -> None:
    page.wait_for_timeout(1200)
    page.mouse.move(0, 0)
    page.screenshot(path=file.with_stem(file.stem + "-top"))
    page.screenshot(path=file, full_page=True)


def _open_tab(page: Any, tab: str) -> None:
    page.click(f"#tab-{tab}")
    page.wait_for_selector(f'[aria-labelledby="tab-{tab}"] .cx-chart[data-revision]')
    page.wait_for_timeout(900)
    page.mouse.move(0, 0)
    page.evaluate("window.scrollTo(0, 0)")


def main() -> None:
    """Take the pictures, or say why not."""
    parser = argparse.ArgumentParser(prog="python -m tools.screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screenshots"), help="folder")
    chosen = parser.parse_args()
    if chromium() is None:
        sys.exit("no Chromium here: install Debian's package chromium, or an equal")
    chosen.out.mkdir(parents=True, exist_ok=True)
    take(chosen.out)
    take_workshop(chosen.out)
    pictures = Path(__file__).parents[1] / "docs" / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        shutil.copy(chosen.out / f"opened-{theme}.png", pictures / f"what-if-{theme}.png")
    print(f"{len(list(chosen.out.glob('*.png')))} pictures in {chosen.out}")


if __name__ == "__main__":
    main()
