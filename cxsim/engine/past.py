"""The past of established customers: each takes over the mind of a like customer of a pilot world.

Without a past, what customers want and think they should get would go on rising for years after the start, and every
measure with it. A small pilot world of newcomers is lived first; an established customer then starts with what a pilot
customer of the same persona, of about the same tenure and with much the same own standard has come to expect, to feel
and to remember. The warm-up settles what the pilot cannot know: this world's queues, and its own talk.
"""

from __future__ import annotations

import numpy as np

from cxsim.engine.columns import ACTIVE, REASONS
from cxsim.engine.tables import Array, Records
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
    for persona in np.unique(world.customers["persona"][established]):
        ours = established[world.customers["persona"][established] == persona]
        theirs = alive[pilot.customers["persona"][alive] == persona]
        if len(theirs):
            _copy(world, ours, pilot, theirs[_matches(world.customers[ours], pilot, theirs)])


def _matches(ours: Records, pilot: World, theirs: Array) -> Array:
    """Place in `theirs` of the pilot customer whom each of ours is most like: (n,)."""
    tenures = float(pilot.state[0].day) - pilot.customers["joined_at"][theirs].astype(np.float64)
    order = np.argsort(tenures, kind="stable")
    nearest = np.searchsorted(tenures[order], -ours["joined_at"].astype(np.float64))
    width = min(NEIGHBOURS, len(theirs))
    first = np.clip(nearest - width // 2, 0, len(theirs) - width)
    standards = pilot.customers["desired_base"][theirs[order]]
    best = np.full(len(ours), np.inf)
    chosen = np.zeros(len(ours), dtype=np.int64)
    for step in range(width):
        distance = np.abs(standards[first + step] - ours["desired_base"])
        closer = distance < best
        best[closer], chosen[closer] = distance[closer], (first + step)[closer]
    matched: Array = order[chosen]
    return matched


def _copy(world: World, ours: Array, pilot: World, matched: Array) -> None:
    """Copy minds; what fades with time is brought to the pilot's last day."""
    for name in MIND:
        world.customers[name][ours] = pilot.customers[name][matched]
    parameters, day = pilot.tables[0].parameters, float(pilot.state[0].day)
    half_life = float(parameters.irritation_half_life_days)
    entries = len(pilot.stop_days[0]) + len(REASONS)
    settled, noted = pilot.customers["settled_at"][matched], pilot.customers["ledger_at"][matched].astype(np.float64)
    kept = np.array([remaining(day - at, half_life) for at in settled])
    world.customers["irritation"][ours] = pilot.customers["irritation"][matched] * kept
    kept = np.array([remaining(day - at, half_life) for at in noted])
    world.memory[ours, :entries] = pilot.memory[matched, :entries] * kept[:, None]
    cut_half_life = float(parameters.frequency_half_life_days)
    kept = np.array([remaining(day - float(at), cut_half_life) for at in pilot.customers["frequency_cut_at"][matched]])
    world.customers["frequency_cut"][ours] = pilot.customers["frequency_cut"][matched] * kept
