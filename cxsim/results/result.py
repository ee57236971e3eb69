"""A result: scenario, seed, versions and tables; saved to a folder and loaded from it without loss."""

from __future__ import annotations

import io
import json
import math
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

import cxsim
from cxsim.results.folders import README, SCENARIO, SUMMARY, is_result, write_folder
from cxsim.results.measures import HEADLINES, MEASURE, MEASURES, Estimate, estimate
from cxsim.results.run import Run
from cxsim.results.tables import TABLES
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.loading import load
from cxsim.scenario.schema import Scenario


class Result:
    """What a study of one scenario found.

    Tables (pandas DataFrames): `measures` (one row per measure, with interval), `runs` (one row per replication),
    `days`, `touchpoints`, `desks`, `drivers`, `customers`, `lost` (exit interviews), `encounters` (event log).

    Attributes:
        scenario: the scenario that was run.
        seed: seed of the study.
        versions: versions of cxsim, Python and the libraries that computed it.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        runs: Sequence[Run] = (),
        tables: dict[str, pd.DataFrame] | None = None,
        versions: dict[str, str] | None = None,
    ) -> None:
        self.scenario, self.seed = scenario, seed
        self.versions = versions or current_versions()
        self._runs = runs
        self._tables: dict[str, pd.DataFrame] = dict(tables or {})

    def table(self, name: str) -> pd.DataFrame:
        """A table by name (see `cxsim.results.tables.TABLES`)."""
        if name not in self._tables:
            self._tables[name] = TABLES[name](self.scenario, self._runs)
        return self._tables[name]

    @property
    def runs(self) -> pd.DataFrame:
        """One row per replication."""
        return self.table("runs")

    @property
    def days(self) -> pd.DataFrame:
        """One row per replication and day."""
        return self.table("days")

    @property
    def touchpoints(self) -> pd.DataFrame:
        """One row per replication and touchpoint."""
        return self.table("touchpoints")

    @property
    def desks(self) -> pd.DataFrame:
        """One row per replication and desk."""
        return self.table("desks")

    @property
    def drivers(self) -> pd.DataFrame:
        """What drove the gap, the irritation and the defections, by touchpoint and by reason."""
        return self.table("drivers")

    @property
    def blame(self) -> pd.DataFrame:
        """One row per replication, origin and reason: poor encounters, irritation, contacts, last straws."""
        return self.table("blame")

    @property
    def factors(self) -> pd.DataFrame:
        """One row per replication and factor: share of the spread of expectations, part of the gap."""
        return self.table("factors")

    @property
    def customers(self) -> pd.DataFrame:
        """One row per customer at the end."""
        return self.table("customers")

    @property
    def lost(self) -> pd.DataFrame:
        """One row per customer who left."""
        return self.table("lost")

    @property
    def encounters(self) -> pd.DataFrame:
        """Event log of the followed customers."""
        return self.table("encounters")

    @property
    def replications(self) -> int:
        """Replications run."""
        return len(self.runs)

    def estimate(self, measure: str) -> Estimate:
        """Mean over replications and 95 % interval of a measure."""
        return estimate(self.runs[measure].tolist())

    @property
    def measures(self) -> pd.DataFrame:
        """One row per measure: label, unit, mean, 95 % interval, formula, direction of good."""
        rows = []
        for measure in MEASURES:
            found = self.estimate(measure.name)
            rows.append(
                {"measure": measure.name, "label": measure.label, "mean": found.mean, "low": found.low,
                 "high": found.high, "unit": measure.unit, "better": measure.better, "formula": measure.formula}
            )  # fmt: skip
        return pd.DataFrame(rows).set_index("measure")

    def story(self, customer: int, replication: int = 0) -> str:
        """One customer's life in plain words; lives it again if that customer was not followed."""
        from cxsim.results.story import tell

        return tell(self, customer, replication)

    def summary(self) -> dict[str, Any]:
        """The result in one document: what was run, with which versions, and the measures."""
        return {
            "scenario": self.scenario.name,
            "hash": self.scenario.digest(),
            "seed": self.seed,
            "replications": self.replications,
            "customers": self.scenario.population.customers,
            "days": int(self.scenario.horizon),
            "seconds": float(self.runs["seconds"].sum()),
            "events": int(self.runs["events"].sum()),
            "measures": {
                measure.name: {
                    "mean": _number(found.mean), "low": _number(found.low), "high": _number(found.high),
                    "unit": measure.unit,
                }
                for measure in MEASURES
                for found in [self.estimate(measure.name)]
            },
        }  # fmt: skip

    def save(self, folder: str | Path, overwrite: bool = False) -> Path:
        """Save to a folder: scenario, summary, and one Parquet file per table.

        The folder appears only when complete.

        Raises:
            ScenarioError: the folder exists and `overwrite` is not set, or holds something else, or cannot be written.
        """
        return write_folder(Path(folder), overwrite, is_result, self.write)

    def write(self, folder: Path) -> None:
        """Write every file of the result into a folder that exists."""
        write_scenario(self.scenario, folder / SCENARIO)
        summary = {**self.summary(), "versions": self.versions, "format": 1}
        (folder / SUMMARY).write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
        for name in TABLES:
            self.table(name).to_parquet(folder / f"{name}.parquet", index=False)
        (folder / README).write_text(self._readme(), encoding="utf-8")

    def _readme(self) -> str:
        lines = [
            f"# {self.scenario.title or self.scenario.name}", "",
            f"Scenario `{self.scenario.name}` (hash {self.scenario.digest()}), seed {self.seed}, "
            f"{self.replications} replications of {self.scenario.population.customers:,} customers over "
            f"{int(self.scenario.horizon)} days. Run again: `cxsim run {SCENARIO} --seed {self.seed} "
            f"--replications {self.replications}`.", "",
            "| measure | mean | 95 % interval | unit |", "|---|---|---|---|",
        ]  # fmt: skip
        for name in HEADLINES:
            measure, found = MEASURE[name], self.estimate(name)
            mean = "-" if math.isnan(found.mean) else f"{found.mean:.4g}"
            interval = "-" if math.isnan(found.low) else f"{found.low:.4g} to {found.high:.4g}"
            lines.append(f"| {measure.label} | {mean} | {interval} | {measure.unit} |")
        lines += ["", "Tables (Parquet): " + ", ".join(TABLES) + ".", ""]
        return "\n".join(lines)


