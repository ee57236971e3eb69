"""The customer record: one registry of columns makes the dtype, the Mesa properties and the reference page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NEVER = np.inf
PEOPLE, PRODUCT, PROCESS = range(3)

AGENDA = ("departure", "step", "contact", "notice", "survey", "journey")
"""What may fall due for a customer; at the same instant, in this order."""
DEPARTURE, STEP, CONTACT, NOTICE, SURVEY, JOURNEY = range(len(AGENDA))

STATUSES = ("prospect", "active", "left", "drifted", "ended")
"""prospect: not yet there; left: gone after a poor journey or blow-up; drifted: gone without one; ended: need over."""
PROSPECT, ACTIVE, LEFT, DRIFTED, ENDED = range(len(STATUSES))

REASONS = ("quality", "failure", "late", "overdue", "wait", "gave_up", "unresolved", "technology")
"""What an encounter's loss is put down to."""
QUALITY, FAILURE, LATE, OVERDUE, WAIT, GAVE_UP, UNRESOLVED, TECHNOLOGY = range(len(REASONS))
REASON_LABELS = {
    "quality": "ordinary quality below what is acceptable",
    "failure": "something went wrong",
    "late": "arrived late",
    "overdue": "promised date passed",
    "wait": "waited too long",
    "gave_up": "gave up waiting",
    "unresolved": "contact settled nothing",
    "technology": "technology got stuck",
}

SIGNALS = ("explicit_promises", "implicit_promises", "word_of_mouth", "past_experience")
"""Factors that the predicted level is made of; the record keeps the parts of the first three, the last is the rest."""
EXPLICIT, IMPLICIT, HEARD, PAST = range(len(SIGNALS))


@dataclass(frozen=True)
class Column:
    """One value of the customer record.

    Attributes:
        name: name in the record, the agents and the tables.
        dtype: numpy type.
        unit: unit, or what the codes mean.
        default: value at the start.
        meaning: plain words.
        size: numbers per customer (3 for one per dimension).
    """

    name: str
    dtype: str
    unit: str
    default: float
    meaning: str
    size: int = 1


