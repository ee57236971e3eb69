"""Counts about relationships: who left after which poor journey, who spoke up, who came again, who recommends.

Surveys ask people about their dealings with a firm, so their figures are compared with counts of customers and of what
happened to them, not of encounters. Every count is a sum over customers, so those of two regions add up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cxsim.engine.columns import ACTIVE, LEFT, PROSPECT
from cxsim.engine.log import (
    CONTACT_PLANNED,
    ENCOUNTER,
    GIVING_UP,
    JOURNEY_BEGINS,
    LEAVES,
    SETTLED,
    STAYS,
)
from cxsim.rules.satisfaction import felt_utility

if TYPE_CHECKING:
    from cxsim.model import CustomerModel
    from cxsim.scenario.schema import Scenario

Array = np.ndarray[Any, Any]

STRIKES = (1, 2, 3, 4, 5)
"""Poor journeys, counted from the start of a relationship, after which leaving is told apart."""
YEAR_DAYS = 365.0
LATE_DAYS = 2.0
"""Days beyond the promise from which surveys call a delivery more than two days late."""
AGAIN_DAYS = 180.0
"""Time in which a customer whose matter was settled must come again to count as one who does."""
_PROBE = 0.1
"""Distance from the zone of tolerance at which losses and gains are compared."""


def counts_of(model: CustomerModel, scores: Array) -> dict[str, float]:
    """All counts of a finished model.

    Args:
        model: the model.
        scores: (customers,) answer 0..10 of each to whether they would recommend the firm.
    """
    parameters = model.world.tables[0].parameters
    shape = (float(parameters.zone_slope), float(parameters.loss_aversion), float(parameters.exponent))
    return {
        **_strikes(model),
        **_recommending(model, scores),
        **_incidence(model),
        **_followed(model.log(), model.scenario),
        "felt_below": -felt_utility(0.4 - _PROBE, 0.6, 0.4, *shape) - 0.5 * shape[0],
        "felt_above": felt_utility(0.6 + _PROBE, 0.6, 0.4, *shape) - 0.5 * shape[0],
    }


def _strikes(model: CustomerModel) -> dict[str, float]:
    """Of those who joined after the warm-up, how many had a k-th poor journey, and left before the one after it.

    Their whole relationship is seen, so the first poor journey counted is the first there was.
    """
    customers, warm_up = model.world.customers, model.scenario.warm_up
    exits = model.exits()
    here = (customers["joined_at"] >= warm_up) & (customers["status"] != PROSPECT)
    still_there = here & (customers["status"] != LEFT)
    new_exits = exits["joined_at"] >= warm_up
    at_end, at_exit = customers["poor_journeys"][still_there], exits["poor_journeys"][new_exits]
    found = {}
    for strike in STRIKES:
        found[f"reached_{strike}"] = float(np.sum(at_end >= strike) + np.sum(at_exit >= strike))
        found[f"left_after_{strike}"] = float(np.sum(at_exit == strike))
    return found


def _recommending(model: CustomerModel, scores: Array) -> dict[str, float]:
    """Answers of 9 and 10 among present customers who are satisfied (above 0, on the whole) and who are not."""
    customers = model.world.customers
    present = customers["status"] == ACTIVE
    found = {}
    satisfaction = customers["satisfaction"]
    for name, chosen in (("satisfied", satisfaction > 0.0), ("dissatisfied", satisfaction < 0.0)):
        asked = scores[present & chosen]
        found[name], found[f"{name}_promoters"] = float(len(asked)), float(np.sum(asked >= 9))
    return found


def _incidence(model: CustomerModel) -> dict[str, float]:
    """Of the customers present at the end of the warm-up, how many had a poor journey within a year.

    Whoever drifted, ended or left within the year without one is left out: what they would have met is not known.
    """
    customers, scenario = model.world.customers, model.scenario
    if scenario.horizon < YEAR_DAYS:
        return {"followed_a_year": 0.0, "had_problem": 0.0}
    end = scenario.warm_up + YEAR_DAYS
    cohort = (customers["joined_at"] < scenario.warm_up) & (customers["left_at"] >= scenario.warm_up)
    had = cohort & (customers["first_poor_at"] < end)
    stayed = cohort & ~had & (customers["left_at"] >= end)
    return {"followed_a_year": float(had.sum() + stayed.sum()), "had_problem": float(had.sum())}


def _followed(log: Array, scenario: Scenario) -> dict[str, float]:
    """What the event log of the followed customers tells, after the warm-up; all 0 where nobody is followed."""
    log = np.take(log, np.flatnonzero(log["at"] >= scenario.warm_up))
    journeys = (log["customer"].astype(np.int64) << 32) + log["journey"]  # ascending, as the log is in order
    return {
        **_voices(log, journeys, scenario),
        **_lateness(log, journeys),
        **_recoveries(log, journeys, scenario.warm_up + scenario.horizon),
    }


def _voices(log: Array, journeys: Array, scenario: Scenario) -> dict[str, float]:
    """Failures, and how many of them were brought to the firm, by contact or complaint; by whether money was lost."""
    monetary = np.array([bool(stop.failure and stop.failure.monetary) for stop in scenario.touchpoints.values()])
    failed = np.flatnonzero(log["is_failure"] != 0)
    planned = np.flatnonzero(log["event"] == CONTACT_PLANNED)
    latest: dict[tuple[int, int], int] = {}
    for place in planned:
        latest[int(journeys[place]), int(log["origin"][place])] = int(place)
    stops = log["touchpoint"][failed]
    voiced = np.array(
        [latest.get((int(journeys[place]), int(stop)), -1) > place for place, stop in zip(failed, stops, strict=True)],
        dtype=bool,
    )
    money = monetary[stops]
    return {
        "failures_money": float(money.sum()), "voiced_money": float(voiced[money].sum()),
        "failures_process": float((~money).sum()), "voiced_process": float(voiced[~money].sum()),
    }  # fmt: skip


def _lateness(log: Array, journeys: Array) -> dict[str, float]:
    """Journeys with a delivery over two days late, and how many of them ended in coming less often or in leaving."""
    with np.errstate(invalid="ignore"):
        late = np.unique(journeys[log["days"] - log["promised_days"] > LATE_DAYS])
    less = np.isin(late, journeys[np.isin(log["event"], (STAYS, LEAVES))])
    return {"late": float(len(late)), "late_less": float(less.sum())}


def _recoveries(log: Array, journeys: Array, end: float) -> dict[str, float]:
    """Matters that were settled, and how many customers came again; quickly: the first contact settled it."""
    counts = dict.fromkeys(("settled_quickly", "again_quickly", "settled_slowly", "again_slowly"), 0.0)
    settled = np.flatnonzero((log["event"] == SETTLED) & (log["at"] + AGAIN_DAYS <= end))
    _, first = np.unique(journeys[settled], return_index=True)
    settled = settled[first]
    if len(settled) == 0:
        return counts
    tried = np.cumsum((log["is_contact"] != 0) & np.isin(log["event"], (ENCOUNTER, GIVING_UP)))
    begins = np.searchsorted(journeys, journeys[settled])
    tries = tried[settled] - np.where(begins > 0, tried[begins - 1], 0)
    begun = np.append(np.flatnonzero(log["event"] == JOURNEY_BEGINS), len(log))
    following = begun[np.searchsorted(begun, settled, side="right")]
    there = np.minimum(following, len(log) - 1)
    again = (following < len(log)) & (log["customer"][there] == log["customer"][settled])
    again &= log["at"][there] <= log["at"][settled] + AGAIN_DAYS
    for kind, chosen in (("quickly", tries <= 1), ("slowly", tries > 1)):
        counts[f"settled_{kind}"], counts[f"again_{kind}"] = float(chosen.sum()), float(again[chosen].sum())
    return counts
