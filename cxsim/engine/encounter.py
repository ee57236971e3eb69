"""One encounter, step by step: delivered, perceived, felt, learned, remembered."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cxsim.compiling import inner, whole
from cxsim.engine import streams
from cxsim.engine.columns import FAILURE, PAST, PROCESS, REASONS, TECHNOLOGY
from cxsim.engine.log import ENCOUNTER, GIVING_UP, note
from cxsim.engine.normal import normal_quantile
from cxsim.engine.signals import heed
from cxsim.engine.streams import four_uniforms, occasion, uniforms
from cxsim.engine.tables import DEFINER, ENABLER
from cxsim.engine.tally import (
    B_IRRITATION,
    B_POOR,
    J_GAP_BY,
    J_GAP_EVEN,
    T_ADEQUATE,
    T_ADEQUATE_BY,
    T_DELIGHTED,
    T_DESIRED,
    T_DESIRED_BY,
    T_ENCOUNTERS,
    T_FAILURES,
    T_GAP,
    T_MET,
    T_PERCEIVED,
    T_PERCEIVED_BY,
    T_POOR,
    T_POOR_FROM_ELSEWHERE,
    T_PREDICTED,
    T_PREDICTED_BY,
    T_SATISFACTION,
    T_STUCK,
    T_UTILITY,
    T_VERY_POOR,
    T_WOWS,
)
from cxsim.engine.world import Array, Life
from cxsim.rules.expectations import (
    adequate_target,
    approach,
    clip_level,
    desired_target,
    forget_normative,
    hold_zone,
    learning_gain,
    next_normative,
    next_uncertainty,
)
from cxsim.rules.relationship import irritation_growth, next_goodwill, remaining
from cxsim.rules.satisfaction import delight_bonus, encounter_satisfaction, felt_utility, perceived_quality

# What came of an encounter, as bits of the returned number
FAILED = 1
BLEW_UP = 2
NOT_SETTLED = 4
STUCK = 8


@inner
def fade(life: Life, at: float) -> None:
    """Bring irritation and the normative level up to `at`: both fade with time alone."""
    row = life.row
    elapsed = at - row.settled_at
    if elapsed <= 0.0:
        return
    p = life.tables.parameters
    row.irritation *= remaining(elapsed, p.irritation_half_life_days)
    base = np.float64(row.desired_base)
    if max(row.normative[0], row.normative[1], row.normative[2]) > base:  # else there is nothing to forget
        kept = remaining(elapsed, life.tables.setting.normative_half_life_days)
        for d in range(3):
            row.normative[d] = forget_normative(np.float64(row.normative[d]), base, kept)
    row.settled_at = at


@inner
def live_encounter(
    life: Life,
    k: int,
    visit: int,
    at: float,
    event: int,
    shift: float,
    people_lift: float,
    origin: int,
    reason: int,
    betrayal: bool,
    outside: bool,
) -> int:
    """Live one encounter at touchpoint `k` and keep what it leaves.

    Args:
        life: what a walk may touch (`world.Life`).
        k: touchpoint; its own score takes the encounter.
        visit: identity of the visit within the journey.
        at: instant in days.
        event: entry of the log; failures and wows only happen in an ordinary `ENCOUNTER`.
        shift: added to the delivered process level (waiting, early or late delivery).
        people_lift: added to the delivered people level.
        origin: touchpoint whose ledger takes a loss.
        reason: what a loss is put down to, unless the encounter itself fails.
        betrayal: whether a loss looks like the firm's own repeated fault.
        outside: whether a loss looks like nobody's fault.

    Returns:
        Bits `FAILED`, `STUCK` and `BLEW_UP`.
    """
    tables = life.tables
    p, stop = tables.parameters, tables.stops[k]
    row = life.row
    fade(life, at)
    place = occasion(k, visit)
    persona = whole(row.persona)

    # E1 delivered: does it fail, does it surprise, how good is it?
    spared = stop.is_flawless != 0 or tables.stops[origin].is_flawless != 0
    failed, surprised, stuck = False, False, False
    luck_people, luck_product, luck_process, chance = four_uniforms(
        life.tables.key, row.number, row.journeys, place, streams.ENCOUNTER_DRAW
    )
    if event == ENCOUNTER:  # failures lie at one end of the chance, wows at the other: never both
        failure_probability = 0.0 if spared else stop.failure_probability
        failed = chance < failure_probability
        surprised = chance > 1.0 - stop.wow_probability * (1.0 - failure_probability)
        if stop.technology != 0 and not failed and not spared:
            drawn, _ = uniforms(life.tables.key, row.number, row.journeys, place, streams.TECHNOLOGY_STUCK)
            stuck = drawn < stop.stuck_probability * p.technology_stuck
    effort = effort_left(stop, p)
    z_people, z_product = normal_quantile(luck_people), normal_quantile(luck_product)
    z_process = normal_quantile(luck_process)

    entry_index = note(life, event, at, k, origin, reason)

    # E2 to E4, per dimension: perceived and felt, so that excellence in one cannot buy off a broken baseline
    utility = shortfall = gap = expected = wanted = enough = got = even_got = even_expected = 0.0
    tally = life.tally.stops[k]
    is_poor = event == GIVING_UP
    delighted = False
    gain = learning_gain(np.float64(row.uncertainty), p.seen_variance, p.learning_floor)
    for d in range(3):
        weight = tables.personas[persona].weights[k, d]
        desired, adequate = np.float64(row.desired[d]), np.float64(row.adequate[d])
        predicted, normative = np.float64(row.predicted[d]), np.float64(row.normative[d])
        z = z_people if d == 0 else (z_product if d == 1 else z_process)
        delivered = stop.quality[d] + stop.quality_sd[d] * z
        if failed:
            delivered -= stop.failure_severity[d]
        if surprised:
            delivered += stop.wow_size[d]
        if d == PROCESS:
            delivered += shift - p.effort_effect * effort
            if stuck:
                delivered -= p.technology_loss * (p.technology_handover if stop.technology == ENABLER else 1.0)
        elif d == 0:
            delivered += people_lift
        perceived = clip_level(
            perceived_quality(
                clip_level(delivered),
                predicted,
                normative,
                p.delivered_weight,
                p.predicted_weight,
            )
        )
        if spared:
            perceived = max(perceived, 0.5 * (adequate + desired))
        felt = felt_utility(perceived, desired, adequate, p.zone_slope, p.loss_aversion, p.exponent)
        if surprised and stop.wow_size[d] > 0.0 and perceived > desired:
            felt += delight_bonus(p.wow_bonus, row.delights, p.wow_exposures_to_halve)
            delighted = True
        utility += weight * felt
        shortfall += weight * (perceived - adequate)
        gap += weight * (perceived - predicted)
        expected += weight * predicted
        wanted += weight * desired
        enough += weight * adequate
        got += weight * perceived
        is_poor = is_poor or (weight >= p.poor_weight and perceived < adequate - p.poor_shortfall)
        even_got += perceived / 3.0
        even_expected += predicted / 3.0
        tally[T_DESIRED_BY + d] += desired
        tally[T_ADEQUATE_BY + d] += adequate
        tally[T_PREDICTED_BY + d] += predicted
        tally[T_PERCEIVED_BY + d] += perceived
        if entry_index >= 0:
            life.log.entries[entry_index].perceived[d] = perceived
        _learn(tables, row, d, perceived, desired, adequate, predicted, normative, gain)
    is_poor = (is_poor or shortfall < 0.0) and not spared
    _count_signals(life.tally.journeys, row, even_got, even_expected)
    heed(row, PAST, gain, even_got)
    row.uncertainty = next_uncertainty(np.float64(row.uncertainty), gain, p.uncertainty_drift)
    satisfaction = encounter_satisfaction(utility, stop.importance, p.steepness)
    if delighted:
        row.delights += 1
    if failed:
        reason = FAILURE
        origin = k
        outside = stop.failure_outside != 0
        betrayal = remembered_against(life, k, at) > p.repeat_memory  # the first may happen, the same again must not
        if stop.failure_monetary:
            row.is_monetary = 1
        if stop.failure_contact >= 0:
            row.complaint_touchpoint = stop.failure_contact

    if stuck:
        reason, origin = TECHNOLOGY, k
        outside, betrayal = False, stop.technology == DEFINER

    # E6 remembered
    outcome = FAILED if failed or (stuck and stop.technology == DEFINER) else 0
    if stuck:
        outcome |= STUCK
    if utility < 0.0:
        loss = _remember_loss(life, utility, stop.importance, betrayal and not outside, origin, reason)
        row.journey_worst = max(np.float64(row.journey_worst), loss)
        # E7 blow-up: the trifle decides now
        tolerance = np.float64(row.irritation_tolerance) * p.tolerance_factor
        if row.irritation > tolerance and satisfaction < 0.0 and row.is_decided == 0:
            outcome |= BLEW_UP
    # the last straw is a trifle only where it blew up, or where nothing was poor before
    if is_poor or outcome & BLEW_UP != 0 or (utility < 0.0 and row.is_poor == 0):
        row.last_straw_touchpoint, row.last_straw_reason = origin, reason
    row.goodwill = next_goodwill(np.float64(row.goodwill), is_poor, p.goodwill_gain, p.goodwill_keep)
    _keep_moment(row, satisfaction, is_poor)
    row.journey_level = np.float64(row.journey_level) + got
    if event == ENCOUNTER:
        trouble = p.contact_effort if row.is_contact != 0 else p.stop_effort
        row.journey_effort = np.float64(row.journey_effort) + effort + trouble
    tally[T_STUCK] += stuck
    if is_poor:
        life.tally.blame[origin, reason, B_POOR] += 1.0
        tally[T_POOR_FROM_ELSEWHERE] += origin != k
    _count(tally, is_poor, shortfall < -p.very_poor_margin, gap, utility, satisfaction,
           expected, wanted, enough, got, failed, surprised)  # fmt: skip
    if entry_index >= 0:
        entry = life.log.entries[entry_index]
        entry.utility, entry.satisfaction, entry.is_poor = utility, satisfaction, is_poor
        entry.is_failure, entry.is_wow, entry.reason, entry.origin = failed, surprised, reason, origin
        entry.irritation, entry.goodwill = row.irritation, np.float64(row.goodwill)
    return outcome


@inner
def effort_left(stop: Any, p: Any) -> float:
    """Effort of a stop, less what its technology takes off."""
    saved = 0.0
    if stop.technology == ENABLER:
        saved = p.technology_enabler_effort
    elif stop.technology == DEFINER:
        saved = p.technology_definer_effort
    return max(stop.effort - saved, 0.0)


@inner
def remembered_against(life: Life, origin: int, at: float) -> float:
    """Irritation still remembered against a stop."""
    elapsed = max(at - np.float64(life.row.ledger_at), 0.0)
    kept = remaining(elapsed, life.tables.parameters.irritation_half_life_days)
    return np.float64(life.ledger[origin]) * kept


@inner
def _count_signals(tally: Array, row: Any, got: float, expected: float) -> None:
    """Who is behind the gap: what each signal said against what was got, by its share of what was predicted."""
    tally[J_GAP_EVEN] += got - expected
    for signal in range(PAST):
        part, share = np.float64(row.predicted_parts[signal]), np.float64(row.predicted_shares[signal])
        tally[J_GAP_BY + signal] += share * got - part


@inner
def _learn(
    tables: Any, row: Any, d: int, perceived: float, desired: float, adequate: float, predicted: float,
    normative: float, gain: float,
) -> None:  # fmt: skip
    """E5: predicted, normative, desired and adequate level of one dimension after one experience."""
    p = tables.parameters
    predicted = approach(predicted, perceived, gain)
    normative = next_normative(normative, perceived, p.normative_rise, p.normative_fall)
    desired = clip_level(approach(desired, desired_target(np.float64(row.desired_base), normative), p.desired_speed))
    row.predicted[d], row.normative[d], row.desired[d] = predicted, normative, desired
    row.adequate[d] = _next_adequate(row, p, tables.setting, predicted, adequate, desired, p.adequate_speed)


@inner
def settle_adequate(row: Any, d: int, p: Any, setting: Any, speed: float) -> None:
    """Move the adequate level of one dimension toward its target and hold it below the desired one."""
    predicted, adequate, desired = np.float64(row.predicted[d]), np.float64(row.adequate[d]), np.float64(row.desired[d])
    row.adequate[d] = _next_adequate(row, p, setting, predicted, adequate, desired, speed)


@inner
def _next_adequate(
    row: Any, p: Any, setting: Any, predicted: float, adequate: float, desired: float, speed: float
) -> float:
    target = adequate_target(
        np.float64(row.adequate_base), predicted, np.float64(row.alternatives_share), np.float64(row.urgency),
        np.float64(row.situation), setting.alternatives_effect, setting.urgency_effect, setting.situation_effect,
        p.predicted_effect,
    )  # fmt: skip
    return hold_zone(approach(adequate, target, speed), desired, p.zone_minimum)


@inner
def _remember_loss(life: Life, utility: float, importance: float, betrayal: bool, origin: int, reason: int) -> float:
    p, row = life.tables.parameters, life.row
    growth = irritation_growth(
        utility, importance, np.float64(row.goodwill), betrayal, p.goodwill_buffering, p.betrayal_amplifying
    )
    row.irritation += growth
    ledger, stops = life.ledger, life.tables.stop_count
    # both fade from the same instant: what is lived with an own date after a desk visit has not set the clock back
    kept = remaining(max(row.settled_at - np.float64(row.ledger_at), 0.0), p.irritation_half_life_days)
    for entry in range(stops + len(REASONS)):
        ledger[entry] = kept * np.float64(ledger[entry])
    ledger[origin] = np.float64(ledger[origin]) + growth
    ledger[stops + reason] = np.float64(ledger[stops + reason]) + growth
    row.ledger_at = max(row.settled_at, np.float64(row.ledger_at))
    life.tally.blame[origin, reason, B_IRRITATION] += growth
    return -utility


@inner
def _keep_moment(row: Any, satisfaction: float, is_poor: bool) -> None:
    """Peak, end and sum of the journey under way; counters of the customer."""
    row.encounters += 1
    row.journey_encounters += 1
    if row.journey_encounters == 1 or math.fabs(satisfaction) > math.fabs(np.float64(row.journey_peak)):
        row.journey_peak = satisfaction
    row.journey_end = satisfaction
    row.journey_sum = np.float64(row.journey_sum) + satisfaction
    if is_poor:
        row.poor_encounters += 1
        row.is_poor = 1


@inner
def _count(
    tally: Array,
    is_poor: bool,
    is_very_poor: bool,
    gap: float,
    utility: float,
    satisfaction: float,
    expected: float,
    wanted: float,
    enough: float,
    got: float,
    failed: bool,
    surprised: bool,
) -> None:
    tally[T_ENCOUNTERS] += 1.0
    tally[T_POOR] += is_poor
    tally[T_VERY_POOR] += is_very_poor
    tally[T_MET] += gap >= 0.0
    tally[T_DELIGHTED] += got > wanted
    tally[T_FAILURES] += failed
    tally[T_WOWS] += surprised
    tally[T_SATISFACTION] += satisfaction
    tally[T_UTILITY] += utility
    tally[T_GAP] += gap
    tally[T_DESIRED] += wanted
    tally[T_PREDICTED] += expected
    tally[T_PERCEIVED] += got
    tally[T_ADEQUATE] += enough
