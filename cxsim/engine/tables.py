"""A scenario as one record that the compiled engine reads: nothing in it changes while a world runs.

One record, because the engine is handed it by reference at no cost, where every array costs a reference count at
every call. Its tables have room for more than a journey map needs; a scenario beyond `LIMITS` is refused in a sentence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from cxsim.engine.streams import EXPONENTIAL, FIXED, LOGNORMAL
from cxsim.rules.relationship import half_life_days
from cxsim.scenario.desks import Desk
from cxsim.scenario.hours import WEEKDAYS, week_table
from cxsim.scenario.parameters import PARAMETERS
from cxsim.scenario.schema import LIMITS, Scenario
from cxsim.scenario.touchpoints import END, KINDS, TRAITS, Delivery, DeskVisit, Failure, Message, Touchpoint
from cxsim.scenario.values import DaysDuration, MinutesDuration

MESSAGE, SELF_SERVICE, DESK, DELIVERY, USE, BILLING = range(len(KINDS))
SERVE_OUT, TURN_AWAY, CARRY_OVER = range(3)
ENABLER, DEFINER = 1, 2
"""Codes of a stop's technology; 0 is none."""
_CLOSING = ("serve_out", "turn_away", "carry_over")

Array = np.ndarray[Any, Any]
Records = np.recarray[Any, Any]

_STOPS, _PERSONAS, _DESKS = LIMITS["touchpoints"], LIMITS["personas"], LIMITS["desks"]
_FACTORS, _CAUSES, _CHANNELS = LIMITS["factors"], LIMITS["causes"], LIMITS["channels"]
_COMPETITORS = LIMITS["competitors"]

DURATION = np.dtype([("form", "i8"), ("first", "f8"), ("second", "f8")], align=True)
STOP = np.dtype(
    [
        ("kind", "i8"), ("desk", "i8"), ("is_goal", "i8"), ("importance", "f8"), ("effort", "f8"),
        ("quality", "f8", (3,)), ("quality_sd", "f8", (3,)), ("promise_level", "f8", (3,)),
        ("failure_probability", "f8"), ("failure_severity", "f8", (3,)), ("failure_monetary", "i8"),
        ("failure_outside", "i8"), ("failure_contact_probability", "f8"), ("failure_contact", "i8"),
        ("failure_next", "i8"), ("contact_after", DURATION),
        ("technology", "i8"), ("stuck_probability", "f8"), ("technology_contact", "i8"), ("is_flawless", "i8"),
        ("wow_probability", "f8"), ("wow_size", "f8", (3,)), ("takes", DURATION), ("only_next", "i8"),
        ("promise", DURATION), ("handling", DURATION), ("carrier", DURATION),
        ("handling_correlation", "f8"), ("carrier_correlation", "f8"), ("grace_days", "f8"),
        ("first_cause", "i8"), ("causes", "i8"), ("overdue_contact_probability", "f8"), ("overdue_contact", "i8"),
    ],
    align=True,
)  # fmt: skip
CAUSE = np.dtype([("probability", "f8"), ("extra", DURATION), ("is_outside", "i8")], align=True)
DESK_TABLE = np.dtype(
    [
        ("service", DURATION), ("patience_minutes", "f8"), ("patience_shape", "f8"), ("closing", "i8"),
        ("answer_target_minutes", "f8"), ("resolution", "f8"), ("recovery", "f8"), ("knows_history", "i8"),
        ("wait_multiplier", "f8"), ("servers_sd", "f8"), ("servers", "f8", (168,)), ("pace", "f8", (24,)),
    ],
    align=True,
)  # fmt: skip
PERSONA = np.dtype(
    [
        ("cumulative_share", "f8"), ("journeys_per_day", "f8"), ("patience", "f8"), ("patience_spread", "f8"),
        ("tolerance_mean", "f8"), ("tolerance_sd", "f8"), ("switching_cost_mean", "f8"), ("switching_cost_sd", "f8"),
        ("price_sensitivity_mean", "f8"), ("price_sensitivity_sd", "f8"), ("urgent_share", "f8"),
        ("weights", "f8", (_STOPS, 3)), ("factor_mean", "f8", (_FACTORS,)), ("factor_sd", "f8", (_FACTORS,)),
    ],
    align=True,
)  # fmt: skip
FACTOR = np.dtype([("centre", "f8"), ("desired", "f8"), ("adequate", "f8")], align=True)
_SPECIAL = ("transitory_intensifiers", "perceived_alternatives", "situational_factors", "explicit_promises",
            "implicit_promises", "word_of_mouth", "past_experience")  # fmt: skip
