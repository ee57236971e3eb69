"""The small steps that a scenario allows: a tenth of what each touchpoint, desk or practice lacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cxsim.instruments.sheet import uncapital
from cxsim.scenario.desks import Desk, Shift
from cxsim.scenario.itinerary import stop_names
from cxsim.scenario.schema import Scenario
from cxsim.scenario.touchpoints import Delivery, Touchpoint
from cxsim.scenario.values import DaysDuration, PerDimension, Quality

SMALL = 0.1
"""Size of a step, as a share of what is lacking (of what is there, for servers and days)."""
_PRACTICES = {
    "tells_early": "tell a tenth more of those whose order is late before the promised day",
    "explains": "explain the delay to a tenth more of them",
    "tracking": "let orders be followed a tenth better",
}


@dataclass(frozen=True)
class SmallStep:
    """A small change.

    Attributes:
        name: short name, unique.
        label: what is done, in words.
        touchpoint: where it is felt first; "" where that is no single one.
        scenario: the world with it.
        price: what of it the scenario gives a price: "quality", "servers" or "" for nothing.
    """

    name: str
    label: str
    touchpoint: str
    scenario: Scenario
    price: str


def small_steps(scenario: Scenario) -> list[SmallStep]:
    """Every small step that changes something, in the order of the scenario."""
    steps, labels = [], stop_names(scenario)
    for name, stop in scenario.touchpoints.items():
        place = uncapital(labels[name])
        if stop.kind != "message" and not stop.flawless:
            better = mended(stop)
            price = "quality" if scenario.money.quality > 0 else ""
            steps.append(
                _at(scenario, name, f"mend {name}", f"mend a tenth of what is lacking at {place}", better, price)
            )
        if isinstance(stop, Delivery) and not stop.flawless:
            steps += _delivery_steps(scenario, name, stop, place)
    for name, desk in scenario.desks.items():
        place = uncapital(desk.label or name.replace("_", " "))
        stops = [stop for stop, told in scenario.touchpoints.items() if getattr(told, "desk", None) == name]
        price = "servers" if scenario.money.server_hour > 0 else ""
        steps.append(
            _desk(scenario, name, f"staff {name}", f"a tenth more servers at {place}", _staffed(desk), stops, price)
        )
        if desk.resolution < 1:
            settled = desk.model_copy(update={"resolution": desk.resolution + SMALL * (1.0 - desk.resolution)})
            words = f"settle a tenth of what is left open after a first contact at {place}"
            steps.append(_desk(scenario, name, f"settle {name}", words, settled, stops, ""))
    deliveries = [name for name, stop in scenario.touchpoints.items() if isinstance(stop, Delivery)]
    for practice, words in _PRACTICES.items() if deliveries else ():
        share = float(getattr(scenario.company, practice))
        if share < 1:
            company = scenario.company.model_copy(update={practice: share + SMALL * (1.0 - share)})
            where = deliveries[0] if len(deliveries) == 1 else ""
            steps.append(SmallStep(practice, words, where, scenario.model_copy(update={"company": company}), ""))
    return steps


def mended(stop: Touchpoint) -> Touchpoint:
    """A touchpoint that lacks a tenth less: quality nearer to perfect, failures and stuck technology rarer."""
    quality = {name: _nearer(getattr(stop.quality, name)) for name in PerDimension.model_fields}
    change: dict[str, Any] = {"quality": Quality(**quality)}
    change["traits"] = {name: _nearer(level) for name, level in stop.traits.items()}
    if stop.failure is not None:
        rarer = stop.failure.probability * (1.0 - SMALL)
        change["failure"] = stop.failure.model_copy(update={"probability": rarer})
    if stop.technology is not None:
        rarer = stop.technology.stuck_probability * (1.0 - SMALL)
        change["technology"] = stop.technology.model_copy(update={"stuck_probability": rarer})
    return stop.model_copy(update=change)


def _nearer(level: float) -> float:
    return level + SMALL * (1.0 - level)


def _delivery_steps(scenario: Scenario, name: str, stop: Delivery, place: str) -> list[SmallStep]:
    """A promise with some more days, and days of handling saved."""
    steps = []
    if stop.promise.mean > 0:
        longer = stop.model_copy(update={"promise": _times(stop.promise, 1.0 + SMALL)})
        steps.append(_at(scenario, name, f"promise {name}", f"promise a tenth more days for {place}", longer, ""))
    if stop.handling.mean > 0:
        faster = stop.model_copy(update={"handling": _times(stop.handling, 1.0 - SMALL)})
        steps.append(_at(scenario, name, f"handle {name}", f"handle a tenth faster before {place}", faster, ""))
    return steps


def _times(duration: DaysDuration, factor: float) -> DaysDuration:
    return duration.model_copy(update={"mean": duration.mean * factor, "sd": duration.sd * factor})


def _at(scenario: Scenario, name: str, step: str, label: str, stop: Touchpoint, price: str) -> SmallStep:
    touchpoints = {**scenario.touchpoints, name: stop}
    return SmallStep(step, label, name, scenario.model_copy(update={"touchpoints": touchpoints}), price)


def _desk(scenario: Scenario, name: str, step: str, label: str, desk: Desk, stops: list[str], price: str) -> SmallStep:
    world = scenario.model_copy(update={"desks": {**scenario.desks, name: desk}})
    return SmallStep(step, label, stops[0] if len(stops) == 1 else "", world, price)


def _staffed(desk: Desk) -> Desk:
    shifts = [shift.model_copy(update={"servers": _more(shift)}) for shift in desk.shifts]
    return desk.model_copy(update={"servers": desk.servers * (1.0 + SMALL), "shifts": shifts})


def _more(shift: Shift) -> float | list[float] | None:
    if shift.servers is None:
        return None
    if isinstance(shift.servers, list):
        return [servers * (1.0 + SMALL) for servers in shift.servers]
    return shift.servers * (1.0 + SMALL)
