"""Claims about memory, goodwill, complaints, talk and leaving."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from cxsim.evidence.claims.claim import Array, Claim, Part, Values, change, level
from cxsim.evidence.claims.expectations import wows
from cxsim.evidence.claims.seen import Seen
from cxsim.evidence.claims.worlds import (
    FAILING,
    FIRST_TIMERS,
    NO_EXIT,
    SHOP,
    STOPS,
    Settings,
    each_persona,
    even,
    nothing_fails,
    quality,
    spread,
)

CALM_SHOP: Settings = {
    **SHOP, **nothing_fails(("order", "delivery", "return", "billing")), "mechanisms.delivery_response": False,
    "desks.support.servers": 20, "touchpoints.use.wow": None,
}  # fmt: skip
"""The shop without anything that goes wrong but the product's own failures, which claims set."""


def use_fails(probability: float) -> Settings:
    """The item fails with this chance, nobody calls about it."""
    return {"touchpoints.use.failure": {"probability": probability, "severity": {"product": 0.5},
                                        "contact_probability": 0.0, "contact": None}}  # fmt: skip


_THE_FAILURE: Settings = {"interventions.failure": {
    "at": "180 days", "until": "220 days", "set": {"touchpoints.use.failure.probability": 1.0}}}  # fmt: skip
_NOW_THEY_MAY_LEAVE: Settings = {"interventions.may_leave": {"at": "180 days", "set": {"rules.leave_base": -3.5}}}


def read_after_the_failure(seen: Seen) -> Mapping[str, float]:
    """Leaving and irritation after the day from which everybody's item fails once."""
    place = list(seen.scenario.touchpoints).index("use")
    return {
        "left": 100.0 * seen.left_share,
        "irritation": float(seen.run.blamed("irritation")[place].sum()) / max(len(seen.cohort), 1),
        "satisfaction": seen.satisfaction,
    }


def _history(name: str) -> Part:
    label = {"left": "leaving that the failure causes, patchy less consistent history",
             "satisfaction": "satisfaction that the failure costs, patchy less consistent history"}[name]  # fmt: skip
    sign = 1.0 if name == "left" else -1.0
    return Part(
        label,
        lambda v: sign * ((v("patchy, failure", name) - v("patchy", name))
                          - (v("consistent, failure", name) - v("consistent", name))),
        "percentage points" if name == "left" else "0 to 100", above=0,
    )  # fmt: skip


BASELINE_FORGIVENESS = Claim(
    id="baseline-forgiveness",
    claim="The same single failure costs less after a consistent history than after a patchy one.",
    question="Half a year of even or of uneven service, equally good on average; then the same failure. Who leaves?",
    base="parcel",
    setting={**CALM_SHOP, **use_fails(0.0), **NO_EXIT, **_NOW_THEY_MAY_LEAVE, "horizon": "260 days",
             "population.look_back": False, "population.customers": 2000},
    variants={
        name + tail: {**spread(width), "interventions.same_again": {
            "at": "180 days", "set": {f"touchpoints.{stop}.quality_sd": even(0.1) for stop in STOPS}}, **failure}
        for name, width in (("consistent", 0.03), ("patchy", 0.2))
        for tail, failure in (("", {}), (", failure", _THE_FAILURE))
    },
    read=read_after_the_failure,
    parts=(_history("left"), _history("satisfaction")),
    design="Equal mean quality in both histories; from day 180 on everybody is served alike, and in two of the four "
    "worlds every item bought in 40 days fails. Nobody can leave before that, so that both groups are whole. The "
    "effect is a difference of differences: what the history does by itself does not count.",
    without={"mechanisms.goodwill": False, "mechanisms.learning": False, "rules.leave_satisfaction": 0,
             "rules.irritation_half_life_days": 0.1},
    without_words="the past leaves no trace: no goodwill, nothing learned, irritation gone at once, satisfaction holds "
    "nobody",
    replications=8,
    finding="After a patchy history the same failure drives out half as many again. But it does not take more from "
    "what is remembered: those with a patchy history think less of the firm already, and have less to lose. "
    "Goodwill by itself carries little of this (9.4 points, 9.1 without it); most comes from irritation not "
    "yet forgotten, satisfaction that holds less, and a raised bar.",
    source="said by practitioners; Hess, Ganesan and Klein 2003",
)  # fmt: skip


