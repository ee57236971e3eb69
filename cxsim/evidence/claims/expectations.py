"""Claims about what customers expect, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cxsim.evidence.claims.claim import Array, Claim, Effect, Part, Values, change, level
from cxsim.evidence.claims.seen import Seen
from cxsim.evidence.claims.worlds import (
    FIRST_TIMERS,
    NO_EXIT,
    PERSONAS,
    SHOP,
    STOPS,
    Settings,
    each_persona,
    even,
    nothing_fails,
    quality,
    spread,
)

DIMENSIONS = ("people", "product", "process")
FACTORS = (
    "enduring_intensifiers", "personal_needs", "transitory_intensifiers", "perceived_alternatives",
    "self_perceived_role", "situational_factors", "explicit_promises", "implicit_promises", "word_of_mouth",
    "past_experience",
)  # fmt: skip
CLOSED_SHOP_DOOR: Settings = {**each_persona("journeys_per_year", "0.001 per year"), "horizon": "2 days"}
"""Nobody buys: what customers expect before any experience of their own."""


def read_spread(seen: Seen) -> Mapping[str, float]:
    """Spread over customers of what they desire, predict and hold for adequate, and who carries it."""
    spreads = {name: float(np.mean([seen.cohort[f"{name}_{d}"].std() for d in DIMENSIONS]))
               for name in ("desired", "predicted", "adequate")}  # fmt: skip
    return {"spread": float(np.mean(list(spreads.values()))), **spreads, "in hand": _in_hand(seen, spreads)}


def _in_hand(seen: Seen, spreads: Mapping[str, float]) -> float:
    """Share of the spread (variance) of the three levels that controllable and influenceable factors carry."""
    carried = 0.0
    for name, found in seen.run.influence.items():
        if seen.run.control[name] != "uncontrollable":
            carried += sum(spreads[level] ** 2 * float(np.nan_to_num(found[level])) for level in spreads)
    return carried / sum(value**2 for value in spreads.values())


FACTORS_DIFFER = Claim(
    id="factors-differ",
    claim="Exposure to the ten factors alone spreads what customers expect.",
    question="The same firm and the same promises: how far apart are expectations before any experience?",
    base="parcel",
    setting={**FIRST_TIMERS, **CLOSED_SHOP_DOOR},
    variants={
        "as people are": {},
        "all alike": {f"factors.{name}.sd": 0 for name in FACTORS}
        | {f"personas.{persona}.factors.{name}": {"mean": 0.5, "sd": 0} for persona in PERSONAS for name in FACTORS},
    },
    read=read_spread,
    parts=tuple(
        Part(f"spread (sd) of the {word} level", change("as people are", "all alike", name), "level", above=0)
        for name, word in (("spread", "mean"), ("desired", "desired"), ("predicted", "predicted"),
                           ("adequate", "adequate"))
    ),
    design="Nobody has bought yet; the worlds differ only in whether customers differ in the ten factors. Which share "
    "the firm has in hand is reported, not aimed at.",
    replications=4,
    reported=(("share of the spread (variance) that the five controllable or influenceable factors carry",
               level("as people are", "in hand"), "share"),),
    source="said by practitioners; factors after Zeithaml, Berry and Parasuraman 1993",
)  # fmt: skip

LOUD, MODEST, MEAN = even(0.87), even(0.61), even(0.74)
TWO_CHANNELS: Settings = {
    "touchpoints.advert.next": {"site": None, "website": 1},
    "touchpoints.website": {"kind": "message", "label": "what the site promises", "channel": "website",
                            "weights": {"people": 0.1, "product": 0.5, "process": 0.4},
                            "quality": {"people": 0.72, "product": 0.74, "process": 0.74}, "next": {"site": 1}},
}  # fmt: skip
"""Advert and website are met one after the other in every journey, so that both are heard equally often."""


def promised(advert: Mapping[str, float], website: Mapping[str, float]) -> Settings:
    """What the two channels promise."""
    return {"company.promises.advert": dict(advert), "company.promises.website": dict(website)}


def read_gap(seen: Seen) -> Mapping[str, float]:
    """Gap between perceived and predicted, satisfaction and leaving."""
    return {"gap": seen.per_encounter("gap"), "satisfaction": seen.satisfaction, "left": 100.0 * seen.left_share}


def _two_voices(name: str) -> Part:
    words = {"gap": ("gap (perceived less predicted)", "level"), "left": ("share who left", "percentage points")}[name]
    bounds: dict[str, Any] = {"below": 0.0, "negligible": 0.001} if name == "gap" else {"above": 0.0, "negligible": 0.3}
    return Part(
        f"{words[0]}, two voices less one",
        lambda v: 0.5 * (v("loud advert", name) + v("loud website", name)) - v("one voice", name), words[1], **bounds,
    )  # fmt: skip


MESSAGE_CONSISTENCY = Claim(
    id="message-consistency",
    claim="With the same promise on average, channels that disagree make a larger gap and more defection.",
    question="Advert and website promise the same, or one much and the other little: what happens to gap and leaving?",
    base="parcel",
    setting={**SHOP, **TWO_CHANNELS, "population.customers": 2000},
    variants={"one voice": promised(MEAN, MEAN), "loud advert": promised(LOUD, MODEST),
              "loud website": promised(MODEST, LOUD)},
    read=read_gap,
    parts=(_two_voices("gap"), _two_voices("left")),
    design="Both channels are heard in every journey; the one heard last counts more, so the two orders (loud first, "
    "loud last) are averaged. The mean promise is the same in all worlds.",
    without={"mechanisms.inconsistent_promises": False, "factors.explicit_promises.desired": 0},
    without_words="promises that disagree make nobody unsure, and the loudest raises no wish",
    replications=8,
    finding="A promise moves what is predicted by the same share up and down, so voices that disagree average out: "
    "the mean gap cannot change. Disagreement makes customers unsure, but in the model being unsure only "
    "makes them learn faster; nothing makes an uncertain firm less attractive. Judged on the mean over "
    "customers who hear all channels; the claim needs a cost of being unsure that the model lacks.",
    source="said by practitioners; Rust, Inman, Jia and Zahorik 1999 for variance as risk",
)  # fmt: skip


def read_months(seen: Seen) -> Mapping[str, float]:
    """Gap by month."""
    gaps = {f"month {month + 1}": seen.per_encounter("gap", first=30 * month, last=30 * month + 30)
            for month in range(12)}  # fmt: skip
    return {"last month": gaps["month 12"], **gaps}


def _months(values: Values, name: str, count: int = 12) -> Array:
    """What was read month by month: (months, replications)."""
    return np.array([values(name, f"month {month + 1}") for month in range(count)])


def _slope(values: Values) -> Array:
    """Rise per month of what putting promises right does to the gap."""
    months = _months(values, "put right") - _months(values, "as promised")
    centred = np.arange(12) - 5.5
    slope: Array = (centred[:, None] * months).sum(axis=0) / float((centred**2).sum())
    return slope


CONTROL_CLOSES_GAP = Claim(
    id="control-closes-gap",
    claim="Getting every controllable factor right shrinks the gap month by month.",
    question="A firm that promises too much begins to promise what it delivers: what becomes of the gap?",
    base="parcel",
    setting={**SHOP, **promised(even(0.88), even(0.88)), "company.implied": 0.85},
    variants={
        "as promised": {},
        "put right": {"interventions.honesty": {"at": "0 days", "set": {
            "company.promises.advert": even(0.74), "company.promises.website": even(0.74), "company.implied": 0.74}}},
    },
    read=read_months,
    parts=(
        Part("gap in the twelfth month, put right less as promised", change("put right", "as promised", "last month"),
             "level", above=0),
        Part("rise of that difference per month", _slope, "level per month", above=0),
    ),
    design="The same world up to the day; from then on explicit and implicit promises say what is delivered on "
    "average (.74). Nothing else changes.",
    without={"mechanisms.messages": False},
    without_words="promises met on the way move nothing that is predicted",
    replications=6,
    reported=(("gap that remains in the twelfth month", level("put right", "last month"), "level"),
              ("gap in the first month", level("put right", "month 1"), "level")),
    source="said by practitioners",
)  # fmt: skip


def read_first_service(seen: Seen) -> Mapping[str, float]:
    """How everybody's first stop after the advert, the site, is judged, -1 to 1."""
    log = seen.encounters
    first = log[(log["event"] == "encounter") & (log["touchpoint"] == "site")].drop_duplicates("customer")
    perceived = first[[f"perceived_{d}" for d in DIMENSIONS]].mean(axis=1)
    return {"satisfaction": float(first["satisfaction"].mean()), "perceived": float(perceived.mean())}


