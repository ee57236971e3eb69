"""A small script for tests: the bicycle shop, a few customers, a few days."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from cxsim.results.result import yaml_text
from cxsim.workshop.loading import Loaded, load_script

SMALL: dict[str, Any] = {
    "format": 1, "name": "small", "title": "A small workshop", "about": "For tests.", "scenario": "workshop",
    "constants": {"population.customers": 60, "horizon": "40 days", "warm_up": "10 days"}, "replications": 4, "seed": 7,
    "chapters": [
        {
            "id": "hands", "title": "More hands", "minutes": 4, "question": "Does a second person help?",
            "notes": ["Ask who has waited today."],
            "worlds": {"one": {"label": "One person"}, "two": {"label": "Two people",
                                                             "changes": {"desks.counter.servers": 2}}},
            "levers": {"talk": {"label": "Time per customer", "path": "desks.counter.service.mean",
                                "values": ["8 min", "12 min"], "start": "8 min", "worlds": ["one", "two"]}},
            "prediction": {"ask": "By how many minutes does the mean wait change?", "measure": "wait_minutes_mean",
                           "world": "two", "against": "one", "number": {"low": -10, "high": 10}},
            "run": {"worlds": ["one", "two"], "days": 5},
            "reveal": {"measures": ["satisfaction", "abandonment_rate"],
                       "says": {"higher": "Longer: {value} {unit}.", "lower": "Shorter: {value} {unit}.",
                                "unclear": "Unclear: {value} {unit} ({low} to {high})."}},
            "lesson": {"text": {"higher": "It hurts.", "lower": "It helps.", "unclear": "Nobody knows."},
                       "source": "Nobody.", "known_from": "proposal"},
        },
        {
            "id": "which", "title": "Which one", "minutes": 3, "question": "Hands or mending?",
            "worlds": {"hands": {"label": "Hands", "changes": {"desks.counter.servers": 2}},
                       "mended": {"label": "Mended", "changes": {"touchpoints.riding.failure.probability": 0.0}}},
            "prediction": {"ask": "Which has more calls?", "measure": "contacts_per_journey", "best": "lowest",
                           "among": ["hands", "mended"],
                           "options": {"hands": "Hands", "mended": "Mended", "unclear": "Neither"}},
            "run": {"worlds": ["mended"], "days": 5},
            "reveal": {"says": "{best} is ahead of {second} by {lead} {unit}."},
            "lesson": {"text": {"hands": "Hands.", "mended": "Mend.", "unclear": "Either."}, "source": "Nobody.",
                       "known_from": "general_knowledge", "claim": "upstream-breakdown"},
        },
    ],
}  # fmt: skip


def small() -> dict[str, Any]:
    """A copy to change."""
    return copy.deepcopy(SMALL)


def written(folder: Path, data: dict[str, Any]) -> Path:
    """The script as a file."""
    file = folder / "script.yaml"
    file.write_text(yaml_text(data), encoding="utf-8")
    return file


def loaded(folder: Path, data: dict[str, Any] | None = None) -> Loaded:
    """The script, read from a file."""
    return load_script(written(folder, data or small()))
