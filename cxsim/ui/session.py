"""One visitor's state: what is looked at, what was changed, undo and redo, and the news of the comparison."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import solara

from cxsim.scenario.errors import ScenarioError
from cxsim.ui.drafts import Drafts
from cxsim.ui.history import History
from cxsim.ui.levers import Lever, levers_of, value_at
from cxsim.ui.live import LiveComparison, News, Question, pair
from cxsim.ui.runs import Workers
from cxsim.ui.setup import Setup, read_query
from cxsim.ui.variants import Variant, checked, free_name, open_experiment
from cxsim.ui.wishes import heed

REPLICATIONS = 8


class Session:
    """One visitor's state; closed with the visit.

    Attributes:
        setup: the world and its changes.
        news: what is known of it; None before the first answer.
        numbers: the same, kept until new numbers are there.
        drawn: the same again for the charts always in view, which follow the numbers.
        below: and for the charts of the chosen tab, which follow those.
        theme: light or dark.
        history: its steps to undo and redo; the moves of a drag are one.
        steps: rises with every step that can be undone, and with undoing.
        turn: rises when a refused move has to be taken back in the panel.
        sharing: whether commands and files are looked at.
        tab: theme of the charts shown.
        problem: what cannot be done, in a sentence, or "".
        live: the comparison of What if; nothing is lived for it while another page is open.
    """

    def __init__(self, workers: Workers, opened: Setup, query: str = "", drafts: Drafts | None = None) -> None:
        self.opened, self.drafts = opened, drafts
        self.problem: solara.Reactive[str] = solara.reactive("")
        try:
            first = read_query(query, opened, drafts)
        except ScenarioError as error:
            first = opened
            self.problem.value = f"The address could not be followed. {_sentences(error)}"
        self.setup: solara.Reactive[Setup] = solara.reactive(first)
        self.news: solara.Reactive[News | None] = solara.reactive(None, equals=operator.is_)
        self.numbers: solara.Reactive[News | None] = solara.reactive(None, equals=operator.is_)
        self.drawn: solara.Reactive[News | None] = solara.reactive(None, equals=operator.is_)
        self.below: solara.Reactive[News | None] = solara.reactive(None, equals=operator.is_)
        self.theme: solara.Reactive[Any] = solara.reactive("light")
        self.steps: solara.Reactive[int] = solara.reactive(0)
        self.turn: solara.Reactive[int] = solara.reactive(0)
        self.sharing: solara.Reactive[bool] = solara.reactive(False)
        self.tab: solara.Reactive[str] = solara.reactive("over-time")
        self.history = History(first)
        self._levers: tuple[str, dict[str, Lever]] = ("", {})
        self._closed = False
        self._watched = False
        self._asked: Question | None = None
        self._then: dict[str, Any] | None = None
        self.live = LiveComparison(workers, self._hear)

    @cached_property
    def replications(self) -> int:
        """Replications of an answer."""
        return REPLICATIONS

    def start(self) -> None:
        """Ask for numbers from now on: What if is open. What another page wished for it is done first."""
        wish, self._then = self._then, None
        if wish is not None:
            self._do(wish)
        self._watched = True
        self._ask(self.setup.value)

    def then(self, wish: dict[str, Any]) -> None:
        """Do this once What if is open."""
        self._then = wish

    def pause(self) -> None:
        """Another page is open: nothing is lived for this one."""
        self._watched = False
        self.live.stop()

    def close(self) -> None:
        """End with the visit."""
        self._closed = True
        self.live.close()

    def _hear(self, news: News) -> None:
        if not self._is_asked(news):
            return
        if not news.count or (self.numbers.value is not None and news.key == self.numbers.value.key):
            self.news.value = news
            return
        self.numbers.value = self.news.value = news
        for charts in (self.drawn, self.below):
            if self._is_asked(news):  # drawing takes its time, and something else may be asked for meanwhile
                charts.value = news

    def _is_asked(self, news: News) -> bool:
        return news.question is self._asked and not self._closed

    def _ask(self, setup: Setup) -> None:
        if self._watched:
            self._asked = pair(setup.base, setup.variant, setup.base.seed, self.replications, setup.world_query)
            self.live.ask(self._asked)

    def levers(self) -> dict[str, Lever]:
        """Levers of the baseline by path."""
        base = self.setup.value.base
        key = base.digest()
        if self._levers[0] != key:
            self._levers = (key, {lever.path: lever for lever in levers_of(base)})
        return self._levers[1]

    def values(self) -> dict[str, Any]:
        """Values of the moved levers, as the panel shows them."""
        levers, setup = self.levers(), self.setup.value
        return {path: value_at(setup.variant, path) for path in setup.changes if path in levers}

    def move(self, path: str, value: Any, settled: bool) -> None:
        """Move a lever; `settled` ends a drag and makes it one step to undo."""
        lever = self.levers().get(path)
        if lever is None:
            return
        changes = dict(self.setup.value.changes)
        text = lever.text(value)
        if text == lever.text(lever.default):
            changes.pop(path, None)
        else:
            changes[path] = text
        self._become(self.setup.value.changed(changes=changes), settled)

    def change(self, changes: Mapping[str, str]) -> None:
        """Make several changes at once, on top of those there are."""
        self._become(self.setup.value.changed(changes={**self.setup.value.changes, **changes}), settled=True)

    def reset(self, path: str = "") -> None:
        """Put one lever back, or all of them."""
        changes = {other: text for other, text in self.setup.value.changes.items() if path and other != path}
        self._become(self.setup.value.changed(changes=changes), settled=True)

    def look_at(self, **parts: Any) -> None:
        """Another scenario (`name`, `file`), number of customers or days."""
        changed = self.setup.value.changed(**parts)
        if "name" in parts:
            fresh: dict[str, Any] = {"customers": None, "days": None, "changes": {}, "held": {}, "variants": ()}
            changed = changed.changed(**{**fresh, "text": "", **parts})
        self._become(changed, settled=True)

    def add_variant(self) -> None:
        """What is changed now becomes a variant on Compare."""
        setup = self.setup.value
        same = [one.name for one in setup.variants if one.changes == setup.changes]
        if not setup.changes or same:
            known = f"These changes are the variant '{same[0]}' already." if same else ""
            self.problem.value = known or "Move a lever first: nothing differs."
            return
        new = Variant(free_name(self._told_changes(), setup.variants), dict(setup.changes))
        self._vary((*setup.variants, new))

    def rename_variant(self, place: int, name: str) -> None:
        """Give a variant another name."""
        old = self.setup.value.variants
        self._vary((*old[:place], replace(old[place], name=name.strip()), *old[place + 1 :]))

    def remove_variant(self, place: int) -> None:
        """Take a variant away."""
        old = self.setup.value.variants
        self._vary((*old[:place], *old[place + 1 :]))

    def take_variant(self, place: int) -> None:
        """A variant's changes become those of What if."""
        setup = self.setup.value
        self._become(setup.changed(changes=dict(setup.variants[place].changes)), settled=True)

    def open_experiment(self, name: str) -> None:
        """A ready experiment's settings become the variants, its scenario and constants the world."""
        try:
            self._become(open_experiment(name, self.opened), settled=True)
        except ScenarioError as error:
            self.problem.value = _sentences(error)

    def open_claim(self, name: str, world: str) -> None:
        """The worlds of a claim become the world, its changes and its variants."""
        from cxsim.evidence.claims.registry import chosen
        from cxsim.ui.claim_worlds import setup_of

        try:
            self._become(setup_of(chosen([name])[0], world), settled=True)
        except ScenarioError as error:
            self.problem.value = _sentences(error)

    def _vary(self, variants: tuple[Variant, ...]) -> None:
        try:
            checked(variants)
        except ScenarioError as error:
            self.problem.value = f"That cannot be. {_sentences(error)}"
            self.turn.value += 1
            return
        self._become(self.setup.value.changed(variants=variants), settled=True)

    def told_changes(self, changes: Mapping[str, str]) -> list[str]:
        """Changes as people read them."""
        levers = self.levers()
        return [f"{_name_of(levers[path])} {text}" if path in levers else f"{path} {text}"
                for path, text in changes.items()]  # fmt: skip

    def _told_changes(self) -> str:
        told = self.told_changes(self.setup.value.changes)
        return ", ".join(told[:2]) + (f" and {len(told) - 2} more" if len(told) > 2 else "")

    def undo(self) -> None:
        """Take the latest step back."""
        if self.history.can_undo:
            self._go(self.history.undo())

    def redo(self) -> None:
        """Take it again."""
        if self.history.can_redo:
            self._go(self.history.redo())

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to reset."""
        return bool(self.setup.value.changes)

    def _go(self, setup: Setup) -> None:
        self.steps.value += 1
        self.problem.value = ""
        self._ask(setup)
        self.setup.value = setup

    def _become(self, setup: Setup, settled: bool) -> None:
        try:
            _ = setup.base, setup.variant
        except ScenarioError as error:
            self.problem.value = f"That cannot be. {_sentences(error)}"
            self.turn.value += 1  # the panel shows the old value again
            return
        self.problem.value = ""
        if settled and setup.query != self.history.now.query:
            self.history.take(setup)
            self.steps.value += 1
        if setup.world_query != self.setup.value.world_query:
            if setup.base != self.setup.value.base:
                self.numbers.value = self.drawn.value = self.below.value = None
            self._ask(setup)
        self.setup.value = setup

    def told(self, text: str) -> None:
        """What the browser's panels ask for, as they send it."""
        heed(text, self._do, self.problem)

    def _do(self, message: dict[str, Any]) -> None:
        match message.get("do"):
            case "move":
                self.move(str(message["path"]), message["value"], bool(message["settled"]))
            case "change":
                self.change({str(path): str(text) for path, text in message["changes"].items()})
            case "reset":
                self.reset(str(message.get("path", "")))
            case "undo":
                self.undo()
            case "redo":
                self.redo()
            case "then":  # the page that is left stays as it is until What if is there
                self.then(dict(message["message"]))
            case "variant-add":
                self.add_variant()
            case "variant-rename":
                self.rename_variant(int(message["place"]), str(message["name"]))
            case "variant-remove":
                self.remove_variant(int(message["place"]))
            case "variant-take":
                self.take_variant(int(message["place"]))
            case "experiment":
                self.open_experiment(str(message["value"]))
            case "open-claim":
                self.open_claim(str(message["value"]), str(message.get("world", "")))
            case "stop":
                self.live.stop()
            case "again":
                self.start()
            case "theme":
                self.theme.value = "dark" if message["theme"] == "dark" else "light"
            case "share":
                self.sharing.value = bool(message["open"])
            case "tab":
                self.tab.value = str(message["tab"])
            case "customers":
                self.look_at(customers=int(message["value"]))
            case "days":
                self.look_at(days=int(message["value"]))
            case "scenario":
                self._open(str(message["value"]))

    def _open(self, name: str) -> None:
        try:
            opened = read_query(f"scenario={name}", self.opened)
        except ScenarioError as error:
            self.problem.value = _sentences(error)
            return
        self.look_at(name=opened.name, file=opened.file, own=opened.own)


def _name_of(lever: Lever) -> str:
    return f"{lever.part}: {lever.label}" if lever.part else lever.label


def _sentences(error: ScenarioError) -> str:
    return " ".join(f"{problem.told}." for problem in error.problems)
