"""What is said of memory before a run is what the engine's arrays take."""

import tracemalloc
from typing import Any

import pytest

from cxsim.engine.world import build_world
from cxsim.model import CustomerModel
from cxsim.results.run import collect
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


def test_reading_off_takes_little_beside_the_world() -> None:
    model = CustomerModel(load_world(**{"population.customers": 20_000, "horizon": "30 days"})).run()
    collect(model, 0.0, keep_customers=False, keep_log=False)  # what is compiled or imported once does not count
    tracemalloc.start()
    run = collect(model, 0.0, keep_customers=False, keep_log=False)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert run.people.present > 10_000
    assert most < 20_000 * BYTES_PER_CUSTOMER / 8
