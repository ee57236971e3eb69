"""A company's own contact log: who came when, how long they waited, whether they were served, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from cxsim.data.columns import Column
from cxsim.data.quality import Quality
from cxsim.data.reading import Limits, read_columns, without_duplicates
from cxsim.scenario.errors import Problem, ScenarioError

SecondUnit = Literal["seconds", "minutes", "hours", "milliseconds"]
PER_SECOND: dict[str, float] = {"seconds": 1.0, "minutes": 1 / 60, "hours": 1 / 3600, "milliseconds": 1000.0}
LONGEST_WAIT_SECONDS = 4 * 3600.0
LONGEST_SERVICE_SECONDS = 12 * 3600.0
FEWEST = 500
"""Contacts below which nothing is fitted."""
FEWEST_GIVEN_UP = 30
"""Contacts given up below which patience is not known."""
OPEN_SHARE = 1 / 3
"""An hour of the week is open where contacts were served on at least so many of its dates, ..."""
OPEN_VOLUME = 0.05
"""... and at least so many per date, as a share of the busiest hour's."""
SERVED = ("served", "answered", "handled", "completed", "complete", "agent", "1", "true", "yes", "connected")
ABANDONED = ("abandoned", "hang", "hung up", "hung_up", "hangup", "lost", "gave up", "gave_up", "left", "renege",
             "reneged", "0", "false", "no", "abandon", "missed")  # fmt: skip

COLUMNS = (
    Column("contact", "text", "number of the contact, to find duplicates", ("call", "call_id", "contact_id", "id",
                                                                            "ticket")),
    Column("customer", "text", "who made contact", ("customer_id", "caller", "user_id")),
    Column("arrival", "time", "instant of arrival in the queue", ("arrived", "arrival_time", "timestamp", "created",
                                                                  "started", "call_time")),
    Column("date", "time", "date of arrival, with arrival_seconds", ("day",)),
    Column("arrival_seconds", "number", "time of arrival since midnight", ("arrival_s", "seconds_since_midnight")),
    Column("wait", "number", "time waited", ("wait_s", "wait_seconds", "queue_time", "queue_seconds", "q_time",
                                             "waiting_time")),
    Column("outcome", "text", "served or abandoned", ("result", "disposition", "status")),
    Column("service", "number", "time of service", ("service_s", "service_seconds", "ser_time", "talk_time",
                                                    "handle_time", "service_time")),
    Column("queued", "number", "1 where the contact had to wait", ()),
)  # fmt: skip
"""What may be read of contacts; arrival (or date and arrival_seconds), wait and outcome are needed."""


@dataclass(frozen=True)
class Calls:
    """Contacts ready to be fitted.

    Attributes:
        rows: one row per contact in opening hours: customer, day (number of the date), hour, weekday (0 Monday),
            wait_seconds, service_seconds, is_abandoned, is_queued.
        quality: what was found wrong.
        open_dates: (7, 24) dates on which an hour of the week was open; 0 where it is closed.
        name: of the file.
    """

    rows: pd.DataFrame
    quality: Quality
    open_dates: np.ndarray[Any, np.dtype[np.float64]]
    name: str


def read_calls(
    path: str | Path, mapping: Mapping[str, str] | None = None, *, limits: Limits | None = None,
    unit: SecondUnit | None = None, date_format: str | None = None,
) -> Calls:  # fmt: skip
    """Read contacts and sort out what cannot be used, counting all of it.

    Args:
        path: CSV or Parquet.
        mapping: their column for some of ours (`COLUMNS`).
        limits: most that is read.
        unit: of wait and service; seconds, unless that would be absurd, which is told.
        date_format: see `read_columns`.

    Raises:
        ScenarioError: the file cannot be read, lacks what is needed, or its units are in doubt.
    """
    quality = Quality()
    table = read_columns(path, COLUMNS, mapping or {}, quality, limits, date_format)
    _need(table, str(path))
    table = without_duplicates(table, "contact", quality).reset_index(drop=True)
    arrival = _arrivals(table, str(path), quality)
    outcome = _outcomes(table, str(path), quality)
    wait, service = _durations(table, str(path), unit, outcome, quality)
    missing_wait = np.isnan(wait)
    quality.add("no-wait", int((missing_wait & np.isfinite(outcome)).sum()), "Contacts without a usable time of "
                "waiting were left out.")  # fmt: skip
    usable = np.isfinite(arrival) & np.isfinite(outcome) & ~missing_wait
    queued = table["queued"].to_numpy("float64") if "queued" in table else np.full(len(table), np.nan)
    rows = pd.DataFrame(
        {
            "customer": table["customer"].to_numpy() if "customer" in table else None,
            "day": np.floor(np.nan_to_num(arrival)).astype("int64"),
            "hour": np.floor(np.nan_to_num(arrival % 1.0) * 24.0 + 1e-9).astype("int64"),
            "weekday": (np.floor(np.nan_to_num(arrival)).astype("int64") + 3) % 7,  # 1970 began on a Thursday
            "wait_seconds": wait,
            "service_seconds": np.where(outcome == 1.0, np.nan, service),
            "is_abandoned": outcome == 1.0,
            "is_queued": np.where(np.isnan(queued), wait > 0.0, queued > 0.0) | (outcome == 1.0),
        }
    )[usable].reset_index(drop=True)
    rows, open_dates = _in_opening_hours(rows, quality)
    quality.rows_used = len(rows)
    return Calls(rows, quality, open_dates, Path(path).name)


