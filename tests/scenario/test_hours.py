"""Hours of the week: ranges in text, tables of 168 hours, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from cxsim.scenario.hours import WEEKDAYS, days_of, hours_of, parse_days_of_week, parse_hour_range, week_table
from tests.scenario.told import only_problem
from tests.worlds import small_world, with_values


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", [0, 1, 2, 3, 4]),
        ("sat", [5]),
        ("Mon - Wed", [0, 1, 2]),
        ("sun-thu", [6, 0, 1, 2, 3]),
        ("sun-thu, sat", [6, 0, 1, 2, 3, 5]),
        ("mon-sun", [0, 1, 2, 3, 4, 5, 6]),
    ],
)
def test_days_of_the_week_are_read(text: str, days: list[int]) -> None:
    assert days_of(parse_days_of_week(text)) == days


@pytest.mark.parametrize("text", ["", "monday", "mon-", "mon-tue-wed", "mon;tue", 1, None, "mon,,tue"])
def test_other_days_are_refused(text: object) -> None:
    with pytest.raises(PydanticCustomError, match="allowed: mon, tue, wed"):
        parse_days_of_week(text)


@pytest.mark.parametrize(
    ("text", "hours"), [("8-20", range(8, 20)), ("08:00-20:00", range(8, 20)), ("0-24", range(24))]
)
def test_hours_are_read(text: str, hours: range) -> None:
    assert hours_of(parse_hour_range(text)) == hours


@pytest.mark.parametrize("text", ["", "8", "8-8", "20-8", "8-25", "8:30-10", "-1-5", "8-12-14", 8, None, "eight-nine"])
def test_other_hours_are_refused(text: object) -> None:
    with pytest.raises(PydanticCustomError, match="whole hours from 0 to 24"):
        parse_hour_range(text)


@given(day=st.sampled_from(WEEKDAYS), first=st.integers(0, 23), length=st.integers(1, 24), value=st.floats(0, 100))
def test_a_table_holds_the_value_inside_its_block_and_0_outside(
    day: str, first: int, length: int, value: float
) -> None:
    last = min(first + length, 24)
    table = week_table([(day, f"{first}-{last}", value)])
    assert len(table) == 168
    start = WEEKDAYS.index(day) * 24
    assert all(table[start + hour] == value for hour in range(first, last))
    assert sum(table) == pytest.approx(value * (last - first))


def test_a_later_block_overrides_an_earlier_one() -> None:
    table = week_table([("mon-sun", "8-20", 4.0), ("mon", "12-14", 1.0)])
    assert table[11:15] == [4.0, 1.0, 1.0, 4.0]
    assert table[24 + 12] == 4.0


def test_a_block_may_have_one_value_per_hour() -> None:
    assert week_table([("tue", "8-11", [1, 2, 3])])[24 + 7 : 24 + 12] == [0, 1, 2, 3, 0]


def test_bad_hours_of_a_shift_are_told_at_the_shift() -> None:
    problem = only_problem(with_values(small_world(), {"desks.support.shifts.0.hours": "20-8"}))
    assert problem.path == "desks.support.shifts[0].hours"
    assert "read '20-8'" in problem.sentence
