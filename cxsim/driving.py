"""The driver of a world's days: which compiled calls, on how many threads, and what is taken out in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import numpy as np

from cxsim.compiling import direct
from cxsim.engine.day import CLOSE, DAYS, DESKS, GATHER, HEAR, OPEN, TELL, WALK, live
from cxsim.engine.log import CAPACITY, new_log
from cxsim.engine.world import LANES, World

Sink = Callable[[Any], None]
"""Takes filled pieces of the event log."""
WORTH_THREADS = 2_000
"""Customers due in a day from which it pays to share its work among threads."""


class Driver:
    """Lives the days of a world; the result does not depend on threads, nor on how many days a call takes.

    Args:
        world: the world, at a morning.
        threads: threads that share a day's walks and talk.
        keeps_log: whether anybody is followed.
        sink: takes filled pieces of the event log.
    """

    def __init__(self, world: World, threads: int, keeps_log: bool, sink: Sink) -> None:
        self.world, self.threads, self._sink = world, max(threads, 1), sink
        self._logs = [new_log(keeps_log) for _ in range(self.threads)]
        state = world.state.view(np.ndarray)  # views: a record's own attributes take ten times as long to read
        self._used = [log.view(np.ndarray)["used"] for log in self._logs]
        self._day, self._due_count, self._lanes, self._left_count = (
            state[name] for name in ("day", "due_count", "lanes", "left_count")
        )
        self._live = live  # its machine code, once it has been called

    @property
    def day(self) -> int:
        """Days lived so far."""
        return int(self._day[0])

    def advance(self, until_day: int) -> Iterator[np.ndarray[Any, Any]]:
        """Live up to a morning; yields the customers who left, in the order of leaving, before any of them is back."""
        if self.threads == 1 or len(self.world.customers) < WORTH_THREADS:
            while self.day < until_day:
                if not self._live(self.world, self._logs[0], DAYS, 0, until_day):
                    self.drain()
                self._call_directly()
                yield from self._take_leavers()
            self.drain()
            return
        with ThreadPoolExecutor(self.threads) as pool:
            while self.day < until_day:
                self._live_day(pool)
                yield from self._take_leavers()

    def _live_day(self, pool: Executor) -> None:
        """Live one day, phase by phase, on several threads where that pays."""
        self._do(OPEN)
        shares = self.threads if self._due_count[0] >= WORTH_THREADS else 1
        lanes = int(self._lanes[0])
        self._share(pool, WALK, lanes, shares)
        self._do(GATHER)
        self._do(DESKS)
        self._share(pool, TELL, lanes, shares)
        self._share(pool, HEAR, LANES, shares)
        self._do(CLOSE)
        self.drain()

    def _share(self, pool: Executor, phase: int, extent: int, shares: int) -> None:
        """Cut a phase into shares, a thread each."""
        if shares == 1:
            self._do(phase, 0, extent)
            return
        cuts = [share * extent // shares for share in range(shares + 1)]
        list(pool.map(self._do, [phase] * shares, cuts[:-1], cuts[1:], range(shares)))

    def _do(self, phase: int, first: int = 0, last: int = 0, thread: int = 0) -> None:
        """Live a phase, emptying the log as often as it fills."""
        while not self._live(self.world, self._logs[thread], phase, first, last):
            self.drain(thread)
        self._call_directly()

    def _call_directly(self) -> None:
        if self._live is live:
            self._live = direct(live)

    def _take_leavers(self) -> Iterator[np.ndarray[Any, Any]]:
        left = int(self._left_count[0])
        if left:
            yield self.world.leavers[:left].copy()
            self._left_count[0] = 0

    def drain(self, thread: int | None = None) -> None:
        """Hand what the logs hold (of one thread, or of all) to the sink."""
        if any(used[0] for used in self._used):
            for log in self._logs if thread is None else [self._logs[thread]]:
                used = int(log[0].used)
                if used > CAPACITY:
                    raise RuntimeError(
                        f"one customer lived more than {CAPACITY} entries in a day: does a journey loop?"
                    )
                if used:
                    self._sink(log[0].entries[:used].copy())
                    log["used"] = 0
