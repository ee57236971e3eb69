"""A damaged scenario file on the command line: it lives and its books balance, or it is told with exit code 2."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxsim.model import CustomerModel
from cxsim.scenario.loading import load
from cxsim.scenario.memory import customers_ever
from tests.cli.program import inside
from tests.engine.random_worlds import worlds
from tests.engine.test_random_worlds import check_journeys, check_levels, check_people
from tests.scenario.test_mutations import ODD_NAMES, ODD_VALUES, places

WRITABLE = [value for value in ODD_VALUES if isinstance(value, (type(None), bool, int, float, str, list, dict))
            and "\ud800" not in str(value)]  # fmt: skip
"""Odd values that a file can hold."""
SMALL = {"customers": 500, "days": 200, "journeys_per_year": 1_500}
"""What a world may have at most to be lived in a test."""


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """Any valid scenario with one to three keys deleted, renamed or given an odd value."""
    world = draw(worlds())
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(places(world)))
        node: Any = world
        for key in way:
            node = node[key]
        change = draw(st.sampled_from(["delete", "set", "set", "rename"]))
        if change == "delete":
            del node[last]
        elif change == "rename" and isinstance(node, dict):
            node[str(draw(st.sampled_from(ODD_NAMES)))] = node.pop(last)
        else:
            node[last] = draw(st.sampled_from(WRITABLE))
        if not world:
            break
    return world


def check_file(world: dict[str, Any], folder: Path, counts: dict[str, int]) -> None:
    """The command line takes it, and then it lives; or refuses it in sentences."""
    file = folder / "world.yaml"
    file.write_text(json.dumps(world), encoding="utf-8")
    try:
        inside("scenario", "check", str(file), cwd=folder)
    except AssertionError as refused:
        told = str(refused)
        assert told.startswith("exit code 2: "), told
        sentences = told.removeprefix("exit code 2: ").strip().splitlines()
        assert sentences
        assert all(sentence.startswith("cxsim: ") for sentence in sentences), told
        assert "Traceback" not in told
        assert "pydantic" not in told
        counts["told"] += 1
        return
    counts["taken"] += 1
    scenario = load(file)
    often = max(persona.journeys_per_year for persona in scenario.personas.values())
    if customers_ever(scenario) <= SMALL["customers"] and scenario.days <= SMALL["days"] and (
        often <= SMALL["journeys_per_year"] and scenario.population.look_back is False
    ):  # fmt: skip
        counts["lived"] += 1
        model = CustomerModel(scenario, rng=3).run()
        for check in (check_people, check_journeys, check_levels):
            check(model)


@pytest.mark.parametrize("examples", [15, pytest.param(1_100, marks=pytest.mark.slow)])
def test_a_damaged_file_lives_or_is_told_with_exit_2(examples: int, tmp_path: Path) -> None:
    counts = {"told": 0, "taken": 0, "lived": 0}

    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(damaged())
    def try_many(world: dict[str, Any]) -> None:
        check_file(world, tmp_path, counts)

    try_many()
    print(counts, file=sys.stderr)
    assert counts["told"] + counts["taken"] >= examples
    assert counts["told"] >= examples // 3  # otherwise the damage would be too mild to say anything
    assert counts["lived"] >= examples // 20


@pytest.mark.parametrize("command", ["run", "compare", "sweep", "sensitivity", "optimise", "moments", "report"])
def test_every_command_refuses_a_damaged_scenario_alike(command: str, tmp_path: Path) -> None:
    """None runs on, none leaves a file behind."""
    (tmp_path / "bad.yaml").write_text("format: 1\nname: bad\ntouchpoints: {shop: {kind: stall}}\n", encoding="utf-8")
    inside(command, "bad.yaml", cwd=tmp_path, code=2)
    assert [path.name for path in tmp_path.iterdir()] == ["bad.yaml"]
