"""Claims about what a firm does: where it puts its effort, how it changes, what technology it uses."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from cxsim.evidence.claims.claim import Array, Claim, Part, Values, change, level
from cxsim.evidence.claims.seen import Seen
from cxsim.evidence.claims.worlds import SHOP, STOPS, Settings, even

_CHANCES = {"order": 0.01, "delivery": 0.012, "use": 0.02, "return": 0.08, "billing": 0.012}


def failures(share: float) -> Settings:
    """The shop's own chances of failure, times a share."""
    return {f"touchpoints.{stop}.failure.probability": chance * share for stop, chance in _CHANCES.items()}


def read_firm(seen: Seen) -> Mapping[str, float]:
    """Satisfaction and leaving of the cohort, premium and profit."""
    return {
        "satisfaction": seen.satisfaction, "left": 100.0 * seen.left_share, "felt": seen.felt(),
        "premium": 100.0 * seen.measure("price_premium"), "profit": seen.measure("profit_per_customer"),
        "poor journeys": 100.0 * seen.measure("poor_journey_rate"),
        "goals": 100.0 * seen.measure("goal_reached_rate"),
    }  # fmt: skip


def mix(delight: float) -> Settings:
    """One budget: the rest of it goes to the baseline, where failures fall from three times to a third."""
    return {**failures(1 / 3 + delight * (3 - 1 / 3)),
            "touchpoints.use.wow": {"probability": 0.5 * delight, "size": {"product": 0.2, "people": 0.1}},
            "touchpoints.delivery.wow": {"probability": 0.5 * delight,
                                         "size": {"process": 0.2, "people": 0.1}}}  # fmt: skip


BASELINE_ONLY_COMMODITY = Claim(
    id="baseline-only-commodity",
    claim="All budget on the baseline earns no premium; all on delight leaves a broken baseline; the best mix lies "
    "between.",
    question="One budget, shared between getting the basics right and delighting: where does it bring most?",
    base="parcel",
    setting={**SHOP, "money.wow": 0, "money.quality": 0, "market.competitors": {
        "the marketplace giant": {"level": 0.76}, "the corner shop": {"level": 0.70}}},
    variants={"all on the baseline": mix(0), "a quarter on delight": mix(0.25), "half and half": mix(0.5),
              "all on delight": mix(1)},
    read=read_firm,
    parts=(
        Part("profit, half and half less the better end",
             lambda v: v("half and half", "profit") - np.maximum(
                 v("all on the baseline", "profit"), v("all on delight", "profit")),
             "money per customer-year", above=0),
        Part("satisfaction of the cohort, a quarter on delight less the better end",
             lambda v: v("a quarter on delight", "satisfaction") - np.maximum(
                 v("all on the baseline", "satisfaction"), v("all on delight", "satisfaction")), "0 to 100", above=0),
        Part("premium with all on the baseline (none worth the name)", level("all on the baseline", "premium"), "%",
             below=0.5),
        Part("poor journeys, all on delight less all on the baseline",
             change("all on delight", "all on the baseline", "poor journeys"), "percentage points", above=0),
    ),
    design="What the two ends buy is an assumption: failures from three times to a third of the shop's, wows from none "
    "to every second use and delivery. Wows and quality cost nothing extra, so that every mix costs the same. The "
    "market is as good as an ordinary day at the shop (.76).",
    replications=8,
    reported=(("profit, a quarter on delight less all on the baseline",
               change("a quarter on delight", "all on the baseline", "profit"), "money per customer-year"),
              ("premium with all on delight", level("all on delight", "premium"), "%")),
    without={"mechanisms.premium": False, "mechanisms.wow_bonus": False},
    without_words="quality earns no premium and a wow gives no extra value",
    finding="By profit the best mix is no mix: all on the baseline, which earns no premium but keeps most customers. "
    "By satisfaction the best lies between. What each end of the budget buys is an assumption, and this "
    "verdict is one about that assumption as much as about the model.",
    source="said by practitioners; Kano's must-be and attractive qualities",
)  # fmt: skip


def read_goodwill(seen: Seen) -> Mapping[str, float]:
    """Goodwill of the cohort at the end, and how the site is felt."""
    return {"goodwill": seen.everybody("goodwill"), "felt at the site": seen.felt(["site"]),
            "left": 100.0 * seen.left_share}  # fmt: skip


def technology(mode: str) -> Settings:
    """Technology at the site, which gets stuck for one in seven."""
    return {"touchpoints.site.technology": {"mode": mode, "stuck_probability": 0.14, "contact": "support"}}


TECHNOLOGY_DEFINER = Claim(
    id="technology-definer",
    claim="The same automation erodes goodwill when it dictates how things go; when it helps people along it does not.",
    question="The site gets a machine that gets stuck for one in seven. Does it matter whether it helps or dictates?",
    base="parcel",
    setting={**SHOP, "touchpoints.site.effort": 0.3, "desks.support.servers": 2},
    variants={"no automation": {}, "enabler": technology("enabler"), "definer": technology("definer")},
    read=read_goodwill,
    parts=(
        Part("goodwill, definer less none", change("definer", "no automation", "goodwill"), "share", below=0,
             negligible=0.002),
        Part("goodwill, enabler less none (no erosion of more than .005)",
             change("enabler", "no automation", "goodwill"), "share", above=-0.005),
    ),
    design="The machine gets stuck for the same visits in both worlds; what differs is what then happens (a person "
    "takes over, or the customer must call) and how much effort it saves. The whole cohort counts.",
    without={"mechanisms.technology": False},
    without_words="technology neither saves effort nor gets stuck",
    replications=6,
    source="said by practitioners; Meuter et al. 2000",
)  # fmt: skip

_PRODUCT_LIFT = 0.08 * 0.55
"""Mean product level that cutting the failures in use from .10 to .02 brings back (severity .55)."""
_ORDER_LIFT, _BILL_LIFT, _RETURN_LIFT = 0.04 * 0.45, 0.04 * 0.5, 0.16 * 0.45
BREAKING: Settings = {
    "touchpoints.use.failure.probability": 0.10, "touchpoints.order.failure.probability": 0.05,
    "touchpoints.billing.failure.probability": 0.05, "touchpoints.return.failure.probability": 0.20,
}  # fmt: skip
"""A shop whose journeys often break at some stop."""
ENGAGEMENT_NOT_TRANSACTION = Claim(
    id="engagement-not-transaction",
    claim="Smoothing the whole engagement, so that its goal is reached, beats polishing its single transactions.",
    question="The same rise of the average level: by fewer journeys that break, or by nicer stops?",
    base="parcel",
    setting={**SHOP, "touchpoints.order.traits": None, **BREAKING, "touchpoints.order.quality.process": 0.76},
    variants={
        "as it is": {},
        "stops polished": {
            "touchpoints.use.quality.product": 0.77 + _PRODUCT_LIFT,
            "touchpoints.order.quality.process": 0.76 + _ORDER_LIFT,
            "touchpoints.billing.quality.process": 0.75 + _BILL_LIFT,
            "touchpoints.return.quality.process": 0.70 + _RETURN_LIFT,
        },
        "engagement smoothed": {
            "touchpoints.use.failure.probability": 0.02, "touchpoints.order.failure.probability": 0.01,
            "touchpoints.billing.failure.probability": 0.01, "touchpoints.return.failure.probability": 0.04,
        },
    },
    read=read_firm,
    parts=(
        Part("share who left, smoothed less polished", change("engagement smoothed", "stops polished", "left"),
             "percentage points", below=0),
        Part("satisfaction of the cohort, smoothed less polished",
             change("engagement smoothed", "stops polished", "satisfaction"), "0 to 100", above=0),
        Part("goals reached, smoothed less polished", change("engagement smoothed", "stops polished", "goals"),
             "percentage points", above=0),
    ),
    design="Both raise the mean level delivered at the same stops by the same amount (chance times severity of the "
    "failures that no longer happen).",
    replications=6,
    source="said by practitioners",
)  # fmt: skip

_SHARE = 0.25
"""Share of what a stop lacks that one round of improvement mends."""
_LEVELS = {
    "advert": (0.72, 0.74, 0.74), "site": (0.70, 0.76, 0.738), "question": (0.78, 0.74, 0.76),
    "order": (0.72, 0.75, 0.766), "delivery": (0.72, 0.75, 0.728), "use": (0.72, 0.77, 0.75),
    "return": (0.72, 0.72, 0.70), "billing": (0.72, 0.74, 0.75), "support": (0.78, 0.72, 0.74),
}  # fmt: skip
PLAIN_SHOP: Settings = {
    **SHOP,
    **{f"touchpoints.{stop}.traits": None for stop in ("site", "order", "delivery")},
    **{f"touchpoints.{stop}.quality": dict(zip(("people", "product", "process"), levels, strict=True))
       for stop, levels in _LEVELS.items()},
}  # fmt: skip
"""The shop with its traits worked into the process level, so that one can say what mending a stop means."""


def mended(rounds: float, stops: tuple[str, ...] = STOPS) -> Settings:
    """Stops after some rounds of improvement each: what they lack shrinks by a quarter every time."""
    left = (1.0 - _SHARE) ** rounds
    settings: Settings = {}
    for stop in stops:
        levels = [1.0 - left * (1.0 - value) for value in _LEVELS[stop]]
        settings[f"touchpoints.{stop}.quality"] = dict(zip(("people", "product", "process"), levels, strict=True))
        if stop in _CHANCES:
            settings[f"touchpoints.{stop}.failure.probability"] = _CHANCES[stop] * left
    return settings


def listening(follows: str) -> Settings:
    """A round of improvement every 30 days."""
    return {"company.feedback": {"share": _SHARE, "every": "30 days", "follows": follows}}


_ROUNDS = 12
FLAWED_START: Settings = {"interventions.flaw": {
    "at": "0 days", "until": "60 days", "set": {"touchpoints.order.failure.probability": 0.06}}}  # fmt: skip
"""What is rolled out early is imperfect: for two months one order in twenty more fails."""


def read_year(seen: Seen) -> Mapping[str, float]:
    """Satisfaction at the end of the year, and how the year was felt."""
    return {"satisfaction": seen.satisfaction, "left": 100.0 * seen.left_share, "felt": seen.felt(),
            "felt at the end": seen.felt(first=330)}  # fmt: skip


FAIL_FAST = Claim(
    id="fail-fast",
    claim="A firm that listens does better with early, imperfect roll-outs improved by feedback than with one perfect "
    "late launch of equal total effort.",
    question="Twelve rounds of improvement: one a month where customers miss most, after a flawed start; or all at "
    "once and without flaw at the end of the year?",
    base="parcel",
    setting={**PLAIN_SHOP, "horizon": "540 days"},
    variants={
        "one perfect late launch": {"interventions.launch": {"at": "360 days", "set": mended(_ROUNDS / len(STOPS))}},
        "early, imperfect, listening": {**FLAWED_START, **listening("gaps"), "interventions.enough": {
            "at": "361 days", "set": {"company.feedback.share": 0.0}}},
    },
    read=read_year,
    parts=(
        Part("share who left within 18 months, early less late",
             change("early, imperfect, listening", "one perfect late launch", "left"), "percentage points", below=0),
        Part("satisfaction of the cohort after 18 months, early less late",
             change("early, imperfect, listening", "one perfect late launch", "satisfaction"), "0 to 100", above=0),
    ),
    design="Equal total effort: twelve rounds, each mending a quarter of what a stop lacks. The late launch spreads "
    "them evenly over all nine stops on day 360; the early way begins with a flaw (one order in twenty more fails for "
    "two months) and mends one stop a month. Half a year follows in which neither changes.",
    without={"company.feedback.share": 0.0},
    without_words="the firm does not listen: the flaw is all that its early roll-outs bring",
    replications=8,
    source="said by practitioners",
)  # fmt: skip

CUSTOMER_LED = Claim(
    id="customer-led",
    claim="Improving what customers' own gaps rank first beats an arbitrary order.",
    question="A round of improvement every month: where customers miss most, or one stop after another?",
    base="parcel",
    setting=PLAIN_SHOP,
    variants={"one stop after another": listening("order"), "where customers miss most": listening("gaps")},
    read=read_year,
    parts=(
        Part("satisfaction of the cohort", change("where customers miss most", "one stop after another",
             "satisfaction"), "0 to 100", above=0),
        Part("share who left", change("where customers miss most", "one stop after another", "left"),
             "percentage points", below=0),
    ),
    design="The same number of rounds, each mending a quarter of what one stop lacks. The order is the journey's. "
    "What customers miss most is the gap between desired and perceived, summed over encounters, times importance.",
    without={"company.feedback.share": 0.0},
    without_words="nothing is mended",
    replications=8,
    source="said by practitioners",
)  # fmt: skip

_LIFT = 0.03
_MET_ONCE = ("advert", "site", "order", "delivery", "use", "billing")
"""Stops that every journey meets once."""


def lifted(rise: float, stops: tuple[str, ...]) -> Settings:
    """Some stops better by so much in every dimension."""
    settings: Settings = {}
    for stop in stops:
        levels = [min(value + rise, 1.0) for value in _LEVELS[stop]]
        settings[f"touchpoints.{stop}.quality"] = dict(zip(("people", "product", "process"), levels, strict=True))
    return settings


def _tactics(values: Values, name: str) -> Array:
    """Each stop alone lifted: (stops, replications)."""
    return np.array([values(f"{stop} alone", name) for stop in _MET_ONCE])


CULTURE_NOT_TACTIC = Claim(
    id="culture-not-tactic",
    claim="The same total improvement over all touchpoints beats it at one.",
    question="Everything a little better, or one thing much better: which keeps more customers and satisfies more?",
    base="parcel",
    setting={**PLAIN_SHOP, "horizon": "365 days"},
    variants={"everywhere": lifted(_LIFT, _MET_ONCE)} | {
        f"{stop} alone": lifted(_LIFT * len(_MET_ONCE), (stop,)) for stop in _MET_ONCE},
    read=read_year,
    parts=(
        Part("satisfaction of the cohort, everywhere less one alone (mean of six)",
             lambda v: v("everywhere", "satisfaction") - _tactics(v, "satisfaction").mean(axis=0), "0 to 100", above=0),
        Part("share who left, everywhere less one alone (mean of six)",
             lambda v: v("everywhere", "left") - _tactics(v, "left").mean(axis=0), "percentage points", below=0),
        Part("satisfaction of the cohort, everywhere less the product's use alone",
             change("everywhere", "use alone", "satisfaction"), "0 to 100", above=0),
    ),
    design="Six stops that every journey meets once; .03 more at each, or .18 more at one (no level passes 1). Against "
    "a tactic that picks its stop blindly, and against one that picks the stop that matters most, the use.",
    replications=5,
    reported=(("share who left, everywhere less the use alone", change("everywhere", "use alone", "left"),
               "percentage points"),
              ("share who left, everywhere less the delivery alone", change("everywhere", "delivery alone", "left"),
               "percentage points")),
    finding="Better everywhere beats better at one stop picked blindly. It does not beat the stop that matters most: "
    "the use for satisfaction, the delivery for keeping customers. That is the claim about moments of truth "
    "seen from the other side; both cannot hold in full.",
    source="said by practitioners",
)  # fmt: skip


def read_bill(seen: Seen) -> Mapping[str, float]:
    """How the bill is felt, and the whole."""
    return {"the bill": seen.felt(["billing"]), "the whole": seen.satisfaction, "felt": seen.felt(),
            "left": 100.0 * seen.left_share}  # fmt: skip


BILLING_ONLY = Claim(
    id="billing-only",
    claim="Better billing lifts the bill, hardly the whole.",
    question="The bill becomes as good as can be: how much of that reaches the whole?",
    base="parcel",
    setting=SHOP,
    variants={"as it is": {}, "better billing": {"touchpoints.billing.quality": even(0.92),
                                                 "touchpoints.billing.failure.probability": 0.0}},
    read=read_bill,
    parts=(
        Part("gain of the whole (remembered) over gain of the bill",
             lambda v: (v("better billing", "the whole") - v("as it is", "the whole"))
             / (v("better billing", "the bill") - v("as it is", "the bill")), "ratio", below=1 / 3),
        Part("how the bill is felt", change("better billing", "as it is", "the bill"), "0 to 100", above=0),
        Part("share who left (hardly changes: by less than 2)", change("better billing", "as it is", "left"),
             "percentage points", -2.0, 2.0),
    ),
    design="Only the bill differs. 'Hardly' means that less than a third of what the bill gains reaches what is "
    "remembered of the whole, and that the share who leave moves by less than two points.",
    replications=6,
    source="said by practitioners",
)  # fmt: skip

_TRAITS = ("fast_response", "simple_purchase", "order_tracking", "clear_information", "channel_choice")
_HELD = {
    "site": {"fast_response": 0.74, "simple_purchase": 0.76, "clear_information": 0.74, "channel_choice": 0.70},
    "order": {"simple_purchase": 0.78, "clear_information": 0.74},
    "delivery": {"fast_response": 0.72, "order_tracking": 0.74},
}  # fmt: skip


def better_trait(trait: str) -> Settings:
    """One trait better by .15 wherever it counts."""
    return {f"touchpoints.{stop}.traits.{trait}": held[trait] + 0.15 for stop, held in _HELD.items() if trait in held}


def _lead(values: Values) -> Array:
    gains = {trait: values(trait, "satisfaction") - values("as it is", "satisfaction") for trait in _TRAITS}
    least_of_two = np.minimum(gains["fast_response"], gains["simple_purchase"])
    lead: Array = least_of_two - np.maximum.reduce([gains[trait] for trait in _TRAITS[2:]])
    return lead


FIVE_TRAITS = Claim(
    id="five-traits",
    claim="Of the five traits, fast response and simple purchase do most for satisfaction.",
    question="Each trait better by the same amount wherever it counts: which moves satisfaction most?",
    base="parcel",
    setting={**SHOP, "mechanisms.delivery_response": False},
    variants={"as it is": {}} | {trait: better_trait(trait) for trait in _TRAITS},
    read=read_firm,
    parts=(
        Part("the lesser of the two less the best of the other three", _lead, "0 to 100", above=0),
        *(Part(f"gain from {trait.replace('_', ' ')}", change(trait, "as it is", "satisfaction"), "0 to 100", above=0)
          for trait in _TRAITS[:2]),
    ),
    design="The traits count where the shop has them (the site has four, the order and the delivery two each). Their "
    "weights in the process level are the survey's shares, put in by hand; what can fail is whether they come through "
    "to satisfaction, over stops of different importance.",
    replications=6,
    reported=tuple((f"gain from {trait.replace('_', ' ')}", change(trait, "as it is", "satisfaction"), "0 to 100")
                   for trait in _TRAITS[2:]),
    finding="Fast response does most. Simple purchase does not: it counts at the site and the order, early and of "
    "little importance, and better service there raises what customers want of the delivery too, as "
    "expectations are kept per dimension and not per stop. With the rising bar switched off simple purchase "
    "helps, though still less than fast response and tracking, which count at the delivery.",
    source="said by practitioners; Economist Intelligence Unit 2014",
)  # fmt: skip

CLAIMS = (
    BASELINE_ONLY_COMMODITY, TECHNOLOGY_DEFINER, ENGAGEMENT_NOT_TRANSACTION, FAIL_FAST, CUSTOMER_LED,
    CULTURE_NOT_TACTIC, BILLING_ONLY, FIVE_TRAITS,
)  # fmt: skip
