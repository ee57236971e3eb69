"""A customer's own life: journeys, parcels, contacts and the decision to stay, speak up or leave.

A walk touches its own row only, so walks of different customers may run in any order or at the same time.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cxsim.compiling import inner
from cxsim.engine import streams
from cxsim.engine.columns import (
    ACTIVE,
    CONTACT,
    DRIFTED,
    ENDED,
    FAILURE,
    JOURNEY,
    LATE,
    LEFT,
    NEVER,
    NOTICE,
    OVERDUE,
    PROSPECT,
    QUALITY,
    REASONS,
    STEP,
    SURVEY,
)
from cxsim.engine.encounter import BLEW_UP, FAILED, NOT_SETTLED, fade, live_encounter, settle_adequate
from cxsim.engine.log import (
    BLOW_UP,
    COMPLAINS,
    CONTACT_PLANNED,
    DRIFTS,
    ENCOUNTER,
    ENDS,
    JOURNEY_BEGINS,
    JOURNEY_ENDS,
    LEAVES,
    ORDERED,
    OVERDUE_NOTICE,
    STAYS,
    note,
    note_delivery,
)
from cxsim.engine.streams import FIXED, normals, occasion, sample, uniforms
from cxsim.engine.tables import DELIVERY, DESK, MESSAGE
from cxsim.engine.tally import (
    J_BEGUN,
    J_COMPLAINTS,
    J_DRIFTED,
    J_ENDED,
    J_FREQUENCY_CUTS,
    J_GOALS,
    J_JOINED,
    J_LAST_STRAW,
    J_LEFT,
    J_NEED_ENDED,
    J_POOR,
    J_PRESENT_CHANGE,
    J_REVENUE,
    J_SALES,
    J_SATISFACTION_CHANGE,
    J_STAYED_AFTER_POOR,
    J_SURVEY_STARS,
    J_SURVEYS,
    J_SURVEYS_SATISFIED,
    T_BLOW_UPS,
    T_CONTACTS_CAUSED,
    T_DAYS_LATE,
    T_DELIVERIES,
    T_DELIVERY_DAYS,
    T_LAST_STRAWS,
    T_ON_TIME,
    T_OVERDUE_NOTICED,
    T_PROMISED_DAYS,
)
from cxsim.engine.world import Life, next_need, week_instant, week_time
from cxsim.rules.delivery import (
    delivery_reference_days,
    early_gain,
    late_loss,
    next_trust,
    overdue_loss,
    softening_share,
    urgency_multiplier,
)
from cxsim.rules.expectations import approach, clip_level, hear_promise
from cxsim.rules.money import price_premium
from cxsim.rules.relationship import LEAVE, VOICE, choose, leave_utility, remaining, voice_utility
from cxsim.rules.satisfaction import journey_remembered, journey_weight, survey_stars

OVERDUE_VISIT = 1024
"""Added to a visit's number for the notice that its parcel is overdue: an occasion of its own."""
CONTACT_VISIT = 16384
"""Added to the number of a contact: its occasion is origin, cause and attempt, not a running count."""


@inner
def walk(life: Life, until: float) -> float:
    """Live what is due before `until`, in time order, up to a desk; returns when something falls due next."""
    row = life.row
    while row.desk < 0:
        slot = 0
        for other in range(1, len(row.due)):
            if row.due[other] < row.due[slot]:
                slot = other
        at = row.due[slot]
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
        row.status = ACTIVE
        tally[J_JOINED] += 1.0
        tally[J_PRESENT_CHANGE] += 1.0
        tally[J_SATISFACTION_CHANGE] += row.satisfaction
        read_reviews(life)
    see_market(life, at)
    persona = int(row.persona)
    row.journeys += 1
    tally[J_BEGUN] += 1.0
    cut = np.float64(row.frequency_cut) * remaining(at - np.float64(row.frequency_cut_at), p.frequency_half_life_days)
    row.next_journey_at = next_need(life.tables, row.number, persona, row.journeys, at, 1.0 - cut)
    drawn, strength = uniforms(life.tables.key, row.number, row.journeys, 0, streams.URGENCY)
    row.urgency = 0.5 + 0.5 * strength if drawn < tables.personas[persona].urgent_share else 0.0
    row.situation = 0.0
    row.journey_peak = row.journey_end = row.journey_sum = row.journey_worst = 0.0
    row.journey_level = 0.0
    row.journey_encounters = 0
    row.is_bought, row.is_asked = (1 if setting.goals == 0 else 0), 0
    row.is_open, row.is_poor, row.is_monetary, row.is_decided = 1, 0, 0, 0
    row.goals_missed = setting.goals
    row.complaint_touchpoint = setting.complaint
    for d in range(3):
        settle_adequate(row, d, p, setting, p.adequate_speed)  # urgency counts from the first stop on
    for entry in range(visits_from(life), len(life.memory)):
        life.memory[entry] = 0.0
    row.step = setting.start
    row.due[STEP] = at
    note(life, JOURNEY_BEGINS, at, -1, -1, -1)