_COLUMNS = (
    # Expectations
    Column("desired", "f4", "level", 0.6, "what the customer would like, per dimension", 3),
    Column("adequate", "f4", "level", 0.4, "what is just acceptable, per dimension", 3),
    Column("predicted", "f4", "level", 0.6, "what the customer thinks will happen, per dimension", 3),
    Column("normative", "f4", "level", 0.6, "what the customer thinks should happen, per dimension", 3),
    # The own agenda, in days since the start of the simulation
    Column("due", "f8", "day", NEVER, "when each kind of agenda entry falls due", len(AGENDA)),
    Column("next_journey_at", "f8", "day", NEVER, "when the need for the next journey arises"),
    Column("settled_at", "f8", "day", 0.0, "time up to which fading has been accounted for"),
    # Where the relationship stands
    Column("satisfaction", "f8", "-1 to 1", 0.0, "cumulative satisfaction"),
    Column("irritation", "f8", "utility", 0.0, "irritation stored up"),
    Column("left_at", "f8", "day", NEVER, "when the customer left, drifted or ended"),
    # The journey under way
    Column("ordered_at", "f8", "day", NEVER, "when the parcel under way was ordered"),
    # At a desk
    Column("desk_at", "f8", "day", 0.0, "arrival at the desk"),
    Column("free_at", "f8", "day", 0.0, "end of the last desk visit"),
    Column(
        "predicted_parts",
        "f4",
        "level",
        0.0,
        "parts of the mean predicted level that promises, price and looks, "
        "and word of mouth have brought; the rest is past experience",
        3,
    ),
    Column("predicted_shares", "f4", "share", 0.0, "shares of the predicted level that they make up", 3),
    Column("number", "i4", "customer", 0, "number of the customer, which its luck hangs on"),
    Column("uncertainty", "f4", "level squared", 0.04, "variance of the prediction"),
    Column("desired_base", "f4", "level", 0.6, "own standard: desired level from the fixed factors"),
    Column("adequate_base", "f4", "level", 0.4, "adequate level from the fixed factors"),
    Column("trust", "f4", "share", 0.7, "trust in the firm's promises"),
    Column("learned_lead_days", "f4", "days", 0.0, "lead time learned from deliveries"),
    Column("acceptable_wait_minutes", "f4", "minutes", 3.0, "wait that seems normal"),
    Column("goodwill", "f4", "share", 0.2, "goodwill"),
    Column("alternatives", "f4", "level", 0.6, "level the best competitor is believed to deliver"),
    Column("alternatives_share", "f4", "share", 0.5, "strength of the factor 'what the best others do'"),
    Column("patience", "f4", "ratio", 1.0, "patience relative to the desk's mean"),
    Column("irritation_tolerance", "f4", "utility", 1.0, "irritation at which a trifle leads to a blow-up"),
    Column("switching_cost", "f4", "level", 0.5, "how hard it is to leave"),
    Column("price_sensitivity", "f4", "level", 0.5, "how much price matters"),
    Column("message_exposure", "f4", "ratio", 1.0, "how much the firm's promises are heeded, 1 on average"),
    Column("talk_exposure", "f4", "ratio", 1.0, "how much others' words are heeded, 1 on average"),
    Column("journey_level", "f4", "level", 0.0, "sum of what was perceived in the journey under way"),
    Column("news", "f4", "-1 to 1", 0.0, "what is remembered of a journey that is still to be told"),
    Column("news_level", "f4", "level", 0.0, "mean level perceived in that journey"),
    Column("joined_at", "f4", "day", 0.0, "when the customer joined (before 0: established)"),
    Column("first_poor_at", "f4", "day", NEVER, "end of the first poor journey after the warm-up"),
    Column("frequency_cut", "f4", "share", 0.0, "how much less often the customer comes, as of frequency_cut_at"),
    Column("frequency_cut_at", "f4", "day", 0.0, "when the frequency was cut"),
    Column("ledger_at", "f4", "day", 0.0, "time up to which fading of the ledger has been accounted for"),
    Column("urgency", "f4", "share", 0.0, "urgency of the journey under way"),
    Column("situation", "f4", "share", 0.0, "explained outside circumstances of the journey under way"),
    Column("journey_peak", "f4", "-1 to 1", 0.0, "strongest moment of the journey under way"),
    Column("journey_end", "f4", "-1 to 1", 0.0, "latest moment of the journey under way"),
    Column("journey_sum", "f4", "-1 to 1", 0.0, "sum of all moments of the journey under way"),
    Column("journey_worst", "f4", "utility", 0.0, "largest loss of the journey under way"),
    Column("journey_effort", "f4", "effort", 0.0, "effort of the journey under way so far"),
    Column("promised_days", "f4", "days", 0.0, "days promised for the parcel under way"),
    Column("wait_minutes", "f4", "minutes", 0.0, "wait at the desk just left or being served at"),
    Column("patience_minutes", "f4", "minutes", 0.0, "patience for this wait, in actual minutes"),
    # Counters
    Column("journeys", "i4", "count", 0, "journeys begun"),
    Column("encounters", "i4", "count", 0, "encounters lived"),
    Column("poor_encounters", "i4", "count", 0, "encounters below what was acceptable"),
    Column("poor_journeys", "i4", "count", 0, "journeys with a poor encounter"),
    Column("delights", "i4", "count", 0, "wows that lifted perception above the desired level"),
    Column("contacts", "i4", "count", 0, "contacts with desks beyond the journey's own stops"),
    Column("abandonments", "i4", "count", 0, "times given up waiting"),
    Column("journey_encounters", "i4", "count", 0, "encounters of the journey under way"),
    Column("log_entries", "i4", "count", 0, "entries in the event log, if followed"),
    Column("queue_next", "i4", "customer", -1, "next in the same queue"),
    Column("queue_previous", "i4", "customer", -1, "previous in the same queue"),
    # Small codes
    Column("step", "i2", "touchpoint", -1, "stop of the journey under way, -1 if none"),
    Column("contact_touchpoint", "i2", "touchpoint", -1, "stop that an open contact goes to"),
    Column("contact_origin", "i2", "touchpoint", -1, "stop that caused the open contact"),
    Column("contact_visit", "i2", "occasion", 0, "identity of the open contact within the journey"),
    Column("complaint_touchpoint", "i2", "touchpoint", -1, "stop a complaint about this journey would go to"),
    Column("desk", "i2", "desk", -1, "desk gone to, waited or served at, -1 if none"),
    Column("desk_touchpoint", "i2", "touchpoint", -1, "stop lived at that desk"),
    Column("desk_visit", "i2", "occasion", 0, "identity of that stop within the journey"),
    Column("last_straw_touchpoint", "i2", "touchpoint", -1, "origin of the latest loss"),
    Column("last_straw_reason", "i2", "reason", -1, "reason of the latest loss"),
    Column("cause", "i2", "cause", -1, "outside cause that delays the parcel under way, -1 if none"),
    Column("contact_reason", "i1", "reason", -1, "reason of the open contact"),
    Column("contact_attempt", "i1", "count", 0, "how often the open contact has been tried"),
    Column("status", "i1", "status", ACTIVE, "where the customer stands"),
    Column("persona", "i1", "persona", 0, "kind of customer"),
    Column("competitor", "i1", "competitor", -1, "where the customer went"),
    Column("is_open", "i1", "flag", 0, "a journey is under way"),
    Column("is_poor", "i1", "flag", 0, "the journey under way had a poor encounter"),
    Column("is_monetary", "i1", "flag", 0, "the journey under way cost money by a failure"),
    Column("is_decided", "i1", "flag", 0, "stay, voice or leave was already decided in this journey"),
    Column("is_complaint", "i1", "flag", 0, "the open contact is a complaint: 1, to the head office: 2"),
    Column("is_contact", "i1", "flag", 0, "the desk visit is a contact, not a stop of the journey"),
    Column("is_ordered", "i1", "flag", 0, "a parcel is under way"),
    Column("is_overdue", "i1", "flag", 0, "the promised date of the parcel has passed"),
    Column("is_told", "i1", "flag", 0, "the customer was told early of the delay"),
    Column("is_explained", "i1", "flag", 0, "the customer was told why"),
    Column("goals_missed", "i1", "count", 0, "goals of the journey not yet reached"),
    Column("has_news", "i1", "flag", 0, "a journey is still to be told: 1, noted among today's speakers: 2"),
    Column("is_bought", "i1", "flag", 0, "the journey under way came to a goal, so it is paid"),
    Column("is_asked", "i1", "flag", 0, "the survey about the journey under way was answered or let be"),
    Column("is_logged", "i1", "flag", 0, "every encounter is recorded"),
)