def read_refunds(seen: Seen) -> Mapping[str, float]:
    """Refunds, complaints and leavers per customer-year."""
    years = seen.person_years()
    return {
        "complaints": 100.0 * seen.journeys("complaints") / years,
        "refunds": seen.journeys("refunds") / years,
        "left": 100.0 * seen.journeys("left") / years,
    }


_CHANCES = {"order": 0.01, "delivery": 0.012, "use": 0.02, "return": 0.08, "billing": 0.012}
BASELINE_REFUNDS = Claim(
    id="baseline-refunds",
    claim="An unmet baseline brings refunds and complaints, not only exits.",
    question="Three times as much goes wrong: what comes of it beside those who leave?",
    base="parcel",
    setting=SHOP,
    variants={"as it is": {}, "three times as much goes wrong": {
        f"touchpoints.{stop}.failure.probability": 3 * chance for stop, chance in _CHANCES.items()}},
    read=read_refunds,
    parts=(
        Part("complaints", change("three times as much goes wrong", "as it is", "complaints"),
             "per 100 customer-years", above=0),
        Part("refunds", change("three times as much goes wrong", "as it is", "refunds"), "money per customer-year",
             above=0),
        Part("exits", change("three times as much goes wrong", "as it is", "left"), "per 100 customer-years", above=0),
    ),
    design="Only the chances of failure differ. Rates are per year that customers were there, so that those who left "
    "are not missed as complainers.",
    without={"mechanisms.voice": False} | {f"touchpoints.{stop}.failure.contact_probability": 0 for stop in FAILING},
    without_words="nobody complains, and failures lead to no contacts",
    replications=6,
    source="said by practitioners; Goodman for the shares that speak",
)  # fmt: skip


def read_tellings(seen: Seen) -> Mapping[str, float]:
    """Tellings per 100 orders: all, good, bad, and good less bad."""
    orders = seen.journeys("journeys")
    good, bad = 100.0 * seen.journeys("told_good") / orders, 100.0 * seen.journeys("told_bad") / orders
    return {"tellings": good + bad, "net": good - bad, "good": good, "bad": bad}


NARRATIVE = Claim(
    id="narrative",
    claim="What customers tell follows the ratio of delightful to bad experiences; merely met baselines leave silence.",
    question="Who is talked about: the firm that merely does its job, the one that delights, or the one that fails?",
    base="parcel",
    setting={**CALM_SHOP, **use_fails(0.0), **quality(0.56), **spread(0.05)},
    variants={"merely met": {}, "delights": wows(0.15, 0.25), "fails": use_fails(0.15),
              "delights and fails": {**wows(0.15, 0.25), **use_fails(0.15)}},
    read=read_tellings,
    parts=(
        Part("tellings, the quieter of delighting and failing less merely met",
             lambda v: np.minimum(v("delights", "tellings"), v("fails", "tellings")) - v("merely met", "tellings"),
             "per 100 orders", above=0),
        Part("tellings where merely met, over those of delighting and failing",
             lambda v: 2.0 * v("merely met", "tellings")
             / np.maximum(v("delights", "tellings") + v("fails", "tellings"), 1e-9), "ratio",
             below=0.5),
        Part("good less bad tellings, delights less delights and fails",
             change("delights", "delights and fails", "net"), "per 100 orders", above=0),
        Part("good less bad tellings, delights and fails less fails", change("delights and fails", "fails", "net"),
             "per 100 orders", above=0),
    ),
    design="The same shop on an even level in the middle of the zone of tolerance; surprises and failures are added. "
    "Tellings per order, so that those who left do not make it quieter.",
    without={"mechanisms.word_of_mouth": False},
    without_words="nobody tells anybody",
    replications=6,
    reported=(("tellings where the baseline is merely met", level("merely met", "tellings"), "per 100 orders"),
              ("tellings of the firm that delights", level("delights", "tellings"), "per 100 orders"),
              ("tellings of the firm that fails", level("fails", "tellings"), "per 100 orders")),
    finding="Talk follows delight and failure, but a merely met baseline is not silent: it is told of two thirds as "
    "often. Customers differ in what they want, so the same level delights some and disappoints others, and "
    "the rule of telling has no threshold. Nor do delights make up for failures in what is told: they raise "
    "the bar, and with the rising bar switched off they do.",
    source="said by practitioners; Anderson 1998 for talk that grows to both sides",
)  # fmt: skip


