"""One replication of the parcel scenario at a given size, measured from within: `python -m benchmarks.one_run 10000`.

The support desk grows with the population, so that every size does the same work per customer.
"""

from __future__ import annotations

import json
import resource
import sys
import time

from cxsim.engine.tally import TOUCHPOINT_STATISTICS
from cxsim.model import CustomerModel
from cxsim.results.run import collect
from cxsim.scenario.loading import load
from cxsim.scenario.ready import find_scenario
from cxsim.studies.simulate import default_jobs

SERVERS_PER_CUSTOMER = 3 / 10_000


def scaled(customers: int) -> dict[str, object]:
    """Overrides that scale the parcel scenario to a number of customers."""
    return {
        "population.customers": customers,
        "population.newcomers": f"{customers * 0.25} per year",
        "desks.support.servers": max(round(customers * SERVERS_PER_CUSTOMER, 6), 1),
    }


def main() -> None:
    """Run once to load compiled code, then measure; print one JSON document."""
    customers = int(sys.argv[1])
    scenario = load(find_scenario("parcel"), scaled(customers))
    CustomerModel(load(find_scenario("parcel"), scaled(100) | {"horizon": "1 days", "warm_up": 0})).run()
    begun = time.perf_counter()
    model = CustomerModel(scenario, threads=default_jobs()).run()
    collect(model, seconds=0.0, keep_customers=False, keep_log=False)  # its measures are part of the work
    seconds = time.perf_counter() - begun
    world = model.world
    encounters = world.stop_days[:, :, TOUCHPOINT_STATISTICS.index("encounters")].sum()
    counted = sum(int(row) for row in world.customers["encounters"])
    assert encounters == counted, "the tallies do not agree with the customers"
    per_customer = ("customers", "ledger", "visits", "due_at", "due", "speakers", "heap", "heap_place")
    print(
        json.dumps(
            {
                "customers": customers,
                "events": model.events,
                "encounters": int(encounters),
                "seconds": seconds,
                "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
                "bytes_per_customer": sum(getattr(world, name).nbytes for name in per_customer) / len(world.customers),
            }
        )
    )


if __name__ == "__main__":
    main()
