"""Early, late and overdue deliveries, and trust in promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxsim.rules.delivery import (
    delivery_reference_days,
    early_gain,
    late_loss,
    next_trust,
    overdue_loss,
    softening_share,
    urgency_multiplier,
)
from cxsim.scenario.parameters import PARAMETER

VALUE = {name: parameter.value for name, parameter in PARAMETER.items()}
share = st.floats(0, 1)
days = st.floats(0, 60)


def gain(early: float, reference: float = 5.0) -> float:
    return early_gain(early, reference, VALUE["early_gain"], VALUE["early_scale"])


def loss(late: float, urgency: float = 0.0) -> float:
    multiplier = urgency_multiplier(urgency, VALUE["urgency_least"], VALUE["urgency_most"])
    return late_loss(late, VALUE["late_loss"], VALUE["late_scale_days"], multiplier)


def softening(tracking: float = 0.0, *, told: bool = False, explained: bool = False) -> float:
    effects = (VALUE["tracking_effect"], VALUE["told_effect"], VALUE["explained_effect"])
    return softening_share(tracking, told, explained, *effects)


@given(promised=days, learned=days, trust=share)
def test_the_reference_lies_between_the_promise_and_the_own_experience(
    promised: float, learned: float, trust: float
) -> None:
    reference = delivery_reference_days(promised, learned, trust)
    assert min(promised, learned) - 1e-9 <= reference <= max(promised, learned) + 1e-9


def test_full_trust_reckons_with_the_promise_and_no_trust_with_experience() -> None:
    assert delivery_reference_days(5, 9, 1.0) == 5
    assert delivery_reference_days(5, 9, 0.0) == 9


@given(early=days, more=st.floats(0.1, 10))
def test_earlier_lifts_more_up_to_a_limit(early: float, more: float) -> None:
    assert 0 <= gain(early) <= gain(early + more) <= VALUE["early_gain"]


@given(late=days, more=st.floats(0.1, 10))
def test_later_costs_more_up_to_a_limit(late: float, more: float) -> None:
    assert 0 <= loss(late) <= loss(late + more) <= VALUE["late_loss"]


def test_on_time_is_neither_gain_nor_loss_and_both_set_in_without_a_jump() -> None:
    assert gain(0) == loss(0) == gain(-3) == loss(-3) == 0
    assert gain(1e-6) == pytest.approx(0, abs=1e-5)
    assert loss(1e-6) == pytest.approx(0, abs=1e-5)


def test_gains_go_with_the_share_of_the_time_saved_and_losses_with_plain_days() -> None:
    assert gain(2, reference=4) > gain(2, reference=20)
    assert gain(2, reference=4) == pytest.approx(gain(10, reference=20))


def test_saving_the_share_of_its_scale_gives_most_of_the_lift() -> None:
    assert gain(VALUE["early_scale"] * 5) == pytest.approx(0.632 * VALUE["early_gain"], rel=1e-3)


def test_promised_in_five_days_two_days_late_weigh_more_than_two_days_early() -> None:
    assert loss(2) > gain(2) > 0


def test_half_of_the_drop_is_there_within_three_days() -> None:
    assert loss(3) > VALUE["late_loss"] / 2 > loss(1)


def test_a_reference_below_half_a_day_counts_as_half_a_day() -> None:
    assert 0 < gain(0.1, reference=0.0) == gain(0.1, reference=0.5)
    assert gain(0.1, reference=0.5) > gain(0.1, reference=0.6)


def test_minutes_count() -> None:
    assert gain(0.001) > 0
    assert loss(0.001) > 0


@given(urgency=st.floats(0.01, 1), late=st.floats(0.1, 30))
def test_lateness_hurts_more_when_it_is_urgent(urgency: float, late: float) -> None:
    assert 1.3 * loss(late) <= loss(late, urgency) * 1.0000001
    assert loss(late, urgency) <= 2.0000001 * loss(late)
    assert loss(late, urgency / 2) <= loss(late, urgency)


def test_without_urgency_nothing_is_multiplied() -> None:
    assert urgency_multiplier(0.0, 1.3, 2.0) == 1.0
    assert urgency_multiplier(-1.0, 1.3, 2.0) == 1.0


@given(late=days, tracking=share)
def test_overdue_is_worse_than_any_lateness_at_arrival_unless_it_is_softened(late: float, tracking: float) -> None:
    waiting = overdue_loss(VALUE["late_loss"], VALUE["overdue_uncertainty"], 1.0, 0.0)
    assert waiting > loss(late)
    softened = overdue_loss(VALUE["late_loss"], VALUE["overdue_uncertainty"], 1.0, softening(tracking))
    assert softened <= waiting


@given(tracking=share)
def test_softening_helps_step_by_step_and_never_wholly(tracking: float) -> None:
    steps = [
        0.0,
        softening(tracking),
        softening(tracking, explained=True),
        softening(tracking, explained=True, told=True),
    ]
    assert steps == sorted(steps)
    assert steps[-1] < 0.6
    assert softening(tracking, told=True) > softening(tracking)


def test_an_overdue_loss_grows_with_urgency_and_shrinks_by_the_softening_share() -> None:
    usual = overdue_loss(0.4, 1.3, 1.0, 0.0)
    assert usual == pytest.approx(1.3 * 0.4)
    assert overdue_loss(0.4, 1.3, 2.0, 0.0) == pytest.approx(2 * usual)
    assert overdue_loss(0.4, 1.3, 1.0, 0.25) == pytest.approx(0.75 * usual)


def test_each_means_alone_takes_away_its_own_share() -> None:
    assert softening(1.0) == pytest.approx(VALUE["tracking_effect"])
    assert softening(told=True) == pytest.approx(VALUE["told_effect"])
    assert softening(explained=True) == pytest.approx(VALUE["explained_effect"])


def test_what_softens_twice_takes_a_share_of_what_is_left() -> None:
    both, told, explained = softening(told=True, explained=True), softening(told=True), softening(explained=True)
    assert max(told, explained) < both < told + explained


@given(trust=share, speed=st.floats(0.01, 0.9))
def test_trust_rises_with_kept_and_falls_with_broken_promises(trust: float, speed: float) -> None:
    assert trust <= next_trust(trust, True, speed) <= 1
    assert 0 <= next_trust(trust, False, speed) <= trust


def test_trust_settles_at_the_share_of_promises_kept() -> None:
    trust, seen = 0.7, []
    for order in range(1000):
        trust = next_trust(trust, order % 4 != 0, 0.2)
        seen.append(trust)
    assert sum(seen[-400:]) / 400 == pytest.approx(0.75, abs=0.01)
