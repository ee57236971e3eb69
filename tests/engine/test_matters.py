"""Goals, parcels, contacts and decisions: single rules of a customer's life, each in a world made for it."""

from typing import Any

import numpy as np
import pytest

from cxsim.engine.columns import LEFT, OVERDUE
from cxsim.engine.log import (
    BLOW_UP,
    COMPLAINS,
    ENCOUNTER,
    GIVING_UP,
    LEAVES,
    ORDERED,
    OVERDUE_NOTICE,
    QUEUE_JOINED,
    STAYS,
)
from cxsim.engine.tally import DESK_STATISTICS, JOURNEY_STATISTICS, TOUCHPOINT_STATISTICS
from cxsim.model import CustomerModel
from tests.engine.twins import live
from tests.worlds import load_world

OFTEN = {"everyone": {"journeys_per_year": "40 per year"}}
STAY_ALL = {"population.ended": "0 per year", "population.drifted": "0 per year", "personas": OFTEN}
NEVER_CLOSED = [{"hours": "0-24"}]


def journeys(model: CustomerModel) -> Any:
    return dict(zip(JOURNEY_STATISTICS, model.world.journey_days.sum(axis=0).tolist(), strict=True))


def stop_totals(model: CustomerModel, name: str) -> Any:
    number = list(model.scenario.touchpoints).index(name)
    return dict(zip(TOUCHPOINT_STATISTICS, model.world.stop_days[:, number].sum(axis=0).tolist(), strict=True))


def test_a_goal_reached_at_a_second_try_is_reached_and_counts_once() -> None:
    stops = {
        "site": {"kind": "self_service", "next": {"use": 1}},
        "use": {"kind": "use", "failure": {"probability": 0.4, "next": "site"}, "next": {"site": 0.3, "end": 0.7}},
    }
    model = live(load_world(**STAY_ALL | {
        "touchpoints": stops, "desks": {}, "journey": {"start": "site", "goal": ["use"]},
        "rules": {"leave_base": -50.0},
    }))  # fmt: skip
    total = journeys(model)
    assert total["journeys"] > 1000
    assert total["goals_reached"] == total["journeys"]  # nobody comes to the end without living it once


@pytest.mark.parametrize(("handling", "carrier", "promise"), [("2 days", "3 days", "5 days"), ("26 h", "29 h", "55 h")])
def test_a_parcel_that_takes_what_was_promised_is_on_time(handling: str, carrier: str, promise: str) -> None:
    model = live(load_world(**STAY_ALL | {
        "touchpoints.delivery.handling": handling, "touchpoints.delivery.carrier": carrier,
        "touchpoints.delivery.promise": promise, "touchpoints.delivery.grace": "0 days",
    }))  # fmt: skip
    total = stop_totals(model, "delivery")
    assert total["deliveries"] > 500
    assert (total["on_time"], total["overdue_noticed"]) == (total["deliveries"], 0)
    assert total["days_late"] == pytest.approx(0, abs=1e-3)


def test_a_late_parcel_is_noticed_when_promise_and_grace_have_passed_and_then_received() -> None:
    model = live(load_world(**STAY_ALL | {
        "touchpoints.delivery.handling": "2 days", "touchpoints.delivery.carrier": "6 days",
        "touchpoints.delivery.promise": "5 days", "touchpoints.delivery.grace": "12 h",
        "touchpoints.delivery.overdue_contact_probability": 0.0, "rules": {"leave_base": -50.0},
    }), follow=range(300))  # fmt: skip
    total = stop_totals(model, "delivery")
    assert total["on_time"] == 0
    log, number = model.log(), list(model.scenario.touchpoints).index("delivery")
    for customer in range(300):
        mine = log[(log["customer"] == customer) & (log["touchpoint"] == number)]
        mine = mine[np.isin(mine["event"], (ORDERED, OVERDUE_NOTICE, ENCOUNTER))]
        for order, notice, arrival in zip(mine[::3], mine[1::3], mine[2::3], strict=False):
            assert (order["event"], notice["event"], arrival["event"]) == (ORDERED, OVERDUE_NOTICE, ENCOUNTER)
            assert notice["at"] - order["at"] == pytest.approx(5.5)
            assert arrival["at"] - order["at"] == pytest.approx(8.0)
            assert (arrival["days"], arrival["promised_days"]) == (pytest.approx(8.0), 5.0)