def _number(value: float) -> float | None:
    """JSON has no nan: a measure without meaning is null."""
    return None if math.isnan(value) else value


def load_result(folder: str | Path) -> Result:
    """Load a saved result.

    Raises:
        ScenarioError: the folder holds no complete result.
    """
    source = Path(folder)
    try:
        summary = json.loads((source / SUMMARY).read_text(encoding="utf-8"))
        tables = {name: pd.read_parquet(source / f"{name}.parquet") for name in TABLES}
        return Result(load(source / SCENARIO), int(summary["seed"]), tables=tables, versions=summary["versions"])
    except ScenarioError:
        raise
    except OSError as error:
        lacking = f"{Path(error.filename).name}: {error.strerror}" if error.filename else str(error)
        raise _incomplete(source, lacking) from None
    except (KeyError, TypeError, ValueError) as error:
        raise _incomplete(source, str(error) if isinstance(error, ValueError) else f"odd {SUMMARY}") from None


def _incomplete(folder: Path, why: str) -> ScenarioError:
    return ScenarioError([Problem("", f"holds no complete result of cxsim ({why})", str(folder))])


def write_scenario(scenario: Scenario, file: Path) -> None:
    """Write a scenario with every value visible; loads back to an equal scenario."""
    file.write_text(scenario_text(scenario), encoding="utf-8")


def scenario_text(scenario: Scenario) -> str:
    """A scenario as YAML, with every value visible."""
    return yaml_text(scenario.document())


def yaml_text(data: dict[str, Any]) -> str:
    """Plain data as YAML."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 120
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


def current_versions() -> dict[str, str]:
    """Versions of cxsim, Python and the libraries that matter for numbers."""
    versions = {"cxsim": cxsim.__version__, "python": platform.python_version(), "machine": platform.machine()}
    for name in ("numpy", "numba", "mesa", "pandas", "scipy", "pyarrow"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "unknown"
    return versions
