"""Settings that many claims share: small worlds in which luck is shared and nobody disappears from the count."""

from __future__ import annotations

from typing import Any

Settings = dict[str, Any]
PERSONAS = ("bargain_hunter", "busy_parent", "loyal_regular")
"""Personas of the shop."""
STOPS = ("advert", "site", "question", "order", "delivery", "use", "return", "billing", "support")
"""Touchpoints of the shop."""
FAILING = ("order", "delivery", "use", "return", "billing")
"""Touchpoints of the shop where something may fail."""

CLOSED: Settings = {
    "population.newcomers": "0 per year", "population.ended": "0 per year", "population.drifted": "0 per year",
    "record.customers": "all",
}  # fmt: skip
"""A closed cohort: whoever is missing at the end has left for a competitor, and is counted as it left."""

SHOP: Settings = {
    **CLOSED, "population.customers": 1500, "desks.support.servers": 1, "warm_up": "60 days", "horizon": "365 days",
}  # fmt: skip
"""The shop, small: as many customers per server as a little more than parcel has."""

FIRST_TIMERS: Settings = {
    **CLOSED, "population.customers": 1500, "population.look_back": False, "population.tenure": "0 days",
    "desks.support.servers": 1, "warm_up": "0 days",
}  # fmt: skip
"""Customers without a past, all there from the first day."""

NO_EXIT: Settings = {"rules.leave_base": -50.0}
"""Nobody leaves, so that what is remembered can be compared without those who stay being a selection."""


def days(mean: float, sd: float = 0.0) -> dict[str, Any]:
    """A duration in days."""
    return {"mean": f"{mean} days", "sd": f"{sd} days", "distribution": "lognormal" if sd else "fixed"}


def even(value: float) -> dict[str, float]:
    """The same level in every dimension."""
    return {"people": value, "product": value, "process": value}


def quality(value: float, stops: tuple[str, ...] = STOPS) -> Settings:
    """The same level delivered at every stop in every dimension; the traits give way."""
    settings: Settings = {}
    for stop in stops:
        settings |= {f"touchpoints.{stop}.quality": even(value), f"touchpoints.{stop}.traits": None}
    return settings


def spread(value: float, stops: tuple[str, ...] = STOPS) -> Settings:
    """The same spread of the level delivered at every stop."""
    return {f"touchpoints.{stop}.quality_sd": even(value) for stop in stops}


def nothing_fails(stops: tuple[str, ...] = FAILING) -> Settings:
    """No failures at some stops."""
    return {f"touchpoints.{stop}.failure": None for stop in stops}


def urgent(share: float) -> Settings:
    """The same share of time-sensitive journeys for every persona."""
    return {f"personas.{name}.urgent_share": share for name in PERSONAS}


def each_persona(path: str, value: Any) -> Settings:
    """A value of every persona of the shop."""
    return {f"personas.{name}.{path}": value for name in PERSONAS}