def test_two_matters_of_one_origin_have_luck_of_their_own() -> None:
    """A parcel overdue and then damaged leads to two contacts; one that settles must not settle the other."""
    model = CustomerModel(load_world(**STAY_ALL | {
        "touchpoints.delivery.carrier": "12 days", "touchpoints.delivery.overdue_contact_probability": 1.0,
        "touchpoints.delivery.failure": {"probability": 1.0, "contact": "support", "contact_probability": 1.0},
        "desks.support": {"servers": 50, "shifts": NEVER_CLOSED, "service": "5 min", "resolution": 0.5},
        "rules": {"leave_base": -50.0, "voice_base": -50.0},
    }))  # fmt: skip
    found: dict[tuple[int, int], dict[int, set[int]]] = {}
    while model.running:
        model.step()
        for row in model.world.customers:
            if row.contacts and row.contact_touchpoint >= 0 and row.contact_attempt > 0:
                kinds = found.setdefault((int(row.number), int(row.journeys)), {})
                kinds.setdefault(int(row.contact_reason), set()).add(int(row.contact_visit))
    both = [kinds for kinds in found.values() if len(kinds) > 1]
    assert len(both) > 50
    for kinds in both:
        overdue = kinds.pop(OVERDUE)
        assert not any(overdue & other for other in kinds.values())


def test_those_who_give_up_are_not_answered_in_time() -> None:
    model = live(load_world(**STAY_ALL | {
        "desks.support": {"servers": 1, "shifts": NEVER_CLOSED, "service": "10 h", "patience": "1 s",
                          "answer_target": "1 h"},
        "touchpoints.use.failure": {"probability": 1.0, "contact": "support", "contact_probability": 1.0},
    }))  # fmt: skip
    total = dict(zip(DESK_STATISTICS, model.world.desk_days.sum(axis=(0, 1)).tolist(), strict=True))
    assert total["gave_up"] > 100
    assert total["answered_in_time"] == total["served"] == total["arrivals"] - total["gave_up"]


def test_an_unresolved_matter_comes_back_three_times_at_most() -> None:
    model = live(load_world(**STAY_ALL | {
        "desks.support": {"servers": 50, "shifts": NEVER_CLOSED, "service": "5 min", "resolution": 0.0},
        "touchpoints.use.failure": {"probability": 1.0, "contact": "support", "contact_probability": 1.0},
        "touchpoints.delivery.overdue_contact_probability": 0.0,
        "rules": {"return_probability": 1.0, "voice_base": -50.0, "leave_base": -50.0},
    }), follow=range(300))  # fmt: skip
    log = model.log()
    calls = log[log["event"] == QUEUE_JOINED]
    per_journey = np.unique(np.stack([calls["customer"], calls["journey"]]), axis=1, return_counts=True)[1]
    assert set(per_journey) <= {1, 2, 3, 4}
    assert (per_journey == 4).mean() > 0.5  # the others are under way at the horizon


def test_nobody_decides_twice_in_a_journey_but_after_a_complaint_in_vain() -> None:
    model = live(load_world(**STAY_ALL | {
        "desks.support": {"servers": 2, "shifts": NEVER_CLOSED, "service": "20 min", "resolution": 0.3,
                          "patience": "5 min"},
        "touchpoints.billing.next": {"support": 1}, "rules": {"tolerance_factor": 0.1, "leave_base": -4.0},
        "touchpoints.use.failure": {"probability": 0.3, "contact": "support", "contact_probability": 0.3},
    }), follow=range(300))  # fmt: skip
    log = model.log()
    for customer in range(300):
        mine = log[log["customer"] == customer]
        for number in np.unique(mine["journey"]):
            event = mine["event"][mine["journey"] == number].tolist()
            assert event.count(BLOW_UP) <= 1
            assert event.count(COMPLAINS) <= 1
            decisions = sum(event.count(kind) for kind in (STAYS, COMPLAINS, LEAVES))
            assert decisions <= 1 + event.count(COMPLAINS)
    at_desk = log[(log["event"] == BLOW_UP) & (log["touchpoint"] == list(model.scenario.touchpoints).index("support"))]
    assert len(at_desk) > 10
    assert (log["event"] == GIVING_UP).sum() > 10
    assert (model.world.customers["status"] == LEFT).sum() > 10
