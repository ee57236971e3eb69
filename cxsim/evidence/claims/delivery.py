"""Claims about promised and actual days."""

from __future__ import annotations

from collections.abc import Mapping

from cxsim.evidence.claims.claim import Claim, Part, change
from cxsim.evidence.claims.seen import Seen
from cxsim.evidence.claims.worlds import FIRST_TIMERS, SHOP, Settings, days, urgent

PROMISED_FIVE: Settings = {
    "touchpoints.delivery.promise": days(5), "touchpoints.delivery.handling": days(0.5),
    "touchpoints.delivery.handling_correlation": 0, "touchpoints.delivery.carrier_correlation": 0,
    "touchpoints.delivery.causes": {"bad_weather": None, "strike": None, "customs": None},
}  # fmt: skip
"""Five days are promised, to everybody; no outside causes."""

OWN_OPERATIONS: Settings = {
    **PROMISED_FIVE, "touchpoints.delivery.handling": days(0.5, 0.3), "touchpoints.delivery.carrier": days(2.5, 0.8),
    "touchpoints.delivery.causes": {
        "bad_weather": None, "customs": None,
        "strike": {"label": "a strike", "probability": 0.0, "extra": days(5)},
    },
}  # fmt: skip
"""Five days promised, about three taken; a strike outside may add five."""
STRIKE: Settings = {
    "interventions.strike": {"at": "60 days", "until": "120 days",
                             "set": {"touchpoints.delivery.causes.strike.probability": 1.0}},
}  # fmt: skip
SILENT: Settings = {"company.tells_early": 0, "company.explains": 0, "company.tracking": 0}
TOLD: Settings = {"company.tells_early": 1, "company.explains": 1, "company.tracking": 1}


def arriving_after(total: float) -> Settings:
    """Everything arrives after so many days."""
    return {"touchpoints.delivery.carrier": days(total - 0.5)}


def read_first_arrival(seen: Seen) -> Mapping[str, float]:
    """How the arrival of everybody's first parcel is felt, -1 to 1."""
    log = seen.encounters
    ordered = log[(log["event"] == "ordered") & (log["day"] < 30)]
    arrivals = log[(log["event"] == "encounter") & (log["touchpoint"] == "delivery")]
    arrivals = arrivals[arrivals["customer"].isin(ordered["customer"])].drop_duplicates("customer")
    return {"felt at arrival": float(arrivals["satisfaction"].mean()), "arrivals": float(len(arrivals))}


EARLY_LATE = Claim(
    id="early-late",
    claim="The same goods, promised in five days: after three they delight, after seven they disappoint, and the loss "
    "weighs more than the gain.",
    question="How is the arrival of a first parcel felt when it comes two days early, in time, or two days late?",
    base="parcel",
    setting={**FIRST_TIMERS, **PROMISED_FIVE, "horizon": "45 days", "record.encounters": 1500,
             "touchpoints.delivery.grace": "0 days", "rules.overdue_uncertainty": 0.0, "rules.relief_share": 1.0},
    variants={"in five days": arriving_after(5), "in three days": arriving_after(3),
              "in seven days": arriving_after(7)},
    read=read_first_arrival,
    parts=(
        Part("loss of two days late over gain of two days early",
             lambda v: (v("in five days", "felt at arrival") - v("in seven days", "felt at arrival"))
             / (v("in three days", "felt at arrival") - v("in five days", "felt at arrival")), "ratio", 1.3, 2.5),
        Part("felt after three days less after five", change("in three days", "in five days", "felt at arrival"),
             "-1 to 1", above=0),
        Part("felt after seven days less after five", change("in seven days", "in five days", "felt at arrival"),
             "-1 to 1", below=0),
    ),
    design="First orders of customers without a past, every parcel alike, nothing else different. Judged at arrival "
    "alone: noticing the passed date costs nothing here (it has an entry of its own), so that arrival carries the "
    "whole loss.",
    without={"mechanisms.delivery_response": False},
    without_words="early and late are not felt",
    replications=4,
    finding="Early delights and late disappoints, but the loss is about three times the gain, more than the 1.3 to "
    "2.5 of the literature. Two of five days saved lift the level by .16, two days late lower it by .25 "
    "(losses go with plain days, gains with the share saved), and what falls below the zone counts double; "
    "without loss aversion the ratio is still about 2.6. The band of the literature is for equal distances in"
    " quality, not for equal days.",
    source="said by practitioners; ratio 1.3 to 2.5 from Anderson and Sullivan 1993 and later work",
)  # fmt: skip


