"""Worlds in which theory applies to the engine, and what replications of them give.

Desks: a flat week, a journey that is one stop at one desk that never closes, many customers who come seldom (so that
arrivals are Poisson), nobody who comes back, stays away or leaves for good. Learning: a shop of one stop whose quality
never varies, or whose parcels arrive as promised with a known chance.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cxsim.engine.columns import ACTIVE
from cxsim.engine.tally import DESK_STATISTICS
from cxsim.model import CustomerModel
from cxsim.scenario.loading import load
from cxsim.scenario.schema import Scenario
from cxsim.scenario.values import DIMENSIONS

Array = np.ndarray[Any, Any]

CUSTOMERS = 20_000
WARM_UP = 4
"""Days at a desk that are not counted."""
QUALITY = 0.8
"""Delivered quality of the stop in `learning_world`."""
PROMISED, HANDLING, CARRIER = 1.0, 0.1, (0.8, 0.4)
"""Days promised there, days of handling, mean and standard deviation of the carrier's (lognormal)."""
EXPONENTIAL = {"mean": "5 min", "distribution": "exponential"}
NO_END = "366 days"  # with a Weibull shape of 10, so that nobody gives up within days


def desk_world(rate: float, servers: int, *, service: Any = EXPONENTIAL, patience: str = NO_END, days: int = 40,
               customers: int = CUSTOMERS, target: str = "1 min") -> Scenario:  # fmt: skip
    """One desk under Poisson arrivals, `rate` per minute."""
    return load({
        "format": 1, "name": "theory", "warm_up": f"{WARM_UP} days", "horizon": f"{days} days",
        "population": {"customers": customers, "ended": "0 per year", "drifted": "0 per year", "look_back": False},
        "personas": {"caller": {"journeys_per_year": f"{rate * 525_600 / customers} per year", "patience_spread": 0,
                                "urgent_share": 0}},
        "journey": {"start": "call"}, "touchpoints": {"call": {"kind": "desk", "desk": "line"}},
        "desks": {"line": {"servers": servers, "service": service, "patience": patience, "resolution": 1,
                           "patience_shape": 10 if patience == NO_END else 1, "answer_target": target}},
        "rules": {"wait_multiplier": 1.0, "return_probability": 0.0, "leave_base": -50.0},
        "mechanisms": {"frequency_cut": False, "blow_up": False},
    })  # fmt: skip


def replicate_desk(scenario: Scenario, replications: int, seed: int = 2026) -> dict[str, Array]:
    """Per replication: share that waits, mean wait, share gone, mean queue at midnight, share in time, arrivals."""
    found: dict[str, list[float]] = {name: [] for name in ("waits", "wait", "gone", "queue", "in_time", "rate", "busy")}
    for number in range(replications):
        model, queues = CustomerModel(scenario, rng=seed, replication=number), []
        while model.running:
            model.step()
            queues.append(int(model.world.state[0].desks[0].queued))
        days = model.world.desk_days[WARM_UP:, 0]
        desk = dict(zip(DESK_STATISTICS, days.sum(axis=0).tolist(), strict=True))
        minutes = 1440.0 * len(days)
        for name, value in {
            "waits": desk["waited"] / desk["arrivals"], "wait": desk["wait_minutes"] / desk["arrivals"],
            "gone": desk["gave_up"] / desk["arrivals"], "queue": float(np.mean(queues[WARM_UP:])),
            "in_time": desk["answered_in_time"] / desk["arrivals"], "rate": desk["arrivals"] / minutes,
            "busy": desk["service_minutes"] / minutes,
        }.items():  # fmt: skip
            found[name].append(value)
    return {name: np.array(values) for name, values in found.items()}


def _even(level: float) -> dict[str, float]:
    return dict.fromkeys(DIMENSIONS, level)


def learning_world(customers: int, days: int) -> Scenario:
    """A shop with a stop of unvarying quality and a parcel that is on time, or not, by its own luck."""
    return load({
        "format": 1, "name": "learning", "warm_up": "0 days", "horizon": f"{days} days",
        "population": {"customers": customers, "ended": "0 per year", "drifted": "0 per year", "look_back": False,
                       "newcomers": "0 per year"},
        "personas": {"regular": {"journeys_per_year": "40 per year", "urgent_share": 0}},
        "company": {"promises": {"advert": _even(QUALITY)}},
        "journey": {"start": "delivery"},
        "touchpoints": {"delivery": {
            "kind": "delivery", "quality": _even(QUALITY), "quality_sd": _even(0.0), "promise": f"{PROMISED} days",
            "handling": f"{HANDLING} days", "carrier": {"mean": f"{CARRIER[0]} days", "sd": f"{CARRIER[1]} days"},
            "carrier_correlation": 0, "grace": "0 days",
        }},
        "rules": {"leave_base": -50.0, "talk_base": 0.0, "talk_slope": 0.0, "message_weight": 0.0, "late_loss": 0.0,
                  "early_gain": 0.0, "effort_effect": 0.0, "best_in_class_pull": 0.0, "learning_floor": 0.0,
                  "normative_forgetting": 0.0},
        "mechanisms": {"frequency_cut": False, "blow_up": False, "overdue_uncertainty": False},
    })  # fmt: skip


def replicate_learning(replications: int, customers: int = 400, days: int = 730, seed: int = 2026) -> dict[str, Array]:
    """Per replication: mean predicted level, uncertainty and trust at the end."""
    found: dict[str, list[float]] = {name: [] for name in ("predicted", "uncertainty", "trust")}
    scenario = learning_world(customers, days)
    for number in range(replications):
        model = CustomerModel(scenario, rng=seed, replication=number).run()
        rows = model.world.customers
        rows = rows[rows["status"] == ACTIVE]
        for name, values in found.items():
            values.append(float(rows[name].mean()))
    return {name: np.array(values) for name, values in found.items()}
