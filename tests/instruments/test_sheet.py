"""How values, names and bounds are written."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from cxsim.instruments.sheet import Column, Sheet, capital, least, listed, most, percent, records, uncapital
from cxsim.instruments.words import figure, interval, is_clear
from cxsim.results.measures import Estimate, estimate


@pytest.mark.parametrize(
    ("share", "told"),
    [(0, "0 %"), (1, "100 %"), (0.00001, "under 0.1 %"), (0.99999, "over 99.9 %"), (0.0234, "2.3 %"), (0.5, "50 %"),
     (0.996, "99.6 %"), (-0.0001, "0 %"), (-0.2, "-20 %")],
)  # fmt: skip
def test_shares(share: float, told: str) -> None:
    assert percent(share) == told


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [("change", -0.0001, "0.000"), ("change", 0.01, "+0.010"), ("number", 1234.56, "1,234.6"),
     ("number", math.nan, "-"), ("number", None, "-"), ("money", -0.001, "0.00"), ("count", 1999.6, "2,000"),
     ("text", "word", "word"), ("points_change", 2, "+2.00")],
)  # fmt: skip
def test_cells(kind, value, told: str) -> None:
    assert Column("key", "label", kind).text(value) == told


def test_numbers_without_a_false_sign() -> None:
    assert figure(-0.04) == "0.0"
    assert figure(0.06) == "+0.1"
    assert figure(-3, 0) == "-3"
    assert figure(3, 0, sign=False) == "3"
    assert interval(Estimate(0, -0.01, 0.01, 0, 8)) == "0.0 to 0.0"
    assert interval(estimate([1.0])) == "no interval from one replication"


def test_clear_needs_enough_and_no_zero_within() -> None:
    assert is_clear(Estimate(1, 0.5, 1.5, 1, 8))
    assert is_clear(Estimate(-1, -1.5, -0.5, 1, 8))
    assert not is_clear(Estimate(1, -0.5, 1.5, 1, 8))
    assert not is_clear(Estimate(1, 1, 1, 0, 2)), "two that happen to agree prove nothing"
    assert not is_clear(estimate([]))
    assert not is_clear(estimate([3.0]))


def test_words() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert capital("the desk") == "The desk"
    assert uncapital("The desk") == "the desk"
    assert uncapital("IKEA") == "IKEA"


def test_rows_for_machines_have_no_nan() -> None:
    table = pd.DataFrame({"a": [1.5, math.nan], "b": np.array([1, 2]), "c": [True, False], "d": ["x", ""]})
    assert records(table) == [{"a": 1.5, "b": 1, "c": True, "d": "x"}, {"a": None, "b": 2, "c": False, "d": ""}]
    assert Sheet("s", "S", table, (Column("a", "A", "number"), Column("d", "D"))).cells() == [["1.5", "x"], ["-", ""]]


def test_most_and_least_leave_out_what_is_no_number() -> None:
    table = pd.DataFrame({"name": ["a", "b", "c"], "value": [math.nan, 2.0, -1.0]})
    assert most(table, "value")["name"] == "b"
    assert least(table, "value") == {"name": "c", "value": -1.0}
