"""Saving comparisons: every variant's result beside the table of differences."""

from __future__ import annotations

from pathlib import Path

from cxsim.results.folders import DIFFERENCES, is_comparison, write_folder
from cxsim.studies.compare import Comparison


def save_comparison(found: Comparison, folder: Path, overwrite: bool) -> None:
    """Save a comparison: `differences.parquet`, `differences.csv` and one result folder per variant.

    Raises:
        ScenarioError: the folder cannot be written.
    """

    def write(part: Path) -> None:
        found.table.to_parquet(part / DIFFERENCES, index=False)
        found.table.to_csv((part / DIFFERENCES).with_suffix(".csv"), index=False)
        for number, result in enumerate(found.results.values()):
            result.save(part / f"{number}-{result.scenario.name}")

    write_folder(folder, overwrite, is_comparison, write)
