"""Word of mouth: who is told, that it can be switched off, and which way it moves what people think."""

import numpy as np

from cxsim.engine.talk import tie
from cxsim.engine.tally import JOURNEY_STATISTICS
from cxsim.engine.world import build_world
from tests.engine.twins import live
from tests.worlds import load_world

TALKING = {"population.customers": 400, "rules.talk_base": 0.1, "personas.everyone.journeys_per_year": "24 per year"}


def ties(count: int) -> np.ndarray:
    tables = build_world(load_world(**{"population.customers": count}), 1, 0).tables[0]
    plain = getattr(tie, "py_func", tie)
    return np.array([[plain(tables, number, place) for place in range(4)] for number in range(count)])


def test_a_newcomer_changes_nobodys_ties() -> None:
    np.testing.assert_array_equal(ties(120), ties(121)[:120])


def test_most_ties_lead_to_neighbours_and_some_far_away() -> None:
    found = ties(400)
    expected = np.arange(400)[:, None] - np.arange(1, 5)
    near = (found == expected)[10:].mean()
    assert 0.85 < near < 0.95
    assert (found < np.arange(400)[:, None]).all()


def test_nobody_tells_when_talk_is_switched_off() -> None:
    model = live(load_world(**TALKING | {"mechanisms.word_of_mouth": False}))
    told = [JOURNEY_STATISTICS.index(name) for name in ("told_good", "told_bad", "reviews")]
    assert model.world.journey_days[:, told].sum() == 0


def test_more_is_told_of_what_was_felt_strongly_and_more_of_bad_than_of_good() -> None:
    quality = {"people": 0.95, "product": 0.95, "process": 0.95}
    great = live(load_world(**TALKING | {"rules.talk_base": 0.0, "touchpoints.use.quality": quality}))
    plain = live(load_world(**TALKING | {"rules.talk_base": 0.0}))
    good, bad = (JOURNEY_STATISTICS.index(name) for name in ("told_good", "told_bad"))
    journeys = JOURNEY_STATISTICS.index("journeys")
    rates = [model.world.journey_days.sum(axis=0)[good] / model.world.journey_days.sum(axis=0)[journeys]
             for model in (great, plain)]  # fmt: skip
    assert rates[0] > 1.3 * rates[1]
    dull = {"people": 0.5, "product": 0.5, "process": 0.5}
    disappointing = live(load_world(**TALKING | {"rules.talk_base": 0.0, "touchpoints.use.quality": dull}))
    assert disappointing.world.journey_days[:, bad].sum() > plain.world.journey_days[:, bad].sum()


def test_prospects_hear_before_their_first_journey() -> None:
    world = TALKING | {"population.newcomers": "2000 per year"}
    scenario = load_world(**world)
    start = build_world(scenario, 1, 0).customers
    model = live(scenario)
    joined = start["status"] == 0
    assert joined.sum() > 50
    silent = live(load_world(**world | {"mechanisms.word_of_mouth": False}))
    assert not np.array_equal(model.world.customers["predicted"][joined], silent.world.customers["predicted"][joined])


def test_a_friends_bad_word_lowers_what_is_expected() -> None:
    awful = {"people": 0.2, "product": 0.2, "process": 0.2}
    world = TALKING | {"touchpoints.use.quality": awful, "rules.leave_base": -50.0,
                       "personas.everyone.journeys_per_year": "8 per year"}  # fmt: skip
    loud, silent = live(load_world(**world)), live(load_world(**world | {"mechanisms.word_of_mouth": False}))
    never = silent.world.customers["encounters"] == 0
    heard = loud.world.customers["predicted"][never].mean()
    assert never.sum() > 5
    assert heard < silent.world.customers["predicted"][never].mean()
