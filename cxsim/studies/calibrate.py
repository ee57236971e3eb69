"""Calibration: parameters that give what was observed, found by Optuna, confirmed on seeds the search never saw.

It is a search like an optimisation (`cxsim.studies.search`), with the same journal: stopped and started again it
repeats its trials from there and goes on; with more trials it continues. What it seeks is the smallest sum of weighted
squared misses of the targets, each in units of its tolerance. From the best trial on, steps of Gauss and Newton refine
it: every parameter is moved a little up and down, with the same luck, and the answers of the targets tell where to go.
The answers at the end tell what the targets identify and which of them stand in each other's way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cxsim.results.folders import SCENARIO
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.loading import load
from cxsim.scenario.parameters import PARAMETER, PARAMETERS
from cxsim.scenario.schema import Scenario
from cxsim.studies.calibration import STRIKE_MEASURES, Calibration, fit_table, seeds_table, strikes_table
from cxsim.studies.executors import Pool, workers
from cxsim.studies.experiment import Experiment
from cxsim.studies.experiment_files import Loaded
from cxsim.studies.identify import identification, refining_step, slopes, trade_offs
from cxsim.studies.journal import Journal
from cxsim.studies.levers import Lever
from cxsim.studies.search import Outcome, Progress, Setting, Trials, confirmation_seed
from cxsim.studies.study import Study
from cxsim.studies.sweep import fitting_jobs, journal_in
from cxsim.studies.targets import Fitted, Target, Targets

TRIALS, REPLICATIONS, CONFIRM = 120, 3, 20
FOLLOWED = 400
"""Customers followed in every run, for the statistics that only a followed life tells."""
ROUNDS = 4
"""Refining steps at most; each costs two moves of every parameter, and the lengths below."""
_STEP = 0.05
"""How far each parameter is moved to both sides of the fit, as a share of its range."""
_REACH, _LENGTHS = 0.25, (1.0, 0.5, 0.2)
"""How far a refining step leads at most, as a share of each range; and the shares of it that are tried."""
Better = Callable[[int, float], None]


def calibration_of(scenario: Scenario, targets: Targets) -> Loaded:
    """A calibration as an experiment: its parameters as levers, its statistics as outcomes.

    Raises:
        ScenarioError: nothing is to be fitted, or a path is none of the scenario's.
    """
    if not targets.fit:
        raise ScenarioError([Problem("fit", "tells no parameters; name some in the targets file, or with --fit")])
    statistics = [target.statistic for target in targets.targets.values()]
    experiment = Experiment(
        name=f"calibrate-{scenario.name}", title=f"{scenario.title or scenario.name}: fitted to {targets.title}",
        question="Which plausible parameters give what was observed, and which of them does it tell?",
        scenario=SCENARIO, levers={name: _lever(fitted) for name, fitted in targets.fit.items()},
        outcomes=list(dict.fromkeys([*statistics, *STRIKE_MEASURES])), baseline=False,
    )  # fmt: skip
    loaded = Loaded(experiment, scenario, Path.cwd(), {})
    document, problems = scenario.document(), []
    for name, lever in experiment.levers.items():
        try:
            load(scenario, lever.overrides(lever.bounds[0], document))
        except ScenarioError as error:
            problems += [loaded.problem(("fit", name), problem.sentence) for problem in error.problems]
    if problems:
        raise ScenarioError(problems)
    return loaded


def _lever(fitted: Fitted) -> Lever:
    if not fitted.parameter:
        return Lever(path=fitted.path, low=fitted.low, high=fitted.high, unit=fitted.unit)
    known = PARAMETER[fitted.parameter]
    low = known.low if fitted.low is None else fitted.low
    high = known.high if fitted.high is None else fitted.high
    return Lever(label=known.meaning, path=f"rules.{fitted.parameter}", low=low, high=high)


def runs_expected(loaded: Loaded, trials: int, replications: int, confirm: int) -> int:
    """Runs of a whole calibration, for a progress bar."""
    moves = 2 * len(loaded.experiment.levers)
    return (trials + 2 + moves + ROUNDS * (moves + len(_LENGTHS))) * replications + 2 * confirm


class Fit(Trials):
    """The search for parameters that meet the targets."""

    follow = FOLLOWED

    def __init__(
        self, loaded: Loaded, targets: Targets, journal: Journal, pool: Pool, *, seed: int | None, replications: int,
        trials: int, progress: Progress | None, better: Better | None,
    ) -> None:  # fmt: skip
        super().__init__(loaded, journal, pool, seed, replications, progress)
        defaults = {parameter.name: parameter.value for parameter in PARAMETERS}  # a scenario tells its own rules alone
        self.document["rules"] = {**defaults, **self.document.get("rules", {})}
        self.targets, self.directions, self.count = targets.targets, ["minimise"], trials
        self.better, self.seen, self.lowest = better, 0, np.inf

    def outcomes(self, settings: list[Setting]) -> list[Outcome]:
        """The loss of every setting; None if a run failed or a statistic has no value."""
        study = self.live(settings, self.seed, self.replications)
        found: list[Outcome] = []
        for loss in losses(study, self.targets):
            if loss < self.lowest:
                self.lowest = loss
                if self.better is not None:
                    self.better(self.seen, loss)
            self.seen += 1
            found.append(([loss] if np.isfinite(loss) else None, {}))
        return found

    def values(self, setting: Setting) -> dict[str, float]:
        """Value of every parameter in a setting; where the scenario has it, if the setting leaves it there."""
        found = {name: setting.get(name, lever.today(self.document)) for name, lever in self.levers.items()}
        return {name: float(np.nan if value is None else value) for name, value in found.items()}

    def places(self, values: Mapping[str, float]) -> dict[str, float]:
        """Where values stand in their ranges, 0 to 1."""
        bounds = {name: lever.bounds for name, lever in self.levers.items()}
        return {name: min(max((values[name] - low) / (high - low), 0.0), 1.0) for name, (low, high) in bounds.items()}

    def answers(self, values: Mapping[str, float]) -> pd.DataFrame:
        """How the targets answer to small moves of every parameter; see `cxsim.studies.identify.slopes`."""
        moved: list[Setting] = []
        steps = []
        for name, place in self.places(values).items():
            below, above = max(place - _STEP, 0.0), min(place + _STEP, 1.0)
            steps.append(above - below)
            moved += [{**values, name: self._value(name, at)} for at in (below, above)]
        study = self.live(moved, self.seed, self.replications)
        means = study.runs.groupby("policy")[study.outcomes].mean().sort_index()
        low, high = (means.iloc[first::2].set_axis(list(self.levers)) for first in (0, 1))
        return slopes(low, high, steps, self.targets)

    def _value(self, name: str, place: float) -> float:
        low, high = self.levers[name].bounds
        return float(f"{low + min(max(place, 0.0), 1.0) * (high - low):.10g}")

    def refined(self, settings: list[Setting]) -> list[Setting]:
        """The settings, and those that refining the best of them has led to."""
        settings = list(settings)
        found = losses(self.live(settings, self.seed, self.replications), self.targets)
        for _ in range(ROUNDS):
            best = int(np.argmin(found))
            values = self.values(settings[best])
            if not np.isfinite(found[best]) or not np.isfinite(list(values.values())).all():
                break
            study = self.live([settings[best]], self.seed, self.replications)
            now = {name: float(study.runs[name].mean()) for name in study.outcomes}
            step = refining_step(self.answers(values), self.targets, now, self.places(values), _REACH)
            tried: list[Setting] = [
                {name: self._value(name, place + length * step[name]) for name, place in self.places(values).items()}
                for length in _LENGTHS
            ]
            settings += tried
            found += [np.inf if outcome is None else outcome[0] for outcome, _ in self.outcomes(tried)]
            if min(found[-len(tried) :]) > 0.99 * found[best]:
                break
        return settings


def losses(study: Study, targets: Mapping[str, Target]) -> list[float]:
    """Sum of weighted squared misses of every policy's mean statistics; infinite where one has no value."""
    means = study.runs.groupby("policy")[study.outcomes].mean().sort_index()
    failed = {int(policy) for policy in study.failed["policy"]}
    fitted = [target for target in targets.values() if target.weight > 0]
    found = []
    for policy, row in zip(means.index, means.to_dict("records"), strict=True):
        loss = sum(target.weight * target.miss(float(row[target.statistic])) ** 2 for target in fitted)
        found.append(float(loss) if np.isfinite(loss) and policy not in failed else np.inf)
    return found


