"""Forms of a scenario's parts, derived from its schema: names, meanings, units, ranges, defaults and what is wrong."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ruamel.yaml import YAML

from cxsim.scenario.documents import json_schema
from cxsim.scenario.errors import ScenarioError
from cxsim.scenario.loading import Checked
from cxsim.scenario.reading import ValuePath, dotted, parse_set
from cxsim.scenario.references import KEY, names_for, value_at
from cxsim.scenario.touchpoints import KINDS

Kind = Literal["text", "choice", "group", "duration", "optional", "map", "list"]
Schema = dict[str, Any]
_NO_FIELD = ("extends",)
_STARTS: dict[str, Any] = {"promise": "5 days", "handling": "1 day", "carrier": "3 days", "at": "30 days"}
"""What new parts start with where the schema demands a value and has no default."""


@dataclass(frozen=True)
class Field:
    """One field of a form.

    Attributes:
        path: where its value stands.
        label: its name in words.
        help: what it means.
        kind: how it is edited.
        own: what the text says, "" if nothing.
        holds: what holds where the text says nothing.
        allowed: unit and range.
        options: values to choose from, with their names.
        problem: what is wrong with it.
        required: whether it must have a value.
        is_there: whether an optional group is there.
        parts: fields within it.
        add: names that can be added to a mapping; None if any.
        entry: whether it is an entry of a mapping or list, which can be removed.
    """

    path: ValuePath
    label: str
    help: str
    kind: Kind
    own: str = ""
    holds: str = ""
    allowed: str = ""
    options: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    required: bool = False
    is_there: bool = True
    parts: tuple[Field, ...] = field(default=())
    add: tuple[str, ...] | None = None
    entry: bool = False


def in_words(name: object) -> str:
    """A name of the format as people read it."""
    text = "spread (sd)" if name == "sd" else re.sub(" sd$", " (sd)", str(name).replace("_", " "))
    return text[:1].upper() + text[1:]


def value_text(value: Any) -> str:
    """A value as it is written in a field."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)
    yaml, stream = YAML(), io.StringIO()
    yaml.default_flow_style, yaml.width = True, 4096
    yaml.dump(value, stream)
    return stream.getvalue().strip()


