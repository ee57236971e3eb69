"""Run the benchmarks: `python -m benchmarks [--only NAME ...] [--sizes 1000 10000] [--full] [--json] [--record]`.

Every figure comes from a process of its own, so that memory and start-up are those of a user. What is measured, how,
against whom, and what it does not show: benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable

from benchmarks.history import append
from benchmarks.rows import Row, in_process, report, row
from cxsim.results.result import current_versions

SIZES = (1_000, 10_000, 100_000)
FULL_SIZE = 1_000_000
LONG_SWEEP = 10_000
PEER_CUSTOMERS = 10_000
PAIRED_RUNS, PAIRED_CUSTOMERS = 24, 10_000


def growth(chosen: argparse.Namespace) -> list[Row]:
    """Events per second and memory at each size; cost per event against ten thousand."""
    rows: list[Row] = []
    cost: dict[int, float] = {}
    for size in chosen.sizes:
        runs = 1 if size >= FULL_SIZE else chosen.repeats
        found = [json.loads(in_process("-m", "benchmarks.one_run", str(size))) for _ in range(runs)]
        seconds = statistics.median(entry["seconds"] for entry in found)
        if len({(entry["events"], entry["encounters"]) for entry in found}) != 1:
            raise RuntimeError(f"runs of {size} customers with the same seed differ")
        cost[size] = seconds / found[0]["events"]
        rows += [
            row("events_per_second", size, found[0]["events"] / seconds, "events/s"),
            row("encounters_per_second", size, found[0]["encounters"] / seconds, "encounters/s"),
            row("peak_memory", size, max(entry["peak_bytes"] for entry in found) / 2**30, "GiB"),
            row("bytes_per_customer", size, found[0]["bytes_per_customer"], "bytes"),
            row("seconds", size, seconds, "s"),
        ]
        if size > 10_000 and 10_000 in cost:
            rows.append(row("cost_per_event_growth", size, cost[size] * 1e9, "ns", "10,000 customers",
                            cost[size] / cost[10_000]))  # fmt: skip
    return rows


def starts(chosen: argparse.Namespace) -> list[Row]:
    """A fresh interpreter to its first result with a cold and a warm compile cache; and `cxsim --help`."""

    def timed(environment: dict[str, str], *arguments: str) -> float:
        begun = time.perf_counter()
        if not in_process(*arguments, environment=environment):
            raise RuntimeError(f"{arguments} said nothing")
        return time.perf_counter() - begun

    with tempfile.TemporaryDirectory() as cache:
        environment = dict(os.environ) | {"CXSIM_CACHE": cache}
        first = ("-m", "benchmarks.one_run", "1000")
        cold = timed(environment, *first)
        warm = statistics.median(timed(environment, *first) for _ in range(chosen.repeats))
    help_text = ("-c", "import sys; sys.argv = ['cxsim', '--help']; from cxsim.cli import main; main()")
    helped = statistics.median(timed(dict(os.environ), *help_text) for _ in range(chosen.repeats))
    return [row("cold_start", 1_000, cold, "s"), row("warm_start", 1_000, warm, "s"), row("help", 0, helped, "s")]


def sweeps(chosen: argparse.Namespace) -> list[Row]:
    """Two workers against one on a sweep."""
    found = json.loads(in_process("-m", "benchmarks.sweeps", str(chosen.repeats)))
    seconds, size = found["seconds"], found["customers"]
    return [row(f"sweep_{name}", size, seconds[name], "s", "one thread", seconds["one_thread"] / seconds[name])
            for name in ("two_processes", "two_threads")]  # fmt: skip


def full(chosen: argparse.Namespace) -> list[Row]:
    """The whole model against the same rules as ordinary Mesa agents."""
    size, repeats = 10_000, str(chosen.repeats)
    found = json.loads(in_process("-m", "benchmarks.speed", "full", repeats, str(size), str(PEER_CUSTOMERS)))
    ours, theirs = found["events_per_second"], found["peer_events_per_second"]
    peer = f"{found['peer']}, {theirs:,.0f} events/s at {PEER_CUSTOMERS:,} customers"
    return [row("full_model", size, ours, "events/s", peer, ours / theirs)]


def desk(chosen: argparse.Namespace) -> list[Row]:
    """A desk, M/M/c+M, against SimPy and Ciw: the engine's desks alone, and whole journeys through one."""
    found = json.loads(in_process("-m", "benchmarks.speed", "desk", str(chosen.repeats)))
    rows = []
    for name in ("SimPy", "Ciw"):
        theirs = found[name]["calls_per_second"]
        peer = f"{name} {found[name]['version']}, {theirs:,.0f} calls/s"
        for way, ours in (("desk", found["cxsim's desks alone"]), ("whole_desk", found["cxsim"])):
            speed = ours["calls_per_second"]
            rows.append(row(f"{way}_{name.lower()}", 10, speed, "calls/s", peer, speed / theirs))
    return rows


