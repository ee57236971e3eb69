"""Claims about queues and counters."""

from __future__ import annotations

from collections.abc import Mapping

from cxsim.evidence.claims.claim import Claim, Part, change, level
from cxsim.evidence.claims.seen import Seen
from cxsim.evidence.claims.worlds import CLOSED, SHOP, Settings

MOODS = ("calm", "edgy", "agitated", "angry")


def read_moods(seen: Seen) -> Mapping[str, float]:
    """Moods in which waits of five to seven minutes ended, at each of two desks; "gone" ended by giving up."""
    log = seen.encounters
    found: dict[str, float] = {}
    for stop in ("question", "help"):
        waited = log[(log["touchpoint"] == stop) & log["wait_minutes"].between(5, 7)]
        gone = waited["event"] == "gave_up"
        total = max(len(waited), 1)
        shares = {mood: float((~gone & (waited["mood"] == mood)).sum()) / total for mood in MOODS}
        shares["gone"] = float(gone.sum()) / total
        found |= {f"{mood}, {stop}": share for mood, share in shares.items()}
        found[f"least, {stop}"] = min(shares.values())
        found[f"angry or gone, {stop}"] = shares["angry"] + shares["gone"]
    return {"least, question": found.pop("least, question"), **found}


TWO_DESKS: Settings = {
    **CLOSED, "population.customers": 600, "population.look_back": False, "warm_up": "0 days", "horizon": "40 days",
    "record.encounters": 600, "rules.leave_base": -50.0,
    "personas.caller.journeys_per_year": "150 per year",
    "journey": {"start": "question", "goal": ["help"], "starts_at": [{"hours": "8-20"}]},
    "touchpoints": {
        "call": None,
        "question": {"kind": "desk", "desk": "telephone", "next": {"help": 1}},
        "help": {"kind": "desk", "desk": "chat"},
    },
    "desks": {
        "lines": None,
        "telephone": {"servers": 2, "shifts": [{"hours": "8-20"}], "service": {"mean": "5 min", "sd": "4 min"},
                      "patience": "20 min"},
        "chat": {"servers": 2, "shifts": [{"hours": "8-20"}], "service": {"mean": "5 min", "sd": "4 min"},
                 "patience": "8 min"},
    },
    "personas.caller.patience_spread": 0.3,
}  # fmt: skip
"""Two desks one after the other, alike but for how patient people are there (telephone and chat)."""

PATIENCE_DIFFERS = Claim(
    id="patience-differs",
    claim="The same wait leaves some calm, some edgy, agitated or angry, and some gone; and it differs by desk.",
    question="How do waits of five to seven minutes end, at a telephone and at a chat?",
    base="callcentre",
    setting=TWO_DESKS,
    variants={"as people are": {}},
    read=read_moods,
    parts=(
        Part("share of the rarest of the five moods, telephone", level("as people are", "least, question"), "share",
             above=0.02),
        Part("angry or gone, chat less telephone",
             lambda v: v("as people are", "angry or gone, help") - v("as people are", "angry or gone, question"),
             "share", above=0),
    ),
    design="Waits of five to seven minutes only, so that the wait is the same; the customers and their luck are the "
    "same at both desks. At least 2 % in each mood counts as 'some'.",
    without={"personas.caller.patience_spread": 0, "desks.telephone.patience_shape": 10,
             "desks.chat.patience_shape": 10},
    without_words="everybody has nearly the same patience",
    replications=6,
    source="said by practitioners; moods as fractions of one's own patience are a proposal",
)  # fmt: skip

COUNTER: Settings = {
    **CLOSED, "population.customers": 400, "warm_up": "60 days", "horizon": "240 days",
}  # fmt: skip


def counter_quality(people: float) -> Settings:
    """How the people at the counter are."""
    return {f"touchpoints.{stop}.quality.people": people for stop in ("dropping_off", "picking_up", "telephone")}


def read_queue(seen: Seen) -> Mapping[str, float]:
    """What is remembered, and how long was waited."""
    return {"satisfaction": seen.satisfaction, "wait": seen.measure("wait_minutes_mean")}