def calibrate(
    loaded: Loaded,
    targets: Targets,
    *,
    trials: int = TRIALS,
    seed: int | None = None,
    replications: int = REPLICATIONS,
    confirm: int = CONFIRM,
    jobs: int | None = None,
    cluster: str | None = None,
    out: str | Path | None = None,
    search: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    better: Better | None = None,
) -> Calibration:
    """Fit parameters of a scenario to targets.

    Args:
        loaded: see `calibration_of`.
        targets: what is to be reached.
        trials: settings tried.
        seed: seed of the search; the confirmation draws another from it.
        replications: common seeds of every trial.
        confirm: unseen seeds on which the best trial is lived again, beside the scenario as it stands.
        jobs: processes on this machine.
        cluster: address of a Dask scheduler.
        out: folder of the study.
        search: values of the scenario, by dotted path, that hold while searching alone; a smaller population, say.
        progress: called with 1 whenever a run has finished; see `runs_expected`.
        better: called with trial and loss whenever one is better than all before.

    Raises:
        ScenarioError: no trial could be judged, the folder cannot be written, or Optuna is not installed.
    """
    whole = loaded
    if search:
        loaded = Loaded(whole.experiment, load(whole.scenario, search), whole.folder, whole.places)
    with journal_in(whole, out) as journal, workers(fitting_jobs(whole.scenario, jobs), cluster) as pool:
        fit = Fit(loaded, targets, journal, pool, seed=seed, replications=replications, trials=trials,
                  progress=progress, better=better)  # fmt: skip
        settings = fit.refined(fit.search()[0])
        study = fit.live(settings, fit.seed, replications)
        table = _trials(study, targets.targets)
        if not np.isfinite(table["loss"]).any():
            fitted = {target.statistic for target in targets.targets.values() if target.weight > 0}
            lacking = sorted(name for name in fitted if study.runs[name].isna().all())
            reason = f"no run gave {', '.join(lacking)} (is the horizon long enough?)" if lacking else "all runs failed"
            raise ScenarioError([Problem("targets", f"no trial could be judged: {reason}")])
        best = int(np.argmin(table["loss"].to_numpy()))
        values = fit.values(settings[best])
        fit.loaded = whole
        confirmed = fit.live([{}, settings[best]], confirmation_seed(fit.seed), confirm)
        fit.loaded = loaded
        identified, conflicts = _taught(fit, values, confirmed)
        found = Calibration(
            targets, study, table, best, values, fit_table(confirmed, targets.targets),
            seeds_table(confirmed, targets.targets), strikes_table(confirmed), identified, conflicts,
            confirmation_seed(fit.seed), dict(search or {}), trials,
        )  # fmt: skip
        if out is not None:
            found.write(Path(out))
    return found


def _trials(study: Study, targets: Mapping[str, Target]) -> pd.DataFrame:
    means = study.runs.groupby("policy")[study.outcomes].mean()
    points = study.points.drop_duplicates("policy").set_index("policy")[study.levers]
    table = points.join(means).rename_axis("trial").reset_index()
    table.insert(len(study.levers) + 1, "loss", losses(study, targets))
    table["reason"] = study.runs.groupby("policy")["reason"].max().to_numpy()
    return table


def _taught(fit: Fit, values: Mapping[str, float], confirmed: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the targets identify and where they conflict, from small moves of every parameter at the fit."""
    answers, places = fit.answers(values), fit.places(values)
    after = confirmed.runs[confirmed.runs["policy"] == 1]
    found = {name: float(after[target.statistic].mean()) for name, target in fit.targets.items()}
    known = {name: target for name, target in fit.targets.items() if np.isfinite(found[name])}
    rows = [name for name in answers.index if name in known]
    ranges = {name: lever.bounds for name, lever in fit.levers.items()}
    return (
        identification(answers.loc[rows], known, places, ranges),
        trade_offs(answers.loc[rows], known, found, places),
    )
