"""Reading experiments: every problem told at once, with file and line, before anything is run."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from cxsim.scenario.errors import Problem, ScenarioError, exists, key_of, nearest
from cxsim.scenario.loading import load
from cxsim.scenario.reading import Place, ValuePath, dotted, read_yaml
from cxsim.scenario.ready import EXPERIMENT, find_file, find_scenario, ready_files
from cxsim.scenario.schema import Scenario
from cxsim.scenario.sentences import is_other_branch, sentence_of, true_path
from cxsim.studies.experiment import Experiment
from cxsim.studies.levers import Lever, Value

Kind = TypeVar("Kind", bound=BaseModel)

RESERVED = ("point", "policy", "world", "is_baseline", "replication", "key", "reason", "events", "outcome", "digest")
"""Column names of the tables of a study, so no names of levers."""


@dataclass(frozen=True)
class Loaded:
    """An experiment with its scenario.

    Attributes:
        experiment: the experiment.
        scenario: its scenario, constants and overrides included.
        folder: folder of the experiment's file, where it looks for others.
        places: file and line of every value.
    """

    experiment: Experiment
    scenario: Scenario
    folder: Path
    places: Mapping[ValuePath, Place]

    def problem(self, path: ValuePath, sentence: str) -> Problem:
        """A problem with the value at `path`, with its line."""
        return problem_at(path, sentence, self.places)


def load_experiment(source: str | Path | Mapping[str, Any], overrides: Mapping[str, Any] | None = None) -> Loaded:
    """Load an experiment and its scenario, and check both.

    Args:
        source: file, name of a ready experiment, or plain data.
        overrides: values of the scenario by dotted path, on top of the experiment's constants.

    Raises:
        ScenarioError: with every problem found.
    """
    places: dict[ValuePath, Place]
    if isinstance(source, Mapping):
        data, places, folder = dict(source), {(): ("", 0)}, Path.cwd()
    else:
        file = find_experiment(str(source))
        data, places = read_yaml(file)
        folder = file.parent
    experiment = validated(Experiment, data, places)
    problems: list[Problem] = list(_names(experiment, places))
    scenario: Scenario | None = None
    try:
        scenario = _scenario_of(experiment, folder, places, overrides or {})
    except ScenarioError as error:
        problems += error.problems
    if scenario is not None:
        problems += _paths(experiment, scenario, places)
    if problems or scenario is None:
        raise ScenarioError(sorted(problems, key=lambda problem: (problem.file, problem.line)))
    return Loaded(experiment, scenario, folder, places)


def ready_experiments() -> dict[str, Path]:
    """Files of the ready experiments by name."""
    return ready_files(EXPERIMENT)


def find_experiment(text: str) -> Path:
    """File of an experiment given by path (that of a study's folder too), or by the name of a ready one.

    Raises:
        ScenarioError: there is neither such a file nor such a name.
    """
    of_study = Path(text) / "experiment.yaml"
    return of_study if exists(of_study) else find_file(text, EXPERIMENT)


def problem_at(path: ValuePath, sentence: str, places: Mapping[ValuePath, Place]) -> Problem:
    """A problem with the value at `path`, with the line of it or of what encloses it."""
    found = path
    while found and found not in places:
        found = found[:-1]
    return Problem(dotted(path), sentence, *places.get(found, ("", 0)))


def validated(model: type[Kind], data: dict[str, Any], places: Mapping[ValuePath, Place]) -> Kind:
    """Plain data as a strict model.

    Raises:
        ScenarioError: with every problem found, each with its line.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems: dict[str, Problem] = {}
        for detail in error.errors(include_url=False):
            path = true_path(detail["loc"], data)
            if not is_other_branch(detail, path):
                problem = problem_at(path, _sentence(model, detail, path), places)
                problems.setdefault(str(problem), problem)
        raise ScenarioError(sorted(problems.values(), key=lambda problem: problem.line)) from None


def _sentence(model: type[BaseModel], detail: Any, path: ValuePath) -> str:
    if detail["type"] == "extra_forbidden":
        key = str(detail["loc"][-1])
        hint = nearest(key, _fields_at(model, detail["loc"][:-1]))
        return f"unknown key '{key}'" + (f"; {hint}" if hint else "")
    if detail["type"] == "value_error":
        return "allowed: " + str(detail["msg"]).removeprefix("Value error, ")
    return sentence_of(detail, path)


def _fields_at(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    """Keys allowed in the part of a model that `loc` points to."""

    def models(annotation: Any) -> Iterator[type[BaseModel]]:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield annotation
        for part in typing.get_args(annotation):
            yield from models(part)

    for part in loc:
        if part in model.model_fields:
            model = next(models(model.model_fields[str(part)].annotation), model)
    return list(model.model_fields)


def _names(experiment: Experiment, places: Mapping[ValuePath, Place]) -> Iterator[Problem]:
    """Names that mean nothing: outcomes, levers, charts and aims."""
    from cxsim.results.measures import MEASURE

    def unknown(path: ValuePath, what: str, name: str, allowed: Iterable[str]) -> Iterator[Problem]:
        names = list(allowed)
        if name not in names:
            hint = nearest(name, names)
            yield problem_at(path, f"no {what} '{name}'" + (f"; {hint}" if hint else ""), places)

    levers, outcomes = list(experiment.levers), experiment.outcomes
    for kind, inputs in (("levers", experiment.levers), ("uncertainties", experiment.uncertainties)):
        for name in inputs:
            if name in RESERVED or name in MEASURE:
                yield problem_at((kind, name), "is the name of a column of the tables; choose another", places)
    for name in set(experiment.levers) & set(experiment.uncertainties):
        yield problem_at(("uncertainties", name), "is the name of a lever too; choose another", places)
    for index, name in enumerate(outcomes):
        yield from unknown(("outcomes", index), "measure", name, MEASURE)
    for index, setting in enumerate(experiment.design.settings):
        for name in setting:
            yield from unknown(("design", "settings", index, name), "lever", name, levers)
    chart = experiment.chart
    drawn = [*levers, *experiment.uncertainties, *MEASURE]
    for key, name in (("x", chart.x), ("colour", chart.colour), *(("y", name) for name in chart.y)):
        if name:
            yield from unknown(("chart", key), "lever or measure", name, drawn)
    if experiment.optimise is not None:
        for name in experiment.optimise.objectives:
            yield from unknown(("optimise", "objectives", name), "measure", name, MEASURE)
        from cxsim.studies.constraints import parse_constraint

        for index, text in enumerate(experiment.optimise.constraints):
            try:
                parse_constraint(text)
            except ScenarioError as error:
                sentence = error.problems[0].sentence
                yield problem_at(("optimise", "constraints", index), sentence, places)
    yield from _design(experiment, places)


def _design(experiment: Experiment, places: Mapping[ValuePath, Place]) -> Iterator[Problem]:
    design = experiment.design
    if design.kind == "sobol" and design.points & (design.points - 1):
        yield problem_at(
            ("design", "points"), f"read {design.points}; allowed: a power of two, such as 32 or 64", places
        )
    if design.kind == "morris" and design.levels % 2:
        yield problem_at(("design", "levels"), f"read {design.levels}; allowed: an even number, such as 4", places)
    for key, wanted in (("settings", "list"), ("file", "csv")):
        if design.kind == wanted and not getattr(design, key):
            yield problem_at(("design",), f"'{key}' is missing: a design of kind {wanted} needs it", places)
        if design.kind != wanted and getattr(design, key):
            yield problem_at(("design", key), f"is for a design of kind {wanted}, not {design.kind}", places)


def _scenario_of(
    experiment: Experiment, folder: Path, places: Mapping[ValuePath, Place], overrides: Mapping[str, Any]
) -> Scenario:
    named = folder / experiment.scenario
    try:
        base = load(named if exists(named) and not named.is_dir() else find_scenario(experiment.scenario))
    except ScenarioError as error:
        if len(error.problems) == 1 and error.problems[0].file == experiment.scenario:
            raise ScenarioError([problem_at(("scenario",), error.problems[0].sentence, places)]) from None
        raise
    try:
        base = load(base, experiment.constants) if experiment.constants else base
    except ScenarioError as error:
        found = [(("constants", *key_of(problem.path, experiment.constants)), problem) for problem in error.problems]
        raise ScenarioError(problem_at(path, problem.told, places) for path, problem in found) from None
    return load(base, overrides) if overrides else base


def _paths(experiment: Experiment, scenario: Scenario, places: Mapping[ValuePath, Place]) -> list[Problem]:
    """What is wrong with the levers at their ends, each told once."""
    document = scenario.document()
    problems: dict[str, Problem] = {}
    for kind, inputs in (("levers", experiment.levers), ("uncertainties", experiment.uncertainties)):
        for name, lever in inputs.items():
            for sentence in _faults(lever, scenario, document):
                problem = problem_at((kind, name), sentence, places)
                problems.setdefault(str(problem), problem)
    return list(problems.values())


def _faults(lever: Lever, scenario: Scenario, document: Mapping[str, Any]) -> Iterator[str]:
    ends: list[Value] = lever.grid(2)
    for value in ends:
        try:
            load(scenario, lever.overrides(value, document))
        except ScenarioError as error:
            yield from (problem.told for problem in error.problems)
        except ValueError as error:
            yield str(error)
