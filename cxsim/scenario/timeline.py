"""Dated interventions and shocks: which scenario is in force on which day."""

from __future__ import annotations

import math
import re
from typing import Any

from cxsim.scenario.documents import difference
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.loading import load
from cxsim.scenario.schema import Intervention, Scenario

MOST_STEPS = 30
"""Steps in which a ramp moves, at most."""
FIXED_PARTS = ("format", "name", "start_weekday", "warm_up", "horizon", "replications", "seed", "record", "population",
               "interventions")  # fmt: skip
"""Parts of a scenario that hold for the whole run."""
_NUMBER_AND_UNIT = re.compile(r"^(-?[\d.]+(?:e-?\d+)?) (.+)$")


def timeline(scenario: Scenario) -> list[tuple[int, Scenario]]:
    """Scenarios in force, each with the day (0 is the first of the warm-up) from which it holds; the first at day 0.

    Interventions act in the order of their start; where two set the same value, the later one holds.

    Raises:
        ScenarioError: an intervention sets what cannot be set, or what must hold for the whole run.
    """
    plain = scenario.model_copy(update={"interventions": {}})
    if not scenario.interventions:
        return [(0, plain)]
    targets = {name: _leaves(plain, name, intervention) for name, intervention in scenario.interventions.items()}
    days = {0}
    for intervention in scenario.interventions.values():
        days |= _days_of(intervention, scenario)
    ordered = sorted(scenario.interventions.items(), key=lambda item: item[1].at)
    found: list[tuple[int, Scenario]] = []
    for day in sorted(days):
        values: dict[str, Any] = {}
        for name, intervention in ordered:
            share = _share_in_force(intervention, day - int(scenario.warm_up))
            if share > 0:
                for path, (old, new) in targets[name].items():
                    values[path] = _between(values.get(path, old), new, share)
        in_force = load(plain, values) if values else plain
        if not found or found[-1][1] != in_force:
            found.append((day, in_force))
    return found


def _leaves(plain: Scenario, name: str, intervention: Intervention) -> dict[str, tuple[Any, Any]]:
    """Old and new value of every single value that an intervention changes, by dotted path."""
    where = f"interventions.{name}.set"
    for path in intervention.set:
        if path.split(".")[0] in FIXED_PARTS:
            raise ScenarioError([Problem(f"{where}.{path}", "holds for the whole run; it cannot change on the way")])
    try:
        changed = load(plain, intervention.set)
    except ScenarioError as error:
        raise ScenarioError(
            [Problem(f"{where}.{problem.path}", problem.sentence) for problem in error.problems]
        ) from None
    for part in ("touchpoints", "desks", "personas", "factors"):
        if list(getattr(changed, part)) != list(getattr(plain, part)):
            raise ScenarioError([Problem(where, f"adds or removes {part}; only their values can change on the way")])
    return {path: (old, new) for path, old, new in difference(plain, changed)}


def _days_of(intervention: Intervention, scenario: Scenario) -> set[int]:
    """Days on which an intervention changes something."""
    first, last = scenario.warm_up + intervention.at, scenario.warm_up + intervention.at + intervention.over
    step = max(intervention.over / MOST_STEPS, 1.0)
    days = {math.ceil(first + step * number) for number in range(1, int((last - first) / step) + 1)}
    days |= {math.ceil(first), math.ceil(last)}
    if intervention.until is not None:
        days.add(math.ceil(scenario.warm_up + intervention.until))
    return {day for day in days if day < scenario.days}


def _share_in_force(intervention: Intervention, day: int) -> float:
    """How far an intervention has come by a day after the warm-up: 0 not yet (or no more), 1 fully."""
    if day < intervention.at or (intervention.until is not None and day >= intervention.until):
        return 0.0
    if intervention.over <= 0:
        return 1.0
    return min(max((day - intervention.at) / intervention.over, 1e-9), 1.0)


def _between(old: Any, new: Any, share: float) -> Any:
    """A value on its way from old to new; what is no number changes at once."""
    if share >= 1:
        return new
    if isinstance(old, (int, float)) and isinstance(new, (int, float)) and not isinstance(old, bool):
        return old + share * (new - old)
    before, after = _NUMBER_AND_UNIT.match(str(old)), _NUMBER_AND_UNIT.match(str(new))
    if before and after and before.group(2) == after.group(2):
        low, high = float(before.group(1)), float(after.group(1))
        return f"{low + share * (high - low)!r} {after.group(2)}"
    return new
