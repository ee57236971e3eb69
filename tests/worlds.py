"""Small scenarios for tests, as plain data that `cxsim.load` reads."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

import cxsim
from cxsim.engine.tables import WEEK, fill_week


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
    for path, given in values.items():
        node: Any = world
        value = copy.deepcopy(given)  # a later path may lead into it
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


ALIKE = {"people": 0.0, "product": 0.0, "process": 0.0}
"""No spread of the level delivered."""


def level(value: float) -> dict[str, float]:
    """The same level in every dimension."""
    return dict.fromkeys(ALIKE, value)


def bare_world(stops: dict[str, dict[str, Any]], **values: Any) -> dict[str, Any]:
    """A world in which little happens but what a test adds: nobody leaves, complains or talks; no warm-up.

    Args:
        stops: the journey's stops in order; each leads to the next, the last to the end, unless they say otherwise.
            Levels do not vary unless they say so. A desk "help", always open and with servers for everybody, is there
            if a stop contacts it.
        values: further values by dotted path.
    """
    names = [name for name, stop in stops.items() if stop["kind"] != "desk"]
    following = dict(zip(names, [*names[1:], "end"], strict=True))
    touchpoints = {
        name: {"quality_sd": ALIKE} | ({"next": {following[name]: 1}} if name in following else {}) | stop
        for name, stop in stops.items()
    }
    world: dict[str, Any] = {
        "format": 1, "name": "bare", "warm_up": "0 days", "horizon": "60 days", "replications": 1,
        "population": {"customers": 200, "ended": 0, "drifted": 0},
        "personas": {"everyone": {"journeys_per_year": "40 per year", "urgent_share": 0}},
        "journey": {"start": names[0]}, "touchpoints": touchpoints, "mechanisms": {"word_of_mouth": False},
        "rules": {"leave_base": -50.0, "voice_base": -50.0},
    }  # fmt: skip
    if '"help"' in repr(stops).replace("'", '"'):
        touchpoints["help"] = {"kind": "desk", "desk": "help", "quality_sd": ALIKE}
        world["desks"] = {"help": {"servers": 500, "service": "6 min", "resolution": 1.0}}
    world = with_values(world, values)
    world["population"].setdefault("look_back", False)
    return world


def load_bare(stops: dict[str, dict[str, Any]], **values: Any) -> cxsim.Scenario:
    """The bare world as a scenario."""
    return cxsim.load(bare_world(stops, **values))


def week_of(weights: list[float]) -> Any:
    """The engine's record of a week, from the weight of each of its 168 hours."""
    week = np.recarray(1, dtype=WEEK)[0]
    fill_week(week, weights)
    return week
