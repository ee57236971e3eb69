"""A customer's own life: the agenda in time order, journeys and their steps.

A walk touches its own row only, so walks of different customers may run in any order or at the same time.
"""

from __future__ import annotations

import numpy as np

from cxsim.compiling import inner, whole
from cxsim.engine import streams
from cxsim.engine.columns import (
    ACTIVE,
    CONTACT,
    DEPARTURE,
    HEARD,
    JOURNEY,
    LEFT,
    NEVER,
    NOTICE,
    PROSPECT,
    QUALITY,
    STEP,
    SURVEY,
)
from cxsim.engine.contacts import answer_escalation
from cxsim.engine.encounter import live_encounter, settle_adequate
from cxsim.engine.endings import ask, depart
from cxsim.engine.log import (
    COMES_BACK,
    DECLINES,
    ENCOUNTER,
    JOURNEY_BEGINS,
    note,
)
from cxsim.engine.parcels import notice_overdue, order, receive
from cxsim.engine.signals import heed
from cxsim.engine.stops import after_stop, begin_contact, go_to_desk, hear_message, next_visit
from cxsim.engine.streams import uniforms
from cxsim.engine.tables import DELIVERY, DESK, MESSAGE
from cxsim.engine.tally import (
    J_BEGUN,
    J_DECLINED,
    J_JOINED,
    J_PRESENT_CHANGE,
    J_SATISFACTION_CHANGE,
    J_WON_BACK,
)
from cxsim.engine.world import Life, next_need
from cxsim.rules.expectations import approach, clip_level
from cxsim.rules.relationship import joining_probability, remaining


@inner
def walk(life: Life, until: float) -> float:
    """Live what is due before `until`, in time order, up to a desk; returns when something falls due next."""
    row = life.row
    while row.desk < 0:
        slot, at = 0, row.due[0]
        for other in range(1, len(row.due)):
            if row.due[other] < at:
                slot, at = other, row.due[other]
        if not at < until:
            return at
        row.due[slot] = NEVER
        life.tally.events += 1
        if slot == STEP:
            take_step(life, at)
        elif slot == JOURNEY:
            begin_journey(life, at)
        elif slot == NOTICE:
            notice_overdue(life, at)
        elif slot == CONTACT:
            if row.is_complaint == 2:
                answer_escalation(life, at)
            else:
                begin_contact(life, at)
        elif slot == SURVEY:
            ask(life)
        else:
            depart(life, at)
    return NEVER


@inner
def begin_journey(life: Life, at: float) -> None:
    """A need arises: the customer (now at the latest) joins and sets out."""
    row = life.row
    tables = life.tables
    setting, p = tables.setting, tables.parameters
    tally = life.tally.journeys
    if row.status == PROSPECT:
        read_reviews(life)
        if not joins(life):
            tally[J_DECLINED] += 1.0
            note(life, DECLINES, at, -1, -1, -1)
            row.due[DEPARTURE] = NEVER
            return
        tally[J_JOINED] += 1.0
    elif row.status == LEFT:
        tally[J_WON_BACK] += 1.0
        note(life, COMES_BACK, at, -1, -1, -1)
        row.left_at, row.competitor = NEVER, -1
    if row.status != ACTIVE:
        row.status = ACTIVE
        tally[J_PRESENT_CHANGE] += 1.0
        tally[J_SATISFACTION_CHANGE] += row.satisfaction
    see_market(life, at)
    persona = whole(row.persona)
    row.journeys += 1
    tally[J_BEGUN] += 1.0
    cut = np.float64(row.frequency_cut) * remaining(at - np.float64(row.frequency_cut_at), p.frequency_half_life_days)
    row.next_journey_at = next_need(life.tables, row.number, persona, row.journeys, at, 1.0 - cut)
    drawn, strength = uniforms(life.tables.key, row.number, row.journeys, 0, streams.URGENCY)
    row.urgency = 0.5 + 0.5 * strength if drawn < tables.personas[persona].urgent_share else 0.0
    row.situation = 0.0
    row.journey_peak = row.journey_end = row.journey_sum = row.journey_worst = 0.0
    row.journey_level = row.journey_effort = 0.0
    row.journey_encounters = 0
    row.is_bought, row.is_asked = (1 if setting.goals == 0 else 0), 0
    row.is_open, row.is_poor, row.is_monetary, row.is_decided = 1, 0, 0, 0
    row.goals_missed = setting.goals
    row.complaint_touchpoint = setting.complaint
    for d in range(3):
        settle_adequate(row, d, p, setting, p.adequate_speed)  # urgency counts from the first stop on
    for k in range(len(life.visits)):
        life.visits[k] = 0
    row.step = setting.start
    row.due[STEP] = at
    note(life, JOURNEY_BEGINS, at, -1, -1, -1)


@inner
def joins(life: Life) -> bool:
    """Whether a prospect becomes a customer: the more, the more is expected here than elsewhere."""
    row, setting = life.row, life.tables.setting
    predicted = (np.float64(row.predicted[0]) + np.float64(row.predicted[1]) + np.float64(row.predicted[2])) / 3.0
    better_here = predicted - np.float64(row.alternatives)
    _, drawn = uniforms(life.tables.key, row.number, 0, 0, streams.JOIN)
    return drawn < joining_probability(setting.converts, better_here, life.tables.parameters.join_expectation)


@inner
def read_reviews(life: Life) -> None:
    """Before the first journey, what others wrote moves what a newcomer thinks will happen."""
    row, p, setting, state = life.row, life.tables.parameters, life.tables.setting, life.state
    level = (p.review_prior * setting.reputation + state.review_levels) / (p.review_prior + state.reviews)
    weight = min(p.word_of_mouth_weight * np.float64(row.talk_exposure), 1.0)
    heed(row, HEARD, weight, level)
    for d in range(3):
        row.predicted[d] = approach(np.float64(row.predicted[d]), level, weight)


@inner
def see_market(life: Life, at: float) -> None:
    """Rivals are seen anew; the best met anywhere lifts what is wanted."""
    row, p, setting = life.row, life.tables.parameters, life.tables.setting
    rise = setting.drift_per_day * at
    before = np.float64(row.alternatives)
    row.alternatives = approach(before, clip_level(setting.best_competitor + rise), p.alternatives_speed)
    gained = p.alternatives_gain * (np.float64(row.alternatives) - before)
    row.alternatives_share = min(max(np.float64(row.alternatives_share) + gained, -1.0), 1.0)
    best = clip_level(setting.best_in_class + rise)
    for d in range(3):
        if best > np.float64(row.desired[d]):
            row.desired[d] = approach(np.float64(row.desired[d]), best, p.best_in_class_pull)


@inner
def take_step(life: Life, at: float) -> None:
    """Live the stop that the journey has come to."""
    row = life.row
    k = whole(row.step)
    stop = life.tables.stops[k]
    if stop.kind == DELIVERY:
        if row.is_ordered == 0:
            order(life, k, at)
        else:
            receive(life, k, at)
        return
    visit = next_visit(life, k)
    if stop.kind == DESK:
        go_to_desk(life, k, visit, at, False)
        return
    outcome = live_encounter(life, k, visit, at, ENCOUNTER, 0.0, 0.0, k, QUALITY, False, False)
    if stop.kind == MESSAGE:
        hear_message(life, k)
    after_stop(life, k, visit, at, outcome)
