"""The event log as a table: in memory for the customers that are followed, or to a file while everybody is followed.

A year of a million customers is some hundred million entries, more than memory holds: they go to Parquet piece by
piece, written by a thread of its own while the world lives on.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cxsim.engine.columns import REASONS
from cxsim.engine.log import ENTRY, EVENTS
from cxsim.results.run import Run
from cxsim.rules.waiting import MOODS
from cxsim.scenario.schema import Scenario
from cxsim.scenario.values import DIMENSIONS

if TYPE_CHECKING:
    import pyarrow as pa

Array = np.ndarray[Any, Any]

FLAGS = ("is_poor", "is_failure", "is_wow", "is_contact")
LEVELS = ("perceived", "predicted", "desired", "adequate")
AMOUNTS = ("utility", "satisfaction", "cumulative_satisfaction", "irritation", "goodwill", "wait_minutes", "days",
           "promised_days")  # fmt: skip
ROWS_PER_GROUP = 200_000
"""Rows that are written together."""
PIECES_WAITING = 64
"""Pieces of the log that may wait for the writer; then the world waits for it."""


def names_of(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """What the codes of an entry stand for; the last name, an empty one, is for the code -1."""
    stops = (*scenario.touchpoints, "")
    return {"event": EVENTS, "touchpoint": stops, "origin": stops, "reason": (*REASONS, ""), "mood": (*MOODS, "")}


def encounters_table(scenario: Scenario, runs: Sequence[Run]) -> pd.DataFrame:
    """Event log of the followed customers: one row per encounter, decision or step of the journey."""
    tables = [
        pd.DataFrame({"replication": run.replication, **dict(_columns(run.log, scenario, run.warm_up_days))})
        for run in runs
        if run.log is not None and len(run.log)
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({"customer": pd.Series(dtype="int64")})


def _columns(log: Array, scenario: Scenario, warm_up_days: float) -> Iterator[tuple[str, Array]]:
    """Columns of the table in order, names spelled out."""
    names = names_of(scenario)
    yield "customer", log["customer"].astype(np.int64)
    yield "day", log["at"] - warm_up_days
    yield "journey", log["journey"].astype(np.int64)
    for name, spelled in names.items():
        yield name, np.array(spelled)[log[name]]
    for name in FLAGS:
        yield name, log[name].astype(bool)
    for level in LEVELS:
        for place, dimension in enumerate(DIMENSIONS):
            yield f"{level}_{dimension}", log[level][:, place]
    for name in AMOUNTS:
        yield name, log[name].copy()


class EncounterFile:
    """A Parquet file of entries, for `CustomerModel(sink=...)`; it appears only when complete.

    The columns are those of `encounters_table` and `serial`, which counts a customer's entries: the file is in the
    order in which days were lived, not sorted by customer. Levels and amounts are kept in single precision.

    Args:
        target: the file.
        scenario: that is lived.
    """

    def __init__(self, target: Path, scenario: Scenario) -> None:
        self._target, self._scenario = target, scenario
        self._part = target.with_name(f".{target.name}.part")
        self._pieces: queue.Queue[Array | None] = queue.Queue(PIECES_WAITING)
        self._problem: BaseException | None = None
        self.rows = 0
        self._thread = threading.Thread(target=self._write, name="cxsim-encounters", daemon=True)

    def __enter__(self) -> EncounterFile:
        """Start the writer."""
        self._thread.start()
        return self

    def __call__(self, piece: Array) -> None:
        """Take a piece of the log.

        Raises:
            OSError: the file cannot be written.
        """
        if self._problem is not None:
            raise self._problem
        self._pieces.put(piece)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Finish the file, or leave nothing behind."""
        self._pieces.put(None)
        self._thread.join()
        if error is not None or self._problem is not None:
            self._part.unlink(missing_ok=True)
            if error is None and self._problem is not None:
                raise self._problem
            return
        self._part.replace(self._target)

    def _write(self) -> None:
        try:
            self._write_all()
        except BaseException as error:  # told to whoever lives the world; pieces go on being taken, to the end
            self._problem = error
            while self._pieces.get() is not None:
                pass

    def _write_all(self) -> None:
        import pyarrow.parquet as pq

        names = names_of(self._scenario)
        with pq.ParquetWriter(
            self._part, self._table([self._narrowed(np.empty(0, dtype=ENTRY))]).schema, compression="lz4",
            use_dictionary=[*names], write_statistics=False,
        ) as writer:  # fmt: skip
            waiting: list[dict[str, Array]] = []
            rows = 0
            while True:
                piece = self._pieces.get()
                if piece is not None:
                    waiting.append(self._narrowed(piece))  # column by column while the piece is in the cache
                    rows += len(piece)
                if waiting and (piece is None or rows >= ROWS_PER_GROUP):
                    writer.write_table(self._table(waiting))
                    self.rows += rows
                    waiting, rows = [], 0
                if piece is None:
                    return

    def _narrowed(self, log: Array) -> dict[str, Array]:
        """Columns of the file for a piece of the log, names as codes."""
        columns = {"customer": log["customer"].copy(), "serial": log["serial"].copy(),
                   "day": log["at"] - self._scenario.warm_up, "journey": log["journey"].copy()}  # fmt: skip
        for name, spelled in names_of(self._scenario).items():
            codes = log[name].astype(np.int16)
            codes[codes < 0] = len(spelled) - 1
            columns[name] = codes
        for name in FLAGS:
            columns[name] = log[name] != 0
        for level in LEVELS:
            for place, dimension in enumerate(DIMENSIONS):
                columns[f"{level}_{dimension}"] = log[level][:, place].astype(np.float32)
        for name in AMOUNTS:
            columns[name] = log[name].astype(np.float32)
        return columns

    def _table(self, pieces: Sequence[dict[str, Array]]) -> pa.Table:
        import pyarrow as pa

        names = names_of(self._scenario)
        columns: dict[str, Any] = {}
        for name in pieces[0]:
            values = pa.array(np.concatenate([piece[name] for piece in pieces]))
            columns[name] = pa.DictionaryArray.from_arrays(values, pa.array(names[name])) if name in names else values
        return pa.table(columns)
