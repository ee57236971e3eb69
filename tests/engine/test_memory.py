"""What is said of memory before a run is what the engine's arrays take."""

from typing import Any

import pytest

from cxsim.engine.world import build_world
from cxsim.scenario.memory import BYTES_PER_CUSTOMER, BYTES_PER_CUSTOMER_AND_TOUCHPOINT
from tests.worlds import load_world

PER_CUSTOMER = ("customers", "ledger", "visits", "due_at", "due", "speakers", "heap", "heap_place")


@pytest.mark.parametrize("stops", [6, 9])
def test_bytes_per_customer_are_those_of_the_arrays(stops: int) -> None:
    count = 10_000
    names = [f"extra_{place}" for place in range(stops - 6)]
    values: dict[str, Any] = {"population.customers": count}
    for name, following in zip(names, [*names[1:], "end"][: len(names)], strict=True):
        values[f"touchpoints.{name}"] = {"kind": "use", "next": {following: 1}}
    if names:
        values["touchpoints.billing.next"] = {names[0]: 1}
    scenario = load_world(**values)
    assert len(scenario.touchpoints) == stops
    world = build_world(scenario, 1, 0)
    taken = sum(getattr(world, name).nbytes for name in PER_CUSTOMER) / count
    said = BYTES_PER_CUSTOMER + BYTES_PER_CUSTOMER_AND_TOUCHPOINT * len(scenario.touchpoints)
    assert taken == pytest.approx(said, rel=0.01)