@inner
def read_reviews(life: Life) -> None:
    """Before the first journey, what others wrote moves what a newcomer thinks will happen."""
    row, p, setting, state = life.row, life.tables.parameters, life.tables.setting, life.state
    level = (p.review_prior * setting.reputation + state.review_levels) / (p.review_prior + state.reviews)
    weight = min(p.word_of_mouth_weight * np.float64(row.talk_exposure), 1.0)
    for d in range(3):
        row.predicted[d] = approach(row.predicted[d], level, weight)


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
        if best > row.desired[d]:
            row.desired[d] = approach(row.desired[d], best, p.best_in_class_pull)


@inner
def take_step(life: Life, at: float) -> None:
    """Live the stop that the journey has come to."""
    row = life.row
    k = int(row.step)
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


@inner
def visits_from(life: Life) -> int:
    """Place in a customer's memory where the visits of the journey under way begin."""
    return life.tables.stop_count + len(REASONS)


@inner
def next_visit(life: Life, k: int) -> int:
    """Number of this visit to a stop within the journey, from 0."""
    place = visits_from(life) + k
    visit = int(life.memory[place])
    life.memory[place] += 1.0
    return visit


@inner
def latest_visit(life: Life, k: int) -> int:
    """Number of the latest visit to a stop within the journey."""
    return int(life.memory[visits_from(life) + k]) - 1


@inner
def draw_duration(tables: Any, row: Any, duration: Any, place: int, decision: int) -> float:
    """A duration drawn for this customer, journey and place; decisions `decision` and its index 1."""
    if duration.form == FIXED:
        return duration.first
    key, number, journey = tables.key, row.number, row.journeys
    uniform, _ = uniforms(key, number, journey, place, decision)
    z, _ = normals(key, number, journey, place, decision + 256)
    return sample(duration, uniform, z)


@inner
def hear_message(life: Life, k: int) -> None:
    """A promise, when met, moves what the customer thinks will happen."""
    row, p, stop = life.row, life.tables.parameters, life.tables.stops[k]
    weight = min(p.explicit_weight * np.float64(row.message_exposure), 1.0)
    for d in range(3):
        row.predicted[d] = hear_promise(row.predicted[d], stop.promise_level[d], weight, np.float64(row.trust))


@inner
def after_stop(life: Life, k: int, visit: int, at: float, outcome: int) -> None:
    """What follows a stop of the journey: goal, contact, blow-up, the way on."""
    row = life.row
    stop = life.tables.stops[k]
    failed = outcome & FAILED != 0
    visits = visits_from(life) + k
    if stop.is_goal != 0:
        row.is_bought = 1
    if stop.is_goal != 0 and outcome & (FAILED | NOT_SETTLED) == 0 and life.memory[visits] == int(life.memory[visits]):
        row.goals_missed -= 1
        life.memory[visits] += 0.5  # reached, and only once, be it at a later visit
    if failed:
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
def plan_contact(life: Life, target: int, origin: int, reason: int, at: float, when: float) -> None:
    """Put a contact on the agenda, unless one is open already."""
    row = life.row
    if row.contact_touchpoint >= 0:
        return
    row.contact_touchpoint, row.contact_origin, row.contact_reason = target, origin, reason
    row.contact_attempt, row.is_complaint = 0, 0
    row.due[CONTACT] = when
    life.tally.stops[origin, T_CONTACTS_CAUSED] += 1.0
    note(life, CONTACT_PLANNED, at, target, origin, reason)


