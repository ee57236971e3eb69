"""Worlds that tests hold instruments to, each lived once."""

from __future__ import annotations

import functools
from typing import Any

import cxsim
from cxsim.results.result import Result
from cxsim.scenario.ready import find_scenario
from tests.worlds import bare_world, load_world, small_world, with_values

BRIEF = {"population.customers": 120, "population.look_back": False, "horizon": "60 days", "warm_up": "20 days"}
READY = ("parcel", "callcentre", "workshop")
ANGRY: dict[str, Any] = {
    "population.customers": 200, "personas.everyone.journeys_per_year": "40 per year",
    "touchpoints.use.failure.probability": 0.15, "touchpoints.delivery.promise.mean": "12 days",
    "rules.leave_base": -1.0,
}  # fmt: skip
"""Values under which many leave."""
TWO_CHANNELS = {"company.promises.site": {"people": 0.5, "product": 0.9, "process": 0.75}}


@functools.cache
def ready(name: str) -> Result:
    """A ready scenario, brief."""
    return cxsim.simulate(cxsim.load(find_scenario(name), BRIEF), replications=4, jobs=1)


@functools.cache
def angry() -> Result:
    """A world with two personas from which many leave, mostly because of what they use."""
    personas = {
        "calm": {"share": 0.5, "journeys_per_year": "20 per year"},
        "hasty": {"share": 0.5, "journeys_per_year": "40 per year", "switching_cost": {"mean": 0.0, "sd": 0.0}},
    }
    values = {key: value for key, value in ANGRY.items() if not key.startswith("personas")}
    world = with_values(small_world(personas=personas), values)
    return cxsim.simulate(cxsim.load(world), replications=4, jobs=1)


@functools.cache
def still() -> Result:
    """A world without customers' journeys: the need hardly ever arises."""
    return lived(**{"personas.everyone.journeys_per_year": "0 per year"})


@functools.cache
def bare() -> Result:
    """One touchpoint, one persona, no desk, no delivery, no promise, nobody leaves."""
    return cxsim.simulate(cxsim.load(bare_world({"site": {"kind": "self_service"}})), replications=4, jobs=1)


def lived(replications: int = 4, **values: Any) -> Result:
    """The small world with values by dotted path."""
    return cxsim.simulate(load_world(**values), replications=replications, jobs=1)
