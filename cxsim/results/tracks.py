"""Where followed customers are at every moment, and in which mood: the event log as stays, moods, parcels and moments.

All of it is what was simulated. Two things a log of instants does not say are conventions:

- Movement takes no time in the model. A customer is drawn on the way to an encounter in the last `glide` seconds
  before it, and on the way back in the first `glide` seconds after, never for more than half of a stay.
- Mood is how much of the own tolerance of irritation is used up, as of the latest entry and faded since by the model's
  own rule; in a queue and while being served it is at least the mood of the wait, by the share of patience used up.
  Those who are gone keep the mood they left in. All have the thresholds `edgy_from`, `agitated_from` and `angry_from`.
  The log knows the mood in which a wait ended, not the patience: of what that mood allows, the middle is taken.

What fell due for somebody at a desk is lived after it, as in the event log. Who is still at a desk when the log ends
counts as waiting. Times are whole seconds since the end of the warm-up.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cxsim.results.result import Result
from cxsim.rules.waiting import MOODS
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.schema import Scenario

Array = np.ndarray[Any, Any]
SECONDS_PER_DAY = 86_400
STATES = ("not_yet", "away", "at", "queue", "served", "parcel", "left", "drifted", "ended")
"""Where somebody may be: not a customer yet; between journeys; at a stop, or resting there before the next; waiting in
its queue; being served; waiting for its parcel; gone after a poor journey, gone without one, no longer in need."""
NOT_YET, AWAY, AT, QUEUE, SERVED, PARCEL, LEFT, DRIFTED, ENDED = range(len(STATES))
GONE = (LEFT, DRIFTED, ENDED)
MOMENTS = ("poor", "failure", "wow", "overdue", "gave_up", "blow_up", "complains", "settled", "leaves", "comes_back")
"""Moments worth a mark, by name."""
NOWHERE = -1
"""Stop of those who are at none."""
_ENDINGS = {"journey_ends": AWAY, "leaves": LEFT, "drifts": DRIFTED, "ends": ENDED, "declines": NOT_YET}
_FADED = frozenset({"encounter", "overdue", "gave_up", "blow_up", "settled", "stays", "complains", "escalates",
                    "leaves"})  # fmt: skip
"""Entries whose irritation is as of their own instant; in others it is as of an earlier one."""
_MARKS = {"overdue": "overdue", "gave_up": "gave_up", "blow_up": "blow_up", "complains": "complains",
          "escalates": "complains", "settled": "settled", "leaves": "leaves", "comes_back": "comes_back"}  # fmt: skip


class Entry(NamedTuple):
    """What is read of one entry of the log."""

    at: int
    event: str
    stop: int
    mood: str
    wait: float
    days: float
    promised: float
    irritation: float
    is_contact: bool
    is_poor: bool
    is_failure: bool
    is_wow: bool


@dataclass(frozen=True)
class Tracks:
    """Whereabouts of n customers; lists of all are joined, those of customer i lie from `...first[i]` to `[i + 1]`.

    Attributes:
        numbers: (n,) numbers of the customers.
        stops: names of the touchpoints, which codes count.
        seconds: end of the log.
        stay_first: (n + 1,).
        stay_begin: begin of each stay; it lasts until the next begins.
        stay_state: code of `STATES`.
        stay_stop: touchpoint or `NOWHERE`.
        stay_met: whether the stay begins with an encounter or in a queue; if not, the customer comes after its begin.
        stay_legs: encounters at the one instant at which the next stay begins, the way being through all of them.
        mood_first: (n + 1,).
        mood_begin: when each mood begins.
        mood: code of the moods calm, edgy, agitated, angry.
        parcel_first: (n + 1,).
        parcel_stop: touchpoint.
        parcel_ordered: when it was ordered.
        parcel_promised: when it was promised for.
        parcel_end: when it arrived, or the customer was gone.
        moment_first: (n + 1,).
        moment_at: when.
        moment: code of `MOMENTS`.
        moment_stop: touchpoint or `NOWHERE`.
    """

    numbers: Array
    stops: tuple[str, ...]
    seconds: int
    stay_first: Array
    stay_begin: Array
    stay_state: Array
    stay_stop: Array
    stay_met: Array
    stay_legs: Array
    mood_first: Array
    mood_begin: Array
    mood: Array
    parcel_first: Array
    parcel_stop: Array
    parcel_ordered: Array
    parcel_promised: Array
    parcel_end: Array
    moment_first: Array
    moment_at: Array
    moment: Array
    moment_stop: Array

    def stays(self) -> pd.DataFrame:
        """One row per stay: customer, begin and end (days), state and touchpoint."""
        ends = np.append(self.stay_begin[1:], 0)
        ends[self.stay_first[1:] - 1] = self.seconds
        return pd.DataFrame(
            {
                "customer": np.repeat(self.numbers, np.diff(self.stay_first)),
                "begin_day": np.maximum(self.stay_begin, 0) / SECONDS_PER_DAY,
                "end_day": ends / SECONDS_PER_DAY,
                "state": np.array(STATES)[self.stay_state],
                "touchpoint": np.array([*self.stops, ""])[self.stay_stop],
            }
        )

    def index(self, customer: int) -> int:
        """Place of a customer by its number.

        Raises:
            KeyError: it is not among them.
        """
        found = np.flatnonzero(self.numbers == customer)
        if len(found) == 0:
            raise KeyError(customer)
        return int(found[0])


class Position(NamedTuple):
    """Where one customer is at an instant.

    Attributes:
        state: code of `STATES`.
        stop: touchpoint or `NOWHERE`.
        to_state: what it is on the way to; the same as `state` if it is on no way.
        to_stop: likewise.
        share: how much of that way lies behind, 0 to 1.
        mood: code of the mood.
        rank: how many stand before it in the same queue; 0 for all others.
        lead: elapsed share of the time promised for the parcel it waits for; nan for all others.
    """

    state: int
    stop: int
    to_state: int
    to_stop: int
    share: float
    mood: int
    rank: int
    lead: float


def position(tracks: Tracks, customer: int, seconds: float, glide: float = 1800.0) -> Position:
    """Where a customer is at an instant: the same that the browser draws.

    Args:
        tracks: whereabouts.
        customer: its number.
        seconds: instant.
        glide: seconds for which it is drawn on a way, at most.
    """
    i = tracks.index(customer)
    here = _stay(tracks, i, seconds)
    mood = _at_or_before(tracks.mood_begin, tracks.mood_first[i], tracks.mood_first[i + 1], seconds)
    state = int(tracks.stay_state[here])
    begin, last = int(tracks.stay_begin[here]), here + 1 == tracks.stay_first[i + 1]
    end = math.inf if last else int(tracks.stay_begin[here + 1])
    way = min(glide, (end - begin) / 2)
    start, goal, share = here, here, 0.0
    if not tracks.stay_met[here] and here > tracks.stay_first[i] and seconds < begin + way:
        start, share = here - 1, (seconds - begin) / way
    elif tracks.stay_legs[here] > 0 and seconds > end - way:
        walked = (seconds - (end - way)) / way * int(tracks.stay_legs[here])
        start = here + int(walked)
        goal, share = start + 1, walked - int(walked)
    rank = _rank(tracks, i, here, seconds) if state == QUEUE else 0
    return Position(
        int(tracks.stay_state[start]), int(tracks.stay_stop[start]), int(tracks.stay_state[goal]),
        int(tracks.stay_stop[goal]), share, int(tracks.mood[mood]), rank, _lead(tracks, i, state, seconds),
    )  # fmt: skip


def _at_or_before(begins: Array, first: int, last: int, seconds: float) -> int:
    """The latest of a customer's entries that has begun; the first if none has."""
    return max(int(first + np.searchsorted(begins[first:last], seconds, side="right")) - 1, int(first))