def read_anger(seen: Seen) -> Mapping[str, float]:
    """What a first order leaves: irritation put down to the delivery, and leaving."""
    orders = seen.stop("delivery", "deliveries")
    place = list(seen.scenario.touchpoints).index("delivery")
    return {
        "irritation per order": float(seen.run.blamed("irritation")[place].sum()) / orders,
        "left per 100 orders": 100.0 * seen.journeys("left") / orders,
        "felt at the delivery": seen.felt(["delivery"]),
    }


def _urgency_gap(name: str) -> Part:
    label = {"irritation per order": "irritation that lateness leaves, urgent less not",
             "left per 100 orders": "leaving that lateness causes, urgent less not"}[name]  # fmt: skip
    unit = {"irritation per order": "utility per order", "left per 100 orders": "customers per 100 orders"}[name]
    return Part(
        label,
        lambda v: (v("urgent, late", name) - v("urgent, in time", name)) - (v("late", name) - v("in time", name)),
        unit, above=0,
    )  # fmt: skip


URGENT_ANGER = Claim(
    id="urgent-anger",
    claim="Lateness on a time-sensitive order turns disappointment into anger.",
    question="Does the same lateness leave more irritation, and more leaving, when the order was urgent?",
    base="parcel",
    setting={**FIRST_TIMERS, **PROMISED_FIVE, "horizon": "120 days"},
    variants={"in time": {**urgent(0), **arriving_after(4)}, "late": {**urgent(0), **arriving_after(8)},
              "urgent, in time": {**urgent(1), **arriving_after(4)},
              "urgent, late": {**urgent(1), **arriving_after(8)}},
    read=read_anger,
    parts=(_urgency_gap("irritation per order"), _urgency_gap("left per 100 orders")),
    design="Two by two: urgent or not, in time or late, the same orders and the same days. The effect is the "
    "difference of differences, so that what urgency does to an order in time does not count. Anger is the irritation "
    "stored up, which is what drives people out.",
    without={"mechanisms.urgency": False, "factors.transitory_intensifiers.adequate": 0},
    without_words="urgency neither makes late later nor raises what is acceptable",
    replications=6,
    source="said by practitioners; Taylor 1994 for anger over delays",
)  # fmt: skip


def read_cohort(seen: Seen) -> Mapping[str, float]:
    """Satisfaction of the whole cohort and the share that left."""
    return {"satisfaction": seen.satisfaction, "left": 100.0 * seen.left_share}


OUTSIDE_DELAY = Claim(
    id="outside-delay",
    claim="Delays from outside hurt satisfaction although the firm's own operations did not change.",
    question="What does a strike of two months at the carrier do to the satisfaction of the shop's customers?",
    base="parcel",
    setting={**SHOP, **OWN_OPERATIONS, "horizon": "135 days"},
    variants={"no strike": {}, "strike": STRIKE},
    read=read_cohort,
    parts=(Part("satisfaction of the cohort", change("strike", "no strike", "satisfaction"), "0 to 100", below=0),
           Part("share who left", change("strike", "no strike", "left"), "percentage points", above=0)),
    design="Handling and carrier days are drawn alike in both worlds; only the outside cause adds days. The whole "
    "cohort counts, those who left at the satisfaction they left with.",
    without={"mechanisms.delivery_response": False, "touchpoints.delivery.overdue_contact_probability": 0},
    without_words="late is not felt, and nobody asks where the order is",
    replications=6,
    source="said by practitioners",
)  # fmt: skip


