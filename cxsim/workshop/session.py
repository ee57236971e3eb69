"""A session: a script, a room, what came out, and where the room stands; kept in one JSON file when it is exported."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cxsim.results.result import current_versions
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.studies.experiment_files import validated
from cxsim.workshop.loading import Loaded, restored
from cxsim.workshop.outcome import Outcome, outcome_from
from cxsim.workshop.room import Entry, Room, RoomError, fitting
from cxsim.workshop.script import Chapter, Script, Setting

KIND = "cxsim workshop session"
STEPS = ("question", "predict", "levers", "run", "reveal", "lesson")
"""Steps of a chapter, in order; one without levers has no such step."""
STEP_LABELS = {"question": "Question", "predict": "Predictions", "levers": "Levers", "run": "Run", "reveal": "Reveal",
               "lesson": "Lesson"}  # fmt: skip


def steps_of(chapter: Chapter) -> list[str]:
    """Steps of a chapter."""
    return [step for step in STEPS if step != "levers" or chapter.levers]


class Session:
    """One workshop as it is held.

    Attributes:
        loaded: the script.
        seed: where the luck starts.
        room: who is there, and what they predict.
        outcomes: what came out, by chapter and setting of its levers.
        settings: where the levers of each chapter stand now.
        begun: date and time of the beginning.
        digest: what tells the script from others.
    """

    def __init__(self, loaded: Loaded, seed: int | None = None, begun: str = "") -> None:
        self.loaded, self.digest = loaded, loaded.script.digest()
        self.seed = loaded.script.seed if seed is None else seed
        self.room = Room()
        self.outcomes: dict[tuple[str, Setting], Outcome] = {}
        self.settings: dict[str, Setting] = {chapter.id: chapter.start for chapter in loaded.script.chapters}
        self.begun = begun or dt.datetime.now().isoformat(timespec="minutes")
        self.versions = current_versions()

    @property
    def script(self) -> Script:
        """The script."""
        return self.loaded.script

    def keep(self, outcomes: list[Outcome]) -> None:
        """Keep what came out."""
        for one in outcomes:
            self.outcomes[one.chapter, one.setting] = one

    def outcome(self, chapter: Chapter) -> Outcome | None:
        """What came out at the setting that predictions are made for."""
        return self.outcomes.get((chapter.id, chapter.start))

    def moved_outcome(self, chapter: Chapter) -> Outcome | None:
        """What came out where the levers stand now; None if they stand where they started."""
        setting = self.settings[chapter.id]
        return None if setting == chapter.start else self.outcomes.get((chapter.id, setting))

    def document(self, with_names: bool = False) -> dict[str, Any]:
        """The session as plain data.

        Args:
            with_names: whether names are kept; else predictions stand alone.
        """
        return {
            "kind": KIND, "format": 1, "script": self.script.document(), "seed": self.seed,
            "customers": self.loaded.customers, "begun": self.begun, "versions": self.versions,
            "predictions": [
                {"chapter": one.chapter, "value": one.value, **({"name": one.name} if with_names and one.name else {})}
                for chapter in self.script.chapters for one in self.room.predictions(chapter.id)
            ],
            "settings": {name: list(setting) for name, setting in self.settings.items()},
            "outcomes": [one.document() for one in self.outcomes.values()],
        }  # fmt: skip

    def text(self, with_names: bool = False) -> str:
        """The session as a JSON file."""
        return json.dumps(self.document(with_names), indent=1, ensure_ascii=False) + "\n"


def load_session(file: Path) -> Session:
    """Load a saved session.

    Raises:
        ScenarioError: the file is none, or is damaged.
    """
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "is no JSON file"
        raise ScenarioError([Problem("", f"cannot be read: {reason}", str(file))]) from None
    if not isinstance(data, Mapping) or data.get("kind") != KIND or data.get("format") != 1:
        sentence = "holds no session of a workshop; export one from the page of cxsim workshop"
        raise ScenarioError([Problem("", sentence, str(file))])
    try:
        return _session_from(data, file)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        if isinstance(error, ScenarioError):
            raise
        raise ScenarioError([Problem("", f"is a damaged session ({error})", str(file))]) from None


def _session_from(data: Mapping[str, Any], file: Path) -> Session:
    script = validated(Script, dict(data["script"]), {(): (str(file), 0)})
    customers = None if data["customers"] is None else int(data["customers"])
    session = Session(restored(script, file.parent, customers), int(data["seed"]), str(data["begun"]))
    session.versions = {str(name): str(text) for name, text in data["versions"].items()}
    chapters = {chapter.id: chapter for chapter in script.chapters}
    entries = []
    for one in data["predictions"]:
        chapter = chapters[str(one["chapter"])]
        try:
            entries.append(Entry(chapter.id, fitting(chapter, str(one["value"])), str(one.get("name", ""))))
        except RoomError as error:
            raise ValueError(f"odd prediction of {chapter.id}: {error}") from None
    session.room.restore(entries)
    for name, setting in data["settings"].items():
        if tuple(setting) in chapters[name].settings:
            session.settings[name] = tuple(setting)
    session.keep([outcome_from(one) for one in data["outcomes"]])
    return session
