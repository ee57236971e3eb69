"""What must add up in any world, however odd."""

from typing import Any

import numpy as np
import pytest

from cxsim.engine.columns import ACTIVE, DEPARTURE, DRIFTED, ENDED, JOURNEY, LEFT, PROSPECT, REASONS
from cxsim.engine.tally import (
    B_LAST_STRAWS,
    B_POOR,
    DESK_STATISTICS,
    JOURNEY_STATISTICS,
    TOUCHPOINT_STATISTICS,
    wait_of_bin,
)
from cxsim.model import CustomerModel
from tests.worlds import load_world

FREQUENT = {"everyone": {"journeys_per_year": "50 per year"}}
OFFICE_HOURS = [{"days": "mon-fri", "hours": "9-12"}]
ALWAYS_CALLS = {"probability": 1.0, "contact": "support", "contact_probability": 1.0}
NO_DESK: dict[str, Any] = {
    "desks": {}, "touchpoints.support": {"kind": "self_service"}, "touchpoints.billing.next": {"support": 1},
    "touchpoints.delivery.overdue_contact": None, "touchpoints.delivery.overdue_contact_probability": 0,
    "touchpoints.use.failure": {"probability": 0.05},
}  # fmt: skip
TWO_DESKS: dict[str, Any] = {
    "desks.counter": {"servers": 1.5, "service": {"mean": "30 min", "sd": "20 min"}, "closing": "turn_away",
                      "shifts": [{"days": "mon-sat", "hours": "8-18", "servers": [1, 1, 2, 2, 3, 0, 2, 2, 1, 1]}]},
    "touchpoints.counter": {"kind": "desk", "desk": "counter"}, "touchpoints.billing.next": {"counter": 1},
}  # fmt: skip
WORLDS: dict[str, dict[str, Any]] = {
    "small": {},
    "busy, serve out": {"desks.support.closing": "serve_out", "desks.support.shifts": OFFICE_HOURS,
                        "desks.support.servers": 1, "personas": FREQUENT},
    "busy, turn away": {"desks.support.closing": "turn_away", "desks.support.shifts": OFFICE_HOURS,
                        "desks.support.servers": 1, "personas": FREQUENT},
    "busy, carry over": {"desks.support.closing": "carry_over", "desks.support.shifts": OFFICE_HOURS,
                         "desks.support.servers": 1, "desks.support.patience": "30 h", "personas": FREQUENT},
    "newcomers": {"population.newcomers": "2000 per year", "population.ended": "1 per year",
                  "population.drifted": "1 per year"},
    "no desk": NO_DESK | {"personas": FREQUENT},
    "always failing": {"touchpoints.use.failure": ALWAYS_CALLS, "personas": FREQUENT},
    "failing back to the start": {"touchpoints.use.failure": {"probability": 0.5, "next": "site"},
                                  "personas": FREQUENT},
    "no patience": {"desks.support.patience": "1 s", "touchpoints.use.failure": ALWAYS_CALLS, "personas": FREQUENT},
    "service longer than a day": {"desks.support.service": "26 h", "desks.support.servers": 3,
                                  "touchpoints.use.failure": ALWAYS_CALLS, "desks.support.patience": "50 h"},
    "no journeys": {"personas": {"everyone": {"journeys_per_year": 0}}},
    "one customer": {"population.customers": 1, "personas": FREQUENT},
    "always open": {"desks.support.shifts": [{"hours": "0-24"}], "personas": FREQUENT},
    "two desks, uneven staff": TWO_DESKS | {"personas": FREQUENT},
    "irritable": {"rules": {"tolerance_factor": 0.05, "leave_base": -6.0, "leave_irritation": 1.0, "voice_base": 2.0},
                  "touchpoints.use.failure": ALWAYS_CALLS, "desks.support.resolution": 0.2, "personas": FREQUENT},
    "leaving at once": {"rules": {"leave_base": 20.0}, "touchpoints.site.quality": {"process": 0.1}},
    "coming and going": {"rules": {"leave_base": 0.0, "escalation_probability": 0.5, "voice_base": 0.0},
                         "company.win_back": {"share": 0.7, "after": "5 days"}, "personas": FREQUENT,
                         "population.newcomers": "2000 per year", "population.converts": 0.5,
                         "population.ended": "0.5 per year", "population.drifted": "0.5 per year",
                         "touchpoints.use.failure": ALWAYS_CALLS},
    "technology, and a company that listens": {
        "touchpoints.site.technology": {"mode": "enabler", "stuck_probability": 0.3, "contact": "support"},
        "touchpoints.billing.technology": {"mode": "definer", "stuck_probability": 0.3, "contact": "support"},
        "company.feedback": {"share": 0.3, "every": "7 days", "cost": 100}, "personas": FREQUENT,
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=list(WORLDS))
def model(request: pytest.FixtureRequest) -> CustomerModel:
    """One of the worlds after 70 days, everybody followed."""
    scenario = load_world(**WORLDS[request.param])
    return CustomerModel(scenario, follow=range(10_000)).run()


def sums(days: np.ndarray, names: tuple[str, ...]) -> Any:
    """Totals by name over all days (and stops or desks)."""
    return dict(zip(names, days.reshape(-1, len(names)).sum(axis=0).tolist(), strict=True))


def in_service(model: CustomerModel) -> int:
    """Customers being served: at a desk with the end of their service in the heap."""
    heap, size = model.world.heap, int(model.world.state[0].heap_size)
    return sum(int(event.kind) == 0 for event in heap[:size])


def test_arrivals_at_desks_are_served_gone_or_still_there(model: CustomerModel) -> None:
    for number in range(len(model.scenario.desks)):
        desk = sums(model.world.desk_days[:, number], DESK_STATISTICS)
        queued = int(model.world.state[0].desks[number].queued)
        assert desk["arrivals"] == desk["served"] + desk["gave_up"] + desk["turned_away"] + queued
        assert desk["arrivals"] - desk["waited"] <= desk["served"]
        assert desk["answered_in_time"] <= desk["served"]
        assert desk["settled"] <= desk["served"]
        moods = sum(desk[f"{mood}_minutes"] for mood in ("calm", "edgy", "agitated", "angry"))
        assert moods == pytest.approx(desk["wait_minutes"], rel=1e-5, abs=1e-6)
        assert 0 <= desk["wait_minutes_of_served"] <= desk["wait_minutes"] + 1e-3
    busy = sum(int(state.busy) for state in model.world.state[0].desks)
    assert busy == in_service(model)


def test_queues_hang_together(model: CustomerModel) -> None:
    customers = model.world.customers
    for number in range(len(model.scenario.desks)):
        state = model.world.state[0].desks[number]
        chain, at, before = [], int(state.head), -1
        while at >= 0:
            assert customers[at].queue_previous == before
            assert customers[at].desk == number
            chain.append(at)
            before, at = at, int(customers[at].queue_next)
        assert before == state.tail
        assert len(chain) == len(set(chain)) == state.queued
        arrivals = customers["desk_at"][chain]
        assert np.all(np.diff(arrivals) >= 0)  # first come, first served
        waiting = set(chain)
        for other in np.flatnonzero((customers["queue_next"] >= 0) | (customers["queue_previous"] >= 0)):
            assert int(other) in waiting or customers[other].desk != number


def test_people_are_neither_made_nor_lost(model: CustomerModel) -> None:
    customers, journeys = model.world.customers, sums(model.world.journey_days, JOURNEY_STATISTICS)
    count = np.bincount(customers["status"], minlength=5)
    established = model.scenario.population.customers
    assert established + journeys["joined"] == count[[ACTIVE, LEFT, DRIFTED, ENDED]].sum()
    assert len(customers) == established + journeys["joined"] + count[PROSPECT]
    assert journeys["left"] - journeys["won_back"] == count[LEFT]
    assert [journeys[name] for name in ("drifted", "ended")] == count[[DRIFTED, ENDED]].tolist()
    assert journeys["declined"] <= count[PROSPECT]
    assert journeys["present_change"] == count[ACTIVE] - established
    present = customers["satisfaction"][customers["status"] == ACTIVE].sum()
    assert journeys["satisfaction_change"] == pytest.approx(present, abs=1e-9)  # everybody starts at 0
    gone = np.isin(customers["status"], (LEFT, DRIFTED, ENDED))
    assert np.array_equal(np.isfinite(customers["left_at"]), gone)
    comes_back = gone & (customers["status"] == LEFT) & (model.scenario.company.win_back.share > 0)
    assert np.all(np.isinf(customers["due"][gone & ~comes_back]))
    waits = np.isfinite(customers["due"][comes_back])
    assert not np.any(np.delete(waits, [DEPARTURE, JOURNEY], axis=1))  # only to be won back, or no longer to be
    assert np.all(customers["desk"][gone] == -1)


def test_levels_stay_in_range(model: CustomerModel) -> None:
    customers, least = model.world.customers, model.scenario.parameters()["zone_minimum"]
    for name in ("desired", "adequate", "predicted", "normative", "trust", "goodwill", "switching_cost"):
        assert np.all((customers[name] >= 0) & (customers[name] <= 1)), name
    assert np.all(customers["adequate"] <= customers["desired"] - least + 1e-6)  # four bytes each
    assert np.all(np.abs(customers["satisfaction"]) <= 1)
    assert np.all(customers["irritation"] >= 0)
    assert np.all(customers["wait_minutes"] >= 0)
    assert np.all(model.world.ledger >= 0)
    assert np.all(customers["frequency_cut"] <= 0.9)
    for name in ("stop_days", "journey_days", "desk_days"):
        assert np.all(np.isfinite(getattr(model.world, name)))


def test_whoever_left_has_a_last_straw(model: CustomerModel) -> None:
    customers = model.world.customers
    left = customers[customers["status"] == LEFT]
    assert np.all((left["last_straw_touchpoint"] >= 0) & (left["last_straw_reason"] >= 0))
    warm_up = int(model.scenario.warm_up)
    assert len(model.exits()["number"]) == sums(model.world.journey_days, JOURNEY_STATISTICS)["left"]
    measured = sums(model.world.journey_days[warm_up:], JOURNEY_STATISTICS)
    assert model.world.blame[:, :, B_LAST_STRAWS].sum() == measured["left"]


def test_the_ledgers_hold_the_irritation(model: CustomerModel) -> None:
    """By origin and by reason the same, and, faded to the same instant, what the customer feels."""
    customers, stops = model.world.customers, len(model.scenario.touchpoints)
    ledger = model.world.ledger.astype(np.float64)
    by_origin, by_reason = ledger[:, :stops].sum(axis=1), ledger[:, stops : stops + len(REASONS)].sum(axis=1)
    np.testing.assert_allclose(by_origin, by_reason, rtol=1e-5)
    elapsed = customers["settled_at"] - customers["ledger_at"]
    half_life = model.scenario.parameters()["irritation_half_life_days"]
    lost = by_origin > 0
    assert np.all(elapsed[lost] >= -1e-4)  # the ledger's clock has four bytes
    np.testing.assert_allclose(by_origin * 0.5 ** (elapsed / half_life), customers["irritation"], rtol=1e-5, atol=1e-12)


def test_tallies_are_the_sums_of_the_customers_counters(model: CustomerModel) -> None:
    customers = model.world.customers
    stops = sums(model.world.stop_days, TOUCHPOINT_STATISTICS)
    journeys = sums(model.world.journey_days, JOURNEY_STATISTICS)
    desks = sums(model.world.desk_days, DESK_STATISTICS)
    assert stops["encounters"] == customers["encounters"].sum()
    assert stops["poor"] == customers["poor_encounters"].sum()
    assert journeys["poor_journeys"] == customers["poor_journeys"].sum()
    assert journeys["contacts"] == customers["contacts"].sum() == desks["failure_contacts"]
    assert desks["gave_up"] + desks["turned_away"] == customers["abandonments"].sum()
    assert customers["delights"].sum() <= stops["wows"]
    assert journeys["goals_reached"] <= journeys["journeys"]
    under_way = customers["is_open"].sum()
    assert journeys["journeys_begun"] == journeys["journeys"] + journeys["dropped"] + under_way
    assert journeys["dropped"] <= journeys["drifted"] + journeys["ended"]
    assert stops["on_time"] + stops["overdue_noticed"] >= stops["deliveries"]  # noticed, and not yet here
    assert stops["on_time"] <= stops["deliveries"]
    assert journeys["escalations"] <= journeys["complaints"]
    assert journeys["complaints_settled"] <= journeys["complaints"]
    assert stops["poor_from_elsewhere"] <= stops["poor"]
    assert stops["blow_ups"] <= journeys["journeys_begun"]  # at most one a journey


def test_blame_after_the_warm_up_agrees_with_the_log(model: CustomerModel) -> None:
    """Every poor encounter has an origin and a reason."""
    log, world, first = model.log(), model.world, int(model.scenario.warm_up)
    measured = sums(world.stop_days[first:], TOUCHPOINT_STATISTICS)
    assert world.blame[:, :, B_POOR].sum() == measured["poor"]
    assert np.all(world.blame >= 0)
    elsewhere = world.stop_days[first:, :, TOUCHPOINT_STATISTICS.index("poor_from_elsewhere")].sum(axis=0)
    lived = log[(log["is_poor"] == 1) & (log["at"] >= first)]
    if model.scenario.desks and len(lived) == measured["poor"]:  # nothing lived late across the end of the warm-up
        for statistic, expected in (("origin", world.blame[:, :, B_POOR].sum(axis=1)),
                                    ("reason", world.blame[:, :, B_POOR].sum(axis=0))):  # fmt: skip
            np.testing.assert_array_equal(np.bincount(lived[statistic], minlength=len(expected)), expected)
        moved = lived[lived["origin"] != lived["touchpoint"]]
        np.testing.assert_array_equal(np.bincount(moved["touchpoint"], minlength=len(elsewhere)), elsewhere)


def test_the_histogram_of_waits_holds_the_waits_after_the_warm_up(model: CustomerModel) -> None:
    warm_up = int(model.scenario.warm_up)
    for number in range(len(model.scenario.desks)):
        measured = sums(model.world.desk_days[warm_up:, number], DESK_STATISTICS)
        bins = np.asarray(model.world.state[0].desks[number].waits)
        waits = measured["served"] + measured["gave_up"] + measured["turned_away"]
        assert bins.sum() == waits
        if waits:
            lower = sum(count * wait_of_bin(place) for place, count in enumerate(bins))
            mean = measured["wait_minutes"] / waits
            assert lower / waits <= mean + 1e-9
            assert mean <= lower / waits * 1.041 + 0.05