def _need(table: pd.DataFrame, file: str) -> None:
    there = set(table.columns)
    lacking = [name for name in ("wait", "outcome") if name not in there]
    if not ("arrival" in there or {"date", "arrival_seconds"} <= there):
        lacking.insert(0, "arrival (or date and arrival_seconds)")
    if lacking:
        found = ", ".join(sorted(there)) or "none of the known ones"
        sentence = f"lacks {' and '.join(lacking)}; found: {found}. Name your columns: --map wait=YOURS"
        raise ScenarioError([Problem("", sentence, file)])
    if len(table) == 0:
        raise ScenarioError([Problem("", "has no rows", file)])


def _arrivals(table: pd.DataFrame, file: str, quality: Quality) -> np.ndarray[Any, Any]:
    """Instants of arrival in days since 1970, by the local clock."""
    if "arrival" in table:
        arrival = table["arrival"].to_numpy("float64")
    else:
        seconds = table["arrival_seconds"].to_numpy("float64")
        odd = (seconds < 0) | (seconds >= 86400)
        quality.add("arrival-impossible", int(odd.sum()), "Arrivals before 0 or from 86,400 seconds after midnight on "
                    "were left out.")  # fmt: skip
        arrival = np.floor(table["date"].to_numpy("float64")) + np.where(odd, np.nan, seconds) / 86400.0
    known = arrival[np.isfinite(arrival)]
    if len(known) and not 0 < float(np.median(known)) < 60_000:
        sentence = "these are no dates: arrivals need a calendar, such as 2024-12-31 14:05:00"
        raise ScenarioError([Problem("arrival", sentence, file)])
    odd = (arrival < 0) | (arrival > 60_000)
    quality.add("dates-impossible", int(odd.sum()), "Arrivals before 1970 or after 2130 were left out.")
    quality.add("no-arrival", int(np.isnan(arrival).sum()), "Contacts without a readable arrival were left out.")
    return np.where(odd, np.nan, arrival)


def _outcomes(table: pd.DataFrame, file: str, quality: Quality) -> np.ndarray[Any, Any]:
    """1 given up in the queue, 0 served, nan neither."""
    text = pd.Series(table["outcome"], dtype="object").str.lower().str.replace(r"\.0$", "", regex=True)
    served, gone = text.isin(SERVED), text.isin(ABANDONED)
    other = text[~(served | gone)]
    for name, count in other.value_counts().head(5).items():
        quality.add("outcome-other", int(count), f"Contacts with the outcome '{str(name)[:40]}' were left out.")
    rest = int(other.notna().sum() - other.value_counts().head(5).sum())
    quality.add("outcome-other", rest, "Contacts with still other outcomes were left out.")
    quality.add("no-outcome", int(other.isna().sum()), "Contacts without an outcome were left out.")
    if not served.any():
        common = ", ".join(repr(str(name)[:30]) for name in text.value_counts().head(5).index)
        sentence = f"no contact is 'served'; the outcomes are {common or 'empty'}; write served or abandoned"
        raise ScenarioError([Problem("outcome", sentence, file)])
    return np.where(gone, 1.0, np.where(served, 0.0, np.nan))


def _durations(
    table: pd.DataFrame, file: str, unit: SecondUnit | None, outcome: np.ndarray[Any, Any], quality: Quality
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Wait and service in seconds."""
    factor = PER_SECOND[unit or "seconds"]
    wait = table["wait"].to_numpy("float64") / factor
    service = table["service"].to_numpy("float64") / factor if "service" in table else np.full(len(table), np.nan)
    talks = service[(service > 0) & (outcome == 0.0)]
    if unit is None and len(talks) >= 50 and not 15.0 <= float(np.median(talks)) <= 3 * 3600.0:
        middle = float(np.median(talks))
        guess = "minutes" if middle < 15 else "milliseconds"
        sentence = (
            f"the middle time of {len(talks):,} services is {middle:,.4g}, which is odd in seconds; if these are "
            f"{guess}, say --unit {guess}, else --unit seconds"
        )
        raise ScenarioError([Problem("service", sentence, file)])
    for name, values, longest in (("wait", wait, LONGEST_WAIT_SECONDS), ("service", service, LONGEST_SERVICE_SECONDS)):
        odd = (values < 0) | (values > longest)
        quality.add(f"{name}-impossible", int(odd.sum()), f"Times of {name} below 0 or over {longest / 3600:.0f} hours "
                    "were taken as missing.")  # fmt: skip
        values[odd] = np.nan
    empty = (outcome == 0.0) & (np.isnan(service) | (service <= 0))
    quality.add("no-service-time", int(empty.sum()), "Served contacts without a time of service were left out of the "
                "service times.")  # fmt: skip
    return wait, np.where(service > 0, service, np.nan)


def _in_opening_hours(rows: pd.DataFrame, quality: Quality) -> tuple[pd.DataFrame, np.ndarray[Any, Any]]:
    """Contacts in hours of the week that are open, and on how many dates each is."""
    dates = rows.groupby("weekday")["day"].nunique().reindex(range(7), fill_value=0).to_numpy("float64")
    served = rows[~rows["is_abandoned"]].groupby(["weekday", "hour"])["day"].agg(["nunique", "size"])
    served = served.reindex(pd.MultiIndex.from_product([range(7), range(24)]), fill_value=0)
    seen, count = (served[name].to_numpy("float64").reshape(7, 24) for name in ("nunique", "size"))
    volume = count / np.maximum(dates, 1.0)[:, None]
    is_open = (seen >= np.maximum(OPEN_SHARE * dates, 1.0)[:, None]) & (volume >= OPEN_VOLUME * volume.max())
    inside = is_open[rows["weekday"], rows["hour"]]
    quality.add("out-of-hours", int((~inside).sum()), "Contacts in hours of the week in which hardly any date saw a "
                "service were left out.")  # fmt: skip
    return rows[inside].reset_index(drop=True), np.where(is_open, dates[:, None], 0.0)
