"""How values of measures are written for people: shares in percent, the rest with its digits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxsim.results.measures import Measure


def number(value: float, measure: Measure) -> str:
    """A value as people read it: shares in percent, the rest with its digits."""
    if math.isnan(value):
        return "-"
    if measure.unit == "share":
        return f"{100 * value:.{max(measure.digits - 2, 0)}f} %"
    return f"{value:,.{measure.digits}f}"


def change(value: float, measure: Measure) -> str:
    """A difference with its sign; shares in percentage points."""
    if math.isnan(value):
        return "-"
    if measure.unit == "share":
        return f"{100 * value:+.{max(measure.digits - 1, 1)}f}"
    return f"{value:+,.{measure.digits + 1}f}"
