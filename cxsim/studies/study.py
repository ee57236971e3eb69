"""What a sweep found: tables by level, joined by point, policy and world; saved beside its journal."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cxsim.results.folders import README, SCENARIO, SUMMARY
from cxsim.results.measures import MEASURE, MEASURES, estimate
from cxsim.results.result import current_versions, write_scenario
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.loading import load
from cxsim.scenario.schema import Scenario
from cxsim.studies.experiment import Experiment
from cxsim.studies.experiment_files import load_experiment

EXPERIMENT, JOURNAL, TARGETS = "experiment.yaml", "journal.txt", "targets.yaml"
TABLES = ("points", "runs", "measures", "policies")
"""Tables of a study, one Parquet file each."""


@dataclass(frozen=True)
class Study:
    """A finished sweep.

    Attributes:
        experiment: what was asked.
        scenario: the scenario that all points vary.
        points: one row per point: `point`, `policy`, `world`, `is_baseline`, levers, uncertainties, `digest`.
        runs: one row per run: `point`, `policy`, `world`, `replication`, `key`, `reason` (why it failed, else empty),
            `events`, and every measure.
        seed: seed of the study.
    """

    experiment: Experiment
    scenario: Scenario
    points: pd.DataFrame
    runs: pd.DataFrame
    seed: int

    @property
    def failed(self) -> pd.DataFrame:
        """Runs that failed, with their reasons."""
        return self.runs[self.runs["reason"] != ""]

    @property
    def replications(self) -> int:
        """Runs of every point."""
        return len(self.runs) // max(len(self.points), 1)

    @property
    def levers(self) -> list[str]:
        """Names of the levers: columns of `points`."""
        return list(self.experiment.levers)

    @property
    def outcomes(self) -> list[str]:
        """Names of the outcomes: columns of `runs`."""
        return list(self.experiment.outcomes)

    @cached_property
    def measures(self) -> pd.DataFrame:
        """One row per point and outcome: mean over replications with its 95 % interval."""
        rows = []
        for point, runs in self.runs.groupby("point", sort=True):
            for outcome in self.outcomes:
                found = estimate(runs[outcome].tolist())
                rows.append({"point": point, "outcome": outcome, "unit": MEASURE[outcome].unit, "mean": found.mean,
                             "low": found.low, "high": found.high, "sd": found.sd, "n": found.n})  # fmt: skip
        return pd.DataFrame(rows)

    @cached_property
    def policies(self) -> pd.DataFrame:
        """One row per policy and outcome: levers, mean over worlds and luck, paired difference to the first policy.

        The interval speaks of all worlds and replications together. `worst` is the mean in the world where the policy
        does worst, `chance_best` the share of worlds and replications in which no other policy does better.
        """
        levers = self.points.drop_duplicates("policy").set_index("policy")[["is_baseline", *self.levers]]
        rows = []
        for outcome in self.outcomes:
            values = self.runs.pivot_table(
                index=["world", "replication"], columns="policy", values=outcome, dropna=False, sort=True
            ).reindex(columns=levers.index)
            chances = _chance_best(values, MEASURE[outcome].better)
            for policy in values.columns:
                found, change = values[policy], values[policy] - values[values.columns[0]]
                mean, difference = estimate(found.tolist()), estimate(change.tolist())
                rows.append({
                    "policy": policy, **levers.loc[policy].to_dict(), "outcome": outcome,
                    "unit": MEASURE[outcome].unit, "mean": mean.mean, "low": mean.low, "high": mean.high,
                    "difference": difference.mean, "difference_low": difference.low,
                    "difference_high": difference.high,
                    "worst": _worst(found.groupby("world").mean(), MEASURE[outcome].better),
                    "chance_best": chances[policy], "n": mean.n,
                })  # fmt: skip
        table = pd.DataFrame(rows)
        for name in self.levers:
            table[name] = table[name].astype(self.points[name].dtype)
        return table.sort_values(["policy"], kind="stable", ignore_index=True)

    def table(self, name: str) -> pd.DataFrame:
        """A table by name (see `TABLES`)."""
        found: pd.DataFrame = getattr(self, name)
        return found

    def summary(self) -> dict[str, Any]:
        """The study in one document."""
        return {
            "kind": "sweep", "experiment": self.experiment.name, "scenario": self.scenario.name,
            "experiment_hash": self.experiment.digest(), "hash": self.scenario.digest(), "seed": self.seed,
            "points": len(self.points), "replications": self.replications, "runs": len(self.runs),
            "failed": len(self.failed), "command": self.command(),
            "outcomes": {
                measure.name: {"label": measure.label, "unit": measure.unit, "better": measure.better}
                for measure in (MEASURE[name] for name in self.outcomes)
            },
        }  # fmt: skip

    def command(self) -> str:
        """Command that runs the study again, in its folder."""
        return f"cxsim sweep {EXPERIMENT} --seed {self.seed} --replications {self.replications}"

    def write(self, folder: Path) -> None:
        """Write every file of the study into a folder; each appears whole or not at all.

        Raises:
            ScenarioError: a file cannot be written.
        """
        for name in TABLES:
            write_whole(folder / f"{name}.parquet", partial(self.table(name).to_parquet, index=False))
        write_summary(self.summary(), folder)
        write_whole(folder / README, lambda part: part.write_text(self._readme(), "utf-8"))

    def _readme(self) -> str:
        head = [*self.levers, *self.outcomes]
        lines = [
            f"# {self.experiment.title or self.experiment.name}", "", self.experiment.question.strip(), "",
            f"Scenario `{self.scenario.name}` (hash {self.scenario.digest()}), seed {self.seed}, {len(self.points)} "
            f"points with {self.replications} replications each. Run again: `{self.command()}`.", "",
            "| " + " | ".join(head) + " |", "|" + "---|" * len(head),
        ]  # fmt: skip
        for _, rows in self.policies.groupby("policy", sort=True):
            means = {row["outcome"]: f"{row['mean']:.4g}" for row in rows.to_dict("records")}
            first = rows.iloc[0]
            lines.append("| " + " | ".join([*(told_value(first[name]) for name in self.levers),
                                            *(means[name] for name in self.outcomes)]) + " |")  # fmt: skip
        if len(self.failed):
            lines += ["", f"{len(self.failed)} runs failed; `runs.parquet` gives their reasons."]
        return "\n".join([*lines, "", "Tables (Parquet): " + ", ".join(TABLES) + ".", ""])


def told_value(value: object) -> str:
    """Where a lever stands, for people."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "as is"
    if not isinstance(value, (int, float)):
        return str(value)
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.4g}"


