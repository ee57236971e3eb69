"""From a moved lever to new numbers and visible charts, in a real browser: `python -m benchmarks.lever [--json]`.

The page of 2,000 customers and one year, with its baseline known; a slider is moved by the keyboard as a visitor does
it. Timed in the browser, from the slider's event to the moment when the measures and every chart in view show the new
world. Moves go to values not seen before, so that nothing comes from the kept runs.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys

from benchmarks.rows import BARS, row

BAR_SECONDS = BARS["lever_to_charts"].number
_MOVED = """() => {
  const slider = document.querySelector('[data-path="company.tells_early"] input[type=range]');
  const wanted = (new URL(location.href)).searchParams.get('company.tells_early');
  const view = (node) => { const box = node.getBoundingClientRect(); return box.height > 0 && box.top < innerHeight; };
  const cards = document.querySelector('[data-measure=satisfaction]').closest('[data-revision]').dataset.revision;
  const charts = [...document.querySelectorAll('.cx-chart')].filter(view).map((chart) => chart.dataset.revision);
  const shows = (revision) => revision && new URLSearchParams(revision.split(' ').slice(1).join(' '))
    .get('company.tells_early') === String(Number((slider.value / 100).toPrecision(10)));
  return wanted !== null && shows(cards) && charts.length > 0 && charts.every(shows);
}"""


def measure(moves: int) -> list[float]:
    """Seconds of each move."""
    from playwright.sync_api import sync_playwright

    from benchmarks.browser import launched, page_of, served

    seconds = []
    with served("parcel") as address, sync_playwright() as play, launched(play) as browser:
        page = page_of(browser, address)
        slider = page.locator('[data-path="company.tells_early"] input[type=range]')
        for number in range(moves + 1):
            page.wait_for_function("document.querySelector('.cx-status').dataset.running === 'false'")
            page.wait_for_timeout(300)
            slider.focus()
            page.keyboard.press("ArrowRight")
            page.wait_for_function(_MOVED, polling="raf", timeout=20_000)
            taken = page.evaluate("(performance.now() - window.cxMoved) / 1000")
            if number:  # the first move warms up
                seconds.append(float(taken))
    return seconds


def main() -> None:
    """Measure, print, and exit with 1 if the bar does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lever", description=__doc__)
    parser.add_argument("--moves", type=int, default=15, help="moves; the median counts")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    chosen = parser.parse_args()
    seconds = measure(chosen.moves)
    median = statistics.median(seconds)
    line = row("lever_to_charts", 2_000, median, "s")
    if chosen.json:
        print(json.dumps([line], indent=2))
    else:
        print(f"lever moved to new numbers and visible charts, 2,000 customers, one year: median {median:.3f} s "
              f"({min(seconds):.3f} to {max(seconds):.3f}, {len(seconds)} moves); bar {BAR_SECONDS} s: "
              f"{'holds' if line['holds'] else 'does NOT hold'}")  # fmt: skip
    if not line["holds"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
