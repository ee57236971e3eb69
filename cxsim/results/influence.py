"""Who makes customers expect what they expect: each factor's share of the spread of expectations and of the gap.

A level that is a sum of parts, one per factor, has a spread (variance over customers) that the Shapley value divides
among them: a factor's share is the covariance of its part with the whole, over the variance. The parts of the predicted
level are exact (`cxsim.engine.signals` keeps the books); what moved the desired level since the start, beyond the own
standard, is put down to past experience.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cxsim.engine.columns import ACTIVE, SIGNALS
from cxsim.engine.people import factor_strengths
from cxsim.engine.tally import JOURNEY_STATISTICS, TOUCHPOINT_STATISTICS
from cxsim.scenario.people import Control
from cxsim.scenario.schema import Scenario

if TYPE_CHECKING:
    from cxsim.model import CustomerModel

Array = np.ndarray[Any, Any]
LEVELS = ("predicted", "desired", "adequate")
PAST = SIGNALS[-1]

Influence = dict[str, dict[str, float]]
"""Per factor: share of the spread of the predicted, desired and adequate level, and what it adds to the gap."""


def influence_of(model: CustomerModel) -> Influence:
    """Influence of every factor on the customers present, and on the gap after the warm-up."""
    spreads = {
        "predicted": shares_of_spread(_predicted_parts(model)),
        "desired": shares_of_spread(_desired_parts(model)),
        "adequate": shares_of_spread(_adequate_parts(model)),
    }
    gaps = _gap_parts(model)
    names = list(model.scenario.factors) + [name for name in SIGNALS if name not in model.scenario.factors]
    return {
        name: {**{level: spread.get(name, 0.0) for level, spread in spreads.items()}, "gap": gaps.get(name, 0.0)}
        for name in names
    }


def shares_of_spread(parts: dict[str, Array]) -> dict[str, float]:
    """Share of each part in the variance of their sum (Shapley value of the variance); nan where nothing varies."""
    total: Array = np.sum(list(parts.values()), axis=0)
    if len(total) < 2 or float(np.var(total)) < 1e-12:
        return dict.fromkeys(parts, float("nan"))
    return {name: float(np.cov(part, total, bias=True)[0, 1] / np.var(total)) for name, part in parts.items()}


def control_of(scenario: Scenario, factor: str) -> Control:
    """Control class of a factor; a signal without a factor of its own counts as influenceable."""
    return scenario.factors[factor].control if factor in scenario.factors else "influenceable"


def _present(model: CustomerModel) -> Any:
    return model.world.customers[model.world.customers["status"] == ACTIVE]


def _predicted_parts(model: CustomerModel) -> dict[str, Array]:
    rows = _present(model)
    brought = rows["predicted_parts"].astype(np.float64)
    parts = {name: brought[:, place] for place, name in enumerate(SIGNALS[:-1])}
    return parts | {PAST: rows["predicted"].mean(axis=1) - brought.sum(axis=1)}


def _standards(model: CustomerModel, level: str) -> dict[str, Array]:
    """What the fixed strength of each factor adds to the own standard of a level."""
    strengths = factor_strengths(model.world, model.world.customers["status"] == ACTIVE)
    factors = model.scenario.factors.values()
    effects = np.array([getattr(factor, level) for factor in factors])
    centred = strengths - np.array([factor.mean for factor in factors])
    return {name: effects[place] * centred[:, place] for place, name in enumerate(model.scenario.factors)}


def _desired_parts(model: CustomerModel) -> dict[str, Array]:
    parts = _standards(model, "desired")
    own: Array = np.sum(list(parts.values()), axis=0)
    moved = _present(model)["desired"].mean(axis=1) - own
    return parts | {PAST: parts.get(PAST, 0.0) + moved}


def _adequate_parts(model: CustomerModel) -> dict[str, Array]:
    """Parts of where the adequate level heads (it is held below the desired one)."""
    rows, setting = _present(model), model.world.tables[0].setting
    parts = _standards(model, "adequate")
    moving = {
        "perceived_alternatives": setting.alternatives_effect * rows["alternatives_share"].astype(np.float64),
        "transitory_intensifiers": setting.urgency_effect * rows["urgency"].astype(np.float64),
        "situational_factors": -setting.situation_effect * rows["situation"].astype(np.float64),
    }
    parts |= {name: part for name, part in moving.items() if name in parts}
    effect = model.scenario.parameters()["predicted_effect"]
    for name, part in _predicted_parts(model).items():
        parts[name] = parts.get(name, 0.0) + effect * part
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