SETTING = np.dtype(
    [
        ("start", "i8"), ("goals", "i8"), ("warm_up_days", "f8"), ("horizon_end", "f8"), ("established", "i8"),
        ("ended_per_day", "f8"), ("drifted_per_day", "f8"), ("tenure", DURATION),
        ("implied", "f8"), ("tracking", "f8"), ("tells_early", "f8"), ("explains", "f8"), ("reputation", "f8"),
        ("typical", "f8"), ("best_competitor", "f8"), ("competitors", "i8"),
        ("prominence", "f8", (_COMPETITORS,)), ("best_in_class", "f8"), ("converts", "f8"), ("win_back", "f8"),
        ("win_back_after", DURATION),
        ("drift_per_day", "f8"), ("ties", "i8"), ("rewired", "f8"), ("explicit_desired", "f8"),
        ("normative_half_life_days", "f8"),
        ("channels", "i8"), ("channel_levels", "f8", (_CHANNELS, 3)),
        ("survey_sent", "f8"), ("survey_answered", "f8"), ("survey_after_overdue_days", "f8"),
        ("price", "f8"), ("premium", "f8"), ("refund", "f8"),
        ("lead_days", "f8"), ("complaint", "i8"), ("start_weekday", "i8"),
        *((f"{name}_factor", "i8") for name in _SPECIAL),
        ("alternatives_effect", "f8"), ("urgency_effect", "f8"), ("situation_effect", "f8"),
    ],
    align=True,
)  # fmt: skip
WEEK = np.dtype(
    [
        ("begun", "f8", (169,)),  # share of a week's journeys begun by each hour, cumulative, 0 to 7
        ("hour_at", "i8", (168,)),  # last hour by which no more than so many 168ths of that have begun
    ],
    align=True,
)
PARAMETER_TABLE = np.dtype([(parameter.name, "f8") for parameter in PARAMETERS], align=True)
TABLES = np.dtype(
    [
        ("key", "u8", (2,)),
        ("stop_count", "i8"), ("desk_count", "i8"), ("factor_count", "i8"),
        ("parameters", PARAMETER_TABLE),
        ("setting", SETTING),
        ("stops", STOP, (_STOPS,)),
        ("routes", "f8", (_STOPS, _STOPS + 1)),  # cumulative; the column after the last stop is the end
        ("personas", PERSONA, (_PERSONAS,)),
        ("desks", DESK_TABLE, (_DESKS,)),
        ("factors", FACTOR, (_FACTORS,)),
        ("causes", CAUSE, (_CAUSES,)),  # those of all deliveries, one after another
        ("week", WEEK),
    ],
    align=True,
)  # fmt: skip


