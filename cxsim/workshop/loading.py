"""Reading scripts: every problem told at once, with file and line, before the room is there."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cxsim.evidence.claims.registry import CLAIMS
from cxsim.results.measures import MEASURE
from cxsim.scenario.errors import Problem, ScenarioError, exists, key_of, nearest
from cxsim.scenario.loading import load
from cxsim.scenario.reading import Place, ValuePath, read_yaml
from cxsim.scenario.ready import SCRIPT, find_file, find_scenario, ready_files
from cxsim.scenario.schema import Scenario
from cxsim.studies.experiment_files import problem_at, validated
from cxsim.workshop.script import Chapter, Script, Setting, Told

PLACES = ("value", "low", "high", "size", "measure", "unit", "world", "against", "best", "second", "lead", "lead_low",
          "lead_high")  # fmt: skip
"""Places in a sentence that are filled from the outcome, beside `of_WORLD` for every world."""


@dataclass(frozen=True)
class Loaded:
    """A script with where it was read.

    Attributes:
        script: the script.
        folder: where it looks for scenarios.
        name: name of a ready script, or path of its file.
        customers: customers in every world instead of the script's; None for its own.
    """

    script: Script
    folder: Path
    name: str
    customers: int | None = None

    def base(self, chapter: Chapter, world: str) -> Scenario:
        """The scenario that a world varies, with the constants."""
        script = self.script
        text = chapter.worlds[world].scenario or chapter.scenario or script.scenario
        constants = {**script.constants, **chapter.constants, **self.overrides}
        own = load(_file_of(text, self.folder))
        return load(own, constants) if constants else own

    @property
    def overrides(self) -> dict[str, Any]:
        """What holds in every world beside the script's own constants."""
        return {} if self.customers is None else {"population.customers": self.customers}

    def world(self, chapter: Chapter, name: str, setting: Setting) -> Scenario:
        """A world of a chapter with the levers at a setting."""
        changes = {**chapter.worlds[name].changes, **chapter.moved(name, setting)}
        base = self.base(chapter, name)
        return load(base, changes) if changes else base

    def days(self, chapter: Chapter) -> int:
        """Days lived for a chapter, about: every world once, and again for every setting that moves it."""
        start = chapter.start
        lived = sum(len({tuple(chapter.moved(name, setting).items()) for setting in chapter.settings})
                    for name in chapter.worlds) if start else len(chapter.worlds)  # fmt: skip
        first = self.world(chapter, next(iter(chapter.worlds)), start)
        return self.script.replications * lived * first.days


def ready_scripts() -> dict[str, Path]:
    """Files of the ready scripts by name."""
    return ready_files(SCRIPT)


def find_script(text: str) -> Path:
    """File of a script given by path, or by the name of a ready one.

    Raises:
        ScenarioError: there is neither such a file nor such a name.
    """
    return find_file(text, SCRIPT)


def read_script(file: Path) -> Script:
    """A script as it is written, without a look at its worlds.

    Raises:
        ScenarioError: with every wrong key and value.
    """
    data, places = read_yaml(file)
    return validated(Script, data, places)


def load_script(source: str | Path, customers: int | None = None) -> Loaded:
    """Load a script and check all of it: names, sentences, scenarios and levers.

    Args:
        source: file, or name of a ready script.
        customers: customers in every world instead of the script's.

    Raises:
        ScenarioError: with every problem found.
    """
    file = find_script(str(source))
    data, places = read_yaml(file)
    script = validated(Script, data, places)
    name = next((name for name, path in ready_scripts().items() if path == file), str(file.resolve()))
    loaded = Loaded(script, file.parent, name, customers)
    problems = [*_twice(script, places)]
    for place, chapter in enumerate(script.chapters):
        here: ValuePath = ("chapters", place)
        problems += _names(chapter, here, places)
        problems += _worlds(loaded, chapter, here, places)
    if problems:
        told = {str(problem): problem for problem in problems}
        raise ScenarioError(sorted(told.values(), key=lambda problem: (problem.file, problem.line)))
    return loaded


def restored(script: Script, folder: Path, customers: int | None = None) -> Loaded:
    """A script that was read and checked before, such as that of a saved session."""
    return Loaded(script, folder, script.name, customers)


def _file_of(text: str, folder: Path) -> Path:
    named = folder / text
    return named if exists(named) and not named.is_dir() else find_scenario(text)


def _twice(script: Script, places: Mapping[ValuePath, Place]) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, chapter in enumerate(script.chapters):
        if chapter.id in seen:
            yield problem_at(("chapters", place, "id"), f"'{chapter.id}' is the id of an earlier chapter too", places)
        seen.add(chapter.id)


