"""Levers, derived from the scenario's own format: every number, share, level, duration and switch in it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from cxsim.scenario.desks import Shift
from cxsim.scenario.parameters import MECHANISM, MECHANISMS, PARAMETERS
from cxsim.scenario.schema import Scenario
from cxsim.scenario.units import parse_days, parse_minutes, parse_per_year, parse_share

GROUPS = {
    "promises": "Promises and messages",
    "delivery": "Delivery",
    "desks": "Desks",
    "wow": "Wow moments",
    "service": "Service and its traits",
    "customers": "Customers",
    "market": "Market",
    "money": "Money",
    "science": "Rules of the model",
}
"""Groups of levers, in order, with their plain names."""

FIRST = (
    "company.promises.*.product", "company.promises.*.process", "company.implied", "touchpoints.*.promise.mean",
    "touchpoints.*.carrier.mean", "touchpoints.*.handling.mean", "company.tracking", "company.tells_early",
    "company.explains", "desks.*.servers", "desks.*.staffing", "desks.*.service.mean", "desks.*.resolution",
    "desks.*.patience", "desks.*.knows_history", "desks.*.tells_wait", "touchpoints.*.wow.probability",
    "touchpoints.*.traits.*", "touchpoints.*.failure.probability", "population.newcomers",
    "personas.*.journeys_per_year", "personas.*.urgent_share", "personas.*.patience", "market.reputation",
    "market.competitors.*", "market.best_in_class", "market.drift", "money.price", "money.unit_cost",
    "money.server_hour", "money.refund", "mechanisms.*",
)  # fmt: skip
"""What is shown first in each group; the rest of it comes after "show all"."""

_LEFT_OUT = ("format", "name", "title", "description", "start_weekday", "warm_up", "horizon", "replications", "seed",
             "rules", "mechanisms", "interventions", "record", "journey")  # fmt: skip
"""Parts that are no levers, or that come from a table of their own."""
_NO_LEVER = ("kind", "source", "label", "channel", "control", "moves", "predicted", "next", "share")
"""Fields that are no levers: names, and shares that must sum to 1 together."""
_UNIT_OF = {parse_days: "days", parse_minutes: "min", parse_per_year: "per year", parse_share: "share"}


@dataclass(frozen=True)
class Lever:
    """One value of a scenario that can be moved.

    Attributes:
        path: dotted path in the scenario.
        group: key of GROUPS.
        part: what it belongs to (a touchpoint, a desk, a persona), "" if nothing.
        label: plain name.
        help: what it means.
        source: where its value comes from.
        kind: number, switch, or choice.
        unit: unit of the number; shares are shown in percent.
        default: value in the scenario.
        low, high: ends of the slider.
        least, most: what the format allows, None without bound.
        step: step of the slider.
        whole: whether only whole numbers are allowed.
        options: allowed values of a choice.
        first: whether it is among those shown first.
    """

    path: str
    group: str
    part: str
    label: str
    help: str
    source: str
    kind: Literal["number", "switch", "choice"]
    unit: str
    default: float | bool | str
    low: float = 0.0
    high: float = 1.0
    least: float | None = None
    most: float | None = None
    step: float = 0.01
    whole: bool = False
    options: tuple[str, ...] = ()
    first: bool = False

    def text(self, value: float | bool | str) -> str:
        """A value as it is written after `--set PATH=`."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return value
        number = str(int(value)) if float(value).is_integer() else f"{value:.10g}"
        has_unit = self.unit in ("days", "min", "per year") and not self.path.startswith("rules.")
        return f"{number} {self.unit}" if has_unit else number


def levers_of(scenario: Scenario) -> list[Lever]:
    """Every lever of a scenario, in the order of its format."""
    found = [*_walk(scenario, (), scenario, _Part("", 0, "")), *_rules(scenario), *_mechanisms(scenario)]
    order, kinds = list(GROUPS), _group_of_stops(scenario)
    found = [replace(lever, group=kinds[lever.path.split(".")[1]])
             if lever.group == "service" and lever.path.startswith("touchpoints.") else lever
             for lever in found]  # fmt: skip
    return sorted(found, key=lambda lever: (order.index(lever.group), not lever.first))


