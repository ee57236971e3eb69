"""The documentation builds without a network, names no other host, and its search finds things."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import cxsim

pytest.importorskip("mkdocs", reason="building the documentation needs the extra 'docs'")

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built strictly and with every way to other machines closed."""
    folder = tmp_path_factory.mktemp("site")
    closed = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "no_proxy": ""}
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)], cwd=ROOT,
        env=os.environ | closed | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


class Loaded(HTMLParser):
    """What a browser loads by itself when it shows a page, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "a" and named.get("href"):
            self.links.append(str(named["href"]))
        elif tag == "link" and named.get("rel") != "canonical":
            self.loaded.append(str(named.get("href")))
        elif tag in ("script", "img", "iframe", "source", "video", "object", "embed"):
            self.loaded += [str(named[name]) for name in ("src", "data", "srcset") if named.get(name)]


def pages(site: Path) -> Iterator[tuple[Path, Loaded]]:
    for page in sorted(site.rglob("*.html")):
        parser = Loaded()
        parser.feed(page.read_text(encoding="utf-8"))
        yield page, parser


def test_nothing_is_loaded_from_another_host(site: Path) -> None:
    count = 0
    for page, found in pages(site):
        for address in found.loaded:
            assert not urlsplit(address).netloc, f"{page.name} loads {address}"
            count += 1
    assert count > 100
    for sheet in site.rglob("*.css"):
        for address in re.findall(r"url\(['\"]?([^'\")]+)", sheet.read_text(encoding="utf-8")):
            assert not urlsplit(address).netloc, f"{sheet.name} loads {address}"


def test_links_within_lead_somewhere(site: Path) -> None:
    for page, found in pages(site):
        for link in found.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or not parts.path or page.name == "404.html":
                continue
            assert (page.parent / unquote(parts.path)).exists(), f"{page.relative_to(site)} links to {link}"


def test_the_search_knows_what_people_look_for(site: Path) -> None:
    index = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))
    text = {entry["location"]: f"{entry['title']} {entry['text']}".lower() for entry in index["docs"]}
    for word, page in {"patience": "reference/scenario", "expectation gap": "reference/measures",
                       "--replications": "reference/cli", "loss_aversion": "reference/parameters",
                       "hirschman": "background/science", "cxsim.compare": "reference/api"}.items():  # fmt: skip
        assert any(place.startswith(page) and word in found for place, found in text.items()), word


def test_the_reference_is_the_codes(site: Path) -> None:
    from cxsim.cli.main import app
    from cxsim.cli.panels import name_of
    from cxsim.results.measures import MEASURES
    from cxsim.scenario.desks import Desk
    from cxsim.scenario.parameters import PARAMETERS
    from cxsim.scenario.schema import Scenario

    def read(name: str) -> str:
        return (site / "reference" / f"{name}.html").read_text(encoding="utf-8")

    scenario, measures, parameters, cli, api = map(read, ("scenario", "measures", "parameters", "cli", "api"))
    for field in (*Scenario.model_fields, *Desk.model_fields):
        assert f"<code>{field}</code>" in scenario, field
    assert all(f"<code>{measure.name}</code>" in measures for measure in MEASURES)
    assert all(f"<code>{parameter.name}</code>" in parameters for parameter in PARAMETERS)
    assert all(f"<code>cxsim {name_of(entry)}</code>" in cli for entry in app.registered_commands)
    for name in cxsim.__all__:
        assert re.search(rf"cxsim\.{name}\s*<", api), name
    assert "Live a scenario several times" in api  # docstrings, not names alone
    assert "<!-- end -->" in (ROOT / "docs" / "reference" / "measures.md").read_text(encoding="utf-8")


def test_search_works_in_a_browser_without_a_network(site: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="browser tests need the Python package playwright")
    from benchmarks.browser import chromium, launched

    if chromium() is None:
        pytest.skip("no Chromium here: install Debian's package chromium, or an equal")
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(site)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        port = re.search(r"port (\d+)", server.stdout.readline())
        assert port is not None
        here = f"http://127.0.0.1:{port[1]}"
        try:
            with playwright.sync_playwright() as play, launched(play) as browser:
                page = browser.new_page()
                elsewhere: list[str] = []
                page.on("request", lambda request: elsewhere.append(request.url)
                        if not request.url.startswith((here, "data:", "blob:")) else None)  # fmt: skip
                page.goto(f"{here}/index.html")
                page.get_by_role("textbox", name="Search").press_sequentially("patience")  # it listens to keys
                page.locator(".md-search-result__item").first.wait_for(timeout=90_000)
                assert "patience" in page.locator(".md-search-result__list").inner_text().lower()
                page.goto(f"{here}/reference/scenario.html")
                assert elsewhere == []
        finally:
            server.terminate()
