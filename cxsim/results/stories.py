"""A followed customer's story from a result alone: who it is, what it expected and why, what happened, how it ended.

Every sentence follows from the log, the customers table or the exit interview; only "what others heard" is an odds of
the model. Journeys in which nothing was poor, late, long or a surprise are told in one line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
import pandas as pd

from cxsim.engine.columns import NEVER, REASON_LABELS
from cxsim.engine.people import factor_strengths, promised_levels
from cxsim.engine.world import build_world
from cxsim.results.picks import Pick, picks
from cxsim.results.result import Result
from cxsim.results.story import Portrait, moment_words, opening, sentence
from cxsim.results.tracks import first_replication, followed_customers
from cxsim.rules.satisfaction import journey_remembered
from cxsim.rules.talk import telling_probability
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.itinerary import stop_names
from cxsim.scenario.schema import Scenario
from cxsim.scenario.values import DIMENSIONS

Tone = Literal["", "good", "bad", "end"]
LONG_WAIT_MINUTES = 5.0
"""A wait from here on is told."""
_BAD = frozenset({"overdue", "gave_up", "blow_up", "stays", "complains", "escalates"})
_END = frozenset({"leaves", "drifts", "ends", "declines"})
_QUIET = frozenset({"queue_joined", "journey_ends"})
"""Entries that other lines tell."""
_PLAIN = frozenset({"journey_begins", "encounter", "ordered", "queue_joined", "journey_ends", "found_closed"})
"""Entries that a journey without trouble is made of."""


@dataclass(frozen=True)
class Line:
    """One dated sentence.

    Attributes:
        day: instant in days after the warm-up.
        date: the same in words.
        sentence: what happened.
        tone: good, bad, the end of it, or "".
    """

    day: float
    date: str
    sentence: str
    tone: Tone


@dataclass(frozen=True)
class Story:
    """One customer's story in one world.

    Attributes:
        customer: number.
        title: who, and what became of it.
        why: what was expected and why.
        opening: who it is.
        lines: what happened, in order.
        closing: the ledger of good and bad, what others heard, where it stands.
    """

    customer: int
    title: str
    why: str
    opening: tuple[str, ...]
    lines: tuple[Line, ...]
    closing: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole story as plain text."""
        dated = [f"  {line.date:>13}  {line.sentence}" for line in self.lines]
        return "\n".join([self.title, "", self.why, *self.opening, "", *dated, "", *self.closing])


def story(result: Result, customer: int, world: str = "") -> Story:
    """The story of a customer who was followed in the first replication; nothing is lived again.

    Args:
        result: run with followed customers and with its customers kept.
        customer: its number.
        world: name of the world, for the title where there are several.

    Raises:
        ScenarioError: that customer was not followed.
    """
    followed = followed_customers(result)
    if customer not in followed:
        told = f"customer {customer} was not followed; {len(followed)} were, of numbers below "
        raise ScenarioError([Problem("", told + f"{result.scenario.record.encounters}", "--customer")])
    scenario = result.scenario
    who, promised = _who(result, customer)
    log = first_replication(result.encounters)
    log = log[log["customer"] == customer]
    events = cast(list[dict[str, Any]], log.to_dict("records"))
    measured = [event for event in events if event["day"] >= 0]
    title = f"{who.persona or 'Customer'} {customer}" + (f" in “{world}”" if world else "") + f": {_fate(who)}"
    return Story(
        customer, title, _why(scenario, events, promised), (*opening(scenario, who), *_before(events, measured)),
        tuple(_lines(scenario, measured)), tuple(_closing(scenario, who, measured)),
    )  # fmt: skip


def _who(result: Result, customer: int) -> tuple[Portrait, float]:
    """Who the customer is at the end, and the level that the firm's channels promise to it."""
    scenario = result.scenario
    everybody = first_replication(result.customers)
    row = everybody[everybody["customer"] == customer].iloc[0]
    lost = first_replication(result.lost)
    lost = lost[lost["customer"] == customer] if "customer" in lost else lost
    persona = scenario.personas[row["persona"]]
    newborn = build_world(scenario, result.seed, 0, 0)  # traits are drawn, nothing is lived
    strengths = factor_strengths(newborn, int(customer))
    portrait = Portrait(
        persona=persona.label or row["persona"].replace("_", " "),
        factors=dict(zip(scenario.factors, strengths.tolist(), strict=True)),
        status=row["status"], satisfaction=float(row["satisfaction"]), patience=float(row["patience"]),
        tolerance=float(row["irritation_tolerance"]), joined_day=float(row["joined_at"]) - scenario.warm_up,
        left_day=float(row["left_at"]) - scenario.warm_up,
        competitor=str(lost["competitor"].iloc[-1]) if len(lost) else "", ledger={},
    )  # fmt: skip
    return portrait, float(promised_levels(newborn, np.array([customer])).mean())


