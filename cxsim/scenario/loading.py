"""Reading scenarios: files, `extends`, overrides; every problem told with file, line and path."""

from __future__ import annotations

import contextlib
import copy
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cxsim.scenario.checks import check
from cxsim.scenario.errors import Problem, ScenarioError, exists, nearest
from cxsim.scenario.reading import MOST_NESTED, Place, ValuePath, dotted, parse_yaml, read_yaml, short
from cxsim.scenario.ready import ready_scenarios
from cxsim.scenario.schema import Scenario
from cxsim.scenario.sentences import is_other_branch, sentence_of, true_path
from cxsim.scenario.values import DaysDuration

_WHOLE_ENTRIES = {"missing", "model_type", "dict_type", "list_type", "union_tag_invalid", "union_tag_not_found"}
"""Errors of pydantic about more than a single value."""
_LEAF_DEPTH = 3
"""A wrong value at least so deep (section, entry, value) leaves the entry itself in place."""


class _Layered:
    """Plain data merged from several files, and where every value was read."""

    def __init__(self) -> None:
        self.data: dict[str, Any] = {}
        self.places: dict[ValuePath, Place] = {}

    def place(self, path: ValuePath) -> Place:
        """File and line of the value at `path`, or of what encloses it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, ("", 0))

    def merge(self, data: Mapping[str, Any], places: Mapping[ValuePath, Place]) -> None:
        """Lay `data` over what is there: mappings are merged, all else replaced, null removes."""
        self._merge_into(self.data, data, (), places)
        if () in places:
            self.places[()] = places[()]

    def _merge_into(
        self, target: dict[str, Any], data: Mapping[str, Any], path: ValuePath, places: Mapping[ValuePath, Place]
    ) -> None:
        if len(path) > MOST_NESTED:
            raise ScenarioError([Problem(dotted(path[:3]), f"is nested more than {MOST_NESTED} deep")])
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


def load(source: str | Path | Mapping[str, Any] | Scenario, overrides: Mapping[str, Any] | None = None) -> Scenario:
    """Load a scenario.

    Args:
        source: file, name of a ready scenario, plain data, or a scenario to vary.
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
        ready = ready_scenarios() if isinstance(source, str) else {}
        file = ready.get(str(source), Path(source))
        data, places = read_yaml(file)
        _add_layers(layered, data, places, file.parent, (file.resolve(),))
    _apply_overrides(layered, overrides or {})
    return _validate(layered)


@dataclass(frozen=True)
class Checked:
    """A text as far as it could be read.

    Attributes:
        own: plain data of the text itself.
        data: the same with what it extends and the default factors; as far as it goes where there are problems.
        below: what it extends and the default factors alone.
        scenario: what it says, None if anything is wrong with it.
        problems: what is wrong.
        notes: what is possible but unusual.
        places: file and line of every value.
    """

    own: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    below: dict[str, Any] = field(default_factory=dict)
    scenario: Scenario | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    places: Mapping[ValuePath, Place] = field(default_factory=dict)


def check_text(text: str, file: str, named: Mapping[str, Path], most_values: int) -> Checked:
    """Check a text that somebody may have sent from elsewhere; every problem is told as `load` tells it, none raised.

    Args:
        text: YAML.
        file: its name, for sentences.
        named: files it may name after `extends` and `factors`, by name; no other file is looked at.
        most_values: values it may hold.
    """
    own: dict[str, Any] = {}
    layered, below = _Layered(), _Layered()
    try:
        data, places = parse_yaml(text, file, most_values)
        own = copy.deepcopy(data)
        _refuse_files(data, places, named)
        inherited = {key: data[key] for key in ("extends", "factors") if isinstance(data.get(key), str)}
        _add_layers(below, inherited, places, Path(), ())
        _add_layers(layered, data, places, Path(), ())
        scenario, notes = _validate(layered)
    except ScenarioError as error:
        return Checked(own, layered.data or own, below.data, None, tuple(error.problems), places=layered.places)
    return Checked(own, layered.data, below.data, scenario, (), tuple(notes), layered.places)


def _refuse_files(data: dict[str, Any], places: Mapping[ValuePath, Place], named: Mapping[str, Path]) -> None:
    problems = []
    for key in ("extends", "factors"):
        name = data.get(key)
        if not isinstance(name, str):
            continue
        if name in named:
            data[key] = str(named[name].resolve())
            continue
        ready = ", ".join(ready_scenarios())
        allowed = f"a ready scenario ({ready})" if key == "extends" else "the factors themselves, not a file"
        problems.append(Problem(key, f"read {short(name)}; allowed here: {allowed}", *places.get((key,), ("", 0))))
    if problems:
        raise ScenarioError(problems)