BEFORE_FIRST_CONTACT = Claim(
    id="before-first-contact",
    claim="What people met before their first interaction changes how the identical first service is judged.",
    question="Two firms serve a first visit alike. One had loud adverts and a fine reputation before it, the other "
    "modest ones. Is the same visit judged alike?",
    base="parcel",
    setting={**FIRST_TIMERS, "horizon": "40 days", "record.encounters": 1500},
    variants={
        "modest before": {**promised(even(0.6), even(0.6)), "market.reputation": 0.6, "company.implied": 0.6},
        "loud before": {**promised(even(0.9), even(0.9)), "market.reputation": 0.9, "company.implied": 0.9},
    },
    read=read_first_service,
    parts=(
        Part("satisfaction with the first service, loud less modest",
             change("loud before", "modest before", "satisfaction"), "-1 to 1", differs=True),
        Part("quality as perceived, loud less modest", change("loud before", "modest before", "perceived"), "level",
             differs=True),
    ),
    design="The first visit of people without a past. What is delivered is drawn alike, level for level; only what was "
    "heard before differs.",
    without={"mechanisms.perception_bias": False, "rules.predicted_effect": 0, "factors.explicit_promises.desired": 0},
    without_words="expectations colour nothing and move neither wishes nor limits",
    replications=4,
    source="said by practitioners; Boulding et al. 1993 for the pull of predictions on perception",
)  # fmt: skip

