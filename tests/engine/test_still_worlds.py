"""Worlds in which one thing is held still: nothing else may move it."""

from typing import Any

import numpy as np
import pytest

from cxsim.engine.columns import ACTIVE
from cxsim.engine.tally import DESK_STATISTICS
from cxsim.engine.world import build_world
from cxsim.model import CustomerModel
from tests.engine.twins import live
from tests.worlds import load_world

STILL: dict[str, Any] = {
    "mechanisms": {"learning": False, "goodwill": False, "frequency_cut": False, "blow_up": False,
                   "word_of_mouth": False, "best_in_class": False, "moving_alternatives": False},
    "rules": {"explicit_weight": 0.0, "trust_speed": 0.0, "lead_time_speed": 0.0, "acceptable_wait_speed": 0.0,
              "journey_weight_lasting": 0.0, "journey_weight_early": 0.0, "leave_base": -50.0, "goodwill_keep": 1.0},
    "population.ended": "0 per year", "population.drifted": "0 per year",
    "personas": {"everyone": {"journeys_per_year": "40 per year"}},
}  # fmt: skip
MIND = ("desired", "adequate", "predicted", "normative", "uncertainty", "trust", "learned_lead_days", "goodwill",
        "acceptable_wait_minutes", "satisfaction", "alternatives", "frequency_cut", "status", "persona", "patience",
        "desired_base", "adequate_base", "irritation_tolerance", "switching_cost", "competitor")  # fmt: skip


def test_with_everything_that_could_move_switched_off_nobody_changes() -> None:
    scenario = load_world(**STILL)
    first = build_world(scenario, 1, 0).customers
    last = live(scenario).world.customers
    assert last["encounters"].sum() > 5000
    for name in MIND:
        np.testing.assert_array_equal(first[name], last[name], err_msg=name)


@pytest.mark.parametrize(("mechanism", "moved"), [("learning", "desired"), ("goodwill", "goodwill")])
def test_the_same_world_moves_when_a_mechanism_is_on(mechanism: str, moved: str) -> None:
    on = STILL | {"mechanisms": STILL["mechanisms"] | {mechanism: True}}
    scenario = load_world(**on)
    assert not np.array_equal(build_world(scenario, 1, 0).customers[moved], live(scenario).world.customers[moved])


def test_perfect_service_without_spread_makes_nobody_leave_and_nothing_poor() -> None:
    perfect = {"people": 1.0, "product": 1.0, "process": 1.0}
    steady = {"people": 0.0, "product": 0.0, "process": 0.0}
    stops = {
        "site": {"kind": "self_service", "quality": perfect, "quality_sd": steady, "next": {"use": 1}},
        "use": {"kind": "use", "quality": perfect, "quality_sd": steady},
    }
    model = live(load_world(**{"touchpoints": stops, "desks": {}, "journey.start": "site", "horizon": "300 days"}))
    customers = model.world.customers
    assert customers["encounters"].sum() > 1000
    assert customers["poor_encounters"].sum() == 0
    assert customers["irritation"].sum() == 0
    assert np.all(customers["status"] != 2)
    lived = customers["encounters"] > 10
    assert np.all(customers["satisfaction"][lived] > 0)


def test_staff_on_duty_are_whole_people_and_average_to_the_plan() -> None:
    day_and_night = {"desks.support.servers": 2.4, "desks.support.shifts": [{"hours": "0-24"}]}
    model = live(load_world(**day_and_night | {"horizon": "400 days", "population.customers": 1}))
    minutes = model.world.desk_days[:, 0, DESK_STATISTICS.index("server_minutes")]
    hours = 24 * len(minutes)
    assert minutes.sum() % 60 == 0
    assert minutes.sum() / 60 / hours == pytest.approx(2.4, abs=4 * (0.24 / hours) ** 0.5)


