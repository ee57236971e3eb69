"""Encounters as an event log for process mining: case, activity, timestamp, lifecycle, resource and attributes.

Columns have the names of the XES standard (IEEE 1849), which mining tools look for in tables too.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import quoteattr

import numpy as np
import pandas as pd

from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.schema import Scenario

Case = Literal["journey", "customer"]
CASE, ACTIVITY, TIME = "case:concept:name", "concept:name", "time:timestamp"
LIFECYCLE, RESOURCE = "lifecycle:transition", "org:resource"
SUFFIXES = (".csv", ".parquet", ".xes")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = {  # events that are no encounter, as activities
    "journey_begins": "journey begins", "journey_ends": "journey ends", "contact_planned": "plans a contact",
    "stays": "stays", "complains": "complains", "leaves": "leaves", "drifts": "drifts away", "ends": "need ends",
    "blow_up": "blows up", "settled": "matter settled", "found_closed": "finds it closed", "escalates": "escalates",
    "declines": "declines to join", "comes_back": "comes back",
}  # fmt: skip
_ATTRIBUTES = (
    "customer", "journey", "touchpoint", "origin", "reason", "mood", "is_poor", "is_failure", "is_wow", "is_contact",
    "satisfaction", "wait_minutes", "promised_days", "days",
)  # fmt: skip
_EXTENSIONS = (("Concept", "concept"), ("Time", "time"), ("Lifecycle", "lifecycle"), ("Organizational", "org"))
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def first_day(scenario: Scenario, start: dt.date | None) -> dt.date:
    """Date of the first day after the warm-up: the one given, or the first of 2024 with the right weekday.

    Raises:
        ScenarioError: the date given has another weekday than that day, so that opening hours would be wrong.
    """
    weekday = (WEEKDAYS.index(scenario.start_weekday) + int(scenario.warm_up)) % 7
    if start is None:
        monday = dt.date(2024, 1, 1)
        return monday + dt.timedelta(days=weekday)
    if start.weekday() != weekday:
        better = start + dt.timedelta(days=(weekday - start.weekday()) % 7)
        sentence = (
            f"{start} is a {WEEKDAYS[start.weekday()]}, but the first day after the warm-up is a {WEEKDAYS[weekday]}; "
            f"such as {better}"
        )
        raise ScenarioError([Problem("", sentence, "--start")])
    return start


def event_log(encounters: pd.DataFrame, scenario: Scenario, case: Case = "journey", start: dt.date | None = None
              ) -> pd.DataFrame:  # fmt: skip
    """The event log of followed customers.

    A visit to a desk is three events: scheduled on joining the queue, started with the service, complete; or withdrawn
    by giving up. A delivery starts with the order and is complete on arrival. All else is complete at once.

    Args:
        encounters: `result.encounters`, one or more replications.
        scenario: that was run.
        case: what a case is: one journey, or all of a customer's life.
        start: date of the first day after the warm-up.

    Raises:
        ScenarioError: nobody was followed, or the date does not fit the weekdays.
    """
    day_zero = first_day(scenario, start)
    if "event" not in encounters or encounters.empty:
        raise ScenarioError([Problem("record.encounters", "nobody was followed, so there is no event to export")])
    rows = encounters.reset_index(drop=True)
    rows = rows.assign(lifecycle="complete", place=np.arange(len(rows), dtype="float64"))
    labels = {name: stop.label or name for name, stop in scenario.touchpoints.items()}
    desks = {
        name: scenario.desks[stop.desk].label or stop.desk
        for name, stop in scenario.touchpoints.items()
        if stop.kind == "desk"
    }
    event, stop = rows["event"], rows["touchpoint"]
    lived = event.isin(["encounter", "gave_up", "queue_joined", "ordered"])
    activity = stop.map(labels).where(lived, event.map(_NAMES))
    rows["activity"] = activity.where(event != "overdue", stop.map(labels) + " overdue")
    rows.loc[event == "queue_joined", "lifecycle"] = "schedule"
    rows.loc[event == "ordered", "lifecycle"] = "start"
    rows.loc[event == "gave_up", "lifecycle"] = "withdraw"
    rows["resource"] = stop.map(desks).where(event.isin(["encounter", "gave_up", "queue_joined"]), None)
    rows = pd.concat([rows, _starts_of_service(rows)]).sort_values(["replication", "customer", "place"])
    rows["day"] = rows.groupby(["replication", "customer"])["day"].cummax()  # in the order in which they were lived
    return _named(rows, case, day_zero)


def _starts_of_service(rows: pd.DataFrame) -> pd.DataFrame:
    """An event at the start of every service at a desk: the wait after joining the queue."""
    joined = rows[rows["event"] == "queue_joined"]
    keys = ["replication", "customer", "journey", "touchpoint"]
    there = rows[rows["wait_minutes"].notna()].assign(number=lambda table: table.groupby(keys).cumcount())
    begun = there[there["event"] == "encounter"]
    joined = joined.assign(number=joined.groupby(keys).cumcount())[[*keys, "number", "day", "place"]]
    merged = begun.merge(joined, on=[*keys, "number"], suffixes=("", "_joined"))
    return merged.assign(
        day=merged["day_joined"] + merged["wait_minutes"] / 1440.0,
        place=merged["place"] - 0.5,
        lifecycle="start",
        is_poor=False,
        satisfaction=np.nan,
    ).drop(columns=["day_joined", "place_joined", "number"])


def _named(rows: pd.DataFrame, case: Case, day_zero: dt.date) -> pd.DataFrame:
    """The log's columns, by their standard names."""
    several = bool((rows["replication"] != rows["replication"].iloc[0]).any())
    name = rows["customer"].astype(str)
    if several:
        name = rows["replication"].astype(str) + "-" + name
    if case == "journey":
        name = name + "-" + rows["journey"].astype(str)
    zero = pd.Timestamp(day_zero, tz="UTC")
    milliseconds = np.round(rows["day"].to_numpy("float64") * 86_400_000).astype("int64")
    log = pd.DataFrame(
        {
            CASE: name,
            ACTIVITY: rows["activity"],
            TIME: zero + pd.to_timedelta(milliseconds, unit="ms"),
            LIFECYCLE: rows["lifecycle"],
            RESOURCE: rows["resource"],
            **{attribute: rows[attribute] for attribute in _ATTRIBUTES if attribute in rows},
        }
    )
    return log.reset_index(drop=True)


