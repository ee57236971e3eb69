"""Twin worlds: what must not matter does not matter, bit for bit."""

from typing import Any

import numpy as np
import pytest

from cxsim.engine.tally import J_BEGUN
from cxsim.engine.world import CUSTOMERS_PER_LANE
from cxsim.model import CustomerModel
from cxsim.scenario.errors import ScenarioError
from tests.engine.twins import assert_same_customers, assert_same_log, assert_same_world, first_journeys, live
from tests.worlds import load_world, small_world, with_values

NO_DESK: dict[str, Any] = {
    "desks": {}, "touchpoints.support": {"kind": "self_service"}, "touchpoints.billing.next": {"support": 1},
    "touchpoints.delivery.overdue_contact": None, "touchpoints.delivery.overdue_contact_probability": 0,
    "touchpoints.use.failure": {"probability": 0.05},
}  # fmt: skip
BUSY = {"personas": {"everyone": {"journeys_per_year": "30 per year"}}, "desks.support.servers": 1}


def test_one_more_customer_changes_nobody_where_nobody_queues_or_talks() -> None:
    silent = NO_DESK | {"mechanisms.word_of_mouth": False}
    few, more = (live(load_world(**silent | {"population.customers": count})) for count in (200, 201))
    assert_same_customers(few.world.customers, more.world.customers[:200])
    np.testing.assert_array_equal(few.world.ledger, more.world.ledger[:200])


def test_one_more_customer_reaches_others_through_the_queue_alone() -> None:
    """Not promised: states after a shared queue. Promised: who they are, and their first journey."""
    models = [live(load_world(**BUSY | {"population.customers": count}), follow=range(count)) for count in (200, 201)]
    few, more = (model.world.customers[:200] for model in models)
    for name in ("persona", "desired_base", "adequate_base", "patience", "irritation_tolerance", "switching_cost",
                 "price_sensitivity", "joined_at", "message_exposure"):  # fmt: skip
        np.testing.assert_array_equal(few[name], more[name], err_msg=name)
    begun = [first_journeys(model) for model in models]
    assert begun[0] == {customer: at for customer, at in begun[1].items() if customer < 200}


def test_those_who_never_waited_are_untouched_by_one_more_customer() -> None:
    """With servers for everybody a desk is no longer shared, so nobody is changed at all."""
    plenty = BUSY | {
        "mechanisms.word_of_mouth": False,
        "desks.support.servers": 500,
        "desks.support.shifts": [{"hours": "0-24"}],
    }
    few, more = (live(load_world(**plenty | {"population.customers": count})) for count in (200, 201))
    assert few.world.customers["contacts"].sum() > 20
    assert_same_customers(few.world.customers, more.world.customers[:200])


def test_observers_see_without_touching() -> None:
    scenario = load_world(**BUSY)
    unseen, seen = live(scenario), live(scenario, follow=range(300))
    assert len(seen.log()) > 1000
    assert_same_world(unseen, seen, without=("is_logged", "log_entries"))


def test_an_observer_of_some_sees_what_an_observer_of_all_sees() -> None:
    scenario = load_world(**BUSY)
    some, everybody = live(scenario, follow=(7, 11)).log(), live(scenario, follow=range(300)).log()
    theirs = everybody[np.isin(everybody["customer"], (7, 11))]
    assert_same_log(some, theirs)


def test_threads_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cxsim.driving.WORTH_THREADS", 1)
    scenario = load_world(**{
        "population.customers": 6000, "warm_up": "5 days", "horizon": "25 days", "desks.support.servers": 3,
        "personas": {"everyone": {"journeys_per_year": "60 per year"}},
    })  # fmt: skip
    models = [live(scenario, threads=threads, follow=range(0, 6000, 5)) for threads in (1, 2, 4)]
    due_a_day = models[0].world.journey_days[:, J_BEGUN].mean()
    assert due_a_day > 3 * CUSTOMERS_PER_LANE  # so that several slices are in use
    for other in models[1:]:
        assert_same_world(models[0], other)
        assert_same_log(models[0].log(), other.log())


@pytest.mark.parametrize("threads", [1, 2])
def test_in_one_go_day_by_day_and_with_stops_are_the_same(threads: int) -> None:
    scenario = load_world(**BUSY)
    at_once, stepped, stopped = (CustomerModel(scenario, threads=threads) for _ in range(3))
    at_once.run()
    while stepped.running:
        stepped.step()
    for _ in range(33):
        stopped.step()
    stopped.run()
    assert_same_world(at_once, stepped)
    assert_same_world(at_once, stopped)
    assert stepped.day == at_once.day == scenario.days


def test_a_log_emptied_on_the_way_is_the_same_log() -> None:
    """The buffer of the log holds 4096 entries; here it fills on most days."""
    scenario = load_world(**BUSY | {"population.customers": 4000, "horizon": "20 days", "desks.support.servers": 12})
    pieces: list[np.ndarray] = []
    kept, streamed = live(scenario, follow=range(4000)), live(scenario, follow=range(4000), sink=pieces.append)
    assert len(pieces) > 5
    assert_same_world(kept, streamed)
    entries = np.concatenate(pieces)
    assert_same_log(entries[np.lexsort((entries["serial"], entries["customer"]))], kept.log())


def test_a_touchpoint_that_nobody_can_reach_is_refused() -> None:
    with pytest.raises(ScenarioError, match="never reached"):
        load_world(**{"touchpoints.attic": {"kind": "use"}})


def test_a_touchpoint_that_nobody_reaches_leaves_everybodys_luck_alone() -> None:
    with_attic = {"touchpoints.attic": {"kind": "use"}, "touchpoints.billing.next": {"end": 1 - 1e-12, "attic": 1e-12}}
    without, with_one_more = live(load_world(**BUSY)), live(load_world(**BUSY | with_attic))
    assert with_one_more.world.stop_days[:, -1].sum() == 0
    assert_same_customers(without.world.customers, with_one_more.world.customers)
    np.testing.assert_array_equal(without.world.stop_days, with_one_more.world.stop_days[:, :-1])
    np.testing.assert_array_equal(without.world.desk_days, with_one_more.world.desk_days)


def test_a_lever_leaves_the_first_journeys_alone() -> None:
    models = [live(load_world(**BUSY | {"desks.support.servers": servers}), follow=range(300)) for servers in (1, 6)]
    begun = [first_journeys(model) for model in models]
    assert len(begun[0]) > 250
    assert begun[0] == begun[1]
    assert not np.array_equal(models[0].world.desk_days, models[1].world.desk_days)  # the lever did something


def test_seeds_and_replications_are_other_worlds() -> None:
    scenario = load_world()
    worlds = [live(scenario, rng=seed, replication=number).world for seed, number in ((1, 0), (1, 1), (2, 0))]
    for mine, theirs in ((0, 1), (0, 2), (1, 2)):
        traits = worlds[mine].customers["patience"], worlds[theirs].customers["patience"]
        assert not np.any(traits[0] == traits[1])
        assert abs(np.corrcoef(*traits)[0, 1]) < 4 / 300**0.5


def test_a_scenario_given_as_data_as_text_or_loaded_is_the_same_world(tmp_path: Any) -> None:
    import json

    data = with_values(small_world(), BUSY)
    path = tmp_path / "small.yaml"
    path.write_text(json.dumps(data), encoding="utf-8")
    loaded = load_world(**BUSY)
    for other in (data, path, str(path)):
        assert_same_world(live(loaded), live(other))
