"""Who makes customers expect what they expect: each factor's share of the spread of expectations and of the gap.

A level that is a sum of parts, one per factor, has a spread (variance over customers) that the Shapley value divides
among them: a factor's share is the covariance of its part with the whole, over the variance. The parts of the predicted
level are exact (`cxsim.engine.signals` keeps the books); what moved the desired level since the start, beyond the own
standard, is put down to past experience.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from cxsim.engine.columns import ACTIVE, SIGNALS
from cxsim.engine.people import factor_strengths
from cxsim.engine.tally import JOURNEY_STATISTICS, TOUCHPOINT_STATISTICS
from cxsim.scenario.people import Control, Factor
from cxsim.scenario.schema import Scenario

if TYPE_CHECKING:
    from cxsim.model import CustomerModel

Array = np.ndarray[Any, Any]
LEVELS = ("predicted", "desired", "adequate")
PAST = SIGNALS[-1]

Parts = dict[str, Callable[[], Array]]
"""What each factor adds to a level, (customers present,); made when it is wanted, as all at once fill the memory."""
Influence = dict[str, dict[str, float]]
"""Per factor: share of the spread of the predicted, desired and adequate level, and what it adds to the gap."""


def influence_of(model: CustomerModel) -> Influence:
    """Influence of every factor on the customers present, and on the gap after the warm-up."""
    present = model.world.customers["status"] == ACTIVE
    spreads = {
        "predicted": shares_of_spread(_predicted_parts(model, present)),
        "desired": shares_of_spread(_desired_parts(model, present)),
        "adequate": shares_of_spread(_adequate_parts(model, present)),
    }
    gaps = _gap_parts(model)
    names = list(model.scenario.factors) + [name for name in SIGNALS if name not in model.scenario.factors]
    return {
        name: {**{level: spread.get(name, 0.0) for level, spread in spreads.items()}, "gap": gaps.get(name, 0.0)}
        for name in names
    }


def shares_of_spread(parts: Parts) -> dict[str, float]:
    """Share of each part in the variance of their sum (Shapley value of the variance); nan where nothing varies."""
    total = _sum(parts)
    if len(total) < 2 or float(np.var(total)) < 1e-12:
        return dict.fromkeys(parts, float("nan"))
    total -= total.mean()
    variance = float(np.dot(total, total))
    return {name: float(np.dot(part(), total)) / variance for name, part in parts.items()}


def _sum(parts: Parts) -> Array:
    first, *others = parts.values()
    total = first().copy()  # a part may be kept elsewhere
    for part in others:
        total += part()
    return total


def _mean_level(customers: Array, level: str, present: Array) -> Array:
    """Mean of a level over its dimensions, for the customers present; one dimension at a time, to spare memory."""
    dimensions = customers[level].shape[1]
    total: Array = sum(customers[level][present, d].astype(np.float64) for d in range(dimensions)) / dimensions
    return total


def control_of(scenario: Scenario, factor: str) -> Control:
    """Control class of a factor; a signal without a factor of its own counts as influenceable."""
    return scenario.factors[factor].control if factor in scenario.factors else "influenceable"


def _predicted_parts(model: CustomerModel, present: Array) -> Parts:
    customers = model.world.customers

    def brought(place: int) -> Array:
        part: Array = customers["predicted_parts"][present, place].astype(np.float64)
        return part

    def rest() -> Array:
        return _mean_level(customers, "predicted", present) - sum(brought(place) for place in range(len(SIGNALS) - 1))

    return {name: partial(brought, place) for place, name in enumerate(SIGNALS[:-1])} | {PAST: rest}


def _standards(model: CustomerModel, present: Array, level: str) -> Parts:
    """What the fixed strength of each factor adds to the own standard of a level."""

    def part(place: int, factor: Factor) -> Array:
        if getattr(factor, level) == 0.0:
            return np.zeros(int(present.sum()))
        strengths = factor_strengths(model.world, present, place)[:, 0]
        added: Array = getattr(factor, level) * (strengths - factor.mean)
        return added

    return {name: partial(part, place, factor) for place, (name, factor) in enumerate(model.scenario.factors.items())}


def _desired_parts(model: CustomerModel, present: Array) -> Parts:
    parts = _standards(model, present, "desired")
    moved = _mean_level(model.world.customers, "desired", present) - _sum(parts)
    past = parts[PAST]() + moved if PAST in parts else moved
    return parts | {PAST: lambda: past}


def _adequate_parts(model: CustomerModel, present: Array) -> Parts:
    """Parts of where the adequate level heads (it is held below the desired one)."""
    customers, setting = model.world.customers, model.world.tables[0].setting
    moving = {
        "perceived_alternatives": (setting.alternatives_effect, "alternatives_share"),
        "transitory_intensifiers": (setting.urgency_effect, "urgency"),
        "situational_factors": (-setting.situation_effect, "situation"),
    }

    def moved(effect: float, column: str) -> Array:
        part: Array = effect * customers[column][present].astype(np.float64)
        return part

    parts = _standards(model, present, "adequate")
    parts |= {name: partial(moved, *told) for name, told in moving.items() if name in parts}
    effect = model.scenario.parameters()["predicted_effect"]

    def predicted(own: Callable[[], Array] | None, part: Callable[[], Array]) -> Array:
        return effect * part() if own is None else own() + effect * part()

    for name, part in _predicted_parts(model, present).items():
        parts[name] = partial(predicted, parts.get(name), part)
    return parts


def _gap_parts(model: CustomerModel) -> dict[str, float]:
    """What each signal adds to the mean gap, dimensions alike: got less said, by its share of the prediction."""
    warm_up = int(model.scenario.warm_up)
    sums = dict(zip(JOURNEY_STATISTICS, model.world.journey_days[warm_up:].sum(axis=0).tolist(), strict=True))
    encounters = model.world.stop_days[warm_up:, :, TOUCHPOINT_STATISTICS.index("encounters")].sum()
    if not encounters:
        return {}
    parts = {name: sums[f"gap_{name}"] / float(encounters) for name in SIGNALS[:-1]}
    return parts | {PAST: sums["gap_even"] / float(encounters) - sum(parts.values())}
