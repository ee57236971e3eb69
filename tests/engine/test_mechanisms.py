"""Every mechanism in one world that exercises all of them: its switch changes something, and what it makes is gone."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from cxsim.engine.tables import wait_multiplier
from cxsim.engine.world import build_world
from cxsim.model import CustomerModel
from cxsim.scenario.parameters import MECHANISM, MECHANISMS
from cxsim.scenario.schema import Scenario
from tests.engine.totals import desk_totals, journey_totals, stop_totals
from tests.engine.twins import live
from tests.worlds import level, load_world

ALL: dict[str, Any] = {
    "warm_up": "10 days", "horizon": "90 days",
    "population": {"customers": 150, "newcomers": "400 per year", "converts": 0.5},
    "personas": {"everyone": {"journeys_per_year": "50 per year", "urgent_share": 0.4}},
    "company": {"promises": {"advert": {"people": 0.7, "product": 0.72, "process": 0.75}, "shop": level(0.9)},
                "tells_early": 0.5, "explains": 0.5},
    "market": {"drift": 0.1, "best_in_class": 0.9, "competitors": {"rival": 0.5}},
    "desks.support": {"servers": 1, "shifts": [{"hours": "8-20"}], "service": "25 min", "patience": "60 min",
                      "resolution": 0.5, "knows_history": True, "occupied": True, "tells_wait": True},
    "journey.goal": ["use"],
    "touchpoints.site.effort": 0.4,
    "touchpoints.site.technology": {"mode": "definer", "stuck_probability": 0.2, "contact": "support"},
    "touchpoints.use.failure": {"probability": 0.25, "contact": "support", "contact_probability": 0.5,
                                "severity": level(0.4)},
    "touchpoints.use.quality": {"people": 0.75, "product": 0.85, "process": 0.7},
    "touchpoints.use.wow": {"probability": 0.3, "size": level(0.3)},
    "touchpoints.delivery.carrier": {"mean": "4 days", "sd": "3 days"},
    "rules": {"escalation_probability": 0.3, "voice_base": -0.5, "leave_base": -2.0},
}  # fmt: skip


def everything(**values: Any) -> Scenario:
    return load_world(**ALL | values)


@pytest.fixture(scope="module")
def base() -> CustomerModel:
    return live(everything())


def differs(mine: CustomerModel, theirs: CustomerModel) -> bool:
    """Whether anything that customers keep, or that was counted, is different."""
    names = ("journey_days", "desk_days", "stop_days", "blame", "memory")
    if len(mine.world.customers) != len(theirs.world.customers):
        return True
    return mine.world.customers.tobytes() != theirs.world.customers.tobytes() or any(
        not np.array_equal(getattr(mine.world, name), getattr(theirs.world, name)) for name in names
    )


@pytest.mark.parametrize("name", [mechanism.name for mechanism in MECHANISMS])
def test_every_mechanism_changes_something_when_it_is_switched_off(base: CustomerModel, name: str) -> None:
    off = live(everything(**{f"mechanisms.{name}": False}))
    assert differs(base, off)
    values = off.scenario.parameters()
    assert all(values[parameter] == value for parameter, value in MECHANISM[name].off.items())
    assert not differs(off, live(everything(**{"rules": ALL["rules"] | MECHANISM[name].off})))


def start(model: CustomerModel) -> Any:
    """The same customers on the first morning."""
    return build_world(model.scenario, 1, 0).customers


def unmoved(*columns: str) -> Callable[[CustomerModel], bool]:
    def check(model: CustomerModel) -> bool:
        before, after = start(model), model.world.customers
        return all(np.array_equal(before[column], after[column]) for column in columns)

    return check


def nothing_of(*statistics: str) -> Callable[[CustomerModel], bool]:
    return lambda model: not any(journey_totals(model)[statistic] for statistic in statistics)


def never_above(column: str) -> Callable[[CustomerModel], bool]:
    return lambda model: bool(np.all(model.world.customers[column] <= start(model)[column] + 1e-12))


GONE: dict[str, Callable[[CustomerModel], bool]] = {
    "rising_bar": never_above("normative"),
    "trust": unmoved("trust"),
    "word_of_mouth": nothing_of("told_good", "told_bad", "reviews"),
    "reviews": nothing_of("reviews"),
    "moving_alternatives": unmoved("alternatives", "alternatives_share"),
    "technology": lambda model: stop_totals(model, "site")["stuck"] == 0,
    "wait_learning": unmoved("acceptable_wait_minutes"),
    "wait_psychology": lambda model: wait_multiplier(model.scenario.desks["support"], model.scenario) == 1,
    "lead_time_learning": unmoved("learned_lead_days"),
    "goodwill": lambda model: not model.world.customers["goodwill"].any(),
    "blow_up": lambda model: not any(stop_totals(model, stop)["blow_ups"] for stop in model.scenario.touchpoints),
    "voice": nothing_of("complaints", "escalations"),
    "escalation": nothing_of("escalations"),
    "leaving": nothing_of("left"),
    "frequency_cut": nothing_of("frequency_cuts"),
    "inconsistent_promises": lambda model: len(set(start(model)["uncertainty"])) == 1,
    "premium": lambda model: (
        journey_totals(model)["revenue"] == pytest.approx(50.0 * journey_totals(model)["sales"], rel=1e-6)
    ),
}
"""What holds in a world without the mechanism, and does not in one with it."""


@pytest.mark.parametrize("name", sorted(GONE))
def test_what_a_mechanism_makes_is_gone_without_it(base: CustomerModel, name: str) -> None:
    assert not GONE[name](base)
    assert GONE[name](live(everything(**{f"mechanisms.{name}": False})))


def test_without_learning_nobody_learns() -> None:
    """What others say, what is promised and the best met anywhere still move people: those are switched off too."""
    still = dict.fromkeys(("learning", "word_of_mouth", "messages", "best_in_class"), False)
    assert unmoved("predicted", "normative", "desired", "uncertainty")(
        live(everything(**{"mechanisms": still, "population.newcomers": 0}))
    )


def test_nothing_but_a_contact_that_settles_nothing_comes_back() -> None:
    model = live(everything(**{"mechanisms.returning_contacts": False}))
    assert journey_totals(model)["contacts"] > 100
    assert desk_totals(model)["settled"] < desk_totals(model)["served"]
    assert np.all(model.world.customers["contact_attempt"] == 0)