COLUMNS: tuple[Column, ...] = tuple(sorted(_COLUMNS, key=lambda column: -np.dtype(column.dtype).itemsize))
"""All columns, widest first, so that the aligned record has no holes."""

CUSTOMER = np.dtype(
    [(column.name, column.dtype, (column.size,)) if column.size > 1 else (column.name, column.dtype)
     for column in COLUMNS],
    align=True,
)  # fmt: skip
"""dtype of one customer."""


CACHE_LINE_BYTES = 64


def blank_customers(count: int) -> np.recarray[tuple[int], np.dtype[np.record]]:
    """`count` customers with every column at its default, on whole cache lines: a record then touches the fewest."""
    one = np.zeros(1, dtype=CUSTOMER)  # zeros in the padding too, so that equal worlds are equal bytes
    for column in COLUMNS:
        one[column.name] = column.default
    room = np.empty(count * CUSTOMER.itemsize + CACHE_LINE_BYTES, dtype=np.uint8)
    start = -room.ctypes.data % CACHE_LINE_BYTES
    rows = room[start : start + count * CUSTOMER.itemsize]
    rows.reshape(count, CUSTOMER.itemsize)[:] = one.view(np.uint8)
    return np.recarray(count, dtype=CUSTOMER, buf=rows)  # type: ignore[call-overload]
