"""Runs that are kept: bounded, shared by everybody who looks at the same world."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from cxsim.results.run import Run
from cxsim.studies.simulate import default_jobs

Key = tuple[str, int, int]
"""Digest of the scenario, seed, replication."""
MOST_BYTES = 192 * 2**20
"""Runs kept in memory, at most; the longest unused go first."""


class RunCache:
    """Finished runs by scenario, seed and replication."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._runs: OrderedDict[Key, tuple[Run, int]] = OrderedDict()
        self._bytes, self._most = 0, most_bytes
        self._lock = threading.Lock()

    def get(self, key: Key) -> Run | None:
        """A kept run, or None."""
        with self._lock:
            if key not in self._runs:
                return None
            self._runs.move_to_end(key)
            return self._runs[key][0]

    def keep(self, key: Key, run: Run) -> None:
        """Keep a run; the longest unused make room."""
        size = _bytes_of(run)
        with self._lock:
            if key in self._runs:
                return
            self._runs[key] = (run, size)
            self._bytes += size
            while self._bytes > self._most and len(self._runs) > 1:
                _, (_, freed) = self._runs.popitem(last=False)
                self._bytes -= freed

    @property
    def size_bytes(self) -> int:
        """Memory held."""
        return self._bytes


def _bytes_of(run: Run) -> int:
    arrays = [value for value in vars(run).values() if isinstance(value, np.ndarray)]
    tables = [run.customers or {}, run.lost or {}]
    return sum(array.nbytes for array in arrays) + sum(column.nbytes for table in tables for column in table.values())


class Workers:
    """Threads that live replications, and the runs they finished; one of these serves every visitor.

    Attributes:
        count: replications at a time.
        pool: the threads.
        cache: finished runs.
    """

    def __init__(self, count: int | None = None) -> None:
        self.count = count or default_jobs()
        self.pool = ThreadPoolExecutor(self.count, thread_name_prefix="cxsim-worker")
        self.cache = RunCache()

    def close(self) -> None:
        """Stop taking work."""
        self.pool.shutdown(wait=False, cancel_futures=True)
