"""The past of established customers: each takes over the mind of a like customer of a pilot world.

Without a past, what customers want and think they should get would go on rising for years after the start, and every
measure with it. A small pilot world of newcomers is lived first; an established customer then starts with what a pilot
customer of the same persona, of about the same tenure and with much the same own standard has come to expect, to feel
and to remember. The warm-up settles what the pilot cannot know: this world's queues, and its own talk.
"""

from __future__ import annotations

import numpy as np

from cxsim.engine.columns import ACTIVE
from cxsim.engine.people import BLOCK
from cxsim.engine.tables import Array
from cxsim.engine.world import World
from cxsim.rules.relationship import remaining

PILOT = 1
"""Luck of pilot worlds; the world that is measured has 0."""
MIND = (
    "desired", "adequate", "predicted", "normative", "uncertainty", "predicted_parts", "predicted_shares", "trust",
    "learned_lead_days", "acceptable_wait_minutes", "goodwill", "satisfaction", "alternatives", "delights",
)  # fmt: skip
"""Columns that are taken over as they are; irritation, its ledger and the frequency cut are faded to the day."""
NEIGHBOURS = 8
"""Pilot customers of nearest tenure among whom the one with the most similar own standard is chosen."""


def take_over_past(world: World, pilot: World) -> None:
    """Give the established customers of a world at its first morning the minds of a finished pilot's customers.

    A persona that no pilot customer is left of starts as newcomers do.
    """
    established = np.flatnonzero(world.customers["status"] == ACTIVE)
    alive = np.flatnonzero(pilot.customers["status"] == ACTIVE)
    faded = _faded(pilot)
    for persona in np.unique(world.customers["persona"][established]):
        ours = established[world.customers["persona"][established] == persona]
        theirs = alive[pilot.customers["persona"][alive] == persona]
        if len(theirs):
            tenures, standards = -world.customers["joined_at"][ours], world.customers["desired_base"][ours]
            _copy(world, ours, pilot, theirs[_matches(tenures, standards, pilot, theirs)], faded)


def _matches(tenure: Array, standard: Array, pilot: World, theirs: Array) -> Array:
    """Place in `theirs` of the pilot customer whom each of ours, by tenure and own standard, is most like: (n,)."""
    tenures = float(pilot.state[0].day) - pilot.customers["joined_at"][theirs].astype(np.float64)
    order = np.argsort(tenures, kind="stable")
    nearest = np.searchsorted(tenures[order], tenure)
    width = min(NEIGHBOURS, len(theirs))
    first = np.clip(nearest - width // 2, 0, len(theirs) - width)
    standards = pilot.customers["desired_base"][theirs[order]]
    best = np.full(len(tenure), np.inf)
    chosen = np.zeros(len(tenure), dtype=np.int32)
    for step in range(width):
        distance = np.abs(standards[first + step] - standard)
        closer = distance < best
        best[closer], chosen[closer] = distance[closer], (first + step)[closer]
    matched: Array = order[chosen]
    return matched


def _copy(world: World, ours: Array, pilot: World, matched: Array, faded: dict[str, Array]) -> None:
    """Copy minds; what fades with time is brought to the pilot's last day."""
    for name in MIND:
        world.customers[name][ours] = pilot.customers[name][matched]
    for name in ("irritation", "frequency_cut"):
        world.customers[name][ours] = faded[name][matched]
    for begin in range(0, len(ours), BLOCK):  # a large world has no room for a second ledger
        world.ledger[ours[begin : begin + BLOCK]] = faded["ledger"][matched[begin : begin + BLOCK]]


def _faded(pilot: World) -> dict[str, Array]:
    """What fades with time, as of the pilot's last day."""
    parameters = pilot.tables[0].parameters
    irritation, frequency = float(parameters.irritation_half_life_days), float(parameters.frequency_half_life_days)
    return {
        "irritation": pilot.customers["irritation"] * _kept(pilot, "settled_at", irritation),
        "frequency_cut": pilot.customers["frequency_cut"] * _kept(pilot, "frequency_cut_at", frequency),
        "ledger": pilot.ledger * _kept(pilot, "ledger_at", irritation)[:, None],
    }


def _kept(pilot: World, since: str, half_life_days: float) -> Array:
    """Share left on the pilot's last day of what each of its customers had at the instant in column `since`: (n,)."""
    day = float(pilot.state[0].day)
    return np.array([remaining(max(day - float(at), 0.0), half_life_days) for at in pilot.customers[since]])