@inner
def contact_number(life: Life) -> int:
    """Identity of a contact within the journey: the visit that caused it, what for, and the attempt."""
    row, origin = life.row, int(life.row.contact_origin)
    cause = (origin * 8 + min(max(latest_visit(life, origin), 0), 7)) * 2 + (row.contact_reason == OVERDUE)
    return CONTACT_VISIT + (cause * 2 + int(row.is_complaint)) * 8 + min(int(row.contact_attempt), 7)


@inner
def begin_contact(life: Life, at: float) -> None:
    """Turn to the desk about the open matter."""
    row = life.row
    row.contact_visit = contact_number(life)
    go_to_desk(life, int(row.contact_touchpoint), int(row.contact_visit), at, True)


@inner
def go_to_desk(life: Life, k: int, visit: int, at: float, is_contact: bool) -> None:
    """Set out for a desk: from here on the desks' event heap leads (`desks.py`)."""
    row = life.row
    row.desk, row.desk_touchpoint, row.desk_visit = life.tables.stops[k].desk, k, visit
    row.desk_at = max(at, row.free_at)
    row.is_contact = is_contact


@inner
def order(life: Life, k: int, at: float) -> None:
    """Order: a promise is heard, the parcel sets out; actual days = handling + carrier + named causes."""
    row = life.row
    tables = life.tables
    setting, stop = tables.setting, tables.stops[k]
    visit = next_visit(life, k)
    place = occasion(k, visit)
    z_promise, _ = normals(life.tables.key, row.number, row.journeys, place, streams.PROMISE)
    u_promise, _ = uniforms(life.tables.key, row.number, row.journeys, place, streams.PROMISE + 256)
    z_handling, z_carrier = normals(life.tables.key, row.number, row.journeys, place, streams.TRANSIT)
    u_handling, u_carrier = uniforms(life.tables.key, row.number, row.journeys, place, streams.TRANSIT + 256)
    promised = sample(stop.promise, u_promise, z_promise)
    rho = stop.handling_correlation
    actual = sample(stop.handling, u_handling, rho * z_promise + math.sqrt(1.0 - rho * rho) * z_handling)
    rho = stop.carrier_correlation
    actual += sample(stop.carrier, u_carrier, rho * z_promise + math.sqrt(1.0 - rho * rho) * z_carrier)
    row.cause = -1
    for cause in range(stop.first_cause, stop.first_cause + stop.causes):
        drawn, uniform = uniforms(life.tables.key, row.number, row.journeys, place, streams.CAUSE + 256 * cause)
        if drawn < tables.causes[cause].probability:
            z, _ = normals(life.tables.key, row.number, row.journeys, place, streams.CAUSE + 256 * cause + 128)
            actual += sample(tables.causes[cause].extra, uniform, z)
            if tables.causes[cause].is_outside != 0 or row.cause < 0:
                row.cause = cause
    told, explained = uniforms(life.tables.key, row.number, row.journeys, place, streams.TOLD)
    row.is_told, row.is_explained = told < setting.tells_early, explained < setting.explains
    row.is_ordered, row.is_overdue = 1, 0
    row.ordered_at, row.promised_days = at, promised
    row.due[STEP] = at + actual
    if actual > promised + stop.grace_days + 1e-9:
        row.due[NOTICE] = at + promised + stop.grace_days
    before = life.log.used
    note(life, ORDERED, at, k, k, -1)
    note_delivery(life, before, promised, actual)


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
    p, setting, k = tables.parameters, tables.setting, int(row.step)
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
            plan_contact(life, stop.overdue_contact, k, OVERDUE, at, at - 0.25 * math.log(uniform))
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


@inner
def finish_if_done(life: Life, at: float) -> None:
    """End the journey once its last stop is behind and no matter is open; a poor one calls for a decision."""
    row = life.row
    if row.is_open == 0 or row.step >= 0 or row.contact_touchpoint >= 0 or row.status != ACTIVE:
        return
    if row.is_poor != 0 and row.is_decided == 0:
        decide(life, at, 0.0, False)
        if row.status != ACTIVE or row.contact_touchpoint >= 0:
            return
    close_journey(life, at)
    row.due[JOURNEY] = max(row.next_journey_at, at)


