"""Two cores against one on a sweep: processes and threads, on the same runs: `python -m benchmarks.sweeps`.

The pools are warm: what is timed is a sweep of many runs, not the start of its workers.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import Executor, ThreadPoolExecutor

from cxsim.scenario.loading import load
from cxsim.scenario.ready import find_scenario
from cxsim.studies.executors import ProcessExecutor, done_as_ready
from cxsim.studies.plan import code_version, lean
from cxsim.studies.runs import measured_run

CUSTOMERS, RUNS, WARMING_RUNS = 2_000, 48, 6


def timed(executor: Executor, at_a_time: int, runs: int = RUNS) -> float:
    """Seconds for so many runs."""
    scenario = lean(load(find_scenario("parcel")), {"population.customers": CUSTOMERS, "desks.support.servers": 1})
    tasks = ((number, (scenario, 1, number, code_version())) for number in range(runs))
    begun = time.perf_counter()
    for _, future in done_as_ready(executor, at_a_time, measured_run, tasks):
        assert "measures" in future.result()
    return time.perf_counter() - begun


def main() -> None:
    """Time every way in turn, several rounds, so that what else the machine does hits all alike; the best counts."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    pools: dict[str, tuple[Executor, int]] = {
        "one_thread": (ThreadPoolExecutor(1), 3),
        "two_threads": (ThreadPoolExecutor(2), 6),
        "two_processes": (ProcessExecutor(2), 6),
    }
    for pool in pools.values():
        timed(*pool, runs=WARMING_RUNS)
    tried = [{name: timed(*pool) for name, pool in pools.items()} for _ in range(rounds)]
    seconds = {name: min(found[name] for found in tried) for name in pools}
    for executor, _ in pools.values():
        executor.shutdown()
    print(json.dumps({"customers": CUSTOMERS, "runs": RUNS, "seconds": seconds}))


if __name__ == "__main__":
    main()
