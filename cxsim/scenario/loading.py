"""Reading scenarios: files, `extends`, overrides; every problem told with file, line and path."""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import functools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from cxsim.scenario.checks import check
from cxsim.scenario.errors import Problem, ScenarioError, exists, nearest
from cxsim.scenario.schema import END, KINDS, DaysDuration, Scenario

Place = tuple[str, int]
Path_ = tuple[str | int, ...]
MOST_NESTED, MOST_VALUES = 32, 100_000
"""No scenario is nested deeper or holds more values; a file that does is refused before it fills the memory."""


class _Layered:
    """Plain data merged from several files, and where every value was read."""

    def __init__(self) -> None:
        self.data: dict[str, Any] = {}
        self.places: dict[Path_, Place] = {}

    def place(self, path: Path_) -> Place:
        """File and line of the value at `path`, or of what encloses it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, ("", 0))

    def merge(self, data: Mapping[str, Any], places: Mapping[Path_, Place]) -> None:
        """Lay `data` over what is there: mappings are merged, all else replaced, null removes."""
        self._merge_into(self.data, data, (), places)
        if () in places:
            self.places[()] = places[()]

    def _merge_into(
        self, target: dict[str, Any], data: Mapping[str, Any], path: Path_, places: Mapping[Path_, Place]
    ) -> None:
        if len(path) > MOST_NESTED:
            raise ScenarioError([Problem(_dotted(path[:3]), f"is nested more than {MOST_NESTED} deep")])
        for name, value in data.items():
            key = str(name)
            here = (*path, key)
            if here in places:
                self.places[here] = places[here]
            else:
                self.places.pop(here, None)  # what was read elsewhere no longer holds
            if value is None:
                if target.pop(key, None) is None:
                    target[key] = None  # nothing to remove: told, except where a value may be absent
                continue
            if isinstance(value, Mapping):
                if not isinstance(target.get(key), dict):
                    target[key] = {}
                self._merge_into(target[key], value, here, places)
            else:
                target[key] = value
                for deeper, place in places.items():
                    if deeper[: len(here)] == here:
                        self.places[deeper] = place


@dataclass(frozen=True)
class _Odd:
    """A YAML value that no scenario can use; told wherever it is met."""

    sentence: str

    def __str__(self) -> str:
        return self.sentence


def _plain(node: Any, file: str, path: Path_, places: dict[Path_, Place]) -> Any:
    """Plain data of a YAML node; notes the line of every key and entry."""
    if len(path) > MOST_NESTED:
        raise ScenarioError([Problem(_dotted(path[:3]), f"is nested more than {MOST_NESTED} deep", file)])
    if len(places) > MOST_VALUES:
        raise ScenarioError([Problem("", f"holds more than {MOST_VALUES} values", file)])
    if isinstance(node, CommentedMap):
        for key in node:
            if key in (node.lc.data or {}):  # a key merged in by "<<" has no line of its own
                places[(*path, str(key))] = (file, node.lc.key(key)[0] + 1)
        return {str(key): _plain(value, file, (*path, str(key)), places) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        for index in range(len(node)):
            if index in (node.lc.data or {}):
                places[(*path, index)] = (file, node.lc.item(index)[0] + 1)
        return [_plain(value, file, (*path, index), places) for index, value in enumerate(node)]
    if isinstance(node, bool) or node is None:
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    if isinstance(node, dt.date):
        return _Odd(f"read the date {node}; write it as text in quotes")
    return _Odd("read a value with a YAML tag ('!'); allowed: plain values, or text in quotes")


def read_yaml(file: Path) -> tuple[dict[str, Any], dict[Path_, Place]]:
    """Plain data of a YAML file and the line of every value.

    Raises:
        ScenarioError: the file is missing, unreadable, not YAML, or no mapping.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        neighbours = [path.name for path in file.parent.glob("*.yaml")] if file.parent.is_dir() else []
        hint = nearest(file.name, neighbours)
        raise ScenarioError([Problem("", "no such file" + (f"; {hint}" if hint else ""), str(file))]) from None
    except UnicodeDecodeError:
        raise ScenarioError([Problem("", "is not text in UTF-8", str(file))]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ScenarioError([Problem("", f"cannot be read: {reason}", repr(str(file))[1:-1])]) from None
    return _parse_yaml(text, str(file))


def _parse_yaml(text: str, file: str) -> tuple[dict[str, Any], dict[Path_, Place]]:
    try:
        node = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        sentence = (error.problem or "cannot be read as YAML").splitlines()[0]
        raise ScenarioError([Problem("", f"not valid YAML: {sentence}", file, line)]) from None
    except RecursionError:
        raise ScenarioError([Problem("", f"is nested more than {MOST_NESTED} deep", file)]) from None
    except (YAMLError, ValueError) as error:
        raise ScenarioError([Problem("", f"not valid YAML: {str(error).splitlines()[0]}", file)]) from None
    if not isinstance(node, CommentedMap):
        raise ScenarioError([Problem("", "is not a mapping of keys to values", file)])
    places: dict[Path_, Place] = {(): (file, 0)}
    data: dict[str, Any] = _plain(node, file, (), places)
    return data, places


def parse_set(text: str) -> tuple[str, Any]:
    """Path and value of an override such as "desks.support.servers=8"; the value is read as YAML."""
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise ScenarioError([Problem("", f"read {text!r}; write path=value, such as desks.support.servers=8", "--set")])
    if not value.strip():
        raise ScenarioError([Problem(path.strip(), "has no value; write null to remove it", "--set")])
    try:
        plain = _plain(YAML(typ="rt").load(value), "--set", (), {})
    except (YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, ScenarioError):
            raise
        raise ScenarioError([Problem(path.strip(), f"value {_short(value)} is not valid YAML", "--set")]) from None
    if isinstance(plain, _Odd):
        raise ScenarioError([Problem(path.strip(), plain.sentence, "--set")])
    return path.strip(), plain


def load(source: str | Path | Mapping[str, Any] | Scenario, overrides: Mapping[str, Any] | None = None) -> Scenario:
    """Load a scenario.

    Args:
        source: file, plain data, or a scenario to vary.
        overrides: values by dotted path, e.g. {"desks.support.servers": 8}.

    Raises:
        ScenarioError: with every problem found.
    """
    return load_with_notes(source, overrides)[0]


def load_with_notes(
    source: str | Path | Mapping[str, Any] | Scenario, overrides: Mapping[str, Any] | None = None
) -> tuple[Scenario, list[Problem]]:
    """As `load`; also returns notes on values that are possible but unusual."""
    layered = _Layered()
    if isinstance(source, Scenario):
        layered.data = source.model_dump(mode="json")
    elif isinstance(source, Mapping):
        _add_layers(layered, dict(source), {(): ("", 0)}, Path.cwd(), ())
    else:
        data, places = read_yaml(Path(source))
        _add_layers(layered, data, places, Path(source).parent, (Path(source).resolve(),))
    _apply_overrides(layered, overrides or {})
    return _validate(layered)


def _add_layers(
    layered: _Layered, data: dict[str, Any], places: dict[Path_, Place], folder: Path, chain: tuple[Path, ...]
) -> None:
    """Add what `data` extends (or the defaults), then `data` itself."""
    parent = data.pop("extends", None)
    if parent is not None:
        file = _named_file(folder, parent, "extends", places)
        if file.resolve() in chain:
            raise ScenarioError([Problem("extends", f"'{parent}' extends itself", *places.get(("extends",), ("", 0)))])
        parent_data, parent_places = read_yaml(file)
        _add_layers(layered, parent_data, parent_places, file.parent, (*chain, file.resolve()))
    factors = data.get("factors")
    if isinstance(factors, str):
        data["factors"], factor_places = read_yaml(_named_file(folder, factors, "factors", places))
        layered.data.pop("factors", None)
        places |= {("factors", *path): place for path, place in factor_places.items()}
    elif parent is None:
        layered.merge({"factors": default_factors()}, {("factors",): ("factors.yaml of cxsim", 0)})
    layered.merge(data, places)


def _named_file(folder: Path, name: object, key: str, places: Mapping[Path_, Place]) -> Path:
    """File that a scenario names; what is wrong with the name is told where the name stands."""
    sentence = ""
    if not isinstance(name, str) or not name.strip() or "\0" in name:
        sentence = f"read {_short(name)}; allowed: the name of a YAML file"
    elif not exists(folder / name):
        hint = nearest(Path(name).name, [path.name for path in (folder / name).parent.glob("*.yaml")])
        sentence = f"no such file '{name}'" + (f"; {hint}" if hint else "")
    if sentence:
        raise ScenarioError([Problem(key, sentence, *places.get((key,), ("", 0)))])
    return folder / str(name)


def default_factors() -> dict[str, Any]:
    """The ten factors that come with cxsim, as plain data."""
    return copy.deepcopy(_read_default_factors())


@functools.cache
def _read_default_factors() -> dict[str, Any]:
    text = resources.files("cxsim.scenario").joinpath("factors.yaml").read_text(encoding="utf-8")
    return _parse_yaml(text, "factors.yaml of cxsim")[0]


def _apply_overrides(layered: _Layered, overrides: Mapping[str, Any]) -> None:
    """Set values by dotted path; what the path does not name keeps its value, also where that is a default."""
    if not overrides:
        return
    with contextlib.suppress(ValidationError):  # told later, together with what the overrides bring
        layered.data = Scenario.model_validate(layered.data).model_dump(mode="json")
    problems = []
    for dotted, value in overrides.items():
        parts = tuple(dotted.split("."))
        obstacle = _open_way(layered.data, parts)
        if obstacle:
            problems.append(Problem(dotted, obstacle, "--set"))
            continue
        nested: Any = value
        for part in reversed(parts):
            nested = {part: nested}
        layered.merge(nested, {parts[:depth]: ("--set", 0) for depth in range(1, len(parts) + 1)})
    if problems:
        raise ScenarioError(problems)


def _open_way(data: dict[str, Any], parts: Sequence[str]) -> str:
    """Prepare the mappings on the way to an overridden value; returns what stands in the way, "" if nothing does."""
    node: Any = data
    for part, below in pairwise(parts):
        if isinstance(node.get(part), str) and below in DaysDuration.model_fields:
            node[part] = {"mean": node[part], "distribution": "fixed"}  # a duration in text becomes one with parts
        node = node.get(part)
        if node is None:
            return ""
        if isinstance(node, list):
            return f"leads into the list '{part}'; override the whole list"
        if not isinstance(node, dict):
            return f"'{part}' is the single value {_short(node)}; nothing lies below it"
    if parts[-1] == "sd" and node.get("distribution") == "fixed" and "mean" in node:
        del node["distribution"]  # whoever gives a fixed duration a spread wants it to vary
    return ""


def _validate(layered: _Layered) -> tuple[Scenario, list[Problem]]:
    try:
        scenario = Scenario.model_validate(layered.data)
    except ValidationError as error:
        raise ScenarioError(_problems_of(error, layered)) from None
    problems, notes = check(scenario)
    if problems:
        raise ScenarioError(_in_order(_placed(path, sentence, layered) for path, sentence in problems))
    if scenario.interventions:
        _check_interventions(scenario, layered)
    return scenario, [_placed(path, sentence, layered) for path, sentence in notes]


def _check_interventions(scenario: Scenario, layered: _Layered) -> None:
    from cxsim.scenario.timeline import timeline  # which loads the scenarios in force

    try:
        timeline(scenario)
    except ScenarioError as error:
        found = (_placed(tuple(problem.path.split(".")), problem.sentence, layered) for problem in error.problems)
        raise ScenarioError(_in_order(found)) from None


def _placed(path: Path_, sentence: str, layered: _Layered) -> Problem:
    return Problem(_dotted(path), sentence, *layered.place(path))


def _dotted(path: Sequence[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _problems_of(error: ValidationError, layered: _Layered) -> list[Problem]:
    """One problem per error of pydantic, in plain words, at its true path, in the order of the file."""
    problems: dict[tuple[str, str], Problem] = {}
    for detail in error.errors(include_url=False):
        path = _true_path(detail["loc"], layered.data)
        if _is_other_branch(detail, path):
            continue
        problem = _placed(path, _sentence(detail, path), layered)
        problems.setdefault((problem.path, problem.sentence), problem)
    return _in_order(problems.values())


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.file, problem.line))


def _is_other_branch(detail: Any, path: Path_) -> bool:
    """Whether pydantic tells of the branch "list" of a union where one number was written, or the other way round."""
    branch = detail["loc"][-1] if detail["loc"] else ""
    if path[-1:] == (branch,) or not isinstance(branch, str):
        return False
    return isinstance(detail["input"], list) != branch.startswith("list[")


def _true_path(loc: Sequence[str | int], data: Any) -> Path_:
    """Location without the tags that pydantic adds for the kinds of a touchpoint and the branches of a union."""
    path: list[str | int] = []
    node = data
    for position, part in enumerate(loc):
        last = position == len(loc) - 1
        if position == 2 and loc[0] == "touchpoints":
            continue  # the kind
        if isinstance(node, dict) and (part in node or (last and part != "[key]")):
            path.append(part)
            node = node.get(str(part))
        elif isinstance(node, list) and isinstance(part, int) and part < len(node):
            path.append(part)
            node = node[part]
    return tuple(path)


_ALLOWED = {
    "greater_than_equal": "at least {ge:.12g}", "less_than_equal": "at most {le:.12g}",
    "greater_than": "more than {gt:.12g}", "less_than": "less than {lt:.12g}", "finite_number": "a finite number",
    "model_type": "a mapping of keys to values", "dict_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values", "list_type": "a list",
    "string_type": "text", "string_unicode": "text", "string_pattern_mismatch": "letters, digits, - and _",
    "int_type": "a whole number", "int_parsing": "a whole number", "int_from_float": "a whole number",
    "float_type": "a number", "float_parsing": "a number",
    "bool_type": "true or false", "bool_parsing": "true or false",
    "too_short": "at least {min_length}",
}  # fmt: skip
"""What is allowed, by pydantic's name of the error."""


def _sentence(detail: Any, path: Path_) -> str:
    kind, context, read = detail["type"], detail.get("ctx", {}), detail["input"]
    told = str(detail["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    if kind == "extra_forbidden":
        hint = nearest(str(detail["loc"][-1]), _fields_near(detail["loc"]))
        sentence = f"unknown key '{detail['loc'][-1]}'" + (f"; {hint}" if hint else "")
    elif kind == "missing":
        sentence = f"'{path[-1] if path else detail['loc'][-1]}' is missing"
    elif isinstance(read, _Odd):
        sentence = read.sentence
    elif read is None:
        sentence = "has no value, and there is nothing to remove; write a value, or leave the key out"
    elif kind in ("literal_error", "union_tag_invalid"):
        allowed = str(context.get("expected", context.get("expected_tags", ""))).replace("'", "").replace(" or ", ", ")
        read = context.get("tag", read)
        hint = nearest(str(read), [entry.strip() for entry in allowed.split(",")])
        sentence = f"read {_short(read)}; {hint or 'allowed: ' + allowed}"
    elif kind == "union_tag_not_found":
        sentence = f"'kind' is missing; allowed: {', '.join(KINDS)}"
    elif kind in ("quantity", "weekdays", "hours"):
        sentence = told
    else:
        sentence = f"read {_short(read)}; allowed: {_ALLOWED.get(kind, '').format(**context) or told}"
    return sentence


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _fields_near(loc: Sequence[str | int]) -> list[str]:
    """Names allowed where `loc` points to, found by walking the JSON schema."""
    schema = _schema()
    node: Any = schema
    for part in loc[:-1]:
        node = _step_into(node, str(part), schema)
    node = _resolve(node, schema)
    return list(node.get("properties", {}))


@functools.cache
def _schema() -> dict[str, Any]:
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


def json_schema() -> dict[str, Any]:
    """JSON schema of the scenario format, for editors; allows `extends` and a file name for `factors`."""
    schema: dict[str, Any] = {**_with_bounds(_schema()), "title": "cxsim scenario", "required": []}
    schema["properties"] = {
        "extends": {"type": "string", "description": "Scenario file that this one varies."},
        **schema["properties"],
    }
    factors = schema["properties"]["factors"]
    schema["properties"]["factors"] = {"anyOf": [{"type": "string"}, factors], "description": factors["description"]}
    return schema


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

    def flat(node: Any, path: Path_) -> dict[str, Any]:
        if isinstance(node, dict):
            merged: dict[str, Any] = {}
            for key, value in node.items():
                merged |= flat(value, (*path, key))
            return merged
        return {_dotted(path): node}

    left, right = flat(first.document(), ()), flat(second.document(), ())
    paths = [*left, *(path for path in right if path not in left)]
    return [(path, left.get(path), right.get(path)) for path in paths if left.get(path) != right.get(path)]


def is_number(value: object) -> bool:
    """Whether a value is a finite number (and no truth value)."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


__all__ = ["END", "default_factors", "difference", "json_schema", "load", "load_with_notes", "parse_set", "read_yaml"]
