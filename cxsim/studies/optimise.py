"""Optimisation: the best levers under a budget and constraints, by Optuna, confirmed on seeds it never saw.

Every trial is lived with the same luck, so that trials differ by their levers alone. The search holds no state of its
own: its suggestions follow from the seed and from the outcomes of the trials before, and every run is kept in the
study's journal. Started again after any stop it therefore repeats the same trials from the journal and goes on, and
ends where it would have ended; with more trials it continues a finished search.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from cxsim.results.folders import SUMMARY
from cxsim.results.measures import MEASURE
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.studies.budget import without_today
from cxsim.studies.constraints import parse_constraint
from cxsim.studies.executors import workers
from cxsim.studies.experiment import Optimise
from cxsim.studies.experiment_files import Loaded, load_experiment
from cxsim.studies.search import CONFIRMED, Progress, Search, confirmation_seed
from cxsim.studies.steps import small_steps
from cxsim.studies.study import Study, load_study, write_summary, write_whole
from cxsim.studies.sweep import fitting_jobs, journal_in

_TABLES = ("trials", "confirmed", "changes")


@dataclass(frozen=True)
class Optimisation:
    """What a search found.

    Attributes:
        aim: objectives, constraints and budget.
        study: the runs of the search, one policy per trial; trial 0 is the scenario as it stands.
        trials: one row per trial: levers, `cost`, every objective and constrained measure, `is_feasible`, `is_best` (on
            the front), `reason` if it failed.
        confirmed: one row per confirmed trial and measure, on unseen seeds: `searched` mean, confirmed `mean` with
            interval, paired `difference` to the scenario as it stands with interval, `holds` (constraints).
        changes: small steps of single levers, ranked; see `cxsim.studies.steps.changes_table`.
        confirm_seed: seed of the confirmation.
    """

    aim: Optimise
    study: Study
    trials: pd.DataFrame
    confirmed: pd.DataFrame
    changes: pd.DataFrame
    confirm_seed: int

    @property
    def best(self) -> int | None:
        """The confirmed trial that is best by the first objective and holds every constraint; None if there is none."""
        first, direction = next(iter(self.aim.objectives.items()))
        good = self.confirmed.groupby("trial")["holds"].all()
        rows = self.confirmed[(self.confirmed["measure"] == first) & self.confirmed["trial"].map(good)]
        means = {int(row["trial"]): float(row["mean"]) for row in rows.dropna(subset=["mean"]).to_dict("records")}
        if not means:
            return None
        return (max if direction == "maximise" else min)(means, key=lambda trial: means[trial])

    @property
    def front(self) -> pd.DataFrame:
        """Trials that no other feasible trial beats in every objective."""
        return self.trials[self.trials["is_best"]]

    def summary(self) -> dict[str, Any]:
        """The finding in one document."""
        return {**self.study.summary(), "kind": "optimisation", "aim": self.aim.model_dump(mode="json"),
                "trials": len(self.trials), "best": self.best, "confirm_seed": self.confirm_seed,
                "command": f"cxsim optimise experiment.yaml --trials {self.aim.trials} --seed {self.study.seed} "
                           f"--replications {self.study.replications}"}  # fmt: skip

    def write(self, folder: Path) -> None:
        """Write the tables of the study and `trials`, `confirmed` and `changes` into a folder.

        Raises:
            ScenarioError: a file cannot be written.
        """
        self.study.write(folder)
        for name in _TABLES:
            write_whole(folder / f"{name}.parquet", partial(getattr(self, name).to_parquet, index=False))
        write_summary(self.summary(), folder)


def optimise(
    source: str | Path | Mapping[str, Any] | Loaded,
    *,
    aim: Optimise | None = None,
    overrides: Mapping[str, Any] | None = None,
    seed: int | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Optimisation:
    """Seek the levers that serve the objectives best, within budget and constraints.

    Args:
        source: see `cxsim.studies.sweep.sweep`, as are the arguments not told here.
        aim: objectives, constraints, budget and trials; the experiment's own if left out.
        overrides: values of the scenario by dotted path.
        seed: seed of the search; the confirmation draws another from it.
        replications: runs per trial and world.
        jobs: processes on this machine.
        cluster: address of a Dask scheduler.
        out: folder of the study.
        progress: called with 1 whenever a run has finished; see `runs_expected`.

    Raises:
        ScenarioError: there is no aim, it cannot be met by these levers, or Optuna is not installed.
    """
    loaded = with_outcomes(source if isinstance(source, Loaded) else load_experiment(source, overrides), aim)
    with (
        journal_in(loaded, out) as journal,
        workers(fitting_jobs(loaded.scenario, jobs), cluster) as pool,
    ):
        search = Search(loaded, journal, pool, seed, replications, progress)
        study, trials = search.run()
        confirmed, changes = search.confirm(trials), search.changes()
        found = Optimisation(search.aim, study, trials, confirmed, changes, confirmation_seed(search.seed))
        if out is not None:
            found.write(Path(out))
    return found


def with_outcomes(loaded: Loaded, aim: Optimise | None) -> Loaded:
    """The experiment with its aim, and with every measure that the aim speaks of among its outcomes.

    Raises:
        ScenarioError: there is no aim, or a lever with a cost has no present place.
    """
    experiment = loaded.experiment
    wanted = aim or experiment.optimise
    if wanted is None:
        sentence = "tells no aim; add a section 'optimise' with objectives, or give --objective"
        raise ScenarioError([loaded.problem((), sentence)])
    if wanted.budget is not None:
        lacking = without_today(experiment.levers, loaded.scenario.document())
        if lacking:
            sentence = "has a cost, but where it stands today cannot be read as a number"
            raise ScenarioError([loaded.problem(("levers", name), sentence) for name in lacking])
    measures = dict.fromkeys([*wanted.objectives, *(parse_constraint(text).measure for text in wanted.constraints)])
    for name in measures:
        if name not in MEASURE:
            raise ScenarioError([Problem("", f"no measure '{name}'", "--objective")])
    outcomes = list(dict.fromkeys([*measures, *experiment.outcomes]))
    changed = experiment.model_copy(update={"optimise": wanted, "outcomes": outcomes, "baseline": False})
    return Loaded(changed, loaded.scenario, loaded.folder, loaded.places)


def runs_expected(loaded: Loaded, replications: int | None = None) -> int:
    """Runs of a whole search: trials, confirmation and small steps, for a progress bar."""
    experiment = loaded.experiment
    aim = experiment.optimise
    assert aim is not None
    each = replications or experiment.replications or loaded.scenario.replications
    worlds = experiment.worlds if experiment.uncertainties else 1
    steps = len(small_steps(experiment.levers, loaded.scenario.document()))
    return worlds * ((aim.trials + 2 + steps) * each + (CONFIRMED + 1) * aim.confirm)


def load_optimisation(folder: str | Path) -> Optimisation:
    """Load a finished optimisation from its folder.

    Raises:
        ScenarioError: the folder holds none.
    """
    study, source = load_study(folder), Path(folder)
    try:
        summary = json.loads((source / SUMMARY).read_text(encoding="utf-8"))
        tables = {name: pd.read_parquet(source / f"{name}.parquet") for name in _TABLES}
        aim = Optimise.model_validate(summary["aim"])
        return Optimisation(aim, study, confirm_seed=int(summary["confirm_seed"]), **tables)
    except (OSError, KeyError, ValueError):
        raise ScenarioError([Problem("", "holds no optimisation of cxsim", str(folder))]) from None
