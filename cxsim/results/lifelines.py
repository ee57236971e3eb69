"""One customer's event log, read entry by entry into stays, moods, parcels and moments; see `cxsim.results.tracks`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from cxsim.results.result import Result
from cxsim.rules.waiting import MOODS
from cxsim.scenario.schema import Scenario

SECONDS_PER_DAY = 86_400
STATES = ("not_yet", "away", "at", "queue", "served", "parcel", "left", "drifted", "ended")
"""Where somebody may be: not a customer yet; between journeys; at a stop, or resting there before the next; waiting in
its queue; being served; waiting for its parcel; gone after a poor journey, gone without one, no longer in need."""
NOT_YET, AWAY, AT, QUEUE, SERVED, PARCEL, LEFT, DRIFTED, ENDED = range(len(STATES))
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


def first_replication(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the first replication, the one whose encounters are kept."""
    return table[table["replication"] == 0] if "replication" in table else table


def entries_of(result: Result) -> Iterator[tuple[int, list[Entry]]]:
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


class Lifeline:
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

    def read(self, entries: Sequence[Entry], end: int) -> Lifeline:
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
