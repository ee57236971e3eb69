"""What a workshop script holds: chapters, each with a question, a prediction, worlds, a reveal and a lesson.

Nothing in a script says how a chapter ends. What is said at the reveal and as the lesson goes by cases, and the model's
outcome chooses the case.
"""

from __future__ import annotations

import hashlib
import json
from itertools import product
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from cxsim.scenario.units import Number
from cxsim.scenario.values import Strict

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1, max_length=1200)]
Setting = tuple[int, ...]
"""Places of the values at which a chapter's levers stand, lever by lever."""
HIGHER, LOWER, UNCLEAR = "higher", "lower", "unclear"
Told = Text | dict[str, Text]
"""One text for whatever comes out, or one per case."""


class World(Strict):
    """One of the worlds that a chapter compares."""

    label: Text
    """Its name for the room."""
    scenario: str = ""
    """File or name of another scenario than the chapter's."""
    changes: dict[str, Any] = Field(default_factory=dict)
    """Values changed in it, by dotted path."""


class RoomLever(Strict):
    """What the room may move: a few values to choose from, all of them lived beforehand."""

    label: Text
    """Its name for the room."""
    path: str | list[str]
    """Dotted path of the value; several paths take the same value."""
    values: list[Any] = Field(min_length=2, max_length=5)
    """Values to choose from, as written in a scenario."""
    start: Any
    """The value that predictions are made for; one of the values."""
    worlds: list[str] = Field(default_factory=list)
    """Worlds in which it is moved; all but the first if left out."""

    @property
    def paths(self) -> list[str]:
        """Paths that it changes."""
        return [self.path] if isinstance(self.path, str) else list(self.path)

    @model_validator(mode="after")
    def _starts_at_a_value(self) -> RoomLever:
        if self.start not in self.values:
            raise ValueError(f"'start' must be one of the values: {', '.join(map(str, self.values))}")
        return self


class Scale(Strict):
    """A number that the room predicts."""

    low: Number
    """Lowest prediction taken."""
    high: Number
    """Highest prediction taken."""

    @model_validator(mode="after")
    def _is_a_range(self) -> Scale:
        if self.low >= self.high:
            raise ValueError("'low' less than 'high'")
        return self


class Prediction(Strict):
    """What the room predicts, and the measure that decides.

    With `against`, the paired difference of two worlds decides; with `among`, which of several worlds comes out best;
    with neither, the level in one world.
    """

    ask: Text
    """What the room is asked, in one sentence."""
    measure: str
    """The measure that decides."""
    world: str = ""
    """World whose value it is."""
    against: str = ""
    """World that is subtracted, replication by replication."""
    among: list[str] = Field(default_factory=list, max_length=4)
    """Worlds of which one comes out best."""
    best: Literal["highest", "lowest", ""] = ""
    """What is best; by the measure's own direction if left out."""
    yardstick: Number | None = None
    """What a level or a difference is held against, in the unit of the prediction; 0 for differences if left out."""
    number: Scale | None = None
    """A number, from low to high."""
    options: dict[str, Text] = Field(default_factory=dict)
    """Or choices: one text per case."""
    unit: str = Field(default="", max_length=60)
    """Unit that the room reads; the measure's own if left out."""
    scale: Number | None = Field(default=None, gt=0)
    """What the measure is multiplied with for that unit; 100 for shares, else 1, if left out."""
    digits: int | None = Field(default=None, ge=0, le=4)
    """Decimals worth showing."""

    @model_validator(mode="after")
    def _decides_in_one_way(self) -> Prediction:
        if bool(self.number) == bool(self.options):
            raise ValueError("either 'number' or 'options'")
        if bool(self.world) == bool(self.among):
            raise ValueError("either 'world' (with 'against' for a difference) or 'among'")
        if self.among and (self.against or self.number or self.yardstick is not None or len(set(self.among)) < 2):
            raise ValueError("with 'among', at least two worlds and options; no 'against', 'number' or 'yardstick'")
        if self.best and not self.among:
            raise ValueError("'best' is for 'among'")
        if self.options and not self.among and not self.against and self.yardstick is None:
            raise ValueError("options need 'against', 'among' or a 'yardstick' that decides between them")
        return self

    @property
    def kind(self) -> Literal["level", "difference", "winner"]:
        """What decides."""
        return "winner" if self.among else "difference" if self.against else "level"

    @property
    def cases(self) -> list[str]:
        """How it may come out; empty where only the number counts."""
        if self.among:
            return [*self.among, UNCLEAR]
        if self.against or self.yardstick is not None:
            return [HIGHER, LOWER, UNCLEAR]
        return []


