"""State of Journey: the text that is edited, what is wrong with it, undo and redo, and the part looked at."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import solara

from cxsim.scenario.edits import Edit, edited
from cxsim.scenario.errors import ScenarioError
from cxsim.scenario.forms import Forms
from cxsim.scenario.loading import Checked, check_text
from cxsim.scenario.reading import ValuePath, dotted
from cxsim.scenario.references import value_at
from cxsim.scenario.schema import Scenario
from cxsim.ui.drafts import LONGEST
from cxsim.ui.history import History
from cxsim.ui.live import LiveComparison, News, Question, pair
from cxsim.ui.setup import MOST_VALUES, Setup, named_files
from cxsim.ui.variants import parsed
from cxsim.ui.wishes import heed

if TYPE_CHECKING:
    from cxsim.ui.visit import Visit

REPLICATIONS = 4
JOURNEY: ValuePath = ("journey",)
_ON_PARTS = ("set", "add", "append", "there", "away", "remove", "copy", "rename", "move")


@dataclass(frozen=True)
class Draft:
    """A text and the name of its file."""

    file: str
    text: str


class Editing:
    """State of Journey.

    Attributes:
        draft: the text.
        part: the part whose form is open.
        history: its steps to undo and redo.
        steps: rises with every change, undo and redo.
        problem: what could not be done, in a sentence, or "".
        news: what the trial run tells; None before one.
    """

    def __init__(self, visit: Visit) -> None:
        self.session, self.drafts = visit.session, visit.drafts
        self.named = named_files(self.session.opened)
        setup = self.session.setup.value
        self.origin = _text_of(setup)
        kept = self.drafts.find(visit.state.get("draft", ""))
        first = Draft(*kept) if kept is not None else self.origin
        self._from = (setup.name, setup.text)
        self.draft: solara.Reactive[Draft] = solara.reactive(first)
        self.part: solara.Reactive[ValuePath] = solara.reactive(_path_of(visit.state.get("part", "")))
        self.steps: solara.Reactive[int] = solara.reactive(0)
        self.problem: solara.Reactive[str] = solara.reactive("")
        if visit.state.get("draft") and kept is None:
            self.problem.value = "This server no longer has the text of that link; here is the scenario it began from."
        self.news: solara.Reactive[News | None] = solara.reactive(None, equals=operator.is_)
        self.heard: dict[str, float] = {}
        self.history = History(first)
        self._asked: Question | None = None
        self._closed = False
        self.live = LiveComparison(visit.workers, self._hear)
        self.checked = self._check(first)
        self.readable = self.checked if self.checked.own else self._check(self.origin)
        self.valid: Scenario = self.checked.scenario or setup.own

    def _check(self, draft: Draft) -> Checked:
        return check_text(draft.text, draft.file, self.named, MOST_VALUES)

    @property
    def is_readable(self) -> bool:
        """Whether the text is YAML, so that forms can change it."""
        return bool(self.checked.own)

    @property
    def forms(self) -> Forms:
        """Forms of the text, or of the last one that could be read."""
        return Forms(self.checked if self.is_readable else self.readable)

    @property
    def state(self) -> dict[str, str]:
        """What the page adds to the address."""
        draft, part = self.draft.value, ".".join(str(one) for one in self.part.value)
        told = {"draft": self.drafts.keep(draft.file, draft.text)} if draft != self.origin else {}
        return {**told, **({"part": part} if part else {})}

    @property
    def is_changed(self) -> bool:
        """Whether the text differs from the scenario it began from."""
        return self.draft.value != self.origin

    def follow(self, setup: Setup) -> None:
        """Another scenario was chosen: its text takes the place of this one; undo brings it back."""
        if (setup.name, setup.text) == self._from:
            return
        self._from = (setup.name, setup.text)
        self.origin = _text_of(setup)
        self._become(self.origin)

    def close(self) -> None:
        """End with the visit."""
        self._closed = True
        self.live.close()

    def type(self, text: str, file: str = "") -> None:
        """The text as it was typed, or that of a file."""
        if len(text) > LONGEST:
            self.problem.value = f"That has {len(text):,} letters; at most {LONGEST:,} are taken here."
            return
        if not text.strip():
            self.problem.value = "That is empty; nothing was taken over." if file else ""
        now = self.draft.value
        self._become(Draft(_file_name(file) if file else now.file, text))

    def edit(self, change: Callable[[Edit], None]) -> bool:
        """Change the text by a form; gives whether it was changed."""
        draft = self.draft.value
        try:
            if not self.is_readable:
                raise ScenarioError(self.checked.problems)
            text = edited(draft.text, self.forms, change)
        except ScenarioError as error:
            self.problem.value = " ".join(problem.sentence for problem in error.problems)
            self.steps.value += 1
            return False
        self._become(replace(draft, text=text))
        return True

    def _become(self, draft: Draft) -> None:
        if draft != self.draft.value:
            self.history.take(draft)
            self._show(draft)

    def _show(self, draft: Draft) -> None:
        self.problem.value = ""
        self.checked = self._check(draft)
        if self.checked.own:
            self.readable = self.checked
        if self.checked.scenario is not None:
            self.valid = self.checked.scenario
        self.draft.value = draft
        if self.part.value and value_at(self.readable.data, self.part.value) is None and len(self.part.value) > 1:
            self.part.value = JOURNEY
        self.steps.value += 1

    def undo(self) -> None:
        """Take the latest step back."""
        if self.history.can_undo:
            self._show(self.history.undo())

    def redo(self) -> None:
        """Take it again."""
        if self.history.can_redo:
            self._show(self.history.redo())

    def use(self) -> None:
        """The edited scenario becomes the world of the other pages."""
        draft = self.draft.value
        try:
            setup = Setup.edited(draft.file, draft.text, self.named)
        except ScenarioError:
            self.problem.value = "Mend what is wrong first: only a valid scenario can be simulated."
            return
        self.drafts.keep(draft.file, draft.text)
        self._from, self.origin = (setup.name, setup.text), draft
        self.session.look_at(name=setup.name, file=setup.file, own=setup.own, text=setup.text)
        self.steps.value += 1

    def take_changes(self) -> None:
        """Write what was changed on What if into the text."""
        changes = parsed(self.session.setup.value.changes)

        def write(edit: Edit) -> None:
            for path, value in changes.items():
                edit.put(tuple(path.split(".")), value)

        self.edit(write)

    def attempt(self) -> None:
        """A small run of the scenario as it is edited, beside the world on What if."""
        if self.checked.scenario is None:
            self.problem.value = "Mend what is wrong first: only a valid scenario can be simulated."
            return
        now, draft = self.session.setup.value, self.draft.value
        mine = replace(Setup.edited(draft.file, draft.text, self.named), customers=now.customers, days=now.days)
        if _is_levelled(now, mine):
            now, mine = (replace(one, customers=one.own.population.customers) for one in (now, mine))
        self._asked = pair(now.variant, mine.base, now.base.seed, REPLICATIONS, "a small run")
        self.news.value = News(self._asked)
        self.live.ask(self._asked)

    def _hear(self, news: News) -> None:
        if not self._closed and news.question is self._asked:
            self.news.value = news

    def told(self, text: str) -> None:
        """What the page's panels ask for; those with a number are told that they were heard."""
        heed(text, lambda wish: self._hear_wish(wish, text), self.problem)

    def _hear_wish(self, wish: dict[str, Any], text: str) -> None:
        panel = str(wish.get("panel", ""))
        if panel:
            self.heard[panel] = float(wish["n"])
        self._do(wish, text)
        if panel:
            self.steps.value += 1

    def _do(self, wish: dict[str, Any], text: str) -> None:
        path = tuple(part if isinstance(part, int) else str(part) for part in wish.get("path", ()))
        name, open_part = str(wish.get("name", "")).strip(), self.part.value
        if wish.get("do") in _ON_PARTS and not (path and self.forms.schema_at(path)):
            raise ValueError(f"the format has no '{dotted(path)}'")
        match wish.get("do"):
            case "text":
                self.type(str(wish["text"]))
            case "file":
                self.type(str(wish["text"]), str(wish["file"]))
            case "part":
                self.part.value = path if self.forms.fields(path) else self.part.value
            case "pick":
                self.part.value = _path_of(str(wish["value"]))
            case "set":
                self.edit(lambda edit: self._write(edit, path, str(wish["text"])))
            case "add" if self.edit(lambda edit: edit.add((*path, name))):
                self.part.value = (*path, name) if len(path) == 1 else self.part.value
            case "add-stop" if self.edit(lambda edit: edit.add_stop(name, str(wish["kind"]), str(wish["after"]))):
                self.part.value = ("touchpoints", name)
            case "append":
                self.edit(lambda edit: edit.append(path))
            case "there":
                self.edit(lambda edit: edit.put(path, self.forms.starting(path)))
            case "away":
                self.edit(lambda edit: edit.take_away(path))
            case "remove":
                self.edit(lambda edit: edit.remove(path))
            case "copy" if self.edit(lambda edit: edit.copy(path, name)):
                self.part.value = (*path[:-1], name)
            case "rename" if self.edit(lambda edit: edit.rename(path, name)):
                self.part.value = (*path[:-1], name) if path == open_part else open_part
            case "move":
                self.edit(lambda edit: edit.move(path, int(wish["by"])))
            case "add" | "add-stop" | "copy" | "rename":
                pass  # refused, with a sentence
            case "undo":
                self.undo()
            case "redo":
                self.redo()
            case "reset":
                self._become(self.origin)
            case "use":
                self.use()
            case "changes":
                self.take_changes()
            case "try":
                self.attempt()
            case "stop":
                self.live.stop()
            case _:
                self.session.told(text)

    def _write(self, edit: Edit, path: ValuePath, text: str) -> None:
        if text.strip():
            if path[:1] == ("touchpoints",) and len(path) == 3 and path[2] == "kind":
                edit.become_kind(str(path[1]), text)
            else:
                edit.put(path, self.forms.read(path, text))
        else:
            edit.drop(path)


def _is_levelled(first: Setup, second: Setup) -> bool:
    """Whether desks with different staff are staffed alike in a sample: three servers and four may both become one."""
    mine, other = first.base.desks, second.base.desks
    return any(
        desk.servers != second.own.desks[name].servers and mine[name].servers == other[name].servers
        for name, desk in first.own.desks.items() if name in second.own.desks
    )  # fmt: skip


def _text_of(setup: Setup) -> Draft:
    if setup.text:
        return Draft(str(setup.file), setup.text)
    return Draft(_file_name(setup.file.name), setup.file.read_text(encoding="utf-8"))


def _file_name(name: str) -> str:
    """A file name without anything that leads elsewhere."""
    bare = re.sub(r"[^A-Za-z0-9._ -]", "", re.split(r"[/\\]", name)[-1]).strip(" .")[:80]
    bare = bare if bare.endswith((".yaml", ".yml")) else f"{bare}.yaml"
    return bare if bare != ".yaml" else "scenario.yaml"


def _path_of(text: str) -> ValuePath:
    return tuple(text.split(".", 1)) if text else JOURNEY
