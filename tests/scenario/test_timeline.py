"""Interventions: what is in force on which day, and what cannot change on the way."""

import numpy as np
import pytest

from cxsim.model import CustomerModel
from cxsim.scenario.errors import ScenarioError
from cxsim.scenario.loading import load
from cxsim.scenario.timeline import timeline
from tests.worlds import small_world


def world(**interventions):
    return load({**small_world(), "warm_up": "10 days", "horizon": "60 days", "interventions": interventions})


def test_a_ramp_moves_evenly_and_ends_at_the_new_value():
    found = timeline(world(faster={"at": "20 days", "over": "10 days", "set": {"desks.support.service.mean": "1 min"}}))
    days = [day for day, _ in found]
    means = [scenario.desks["support"].service.mean for _, scenario in found]
    assert days[0] == 0
    assert days[-1] == 40
    assert means[-1] == 1.0
    assert np.allclose(np.diff(means[1:]), (means[-1] - means[0]) / 10)


def test_old_values_return_when_it_ends():
    shock = {"at": "5 days", "until": "15 days", "set": {"touchpoints.use.failure.probability": 0.9}}
    found = timeline(world(storm=shock))
    assert [day for day, _ in found] == [0, 15, 25]
    assert found[2][1] == found[0][1]


def test_of_two_that_set_the_same_the_later_holds():
    found = timeline(
        world(
            second={"at": "20 days", "set": {"desks.support.servers": 3}},
            first={"at": "10 days", "set": {"desks.support.servers": 5}},
        )
    )
    assert [scenario.desks["support"].servers for _, scenario in found][1:] == [5, 3]


def test_nothing_differs_before_it_starts_and_something_does_after():
    plain = CustomerModel(world()).run()
    storm = {"at": "20 days", "set": {"touchpoints.use.failure.probability": 0.9}}
    changed = CustomerModel(world(storm=storm)).run()
    assert np.array_equal(plain.world.stop_days[:30], changed.world.stop_days[:30])
    assert not np.array_equal(plain.world.stop_days[30:], changed.world.stop_days[30:])


def test_stopping_on_the_way_changes_nothing():
    storm = {"at": "20 days", "over": "8 days", "set": {"touchpoints.use.failure.probability": 0.9}}
    whole, steps = CustomerModel(world(storm=storm)).run(), CustomerModel(world(storm=storm))
    while steps.running:
        steps.step()
    assert whole.world.customers.tobytes() == steps.world.customers.tobytes()


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ({"population.customers": 5}, "holds for the whole run"),
        ({"desks.support.sevrers": 5}, "did you mean 'servers'"),
        ({"touchpoints.use.failure.probability": 2}, "at most 1"),
        ({"personas.other": {"share": 0}}, "only their values can change"),
    ],
)
def test_what_cannot_be_set_is_told_with_its_place(setting, told):
    with pytest.raises(ScenarioError, match=told) as error:
        world(wrong={"at": "20 days", "set": setting})
    assert "interventions.wrong.set" in str(error.value)


def test_one_beyond_the_horizon_is_refused():
    with pytest.raises(ScenarioError, match="beyond the horizon"):
        world(late={"at": "90 days", "set": {"desks.support.servers": 2}})
