"""Memory over many runs of one sweep: `python -m benchmarks.endurance 10000`; prints one JSON document (Linux only).

Memory is what a process holds at that moment (resident), of the process that leads the sweep and of the largest of its
workers, looked at several times a second; told are the highest values after a tenth of the runs and at their end. The
tables made from all runs at the very end are not part of it.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from cxsim.studies.sweep import sweep

LOOK_SECONDS = 0.25
MIB = 2**20


def experiment(runs: int) -> dict[str, Any]:
    """A sweep of so many runs over the bicycle workshop: a small shop, two months."""
    return {
        "name": "endurance",
        "scenario": "workshop",
        "constants": {"population.customers": 100, "population.look_back": False, "horizon": "60 days",
                      "warm_up": "10 days"},
        "levers": {
            "servers": {"path": "desks.counter.servers", "low": 1, "high": 3, "whole": True},
            "promise": {"path": "touchpoints.repair.promise.mean", "low": 2, "high": 6, "unit": "days"},
        },
        "outcomes": ["satisfaction", "abandonment_rate"],
        "design": {"kind": "latin_hypercube", "points": runs // 4 - 1},
        "replications": 4,
    }  # fmt: skip


def resident(process: int) -> float:
    """Memory that a process holds, in MiB; 0 if it has ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / MIB


def descendants(process: int) -> list[int]:
    """Processes that a process has started, and theirs."""
    found: list[int] = []
    for thread in Path(f"/proc/{process}/task").iterdir():
        try:
            children = [int(child) for child in (thread / "children").read_text(encoding="ascii").split()]
        except OSError:
            continue
        for child in children:
            found += [child, *descendants(child)] if Path(f"/proc/{child}/task").exists() else []
    return found


def main() -> None:
    """Sweep, and look at the memory meanwhile."""
    runs = int(sys.argv[1])
    done, seen, is_over = 0, [], threading.Event()

    def count(more: int) -> None:
        nonlocal done
        done += more

    def look() -> None:
        while not is_over.wait(LOOK_SECONDS):
            workers = [resident(process) for process in descendants(os.getpid())]
            seen.append((done, resident(os.getpid()), max(workers, default=0.0)))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    with tempfile.TemporaryDirectory() as folder:
        study = sweep(experiment(runs), jobs=2, out=Path(folder) / "sweep", progress=count)
    is_over.set()
    watcher.join()
    if (study.runs["reason"] != "").any():
        raise RuntimeError(f"{(study.runs['reason'] != '').sum()} of {len(study.runs)} runs failed")
    early = [place for place in seen if 0.08 * runs <= place[0] <= 0.12 * runs]
    late = [place for place in seen if 0.9 * runs <= place[0] < runs]
    told = {name: {"early": max(place[column] for place in early), "late": max(place[column] for place in late)}
            for name, column in (("leader", 1), ("worker", 2))}  # fmt: skip
    print(json.dumps({"runs": len(study.runs), "mebibytes": told}))


if __name__ == "__main__":
    main()
