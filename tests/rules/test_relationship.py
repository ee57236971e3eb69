"""Goodwill, irritation, and the choice between staying, speaking up and leaving."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxsim.rules.relationship import (
    LEAVE,
    STAY,
    VOICE,
    choose,
    irritation_growth,
    joining_probability,
    leave_utility,
    next_goodwill,
    remaining,
    voice_utility,
)

share = st.floats(0, 1)
utility = st.floats(-8, 8)


@given(goodwill=share, gain=st.floats(0.01, 0.5), keep=share, poor=st.lists(st.booleans(), max_size=30))
def test_goodwill_stays_between_0_and_1(goodwill: float, gain: float, keep: float, poor: list[bool]) -> None:
    for turn in poor:
        before = goodwill
        goodwill = next_goodwill(goodwill, turn, gain, keep)
        assert 0 <= goodwill <= 1
        assert goodwill <= before if turn else goodwill >= before


def test_goodwill_is_lost_faster_than_won() -> None:
    built = 0.0
    for _ in range(30):
        built = next_goodwill(built, False, 0.05, 0.7)
    lost = built - next_goodwill(built, True, 0.05, 0.7)
    won_back = next_goodwill(built - lost, False, 0.05, 0.7) - (built - lost)
    assert built > 0.7
    assert lost > 5 * won_back > 0


@given(loss=st.floats(0.01, 2), importance=st.floats(0.1, 2), goodwill=st.floats(0.05, 1))
def test_goodwill_softens_what_looks_fair_and_sharpens_betrayal(
    loss: float, importance: float, goodwill: float
) -> None:
    fair = irritation_growth(-loss, importance, goodwill, False, 0.5, 0.5)
    betrayed = irritation_growth(-loss, importance, goodwill, True, 0.5, 0.5)
    stranger = irritation_growth(-loss, importance, 0.0, False, 0.5, 0.5)
    assert 0 < fair < stranger < betrayed
    assert stranger == pytest.approx(irritation_growth(-loss, importance, 0.0, True, 0.5, 0.5))


@given(gain=st.floats(0, 2), goodwill=share, betrayal=st.booleans())
def test_only_losses_irritate(gain: float, goodwill: float, betrayal: bool) -> None:
    assert irritation_growth(gain, 1.0, goodwill, betrayal, 0.5, 0.5) == 0


@given(loss=st.floats(0.01, 1), more=st.floats(0.01, 1))
def test_larger_losses_at_more_important_stops_irritate_more(loss: float, more: float) -> None:
    usual = irritation_growth(-loss, 0.5, 0.3, False, 0.5, 0.5)
    assert irritation_growth(-loss - more, 0.5, 0.3, False, 0.5, 0.5) > usual
    assert irritation_growth(-loss, 0.5 + more, 0.3, False, 0.5, 0.5) > usual


@given(first=st.floats(0, 500), second=st.floats(0, 500), half_life=st.floats(1, 400))
def test_fading_over_two_stretches_equals_fading_over_both(first: float, second: float, half_life: float) -> None:
    together = remaining(first + second, half_life)
    assert remaining(first, half_life) * remaining(second, half_life) == pytest.approx(together, abs=1e-12)


def test_half_is_left_after_the_half_life_and_all_at_once() -> None:
    assert remaining(60, 60) == 0.5
    assert remaining(0, 60) == 1


def voice(**changes: float) -> float:
    usual = {"base": -1.5, "monetary_loss": False, "goodwill": 0.2, "success_belief": 0.5, "effort": 0.5}
    return voice_utility(*(usual | changes).values(), 1.5)


@pytest.mark.parametrize(
    ("cause", "sign"),
    [("base", 1), ("monetary_loss", 1), ("goodwill", 1), ("success_belief", 1), ("effort", -1)],
)
def test_what_makes_people_speak_up(cause: str, sign: int) -> None:
    assert sign * (voice(**{cause: 1}) - voice(**{cause: 0})) > 0


def test_money_lost_adds_its_own_effect_and_nothing_lost_adds_none() -> None:
    assert voice(monetary_loss=True) - voice() == pytest.approx(1.5)
    assert voice(goodwill=0.0, success_belief=0.0, effort=0.0) == pytest.approx(-1.5)


def leave(**changes: float) -> float:
    usual = {
        "base": -3.5, "irritation": 0.2, "satisfaction": 0.1, "switching_cost": 0.5, "better_elsewhere": 0.0,
        "goodwill": 0.2,
    }  # fmt: skip
    return leave_utility(*(usual | changes).values(), 8.0, 1.5, 1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("cause", "sign"),
    [("irritation", 1), ("better_elsewhere", 1), ("satisfaction", -1), ("switching_cost", -1), ("goodwill", -1)],
)
@given(low=share, high=share)
def test_what_drives_out_and_what_holds(cause: str, sign: int, low: float, high: float) -> None:
    low, high = sorted((low, high))
    assert sign * (leave(**{cause: high}) - leave(**{cause: low})) >= 0
    assert sign * (leave(**{cause: 1}) - leave(**{cause: 0})) >= 1


def frequencies(voice_value: float, leave_value: float, voice_open: bool, count: int = 4000) -> list[float]:
    uniforms = (np.arange(count) + 0.5) / count
    found = Counter(choose(uniform, voice_value, leave_value, voice_open) for uniform in uniforms)
    return [found[choice] / count for choice in (STAY, VOICE, LEAVE)]


@pytest.mark.parametrize(("voice_value", "leave_value"), [(0.0, 0.0), (-1.5, -3.0), (2.0, -1.0), (-4.0, 3.0)])
@pytest.mark.parametrize("voice_open", [True, False])
def test_choices_come_as_often_as_the_logit_says(voice_value: float, leave_value: float, voice_open: bool) -> None:
    values = np.array([0.0, voice_value if voice_open else -np.inf, leave_value])
    expected = np.exp(values - np.logaddexp.reduce(values))
    assert frequencies(voice_value, leave_value, voice_open) == pytest.approx(expected.tolist(), abs=1e-3)


def test_equal_utilities_are_equally_likely() -> None:
    assert frequencies(0.0, 0.0, True) == pytest.approx([1 / 3] * 3, abs=1e-3)


@given(uniform=st.floats(0, 1, exclude_max=True), voice_value=utility, low=utility, high=utility)
def test_with_the_same_luck_a_stronger_wish_to_leave_never_keeps_a_leaver(
    uniform: float, voice_value: float, low: float, high: float
) -> None:
    low, high = sorted((low, high))
    assert choose(uniform, voice_value, low, True) <= choose(uniform, voice_value, high, True)


@given(uniform=st.floats(0, 1, exclude_max=True), voice_value=utility, leave_value=utility)
def test_nobody_speaks_up_where_voice_is_closed(uniform: float, voice_value: float, leave_value: float) -> None:
    assert choose(uniform, voice_value, leave_value, False) in (STAY, LEAVE)


@pytest.mark.parametrize("extreme", [1e6, math.inf])
def test_extreme_utilities_do_not_overflow(extreme: float) -> None:
    assert choose(0.5, -extreme, extreme, True) == LEAVE
    assert choose(0.5, extreme, -extreme, True) == VOICE
    assert choose(0.5, -extreme, -extreme, True) == STAY


@pytest.mark.parametrize("converts", [0.05, 0.4, 0.9])
def test_prospects_join_by_chance_alone_where_as_much_is_expected_here_as_elsewhere(converts: float) -> None:
    assert joining_probability(converts, 0.0, 6.0) == pytest.approx(converts)
    assert joining_probability(converts, 0.3, 0.0) == pytest.approx(converts)
    chances = [joining_probability(converts, better, 6.0) for better in (-1.0, -0.2, 0.0, 0.2, 1.0)]
    assert chances == sorted(chances)
    odds = [chance / (1 - chance) for chance in chances]
    assert odds[3] / odds[2] == pytest.approx(math.exp(6.0 * 0.2))  # the odds rise by e for every sixth of a level


@pytest.mark.parametrize("certain", [0.0, 1.0])
def test_where_all_or_none_join_expectations_do_not_matter(certain: float) -> None:
    assert {joining_probability(certain, better, 15.0) for better in (-1.0, 0.0, 1.0)} == {certain}