def _chance_best(values: pd.DataFrame, better: str) -> dict[Any, float]:
    """Share of rows in which each column is best; ties are shared, nan where neither direction is good."""
    whole = values.dropna()
    if better == "neither" or whole.empty:
        return dict.fromkeys(values.columns, float("nan"))
    best = whole.max(axis=1) if better == "higher" else whole.min(axis=1)
    wins = whole.eq(best, axis=0)
    return wins.div(wins.sum(axis=1), axis=0).mean().to_dict()


def _worst(means: pd.Series[float], better: str) -> float:
    if better == "neither" or means.isna().all():
        return float("nan")
    return float(means.min() if better == "higher" else means.max())


def write_whole(file: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a file that appears only when complete.

    Raises:
        ScenarioError: it cannot be written; what was there stays.
    """
    part = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
        os.close(handle)
        part = Path(name)
        write(part)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.chmod(0o666 & ~_umask())
        part.replace(file)
    except OSError as error:
        if part is not None:
            part.unlink(missing_ok=True)
        sentence = f"cannot be written: {error.strerror or error}; finished runs are kept, start again to go on"
        raise ScenarioError([Problem("", sentence, str(file))]) from None


def write_summary(summary: dict[str, Any], folder: Path) -> None:
    """Write a study's summary, with the versions that made it."""
    text = json.dumps({**summary, "versions": current_versions(), "format": 1}, indent=2) + "\n"
    write_whole(folder / SUMMARY, lambda part: part.write_text(text, "utf-8"))


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def write_inputs(experiment: Experiment, scenario: Scenario, folder: Path) -> None:
    """Write scenario and experiment into a study's folder, so that it can be run again from there."""
    from ruamel.yaml import YAML

    document = {**experiment.document(), "scenario": SCENARIO, "constants": {}}
    write_whole(folder / SCENARIO, lambda part: write_scenario(scenario, part))

    def write(part: Path) -> None:
        yaml = YAML()
        yaml.width = 120
        with part.open("w", encoding="utf-8") as stream:
            yaml.dump(document, stream)

    write_whole(folder / EXPERIMENT, write)


def runs_table(records: list[dict[str, Any]]) -> pd.DataFrame:
    """Rows of runs as a table, every measure a column."""
    table = pd.DataFrame(records)
    for measure in MEASURES:
        table[measure.name] = table[measure.name].astype("float64") if measure.name in table else np.nan
    for name in ("key", "reason"):
        table[name] = table[name].astype("str")
    return table


def load_study(folder: str | Path) -> Study:
    """Load a finished study (a sweep, or the runs behind a sensitivity or an optimisation) from its folder.

    Raises:
        ScenarioError: the folder holds no complete study.
    """
    source = Path(folder)
    try:
        summary = json.loads((source / SUMMARY).read_text(encoding="utf-8"))
        tables = {name: pd.read_parquet(source / f"{name}.parquet") for name in ("points", "runs")}
        experiment = load_experiment(source / EXPERIMENT).experiment
        return Study(experiment, load(source / SCENARIO), tables["points"], tables["runs"], int(summary["seed"]))
    except ScenarioError:
        raise
    except OSError as error:
        why = f"{Path(error.filename).name}: {error.strerror}" if error.filename else str(error)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        why = str(error)
    raise ScenarioError([Problem("", f"holds no complete study of cxsim ({why})", str(folder))])