def _stay(tracks: Tracks, i: int, seconds: float) -> int:
    return _at_or_before(tracks.stay_begin, tracks.stay_first[i], tracks.stay_first[i + 1], seconds)


def _rank(tracks: Tracks, i: int, here: int, seconds: float) -> int:
    """How many joined the same queue before and are still in it."""
    before = 0
    for j in range(len(tracks.numbers)):
        there = _stay(tracks, j, seconds)
        if tracks.stay_state[there] == QUEUE and tracks.stay_stop[there] == tracks.stay_stop[here]:
            before += (int(tracks.stay_begin[there]), j) < (int(tracks.stay_begin[here]), i)
    return before


def _lead(tracks: Tracks, i: int, state: int, seconds: float) -> float:
    if state != PARCEL:
        return math.nan
    first, last = tracks.parcel_first[i], tracks.parcel_first[i + 1]
    parcel = _at_or_before(tracks.parcel_ordered, first, last, seconds)
    promised = max(int(tracks.parcel_promised[parcel] - tracks.parcel_ordered[parcel]), 1)
    return float(seconds - tracks.parcel_ordered[parcel]) / promised


def tracks_of(result: Result, customers: Sequence[int] | None = None) -> Tracks:
    """Whereabouts of followed customers of the first replication, from the end of the warm-up on.

    Args:
        result: run with followed customers and with its customers kept.
        customers: their numbers; all that were followed if left out.

    Raises:
        ScenarioError: nobody was followed, or the customers were not kept.
    """
    scenario = result.scenario
    followed = followed_customers(result)
    numbers = followed if customers is None else np.array(sorted(set(customers) & set(followed.tolist())), dtype="i8")
    if len(numbers) == 0:
        raise ScenarioError([Problem("record.encounters", "nobody was followed, so there is nobody to show")])
    everybody = first_replication(result.customers).set_index("customer")
    tolerance = everybody["irritation_tolerance"].reindex(numbers).fillna(np.inf).to_numpy("float64")
    lives, p = dict(_entries(result)), scenario.parameters()
    end = round(scenario.horizon * SECONDS_PER_DAY)
    found = [
        _Life(scenario, p, number < scenario.population.customers, float(tolerance[i])).read(
            lives.get(int(number), []), end
        )
        for i, number in enumerate(numbers)
    ]
    return _joined(numbers, tuple(scenario.touchpoints), end, found)