def pairing(chosen: argparse.Namespace) -> list[Row]:
    """Runs that common luck saves in a comparison."""
    del chosen
    found = json.loads(in_process("-m", "benchmarks.pairing", str(PAIRED_RUNS), str(PAIRED_CUSTOMERS)))
    return [
        row(f"paired_{measure.removesuffix('_rate')}", found["customers"], told["difference"], "difference",
            f"independent luck, {found['replications']} runs each", told["saved"])
        for measure, told in found["measures"].items()
    ]  # fmt: skip


def log(chosen: argparse.Namespace) -> list[Row]:
    """The event log of everybody on disk, against the same world without."""
    found = json.loads(in_process("-m", "benchmarks.event_log", str(chosen.repeats)))
    seconds, without = found["seconds"], found["seconds_without"]
    return [row("event_log", found["customers"], seconds, "s", f"without the log, {without:.2f} s", seconds / without)]


def endurance(chosen: argparse.Namespace) -> list[Row]:
    """Memory at the end of a long sweep against that after a tenth of it, of its leader and of a worker."""
    runs = LONG_SWEEP if chosen.full else LONG_SWEEP // 10
    told = json.loads(in_process("-m", "benchmarks.endurance", str(runs)))
    peer = "after a tenth of the runs"
    return [row(f"memory_of_{name}", told["runs"], held["late"], "MiB", peer, held["late"] / held["early"])
            for name, held in told["mebibytes"].items()]  # fmt: skip


PARTS: dict[str, Callable[[argparse.Namespace], list[Row]]] = {
    "starts": starts, "sweeps": sweeps, "full": full, "desk": desk, "pairing": pairing, "log": log, "growth": growth,
    "endurance": endurance,
}  # fmt: skip
"""Parts of the benchmark by name."""


def main() -> None:
    """Measure, print, and exit with 1 if a bar does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="parts to measure")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), help="customers, for growth")
    parser.add_argument("--full", action="store_true", help="add a million customers")
    parser.add_argument("--repeats", type=int, default=3, help="runs per figure; the median counts")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--record", action="store_true", help="append the figures to benchmarks/history.csv")
    chosen = parser.parse_args()
    chosen.sizes = sorted({*chosen.sizes, *([10_000, FULL_SIZE] if chosen.full else [])})
    if not chosen.json:
        versions = ", ".join(f"{name} {value}" for name, value in current_versions().items())
        print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; "
              f"{versions}")  # fmt: skip
        print("work unless told: scenario parcel, 120 days of warm-up and 365 days measured, seed 1\n")
    rows: list[Row] = []
    for name in chosen.only:
        found = PARTS[name](chosen)
        rows += found
        if not chosen.json:
            report(found, heading=len(rows) == len(found))
    if chosen.json:
        print(json.dumps(rows, indent=2))
    if chosen.record:
        append(rows)
    if any(entry["holds"] is False for entry in rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
