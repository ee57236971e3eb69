"""State of Compare: which measure is looked at, how many replications, and the news of its worlds."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import solara

from cxsim.results.measures import MEASURE
from cxsim.scenario.errors import ScenarioError
from cxsim.ui.live import LiveComparison, News, Question
from cxsim.ui.setup import Setup
from cxsim.ui.wishes import heed

if TYPE_CHECKING:
    from cxsim.ui.visit import Visit

REPLICATIONS = (8, 16, 32, 64)
"""Replications that can be chosen."""
_MEASURE = "satisfaction"


class SideBySide:
    """State of Compare.

    Attributes:
        measure: measure of the chance to be best.
        replications: replications of every world.
        news: what is known so far; None before the first answer.
        numbers: the same, kept until new numbers are there.
    """

    def __init__(self, visit: Visit) -> None:
        self.session = visit.session
        wanted, count = visit.state.get("measure", _MEASURE), visit.state.get("replications", "")
        self.measure: solara.Reactive[str] = solara.reactive(wanted if wanted in MEASURE else _MEASURE)
        known = [str(number) for number in REPLICATIONS]
        self.replications: solara.Reactive[int] = solara.reactive(int(count) if count in known else REPLICATIONS[0])
        self.news: solara.Reactive[News | None] = solara.reactive(None, equals=operator.is_)
        self.numbers: solara.Reactive[News | None] = solara.reactive(None, equals=operator.is_)
        self._asked: Question | None = None
        self._closed = False
        self.live = LiveComparison(visit.workers, self._hear)

    @property
    def state(self) -> dict[str, str]:
        """What the page adds to the address."""
        return {"measure": self.measure.value, "replications": str(self.replications.value)}

    def ask(self, setup: Setup, replications: int) -> None:
        """Live these worlds; nothing where there is but one."""
        if not setup.variants:
            self.live.stop()
            self._asked = None
            self.news.value = self.numbers.value = None
            return
        try:
            worlds = setup.worlds
        except ScenarioError as error:
            self.session.problem.value = " ".join(str(problem) for problem in error.problems)
            return
        asked, news = self._asked, self.news.value
        is_same = asked is not None and (list(asked.worlds.items()), asked.replications) == (
            list(worlds.items()), replications)  # fmt: skip
        if is_same and news is not None and news.finished:
            return
        self._asked = Question(worlds, setup.base.seed, replications, f"{setup.query}&replications={replications}")
        if self.numbers.value is not None and list(self.numbers.value.question.worlds) != list(worlds):
            self.numbers.value = None  # the old names would stand beside the new ones
        self.news.value = None
        self.live.ask(self._asked)

    def pause(self) -> None:
        """Another page is open."""
        self.live.stop()

    def close(self) -> None:
        """End with the visit."""
        self._closed = True
        self.live.close()

    def _hear(self, news: News) -> None:
        if self._closed or news.question is not self._asked:
            return
        if news.count and (self.numbers.value is None or news.key != self.numbers.value.key):
            self.numbers.value = news
        self.news.value = news

    def told(self, text: str) -> None:
        """What the page's panels ask for; what is not its own goes to the session."""
        heed(text, lambda message: self._do(text, message), self.session.problem)

    def _do(self, text: str, message: dict[str, Any]) -> None:
        does = message.get("do")
        if does == "measure" and message["value"] in MEASURE:
            self.measure.value = str(message["value"])
        elif does == "replications" and int(message["value"]) in REPLICATIONS:
            self.replications.value = int(message["value"])
        elif does == "stop":
            self.live.stop()
        elif does == "again":
            self.ask(self.session.setup.value, self.replications.value)
        else:
            self.session.told(text)