@dataclass(frozen=True)
class _Part:
    """What values belong to: its plain name, where its own values begin in their paths, and its source."""

    label: str
    depth: int
    source: str


def _walk(node: BaseModel, path: tuple[str, ...], scenario: Scenario, part: _Part, about: str = "") -> Iterator[Lever]:
    for name, field in type(node).model_fields.items():
        here = (*path, name)
        if not path and name in _LEFT_OUT:
            continue
        if name in _NO_LEVER:
            continue
        if name in ("sd", "distribution") and getattr(node, "mean", 1) == 0:
            continue  # nothing has no spread
        if here[0] == "desks" and here[2:] == ("servers",) and _staffed_by_shift(scenario, here[1]):
            continue  # the shifts name their own numbers, so this one would move nothing
        value = getattr(node, name)
        if isinstance(value, BaseModel):
            yield from _walk(value, here, scenario, part, field.description or "")
        elif isinstance(value, Mapping):
            for key, entry in value.items():
                if isinstance(entry, BaseModel):
                    label = getattr(entry, "label", "") or key.replace("_", " ")
                    source = getattr(entry, "source", "") or part.source
                    yield from _walk(entry, (*here, key), scenario, _Part(label, len(here) + 1, source))
                elif isinstance(entry, (int, float)):
                    bounds = _metadata(get_args(field.annotation)[1])
                    yield _number((*here, key), field.description or "", entry, bounds, part,
                                  part.source or "this scenario")  # fmt: skip
        else:
            text = f"{about} {field.description or ''}".strip() or (type(node).__doc__ or "").split(";")[0]
            yield from _leaf(here, field, value, text, part)


def _staffed_by_shift(scenario: Scenario, desk: str) -> bool:
    shifts: list[Shift] = scenario.desks[desk].shifts
    return all(shift.servers is not None for shift in shifts)


def _origin(value: object, field: FieldInfo) -> str:
    return "default of the format" if value == field.get_default(call_default_factory=True) else "this scenario"


def _leaf(path: tuple[str, ...], field: FieldInfo, value: Any, text: str, part: _Part) -> Iterator[Lever]:
    name, source = ".".join(path), part.source or _origin(value, field)
    plain = {"label": _label(path, part), "help": text, "source": source, "first": _is_first(name)}
    if isinstance(value, bool):
        yield Lever(name, _group(path), part.label, kind="switch", unit="", default=value, **plain)  # type: ignore[arg-type]
    elif isinstance(value, (int, float)):
        yield _number(path, text, value, [*field.metadata, *_metadata(field.annotation)], part, source)
    elif isinstance(value, str) and get_origin(field.annotation) is Literal:
        options = tuple(get_args(field.annotation))
        yield Lever(name, _group(path), part.label, kind="choice", unit="", default=value, options=options, **plain)  # type: ignore[arg-type]


def _metadata(annotation: Any) -> list[Any]:
    """Constraints and validators of an annotated type, those of a field within included."""
    found: list[Any] = []
    for entry in getattr(annotation, "__metadata__", ()):
        found += entry.metadata if isinstance(entry, FieldInfo) else [entry]
    return found


def _number(path: tuple[str, ...], text: str, value: float, metadata: list[Any], part: _Part, source: str) -> Lever:
    units: dict[Any, str] = dict(_UNIT_OF)
    unit, least, most = "", None, None
    for entry in metadata:
        unit = units.get(getattr(entry, "func", None), unit)
        for name in ("ge", "gt"):
            least = getattr(entry, name, least) if getattr(entry, name, None) is not None else least
        for name in ("le", "lt"):
            most = getattr(entry, name, most) if getattr(entry, name, None) is not None else most
    least = 0.0 if least is None and unit else least
    low = float(least) if least is not None else min(value * 2, -1.0)
    near = most is not None and most <= max(2.0, 4 * value)
    high = float(most) if most is not None and near else _nice(max(3 * value, {"days": 10, "min": 10}.get(unit, 1.0)))
    whole = isinstance(value, int)
    step = 1.0 if whole else (0.01 if high - low <= 2 else _nice((high - low) / 200))
    if not whole and path[-1] == "servers":
        step = 1.0 if float(value).is_integer() else 0.1
        high = max(high, 10.0)
    return Lever(
        ".".join(path), _group(path), part.label, _label(path, part), text, source, "number",
        unit or ("level" if (low, high) == (0.0, 1.0) else ""), value, low, high,
        None if least is None else float(least), None if most is None else float(most), step, whole,
        first=_is_first(".".join(path)),
    )  # fmt: skip


