"""Reference of file formats, command line and Python names, as Markdown, from the code itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]


def _cell(text: object) -> str:
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]) + "\n"


# File formats, from their JSON schema


def _refs(node: Any) -> Iterator[tuple[str, str]]:
    """Names of the parts that a value may hold, each with what the path to it gains."""
    if "$ref" in node:
        yield node["$ref"].rsplit("/", 1)[1], ""
    for key in ("anyOf", "allOf", "oneOf"):
        for option in node.get(key, []):
            yield from _refs(option)
    if isinstance(node.get("additionalProperties"), dict):
        for name, path in _refs(node["additionalProperties"]):
            yield name, ".NAME" + path
    if isinstance(node.get("items"), dict):
        for name, path in _refs(node["items"]):
            yield name, "[]" + path


def _places(schema: Schema) -> dict[str, list[str]]:
    """Paths at which each part of a format stands, the parts in the order in which they are met."""
    found: dict[str, list[str]] = {}
    waiting = [("", schema)]
    while waiting:
        path, node = waiting.pop(0)
        for key, value in node.get("properties", {}).items():
            for name, more in _refs(value):
                place = f"{path}.{key}{more}".removeprefix(".")
                known = found.setdefault(name, [])
                if not known:
                    waiting.append((place, schema["$defs"][name]))
                known.append(place)
    return found


def _words(name: str) -> str:
    return "".join(" " + letter.lower() if letter.isupper() else letter for letter in name).strip().capitalize()


def _title(name: str, places: list[str], schema: Schema) -> str:
    kind = schema["$defs"][name].get("properties", {}).get("kind", {}).get("const")
    if kind:
        return f"`{places[0]}`, kind `{kind}`"
    return f"`{places[0]}`" if len(set(places)) == 1 else _words(name)


def _range(node: Any) -> str:
    low = node.get("minimum", node.get("exclusiveMinimum"))
    high = node.get("maximum", node.get("exclusiveMaximum"))
    above = "above" if "exclusiveMinimum" in node else "from"
    if low is not None and high is not None:
        return f" {above} {low:,} to {high:,}"
    if low is not None:
        return f", {'more than' if above == 'above' else 'at least'} {low:,}"
    return f", at most {high:,}" if high is not None else ""


def _value(node: Any, bounds: Any = None) -> str:
    """What may be written, in words."""
    if "examples" in node:
        return f'text such as "{node["examples"][0]}"'
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[1]
        return f"[{_words(name).lower()}](#{name.lower()})"
    if "enum" in node or "const" in node:
        return ", ".join(f"`{choice}`" for choice in node.get("enum", [node.get("const")]))
    options = [option for key in ("anyOf", "allOf", "oneOf") for option in node.get(key, [])]
    if options:
        told = [_value(option, {**node, **option}) for option in options if option.get("type") != "null"]
        return " or ".join(dict.fromkeys(told))
    return _plain_value(node, node if bounds is None else bounds)


def _plain_value(node: Any, bounds: Any) -> str:
    kind = node.get("type")
    if kind == "array":
        return "list of: " + _value(node.get("items", {}))
    if kind == "object":
        inner = node.get("additionalProperties")
        return "by name: " + (_value(inner) if isinstance(inner, dict) and inner else "any value")
    words = {"integer": "whole number", "number": "number", "boolean": "`true` or `false`", "string": "text"}
    return words.get(str(kind), "any value") + (_range(bounds) if kind in ("integer", "number") else "")


def _default(key: str, node: Any, part: Schema) -> str:
    if key in part.get("required", []):
        return "**needed**"
    default = node.get("default")
    if default is None or default == "" or isinstance(default, (dict, list)):
        return ""
    return f"`{json.dumps(default) if isinstance(default, bool) else default}`"


def _fields(part: Schema, schema: Schema) -> str:
    rows = []
    for key, node in part.get("properties", {}).items():
        told = node.get("description", "")
        if not told and "$ref" in node:
            told = schema["$defs"][node["$ref"].rsplit("/", 1)[1]].get("description", "")
        rows.append((f"`{key}`", told, _value(node), _default(key, node, part)))
    return table(("key", "what it is", "what may stand there", "default"), rows)


def file_format(schema: Schema) -> str:
    """Every key of a file format: a section per part."""
    lines = ["### The file as a whole", "", _fields(schema, schema)]
    for name, places in _places(schema).items():
        part = schema["$defs"][name]
        if "properties" not in part:
            continue
        lines += [f"### {_title(name, places, schema)} {{ #{name.lower()} }}", "", part.get("description", ""), ""]
        shown = list(dict.fromkeys(places))
        if len(shown) > 1:
            lines += ["Stands at " + ", ".join(f"`{place}`" for place in shown[:6])
                      + (f" and {len(shown) - 6} more places." if len(shown) > 6 else "."), ""]  # fmt: skip
        lines += [_fields(part, schema)]
    return "\n".join(lines) + "\n"


def scenario_format() -> str:
    """The scenario format."""
    from cxsim.scenario.documents import json_schema, scenario_schema

    whole, of_editors = scenario_schema(), json_schema()  # the latter has all bounds, and room for variants
    needed = [key for key in whole["required"] if key != "factors"]  # every file starts from the default ones
    plain = {key: whole["properties"][key] for key in ("factors", "touchpoints")}
    return file_format(of_editors | {"required": needed, "properties": of_editors["properties"] | plain})


def experiment_format() -> str:
    """The experiment format."""
    from cxsim.studies.experiment import Experiment

    return file_format(Experiment.model_json_schema())


# The command line


def _told(parameter: Any) -> tuple[str, str, str]:
    if parameter.param_type_name == "argument":
        name = parameter.metavar or parameter.name.upper()
    else:
        is_switch = parameter.is_flag or isinstance(parameter.default, bool)
        name = ", ".join(parameter.opts) + ("" if is_switch else f" {parameter.metavar or parameter.name.upper()}")
    default = parameter.show_default if isinstance(parameter.show_default, str) else parameter.default
    plain = isinstance(default, (str, int, float)) and not isinstance(default, bool)
    return f"`{name}`", parameter.help or "", "**needed**" if parameter.required else str(default if plain else "")


def _command(name: str, command: Any) -> Iterator[str]:
    yield f"### `{name}`"
    yield ""
    yield (command.help or "").replace("\b", "").strip()
    yield ""
    rows = [_told(parameter) for parameter in command.params if parameter.name != "help"]
    if rows:
        yield table(("argument or option", "what it does", "default"), rows)
    for inner, each in getattr(command, "commands", {}).items():
        yield from _command(f"{name} {inner}", each)


def command_line() -> str:
    """Every command with its arguments and options, in the groups of `cxsim --help`."""
    import typer.main

    from cxsim.cli.main import app

    commands: dict[str, Any] = getattr(typer.main.get_command(app), "commands")  # noqa: B009
    lines: list[str] = []
    for panel in dict.fromkeys(command.rich_help_panel for command in commands.values()):
        lines += [f"## {panel}", ""]
        for name, command in commands.items():
            if command.rich_help_panel == panel:
                lines += _command(f"cxsim {name}", command)
    return "\n".join(lines) + "\n"


# Python


def public_names() -> str:
    """Every name of `cxsim.__all__`, written by mkdocstrings from its docstring."""
    import inspect

    import cxsim

    lines = []
    for name in sorted(cxsim.__all__, key=lambda name: (name[0].isupper(), name.lower())):
        home = inspect.getmodule(getattr(cxsim, name))
        assert home is not None
        options = [f"heading: cxsim.{name}", f"toc_label: cxsim.{name}", "heading_level: 2"]
        lines += [f"::: {home.__name__}.{name}", "    options:", *(f"      {option}" for option in options), ""]
    return "\n".join(lines)
