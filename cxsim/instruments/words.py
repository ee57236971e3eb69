"""Words and rules that the findings of several instruments share."""

from __future__ import annotations

import math

from cxsim.results.measures import Estimate
from cxsim.results.result import Result

AMONG_PRESENT = (
    "Satisfaction is measured among those present. Customers who are kept from leaving are less satisfied than the "
    "others, so keeping them hardly moves the mean and may even lower it: judge by the customers kept."
)
"""To be read wherever satisfaction stands beside who left."""


NO_NUMBER = Estimate(math.nan, math.nan, math.nan, math.nan, 0)
CLEAR_FROM = 4
"""Replications (or customers) from which on an interval is believed; of fewer it may be narrow by luck."""


def is_clear(found: Estimate) -> bool:
    """Whether the 95 % interval leaves out zero, and is one to believe."""
    if math.isnan(found.mean) or math.isnan(found.low) or found.n < CLEAR_FROM:
        return False
    return found.low > 0 or found.high < 0


def interval(found: Estimate, digits: int = 1, sign: bool = False) -> str:
    """Bounds of an estimate as people read them."""
    return bounds(found.low, found.high, digits, sign)


def bounds(low: float, high: float, digits: int = 1, sign: bool = False) -> str:
    """Bounds of an interval as people read them."""
    if math.isnan(low):
        return "no interval from one replication"
    return f"{figure(low, digits, sign)} to {figure(high, digits, sign)}"


def figure(value: float, digits: int = 1, sign: bool = True) -> str:
    """A number as people read it, with its sign, and without one where it rounds to zero."""
    rounded = round(value, digits) or 0.0
    return f"{rounded:{'+' if sign and rounded else ''},.{digits}f}"


def no_interval(result: Result) -> tuple[str, ...]:
    """What to say of a world that was lived too seldom; nothing otherwise."""
    if result.replications >= CLEAR_FROM:
        return ()
    once = "One replication gives no interval" if result.replications == 1 else (
        f"Intervals of {result.replications} replications may be narrow by luck")  # fmt: skip
    return (f"{once}, so nothing is called clear; use --replications, {CLEAR_FROM} at least.",)
