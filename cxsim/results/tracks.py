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
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from cxsim.results.lifelines import (
    AT,
    AWAY,
    DRIFTED,
    ENDED,
    LEFT,
    MOMENTS,
    NOT_YET,
    NOWHERE,
    PARCEL,
    QUEUE,
    SECONDS_PER_DAY,
    SERVED,
    STATES,
    Lifeline,
    entries_of,
    first_replication,
)  # fmt: skip
from cxsim.results.result import Result
from cxsim.scenario.errors import Problem, ScenarioError

Array = np.ndarray[Any, Any]
GONE = (LEFT, DRIFTED, ENDED)


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

    def queues(self) -> pd.DataFrame:
        """How many of them wait where: one row per change, with touchpoint, day, and how many wait from then on."""
        stays = self.stays()
        queued = stays[(stays["state"] == STATES[QUEUE]) & (stays["end_day"] > stays["begin_day"])]
        changes = pd.concat([
            pd.DataFrame({"touchpoint": queued["touchpoint"], "day": queued[f"{side}_day"], "waiting": change})
            for side, change in (("end", -1), ("begin", 1))
        ])  # fmt: skip
        net = changes.groupby(["touchpoint", "day"])["waiting"].sum().reset_index()
        return net.assign(waiting=net.groupby("touchpoint")["waiting"].cumsum())

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
    lives, p = dict(entries_of(result)), scenario.parameters()
    end = round(scenario.horizon * SECONDS_PER_DAY)
    found = [
        Lifeline(scenario, p, number < scenario.population.customers, float(tolerance[i])).read(
            lives.get(int(number), []), end
        )
        for i, number in enumerate(numbers)
    ]
    return _joined(numbers, tuple(scenario.touchpoints), end, found)


def followed_customers(result: Result) -> Array:
    """Numbers of the customers who were followed and ever were customers.

    Raises:
        ScenarioError: the customers were not kept.
    """
    if "customer" not in result.customers:
        raise ScenarioError([Problem("record.customers", "read 'none'; whom to show is not known without customers")])
    numbers = first_replication(result.customers)["customer"].to_numpy("i8")
    return np.sort(numbers[numbers < result.scenario.record.encounters])


def _joined(numbers: Array, stops: tuple[str, ...], end: int, lives: Sequence[Lifeline]) -> Tracks:
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


__all__ = [
    "AT", "AWAY", "DRIFTED", "ENDED", "GONE", "LEFT", "MOMENTS", "NOT_YET", "NOWHERE", "PARCEL", "QUEUE",
    "SECONDS_PER_DAY", "SERVED", "STATES", "Position", "Tracks", "first_replication", "followed_customers", "position",
    "tracks_of",
]  # fmt: skip