def _names(chapter: Chapter, here: ValuePath, places: Mapping[ValuePath, Place]) -> Iterator[Problem]:
    """Names that mean nothing: measures, worlds, cases, claims, and places in sentences."""

    def unknown(path: ValuePath, what: str, names: Iterable[str], allowed: Iterable[str]) -> Iterator[Problem]:
        known = list(allowed)
        for name in names:
            if name not in known:
                hint = nearest(name, known)
                yield problem_at((*here, *path), f"no {what} '{name}'" + (f"; {hint}" if hint else ""), places)

    worlds, asked = list(chapter.worlds), chapter.prediction
    yield from unknown(("prediction", "measure"), "measure", [asked.measure], MEASURE)
    for place, name in enumerate(chapter.reveal.measures):
        yield from unknown(("reveal", "measures", place), "measure", [name], MEASURE)
    for key in ("world", "against"):
        yield from unknown(("prediction", key), "world", filter(None, [getattr(asked, key)]), worlds)
    yield from unknown(("prediction", "among"), "world", asked.among, worlds)
    yield from unknown(("run", "worlds"), "world", chapter.run.worlds, worlds)
    for name, lever in chapter.levers.items():
        yield from unknown(("levers", name, "worlds"), "world", lever.worlds, worlds)
    if chapter.lesson.claim:
        yield from unknown(("lesson", "claim"), "claim", [chapter.lesson.claim], CLAIMS)
    measure = MEASURE.get(asked.measure)
    if asked.among and not asked.best and measure is not None and measure.better == "neither":
        sentence = f"'best' is missing: neither direction of {asked.measure} is good; allowed: highest, lowest"
        yield problem_at((*here, "prediction"), sentence, places)
    cases: list[tuple[ValuePath, Told]] = [(("prediction", "options"), dict(asked.options))] if asked.options else []
    cases += [(("reveal", "says"), chapter.reveal.says), (("lesson", "text"), chapter.lesson.text)]
    for path, told in cases:
        yield from _cases(chapter, told, path, here, places)
    allowed = [*PLACES, *(f"of_{name}" for name in worlds)]
    says = chapter.reveal.says
    for key, text in (says if isinstance(says, dict) else {"": says}).items():
        path = ("reveal", "says", key) if key else ("reveal", "says")
        try:
            named = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        except ValueError as error:
            yield problem_at((*here, *path), f"has an odd brace ({error}); write {{value}} for a place", places)
            continue
        yield from unknown(path, "place", named, allowed)


def _cases(
    chapter: Chapter, told: Told, path: ValuePath, here: ValuePath, places: Mapping[ValuePath, Place]
) -> Iterator[Problem]:
    """A text per case has all cases and no other; a lesson may not know beforehand how its chapter ends."""
    cases = chapter.prediction.cases
    if isinstance(told, str):
        if cases and path == ("lesson", "text"):
            sentence = f"says the same whatever comes out; write one text for each of: {', '.join(cases)}"
            yield problem_at((*here, *path), sentence, places)
        return
    for case in told:
        if case not in cases:
            hint = nearest(case, cases) if cases else "only the number counts here: write one text"
            yield problem_at((*here, *path, case), f"no case '{case}'" + (f"; {hint}" if hint else ""), places)
    for case in cases:
        if case not in told:
            yield problem_at((*here, *path), f"'{case}' is missing: it may come out so too", places)


def _worlds(loaded: Loaded, chapter: Chapter, here: ValuePath, places: Mapping[ValuePath, Place]) -> Iterator[Problem]:
    """What is wrong with the worlds: scenarios, constants, changes, and levers at each of their values."""
    for name, world in chapter.worlds.items():
        at = (*here, "worlds", name)
        try:
            base = loaded.base(chapter, name)
        except ScenarioError as error:
            yield from _of_base(loaded, chapter, world.scenario, error, at, places)
            continue
        try:
            load(base, world.changes)
        except ScenarioError as error:
            for problem in error.problems:
                path = (*at, "changes", *key_of(problem.path, world.changes))
                yield problem_at(path, problem.told, places)
            continue
        for key, lever in chapter.levers.items():
            start = dict(zip(chapter.levers, chapter.start, strict=True))
            for place in range(len(lever.values)):
                setting = tuple({**start, key: place}.values())
                try:
                    load(base, {**world.changes, **chapter.moved(name, setting)})
                except ScenarioError as error:
                    for problem in error.problems:
                        yield problem_at((*here, "levers", key), problem.told, places)
    yield from _ranges(chapter, here, places)


def _of_base(
    loaded: Loaded, chapter: Chapter, own: str, error: ScenarioError, at: ValuePath, places: Mapping[ValuePath, Place]
) -> Iterator[Problem]:
    """Problems of a scenario or of constants, where the script names them."""
    script = loaded.script
    text = own or chapter.scenario or script.scenario
    key = (*at, "scenario") if own else (*at[:2], "scenario") if chapter.scenario else ("scenario",)
    for problem in error.problems:
        if problem.file == "--set":
            found = key_of(problem.path, chapter.constants)
            path = (*at[:2], "constants", *found) if found else ("constants", *key_of(problem.path, script.constants))
            yield problem_at(path, problem.told, places)
        elif problem.file == text and not problem.line:
            yield problem_at(key, problem.sentence, places)
        else:
            yield problem


def _ranges(chapter: Chapter, here: ValuePath, places: Mapping[ValuePath, Place]) -> Iterator[Problem]:
    asked = chapter.prediction
    if asked.number is not None and asked.kind == "level" and asked.measure in MEASURE:
        share = MEASURE[asked.measure].unit == "share" and asked.scale is None
        if share and not (asked.number.low >= 0 and asked.number.high <= 100):
            sentence = f"read {asked.number.low:g} to {asked.number.high:g}; a share is predicted from 0 to 100 percent"
            yield problem_at((*here, "prediction", "number"), sentence, places)
