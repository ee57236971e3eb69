"""What holds in any world at all: books that balance, people neither made nor lost, levels in order."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

import cxsim
from cxsim.engine.columns import ACTIVE, DRIFTED, ENDED, LEFT, PROSPECT, REASONS
from cxsim.engine.log import CONTACT_PLANNED
from cxsim.engine.tally import B_CONTACTS, B_LAST_STRAWS, B_POOR, J_LEFT, TOUCHPOINT_STATISTICS
from cxsim.engine.world import build_world
from cxsim.model import CustomerModel
from cxsim.results.costs import COSTS
from cxsim.results.measures import MEASURES
from cxsim.results.run import collect
from cxsim.scenario.parameters import MECHANISMS
from tests.engine.random_worlds import leavings, worlds
from tests.engine.totals import desk_totals, journey_totals
from tests.engine.twins import assert_same_customers, live

ROOT = Path(__file__).parents[2]
SHARES_OF_A_WHOLE = (
    "expectations_met_share", "poor_encounter_rate", "very_poor_rate", "delight_rate", "wow_rate", "stuck_rate", "csat",
    "poor_journey_rate", "goal_reached_rate", "word_of_mouth_bad_share", "join_rate", "on_time_rate",
    "failure_demand_share",
)  # fmt: skip
"""Shares whose part and whole are counted at once; others may pass 1 where the part is counted later than the whole."""
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


def check_people(model: CustomerModel) -> None:
    customers, total = model.world.customers, journey_totals(model)
    count = np.bincount(customers["status"], minlength=5)
    established = model.scenario.population.customers
    assert count[LEFT] == total["left"] - total["won_back"]
    assert (count[DRIFTED], count[ENDED]) == (total["drifted"], total["ended"])
    assert established + total["joined"] == count[[ACTIVE, LEFT, DRIFTED, ENDED]].sum()
    prospects = customers[customers["status"] == PROSPECT]
    assert total["declined"] == np.isinf(prospects["due"]).all(axis=1).sum()
    assert len(customers) == established + total["joined"] + len(prospects)
    assert total["present_change"] == count[ACTIVE] - established
    exits = model.exits()
    assert len(exits["number"]) == total["left"]  # one interview for each leaving
    assert len(set(zip(exits["number"].tolist(), exits["left_at"].tolist(), strict=True))) == total["left"]
    assert np.all(exits["last_straw_touchpoint"] >= 0)


def check_journeys(model: CustomerModel) -> None:
    customers, total, desk = model.world.customers, journey_totals(model), desk_totals(model)
    assert total["journeys_begun"] == total["journeys"] + total["dropped"] + customers["is_open"].sum()
    assert total["goals_reached"] <= total["journeys"]
    assert total["contacts"] == desk["failure_contacts"] == customers["contacts"].sum()
    waiting = sum(int(state.queued) for state in model.world.state[0].desks)
    assert desk["arrivals"] == desk["served"] + desk["gave_up"] + desk["turned_away"] + waiting
    assert total["escalations"] <= total["complaints"]
    assert total["surveys"] <= total["survey_effort"] <= 7 * total["surveys"]
    encounters = model.world.stop_days[:, :, TOUCHPOINT_STATISTICS.index("encounters")].sum()
    assert encounters == customers["encounters"].sum()


def check_levels(model: CustomerModel) -> None:
    customers = model.world.customers
    for name in ("desired", "adequate", "predicted", "normative", "trust", "goodwill"):
        assert np.all((customers[name] >= -1e-12) & (customers[name] <= 1 + 1e-6)), name
    least = model.scenario.parameters()["zone_minimum"]
    held = (customers["adequate"] <= customers["desired"] - least + 1e-6) | (customers["adequate"] == 0)
    assert np.all(held)
    assert np.all(np.abs(customers["satisfaction"]) <= 1)
    parts, shares = (customers[name].astype(float) for name in ("predicted_parts", "predicted_shares"))
    assert np.all((parts >= 0) & (parts <= shares + 1e-4))
    assert np.all(shares.sum(axis=1) <= 1 + 1e-4)


def check_blame(model: CustomerModel) -> None:
    world, log, first = model.world, model.log(), int(model.scenario.warm_up)
    measured = world.stop_days[first:].sum(axis=(0, 1))
    assert world.blame[:, :, B_POOR].sum() == measured[TOUCHPOINT_STATISTICS.index("poor")]
    left = world.journey_days[first:].sum(axis=0)
    assert world.blame[:, :, B_LAST_STRAWS].sum() == left[J_LEFT] == collect(model, 0.0, False, False).journey("left")
    planned = log[log["event"] == CONTACT_PLANNED]
    assert np.all((planned["origin"] >= 0) & (planned["touchpoint"] >= 0))
    if first == 0:
        assert world.blame[:, :, B_CONTACTS].sum() >= max(len(planned), journey_totals(model)["contacts"])
    stops = len(model.scenario.touchpoints)
    ledger, customers = world.ledger.astype(float), world.customers
    by_origin, by_reason = ledger[:, :stops].sum(axis=1), ledger[:, stops : stops + len(REASONS)].sum(axis=1)
    np.testing.assert_allclose(by_origin, by_reason, rtol=1e-4, atol=1e-6)
    kept = 0.5 ** (
        (customers["settled_at"] - customers["ledger_at"]) / model.scenario.parameters()["irritation_half_life_days"]
    )
    np.testing.assert_allclose(by_origin * kept, customers["irritation"], rtol=1e-4, atol=1e-6)


def check_money(model: CustomerModel) -> None:
    run = collect(model, 0.0, keep_customers=True, keep_log=False)
    assert set(run.costs) == set(COSTS)
    assert all(amount >= 0 for amount in run.costs.values())
    assert run.profit == pytest.approx(run.journey("revenue") - sum(run.costs.values()))
    most = 1 + 2 * model.scenario.money.premium
    assert run.sales_at_list_price - 1e-6 <= run.journey("revenue") <= run.sales_at_list_price * most + 1e-6
    assert run.costs["refunds"] == run.journey("refunds")
    for measure in MEASURES:
        value = measure.compute(run)
        assert not np.isinf(value), measure.name
        if measure.name in SHARES_OF_A_WHOLE and np.isfinite(value):
            assert 0 <= value <= 1, measure.name


def check_all(world: dict[str, Any]) -> None:
    """Live a world and look at it from all sides."""
    model = live(cxsim.load(world), rng=3, follow=range(1000))
    for check in (check_people, check_journeys, check_levels, check_blame, check_money):
        check(model)


@given(worlds())
@FEW
def test_the_books_balance_in_any_world(world: dict[str, Any]) -> None:
    check_all(world)


@pytest.mark.slow
@given(worlds())
@MANY
def test_the_books_balance_in_many_worlds(world: dict[str, Any]) -> None:
    check_all(world)


def check_stillness(world: dict[str, Any]) -> None:
    """With everything that moves people switched off, nobody is moved by whatever happens."""
    still = {"mechanisms": {mechanism.name: False for mechanism in MECHANISMS}, "interventions": {}, "rules": {
        "journey_weight_lasting": 0.0, "goodwill_keep": 1.0, "leave_base": -1e9, "review_prior": 1.0}}  # fmt: skip
    population = world["population"] | {"ended": 0, "drifted": 0, "newcomers": 0}
    scenario = cxsim.load(world | still | {"population": population})
    first, last = build_world(scenario, 3, 0).customers, live(scenario, rng=3).world.customers
    for name in ("desired", "adequate", "predicted", "normative", "uncertainty", "trust", "goodwill", "satisfaction",
                 "learned_lead_days", "acceptable_wait_minutes", "alternatives", "frequency_cut", "status", "persona",
                 "predicted_parts", "predicted_shares", "competitor", "left_at"):  # fmt: skip
        np.testing.assert_array_equal(first[name], last[name], err_msg=name)


@given(worlds())
@FEW
def test_with_everything_off_nobody_changes_in_any_world(world: dict[str, Any]) -> None:
    check_stillness(world)


@pytest.mark.slow
@given(worlds())
@MANY
def test_with_everything_off_nobody_changes_in_many_worlds(world: dict[str, Any]) -> None:
    check_stillness(world)


def check_one_more(world: dict[str, Any]) -> None:
    """Where nobody talks or queues, or waits for what others' gaps say, one more customer changes nobody."""
    alone = world | {"mechanisms": {"word_of_mouth": False}}
    alone["company"] = world["company"] | {"feedback": {"share": 0.3, "follows": "order"}}
    always = {"servers": 5000, "servers_sd": 0, "shifts": [{"hours": "0-24"}]}
    alone["desks"] = {name: desk | always for name, desk in world["desks"].items()}
    alone["interventions"] = {}
    population = world["population"] | {"newcomers": 0}
    few, more = (
        live(cxsim.load(alone | {"population": population | {"customers": count}}), rng=3) for count in (30, 31)
    )
    assert_same_customers(few.world.customers, more.world.customers[:30])
    np.testing.assert_array_equal(few.world.ledger, more.world.ledger[:30])


