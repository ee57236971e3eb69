"""The same scenario lived many times, in worker processes: one row of measures per replication."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cxsim.scenario.schema import Scenario
from cxsim.studies.executors import workers
from cxsim.studies.journal import MemoryJournal
from cxsim.studies.plan import lean, run_key
from cxsim.studies.runs import do_runs
from cxsim.studies.search import Progress
from cxsim.studies.study import runs_table
from cxsim.studies.sweep import fitting_jobs


def repeat(
    scenario: Scenario, *, seed: int, replications: int, jobs: int | None = None, follow: int = 0,
    progress: Progress | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Live a scenario several times; keeps the measures alone.

    Args:
        scenario: the world.
        seed: seed of the study.
        replications: how often.
        jobs: processes on this machine; all cores if left out.
        follow: customers followed in every run, for what is counted of them alone.
        progress: called with 1 whenever a run has finished.

    Returns:
        One row per replication: `replication`, `reason` (why it failed, else empty) and every measure.
    """
    world, journal = lean(scenario, {}, follow), MemoryJournal()
    keys = {run_key(world.digest(), seed, number): number for number in range(replications)}

    def tasks() -> Iterator[tuple[str, tuple[Scenario, int, int]]]:
        for key, number in keys.items():
            yield key, (world, seed, number)

    with workers(min(fitting_jobs(world, jobs), replications)) as pool:
        do_runs(tasks(), journal, pool, progress)
    return runs_table([
        {"replication": number, "key": key, "reason": journal[key].get("reason", ""),
         **journal[key].get("measures", {})}
        for key, number in keys.items()
    ])  # fmt: skip