COUNTER_DECIDES = Claim(
    id="counter-decides",
    claim="Queue time only subtracts; the counter decides what is remembered of the whole.",
    question="What moves the remembered satisfaction more: no queue instead of a long one, or the people at the "
    "counter being good instead of ordinary?",
    base="workshop",
    setting=COUNTER,
    variants={
        "long queue": {"desks.counter.service.mean": "22 min"},
        "as it is": {},
        "no queue": {"desks.counter.servers": 20},
        "poorer counter": counter_quality(0.58),
        "better counter": counter_quality(0.98),
    },
    read=read_queue,
    parts=(
        Part("better counter less poorer counter, beyond no queue less long queue",
             lambda v: v("better counter", "satisfaction") - v("poorer counter", "satisfaction")
             - (v("no queue", "satisfaction") - v("long queue", "satisfaction")), "0 to 100", above=0),
        Part("a long queue against none", change("long queue", "no queue", "satisfaction"), "0 to 100", below=0),
        Part("the queue as it is against none (it never adds)", change("as it is", "no queue", "satisfaction"),
             "0 to 100", below=0.5),
    ),
    design="The workshop's counter is met twice per journey. The long queue comes from slower service, which changes "
    "nothing else of the encounter; the people move by .2 up and down. Both ranges are wide, so that neither side is "
    "given little room.",
    without={"mechanisms.wait_moods": False, "rules.return_probability": 0.0, "desks.counter.patience": "600 min"},
    without_words="waiting is not felt, and nobody gives up",
    replications=16,  # the first effect is a quarter of a point, and nearly as much from run to run
    reported=(
        ("better counter less poorer counter, beyond no queue less the queue as it is",
         lambda v: v("better counter", "satisfaction") - v("poorer counter", "satisfaction")
         - (v("no queue", "satisfaction") - v("as it is", "satisfaction")), "0 to 100"),
        ("mean wait as it is", level("as it is", "wait"), "minutes"),
        ("mean wait in the long queue", level("long queue", "wait"), "minutes"),
    ),
    finding="Queue time only subtracts: that holds. But the counter decides only where queues are short. Against a "
    "queue of about two minutes, as the workshop has it, the people at the counter matter three times as "
    "much; against one of seven minutes on average, with those who give up, the queue matters a little more.",
    source="said by practitioners",
)  # fmt: skip


def read_desk(seen: Seen) -> Mapping[str, float]:
    """How contacts at the support desk are felt, how many there are, and who leaves."""
    journeys = max(seen.journeys("journeys"), 1.0)
    return {
        "felt at the desk": seen.felt(["support"]),
        "contacts": 100.0 * seen.journeys("contacts") / journeys,
        "left": 100.0 * seen.left_share,
        "wait": seen.measure("wait_minutes_mean"),
        "profit": seen.measure("profit_per_customer"),
    }


def _failures_cut(share: float) -> Settings:
    chances = {"order": 0.01, "delivery": 0.012, "use": 0.02, "return": 0.08, "billing": 0.012}
    return {f"touchpoints.{stop}.failure.probability": chance * share for stop, chance in chances.items()}


BUSY_SHOP: Settings = {
    **SHOP, "desks.support.service": {"mean": "16 min", "sd": "14 min"}, "horizon": "240 days",
}  # fmt: skip
UPSTREAM_BREAKDOWN = Claim(
    id="upstream-breakdown",
    claim="Mending the cause upstream cuts contacts more than the same money in more servers; and the desk's own score "
    "rises although the desk did not change.",
    question="Halve what goes wrong before the desk, or double the people at the desk?",
    base="parcel",
    setting={**BUSY_SHOP, **_failures_cut(2.0)},
    variants={"as it is": {}, "two servers": {"desks.support.servers": 2}, "half the failures": _failures_cut(1.0)},
    read=read_desk,
    parts=(
        Part("contacts per 100 orders, mended upstream less more servers",
             change("half the failures", "two servers", "contacts"), "per 100 orders", below=0),
        Part("the desk's own score after mending upstream", change("half the failures", "as it is", "felt at the desk"),
             "0 to 100", above=0),
    ),
    design="A busy desk with one server. What halving the failures costs is not known; it is taken to cost as much as "
    "a second server. Everything at the desk (people, service times, resolution) is the same after mending upstream.",
    without={f"touchpoints.{stop}.failure.contact_probability": 0
             for stop in ("order", "delivery", "use", "return", "billing")} | {"mechanisms.voice": False},
    without_words="failures lead to no contacts",
    replications=8,
    reported=(("share who left, mended upstream less more servers", change("half the failures", "two servers", "left"),
               "percentage points"),),
    source="said by practitioners; Seddon 2003 for failure demand",
)  # fmt: skip

INFORMED_STAFF = Claim(
    id="informed-staff",
    claim="Staff who know what the customer has been through recover more of it.",
    question="How are contacts with the support desk felt, and who leaves, when staff see the customer's history?",
    base="parcel",
    setting={**SHOP, **_failures_cut(2.0)},
    variants={"they do not know": {"desks.support.knows_history": False},
              "they know": {"desks.support.knows_history": True}},
    read=read_desk,
    parts=(
        Part("how contacts are felt", change("they know", "they do not know", "felt at the desk"), "0 to 100", above=0),
        Part("share who left", change("they know", "they do not know", "left"), "percentage points", below=0),
    ),
    design="The same failures lead the same customers to the same desk; only what staff know differs.",
    without={"mechanisms.informed_staff": False},
    without_words="knowing the history changes nothing that staff do",
    replications=16,  # who leaves changes by a sixth of a point, and as much from run to run
    source="said by practitioners",
)  # fmt: skip

CLAIMS = (PATIENCE_DIFFERS, COUNTER_DECIDES, UPSTREAM_BREAKDOWN, INFORMED_STAFF)
