"""What a run cost, by kind, at the prices in force on each day."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from cxsim.engine.tally import DESK_STATISTICS, JOURNEY_STATISTICS, TOUCHPOINT_STATISTICS
from cxsim.rules.money import quality_cost

if TYPE_CHECKING:
    from cxsim.model import CustomerModel, Settings

COSTS = (
    "goods", "servers", "contacts", "refunds", "wows", "messages", "quality", "acquisition", "escalations", "win_back",
    "feedback",
)  # fmt: skip
"""Kinds of costs."""


def costs_of(model: CustomerModel) -> dict[str, float]:
    """Costs after the warm-up, by kind, in units of money."""
    total = dict.fromkeys(COSTS, 0.0)
    for first, last, settings in _segments(model):
        for kind, amount in _costs_between(model, first, last, settings).items():
            total[kind] += amount
    listening = [day for day, _ in model.mended if day >= model.scenario.warm_up]
    total["feedback"] = sum(_in_force(model, day).scenario.company.feedback.cost for day in listening)
    return total


def sales_at_list_price(model: CustomerModel) -> float:
    """What the sales after the warm-up would have brought without any premium."""
    sales = model.world.journey_days[:, JOURNEY_STATISTICS.index("sales")]
    return float(
        sum(sales[first:last].sum() * settings.scenario.money.price for first, last, settings in _segments(model))
    )


def _segments(model: CustomerModel) -> list[tuple[int, int, Settings]]:
    """Stretches of days after the warm-up, each with what was in force."""
    days = [settings.day for settings in model.history] + [model.scenario.days]
    warm_up = int(model.scenario.warm_up)
    cut = [(max(first, warm_up), last) for first, last in itertools.pairwise(days)]
    return [(*pair, settings) for pair, settings in zip(cut, model.history, strict=True) if pair[0] < pair[1]]


def _in_force(model: CustomerModel, day: int) -> Settings:
    return [settings for settings in model.history if settings.day <= day][-1]


def _costs_between(model: CustomerModel, first: int, last: int, settings: Settings) -> dict[str, float]:
    world, money = model.world, settings.scenario.money
    stops = world.stop_days[first:last].sum(axis=0)
    journeys = dict(zip(JOURNEY_STATISTICS, world.journey_days[first:last].sum(axis=0).tolist(), strict=True))
    desks = dict(zip(DESK_STATISTICS, world.desk_days[first:last].sum(axis=(0, 1)).tolist(), strict=True))
    encounters = stops[:, TOUCHPOINT_STATISTICS.index("encounters")]
    is_message = np.array([stop.kind == "message" for stop in settings.scenario.touchpoints.values()])
    return {
        "goods": journeys["sales"] * money.unit_cost,
        "servers": desks["server_minutes"] / 60.0 * money.server_hour,
        "contacts": desks["arrivals"] * money.contact,
        "refunds": journeys["refunds"],
        "wows": float(stops[:, TOUCHPOINT_STATISTICS.index("wows")].sum()) * money.wow,
        "messages": float(encounters[is_message].sum()) * money.message,
        "quality": float(encounters @ _quality_costs(settings)),
        "acquisition": journeys["joined"] * money.acquisition,
        "escalations": journeys["escalations"] * money.escalation,
        "win_back": journeys["won_back"] * settings.scenario.company.win_back.cost,
    }


def _quality_costs(settings: Settings) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Cost of one encounter's quality at each stop, its dimensions weighted as they count there: (T,)."""
    costs = []
    for stop, levels in zip(settings.scenario.touchpoints.values(), settings.quality, strict=True):
        weights = np.array(stop.weights.values_in_order())
        each = [quality_cost(float(level), settings.scenario.money.quality) for level in levels]
        costs.append(float(weights @ each / weights.sum()))
    return np.array(costs)