@given(worlds())
@FEW
def test_one_more_customer_changes_nobody_in_any_world(world: dict[str, Any]) -> None:
    check_one_more(world)


@pytest.mark.slow
@given(worlds())
@MANY
def test_one_more_customer_changes_nobody_in_many_worlds(world: dict[str, Any]) -> None:
    check_one_more(world)


def assert_plain_python_agrees(folder: Path, world: dict[str, Any]) -> None:
    """Live a world in plain Python, in a process of its own, and compare what it leaves (see test_uncompiled)."""
    (folder / "world.json").write_text(json.dumps(world), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "tests.engine.random_worlds", str(folder / "world.json"), str(folder / "plain.npz")],
        check=True, cwd=ROOT, env=os.environ | {"NUMBA_DISABLE_JIT": "1"}, timeout=300,
    )  # fmt: skip
    compiled, plain = leavings(world), np.load(folder / "plain.npz")
    for name, mine in compiled.items():
        if mine.dtype.kind != "f":
            np.testing.assert_array_equal(mine, plain[name], err_msg=name)
        else:
            four_bytes = mine.dtype.itemsize == 4
            np.testing.assert_allclose(mine, plain[name], rtol=1e-6 if four_bytes else 1e-8, atol=1e-9, err_msg=name)


def test_many_journeys_a_day_through_a_desk_stay_within_the_lists_of_the_day(tmp_path: Path) -> None:
    """Plain Python tells of a write beyond an array; every journey that ends after a desk has news to tell."""
    stops = {"shop": {"kind": "desk", "desk": "shop"}}
    world = {
        "format": 1, "name": "hurried", "warm_up": "0 days", "horizon": "4 days",
        "population": {"customers": 2, "look_back": False},
        "personas": {"everyone": {"journeys_per_year": "8760 per year"}}, "journey": {"start": "shop"},
        "desks": {"shop": {"servers": 3, "service": "1 min", "resolution": 1.0}}, "touchpoints": stops,
    }  # fmt: skip
    assert_plain_python_agrees(tmp_path, world)
    assert journey_totals(live(cxsim.load(world), rng=3))["journeys"] > 30


@pytest.mark.slow
@seed(7)
@given(worlds())
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
def test_plain_python_lives_any_world_like_the_compiled_engine(
    tmp_path_factory: pytest.TempPathFactory, world: dict[str, Any]
) -> None:
    assert_plain_python_agrees(tmp_path_factory.mktemp("plain"), world)
