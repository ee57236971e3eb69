"""What one core allows for this work, our share of it, and where the rest goes: `python -m benchmarks.limit [--json]`.

The limit is a stripped loop: for every event of the model it makes as many random words, an exponential for every power
of two and every logarithm, and reads and writes as much of as many customer records, in the same order of visits; and
nothing else, no rule and no branch. How many of each the model needs is counted by living a small world in plain Python
under a profiler.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import time
from collections import Counter
from typing import Any

import numba
import numpy as np

DAYS_BEFORE, DAYS = 20, 10
"""Days lived before the clock starts, and days timed."""
PHASE_NAMES = ("open", "walk", "gather", "desks", "tell", "hear", "close")
_TRANSCENDENTAL = ("power_of_two", "binary_logarithm")
"""Functions that all powers, exponentials and logarithms of the rules come down to."""


def counted(customers: int = 150, days: int = 30) -> dict[str, float]:
    """Draws and transcendental functions per event, and customers due per day, of a small world in plain Python.

    It runs in an interpreter of its own, without compilation.
    """
    code = f"from benchmarks.limit import _count; _count({customers}, {days})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env=dict(os.environ) | {"NUMBA_DISABLE_JIT": "1"},
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _count(customers: int, days: int) -> None:
    """Live a small world under a profiler and print what an event takes."""
    from benchmarks.one_run import scaled
    from cxsim.model import CustomerModel
    from cxsim.scenario.loading import load
    from cxsim.scenario.ready import find_scenario

    overrides = scaled(customers) | {"warm_up": 0, "horizon": f"{days} days", "population.look_back": False}
    model = CustomerModel(load(find_scenario("parcel"), overrides))
    calls: Counter[str] = Counter()

    def watch(frame: Any, event: str, _: Any) -> None:
        if event == "call":
            calls[frame.f_code.co_name] += 1

    sys.setprofile(watch)
    model.run()
    sys.setprofile(None)
    transcendental = sum(calls[name] for name in _TRANSCENDENTAL)
    print(
        json.dumps(
            {
                "draws": calls["philox"] / model.events,
                "transcendental": transcendental / model.events,
                "events_per_walk": model.events / max(calls["walk"], 1),
            }
        )
    )


@numba.njit
def _stripped(records: Any, order: Any, key: Any, draws: float, transcendental: float, words: int) -> float:
    """The same traffic and arithmetic, on average, as the events of the visits in `order`, and nothing else."""
    total = 0.0
    for place in range(len(order)):
        i = order[place]
        for draw in range(int((place + 1) * draws) - int(place * draws)):
            c0, c1, c2, c3 = np.uint64(i), np.uint64(place), np.uint64(draw), np.uint64(7)
            k0, k1 = key[0], key[1]
            for _ in range(10):
                product_0 = np.uint64(0xD2511F53) * c0
                product_1 = np.uint64(0xCD9E8D57) * c2
                c0 = (product_1 >> np.uint64(32)) ^ c1 ^ k0
                c1 = product_1 & np.uint64(0xFFFFFFFF)
                c2 = (product_0 >> np.uint64(32)) ^ c3 ^ k1
                c3 = product_0 & np.uint64(0xFFFFFFFF)
                k0 = (k0 + np.uint64(0x9E3779B9)) & np.uint64(0xFFFFFFFF)
                k1 = (k1 + np.uint64(0xBB67AE85)) & np.uint64(0xFFFFFFFF)
            total += np.float64(c0 ^ c2)
        row = records[i]
        for _ in range(int((place + 1) * transcendental) - int(place * transcendental)):
            total += math.exp(-row[_ % words])
        for word in range(words):
            row[word] += 1e-9
    return total


def limit(customers: int, needs: dict[str, float]) -> float:
    """Nanoseconds per event of the stripped loop over as many customer records."""
    from cxsim.engine.columns import CUSTOMER
    from cxsim.engine.streams import make_key

    words = CUSTOMER.itemsize // 8
    records = np.zeros((customers, words))
    due = np.flatnonzero(np.random.default_rng(1).random(customers) < 0.1)  # about as many as on a day, in order
    events = max(round(needs["events_per_walk"]), 1)
    order = np.repeat(due, events)
    rounds = max(2_000_000 // len(order), 1)
    arguments = (records, order, make_key(1, 0), needs["draws"], needs["transcendental"], words)
    _stripped(*arguments)
    begun = time.thread_time()
    for _ in range(rounds):
        _stripped(*arguments)
    return (time.thread_time() - begun) / (rounds * len(order)) * 1e9


def phases(customers: int) -> dict[str, float]:
    """Nanoseconds per event of each phase of a day, on one thread."""
    from benchmarks.one_run import scaled
    from cxsim.compiling import direct
    from cxsim.engine.day import CLOSE, OPEN, live
    from cxsim.engine.log import new_log
    from cxsim.model import CustomerModel
    from cxsim.scenario.loading import load
    from cxsim.scenario.ready import find_scenario

    overrides = scaled(customers) | {"population.look_back": customers <= 100_000}
    model = CustomerModel(load(find_scenario("parcel"), overrides), threads=1)
    for _ in range(DAYS_BEFORE):
        model.step()
    world, log = model.world, new_log(False)
    state, live_phase = world.state.view(np.ndarray), direct(live)
    seconds = dict.fromkeys(PHASE_NAMES, 0.0)
    before = model.events
    for _ in range(DAYS):
        for phase in range(OPEN, CLOSE + 1):
            end = len(world.customers) if PHASE_NAMES[phase] == "hear" else int(state["lanes"][0])
            begun = time.thread_time()
            live_phase(world, log, phase, 0, end)
            seconds[PHASE_NAMES[phase]] += time.thread_time() - begun
    return {name: value / (model.events - before) * 1e9 for name, value in seconds.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.limit", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000], help="customers")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    chosen = parser.parse_args()
    needs = counted()
    rows = []
    for size in chosen.sizes:
        least, ours = limit(size, needs), phases(size)
        rows.append({"size": size, "limit_ns": least, "ns": sum(ours.values()), "share": least / sum(ours.values()),
                     "phases_ns": ours})  # fmt: skip
    if chosen.json:
        print(json.dumps({"needs": needs, "rows": rows}, indent=2))
        return
    print(f"an event takes {needs['draws']:.1f} blocks of random words and {needs['transcendental']:.1f} powers, "
          f"exponentials or logarithms")  # fmt: skip
    for row in rows:
        told = ", ".join(f"{name} {value:.0f}" for name, value in row["phases_ns"].items())
        print(f"{row['size']:>9,} customers: the stripped loop {row['limit_ns']:.0f} ns per event, the model "
              f"{row['ns']:.0f} ns ({told}): {100 * row['share']:.0f} % of what one core allows")  # fmt: skip


if __name__ == "__main__":
    main()
