"""A small experiment for tests, as plain data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

BRIEF = {"population.customers": 40, "population.look_back": False, "horizon": "20 days", "warm_up": "5 days"}
"""A world so small, and without a past, that a run takes a few hundredths of a second."""


def small_experiment(**overrides: Any) -> dict[str, Any]:
    """Two levers and an uncertainty of the bicycle workshop, tiny; a fresh copy each time."""
    return {
        "name": "small",
        "scenario": "workshop",
        "constants": dict(BRIEF),
        "levers": {
            "servers": {"path": "desks.counter.servers", "low": 1, "high": 2, "whole": True, "cost": 10},
            "promise": {"path": "touchpoints.repair.promise.mean", "low": 2, "high": 6, "unit": "days"},
        },
        "uncertainties": {"patience": {"path": "desks.counter.patience", "low": 10, "high": 50, "unit": "min"}},
        "outcomes": ["satisfaction", "abandonment_rate"],
        "design": {"kind": "grid", "levels": 2},
        "worlds": 2,
        "replications": 2,
    } | overrides


def write_experiment(file: Path, **overrides: Any) -> Path:
    """The same in a file."""
    with file.open("w", encoding="utf-8") as stream:
        YAML().dump(small_experiment(**overrides), stream)
    return file
