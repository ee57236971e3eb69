"""How a chapter comes out: its worlds lived with the same luck, and the words that the outcome chooses."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cxsim.results.measures import MEASURE, Estimate, Measure, estimate
from cxsim.results.result import Result
from cxsim.results.wording import change, number
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.studies.compare import Comparison
from cxsim.studies.simulate import simulate
from cxsim.workshop.loading import Loaded
from cxsim.workshop.script import HIGHER, LOWER, UNCLEAR, Chapter, Setting, Told


@dataclass(frozen=True)
class Outcome:
    """How a chapter came out at one setting of its levers.

    Attributes:
        chapter: id of the chapter.
        setting: where the levers stood.
        values: by measure and world, the mean over replications with its interval.
        differences: by measure and world, the paired difference to the first world.
        decided: level or difference that decides, in the measure's own unit; of a winner, its lead over the second.
        case: which case it is; "" where only the number counts.
        best: worlds from best to worst, where one of several wins.
        replications: how often every world was lived.
        seed: where the luck started.
    """

    chapter: str
    setting: Setting
    values: Mapping[str, Mapping[str, Estimate]]
    differences: Mapping[str, Mapping[str, Estimate]]
    decided: Estimate
    case: str
    best: tuple[str, ...]
    replications: int
    seed: int

    def document(self) -> dict[str, Any]:
        """The outcome as plain data."""
        return {
            "chapter": self.chapter, "setting": list(self.setting), "case": self.case, "best": list(self.best),
            "replications": self.replications, "seed": self.seed, "decided": _plain(self.decided),
            "values": {name: {world: _plain(one) for world, one in row.items()} for name, row in self.values.items()},
            "differences": {name: {world: _plain(one) for world, one in row.items()}
                            for name, row in self.differences.items()},
        }  # fmt: skip


def outcome_from(data: Mapping[str, Any]) -> Outcome:
    """An outcome from plain data."""
    tables = {
        key: {str(name): {str(world): _estimate(one) for world, one in row.items()} for name, row in data[key].items()}
        for key in ("values", "differences")
    }
    return Outcome(
        str(data["chapter"]), tuple(int(place) for place in data["setting"]), tables["values"], tables["differences"],
        _estimate(data["decided"]), str(data["case"]), tuple(str(name) for name in data["best"]),
        int(data["replications"]), int(data["seed"]),
    )  # fmt: skip


def _plain(found: Estimate) -> dict[str, float | int | None]:
    return {key: None if isinstance(value, float) and math.isnan(value) else value
            for key, value in vars(found).items()}  # fmt: skip


def _estimate(data: Mapping[str, Any]) -> Estimate:
    mean, low, high, sd = (math.nan if data[key] is None else float(data[key]) for key in ("mean", "low", "high", "sd"))
    return Estimate(mean, low, high, sd, int(data["n"]))


def live_chapter(
    loaded: Loaded, chapter: Chapter, seed: int | None = None, jobs: int | None = None,
    progress: Callable[[int], None] | None = None, settings: list[Setting] | None = None,
) -> list[Outcome]:  # fmt: skip
    """Live the worlds of a chapter at all settings of its levers, the start first; equal worlds once.

    Args:
        loaded: the script.
        chapter: the chapter.
        seed: where the luck starts; the script's own if left out.
        jobs: replications at a time.
        progress: called with the days lived since the last call.
        settings: only these settings.

    Raises:
        ScenarioError: a measure that decides has no value in a world.
    """
    base = loaded.script.seed if seed is None else seed
    count = loaded.script.replications
    known: dict[str, Result] = {}
    found = []
    for setting in settings or chapter.settings:
        results = {}
        for name in chapter.worlds:
            world = loaded.world(chapter, name, setting)
            key = world.digest()
            if key not in known:
                known[key] = simulate(world, replications=count, seed=base, jobs=jobs, progress=progress)
            results[name] = known[key]
        found.append(outcome(chapter, setting, Comparison(results)))
    return found


def outcome(chapter: Chapter, setting: Setting, found: Comparison) -> Outcome:
    """What a comparison of a chapter's worlds says.

    Raises:
        ScenarioError: the measure that decides has no value in a world.
    """
    asked = chapter.prediction
    names = list(dict.fromkeys([asked.measure, *chapter.reveal.measures]))
    worlds, first = list(found.results), found.baseline
    values = {name: {world: found.results[world].estimate(name) for world in worlds} for name in names}
    differences = {name: {world: found.difference(world, name) for world in worlds if world != first}
                   for name in names}  # fmt: skip
    for world in filter(None, [asked.world, asked.against, *asked.among]):
        if math.isnan(values[asked.measure][world].mean):
            sentence = f"{asked.measure} has no value in the world '{world}' of chapter '{chapter.id}'"
            raise ScenarioError([Problem("", sentence)])
    best: tuple[str, ...] = ()
    if asked.kind == "winner":
        highest = (asked.best or {"higher": "highest"}.get(MEASURE[asked.measure].better, "lowest")) == "highest"
        means = {world: values[asked.measure][world].mean for world in asked.among}
        best = tuple(sorted(means, key=lambda world: means[world], reverse=highest))
        decided = paired(found, best[0], best[1], asked.measure)
        case = UNCLEAR if not _leaves_out(decided, 0.0) else best[0]
    else:
        level = asked.kind == "level"
        decided = (values[asked.measure][asked.world] if level
                   else paired(found, asked.world, asked.against, asked.measure))  # fmt: skip
        case = ""
        if asked.cases:
            yardstick = (asked.yardstick or 0.0) / Words(chapter).scale
            case = UNCLEAR if not _leaves_out(decided, yardstick) else HIGHER if decided.mean > yardstick else LOWER
    count = found.results[first].replications
    return Outcome(chapter.id, setting, values, differences, decided, case, best, count, found.results[first].seed)


def paired(found: Comparison, world: str, against: str, measure: str) -> Estimate:
    """Mean paired difference between any two worlds of a comparison, with its 95 % interval."""
    ours, theirs = (found.results[name].runs[measure].to_numpy(float) for name in (world, against))
    return estimate((ours - theirs).tolist())


def _leaves_out(found: Estimate, value: float) -> bool:
    """Whether an interval leaves out a value; where two worlds are the same to the last bit, nothing differs."""
    return math.isfinite(found.low) and not found.low <= value <= found.high


class Words:
    """How numbers of a chapter are told: in the unit that the room predicts in."""

    def __init__(self, chapter: Chapter) -> None:
        self.chapter, self.asked = chapter, chapter.prediction
        self.measure: Measure = MEASURE[self.asked.measure]
        self.is_share = self.measure.unit == "share"
        self.scale: float = self.asked.scale or (100.0 if self.is_share else 1.0)

    @property
    def unit(self) -> str:
        """Unit that the room reads."""
        if self.asked.unit:
            return self.asked.unit
        if self.is_share:
            return "percentage points" if self.asked.kind != "level" else "%"
        return {"0 to 100": "points of 100", "level": "levels"}.get(self.measure.unit, self.measure.unit)

    @property
    def digits(self) -> int:
        """Decimals worth showing."""
        if self.asked.digits is not None:
            return self.asked.digits
        digits = max(self.measure.digits - round(math.log10(self.scale)), 0)
        return max(digits, 1) + 1 if self.asked.kind != "level" and digits < 2 else digits

    def scaled(self, value: float) -> float:
        """A value of the measure in the unit of the prediction."""
        return self.scale * value

    def number(self, value: float, signed: bool = False) -> str:
        """A value of the measure in the unit of the prediction, without the unit."""
        return f"{self.scaled(value):{'+' if signed else ''},.{self.digits}f}"

    def fill(self, text: str, outcome: Outcome) -> str:
        """A sentence with its places filled."""
        decided, worlds = outcome.decided, self.chapter.worlds
        signed = self.asked.kind == "difference"
        best = [worlds[name].label for name in outcome.best]
        places = {
            "value": self.number(decided.mean, signed), "low": self.number(decided.low, signed),
            "high": self.number(decided.high, signed), "size": self.number(abs(decided.mean)),
            "lead": self.number(abs(decided.mean)),
            "lead_low": self.number(min(abs(decided.low), abs(decided.high))),
            "lead_high": self.number(max(abs(decided.low), abs(decided.high))),
            "measure": self.measure.label.lower() if self.measure.label[1:2].islower() else self.measure.label,
            "unit": self.unit,
            "world": worlds[self.asked.world].label if self.asked.world else "",
            "against": worlds[self.asked.against].label if self.asked.against else "",
            "best": best[0] if best else "", "second": best[1] if len(best) > 1 else "",
            **{f"of_{name}": self.number(one.mean) for name, one in outcome.values[self.asked.measure].items()},
        }  # fmt: skip
        return text.format(**places)

    def revealed(self, outcome: Outcome) -> str:
        """The sentence of the reveal."""
        return self.fill(_of_case(self.chapter.reveal.says, outcome.case), outcome)

    def lesson(self, outcome: Outcome) -> str:
        """The lesson of this outcome."""
        return _of_case(self.chapter.lesson.text, outcome.case)

    def interval(self, outcome: Outcome) -> str:
        """What decided, with its interval, in one line."""
        found, signed = outcome.decided, self.asked.kind == "difference"
        told = f"{self.number(found.mean, signed)} {self.unit}"
        if not math.isfinite(found.low):
            return told
        low, high = self.number(found.low, signed), self.number(found.high, signed)
        return f"{told} (95 % interval {low} to {high}; {outcome.replications} replications)"


def _of_case(told: Told, case: str) -> str:
    return told if isinstance(told, str) else told[case]


def table_rows(chapter: Chapter, outcome: Outcome) -> tuple[list[str], list[list[str]]]:
    """Head and rows of a chapter's table: measures by world, with paired differences to the first."""
    worlds = list(chapter.worlds)
    head = ["Measure", *(chapter.worlds[name].label for name in worlds)]
    head += [f"{chapter.worlds[name].label}: difference (95 % interval)" for name in worlds[1:]]
    rows = []
    for name, row in outcome.values.items():
        measure = MEASURE[name]
        unit = "" if measure.unit == "share" else f" ({measure.unit})"
        cells = [measure.label + unit, *(number(row[world].mean, measure) for world in worlds)]
        for world in worlds[1:]:
            found = outcome.differences[name][world]
            room = "" if math.isnan(found.low) else f" ({change(found.low, measure)} to {change(found.high, measure)})"
            points = " points" if measure.unit == "share" and not math.isnan(found.mean) else ""
            cells.append(change(found.mean, measure) + points + room)
        rows.append(cells)
    return head, rows