def read_delayed_orders(seen: Seen) -> Mapping[str, float]:
    """What is felt at the delivery, notice and arrival together, per order of the time of the strike."""
    window = {"first": 60, "last": 135}
    felt = seen.stop("delivery", "satisfaction", **window) / seen.stop("delivery", "deliveries", **window)
    return {"felt per order": felt, "satisfaction": seen.satisfaction, "left": 100.0 * seen.left_share}


COMMUNICATION_LIMITS = Claim(
    id="communication-limits",
    claim="Telling customers of a delay and explaining it wins back part of what the delay costs, not all of it.",
    question="Of what a strike costs in felt satisfaction, which share do an early word, a reason and tracking save?",
    base="parcel",
    setting={**SHOP, **OWN_OPERATIONS, "horizon": "135 days"},
    variants={"no strike": SILENT, "strike, silence": {**STRIKE, **SILENT}, "strike, told": {**STRIKE, **TOLD}},
    read=read_delayed_orders,
    parts=(
        Part("share of the loss per order won back",
             lambda v: (v("strike, told", "felt per order") - v("strike, silence", "felt per order"))
             / (v("no strike", "felt per order") - v("strike, silence", "felt per order")), "share", 0, 1),
        Part("customers kept by telling", change("strike, silence", "strike, told", "left"), "percentage points",
             above=0),
    ),
    design="The same strike, the same days; told means all of them, early, with the reason, with tracking. Felt per "
    "order adds the passed date and the arrival.",
    without={"mechanisms.communication": False, "mechanisms.buffering": False, "mechanisms.betrayal": False,
             "factors.situational_factors.adequate": 0},
    without_words="words soften nothing, and blame makes no difference",
    replications=6,
    source="said by practitioners; Hui and Tse 1996; Taylor 1995",
)  # fmt: skip


def read_talk(seen: Seen) -> Mapping[str, float]:
    """Complaints, contacts and tellings about orders of the time of the strike."""
    window = {"first": 70, "last": 130}
    orders = seen.journeys("journeys", **window)
    good, bad = seen.journeys("told_good", **window), seen.journeys("told_bad", **window)
    return {
        "complaints": 100.0 * seen.journeys("complaints", **window) / orders,
        "net tellings": 100.0 * (good - bad) / orders,
        "good tellings": 100.0 * good / orders,
        "bad tellings": 100.0 * bad / orders,
    }


GRACEFUL_DELAY = Claim(
    id="graceful-delay",
    claim="The same delays, handled with grace, earn praise where silence earns complaints.",
    question="Every parcel is days late. Does grace (told early, explained, made good) turn complaints into praise?",
    base="parcel",
    setting={**SHOP, **OWN_OPERATIONS, "horizon": "135 days"},
    variants={
        "silence": {**STRIKE, **SILENT, "desks.support.resolution": 0.6, "desks.support.recovery": 0.2},
        "grace": {**STRIKE, **TOLD, "desks.support.resolution": 0.95, "desks.support.recovery": 0.8,
                  "desks.support.knows_history": True},
    },
    read=read_talk,
    parts=(
        Part("complaints per 100 orders", change("grace", "silence", "complaints"), "per 100 orders", below=0),
        Part("net tellings per 100 orders, grace less silence", change("grace", "silence", "net tellings"),
             "per 100 orders", above=0),
        Part("net tellings per 100 orders with grace (praise outweighs blame)", lambda v: v("grace", "net tellings"),
             "per 100 orders", above=0),
    ),
    design="The same late parcels in both worlds, every one of them late, so that all that is told in that time is "
    "told of late orders.",
    without={"mechanisms.communication": False, "mechanisms.buffering": False, "mechanisms.betrayal": False,
             "mechanisms.informed_staff": False, "factors.situational_factors.adequate": 0},
    without_words="words soften nothing, blame makes no difference, staff know nothing",
    replications=6,
    source="said by practitioners",
)  # fmt: skip

CLAIMS = (EARLY_LATE, URGENT_ANGER, OUTSIDE_DELAY, COMMUNICATION_LIMITS, GRACEFUL_DELAY)
