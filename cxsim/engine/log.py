"""The event log: one entry per encounter or decision of the customers that are followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cxsim.engine.world import Life


import numpy as np

from cxsim.compiling import inner
from cxsim.engine.tables import Records

EVENTS = (
    "encounter", "overdue", "gave_up", "journey_begins", "journey_ends", "ordered", "contact_planned",
    "queue_joined", "stays", "complains", "leaves", "drifts", "ends", "blow_up", "settled", "found_closed",
    "escalates", "declines", "comes_back",
)  # fmt: skip
(
    ENCOUNTER, OVERDUE_NOTICE, GIVING_UP, JOURNEY_BEGINS, JOURNEY_ENDS, ORDERED, CONTACT_PLANNED,
    QUEUE_JOINED, STAYS, COMPLAINS, LEAVES, DRIFTS, ENDS, BLOW_UP, SETTLED, CLOSED, ESCALATES, DECLINES, COMES_BACK,
) = range(len(EVENTS))  # fmt: skip

ENTRY = np.dtype(
    [
        ("at", "f8"), ("customer", "i4"), ("serial", "i4"), ("journey", "i4"), ("event", "i1"), ("touchpoint", "i2"),
        ("origin", "i2"), ("reason", "i1"), ("mood", "i1"), ("is_poor", "i1"), ("is_failure", "i1"), ("is_wow", "i1"),
        ("is_contact", "i1"), ("perceived", "f8", (3,)), ("desired", "f4", (3,)), ("adequate", "f4", (3,)),
        ("predicted", "f4", (3,)), ("utility", "f8"), ("satisfaction", "f8"), ("cumulative_satisfaction", "f8"),
        ("irritation", "f8"), ("goodwill", "f8"), ("wait_minutes", "f8"), ("days", "f8"), ("promised_days", "f8"),
    ],
    align=True,
)  # fmt: skip

CAPACITY = 4096
MARGIN = 1024
"""Free entries that a log must have before a customer's walk or a desk event begins."""

LOG = np.dtype([("is_on", "i8"), ("used", "i8"), ("entries", ENTRY, (CAPACITY,))], align=True)
"""A buffer of entries; `used` grows beyond its length if entries were lost."""


def new_log(is_on: bool) -> Records:
    """One empty buffer; off for a run that follows nobody."""
    log = np.recarray(1, dtype=LOG)
    log["is_on"], log["used"] = is_on, 0
    return log


def in_order(pieces: list[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    """All entries of some pieces, ordered by customer and then as lived."""
    # numpy handles records field by field, several times slower, unless they are bytes, or taken by their places
    entries = np.concatenate([piece.view(np.uint8) for piece in pieces]).view(ENTRY)
    lived = (entries["customer"].astype(np.int64) << 32) + entries["serial"]
    return np.take(entries, np.argsort(lived))


@inner
def is_nearly_full(log: Any) -> bool:
    """Whether the buffer must be emptied before work goes on."""
    return log.used + MARGIN > CAPACITY


@inner
def note(life: Life, event: int, at: float, touchpoint: int, origin: int, reason: int) -> int:
    """Write one entry; returns its index, or -1 if this customer is not followed."""
    row, log = life.row, life.log
    if row.is_logged == 0 or log.is_on == 0:
        return -1
    place = log.used
    log.used = place + 1
    if place >= CAPACITY:
        return -1
    entry = log.entries[place]
    entry.at, entry.customer, entry.serial, entry.journey = at, row.number, row.log_entries, row.journeys
    row.log_entries += 1
    entry.event, entry.touchpoint, entry.origin, entry.reason = event, touchpoint, origin, reason
    entry.mood, entry.is_poor, entry.is_failure, entry.is_wow, entry.is_contact = -1, 0, 0, 0, row.is_contact
    for d in range(3):
        entry.perceived[d] = np.nan
        entry.desired[d], entry.adequate[d], entry.predicted[d] = row.desired[d], row.adequate[d], row.predicted[d]
    entry.utility, entry.satisfaction = np.nan, np.nan
    entry.cumulative_satisfaction, entry.irritation = row.satisfaction, row.irritation
    entry.goodwill = np.float64(row.goodwill)
    entry.wait_minutes, entry.days, entry.promised_days = np.nan, np.nan, np.nan
    return place


@inner
def note_delivery(life: Life, place: int, promised_days: float, days: float) -> None:
    """Add days promised and taken to the entry at `place`, if one was written there."""
    if life.row.is_logged != 0 and life.log.is_on != 0 and place < CAPACITY:
        life.log.entries[place].promised_days, life.log.entries[place].days = promised_days, days


@inner
def note_wait(life: Life, place: int, minutes: float, mood: int) -> None:
    """Add the wait and the mood it ended in to the entry at `place`, if one was written there."""
    if life.row.is_logged != 0 and life.log.is_on != 0 and place < CAPACITY:
        life.log.entries[place].wait_minutes, life.log.entries[place].mood = minutes, mood
