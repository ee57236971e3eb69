"""A tiny world with everything in it, and what it leaves; run as a program it writes that to a file.

python -m tests.engine.tiny_world out.npz closing
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

import cxsim
from cxsim.model import CustomerModel
from tests.worlds import small_world, with_values


def tiny_world(closing: str) -> cxsim.Scenario:
    """Few customers who meet everything: failures, wows, causes of delay, a desk that closes, blow-ups, newcomers."""
    world = with_values(small_world(), {
        "warm_up": "10 days", "horizon": "60 days",
        "population": {"customers": 25, "newcomers": "60 per year", "ended": "0.5 per year",
                       "drifted": "0.2 per year", "converts": 0.5, "look_back": False},
        "personas": {
            "keen": {"share": 0.6, "journeys_per_year": "60 per year", "urgent_share": 0.4},
            "calm": {"share": 0.4, "journeys_per_year": "40 per year", "needs": {"people": 0.8, "product": 0.2}},
        },
        "company.tells_early": 0.5, "company.explains": 0.5,
        "company.feedback": {"share": 0.2, "every": "20 days"}, "company.win_back": {"share": 0.5, "after": "6 days"},
        "market.competitors": {"near": {"level": 0.7, "prominence": 1}, "far": 0.6},
        "rules": {"escalation_probability": 0.3, "voice_base": -0.5, "leave_base": -1.5},
        "interventions.more": {"at": "15 days", "over": "4 days", "set": {"desks.support.servers": 2.2}},
        "touchpoints.site.technology": {"mode": "enabler", "stuck_probability": 0.1, "contact": "support"},
        "touchpoints.billing.technology": {"mode": "definer", "stuck_probability": 0.1, "contact": "support"},
        "desks.support": {
            "servers": 1.4, "servers_sd": 0.3, "shifts": [{"days": "mon-fri", "hours": "9-12"}], "closing": closing,
            "service": {"mean": "40 min", "sd": "30 min"}, "patience": "90 min", "patience_shape": 1.3,
            "resolution": 0.5, "knows_history": True, "service_by_hour": [1.0] * 10 + [1.2] * 14,
        },
        "journey": {"start": "advert", "goal": ["use", "support"],
                    "starts_at": [{"days": "mon-fri", "hours": "8-12"}, {"days": "sat", "weight": 0.2}]},
        "touchpoints.site.failure": {"probability": 0.1, "next": "advert", "monetary": True},
        "touchpoints.delivery.causes": {
            "weather": {"probability": 0.3, "extra": {"mean": "2 days", "sd": "1 day"}},
            "depot": {"probability": 0.2, "extra": {"mean": "1 day", "distribution": "exponential"}, "outside": False},
        },
        "touchpoints.use": {
            "kind": "use", "failure": {"probability": 0.2, "contact": "support", "contact_probability": 0.8,
                                       "severity": {"product": 0.5, "process": 0.3}},
            "wow": {"probability": 0.2, "size": {"people": 0.3, "product": 0.2}},
            "takes": {"mean": "3 h", "distribution": "exponential"}, "next": {"billing": 0.5, "support": 0.5},
        },
        "touchpoints.support.next": {"billing": 0.3, "end": 0.7},
    })  # fmt: skip
    return cxsim.load(world)


def leavings(closing: str) -> dict[str, Any]:
    """Customers, memory, tallies and log after the tiny world's last day, as plain arrays."""
    model = CustomerModel(tiny_world(closing), rng=7, follow=range(1000)).run()
    world, log = model.world, model.log()
    found = {f"customers.{name}": np.asarray(world.customers[name]) for name in world.customers.dtype.names}
    found |= {f"log.{name}": log[name] for name in log.dtype.names}
    for name in ("ledger", "visits", "due_at", "blame", "stop_days", "journey_days", "desk_days"):
        found[name] = np.asarray(getattr(world, name))
    found["waits"] = np.asarray(world.state[0].desks[0].waits)
    found["events"] = np.array([model.events])
    found |= {f"exits.{name}": np.asarray(column) for name, column in model.exits().items()}
    found["mended"] = np.array([(day, list(model.scenario.touchpoints).index(stop)) for day, stop in model.mended])
    return found


if __name__ == "__main__":
    np.savez(sys.argv[1], **leavings(sys.argv[2]))
