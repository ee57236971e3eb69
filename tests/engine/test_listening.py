"""A company that listens: what it mends, when, by how much, and what that costs."""

from typing import Any

import numpy as np
import pytest

from cxsim.engine.tally import TOUCHPOINT_STATISTICS
from cxsim.model import CustomerModel
from cxsim.results.run import collect
from tests.engine.totals import index_of
from tests.engine.twins import assert_same_world, live
from tests.worlds import level, load_bare

HALF = {"company.feedback": {"share": 0.5, "every": "10 days"}}


def stops() -> dict[str, Any]:
    """The second is the worst, the third the second worst; the first fails now and then and gets stuck."""
    return {
        "good": {"kind": "self_service", "quality": level(0.8), "failure": {"probability": 0.04},
                 "technology": {"mode": "definer", "stuck_probability": 0.02}},
        "bad": {"kind": "use", "quality": level(0.3)},
        "middling": {"kind": "billing", "quality": level(0.4), "traits": {"fast_response": 0.4}},
    }  # fmt: skip


def test_it_mends_first_where_customers_miss_most() -> None:
    model = live(load_bare(stops(), **HALF | {"warm_up": "7 days"}))
    assert [day for day, _ in model.mended] == [17, 27, 37, 47, 57]
    assert [stop for _, stop in model.mended[:2]] == ["bad", "middling"]
    assert [settings.day for settings in model.history] == [0, 17, 27, 37, 47, 57]


def test_what_a_stop_lacks_lessens_by_exactly_the_share() -> None:
    model = live(load_bare(stops(), **HALF))
    before = np.array([0.8, 0.3, 0.4])
    lacking = np.ones(3)
    for settings, (day, stop) in zip(model.history[1:], model.mended, strict=True):
        lacking[index_of(model, stop)] *= 0.5
        expected = 1 - lacking * (1 - before)
        np.testing.assert_allclose(settings.quality, np.column_stack([expected] * 3), atol=1e-12)
        assert settings.day == day
    good = model.world.tables[0].stops[0]
    assert good.failure_probability == pytest.approx(0.04 * lacking[0])
    assert good.stuck_probability == pytest.approx(0.02 * lacking[0])


def test_in_order_it_takes_one_stop_after_another() -> None:
    model = live(load_bare(stops(), **{"company.feedback": {"share": 0.2, "every": "9.5 days", "follows": "order"}}))
    assert model.mended == [
        (10, "good"), (19, "bad"), (29, "middling"), (38, "good"), (48, "bad"), (57, "middling"),
    ]  # fmt: skip


def test_a_company_that_mends_no_share_does_nothing() -> None:
    silent = live(load_bare(stops(), **{"company.feedback": {"share": 0.0, "every": "1 day", "cost": 1000}}))
    assert (silent.mended, len(silent.history)) == ([], 1)
    assert_same_world(silent, live(load_bare(stops())))


def test_what_is_mended_shows_in_what_customers_get() -> None:
    scenario = load_bare(stops(), **HALF | {"company.feedback.share": 0.9})
    listening, deaf = live(scenario), live(load_bare(stops()))
    place, perceived = index_of(listening, "bad"), TOUCHPOINT_STATISTICS.index("perceived")
    assert listening.mended[0] == (10, "bad")
    np.testing.assert_array_equal(listening.world.stop_days[:10], deaf.world.stop_days[:10])
    better, worse = (
        model.world.stop_days[10:, place, perceived].sum() / model.world.stop_days[10:, place, 0].sum()
        for model in (listening, deaf)
    )
    assert better > worse + 0.3
    assert (listening.world.customers["satisfaction"] > deaf.world.customers["satisfaction"]).mean() > 0.9


def test_what_was_mended_stays_so_when_something_else_changes() -> None:
    """An intervention builds the world's tables anew, half-way: the share mended is taken off the new value."""
    change = {"at": "25 days", "over": "2 days", "until": "44 days", "set": {"touchpoints.bad.quality.product": 0.6}}
    model = live(load_bare(stops(), **HALF | {"interventions.change": change, "company.feedback.follows": "order"}))
    quality = {settings.day: settings.quality[1] for settings in model.history}
    assert model.mended[:3] == [(10, "good"), (20, "bad"), (30, "middling")]
    np.testing.assert_allclose(quality[20], [0.65, 0.65, 0.65])
    np.testing.assert_allclose(quality[27], [0.65, 1 - 0.5 * (1 - 0.6), 0.65])
    np.testing.assert_allclose(quality[30], quality[27])
    np.testing.assert_allclose(quality[44], [0.65, 0.65, 0.65])
    np.testing.assert_allclose(quality[50], 1 - 0.25 * (1 - 0.3))  # the second time


def test_a_company_that_begins_to_listen_half_way() -> None:
    change = {"at": "31 days", "set": {"company.feedback.share": 0.5}}
    model = live(load_bare(stops(), **HALF | {"company.feedback.share": 0.0, "interventions.change": change}))
    assert [day for day, _ in model.mended] == [40, 50]


def test_listening_is_the_same_day_by_day_and_in_one_go() -> None:
    scenario = load_bare(stops(), **HALF)
    stepped = CustomerModel(scenario)
    while stepped.running:
        stepped.step()
    at_once = live(scenario)
    assert stepped.mended == at_once.mended
    assert_same_world(stepped, at_once)


def test_each_time_costs_what_it_costs_then() -> None:
    dearer = {"at": "25 days", "set": {"company.feedback.cost": 70}}
    values = HALF | {"company.feedback.cost": 100, "interventions.dearer": dearer, "warm_up": "5 days"}
    run = collect(live(load_bare(stops(), **values)), 0.0, keep_customers=False, keep_log=False)
    assert run.costs["feedback"] == 2 * 100 + 3 * 70  # days 15 and 25; 35, 45 and 55 after the 30th
