"""How lines of evidence are written for people."""

from __future__ import annotations

import math

from cxsim.evidence.checks import Check


def figure(value: float | None, line: Check) -> str:
    """A figure of a line with as many digits as tell it from its band."""
    if value is None or math.isnan(value):
        return "-"
    if math.isinf(value):
        return "any"
    if line.unit == "share":
        return f"{100 * value:.1f} %"
    return f"{value:.4g}"


def verdict(line: Check) -> str:
    """Whether a line holds; a miss of one that has to hold is a failure."""
    if line.holds:
        return "holds"
    if line.simulated is None:
        return "nothing to count"
    return "FAILS" if line.strict else "missed"
