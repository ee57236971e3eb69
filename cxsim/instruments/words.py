"""Words and rules that the findings of several instruments share."""

from __future__ import annotations

import math

from cxsim.results.measures import Estimate

AMONG_PRESENT = (
    "Satisfaction is measured among those present. Customers who are kept from leaving are less satisfied than the "
    "others, so keeping them hardly moves the mean and may even lower it: judge by the customers kept."
)
"""To be read wherever satisfaction stands beside who left."""


def is_clear(found: Estimate) -> bool:
    """Whether the 95 % interval leaves out zero; one without bounds, or of values that never differ, is judged so."""
    if math.isnan(found.mean) or math.isnan(found.low):
        return False
    return found.low > 0 or found.high < 0


def interval(found: Estimate, digits: int = 1, sign: bool = False) -> str:
    """Bounds as people read them."""
    if math.isnan(found.low):
        return "no interval from one replication"
    return f"{figure(found.low, digits, sign)} to {figure(found.high, digits, sign)}"


def figure(value: float, digits: int = 1, sign: bool = True) -> str:
    """A number as people read it, with its sign, and without one where it rounds to zero."""
    rounded = round(value, digits) or 0.0
    return f"{rounded:{'+' if sign and rounded else ''},.{digits}f}"
