"""One replication of a scenario as arrays: the customers, their agendas, the desks, the tallies."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from cxsim.compiling import compiled, inlined, inner
from cxsim.engine import streams
from cxsim.engine.columns import ACTIVE, DEPARTURE, JOURNEY, NEVER, PROSPECT, REASONS, blank_customers
from cxsim.engine.log import new_log
from cxsim.engine.signals import begin_books, channels_seen, factor_strength, promises_heard, signal_weight
from cxsim.engine.streams import make_key, normal, normals, sample, uniforms
from cxsim.engine.tables import Records, build_tables
from cxsim.engine.tally import (
    BLAME_STATISTICS,
    DESK_STATISTICS,
    JOURNEY_STATISTICS,
    TOUCHPOINT_STATISTICS,
    WAIT_BINS,
)
from cxsim.rules.arithmetic import exponential, logarithm
from cxsim.rules.expectations import adequate_target, hold_zone, weighted_prediction
from cxsim.scenario.memory import customers_ever
from cxsim.scenario.schema import LIMITS, Scenario

Array = np.ndarray[Any, Any]

LANES = 64
"""Most slices that a day's walks are cut into; results are summed in slice order, whatever the threads."""
CUSTOMERS_PER_LANE = 256
WAITING = 8
"""Listeners who have been fetched and have not heard yet."""

LANE = np.dtype(
    [
        ("cursor", "i8"), ("on_the_way", "i8"), ("events", "i8"), ("waiting", "i8", (WAITING, 2)),
        ("stops", "f8", (LIMITS["touchpoints"], len(TOUCHPOINT_STATISTICS))),
        ("blame", "f8", (LIMITS["touchpoints"], len(REASONS), len(BLAME_STATISTICS))),
        ("journeys", "f8", (len(JOURNEY_STATISTICS),)),
    ],
    align=True,
)  # fmt: skip
"""What one slice of walks has counted today, and where it stands; and who in a slice of listeners waits for whom."""
QUEUE = np.dtype(
    [("servers", "i8"), ("busy", "i8"), ("queued", "i8"), ("head", "i8"), ("tail", "i8"), ("is_open", "i8"),
     ("is_serving_out", "i8"), ("tally", "f8", (len(DESK_STATISTICS),)), ("waits", "i8", (WAIT_BINS,))],
    align=True,
)  # fmt: skip
"""A desk's queue now, its tally of the day, and its histogram of waits after the warm-up."""
STATE = np.dtype(
    [("day", "i8"), ("phase", "i8"), ("due_count", "i8"), ("lanes", "i8"), ("heap_size", "i8"), ("events", "i8"),
     ("late_speakers", "i8"), ("left_count", "i8"), ("reviews", "f8"), ("review_levels", "f8"),
     ("desks", QUEUE, (LIMITS["desks"],))],
    align=True,
)  # fmt: skip
"""Where the run stands."""
HEAP = np.dtype([("at", "f8"), ("kind", "i4"), ("key", "i4")], align=True)


class Life(NamedTuple):
    """What a walk may touch: one customer and nothing of any other.

    Attributes:
        row: the customer's record.
        tables: what the scenario says.
        tally: what is counted in this slice of walks.
        log: buffer of the event log.
        ledger: the customer's irritation by origin and by reason.
        visits: the customer's visits to each stop within the journey under way, and whether its goal was reached.
        state: where the run stands; read here, written only between walks.
    """

    row: Any
    tables: Any
    tally: Any
    log: Any
    ledger: Array
    visits: Array
    state: Any