def read_nps(seen: Seen) -> Mapping[str, float]:
    """NPS of those present, and with those who left."""
    return {"of those present": seen.measure("nps_measured"), "with the lost": seen.measure("nps_all")}


NPS_SURVIVORS = Claim(
    id="nps-survivors",
    claim="The NPS of those who remain hides those who left.",
    question="How much higher is the NPS among those still there than among all whom the firm served?",
    base="parcel",
    setting=SHOP,
    variants={"the shop": {}},
    read=read_nps,
    parts=(Part("NPS of those present less NPS with the lost",
                lambda v: v("the shop", "of those present") - v("the shop", "with the lost"), "points", above=0),),
    design="One world, two ways of asking: the answers of those present after a year, and the same with those who left "
    "in that year, at the satisfaction they left with.",
    without={"mechanisms.leaving": False},
    without_words="nobody leaves",
    replications=6,
    source="said by practitioners",
)  # fmt: skip

IRRITABLE: Settings = {
    **SHOP, **nothing_fails(), "mechanisms.delivery_response": False, "desks.support.servers": 20,
    "touchpoints.use.wow": None, "horizon": "365 days",
    **each_persona("journeys_per_year", "26 per year"),
    **each_persona("irritation_tolerance", {"mean": 0.4, "sd": 0.1}), "population.customers": 600,
    "record.encounters": 150,
}  # fmt: skip


def read_blow_ups(seen: Seen) -> Mapping[str, float]:
    """Blow-ups per 100 customer-years, and the share of the last trifle in the irritation it met."""
    blow_ups = sum(seen.stop(stop, "blow_ups") for stop in seen.scenario.touchpoints)
    log = seen.encounters
    log = log[log["event"].isin(["encounter", "overdue", "gave_up", "blow_up"]) & (log["day"] >= 0)]
    before = log.shift(1)
    burst = (log["event"] == "blow_up") & (before["customer"] == log["customer"])
    importance = before["touchpoint"].map({name: stop.importance for name, stop in seen.scenario.touchpoints.items()})
    added = (-before["utility"] * importance)[burst].clip(lower=0)
    stored = before["irritation"][burst]
    share = float((added / stored).median()) if burst.any() else 0.0
    return {"blow-ups": 100.0 * blow_ups / seen.person_years(), "share of the trifle": share}


SMALL_IRRITATIONS = Claim(
    id="small-irritations",
    claim="Many minor irritations end in a blow-up over a trifle.",
    question="Nothing ever goes badly wrong, but something small does at every third stop. Does it end in a bang?",
    base="parcel",
    setting=IRRITABLE,
    variants={
        "nothing": {},
        "many trifles": {f"touchpoints.{stop}.failure": {"probability": 0.3, "severity": even(0.22)}
                         for stop in ("site", "order", "billing", "use")},
    },
    read=read_blow_ups,
    parts=(
        Part("blow-ups", change("many trifles", "nothing", "blow-ups"), "per 100 customer-years", above=0),
        Part("share of the last trifle in the irritation stored (median)",
             level("many trifles", "share of the trifle"), "share", 0, 0.5),
    ),
    design="Frequent shoppers with little tolerance; failures are small and never lead to a contact. A trifle: what "
    "tips it is less than half of what had built up.",
    without={"mechanisms.blow_up": False},
    without_words="irritation never boils over",
    replications=6,
    source="said by practitioners",
)  # fmt: skip


