"""A comparison that answers while it is being lived: replication by replication, the outdated one dropped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace

from cxsim.results.result import Result, current_versions
from cxsim.results.run import Run
from cxsim.scenario.schema import Scenario
from cxsim.studies.compare import Comparison
from cxsim.studies.simulate import live_once
from cxsim.ui.runs import Workers
from cxsim.ui.variants import BASELINE

ANSWER_SECONDS = 0.1
"""Replications that are lived in about this time come in the first answer, one at least; the interval follows."""
BREATH_SECONDS = 0.3
"""Pause after the first answer, in which the browser draws it."""
MOST_BASELINES = 16
"""Results of baselines kept for a visitor, at most."""
VARIANT = "with your changes"


@dataclass(frozen=True, eq=False)
class Question:
    """What is to be compared; one is another than all others, also where it asks the same.

    Attributes:
        worlds: by name, the baseline first.
        seed: seed of the study.
        replications: how often each is lived.
        label: what tells it from other questions, for people and tests.
    """

    worlds: Mapping[str, Scenario]
    seed: int
    replications: int
    label: str = ""

    @property
    def base(self) -> Scenario:
        """The baseline."""
        return next(iter(self.worlds.values()))

    @property
    def is_changed(self) -> bool:
        """Whether any world differs from the baseline."""
        return any(world != self.base for world in self.worlds.values())


def pair(base: Scenario, variant: Scenario, seed: int, replications: int, label: str = "") -> Question:
    """A world beside its baseline."""
    return Question({BASELINE: base, VARIANT: variant}, seed, replications, label)


@dataclass(frozen=True)
class News:
    """What is known so far.

    Attributes:
        question: what was asked.
        comparison: all worlds over the replications that all of them have; None before the first.
        lived: share of the work that is done.
        count: replications known of all worlds.
        problem: what went wrong, in a sentence.
        stopped: whether it was stopped before its end.
    """

    question: Question
    comparison: Comparison | None = None
    count: int = 0
    lived: float = 0.0
    problem: str = ""
    stopped: bool = False

    @property
    def key(self) -> tuple[Question, int]:
        """What tells these numbers from others; it holds the question, so that none is taken for it later."""
        return (self.question, self.count)

    @property
    def finished(self) -> bool:
        """Whether all replications are there."""
        return self.count >= self.question.replications


class _OutdatedError(Exception):
    """Nobody waits for this run any more."""


@dataclass
class _Job:
    question: Question
    outdated: threading.Event = field(default_factory=threading.Event)
    stopped: bool = False
    days: int = 0
    latest: News | None = None

    def lived(self, days: int) -> None:
        """Called by runs between blocks of days."""
        if self.outdated.is_set():
            raise _OutdatedError
        self.days += days


class LiveComparison:
    """One visitor's comparison: asks replace each other, news come as they are lived.

    Args:
        workers: who lives the replications.
        tell: called with news, from a thread of its own.
    """

    def __init__(self, workers: Workers, tell: Callable[[News], None]) -> None:
        self._workers, self._tell = workers, tell
        self._change = threading.Condition()
        self._next: _Job | None = None
        self._job: _Job | None = None
        self._closed = False
        self._thread: threading.Thread | None = None
        self._versions = current_versions()
        self._baselines: dict[tuple[int, int], tuple[Scenario, Result]] = {}  # holds the scenario, so its id stays

    def ask(self, question: Question) -> None:
        """Compare these; what was asked before is dropped."""
        with self._change:
            if self._closed:
                return
            if self._job is not None:
                self._job.outdated.set()
            self._job = self._next = _Job(question)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="cxsim-comparison", daemon=True)
                self._thread.start()
            self._change.notify()

    def stop(self) -> None:
        """Stop living; what is known stays."""
        with self._change:
            if self._job is not None:
                self._job.stopped = True
                self._job.outdated.set()

    def close(self) -> None:
        """End for good."""
        with self._change:
            self._closed = True
            if self._job is not None:
                self._job.outdated.set()
            self._change.notify()

    def _work(self) -> None:
        while True:
            with self._change:
                while self._next is None and not self._closed:
                    self._change.wait()
                if self._closed:
                    return
                job, self._next = self._next, None
            if job is not None:
                try:
                    self._live(job)
                except Exception as error:  # told to the visitor; the thread must outlive it
                    self._say(job, News(job.question, problem=f"The run failed: {error}"))
                    job.outdated.set()

    def _say(self, job: _Job, news: News) -> None:
        if not self._closed and (job.stopped or not job.outdated.is_set()):
            self._tell(news)

    def _live(self, job: _Job) -> None:
        asked, cache = job.question, self._workers.cache
        digests = {name: world.digest() for name, world in asked.worlds.items()}
        world_of = {digests[name]: world for name, world in asked.worlds.items()}  # equal worlds are lived once
        known: dict[tuple[str, int], Run] = {}
        open_: list[tuple[str, int]] = []
        for number in range(asked.replications):
            for digest in world_of:
                found = cache.get((digest, asked.seed, number))
                if found is not None:
                    known[digest, number] = found
                else:
                    open_.append((digest, number))
        total = max(sum(world_of[digest].days for digest, _ in open_), 1)
        running: dict[Future[Run], tuple[str, int]] = {}
        told, last_told, first = 0, 0.0, self._first_answer(known, asked)
        while open_ or running or told == 0:
            # side by side all come late, as they share memory and, while a world is set up and read off, the
            # interpreter: the first answer is lived alone
            most = 1 if told == 0 and first == 1 else self._workers.count
            while open_ and len(running) < most:
                digest, number = open_.pop(0)
                future = self._workers.pool.submit(live_once, world_of[digest], asked.seed, number, 1, job.lived)
                running[future] = (digest, number)
            if running:
                done, _ = wait(running, timeout=0.25, return_when=FIRST_COMPLETED)
                if job.outdated.is_set():
                    for future in running:
                        future.cancel()
                    if job.stopped:
                        self._say(job, self._news(job, known, digests, total))
                    return
                for future in done:
                    digest, number = running.pop(future)
                    known[digest, number] = run = future.result()
                    cache.keep((digest, asked.seed, number), run)
            news = self._news(job, known, digests, total)
            is_worth = news.count >= min(max(first, 2 * told), asked.replications)
            if news.count > told and is_worth:
                self._say(job, news)
                if told == 0 and not news.finished and open_:
                    job.outdated.wait(BREATH_SECONDS)
                told, last_told = news.count, time.monotonic()
            elif time.monotonic() - last_told > 0.5:
                self._say(job, news)
                last_told = time.monotonic()
            if not running and not open_ and told == 0:
                return

    def _first_answer(self, known: dict[tuple[str, int], Run], asked: Question) -> int:
        """Replications of the first answer."""
        seconds = [run.seconds for run in known.values()]
        if not seconds:
            return 1
        in_time = int(ANSWER_SECONDS / max(min(seconds), 1e-3))
        return min(max(in_time, 1), asked.replications)

    def _news(self, job: _Job, known: Mapping[tuple[str, int], Run], digests: Mapping[str, str], total: int) -> News:
        count = 0
        while count < job.question.replications and all((digest, count) in known for digest in digests.values()):
            count += 1
        lived = min(job.days / total, 1.0)
        if job.latest is None or job.latest.count != count:
            runs = {name: [known[digest, number] for number in range(count)] for name, digest in digests.items()}
            job.latest = News(job.question, self._compared(job.question, runs) if count else None, count)
        return replace(job.latest, lived=lived, stopped=job.stopped)

    def _compared(self, asked: Question, runs: Mapping[str, list[Run]]) -> Comparison:
        """All worlds as a comparison; tables of the baseline are made once for a number of replications."""
        baseline = next(iter(runs))
        key = (id(asked.base), len(runs[baseline]))
        if key not in self._baselines:
            if len(self._baselines) >= MOST_BASELINES:
                self._baselines.clear()
            first = Result(asked.base, asked.seed, runs[baseline], versions=self._versions)
            self._baselines[key] = (asked.base, first)
        results = {
            name: Result(asked.worlds[name], asked.seed, lived, versions=self._versions)
            for name, lived in runs.items() if name != baseline
        }  # fmt: skip
        return Comparison({baseline: self._baselines[key][1], **results})
