"""Sweeps: every point of an experiment, on this machine or on a cluster, stopped and gone on with at will."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxsim.results.folders import README, SCENARIO, SUMMARY, check_target
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.loading import load
from cxsim.scenario.memory import available_bytes, needed_bytes
from cxsim.scenario.schema import Scenario
from cxsim.studies.executors import Pool, workers
from cxsim.studies.experiment_files import Loaded, load_experiment
from cxsim.studies.journal import FileJournal, Journal, MemoryJournal
from cxsim.studies.plan import Plan, make_plan
from cxsim.studies.runs import do_runs, is_done, measured_run
from cxsim.studies.simulate import default_jobs
from cxsim.studies.study import EXPERIMENT, JOURNAL, TARGETS, Study, runs_table, write_inputs

Progress = Callable[[int], None]
_PROBE_CUSTOMERS = 1_000


def sweep(
    source: str | Path | Mapping[str, Any] | Loaded,
    *,
    overrides: Mapping[str, Any] | None = None,
    seed: int | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Study:
    """Run every point of an experiment.

    With `out`, each finished run is noted there at once, and starting again goes on where it stopped; the tables are
    then the same as those of a sweep never stopped. The result does not depend on `jobs` or `cluster`.

    Args:
        source: experiment file, name of a ready experiment, plain data, or a loaded experiment.
        overrides: values of the scenario by dotted path.
        seed: seed of the study; the experiment's, else the scenario's if left out.
        replications: runs per point; as above.
        jobs: processes on this machine; all cores if left out.
        cluster: address of a Dask scheduler, to be used instead.
        out: folder of the study.
        progress: called with 1 whenever a run has finished.

    Raises:
        ScenarioError: the experiment is not valid, or the folder cannot be written.
    """
    loaded = source if isinstance(source, Loaded) else load_experiment(source, overrides)
    plan = make_plan(loaded, seed=seed, replications=replications)
    with journal_in(loaded, out) as journal:
        run_plan(plan, journal, jobs, cluster, progress)
        study = gather(loaded, plan, journal)
        if out is not None:
            study.write(Path(out))
    return study


def run_plan(
    plan: Plan, journal: Journal, jobs: int | None = None, cluster: str | None = None, progress: Progress | None = None
) -> None:
    """Do every run of a plan that the journal does not have yet; see `sweep`."""
    left = plan.runs - sum(is_done(journal, key) for _, _, key in plan.run_keys())
    if left:
        with workers(min(fitting_jobs(plan.scenario, jobs), left), cluster) as pool:
            run_in(pool, plan, journal, progress)
    elif progress is not None:
        progress(plan.runs)


def run_in(pool: Pool, plan: Plan, journal: Journal, progress: Progress | None = None) -> None:
    """Do every run of a plan that the journal does not have yet, in a pool that stays open; see `sweep`."""
    left = {key: (point, replication) for point, replication, key in plan.run_keys() if not is_done(journal, key)}
    if progress is not None and plan.runs > len(left):
        progress(plan.runs - len(left))

    def tasks() -> Iterator[tuple[str, tuple[Scenario, int, int]]]:
        last, scenario = -1, plan.scenario
        for key, (point, replication) in left.items():
            if point != last:
                last, scenario = point, plan.scenario_at(point)
            yield key, (scenario, plan.seed, replication)

    do_runs(tasks(), journal, pool, progress)


def fitting_jobs(scenario: Scenario, jobs: int | None) -> int:
    """Jobs wanted (all cores if None), or as many as fit into memory if that is less.

    Raises:
        ScenarioError: fewer than 1 were wanted.
    """
    if jobs is not None and jobs < 1:
        raise ScenarioError([Problem("", f"read {jobs}; allowed: at least 1 job", "--jobs")])
    wanted, available = jobs or default_jobs(), available_bytes()
    return max(min(wanted, available // max(needed_bytes(scenario), 1)), 1) if available else wanted


def gather(loaded: Loaded, plan: Plan, journal: Journal) -> Study:
    """The study from a journal that has every run of the plan."""
    numbers = plan.points[["policy", "world"]].to_numpy()
    records = []
    for point, replication, key in plan.run_keys():
        record = journal[key]
        policy, world = (int(number) for number in numbers[point])
        records.append({
            "point": point, "policy": policy, "world": world, "replication": replication, "key": key,
            "reason": record.get("reason", ""), "events": record.get("events", 0), **record.get("measures", {}),
        })  # fmt: skip
    return Study(loaded.experiment, loaded.scenario, plan.points, runs_table(records), plan.seed)


@contextmanager
def journal_in(loaded: Loaded, out: str | Path | None) -> Iterator[Journal]:
    """The journal of a study in its folder, made if it is not there; without a folder, one in memory.

    Raises:
        ScenarioError: the folder cannot be written, or holds something else.
    """
    if out is None:
        yield MemoryJournal()
        return
    folder = Path(out)
    check_study_folder(folder, loaded)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ScenarioError([Problem("", f"cannot be written: {error.strerror or error}", str(folder))]) from None
    with FileJournal(folder / JOURNAL) as journal:
        write_inputs(with_points_in_place(loaded), loaded.scenario, folder)
        yield journal


def with_points_in_place(loaded: Loaded) -> Any:
    """The experiment with the settings of a CSV file in itself, so that its copy needs no other file."""
    experiment = loaded.experiment
    if experiment.design.kind != "csv":
        return experiment
    from cxsim.studies.designs import from_csv

    table = from_csv(experiment.levers, loaded.folder / experiment.design.file)
    rows = [{name: value for name, value in row.items() if value is not None} for row in table.to_dict("records")]
    design = experiment.design.model_copy(update={"kind": "list", "settings": rows, "file": ""})
    return experiment.model_copy(update={"design": design})


def check_study_folder(folder: Path, loaded: Loaded | None = None) -> None:
    """Refuse a folder that is not this experiment's study, or cannot be made.

    Raises:
        ScenarioError: see above.
    """
    check_target(folder, overwrite=True, is_ours=is_study)
    if loaded is None or not (folder / EXPERIMENT).exists():
        return
    try:
        there = load_experiment(folder / EXPERIMENT).experiment.name
    except ScenarioError:
        return  # a broken copy is written anew
    if there != loaded.experiment.name:
        sentence = f"holds the study '{there}', not '{loaded.experiment.name}'; choose another folder with --out"
        raise ScenarioError([Problem("", sentence, str(folder))])


def is_study(folder: Path) -> bool:
    """Whether this is the folder of a study and holds nothing else."""
    names = {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()
    own = {JOURNAL, EXPERIMENT, TARGETS, SCENARIO, SUMMARY, README}
    return bool(names & {JOURNAL, EXPERIMENT}) and all(
        name in own or name.endswith((".parquet", ".html")) or name.startswith(".") for name in names
    )


def clear_study(folder: Path) -> None:
    """Remove a study, to begin anew.

    Raises:
        ScenarioError: the folder holds something else.
    """
    if folder.is_dir() and any(folder.iterdir()):
        check_study_folder(folder)
        shutil.rmtree(folder)


@dataclass(frozen=True)
class Forecast:
    """What a sweep will take.

    Attributes:
        points: points of the design.
        runs: runs in all.
        done: runs that the folder has already.
        jobs: runs at a time.
        seconds: expected time of the runs left.
        basis: what the expectation rests on, in words.
    """

    points: int
    runs: int
    done: int
    jobs: int
    seconds: float
    basis: str


def forecast(plan: Plan, journal: Journal | None = None, jobs: int | None = None) -> Forecast:
    """Number of runs and expected time, from one real run of the first point with at most 1,000 customers.

    Args:
        plan: the plan.
        journal: finished runs, if any.
        jobs: runs at a time; all cores if left out.
    """
    from cxsim.studies.plan import code_version

    done = 0 if journal is None else sum(is_done(journal, key) for _, _, key in plan.run_keys())
    count = fitting_jobs(plan.scenario, jobs)
    scenario = plan.scenario_at(0)
    customers = scenario.population.customers
    probed = min(customers, _PROBE_CUSTOMERS)
    small = load(
        scenario,
        {
            "population.customers": probed,
            "population.newcomers": f"{scenario.population.newcomers * probed / customers!r} per year",
        },
    )
    measured_run(load(small, {"population.customers": 1}), plan.seed, 0, code_version())  # loads the engine first
    begun = time.perf_counter()
    record = measured_run(small, plan.seed, 0, code_version())
    each = (time.perf_counter() - begun) * customers / probed
    basis = f"one run of {probed:,} customers, which took {each * probed / customers:.2f} s"
    if probed < customers:
        basis += f", times {customers / probed:g} for {customers:,}"
    if "reason" in record:
        basis += f" (it failed: {record['reason']})"
    left = plan.runs - done
    return Forecast(len(plan.points), plan.runs, done, count, each * left / min(count, max(left, 1)), basis)
