"""Saving comparisons: every variant's result beside the table of differences."""

from __future__ import annotations

from pathlib import Path

from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.studies.compare import Comparison


def save_comparison(found: Comparison, folder: Path, overwrite: bool) -> None:
    """Save a comparison: `differences.parquet`, `differences.csv` and one result folder per variant.

    Raises:
        ScenarioError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found.table.to_parquet(folder / "differences.parquet", index=False)
        found.table.to_csv(folder / "differences.csv", index=False)
    except OSError as error:
        raise ScenarioError([Problem("", f"cannot be written: {error.strerror or error}", str(folder))]) from None
    for number, result in enumerate(found.results.values()):
        result.save(folder / f"{number}-{result.scenario.name}", overwrite)
