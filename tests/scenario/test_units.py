"""Quantities in text: every unit, what is refused, and that nothing is lost on the way out and in again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

import cxsim
from cxsim.scenario.units import (
    DAYS_PER_UNIT,
    MINUTES_PER_UNIT,
    parse_days,
    parse_minutes,
    parse_per_year,
    parse_share,
)
from tests.scenario.told import only_problem
from tests.worlds import load_world, small_world, with_values


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("43200 s", 0.5), ("86400 sec", 1), ("1 second", 1 / 86400), ("86400 seconds", 1),
        ("1440 min", 1), ("1 minute", 1 / 1440), ("720 minutes", 0.5),
        ("36 h", 1.5), ("1 hour", 1 / 24), ("48 hours", 2),
        ("1 day", 1), ("5 days", 5), ("1 week", 7), ("2 weeks", 14),
        ("12 months", 365), ("1 month", 365 / 12), ("1 year", 365), ("2 years", 730),
        (" 5days ", 5), ("+5 days", 5), (".5 days", 0.5), ("5. days", 5), ("5e1 days", 50), (0, 0),
    ],
)  # fmt: skip
def test_days_are_read_in_every_unit(text: object, days: float) -> None:
    assert parse_days(text) == pytest.approx(days)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("90 s", 1.5), ("90 seconds", 1.5), ("20 min", 20), ("1 h", 60), ("2 hours", 120), ("1 day", 1440), (0, 0)],
)
def test_minutes_are_read_in_every_unit(text: object, minutes: float) -> None:
    assert parse_minutes(text) == pytest.approx(minutes)


@pytest.mark.parametrize(
    ("text", "rate"),
    [("12 per year", 12), ("1 per month", 12), ("1 per week", 365 / 7), ("1 per day", 365), ("6 per hour", 52560)],
)
def test_rates_are_read_in_every_unit(text: str, rate: float) -> None:
    assert parse_per_year(text) == pytest.approx(rate)


def test_units_agree_with_each_other() -> None:
    shared = set(DAYS_PER_UNIT) & set(MINUTES_PER_UNIT)
    assert {"s", "min", "h", "days"} <= shared
    for unit in shared:
        assert parse_days(f"3 {unit}") * 1440 == pytest.approx(parse_minutes(f"3 {unit}"))


@pytest.mark.parametrize(("read", "share"), [("3 %", 0.03), ("3%", 0.03), ("0.25", 0.25), (0.25, 0.25), (1, 1)])
def test_shares_are_read_as_numbers_or_percent(read: object, share: float) -> None:
    assert parse_share(read) == pytest.approx(share)


@pytest.mark.parametrize("parse", [parse_days, parse_minutes, parse_per_year])
@pytest.mark.parametrize("read", [5, 5.0, "5", True, None, [], {}, "", "days", "five days", "5 dais", "5 per", "1,5 h"])
def test_what_is_no_quantity_is_refused_with_an_example(parse: object, read: object) -> None:
    with pytest.raises(PydanticCustomError, match=r"read .*; allowed: a \w+ with its unit, such as") as caught:
        parse(read)  # type: ignore[operator]
    assert repr(read) in str(caught.value)


@pytest.mark.parametrize("read", [True, None, "3 days", "many", []])
def test_what_is_no_share_is_refused(read: object) -> None:
    with pytest.raises(PydanticCustomError, match="a share from 0 to 1"):
        parse_share(read)


@pytest.mark.parametrize(
    ("path", "value", "part"),
    [
        ("horizon", 365, 'read 365; allowed: a duration with its unit, such as "5 days"'),
        ("horizon", "1.5 days", "a whole number of days"),
        ("warm_up", "11 years", "at most 3650 days"),
        ("horizon", "0 days", "more than 0"),
        ("desks.support.answer_target", 20, 'allowed: a duration with its unit, such as "20 min"'),
        ("desks.support.patience", "0 min", "more than 0"),
        ("population.newcomers", 1200, 'allowed: a rate with its unit, such as "12 per year"'),
        ("population.newcomers", "1e300 per year", "at most 100000000 per year"),
        ("population.ended", "-1 per year", "at least 0"),
        ("touchpoints.delivery.grace", "-1 day", "at least 0"),
        ("touchpoints.delivery.promise", 5, "a duration with its unit"),
        ("touchpoints.delivery.promise.mean", "1e400 days", "at most 36500 days"),
        ("touchpoints.use.failure.probability", "120 %", "at most 1"),
        ("touchpoints.use.failure.probability", -0.1, "at least 0"),
    ],
)
def test_a_bad_quantity_is_told_in_a_sentence_at_its_path(path: str, value: object, part: str) -> None:
    problem = only_problem(with_values(small_world(), {path: value}))
    assert part in problem.sentence
    assert path.startswith(problem.path) or problem.path.startswith(path)


quantities = st.floats(min_value=0, max_value=36_500, allow_nan=False)


@given(days=quantities, minutes=st.floats(0.001, 1e5), rate=st.floats(0, 8760), share=st.floats(0, 1))
def test_a_document_loads_back_to_an_equal_scenario(days: float, minutes: float, rate: float, share: float) -> None:
    scenario = load_world(
        **{
            "touchpoints.delivery.grace": f"{days!r} days",
            "touchpoints.use.takes": f"{days!r} days",
            "desks.support.patience": f"{minutes!r} min",
            "personas.everyone.journeys_per_year": f"{rate!r} per year",
            "company.tracking": share,
        }
    )
    again = cxsim.load(scenario.document())
    assert again == scenario
    assert again.digest() == scenario.digest()
    assert again.touchpoints["delivery"].grace == days  # type: ignore[union-attr]


@given(days=quantities)
def test_text_of_a_duration_means_the_same_as_its_parts(days: float) -> None:
    text = load_world(**{"touchpoints.use.takes": f"{days!r} days"})
    parts = load_world(**{"touchpoints.use.takes": {"mean": f"{days!r} days", "distribution": "fixed"}})
    assert text == parts
