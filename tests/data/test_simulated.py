"""The simulated world as rows: the survey read from the log gives the stars that the engine itself counted."""

from typing import Any

import numpy as np
import pytest

import cxsim
from cxsim.data.simulated import Answering, live_calls, live_orders
from cxsim.data.staffing import erlang_a_wait
from cxsim.engine.tally import JOURNEY_STATISTICS
from cxsim.model import CustomerModel


def shop(**values: Any) -> cxsim.Scenario:
    world: dict[str, Any] = {
        "format": 1, "name": "shop", "warm_up": "0 days", "horizon": "300 days", "replications": 1,
        "population": {"customers": 400, "look_back": False, "ended": 0, "drifted": 0},
        "personas": {"everyone": {"journeys_per_year": "2 per year"}},
        "rules": {"leave_base": -50.0, "voice_base": -50.0},
        "survey": {"sent": 1, "answered": 1, "after_overdue": "2 days"},
        "journey": {"start": "delivery"},
        "touchpoints": {
            "delivery": {
                "kind": "delivery", "promise": {"mean": "10 days", "sd": "3 days"}, "handling": "1 day",
                "carrier": {"mean": "9 days", "sd": "4 days"}, "grace": "1 day", "next": {"use": 1},
            },
            "use": {"kind": "use", "failure": {"probability": 0.1, "severity": {"product": 0.6}}},
        },
    }  # fmt: skip
    return cxsim.load(world, values)


def test_stars_read_from_the_log_are_those_the_engine_counted() -> None:
    scenario = shop()
    lived = live_orders(scenario, seed=3)
    at_once = Answering(np.array([1.0 + 2.0]), np.array([1.0]))  # the engine asks so long after promise and grace
    rows = lived.answered(at_once, scenario.parameters(), 1.0)
    assert 0.1 < rows["is_waiting"].mean() < 0.5
    days = CustomerModel(scenario, rng=3).run().world.journey_days
    counted = dict(zip(JOURNEY_STATISTICS, days[:150].sum(axis=0).tolist(), strict=True))
    early = rows[rows["at"] + rows["actual_days"] < 150]  # answered by then, or soon after
    assert counted["surveys"] == pytest.approx(len(early), rel=0.06)
    assert counted["survey_stars"] / counted["surveys"] == pytest.approx(early["score"].mean(), abs=0.04)


def test_one_order_at_a_time_gets_exactly_the_engines_stars() -> None:
    """Where all orders are over long before the end, every single answer is the same."""
    scenario = shop(**{"horizon": "600 days", "personas.everyone.journeys_per_year": "0.5 per year"})
    at_once = Answering(np.array([3.0]), np.array([1.0]))
    rows = live_orders(scenario, seed=4).answered(at_once, scenario.parameters(), 1.0)
    days = CustomerModel(scenario, rng=4).run().world.journey_days
    until = 450  # orders are taken from the first 450 days; a few answers come later
    stars = days[:, JOURNEY_STATISTICS.index("survey_stars")].cumsum()
    assert stars[until] <= rows["score"].sum() <= stars[until + 60]


def test_late_answers_are_lower_while_waiting_than_after() -> None:
    scenario = shop()
    lived = live_orders(scenario, seed=3)
    slow = Answering(np.array([3.0, 6.0, 12.0]), np.array([0.3, 0.6, 1.0]))
    rows = lived.answered(slow, scenario.parameters(), 1.0)
    late = rows[rows["days_late"] > 2]
    assert late[late["is_waiting"] == 1]["score"].mean() < late[late["is_waiting"] == 0]["score"].mean() - 0.3
    assert rows[rows["days_late"] <= 0]["is_waiting"].max() == 0


def test_contacts_wait_as_theory_says() -> None:
    world = {
        "format": 1, "name": "desk", "warm_up": "1 day", "horizon": "20 days", "replications": 1,
        "population": {"customers": 2000, "look_back": False, "ended": 0, "drifted": 0},
        "personas": {"caller": {"journeys_per_year": "365 per year", "patience_spread": 0, "urgent_share": 0}},
        "rules": {"wait_multiplier": 1.0, "return_probability": 0.0, "leave_base": -50.0, "voice_base": -50.0},
        "journey": {"start": "call"},
        "touchpoints": {"call": {"kind": "desk", "desk": "lines"}},
        "desks": {"lines": {"servers": 5, "service": {"mean": "4 min", "distribution": "exponential"},
                            "patience": "5 min", "resolution": 1.0}},
    }  # fmt: skip
    rows = live_calls(cxsim.load(world), seed=1)
    assert rows["wait_seconds"].mean() == pytest.approx(erlang_a_wait(2000 / 86400, 240, 5, 300), rel=0.06)
    assert rows["service_seconds"].mean() == pytest.approx(240, rel=0.03)
    assert rows["is_abandoned"].mean() == pytest.approx(rows["wait_seconds"].mean() / 300, rel=0.08)
    assert set(rows["hour"]) == set(range(24))
