"""Waiting: how long it feels, how long it is borne, and the moods on the way."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxsim.rules.waiting import (
    AGITATED,
    ANGRY,
    CALM,
    EDGY,
    GONE,
    MOODS,
    learned_wait,
    mood_of_wait,
    patience_minutes,
    perceived_wait_multiplier,
)
from cxsim.scenario.parameters import PARAMETER

CUTS = tuple(PARAMETER[name].value for name in ("edgy_from", "agitated_from", "angry_from"))
FACTORS = tuple(PARAMETER[name].value for name in ("wait_occupied", "wait_told", "wait_explained"))
flags = st.tuples(st.booleans(), st.booleans(), st.booleans())


def feels(base: float = 1.36, occupied: bool = False, told: bool = False, explained: bool = False) -> float:
    return perceived_wait_multiplier(base, occupied, told, explained, *FACTORS)


def test_an_empty_unknown_wait_feels_a_third_longer_than_it_is() -> None:
    assert feels() == pytest.approx(1.36)


def test_filling_telling_and_explaining_each_shorten_the_felt_wait() -> None:
    for change in ({"occupied": True}, {"told": True}, {"explained": True}):
        assert feels(**change) < feels()
    assert feels(occupied=True, told=True, explained=True) < min(feels(occupied=True), feels(told=True))


@given(base=st.floats(0, 10), flags=flags)
def test_the_felt_wait_stays_within_its_limits(base: float, flags: tuple[bool, bool, bool]) -> None:
    assert 0.6 <= feels(base, *flags) <= 2.5


def test_no_wait_feels_longer_or_shorter_than_the_limits() -> None:
    assert feels(base=10.0) == pytest.approx(2.5)
    assert feels(base=0.1) == pytest.approx(0.6)


@pytest.mark.parametrize("shape", [0.5, 0.8, 1.0, 2.0, 5.0])
def test_mean_patience_is_the_given_mean_for_every_shape(shape: float) -> None:
    count = 200_000
    uniforms = np.random.default_rng(1).random(count)
    drawn = np.array([patience_minutes(uniform, 20.0, shape) for uniform in uniforms])
    error = drawn.std() / math.sqrt(count)
    assert abs(drawn.mean() - 20.0) < 4 * error
    assert error < 0.2


def test_patience_of_shape_one_has_no_memory() -> None:
    uniforms = (np.arange(20_000) + 0.5) / 20_000
    drawn = np.array([patience_minutes(uniform, 20.0, 1.0) for uniform in uniforms])
    left_after_10 = drawn[drawn > 10] - 10
    assert left_after_10.mean() == pytest.approx(drawn.mean(), rel=0.01)
    assert (drawn > 20).mean() == pytest.approx(math.exp(-1), abs=0.001)


def test_a_larger_shape_makes_people_more_alike() -> None:
    uniforms = np.linspace(0.001, 0.999, 999)
    spreads = [np.std([patience_minutes(uniform, 20.0, shape) for uniform in uniforms]) for shape in (0.7, 1.0, 3.0)]
    assert spreads == sorted(spreads, reverse=True)


@given(first=st.floats(1e-6, 1 - 1e-6), second=st.floats(1e-6, 1 - 1e-6), mean=st.floats(0.1, 1000))
def test_patience_is_positive_scales_with_its_mean_and_falls_with_the_draw(
    first: float, second: float, mean: float
) -> None:
    low, high = sorted((first, second))
    assert patience_minutes(low, mean, 1.3) >= patience_minutes(high, mean, 1.3) > 0
    assert patience_minutes(low, 2 * mean, 1.3) == pytest.approx(2 * patience_minutes(low, mean, 1.3))


@pytest.mark.parametrize(
    ("fraction", "mood"),
    [
        (0.0, CALM), (0.2999, CALM), (0.30, EDGY), (0.5499, EDGY), (0.55, AGITATED), (0.7999, AGITATED),
        (0.80, ANGRY), (0.9999, ANGRY), (1.0, GONE), (7.0, GONE),
    ],
)  # fmt: skip
def test_moods_set_in_at_their_share_of_patience(fraction: float, mood: int) -> None:
    assert mood_of_wait(fraction, *CUTS) == mood


@given(st.lists(st.floats(0, 1.5), min_size=2))
def test_moods_only_get_worse_while_waiting(fractions: list[float]) -> None:
    moods = [mood_of_wait(fraction, *CUTS) for fraction in sorted(fractions)]
    assert moods == sorted(moods)


def test_everybody_who_leaves_has_passed_through_every_mood() -> None:
    passed = {mood_of_wait(step / 1000, *CUTS) for step in range(1001)}
    assert [MOODS[mood] for mood in sorted(passed)] == ["calm", "edgy", "agitated", "angry", "gone"]


@given(acceptable=st.floats(0, 60), actual=st.floats(0, 60))
def test_the_acceptable_wait_follows_what_was_met(acceptable: float, actual: float) -> None:
    learned = learned_wait(acceptable, actual, 0.2)
    assert abs(actual - learned) == pytest.approx(0.8 * abs(actual - acceptable), abs=1e-9)
    assert min(acceptable, actual) - 1e-9 <= learned <= max(acceptable, actual) + 1e-9
