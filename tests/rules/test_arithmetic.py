"""Powers, exponentials and logarithms against numpy's of extended precision, and against themselves uncompiled."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxsim.rules.arithmetic import (
    binary_logarithm,
    exponential,
    hyperbolic_tangent,
    logarithm,
    power,
    power_of_two,
)

EXTENDED = np.finfo(np.longdouble).eps < 1e-18
needs_extended = pytest.mark.skipif(not EXTENDED, reason="numpy's long double is no longer than a double here")


def relative_error(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.max(np.abs(found.astype(np.longdouble) - expected) / np.abs(expected)))


def over(function: Callable[[float], float], numbers: np.ndarray) -> np.ndarray:
    return np.array([function(float(number)) for number in numbers])


@needs_extended
def test_they_are_right_to_the_last_digits() -> None:
    random = np.random.default_rng(1)
    small = random.uniform(-5, 5, 4_000)
    assert relative_error(over(power_of_two, small), np.exp2(small.astype(np.longdouble))) < 4e-16
    assert relative_error(over(exponential, small), np.exp(small.astype(np.longdouble))) < 2e-15
    numbers = np.exp(random.uniform(-30, 30, 4_000))
    assert relative_error(over(logarithm, numbers), np.log(numbers.astype(np.longdouble))) < 5e-16
    shares = random.uniform(1e-6, 1, 4_000)
    found = over(lambda share: power(share, 0.88), shares)
    assert relative_error(found, np.power(shares.astype(np.longdouble), np.longdouble(0.88))) < 3e-15


def test_what_is_exact_on_paper_is_exact() -> None:
    for whole in range(-60, 60):
        assert power_of_two(float(whole)) == 2.0**whole
        assert binary_logarithm(2.0**whole) == whole
    assert logarithm(1.0) == 0.0
    assert exponential(0.0) == 1.0
    assert hyperbolic_tangent(0.0) == 0.0
    assert power(0.25, 0.5) == 0.5


def test_the_ends_are_held() -> None:
    assert power_of_two(5_000.0) == 2.0**1023
    assert 0.0 < power_of_two(-5_000.0) < 1e-300
    assert power(0.0, 0.88) == 0.0
    assert power(0.0, 0.001) == 0.0
    assert hyperbolic_tangent(1e9) == 1.0
    assert hyperbolic_tangent(-1e9) == -1.0


@given(st.floats(-700, 700))
def test_compiled_and_uncompiled_give_the_same_bits(number: float) -> None:
    for function in (power_of_two, exponential, hyperbolic_tangent):
        assert function(number) == function.py_func(number)  # type: ignore[attr-defined]
    if number > 1e-300:
        for function in (binary_logarithm, logarithm):
            assert function(number) == function.py_func(number)  # type: ignore[attr-defined]


@given(st.floats(-20, 20))
def test_the_tangent_is_odd_and_close(number: float) -> None:
    assert hyperbolic_tangent(-number) == -hyperbolic_tangent(number)
    assert abs(hyperbolic_tangent(number) - math.tanh(number)) < 4e-16


@given(st.floats(1e-12, 1e12), st.floats(1e-12, 1e12))
def test_a_larger_number_has_no_smaller_logarithm(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert logarithm(low) <= logarithm(high) + 1e-15 * abs(logarithm(high))
