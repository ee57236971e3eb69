"""Quantities with their unit in the text: "5 days", "20 min", "6 per hour", "3 %"."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer
from pydantic_core import PydanticCustomError

DAYS_PER_UNIT = {
    "s": 1 / 86400, "sec": 1 / 86400, "second": 1 / 86400, "seconds": 1 / 86400,
    "min": 1 / 1440, "minute": 1 / 1440, "minutes": 1 / 1440,
    "h": 1 / 24, "hour": 1 / 24, "hours": 1 / 24,
    "day": 1.0, "days": 1.0, "week": 7.0, "weeks": 7.0,
    "month": 365 / 12, "months": 365 / 12, "year": 365.0, "years": 365.0,
}  # fmt: skip
MINUTES_PER_UNIT = {
    "s": 1 / 60, "sec": 1 / 60, "second": 1 / 60, "seconds": 1 / 60,
    "min": 1.0, "minute": 1.0, "minutes": 1.0,
    "h": 60.0, "hour": 60.0, "hours": 60.0, "day": 1440.0, "days": 1440.0,
}  # fmt: skip
MOST_DAYS, MOST_MINUTES, MOST_PER_YEAR = 36_500.0, 527_040.0, 1e8
"""Largest quantities that mean anything here: a century, a year, a large firm's newcomers."""
_QUANTITY = re.compile(r"^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*?)\s*$")


def _refuse(read: object, allowed: str) -> PydanticCustomError:
    return PydanticCustomError("quantity", "read {read}; allowed: {allowed}", {"read": repr(read), "allowed": allowed})


def _split(value: object, allowed: str) -> tuple[float, str]:
    if not isinstance(value, str):
        raise _refuse(value, allowed)
    match = _QUANTITY.match(value)
    if match is None:
        raise _refuse(value, allowed)
    return float(match.group(1)), match.group(2)


def _is_zero(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == 0


def _at_most(value: object, quantity: float, most: float, unit: str) -> float:
    if quantity > most:
        raise _refuse(value, f"at most {most:.0f} {unit}")
    return quantity


def _duration(value: object, factors: dict[str, float], allowed: str) -> float:
    if _is_zero(value):
        return 0.0
    number, unit = _split(value, allowed)
    if unit not in factors:
        raise _refuse(value, allowed)
    return number * factors[unit]


def parse_days(value: object) -> float:
    """Days from text such as "5 days", "36 h", "2 weeks"."""
    days = _duration(value, DAYS_PER_UNIT, 'a duration with its unit, such as "5 days", "36 h" or "2 weeks"')
    return _at_most(value, days, MOST_DAYS, "days")


def parse_minutes(value: object) -> float:
    """Minutes from text such as "20 min", "90 s", "1 h"."""
    minutes = _duration(value, MINUTES_PER_UNIT, 'a duration with its unit, such as "20 min", "90 s" or "1 h"')
    return _at_most(value, minutes, MOST_MINUTES, "min")


def parse_per_year(value: object) -> float:
    """Yearly rate from text such as "12 per year", "1 per week"."""
    allowed = 'a rate with its unit, such as "12 per year" or "1 per week"'
    if _is_zero(value):
        return 0.0
    number, unit = _split(value, allowed)
    words = unit.split()
    if len(words) != 2 or words[0] != "per" or words[1] not in DAYS_PER_UNIT:
        raise _refuse(value, allowed)
    rate = number * (365.0 / DAYS_PER_UNIT[words[1]])  # in this order "per year" comes back exactly as written
    return _at_most(value, rate, MOST_PER_YEAR, "per year")


def parse_share(value: object) -> float:
    """Share 0..1 from a number, or from text such as "3 %"."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    allowed = 'a share from 0 to 1, such as 0.03 or "3 %"'
    number, unit = _split(value, allowed)
    if unit not in ("", "%"):
        raise _refuse(value, allowed)
    return number / 100 if unit == "%" else number


def refuse_truth(value: object) -> object:
    """Refuse true and false where a number is wanted; Python would read them as 1 and 0."""
    if isinstance(value, bool):
        raise _refuse(value, "a number")
    return value


def _quantity(parse: Any, unit: str, example: str) -> Any:
    return (
        BeforeValidator(parse, json_schema_input_type=str | Literal[0]),
        PlainSerializer(lambda value: f"{value!r} {unit}", return_type=str, when_used="json"),
        Field(ge=0, allow_inf_nan=False, json_schema_extra={"examples": [example]}),
    )


Days = Annotated[float, *_quantity(parse_days, "days", "5 days")]
Minutes = Annotated[float, *_quantity(parse_minutes, "min", "20 min")]
PerYear = Annotated[float, *_quantity(parse_per_year, "per year", "12 per year")]
Number = Annotated[float, BeforeValidator(refuse_truth), Field(allow_inf_nan=False)]
Count = Annotated[int, BeforeValidator(refuse_truth)]
Share = Annotated[float, BeforeValidator(parse_share, json_schema_input_type=float | str), Field(ge=0, le=1)]
Level = Annotated[Number, Field(ge=0, le=1)]