def test_staff_that_differ_from_day_to_day_differ_by_day() -> None:
    varied = {"desks.support.servers": 20, "desks.support.servers_sd": 5.0, "desks.support.shifts": [{"hours": "0-24"}]}
    model = live(load_world(**varied | {"horizon": "400 days", "population.customers": 1}))
    a_day = model.world.desk_days[:, 0, DESK_STATISTICS.index("server_minutes")] / 1440
    assert a_day.mean() == pytest.approx(20, abs=4 * 5 / len(a_day) ** 0.5)
    assert a_day.std() == pytest.approx(5, rel=0.2)  # hour by hour it would average out to about 1


def test_servers_are_never_busier_than_they_are_many_except_while_a_shift_ends() -> None:
    scenario = load_world(**{
        "desks.support.shifts": [{"days": "mon-sun", "hours": "0-24", "servers": 2}],
        "touchpoints.use.failure": {"probability": 1.0, "contact": "support", "contact_probability": 1.0},
        "personas": {"everyone": {"journeys_per_year": "100 per year"}},
    })  # fmt: skip
    model = CustomerModel(scenario)
    seen = []
    while model.running:
        model.step()
        desk = model.world.state[0].desks[0]
        assert desk.busy <= desk.servers == 2
        assert desk.queued == 0 or desk.busy == desk.servers  # nobody waits while somebody is free
        seen.append(int(desk.busy))
    assert max(seen) > 0


@pytest.mark.parametrize("closing", ["serve_out", "turn_away", "carry_over"])
def test_at_closing_time_each_desk_keeps_its_own_rule(closing: str) -> None:
    scenario = load_world(**{
        "desks.support": {"servers": 1, "shifts": [{"days": "mon-fri", "hours": "9-12"}], "closing": closing,
                          "service": "50 min", "patience": "100 h", "resolution": 1.0},
        "touchpoints.use.failure": {"probability": 1.0, "contact": "support", "contact_probability": 1.0},
        "personas": {"everyone": {"journeys_per_year": "30 per year"}}, "population.customers": 100,
    })  # fmt: skip
    model = CustomerModel(scenario)
    left_overnight = []
    while model.running:
        model.step()
        desk = model.world.state[0].desks[0]
        assert desk.is_open == 0
        if closing == "serve_out":  # into the night, if it takes so long
            assert desk.queued == 0 or (desk.is_serving_out == 1 and desk.busy == 1)
        else:
            assert desk.servers == 0
            left_overnight.append(int(desk.queued))
    totals = dict(zip(DESK_STATISTICS, model.world.desk_days.sum(axis=(0, 1)).tolist(), strict=True))
    assert totals["served"] > 50
    assert (totals["turned_away"] > 0) == (closing == "turn_away")
    assert (totals["found_closed"] > 0) == (closing != "carry_over")
    assert (max(left_overnight, default=0) > 0) == (closing == "carry_over")


def test_those_who_find_a_desk_closed_come_back_while_it_is_open() -> None:
    """Also to a desk whose hours are shorter than the time over which they come back."""
    scenario = load_world(**{
        "desks.support": {"servers": 50, "shifts": [{"days": "mon-fri", "hours": "9-10"}], "service": "1 min",
                          "resolution": 1.0},
        "touchpoints.use.failure": {"probability": 1.0, "contact": "support", "contact_probability": 1.0},
        "personas": {"everyone": {"journeys_per_year": "30 per year"}}, "rules": {"reopening_spread_hours": 8.0},
        "touchpoints.delivery.overdue_contact_probability": 0.0,
    })  # fmt: skip
    model = live(scenario)
    totals = dict(zip(DESK_STATISTICS, model.world.desk_days.sum(axis=(0, 1)).tolist(), strict=True))
    customers = model.world.customers
    under_way = ((customers["contact_touchpoint"] >= 0) & (customers["status"] == ACTIVE)).sum()
    assert totals["found_closed"] > 100
    assert totals["found_closed"] <= totals["served"] + under_way + (customers["status"] != ACTIVE).sum()
