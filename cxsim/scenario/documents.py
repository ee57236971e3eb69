"""What a scenario may hold, as a JSON schema; and where two scenarios differ."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from cxsim.scenario.reading import ValuePath, dotted
from cxsim.scenario.schema import Scenario


@functools.cache
def scenario_schema() -> dict[str, Any]:
    """JSON schema of a validated scenario, as pydantic gives it."""
    return TypeAdapter(Scenario).json_schema(mode="validation")


def _resolve(node: Any, schema: dict[str, Any]) -> dict[str, Any]:
    while isinstance(node, dict) and "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
    for key in ("anyOf", "allOf"):
        if isinstance(node, dict) and key in node:
            options = [_resolve(option, schema) for option in node[key]]
            node = next((option for option in options if "properties" in option), node)
    return node if isinstance(node, dict) else {}


def _step_into(node: Any, part: str, schema: dict[str, Any]) -> Any:
    node = _resolve(node, schema)
    if part in node.get("properties", {}):
        return node["properties"][part]
    mapping = node.get("discriminator", {}).get("mapping", {})
    if part in mapping:
        return {"$ref": mapping[part]}
    if "items" in node:
        return node["items"]
    if isinstance(node.get("additionalProperties"), dict):
        return node["additionalProperties"]
    return node


def fields_near(loc: Sequence[str | int]) -> list[str]:
    """Names allowed where `loc` points to, found by walking the JSON schema; at the top a file may extend another."""
    schema = scenario_schema()
    node: Any = schema
    for part in loc[:-1]:
        node = _step_into(node, str(part), schema)
    node = _resolve(node, schema)
    names = list(node.get("properties", {}))
    return names if len(loc) > 1 else ["extends", *names]


def json_schema() -> dict[str, Any]:
    """JSON schema of the scenario format, for editors; allows `extends`, what varies with it, and a file of factors."""
    schema: dict[str, Any] = {**_with_bounds(scenario_schema()), "title": "cxsim scenario", "required": []}
    schema["properties"] = {
        "extends": {"type": "string", "description": "Scenario file that this one varies."},
        **schema["properties"],
    }
    factors = schema["properties"]["factors"]
    schema["properties"]["factors"] = {"anyOf": [{"type": "string"}, factors], "description": factors["description"]}
    stops = schema["properties"]["touchpoints"]
    stops["additionalProperties"] = {"anyOf": [stops["additionalProperties"], _part_of_a_stop(schema)]}
    return schema


def _part_of_a_stop(schema: dict[str, Any]) -> dict[str, Any]:
    """What varies a touchpoint of the scenario that is extended: any of its keys but the kind, which it has already."""
    stops = schema["properties"]["touchpoints"]["additionalProperties"]["oneOf"]
    keys: dict[str, Any] = {key: {} for stop in stops for key in _resolve(stop, schema)["properties"] if key != "kind"}
    return {"type": "object", "properties": keys, "additionalProperties": False,
            "description": "Changes to a touchpoint of the scenario that this one extends."}  # fmt: skip


_BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}


def _with_bounds(node: Any) -> Any:
    """JSON schema with the bounds that pydantic leaves under its own names."""
    if isinstance(node, list):
        return [_with_bounds(entry) for entry in node]
    if isinstance(node, dict):
        return {_BOUNDS.get(key, key): _with_bounds(value) for key, value in node.items()}
    return node


def difference(first: Scenario, second: Scenario) -> list[tuple[str, Any, Any]]:
    """Dotted paths at which two scenarios differ, with both values (None where absent)."""

    def flat(node: Any, path: ValuePath) -> dict[str, Any]:
        if isinstance(node, dict):
            merged: dict[str, Any] = {}
            for key, value in node.items():
                merged |= flat(value, (*path, key))
            return merged
        return {dotted(path): node}

    left, right = flat(first.document(), ()), flat(second.document(), ())
    paths = [*left, *(path for path in right if path not in left)]
    return [(path, left.get(path), right.get(path)) for path in paths if left.get(path) != right.get(path)]
