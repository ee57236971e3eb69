"""Any valid scenario, small enough to live in a moment: stops, desks, failures, technology, parcels, policies, shocks.

Run as a program, lives worlds given as JSON and writes what they leave: python -m tests.engine.random_worlds in out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

import cxsim
from cxsim.model import CustomerModel
from cxsim.scenario.parameters import MECHANISMS, PARAMETERS
from cxsim.scenario.values import DIMENSIONS

SHARES = st.sampled_from([0.0, 0.05, 0.3, 0.7, 1.0])
LEVELS = st.sampled_from([0.0, 0.2, 0.5, 0.65, 0.7, 0.9, 1.0])
PER_DIMENSION = st.fixed_dictionaries(dict.fromkeys(DIMENSIONS, LEVELS))
SPREADS = st.fixed_dictionaries(dict.fromkeys(DIMENSIONS, st.sampled_from([0.0, 0.1, 0.4])))
NEVER_OFTEN = st.sampled_from(["0 per year", "0.5 per year", "8 per year"])


@st.composite
def durations(draw: st.DrawFn, *means: str) -> dict[str, Any]:
    """A fixed, exponential or lognormal duration with one of these means."""
    mean = draw(st.sampled_from(means))
    form = draw(st.sampled_from([{"distribution": "fixed"}, {"distribution": "exponential"}, {"sd": mean}]))
    return {"mean": mean, **form}


@st.composite
def failures(draw: st.DrawFn, onward: list[str]) -> dict[str, Any]:
    """A failure that may lead to a contact, and on to a later stop or the end."""
    probability = draw(SHARES)
    return {
        "probability": probability, "severity": draw(PER_DIMENSION), "monetary": draw(st.booleans()),
        "outside": draw(st.booleans()), "contact": "phone", "contact_probability": draw(SHARES),
        "contact_after": draw(durations("0 h", "6 h", "3 days")), "next": draw(st.sampled_from([None, *onward])),
    }  # fmt: skip


@st.composite
def stops(draw: st.DrawFn, kind: str, onward: list[str]) -> dict[str, Any]:
    """A stop of this kind, that leads to one or two of the stops after it."""
    first, second = draw(st.sampled_from(onward)), draw(st.sampled_from(onward))
    stop: dict[str, Any] = {
        "kind": kind, "quality": draw(PER_DIMENSION), "quality_sd": draw(SPREADS), "effort": draw(SHARES),
        "importance": draw(st.sampled_from([0.0, 0.5, 2.0])), "flawless": draw(st.integers(0, 9)) == 0,
        "takes": draw(durations("0 h", "2 h", "2 days")), "next": {first: 1.0} if first == second
        else {first: 0.4, second: 0.6},
    }  # fmt: skip
    if kind == "message":
        stop["channel"] = draw(st.sampled_from(["advert", "shop"]))
    if kind == "desk":
        stop["desk"] = "counter"
    if kind == "delivery":
        stop |= {
            "promise": draw(durations("5 days")), "handling": draw(durations("0 h", "1 day")),
            "carrier": draw(durations("2 days", "5 days")),
            "carrier_correlation": draw(st.sampled_from([-1.0, 0.0, 0.5])),
            "grace": draw(st.sampled_from(["0 h", "1 day"])), "overdue_contact": "phone",
            "overdue_contact_probability": draw(SHARES),
            "causes": {"storm": {"probability": draw(SHARES), "extra": draw(durations("1 day", "9 days")),
                                 "outside": draw(st.booleans())}},
        }  # fmt: skip
    if draw(st.booleans()):
        stop["failure"] = draw(failures(onward))
    if draw(st.integers(0, 2)) == 0:
        stop["wow"] = {"probability": draw(SHARES), "size": draw(PER_DIMENSION)}
    if draw(st.integers(0, 2)) == 0:
        stop["technology"] = {"mode": draw(st.sampled_from(["enabler", "definer"])), "stuck_probability": draw(SHARES),
                              "contact": "phone"}  # fmt: skip
    return stop


@st.composite
def desks(draw: st.DrawFn) -> dict[str, Any]:
    """A desk that is rarely enough."""
    hours = [{"hours": "0-24"}], [{"days": "mon-fri", "hours": "9-12"}], [{"days": "mon-sat", "hours": "8-20"}]
    return {
        "servers": draw(st.sampled_from([1, 1.5, 50])), "servers_sd": draw(st.sampled_from([0.0, 0.7])),
        "shifts": draw(st.sampled_from(hours)), "service": draw(durations("5 min", "50 min", "20 h")),
        "patience": draw(st.sampled_from(["1 s", "20 min", "40 h"])),
        "patience_shape": draw(st.sampled_from([0.5, 1, 3])),
        "closing": draw(st.sampled_from(["serve_out", "turn_away", "carry_over"])), "resolution": draw(SHARES),
        "recovery": draw(SHARES), "knows_history": draw(st.booleans()), "tells_wait": draw(st.booleans()),
    }  # fmt: skip


@st.composite
def rules(draw: st.DrawFn) -> dict[str, float]:
    """A few parameters anywhere in their plausible range."""
    chosen = draw(st.lists(st.sampled_from(PARAMETERS), max_size=6, unique=True))
    values = {parameter.name: draw(st.floats(parameter.low, parameter.high)) for parameter in chosen}
    moods = ("edgy_from", "agitated_from", "angry_from")  # have an order of their own
    return {name: value for name, value in values.items() if name not in moods and not name.endswith("_weight")}


@st.composite
def interventions(draw: st.DrawFn, names: list[str]) -> dict[str, Any]:
    """Something that changes, for good or for a time, at once or little by little."""
    levers = {
        f"touchpoints.{names[0]}.quality.product": 0.1, "desks.phone.servers": 3, "money.price": 70,
        "company.feedback.share": 0.5, "survey.answered": 1.0, "company.tracking": 1.0,
        f"touchpoints.{names[-1]}.importance": 2.0,
    }  # fmt: skip
    chosen = draw(st.lists(st.sampled_from(sorted(levers)), min_size=1, max_size=3, unique=True))
    until = draw(st.sampled_from([None, "40 days"]))
    return {
        "at": "12 days", "until": until, "over": draw(st.sampled_from(["0 days", "6 days"])),
        "set": {path: levers[path] for path in chosen},
    }  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    """A valid scenario: one to five stops in a row with short cuts, a phone to call, perhaps a counter."""
    kinds = draw(st.lists(st.sampled_from(["message", "self_service", "desk", "delivery", "use", "billing"]),
                          min_size=1, max_size=5))  # fmt: skip
    names = [f"stop{place}" for place in range(len(kinds))]
    touchpoints = {}
    for place, (name, kind) in enumerate(zip(names, kinds, strict=True)):
        onward = [*names[place + 1 :], "end"]
        touchpoints[name] = draw(stops(kind, onward))
        touchpoints[name]["next"] = {onward[0]: 0.5} | {
            target: share / 2 for target, share in touchpoints[name]["next"].items() if target != onward[0]
        }
        left = 1.0 - sum(touchpoints[name]["next"].values())
        touchpoints[name]["next"][onward[0]] += left
    touchpoints[names[0]]["failure"] = draw(failures([*names[1:], "end"]))  # so that somebody may call
    touchpoints["phone"] = draw(stops("self_service", ["end"])) | {"kind": "desk", "desk": "phone"}
    touchpoints["phone"].pop("technology", None)
    world: dict[str, Any] = {
        "format": 1, "name": "random", "warm_up": draw(st.sampled_from(["0 days", "9 days"])), "horizon": "51 days",
        "replications": 1, "touchpoints": touchpoints, "desks": {"phone": draw(desks())},
        "population": {"customers": 30, "look_back": False,
                       "newcomers": draw(st.sampled_from(["0 per year", "200 per year"])),
                       "ended": draw(NEVER_OFTEN), "drifted": draw(NEVER_OFTEN), "converts": draw(SHARES)},
        "personas": {"many": {"share": 0.6, "journeys_per_year": draw(st.sampled_from(["20 per year", "900 per year"])),
                              "urgent_share": draw(SHARES)},
                     "few": {"share": 0.4, "journeys_per_year": draw(st.sampled_from(["0 per year", "60 per year"]))}},
        "company": {"promises": {"advert": draw(PER_DIMENSION), "shop": draw(PER_DIMENSION)},
                    "tracking": draw(SHARES), "tells_early": draw(SHARES), "explains": draw(SHARES),
                    "feedback": {"share": draw(SHARES), "every": draw(st.sampled_from(["1 day", "9.5 days"])),
                                 "follows": draw(st.sampled_from(["gaps", "order"])), "cost": 10},
                    "win_back": {"share": draw(SHARES), "after": draw(durations("1 h", "10 days"))}},
        "market": {"drift": draw(st.sampled_from([-0.2, 0.0, 0.3])),
                   "competitors": draw(st.sampled_from([{}, {"a": 0.9},
                                                        {"a": {"level": 0.2, "prominence": 5}, "b": 0.7}])),
                   "network": {"ties": draw(st.sampled_from([0, 2, 8])), "rewired": draw(SHARES)}},
        "survey": {"sent": draw(SHARES), "answered": draw(SHARES)},
        "journey": {"start": names[0], "goal": draw(st.lists(st.sampled_from(names), max_size=2, unique=True))},
        "rules": draw(rules()) | draw(st.sampled_from([{}, {"leave_base": 0.0}, {"tolerance_factor": 0.3},
                                                       {"voice_base": 2.0, "escalation_probability": 0.15}])),
        "mechanisms": dict.fromkeys(draw(st.lists(st.sampled_from([found.name for found in MECHANISMS]), max_size=3)),
                                    False),
        "interventions": {"change": draw(interventions(names))} if draw(st.booleans()) else {},
    }  # fmt: skip
    if "desk" in kinds:
        world["desks"]["counter"] = draw(desks())
    return world


def leavings(world: dict[str, Any]) -> dict[str, Any]:
    """Everything that a world leaves, as plain arrays."""
    model = CustomerModel(cxsim.load(world), rng=3, follow=range(1000)).run()
    log = model.log()
    found = {f"customers.{name}": np.asarray(model.world.customers[name]) for name in model.world.customers.dtype.names}
    found |= {f"log.{name}": log[name] for name in log.dtype.names}
    for name in ("ledger", "visits", "due_at", "blame", "stop_days", "journey_days", "desk_days"):
        found[name] = np.asarray(getattr(model.world, name))
    return found


if __name__ == "__main__":
    np.savez(sys.argv[2], **leavings(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