def read_invoices(seen: Seen) -> Mapping[str, float]:
    """Contacts put down to the bill, and all contacts, per 100 orders."""
    orders = seen.journeys("journeys")
    place = list(seen.scenario.touchpoints).index("billing")
    return {
        "contacts about the bill": 100.0 * float(seen.run.blamed("contacts")[place].sum()) / orders,
        "contacts": 100.0 * seen.journeys("contacts") / orders,
    }


ERROR_BEGETS_TRANSACTION = Claim(
    id="error-begets-transaction",
    claim="A wrong invoice creates a transaction of its own: the complaint about it.",
    question="One invoice in ten is wrong instead of none: how many more contacts does the desk get?",
    base="parcel",
    setting=SHOP,
    variants={"invoices are right": {"touchpoints.billing.failure.probability": 0.0},
              "one in ten is wrong": {"touchpoints.billing.failure.probability": 0.1}},
    read=read_invoices,
    parts=(
        Part("contacts put down to the bill", change("one in ten is wrong", "invoices are right",
             "contacts about the bill"), "per 100 orders", above=0),
        Part("all contacts", change("one in ten is wrong", "invoices are right", "contacts"), "per 100 orders",
             above=0),
    ),
    design="Only the invoices differ. Contacts are put down to the stop that caused them, also when they return.",
    without={"touchpoints.billing.failure.contact_probability": 0.0, "mechanisms.voice": False},
    without_words="a wrong invoice leads to no contact, and nobody complains",
    replications=6,
    source="said by practitioners",
)  # fmt: skip


def _better(first: int, last: int) -> Settings:
    """Better service for some months: everything a little better, half the failures."""
    set_: Settings = {f"touchpoints.{stop}.failure.probability": chance for stop, chance in _CHANCES.items()}
    for stop in STOPS:
        set_[f"touchpoints.{stop}.quality"] = even(0.80)
    return {"interventions.better": {"at": f"{first} days", "until": f"{last} days", "set": set_}}


def read_breakdown(seen: Seen) -> Mapping[str, float]:
    """Who has left by the end, who left after both times of better service, and how many encounters were better."""
    after = seen.journeys("left", first=480)
    return {
        "left": 100.0 * seen.left_share,
        "left later": 100.0 * after / max(seen.person_years(first=480), 1e-9),
        "better encounters": sum(seen.stop(stop, "encounters", 0, 120) for stop in STOPS),
        "better encounters, late": sum(seen.stop(stop, "encounters", 360, 480) for stop in STOPS),
    }


