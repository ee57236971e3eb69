"""A stop of the journey: which visit it is, what a message says, and what follows."""

from __future__ import annotations

from typing import Any

import numpy as np

from cxsim.compiling import inner, whole
from cxsim.engine import streams
from cxsim.engine.columns import (
    EXPLICIT,
    FAILURE,
    OVERDUE,
    STEP,
    TECHNOLOGY,
)
from cxsim.engine.encounter import BLEW_UP, FAILED, NOT_SETTLED, STUCK
from cxsim.engine.endings import blow_up, finish_if_done, plan_contact
from cxsim.engine.signals import heed
from cxsim.engine.streams import EXPONENTIAL, FIXED, normal, occasion, sample, uniforms
from cxsim.engine.tables import ENABLER
from cxsim.engine.world import Life
from cxsim.rules.expectations import hear_promise

VISITS_MOST = 32767
"""Visits to a stop that are told apart within a journey."""
GOAL_REACHED = 32768
CONTACT_VISIT = 16384
"""Added to the number of a contact: its occasion is origin, cause and attempt, not a running count."""


@inner
def next_visit(life: Life, k: int) -> int:
    """Number of this visit to a stop within the journey, from 0."""
    visit = int(life.visits[k]) & VISITS_MOST
    if visit < VISITS_MOST:
        life.visits[k] += 1
    return visit


@inner
def latest_visit(life: Life, k: int) -> int:
    """Number of the latest visit to a stop within the journey."""
    return (int(life.visits[k]) & VISITS_MOST) - 1


@inner
def reach_goal(life: Life, k: int) -> None:
    """A goal of the journey is reached at a stop, and only once, be it at a later visit."""
    if life.tables.stops[k].is_goal != 0 and int(life.visits[k]) & GOAL_REACHED == 0:
        life.row.goals_missed -= 1
        life.visits[k] |= GOAL_REACHED


@inner
def draw_duration(tables: Any, row: Any, duration: Any, place: int, decision: int) -> float:
    """A duration drawn for this customer, journey and place; decisions `decision` and its index 1."""
    if duration.form == FIXED:
        return duration.first
    key, number, journey = tables.key, row.number, row.journeys
    if duration.form == EXPONENTIAL:
        uniform, _ = uniforms(key, number, journey, place, decision)
        return sample(duration, uniform, 0.0)
    return sample(duration, 0.5, normal(key, number, journey, place, decision + 256))


@inner
def hear_message(life: Life, k: int) -> None:
    """A promise, when met, moves what the customer thinks will happen."""
    row, p, stop = life.row, life.tables.parameters, life.tables.stops[k]
    weight, trust = min(p.message_weight * np.float64(row.message_exposure), 1.0), np.float64(row.trust)
    said = (stop.promise_level[0] + stop.promise_level[1] + stop.promise_level[2]) / 3.0
    heed(row, EXPLICIT, weight * trust, said)
    for d in range(3):
        row.predicted[d] = hear_promise(np.float64(row.predicted[d]), stop.promise_level[d], weight, trust)


@inner
def after_stop(life: Life, k: int, visit: int, at: float, outcome: int) -> None:
    """What follows a stop of the journey: goal, contact, blow-up, the way on."""
    row = life.row
    stop = life.tables.stops[k]
    failed = outcome & FAILED != 0
    if stop.is_goal != 0:
        row.is_bought = 1
    if outcome & (FAILED | NOT_SETTLED) == 0:
        reach_goal(life, k)
    if outcome & STUCK != 0:
        hand_over(life, k, visit, at)
    elif failed:
        plan_failure_contact(life, k, visit, at)
    if outcome & BLEW_UP != 0 and blow_up(life, k, at):
        return
    place = occasion(k, visit)
    stops = life.tables.stop_count
    target = stop.failure_next if failed else -1
    if target < 0:
        target = stop.only_next
    if target < 0:
        uniform, _ = uniforms(life.tables.key, row.number, row.journeys, place, streams.ROUTE)
        target = 0
        while target < stops and not uniform < life.tables.routes[k, target]:
            target += 1
    arrival = at + draw_duration(life.tables, row, stop.takes, place, streams.TAKES)
    if target == stops:
        row.step = -1
        finish_if_done(life, at)
    else:
        row.step = target
        row.due[STEP] = arrival


@inner
def plan_failure_contact(life: Life, k: int, visit: int, at: float) -> None:
    """A failure may make the customer contact a desk; one matter is open at a time, the first keeps its origin."""
    row = life.row
    stop = life.tables.stops[k]
    place = occasion(k, visit)
    drawn, _ = uniforms(life.tables.key, row.number, row.journeys, place, streams.FAILURE_CONTACT)
    if stop.failure_contact < 0 or not drawn < stop.failure_contact_probability:
        return
    when = at + draw_duration(life.tables, row, stop.contact_after, place, streams.CONTACT_DELAY)
    plan_contact(life, stop.failure_contact, k, FAILURE, at, when)


@inner
def hand_over(life: Life, k: int, visit: int, at: float) -> None:
    """Where technology got stuck: a person takes over at once (enabler), or the customer has to call (definer)."""
    row, p = life.row, life.tables.parameters
    stop = life.tables.stops[k]
    if stop.technology_contact < 0:
        return
    row.complaint_touchpoint = stop.technology_contact
    _, drawn = uniforms(life.tables.key, row.number, row.journeys, occasion(k, visit), streams.TECHNOLOGY_STUCK)
    if stop.technology == ENABLER:
        plan_contact(life, stop.technology_contact, k, TECHNOLOGY, at, at + p.technology_handover_days)
    elif drawn < p.technology_contact_probability:
        when = at + draw_duration(life.tables, row, stop.contact_after, occasion(k, visit), streams.CONTACT_DELAY)
        plan_contact(life, stop.technology_contact, k, TECHNOLOGY, at, when)


@inner
def contact_number(life: Life) -> int:
    """Identity of a contact within the journey: the visit that caused it, what for, and the attempt."""
    row, origin = life.row, whole(life.row.contact_origin)
    cause = (origin * 8 + min(max(latest_visit(life, origin), 0), 7)) * 2 + (row.contact_reason == OVERDUE)
    complaint = 1 if row.is_complaint != 0 else 0
    return CONTACT_VISIT + (cause * 2 + complaint) * 8 + min(whole(row.contact_attempt), 7)


@inner
def begin_contact(life: Life, at: float) -> None:
    """Turn to the desk about the open matter."""
    row = life.row
    row.contact_visit = contact_number(life)
    go_to_desk(life, whole(row.contact_touchpoint), whole(row.contact_visit), at, True)


@inner
def go_to_desk(life: Life, k: int, visit: int, at: float, is_contact: bool) -> None:
    """Set out for a desk: from here on the desks' event heap leads (`desks.py`)."""
    row = life.row
    row.desk, row.desk_touchpoint, row.desk_visit = life.tables.stops[k].desk, k, visit
    row.desk_at = max(at, row.free_at)
    row.is_contact = is_contact
