"""State of Calibrate: which figures, which search, which file; and the work that answers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import solara

from cxsim.evidence.published import SWITCHED
from cxsim.results.run import FOLLOW_UP_DAYS
from cxsim.scenario.schema import Scenario
from cxsim.studies.calibrate import calibration_of, runs_expected
from cxsim.studies.targets import Targets, load_targets, ready_targets
from cxsim.ui.data_tasks import hold, seek
from cxsim.ui.jobs import Job, Key
from cxsim.ui.own_file import OwnFile
from cxsim.ui.wishes import heed

if TYPE_CHECKING:
    from cxsim.ui.visit import Visit

TASKS = {"figures": "Published figures", "search": "Fit to figures", "data": "Your own data"}
"""What the page is for, by what the address calls it."""
SEEDS = {"3": "3 unseen seeds: a hint", "20": "20 unseen seeds: a verdict"}


@dataclass(frozen=True)
class Effort:
    """How thorough a search is: trials, common seeds of each, unseen seeds that confirm the best."""

    label: str
    trials: int
    replications: int
    confirm: int


EFFORTS = {
    "hint": Effort("a hint: 6 trials, 3 unseen seeds", 6, 1, 3),
    "usual": Effort("30 trials, 10 unseen seeds", 30, 2, 10),
    "thorough": Effort("120 trials, 20 unseen seeds, as the command", 120, 3, 20),
}


class Calibrating:
    """State of Calibrate.

    Attributes:
        task: what the page is used for.
        targets: name of the ready figures.
        seeds: how many unseen seeds they are held against.
        effort: how thorough a search is.
        skipped: figures that a search leaves out.
        fixed: parameters that it does not move.
        turn: rises when work is asked for, stopped or done.
        file: the visitor's own file.
    """

    def __init__(self, visit: Visit) -> None:
        self.session, self.jobs = visit.session, visit.jobs
        state = visit.state
        task, targets, seeds, effort = (state.get(key, "") for key in ("task", "targets", "seeds", "effort"))
        self.task: solara.Reactive[str] = solara.reactive(task if task in TASKS else "figures")
        self.targets: solara.Reactive[str] = solara.reactive(targets if targets in ready_targets() else "published")
        self.seeds: solara.Reactive[str] = solara.reactive(seeds if seeds in SEEDS else "3")
        self.effort: solara.Reactive[str] = solara.reactive(effort if effort in EFFORTS else "hint")
        self.skipped: solara.Reactive[frozenset[str]] = solara.reactive(_names(state.get("skipped", "")))
        self.fixed: solara.Reactive[frozenset[str]] = solara.reactive(_names(state.get("fixed", "")))
        self.turn: solara.Reactive[int] = solara.reactive(0)
        self.file = OwnFile(visit, state.get("fit", ""))

    def close(self) -> None:
        """End with the visit."""
        self.file.close()

    @property
    def world(self) -> Scenario:
        """The world of What if, changes included."""
        return self.session.setup.value.variant

    @property
    def state(self) -> dict[str, str]:
        """What the page adds to the address."""
        told = {"task": self.task.value}
        if self.task.value == "data":
            return told | self.file.state
        told |= {"targets": self.targets.value}
        if self.task.value == "figures":
            return told | {"seeds": self.seeds.value}
        lists = {"skipped": ",".join(sorted(self.skipped.value)), "fixed": ",".join(sorted(self.fixed.value))}
        return told | {"effort": self.effort.value} | {key: names for key, names in lists.items() if names}

    def figures(self) -> Targets:
        """The ready figures."""
        return load_targets(self.targets.value)

    def parameters(self) -> Targets:
        """Where the parameters that may be fitted are told: with the figures, or with those published."""
        figures = self.figures()
        return figures if figures.fit else load_targets("published")

    def sought(self) -> Targets:
        """The figures and parameters of the search."""
        figures, offered = self.figures(), self.parameters().fit
        return figures.model_copy(update={
            "targets": {name: one for name, one in figures.targets.items() if name not in self.skipped.value},
            "fit": {name: one for name, one in offered.items() if name not in self.fixed.value},
        })  # fmt: skip

    def key(self) -> Key:
        """Key of the work that answers."""
        if self.task.value == "figures":
            return ("hold", self.world.digest(), self.targets.value, self.seeds.value)
        told = json.dumps(self.sought().document(), sort_keys=True)
        return ("seek", self.world.digest(), hashlib.sha256(told.encode()).hexdigest()[:16], self.effort.value)

    def begin(self) -> None:
        """Hold the world against the figures, or search."""
        if self.task.value == "figures":
            count = int(self.seeds.value)
            self.jobs.start(self.key(), count, hold, self.world, self.figures(), count)
        else:
            self._search()
        self.turn.value += 1

    def runs(self) -> int:
        """Runs of a search, at most; 0 where nothing is to be fitted."""
        wanted, effort = self.sought(), EFFORTS[self.effort.value]
        if not wanted.fit or not wanted.targets:
            return 0
        return runs_expected(calibration_of(self.world, wanted), effort.trials, effort.replications, effort.confirm)

    def _search(self) -> None:
        wanted, effort = self.sought(), EFFORTS[self.effort.value]
        counted = [one for one in wanted.targets.values() if one.weight > 0]
        if not counted or not wanted.fit:
            self.session.problem.value = "Choose at least one figure that counts, and one parameter."
            return
        follows = [one.title for one in counted if one.statistic == SWITCHED]
        if follows and self.world.horizon < FOLLOW_UP_DAYS:
            self.session.problem.value = (
                f"Choose 3 years on top, or leave out '{follows[0]}': it follows customers so long."
            )
            return
        self.session.problem.value = ""
        self.jobs.start(
            self.key(), self.runs(), seek, self.world, wanted, effort.trials, effort.replications, effort.confirm
        )

    def job(self) -> Job | None:
        """The work that answers, in whatever state."""
        return self.jobs.find(self.key())

    def told(self, text: str) -> None:
        """What the page's panels ask for; what is not its own goes to the session."""
        heed(text, lambda message: self._do(text, message), self.session.problem)

    def _do(self, text: str, message: dict[str, Any]) -> None:
        value = str(message.get("value", ""))
        match message.get("do"):
            case "task" if value in TASKS:
                self.session.problem.value = ""
                self.task.value = value
            case "targets" if value in ready_targets():
                self.targets.value = value
            case "seeds" if value in SEEDS:
                self.seeds.value = value
            case "effort" if value in EFFORTS:
                self.effort.value = value
            case "skipped":
                self.skipped.value = self.skipped.value - {value} if message["on"] else self.skipped.value | {value}
            case "fixed":
                self.fixed.value = self.fixed.value - {value} if message["on"] else self.fixed.value | {value}
            case "run" | "again":
                self.begin()
            case "stop":
                self.jobs.stop(self.key())
                self.turn.value += 1
            case "task" | "targets" | "seeds" | "effort":
                pass
            case _:
                self.session.told(text)


def _names(text: str) -> frozenset[str]:
    return frozenset(name for name in text.split(",") if name)
