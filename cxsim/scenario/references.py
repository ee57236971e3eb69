"""Where a scenario names its own parts: touchpoints, desks, channels, factors; and names that the model knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cxsim.scenario.reading import ValuePath
from cxsim.scenario.schema import known_mechanisms, known_parameters
from cxsim.scenario.touchpoints import END, TRAITS

ANY, KEY, ENTRY = "*", "<key>", "<entry>"
REFERENCES: dict[tuple[str, ...], tuple[str, ...]] = {
    ("journey", "start"): ("touchpoints",),
    ("journey", "goal", ENTRY): ("touchpoints",),
    ("touchpoints", ANY, "next", KEY): ("touchpoints",),
    ("touchpoints", ANY, "failure", "next"): ("touchpoints",),
    ("touchpoints", ANY, "failure", "contact"): ("touchpoints",),
    ("touchpoints", ANY, "technology", "contact"): ("touchpoints",),
    ("touchpoints", ANY, "overdue_contact"): ("touchpoints",),
    ("touchpoints", ANY, "desk"): ("desks",),
    ("touchpoints", ANY, "channel"): ("company", "promises"),
    ("personas", ANY, "factors", KEY): ("factors",),
}
"""Values (and keys, and entries of lists) that are names of other parts, and where those stand."""
_ENDS = (("touchpoints", ANY, "next", KEY), ("touchpoints", ANY, "failure", "next"))
_CONTACTS = ("contact", "overdue_contact")


def names_for(path: ValuePath, data: Mapping[str, Any]) -> list[str] | None:
    """Names that may stand at a place (give KEY for a key of a mapping); None where anything may."""
    known = {("rules", KEY): known_parameters, ("mechanisms", KEY): known_mechanisms}
    if path in known:
        return known[path]()
    if len(path) == 4 and path[0] == "touchpoints" and path[2:] == ("traits", KEY):
        return list(TRAITS)
    for pattern, section in REFERENCES.items():
        if matches(path, pattern):
            found = value_at(data, section)
            names = list(found) if isinstance(found, Mapping) else []
            if path[-1] in _CONTACTS:
                stops = found if isinstance(found, Mapping) else {}
                names = [name for name, one in stops.items() if isinstance(one, Mapping) and one.get("kind") == "desk"]
            return [*names, END] if pattern in _ENDS else names
    return None


def named_at(data: Mapping[str, Any], section: tuple[str, ...], name: str) -> Iterator[ValuePath]:
    """Every place where a part of this section is named; the last part of a place is KEY for a key."""
    for pattern, pointed in REFERENCES.items():
        if pointed == section:
            yield from _found(data, pattern, (), name)


def matches(path: ValuePath, pattern: tuple[str, ...]) -> bool:
    """Whether a path is one of a pattern."""
    return len(path) == len(pattern) and all(
        one in (ANY, part) or (one == ENTRY and isinstance(part, int)) for part, one in zip(path, pattern, strict=True)
    )


def value_at(data: Any, path: ValuePath) -> Any:
    """Value at a path of plain data, None if there is none."""
    for part in path:
        if isinstance(data, Mapping):
            data = data.get(str(part))
        elif isinstance(data, list) and isinstance(part, int) and 0 <= part < len(data):
            data = data[part]
        else:
            return None
    return data


def _found(node: Any, pattern: tuple[str, ...], path: ValuePath, name: str) -> Iterator[ValuePath]:
    if not pattern:
        if node == name:
            yield path
        return
    first, rest = pattern[0], pattern[1:]
    if first == KEY:
        if isinstance(node, Mapping) and name in node:
            yield (*path, KEY)
    elif first == ENTRY:
        for place, entry in enumerate(node if isinstance(node, list) else []):
            if entry == name:
                yield (*path, place)
    elif isinstance(node, Mapping):
        for key in list(node) if first == ANY else [first]:
            if key in node:
                yield from _found(node[key], rest, (*path, key), name)
