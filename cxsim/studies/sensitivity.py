"""Sensitivity: which lever or uncertainty matters most, for which measure; Morris screening and Sobol indices."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from cxsim.results.folders import SUMMARY
from cxsim.results.measures import MEASURE
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.studies.designs import at_positions, morris_trajectories, problem_of, salib_or_sentence, saltelli_sample
from cxsim.studies.experiment_files import Loaded, load_experiment
from cxsim.studies.plan import Plan, make_plan
from cxsim.studies.study import Study, load_study, write_summary, write_whole
from cxsim.studies.sweep import gather, journal_in, run_plan

Method = Literal["morris", "sobol"]
Positions = np.ndarray[Any, np.dtype[np.float64]]
_LEVELS = 4
"""Levels of Morris trajectories: a step of two thirds of the range, as Morris (1991) proposed."""


@dataclass(frozen=True)
class Sensitivity:
    """How much each input matters.

    Attributes:
        method: "morris" or "sobol".
        study: the runs behind it.
        indices: one row per input and outcome: `input`, `kind` (lever or uncertainty), `outcome`, the index that ranks
            (`effect`, with `effect_low` and `effect_high`, the 95 % interval over resampled designs), `rank`, and the
            method's own columns. Morris: `effect` is mu*, the mean absolute change of the outcome per whole range of
            the input; `mean_effect` (mu) tells its direction, `spread` (sigma) whether it depends on the others. Sobol:
            `effect` is the total index, the share of variance that involves the input; `first` the share it brings
            alone, with `first_low` and `first_high`.
    """

    method: Method
    study: Study
    indices: pd.DataFrame

    def ranking(self, outcome: str) -> pd.DataFrame:
        """Inputs by how much they matter for an outcome, the most first."""
        return self.indices[self.indices["outcome"] == outcome].sort_values("rank", ignore_index=True)

    @property
    def answers(self) -> dict[str, str]:
        """Per outcome, which input matters most, in a sentence."""
        return {outcome: _answer(self.method, self.ranking(outcome), outcome) for outcome in self.study.outcomes}

    def summary(self) -> dict[str, Any]:
        """The finding in one document."""
        return {**self.study.summary(), "kind": "sensitivity", "method": self.method, "command": self.command(),
                "answers": self.answers}  # fmt: skip

    def command(self) -> str:
        """Command that runs it again, in its folder."""
        size = self.study.summary()["points"] // (
            len(self.study.experiment.inputs) + (1 if self.method == "morris" else 2)
        )
        return (
            f"cxsim sensitivity experiment.yaml --method {self.method} --size {size} --seed {self.study.seed} "
            f"--replications {self.study.replications}"
        )

    def write(self, folder: Path) -> None:
        """Write the tables of the study and `indices.parquet` into a folder.

        Raises:
            ScenarioError: a file cannot be written.
        """
        self.study.write(folder)
        write_whole(folder / "indices.parquet", partial(self.indices.to_parquet, index=False))
        write_summary(self.summary(), folder)


def load_sensitivity(folder: str | Path) -> Sensitivity:
    """Load a finished sensitivity study from its folder.

    Raises:
        ScenarioError: the folder holds none.
    """
    study, source = load_study(folder), Path(folder)
    try:
        method = json.loads((source / SUMMARY).read_text(encoding="utf-8"))["method"]
        return Sensitivity(method, study, pd.read_parquet(source / "indices.parquet"))
    except (OSError, KeyError, ValueError):
        raise ScenarioError([Problem("", "holds no sensitivity study of cxsim", str(folder))]) from None


def default_size(method: Method, inputs: int) -> int:
    """Trajectories of Morris, or base samples of Sobol (a power of two), where none are asked for."""
    return 20 if method == "morris" else max(64, 1 << (4 * inputs - 1).bit_length())


def plan_sensitivity(
    loaded: Loaded, method: Method, size: int, *, seed: int | None = None, replications: int | None = None
) -> tuple[Plan, Positions]:
    """Points of a sensitivity study, and their positions between 0 and 1, a column per input.

    The runs of all points share their luck, so that differences are those of the inputs.

    Raises:
        ScenarioError: a point cannot be run, or SALib is not installed.
    """
    experiment = loaded.experiment
    inputs, base_seed = experiment.inputs, next(
        value for value in (seed, experiment.seed, loaded.scenario.seed) if value is not None
    )  # fmt: skip
    positions = (
        morris_trajectories(len(inputs), size, _LEVELS, base_seed)
        if method == "morris"
        else saltelli_sample(len(inputs), size, base_seed)
    )
    free = experiment.model_copy(update={"levers": inputs, "uncertainties": {}, "baseline": False})
    all_levers = Loaded(free, loaded.scenario, loaded.folder, loaded.places)
    plan = make_plan(all_levers, seed=seed, replications=replications, table=at_positions(inputs, positions))
    return plan, positions


def sensitivity(
    source: str | Path | Mapping[str, Any] | Loaded,
    *,
    method: Method = "morris",
    size: int | None = None,
    overrides: Mapping[str, Any] | None = None,
    seed: int | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    out: str | Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> Sensitivity:
    """Find which levers and uncertainties of an experiment matter most for its outcomes.

    Args:
        source: see `cxsim.studies.sweep.sweep`, as are the arguments not told here.
        method: "morris" (screening: `size * (inputs + 1)` points) or "sobol" (`size * (inputs + 2)` points).
        size: trajectories, or base samples (a power of two); see `default_size`.
        overrides: values of the scenario by dotted path.
        seed: seed of design and runs.
        replications: runs per point.
        jobs: processes on this machine.
        cluster: address of a Dask scheduler.
        out: folder of the study.
        progress: called with 1 whenever a run has finished.
    """
    loaded = source if isinstance(source, Loaded) else load_experiment(source, overrides)
    count = size or default_size(method, len(loaded.experiment.inputs))
    plan, positions = plan_sensitivity(loaded, method, count, seed=seed, replications=replications)
    with journal_in(loaded, out) as journal:
        run_plan(plan, journal, jobs, cluster, progress)
        found = analyse(gather(loaded, plan, journal), method, positions)
        if out is not None:
            found.write(Path(out))
    return found


def analyse(study: Study, method: Method, positions: Positions) -> Sensitivity:
    """Indices from a finished study whose points lie at `positions`.

    An outcome without a value at some point (a failed run, or no meaning there) gets indices of nan: leaving such
    points out would break the design.
    """
    salib_or_sentence()
    groups = study.runs.groupby("point")
    tables = [
        _indices(method, study, outcome, positions, groups[outcome].mean(skipna=False).to_numpy(np.float64))
        for outcome in study.outcomes
    ]
    return Sensitivity(method, study, pd.concat(tables, ignore_index=True))


def _indices(method: Method, study: Study, outcome: str, positions: Positions, values: Any) -> pd.DataFrame:
    names = list(study.experiment.inputs)
    kinds = ["lever" if name in study.experiment.levers else "uncertainty" for name in names]
    table = pd.DataFrame({"input": names, "kind": kinds, "outcome": outcome, "unit": MEASURE[outcome].unit})
    columns = {} if not np.isfinite(values).all() else (
        _constant(method) if np.ptp(values) == 0 else _morris(positions, values, study.seed)
        if method == "morris" else _sobol(len(names), values, study.seed)
    )  # fmt: skip
    for name in _constant(method):
        table[name] = columns.get(name, np.nan)
    table["rank"] = table["effect"].rank(ascending=False, method="first").fillna(0).astype("int64")
    return table


def _constant(method: Method) -> dict[str, Any]:
    """Indices of an outcome that nothing moves: no effect at all, and no variance to share."""
    others = ("mean_effect", "spread") if method == "morris" else ("first", "first_low", "first_high")
    return dict.fromkeys(("effect", "effect_low", "effect_high", *others), 0.0 if method == "morris" else np.nan)


def _morris(positions: Positions, values: Any, seed: int) -> dict[str, Any]:
    from SALib.analyze import morris

    problem = problem_of(positions.shape[1])
    found = morris.analyze(problem, positions, values, num_levels=_LEVELS, num_resamples=1000, seed=seed % 2**32)
    size, half = np.asarray(found["mu_star"], float), np.asarray(found["mu_star_conf"], float)
    return {
        "effect": size, "effect_low": np.maximum(size - half, 0.0), "effect_high": size + half,
        "mean_effect": np.asarray(found["mu"], float), "spread": np.asarray(found["sigma"], float),
    }  # fmt: skip


def _sobol(dimensions: int, values: Any, seed: int) -> dict[str, Any]:
    from SALib.analyze import sobol

    found = sobol.analyze(
        problem_of(dimensions), values, calc_second_order=False, num_resamples=1000, seed=seed % 2**32
    )
    total, first = np.asarray(found["ST"], float), np.asarray(found["S1"], float)
    total_half, first_half = np.asarray(found["ST_conf"], float), np.asarray(found["S1_conf"], float)
    return {
        "effect": total, "effect_low": total - total_half, "effect_high": total + total_half,
        "first": first, "first_low": first - first_half, "first_high": first + first_half,
    }  # fmt: skip


def _answer(method: Method, ranking: pd.DataFrame, outcome: str) -> str:
    """Which input matters most, and whether that is sure: whether its interval lies above the next one's mean."""
    label = MEASURE[outcome].label
    known = ranking[ranking["effect"].notna() & (ranking["effect"] > 0)]
    if known.empty:
        return f"{label}: nothing tried here moves it" if method == "morris" else f"{label}: cannot be told"
    first = known.iloc[0]
    size = (
        f"{first['effect']:.3g} per range" if method == "morris" else f"{100 * first['effect']:.0f} % of the variance"
    )
    sentence = f"{label}: {first['input']} matters most ({size})"
    if len(known) > 1:
        second = known.iloc[1]
        is_clear = first["effect_low"] > second["effect_high"]
        sentence += f", {'clearly ahead of' if is_clear else 'not clearly ahead of'} {second['input']}"
    return sentence
