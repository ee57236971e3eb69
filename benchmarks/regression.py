"""Has cxsim become clearly slower? Small versions of the comparisons: `python -m benchmarks.regression [--store]`.

Only ratios of processor times within one run are compared with those stored in `ratios.json`: seconds belong to a
machine, ratios travel. A ratio that falls below `CLEAR_LOSS` of the stored one is a clear loss.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

from benchmarks.one_run import scaled
from benchmarks.peers.queues import DeskWork, by_cxsim, by_simpy
from benchmarks.speed import full_model
from cxsim.model import CustomerModel
from cxsim.scenario.loading import load
from cxsim.scenario.ready import find_scenario

STORED = Path(__file__).parent / "ratios.json"
CLEAR_LOSS = 0.6
SMALL, LARGE = 2_000, 20_000
DESK = DeskWork(rate=2.4, servers=10, service=4.0, patience=8.0, days=4)


def nanoseconds_per_event(customers: int) -> float:
    """Processor time of one core per event, of a world without a past."""
    model = CustomerModel(load(find_scenario("parcel"), scaled(customers) | {"population.look_back": False}))
    begun = time.process_time()
    model.run()
    return (time.process_time() - begun) / model.events * 1e9


def measure(repeats: int = 3) -> dict[str, float]:
    """Ratios, each better the larger it is; medians over repeats in turn, so that disturbances hit both sides."""
    by_cxsim(DESK, 1)
    nanoseconds_per_event(100)
    agents = full_model(SMALL, 300, repeats)
    desks = [(by_cxsim(DESK, seed), by_simpy(DESK, seed)) for seed in range(1, repeats + 1)]
    grown = [nanoseconds_per_event(SMALL) / nanoseconds_per_event(LARGE) for _ in range(repeats)]
    return {
        "events a second, of Mesa agents'": agents["events_per_second"] / agents["peer_events_per_second"],
        "calls a second, of SimPy's": statistics.median(
            (ours.arrivals / ours.seconds) / (theirs.arrivals / theirs.seconds) for ours, theirs in desks
        ),
        "cost per event of 2,000 customers, of 20,000's": statistics.median(grown),
    }


def stored() -> dict[str, float]:
    """Ratios as last stored."""
    found: dict[str, float] = json.loads(STORED.read_text(encoding="utf-8"))
    return found


def losses(found: dict[str, float], before: dict[str, float]) -> list[str]:
    """What has clearly been lost, in words."""
    return [
        f"{name}: {found[name]:.2f}, was {ratio:.2f}" for name, ratio in before.items()
        if not found[name] >= CLEAR_LOSS * ratio
    ]  # fmt: skip


def main() -> None:
    """Measure and tell; store the ratios if asked to; exit with 1 on a clear loss."""
    found = measure()
    for name, ratio in found.items():
        print(f"{name}: {ratio:.2f}" + (f" (stored {stored()[name]:.2f})" if STORED.exists() else ""))
    if "--store" in sys.argv[1:]:
        STORED.write_text(json.dumps({name: round(ratio, 3) for name, ratio in found.items()}, indent=2) + "\n",
                          encoding="utf-8")  # fmt: skip
    elif losses(found, stored()):
        sys.exit("clearly slower than stored: " + "; ".join(losses(found, stored())))


if __name__ == "__main__":
    main()
