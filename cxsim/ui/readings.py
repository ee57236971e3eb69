"""State of Instruments: which one is looked at, and its reading of the world on What if."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara

from cxsim.instruments.catalogue import INSTRUMENT, INSTRUMENTS, Instrument, worlds_of
from cxsim.scenario.schema import Scenario
from cxsim.ui.jobs import Key
from cxsim.ui.tasks import take_reading
from cxsim.ui.wishes import heed

if TYPE_CHECKING:
    from cxsim.ui.visit import Visit

REPLICATIONS = 8


def reading_key(name: str, world: Scenario) -> Key:
    """Key of the work that takes an instrument's reading."""
    return ("reading", name, world.digest(), str(REPLICATIONS))


class Readings:
    """State of Instruments.

    Attributes:
        name: the instrument looked at.
        turn: rises when a reading is asked for or stopped.
    """

    def __init__(self, visit: Visit) -> None:
        self.session, self.jobs = visit.session, visit.jobs
        wanted = visit.state.get("instrument", "")
        self.name: solara.Reactive[str] = solara.reactive(wanted if wanted in INSTRUMENT else INSTRUMENTS[0].name)
        self.turn: solara.Reactive[int] = solara.reactive(0)

    @property
    def instrument(self) -> Instrument:
        """The instrument looked at."""
        return INSTRUMENT[self.name.value]

    @property
    def world(self) -> Scenario:
        """The world of What if, changes included."""
        return self.session.setup.value.variant

    @property
    def state(self) -> dict[str, str]:
        """What the page adds to the address."""
        return {"instrument": self.name.value}

    def begin(self, name: str) -> None:
        """Take a reading."""
        world = self.world
        total = REPLICATIONS * world.days * (1 + worlds_of(world, [name]))
        self.jobs.start(reading_key(name, world), total, take_reading, name, world, REPLICATIONS)
        self.turn.value += 1

    def stop(self, name: str) -> None:
        """Stop taking it."""
        self.jobs.stop(reading_key(name, self.world))
        self.turn.value += 1

    def told(self, text: str) -> None:
        """What the page's panels ask for; what is not its own goes to the session."""
        heed(text, lambda message: self._do(text, message), self.session.problem)

    def _do(self, text: str, message: dict[str, Any]) -> None:
        match message.get("do"):
            case "instrument" if message["value"] in INSTRUMENT:
                self.name.value = str(message["value"])
            case "run" | "again":
                self.begin(self.name.value)
            case "stop":
                self.stop(self.name.value)
            case _:
                self.session.told(text)
