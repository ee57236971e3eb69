"""Run the benchmarks: `python -m benchmarks [--sizes 1000 10000] [--json]`.

Every figure comes from a process of its own, so that memory and start-up are those of a user.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cxsim.results.result import current_versions

SIZES = (1_000, 10_000, 100_000, 1_000_000)
MOST_GROWTH = 2.5
MOST_COLD_SECONDS = 45.0
MOST_WARM_SECONDS = 3.0
MOST_HELP_SECONDS = 0.5
LEAST_SPEED_UP = 1.8
MOST_MILLION_SECONDS = 60.0
MOST_MILLION_GIB = 1.0
Row = dict[str, object]


def row(
    name: str, size: int, value: float, unit: str, bar: float | None = None, peer: str = "", ratio: float | None = None
) -> Row:
    """One line of the report; `bar` is the most that `ratio` (or, without a peer, `value`) may be."""
    judged = value if ratio is None else ratio
    return {
        "id": name, "size": size, "value": value, "unit": unit, "peer": peer, "ratio": ratio, "bar": bar,
        "holds": None if bar is None else judged <= bar,
    }  # fmt: skip


def in_process(*arguments: str, environment: dict[str, str] | None = None) -> str:
    """Standard output of a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=True, env=environment or dict(os.environ)
    )
    return done.stdout


def growth(sizes: list[int], repeats: int) -> list[Row]:
    """Events per second and memory at each size; cost per event against ten thousand."""
    rows: list[Row] = []
    cost: dict[int, float] = {}
    for size in sizes:
        runs = 1 if size >= 1_000_000 else repeats
        found = [json.loads(in_process("-m", "benchmarks.one_run", str(size))) for _ in range(runs)]
        seconds = statistics.median(entry["seconds"] for entry in found)
        cost[size] = seconds / found[0]["events"]
        peak = max(entry["peak_bytes"] for entry in found)
        rows += [
            row("events_per_second", size, found[0]["events"] / seconds, "events/s"),
            row("encounters_per_second", size, found[0]["encounters"] / seconds, "encounters/s"),
            row("peak_memory", size, peak / 2**30, "GiB", MOST_MILLION_GIB if size == 1_000_000 else None),
            row("bytes_per_customer", size, found[0]["bytes_per_customer"], "bytes"),
            row("seconds", size, seconds, "s", MOST_MILLION_SECONDS if size == 1_000_000 else None),
        ]
        if size > 10_000 and 10_000 in cost:
            bar = MOST_GROWTH if size == 1_000_000 else None
            rows.append(row("cost_per_event_growth", size, cost[size] * 1e9, "ns", bar, "10,000 customers",
                            cost[size] / cost[10_000]))  # fmt: skip
    return rows


def starts(repeats: int) -> list[Row]:
    """A fresh interpreter to its first result with a cold and a warm compile cache; and `cxsim --help`."""

    def timed(environment: dict[str, str], *arguments: str) -> float:
        begun = time.perf_counter()
        in_process(*arguments, environment=environment)
        return time.perf_counter() - begun

    with tempfile.TemporaryDirectory() as cache:
        environment = dict(os.environ) | {"CXSIM_CACHE": cache}
        first = ("-m", "benchmarks.one_run", "1000")
        cold = timed(environment, *first)
        warm = statistics.median(timed(environment, *first) for _ in range(repeats))
    help_text = ("-c", "import sys; sys.argv = ['cxsim', '--help']; from cxsim.cli import main; main()")
    helped = statistics.median(timed(dict(os.environ), *help_text) for _ in range(repeats))
    return [
        row("cold_start", 1_000, cold, "s", MOST_COLD_SECONDS),
        row("warm_start", 1_000, warm, "s", MOST_WARM_SECONDS),
        row("help", 0, helped, "s", MOST_HELP_SECONDS),
    ]


def sweeps(repeats: int) -> list[Row]:
    """Two workers against one on a sweep."""
    found = json.loads(in_process("-m", "benchmarks.sweeps", str(repeats)))
    seconds, size = found["seconds"], found["customers"]
    return [
        row(f"sweep_{name}", size, seconds[name], "s", 1 / LEAST_SPEED_UP if name == "two_processes" else None,
            "one core", seconds[name] / seconds["one_thread"])
        for name in ("two_processes", "two_threads")
    ]  # fmt: skip


def main() -> None:
    """Measure, print, and exit with 1 if a bar does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="customers")
    parser.add_argument("--repeats", type=int, default=3, help="runs per figure; the median counts")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    chosen = parser.parse_args()
    rows = [*starts(chosen.repeats), *sweeps(chosen.repeats),
            *growth(chosen.sizes, chosen.repeats)]  # fmt: skip
    if chosen.json:
        print(json.dumps(rows, indent=2))
    else:
        report(rows)
    if any(entry["holds"] is False for entry in rows):
        sys.exit(1)


def report(rows: list[Row]) -> None:
    """A readable table, with machine and versions."""
    versions = ", ".join(f"{name} {value}" for name, value in current_versions().items())
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores; {versions}")
    print(f"work: {Path('scenarios/parcel.yaml')}, 180 days of warm-up and 365 days measured, seed 1\n")
    print(f"{'benchmark':24}{'size':>10}  {'value':>14} {'unit':14}{'ratio':>7}{'bar':>7}  holds")
    for entry in rows:
        ratio = "" if entry["ratio"] is None else f"{entry['ratio']:.2f}"
        bar = "" if entry["bar"] is None else f"{entry['bar']:g}"
        holds = {None: "", True: "yes", False: "NO"}[entry["holds"]]  # type: ignore[index]
        print(f"{entry['id']:24}{entry['size']:>10,}  {entry['value']:>14,.2f} {entry['unit']:14}{ratio:>7}{bar:>7}  "
              f"{holds}")  # fmt: skip


if __name__ == "__main__":
    main()