def build_tables(scenario: Scenario, key: Array) -> Records:
    """One record of `TABLES` from a checked scenario and the key of its random streams."""
    records = np.recarray(1, dtype=TABLES)
    records.view(np.uint8).reshape(-1)[:] = 0
    tables = records[0]
    tables.key[:] = key
    tables.stop_count, tables.desk_count = len(scenario.touchpoints), len(scenario.desks)
    tables.factor_count = len(scenario.factors)
    for name, value in scenario.parameters().items():
        tables.parameters[name] = value
    index = {name: number for number, name in enumerate(scenario.touchpoints)} | {END: len(scenario.touchpoints)}
    _fill_setting(tables.setting, scenario, index)
    _fill_stops(tables, scenario, index)
    _fill_personas(tables, scenario)
    for number, desk in enumerate(scenario.desks.values()):
        _fill_desk(tables.desks[number], desk, scenario)
    for number, (name, factor) in enumerate(scenario.factors.items()):
        by_own_rule = name in ("transitory_intensifiers", "perceived_alternatives", "situational_factors")
        tables.factors[number] = (factor.mean, factor.desired, 0.0 if by_own_rule else factor.adequate)
    fill_week(
        tables.week, week_table([(block.days, block.hours, block.weight) for block in scenario.journey.starts_at])
    )
    return records


def fill_week(week: Any, weights: Sequence[float]) -> None:
    """Fill a record of `WEEK` from the weights of a week's hours: (168,), not all 0."""
    cumulative = np.concatenate([[0.0], np.cumsum(weights)])
    week.begun[:] = cumulative / cumulative[-1] * 7.0
    week.hour_at[:] = np.searchsorted(week.begun[:168], np.arange(168) / 24.0, side="right") - 1


def process_level(stop: Touchpoint) -> float:
    """Process level of a touchpoint: weighted mean of the traits that apply, else as written."""
    if not stop.traits:
        return stop.quality.process
    total = sum(TRAITS[trait] for trait in stop.traits)
    return sum(TRAITS[trait] * level for trait, level in stop.traits.items()) / total


def _duration(duration: DaysDuration | MinutesDuration) -> tuple[int, float, float]:
    """Form and the two numbers that `streams.sample` wants."""
    if duration.distribution == "exponential":
        return EXPONENTIAL, duration.mean, 0.0
    if duration.distribution == "fixed" or duration.sd == 0 or duration.mean == 0:
        return FIXED, duration.mean, 0.0
    variance = math.log(1.0 + (duration.sd / duration.mean) ** 2)
    return LOGNORMAL, math.log(duration.mean) - variance / 2.0, math.sqrt(variance)


def _set_duration(record: Any, duration: DaysDuration | MinutesDuration) -> None:
    record.form, record.first, record.second = _duration(duration)


def _fill_stops(tables: Any, scenario: Scenario, index: dict[str, int]) -> None:
    desks = {name: number for number, name in enumerate(scenario.desks)}
    causes: list[tuple[float, tuple[int, float, float], bool]] = []
    for number, (name, stop) in enumerate(scenario.touchpoints.items()):
        record = tables.stops[number]
        record.is_goal = name in scenario.journey.goal
        _fill_stop(record, stop, scenario, index, desks)
        routes = np.zeros(len(index))
        for target, share in stop.next.items():
            routes[index[target]] = share
        tables.routes[number, : len(routes)] = np.cumsum(routes / routes.sum())
        record.only_next = int(np.argmax(routes)) if np.count_nonzero(routes) == 1 else -1
        if isinstance(stop, Delivery):
            record.first_cause, record.causes = len(causes), len(stop.causes)
            causes += [(cause.probability, _duration(cause.extra), cause.outside) for cause in stop.causes.values()]
    for number, cause in enumerate(causes):
        tables.causes[number] = cause