STEADY_WORLD: Settings = {
    **FIRST_TIMERS, **NO_EXIT, **nothing_fails(), "population.customers": 800, "horizon": "720 days",
    "touchpoints.use.wow": None, "mechanisms.delivery_response": False, "desks.support.servers": 20,
    "mechanisms.word_of_mouth": False,
}  # fmt: skip
"""Nothing but quality: no failures, no queues, nothing late, nobody leaves, nobody talks."""


def wows(chance: float, size: float) -> Settings:
    """Wows at every stop."""
    return {f"touchpoints.{stop}.wow": {"probability": chance, "size": even(size)} for stop in STOPS}


def read_start_and_end(seen: Seen) -> Mapping[str, float]:
    """Felt satisfaction with encounters in the first 60 and the last 120 days, and the memory kept at the end."""
    return {"at the end": seen.felt(first=600), "at the start": seen.felt(last=60), "satisfaction": seen.satisfaction}


WOW_RAISES_BAR = Claim(
    id="wow-raises-bar",
    claim="Wow now and then, with ordinary service between, begins above steady good service of the same average "
    "quality and ends below it.",
    question="One encounter in ten delights, or all are a little better: which satisfies more after two years?",
    base="parcel",
    setting=STEADY_WORLD,
    variants={"steady": quality(0.73), "wow now and then": {**quality(0.71), **wows(0.1, 0.2)}},
    read=read_start_and_end,
    parts=(
        Part("felt in the last four months, wow less steady", change("wow now and then", "steady", "at the end"),
             "0 to 100", below=0),
        Part("felt in the first two months, wow less steady", change("wow now and then", "steady", "at the start"),
             "0 to 100", above=0),
        Part("what is remembered at the end, wow less steady", change("wow now and then", "steady", "satisfaction"),
             "0 to 100", below=0),
    ),
    design="Equal mean level delivered (.71 + .1 x .2 = .73), the same customers and luck, nobody leaves. What is felt "
    "is taken over encounters as they are lived.",
    without={"mechanisms.rising_bar": False},
    without_words="better experience raises nothing",
    replications=6,
    finding="It holds for what is felt from one encounter to the next, by a small margin. It does not hold for what "
    "is remembered: memory keeps peaks, and a wow is one. With peak and end switched off, memory shows no "
    "clear difference.",
    source="said by practitioners; Rust and Oliver 2000",
)  # fmt: skip