def _add_layers(
    layered: _Layered, data: dict[str, Any], places: dict[ValuePath, Place], folder: Path, chain: tuple[Path, ...]
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


def _named_file(folder: Path, name: object, key: str, places: Mapping[ValuePath, Place]) -> Path:
    """File that a scenario names; what is wrong with the name is told where the name stands."""
    sentence = ""
    if not isinstance(name, str) or not name.strip() or "\0" in name:
        sentence = f"read {short(name)}; allowed: the name of a YAML file"
    elif not exists(folder / name):
        ready = ready_scenarios() if key == "extends" else {}
        if name in ready:  # ready scenarios go by name here as on the command line
            return ready[name]
        hint = nearest(Path(name).name, [*(path.name for path in (folder / name).parent.glob("*.yaml")), *ready])
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
    return parse_yaml(text, "factors.yaml of cxsim")[0]


def _apply_overrides(layered: _Layered, overrides: Mapping[str, Any]) -> None:
    """Set values by path path; what the path does not name keeps its value, also where that is a default."""
    if not overrides:
        return
    with contextlib.suppress(ValidationError):  # told later, together with what the overrides bring
        layered.data = Scenario.model_validate(layered.data).model_dump(mode="json")
    problems = []
    for path, value in overrides.items():
        parts = tuple(path.split("."))
        obstacle = _open_way(layered.data, parts)
        if obstacle:
            problems.append(Problem(path, obstacle, "--set"))
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
            return f"'{part}' is the single value {short(node)}; nothing lies below it"
    if parts[-1] == "sd" and node.get("distribution") == "fixed" and "mean" in node:
        del node["distribution"]  # whoever gives a fixed duration a spread wants it to vary
    return ""


def _validate(layered: _Layered) -> tuple[Scenario, list[Problem]]:
    try:
        scenario = Scenario.model_validate(layered.data)
    except ValidationError as error:
        raise ScenarioError(_in_order([*_problems_of(error, layered), *_found_beside(error, layered)])) from None
    problems, notes = check(scenario)
    if problems:
        raise ScenarioError(_in_order(_placed(path, sentence, layered) for path, sentence in problems))
    if scenario.interventions:
        _check_interventions(scenario, layered)
    return scenario, [_placed(path, sentence, layered) for path, sentence in notes]


def _found_beside(error: ValidationError, layered: _Layered) -> list[Problem]:
    """What the checks find in parts of the scenario that have no wrong value, so that everything is told at once.

    Wrong values are left out, so that their defaults hold; where whole entries are wrong, or something is missing,
    nothing can be said of the rest before that is mended.
    """
    wrong = {true_path(detail["loc"], layered.data) for detail in error.errors(include_url=False)}
    kinds = {detail["type"] for detail in error.errors(include_url=False)}
    if kinds & _WHOLE_ENTRIES or any(len(path) < _LEAF_DEPTH for path in wrong):
        return []
    data = copy.deepcopy(layered.data)
    for path in wrong:
        _leave_out(data, path)
    try:
        problems, _ = check(Scenario.model_validate(data))
    except ValidationError:
        return []
    sections = {path[0] for path in wrong}
    return [_placed(path, sentence, layered) for path, sentence in problems if path[0] not in sections]


def _leave_out(data: Any, path: ValuePath) -> None:
    *way, last = path
    node: Any = data
    for key in way:
        node = node[int(key)] if isinstance(node, list) else node.get(key, {})
    if isinstance(node, dict):
        node.pop(last, None)


def _check_interventions(scenario: Scenario, layered: _Layered) -> None:
    from cxsim.scenario.timeline import timeline  # which loads the scenarios in force

    try:
        timeline(scenario)
    except ScenarioError as error:
        found = (_placed(tuple(problem.path.split(".")), problem.sentence, layered) for problem in error.problems)
        raise ScenarioError(_in_order(found)) from None


def _placed(path: ValuePath, sentence: str, layered: _Layered) -> Problem:
    return Problem(dotted(path), sentence, *layered.place(path))


def _problems_of(error: ValidationError, layered: _Layered) -> list[Problem]:
    """One problem per error of pydantic, in plain words, at its true path, in the order of the file."""
    problems: dict[tuple[str, str], Problem] = {}
    for detail in error.errors(include_url=False):
        path = true_path(detail["loc"], layered.data)
        if is_other_branch(detail, path):
            continue
        problem = _placed(path, sentence_of(detail, path), layered)
        problems.setdefault((problem.path, problem.sentence), problem)
    return _in_order(problems.values())


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.file, problem.line))