def _fate(who: Portrait) -> str:
    points = f"{50 + 50 * who.satisfaction:.0f} of 100"
    if who.status == "left":
        return f"left on day {who.left_day:.0f}"
    if who.status == "active":
        return f"still a customer, satisfied with {points}"
    return {"drifted": "drifted away", "ended": "no longer in need"}[who.status] + f" on day {who.left_day:.0f}"


def _why(scenario: Scenario, events: list[dict[str, Any]], promised: float) -> str:
    first = next((event for event in events if event["event"] == "journey_begins"), None)
    if first is None:
        return "No need arose in this time."
    wanted, enough, expected = (_mean(first, level) for level in ("desired", "adequate", "predicted"))
    told = f"At first expected {expected:.0f} of 100, wanted {wanted:.0f}, would have put up with {enough:.0f}"
    if any(stop.kind == "message" for stop in scenario.touchpoints.values()):
        told += f"; had been promised {100 * promised:.0f}"
    return told + "."


def _mean(event: dict[str, Any], level: str) -> float:
    return 100.0 * float(np.mean([event[f"{level}_{name}"] for name in DIMENSIONS]))


def _before(events: list[dict[str, Any]], measured: list[dict[str, Any]]) -> Iterator[str]:
    """What is known from the warm-up."""
    earlier = events[: len(events) - len(measured)]
    begun = sum(event["event"] == "journey_begins" for event in earlier)
    poor = sum(bool(event["is_poor"]) for event in earlier)
    if begun:
        yield f"Before day 0: {_count(begun, 'journey')}, {_count(poor, 'poor encounter')}."


def _count(number: int, noun: str) -> str:
    plural = noun[:-1] + "ies" if noun.endswith("fty") else noun + "s"
    return f"{'no' if number == 0 else number} {noun if number == 1 else plural}"


def _lines(scenario: Scenario, events: list[dict[str, Any]]) -> Iterator[Line]:
    """Journey by journey."""
    place = 0
    while place < len(events):
        number, first = events[place]["journey"], place
        while place < len(events) and events[place]["journey"] == number:
            place += 1
        journey = events[first:place]
        if _is_quiet(journey):
            yield _line(journey[0], _quiet_journey(scenario, journey), "")
        else:
            yield from _told(scenario, journey)


def _is_quiet(journey: list[dict[str, Any]]) -> bool:
    """Whether a journey can be told in one line: begun and ended, and nothing in it worth a word."""
    return (
        journey[0]["event"] == "journey_begins" and journey[-1]["event"] == "journey_ends"
        and all(event["event"] in _PLAIN and not _is_notable(event) for event in journey)
    )  # fmt: skip


def _is_notable(event: dict[str, Any]) -> bool:
    waited = np.isfinite(event["wait_minutes"]) and event["wait_minutes"] >= LONG_WAIT_MINUTES
    late = event["event"] == "encounter" and event["days"] > event["promised_days"]  # nan compares as no
    return bool(event["is_poor"] or event["is_failure"] or event["is_wow"] or waited or late
                or event["reason"] == "unresolved")  # fmt: skip


def _quiet_journey(scenario: Scenario, journey: list[dict[str, Any]]) -> str:
    names = stop_names(scenario)
    met = [event for event in journey if event["event"] == "encounter"]
    told = f"A journey without trouble: {_count(len(met), 'encounter')}, none of them poor."
    for event in met:
        if np.isfinite(event["promised_days"]):
            told += (f" {_capital(names[event['touchpoint']])} took {event['days']:.1f} days, "
                     f"{event['promised_days']:.1f} were promised.")  # fmt: skip
    expected, got = _mean(journey[0], "predicted"), float(np.mean([_mean(event, "perceived") for event in met]))
    return f"{told} Expected {expected:.0f}, got {got:.0f}."


def _told(scenario: Scenario, journey: list[dict[str, Any]]) -> Iterator[Line]:
    """A journey with something in it: what is ordinary in one line, the rest word for word."""
    plain: list[dict[str, Any]] = []
    for event in journey:
        if event["event"] == "encounter" and not _is_notable(event) and not np.isfinite(event["days"]):
            plain.append(event)
            continue
        if event["event"] in _QUIET:
            continue
        if plain:
            yield _passed(scenario, plain)
            plain = []
        said = sentence(scenario, event)
        if said:
            yield _line(event, said, _tone(event))
    if plain:
        yield _passed(scenario, plain)