CONSISTENCY_IS_WOW = Claim(
    id="consistency-is-wow",
    claim="Steady good service ends highest: at equal mean, less spread is preferred.",
    question="The same average quality, more or less the same from one time to the next: which ends highest?",
    base="parcel",
    setting=STEADY_WORLD,
    variants={"steady": {**quality(0.73), **spread(0.04)}, "uneven": {**quality(0.73), **spread(0.16)},
              "steady, with wows": {**quality(0.71), **spread(0.04), **wows(0.1, 0.2)}},
    read=read_start_and_end,
    parts=(
        Part("felt in the last four months, uneven less steady", change("uneven", "steady", "at the end"),
             "0 to 100", below=0),
        Part("felt in the last four months, with wows less steady", change("steady, with wows", "steady", "at the end"),
             "0 to 100", below=0),
        Part("what is remembered at the end, uneven less steady", change("uneven", "steady", "satisfaction"),
             "0 to 100", below=0),
        Part("what is remembered at the end, with wows less steady",
             change("steady, with wows", "steady", "satisfaction"), "0 to 100", below=0),
    ),
    design="Equal mean level; only the spread from one encounter to the next differs (or wows make it differ). The "
    "level is far enough from its bounds that cutting off at 1 does not move the mean.",
    without={"mechanisms.rising_bar": False, "mechanisms.loss_aversion": False},
    without_words="better experience raises nothing, and shortfalls weigh no more than excesses",
    replications=6,
    finding="Less spread is better in every respect. But against wows steady service wins only in what is felt from "
    "one encounter to the next; what is remembered prefers the wows, because memory keeps peaks (with peak "
    "and end switched off it does not).",
    source="said by practitioners; Anderson and Sullivan 1993",
)  # fmt: skip

EVEN_WEIGHTS: Settings = {
    **{f"touchpoints.{stop}.weights": {"people": 0.333, "product": 0.333, "process": 0.334} for stop in STOPS},
    **each_persona("needs", {"people": 1.0, "product": 1.0, "process": 1.0}),
}  # fmt: skip


def by_dimension(people: float, product: float, process: float) -> Settings:
    """The same three levels at every stop."""
    levels = {"people": people, "product": product, "process": process}
    return {f"touchpoints.{stop}.quality": levels for stop in STOPS}


def read_poor(seen: Seen) -> Mapping[str, float]:
    """What is felt and remembered, poor journeys, leaving."""
    return {"satisfaction": seen.satisfaction, "felt": seen.felt(), "left": 100.0 * seen.left_share,
            "poor journeys": 100.0 * seen.measure("poor_journey_rate")}  # fmt: skip


def _one_broken(name: str) -> Effect:
    """Mean of the three worlds with one broken dimension, less the world where all are sound."""
    broken = [f"{dimension} broken" for dimension in DIMENSIONS]
    return lambda v: np.mean([v(world, name) for world in broken], axis=0) - v("all sound", name)


THREE_DIMENSIONS = Claim(
    id="three-dimensions",
    claim="Excellence in one of people, product and process does not buy off a broken baseline in another.",
    question="Of equal average quality: all three sound, or one broken and the other two excellent?",
    base="parcel",
    setting={**SHOP, **quality(0.72), **EVEN_WEIGHTS},
    variants={
        "all sound": by_dimension(0.72, 0.72, 0.72),
        "process broken": by_dimension(0.88, 0.88, 0.40),
        "people broken": by_dimension(0.40, 0.88, 0.88),
        "product broken": by_dimension(0.88, 0.40, 0.88),
    },
    read=read_poor,
    parts=(
        Part("felt satisfaction, one broken less all sound (mean of the three)", _one_broken("felt"), "0 to 100",
             below=0),
        Part("poor journeys, one broken less all sound (mean of the three)", _one_broken("poor journeys"),
             "percentage points", above=0),
        Part("share who left, one broken less all sound (mean of the three)", _one_broken("left"), "percentage points",
             above=0),
    ),
    design="All three dimensions count alike for everybody at every stop, and the mean level is .72 in every world.",
    without={"mechanisms.loss_aversion": False, "rules.poor_shortfall": 1.0, "rules.zone_slope": 0.0},
    without_words="shortfalls weigh no more than excesses, and one dimension alone makes nothing poor",
    replications=6,
    source="said by practitioners; Mittal, Ross and Baldasare 1998",
)  # fmt: skip

CLAIMS = (
    FACTORS_DIFFER, MESSAGE_CONSISTENCY, CONTROL_CLOSES_GAP, BEFORE_FIRST_CONTACT, WOW_RAISES_BAR, CONSISTENCY_IS_WOW,
    THREE_DIMENSIONS,
)  # fmt: skip
