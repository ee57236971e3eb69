"""What customers expect: targets, the zone between adequate and desired, learning from experience and promises."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxsim.rules.expectations import (
    adequate_target,
    approach,
    clip_level,
    desired_target,
    forget_normative,
    hear_promise,
    hold_zone,
    learning_gain,
    next_normative,
    next_uncertainty,
    weighted_prediction,
)
from cxsim.rules.relationship import half_life_days, remaining

level = st.floats(0, 1)
share = st.floats(0, 1)


def learned(start: float, experiences: list[float], floor: float = 0.1) -> list[float]:
    """Predicted level after each experience, as the engine learns it."""
    predicted, uncertainty, path = start, 0.04, []
    for perceived in experiences:
        gain = learning_gain(uncertainty, 0.04, floor)
        predicted = approach(predicted, perceived, gain)
        uncertainty = next_uncertainty(uncertainty, gain, 0.002)
        path.append(predicted)
    return path


@given(st.floats(-10, 10))
def test_levels_are_held_within_their_scale(value: float) -> None:
    assert 0 <= clip_level(value) <= 1
    assert clip_level(value) == value or not 0 <= value <= 1


@given(start=level, target=level, speed=share)
def test_a_level_moves_toward_its_target_and_never_past_it(start: float, target: float, speed: float) -> None:
    moved = approach(start, target, speed)
    assert min(start, target) - 1e-12 <= moved <= max(start, target) + 1e-12
    assert abs(target - moved) <= abs(target - start) + 1e-12
    assert approach(target, target, speed) == target


@given(start=level, constant=level)
def test_learning_converges_to_a_constant_experience(start: float, constant: float) -> None:
    path = learned(start, [constant] * 80)
    assert path[-1] == pytest.approx(constant, abs=1e-3)
    errors = [abs(value - constant) for value in path]
    assert errors == sorted(errors, reverse=True)


def test_early_experience_moves_the_prediction_more_than_late_experience() -> None:
    steady = learned(0.5, [0.7] * 20)
    assert steady[0] - 0.5 == pytest.approx(0.1)  # equal variances: half way
    jolted_early = abs(learned(0.5, [0.2])[0] - 0.5) / 0.3
    jolted_late = abs(learned(0.5, [0.7] * 20 + [0.2])[-1] - steady[-1]) / abs(steady[-1] - 0.2)
    assert jolted_early > 1.5 * jolted_late


def test_the_gain_never_falls_below_its_floor_nor_rises_above_one() -> None:
    assert learning_gain(0.0, 0.04, 0.1) == 0.1
    assert learning_gain(1e9, 0.04, 0.1) == pytest.approx(1.0)


@given(first=st.floats(1e-4, 1), second=st.floats(1e-4, 1))
def test_the_unsure_learn_faster(first: float, second: float) -> None:
    sure, unsure = sorted((first, second))
    assert learning_gain(sure, 0.04, 0.0) <= learning_gain(unsure, 0.04, 0.0)


@given(st.floats(0.001, 0.5))
def test_uncertainty_settles_at_one_value_above_zero_from_any_start(start: float) -> None:
    uncertainty = start
    for _ in range(200):
        uncertainty = next_uncertainty(uncertainty, learning_gain(uncertainty, 0.04, 0.1), 0.002)
    other = 0.04
    for _ in range(200):
        other = next_uncertainty(other, learning_gain(other, 0.04, 0.1), 0.002)
    assert uncertainty == pytest.approx(other, rel=1e-3)
    assert uncertainty > 0.002


@given(normative=st.floats(0.2, 0.8), distance=st.floats(0.01, 0.2))
def test_should_rises_faster_than_it_falls(normative: float, distance: float) -> None:
    rise = next_normative(normative, normative + distance, 0.15, 0.01) - normative
    fall = normative - next_normative(normative, normative - distance, 0.15, 0.01)
    assert rise > 10 * fall > 0


def test_alternating_wow_and_ordinary_service_ratchets_should_above_its_mean() -> None:
    normative = 0.6
    history = []
    for turn in range(400):
        normative = next_normative(normative, 0.9 if turn % 2 else 0.3, 0.15, 0.01)
        history.append(normative)
    assert statistics.mean(history[-20:]) > 0.8
    assert next_normative(0.6, 0.9, 0.0, 0.0) == 0.6


@given(base=level, normative=level, days=st.floats(0, 2000))
def test_only_the_excess_over_the_own_standard_is_forgotten(base: float, normative: float, days: float) -> None:
    kept = remaining(days, half_life_days(0.02, 30))
    later = forget_normative(normative, base, kept)
    assert 0 < kept <= 1
    assert min(base, normative) - 1e-12 <= later <= normative + 1e-12
    if normative <= base:
        assert later == normative


def test_two_per_cent_of_the_excess_go_in_thirty_days_in_however_many_steps() -> None:
    assert remaining(30, half_life_days(0.02, 30)) == pytest.approx(0.98)
    assert remaining(10, half_life_days(0.02, 30)) ** 3 == pytest.approx(0.98)
    assert remaining(30, half_life_days(0.0, 30)) == 1.0


def test_the_desired_level_heads_for_the_higher_standard() -> None:
    assert desired_target(0.6, 0.8) == 0.8
    assert desired_target(0.6, 0.4) == 0.6
    assert desired_target(1.3, 0.4) == 1.0


def adequate(**changes: float) -> float:
    usual = {"base": 0.4, "predicted": 0.5, "alternatives": 0.0, "urgency": 0.0, "situation": 0.0}
    values = usual | changes
    return adequate_target(*values.values(), 0.1, 0.15, 0.15, 0.3)


def test_an_average_customer_in_an_average_moment_keeps_the_own_adequate_level() -> None:
    assert adequate() == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("determinant", "sign"), [("alternatives", 1), ("urgency", 1), ("situation", -1), ("predicted", 1), ("base", 1)]
)
@given(low=level, high=level)
def test_determinants_move_the_adequate_level_in_the_direction_of_the_source(
    determinant: str, sign: int, low: float, high: float
) -> None:
    low, high = sorted((low, high))
    assert sign * (adequate(**{determinant: high}) - adequate(**{determinant: low})) >= 0
    assert sign * (adequate(**{determinant: 1.0}) - adequate(**{determinant: 0.0})) > 0.05


@given(adequate_level=st.floats(-1, 2), desired=st.floats(0.05, 1))
def test_the_zone_keeps_its_least_width(adequate_level: float, desired: float) -> None:
    held = hold_zone(adequate_level, desired, 0.05)
    assert held >= 0
    assert held <= desired - 0.05 + 1e-12
    if 0 <= adequate_level <= desired - 0.05:
        assert held == adequate_level


@given(predicted=level, promise=level, weight=share, trust=share)
def test_a_promise_moves_the_prediction_toward_itself_as_far_as_it_is_trusted(
    predicted: float, promise: float, weight: float, trust: float
) -> None:
    heard = hear_promise(predicted, promise, weight, trust)
    assert min(predicted, promise) - 1e-12 <= heard <= max(predicted, promise) + 1e-12
    assert hear_promise(predicted, promise, weight, 0.0) == predicted
    assert abs(hear_promise(predicted, promise, weight, 1.0) - predicted) >= abs(heard - predicted) - 1e-12


@given(signals=st.tuples(level, level, level, level), scale=st.floats(0.1, 10))
def test_the_first_prediction_is_a_weighted_mean_of_four_signals(
    signals: tuple[float, float, float, float], scale: float
) -> None:
    weights = (0.25, 0.15, 0.20, 0.40)
    found = weighted_prediction(*signals, weights)
    assert min(signals) - 1e-12 <= found <= max(signals) + 1e-12
    scaled = tuple(weight * scale for weight in weights)
    assert weighted_prediction(*signals, scaled) == pytest.approx(found)


def test_past_experience_weighs_most_in_the_first_prediction() -> None:
    weights = (0.25, 0.15, 0.20, 0.40)
    lifts = [weighted_prediction(*(1.0 if place == n else 0.0 for place in range(4)), weights) for n in range(4)]
    assert lifts.index(max(lifts)) == 3
    assert sum(lifts) == pytest.approx(1)
