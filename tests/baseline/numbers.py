"""Numbers of short runs of the ready scenarios, as stored and as they come out now."""

from __future__ import annotations

import json
import math
from pathlib import Path

import cxsim
from cxsim.scenario.ready import find_scenario

STORED = Path(__file__).parent / "numbers.json"
SHORT = {"warm_up": "20 days", "horizon": "60 days", "replications": 2, "record.encounters": 0}
WORLDS = {
    "parcel": SHORT | {"population.customers": 400, "desks.support.servers": 1},
    "callcentre": SHORT | {"population.customers": 300, "desks.lines.servers": 1},
    "workshop": SHORT,
}
Numbers = dict[str, dict[str, float | None]]


def current() -> Numbers:
    """Every measure of every ready scenario, in a short run at seed 1; None where it has no meaning."""
    found: Numbers = {}
    for name, overrides in WORLDS.items():
        runs = cxsim.simulate(cxsim.load(find_scenario(name), overrides), seed=1, jobs=1).runs
        means = runs.drop(columns=["replication", "seconds"]).mean()
        found[name] = {key: None if math.isnan(value) else float(value) for key, value in means.items()}
    return found


def stored() -> Numbers:
    """The numbers as they were when last refreshed."""
    numbers: Numbers = json.loads(STORED.read_text(encoding="utf-8"))
    return numbers


def write(numbers: Numbers) -> None:
    """Store numbers."""
    STORED.write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
