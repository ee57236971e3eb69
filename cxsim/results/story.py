"""One customer's life in plain words, from the event log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from cxsim.engine.columns import LEFT, NEVER, REASON_LABELS, REASONS, STATUSES
from cxsim.results.encounters import encounters_table
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.schema import Scenario
from cxsim.scenario.values import DIMENSIONS

if TYPE_CHECKING:
    from cxsim.model import CustomerModel
    from cxsim.results.result import Result

_STEP = 0.02
"""Smallest change of a level that is worth a word."""


@dataclass(frozen=True)
class Portrait:
    """Who a customer is: fixed traits, and how it stands at the end."""

    persona: str
    factors: dict[str, float]
    status: str
    satisfaction: float
    patience: float
    tolerance: float
    joined_day: float
    left_day: float
    competitor: str
    ledger: dict[str, dict[str, float]]


def tell(result: Result, customer: int, replication: int = 0) -> str:
    """Tell a customer's life; the replication is lived again with this customer followed (observers change nothing).

    Raises:
        ScenarioError: there is no such customer or replication.
    """
    if not 0 <= replication < result.replications:
        raise ScenarioError(
            [Problem("", f"no replication {replication}; allowed: 0 to {result.replications - 1}", "--replication")]
        )
    return choose_and_tell(result.scenario, result.seed, replication, customer)[1]


def choose_and_tell(scenario: Scenario, seed: int, replication: int, customer: int | None) -> tuple[int, str]:
    """Tell a customer's life; without a number, that of the first who left (or had a poor journey, or any).

    Returns:
        The customer's number and the story.

    Raises:
        ScenarioError: there is no such customer.
    """
    from cxsim.model import CustomerModel

    if customer is None:
        customers = CustomerModel(scenario, rng=seed, replication=replication).run().world.customers
        left = (customers["status"] == LEFT) & (customers["left_at"] >= scenario.warm_up)
        for chosen in (left, customers["poor_journeys"] > 0, customers["journeys"] >= 0):
            if chosen.any():
                customer = int(np.flatnonzero(chosen)[0])
                break
    assert customer is not None  # the last choice holds for everybody
    model = CustomerModel(scenario, rng=seed, replication=replication, follow=[customer])
    count = len(model.world.customers)
    if not 0 <= customer < count:
        raise ScenarioError([Problem("", f"no customer {customer}; allowed: 0 to {count - 1}", "--customer")])
    return customer, tell_from(model.run(), customer)


def tell_from(model: CustomerModel, customer: int) -> str:
    """Tell the life of a customer that a finished model has followed."""
    from cxsim.results.run import collect

    run = collect(model, seconds=0.0, keep_customers=False, keep_log=True)
    events = encounters_table(model.scenario, [run])
    events = events[events["customer"] == customer] if len(events) else events
    return "\n".join(_story(model.scenario, customer, portrait(model, customer), events))


def portrait(model: CustomerModel, customer: int) -> Portrait:
    """Who a customer of a model is and how it stands now."""
    from cxsim.engine.people import factor_strengths, ledger

    row, scenario = model.world.customers[customer], model.scenario
    personas = list(scenario.personas)
    persona = scenario.personas[personas[row.persona]]
    strengths = factor_strengths(model.world, customer)
    competitors = list(scenario.market.competitors)
    by_origin, by_reason = ledger(model.world, customer)
    return Portrait(
        persona=persona.label or personas[row.persona],
        factors=dict(zip(scenario.factors, strengths.tolist(), strict=True)),
        status=STATUSES[row.status],
        satisfaction=float(row.satisfaction),
        patience=float(row.patience),
        tolerance=float(row.irritation_tolerance),
        joined_day=float(row.joined_at) - scenario.warm_up,
        left_day=float(row.left_at) - scenario.warm_up,
        competitor=competitors[row.competitor] if row.competitor >= 0 else "",
        ledger={
            "origin": dict(zip(scenario.touchpoints, by_origin.tolist(), strict=True)),
            "reason": dict(zip(REASONS, by_reason.tolist(), strict=True)),
        },
    )


def _story(scenario: Scenario, customer: int, who: Portrait, events: pd.DataFrame) -> Iterator[str]:
    yield f"Customer {customer} of {scenario.title or scenario.name}"
    yield ""
    yield from opening(scenario, who)
    journey = -1
    for event in cast(list[dict[str, Any]], events.to_dict("records")):
        if event["journey"] != journey and event["event"] == "journey_begins":
            journey = event["journey"]
            yield ""
        told = sentence(scenario, event)
        if told:
            yield f"  {moment_words(float(event['day'])):>9}  {told}"
    if len(events) == 0:
        yield "  Nothing happened: no need arose in this time."
    yield ""
    yield from _closing(scenario, who)


def moment_words(day: float) -> str:
    """An instant as a day and a time of day."""
    whole = int(np.floor(day))
    minutes = int((day - whole) * 1440)
    return f"day {whole} {minutes // 60:02d}:{minutes % 60:02d}"


def opening(scenario: Scenario, who: Portrait) -> Iterator[str]:
    """Who this is: persona, what weighs more and less than usual, patience and fuse."""
    since = "" if who.joined_day >= 0 else f", a customer for {_span(-who.joined_day)} when this story begins"
    yield f"{who.persona or 'Someone'}{since}."
    ranked = sorted(who.factors.items(), key=lambda item: -abs(item[1] - scenario.factors[item[0]].mean))
    strong = [name for name, strength in ranked[:3] if strength > scenario.factors[name].mean]
    weak = [name for name, strength in ranked[:3] if strength < scenario.factors[name].mean]
    if strong:
        yield "What weighs more than usual: " + ", ".join(f"“{scenario.factors[name].label}”" for name in strong) + "."
    if weak:
        yield "What weighs less than usual: " + ", ".join(f"“{scenario.factors[name].label}”" for name in weak) + "."
    patience = "more patient than most" if who.patience > 1.15 else (
        "less patient than most" if who.patience < 0.87 else "about as patient as most")  # fmt: skip
    tolerance = "takes a lot before blowing up" if who.tolerance > 1.15 else (
        "has a short fuse" if who.tolerance < 0.85 else "has an ordinary fuse")  # fmt: skip
    yield f"{patience.capitalize()}; {tolerance}."


def _span(days: float) -> str:
    if days < 60:
        return f"{days:.0f} days"
    return f"{days / 30.4:.0f} months" if days < 730 else f"{days / 365:.1f} years"


def _label(scenario: Scenario, name: str) -> str:
    return (scenario.touchpoints[name].label or name) if name in scenario.touchpoints else name


def sentence(scenario: Scenario, event: dict[str, Any]) -> str:  # noqa: PLR0911
    """One line for one entry of the log; "" for those told elsewhere."""
    place = _label(scenario, event["touchpoint"])
    match event["event"]:
        case "journey_begins":
            return f"A need arises. Expects about {_percent(event, 'predicted')} of 100 on the whole."
        case "ordered":
            return f"{place}: promised in {event['promised_days']:.1f} days."
        case "encounter":
            return f"{place}: {_experience(event)}"
        case "overdue":
            return f"{place}: the promised date passes and nothing has come. {_feeling(event)}"
        case "gave_up":
            return f"{place}: gives up after {_minutes(event)}. {_feeling(event)}"
        case "queue_joined":
            return f"{place}: joins the queue."
        case "found_closed":
            return f"{place}: closed; will come back."
        case "contact_planned":
            return f"Will turn to {place}, because of {_label(scenario, event['origin'])}."
        case "settled":
            return f"{place}: the matter is settled."
        case "blow_up":
            return "That is one too many: blows up."
        case "stays":
            return f"A poor journey. Stays, but {_cut(event)}"
        case "complains":
            return f"A poor journey. Decides to complain ({_because(scenario, event)})."
        case "escalates":
            return f"A poor journey. Writes to the head office ({_because(scenario, event)})."
        case "declines":
            return "Looks around and does not become a customer: expects more elsewhere."
        case "comes_back":
            return "Comes back, won over again."
        case "leaves":
            return f"Leaves for good. The last straw: {_because(scenario, event)}."
        case "drifts":
            return "Drifts to a competitor without any complaint."
        case "ends":
            return "The need is over for good."
        case "journey_ends":
            return f"The journey is over. Satisfied: {_points(event['cumulative_satisfaction'])} of 100."
    return ""


def _minutes(event: dict[str, Any]) -> str:
    told = f"{event['wait_minutes']:.0f}"
    return f"{told} minute" + ("" if told == "1" else "s")


def _cut(event: dict[str, Any]) -> str:
    return "will come less often for a while." if event["irritation"] > 0 else "remembers."


def _percent(event: dict[str, Any], level: str) -> str:
    return f"{100 * np.mean([event[f'{level}_{dimension}'] for dimension in DIMENSIONS]):.0f}"


def _points(satisfaction: float) -> str:
    return f"{50 + 50 * satisfaction:.0f}"


def _because(scenario: Scenario, event: dict[str, Any]) -> str:
    return f"{REASON_LABELS.get(event['reason'], 'no single thing')}, {_label(scenario, event['origin'])}"


def _experience(event: dict[str, Any]) -> str:
    parts = []
    if np.isfinite(event["days"]):
        late = event["days"] - event["promised_days"]
        when = f"{late:.1f} days after" if late > 0 else f"{-late:.1f} days before"
        parts.append(f"arrives after {event['days']:.1f} days, {when} the promised date.")
    if np.isfinite(event["wait_minutes"]) and event["wait_minutes"] >= 0.5:
        parts.append(f"waits {event['wait_minutes']:.0f} minutes, {event['mood']} when served.")
    if event["is_failure"]:
        parts.append("something goes wrong.")
    if event["is_wow"]:
        parts.append("a surprise on top!")
    if event["reason"] == "unresolved":
        parts.append("nothing is settled.")
    parts.append(_feeling(event))
    return " ".join([parts[0], *(part[:1].upper() + part[1:] for part in parts[1:])])


def _feeling(event: dict[str, Any]) -> str:
    """What was expected, what was perceived, and how that sits with the zone of tolerance."""
    gaps: dict[str, float] = {name: event[f"perceived_{name}"] - event[f"predicted_{name}"] for name in DIMENSIONS}
    worst, best = min(gaps, key=lambda name: gaps[name]), max(gaps, key=lambda name: gaps[name])
    expected, got = _percent(event, "predicted"), _percent(event, "perceived")
    text = f"Expected {expected}, got {got}"
    if gaps[worst] < -_STEP and event["utility"] < 0:
        text += f"; {worst} fell short most"
    elif gaps[best] > _STEP and event["utility"] > 0:
        text += f"; {best} stood out"
    return f"{text}: {_verdict(event, gaps)}."


def _verdict(event: dict[str, Any], gaps: dict[str, float]) -> str:
    """How an encounter sits, in a word or two: against the zone of tolerance, and against what was predicted."""
    if event["is_poor"]:
        return "poor"
    if event["utility"] < 0:
        return "a little annoyed"
    if event["is_wow"] or (event["utility"] > 0.1 and sum(gaps.values()) > 3 * _STEP):
        return "delighted"
    return "good" if sum(gaps.values()) > -3 * _STEP else "all right"


def _closing(scenario: Scenario, who: Portrait) -> Iterator[str]:
    ends = {
        "active": "Still a customer at the end",
        "prospect": "Has not become a customer in this time",
        "left": f"Gone to {who.competitor or 'a competitor'}",
        "drifted": "Drifted away",
        "ended": "No longer in need",
    }
    when = f" since day {who.left_day:.0f}" if who.left_day + scenario.warm_up < NEVER else ""
    yield f"{ends[who.status]}{when}; satisfaction {_points(who.satisfaction)} of 100."
    for kind, names in (("origin", scenario.touchpoints), ("reason", REASON_LABELS)):
        ledger = {name: amount for name, amount in who.ledger[kind].items() if amount > 0}
        total = sum(ledger.values())
        if total <= 0:
            continue
        ranked = sorted(ledger, key=lambda name: -ledger[name])[:3]
        label = (lambda name: _label(scenario, name)) if kind == "origin" else REASON_LABELS.__getitem__
        shares = ", ".join(f"{label(name)} {100 * ledger[name] / total:.0f} %" for name in ranked)
        yield f"Irritation by {'place' if names is scenario.touchpoints else kind}: {shares}."


__all__ = ["Portrait", "choose_and_tell", "moment_words", "opening", "portrait", "sentence", "tell", "tell_from"]