@inner
def close_journey(life: Life, at: float) -> None:
    """Keep what is remembered of the journey."""
    row = life.row
    p, setting = life.tables.parameters, life.tables.setting
    tally = life.tally.journeys
    row.is_open = 0
    tally[J_ENDED] += 1.0
    if row.is_poor != 0:
        tally[J_POOR] += 1.0
        row.poor_journeys += 1
        if at >= setting.warm_up_days and np.float64(row.first_poor_at) == NEVER:
            row.first_poor_at = at
    if setting.goals > 0 and row.goals_missed == 0:
        tally[J_GOALS] += 1.0
    if row.journey_encounters > 0:
        remembered = journey_remembered(
            np.float64(row.journey_peak),
            np.float64(row.journey_end),
            np.float64(row.journey_sum) / row.journey_encounters,
            p.peak_weight,
            p.end_weight,
        )
        weight = journey_weight(row.journeys - 1.0, p.journey_weight_lasting, p.journey_weight_early, p.early_journeys)
        before = row.satisfaction
        row.satisfaction = approach(before, remembered, min(weight, 1.0))
        tally[J_SATISFACTION_CHANGE] += row.satisfaction - before
        row.news, row.news_level = remembered, np.float64(row.journey_level) / row.journey_encounters
        row.has_news = 1
    if row.is_bought != 0:
        take_payment(life, at)
    row.due[SURVEY] = NEVER
    ask(life)
    note(life, JOURNEY_ENDS, at, -1, -1, -1)


@inner
def take_payment(life: Life, at: float) -> None:
    """Price with the premium that quality above the market earns; it vanishes as rivals catch up."""
    row, p, setting = life.row, life.tables.parameters, life.tables.setting
    level = np.float64(row.journey_level) / max(row.journey_encounters, 1)
    market = clip_level(setting.best_competitor + setting.drift_per_day * at)
    life.tally.journeys[J_SALES] += 1.0
    premium = price_premium(level, market, setting.premium, p.premium_scale)
    life.tally.journeys[J_REVENUE] += setting.price * (1.0 + premium)


@inner
def ask(life: Life) -> None:
    """The survey about a journey, once: stars as the customer feels at the moment of answering."""
    row, p, setting = life.row, life.tables.parameters, life.tables.setting
    if row.is_asked != 0 or row.journey_encounters == 0:
        return
    row.is_asked = 1
    sent, answered = uniforms(life.tables.key, row.number, row.journeys, 0, streams.SURVEY_DRAW)
    if not (sent < setting.survey_sent and answered < setting.survey_answered):
        return
    z, _ = normals(life.tables.key, row.number, row.journeys, 0, streams.STARS)
    felt = 0.5 * (np.float64(row.journey_end) + np.float64(row.journey_peak))
    stars = survey_stars(felt, z, p.stars_middle, p.stars_slope, p.stars_noise)
    tally = life.tally.journeys
    tally[J_SURVEYS] += 1.0
    tally[J_SURVEY_STARS] += stars
    tally[J_SURVEYS_SATISFIED] += stars >= 4.0


@inner
def blow_up(life: Life, k: int, at: float) -> bool:
    """Irritation passed the tolerance: the trifle decides now. Returns whether the customer left."""
    row = life.row
    life.tally.stops[k, T_BLOW_UPS] += 1.0
    note(life, BLOW_UP, at, k, row.last_straw_touchpoint, row.last_straw_reason)
    decide(life, at, life.tables.parameters.blow_up_push, False)
    return row.status != ACTIVE


@inner
def decide(life: Life, at: float, push: float, is_repeat: bool) -> None:
    """Stay, voice or leave: one draw through the cumulative of a logit, in this order.

    Args:
        life: what a walk may touch (`world.Life`).
        at: instant in days.
        push: added to the utility of leaving.
        is_repeat: decided again after a complaint that settled nothing; voice is closed then.
    """
    row = life.row
    p = life.tables.parameters
    fade(life, at)
    row.is_decided = 1
    voice_open = not is_repeat and row.complaint_touchpoint >= 0 and row.contact_touchpoint < 0
    predicted = (row.predicted[0] + row.predicted[1] + row.predicted[2]) / 3.0
    leave = push + leave_utility(
        p.leave_base, row.irritation, row.satisfaction, np.float64(row.switching_cost),
        np.float64(row.alternatives) - predicted, np.float64(row.goodwill), p.leave_irritation, p.leave_satisfaction,
        p.leave_switching_cost, p.leave_alternatives, p.leave_goodwill,
    )  # fmt: skip
    voice = voice_utility(
        p.voice_base,
        row.is_monetary != 0,
        np.float64(row.goodwill),
        p.success_belief,
        p.complaint_effort,
        p.voice_monetary,
    )
    first, second = uniforms(life.tables.key, row.number, row.journeys, 0, streams.CHOICE)
    choice = choose(second if is_repeat else first, voice, leave, voice_open)
    tally = life.tally.journeys
    if choice == LEAVE:
        leave_for_good(life, at)
    elif choice == VOICE:
        tally[J_COMPLAINTS] += 1.0
        uniform, _ = uniforms(life.tables.key, row.number, row.journeys, 0, streams.COMPLAINT_DELAY)
        origin = int(row.last_straw_touchpoint)
        note(life, COMPLAINS, at, row.complaint_touchpoint, origin, row.last_straw_reason)
        plan_contact(
            life, int(row.complaint_touchpoint), max(origin, 0), row.last_straw_reason, at,
            at - 0.5 * math.log(uniform),
        )  # fmt: skip
        row.is_complaint = 1
    else:
        tally[J_STAYED_AFTER_POOR] += 1.0
        cut_frequency(life, at)
        note(life, STAYS, at, -1, row.last_straw_touchpoint, row.last_straw_reason)


