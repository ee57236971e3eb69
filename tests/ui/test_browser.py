"""The page in the system's Chromium, against a server started as a user starts it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("solara", reason="the interface needs the extra 'ui'")
playwright = pytest.importorskip("playwright.sync_api", reason="browser tests need the Python package playwright")

from benchmarks.browser import chromium, launched, page_of, served, watch  # noqa: E402
from cxsim.charts.catalogue import TABS  # noqa: E402
from tests.data.made_up import dated, order_table, saved  # noqa: E402

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(chromium() is None, reason="no Chromium here: install Debian's package chromium, or an equal"),
]
RUNNING = "document.querySelector('.cx-status')?.dataset.running === 'true'"
SETTLED = "document.querySelector('.cx-status').dataset.running === 'false'"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as play, launched(play) as begun:
        yield begun


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served("workshop") as begun:
        yield begun


@pytest.fixture
def page(browser: Any, address: str) -> Iterator[Any]:
    begun = page_of(browser, address)
    yield begun
    assert begun.told == [], "nothing fails, and nothing goes to other hosts"
    begun.context.close()


def slider(page: Any, path: str) -> Any:
    return page.locator(f'[data-path="{path}"] input[type=range]')


def card(page: Any, measure: str, part: str = "value") -> str:
    return str(page.locator(f"[data-measure={measure}].cx-card .cx-{part}").inner_text())


def settle(page: Any, query: str) -> None:
    """Wait until the numbers are those of an address that holds this."""
    page.wait_for_function(
        f"[...document.querySelectorAll('[data-revision]')].every(part => part.dataset.revision.includes({query!r}))"
        f" && {SETTLED}",
        timeout=60_000,
    )


def test_every_tab_draws_and_nothing_leaves_this_machine(page: Any) -> None:
    for key, label in TABS.items():
        page.get_by_role("tab", name=label, exact=True).click()
        page.wait_for_selector(f'[aria-labelledby="tab-{key}"] .cx-chart[data-revision]')
    assert page.locator(".cx-table tbody tr").count() > 30


def test_a_moved_lever_changes_numbers_and_address_and_a_link_restores_them(page: Any, browser: Any) -> None:
    before = card(page, "wait_minutes_mean")
    slider(page, "desks.counter.servers").focus()
    page.keyboard.press("ArrowRight")
    settle(page, "desks.counter.servers=2")
    after = card(page, "wait_minutes_mean")
    assert float(after) < float(before)
    assert "better" in card(page, "wait_minutes_mean", "verdict")
    assert "desks.counter.servers=2" in page.url
    other = page_of(browser, page.url)
    settle(other, "desks.counter.servers=2")
    assert card(other, "wait_minutes_mean") == after
    assert other.locator('[data-path="desks.counter.servers"]').get_attribute("class") == "cx-lever cx-moved"
    other.context.close()
    page.keyboard.press("Control+z")
    page.wait_for_function("!location.search.includes('servers')")
    page.wait_for_function(
        f"({before!r}) === document.querySelector('[data-measure=wait_minutes_mean] .cx-value').innerText"
    )
    page.keyboard.press("Control+Shift+z")
    page.wait_for_function("location.search.includes('servers=2')")


def test_two_browsers_do_not_see_each_other(page: Any, browser: Any, address: str) -> None:
    other = page_of(browser, address)
    before = other.locator(".cx-cards").inner_text()
    slider(page, "desks.counter.servers").focus()
    page.keyboard.press("ArrowRight")
    settle(page, "desks.counter.servers=2")
    other.wait_for_timeout(500)
    assert other.locator(".cx-cards").inner_text() == before
    assert "servers" not in other.url
    assert other.locator(".cx-changed").inner_text().startswith("Nothing changed")
    other.context.close()


def test_dragging_answers_and_ends_as_one_step(page: Any) -> None:
    track = slider(page, "company.tracking")
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    track.evaluate("slider => slider.addEventListener('change', () => { window.dragged = slider.value; })")
    page.mouse.move(box["x"] + 9, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(30):
        page.mouse.move(box["x"] + 9 + step * 5, box["y"] + box["height"] / 2)
        page.wait_for_timeout(15)
    page.mouse.up()
    settle(page, f"company.tracking={float(page.evaluate('window.dragged')) / 100:g}")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("!location.search.includes('tracking')")
    assert page.get_by_role("button", name="Undo").is_disabled()


def test_long_work_shows_progress_and_can_be_stopped(browser: Any, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}?scenario=parcel&customers=10000&days=1095")
    page.wait_for_function(RUNNING, timeout=60_000)
    page.wait_for_selector(".cx-status progress")
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector(".cx-status button:has-text('Go on')", timeout=30_000)
    page.close()


def test_the_keyboard_alone_is_enough(page: Any) -> None:
    page.keyboard.press("Tab")
    reached = []
    for _ in range(14):
        reached.append(
            page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.tagName")
        )
        page.keyboard.press("Tab")
    assert "World" in reached
    assert "Search all levers" in reached
    page.get_by_label("Search all levers").focus()
    page.keyboard.type("servers counter")
    page.wait_for_function("document.querySelectorAll('.cx-lever').length < 10")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "range":
            break
    page.keyboard.press("ArrowRight")
    settle(page, "desks.counter.servers=2")
    page.locator("#tab-over-time").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector('[aria-labelledby="tab-expectations"]')
    page.locator("[data-measure=satisfaction].cx-card summary").focus()
    page.keyboard.press("Enter")
    told = page.locator("[data-measure=satisfaction].cx-card .cx-why-text")
    assert "Mean cumulative satisfaction" in told.inner_text()
    page.keyboard.press("Escape")
    assert not told.is_visible()
    page.get_by_role("button", name="Share").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#cx-text-run")
    assert "--set desks.counter.servers=2" in page.locator("#cx-text-run").input_value()
    page.keyboard.press("Escape")
    assert not page.locator(".cx-dialog").is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_and_labels(browser: Any, address: str, theme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    page = page_of(browser, f"{address}?company.tracking=0.5", color_scheme=theme)
    page.wait_for_function(f"document.documentElement.dataset.cxTheme === {theme!r}")
    page.wait_for_timeout(1000)
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
    for key in TABS:
        page.click(f"#tab-{key}")
        page.wait_for_selector(f'[aria-labelledby="tab-{key}"] .cx-chart[data-revision]')
        page.wait_for_timeout(300)
        found = axe.Axe().run(page, context=".cx", options=options).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in found] == [], key
    page.get_by_role("button", name="Share").click()
    page.wait_for_selector("#cx-text-complete")
    found = axe.Axe().run(page, context=".cx-dialog", options=options).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in found] == []
    page.context.close()


def test_a_lost_connection_says_so_and_comes_back(browser: Any, address: str) -> None:
    page = page_of(browser, address)
    lost = "document.body.innerText.includes('disconnected')"
    page.context.set_offline(True)
    page.evaluate("solara.debug && solara.debug.dropConnection && solara.debug.dropConnection()")
    page.wait_for_function(lost, timeout=30_000)
    page.context.set_offline(False)
    page.wait_for_function(f"!({lost})", timeout=60_000)
    slider(page, "desks.counter.servers").focus()
    page.keyboard.press("ArrowRight")
    settle(page, "desks.counter.servers=2")
    page.context.close()


VARIANT = "variant=name%3Dtwo%26desks.counter.servers%3D2"


def table(page: Any, name: str) -> None:
    """Wait until a table of this name is there."""
    page.wait_for_selector(f'.cx-sheet[data-name="{name}"] tbody tr', timeout=180_000)


def test_compare_from_changes_to_a_copied_table(page: Any, browser: Any) -> None:
    slider(page, "desks.counter.servers").focus()
    page.keyboard.press("ArrowRight")
    settle(page, "desks.counter.servers=2")
    page.get_by_role("button", name="add as variant").click()
    page.get_by_role("link", name="Compare (2)").click()
    table(page, "compare")
    page.wait_for_function("document.querySelector('.cx-status').dataset.count === '8'", timeout=60_000)
    assert "/compare?" in page.url
    assert page.locator(".cx-chart[data-revision]").count() == 3
    wait = page.locator('.cx-sheet tbody tr:has(th:text-is("Mean wait")) td[data-verdict]').first.inner_text()
    assert wait.startswith("-")
    assert "better" in wait
    name = page.get_by_label("Name of variant A")
    name.fill("one more at the counter")
    name.press("Enter")
    page.wait_for_selector("th:has-text('A: one more at the counter')")
    other = page_of(browser, page.url)
    table(other, "compare")
    assert other.locator(".cx-sheet thead").inner_text() == page.locator(".cx-sheet thead").inner_text()
    other.context.close()
    page.get_by_role("button", name="Share").click()
    page.wait_for_selector("#cx-text-experiment")
    assert "one more at the counter" in page.locator("#cx-text-experiment").input_value()
    page.keyboard.press("Escape")
    page.go_back()
    page.wait_for_selector(".cx-levers")
    assert "one+more" in page.url or "one%2Bmore" in page.url
    assert page.get_by_role("button", name="Undo").is_enabled()


def test_a_reading_outlives_a_reload_and_can_be_stopped(page: Any, address: str) -> None:
    page.get_by_role("link", name="Instruments").click()
    page.click("#cx-instrument-dimensions")
    page.get_by_role("button", name="Take the reading").click()
    page.wait_for_selector(".cx-status button:has-text('Stop')")
    page.reload()
    page.wait_for_selector(".cx-sheet tbody tr", timeout=180_000)
    page.click("#cx-instrument-start-small")
    page.get_by_role("button", name="Take the reading").click()
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector(".cx-status button:has-text('Begin again')", timeout=60_000)


def test_a_setting_that_matters_goes_to_what_if(page: Any) -> None:
    page.get_by_role("link", name="Levers", exact=True).click()
    page.wait_for_selector("#cx-start")
    while page.locator(".cx-checks input:checked").count() > 2:
        page.locator(".cx-checks input:checked").nth(2).uncheck()
    page.wait_for_selector("text=2 levers, 5 settings, 40 runs.")
    page.click("#cx-start")
    table(page, "tornado")
    page.get_by_role("button", name="on What if").first.click()
    page.wait_for_selector(".cx-moved", timeout=30_000)
    page.wait_for_timeout(2500)  # a panel that never loads is told after two seconds


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_and_labels_of_every_page(browser: Any, address: str, theme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
    page = page_of(browser, f"{address}?{VARIANT}", color_scheme=theme)
    pages = (("Compare (2)", "compare"), ("Instruments", ""), ("Levers", ""), ("Claims", ""), ("Calibrate", ""))
    for name, sheet in pages:
        page.get_by_role("link", name=name, exact=True).click()
        if sheet:
            table(page, sheet)
        page.wait_for_timeout(1000)
        found = axe.Axe().run(page, context=".cx", options=options).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in found] == [], name
    page.click("#cx-task-data")
    page.wait_for_selector("#cx-file")
    found = axe.Axe().run(page, context=".cx", options=options).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in found] == []
    page.click(".cx-pages a[data-page=claims]")
    page.click("#cx-claim-counter-decides")
    table(page, "parts")
    page.wait_for_selector(".cx-chart .main-svg")
    found = axe.Axe().run(page, context=".cx", options=options).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in found] == []
    page.click(".cx-pages a[data-page=instruments]")
    page.click("#cx-instrument-scorecard")
    if theme == "light":  # the other theme finds it taken
        page.get_by_role("button", name="Take the reading").click()
    table(page, "steps")
    page.wait_for_timeout(500)
    found = axe.Axe().run(page, context=".cx", options=options).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in found] == []
    assert page.told == []
    page.context.close()


def editor(browser: Any, address: str, **context: Any) -> Any:
    """The page Journey, once it shows form, text and graph."""
    page = browser.new_context(viewport={"width": 1280, "height": 720}, **context).new_page()
    watch(page, address)
    page.goto(f"{address}journey?scenario=workshop")
    page.wait_for_selector(".cx-form .cx-field", timeout=60_000)
    page.wait_for_selector(".cx-chart[data-revision] .main-svg", timeout=60_000)
    page.wait_for_function("document.querySelector('#cx-yaml').value.includes('name: workshop')")
    return page


def test_the_journey_is_edited_by_forms_text_and_keyboard(browser: Any, address: str, tmp_path: Path) -> None:
    page = editor(browser, address)
    text = "document.querySelector('#cx-yaml').value"
    page.locator("#part-desks\\.counter").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".cx-form[data-part='desks.counter']")
    servers = page.get_by_label("Servers", exact=True)
    servers.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("many")
    page.wait_for_selector("#field-desks-counter-servers-problem:has-text(\"Read 'many'; allowed: a number.\")")
    assert "workshop.yaml, line" in page.locator(".cx-problems").inner_text()
    assert page.locator("#cx-do-use").is_disabled()
    page.keyboard.press("Control+a")
    page.keyboard.type("3")
    page.wait_for_function(f"{text}.includes('servers: 3')")
    page.wait_for_function("document.querySelectorAll('.cx-problems li').length === 0")
    page.locator("#cx-yaml").focus()
    page.evaluate(f"document.querySelector('#cx-yaml').setSelectionRange({text}.indexOf('servers: 3') + 9, "
                  f"{text}.indexOf('servers: 3') + 10)")  # fmt: skip
    page.keyboard.type("4")
    page.wait_for_function("document.querySelector('#field-desks-counter-servers').value === '4'")
    page.locator("#part-journey").focus()
    page.keyboard.press("Control+z")
    page.wait_for_function(f"{text}.includes('servers: 3')")
    page.wait_for_function("location.search.includes('draft=')")
    page.evaluate("window.scrollTo(0, 0)")
    spot = page.locator(".cx-chart .scatterlayer .trace").nth(1).locator("path.point").first.bounding_box()
    page.mouse.click(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    page.wait_for_function("document.querySelector('.cx-form').dataset.part.startsWith('touchpoints.')")
    file = tmp_path / "own.yaml"
    file.write_text("extends: parcel\nname: own\ndesks:\n  support: {servers: 5}\n")
    page.locator(".cx-text input[type=file]").set_input_files(file)
    page.wait_for_selector("#part-touchpoints\\.delivery")
    (tmp_path / "odd.yaml").write_bytes(b"\xff\xfe\x00\x01" * 100)
    page.locator(".cx-text input[type=file]").set_input_files(tmp_path / "odd.yaml")
    page.wait_for_selector(".cx-text .cx-problem:has-text('is not text in UTF-8')")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as file").first.click()
    assert saved.value.suggested_filename == "own.yaml"
    assert Path(saved.value.path()).read_text() == file.read_text()
    page.click("#cx-do-use")
    page.wait_for_function("document.querySelector('#cx-do-use').disabled")
    page.reload()
    page.wait_for_function("document.querySelector('#cx-yaml')?.value.includes('name: own')", timeout=60_000)
    page.click(".cx-pages a[data-page='']")
    page.wait_for_selector(".cx-levers .cx-group", timeout=60_000)
    assert "edited=" in page.url
    assert page.locator("[data-path='desks.support.servers'] input[type=number]").count() == 1
    assert page.told == []
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_and_labels_of_the_journey_page(browser: Any, address: str, theme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    page = editor(browser, address, color_scheme=theme)
    page.wait_for_function(f"document.documentElement.dataset.cxTheme === {theme!r}")
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
    for path in ("journey", "touchpoints.repair", "desks.counter", "company", "rules"):
        page.click(f"[id='part-{path}']")
        page.wait_for_selector(f".cx-form[data-part='{path}']")
        if path == "desks.counter":
            page.fill("#field-desks-counter-servers", "many")
            page.wait_for_selector(".cx-wrong")
        page.wait_for_timeout(500)
        found = axe.Axe().run(page, context=".cx", options=options).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in found] == [], path
    assert page.told == []
    page.context.close()


def test_a_claim_goes_by_keyboard_from_its_card_to_what_if(page: Any) -> None:
    page.get_by_role("link", name="Claims", exact=True).click()
    page.click("#cx-verdict-holds\\ in\\ part")
    page.wait_for_function("document.querySelectorAll('.cx-claim').length === 9")
    page.focus("#cx-claim-counter-decides")
    page.keyboard.press("Enter")
    table(page, "worlds")
    page.wait_for_function("document.activeElement.tagName === 'H2'")
    assert "claim=counter-decides" in page.url
    page.get_by_role("button", name="All claims").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'cx-claim-counter-decides'")
    page.keyboard.press("Enter")
    page.wait_for_selector("#cx-take")
    page.focus("#cx-take")
    page.keyboard.press("Enter")
    page.wait_for_selector(".cx-moved", timeout=60_000)
    page.get_by_role("link", name="Compare (5)").wait_for()
    assert page.get_by_role("button", name="Undo").is_enabled()


def test_a_file_is_sent_in_pieces_and_one_too_large_is_not_read(page: Any, tmp_path: Path) -> None:
    page.get_by_role("link", name="Calibrate", exact=True).click()
    page.click("#cx-task-data")
    large = tmp_path / "large.csv"
    with large.open("wb") as stream:
        stream.truncate(60_000_000)
    page.set_input_files("#cx-file", large)
    page.wait_for_selector("text=Nothing of it was read.")
    small = saved(dated(order_table(20_000)), tmp_path, "mine.csv")
    assert small.stat().st_size > 3 * 512 * 1024
    page.set_input_files("#cx-file", small)
    table(page, "quality")
    assert page.locator(".cx-sheet[data-name=quality] h3").inner_text() == "20,000 of 20,000 rows are of use"
    assert page.locator("#cx-column-score").input_value() == "stars"
    page.select_option("#cx-column-handed_over", "")
    page.wait_for_function("!document.querySelector('.cx-sheet[data-name=columns]')?.innerText.includes('shipped')")
    page.get_by_role("button", name="Remove it now").click()
    page.wait_for_function("!document.querySelector('.cx-sheet')")


def test_fifty_visits_leave_nothing_behind(browser: Any) -> None:
    with served("workshop") as address:
        server = _server_of(address)
        seen = []
        for number in range(50):
            page = browser.new_page()
            page.goto(address)
            page.wait_for_selector(".cx-card .cx-change", state="attached", timeout=60_000)
            page.close()
            if number in (9, 49):
                time.sleep(3)
                seen.append(_resources(server))
    (threads_first, memory_first), (threads_last, memory_last) = seen
    assert threads_last <= threads_first + 2
    assert memory_last - memory_first < 60, f"grew by {memory_last - memory_first:.0f} MiB over 40 visits"


def _server_of(address: str) -> int:
    """Process that listens on the address's port."""
    port = f"{int(address.rsplit(':', maxsplit=1)[-1].rstrip('/')):04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inode = next(row[9] for row in rows if row[1].endswith(f":{port}") and row[3] == "0A")
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            if any(str(link.readlink()) == f"socket:[{inode}]" for link in folder.iterdir()):
                return int(folder.parent.name)
        except OSError:
            continue
    pytest.skip("the server's process cannot be seen here")


def _resources(process: int) -> tuple[int, float]:
    """Threads and memory in MiB."""
    told = Path(f"/proc/{process}/status").read_text()
    values = {
        line.split(":")[0]: line.split()[1] for line in told.splitlines() if line.startswith(("Threads", "VmRSS"))
    }
    return int(values["Threads"]), int(values["VmRSS"]) / 1024


def test_open_to_a_network_only_with_the_token(browser: Any) -> None:
    with served("workshop", "--host", "0.0.0.0") as address:
        page = browser.new_page()
        bare = address.split("?")[0]
        assert page.goto(bare).status == 401
        assert page.goto(address).status == 200
        page.wait_for_selector(".cx-card")
        assert "token" not in page.url
        page.close()
