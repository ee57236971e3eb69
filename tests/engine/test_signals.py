"""Books of the predicted level: what each signal has brought, followed step by step with plain arithmetic."""

from typing import Any

import numpy as np
import pytest

from cxsim.engine.columns import ACTIVE, HEARD, JOURNEY
from cxsim.engine.people import promised_levels
from cxsim.engine.tally import J_GAP_BY, J_GAP_EVEN, T_ENCOUNTERS
from cxsim.engine.world import build_world
from cxsim.model import CustomerModel
from cxsim.results.run import collect
from tests.engine.tiny_world import tiny_world
from tests.engine.twins import live
from tests.worlds import level, load_bare

NO_LEARNING = {"mechanisms.learning": False}
ADVERT: dict[str, Any] = {"advert": {"kind": "message", "channel": "advert", "quality": level(0.6)}}
PROMISES = {"company.promises": {"advert": {"people": 0.9, "product": 0.7, "process": 0.8}}}
USE: dict[str, Any] = {"use": {"kind": "use", "quality": level(0.7)}}
SIGNALS_OFF = {"factors.past_experience": None, "factors.word_of_mouth": None, "factors.implicit_promises": None}


def books(customers: Any) -> tuple[np.ndarray, np.ndarray]:
    """Parts and shares of the three signals that are kept, (n, 3) each."""
    return customers["predicted_parts"].astype(np.float64), customers["predicted_shares"].astype(np.float64)


def test_the_first_prediction_is_shared_out_by_the_weights_of_its_signals() -> None:
    model = CustomerModel(load_bare(USE, **PROMISES | {"market.reputation": 0.5, "company.implied": 0.6}))
    customers, world = model.world.customers, model.world
    parts, shares = books(customers)
    promised = promised_levels(world, customers["number"]).mean(axis=1)
    np.testing.assert_allclose(promised, 0.8)
    np.testing.assert_allclose(
        parts, shares * np.column_stack([promised, np.full(200, 0.6), np.full(200, 0.5)]), rtol=1e-6
    )
    past = 1.0 - shares.sum(axis=1)
    predicted = customers["predicted"].mean(axis=1)
    np.testing.assert_allclose(predicted, parts.sum(axis=1) + past * model.scenario.market.typical, rtol=1e-6)
    exposure = customers["message_exposure"]  # 1 on average: a quarter of all weights
    assert np.corrcoef(exposure, shares[:, 0])[0, 1] > 0.5


def test_every_promise_met_moves_the_books_by_its_own_weight() -> None:
    scenario = load_bare(ADVERT, **PROMISES | NO_LEARNING)
    parts, shares = books(build_world(scenario, 1, 0).customers)
    customers = live(scenario).world.customers
    weight = 0.25 * customers["message_exposure"].astype(np.float64) * 0.7  # its weight, heeded so much, trusted so far
    left = (1.0 - np.minimum(weight, 1.0)) ** customers["encounters"]
    assert customers["encounters"].max() > 5
    after_parts, after_shares = books(customers)
    np.testing.assert_allclose(after_shares[:, 0], shares[:, 0] * left + (1 - left), atol=1e-5)
    np.testing.assert_allclose(after_parts[:, 0], parts[:, 0] * left + (1 - left) * 0.8, atol=1e-5)
    np.testing.assert_allclose(after_shares[:, 1:], shares[:, 1:] * left[:, None], atol=1e-5)
    np.testing.assert_allclose(after_parts[:, 1:], parts[:, 1:] * left[:, None], atol=1e-5)


def test_experience_crowds_out_all_signals_alike() -> None:
    """The gain of every experience follows from the uncertainty alone."""
    scenario = load_bare(USE)
    parts, shares = books(build_world(scenario, 1, 0).customers)
    customers = live(scenario).world.customers
    left, uncertainty, shrunk = 1.0, 0.04, [1.0]
    for _ in range(int(customers["encounters"].max())):
        gain = max(uncertainty / (uncertainty + 0.04), 0.1)
        uncertainty, left = uncertainty * (1 - gain) + 0.002, left * (1 - gain)
        shrunk.append(left)
    kept = np.array(shrunk)[customers["encounters"]][:, None]
    after_parts, after_shares = books(customers)
    np.testing.assert_allclose(after_shares, shares * kept, atol=1e-6)
    np.testing.assert_allclose(after_parts, parts * kept, atol=1e-6)
    assert after_shares[customers["encounters"] > 5].max() < 0.1


def test_reviews_are_what_others_say() -> None:
    silent = {"population": {"customers": 10, "newcomers": "3000 per year", "ended": 0, "drifted": 0},
              "market.reputation": 0.5, "mechanisms.reviews": False}  # fmt: skip
    scenario = load_bare(USE, **NO_LEARNING | silent)
    parts, shares = books(build_world(scenario, 1, 0).customers)
    customers = live(scenario).world.customers
    joined = (customers["number"] >= 10) & (customers["status"] == ACTIVE)
    assert joined.sum() > 200
    weight = np.minimum(0.2 * customers["talk_exposure"].astype(np.float64), 1.0)[joined]
    after_parts, after_shares = (book[joined] for book in books(customers))
    np.testing.assert_allclose(after_shares[:, HEARD], shares[joined, HEARD] * (1 - weight) + weight, atol=1e-6)
    np.testing.assert_allclose(after_parts[:, HEARD], parts[joined, HEARD] * (1 - weight) + weight * 0.5, atol=1e-6)


