"""Signals that make up what a customer predicts: promises, price and looks, word of mouth, and the past.

Every move of the predicted level is a step toward what one signal says, so the level is at any time a weighted mean of
what the four have said. The record keeps what each has brought and how much of the whole it makes up: who raised an
expectation can be told exactly, for a single customer and for all.
"""

from __future__ import annotations

from typing import Any

from cxsim.compiling import inner
from cxsim.engine import streams
from cxsim.engine.columns import EXPLICIT, HEARD, IMPLICIT, PAST
from cxsim.engine.streams import normal, uniforms


@inner
def factor_strength(tables: Any, number: int, persona: int, factor: int) -> float:
    """Strength 0..1 of one factor for one customer: a pure function of the customer's own stream."""
    z = normal(tables.key, number, 0, 0, streams.FACTOR + 256 * factor)
    strength = tables.personas[persona].factor_mean[factor] + tables.personas[persona].factor_sd[factor] * z
    return min(max(strength, 0.0), 1.0)


@inner
def signal_weight(tables: Any, number: int, persona: int, factor: int, weight: float) -> float:
    """Weight of a signal for one customer: the general weight, scaled by the strength of its factor."""
    if factor < 0:
        return 0.0
    centre = tables.factors[factor].centre
    if centre <= 0.0:
        return weight
    return weight * factor_strength(tables, number, persona, factor) / centre


@inner
def channels_seen(tables: Any, number: int) -> tuple[int, int]:
    """How many of the firm's channels (1 to 3) a customer sees, and the first of them."""
    setting = tables.setting
    many, start = uniforms(tables.key, number, 0, 0, streams.CHANNELS)
    return min(1 + int(many * 3.0), setting.channels), int(start * setting.channels)


@inner
def promises_heard(setting: Any, seen: int, first: int, d: int) -> tuple[float, float, float]:
    """Mean, highest and variance of the levels of one dimension promised in the channels seen."""
    total = square = most = 0.0
    for place in range(seen):
        level = setting.channel_levels[(first + place) % setting.channels, d]
        total += level
        square += level * level
        most = max(most, level)
    mean = total / seen
    return mean, most, max(square / seen - mean * mean, 0.0)


@inner
def heed(row: Any, signal: int, weight: float, level: float) -> None:
    """Keep the books of a step of the predicted level: the share `weight` of the way toward `level`.

    Args:
        row: the customer's record.
        signal: `EXPLICIT`, `IMPLICIT`, `HEARD` or `PAST` (the rest, which needs no entry).
        weight: share of the way, 0..1.
        level: mean over the dimensions of what the signal said.
    """
    for other in range(PAST):
        row.predicted_parts[other] *= 1.0 - weight
        row.predicted_shares[other] *= 1.0 - weight
    if signal < PAST:
        row.predicted_parts[signal] += weight * level
        row.predicted_shares[signal] += weight


@inner
def begin_books(row: Any, weights: tuple[float, float, float, float], promised: float, implied: float, said: float,
                ) -> None:  # fmt: skip
    """Open the books of the predicted level: what each signal brought to the first one."""
    total = weights[0] + weights[1] + weights[2] + weights[3]
    row.predicted_shares[EXPLICIT] = weights[0] / total
    row.predicted_shares[IMPLICIT] = weights[1] / total
    row.predicted_shares[HEARD] = weights[2] / total
    row.predicted_parts[EXPLICIT] = weights[0] / total * promised
    row.predicted_parts[IMPLICIT] = weights[1] / total * implied
    row.predicted_parts[HEARD] = weights[2] / total * said
