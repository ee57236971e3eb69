"""What customers get, perceive and feel: the zone of tolerance, losses against gains, wows, memory, scores."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cxsim.rules.satisfaction import (
    delight_bonus,
    encounter_satisfaction,
    felt_utility,
    journey_remembered,
    journey_weight,
    perceived_quality,
    recommendation_score,
)
from cxsim.scenario.parameters import PARAMETER

level = st.floats(0, 1)
SLOPE, LOSS, EXPONENT = (PARAMETER[name].value for name in ("zone_slope", "loss_aversion", "exponent"))
ADEQUATE, DESIRED = 0.4, 0.6


def felt(perceived: float, loss_aversion: float = LOSS) -> float:
    return felt_utility(perceived, DESIRED, ADEQUATE, SLOPE, loss_aversion, EXPONENT)


@given(same=level, delivered_weight=st.floats(0.7, 1), predicted_weight=st.floats(0.3, 0.5))
def test_perceived_weights_sum_to_one(same: float, delivered_weight: float, predicted_weight: float) -> None:
    assert perceived_quality(same, same, same, delivered_weight, predicted_weight) == pytest.approx(same)


@given(delivered=level, predicted=level, normative=level, more=st.floats(0.01, 0.5))
def test_will_raises_and_should_lowers_what_is_perceived(
    delivered: float, predicted: float, normative: float, more: float
) -> None:
    usual = perceived_quality(delivered, predicted, normative, 0.9, 0.2)
    assert perceived_quality(delivered, predicted + more, normative, 0.9, 0.2) > usual
    assert perceived_quality(delivered, predicted, normative + more, 0.9, 0.2) < usual
    assert perceived_quality(delivered + more, predicted, normative, 0.9, 0.2) > usual + 0.5 * more


def test_perception_is_delivery_alone_when_expectations_do_not_colour_it() -> None:
    assert perceived_quality(0.37, 0.9, 0.1, 1.0, 0.0) == pytest.approx(0.37)


@given(adequate=st.floats(0, 0.9), width=st.floats(0.05, 0.5))
def test_feeling_is_continuous_at_both_ends_of_the_zone(adequate: float, width: float) -> None:
    desired = adequate + width
    for end in (adequate, desired):
        below, above = (felt_utility(end + step, desired, adequate, 0.2, 2.0, 0.88) for step in (-1e-9, 1e-9))
        assert below == pytest.approx(above, abs=1e-6)


def test_feeling_is_zero_in_the_middle_of_the_zone_and_half_the_slope_at_its_ends() -> None:
    assert felt(0.5) == pytest.approx(0)
    assert felt(DESIRED) == pytest.approx(SLOPE / 2)
    assert felt(ADEQUATE) == pytest.approx(-SLOPE / 2)


@given(lower=level, higher=level)
def test_more_never_feels_worse(lower: float, higher: float) -> None:
    lower, higher = sorted((lower, higher))
    assert felt(lower) <= felt(higher)


@given(distance=st.floats(0.01, 0.4))
def test_a_loss_weighs_more_than_an_equal_gain(distance: float) -> None:
    gain, loss = felt(DESIRED + distance), felt(ADEQUATE - distance)
    assert -loss > gain > 0
    beyond_gain, beyond_loss = gain - felt(DESIRED), loss - felt(ADEQUATE)
    assert -beyond_loss / beyond_gain == pytest.approx(LOSS)
    assert -felt(ADEQUATE - distance, loss_aversion=1.0) == pytest.approx(gain)


def test_feeling_is_nearly_flat_inside_the_zone_and_steep_outside() -> None:
    inside, below, above = felt(0.55) - felt(0.45), felt(0.35) - felt(0.25), felt(0.75) - felt(0.65)
    assert below > above
    assert below > inside
    assert abs(felt(0.55)) < 0.25 * abs(felt(0.25))


@given(distance=st.floats(0.02, 0.15))
def test_sensitivity_diminishes(distance: float) -> None:
    first = felt(ADEQUATE) - felt(ADEQUATE - distance)
    second = felt(ADEQUATE - distance) - felt(ADEQUATE - 2 * distance)
    assert first > second > 0


@given(utility=st.floats(-5, 5), importance=st.floats(0, 2))
def test_satisfaction_stays_within_its_scale_and_has_the_sign_of_the_feeling(utility: float, importance: float) -> None:
    satisfaction = encounter_satisfaction(utility, importance, 2.0)
    assert -1 <= satisfaction <= 1
    assert satisfaction == pytest.approx(-encounter_satisfaction(-utility, importance, 2.0))
    assume(abs(utility * importance) > 1e-6)
    assert (satisfaction > 0) == (utility > 0)


def test_what_matters_more_is_felt_more() -> None:
    assert encounter_satisfaction(-0.2, 1.0, 2.0) < encounter_satisfaction(-0.2, 0.2, 2.0) < 0


@given(exposures=st.floats(0, 40), more=st.floats(0.5, 10))
def test_a_wow_wears_off_but_never_turns_bad(exposures: float, more: float) -> None:
    assert 0 < delight_bonus(0.5, exposures + more, 4.0) < delight_bonus(0.5, exposures, 4.0) <= 0.5


def test_a_wow_counts_half_after_the_given_number() -> None:
    assert delight_bonus(0.5, 4.0, 4.0) == pytest.approx(delight_bonus(0.5, 0.0, 4.0) / 2)


moment = st.floats(-1, 1)


@given(peak=moment, end=moment, mean=moment)
def test_memory_lies_among_its_parts(peak: float, end: float, mean: float) -> None:
    remembered = journey_remembered(peak, end, mean, 0.45, 0.45)
    assert min(peak, end, mean) - 1e-12 <= remembered <= max(peak, end, mean) + 1e-12


def test_peak_and_end_outweigh_the_average_and_without_them_it_alone_counts() -> None:
    assert journey_remembered(-0.8, -0.8, 0.8, 0.45, 0.45) < 0
    assert journey_remembered(-0.8, -0.8, 0.3, 0.0, 0.0) == pytest.approx(0.3)
    better_end = journey_remembered(-0.8, 0.5, 0.0, 0.45, 0.45)
    assert better_end > journey_remembered(-0.8, -0.5, 0.0, 0.45, 0.45)


@given(journeys=st.integers(0, 50))
def test_early_journeys_weigh_more(journeys: int) -> None:
    now, later = (journey_weight(count, 0.2, 0.3, 3.0) for count in (journeys, journeys + 1))
    assert 0.5 >= now > later > 0.2


def test_the_first_journey_has_the_full_extra_weight_and_old_customers_none() -> None:
    assert journey_weight(0, 0.2, 0.3, 3.0) == pytest.approx(0.5)
    assert journey_weight(100, 0.2, 0.3, 3.0) == pytest.approx(0.2)


@given(satisfaction=moment, better=moment, noise=st.floats(-6, 6))
def test_recommendations_are_whole_numbers_from_0_to_10_and_follow_satisfaction(
    satisfaction: float, better: float, noise: float
) -> None:
    satisfaction, better = sorted((satisfaction, better))
    low, high = (recommendation_score(value, noise, 0.7, 0.4, 1.2) for value in (satisfaction, better))
    assert low == int(low)
    assert 0 <= low <= high <= 10


def test_the_noise_of_an_answer_goes_both_ways_and_the_middle_is_the_answer_of_the_indifferent() -> None:
    assert recommendation_score(0.0, 0.0, 0.7, 0.4, 1.2) == 7
    assert recommendation_score(0.0, 2.0, 0.7, 0.4, 1.2) == 9
    assert recommendation_score(0.0, -2.0, 0.7, 0.4, 1.2) == 5
    assert recommendation_score(0.0, -2.0, 0.7, 0.4, 0.0) == 7


def test_recommendations_span_detractors_and_promoters() -> None:
    assert recommendation_score(-0.8, 0.0, 0.7, 0.4, 1.2) <= 6
    assert recommendation_score(0.8, 0.0, 0.7, 0.4, 1.2) >= 9
    assert math.isfinite(recommendation_score(0.0, 0.0, 0.7, 0.4, 0.0))