class Shown(Strict):
    """Which worlds are shown moving."""

    worlds: list[str] = Field(min_length=1, max_length=2)
    """One world, or two side by side: the same customers with the same luck."""
    days: int = Field(default=28, ge=1, le=365)
    """Days shown, from the end of the warm-up."""
    look: str = Field(default="", max_length=400)
    """What to look for."""


class Reveal(Strict):
    """What is shown against the predictions."""

    measures: list[str] = Field(default_factory=list, max_length=8)
    """Further measures in the table beside the one that decides."""
    says: Told
    """The sentence, with places such as {value} for what came out."""


class Lesson(Strict):
    """What is taken home."""

    text: Told
    """The lesson, case by case."""
    source: Text
    """Where it comes from."""
    known_from: Literal["read", "second_hand", "general_knowledge", "proposal"]
    """Read in the source, at second hand, general knowledge (not read in a source), or a proposal of this model."""
    claim: str = ""
    """Claim of `cxsim claims` that puts the same to the model."""


class Chapter(Strict):
    """One question put to the room and to the model."""

    id: Name
    """Short name."""
    title: Text
    """A few words."""
    minutes: Number = Field(gt=0, le=120)
    """Time to plan for it."""
    question: Text
    """The question, in large type."""
    notes: list[Text] = Field(default_factory=list, max_length=12)
    """What the facilitator may say; not shown to the room."""
    scenario: str = ""
    """File or name of another scenario than the script's."""
    constants: dict[str, Any] = Field(default_factory=dict)
    """Values changed in all worlds of the chapter, by dotted path, on top of the script's."""
    worlds: dict[Name, World] = Field(min_length=1, max_length=4)
    """The worlds, by name; the first is what levers leave alone."""
    levers: dict[Name, RoomLever] = Field(default_factory=dict, max_length=2)
    """One or two levers for the room."""
    prediction: Prediction
    run: Shown
    reveal: Reveal
    lesson: Lesson

    @property
    def start(self) -> Setting:
        """The setting that predictions are made for."""
        return tuple(lever.values.index(lever.start) for lever in self.levers.values())

    @property
    def settings(self) -> list[Setting]:
        """All settings of the levers, the start first."""
        places = [range(len(lever.values)) for lever in self.levers.values()]
        return [self.start, *(one for one in product(*places) if one != self.start)]

    def moved(self, world: str, setting: Setting) -> dict[str, Any]:
        """What a setting of the levers changes in a world, by dotted path."""
        found: dict[str, Any] = {}
        for place, lever in zip(setting, self.levers.values(), strict=True):
            if world in (lever.worlds or list(self.worlds)[min(1, len(self.worlds) - 1) :]):
                found |= dict.fromkeys(lever.paths, lever.values[place])
        return found

    def told_setting(self, setting: Setting) -> str:
        """A setting as people read it."""
        return ", ".join(f"{lever.label}: {lever.values[place]}"
                         for place, lever in zip(setting, self.levers.values(), strict=True))  # fmt: skip


class Script(Strict):
    """A workshop."""

    format: Literal[1] = 1
    """Version of the format."""
    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    """Short name, used for files."""
    title: Text
    """One line for people."""
    about: str = Field(default="", max_length=1200)
    """What it is about, and for whom."""
    scenario: str
    """File of the scenario (relative to this file), or name of a ready one."""
    constants: dict[str, Any] = Field(default_factory=dict)
    """Values changed in every world, by dotted path."""
    replications: int = Field(default=16, ge=4, le=1000)
    """How often every world is lived; fewer give no interval to rely on."""
    seed: int = Field(default=1, ge=0, lt=2**63)
    """Where the luck starts."""
    chapters: list[Chapter] = Field(min_length=1, max_length=20)

    @property
    def minutes(self) -> float:
        """Time to plan for."""
        return sum(chapter.minutes for chapter in self.chapters)

    def document(self) -> dict[str, Any]:
        """The script as plain data; loads back to an equal one."""
        return self.model_dump(mode="json", exclude_none=True)

    def digest(self) -> str:
        """Hash of everything in the script."""
        return hashlib.sha256(json.dumps(self.document(), sort_keys=True).encode()).hexdigest()[:16]
