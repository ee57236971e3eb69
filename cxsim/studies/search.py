"""The searches behind an optimisation and a calibration: trials suggested by Optuna, lived past a journal."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from cxsim.results.measures import MEASURE, estimate
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.studies.budget import afford, cost_of
from cxsim.studies.constraints import Constraint, parse_constraint
from cxsim.studies.designs import as_table, latin_hypercube
from cxsim.studies.executors import Pool
from cxsim.studies.experiment_files import Loaded
from cxsim.studies.journal import Journal
from cxsim.studies.levers import Lever, Value
from cxsim.studies.plan import make_plan
from cxsim.studies.steps import changes_table, small_steps
from cxsim.studies.study import Study
from cxsim.studies.sweep import gather, run_in

Progress = Callable[[int], None]
Setting = dict[str, Value]
_BATCH = 4
"""Trials suggested at a time; fixed, so that the search does not depend on the number of workers."""
CONFIRMED = 8
"""Trials confirmed at most: the best ones, or as many spread along the front; the tables tell which."""


def confirmation_seed(seed: int) -> int:
    """A seed that the search never saw; mixed, not added, so that no other study's seed comes near it."""
    return int.from_bytes(hashlib.sha256(f"confirmation of {seed}".encode()).digest()[:8], "big") >> 1


Outcome = tuple[list[float] | None, dict[str, float]]
"""What a trial came to: objectives (None if a run failed or one has no value), and by how much each bound breaks."""


class Trials(ABC):
    """Trials of some levers, lived with the same luck; suggested from the outcomes of those before.

    Attributes:
        levers: what is varied.
        directions: "minimise" or "maximise", an objective each.
        count: trials beside the scenario as it stands.
    """

    directions: list[str]
    count: int
    follow = 0
    """Customers followed in every run."""

    def __init__(
        self, loaded: Loaded, journal: Journal, pool: Pool, seed: int | None, replications: int | None,
        progress: Progress | None,
    ) -> None:  # fmt: skip
        self.loaded, self.journal, self.pool, self.progress = loaded, journal, pool, progress
        self.levers: Mapping[str, Lever] = loaded.experiment.levers
        self.document = loaded.scenario.document()
        self.seed = next(value for value in (seed, loaded.experiment.seed, loaded.scenario.seed) if value is not None)
        self.replications = replications

    @abstractmethod
    def outcomes(self, settings: list[Setting]) -> list[Outcome]:
        """What every setting comes to."""

    def live(self, settings: list[Setting], seed: int, replications: int | None) -> Study:
        """Study of some settings, one policy each; a lever left out keeps the scenario's value."""
        table = as_table(self.levers, [[setting.get(name) for name in self.levers] for setting in settings])
        plan = make_plan(self.loaded, seed=seed, replications=replications, table=table, follow=self.follow)
        run_in(self.pool, plan, self.journal, self.progress)
        return gather(self.loaded, plan, self.journal)

    def search(self) -> tuple[list[Setting], set[int]]:
        """Settings of all trials, and the numbers of the best ones as Optuna tells them."""
        optuna = _optuna()
        starts = latin_hypercube(len(self.levers), 2 * len(self.levers) + 2, self.seed)
        sampler = optuna.samplers.TPESampler(
            seed=self.seed % 2**32, multivariate=True, n_startup_trials=len(starts) + 1
        )
        search = optuna.create_study(
            directions=[direction.replace("ise", "ize") for direction in self.directions], sampler=sampler
        )
        settings: list[Setting] = [{}]
        told = self._tell_today(optuna, search)
        for row in starts:  # a first look that is spread evenly, whatever the number of trials to come
            ways = zip(self.levers.items(), row, strict=True)
            search.enqueue_trial({name: self._suggested(lever, lever.at(float(u))) for (name, lever), u in ways})
        while len(settings) < self.count + 1:
            asked = [
                search.ask(self._distributions(optuna)) for _ in range(min(_BATCH, self.count + 1 - len(settings)))
            ]
            batch = [self._setting(trial.params) for trial in asked]
            for trial, (values, excesses) in zip(asked, self.outcomes(batch), strict=True):
                for bound, excess in excesses.items():
                    trial.set_constraint(bound, excess)
                if values is None:
                    search.tell(trial, state=optuna.trial.TrialState.FAIL)
                else:
                    search.tell(trial, values)
            settings += batch
        return settings, {trial.number + (0 if told else 1) for trial in search.best_trials}

    def _tell_today(self, optuna: Any, search: Any) -> bool:
        """Live the scenario as it stands; tell Optuna of it if that is among the settings it may suggest."""
        [(values, excesses)] = self.outcomes([{}])
        params = {name: self._offered(lever) for name, lever in self.levers.items()}
        if values is None or any(value is None for value in params.values()):
            return False
        search.enqueue_trial(params)
        trial = search.ask(self._distributions(optuna))
        for bound, excess in excesses.items():
            trial.set_constraint(bound, excess)
        search.tell(trial, values)
        return True

    def _offered(self, lever: Lever) -> Value | None:
        """Where a lever stands today, as a suggestion; None if it could not be suggested."""
        today, (low, high) = lever.today(self.document), lever.bounds
        if not lever.is_number:
            return None if today is None else str(today)
        if not isinstance(today, (int, float)) or not low <= today <= high:
            return None
        if lever.whole:
            return int(today) if float(today).is_integer() else None
        return float(today)

    @staticmethod
    def _suggested(lever: Lever, value: Value) -> Value:
        """A value as Optuna knows it."""
        return value if lever.is_number else str(value)

    def _distributions(self, optuna: Any) -> dict[str, Any]:
        found = {}
        for name, lever in self.levers.items():
            low, high = lever.bounds
            if not lever.is_number:
                found[name] = optuna.distributions.CategoricalDistribution([str(value) for value in lever.choices()])
            elif lever.whole:
                found[name] = optuna.distributions.IntDistribution(int(low), int(high))
            else:
                found[name] = optuna.distributions.FloatDistribution(low, high)
        return found

    def _setting(self, params: Mapping[str, Any]) -> Setting:
        """What a trial runs: its values as the scenario writes them."""
        setting: Setting = {}
        for name, lever in self.levers.items():
            by_text = {} if lever.is_number else {str(choice): choice for choice in lever.choices()}
            setting[name] = by_text[params[name]] if by_text else params[name]
        return setting


