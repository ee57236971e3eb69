"""Hours of the week: weekday ranges and hour ranges in text, and tables of 168 hours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS_PER_WEEK = 168
_HOUR = re.compile(r"^(\d{1,2})(?::00)?$")


def _weekday(name: str) -> int:
    if name not in WEEKDAYS:
        raise PydanticCustomError(
            "weekdays", "read {read}; allowed: {allowed}, or a range such as mon-fri",
            {"read": repr(name), "allowed": ", ".join(WEEKDAYS)},
        )  # fmt: skip
    return WEEKDAYS.index(name)


def parse_days_of_week(text: object) -> str:
    """Check text such as "mon-fri", "sat" or "sun-thu, sat"; return it unchanged."""
    for part in str(text).split(","):
        for name in part.strip().lower().split("-", 1):
            _weekday(name.strip())
    return str(text)


def parse_hour_range(text: object) -> str:
    """Check text such as "8-20" or "08:00-20:00" (whole hours, end later than start); return it unchanged."""
    parts = [_HOUR.match(part.strip()) for part in str(text).split("-")]
    hours = [int(part.group(1)) for part in parts if part]
    if len(parts) != 2 or len(hours) != 2 or not 0 <= hours[0] < hours[1] <= 24:
        raise PydanticCustomError(
            "hours", 'read {read}; allowed: whole hours from 0 to 24, rising, such as "8-20"', {"read": repr(text)}
        )
    return str(text)


DaysOfWeek = Annotated[str, BeforeValidator(parse_days_of_week)]
HourRange = Annotated[str, BeforeValidator(parse_hour_range)]


def days_of(text: str) -> list[int]:
    """Weekday numbers (0 = Monday) of a checked text; a range may pass over the weekend ("sun-thu")."""
    days: list[int] = []
    for part in text.split(","):
        names = [name.strip() for name in part.strip().lower().split("-", 1)]
        first, last = _weekday(names[0]), _weekday(names[-1])
        days += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return days


def hours_of(text: str) -> range:
    """Hours of the day of a checked text."""
    first, last = (int(part.strip().removesuffix(":00")) for part in text.split("-"))
    return range(first, last)


def week_table(blocks: Sequence[tuple[str, str, float | Sequence[float]]]) -> list[float]:
    """Values of the 168 hours of a week from blocks (days, hours, one value or one value per hour).

    Hours outside every block are 0; a later block overrides an earlier one.
    """
    table = [0.0] * HOURS_PER_WEEK
    for days, hours, value in blocks:
        for day in days_of(days):
            for place, hour in enumerate(hours_of(hours)):
                table[day * 24 + hour] = float(value[place] if isinstance(value, Sequence) else value)
    return table