class World(NamedTuple):
    """Everything of one replication; n customers, T touchpoints, Q desks, D days.

    Attributes:
        tables: (1,) what the scenario says; does not change.
        state: (1,) where the run stands, and the queues.
        customers: (n,) records (`columns.CUSTOMER`).
        ledger: (n, T + reasons) irritation by origin and by reason as of `ledger_at`.
        visits: (n, T) visits to each stop within the journey under way; the highest bit: its goal was reached.
        due_at: (n,) earliest agenda entry, in days; infinite for those at a desk or gone.
        due: (n,) customers due today, in index order.
        speakers: (2 n,) customers with a journey to tell today: by place in `due` (-1 for none), then from the desks.
        told: (2 n,) by place in `speakers`, whom they tell, as bits (`talk.py`).
        leavers: (n,) who left since the driver last looked, in order; nobody can leave twice in between.
        heap, heap_place: the one event heap of all desks (`heap.py`).
        lanes: (LANES,) tallies of the day by slice.
        blame: (T, reasons, statistics) what is put down to each origin and reason after the warm-up.
        stop_days: (D, T, statistics); journey_days: (D, statistics); desk_days: (D, Q, statistics).
    """

    tables: Records
    state: Records
    customers: Records
    ledger: Array
    visits: Array
    due_at: Array
    due: Array
    speakers: Array
    told: Array
    leavers: Array
    heap: Records
    heap_place: Array
    lanes: Records
    blame: Array
    stop_days: Array
    journey_days: Array
    desk_days: Array


def draw_newcomers(scenario: Scenario, key: Array) -> int:
    """Number of customers who join during the run: Poisson, by inversion of one uniform."""
    expected = scenario.population.newcomers * scenario.days / 365.0
    if expected == 0:
        return 0
    uniform, z = uniforms(key, streams.DESK_STREAM, 0, 0, streams.NEWCOMERS)[0], 0.0
    limit = customers_ever(scenario) - scenario.population.customers
    if expected > 500:  # the normal limit; exact summation would lose its smallest terms
        z = normal(key, streams.DESK_STREAM, 0, 0, streams.NEWCOMERS)
        return min(max(round(expected + math.sqrt(expected) * z), 0), limit)
    count, log_probability, cumulative = 0, -expected, math.exp(-expected)
    while cumulative < uniform and count < limit:
        count += 1
        log_probability += math.log(expected / count)
        cumulative += math.exp(log_probability)
    return count


def build_world(scenario: Scenario, seed: int, replication: int, which: int = 0) -> World:
    """A world at its first morning.

    Args:
        scenario: a checked scenario.
        seed: seed of the study.
        replication: number of the replication, from 0.
        which: whose luck: 0 the world that is measured, others its pilots.
    """
    key = make_key(seed, replication, which)
    count = scenario.population.customers + draw_newcomers(scenario, key)
    stops, desks, days = len(scenario.touchpoints), len(scenario.desks), scenario.days
    customers = blank_customers(count)
    customers["number"] = np.arange(count)
    world = World(
        tables=build_tables(scenario, key),
        state=_zeros(1, STATE),
        customers=customers,
        ledger=np.zeros((count, stops + len(REASONS)), dtype=np.float32),
        visits=np.zeros((count, stops), dtype=np.uint16),
        due_at=np.full(count, NEVER),
        due=np.zeros(count, dtype=np.int32),
        speakers=np.zeros(2 * count, dtype=np.int32),
        told=np.zeros(2 * count, dtype=np.int64),
        leavers=np.zeros(count, dtype=np.int32),
        heap=np.recarray(count + desks, dtype=HEAP),
        heap_place=np.full(count + desks, -1, dtype=np.int32),
        lanes=_zeros(LANES, LANE),
        blame=np.zeros((stops, len(REASONS), len(BLAME_STATISTICS))),
        stop_days=np.zeros((days, stops, len(TOUCHPOINT_STATISTICS))),
        journey_days=np.zeros((days, len(JOURNEY_STATISTICS))),
        desk_days=np.zeros((days, desks, len(DESK_STATISTICS))),
    )
    world.state[0].desks["head"], world.state[0].desks["tail"] = -1, -1
    settle_all(world)
    return world


def _zeros(count: int, dtype: np.dtype[Any]) -> Records:
    records = np.recarray(count, dtype=dtype)
    records.view(np.uint8).reshape(-1)[:] = 0
    return records


@inlined
def life_of(world: World, i: int, lane: int, log: Any) -> Life:
    """What a walk of customer `i` may touch."""
    return Life(
        world.customers[i], world.tables[0], world.lanes[lane], log[0], world.ledger[i], world.visits[i], world.state[0]
    )


