"""The page Calibrate without a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("solara", reason="the interface needs the extra 'ui'")


import cxsim
from cxsim.studies.targets import load_targets
from cxsim.ui.calibrate import Calibrate
from cxsim.ui.jobs import Jobs
from cxsim.ui.widgets import (
    ChartPanel,
    ChoicePanel,
    HeaderPanel,
    SavePanel,
    SheetPanel,
    UploadPanel,
)
from tests.data.made_up import call_table, dated, order_table, saved
from tests.ui.pages import DrawnPage

WORLD = "scenario=workshop&customers=100&days=60"


class Page(DrawnPage):
    """The page Calibrate."""

    def __init__(self, query: str = "", jobs: Jobs | None = None) -> None:
        super().__init__(f"{WORLD}&{query}", jobs=jobs)

    def drawn(self) -> Any:
        self.state, self.file = self.visit.calibrating, self.visit.calibrating.file
        return Calibrate(self.visit)

    def sheets(self) -> dict[str, Any]:
        return {sheet["name"]: sheet for sheet in self.panels(SheetPanel)}

    def choices(self) -> dict[str, Any]:
        return {one["key"]: one for panel in self.panels(ChoicePanel) for one in panel["choices"]}

    def ask(self, **message: Any) -> None:
        self.state.told(json.dumps(message))

    def tell(self, **message: Any) -> None:
        self.file.told(json.dumps(message))

    def send(self, file: Path) -> None:
        take, content = self.widgets(UploadPanel)[0].take, file.read_bytes()
        assert take({"do": "begin", "name": file.name, "size": len(content), "number": 1}, []) == 1
        assert take({"do": "piece", "number": 1}, [content]) == 1 + len(content)
        assert take({"do": "end", "number": 1}, []) == 1 + len(content)


@pytest.fixture
def page() -> Iterator[Page]:
    begun = Page()
    yield begun
    begun.close()


def test_the_figure_is_explained_and_choices_are_in_the_address(page: Page) -> None:
    assert page.panels(HeaderPanel)[0]["state"] == {"task": "figures", "targets": "published", "seeds": "3"}
    page.ask(do="seeds", value="20")
    page.ask(do="targets", value="survey_2006")
    page.ask(do="targets", value="../../etc/passwd")
    page.until(lambda: page.panels(HeaderPanel)[0]["state"]["targets"] == "survey_2006")
    page.ask(do="task", value="search")
    page.until(lambda: "fixed" in page.choices())
    figures = load_targets("survey_2006")
    assert [one["value"] for one in page.choices()["skipped"]["options"]] == list(figures.targets)
    assert all(one["on"] for one in page.choices()["fixed"]["options"])


def test_a_search_needs_a_figure_and_a_parameter(page: Page) -> None:
    page.ask(do="task", value="search")
    page.ask(do="targets", value="survey_2006")
    for name in load_targets("survey_2006").targets:
        page.ask(do="skipped", value=name, on=False)
    page.ask(do="run")
    page.until(lambda: "Choose at least one figure" in page.problems())
    for name in load_targets("survey_2006").targets:
        page.ask(do="skipped", value=name, on=True)
    page.ask(do="run")
    page.until(lambda: "Choose 3 years on top" in page.problems())  # sixty days tell nothing of the 89 %
    assert page.state.job() is None


def test_the_files_and_commands_of_a_search_give_the_same_fit(page: Page, tmp_path: Path) -> None:
    page.ask(do="task", value="search")
    page.ask(do="fixed", value="leave_base", on=False)
    page.visit.session.sharing.value = True
    page.until(lambda: len(page.panels(HeaderPanel)[0].get("shared", [])) == 2)
    file, command = page.panels(HeaderPanel)[0]["shared"]
    target = tmp_path / file["file"]
    target.write_text(file["text"])
    assert load_targets(target) == page.state.sought()
    assert "leave_base" not in page.state.sought().fit
    assert command["text"].startswith("cxsim calibrate workshop --targets workshop-targets.yaml --set ")
    assert "--trials 6 --replications 1 --confirm 3" in command["text"]


@pytest.mark.slow
def test_a_world_is_held_against_figures_and_misses_are_told() -> None:
    page = Page()
    try:
        page.ask(do="run")
        page.until(lambda: "figures" in page.sheets())
        rows = page.sheets()["figures"]["rows"]
        assert len(rows) == len(load_targets("published").targets)
        assert {"missed", "holds"} <= {row[4] for row in rows}
        assert rows[0][4] == "nothing to count"  # sixty days tell nothing of three years
        assert page.panels(ChartPanel)[0]["finding"]
    finally:
        page.close()


@pytest.mark.slow
def test_a_search_ends_in_a_scenario_that_can_be_run(tmp_path: Path) -> None:
    page = Page("task=search&fixed=leave_irritation,leave_satisfaction,irritation_half_life_days,voice_monetary,"
                "leave_goodwill,recommend_middle,talk_negative,leave_base")  # fmt: skip
    try:
        for name in load_targets("published").targets:
            if name not in ("abandonment", "wait", "poor-experiences", "nps"):
                page.ask(do="skipped", value=name, on=False)
        page.ask(do="run")
        page.until(lambda: "parameters" in page.sheets())
        assert [row[0] for row in page.sheets()["parameters"]["rows"]] == ["voice_base"]
        assert len(page.sheets()["fit"]["rows"]) == 4
        assert len(page.panels(ChartPanel)) == 4
        saved_file = page.panels(SavePanel)[0]
        file = tmp_path / saved_file["file"]
        file.write_text(saved_file["text"])
        assert cxsim.load(file).population.customers == 100
    finally:
        page.close()


def test_a_sent_file_is_mapped_by_guesses_and_read(tmp_path: Path) -> None:
    page = Page("task=data")
    try:
        assert page.panels(UploadPanel)[0]["most"] == 50_000_000
        page.send(saved(dated(order_table(400)), tmp_path, "mine.csv"))
        page.until(lambda: "quality" in page.sheets())
        assert page.sheets()["quality"]["title"] == "400 of 400 rows are of use"
        assert page.choices()["column-score"]["value"] == "stars"
        page.tell(do="column-score", value="")
        page.until(lambda: "quality" in page.sheets() and "score" not in str(page.sheets()["columns"]["rows"]))
        page.tell(do="column-delivered", value="no such column")
        page.tell(do="column-delivered", value="")
        page.until(lambda: "see the choices on the left" in page.problems())
        assert page.file.command().startswith("cxsim fit orders mine.csv --map order=order_id")
        kept = page.file.upload.value
        assert kept is not None
        page.tell(do="remove")
        page.until(lambda: not kept.path.exists())
    finally:
        page.close()
    assert not kept.path.parent.exists()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["orders", "calls"])
def test_a_fit_outlives_its_visit_and_gives_a_scenario(kind: str, tmp_path: Path) -> None:
    table = dated(order_table(600)).drop(columns="stars") if kind == "orders" else call_table(21)
    jobs = Jobs()
    page = Page("task=data", jobs)
    page.send(saved(table, tmp_path, "mine.parquet"))
    page.until(lambda: "quality" in page.sheets())
    assert page.choices()["kind"]["value"] == kind
    page.tell(do="run")
    page.until(lambda: (job := page.file.fitted()) is not None and job.done > 0)
    digest = page.panels(HeaderPanel)[0]["state"]["fit"]
    page.close()
    again = Page(f"task=data&fit={digest}", jobs)
    try:
        again.until(lambda: again.panels(SavePanel))
        text = again.panels(SavePanel)[0]["text"]
        file = tmp_path / "fitted.yaml"
        file.write_text(text)
        assert cxsim.load(file).name.endswith(kind)
        assert again.sheets()["lines"]["rows"]
        assert again.panels(ChartPanel)
    finally:
        again.close()
        jobs.close()
