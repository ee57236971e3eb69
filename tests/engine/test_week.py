"""The week clock: business time, its inverse, and journeys that follow the profile."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import stats

from cxsim.engine.log import JOURNEY_BEGINS
from cxsim.engine.tally import J_FREQUENCY_CUTS
from cxsim.engine.world import week_instant, week_time
from cxsim.model import CustomerModel
from tests.worlds import load_world, week_of

WEIGHTS = some.lists(some.sampled_from([0.0, 0.0, 0.3, 1.0, 7.5]), min_size=168, max_size=168).filter(any)


@settings(max_examples=60, deadline=None)
@given(WEIGHTS, some.floats(0, 3650), some.integers(0, 6))
def test_business_time_of_an_instant_found_from_it_is_the_same(weights: list[float], business: float, day: int) -> None:
    week = week_of(weights)
    instant = week_instant(week, business, float(day))
    assert abs(week_time(week, instant, float(day)) - business) < 1e-8


@settings(max_examples=60, deadline=None)
@given(WEIGHTS, some.floats(0, 3650), some.integers(0, 6))
def test_instants_lie_in_hours_with_weight(weights: list[float], business: float, day: int) -> None:
    instant = week_instant(week_of(weights), business, float(day))
    hour = (instant + day) * 24.0
    assert any(weights[int(np.floor(hour + slip)) % 168] > 0 for slip in (-1e-6, 0.0, 1e-6))


@settings(max_examples=60, deadline=None)
@given(WEIGHTS, some.floats(0, 3650), some.floats(0, 30), some.integers(0, 6))
def test_both_clocks_run_forward(weights: list[float], at: float, later: float, day: int) -> None:
    week = week_of(weights)
    assert week_time(week, at + later, float(day)) >= week_time(week, at, float(day)) - 1e-9
    assert week_instant(week, at + later, float(day)) >= week_instant(week, at, float(day)) - 1e-9


def test_a_flat_week_is_plain_time() -> None:
    week = week_of([1.0] * 168)
    for at in (0.0, 0.4, 6.99, 7.0, 123.456):
        assert abs(week_time(week, at, 3.0) - at - 3.0) < 1e-9
        assert abs(week_instant(week, at + 3.0, 3.0) - at) < 1e-9


def test_a_week_runs_seven_units_and_weekday_shifts_it() -> None:
    week = week_of([0.0] * 24 * 5 + [1.0] * 48)  # journeys at the weekend only
    assert abs(week_time(week, 17.5, 0.0) - week_time(week, 10.5, 0.0) - 7.0) < 1e-9
    assert week_instant(week, 1e-6, 0.0) >= 5.0  # from Monday: five days to Saturday
    assert week_instant(week, week_time(week, 0.0, 4.0) + 1e-6, 4.0) >= 1.0  # from Friday: one


def test_journeys_follow_the_profile_of_the_week() -> None:
    starts_at = [{"days": "mon-fri", "hours": "8-12", "weight": [1, 2, 3, 4]}, {"days": "sat", "weight": 0.5}]
    scenario = load_world(**{
        "journey.starts_at": starts_at, "start_weekday": "wed", "warm_up": "0 days", "horizon": "28 days",
        "population.customers": 3000, "mechanisms.frequency_cut": False,
        "personas": {"everyone": {"journeys_per_year": "40 per year"}},
        "desks.support.shifts": [{"hours": "0-24"}],
    })  # fmt: skip
    model = CustomerModel(scenario, follow=range(3000)).run()
    log = model.log()
    begun = log[log["event"] == JOURNEY_BEGINS]
    # journeys that waited for the one before to end start when it does; the others start at an hour of their own
    first = begun[begun["serial"] == 0]
    hours = np.floor((first["at"] + 2) * 24).astype(int) % 168
    weights = np.zeros(168)
    for day in range(5):
        weights[day * 24 + 8 : day * 24 + 12] = (1, 2, 3, 4)
    weights[5 * 24 : 6 * 24] = 0.5
    counts = np.bincount(hours, minlength=168)
    assert counts[weights == 0].sum() == 0
    # a first need by day 28 has a chance that falls slowly with business time: compare within single days
    for day in range(5):
        block = slice(day * 24 + 8, day * 24 + 12)
        expected = counts[block].sum() * weights[block] / weights[block].sum()
        assert stats.chisquare(counts[block], expected).pvalue > 1e-4


def test_those_who_come_less_often_still_come_at_hours_of_business() -> None:
    scenario = load_world(**{
        "journey.starts_at": [{"days": "mon-fri", "hours": "9-11"}], "desks": {}, "journey.goal": [],
        "journey.start": "site", "population.ended": "0 per year", "population.drifted": "0 per year",
        "touchpoints": {"site": {"kind": "self_service", "quality": {"process": 0.2}}},
        "rules": {"frequency_cut": 0.8, "leave_base": -50.0}, "horizon": "200 days",
        "personas": {"everyone": {"journeys_per_year": "100 per year"}},
    })  # fmt: skip
    model = CustomerModel(scenario, follow=range(300)).run()
    log = model.log()
    assert model.world.journey_days[:, J_FREQUENCY_CUTS].sum() > 500
    hours = (log["at"][log["event"] == JOURNEY_BEGINS] * 24.0) % 168.0
    assert np.all((hours % 24 > 9 - 1e-6) & (hours % 24 < 11 + 1e-6) & (hours < 120))