def write_event_log(log: pd.DataFrame, file: Path) -> Path:
    """Write a log as CSV, Parquet or XES, by the file's ending; it appears only when complete.

    Raises:
        ScenarioError: the ending is unknown, or the file cannot be written.
    """
    kind = file.suffix.lower()
    if kind not in SUFFIXES:
        raise ScenarioError([Problem("", f"ends in '{kind}'; allowed: {', '.join(SUFFIXES)}", str(file))])
    part = file.with_name(f".{file.name}.part")
    try:
        if kind == ".csv":
            log.to_csv(part, index=False, date_format="%Y-%m-%dT%H:%M:%S.%f%z")
        elif kind == ".parquet":
            log.to_parquet(part, index=False)
        else:
            with part.open("w", encoding="utf-8") as stream:
                stream.writelines(xes_pieces(log))
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ScenarioError([Problem("", f"cannot be written: {error.strerror or error}", str(file))]) from None
    return file


def xes_pieces(log: pd.DataFrame) -> Iterator[str]:
    """A log as XES 1.0 (the form that IEEE 1849 describes), case by case, so that it need not be held as text."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0" xes.features="">\n'
    for name, prefix in _EXTENSIONS:
        yield f'<extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
    yield '<global scope="trace"><string key="concept:name" value=""/></global>\n'
    yield '<global scope="event"><string key="concept:name" value=""/>'
    yield '<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>'
    yield '<string key="lifecycle:transition" value="complete"/></global>\n'
    yield '<classifier name="Activity" keys="concept:name"/>\n'
    yield '<classifier name="Activity and lifecycle" keys="concept:name lifecycle:transition"/>\n'
    columns = [name for name in log.columns if name != CASE]
    for case, rows in log.groupby(CASE, sort=False):
        yield f'<trace><string key="concept:name" value={_quoted(str(case))}/>\n'
        for values in rows[columns].itertuples(index=False, name=None):
            yield "<event>" + "".join(map(_attribute, columns, values)) + "</event>\n"
        yield "</trace>\n"
    yield "</log>\n"


def _attribute(key: str, value: Any) -> str:
    """One attribute by its kind; nothing where nothing is known."""
    if value is None or value == "" or value is pd.NaT:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return f'<boolean key="{key}" value="{str(bool(value)).lower()}"/>'
    if isinstance(value, pd.Timestamp):
        return f'<date key="{key}" value="{value.isoformat(timespec="milliseconds")}"/>'
    if isinstance(value, (int, np.integer)):
        return f'<int key="{key}" value="{int(value)}"/>'
    if isinstance(value, (float, np.floating)):
        return f'<float key="{key}" value="{float(value):.6g}"/>' if math.isfinite(value) else ""
    return f'<string key="{key}" value={_quoted(str(value))}/>'


def _quoted(text: str) -> str:
    return quoteattr(_UNWRITABLE.sub("", text))