def _passed(scenario: Scenario, events: list[dict[str, Any]]) -> Line:
    names = stop_names(scenario)
    places = list(dict.fromkeys(names[event["touchpoint"]] for event in events))
    listed = places[0] if len(places) == 1 else f"{', '.join(places[:-1])} and {places[-1]}"
    got = float(np.mean([_mean(event, "perceived") for event in events]))
    expected = float(np.mean([_mean(event, "predicted") for event in events]))
    return _line(events[0], f"{_capital(listed)}: nothing worth a word (expected {expected:.0f}, got {got:.0f}).", "")


def _tone(event: dict[str, Any]) -> Tone:
    if event["event"] in _END:
        return "end"
    if event["event"] in _BAD or event["is_poor"] or event["is_failure"] or event["reason"] == "unresolved":
        return "bad"
    return "good" if event["is_wow"] or event["event"] in {"settled", "comes_back"} else ""


def _line(event: dict[str, Any], said: str, tone: Tone) -> Line:
    return Line(float(event["day"]), moment_words(float(event["day"])), _capital(said), tone)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _closing(scenario: Scenario, who: Portrait, events: list[dict[str, Any]]) -> Iterator[str]:
    """The ledger, what others heard, and where it all ends."""
    lived = [event for event in events if np.isfinite(event["utility"])]
    good = sum(event["utility"] for event in lived if event["utility"] > 0)
    bad = -sum(event["utility"] for event in lived if event["utility"] < 0)
    if lived:
        poor = sum(bool(event["is_poor"]) for event in lived)
        pleased = sum(event["utility"] > 0 for event in lived)
        yield (f"The ledger: {_count(len(lived), 'encounter')}, {pleased} of them better than neutral and {poor} poor; "
               f"{good:.1f} good against {bad:.1f} bad.")  # fmt: skip
    if bad > 0:
        yield f"What annoyed: {_shares(scenario, lived, bad)}."
    yield from _heard(scenario, lived, events)
    straw = next((event for event in reversed(events) if event["event"] == "leaves"), None)
    if straw is not None and who.status == "left":
        gone = f"Gone to {who.competitor}" if who.competitor else "Gone"
        yield f"{gone} since day {who.left_day:.0f}, satisfied with {50 + 50 * who.satisfaction:.0f} of 100."
    elif who.left_day + scenario.warm_up >= NEVER:
        yield f"Still a customer at the end, satisfied with {50 + 50 * who.satisfaction:.0f} of 100."


def _shares(scenario: Scenario, lived: list[dict[str, Any]], bad: float) -> str:
    """Where the losses came from, the three largest parts."""
    losses = pd.DataFrame(
        [(event["origin"], event["reason"], -event["utility"]) for event in lived if event["utility"] < 0],
        columns=["origin", "reason", "loss"],
    )  # fmt: skip
    parts = losses.groupby(["origin", "reason"])["loss"].sum().sort_values(ascending=False, kind="stable").head(3)
    names = stop_names(scenario)
    return "; ".join(
        f"{names.get(origin, origin)}, {REASON_LABELS.get(reason, reason)} ({100 * loss / bad:.0f} %)"
        for (origin, reason), loss in cast(Any, parts.items())
    )


def _heard(scenario: Scenario, lived: list[dict[str, Any]], events: list[dict[str, Any]]) -> Iterator[str]:
    """How many people hear of the journeys that ended, by the model's odds."""
    p, ties = scenario.parameters(), scenario.market.network.ties
    told = bad = 0.0
    for number in [event["journey"] for event in events if event["event"] == "journey_ends"]:
        felt = np.array([event["satisfaction"] for event in lived if event["journey"] == number])
        if len(felt) == 0:
            continue
        kept = journey_remembered(
            float(felt[np.argmax(np.abs(felt))]), float(felt[-1]), float(felt.mean()), p["peak_weight"], p["end_weight"]
        )
        people = ties * telling_probability(kept, p["talk_base"], p["talk_slope"], p["talk_negative"])
        told, bad = told + people, bad + (people if kept < 0 else 0.0)
    if told >= 0.1:
        yield f"By the odds, {told:.1f} people heard of it from this customer, {bad:.1f} of them nothing good."


__all__ = ["Line", "Pick", "Story", "picks", "story"]
