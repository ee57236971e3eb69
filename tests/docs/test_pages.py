"""Pages are all in the menu, links between them hold, and figures they quote are those of their sources."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import cxsim
from cxsim.cli.main import app
from cxsim.cli.panels import OTHERS, PANELS, name_of
from tools.docs_hook import whole_menu

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
MADE = {f"notebooks/{file.stem}.md" for file in (DOCS / "notebooks").glob("*.py")}
"""Pages that are made of notebooks when the site is built."""


def test_every_page_stands_in_the_menu_once() -> None:
    menu = YAML(typ="safe").load(ROOT / "mkdocs.yml")["nav"]
    places = [place for _, place in entries_of(whole_menu(menu, DOCS))]
    pages = {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md")} | MADE
    assert sorted(places) == sorted(pages)


def test_a_new_page_comes_into_the_menu_by_itself(tmp_path: Path) -> None:
    (tmp_path / "how-to").mkdir()
    for name in ("old", "new"):
        (tmp_path / "how-to" / f"{name}.md").write_text(f"# How to be {name}\n\nSo.\n")
    menu = [{"Start": "index.md"}, {"How to": [{"Be old": "how-to/old.md"}]}]
    assert list(entries_of(whole_menu(menu, tmp_path))) == [
        ("Start", "index.md"), ("Be old", "how-to/old.md"), ("How to be new", "how-to/new.md")
    ]  # fmt: skip


def entries_of(menu: list[Any]) -> Iterator[tuple[str, str]]:
    """Titles and pages of a menu, whatever sections they stand in."""
    for entry in menu:
        for title, place in entry.items():
            if isinstance(place, str):
                yield title, place
            else:
                yield from entries_of(place)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "benchmarks/README.md"])
def test_links_of_the_front_pages_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if not link.startswith("http"):
            assert (ROOT / page).parent.joinpath(link).exists(), link


def test_the_first_commands_come_first() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^make \w+", text.split("```")[1], flags=re.M) == ["make demo", "make ui"]


def test_speed_is_told_as_it_was_measured() -> None:
    """README and the page on other tools quote the latest line of each benchmark, and its bar as missed or met."""
    with (ROOT / "benchmarks" / "history.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    latest = {row["id"]: row for row in lines if row["ratio"]}
    million = {row["id"]: row for row in lines if row["size"] == "1000000"}
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    ratio = {name: float(row["ratio"]) for name, row in latest.items()}
    told = {name: "met" if row["holds"] == "True" else "missed" for name, row in {**latest, **million}.items()}
    desks = max(told["desk_simpy"], told["desk_ciw"], key=["met", "missed"].index)
    pairs = max(told["paired_satisfaction"], told["paired_defection"], key=["met", "missed"].index)
    for sentence in (
        f"does {ratio['full_model']:.0f} times as many events per second (our bar was 100: {told['full_model']})",
        f"{ratio['desk_simpy']:.0f} times as many calls as SimPy and {ratio['desk_ciw']:.0f} times as many as Ciw "
        f"(our bar was 60: {desks})",
        f"needs {ratio['paired_satisfaction']:.0f} times fewer runs than independent luck for satisfaction and "
        f"{ratio['paired_defection']:.0f} times fewer for defection (bar 10: {pairs})",
        f"live a year in {float(million['seconds']['value']):.0f} s (bar 60: {told['seconds']}) and "
        f"{float(million['peak_memory']['value']):.2f} GiB (bar 1: {told['peak_memory']})",
    ):
        assert sentence in readme, sentence
    table = (DOCS / "background" / "other-tools.md").read_text(encoding="utf-8")
    for name in ("full_model", "desk_simpy", "desk_ciw", "paired_satisfaction", "paired_defection"):
        assert re.search(rf"\| {ratio[name]:.0f}(?: fewer)? \| \d+ \| {told[name]} \|", table), name


def test_claims_are_told_as_they_came_out() -> None:
    recorded = json.loads((ROOT / "cxsim" / "evidence" / "claims" / "recorded.json").read_text(encoding="utf-8"))
    found = Counter(entry["verdict"] for entry in recorded["claims"].values())
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"Of {found.total()} claims" in readme
    assert f"{found['does not hold']} do not hold, and {found['holds in part']} hold only in part" in readme


def test_files_that_contributors_are_sent_to_exist() -> None:
    """Every path in CONTRIBUTING.md is there, and every name in capitals stands in the file named with it."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = [name for name in re.findall(r"`([\w./-]+)`", text) if "/" in name and not name.startswith("-")]
    assert len(paths) > 20
    for name in paths:
        assert (ROOT / name).exists(), name
    for constant, name in re.findall(r"`([A-Z][A-Z_]+)` (?:of|in) `([\w./-]+)`", text):
        assert re.search(rf"^{constant}\b", (ROOT / name).read_text(encoding="utf-8"), flags=re.M), (constant, name)


def test_every_command_has_its_group() -> None:
    named = [name for names in PANELS.values() for name in names]
    assert len(named) == len(set(named))
    entries = [*app.registered_commands, *app.registered_groups]
    assert {name_of(entry): entry.rich_help_panel for entry in entries if entry.rich_help_panel == OTHERS} == {}


def test_public_names_have_a_sentence() -> None:
    for name in cxsim.__all__:
        told = getattr(cxsim, name).__doc__ or ""
        assert told.strip().split("\n")[0].endswith("."), name
