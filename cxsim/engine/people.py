"""Vectors over customers that are pure functions of their streams: factor strengths, survey answers."""

from __future__ import annotations

from typing import Any

import numpy as np

from cxsim.compiling import compiled
from cxsim.engine import streams
from cxsim.engine.columns import REASONS
from cxsim.engine.signals import channels_seen, factor_strength, promises_heard
from cxsim.engine.streams import normal
from cxsim.engine.world import Array, World
from cxsim.rules.satisfaction import recommendation_score

BLOCK = 65_536
"""Customers read off at a time where a copy of all would take much memory."""


@compiled
def _strengths(tables: Any, numbers: Array, personas: Array, first: int, strengths: Array) -> None:
    for place in range(len(numbers)):
        for column in range(strengths.shape[1]):
            strengths[place, column] = factor_strength(tables[0], numbers[place], personas[place], first + column)


def factor_strengths(world: World, customers: Any = slice(None), factor: int | None = None) -> Array:
    """Strength 0..1 of every factor, or of one: (customers, factors), or (factors,) for one customer.

    Args:
        world: the world.
        customers: index, slice or mask of customers.
        factor: number of the only factor wanted.
    """
    numbers = np.atleast_1d(world.customers["number"][customers]).astype(np.int64)
    personas = np.atleast_1d(world.customers["persona"][customers]).astype(np.int64)
    first, count = (0, int(world.tables[0].factor_count)) if factor is None else (factor, 1)
    strengths = np.empty((len(numbers), count))
    _strengths(world.tables, numbers, personas, first, strengths)
    return strengths[0] if np.isscalar(customers) or isinstance(customers, (int, np.integer)) else strengths


@compiled
def _scores(tables: Any, numbers: Array, satisfactions: Array, scores: Array) -> None:
    p = tables[0].parameters
    for place in range(len(numbers)):
        z = normal(tables[0].key, numbers[place], 0, 0, streams.RECOMMENDATION)
        scores[place] = recommendation_score(
            satisfactions[place], z, p.recommend_middle, p.recommend_slope, p.recommend_noise
        )


def recommendation_scores(world: World, numbers: Array, satisfactions: Array) -> Array:
    """Answers 0..10 to "would you recommend us?" of customers, at a satisfaction -1..1 each: (n,) int8."""
    scores = np.empty(len(numbers), dtype=np.int8)
    for begin in range(0, len(numbers), BLOCK):
        block = slice(begin, begin + BLOCK)
        satisfaction = np.ascontiguousarray(satisfactions[block], dtype=np.float64)
        _scores(world.tables, numbers[block].astype(np.int64), satisfaction, scores[block])
    return scores


@compiled
def _promised(tables: Any, numbers: Array, levels: Array) -> None:
    for place in range(len(numbers)):
        seen, first = channels_seen(tables[0], numbers[place])
        for d in range(3):
            levels[place, d], _, _ = promises_heard(tables[0].setting, seen, first, d)


def promised_levels(world: World, numbers: Array) -> Array:
    """Mean level that the firm's channels promise to customers, per dimension: (n, 3)."""
    levels = np.empty((len(numbers), 3))
    _promised(world.tables, numbers.astype(np.int64), levels)
    return levels


def ledger(world: World, customer: int) -> tuple[Array, Array]:
    """Irritation of one customer as of its latest loss: by origin touchpoint (T,) and by reason (reasons,)."""
    stops = int(world.tables[0].stop_count)
    memory = world.ledger[customer].astype(np.float64)
    return memory[:stops], memory[stops : stops + len(REASONS)]
