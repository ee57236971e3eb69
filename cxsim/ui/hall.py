"""The hall: the one workshop that a server holds, where it stands, and the work done for it beforehand."""

from __future__ import annotations

import functools
import socket
import threading
from pathlib import Path
from typing import Any

from cxsim.scenario.errors import ScenarioError
from cxsim.ui.jobs import Job, Jobs, Key
from cxsim.ui.prepare import Moving, Prepared, move_worlds, prepare_chapter
from cxsim.workshop.loading import load_script, read_script, ready_scripts
from cxsim.workshop.room import RoomError
from cxsim.workshop.script import Chapter, Script
from cxsim.workshop.session import Session, steps_of

LOBBY, END = -1, "end"


class Hall:
    """One workshop, shared by everybody who looks at it: a page that is loaded anew loses nothing.

    Attributes:
        session: the workshop; None before one is chosen.
        place: chapter that is open; -1 before the first, as many as there are after the last.
        step: step of that chapter.
        problem: what cannot be done, in a sentence, or "".
        opened: script the server was started with, "" for none.
        out: file in which the session is kept as it goes on; None for none.
        join_address: address for phones, "" where they cannot reach the server.
    """

    def __init__(self) -> None:
        self.session: Session | None = None
        self.place, self.step = LOBBY, ""
        self.problem, self.opened, self.join_address = "", "", ""
        self.out: Path | None = None
        self.seed: int | None = None
        self.customers: int | None = None
        self._version = 0
        self._read: dict[str, Script | str] = {}
        self._jobs: Jobs | None = None
        self._lock = threading.RLock()

    @property
    def mark(self) -> tuple[Any, ...]:
        """What tells a state of the hall from others."""
        session = self.session
        jobs = tuple((job.state, round(50 * job.share)) for job in self._all_jobs())
        return (self._version, session.room.version if session else 0, jobs)

    @property
    def chapter(self) -> Chapter | None:
        """The chapter that is open."""
        chapters = self.session.script.chapters if self.session else []
        return chapters[self.place] if 0 <= self.place < len(chapters) else None

    @property
    def is_over(self) -> bool:
        """Whether the last chapter is done."""
        return self.session is not None and self.place >= len(self.session.script.chapters)

    @property
    def scripts(self) -> dict[str, Path]:
        """Scripts that can be chosen: the ready ones and the one the server was started with."""
        own = {} if not self.opened or self.opened in ready_scripts() else {self.opened: Path(self.opened)}
        return {**own, **ready_scripts()}

    def titles(self) -> dict[str, Script | str]:
        """Those scripts as they are written, read once; a sentence for one that cannot be read."""
        for name, file in self.scripts.items():
            if name not in self._read:
                try:
                    self._read[name] = read_script(file)
                except ScenarioError as error:
                    self._read[name] = " ".join(str(problem) for problem in error.problems[:3])
        return self._read

    def listens(self, host: str, port: int, is_own: bool) -> None:
        """Told by the launcher: where the server can be reached."""
        if is_own:
            self.join_address = ""
            return
        name = _own_address() if host in ("0.0.0.0", "::", "") else host
        self.join_address = f"http://{f'[{name}]' if ':' in name else name}:{port}/join"

    def open(self, name: str) -> None:
        """Open a script: its worlds are lived from now on. The one that is open stays, with all its predictions."""
        with self._lock:
            if name not in self.scripts or (self.session is not None and self.session.loaded.name == name):
                return
            try:
                loaded = load_script(self.scripts[name], self.customers)
            except ScenarioError as error:
                self.problem = " ".join(str(problem) for problem in error.problems)
                self._version += 1
                return
            self.session, self.place, self.step = Session(loaded, self.seed), LOBBY, ""
            self.problem = ""
            self._version += 1
        self.prepare()

    def attach(self, jobs: Jobs) -> None:
        """Where long work is done."""
        with self._lock:
            is_new, self._jobs = self._jobs is not jobs, jobs
        if is_new:
            self.prepare()

    def prepare(self) -> None:
        """Begin to live every chapter's worlds; what was begun is not begun again."""
        session, jobs = self.session, self._jobs
        if session is None or jobs is None:
            return
        for place, chapter in enumerate(session.script.chapters):
            work = session.loaded.days(chapter) + chapter.run.days * len(chapter.run.worlds)
            jobs.start(self._key(session, chapter), work, prepare_chapter, session.loaded, place, session.seed)

    def job(self, chapter: Chapter) -> Job | None:
        """The work on a chapter; what it found is kept."""
        session, jobs = self.session, self._jobs
        if session is None or jobs is None:
            return None
        job = jobs.find(self._key(session, chapter))
        if job is not None and job.state == "done":
            found: Prepared = job.result
            session.keep(found.outcomes)
        return job

    def moving_job(self, chapter: Chapter) -> Job | None:
        """The work on the worlds that are shown moving, where the levers stand now."""
        session, jobs = self.session, self._jobs
        if session is None or jobs is None:
            return None
        setting = session.settings[chapter.id]
        if setting == chapter.start:
            return self.job(chapter)
        key = (*self._key(session, chapter), ",".join(map(str, setting)))
        place = session.script.chapters.index(chapter)
        days = chapter.run.days * len(chapter.run.worlds)
        return jobs.start(key, days, move_worlds, session.loaded, place, setting, session.seed)

    def moving(self, chapter: Chapter) -> Moving | None:
        """The worlds that are shown moving, once they are lived."""
        job = self.moving_job(chapter)
        if job is None or job.state != "done":
            return None
        found: Prepared | Moving = job.result
        return found.moving if isinstance(found, Prepared) else found

    def _key(self, session: Session, chapter: Chapter) -> Key:
        return ("workshop", session.digest, chapter.id, str(session.seed), str(session.loaded.customers))

    def _all_jobs(self) -> list[Job]:
        session, jobs = self.session, self._jobs
        if session is None or jobs is None:
            return []
        found = [jobs.find(self._key(session, chapter)) for chapter in session.script.chapters]
        chapter = self.chapter
        if chapter is not None and session.settings[chapter.id] != chapter.start and self.step == "run":
            found.append(self.moving_job(chapter))
        return [job for job in found if job is not None]

    def go(self, place: int, step: str = "") -> None:
        """Open a chapter at a step, the lobby (-1), or the end."""
        session = self.session
        if session is None:
            return
        with self._lock:
            chapters = session.script.chapters
            self.place = min(max(place, LOBBY), len(chapters))
            chapter = self.chapter
            steps = steps_of(chapter) if chapter else [""]
            self.step = step if step in steps else steps[0]
            self.problem = ""
            session.room.ask(chapter if self.step == "predict" else None)
            self._version += 1
        self.keep()

    def turn(self, by: int) -> None:
        """One step on, or back."""
        session, chapter = self.session, self.chapter
        if session is None:
            return
        if chapter is None:
            ahead = 0 if self.place == LOBBY and by > 0 else None
            back = len(session.script.chapters) - 1 if self.is_over and by < 0 else None
            if ahead is not None:
                self.go(0)
            elif back is not None:
                self.go(back, "lesson")
            return
        steps = steps_of(chapter)
        there = steps.index(self.step) + by
        if 0 <= there < len(steps):
            self.go(self.place, steps[there])
        elif there < 0:
            before = self.place - 1
            self.go(before, "lesson" if before >= 0 else "")
        else:
            self.go(self.place + 1)

    def move(self, lever: str, place: int) -> None:
        """Move a lever of the open chapter."""
        session, chapter = self.session, self.chapter
        if session is None or chapter is None or lever not in chapter.levers:
            return
        if not 0 <= place < len(chapter.levers[lever].values):
            return
        setting = dict(zip(chapter.levers, session.settings[chapter.id], strict=True)) | {lever: place}
        with self._lock:
            session.settings[chapter.id] = tuple(setting.values())
            self._version += 1

    def enter(self, text: str, count: int = 1) -> None:
        """Predictions of the room that the facilitator enters."""
        session, chapter = self.session, self.chapter
        if session is None or chapter is None:
            return
        try:
            session.room.enter(chapter, text, count=count)
            self.problem = ""
        except RoomError as error:
            self.problem = str(error)
        self._version += 1

    def take_back(self) -> None:
        """Take back what was entered last."""
        if self.session is not None and self.chapter is not None:
            self.session.room.take_back(self.chapter.id)

    def keep(self) -> None:
        """Write the session where it was asked to be kept."""
        if self.session is None or self.out is None:
            return
        part = self.out.with_name(f".{self.out.name}.part")
        try:
            part.write_text(self.session.text(), encoding="utf-8")
            part.replace(self.out)
        except OSError as error:
            self.problem = f"The session cannot be kept in {self.out}: {error.strerror or error}."


@functools.cache
def hall() -> Hall:
    """The hall of this server."""
    return Hall()


def _own_address() -> str:
    """Address of this machine on its network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostname()