@inner
def cut_frequency(life: Life, at: float) -> None:
    """Those who stay come less often for a while."""
    row = life.row
    p = life.tables.parameters
    cut = min(p.frequency_cut * np.float64(row.journey_worst), 0.9)
    if cut <= 0.0:
        return
    old = np.float64(row.frequency_cut) * remaining(at - np.float64(row.frequency_cut_at), p.frequency_half_life_days)
    row.frequency_cut, row.frequency_cut_at = max(cut, old), at
    if at < row.next_journey_at < NEVER:  # drawn at the old frequency; stretched in business time
        week, weekday = life.tables.week, life.tables.setting.start_weekday
        now = week_time(week, at, weekday)
        stretch = (1.0 - old) / (1.0 - np.float64(row.frequency_cut))
        need = now + (week_time(week, row.next_journey_at, weekday) - now) * stretch
        row.next_journey_at = week_instant(week, need, weekday)
    life.tally.journeys[J_FREQUENCY_CUTS] += 1.0


@inner
def leave_for_good(life: Life, at: float) -> None:
    """Start business with a competitor: the ledger as it stands is the exit interview."""
    row = life.row
    setting, tally = life.tables.setting, life.tally.journeys
    if row.is_open != 0:
        row.step, row.contact_touchpoint = -1, -1
        close_journey(life, at)
    note(life, LEAVES, at, -1, row.last_straw_touchpoint, row.last_straw_reason)
    uniform, _ = uniforms(life.tables.key, row.number, 0, 0, streams.COMPETITOR)
    row.competitor = int(uniform * setting.competitors) if setting.competitors > 0 else -1
    if row.last_straw_touchpoint >= 0:
        life.tally.stops[row.last_straw_touchpoint, T_LAST_STRAWS] += 1.0
        tally[J_LAST_STRAW + row.last_straw_reason] += 1.0
    tally[J_LEFT] += 1.0
    stop_being_customer(life, LEFT, at)


@inner
def stop_being_customer(life: Life, status: int, at: float) -> None:
    """Clear the agenda for good."""
    row = life.row
    tally = life.tally.journeys
    if row.status == ACTIVE:
        tally[J_PRESENT_CHANGE] -= 1.0
        tally[J_SATISFACTION_CHANGE] -= row.satisfaction
    row.status, row.left_at = status, at
    row.step, row.contact_touchpoint, row.is_ordered, row.is_open = -1, -1, 0, 0
    for slot in range(len(row.due)):
        row.due[slot] = NEVER
    row.next_journey_at = NEVER


@inner
def depart(life: Life, at: float) -> None:
    """Leave without any poor journey: the need is over, or a competitor pulled."""
    row = life.row
    setting, tally = life.tables.setting, life.tally.journeys
    _, uniform = uniforms(life.tables.key, row.number, 0, 0, streams.DEPARTURE_TIME)
    ended = uniform * (setting.ended_per_day + setting.drifted_per_day) < setting.ended_per_day
    if row.status == ACTIVE:
        tally[J_NEED_ENDED if ended else J_DRIFTED] += 1.0
        note(life, ENDS if ended else DRIFTS, at, -1, -1, -1)
    stop_being_customer(life, ENDED if ended else DRIFTED, at)
