"""Channels: who sees which, how often each is heard, and what is delivered beside what they say."""

from __future__ import annotations

import math

import pandas as pd

from cxsim.instruments.sample import take_sample
from cxsim.results.measures import Estimate, estimate
from cxsim.results.result import Result
from cxsim.scenario.itinerary import persona_names
from cxsim.scenario.schema import Scenario
from cxsim.scenario.touchpoints import Message
from cxsim.scenario.values import DIMENSIONS, Dimension

SEEN_MOST = 3
"""Customers see one to three channels before their first journey, each number as likely (`cxsim.engine.signals`)."""


def sights(channels: int) -> list[set[int]]:
    """Sets of channels that a customer may see, all as likely."""
    return [
        {(first + step) % channels for step in range(min(many, channels))}
        for many in range(1, SEEN_MOST + 1)
        for first in range(channels)
    ]


def seen_share(channels: int) -> float:
    """Share of customers who see any one of so many channels."""
    found = sights(channels)
    return sum(0 in sight for sight in found) / len(found)


def heard_together(channels: list[str], one: str, other: str) -> float:
    """Share of customers who see both of two channels."""
    found, pair = sights(len(channels)), {channels.index(one), channels.index(other)}
    return sum(pair <= sight for sight in found) / len(found)


def hearings(result: Result) -> dict[str, float]:
    """How often a customer hears each channel: before the first journey, and by message in the time measured."""
    scenario = result.scenario
    promises = scenario.company.promises
    met = result.touchpoints.groupby("touchpoint")["encounters"].mean()
    present = max(float(result.runs["customers_present"].mean()), 1.0)
    heard = dict.fromkeys(promises, seen_share(len(promises)) if promises else 0.0)
    for name, stop in scenario.touchpoints.items():
        if isinstance(stop, Message):
            heard[stop.channel] += float(met[name]) / present
    return heard


def delivered_levels(result: Result) -> dict[Dimension, Estimate]:
    """Level perceived of each dimension, over all encounters but messages, weighted by how much it counts there."""
    rows = result.touchpoints[result.touchpoints["kind"] != "message"]
    found: dict[Dimension, Estimate] = {}
    for place, name in enumerate(DIMENSIONS):
        weight = rows["touchpoint"].map(_weights(result.scenario, place))
        sums = pd.DataFrame(
            {"replication": rows["replication"], "got": weight * rows[f"perceived_{name}"],
             "of": weight * rows["encounters"]}
        ).groupby("replication").sum()  # fmt: skip
        found[name] = estimate((sums["got"] / sums["of"].where(sums["of"] > 0)).tolist())
    return found


def _weights(scenario: Scenario, place: int) -> dict[str, float]:
    """Weight of one dimension at every touchpoint."""
    return {
        name: stop.weights.values_in_order()[place] / sum(stop.weights.values_in_order())
        for name, stop in scenario.touchpoints.items()
    }


def personas_reached(result: Result) -> pd.DataFrame:
    """How far each persona heeds promises, and what part of its predictions they have brought."""
    scenario = result.scenario
    kept = result.customers if "persona" in result.customers else take_sample(result, 1).customers
    present = kept[kept["status"] == "active"]
    factor = scenario.factors.get("explicit_promises")
    rows = []
    for name, label in persona_names(scenario).items():
        there = present[present["persona"] == name]
        own = scenario.personas[name].factors.get("explicit_promises")
        heed = math.nan if factor is None or factor.mean == 0 else (own.mean if own else factor.mean) / factor.mean
        predicted = there[[f"predicted_{dimension}" for dimension in DIMENSIONS]].mean(axis=1)
        part = (there["predicted_from_explicit_promises"] / predicted).mean() if len(there) else math.nan
        share = len(there) / len(present) if len(present) else math.nan
        rows.append({"persona": name, "label": label, "share": share, "heed": heed, "part": float(part)})
    return pd.DataFrame(rows)
