"""The equations, written again from the model's description; levels 0 to 1, times in days unless a name says else."""

from __future__ import annotations

import math
from random import Random
from typing import Any

DIMENSIONS = ("people", "product", "process")
TRAIT_WEIGHTS = {"fast_response": 0.27, "simple_purchase": 0.27, "order_tracking": 0.19, "clear_information": 0.14,
                 "channel_choice": 0.13}  # fmt: skip


def within(value: float, low: float = 0.0, high: float = 1.0) -> float:
    """A value held in a range."""
    return low if value < low else high if value > high else value


def faded(amount: float, days: float, half_life_days: float) -> float:
    """What is left of an amount that halves every so many days."""
    return amount * 0.5 ** (days / half_life_days) if days > 0 else amount


def draw_duration(luck: Random, duration: Any) -> float:
    """A fixed, exponential or lognormal duration with the mean and spread of the scenario."""
    if duration.distribution == "exponential":
        return luck.expovariate(1.0 / duration.mean) if duration.mean else 0.0
    return duration_at(duration, luck.gauss(0, 1))


def duration_at(duration: Any, score: float) -> float:
    """A fixed or lognormal duration at a normal score."""
    if duration.distribution == "fixed" or duration.sd == 0 or duration.mean == 0:
        return float(duration.mean)
    variance = math.log1p((duration.sd / duration.mean) ** 2)
    return math.exp(math.log(duration.mean) - variance / 2 + math.sqrt(variance) * score)


def felt(perceived: float, desired: float, adequate: float, p: Any) -> float:
    """Value of one dimension: nearly flat inside the zone of tolerance, losses weigh more than gains."""
    if perceived > desired:
        return float(p.zone_slope / 2 + (perceived - desired) ** p.exponent)
    if perceived < adequate:
        return float(-p.zone_slope / 2 - p.loss_aversion * (adequate - perceived) ** p.exponent)
    return float(p.zone_slope * (perceived - (desired + adequate) / 2) / (desired - adequate))


def lateness_multiplier(urgency: float, p: Any) -> float:
    """How much more lateness hurts a time-sensitive order."""
    return p.urgency_least + (p.urgency_most - p.urgency_least) * urgency if urgency > 0 else 1.0


def softening(tracking: float, told: bool, explained: bool, p: Any) -> float:
    """Share that tracking, an early word and a reason take off an overdue loss."""
    left = 1 - p.tracking_effect * tracking
    left *= 1 - p.told_effect * told
    return float(1 - left * (1 - p.explained_effect * explained))


def stay_voice_leave(uniform: float, voice: float | None, leave: float) -> str:
    """One draw through the cumulative of a logit in which staying silently has utility 0."""
    weights = [1.0, 0.0 if voice is None else math.exp(min(voice, 50)), math.exp(min(leave, 50))]
    point = uniform * sum(weights)
    return "stay" if point < weights[0] else "voice" if point < weights[0] + weights[1] else "leave"


def premium(level: float, market: float, price_sensitivity: float, most: float, p: Any) -> float:
    """Share added to the price by quality above the market's level."""
    willing = 1 - p.premium_sensitivity * (2 * price_sensitivity - 1)
    return float(most * willing * within((level - market) / p.premium_scale))


def quality_cost(level: float, per_odds: float) -> float:
    """Cost of delivering a level once: it goes with the odds, so it rises steeply near 1."""
    level = within(level, 0, 0.99)
    return per_odds * level / (1 - level)
