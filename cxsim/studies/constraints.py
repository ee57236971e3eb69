"""Constraints on measures, such as "abandonment_rate <= 0.05"."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from cxsim.scenario.errors import Problem, ScenarioError, nearest

_FORM = re.compile(r"^\s*(\w+)\s*(<=|>=)\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?)\s*(%?)\s*$")


@dataclass(frozen=True)
class Constraint:
    """A bound on a measure's mean.

    Attributes:
        measure: name of the measure.
        at_most: whether the bound is the highest value allowed, else the lowest.
        bound: the bound.
    """

    measure: str
    at_most: bool
    bound: float

    def excess(self, value: float) -> float:
        """By how much a value breaks it; 0 or less where it holds, infinite for a value that is no number."""
        if math.isnan(value):
            return math.inf
        return value - self.bound if self.at_most else self.bound - value

    def __str__(self) -> str:
        return f"{self.measure} {'<=' if self.at_most else '>='} {self.bound:g}"


def parse_constraint(text: str) -> Constraint:
    """A constraint from its text.

    Raises:
        ScenarioError: it cannot be read, or names no measure.
    """
    from cxsim.results.measures import MEASURE

    match = _FORM.match(text)
    if match is None:
        sentence = f'read {text!r}; allowed: MEASURE <= NUMBER or MEASURE >= NUMBER, such as "abandonment_rate <= 0.05"'
        raise ScenarioError([Problem("", sentence)])
    name, sign, number, percent = match.groups()
    if name not in MEASURE:
        hint = nearest(name, MEASURE)
        raise ScenarioError([Problem("", f"no measure '{name}'" + (f"; {hint}" if hint else ""))])
    return Constraint(name, sign == "<=", float(number) / (100.0 if percent else 1.0))