@compiled
def week_time(week: Any, at: float, start_weekday: int) -> float:
    """Business time of an instant: runs fast in hours when many journeys start, 7 units a week."""
    hours = (at + start_weekday) * 24.0
    weeks = math.floor(hours / 168.0)
    within = hours - weeks * 168.0
    hour = min(int(within), 167)
    return weeks * 7.0 + week.begun[hour] + (within - hour) * (week.begun[hour + 1] - week.begun[hour])


@compiled
def week_instant(week: Any, business: float, start_weekday: int) -> float:
    """Instant, in days, at which business time reaches `business`; inverse of `week_time`."""
    weeks = math.floor(business / 7.0)
    within = business - weeks * 7.0
    begun, hour = week.begun, week.hour_at[min(int(within * 24.0), 167)]
    while hour < 167 and begun[hour + 1] <= within:  # the last hour by which no more than `within` has begun
        hour += 1
    width = begun[hour + 1] - begun[hour]
    part = (within - begun[hour]) / width if width > 0.0 else 0.0
    return (weeks * 168.0 + hour + part) / 24.0 - start_weekday


@inner
def next_need(tables: Any, number: int, persona: int, journey: int, at: float, frequency: float) -> float:
    """Instant of the next need for a journey after `at`: a Poisson process in business time."""
    setting = tables.setting
    rate = tables.personas[persona].journeys_per_day * frequency
    if rate <= 0.0:
        return NEVER
    uniform, _ = uniforms(tables.key, number, journey, 0, streams.NEXT_JOURNEY)
    business = week_time(tables.week, at, setting.start_weekday) - logarithm(uniform) / rate
    return week_instant(tables.week, business, setting.start_weekday)


@inner
def _held(z: float, mean: float, sd: float, low: float, high: float) -> float:
    return min(max(mean + sd * z, low), high)


@inner
def settle(life: Life) -> float:
    """Give one customer its persona, traits, first expectations and first agenda; returns when it is due first."""
    row, tables = life.row, life.tables
    key, p, number = tables.key, tables.parameters, row.number
    share, _ = uniforms(key, number, 0, 0, streams.PERSONA)
    persona = 0
    while share > tables.personas[persona].cumulative_share:
        persona += 1
    kind = tables.personas[persona]
    row.persona = persona
    z = normal(key, number, 0, 0, streams.PATIENCE_TRAIT)
    spread = logarithm(1.0 + kind.patience_spread * kind.patience_spread)
    row.patience = kind.patience * exponential(math.sqrt(spread) * z - spread / 2.0)
    z, other = normals(key, number, 0, 0, streams.TOLERANCE)
    row.irritation_tolerance = _held(z, kind.tolerance_mean, kind.tolerance_sd, 0.05, 100.0)
    row.price_sensitivity = _held(other, kind.price_sensitivity_mean, kind.price_sensitivity_sd, 0.0, 1.0)
    z = normal(key, number, 0, 0, streams.COSTS)
    row.switching_cost = _held(z, kind.switching_cost_mean, kind.switching_cost_sd, 0.0, 1.0)
    row.goodwill, row.trust, row.uncertainty = p.goodwill_start, p.trust_start, p.uncertainty_start
    row.learned_lead_days, row.acceptable_wait_minutes = tables.setting.lead_days, p.acceptable_wait_start_minutes
    row.alternatives = tables.setting.best_competitor
    _set_standards(life, persona)
    _set_predictions(life, persona)
    return _set_dates(life, kind)


@inner
def _set_standards(life: Life, persona: int) -> None:
    """Own desired and adequate standard from the factors that stay fixed, centred on an average customer."""
    row, tables = life.row, life.tables
    setting, p = tables.setting, tables.parameters
    desired, adequate = p.desired_start, p.adequate_start
    row.alternatives_share = 0.0
    for factor in range(tables.factor_count):
        effects = tables.factors[factor]
        difference = factor_strength(tables, row.number, persona, factor) - effects.centre
        desired += effects.desired * difference
        adequate += effects.adequate * difference
        if factor == setting.perceived_alternatives_factor:
            row.alternatives_share = difference
    row.desired_base, row.adequate_base = min(max(desired, p.zone_minimum), 1.0), min(max(adequate, 0.0), 1.0)


