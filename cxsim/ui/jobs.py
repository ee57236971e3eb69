"""Long work: done by processes of its own, one piece after the other; it outlives the page that asked for it."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, Literal

from cxsim.scenario.errors import ScenarioError
from cxsim.studies.executors import ProcessExecutor

Key = tuple[str, ...]
"""What tells a piece of work from others: its kind, the digest of its world, and how it is done."""
State = Literal["waiting", "running", "done", "failed", "stopped"]
MOST_KEPT = 32
"""Finished pieces kept, at most; the oldest go first."""
SAID = "said"
"""File beside that of the progress with what the work has to say."""
_LOOK_SECONDS = 0.25
_SURE_SHARE = 0.02
"""Share of the work from which on the time left is told."""


class Job:
    """A piece of work.

    Attributes:
        key: what tells it from others.
        total: its size, in units of its progress.
        done: how much of it is done.
        state: where it stands.
        result: what came out, once it is done.
        problem: why it failed, in a sentence.
        said: what it has to say so far, in words.
    """

    def __init__(self, key: Key, total: float, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self.key, self.total, self.done = key, max(total, 1.0), 0.0
        self.state: State = "waiting"
        self.result: Any = None
        self.problem = self.said = ""
        self._function, self._arguments = function, arguments
        self._begun = 0.0
        self._stopped = threading.Event()
        self._processes: ProcessExecutor | None = None
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("waiting", "running")

    @property
    def share(self) -> float:
        """Share of the work that is done."""
        return min(self.done / self.total, 1.0)

    @property
    def seconds_left(self) -> float | None:
        """Time left, going by the time so far; None while that is a guess."""
        if self.state != "running" or self.share < _SURE_SHARE:
            return None
        return (time.monotonic() - self._begun) * (1.0 - self.share) / self.share

    def stop(self) -> None:
        """End it at once, in the middle of what it does."""
        with self._lock:
            self._stopped.set()
            if self.state == "waiting":
                self.state = "stopped"
            if self._processes is not None:
                self._processes.shutdown(wait=False, cancel_futures=True)

    def work(self) -> None:
        """Have a process do it, and follow its progress."""
        with self._lock:
            if self._stopped.is_set():
                return
            self._processes = ProcessExecutor(1)
            self.state, self._begun = "running", time.monotonic()
        with tempfile.TemporaryDirectory(prefix="cxsim-") as folder:
            note = Path(folder) / "done"
            try:
                future = self._processes.submit(self._function, *self._arguments, str(note))
                while not wait([future], _LOOK_SECONDS).done:
                    self.done, self.said = max(self.done, _noted(note)), _said(note)
                self.result = future.result()
                self.done = self.total
                state: State = "done"
            except ScenarioError as error:
                self.problem = " ".join(f"{problem.sentence}." for problem in error.problems)
                state = "failed"
            except Exception as error:  # told to the visitor; the thread goes on to the next piece
                self.problem = f"The work failed: {error}."
                state = "failed"
            finally:
                self._processes.shutdown(wait=False, cancel_futures=True)
        self.state = "stopped" if self._stopped.is_set() and state == "failed" else state


def _noted(note: Path) -> float:
    try:
        return float(note.read_text())
    except (OSError, ValueError):  # not there yet, or just being written
        return 0.0


def _said(note: Path) -> str:
    try:
        return note.with_name(SAID).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


class Jobs:
    """All pieces of work of a server; visitors who ask the same share one answer."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[Key, Job] = OrderedDict()
        self._lock = threading.Lock()
        self._queue = ThreadPoolExecutor(1, thread_name_prefix="cxsim-jobs")  # one at a time: each uses all cores

    def find(self, key: Key) -> Job | None:
        """The work of this key, in whatever state."""
        with self._lock:
            return self._jobs.get(key)

    def start(self, key: Key, total: float, function: Callable[..., Any], *arguments: Any) -> Job:
        """Have a process call `function(*arguments, note)`, importable by its name; it writes its progress to `note`.

        What waits, runs or is done is not begun again.
        """
        with self._lock:
            known = self._jobs.get(key)
            if known is not None and (known.is_open or known.state == "done"):
                return known
            job = Job(key, total, function, arguments)
            self._jobs[key] = job
            self._jobs.move_to_end(key)
            for old in [one for one in self._jobs if not self._jobs[one].is_open][:-MOST_KEPT]:
                del self._jobs[old]
        self._queue.submit(job.work)
        return job

    def stop(self, key: Key) -> None:
        """End the work of this key, if there is any."""
        job = self.find(key)
        if job is not None:
            job.stop()

    def close(self) -> None:
        """Stop everything."""
        with self._lock:
            jobs = list(self._jobs.values())
        for job in jobs:
            if job.is_open:
                job.stop()
        self._queue.shutdown(wait=False, cancel_futures=True)


class Noted:
    """Progress that is written to a file, now and then, from any thread; without its server, the work ends.

    Args:
        note: the file.
    """

    def __init__(self, note: str) -> None:
        self._note, self._done, self._last = Path(note), 0.0, 0.0
        self._server = os.getppid()
        self._lock = threading.Lock()

    def __call__(self, more: int) -> None:
        """So much more is done."""
        if os.getppid() != self._server:  # it ended, however it did; nobody waits for this any more
            os._exit(1)
        with self._lock:
            self._done += more
            if time.monotonic() - self._last > _LOOK_SECONDS / 2:
                self._last = time.monotonic()
                self._note.write_text(repr(self._done))

    def say(self, words: str) -> None:
        """What is known so far, in words."""
        self._note.with_name(SAID).write_text(words, encoding="utf-8")
