"""The page Journey without a browser: forms, text and graph follow each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("solara", reason="the interface needs the extra 'ui'")

import yaml

from cxsim.scenario.ready import ready_scenarios
from cxsim.ui.drafts import LONGEST, Drafts
from cxsim.ui.journey import Journey
from cxsim.ui.visit import Visit
from cxsim.ui.widgets import (
    ChartPanel,
    FormPanel,
    HeaderPanel,
    MeasurePanel,
    Panel,
    PartsPanel,
    TextPanel,
    ToolPanel,
)
from tests.cli.program import inside
from tests.ui.pages import DrawnPage


class Page(DrawnPage):
    """The page Journey."""

    def __init__(self, drafts: Drafts | None = None, query: str = "scenario=workshop") -> None:
        self.count = 0
        super().__init__(query, drafts=drafts)

    def drawn(self) -> Any:
        return Journey(self.visit)

    def ask(self, panel: type[Panel] | None = None, /, **wish: Any) -> None:
        assert panel is not None
        self.count += 1
        super().ask(panel, **wish, panel=panel.__name__, n=self.count)

    def field(self, *path: Any) -> Any:
        def found(fields: Any) -> Any:
            for one in fields:
                below = one if one["path"] == list(path) else found(one["parts"])
                if below is not None:
                    return below
            return None

        return found(self.data(FormPanel)["fields"])

    def text(self) -> str:
        return str(self.data(TextPanel)["text"])


@pytest.fixture
def page() -> Iterator[Page]:
    begun = Page()
    yield begun
    begun.close()


def test_form_text_and_graph_follow_each_other(page: Page) -> None:
    assert page.text() == ready_scenarios()["workshop"].read_text(encoding="utf-8")
    page.ask(PartsPanel, do="part", path=["desks", "counter"])
    assert page.data(FormPanel)["path"] == ["desks", "counter"]
    page.ask(FormPanel, do="set", path=["desks", "counter", "servers"], text="7")
    assert "servers: 7" in page.text()
    assert "7 servers" in json.dumps(page.data(ChartPanel)["figure"])
    page.ask(TextPanel, do="text", text=page.text().replace("servers: 7", "servers: 9"))
    assert page.field("desks", "counter", "servers")["own"] == "9"
    assert "9 servers" in json.dumps(page.data(ChartPanel)["figure"])
    name = page.data(ChartPanel)["figure"]["data"][1]["customdata"][0][0]
    page.widgets(ChartPanel)[0].asked = json.dumps({"do": "pick", "value": name})
    assert page.data(FormPanel)["path"] == name.split(".")
    assert page.data(PartsPanel)["chosen"] == name
    page.ask(HeaderPanel, do="undo")
    page.ask(HeaderPanel, do="undo")
    assert page.text() == ready_scenarios()["workshop"].read_text(encoding="utf-8")
    assert not page.data(HeaderPanel)["canUndo"]
    page.ask(HeaderPanel, do="redo")
    assert "servers: 7" in page.text()
    page.ask(HeaderPanel, do="reset")
    assert not page.data(HeaderPanel)["changed"]


def test_what_is_wrong_is_told_as_the_command_line_does(page: Page, tmp_path: Path) -> None:
    page.ask(PartsPanel, do="part", path=["desks", "counter"])
    before = page.data(ChartPanel)["figure"]
    page.ask(FormPanel, do="set", path=["desks", "counter", "servers"], text="many")
    page.ask(FormPanel, do="set", path=["desks", "counter", "patience"], text="20")
    page.ask(FormPanel, do="set", path=["desks", "counter", "shifts"], text="never")
    assert page.field("desks", "counter", "servers")["problem"] == "Read 'many'; allowed: a number."
    assert page.field("desks", "counter", "patience")["problem"].startswith("Read '20'") or page.field(
        "desks", "counter", "patience")["problem"].startswith("Read 20")  # fmt: skip
    assert page.data(ChartPanel)["figure"] == before, "the last valid state stays drawn"
    assert page.data(ToolPanel)["said"].startswith("3 things to mend")
    file = page.data(TextPanel)["file"]
    (tmp_path / file).write_text(page.text(), encoding="utf-8")
    told = inside("scenario", "check", file, cwd=tmp_path, code=2).stderr
    lines = [problem["text"] for problem in page.data(TextPanel)["problems"]]
    assert len(lines) == 3
    assert [line.removeprefix("cxsim: ") for line in told.splitlines()] == lines
    assert all(problem["line"] > 0 and problem["part"] == ["desks", "counter"]
               for problem in page.data(TextPanel)["problems"])  # fmt: skip
    marks = [entry for group in page.data(PartsPanel)["groups"] for section in group["sections"]
             for entry in section.get("entries", []) if entry["problems"]]  # fmt: skip
    assert [(mark["id"], mark["problems"]) for mark in marks] == [("desks.counter", 3)]


def test_a_text_that_is_no_yaml_leaves_forms_and_graph(page: Page) -> None:
    before = page.data(ChartPanel)["figure"]
    page.ask(TextPanel, do="text", text="name: [")
    assert "not valid YAML" in page.data(TextPanel)["problems"][0]["text"]
    assert page.data(ChartPanel)["figure"] == before
    form = page.data(FormPanel)
    assert form["fields"]
    assert not form["readable"]
    page.ask(FormPanel, do="set", path=["journey", "start"], text="x")
    assert page.text() == "name: ["
    assert page.data(ToolPanel)["buttons"][0]["disabled"]


def test_parts_come_and_go(page: Page) -> None:
    first = next(iter(page.visit.editing.valid.touchpoints))
    page.ask(PartsPanel, do="add-stop", path=["touchpoints"], name="greeting", kind="self_service", after=first)
    assert page.data(FormPanel)["path"] == ["touchpoints", "greeting"]
    page.ask(FormPanel, do="rename", path=["touchpoints", "greeting"], name="welcome")
    assert page.data(FormPanel)["path"] == ["touchpoints", "welcome"]
    page.ask(FormPanel, do="there", path=["touchpoints", "welcome", "failure"])
    page.ask(FormPanel, do="set", path=["touchpoints", "welcome", "failure", "probability"], text="3 %")
    assert page.visit.editing.valid.touchpoints["welcome"].failure.probability == 0.03
    page.ask(FormPanel, do="away", path=["touchpoints", "welcome", "failure"])
    page.ask(FormPanel, do="copy", path=["touchpoints", "welcome"], name=page.data(FormPanel)["free"])
    assert page.data(FormPanel)["path"] == ["touchpoints", "welcome_2"]
    page.ask(FormPanel, do="remove", path=["touchpoints", "welcome_2"])
    page.ask(FormPanel, do="remove", path=["touchpoints", "welcome"])
    assert page.data(FormPanel)["path"] == ["journey"]
    assert page.visit.editing.checked.problems == ()
    page.ask(PartsPanel, do="add", path=["desks"], name="counter")
    assert "already" in page.data(ToolPanel)["problem"]


def test_equal_wishes_are_each_done_and_heard(page: Page) -> None:
    panel = page.widgets(FormPanel)[0]
    before = len(page.visit.editing.valid.journey.starts_at)
    for n in (7, 7):
        panel._handle_custom_msg({"do": "append", "path": ["journey", "starts_at"], "panel": "form", "n": n}, [])
    assert len(yaml.safe_load(page.text())["journey"]["starts_at"]) == before + 2
    assert page.data(FormPanel)["heard"] == 7


def test_files_of_strangers(page: Page) -> None:
    before = page.text()
    page.ask(TextPanel, do="file", file="big.yaml", text="a: 1\n" * LONGEST)
    assert page.text() == before
    assert "at most" in page.data(ToolPanel)["problem"]
    page.ask(TextPanel, do="file", file="../../etc/cron.d/evil<b>.sh", text="extends: /etc/passwd\nname: x\n")
    told = page.data(TextPanel)
    assert told["file"] == "evilb.sh.yaml"
    assert "allowed here: a ready scenario" in told["problems"][0]["text"]
    page.ask(TextPanel, do="file", file="tags.yaml", text="name: !!python/object/apply:os.system ['id']\n")
    assert page.data(TextPanel)["problems"]
    page.ask(TextPanel, do="set", path=[["x"], {}], text="1")
    page.ask(FormPanel, do="rename", path=[], name="x")
    page.widgets(TextPanel)[0].asked = "no json"
    page.ask(HeaderPanel, do="undo")
    page.ask(HeaderPanel, do="undo")
    assert page.text() == before


def test_the_edited_scenario_goes_to_the_other_pages_and_links_find_it() -> None:
    drafts = Drafts()
    page = Page(drafts)
    page.ask(FormPanel, do="set", path=["desks", "counter", "servers"], text="7")
    state = page.data(HeaderPanel)["state"]
    page.ask(ToolPanel, do="use")
    setup = page.visit.session.setup.value
    assert (setup.name, setup.own.desks["counter"].servers) == ("workshop (edited)", 7)
    assert setup.command(8).startswith("cxsim run workshop.yaml ")
    assert setup.variant_text().startswith("extends: workshop.yaml")
    assert not page.data(HeaderPanel)["changed"]
    again = Visit(page.workers, page.jobs, page.visit.session.opened, setup.query + "&desks.counter.servers=8", drafts)
    assert again.session.setup.value.own == setup.own
    assert again.session.setup.value.variant.desks["counter"].servers == 8
    again.close()
    reloaded = Page(drafts, f"scenario=workshop&draft={state['draft']}")
    assert "servers: 7" in reloaded.text()
    elsewhere = Page(Drafts(), f"scenario=workshop&draft={state['draft']}")
    assert "no longer has" in elsewhere.data(ToolPanel)["problem"]
    page.visit.session.undo()
    assert page.visit.session.setup.value.name == "workshop"
    for one in (page, reloaded, elsewhere):
        one.close()


def test_changes_of_what_if_are_written_in_and_tried() -> None:
    page = Page(query="scenario=workshop&customers=50&days=10&desks.counter.servers=3")
    assert [button["do"] for button in page.data(ToolPanel)["buttons"]] == ["try", "use", "changes"]
    page.ask(ToolPanel, do="changes")
    assert "servers: 3" in page.text()
    assert not page.widgets(MeasurePanel), "nothing is simulated before it is asked for"
    page.ask(ToolPanel, do="try")
    page.until(lambda: (news := page.visit.editing.news.value) is not None and (news.finished or news.problem))
    news = page.visit.editing.news.value
    assert news is not None
    assert news.finished, news.problem
    cards = {card["name"]: card for card in page.data(MeasurePanel)["measures"]}
    assert cards["satisfaction"]["value"] not in ("…", "-")
    page.close()


def test_a_small_run_takes_everybody_where_a_sample_would_hide_what_was_edited() -> None:
    page = Page(query="scenario=parcel&days=10")
    page.visit.editing.live.close()  # what is asked counts here, not what comes out
    page.ask(FormPanel, do="set", path=["desks", "support", "resolution"], text="0.9")
    page.ask(ToolPanel, do="try")
    assert page.visit.editing.news.value.question.base.population.customers == 2_000
    page.ask(FormPanel, do="set", path=["desks", "support", "servers"], text="4")
    page.ask(ToolPanel, do="try")
    worlds = page.visit.editing.news.value.question.worlds.values()
    assert [(world.population.customers, world.desks["support"].servers) for world in worlds] == [
        (10_000, 3), (10_000, 4)]  # fmt: skip
    page.close()


def test_another_world_in_the_header_takes_the_place_and_undo_brings_back(page: Page) -> None:
    page.ask(FormPanel, do="set", path=["desks", "counter", "servers"], text="7")
    page.ask(HeaderPanel, do="scenario", value="callcentre")
    assert page.data(TextPanel)["file"] == "callcentre.yaml"
    page.ask(HeaderPanel, do="undo")
    assert "servers: 7" in page.text()
    assert page.data(TextPanel)["file"] == "workshop.yaml"