@pytest.mark.parametrize(("quality", "louder"), [(0.9, 1.0), (0.2, 1.5)])
def test_a_friends_word_moves_the_books_once_and_bad_news_more(quality: float, louder: float) -> None:
    """Customer 1 has the one journey, and is tied to customer 0 alone."""
    talk = {"mechanisms.word_of_mouth": True, "rules.talk_base": 1.0, "market.network": {"ties": 2, "rewired": 0.0},
            "population.customers": 2, "personas.everyone.journeys_per_year": 0, "rules.review_share": 0.0,
            "touchpoints.use.quality": level(quality)}  # fmt: skip
    model = CustomerModel(load_bare(USE, **NO_LEARNING | talk))
    before = model.world.customers.copy()
    model.world.customers[1].due[JOURNEY] = model.world.due_at[1] = 3.5
    model.run()
    after = model.world.customers
    assert after["encounters"].tolist() == [0, 1]
    weight = min(0.2 * float(before["talk_exposure"][0]) * louder, 1.0)
    told = float(after["news_level"][1])
    (parts, shares), (after_parts, after_shares) = books(before), books(after)
    expected = np.array([0.0, 0.0, weight])
    np.testing.assert_allclose(after_shares[0], shares[0] * (1 - weight) + expected, atol=1e-6)
    np.testing.assert_allclose(after_parts[0], parts[0] * (1 - weight) + expected * told, atol=1e-6)
    moved = before["predicted"][0] + weight * (told - before["predicted"][0])
    np.testing.assert_allclose(after["predicted"][0], moved, atol=1e-6)
    np.testing.assert_array_equal(after_shares[1], shares[1])  # nobody tells customer 1


@pytest.fixture(scope="module")
def full() -> CustomerModel:
    """The tiny world with everything in it."""
    return live(tiny_world("serve_out"), rng=3)


def test_the_books_stay_in_range_in_a_world_with_everything(full: CustomerModel) -> None:
    parts, shares = books(full.world.customers)
    assert np.all(shares >= 0)
    assert np.all(shares.sum(axis=1) <= 1 + 1e-4)
    assert np.all((parts >= 0) & (parts <= shares + 1e-4))
    rest = full.world.customers["predicted"].mean(axis=1) - parts.sum(axis=1)
    assert np.all((rest >= -1e-4) & (rest <= 1 - shares.sum(axis=1) + 1e-4))


def test_shares_of_the_spread_sum_to_one_and_parts_of_the_gap_to_the_gap(full: CustomerModel) -> None:
    influence = collect(full, 0.0, False, False).influence
    for name in ("predicted", "desired", "adequate"):
        assert sum(found[name] for found in influence.values()) == pytest.approx(1.0, abs=1e-9), name
    warm_up = int(full.scenario.warm_up)
    journeys = full.world.journey_days[warm_up:].sum(axis=0)
    encounters = full.world.stop_days[warm_up:, :, T_ENCOUNTERS].sum()
    assert sum(found["gap"] for found in influence.values()) == pytest.approx(journeys[J_GAP_EVEN] / encounters)
    for place, name in enumerate(("explicit_promises", "implicit_promises", "word_of_mouth")):
        assert influence[name]["gap"] == pytest.approx(journeys[J_GAP_BY + place] / encounters)


def test_the_even_gap_is_that_of_the_log() -> None:
    model = live(tiny_world("serve_out"), rng=3, follow=range(1000))
    log = model.log()
    lived = np.isfinite(log["utility"])
    gap = (log["perceived"][lived] - log["predicted"][lived]).mean(axis=1).sum()
    assert model.world.journey_days[:, J_GAP_EVEN].sum() == pytest.approx(gap, abs=1e-9)


def test_whoever_only_hears_promises_has_all_expectations_from_the_firm() -> None:
    channels = {"company.promises": {"advert": level(0.9), "shop": level(0.6), "letter": level(0.7)}}
    heeded = {"factors.explicit_promises.sd": 0.05}  # by everybody: who heeds none falls back on the past
    run = collect(live(load_bare(USE, **channels | SIGNALS_OFF | NO_LEARNING | heeded)), 0.0, False, False)
    assert run.influence_by_control("predicted", "controllable") == pytest.approx(1.0, abs=1e-6)
    assert run.influence_by_control("predicted", "influenceable") == pytest.approx(0.0, abs=1e-6)
    gaps = [found["gap"] for found in run.influence.values()]
    assert run.influence["explicit_promises"]["gap"] == pytest.approx(sum(gaps), abs=1e-6)


def test_whoever_has_only_lived_through_things_has_all_expectations_from_the_past() -> None:
    """After many experiences nothing that was said is left."""
    uneven = {"use": {"kind": "use", "quality": level(0.7), "quality_sd": level(0.2)}}
    often = {"personas.everyone.journeys_per_year": "600 per year"}
    run = collect(live(load_bare(uneven, **PROMISES | often)), 0.0, False, False)
    assert run.influence["past_experience"]["predicted"] == pytest.approx(1.0, abs=1e-3)
    assert run.influence_by_control("predicted", "controllable") == pytest.approx(0.0, abs=1e-3)
