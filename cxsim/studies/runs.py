"""One run of a study: from a scenario to its measures, wherever it is done; and many, past a journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError
from typing import Any

from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.schema import Scenario
from cxsim.studies.executors import Pool, done_as_ready
from cxsim.studies.journal import Journal
from cxsim.studies.plan import code_version

_LOST = (ConnectionError, TimeoutError, CancelledError)
"""Errors that tell of a cluster gone, not of a run that cannot be done."""


def measured_run(scenario: Scenario, seed: int, replication: int, version: str) -> dict[str, Any]:
    """Live one replication and return its measures; or, if it fails, the reason.

    Args:
        scenario: the world.
        seed: seed of the study.
        replication: number of the replication.
        version: version of the numbers that the caller expects.
    """
    from cxsim.results.measures import MEASURES
    from cxsim.studies.simulate import live_once

    if code_version() != version:
        return {"foreign": code_version()}
    try:
        run = live_once(scenario, seed, replication, follow_always=True)
        measures = {measure.name: float(measure.compute(run)) for measure in MEASURES}
    except Exception as error:  # whatever it is: it becomes the row's reason, and the other runs go on
        return {"reason": told(error)}
    return {"measures": measures, "events": run.events, "seconds": run.seconds}


def told(error: BaseException) -> str:
    """An error in one line."""
    if isinstance(error, MemoryError):
        return "out of memory"
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300].removesuffix(": ")


def do_runs(
    tasks: Iterable[tuple[str, tuple[Scenario, int, int]]],
    journal: Journal,
    pool: Pool,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Do every run whose key the journal has no measures for, and note each as it finishes.

    Args:
        tasks: key of each run; its scenario, seed and replication.
        journal: where finished runs are noted.
        pool: executor and tasks at a time.
        progress: called with 1 whenever a run has finished.

    Raises:
        ScenarioError: the journal cannot be written, the cluster is gone, or its workers have another version.
    """
    executor, at_a_time = pool
    waiting = ((key, (*arguments, code_version())) for key, arguments in tasks)
    for key, future in done_as_ready(executor, at_a_time, measured_run, waiting):
        try:
            record = future.result()
        except _LOST as error:
            kept = "what has finished is kept, start again to go on"
            raise ScenarioError([Problem("", f"the cluster is gone ({told(error)}); {kept}", "--cluster")]) from None
        except Exception as error:
            record = {"reason": told(error)}
        if "foreign" in record:
            sentence = f"its workers have cxsim {record['foreign']}, here is {code_version()}; install the same on both"
            raise ScenarioError([Problem("", sentence, "--cluster")])
        journal.add(key, record)
        if progress is not None:
            progress(1)


def is_done(journal: Journal, key: str) -> bool:
    """Whether the journal has a run's measures; one that failed is tried again."""
    return key in journal and "measures" in journal[key]
