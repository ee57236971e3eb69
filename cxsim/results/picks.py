"""Customers worth looking at, found by small rules in the log and in the exit interviews."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cxsim.results.result import Result
from cxsim.results.tracks import first_replication, followed_customers

_TALK = "raised_by_word_of_mouth"
_SEVERAL = 3
"""Annoyances without which there is nothing that a trifle could come on top of."""


@dataclass(frozen=True)
class Pick:
    """A customer worth looking at.

    Attributes:
        key: name of the rule.
        label: plain words.
        customer: its number.
        world: name of the world in which the rule found it.
        sentence: why, with the number that decided.
    """

    key: str
    label: str
    customer: int
    world: str
    sentence: str


@dataclass(frozen=True)
class _Seen:
    """What the rules look at: followed customers after the warm-up.

    Attributes:
        log: entries of the log.
        lived: those that are encounters, with what was felt.
        customers: at the end, by number.
        lost: exit interviews, by number.
    """

    log: pd.DataFrame
    lived: pd.DataFrame
    customers: pd.DataFrame
    lost: pd.DataFrame


_Found = tuple[int, str]


def picks(worlds: Mapping[str, Result], customers: Sequence[int] | None = None) -> list[Pick]:
    """Customers worth looking at in one world or two; a rule that nobody meets finds nobody, and nobody is named twice.

    Args:
        worlds: results by name, the baseline first; with two, twins who fared differently come first.
        customers: numbers to choose from; all that are followed in every world if left out.
    """
    allowed = set.intersection(*(set(followed_customers(result).tolist()) for result in worlds.values()))
    allowed &= set(customers) if customers is not None else allowed
    seen = {name: _seen(result, allowed) for name, result in worlds.items()}
    names, found, taken = list(seen), list[Pick](), set[int]()

    def add(key: str, label: str, world: str, rows: list[_Found]) -> None:
        for number, sentence in rows:
            if number not in taken:
                taken.add(number)
                found.append(Pick(key, label, number, world, sentence))
                return

    if len(names) == 2:
        before, after = (seen[name] for name in names)
        add("saved", f"Left there, stayed with “{names[1]}”", names[1], _only_lost_in(before, after))
        add("lost", f"Stayed there, left with “{names[1]}”", names[1], _only_lost_in(after, before))
    for key, (label, rule) in RULES.items():
        add(key, label, names[-1], rule(seen[names[-1]]))
    return found


def _seen(result: Result, allowed: set[int]) -> _Seen:
    log = first_replication(result.encounters)
    if "event" not in log:
        numbers = ("customer", "day", "utility", "wait_minutes", "days", "promised_days")
        empty = {name: pd.Series(dtype="float64") for name in numbers}
        log = pd.DataFrame(empty | {name: pd.Series(dtype="object") for name in ("event", "origin", "reason")})
    log = log[(log["day"] >= 0) & log["customer"].isin(allowed)]
    everybody = first_replication(result.customers).set_index("customer")
    lost = first_replication(result.lost)
    lost = lost.set_index("customer") if "customer" in lost else lost
    return _Seen(log, log[log["utility"].notna()], everybody[everybody.index.isin(allowed)],
                 lost[lost.index.isin(allowed)].loc[lambda rows: ~rows.index.duplicated(keep="last")])  # fmt: skip


def _gone(seen: _Seen) -> set[int]:
    """Those who left and have not come back."""
    gone = seen.customers.index[seen.customers["status"] == "left"]
    return set(gone) & set(seen.lost.index)


def _ranked(values: pd.Series[Any], sentence: Callable[[float], str]) -> list[_Found]:
    """Customers from the largest value down, ties by number."""
    ordered = values.dropna().sort_index().sort_values(ascending=False, kind="stable")
    numbers = ordered.index.to_numpy(int).tolist()
    return [(number, sentence(value)) for number, value in zip(numbers, ordered.tolist(), strict=True)]


def _only_lost_in(one: _Seen, other: _Seen) -> list[_Found]:
    """Those who left in one world and are customers at the end of the other; who is happiest there first."""
    stayed = other.customers[other.customers["status"] == "active"]
    chosen = stayed.loc[[number for number in stayed.index if number in _gone(one)], "satisfaction"]
    return _ranked(chosen, lambda value: f"Left in the one world, satisfied with {_points(value)} of 100 in the other.")


def _over_a_trifle(seen: _Seen) -> list[_Found]:
    """Of those who left with several annoyances behind them, whose last straw was the smallest part of all."""
    mine = seen.log[seen.log["customer"].isin(_gone(seen))]
    last = mine[mine["event"] == "leaves"].drop_duplicates("customer", keep="last")
    losses = seen.lived[seen.lived["utility"] < 0]
    straws = losses.merge(last[["customer", "origin", "reason"]], on=["customer", "origin", "reason"])
    straw = straws.groupby("customer")["utility"].last()
    by = losses.groupby("customer")["utility"]
    share = (straw / by.sum())[by.count() >= _SEVERAL]
    return _ranked(-share, lambda value: f"The last straw was {-100 * value:.1f} % of all that had annoyed.")


def _forgave(seen: _Seen) -> list[_Found]:
    """Still customers in spite of the most annoyance."""
    there = seen.customers.index[seen.customers["status"] == "active"]
    poor = seen.lived[seen.lived["is_poor"].astype(bool)] if "is_poor" in seen.lived else seen.lived.iloc[:0]
    poor = poor[poor["customer"].isin(there)]
    count = poor.groupby("customer").size()
    return _ranked(count[count >= 2], lambda number: f"Still a customer after {number:.0f} poor encounters.")


def _happiest(seen: _Seen) -> list[_Found]:
    there = seen.customers[(seen.customers["status"] == "active") & seen.customers.index.isin(seen.lived["customer"])]
    return _ranked(there["satisfaction"], lambda value: f"Satisfied with {_points(value)} of 100 at the end.")


def _longest_wait(seen: _Seen) -> list[_Found]:
    waits = seen.log.groupby("customer")["wait_minutes"].max()
    return _ranked(waits[waits >= 1], lambda minutes: f"Waited {minutes:.0f} minutes in one queue.")


def _latest_delivery(seen: _Seen) -> list[_Found]:
    come = seen.lived[seen.lived["promised_days"].notna()]
    late = (come["days"] - come["promised_days"]).groupby(come["customer"]).max()
    return _ranked(late[late > 0], lambda days: f"What was promised came {days:.1f} days late.")


def _talked_into(seen: _Seen) -> list[_Found]:
    """Of those who left, who expected more than they got because of others' words, and of nothing else as much."""
    if _TALK not in seen.lost:
        return []
    signals = [name for name in seen.lost if str(name).startswith("raised_by_")]
    rows = seen.lost[seen.lost.index.isin(_gone(seen))]
    rows = rows[(rows[_TALK] > 0) & (rows[_TALK] >= rows[signals].max(axis=1))]
    return _ranked(rows[_TALK], lambda level: f"Others' words had raised what was expected {100 * level:.0f} of 100 "
                   "above what was got, more than anything else had.")  # fmt: skip


def _points(satisfaction: float) -> str:
    return f"{50 + 50 * float(np.clip(satisfaction, -1, 1)):.0f}"


RULES: dict[str, tuple[str, Callable[[_Seen], list[_Found]]]] = {
    "trifle": ("Left over a trifle", _over_a_trifle),
    "forgave": ("Forgave most", _forgave),
    "happiest": ("The happiest", _happiest),
    "longest_wait": ("Waited longest", _longest_wait),
    "latest": ("Got it latest", _latest_delivery),
    "talk": ("Left, having expected what others told", _talked_into),
}
"""What is looked for in the world that is looked at, with the customers who meet it best first."""
