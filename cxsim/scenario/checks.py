"""What cannot be, said before a run starts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from cxsim.scenario.desks import Shift
from cxsim.scenario.errors import nearest
from cxsim.scenario.hours import hours_of
from cxsim.scenario.memory import available_bytes, needed_bytes
from cxsim.scenario.parameters import PARAMETER
from cxsim.scenario.schema import LIMITS, HourWeight, Scenario, known_mechanisms, known_parameters
from cxsim.scenario.touchpoints import END, TRAITS, Delivery, DeskVisit, Message, Touchpoint
from cxsim.scenario.values import DaysDuration, MinutesDuration

Finding = tuple[tuple[str | int, ...], str]
Duration = DaysDuration | MinutesDuration
_DIVISORS = ("late_scale_days", "early_scale", "early_journeys", "seen_variance", "wow_exposures_to_halve")
"""Parameters that the rules divide by."""


def check(scenario: Scenario) -> tuple[list[Finding], list[Finding]]:
    """Problems that forbid a run, and notes on what is possible but unusual."""
    problems = [
        *_rules(scenario), *_personas(scenario), *_touchpoints(scenario), *_journey(scenario), *_desks(scenario),
        *_spreads(scenario), *_interventions(scenario), *_size(scenario),
    ]  # fmt: skip
    return problems, list(_unusual(scenario)) if not problems else []


def _unknown(what: str, name: str, allowed: list[str]) -> str:
    hint = nearest(name, allowed)
    return f"no {what} '{name}'" + (f"; {hint}" if hint else "")


def _rules(scenario: Scenario) -> Iterator[Finding]:
    for name, value in scenario.rules.items():
        if name not in PARAMETER:
            yield ("rules", name), _unknown("parameter", name, known_parameters())
            continue
        unit = PARAMETER[name].unit
        if not unit.startswith("utility") and value < 0:
            yield ("rules", name), f"read {value}; allowed: at least 0"
        elif unit.startswith(("share", "probability", "weight")) and value > 1:
            yield ("rules", name), f"read {value}; allowed: at most 1 ({unit})"
        elif value <= 0 and ("half_life" in name or name in _DIVISORS):
            yield ("rules", name), f"read {value}; allowed: more than 0"
    for name in scenario.mechanisms:
        if name not in known_mechanisms():
            yield ("mechanisms", name), _unknown("mechanism", name, known_mechanisms())
    values = scenario.parameters() if not _has_unknown(scenario) else {}
    if values and values["peak_weight"] + values["end_weight"] > 1:
        yield ("rules",), "peak_weight and end_weight together are more than 1"
    if values and not values["edgy_from"] < values["agitated_from"] < values["angry_from"] < 1:
        yield ("rules",), "moods must follow each other: edgy_from < agitated_from < angry_from < 1"
    if values and values["delivered_weight"] + values["predicted_weight"] < 1:
        yield ("rules",), "delivered_weight and predicted_weight together are less than 1"


def _has_unknown(scenario: Scenario) -> bool:
    return any(name not in PARAMETER for name in scenario.rules) or any(
        name not in known_mechanisms() for name in scenario.mechanisms
    )


def _personas(scenario: Scenario) -> Iterator[Finding]:
    if not scenario.personas:
        yield ("personas",), "at least one persona is needed"
        return
    total = sum(persona.share for persona in scenario.personas.values())
    if abs(total - 1) > 1e-6:
        yield ("personas",), f"shares sum to {total:g}; allowed: 1"
    for name, persona in scenario.personas.items():
        for factor in persona.factors:
            if factor not in scenario.factors:
                yield ("personas", name, "factors", factor), _unknown("factor", factor, list(scenario.factors))
        if sum(persona.needs.values_in_order()) <= 0:
            yield ("personas", name, "needs"), "all needs are 0; at least one must be more"


def _touchpoints(scenario: Scenario) -> Iterator[Finding]:
    names = list(scenario.touchpoints)
    for name, stop in scenario.touchpoints.items():
        path = ("touchpoints", name)
        if name == END:
            yield path, f"'{END}' is the name of the journey's end; choose another"
        if sum(stop.weights.values_in_order()) <= 0:
            yield (*path, "weights"), "all weights are 0; at least one must be more"
        for trait in stop.traits:
            if trait not in TRAITS:
                yield (*path, "traits", trait), _unknown("trait", trait, list(TRAITS))
        total = sum(stop.next.values())
        if abs(total - 1) > 1e-6:
            yield (*path, "next"), f"probabilities sum to {total:g}; allowed: 1"
        for target in stop.next:
            if target != END and target not in names:
                yield (*path, "next", target), _unknown("touchpoint", target, [*names, END])
        failure = stop.failure
        if failure is not None:
            if failure.next not in (None, END, *names):
                yield (*path, "failure", "next"), _unknown("touchpoint", str(failure.next), [*names, END])
            yield from _contact(scenario, (*path, "failure", "contact"), failure.contact, failure.contact_probability)
        if stop.technology is not None:
            needed = 1.0 if stop.technology.mode == "enabler" else 0.0  # a definer may leave people alone
            yield from _contact(scenario, (*path, "technology", "contact"), stop.technology.contact, needed)
        if isinstance(stop, Message) and stop.channel not in scenario.company.promises:
            yield (*path, "channel"), _unknown("promise for channel", stop.channel, list(scenario.company.promises))
        if isinstance(stop, DeskVisit) and stop.desk not in scenario.desks:
            yield (*path, "desk"), _unknown("desk", stop.desk, list(scenario.desks))
        if isinstance(stop, Delivery):
            contact, probability = stop.overdue_contact, stop.overdue_contact_probability
            yield from _contact(scenario, (*path, "overdue_contact"), contact, probability)


def _contact(scenario: Scenario, path: tuple[str, ...], target: str | None, probability: float) -> Iterator[Finding]:
    desk_visits = [name for name, stop in scenario.touchpoints.items() if isinstance(stop, DeskVisit)]
    if target is None:
        if probability > 0:
            yield path, f"'{path[-1]}' is missing: which touchpoint of kind desk is contacted?"
    elif target not in scenario.touchpoints:
        yield path, _unknown("touchpoint", target, desk_visits)
    elif target not in desk_visits:
        yield path, f"'{target}' is no touchpoint of kind desk; allowed: {', '.join(desk_visits) or 'none yet'}"


def _journey(scenario: Scenario) -> Iterator[Finding]:
    stops = scenario.touchpoints
    journey = scenario.journey
    for goal in journey.goal:
        if goal not in stops:
            yield ("journey", "goal"), _unknown("touchpoint", goal, list(stops))
    yield from _per_hour(("journey", "starts_at"), journey.starts_at, "weight")
    weights = [weight for block in journey.starts_at for weight in _as_list(block.weight)]
    if sum(weights) <= 0:
        yield ("journey", "starts_at"), "all weights are 0; journeys would never start"
    if journey.start not in stops:
        yield ("journey", "start"), _unknown("touchpoint", journey.start, list(stops))
        return
    reached = _closure({journey.start}, _named_ways(scenario))
    contacted = _contacted(scenario, reached)
    for name in stops:
        if name not in reached | contacted:
            yield ("touchpoints", name), f"is never reached from the journey's start '{journey.start}'"
    for goal in journey.goal:
        if goal in contacted - reached:
            yield ("journey", "goal"), f"'{goal}' is no stop of the journey, it is only contacted; it cannot be a goal"
    yield from _endless(scenario, reached)


def _endless(scenario: Scenario, reached: set[str]) -> Iterator[Finding]:
    """Circles of stops without a way out, each told once, at its first stop."""
    ways = _ways(scenario)
    lead_to = {name: _closure({name}, ways) for name in scenario.touchpoints}
    told: set[str] = set()
    for name, stops in lead_to.items():
        if name not in reached or name in told or END in stops or not stops <= set(lead_to):
            continue  # a way leads to the end, or to a stop that does not exist
        if all(name in lead_to[other] for other in stops):
            told |= stops
            circle = ", ".join(f"'{other}'" for other in lead_to if other in stops)
            yield ("touchpoints", name, "next"), f"the journey never ends: no way leads from {circle} to '{END}'"


def _named_ways(scenario: Scenario) -> dict[str, set[str]]:
    """Stops named as following each stop, also with probability 0: a lever may stand at 0."""
    ways = {name: set(stop.next) for name, stop in scenario.touchpoints.items()}
    for name, stop in scenario.touchpoints.items():
        if stop.failure is not None and stop.failure.next is not None:
            ways[name].add(stop.failure.next)
    return ways


def _ways(scenario: Scenario) -> dict[str, set[str]]:
    """Stops that can follow each stop with a probability above 0."""
    ways: dict[str, set[str]] = {}
    for name, stop in scenario.touchpoints.items():
        breaks_off = _chance_to_break_off(scenario, stop)
        ways[name] = set() if breaks_off >= 1 else {target for target, share in stop.next.items() if share > 0}
        if breaks_off > 0 and stop.failure is not None and stop.failure.next is not None:
            ways[name].add(stop.failure.next)
    return ways


def _chance_to_break_off(scenario: Scenario, stop: Touchpoint) -> float:
    """Chance that the journey leaves a stop by the way of failures; a definer that gets stuck goes it too."""
    if stop.failure is None or stop.failure.next is None or stop.flawless:
        return 0.0
    stuck = 0.0
    if stop.technology is not None and stop.technology.mode == "definer":
        is_on = scenario.mechanisms.get("technology", True)
        ratio = scenario.rules.get("technology_stuck", PARAMETER["technology_stuck"].value) if is_on else 0.0
        stuck = stop.technology.stuck_probability * ratio
    return max(stop.failure.probability, stuck)


def _contacted(scenario: Scenario, reached: set[str]) -> set[str]:
    targets: set[str] = set()
    for name in reached & set(scenario.touchpoints):
        stop = scenario.touchpoints[name]
        if stop.failure is not None and stop.failure.contact is not None:
            targets.add(stop.failure.contact)
        if isinstance(stop, Delivery) and stop.overdue_contact is not None:
            targets.add(stop.overdue_contact)
        if stop.technology is not None and stop.technology.contact is not None:
            targets.add(stop.technology.contact)
    return targets


def _closure(start: set[str], ways: dict[str, set[str]]) -> set[str]:
    seen, waiting = set(start), list(start)
    while waiting:
        for target in ways.get(waiting.pop(), ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


def _as_list(value: float | list[float]) -> list[float]:
    return value if isinstance(value, list) else [value]


def _per_hour(path: tuple[str, ...], blocks: Sequence[HourWeight | Shift], key: str) -> Iterator[Finding]:
    for index, block in enumerate(blocks):
        value, hours = getattr(block, key), len(hours_of(block.hours))
        if isinstance(value, list) and len(value) != hours:
            yield (*path, index, key), f"{len(value)} values for {hours} hours; allowed: one value, or one per hour"


def _desks(scenario: Scenario) -> Iterator[Finding]:
    visited = {stop.desk for stop in scenario.touchpoints.values() if isinstance(stop, DeskVisit)}
    for name, desk in scenario.desks.items():
        if name not in visited and visited <= set(scenario.desks):
            yield ("desks", name), "is no touchpoint's desk" + (f"; {hint}" if (hint := nearest(name, visited)) else "")
        yield from _per_hour(("desks", name, "shifts"), desk.shifts, "servers")
        if not any(value > 0 for _, _, servers in desk.planned() for value in _as_list(servers)):
            yield ("desks", name), "has no server at any hour: nobody would ever be served"
        if len(desk.service_by_hour) not in (0, 24):
            yield ("desks", name, "service_by_hour"), f"{len(desk.service_by_hour)} values; allowed: none, or 24"
        if desk.service.mean <= 0:
            yield ("desks", name, "service"), "read a mean of 0; allowed: more than 0"


def _durations(node: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Duration]]:
    """Every duration of the scenario with its path."""
    if isinstance(node, (DaysDuration, MinutesDuration)):
        yield path, node
    elif isinstance(node, BaseModel):
        for name in type(node).model_fields:
            yield from _durations(getattr(node, name), (*path, name))
    elif isinstance(node, dict):
        for name, value in node.items():
            yield from _durations(value, (*path, name))


def _spreads(scenario: Scenario) -> Iterator[Finding]:
    for path, duration in _durations(scenario):
        if duration.distribution == "lognormal" and duration.sd > 100 * duration.mean:
            yield (*path, "sd"), "is more than 100 times the mean; allowed: at most that"


def _interventions(scenario: Scenario) -> Iterator[Finding]:
    for name, intervention in scenario.interventions.items():
        if intervention.at >= scenario.horizon:
            yield ("interventions", name, "at"), f"starts after {intervention.at:g} days, beyond the horizon"
        if intervention.until is not None and intervention.until <= intervention.at:
            yield ("interventions", name, "until"), "ends before it starts"


def _size(scenario: Scenario) -> Iterator[Finding]:
    causes = sum(len(stop.causes) for stop in scenario.touchpoints.values() if isinstance(stop, Delivery))
    for name, most in LIMITS.items():
        where = {"causes": ("touchpoints",), "channels": ("company", "promises"),
                 "competitors": ("market", "competitors")}.get(name, (name,))  # fmt: skip
        count = {"causes": causes, "channels": len(scenario.company.promises),
                 "competitors": len(scenario.market.competitors)}.get(name)  # fmt: skip
        if count is None:
            count = len(getattr(scenario, name))
        if count > most:
            yield where, f"{count} {name}; allowed: at most {most}"
    needed, available = needed_bytes(scenario), available_bytes()
    if available and needed > available:
        yield (
            ("population", "customers"),
            f"needs about {needed / 2**30:.1f} GiB of memory; {available / 2**30:.1f} GiB are free on this machine",
        )


def _unusual(scenario: Scenario) -> Iterator[Finding]:
    for name, value in scenario.rules.items():
        parameter = PARAMETER[name]
        if not parameter.low <= value <= parameter.high:
            yield ("rules", name), f"{value:g} is outside the plausible range {parameter.low:g} to {parameter.high:g}"
    for path, duration in _durations(scenario):
        if duration.sd > 0 and duration.distribution != "lognormal":
            yield (*path, "sd"), f"is not used: the distribution is {duration.distribution}"
    if scenario.warm_up == 0:
        yield ("warm_up",), "without a warm-up the start of the simulation is measured too"
