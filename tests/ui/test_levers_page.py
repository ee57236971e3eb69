"""The page Levers without a browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("solara", reason="the interface needs the extra 'ui'")


import cxsim
from cxsim.instruments.small_steps import small_steps
from cxsim.scenario.ready import ready_scenarios
from cxsim.studies.experiment_files import load_experiment
from cxsim.studies.plan import make_plan
from cxsim.ui.levers import Lever, levers_of
from cxsim.ui.setup import Setup, parsed
from cxsim.ui.trying import WAY, candidates, changes_of_step, command, ends, experiment_of, experiment_text
from cxsim.ui.what_matters import WhatMatters
from cxsim.ui.widgets import ChartPanel, ChoicePanel, HeaderPanel, SheetPanel, StatusPanel
from tests.ui.pages import DrawnPage

FEW = "&without=" + "%2C".join(
    lever.path
    for lever in candidates({one.path: one for one in levers_of(cxsim.load(ready_scenarios()["workshop"]))})
    if lever.path not in ("desks.counter.servers", "company.tracking")
)
WORLD = "scenario=workshop&customers=100&days=60"


class Page(DrawnPage):
    """The page Levers."""

    def drawn(self) -> Any:
        return WhatMatters(self.visit)


@pytest.fixture
def page() -> Iterator[Page]:
    begun = Page(WORLD + FEW)
    yield begun
    begun.close()


@pytest.mark.slow
def test_a_tornado_is_found_and_a_setting_goes_to_what_if(page: Page) -> None:
    page.ask(do="outcome", value="wait_minutes_mean")
    page.ask(do="run")
    page.until(lambda: page.panels(SheetPanel))
    assert page.panels(ChartPanel)[0]["finding"].startswith("Mean wait: ")
    told = page.panels(SheetPanel)[0]
    place = next(number for number, row in enumerate(told["rows"]) if row[1] == "more" and "servers" in row[0])
    assert told["rows"][place][3].startswith("-")
    page.ask(**told["actions"][place]["message"])
    time.sleep(0.2)
    assert page.visit.session.setup.value.changes == {}  # it waits for the page that it is for
    page.visit.session.start()
    page.until(lambda: page.visit.session.setup.value.changes == {"desks.counter.servers": "1.25"})
    assert not page.panels(SheetPanel)  # another world
    page.visit.session.undo()
    page.until(lambda: page.panels(SheetPanel))


@pytest.mark.slow
@pytest.mark.parametrize("way", ["morris", "sobol", "steps"])
def test_every_other_way(page: Page, way: str) -> None:
    page.ask(do="method", value=way)
    page.ask(do="run")
    page.until(lambda: page.panels(SheetPanel))
    assert page.panels(SheetPanel)[0]["rows"]
    assert page.panels(ChartPanel)[0]["finding"]


def test_choices_are_in_the_address_and_nothing_chosen_is_told(page: Page) -> None:
    page.ask(do="reach", value="50")
    page.ask(do="without", value="company.tracking", on=False)
    page.ask(do="without", value="desks.counter.servers", on=False)
    page.until(lambda: "company.tracking" in page.panels(HeaderPanel)[0]["state"]["without"])
    assert page.panels(HeaderPanel)[0]["state"]["reach"] == "50"
    page.ask(do="run")
    page.until(lambda: page.panels(StatusPanel)[0]["problem"] == "Choose at least one lever.")
    page.ask(do="method", value="guess")
    page.ask(do="method", value="steps")
    page.until(lambda: page.panels(HeaderPanel)[0]["state"]["method"] == "steps")
    assert len(page.panels(ChoicePanel)[0]["choices"]) == 1


@pytest.mark.parametrize("name", list(ready_scenarios()))
def test_the_experiment_of_every_world_can_be_run(name: str, tmp_path: Path) -> None:
    setup = Setup.of(name, ready_scenarios()[name])
    levers = [(one, float(one.default)) for one in candidates({one.path: one for one in levers_of(setup.base)})]
    assert len(levers) > 4
    for reach in (0.1, 0.5):
        experiment = experiment_of(setup, levers, reach, WAY["tornado"])
        file = tmp_path / "levers.yaml"
        file.write_text(experiment_text(experiment))
        plan = make_plan(load_experiment(file))
        assert len(levers) < len(plan.points) <= WAY["tornado"].points(len(levers))
        assert command(experiment, WAY["morris"]).startswith(f"cxsim sensitivity {name}-levers.yaml --method morris")


@pytest.mark.parametrize(
    ("value", "reach", "least", "most", "whole", "told"),
    [
        (0.5, 0.25, 0.0, 1.0, False, (0.375, 0.625)),
        (0.9, 0.5, 0.0, 1.0, False, (0.45, 1.0)),
        (0.0, 0.25, 0.0, 1.0, False, (0.0, 0.25)),
        (3, 0.1, 0.0, None, True, (2, 4)),
    ],
)
def test_ends_of_a_lever(value, reach, least, most, whole, told) -> None:
    lever = Lever("a.b", "desks", "", "b", "", "", "number", "", value, 0, 1, least, most, 0.01, whole)
    assert ends(lever, value, reach) == told


def test_a_small_step_as_changes_is_the_same_world() -> None:
    world = cxsim.load(ready_scenarios()["workshop"])
    for step in small_steps(world):
        changes = changes_of_step(world, step.name)
        assert changes
        assert cxsim.load(world, parsed(changes)).digest() == step.scenario.digest(), step.name
    assert changes_of_step(world, "no such step") == {}
