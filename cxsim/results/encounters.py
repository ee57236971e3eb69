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
from cxsim.engine.log import CAPACITY, EVENTS
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

        rows = _Rows(self._scenario)
        with pq.ParquetWriter(
            self._part, rows.table().schema, compression="snappy", use_dictionary=[*names_of(self._scenario)],
            write_statistics=False,
        ) as writer:  # fmt: skip
            while True:
                piece = self._pieces.get()
                if piece is not None:
                    rows.add(piece)
                if rows.count and (piece is None or rows.count >= ROWS_PER_GROUP):
                    writer.write_table(rows.table())
                    self.rows += rows.count
                    rows.count = 0
                if piece is None:
                    return


class _Rows:
    """Rows that are written together, column by column, in room that is used again; names are codes.

    Args:
        scenario: that is lived.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.count = 0
        self._names, self._warm_up = names_of(scenario), scenario.warm_up
        dtypes = {"customer": "i4", "serial": "i4", "day": "f8", "journey": "i4"}
        dtypes |= dict.fromkeys(self._names, "i2") | dict.fromkeys(FLAGS, "?")
        dtypes |= {f"{level}_{dimension}": "f4" for level in LEVELS for dimension in DIMENSIONS}
        dtypes |= dict.fromkeys(AMOUNTS, "f4")
        self._columns = {name: np.empty(ROWS_PER_GROUP + CAPACITY, dtype=dtype) for name, dtype in dtypes.items()}

    def add(self, log: Array) -> None:
        """Add a piece of the log, while it is in the cache."""
        columns = {name: column[self.count : self.count + len(log)] for name, column in self._columns.items()}
        self.count += len(log)
        for name in ("customer", "serial", "journey", *self._names, *FLAGS, *AMOUNTS):
            columns[name][:] = log[name]
        np.subtract(log["at"], self._warm_up, out=columns["day"])
        for name, spelled in self._names.items():
            columns[name][columns[name] < 0] = len(spelled) - 1
        for level in LEVELS:
            for place, dimension in enumerate(DIMENSIONS):
                columns[f"{level}_{dimension}"][:] = log[level][:, place]

    def table(self) -> pa.Table:
        """The rows so far; they are those of the room itself, so only until the next is added."""
        import pyarrow as pa

        columns: dict[str, Any] = {}
        for name, room in self._columns.items():
            values = pa.array(room[: self.count])
            spelled = self._names.get(name)
            columns[name] = values if spelled is None else pa.DictionaryArray.from_arrays(values, pa.array(spelled))
        return pa.table(columns)
