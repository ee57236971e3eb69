"""Parcels: promised, under way, overdue, received."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cxsim.compiling import inner, whole
from cxsim.engine import streams
from cxsim.engine.columns import (
    LATE,
    NEVER,
    NOTICE,
    OVERDUE,
    QUALITY,
    STEP,
    SURVEY,
)
from cxsim.engine.encounter import BLEW_UP, live_encounter, settle_adequate
from cxsim.engine.endings import blow_up, plan_contact
from cxsim.engine.log import (
    ENCOUNTER,
    ORDERED,
    OVERDUE_NOTICE,
    note,
    note_delivery,
)
from cxsim.engine.normal import normal_quantile
from cxsim.engine.stops import after_stop, latest_visit, next_visit
from cxsim.engine.streams import four_uniforms, occasion, sample, uniforms
from cxsim.engine.tally import (
    T_DAYS_LATE,
    T_DELIVERIES,
    T_DELIVERY_DAYS,
    T_ON_TIME,
    T_OVERDUE_NOTICED,
    T_PROMISED_DAYS,
)
from cxsim.engine.world import Life
from cxsim.rules.arithmetic import logarithm
from cxsim.rules.delivery import (
    delivery_reference_days,
    early_gain,
    late_loss,
    next_trust,
    overdue_loss,
    softening_share,
    urgency_multiplier,
)
from cxsim.rules.expectations import approach

OVERDUE_VISIT = 1024
"""Added to a visit's number for the notice that its parcel is overdue: an occasion of its own."""


