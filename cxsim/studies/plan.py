"""The plan of a sweep: every point with its scenario's overrides and key, checked before anything is run."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import cxsim
from cxsim.scenario.errors import ScenarioError
from cxsim.scenario.loading import load
from cxsim.scenario.schema import Scenario
from cxsim.studies.designs import settings, world_samples
from cxsim.studies.experiment_files import Loaded
from cxsim.studies.levers import Lever, Value

_MOST_TOLD = 12
"""Points that are told when they cannot be run; the number of the others is told too."""
_CODE = ("scenario", "rules", "engine", "results", "agents.py", "model.py")
"""Parts of the package on which the numbers of a run depend."""


@functools.cache
def code_version() -> str:
    """Version of the numbers: the package's, and a digest of the code that makes them."""
    package, digest = Path(cxsim.__file__).parent, hashlib.sha256()
    for part in _CODE:
        for source in sorted((package / part).rglob("*.py")) if (package / part).is_dir() else [package / part]:
            digest.update(source.relative_to(package).as_posix().encode() + source.read_bytes())
    return f"{cxsim.__version__}+{digest.hexdigest()[:8]}"


def run_key(digest: str, seed: int, replication: int) -> str:
    """Key of a run: the hash of its scenario, its seed and replication, and the version of the numbers."""
    return hashlib.sha256(f"{digest} {seed} {replication} {code_version()}".encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Plan:
    """Points to run.

    Attributes:
        scenario: the scenario that all points vary.
        points: one row per point: `point`, `policy` (setting of the levers), `world` (sample of the uncertainties),
            `is_baseline`, a column per lever and uncertainty, and the `digest` of the point's scenario.
        overrides: values of the scenario at every point, by dotted path.
        seed: seed of every run.
        replications: runs of every point.
        follow: customers followed in every run, for what is counted of them alone.
    """

    scenario: Scenario
    points: pd.DataFrame
    overrides: list[dict[str, Any]]
    seed: int
    replications: int
    follow: int = 0

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.points) * self.replications

    def scenario_at(self, point: int) -> Scenario:
        """Scenario of a point, keeping nothing of its runs beside the measures."""
        return lean(self.scenario, self.overrides[point], self.follow)

    def run_keys(self) -> Iterator[tuple[int, int, str]]:
        """Point, replication and key of every run, in order."""
        for point, digest in enumerate(self.points["digest"]):
            for replication in range(self.replications):
                yield point, replication, run_key(digest, self.seed, replication)


def lean(scenario: Scenario, overrides: Mapping[str, Any], follow: int = 0) -> Scenario:
    """A scenario with overrides that keeps no customers, and of encounters only those of customers followed."""
    return load(scenario, {**overrides, "record.encounters": follow, "record.customers": "none"})


def make_plan(
    loaded: Loaded,
    *,
    seed: int | None = None,
    replications: int | None = None,
    table: pd.DataFrame | None = None,
    progress: Callable[[int], None] | None = None,
    follow: int = 0,
) -> Plan:
    """Every point of an experiment, each checked as a scenario.

    Args:
        loaded: the experiment.
        seed: seed of the runs; the experiment's or the scenario's if left out.
        replications: runs per point; as above.
        table: settings of the levers instead of the experiment's own design.
        progress: called with the number of points checked since the last call.
        follow: customers followed in every run.

    Raises:
        ScenarioError: with the points that cannot be run, or what is wrong with the design.
    """
    experiment, scenario = loaded.experiment, loaded.scenario
    document = scenario.document()
    base_seed = next(value for value in (seed, experiment.seed, scenario.seed) if value is not None)
    count = next(value for value in (replications, experiment.replications, scenario.replications) if value is not None)
    policies = (
        settings(experiment.design, experiment.levers, document, base_seed, loaded.folder) if table is None else table
    )
    worlds = world_samples(experiment.uncertainties, experiment.worlds, base_seed)
    rows, overrides = [], []
    if experiment.baseline:
        policies = policies[[not _is_today(setting, experiment.levers, document) for setting in _rows(policies)]]
        policies = pd.concat([pd.DataFrame([[None] * policies.shape[1]], columns=policies.columns), policies])
    for policy, setting in enumerate(_rows(policies)):
        is_baseline = experiment.baseline and policy == 0
        for world, sample in enumerate(_rows(worlds)):
            values: dict[str, Any] = {**setting, **sample}
            changed: dict[str, Any] = {}
            for name, lever in experiment.inputs.items():
                if values.get(name) is not None:
                    changed |= lever.overrides(values[name], document)
                else:
                    values[name] = lever.today(document)
            rows.append({"policy": policy, "world": world, "is_baseline": is_baseline, **values})
            overrides.append(changed)
    points = _points(rows, _digests(loaded, rows, overrides, progress, follow))
    return Plan(scenario, points, overrides, base_seed, count, follow)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.astype(object).to_dict("records")]


def _is_today(setting: Mapping[str, Any], levers: Mapping[str, Lever], document: Mapping[str, Any]) -> bool:
    """Whether a setting leaves every lever where the scenario has it; the baseline is that point already."""
    return all(setting[name] in (None, lever.today(document)) for name, lever in levers.items())


def _digests(
    loaded: Loaded, rows: list[dict[str, Any]], overrides: list[dict[str, Any]],
    progress: Callable[[int], None] | None, follow: int,
) -> list[str]:  # fmt: skip
    """Digest of every point's scenario; refuses points that cannot be run."""
    digests, problems, refused = [], [], 0
    for point, changed in enumerate(overrides):
        try:
            digests.append(lean(loaded.scenario, changed, follow).digest())
        except ScenarioError as error:
            refused += 1
            if refused <= _MOST_TOLD:
                where = ", ".join(f"{name} {value}" for name, value in setting_of(loaded, rows[point]).items())
                sentences = "; ".join(problem.told for problem in error.problems)
                problems.append(loaded.problem(("design",), f"point {point} ({where}): {sentences}"))
        if progress is not None:
            progress(1)
    if refused > _MOST_TOLD:
        problems.append(loaded.problem(("design",), f"{refused - _MOST_TOLD} more points cannot be run either"))
    if problems:
        raise ScenarioError(problems)
    return digests


def setting_of(loaded: Loaded, row: Mapping[str, Any]) -> dict[str, Value]:
    """Levers and uncertainties of a row of points."""
    return {name: row[name] for name in loaded.experiment.inputs if row.get(name) is not None}


def _points(rows: list[dict[str, Any]], digests: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(rows)
    table.insert(0, "point", np.arange(len(table)))
    for name in table.columns[4:]:
        table[name] = _column(table[name])
    table["digest"] = pd.Series(digests, dtype="str")
    return table


def _column(values: pd.Series[Any]) -> pd.Series[Any]:
    """Numbers as numbers, all else as text; missing values stay missing. Parquet keeps either without loss."""
    given = [value for value in values if value is not None and value == value]  # noqa: PLR0124  # nan
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in given):
        return values.astype("float64")
    missing = values.isna()
    texts = [None if is_missing else str(value) for value, is_missing in zip(values, missing, strict=True)]
    return pd.Series(texts, dtype="str", index=values.index)