class Forms:
    """Forms of a text as far as it could be read.

    Args:
        checked: the text.
    """

    def __init__(self, checked: Checked) -> None:
        self.own, self.data, self.below = checked.own, checked.data, checked.below
        self.problems = checked.problems
        self.schema: Schema = json_schema()

    def resolved(self, node: Schema) -> Schema:
        """A schema with what it refers to; what stands beside the reference wins."""
        while "$ref" in node:
            target = self.schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
            node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
        return node

    def options(self, node: Schema) -> list[Schema]:
        """All that a value may be."""
        node = self.resolved(node)
        if "anyOf" not in node:
            return [node]
        return [option for one in node["anyOf"] for option in self.options(one)]

    def model(self, node: Schema) -> Schema | None:
        """The part with fields that a value may be."""
        return next((one for one in self.options(node) if "properties" in one), None)

    def schema_at(self, path: ValuePath) -> Schema:
        """Schema of a place; {} where the format knows none."""
        node: Schema = self.schema
        for depth, part in enumerate(path):
            node = self._below(node, part, path[:depth])
            if not node:
                return {}
        if path[:1] == ("touchpoints",) and len(path) == 2:
            return self._of_kind(path)
        return node

    def _below(self, node: Schema, part: str | int, path: ValuePath) -> Schema:
        node = self._of_kind(path) if len(path) == 2 and path[0] == "touchpoints" else self.resolved(node)
        for one in self.options(node):
            if part in one.get("properties", {}):
                return dict(one["properties"][part])
            if isinstance(part, int) and "items" in one:
                return dict(one["items"])
            more = one.get("additionalProperties")
            if "properties" not in one and more is not None and more is not False:
                return dict(more) if isinstance(more, dict) else {"title": str(part)}
        return {}

    def _of_kind(self, path: ValuePath) -> Schema:
        kinds = self.kinds()
        stop = value_at(self.data, path)
        kind = stop.get("kind") if isinstance(stop, Mapping) else None
        return self.resolved({"$ref": kinds.get(str(kind), next(iter(kinds.values())))})

    def kinds(self) -> dict[str, str]:
        """Kinds of touchpoints, with where their schema stands."""
        stops = self.schema["properties"]["touchpoints"]["additionalProperties"]
        node = next(one for one in stops.get("anyOf", [stops]) if "discriminator" in one)
        return {kind: node["discriminator"]["mapping"][kind] for kind in KINDS}

    def effective(self, path: ValuePath) -> Any:
        """What holds at a place: what is written or extended, else the default."""
        found = value_at(self.data, path)
        if found is not None:
            return found
        node = self.schema_at(path)
        if path and value_at(self.data, path[:-1]) is None:
            whole = self.effective(path[:-1])
            if isinstance(whole, (Mapping, list)):
                return value_at(whole, path[-1:])
        return node.get("default")

    def first_name(self, path: ValuePath) -> str:
        """Name of the value that stands for a part where it is written as a single value: the mean of a duration."""
        model = self.model(self.schema_at(path))
        return str(next(iter(model["properties"]))) if model else ""

    def fields(self, path: ValuePath) -> list[Field]:
        """Fields of a part; of the scenario itself for the empty path, without its parts."""
        model = self.schema if not path else self.model(self.schema_at(path))
        if model is None:
            return [self.describe(path)] if self.schema_at(path) else []
        names = [name for name in model["properties"] if name not in _NO_FIELD]
        if not path:
            names = [name for name in names if self.is_single((name,))]
        first = ("label", "kind", "desk", "channel", "promise", "handling", "carrier", "next")
        names.sort(key=lambda name: first.index(name) if name in first else len(first))
        return [self.describe((*path, name), name in model.get("required", [])) for name in names]

    def is_single(self, path: ValuePath) -> bool:
        """Whether a place holds a single value."""
        options = self.options(self.schema_at(path))
        return not any("properties" in one or "additionalProperties" in one or "oneOf" in one for one in options)

    def describe(self, path: ValuePath, required: bool = False, entry: bool = False) -> Field:
        """The field of a place."""
        node = self.schema_at(path)
        options, model = self.options(node), self.model(node)
        types = {str(one.get("type", "")) for one in options}
        label, about = in_words(path[-1]), str(node.get("description") or (model or {}).get("description", ""))
        told: dict[str, Any] = {"path": path, "label": label, "help": about, "required": required, "entry": entry}
        if isinstance(path[-1], int):
            told["label"], told["help"] = f"{path[-1] + 1}.", ""
        own, effective = value_at(self.own, path), self.effective(path)
        is_list_of_parts = "array" in types and any(self.model(one.get("items", {})) for one in options)
        mapping = next((one for one in options if one.get("additionalProperties") and "properties" not in one), None)
        if is_list_of_parts and isinstance(effective, (list, type(None))):
            count = range(len(effective or []))
            parts = tuple(self.describe((*path, place), entry=True) for place in count)
            return Field(**told, kind="list", parts=parts, problem=self.told(path))
        if mapping is not None and isinstance(effective, (Mapping, type(None))):
            keys = [str(key) for key, value in (effective or {}).items() if value is not None]
            parts = tuple(self.describe((*path, key), entry=True) for key in keys)
            names = names_for((*path, KEY), self.data)
            add = None if names is None else tuple(name for name in names if name not in keys)
            return Field(**told, kind="map", parts=parts, add=add, problem=self.told(path))
        is_group = model is not None and isinstance(effective, (Mapping, type(None)))
        if is_group or self._is_either(options, effective):
            return self._group(told, path, types, effective)
        return Field(
            **told, kind="choice" if (choices := self.choices(path, options)) else "text", own=value_text(own),
            holds=value_text(effective) if own is None else "", allowed=_allowed(node, options), options=choices,
            problem=self.told(path, below=True),
        )  # fmt: skip

    @staticmethod
    def _is_either(options: list[Schema], effective: Any) -> bool:
        """Whether a part that is written as a single value stands here."""
        has_model = any("properties" in one for one in options)
        return has_model and len(options) > 1 and isinstance(effective, (str, int, float))

    def _group(self, told: dict[str, Any], path: ValuePath, types: set[str], effective: Any) -> Field:
        parts = self.fields(path)
        if "null" in types:
            return Field(**told, kind="optional", is_there=effective is not None, problem=self.told(path),
                         parts=tuple(parts) if effective is not None else ())  # fmt: skip
        if effective is not None and not isinstance(effective, Mapping):  # as one value: "5 days"
            own = value_text(value_at(self.own, path))
            first = Field(path=path, label=parts[0].label, help=parts[0].help, kind="text", own=own,
                          holds="" if own else value_text(effective), allowed=parts[0].allowed,
                          problem=self.told(path, below=True))  # fmt: skip
            rest = [Field(**{**one.__dict__, "own": "", "holds": "fixed" if one.path[-1] == "distribution" else
                             value_text(self.schema_at(one.path).get("default"))}) for one in parts[1:]]  # fmt: skip
            return Field(**told, kind="duration", parts=(first, *rest))
        kind: Kind = "duration" if "string" in types else "group"
        return Field(**told, kind=kind, parts=tuple(parts), problem=self.told(path))

    def choices(self, path: ValuePath, options: Sequence[Schema]) -> tuple[tuple[str, str], ...]:
        """Values that a field chooses from, with their names; () where it is free."""
        if path[:1] == ("touchpoints",) and len(path) == 3 and path[2] == "kind":
            return tuple((kind, in_words(kind)) for kind in self.kinds())
        names = names_for(path, self.data)
        if names is not None:
            now = value_text(value_at(self.own, path))
            extra = [now] if now and now not in names else []
            return tuple((name, name) for name in [*names, *extra])
        if any(one.get("type") == "boolean" for one in options):
            return (("true", "yes"), ("false", "no"))
        allowed = [value for one in options for value in one.get("enum", [])]
        return tuple((value_text(value), in_words(value)) for value in allowed)

    def told(self, path: ValuePath, below: bool = False) -> str:
        """What is wrong at a place, and below it where that has no fields of its own."""
        here = dotted(path)
        return " ".join(
            f"{problem.sentence[:1].upper()}{problem.sentence[1:]}." for problem in self.problems
            if problem.path == here or (below and problem.path.startswith((f"{here}.", f"{here}[")))
        )  # fmt: skip

    def read(self, path: ValuePath, text: str) -> Any:
        """What is typed in a field, as the value it stands for."""
        types = {one.get("type") for one in self.options(self.schema_at(path)) if one.get("const") != 0}
        has_unit = "examples" in self.schema_at(path)
        if types <= {"string", "null"} and not has_unit:
            return text
        try:
            return parse_set(f"value={text}")[1]
        except ScenarioError:
            return text  # no YAML: told as the text that was read

    def starting(self, path: ValuePath) -> Any:
        """What a new part starts with: what the schema demands, by default or by the first of what is allowed."""
        node = self.schema_at(path)
        model = self.model(node)
        name = str(path[-1]) if path else ""
        if name in _STARTS:
            return _STARTS[name]
        if model is not None:
            if len(self.options(node)) > 1 and "null" not in {one.get("type") for one in self.options(node)}:
                return self.starting((*path, self.first_name(path)))
            return {key: self.starting((*path, key)) for key in model.get("required", [])}
        options = self.options(node)
        choices = self.choices(path, options)
        if choices:
            return self.read(path, choices[0][0])
        if node.get("examples"):
            return node["examples"][0]
        types = {one.get("type") for one in options}
        least: dict[str, Any] = {"number": max(node.get("minimum", 0), 0), "object": {}, "array": []}
        return next((value for kind, value in least.items() if kind in types), "new")


def _allowed(node: Schema, options: Sequence[Schema]) -> str:
    """Unit and range of a value."""
    bounds = {key: value for one in [node, *options] for key, value in one.items()
              if key in ("minimum", "maximum", "exclusiveMinimum")}  # fmt: skip
    low, high = bounds.get("minimum"), bounds.get("maximum")
    types = {one.get("type") for one in options}
    if node.get("examples"):
        return f'with its unit, e.g. "{node["examples"][0]}"'
    if low is not None and high is not None:
        percent = ', or "3 %"' if types >= {"number", "string"} else ""
        return f"{low:g} to {high:g}{percent}" if high < 1e15 else f"at least {low:g}"
    if "exclusiveMinimum" in bounds:
        return f"more than {bounds['exclusiveMinimum']:g}"
    if low is not None:
        return f"at least {low:g}"
    return "list such as [one, two]" if "array" in types else ""
