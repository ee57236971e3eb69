"""Pictures of every page and tab, light and dark: `python -m tools.screenshots [--out screenshots]`.

Two of them (the page as it opens, light and dark) go to docs/pictures, where the README shows them.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import Any

from benchmarks.browser import chromium, launched, page_of, served

CHANGED = "company.tells_early=0.8&company.explains=0.8&desks.support.servers=2"


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
            page = page_of(browser, f"{address}?scenario=workshop&days=1095", color_scheme=theme)
            page.screenshot(path=folder / f"gauge-{theme}.png", full_page=True)
            page.context.close()


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
    pictures = Path(__file__).parents[1] / "docs" / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    for theme in ("light", "dark"):
        shutil.copy(chosen.out / f"opened-{theme}.png", pictures / f"what-if-{theme}.png")
    print(f"{len(list(chosen.out.glob('*.png')))} pictures in {chosen.out}")


if __name__ == "__main__":
    main()