def _fill_stop(record: Any, stop: Touchpoint, scenario: Scenario, index: dict[str, int], desks: dict[str, int]) -> None:
    record.kind = KINDS.index(stop.kind)
    record.importance, record.effort = stop.importance, stop.effort
    record.quality[:] = (stop.quality.people, stop.quality.product, process_level(stop))
    record.quality_sd[:] = stop.quality_sd.values_in_order()
    record.failure_contact = record.failure_next = record.overdue_contact = record.desk = -1
    record.technology_contact, record.is_flawless = -1, stop.flawless
    _set_duration(record.takes, stop.takes)
    _set_duration(record.contact_after, (stop.failure or Failure()).contact_after)
    if stop.failure is not None:
        record.failure_probability = stop.failure.probability
        record.failure_severity[:] = stop.failure.severity.values_in_order()
        record.failure_monetary, record.failure_outside = stop.failure.monetary, stop.failure.outside
        record.failure_contact_probability = stop.failure.contact_probability
        record.failure_contact = index[stop.failure.contact] if stop.failure.contact else -1
        record.failure_next = index[stop.failure.next] if stop.failure.next else -1
    if stop.technology is not None:
        record.technology = ENABLER if stop.technology.mode == "enabler" else DEFINER
        record.stuck_probability = stop.technology.stuck_probability
        record.technology_contact = index[stop.technology.contact] if stop.technology.contact else -1
    if stop.wow is not None:
        record.wow_probability = stop.wow.probability
        record.wow_size[:] = stop.wow.size.values_in_order()
    if isinstance(stop, Message):
        record.promise_level[:] = scenario.company.promises[stop.channel].values_in_order()
    if isinstance(stop, DeskVisit):
        record.desk = desks[stop.desk]
    if isinstance(stop, Delivery):
        for name in ("promise", "handling", "carrier"):
            _set_duration(record[name], getattr(stop, name))
        record.handling_correlation = stop.handling_correlation
        record.carrier_correlation = stop.carrier_correlation
        record.grace_days = stop.grace
        record.overdue_contact_probability = stop.overdue_contact_probability
        record.overdue_contact = index[stop.overdue_contact] if stop.overdue_contact else -1


def _fill_desk(record: Any, desk: Desk, scenario: Scenario) -> None:
    _set_duration(record.service, desk.service)
    record.patience_minutes, record.patience_shape = desk.patience, desk.patience_shape
    record.closing = _CLOSING.index(desk.closing)
    record.answer_target_minutes = desk.answer_target
    record.resolution, record.recovery, record.knows_history = desk.resolution, desk.recovery, desk.knows_history
    record.wait_multiplier, record.servers_sd = wait_multiplier(desk, scenario), desk.servers_sd
    record.servers[:] = week_table(desk.planned())
    record.pace[:] = desk.service_by_hour or [1.0] * 24


def wait_multiplier(desk: Desk, scenario: Scenario) -> float:
    """Perceived minutes per minute waited at a desk."""
    from cxsim.rules.waiting import perceived_wait_multiplier

    values = scenario.parameters()
    return perceived_wait_multiplier(
        values["wait_multiplier"], desk.occupied, desk.tells_wait, desk.explains_wait,
        values["wait_occupied"], values["wait_told"], values["wait_explained"],
    )  # fmt: skip


def _fill_personas(tables: Any, scenario: Scenario) -> None:
    stops = np.array([stop.weights.values_in_order() for stop in scenario.touchpoints.values()])
    shares = np.cumsum([persona.share for persona in scenario.personas.values()])
    for number, persona in enumerate(scenario.personas.values()):
        record = tables.personas[number]
        record.cumulative_share = shares[number]
        record.journeys_per_day = persona.journeys_per_year / 365.0
        record.patience, record.patience_spread = persona.patience, persona.patience_spread
        record.urgent_share = persona.urgent_share
        record.tolerance_mean, record.tolerance_sd = persona.irritation_tolerance.mean, persona.irritation_tolerance.sd
        for trait in ("switching_cost", "price_sensitivity"):
            record[f"{trait}_mean"], record[f"{trait}_sd"] = getattr(persona, trait).mean, getattr(persona, trait).sd
        tilted = stops * np.array(persona.needs.values_in_order())
        tilted[tilted.sum(axis=1) == 0] = stops[tilted.sum(axis=1) == 0]
        record.weights[: len(stops)] = tilted / tilted.sum(axis=1, keepdims=True)
        for place, (name, factor) in enumerate(scenario.factors.items()):
            strength = persona.factors.get(name, factor)
            record.factor_mean[place], record.factor_sd[place] = strength.mean, strength.sd
    tables.personas[len(shares) - 1].cumulative_share = 1.0


