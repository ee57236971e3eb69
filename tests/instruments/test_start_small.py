"""Start small: the steps are small and do what they say; effects are paired, cost is told only where there is one."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import cxsim
from cxsim.instruments.paired import beside
from cxsim.instruments.sample import take_sample
from cxsim.instruments.small_steps import mended, small_steps
from cxsim.instruments.start_small import early_kept, hotspots_table, start_small
from cxsim.scenario.loading import load
from cxsim.scenario.ready import find_scenario
from tests.instruments.lived import angry, bare, lived, still
from tests.worlds import load_bare, load_world


def test_a_tenth_of_what_is_lacking() -> None:
    scenario = load_world(**{"touchpoints.site.traits": {"fast_response": 0.5}, "touchpoints.site.technology":
                             {"mode": "definer", "stuck_probability": 0.2}})  # fmt: skip
    site, use = (mended(scenario.touchpoints[name]) for name in ("site", "use"))
    assert site.quality.people == pytest.approx(0.73)
    assert site.traits["fast_response"] == pytest.approx(0.55)
    assert site.technology is not None
    assert site.technology.stuck_probability == pytest.approx(0.18)
    assert use.failure is not None
    assert use.failure.probability == pytest.approx(0.045)


def test_every_step_changes_something_and_is_a_valid_scenario() -> None:
    for name in ("parcel", "callcentre", "workshop"):
        scenario = cxsim.load(find_scenario(name))
        steps = small_steps(scenario)
        assert len({step.name for step in steps}) == len(steps)
        for step in steps:
            assert step.scenario != scenario, step.name
            assert load(step.scenario.document()) == step.scenario
    assert [step.name for step in small_steps(cxsim.load(find_scenario("callcentre")))] == ["mend call", "staff lines"]


def test_servers_of_every_shift_grow() -> None:
    shifts = [{"hours": "8-10", "servers": [2, 4]}, {"hours": "10-12", "servers": 3}, {"hours": "12-14"}]
    scenario = load_world(**{"desks.support.shifts": shifts})
    staffed = next(step for step in small_steps(scenario) if step.name == "staff support").scenario.desks["support"]
    assert staffed.servers == pytest.approx(2.2)
    assert [shift.servers for shift in staffed.shifts] == [pytest.approx([2.2, 4.4]), pytest.approx(3.3), None]


def test_what_is_perfect_takes_no_step() -> None:
    values = {"desks.support.resolution": 1.0, "company.tracking": 1.0, "touchpoints.delivery.handling": 0}
    names = [step.name for step in small_steps(load_world(**values))]
    assert "settle support" not in names
    assert "tracking" not in names
    assert "handle delivery" not in names
    assert "promise delivery" in names


def test_effects_and_cost() -> None:
    result = angry()
    found = start_small(result, jobs=1)
    table = found.table("steps").set_index("step")
    step = table.loc["mend use"]
    alone = next(step.scenario for step in small_steps(result.scenario) if step.name == "mend use")
    again = beside(result, {"alone": alone}, jobs=1)
    assert step["kept"] == pytest.approx(-1000 * again.difference("alone", "defection_rate").mean)
    priced = table[table["price"] != "no price"]
    for row in priced[priced["is_clear"]].to_dict("records"):
        assert row["cost_per_kept"] == pytest.approx(1000 * row["cost"] / row["kept"])
    assert table[table["price"] == "no price"]["cost_per_kept"].isna().all()
    assert table[~table["is_clear"]]["cost_per_kept"].isna().all()
    order = found.table("steps")
    assert order["is_clear"].is_monotonic_decreasing


def test_early_leavers_are_counted_apart() -> None:
    result = angry()
    comparison = beside(result, {"use": load(result.scenario, {"touchpoints.use.flawless": True})}, jobs=1)
    soon = early_kept(result, comparison, "use")
    everybody = -1000 * comparison.difference("use", "defection_rate").mean
    assert 0 < soon.mean < everybody


def test_hotspots_are_where_first_journeys_are_poor() -> None:
    result = lived(**{"population.newcomers": "800 per year", "population.customers": 50,
                      "touchpoints.billing.failure": {"probability": 0.4}})  # fmt: skip
    table = hotspots_table(take_sample(result, 5000)).set_index("touchpoint")
    assert table["poor"].idxmax() == "billing"
    assert table.loc["billing", "hot"] == "yes"
    assert (table["hot"] == "yes").sum() == 1
    assert table["share"].sum() == pytest.approx(1)
    assert "Newcomers' hotspot is billing" in start_small(result, jobs=1).finding


def test_nothing_poor_nobody_there_nothing_to_try() -> None:
    steady = load_bare(
        {"site": {"kind": "self_service"}}, **{"population.customers": 20, "population.newcomers": "300 per year"}
    )
    found = start_small(cxsim.simulate(steady, replications=4, jobs=1), jobs=1)
    assert "Nothing was poor in the first 3 journeys" in found.finding
    quiet = start_small(still(), jobs=1)
    assert "No first journey was followed" in quiet.finding
    assert "None of" in quiet.finding
    perfect = lived(
        **{f"touchpoints.{name}.flawless": True for name in ("site", "delivery", "use", "billing", "support")}
    )
    assert all(step.touchpoint in ("", "support", "delivery") for step in small_steps(perfect.scenario))
    assert isinstance(start_small(bare(), jobs=1).table("steps"), pd.DataFrame)


def test_one_replication_calls_nothing_clear() -> None:
    found = start_small(lived(1, **{"touchpoints.use.failure.probability": 0.3, "rules.leave_base": 0.0}), jobs=1)
    assert not found.table("steps")["is_clear"].any()
    assert all(math.isnan(value) for value in found.table("steps")["low"])