class Search(Trials):
    """One optimisation: the best trials are confirmed on other seeds."""

    def __init__(
        self, loaded: Loaded, journal: Journal, pool: Pool, seed: int | None, replications: int | None,
        progress: Progress | None,
    ) -> None:  # fmt: skip
        assert loaded.experiment.optimise is not None
        super().__init__(loaded, journal, pool, seed, replications, progress)
        self.aim = loaded.experiment.optimise
        self.directions, self.count = list(self.aim.objectives.values()), self.aim.trials
        self.constraints: list[Constraint] = [parse_constraint(text) for text in self.aim.constraints]
        self.measures = list(dict.fromkeys([*self.aim.objectives, *(bound.measure for bound in self.constraints)]))
        self.settings: list[Setting] = []

    def run(self) -> tuple[Study, pd.DataFrame]:
        """The search itself: its runs, one policy per trial, and the table of trials."""
        settings, is_best = self.search()
        self.settings = settings
        study = self.live(settings, self.seed, self.replications)
        return study, self._trials(study, settings, is_best)

    def changes(self) -> pd.DataFrame:
        """Small steps of single levers, on the luck of the search."""
        steps = small_steps(self.levers, self.document)
        study = self.live([{}, *(step.setting for step in steps)], self.seed, self.replications)
        return changes_table(steps, study, self.aim.objectives)

    def _setting(self, params: Mapping[str, Any]) -> Setting:
        """What a trial runs, drawn back to what the budget pays."""
        return afford(super()._setting(params), self.levers, self.document, self.aim.budget)

    def outcomes(self, settings: list[Setting]) -> list[Outcome]:
        """Per setting, the objectives (None if a run failed or has no value) and by how much it breaks each bound."""
        study = self.live(settings, self.seed, self.replications)
        means = study.runs.groupby("policy")[self.measures].mean().sort_index().to_dict("records")
        failed = {int(policy) for policy in study.failed["policy"]}
        found_all: list[Outcome] = []
        for policy, found in enumerate(means):
            values = [float(found[name]) for name in self.aim.objectives]
            usable = policy not in failed and bool(np.isfinite(values).all())
            excesses = {str(bound): bound.excess(float(found[bound.measure])) for bound in self.constraints}
            found_all.append((values if usable else None, excesses))
        return found_all

    def _trials(self, study: Study, settings: list[Setting], is_best: set[int]) -> pd.DataFrame:
        means = study.runs.groupby("policy")[study.outcomes].mean()
        reasons = study.runs.groupby("policy")["reason"].max()
        points = study.points.drop_duplicates("policy").set_index("policy")[study.levers]
        table = points.join(means).rename_axis("trial").reset_index()
        table.insert(
            len(study.levers) + 1, "cost", [cost_of(setting, self.levers, self.document) for setting in settings]
        )
        feasible = [
            all(bound.excess(float(row[bound.measure])) <= 0 for bound in self.constraints) and not reasons[number]
            for number, row in enumerate(table.to_dict("records"))
        ]
        table["is_feasible"] = feasible
        table["is_best"] = [number in is_best and feasible[number] for number in table["trial"]]
        table["reason"] = reasons.to_numpy()
        return table

    def confirm(self, trials: pd.DataFrame) -> pd.DataFrame:
        """Live the best trials again with luck that the search never saw, beside the scenario as it stands."""
        seed = confirmation_seed(self.seed)
        chosen = self._chosen(trials)
        study = self.live([{}, *(self.settings[trial] for trial in chosen)], seed, self.aim.confirm)
        luck = ["world", "replication"]
        rows = []
        for measure in study.outcomes:
            values = study.runs.pivot_table(index=luck, columns="policy", values=measure, dropna=False)
            values = values.reindex(columns=range(len(chosen) + 1))
            searched = dict(zip(trials["trial"].tolist(), trials[measure].tolist(), strict=True))
            for policy, trial in enumerate([0, *chosen]):
                mean = estimate(values[policy].tolist())
                change = estimate((values[policy] - values[0]).tolist())
                bounds = [bound for bound in self.constraints if bound.measure == measure]
                rows.append({
                    "trial": trial, "measure": measure, "unit": MEASURE[measure].unit,
                    "searched": searched[trial], "mean": mean.mean, "low": mean.low,
                    "high": mean.high, "difference": change.mean, "difference_low": change.low,
                    "difference_high": change.high, "n": mean.n,
                    "holds": all(bound.excess(mean.mean) <= 0 for bound in bounds),
                })  # fmt: skip
        return pd.DataFrame(rows).sort_values("trial", kind="stable", ignore_index=True)

    def _chosen(self, trials: pd.DataFrame) -> list[int]:
        """Trials to confirm: the best by one objective, or along the front of several; the scenario itself is there."""
        if len(self.aim.objectives) > 1:
            front = trials[trials["is_best"] & (trials["trial"] > 0)].sort_values(next(iter(self.aim.objectives)))
            numbers = [int(trial) for trial in front["trial"]]
            places = np.linspace(0, len(numbers) - 1, CONFIRMED).round().astype(int).tolist() if numbers else []
            return [numbers[place] for place in dict.fromkeys(places)]
        name, direction = next(iter(self.aim.objectives.items()))
        good = trials[trials["is_feasible"] & (trials["trial"] > 0)].dropna(subset=[name])
        good = good.drop_duplicates(list(self.levers)).sort_values(
            name, ascending=direction == "minimise", kind="stable"
        )
        return [int(trial) for trial in good["trial"].head(CONFIRMED)]


def _optuna() -> Any:
    try:
        import optuna
    except ImportError:
        sentence = "a search needs Optuna, which is not installed; pip install 'cxsim[studies]'"
        raise ScenarioError([Problem("", sentence)]) from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna
