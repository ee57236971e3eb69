"""Claims about the market, about initiatives in general, and the figure of 89 %."""

from __future__ import annotations

import random
from collections.abc import Mapping

import numpy as np

from cxsim.evidence.claims.claim import Array, Claim, Part, Values, change, level
from cxsim.evidence.claims.seen import Seen
from cxsim.evidence.claims.worlds import SHOP, Settings


def read_standing(seen: Seen) -> Mapping[str, float]:
    """Satisfaction and leaving of the cohort, and the premium."""
    return {"satisfaction": seen.satisfaction, "left": 100.0 * seen.left_share,
            "premium": 100.0 * seen.measure("price_premium")}  # fmt: skip


RISING_BAR_MARKET = Claim(
    id="rising-bar-market",
    claim="Whoever stands still loses ground as the best in class rises.",
    question="The shop changes nothing for two years. Does it matter that the best elsewhere get better?",
    base="parcel",
    setting={**SHOP, "horizon": "730 days"},
    variants={"nobody gets better": {}, "the best get better": {
        "interventions.rise": {"at": "0 days", "set": {"market.drift": 0.05}}}},
    read=read_standing,
    parts=(
        Part("satisfaction of the cohort after two years",
             change("the best get better", "nobody gets better", "satisfaction"), "0 to 100", below=0),
        Part("share who left", change("the best get better", "nobody gets better", "left"), "percentage points",
             above=0),
    ),
    design="The same shop, the same luck; the best in class and the rivals rise by .05 a year in one world, from the "
    "first day that is measured.",
    without={"mechanisms.best_in_class": False, "mechanisms.moving_alternatives": False},
    without_words="customers neither meet the best elsewhere nor see rivals anew",
    replications=5,
    reported=(("price premium", change("the best get better", "nobody gets better", "premium"), "percentage points"),),
    source="said by practitioners; Cadotte, Woodruff and Jenkins 1987",
)  # fmt: skip

_MET = {"advert": None, "site": None, "order": 0.01, "delivery": 0.012, "use": 0.02, "billing": 0.012, "return": 0.08}
_QUALITY = {
    "advert": (0.72, 0.74, 0.74), "site": (0.70, 0.76, None), "order": (0.72, 0.75, None),
    "delivery": (0.72, 0.75, None), "use": (0.72, 0.77, 0.75), "billing": (0.72, 0.74, 0.75),
    "return": (0.72, 0.72, 0.70),
}  # fmt: skip
_CHANNELS = {"advert": (0.74, 0.78, 0.78), "website": (0.72, 0.75, 0.76)}
_DIMENSIONS = ("people", "product", "process")
_AT_THE_DESK: tuple[Settings, ...] = (
    {"desks.support.servers": 2}, {"desks.support.resolution": 0.9}, {"desks.support.recovery": 0.8},
    {"desks.support.knows_history": True}, {"desks.support.tells_wait": True}, {"desks.support.occupied": True},
    {"touchpoints.support.quality.people": 0.88},
)  # fmt: skip
_ON_THE_WAY: tuple[Settings, ...] = (
    {"company.tells_early": 0.7}, {"company.explains": 0.7}, {"company.tracking": 0.9},
    {"touchpoints.delivery.carrier.mean": "7.95 days"}, {"touchpoints.delivery.handling.mean": "2.28 days"},
    {"touchpoints.delivery.promise.mean": "20.74 days"}, {"touchpoints.delivery.promise.mean": "26.74 days"},
)  # fmt: skip


def _initiative(chance: random.Random) -> Settings:
    """One plausible initiative with one lever; each is taken to cost the same."""
    kind = chance.choice(("quality", "failures", "wow", "promise", "desk", "delivery"))
    if kind == "quality":
        stop = chance.choice(list(_QUALITY))
        place = chance.choice([place for place, held in enumerate(_QUALITY[stop]) if held is not None])
        return {f"touchpoints.{stop}.quality.{_DIMENSIONS[place]}": float(_QUALITY[stop][place] or 0) + 0.1}
    if kind == "failures":
        stop = chance.choice([stop for stop, probability in _MET.items() if probability is not None])
        return {f"touchpoints.{stop}.failure.probability": 0.4 * float(_MET[stop] or 0)}
    if kind == "wow":
        size = {chance.choice(_DIMENSIONS): 0.2}
        return {f"touchpoints.{chance.choice(list(_MET))}.wow": {"probability": 0.08, "size": size}}
    if kind == "promise":  # a campaign
        channel = chance.choice(list(_CHANNELS))
        rise = chance.choice((0.05, 0.10))
        louder = {name: held + rise for name, held in zip(_DIMENSIONS, _CHANNELS[channel], strict=True)}
        return {f"company.promises.{channel}": louder}
    return dict(chance.choice(_AT_THE_DESK if kind == "desk" else _ON_THE_WAY))


def initiatives(count: int = 100) -> dict[str, Settings]:
    """Random initiatives, begun on the first day that is measured; always the same ones."""
    chance = random.Random(22)  # which initiatives there are is no part of the luck of a run
    return {f"initiative {number + 1}": {"interventions.initiative": {"at": "0 days", "set": _initiative(chance)}}
            for number in range(count)}  # fmt: skip


def read_met(seen: Seen) -> Mapping[str, float]:
    """Perceived less predicted level over the year."""
    return {"gap": seen.per_encounter("gap"), "satisfaction": seen.satisfaction}


def _met(values: Values) -> Array:
    """Per initiative, whether customers got at least what they expected: independent values over initiatives."""
    tried = [name for name in values.variants if name != "nothing"]
    return np.array([float(np.mean(values(name, "gap")) >= 0.0) for name in tried])


def _better(values: Values) -> Array:
    """Per initiative, whether the gap is better than without it."""
    tried = [name for name in values.variants if name != "nothing"]
    return np.array([float(np.mean(values(name, "gap") - values("nothing", "gap")) > 0.0) for name in tried])


INITIATIVES_22 = Claim(
    id="initiatives-22",
    claim="Of a hundred plausible initiatives of equal cost only about 22 meet what customers expect in the next "
    "year.",
    question="A hundred random one-lever initiatives: after how many do customers get at least what they expected?",
    base="parcel",
    setting={**SHOP, "population.customers": 500},
    variants={"nothing": {}, **initiatives()},
    read=read_met,
    parts=(Part("share of initiatives after which customers got at least what they predicted", _met, "share", 0.12,
                0.32),),
    design="What each lever moves for the same money is an assumption. 'About 22' means within ten points. The "
    "interval is over initiatives, not over luck: which ones are thought of is the larger chance.",
    replications=1,
    reported=(("gap without any initiative", level("nothing", "gap"), "level"),
              ("share of initiatives that make the gap better at all", _better, "share")),
    finding="The share says nothing about initiatives: it says where the firm begins. The shop promises a trifle more"
    " than it delivers, so that few initiatives lift it to what is expected; were its promises .02 to .04 "
    "lower, nine in ten would. Two thirds of the initiatives do make the gap better.",
    source="a figure whose source could not be found; see the science notes, B.2",
)  # fmt: skip


def read_switching(seen: Seen) -> Mapping[str, float]:
    """The share that switched after a poor journey, within three years."""
    return {"switched after poor": seen.measure("switched_after_poor"),
            "at risk": float(seen.run.people.at_risk)}  # fmt: skip


SWITCHING_89 = Claim(
    id="switching-89",
    claim="The calibrated world reproduces that 89 % have switched after a poor experience.",
    question="Of those who had a poor journey, which share has left within three years?",
    base="consumer_calibrated",
    setting={"record.customers": "none"},
    variants={"calibrated": {}},
    read=read_switching,
    parts=(Part("share who switched after a poor journey", level("calibrated", "switched after poor"), "share", 0.87,
                0.91),),
    design="The ready scenario 'consumer_calibrated', on luck that the calibration did not see. It is one "
    "relationship; the survey asked about any firm ever. The strike curve beside it says more than this one figure.",
    without={"mechanisms.leaving": False},
    without_words="nobody leaves",
    replications=4,
    reported=(("customers at risk per replication", level("calibrated", "at risk"), "customers"),),
    source="RightNow and Harris Interactive 2011",
)  # fmt: skip

CLAIMS = (RISING_BAR_MARKET, INITIATIVES_22, SWITCHING_89)
