"""Random numbers without hidden state: draw = f(seed, replication, decision, customer, occasion).

Philox 4x32-10 (Salmon, Moraes, Dror and Shaw 2011), checked against its published test vectors. The key holds seed
and replication; the counter holds customer, journey, place (touchpoint and visit) and decision. No draw depends on
how many were made before, so no customer's luck depends on another customer, on the order of work or on threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cxsim.engine.world import Array


import numpy as np

from cxsim.compiling import compiled, inner
from cxsim.engine.normal import normal_quantile
from cxsim.rules.arithmetic import exponential, logarithm

_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_MULTIPLY_0 = np.uint64(0xD2511F53)
_MULTIPLY_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_HIGH_BITS = np.uint64(20)
_LOW_SHIFT = np.uint64(12)
_ONE_32 = 1.0 / 4294967296.0
_ONE_52 = 1.0 / 4503599627370496.0  # 52 bits and a half: with 53 the largest would round to 1

# Decisions: one number each, never reused within the same customer and occasion.
PERSONA = 1
TENURE = 2
JOIN = 3
FACTOR = 4  # index: factor
PATIENCE_TRAIT = 5
TOLERANCE = 6
COSTS = 7
DEPARTURE_TIME = 8
NEXT_JOURNEY = 9
URGENCY = 10
ENCOUNTER_DRAW = 11
ROUTE = 13
TAKES = 14
ORDER = 15
CAUSES = 16  # index: causes in fours
CAUSE = 17  # index: cause
TOLD = 18
OVERDUE_CONTACT = 19
CONTACT_DELAY = 20
PATIENCE_DRAW = 21
SERVICE = 22
RESOLUTION = 23
RETURN = 24
CHOICE = 25
SECOND_CHOICE = 26
COMPETITOR = 27
FOUND_CLOSED = 28
STAFFING = 29
RECOMMENDATION = 30
NEWCOMERS = 31
FAILURE_CONTACT = 32
TIE = 34  # index: place of the tie
TELLING = 35  # index: places of ties in twos
REVIEW = 36
CHANNELS = 37
SURVEY_DRAW = 38
STARS = 39
COMPLAINT_DELAY = 33
ESCALATION = 40
TECHNOLOGY_STUCK = 41
WIN_BACK = 42
EFFORT_ANSWER = 43

DESK_STREAM = 0xFFFFFFFF
"""Stands for the customer where a draw belongs to a desk or to the whole world."""


@compiled
def philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Philox 4x32-10: four 32-bit words (held in uint64) from a counter of four and a key of two."""
    for _ in range(10):
        product_0 = _MULTIPLY_0 * c0
        product_1 = _MULTIPLY_1 * c2
        c0 = (product_1 >> _SHIFT) ^ c1 ^ k0
        c1 = product_1 & _MASK
        c2 = (product_0 >> _SHIFT) ^ c3 ^ k1
        c3 = product_0 & _MASK
        k0 = (k0 + _WEYL_0) & _MASK
        k1 = (k1 + _WEYL_1) & _MASK
    return c0, c1, c2, c3


def make_key(seed: int, replication: int, world: int = 0) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """Key of one replication: seed, replication and world (0, or its pilot) mixed by the generator, never added."""
    words = philox(
        np.uint64(seed & 0xFFFFFFFF), np.uint64(seed >> 32), np.uint64(replication), np.uint64(world),
        _WEYL_0, _WEYL_1,
    )  # fmt: skip
    return np.array([words[0], words[1]], dtype=np.uint64)


@compiled
def uniforms(key: Array, customer: int, journey: int, place: int, decision: int) -> tuple[float, float]:
    """Two independent uniforms strictly between 0 and 1.

    Args:
        key: two words made by `make_key`.
        customer: number of the customer.
        journey: number of the customer's journey, 0 for what belongs to no journey.
        place: touchpoint * 65536 + visit, 0 for what belongs to none.
        decision: one of the decisions of this module, plus 256 times an index where several are needed.
    """
    w0, w1, w2, w3 = philox(
        np.uint64(customer), np.uint64(journey), np.uint64(place), np.uint64(decision), key[0], key[1]
    )
    first = np.float64(np.int64((w0 << _HIGH_BITS) ^ (w1 >> _LOW_SHIFT))) + 0.5
    second = np.float64(np.int64((w2 << _HIGH_BITS) ^ (w3 >> _LOW_SHIFT))) + 0.5
    return first * _ONE_52, second * _ONE_52


@compiled
def normals(key: Array, customer: int, journey: int, place: int, decision: int) -> tuple[float, float]:
    """Two independent standard normals, by inversion; arguments as in `uniforms`."""
    first, second = uniforms(key, customer, journey, place, decision)
    return normal_quantile(first), normal_quantile(second)


@compiled
def normal(key: Array, customer: int, journey: int, place: int, decision: int) -> float:
    """One standard normal, the first of `normals`."""
    first, _ = uniforms(key, customer, journey, place, decision)
    return normal_quantile(first)


@compiled
def four_uniforms(
    key: Array, customer: int, journey: int, place: int, decision: int
) -> tuple[float, float, float, float]:
    """Four independent uniforms of 32 bits, strictly between 0 and 1; arguments as in `uniforms`.

    They serve chances, and normals within 6.3 of 0.
    """
    w0, w1, w2, w3 = philox(
        np.uint64(customer), np.uint64(journey), np.uint64(place), np.uint64(decision), key[0], key[1]
    )
    return (
        (np.float64(np.int64(w0)) + 0.5) * _ONE_32,
        (np.float64(np.int64(w1)) + 0.5) * _ONE_32,
        (np.float64(np.int64(w2)) + 0.5) * _ONE_32,
        (np.float64(np.int64(w3)) + 0.5) * _ONE_32,
    )


@inner
def occasion(touchpoint: int, visit: int) -> int:
    """Place of a draw: a touchpoint and which visit to it within the journey."""
    return touchpoint * 65536 + visit


FIXED, EXPONENTIAL, LOGNORMAL = range(3)


@inner
def sample(duration: Any, uniform: float, normal: float) -> float:
    """A duration from its record (form, first, second), one uniform or one standard normal.

    fixed: first; exponential: mean first; lognormal: exp(first + second * normal).
    """
    if duration.form == FIXED:
        return duration.first
    if duration.form == EXPONENTIAL:
        return -duration.first * logarithm(uniform)
    return exponential(duration.first + duration.second * normal)