def _fill_setting(setting: Any, scenario: Scenario, index: dict[str, int]) -> None:
    factors = list(scenario.factors)
    company, market, population = scenario.company, scenario.market, scenario.population
    setting.start, setting.goals = index[scenario.journey.start], len(set(scenario.journey.goal))
    setting.warm_up_days, setting.horizon_end = scenario.warm_up, scenario.days
    setting.established = population.customers
    setting.ended_per_day, setting.drifted_per_day = population.ended / 365.0, population.drifted / 365.0
    _set_duration(setting.tenure, population.tenure)
    setting.implied, setting.tracking = company.implied, company.tracking
    setting.tells_early, setting.explains = company.tells_early, company.explains
    setting.reputation, setting.typical = market.reputation, market.typical
    promises = [promise.values_in_order() for promise in company.promises.values()]
    setting.channels = max(len(promises), 1)  # a firm that promises nothing is believed to deliver what is implied
    setting.channel_levels[: setting.channels] = promises or company.implied
    explicit = scenario.factors.get("explicit_promises")
    setting.explicit_desired = explicit.desired if explicit else 0.0
    setting.best_in_class, setting.drift_per_day = market.best_in_class, market.drift / 365.0
    setting.ties, setting.rewired = market.network.ties, market.network.rewired
    setting.survey_sent, setting.survey_answered = scenario.survey.sent, scenario.survey.answered
    setting.survey_after_overdue_days = scenario.survey.after_overdue
    setting.price, setting.premium, setting.refund = (
        scenario.money.price, scenario.money.premium, scenario.money.refund
    )  # fmt: skip
    setting.best_competitor = max((rival.level for rival in market.competitors.values()), default=0.0)
    setting.competitors = len(market.competitors)
    prominence = np.array([rival.prominence for rival in market.competitors.values()])
    if len(prominence):  # none more than another, if none is in people's minds
        shares = np.cumsum(prominence if prominence.any() else np.ones_like(prominence))
        setting.prominence[: len(shares)] = shares / shares[-1]
    setting.converts = population.converts
    setting.win_back = company.win_back.share
    _set_duration(setting.win_back_after, company.win_back.after)
    setting.normative_half_life_days = half_life_days(scenario.parameters()["normative_forgetting"], 30.0)
    deliveries = [stop for stop in scenario.touchpoints.values() if isinstance(stop, Delivery)]
    setting.lead_days = deliveries[0].promise.mean if deliveries else 0.0
    setting.complaint = _complaint(scenario, index)
    setting.start_weekday = WEEKDAYS.index(scenario.start_weekday)
    for name in _SPECIAL:
        setting[f"{name}_factor"] = factors.index(name) if name in factors else -1
    for target, name, sign in (
        ("alternatives_effect", "perceived_alternatives", 1), ("urgency_effect", "transitory_intensifiers", 1),
        ("situation_effect", "situational_factors", -1),
    ):  # fmt: skip
        setting[target] = sign * scenario.factors[name].adequate if name in scenario.factors else 0.0


def _complaint(scenario: Scenario, index: dict[str, int]) -> int:
    """Stop that a complaint goes to where the failing stop names none: the first one that takes contacts."""
    targets = [stop.failure.contact for stop in scenario.touchpoints.values() if stop.failure and stop.failure.contact]
    targets += [stop.technology.contact for stop in scenario.touchpoints.values()
                if stop.technology and stop.technology.contact]  # fmt: skip
    targets += [stop.overdue_contact for stop in scenario.touchpoints.values()
                if isinstance(stop, Delivery) and stop.overdue_contact]  # fmt: skip
    return index[targets[0]] if targets else -1
