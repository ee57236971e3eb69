"""CustomerModel as a Mesa model: days, agents, sets of agents, collected data, customers of one's own."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest
from mesa.datacollection import DataCollector

from cxsim.agents import Customer, Touchpoint
from cxsim.engine.columns import ACTIVE, AGENDA, COLUMNS, JOURNEY, REASONS
from cxsim.model import CustomerModel
from tests.engine.twins import assert_same_world, live
from tests.worlds import load_world, small_world

BUSY = {"population.customers": 60, "personas": {"everyone": {"journeys_per_year": "50 per year"}}}


@pytest.fixture
def model() -> CustomerModel:
    """A small world on its first morning."""
    return CustomerModel(load_world(**BUSY))


def test_a_step_is_a_day(model: CustomerModel) -> None:
    assert isinstance(model, mesa.Model)
    assert (model.day, model.running) == (0, True)
    model.step()
    assert (model.day, model.running) == (1, True)
    while model.running:
        model.step()
    assert model.day == model.scenario.days == 70
    before = model.world.customers.tobytes()
    model.step()  # past the horizon nothing happens
    assert model.day == 70
    assert model.world.customers.tobytes() == before


def test_run_lives_all_days_and_tells_of_progress(model: CustomerModel) -> None:
    told: list[int] = []
    assert model.run(progress=told.append) is model
    assert sum(told) == model.day == 70
    assert model.running is False
    assert model.events > 1000


def test_a_plain_run_makes_no_agents(model: CustomerModel) -> None:
    model.run()
    assert model._has_agents is False
    assert len(model.agents) == 60 + 6  # made on first use
    assert model._has_agents is True


def test_agents_by_type_are_customers_and_touchpoints(model: CustomerModel) -> None:
    assert set(model.agents_by_type) == {Customer, Touchpoint}
    assert len(model.agents_by_type[Customer]) == 60
    names = [stop.name for stop in model.agents_by_type[Touchpoint]]
    assert names == list(model.scenario.touchpoints)
    ids = [agent.unique_id for agent in model.agents]
    assert len(set(ids)) == 66


def test_every_column_is_an_attribute_that_reads_and_writes_the_row(model: CustomerModel) -> None:
    customer = next(iter(model.agents_by_type[Customer]))
    row = model.world.customers[customer.index]
    for column in COLUMNS:
        if column.name == "step":  # a method of every Mesa agent
            continue
        value = getattr(customer, column.name)
        np.testing.assert_array_equal(value, row[column.name])
        if column.size == 1:
            assert isinstance(value, (int, float))
    customer.satisfaction, customer.goals_missed, customer.desired = 0.25, 3, (0.5, 0.625, 0.75)
    assert (row.satisfaction, row.goals_missed) == (0.25, 3)
    np.testing.assert_array_equal(row.desired, (0.5, 0.625, 0.75))
    customer.desired[1] = 0.875
    assert row.desired[1] == 0.875


def test_writing_the_agenda_tells_the_engine(model: CustomerModel) -> None:
    quiet = CustomerModel(load_world(**BUSY | {"personas": {"everyone": {"journeys_per_year": 0}}}))
    customer = next(iter(quiet.agents_by_type[Customer]))
    due = np.full(len(AGENDA), np.inf)
    due[JOURNEY] = 3.5
    customer.due = due
    quiet.run()
    assert customer.journeys - quiet.world.customers["journeys"].min() >= 1
    assert quiet.world.journey_days[:, 0].sum() == quiet.world.journey_days[3, 0] == 1


def test_sets_of_agents_select_do_count_and_group(model: CustomerModel) -> None:
    model.run()
    customers = model.agents_by_type[Customer]
    rows = model.world.customers
    present = customers.select(lambda customer: customer.is_active)
    assert len(present) == (rows["status"] == ACTIVE).sum()
    assert customers.agg("satisfaction", np.mean) == pytest.approx(rows["satisfaction"].mean())
    assert present.get("encounters") == rows["encounters"][rows["status"] == ACTIVE].tolist()
    by_status = customers.groupby("status_name")
    assert {name: len(group) for name, group in by_status} == {
        name: int((rows["status"] == code).sum())
        for code, name in enumerate(("prospect", "active", "left", "drifted", "ended"))
        if (rows["status"] == code).any()
    }
    customers.select(lambda customer: customer.index < 5).do(lambda customer: setattr(customer, "satisfaction", -1.0))
    assert np.all(rows["satisfaction"][:5] == -1.0)
    customers.set("irritation", 0.5)
    assert np.all(rows["irritation"] == 0.5)
    worst = customers.sort(lambda customer: customer.satisfaction, ascending=True)
    assert next(iter(worst)).satisfaction == -1.0


def test_collected_data_are_the_engines_data(model: CustomerModel) -> None:
    collector = DataCollector(
        model_reporters={"day": "day", "present": lambda m: int((m.world.customers["status"] == ACTIVE).sum())},
        agent_reporters={"satisfaction": lambda agent: getattr(agent, "satisfaction", None)},
    )
    for _ in range(20):
        model.step()
        collector.collect(model)
    by_model = collector.get_model_vars_dataframe()
    assert by_model["day"].tolist() == list(range(1, 21))
    assert by_model["present"].iloc[-1] == (model.world.customers["status"] == ACTIVE).sum()
    by_agent = collector.get_agent_vars_dataframe()
    assert by_agent["satisfaction"].notna().sum() == 20 * 60
    last = by_agent.groupby(level=0)["satisfaction"].apply(lambda values: values.dropna().tolist()).iloc[-1]
    assert last == model.world.customers["satisfaction"].tolist()


def test_agents_and_collected_data_change_nothing() -> None:
    scenario = load_world(**BUSY)
    plain, watched = live(scenario), CustomerModel(scenario)
    collector = DataCollector(agent_reporters={"mood": lambda agent: getattr(agent, "mood", "")})
    while watched.running:
        watched.step()
        if watched.day % 10 == 0:
            collector.collect(watched)
    assert_same_world(plain, watched)


class Soothed(Customer):
    """A customer whose irritation a daily call takes away; counts its days."""

    days = 0

    def step(self) -> None:
        self.days += 1
        self.irritation = 0.0


def test_a_customer_of_ones_own_acts_daily_and_changes_its_row() -> None:
    scenario = load_world(**BUSY)
    soothed, plain = CustomerModel(scenario, customer_class=Soothed), live(scenario)
    soothed.run()
    assert all(customer.days == 70 for customer in soothed.agents_by_type[Soothed])
    assert soothed.world.customers["irritation"].sum() == 0 < plain.world.customers["irritation"].sum()
    assert soothed.world.customers["number"].tolist() == plain.world.customers["number"].tolist()


def test_a_customer_of_ones_own_that_does_nothing_changes_nothing() -> None:
    class Watcher(Customer):
        def step(self) -> None:
            assert self.satisfaction <= 1

    scenario = load_world(**BUSY)
    assert_same_world(live(scenario), live(scenario, customer_class=Watcher))


def test_customers_tell_who_they_are_in_words(model: CustomerModel) -> None:
    model.run()
    for customer in model.agents_by_type[Customer]:
        assert customer.persona_name == "everyone"
        assert customer.status_name in ("active", "left", "drifted", "ended")
        assert customer.mood in ("calm", "edgy", "agitated", "angry")
        assert set(customer.factors) == set(model.scenario.factors)
        assert all(0 <= strength <= 1 for strength in customer.factors.values())
        ledger = customer.ledger
        assert set(ledger["origin"]) == set(model.scenario.touchpoints)
        assert set(ledger["reason"]) == set(REASONS)
        assert sum(ledger["origin"].values()) == pytest.approx(sum(ledger["reason"].values()), abs=1e-5)


def test_touchpoints_tell_their_definition_and_totals(model: CustomerModel) -> None:
    model.run()
    stops = {stop.name: stop for stop in model.agents_by_type[Touchpoint]}
    assert stops["support"].kind == "desk"
    assert stops["use"].definition is model.scenario.touchpoints["use"]
    assert sum(stop.totals["encounters"] for stop in stops.values()) == model.world.customers["encounters"].sum()
    assert all(stop.queue_length >= 0 for stop in stops.values())


def test_what_is_handed_in_may_be_data_a_seed_and_a_replication() -> None:
    one, same, other = (CustomerModel(small_world(), rng=7, replication=number).run() for number in (2, 2, 3))
    assert_same_world(one, same)
    assert one.world.customers.tobytes() != other.world.customers.tobytes()


class Collecting(CustomerModel):
    """A model that collects, as Mesa's batch runs want it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.datacollector = DataCollector(model_reporters={"joined": lambda model: len(model.world.customers)})

    def step(self) -> None:
        super().step()
        self.datacollector.collect(self)


def test_batch_runs_take_scenarios_by_path(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(json.dumps(small_world()), encoding="utf-8")
    options: dict[str, Any] = {"number_processes": 1, "max_steps": 30, "display_progress": False}
    if "rng" in inspect.signature(mesa.batch_run).parameters:
        options["rng"] = [1]  # newer Mesa hands a seed to every run
    found = mesa.batch_run(Collecting, {"scenario": str(path), "replication": [0, 1]}, **options)
    assert [row["replication"] for row in found] == [0, 1]
    assert [row["joined"] for row in found] == [300, 300]
