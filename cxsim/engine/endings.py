"""How journeys and relationships end: what is kept of a journey, and the decision to stay, speak up or leave."""

from __future__ import annotations

from typing import Any

import numpy as np

from cxsim.compiling import inner, whole
from cxsim.engine import streams
from cxsim.engine.columns import (
    ACTIVE,
    CONTACT,
    DEPARTURE,
    DRIFTED,
    ENDED,
    JOURNEY,
    LEFT,
    NEVER,
    SURVEY,
)
from cxsim.engine.encounter import fade
from cxsim.engine.log import (
    BLOW_UP,
    COMPLAINS,
    CONTACT_PLANNED,
    DRIFTS,
    ENDS,
    ESCALATES,
    JOURNEY_ENDS,
    LEAVES,
    STAYS,
    note,
)
from cxsim.engine.streams import normal, sample, uniforms
from cxsim.engine.tally import (
    B_CONTACTS,
    B_LAST_STRAWS,
    J_COMPLAINTS,
    J_DRIFTED,
    J_DROPPED,
    J_ENDED,
    J_ESCALATIONS,
    J_FREQUENCY_CUTS,
    J_GOALS,
    J_LEFT,
    J_NEED_ENDED,
    J_POOR,
    J_PRESENT_CHANGE,
    J_REVENUE,
    J_SALES,
    J_SATISFACTION_CHANGE,
    J_STAYED_AFTER_POOR,
    J_SURVEY_EFFORT,
    J_SURVEY_STARS,
    J_SURVEYS,
    J_SURVEYS_SATISFIED,
    T_BLOW_UPS,
)
from cxsim.engine.world import Life, week_instant, week_time
from cxsim.rules.arithmetic import logarithm
from cxsim.rules.expectations import approach, clip_level
from cxsim.rules.money import price_premium
from cxsim.rules.relationship import LEAVE, VOICE, choose, leave_utility, remaining, voice_utility
from cxsim.rules.satisfaction import effort_answer, journey_remembered, journey_weight, survey_stars


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
        row.has_news = max(row.has_news, 1)  # 2: noted among today's speakers already, and room is for one note each
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
    premium = price_premium(
        level, market, setting.premium, p.premium_scale, np.float64(row.price_sensitivity), p.premium_sensitivity
    )
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
    z = normal(life.tables.key, row.number, row.journeys, 0, streams.STARS)
    felt = 0.5 * (np.float64(row.journey_end) + np.float64(row.journey_peak))
    stars = survey_stars(felt, z, p.stars_middle, p.stars_slope, p.stars_noise)
    tally = life.tally.journeys
    tally[J_SURVEYS] += 1.0
    tally[J_SURVEY_STARS] += stars
    tally[J_SURVEYS_SATISFIED] += stars >= 4.0
    z = normal(life.tables.key, row.number, row.journeys, 0, streams.EFFORT_ANSWER)
    tally[J_SURVEY_EFFORT] += effort_answer(np.float64(row.journey_effort), z, p.effort_noise)


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
    predicted = (np.float64(row.predicted[0]) + np.float64(row.predicted[1]) + np.float64(row.predicted[2])) / 3.0
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
        drawn, _ = uniforms(life.tables.key, row.number, row.journeys, 0, streams.ESCALATION)
        escalates = drawn < p.escalation_probability
        days = p.escalation_days if escalates else p.complaint_days
        origin = whole(row.last_straw_touchpoint)
        note(life, ESCALATES if escalates else COMPLAINS, at, row.complaint_touchpoint, origin, row.last_straw_reason)
        plan_contact(
            life,
            whole(row.complaint_touchpoint),
            max(origin, 0),
            row.last_straw_reason,
            at,
            at - days * logarithm(uniform),
        )
        row.is_complaint = 2 if escalates else 1
        tally[J_ESCALATIONS] += escalates
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
    row.competitor = choose_competitor(setting, uniform)
    if row.last_straw_touchpoint >= 0:
        life.tally.blame[row.last_straw_touchpoint, row.last_straw_reason, B_LAST_STRAWS] += 1.0
    tally[J_LEFT] += 1.0
    need_ends = row.due[DEPARTURE]
    stop_being_customer(life, LEFT, at)
    drawn, _ = uniforms(life.tables.key, row.number, row.journeys, 0, streams.WIN_BACK)
    if drawn < setting.win_back:
        after, _ = uniforms(life.tables.key, row.number, row.journeys, 0, streams.WIN_BACK + 256)
        z = normal(life.tables.key, row.number, row.journeys, 0, streams.WIN_BACK + 512)
        now = max(at, row.free_at)  # what fell due at a desk is lived after it, with its own date
        row.due[JOURNEY] = now + max(sample(setting.win_back_after, after, z), 1.0)
        row.due[DEPARTURE] = need_ends


@inner
def choose_competitor(setting: Any, uniform: float) -> int:
    """The competitor gone to: by prominence; -1 if there is none."""
    for competitor in range(setting.competitors):
        if uniform < setting.prominence[competitor]:
            return competitor
    return setting.competitors - 1


@inner
def stop_being_customer(life: Life, status: int, at: float) -> None:
    """Clear the agenda for good."""
    row = life.row
    tally = life.tally.journeys
    tally[J_DROPPED] += row.is_open
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
    if row.status == LEFT:  # the need ended elsewhere: no more winning back
        row.due[JOURNEY] = NEVER
        return
    _, uniform = uniforms(life.tables.key, row.number, 0, 0, streams.DEPARTURE_TIME)
    ended = uniform * (setting.ended_per_day + setting.drifted_per_day) < setting.ended_per_day
    if row.status == ACTIVE:
        tally[J_NEED_ENDED if ended else J_DRIFTED] += 1.0
        note(life, ENDS if ended else DRIFTS, at, -1, -1, -1)
    stop_being_customer(life, ENDED if ended else DRIFTED, at)


@inner
def plan_contact(life: Life, target: int, origin: int, reason: int, at: float, when: float) -> None:
    """Put a contact on the agenda, unless one is open already."""
    row = life.row
    if row.contact_touchpoint >= 0:
        return
    row.contact_touchpoint, row.contact_origin, row.contact_reason = target, origin, reason
    row.contact_attempt, row.is_complaint = 0, 0
    row.due[CONTACT] = when
    life.tally.blame[origin, max(reason, 0), B_CONTACTS] += 1.0
    note(life, CONTACT_PLANNED, at, target, origin, reason)