@inner
def _set_predictions(life: Life, persona: int) -> None:
    """First predictions from promises, price and looks, word of mouth and the past; the other levels follow."""
    row, tables = life.row, life.tables
    setting, p, number = tables.setting, tables.parameters, row.number
    explicit = signal_weight(tables, number, persona, setting.explicit_promises_factor, p.explicit_weight)
    implicit = signal_weight(tables, number, persona, setting.implicit_promises_factor, p.implicit_weight)
    told = signal_weight(tables, number, persona, setting.word_of_mouth_factor, p.word_of_mouth_weight)
    row.talk_exposure = told / p.word_of_mouth_weight if p.word_of_mouth_weight > 0.0 else 0.0
    past = signal_weight(tables, number, persona, setting.past_experience_factor, p.past_weight)
    row.message_exposure = explicit / p.explicit_weight if p.explicit_weight > 0.0 else 0.0
    weights = (explicit, implicit, told, past + 1e-9)
    seen, first = channels_seen(tables, number)
    disagreement = promised = 0.0
    for d in range(3):
        mean, most, variance = promises_heard(setting, seen, first, d)
        disagreement += variance / 3.0
        promised += mean / 3.0
        predicted = weighted_prediction(mean, setting.implied, setting.reputation, setting.typical, weights)
        row.predicted[d] = predicted
        own = min(np.float64(row.desired_base) + setting.explicit_desired * (most - mean), 1.0)
        row.desired[d] = own
        row.normative[d] = own
        target = adequate_target(
            np.float64(row.adequate_base), predicted, np.float64(row.alternatives_share), 0.0, 0.0,
            setting.alternatives_effect, setting.urgency_effect, setting.situation_effect, p.predicted_effect,
        )  # fmt: skip
        row.adequate[d] = hold_zone(target, own, p.zone_minimum)
    begin_books(row, weights, promised, setting.implied, setting.reputation)
    row.uncertainty = np.float64(row.uncertainty) + p.inconsistency * disagreement


@inner
def _set_dates(life: Life, kind: Any) -> float:
    """Established customers look back on a tenure; newcomers join at an instant of their own."""
    row, tables = life.row, life.tables
    setting, key, number = tables.setting, tables.key, row.number
    for slot in range(len(row.due)):
        row.due[slot] = NEVER
    if number < setting.established:
        uniform, _ = uniforms(key, number, 0, 0, streams.TENURE)
        z = normal(key, number, 0, 0, streams.TENURE + 256)
        tenure = sample(setting.tenure, uniform, z)
        start = 0.0
        row.status, row.joined_at = ACTIVE, -tenure
        row.journeys = int(min(tenure * kind.journeys_per_day, 1000.0))
        row.due[JOURNEY] = next_need(tables, number, row.persona, 0, 0.0, 1.0)
    else:
        uniform, _ = uniforms(key, number, 0, 0, streams.JOIN)
        last = week_time(tables.week, setting.horizon_end, setting.start_weekday)
        first = week_time(tables.week, 0.0, setting.start_weekday)
        start = week_instant(tables.week, first + uniform * (last - first), setting.start_weekday)
        row.status, row.joined_at = PROSPECT, start
        row.due[JOURNEY] = start
    rate = setting.ended_per_day + setting.drifted_per_day
    if rate > 0.0:
        uniform, _ = uniforms(key, number, 0, 0, streams.DEPARTURE_TIME)
        row.due[DEPARTURE] = start - logarithm(uniform) / rate
    row.settled_at = start
    return min(row.due[JOURNEY], row.due[DEPARTURE])


@compiled
def _settle_all(world: World, log: Any) -> None:
    for i in range(len(world.customers)):
        world.due_at[i] = settle(life_of(world, i, 0, log))


def settle_all(world: World) -> None:
    """Settle every customer."""
    _settle_all(world, new_log(False))