@inner
def order(life: Life, k: int, at: float) -> None:
    """Order: a promise is heard, the parcel sets out; actual days = handling + carrier + named causes."""
    row = life.row
    tables = life.tables
    setting, stop, key = tables.setting, tables.stops[k], tables.key
    visit = next_visit(life, k)
    place = occasion(k, visit)
    u_promise, u_handling, u_carrier, _ = four_uniforms(key, row.number, row.journeys, place, streams.ORDER)
    z_promise = normal_quantile(u_promise)
    promised = sample(stop.promise, 1.0 - u_promise, z_promise)  # in either form, more luck is a longer promise
    actual = _with_promise(stop.handling, u_handling, stop.handling_correlation, z_promise)
    actual += _with_promise(stop.carrier, u_carrier, stop.carrier_correlation, z_promise)
    row.cause, chances = -1, (1.0, 1.0, 1.0, 1.0)
    for number in range(stop.causes):
        if number % 4 == 0:
            chances = four_uniforms(key, row.number, row.journeys, place, streams.CAUSES + 256 * (number // 4))
        cause = stop.first_cause + number
        if chances[number % 4] < tables.causes[cause].probability:
            uniform, _ = uniforms(key, row.number, row.journeys, place, streams.CAUSE + 256 * cause)
            actual += sample(tables.causes[cause].extra, uniform, normal_quantile(uniform))
            if tables.causes[cause].is_outside != 0 or row.cause < 0:
                row.cause = cause
    if stop.is_flawless != 0:
        actual = min(actual, promised)
    row.is_ordered, row.is_overdue, row.is_told, row.is_explained = 1, 0, 0, 0
    row.ordered_at, row.promised_days = at, promised
    row.due[STEP] = at + actual
    if actual > promised + stop.grace_days + 1e-9:
        row.due[NOTICE] = at + promised + stop.grace_days
        told, explained = uniforms(key, row.number, row.journeys, place, streams.TOLD)
        row.is_told, row.is_explained = told < setting.tells_early, explained < setting.explains
    before = life.log.used
    note(life, ORDERED, at, k, k, -1)
    note_delivery(life, before, promised, actual)


@inner
def _with_promise(duration: Any, uniform: float, correlation: float, z_promise: float) -> float:
    """A duration that leans toward the promise: its normal has this correlation with the promise's."""
    own = math.sqrt(1.0 - correlation * correlation)
    return sample(duration, uniform, correlation * z_promise + own * normal_quantile(uniform))


@inner
def is_outside(life: Life) -> bool:
    """Whether the delay looks like nobody's fault: an outside cause that was explained."""
    row = life.row
    return row.cause >= 0 and row.is_explained != 0 and life.tables.causes[row.cause].is_outside != 0


@inner
def notice_overdue(life: Life, at: float) -> None:
    """The promised date passes and nothing has come: judged at once as late and uncertain."""
    row = life.row
    tables = life.tables
    p, setting, k = tables.parameters, tables.setting, whole(row.step)
    stop = tables.stops[k]
    visit = latest_visit(life, k) + OVERDUE_VISIT
    row.is_overdue = 1
    row.due[SURVEY] = at + setting.survey_after_overdue_days
    outside = is_outside(life)
    if outside:
        row.situation = 1.0
        for d in range(3):
            settle_adequate(row, d, p, setting, p.adequate_speed)
    softening = softening_share(
        setting.tracking, row.is_told != 0, row.is_explained != 0, p.tracking_effect, p.told_effect, p.explained_effect
    )
    urgent = urgency_multiplier(np.float64(row.urgency), p.urgency_least, p.urgency_most)
    loss = overdue_loss(p.late_loss, p.overdue_uncertainty, urgent, softening)
    life.tally.stops[k, T_OVERDUE_NOTICED] += 1.0
    outcome = live_encounter(life, k, visit, at, OVERDUE_NOTICE, -loss, 0.0, k, OVERDUE, not outside, outside)
    if stop.overdue_contact >= 0:
        row.complaint_touchpoint = stop.overdue_contact
        place = occasion(k, visit)
        drawn, uniform = uniforms(life.tables.key, row.number, row.journeys, place, streams.OVERDUE_CONTACT)
        if drawn < stop.overdue_contact_probability:
            when = at - p.overdue_contact_days * logarithm(uniform)
            plan_contact(life, stop.overdue_contact, k, OVERDUE, at, when)
    if outcome & BLEW_UP != 0:
        blow_up(life, k, at)


@inner
def receive(life: Life, k: int, at: float) -> None:
    """The parcel arrives: early, on time or late against what the customer reckoned with."""
    row = life.row
    p, stop = life.tables.parameters, life.tables.stops[k]
    visit = latest_visit(life, k)
    # np.float64, not float: numba's float leaves four bytes as they are, and four bytes by four are rounded to four
    promised, actual = np.float64(row.promised_days), at - row.ordered_at
    reference = delivery_reference_days(promised, np.float64(row.learned_lead_days), np.float64(row.trust))
    urgent = urgency_multiplier(np.float64(row.urgency), p.urgency_least, p.urgency_most)
    days_late = actual - promised - stop.grace_days
    loss = late_loss(actual - reference - stop.grace_days, p.late_loss, p.late_scale_days, urgent)
    if row.is_overdue != 0:
        loss *= p.relief_share
    shift = early_gain(reference - actual, reference, p.early_gain, p.early_scale) - loss
    kept = row.is_overdue == 0
    row.trust = next_trust(np.float64(row.trust), kept, p.trust_speed)
    row.learned_lead_days = approach(np.float64(row.learned_lead_days), actual, p.lead_time_speed)
    tally = life.tally.stops[k]
    tally[T_DELIVERIES] += 1.0
    tally[T_ON_TIME] += kept
    tally[T_DAYS_LATE] += max(days_late, 0.0)
    tally[T_DELIVERY_DAYS] += actual
    tally[T_PROMISED_DAYS] += promised
    row.is_ordered = 0
    row.due[NOTICE] = NEVER
    outside = is_outside(life)
    before = life.log.used
    outcome = live_encounter(
        life, k, visit, at, ENCOUNTER, shift, 0.0, k, QUALITY if kept else LATE, not kept and not outside, outside
    )
    note_delivery(life, before, promised, actual)
    after_stop(life, k, visit, at, outcome)
