"""The past of established customers: taken over whole from a pilot world, and nobody else's luck with it."""

import numpy as np
import pytest

import cxsim
from cxsim.engine.columns import ACTIVE, REASONS
from cxsim.engine.past import MIND
from cxsim.model import CustomerModel
from cxsim.scenario.pilot import pilot_of
from tests.worlds import small_world, with_values

PAST = {"population.look_back": True, "population.customers": 400, "population.newcomers": "400 per year"}


def world(**values: object) -> cxsim.Scenario:
    return cxsim.load(with_values(small_world(), PAST | values))


def test_established_customers_start_with_what_experience_brings_newcomers_do_not() -> None:
    model = CustomerModel(world())
    customers = model.world.customers
    established = customers["status"] == ACTIVE
    assert np.all(customers["goodwill"][~established] == customers["goodwill"][~established][0])
    assert np.std(customers["satisfaction"][established]) > 0.05
    assert np.all(customers["satisfaction"][~established] == 0)
    assert np.mean(customers["uncertainty"][established]) < np.mean(customers["uncertainty"][~established])
    assert model.satisfaction_at_start == pytest.approx(customers["satisfaction"].sum())
    for name in ("desired", "adequate", "predicted", "normative", "trust", "goodwill"):
        assert np.all((customers[name] >= 0) & (customers[name] <= 1)), name


def test_ledgers_come_along_with_the_irritation_they_hold() -> None:
    scenario = world(**{"touchpoints.use.failure.probability": 0.3})
    model = CustomerModel(scenario)
    stops = len(scenario.touchpoints)
    ledger = model.world.ledger[:, : stops + len(REASONS)].astype(float)
    assert ledger.sum() > 0
    np.testing.assert_allclose(ledger[:, :stops].sum(axis=1), ledger[:, stops:].sum(axis=1), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(ledger[:, :stops].sum(axis=1), model.world.customers["irritation"], rtol=1e-3, atol=1e-5)


def test_every_mind_is_that_of_a_pilot_customer_of_the_same_persona() -> None:
    many = {"a": {"share": 0.5}, "b": {"share": 0.5, "needs": {"people": 3, "product": 1, "process": 1}}}
    scenario = world(personas=many)
    model = CustomerModel(scenario)
    pilot = CustomerModel(pilot_of(scenario), which=1).run().world.customers
    ours = model.world.customers[model.world.customers["status"] == ACTIVE]
    theirs = pilot[pilot["status"] == ACTIVE]
    for persona in (0, 1):
        known = {row["satisfaction"] for row in theirs[theirs["persona"] == persona]}
        assert set(ours["satisfaction"][ours["persona"] == persona]) <= known
    assert len(MIND) == len(set(MIND))


def test_without_a_past_everybody_starts_alike() -> None:
    customers = CustomerModel(world(**{"population.look_back": False})).world.customers
    assert np.all(customers["satisfaction"] == 0)
    assert np.all(customers["irritation"] == 0)


def test_one_more_newcomer_leaves_every_past_as_it_was() -> None:
    fewer, more = world(), world(**{"population.newcomers": "500 per year"})
    first, second = (CustomerModel(scenario).world.customers[:400] for scenario in (fewer, more))
    for name in MIND:
        np.testing.assert_array_equal(first[name], second[name], err_msg=name)


def test_a_pilot_is_a_small_world_of_newcomers_in_which_nothing_changes() -> None:
    storm = {"storm": {"at": "9 days", "set": {"touchpoints.use.failure.probability": 0.9}}}
    pilot = pilot_of(world(interventions=storm))
    assert not pilot.interventions
    assert not pilot.population.look_back
    assert pilot.population.ended == pilot.population.drifted == 0
    assert pilot.population.newcomers * pilot.days / 365 == pytest.approx(256, rel=0.01)
    large = pilot_of(world(**{"population.customers": 1_000_000}))
    assert large.population.newcomers * large.days / 365 == pytest.approx(4096, rel=0.01)


def test_days_tell_the_satisfaction_of_those_present_from_the_first_day_on() -> None:
    result = cxsim.simulate(world(), replications=1)
    last = result.days.iloc[-1]
    assert last["satisfaction"] == pytest.approx(result.estimate("satisfaction").mean, abs=1e-6)


def test_established_customers_come_from_the_market_of_the_first_day_not_from_one_to_come() -> None:
    still, rising = (CustomerModel(world(**{"market.drift": drift})) for drift in (0.0, 0.1))
    for name in (*MIND, "adequate"):
        assert np.array_equal(still.world.customers[name], rising.world.customers[name]), name