def first_replication(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the first replication, the one whose encounters are kept."""
    return table[table["replication"] == 0] if "replication" in table else table


def followed_customers(result: Result) -> Array:
    """Numbers of the customers who were followed and ever were customers.

    Raises:
        ScenarioError: the customers were not kept.
    """
    if "customer" not in result.customers:
        raise ScenarioError([Problem("record.customers", "read 'none'; whom to show is not known without customers")])
    numbers = first_replication(result.customers)["customer"].to_numpy("i8")
    return np.sort(numbers[numbers < result.scenario.record.encounters])


def _entries(result: Result) -> Iterator[tuple[int, list[Entry]]]:
    """Entries of every followed customer, as lived; their instants never go back."""
    log = first_replication(result.encounters)
    if "event" not in log:
        return
    places = {name: place for place, name in enumerate(result.scenario.touchpoints)}
    seconds = np.round(log["day"].to_numpy("float64") * SECONDS_PER_DAY).astype("i8")
    columns = [log["event"].tolist(), log["touchpoint"].map(places).fillna(NOWHERE).astype(int).tolist(),
               log["mood"].tolist()]  # fmt: skip
    columns += [log[name].tolist() for name in ("wait_minutes", "days", "promised_days", "irritation", "is_contact",
                                                "is_poor", "is_failure", "is_wow")]  # fmt: skip
    customers = log["customer"].to_numpy()
    cuts = np.flatnonzero(np.diff(customers)) + 1
    for first, last in zip([0, *cuts.tolist()], [*cuts.tolist(), len(log)], strict=True):
        if last > first:
            instants = np.maximum.accumulate(seconds[first:last]).tolist()
            rows = zip(instants, *(column[first:last] for column in columns), strict=True)
            yield int(customers[first]), [Entry(*row) for row in rows]


class _Life:
    """One customer's log, read entry by entry."""

    def __init__(self, scenario: Scenario, p: dict[str, float], is_established: bool, tolerance: float) -> None:
        self._kinds = [stop.kind for stop in scenario.touchpoints.values()]
        self._start = list(scenario.touchpoints).index(scenario.journey.start)
        self._thresholds = (p["edgy_from"], p["agitated_from"], p["angry_from"])
        self._half_life = p["irritation_half_life_days"] * SECONDS_PER_DAY
        self._tolerance = max(tolerance, 1e-9)
        state = AWAY if is_established else NOT_YET
        self._rest = (state, NOWHERE)
        self._joined = -1
        self.stays: list[tuple[int, int, int, bool]] = [(-(2**31), state, NOWHERE, False)]
        self._known: list[tuple[int, float, bool]] = []  # irritation as of an instant, and whether it is kept for good
        self._waits: list[tuple[int, int, int]] = []  # begin, end and mood of moods that a wait brings at least
        self.parcels: list[list[int]] = []
        self.moments: list[tuple[int, int, int]] = []
        self.moods: list[tuple[int, int]] = []

    def read(self, entries: Sequence[Entry], end: int) -> _Life:
        """Read all entries, and keep what lies between the end of the warm-up and the end of the log."""
        for entry in entries:
            self._take(entry)
            if entry.event in _FADED or not self._known:
                self._known.append((entry.at, entry.irritation, entry.event == "leaves"))
            elif entry.event in ("drifts", "ends"):
                at, irritation, _ = self._known[-1]
                self._known.append((entry.at, irritation * 0.5 ** ((entry.at - at) / self._half_life), True))
        for parcel in self.parcels:
            parcel[3] = min(parcel[3], end)
        self.parcels = [parcel for parcel in self.parcels if parcel[3] > 0]
        self.moments = [moment for moment in self.moments if moment[0] >= 0]
        first = max(place for place, stay in enumerate(self.stays) if stay[0] <= 0 or place == 0)
        self.stays = self.stays[first:]
        self.moods = self._all_moods()
        return self

    def _go(self, at: int, state: int, stop: int, is_met: bool = False) -> None:
        """A stay begins; one that lasted no time and in which nobody was met is none."""
        while len(self.stays) > 1 and not self.stays[-1][3] and self.stays[-1][0] == at:
            self.stays.pop()
        if is_met or self.stays[-1][1:3] != (state, stop):
            self.stays.append((at, state, stop, is_met))

    def _take(self, entry: Entry) -> None:
        at, event, stop = entry.at, entry.event, entry.stop
        self._mark(entry)
        if event == "journey_begins":
            self._rest = (AT, self._start)
        elif event == "queue_joined":
            self._joined = at
            self._go(at, QUEUE, stop, is_met=True)
        elif event == "found_closed":
            self._rest = self._rest if self.stays[-1][1] != AWAY else (AT, stop)
            self._go(at, *self._rest)
        elif event == "gave_up" or (event == "encounter" and self._kinds[stop] == "desk"):
            self._leave_desk(entry)
        elif event == "encounter":
            self._rest = (AT, stop)
            self._go(at, AT, stop, is_met=True)
        elif event == "ordered":
            self.parcels.append(
                [stop, at, at + round(entry.promised * SECONDS_PER_DAY), at + round(entry.days * SECONDS_PER_DAY)]
            )
            self._rest = (PARCEL, stop)
            self._go(at, *self._rest)
        elif event in _ENDINGS:
            self._rest = (_ENDINGS[event], NOWHERE)
            self._go(at, *self._rest)
            if event != "journey_ends" and self.parcels:
                self.parcels[-1][3] = min(self.parcels[-1][3], at)

    def _leave_desk(self, entry: Entry) -> None:
        """A visit to a desk ends: its queue and service are known now, and the moods of its wait."""
        at, stop, joined = entry.at, entry.stop, self._joined
        called = at if entry.event == "gave_up" else min(joined + round(60 * entry.wait), at)
        mood = min(MOODS.index(entry.mood), 3)
        if entry.event != "gave_up":
            self._go(called, SERVED, stop)
        bounds = (0.0, *self._thresholds, 1.0)
        if mood > 0:
            wait = called - joined
            patience = wait if entry.event == "gave_up" else wait * (1 / bounds[mood] + 1 / bounds[mood + 1]) / 2
            steps = [joined + round(bounds[level] * patience) for level in range(1, mood + 1)]
            for level, (begin, end) in enumerate(zip(steps, [*steps[1:], at], strict=True), start=1):
                self._waits.append((begin, end, level))
        if not entry.is_contact:
            self._rest = (AT, stop)
        self._go(at, *self._rest)

    def _mark(self, entry: Entry) -> None:
        kind = _MARKS.get(entry.event, "")
        if entry.event == "encounter":
            kind = "failure" if entry.is_failure else ("wow" if entry.is_wow else ("poor" if entry.is_poor else ""))
        if kind:
            self.moments.append((entry.at, MOMENTS.index(kind), entry.stop))

    def _all_moods(self) -> list[tuple[int, int]]:
        """When each mood begins: that of the stored irritation, raised by waits."""
        changes: list[tuple[int, int]] = []
        for place, (at, irritation, is_kept) in enumerate(self._known):
            until = self._known[place + 1][0] if place + 1 < len(self._known) else math.inf
            share = irritation / self._tolerance
            level = sum(share >= threshold for threshold in self._thresholds)
            changes.append((at, level))
            while level > 0 and not is_kept:
                at_edge = at + math.ceil(self._half_life * math.log2(share / self._thresholds[level - 1]))
                if at_edge >= until:
                    break
                level -= 1
                changes.append((max(at_edge, at), level))
        stored = _latest(changes)
        edges = sorted({at for at, _ in stored} | {at for begin, end, _ in self._waits for at in (begin, end)})
        found: list[tuple[int, int]] = []
        place, level, waiting = 0, 0, 0
        for at in edges:
            while place < len(stored) and stored[place][0] <= at:
                level = stored[place][1]
                place += 1
            while waiting < len(self._waits) and self._waits[waiting][1] <= at:
                waiting += 1
            raised = self._waits[waiting][2] if waiting < len(self._waits) and self._waits[waiting][0] <= at else 0
            mood = max(level, raised)
            if not found or found[-1][1] != mood:
                found.append((at, mood))
        if not found:
            return [(0, 0)]
        first = max((place for place, (at, _) in enumerate(found) if at <= 0), default=0)
        kept = found[first:]
        return kept if kept[0][0] <= 0 else [(0, 0), *kept] if kept[0][1] else kept


def _latest(changes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of changes at one instant, the last."""
    return [change for place, change in enumerate(changes)
            if place + 1 == len(changes) or changes[place + 1][0] > change[0]]  # fmt: skip


def _joined(numbers: Array, stops: tuple[str, ...], end: int, lives: Sequence[_Life]) -> Tracks:
    """The lists of all customers, one after the other."""

    def firsts(lists: list[list[Any]]) -> Array:
        return np.cumsum([0, *(len(one) for one in lists)]).astype("i4")

    def column(lists: list[list[Any]], place: int, kind: str) -> Array:
        return np.array([row[place] for one in lists for row in one], dtype=kind)

    stays = [list(life.stays) for life in lives]
    moods = [list(life.moods) for life in lives]
    parcels = [list(life.parcels) for life in lives]
    moments = [list(life.moments) for life in lives]
    legs = [leg for one in stays for leg in _legs(one)]
    return Tracks(
        numbers=numbers.astype("i4"), stops=stops, seconds=end,
        stay_first=firsts(stays), stay_begin=column(stays, 0, "i4"), stay_state=column(stays, 1, "u1"),
        stay_stop=column(stays, 2, "i1"), stay_met=column(stays, 3, "u1"), stay_legs=np.array(legs, dtype="u1"),
        mood_first=firsts(moods), mood_begin=column(moods, 0, "i4"), mood=column(moods, 1, "u1"),
        parcel_first=firsts(parcels), parcel_stop=column(parcels, 0, "i1"), parcel_ordered=column(parcels, 1, "i4"),
        parcel_promised=column(parcels, 2, "i4"), parcel_end=column(parcels, 3, "i4"),
        moment_first=firsts(moments), moment_at=column(moments, 0, "i4"), moment=column(moments, 1, "u1"),
        moment_stop=column(moments, 2, "i1"),
    )  # fmt: skip


def _legs(stays: list[tuple[int, int, int, bool]]) -> list[int]:
    """Per stay, how many stays that begin with an encounter follow at the instant at which it ends."""
    legs = []
    for place in range(len(stays)):
        following = place + 1
        while following < len(stays) and stays[following][3] and stays[following][0] == stays[place + 1][0]:
            following += 1
        legs.append(following - place - 1)
    return legs
