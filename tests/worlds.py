"""Small scenarios for tests, as plain data that `cxsim.load` reads."""

from __future__ import annotations

from typing import Any

import cxsim


def small_world(**overrides: Any) -> dict[str, Any]:
    """One journey advert -> site -> delivery -> use -> billing, with one support desk; a fresh copy each time.

    `overrides` replace whole top-level sections: `small_world(population={"customers": 50})`.
    """
    world: dict[str, Any] = {
        "format": 1,
        "name": "small",
        "warm_up": "10 days",
        "horizon": "60 days",
        "replications": 2,
        "population": {"customers": 300, "look_back": False},
        "company": {"promises": {"advert": {"people": 0.7, "product": 0.72, "process": 0.75}}},
        "desks": {
            "support": {
                "servers": 2,
                "shifts": [{"days": "mon-sat", "hours": "8-20"}],
                "service": {"mean": "6 min", "sd": "5 min"},
            }
        },
        "journey": {"start": "advert", "goal": ["use"]},
        "touchpoints": {
            "advert": {"kind": "message", "channel": "advert", "next": {"site": 1}},
            "site": {"kind": "self_service", "next": {"delivery": 1}},
            "delivery": {
                "kind": "delivery",
                "promise": {"mean": "5 days", "sd": "1 day"},
                "handling": {"mean": "1 day", "sd": "12 h"},
                "carrier": {"mean": "3 days", "sd": "2 days"},
                "carrier_correlation": 0.5,
                "grace": "1 day",
                "overdue_contact": "support",
                "overdue_contact_probability": 0.5,
                "next": {"use": 1},
            },
            "use": {
                "kind": "use",
                "failure": {"probability": 0.05, "contact": "support", "contact_probability": 0.5},
                "next": {"billing": 1},
            },
            "billing": {"kind": "billing"},
            "support": {"kind": "desk", "desk": "support"},
        },
    }
    return world | overrides


def with_values(world: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """Set values of plain data by dotted path, in place; keys on the way are made if they are missing."""
    for path, value in values.items():
        node: Any = world
        *way, last = path.split(".")
        for key in way:
            node = node[int(key)] if isinstance(node, list) else node.setdefault(key, {})
        if isinstance(node, list):
            node[int(last)] = value
        else:
            node[last] = value
    return world


def load_world(**values: Any) -> cxsim.Scenario:
    """The small world as a scenario, with values by dotted path: `load_world(**{"desks.support.servers": 8})`."""
    world = with_values(small_world(), values)
    world["population"].setdefault("look_back", False)  # a past has tests of its own; elsewhere it costs time
    return cxsim.load(world)
