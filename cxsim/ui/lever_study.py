"""State of Levers: which way, which levers, how far, for which outcome; and the work that answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara

from cxsim.instruments.catalogue import worlds_of
from cxsim.studies.experiment import Experiment
from cxsim.ui.jobs import Key
from cxsim.ui.levers import Lever, value_at
from cxsim.ui.readings import REPLICATIONS, reading_key
from cxsim.ui.tasks import take_reading, try_levers
from cxsim.ui.trying import OUTCOMES, REACHES, WAY, WAYS, Way, candidates, changes_of_step, experiment_of
from cxsim.ui.wishes import heed

if TYPE_CHECKING:
    from cxsim.ui.visit import Visit

STEPS = "start-small"
"""Instrument behind the small steps."""


class LeverStudy:
    """State of Levers.

    Attributes:
        way: key of the way chosen.
        reach: how far levers move, in percent.
        outcome: measure looked at.
        without: paths of levers that are left out.
        turn: rises when work is asked for, stopped or done.
    """

    def __init__(self, visit: Visit) -> None:
        self.session, self.jobs = visit.session, visit.jobs
        state = visit.state
        way, reach, outcome = (state.get(key, "") for key in ("method", "reach", "outcome"))
        self.way: solara.Reactive[str] = solara.reactive(way if way in WAY else WAYS[0].key)
        self.reach: solara.Reactive[str] = solara.reactive(reach if reach in REACHES else "25")
        self.outcome: solara.Reactive[str] = solara.reactive(outcome if outcome in OUTCOMES else OUTCOMES[0])
        left_out = frozenset(path for path in state.get("without", "").split(",") if path)
        self.without: solara.Reactive[frozenset[str]] = solara.reactive(left_out)
        self.turn: solara.Reactive[int] = solara.reactive(0)

    @property
    def chosen(self) -> Way:
        """The way chosen."""
        return WAY[self.way.value]

    @property
    def state(self) -> dict[str, str]:
        """What the page adds to the address."""
        told = {"method": self.way.value, "reach": self.reach.value, "outcome": self.outcome.value}
        return {**told, "without": ",".join(sorted(self.without.value))} if self.without.value else told

    def levers(self) -> list[tuple[Lever, float]]:
        """Levers that are tried, each with where it stands."""
        world = self.session.setup.value.variant
        return [(lever, float(value_at(world, lever.path))) for lever in candidates(self.session.levers())
                if lever.path not in self.without.value]  # fmt: skip

    def experiment(self) -> Experiment | None:
        """The experiment behind the page; None without a lever, or where small steps are taken."""
        levers = self.levers()
        if self.way.value == "steps" or not levers:
            return None
        return experiment_of(self.session.setup.value, levers, int(self.reach.value) / 100, self.chosen)

    def key(self) -> Key:
        """Key of the work that answers."""
        experiment = self.experiment()
        if experiment is None:
            return reading_key(STEPS, self.session.setup.value.variant)
        return ("levers", self.way.value, self.session.setup.value.variant.digest(), experiment.digest())

    def begin(self) -> None:
        """Find out."""
        world, way, experiment = self.session.setup.value.variant, self.chosen, self.experiment()
        if way.key == "steps":
            total = REPLICATIONS * world.days * (1 + worlds_of(world, [STEPS]))
            self.jobs.start(self.key(), total, take_reading, STEPS, world, REPLICATIONS)
        elif experiment is None:
            self.session.problem.value = "Choose at least one lever."
        else:
            total = way.points(len(experiment.levers)) * way.replications
            self.jobs.start(self.key(), total, try_levers, experiment, world, way.method, way.size, way.replications)
        self.turn.value += 1

    def stop(self) -> None:
        """Stop finding out."""
        self.jobs.stop(self.key())
        self.turn.value += 1

    def told(self, text: str) -> None:
        """What the page's panels ask for; what is not its own goes to the session."""
        heed(text, lambda message: self._do(text, message), self.session.problem)

    def _do(self, text: str, message: dict[str, Any]) -> None:
        value = str(message.get("value", ""))
        match message.get("do"):
            case "method" if value in WAY:
                self.way.value = value
            case "reach" if value in REACHES:
                self.reach.value = value
            case "outcome" if value in OUTCOMES:
                self.outcome.value = value
            case "without":
                self.without.value = self.without.value - {value} if message["on"] else self.without.value | {value}
            case "run" | "again":
                self.begin()
            case "stop":
                self.stop()
            case "step":
                changes = changes_of_step(self.session.setup.value.variant, value)
                self.session.then({"do": "change", "changes": changes})
            case _:
                self.session.told(text)
