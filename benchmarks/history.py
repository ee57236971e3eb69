"""A small history of results: `python -m benchmarks --record` appends to it."""

from __future__ import annotations

import csv
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.rows import Row
from cxsim.results.result import current_versions

HISTORY = Path(__file__).parent / "history.csv"
COLUMNS = (
    "date",
    "cxsim",
    "python",
    "machine",
    "cores",
    "load",
    "id",
    "size",
    "value",
    "unit",
    "ratio",
    "bar",
    "holds",
)


def append(rows: list[Row], file: Path = HISTORY) -> None:
    """Add results to the history, with where and when."""
    versions = current_versions()
    about = {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"), "cxsim": versions["cxsim"], "python": versions["python"],
        "machine": platform.machine(), "cores": os.cpu_count(), "load": f"{os.getloadavg()[0]:.1f}",
    }  # fmt: skip
    is_new = not file.exists()
    with file.open("a", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, COLUMNS, extrasaction="ignore", lineterminator="\n")
        if is_new:
            writer.writeheader()
        for entry in rows:
            figures = {name: f"{entry[name]:.6g}" if isinstance(entry[name], float) else entry[name] for name in entry}
            writer.writerow(about | figures)
