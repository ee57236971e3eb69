"""What worker processes do for Calibrate; files that visitors sent are only ever opened here, never by the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.schema import Scenario
from cxsim.ui.jobs import Noted
from cxsim.ui.uploads import MOST_BYTES, MOST_ROWS, MOST_UNPACKED

if TYPE_CHECKING:
    from cxsim.data.columns import Column
    from cxsim.data.fitted import Fitted
    from cxsim.data.reading import Limits
    from cxsim.evidence.checks import Check
    from cxsim.studies.calibration import Calibration
    from cxsim.studies.targets import Targets

MOST_COLUMNS = 500
_FIRST_DATE = 7305
"""Days from 1970 to 1990: times before that are days of a calendar of the file's own."""
_LONGEST_NAME = 200
_FORMULA = ("=", "+", "-", "@", "\t")
"""Beginnings that a spreadsheet takes for a formula."""


@dataclass(frozen=True)
class Peek:
    """What a file seems to hold.

    Attributes:
        columns: names of its columns.
        orders: its column for each of ours, if it holds orders.
        calls: the same if it holds contacts.
    """

    columns: tuple[str, ...]
    orders: dict[str, str]
    calls: dict[str, str]


@dataclass(frozen=True)
class Looked:
    """What was found in a file.

    Attributes:
        rows_read, rows_used: how many rows there are, and how many of use.
        remarks: count and sentence of each kind of trouble.
        columns: our name, their name, values there, values missing, lowest and highest, of every column read.
    """

    rows_read: int
    rows_used: int
    remarks: tuple[tuple[int, str], ...]
    columns: tuple[tuple[str, str, int, int, str, str], ...]


def columns_of(kind: str) -> tuple[Column, ...]:
    """Columns that may be read of orders or contacts."""
    from cxsim.data import calls, orders

    return orders.COLUMNS if kind == "orders" else calls.COLUMNS


def limits() -> Limits:
    """Most that is read of a file that was sent."""
    from cxsim.data.reading import Limits

    return Limits(max(MOST_BYTES, MOST_UNPACKED), MOST_ROWS)


def peek(path: Path, note: str) -> Peek:
    """Names of a file's columns, and which of them are ours by name."""
    from cxsim.data.columns import choose_columns
    from cxsim.data.reading import column_names

    del note
    names = column_names(_there(path))
    if len(names) > MOST_COLUMNS:
        raise ScenarioError([Problem("", f"{len(names):,} columns; at most {MOST_COLUMNS} are read", path.name)])
    if any(len(name) > _LONGEST_NAME for name in names):
        sentence = f"a column's name has more than {_LONGEST_NAME} letters; is the first line the names of the columns?"
        raise ScenarioError([Problem("", sentence, path.name)])
    guesses = [choose_columns(path, names, columns_of(kind), {}) for kind in ("orders", "calls")]
    return Peek(tuple(names), *guesses)


def look(path: Path, kind: str, mapping: Mapping[str, str], reading: Mapping[str, Any], note: str) -> Looked:
    """Read a file as orders or contacts, and tell what is wrong with it."""
    import numpy as np

    from cxsim.data.quality import Quality
    from cxsim.data.reading import read_columns

    del note
    read = _read(_there(path), kind, mapping, reading)
    table = read_columns(path, columns_of(kind), mapping, Quality(), limits(), reading.get("date_format"))
    kinds = {column.name: column.kind for column in columns_of(kind)}
    rows = []
    for name in table.columns:
        values = table[name]
        known = int(values.notna().sum())
        ends = ("", "")
        if known and kinds[name] != "text":
            low, high = float(np.nanmin(values)), float(np.nanmax(values))
            ends = (_told(low, kinds[name]), _told(high, kinds[name]))
        elif known:
            ends = (f"{values.nunique():,} different", "")
        rows.append((str(name), plain(mapping.get(str(name), str(name))), known, len(values) - known, *ends))
    remarks = tuple((remark.count, remark.sentence) for remark in read.quality.remarks)
    return Looked(read.quality.rows_read, read.quality.rows_used, remarks, tuple(rows))


def plain(theirs: str) -> str:
    """A name from a file as it may be shown, and pasted into a spreadsheet."""
    short = "".join(letter if letter.isprintable() else "?" for letter in theirs)[:60]
    return f"'{short}" if short.startswith(_FORMULA) else short


def _told(value: float, kind: str) -> str:
    import pandas as pd

    if kind == "time" and _FIRST_DATE < value < 1e5:
        return str(pd.Timestamp(0) + pd.Timedelta(days=value))[:16]
    if kind == "time":
        return f"day {value:,.6g}"
    return f"{value:,.6g}"


def fit_data(
    path: Path, kind: str, mapping: Mapping[str, str], reading: Mapping[str, Any], share: float, note: str
) -> tuple[Fitted, str]:
    """Fit a scenario to a file; progress in worlds lived.

    Returns:
        The fit, and the scenario's file.
    """
    from cxsim.data.fitted import scenario_text

    read, progress = _read(_there(path), kind, mapping, reading), Noted(note)
    if kind == "orders":
        from cxsim.data.fit_orders import fit_orders

        found = fit_orders(read, progress)
    else:
        from cxsim.data.fit_calls import fit_calls

        found = fit_calls(read, share, progress)
    return found, scenario_text(found)


def _read(path: Path, kind: str, mapping: Mapping[str, str], reading: Mapping[str, Any]) -> Any:
    if kind == "orders":
        from cxsim.data.orders import read_orders

        return read_orders(path, mapping, limits=limits(), **reading)
    from cxsim.data.calls import read_calls

    return read_calls(path, mapping, limits=limits(), **reading)


def _there(path: Path) -> Path:
    if not path.is_file():
        raise ScenarioError([Problem("", "the file went with the visit that sent it; send it again", path.name)])
    return path


def hold(scenario: Scenario, targets: Targets, replications: int, note: str) -> list[Check]:
    """Hold a scenario against figures on seeds that no search saw; progress in runs."""
    from cxsim.evidence.published import lines
    from cxsim.studies.calibrate import FOLLOWED
    from cxsim.studies.repeat import repeat
    from cxsim.studies.search import confirmation_seed

    seed = confirmation_seed(confirmation_seed(scenario.seed))
    runs = repeat(scenario, seed=seed, replications=replications, follow=FOLLOWED, progress=Noted(note))
    return list(lines(scenario, targets.targets, runs))


def seek(scenario: Scenario, targets: Targets, trials: int, replications: int, confirm: int, note: str) -> Calibration:
    """Fit parameters of a scenario to figures; progress in runs, and the best so far in words."""
    from cxsim.studies.calibrate import calibrate, calibration_of

    progress = Noted(note)
    return calibrate(
        calibration_of(scenario, targets), targets, trials=trials, replications=replications, confirm=confirm,
        progress=progress, better=lambda trial, loss: progress.say(f"best so far: trial {trial}, misses by {loss:.3g}"),
    )  # fmt: skip
