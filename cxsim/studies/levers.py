"""Levers: values of a scenario that a study changes, and how a position between 0 and 1 becomes a value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import Field, model_validator

from cxsim.scenario.units import Number
from cxsim.scenario.values import Strict

_NUMBER_AND_UNIT = re.compile(r"^([-+]?[\d.]+(?:[eE][-+]?\d+)?)\s*(.*)$")
_WAYS = ("low and high", "values", "options", "end")

Value = float | int | str | bool
"""What a lever stands at: a number, a text of the scenario, or the name of an option."""


class Lever(Strict):
    """One thing that a study changes: a lever of the firm, or an uncertainty of the world.

    It is told in exactly one of four ways: a range (`low`, `high`), a list (`values`), named settings of several
    values (`options`), or a way from `start` to `end` along which several values move together.
    """

    label: str = ""
    """Plain name."""
    path: str | list[str] = Field(default_factory=list)
    """Dotted path of the value in the scenario, as with --set; several paths take the same value."""
    low: Number | None = None
    """Lowest value of a range."""
    high: Number | None = None
    """Highest value of a range."""
    whole: bool = False
    """Whether only whole numbers make sense."""
    unit: str = ""
    """Unit written behind the number in the scenario, such as "days"; none for plain numbers."""
    values: list[Any] = Field(default_factory=list, max_length=1000)
    """Values to choose from, as written in a scenario."""
    options: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Named settings: values by dotted path."""
    start: dict[str, Any] = Field(default_factory=dict)
    """Where a way begins: numbers by dotted path; the scenario's own where left out."""
    end: dict[str, Any] = Field(default_factory=dict)
    """Where a way ends: numbers by dotted path. The lever stands at 0 at the start, at 1 at the end."""
    cost: Number = 0.0
    """Cost of moving it by one (of its unit, or the whole way) from where it stands today; counts in a budget."""

    @model_validator(mode="after")
    def _told_in_one_way(self) -> Lever:
        ranged = self.low is not None or self.high is not None
        told = [
            way for way, is_told in zip(_WAYS, (ranged, self.values, self.options, self.end), strict=True) if is_told
        ]
        if len(told) != 1:
            raise ValueError(f"one of: {', '.join(_WAYS)}; told are {' and '.join(told) or 'none'}")
        if ranged and (self.low is None or self.high is None or self.low >= self.high):
            raise ValueError("a range needs low and high, low less than high")
        if ranged and self.whole and not (float(self.low or 0).is_integer() and float(self.high or 0).is_integer()):
            raise ValueError("a range of whole numbers needs whole low and high")
        if (ranged or self.values) and not self.path:
            raise ValueError("'path' must name the value in the scenario")
        if not (ranged or self.values) and self.path:
            raise ValueError("'path' is for a range or a list; options and ways name their own paths")
        if set(self.start) - set(self.end):
            raise ValueError("every path of start must be in end")
        return self

    @property
    def paths(self) -> list[str]:
        """Paths that it changes."""
        named = [self.path] if isinstance(self.path, str) else list(self.path)
        return named or list(self.end) or list({path: None for option in self.options.values() for path in option})

    @property
    def is_number(self) -> bool:
        """Whether it moves along a range or a way, so that more and less have a meaning."""
        return not self.values and not self.options

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest number; 0 and 1 along a way."""
        return (0.0, 1.0) if self.low is None or self.high is None else (float(self.low), float(self.high))

    def at(self, position: float) -> Value:
        """Value at a position from 0 to 1; equal shares for every whole number, value or option."""
        if not self.is_number:
            choices = self.choices()
            return choices[min(int(position * len(choices)), len(choices) - 1)]
        low, high = self.bounds
        if self.whole:
            return int(min(low + int(position * (high - low + 1)), high))
        return tidy(low + position * (high - low))

    def choices(self) -> list[Value]:
        """Values of a list, or names of options."""
        return list(self.values) if self.values else list(self.options)

    def grid(self, levels: int) -> list[Value]:
        """Values of a grid: all of a list, or so many steps of a range, both ends included."""
        if not self.is_number:
            return self.choices()
        steps = np.linspace(*self.bounds, levels)
        if self.whole:
            return [int(step) for step in dict.fromkeys(np.round(steps).tolist())]
        return [tidy(step) for step in steps.tolist()]

    def overrides(self, value: Value, document: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the scenario, by dotted path, with the lever at `value`.

        Args:
            value: where the lever stands.
            document: the scenario as plain data, for a way that starts there.

        Raises:
            ValueError: it cannot stand there.
        """
        if self.options:
            if value not in self.options:
                raise ValueError(f"read {value!r}; allowed: {', '.join(self.options)}")
            return dict(self.options[str(value)])
        if self.end:
            return {path: self._between(path, float(value), document) for path in self.end}
        if isinstance(value, (int, float)) and not isinstance(value, bool) and self.unit:
            value = f"{value!r} {self.unit}"
        return dict.fromkeys(self.paths, value)

    def _between(self, path: str, share: float, document: Mapping[str, Any]) -> Any:
        first, last = self.start.get(path, value_at(document, path)), self.end[path]
        before, after = number_and_unit(first), number_and_unit(last)
        if before is None or after is None or before[1] != after[1]:
            raise ValueError(f"{path}: no way leads from {first!r} to {last!r}; allowed: numbers with the same unit")
        value = tidy(before[0] + share * (after[0] - before[0]))
        return f"{value!r} {after[1]}" if after[1] else value

    def today(self, document: Mapping[str, Any]) -> Value | None:
        """Where the scenario itself has the lever; None where that cannot be told."""
        if self.end:
            return 0.0 if not self.start else None
        if self.options:
            alike = [
                name for name, option in self.options.items()
                if all(value_at(document, path) == value for path, value in option.items())
            ]  # fmt: skip
            return alike[0] if alike else None
        found = value_at(document, self.paths[0])
        if self.values:
            same = [value for value in self.values if number_and_unit(value) == number_and_unit(found)]
            return same[0] if same and found is not None else None
        parts = number_and_unit(found)
        return parts[0] if parts is not None and parts[1] == self.unit else None


def tidy(number: float) -> float:
    """A number without the dust of binary arithmetic: 0.3, not 0.30000000000000004."""
    return float(f"{number:.12g}")


def number_and_unit(value: object) -> tuple[float, str] | None:
    """Number and unit of a value such as 3, "3 days" or "3.0 days"; None if it is neither."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value), ""
    match = _NUMBER_AND_UNIT.match(str(value))
    try:
        return (float(match.group(1)), match.group(2)) if match else None
    except ValueError:
        return None


def value_at(document: Mapping[str, Any], path: str) -> Any:
    """Value of plain data at a dotted path; None if there is none."""
    node: Any = document
    for part in path.split("."):
        node = node.get(part) if isinstance(node, Mapping) else None
    return node
