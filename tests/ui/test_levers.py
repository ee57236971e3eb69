"""Levers: derived from the format, each moves what it names, as the command line would."""

from __future__ import annotations

import pytest

import cxsim
from cxsim.scenario.errors import ScenarioError
from cxsim.scenario.parameters import MECHANISMS, PARAMETERS
from cxsim.scenario.reading import parse_set
from cxsim.scenario.ready import find_scenario, ready_scenarios
from cxsim.scenario.schema import Scenario
from cxsim.ui.levers import GROUPS, Lever, levers_of, value_at


def levers(name: str) -> tuple[Scenario, dict[str, Lever]]:
    scenario = cxsim.load(find_scenario(name))
    return scenario, {lever.path: lever for lever in levers_of(scenario)}


@pytest.mark.parametrize("name", [
    pytest.param(name, marks=[] if name == "workshop" else pytest.mark.slow) for name in ready_scenarios()
])  # fmt: skip
def test_every_lever_moves_what_it_names(name: str) -> None:
    scenario, found = levers(name)
    refused = []
    for lever in found.values():
        if lever.kind == "number":
            assert isinstance(lever.default, (int, float))
            other = lever.high if lever.default != lever.high else lever.low
        else:
            other = not lever.default if lever.kind == "switch" else lever.options[-1]
        path, value = parse_set(f"{lever.path}={lever.text(other)}")
        try:
            moved = cxsim.load(scenario, {path: value})
        except ScenarioError:
            refused.append(lever.path)
            continue
        now = value_at(moved, lever.path)
        assert now == pytest.approx(other) if lever.kind == "number" else now == other
    assert len(refused) < 0.02 * len(found), f"ends of sliders that the format refuses: {refused}"


def test_a_lever_knows_its_unit_bounds_help_and_source() -> None:
    _, found = levers("parcel")
    promise = found["touchpoints.delivery.promise.mean"]
    assert (promise.unit, promise.group, promise.part) == ("days", "delivery", "the delivery")
    assert "Days promised when ordering" in promise.help
    assert promise.text(5.0) == "5 days"
    assert promise.low <= promise.default <= promise.high
    share = found["company.tracking"]
    assert (share.unit, share.least, share.most, share.text(0.25)) == ("share", 0.0, 1.0, "0.25")
    rate = found["personas.busy_parent.journeys_per_year"]
    assert (rate.unit, rate.text(14.0)) == ("per year", "14 per year")
    service = found["desks.support.service.mean"]
    assert (service.unit, service.group) == ("min", "desks")
    assert found["factors.word_of_mouth.desired"].source.startswith("Zeithaml")
    assert found["population.customers"].whole
    assert found["rules.irritation_half_life_days"].text(45) == "45"


def test_every_group_has_levers_shown_first() -> None:
    for name in ready_scenarios():
        _, found = levers(name)
        shown = {lever.group for lever in found.values() if lever.first}
        assert shown == {lever.group for lever in found.values()} - (
            {"wow", "service"} if name == "callcentre" else set()
        )
        assert {lever.group for lever in found.values()} <= set(GROUPS)
        assert all(lever.help and lever.label and lever.source for lever in found.values())


def test_rules_and_mechanisms_are_all_there() -> None:
    scenario, found = levers("workshop")
    assert {f"rules.{parameter.name}" for parameter in PARAMETERS} <= set(found)
    assert {f"mechanisms.{mechanism.name}" for mechanism in MECHANISMS} <= set(found)
    off = cxsim.load(scenario, {"mechanisms.word_of_mouth": False})
    without = {lever.path for lever in levers_of(off)}
    assert "rules.talk_slope" not in without, "a rule that its mechanism holds is no lever"
    assert value_at(off, "mechanisms.word_of_mouth") is False


def test_a_desk_staffed_by_the_hour_offers_no_number_that_moves_nothing() -> None:
    _, found = levers("callcentre")
    assert "desks.lines.servers" not in found
    assert "desks.support.servers" in levers("parcel")[1]
    staffing = found["desks.lines.staffing"]
    assert staffing.first
    assert (staffing.default, staffing.low, staffing.high) == (1.0, 0.0, 3.0)
