"""Lines of the report, and the bars they are held against, each declared once."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Bar:
    """What a figure is held against.

    Attributes:
        number: the bar.
        at_least: whether more is better; else it is the most that is allowed.
        size: the only size at which it holds, if it depends on the size.
    """

    number: float
    at_least: bool = False
    size: int | None = None


BARS = {
    "full_model": Bar(100, at_least=True),
    "desk_simpy": Bar(60, at_least=True),
    "desk_ciw": Bar(60, at_least=True),
    "cost_per_event_growth": Bar(2.5, size=1_000_000),
    "seconds": Bar(60, size=1_000_000),
    "peak_memory": Bar(1, size=1_000_000),
    "sweep_two_processes": Bar(1.8, at_least=True),
    "paired_satisfaction": Bar(10, at_least=True),
    "paired_defection": Bar(10, at_least=True),
    "event_log": Bar(2),
    "memory_of_leader": Bar(1.1),
    "memory_of_worker": Bar(1.1),
    "cold_start": Bar(45),
    "warm_start": Bar(3),
    "help": Bar(0.5),
    "lever_to_charts": Bar(0.4),
}
"""Bars by benchmark: of its ratio if it has a peer, else of its value."""


def row(name: str, size: int, value: float, unit: str, peer: str = "", ratio: float | None = None) -> Row:
    """One line: what was measured, and, with a peer, how many times as much (or as long) that is."""
    bar, judged = BARS.get(name), value if ratio is None else ratio
    if bar is None or bar.size not in (None, size):
        limit, holds = None, None
    else:
        limit, holds = bar.number, judged >= bar.number if bar.at_least else judged <= bar.number
    return {"id": name, "size": size, "value": value, "unit": unit, "peer": peer, "ratio": ratio, "bar": limit,
            "holds": holds}  # fmt: skip


def in_process(*arguments: str, environment: dict[str, str] | None = None) -> str:
    """Standard output of a fresh interpreter; what it says of errors goes to ours, and ends the benchmark."""
    done = subprocess.run(
        [sys.executable, *arguments], stdout=subprocess.PIPE, text=True, check=False,
        env=environment or dict(os.environ),
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"benchmarks: {' '.join(arguments)} failed, as told above")
    return done.stdout


def report(rows: list[Row], heading: bool = True) -> None:
    """A readable table."""
    if heading:
        print(f"{'benchmark':24}{'size':>10}  {'value':>14} {'unit':14}{'ratio':>8}  {'bar':14}holds  against")
    for entry in rows:
        ratio = "" if entry["ratio"] is None else f"{entry['ratio']:.2f}"
        bar = BARS.get(entry["id"])
        told = (
            "" if entry["bar"] is None or bar is None else f"{'at least' if bar.at_least else 'at most'} {bar.number:g}"
        )
        holds = {None: "", True: "yes", False: "NO"}[entry["holds"]]
        print(f"{entry['id']:24}{entry['size']:>10,}  {entry['value']:>14,.4f} {entry['unit']:14}{ratio:>8}  {told:14}"
              f"{holds:7}{entry['peer']}", flush=True)  # fmt: skip
