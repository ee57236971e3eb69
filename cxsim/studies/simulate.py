"""Running a scenario: replications side by side, each a CustomerModel."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from cxsim.model import CustomerModel
from cxsim.results.result import Result
from cxsim.results.run import Run, collect
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.loading import load
from cxsim.scenario.memory import available_bytes, needed_bytes
from cxsim.scenario.schema import Scenario

Progress = Callable[[int], None]


def default_jobs() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def simulate(
    scenario: Scenario | str | Path | Mapping[str, Any],
    *,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Live a scenario several times and gather what came out.

    Args:
        scenario: a scenario, its file, or plain data.
        replications: how often; the scenario's own number if left out.
        seed: seed of the study; the scenario's own if left out.
        jobs: replications at a time (their threads share memory); all cores if left out. The result does not depend
            on it.
        progress: called now and then with the days lived since the last call, over all replications.

    Raises:
        ScenarioError: the scenario is not valid, or so many replications at a time do not fit into memory.
    """
    world = scenario if isinstance(scenario, Scenario) else load(scenario)
    base = world.seed if seed is None else seed
    count = world.replications if replications is None else replications
    return Result(world, base, live_many(world, base, range(count), jobs, progress))


def live_many(
    scenario: Scenario, seed: int, replications: range, jobs: int | None = None, progress: Progress | None = None
) -> list[Run]:
    """Live some replications of a scenario; see `simulate` for the arguments and errors."""
    count = len(replications)
    workers = default_jobs() if jobs is None else jobs
    if count < 1 or workers < 1:
        raise ScenarioError([Problem("", f"read {min(count, workers)}; allowed: at least 1 replication and 1 job")])
    if not 0 <= seed < 2**63:
        raise ScenarioError([Problem("", f"read {seed}; allowed: a whole number from 0 to {2**63 - 1}", "seed")])
    at_a_time = _at_a_time(scenario, min(workers, count))
    threads = max(workers // at_a_time, 1)

    def live(replication: int) -> Run:
        return live_once(scenario, seed, replication, threads, progress)

    if at_a_time == 1:
        return [live(replication) for replication in replications]
    with ThreadPoolExecutor(at_a_time) as pool:
        return list(pool.map(live, replications))


def _at_a_time(scenario: Scenario, wanted: int) -> int:
    """Replications that fit into memory side by side, at most `wanted`."""
    available, needed = available_bytes(), needed_bytes(scenario)
    return max(min(wanted, available // max(needed, 1)), 1) if available else wanted


def live_once(
    scenario: Scenario, seed: int, replication: int, threads: int = 1, progress: Progress | None = None,
    follow_always: bool = False,
) -> Run:  # fmt: skip
    """Live one replication and take from it what is kept.

    Args:
        scenario: the world.
        seed: seed of the study.
        replication: number of the replication.
        threads: threads to use.
        progress: called with the days lived since the last call.
        follow_always: whether customers are followed in other replications than the first too, for what is counted of
            them; the log itself is kept of the first alone.
    """
    begun = time.perf_counter()
    first = replication == 0
    kept = scenario.record.customers
    follow = range(scenario.record.encounters) if first or follow_always else range(0)
    model = CustomerModel(scenario, rng=seed, replication=replication, threads=threads, follow=follow)
    model.run(progress)
    return collect(
        model,
        seconds=time.perf_counter() - begun,
        keep_customers=kept == "all" or (kept == "first" and first),
        keep_log=first,
    )
