"""Calibration: parameters that give what was observed, found by Optuna, confirmed on seeds the search never saw.

It is a search like an optimisation (`cxsim.studies.search`), with the same journal: stopped and started again it
repeats its trials from there and goes on; with more trials it continues. What it seeks is the smallest sum of weighted
squared misses of the targets, each in units of its tolerance. From the best trial on, steps of Gauss and Newton refine
it: every parameter is moved a little up and down, with the same luck, and the answers of the targets tell where to go.
The answers at the end tell what the targets identify and which of them stand in each other's way.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cxsim.results.folders import SCENARIO, SUMMARY
from cxsim.results.measures import MEASURE, estimate
from cxsim.results.result import yaml_text
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.loading import load
from cxsim.scenario.parameters import PARAMETER, PARAMETERS
from cxsim.scenario.schema import Scenario
from cxsim.studies.executors import Pool, workers
from cxsim.studies.experiment import Experiment
from cxsim.studies.experiment_files import Loaded
from cxsim.studies.identify import identification, refining_step, slopes, trade_offs
from cxsim.studies.journal import Journal
from cxsim.studies.levers import Lever
from cxsim.studies.search import Outcome, Progress, Setting, Trials, confirmation_seed
from cxsim.studies.study import TARGETS, Study, load_study, write_summary, write_whole
from cxsim.studies.sweep import fitting_jobs, journal_in
from cxsim.studies.targets import Fitted, Target, Targets

STRIKE_MEASURES = ("left_after_poor_1", "left_after_poor_2", "left_after_poor_3")
INTENTION_DISCOUNT = 0.58
"""Share of those who say they would leave who do: 45 of 78 (Foundever 2023)."""
TRIALS, REPLICATIONS, CONFIRM = 120, 3, 20
FOLLOWED = 400
"""Customers followed in every run, for the statistics that only a followed life tells."""
ROUNDS = 4
"""Refining steps at most; each costs two moves of every parameter, and the lengths below."""
_STEP = 0.05
"""How far each parameter is moved to both sides of the fit, as a share of its range."""
_REACH, _LENGTHS = 0.25, (1.0, 0.5, 0.2)
"""How far a refining step leads at most, as a share of each range; and the shares of it that are tried."""
_TABLES = ("trials", "fit", "seeds", "strikes", "identified", "conflicts")
Better = Callable[[int, float], None]


@dataclass(frozen=True)
class Calibration:
    """What a calibration found.

    Attributes:
        targets: what was to be reached.
        study: the runs of the search, one policy per trial; trial 0 is the scenario as it stands.
        trials: one row per trial: parameters, `loss`, every statistic, `reason` if it failed.
        best: number of the best trial.
        values: value of every fitted parameter there.
        fit: one row per target: `before` and `after` on unseen seeds, as the survey would state it, with interval,
            band, `group`, `holds`.
        seeds: every target's figure in every confirmed run.
        strikes: one row per poor journey: share who leave after it, with interval, before and after the fit, and as an
            intention.
        identified: see `cxsim.studies.identify.identification`.
        conflicts: see `cxsim.studies.identify.trade_offs`.
        confirm_seed: seed of the confirmation.
        search: values of the scenario, by dotted path, that held while searching alone; a smaller population, say.
        asked: trials asked for; those that refining led to come on top.
    """

    targets: Targets
    study: Study
    trials: pd.DataFrame
    best: int
    values: dict[str, float]
    fit: pd.DataFrame
    seeds: pd.DataFrame
    strikes: pd.DataFrame
    identified: pd.DataFrame
    conflicts: pd.DataFrame
    confirm_seed: int
    search: dict[str, Any]
    asked: int

    @property
    def holds(self) -> bool:
        """Whether every target of group 1 that has a value holds on the unseen seeds."""
        return bool(self.fit.loc[self.fit["group"] == 1, "holds"].all())

    def overrides(self) -> dict[str, Any]:
        """Values of the calibrated scenario, by dotted path."""
        document = self.study.scenario.document()
        changed: dict[str, Any] = {}
        for name, lever in self.study.experiment.levers.items():
            if self.best:
                changed |= lever.overrides(self.values[name], document)
        return changed

    def scenario_text(self, extends: str, given: Mapping[str, Any] | None = None) -> str:
        """The calibrated scenario as a file that varies the one it was fitted from.

        Args:
            extends: that scenario, as the file is to name it.
            given: values by dotted path under which it was fitted, which the file then holds too.
        """
        scenario = self.study.scenario
        document: dict[str, Any] = {
            "extends": extends, "name": f"{scenario.name}_calibrated",
            "title": f"{scenario.title or scenario.name}, calibrated to {self.targets.name}",
        }  # fmt: skip
        for path, value in {**(given or {}), **self.overrides()}.items():
            *way, last = path.split(".")
            node = document
            for part in way:
                node = node.setdefault(part, {})
            node[last] = float(f"{value:.6g}") if isinstance(value, float) else value
        return yaml_text(document)

    def summary(self) -> dict[str, Any]:
        """The finding in one document."""
        return {
            **self.study.summary(), "kind": "calibration", "targets": self.targets.model_dump(mode="json"),
            "trials": len(self.trials), "best": self.best, "values": self.values, "holds": self.holds,
            "loss": float(self.trials["loss"].min()), "confirm_seed": self.confirm_seed,
            "search": self.search, "asked": self.asked,
            "command": f"cxsim calibrate {SCENARIO} --targets {TARGETS} --seed {self.study.seed} "
                       f"--replications {self.study.replications} --trials {self.asked}"
                       + "".join(f" --while-searching {shlex.quote(f'{path}={value}')}"
                                 for path, value in self.search.items()),
        }  # fmt: skip

    def write(self, folder: Path) -> None:
        """Write the tables into a folder.

        Raises:
            ScenarioError: a file cannot be written.
        """
        self.study.write(folder)
        for name in _TABLES:
            write_whole(folder / f"{name}.parquet", partial(getattr(self, name).to_parquet, index=False))
        write_whole(folder / TARGETS, lambda part: part.write_text(yaml_text(self.targets.document()), "utf-8"))
        write_summary(self.summary(), folder)


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
            targets, study, table, best, values, _fit(confirmed, targets.targets), _seeds(confirmed, targets.targets),
            _strikes(confirmed), identified, conflicts, confirmation_seed(fit.seed), dict(search or {}), trials,
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


def _fit(confirmed: Study, targets: Mapping[str, Target]) -> pd.DataFrame:
    rows = []
    for name, target in targets.items():
        values = confirmed.runs.pivot_table(
            index="replication", columns="policy", values=target.statistic, dropna=False
        )
        values = values.reindex(columns=[0, 1])
        before, after = (estimate((values[policy] / target.discount).tolist()) for policy in (0, 1))
        low, high = target.band
        rows.append({
            "target": name, "title": target.title, "statistic": target.statistic,
            "unit": MEASURE[target.statistic].unit, "group": target.group, "observed": target.value, "band_low": low,
            "band_high": high, "before": before.mean, "after": after.mean, "low": after.low, "high": after.high,
            "least": float((values[1] / target.discount).min()), "most": float((values[1] / target.discount).max()),
            "n": after.n, "holds": target.holds(after.mean * target.discount), "fitted": target.weight > 0,
            "discount": target.discount, "source": f"{target.source} [{target.tag}]", "note": target.note,
        })  # fmt: skip
    table = pd.DataFrame(rows)
    table["observed"] = table["observed"].astype("float64")
    return table


def _seeds(confirmed: Study, targets: Mapping[str, Target]) -> pd.DataFrame:
    after = confirmed.runs[confirmed.runs["policy"] == 1].reset_index(drop=True)
    return pd.DataFrame({
        "replication": after["replication"],
        **{name: after[target.statistic] / target.discount for name, target in targets.items()},
    })  # fmt: skip


def _strikes(confirmed: Study) -> pd.DataFrame:
    rows = []
    for number, name in enumerate(STRIKE_MEASURES, 1):
        before, after = (
            estimate(confirmed.runs.loc[confirmed.runs["policy"] == policy, name].tolist()) for policy in (0, 1)
        )
        rows.append({"strike": number, "before": before.mean, "after": after.mean, "low": after.low,
                     "high": after.high, "as_intention": after.mean / INTENTION_DISCOUNT})  # fmt: skip
    return pd.DataFrame(rows)


def load_calibration(folder: str | Path) -> Calibration:
    """Load a finished calibration from its folder.

    Raises:
        ScenarioError: the folder holds none.
    """
    study, source = load_study(folder), Path(folder)
    try:
        summary = json.loads((source / SUMMARY).read_text(encoding="utf-8"))
        tables = {name: pd.read_parquet(source / f"{name}.parquet") for name in _TABLES}
        return Calibration(
            Targets.model_validate(summary["targets"]), study, best=int(summary["best"]),
            values={name: float(value) for name, value in summary["values"].items()},
            confirm_seed=int(summary["confirm_seed"]), search=summary["search"], asked=int(summary["asked"]), **tables,
        )  # fmt: skip
    except (OSError, KeyError, TypeError, ValueError):
        raise ScenarioError([Problem("", "holds no calibration of cxsim", str(folder))]) from None
