"""As much of JSON schema as cxsim's own schema uses, so that tests need no further package."""

from __future__ import annotations

from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "number": (int, float), "integer": (int,), "boolean": (bool,), "object": (dict,),
    "array": (list,), "null": (type(None),),
}  # fmt: skip
KNOWN = {
    "$ref", "$defs", "anyOf", "oneOf", "type", "const", "enum", "properties", "additionalProperties", "required",
    "items", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "pattern", "minProperties",
    "discriminator", "title", "description", "default", "examples",
}  # fmt: skip


def complaints(value: Any, node: dict[str, Any], root: dict[str, Any], path: str = "") -> list[str]:
    """What of `value` the schema does not allow."""
    if "$ref" in node:
        return complaints(value, root["$defs"][node["$ref"].rsplit("/", 1)[1]], root, path)
    found: list[str] = []
    options = node.get("anyOf") or node.get("oneOf")
    if options and all(complaints(value, option, root, path) for option in options):
        found.append(f"{path}: {value!r} fits no option")
    if "type" in node and not _is(value, node["type"]):
        return [f"{path}: {value!r} is no {node['type']}"]
    if ("const" in node and value != node["const"]) or ("enum" in node and value not in node["enum"]):
        found.append(f"{path}: {value!r} is not among the allowed values")
    if isinstance(value, (int, float)):
        found += [f"{path}: {value!r} is out of bounds"] * (not _within(value, node))
    if isinstance(value, dict):
        properties = node.get("properties", {})
        others = node.get("additionalProperties", True)
        found += [f"{path}: {key} is missing" for key in node.get("required", []) if key not in value]
        for key, entry in value.items():
            if key in properties:
                found += complaints(entry, properties[key], root, f"{path}.{key}")
            elif isinstance(others, dict):
                found += complaints(entry, others, root, f"{path}.{key}")
            elif others is False:
                found.append(f"{path}: unknown key {key}")
    if isinstance(value, list) and "items" in node:
        for index, entry in enumerate(value):
            found += complaints(entry, node["items"], root, f"{path}[{index}]")
    return found


def unknown_keywords(node: Any, within_names: bool = False) -> set[str]:
    """Keywords of a schema that this checker (or JSON schema) does not know."""
    if isinstance(node, list):
        return set().union(*(unknown_keywords(entry) for entry in node))
    if not isinstance(node, dict):
        return set()
    found = set() if within_names else {key for key in node if key not in KNOWN}
    for key, value in node.items():
        if within_names or key not in ("default", "examples", "discriminator", "const", "enum"):
            found |= unknown_keywords(value, not within_names and key in ("properties", "$defs"))
    return found


def _is(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, TYPES[name]) or (name == "integer" and isinstance(value, float) and value.is_integer())


def _within(value: float, node: dict[str, Any]) -> bool:
    return (
        node.get("minimum", value) <= value <= node.get("maximum", value)
        and ("exclusiveMinimum" not in node or value > node["exclusiveMinimum"])
        and ("exclusiveMaximum" not in node or value < node["exclusiveMaximum"])
    )
