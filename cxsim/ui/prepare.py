"""What worker processes do for a workshop: live a chapter's worlds beforehand, for the reveal and for the stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cxsim.ui.jobs import Noted
from cxsim.workshop.script import Setting

if TYPE_CHECKING:
    from cxsim.results.result import Result
    from cxsim.workshop.loading import Loaded
    from cxsim.workshop.outcome import Outcome

FOLLOWED = 400
"""Customers shown moving, at most."""


@dataclass(frozen=True)
class Moving:
    """The worlds of a chapter that are shown moving.

    Attributes:
        worlds: one replication of each, by the name that the room reads.
        data: the same as the stage takes it.
    """

    worlds: Mapping[str, Result]
    data: dict[str, Any]


@dataclass(frozen=True)
class Prepared:
    """A chapter, lived.

    Attributes:
        outcomes: at every setting of its levers, the start first.
        moving: its worlds at the start.
    """

    outcomes: list[Outcome]
    moving: Moving


def prepare_chapter(loaded: Loaded, place: int, seed: int, note: str) -> Prepared:
    """Live a chapter at all settings; progress in days lived."""
    from cxsim.workshop.outcome import live_chapter

    chapter, progress = loaded.script.chapters[place], Noted(note)
    outcomes = live_chapter(loaded, chapter, seed, progress=progress)
    return Prepared(outcomes, _moving(loaded, place, chapter.start, seed, progress))


def move_worlds(loaded: Loaded, place: int, setting: Setting, seed: int, note: str) -> Moving:
    """Live the worlds that are shown moving, with the levers elsewhere; progress in days lived."""
    return _moving(loaded, place, setting, seed, Noted(note))


def _moving(loaded: Loaded, place: int, setting: Setting, seed: int, progress: Noted) -> Moving:
    from cxsim.scenario.loading import load
    from cxsim.studies.simulate import simulate
    from cxsim.ui.stage import stage_data

    chapter = loaded.script.chapters[place]
    worlds = {}
    for name in chapter.run.worlds:
        world = loaded.world(chapter, name, setting)
        kept = {"record.encounters": min(FOLLOWED, world.population.customers), "record.customers": "first",
                "horizon": f"{chapter.run.days} days"}  # fmt: skip
        lived = simulate(load(world, kept), replications=1, seed=seed, progress=progress)
        worlds[chapter.worlds[name].label] = lived
    return Moving(worlds, stage_data(worlds))