EARLY_EXPERIENCE = Claim(
    id="early-experience",
    claim="The same improvement in the first journeys prevents more later breakdown than the same improvement late.",
    question="Four months of better service: in the first four months of the relationship, or a year later?",
    base="parcel",
    setting={**FIRST_TIMERS, **quality(0.72), "horizon": "720 days", "population.customers": 2000,
             "mechanisms.delivery_response": False,
             **{f"touchpoints.{stop}.failure.probability": 2 * chance for stop, chance in _CHANCES.items()}},
    variants={"better late": _better(360, 480), "better early": _better(0, 120)},
    read=read_breakdown,
    parts=(
        Part("share who left within two years, early less late", change("better early", "better late", "left"),
             "percentage points", below=0),
        Part("leaving per year after both times, early less late",
             change("better early", "better late", "left later"), "per 100 customer-years", below=0),
    ),
    design="Everybody is new on the first day. Four months of better quality and half the failures, early or late; "
    "four more months follow in which all are served alike again. Early reaches a few more encounters, because nobody "
    "has left yet; how many is reported.",
    without={"mechanisms.early_weight": False, "mechanisms.goodwill": False},
    without_words="first journeys weigh no more, and goodwill does not build",
    replications=8,
    reported=(("encounters made better, early over late",
               lambda v: v("better early", "better encounters") / v("better late", "better encounters, late"),
               "ratio"),),
    finding="The model says the contrary: those served better at first leave more often in two years. A good start "
    "raises the bar, and ordinary service then disappoints: with the rising bar switched off the difference "
    "shrinks by more than a third, from 2.0 to 1.2 points. The rest may be that a later improvement is "
    "fresher when leaving is counted. First journeys do weigh more: without that the difference would be "
    "larger still. After both times the rate of leaving does not clearly differ.",
    source="said by practitioners; Bolton 1998 for prior satisfaction as an anchor",
)  # fmt: skip


def read_saved(seen: Seen) -> Mapping[str, float]:
    """Leavers per 1,000 customer-years."""
    return {"left": 1000.0 * seen.journeys("left") / seen.person_years()}


def _savings(values: Values) -> Array:
    """Leavers that every touchpoint would save if it were flawless: (touchpoints, replications)."""
    return np.array([values("as it is", "left") - values(stop, "left") for stop in STOPS])


def _first_three(values: Values) -> np.ndarray:
    """Per replication, the three touchpoints that save most in the other replications: (3, replications).

    Chosen and measured on different luck, so that choosing the best flatters nobody.
    """
    savings = _savings(values)
    others = savings.sum(axis=1, keepdims=True) - savings
    return np.argsort(-others, axis=0)[:3]


def _share_of_three(values: Values) -> Array:
    savings = _savings(values)
    three = np.take_along_axis(savings, _first_three(values), axis=0).sum(axis=0)
    total = savings.sum(axis=0)
    share: Array = np.where(total > 0, three / np.where(total > 0, total, 1.0), np.nan)
    return share


def _three_beyond_rest(values: Values) -> Array:
    savings = _savings(values)
    three = np.take_along_axis(savings, _first_three(values), axis=0).sum(axis=0)
    beyond: Array = three / 3.0 - (savings.sum(axis=0) - three) / (len(STOPS) - 3.0)
    return beyond


MOMENTS_OF_TRUTH = Claim(
    id="moments-of-truth",
    claim="A few touchpoints carry most of the defection; being flawless there beats equal effort elsewhere.",
    question="Every touchpoint is made flawless in turn. Do three of nine save more than half of what all save?",
    base="parcel",
    setting={**SHOP, "population.customers": 2000},
    variants={"as it is": {}} | {stop: {f"touchpoints.{stop}.flawless": True} for stop in STOPS},
    read=read_saved,
    parts=(
        Part("share of all savings that the first three touchpoints bring", _share_of_three, "share", above=0.5),
        Part("customers kept by one of the first three less by one of the others (mean)", _three_beyond_rest,
             "per 1,000 customer-years", above=0),
    ),
    design="Flawless: nothing fails, nothing is late, no wait is felt there, and whatever it causes elsewhere does not "
    "happen. Equal effort means one touchpoint made flawless. The first three are chosen on other replications than "
    "they are measured on.",
    replications=4,
    replications_least=2,  # the first three are chosen on others
    source="said by practitioners; Carlzon's moments of truth",
)  # fmt: skip

CLAIMS = (
    BASELINE_FORGIVENESS, BASELINE_REFUNDS, NARRATIVE, NPS_SURVIVORS, SMALL_IRRITATIONS, ERROR_BEGETS_TRANSACTION,
    EARLY_EXPERIENCE, MOMENTS_OF_TRUTH,
)  # fmt: skip