def _nice(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50, ... that is not below."""
    power = 10.0 ** math.floor(math.log10(max(value, 1e-9)))
    return float(next(power * factor for factor in (1, 2, 5, 10) if power * factor >= value * (1 - 1e-9)))


def _label(path: tuple[str, ...], part: _Part) -> str:
    """Plain name of a value within the part it belongs to."""
    names = [name.replace("_", " ") for name in path[max(part.depth, 1) if len(path) > 1 else 0 :]]
    if names[-1] in ("mean", "sd", "distribution") and len(names) > 1:
        return f"{' '.join(names[:-1])} ({names[-1]})"
    return " ".join(names)


def _is_first(path: str) -> bool:
    return any(fnmatch(path, pattern) and path.count(".") == pattern.count(".") for pattern in FIRST)


def _group(path: tuple[str, ...]) -> str:
    top, rest = path[0], path[1:]
    if top == "company":
        return "delivery" if rest[0] in ("tracking", "tells_early", "explains") else "promises"
    if "wow" in rest:
        return "wow"
    return {"desks": "desks", "market": "market", "money": "money", "touchpoints": "service",
            "survey": "customers"}.get(top, "customers")  # fmt: skip


def _rules(scenario: Scenario) -> Iterator[Lever]:
    values = scenario.parameters()
    for parameter in PARAMETERS:
        value = values[parameter.name]
        if any(parameter.name in mechanism.off for mechanism in MECHANISMS if not _is_on(scenario, mechanism.name)):
            continue  # its mechanism is off, which holds it
        low, high = min(parameter.low, value), max(parameter.high, value)
        yield Lever(
            f"rules.{parameter.name}", "science", "", parameter.name.replace("_", " "), parameter.meaning,
            f"{parameter.source} ({_TAGS.get(parameter.tag, parameter.tag)})", "number", parameter.unit, value,
            low, high, step=_nice((high - low) / 200),
        )  # fmt: skip


_TAGS = {"V": "read in the source", "S": "secondary source", "G": "general knowledge", "D": "derived",
         "P": "a proposal, not a finding"}  # fmt: skip


def _is_on(scenario: Scenario, mechanism: str) -> bool:
    return scenario.mechanisms.get(mechanism, True)


def _mechanisms(scenario: Scenario) -> Iterator[Lever]:
    for name, mechanism in MECHANISM.items():
        off = ", ".join(f"{parameter} = {value:g}" for parameter, value in mechanism.off.items())
        yield Lever(
            f"mechanisms.{name}", "science", "", name.replace("_", " "), mechanism.meaning, f"off means {off}",
            "switch", "", _is_on(scenario, name), first=True,
        )  # fmt: skip


def _group_of_stops(scenario: Scenario) -> dict[str, str]:
    """Group of every touchpoint's levers, by its kind."""
    kinds = {"message": "promises", "delivery": "delivery", "desk": "desks"}
    return {name: kinds.get(stop.kind, "service") for name, stop in scenario.touchpoints.items()}


def value_at(scenario: Scenario, path: str) -> Any:
    """Value of a lever in a scenario."""
    top, _, name = path.partition(".")
    if top == "rules":
        return scenario.parameters()[name]
    if top == "mechanisms":
        return _is_on(scenario, name)
    node: Any = scenario
    for part in path.split("."):
        node = node[part] if isinstance(node, Mapping) else getattr(node, part)
    return node
