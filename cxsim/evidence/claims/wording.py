"""Claims in words, for the terminal, reports and the documentation alike."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from cxsim.evidence.claims.judging import Judged, Verdict
from cxsim.evidence.claims.robustness import Robustness
from cxsim.results.measures import Estimate

_COUNTED: dict[Verdict, tuple[str, str]] = {
    "holds": ("holds", "hold"),
    "holds in part": ("holds in part", "hold in part"),
    "not clear": ("is not clear", "are not clear"),
    "does not hold": ("does not hold", "do not hold"),
    "not yet judged": ("is not yet judged", "are not yet judged"),
}
"""Verdicts as one says them of one claim and of several."""
_TINY = 0.0001
"""What is nearer to zero is written as about 0."""
_THREE_FIGURES = 999.5
"""From here on a number has more than three figures before the point."""


def counted(judged: Sequence[Judged]) -> str:
    """How many claims came out how."""
    counts = Counter(one.verdict for one in judged)
    parts = [
        f"{counts[verdict]} {words[counts[verdict] > 1]}" for verdict, words in _COUNTED.items() if counts[verdict]
    ]
    return f"Of {len(judged)} claims " + ", ".join(parts) + "." if len(judged) > 1 else f"The claim {parts[0][2:]}."


def effect_words(found: Estimate, unit: str = "") -> str:
    """A mean with its unit and interval, short; what is too small to matter is about 0, and how near it is told."""
    if unit == "ratio":
        return _told(found, unit, " times")
    return _told(found, unit, f" on a scale of {unit}" if " to " in unit else f" {unit}" if unit else "")


def effect_figures(found: Estimate, unit: str) -> str:
    """The same for a table that tells the unit in a column of its own."""
    return _told(found, unit, "")


def _told(found: Estimate, unit: str, behind: str) -> str:
    if math.isnan(found.mean):
        return "has no value"
    if all(abs(end) < _TINY for end in (found.mean, found.low, found.high)):
        return f"about 0{behind} (less than {_TINY} either way)"
    mean, low, high = (_figure(value, with_sign=unit != "ratio") for value in (found.mean, found.low, found.high))
    return f"{mean}{behind}" if math.isnan(found.low) else f"{mean}{behind} ({low} to {high})"


def _figure(value: float, with_sign: bool) -> str:
    """Three figures without powers of ten; differences with their sign."""
    if abs(value) < _TINY:
        return "about 0"
    sign = "+" if with_sign else "-"
    return f"{value:{sign}.3g}" if abs(value) < _THREE_FIGURES else f"{value:{sign},.0f}"


def without_words(judged: Judged) -> str:
    """What happens without the mechanism."""
    if judged.fails_without is None:
        return ""
    ending = (
        "it fails, as it must." if judged.fails_without else "it holds all the same: it does not rest on that alone."
    )
    return f"Without the mechanism ({judged.claim.without_words}) {ending}"


def robust_words(found: Robustness | None) -> str:
    """In which share of the parameter space a claim holds, and what decides it."""
    if found is None:
        return ""
    text = (
        f"Over the plausible ranges of all parameters it holds in {100 * found.share:.0f} % of {found.draws} draws "
        f"({100 * found.low:.0f} to {100 * found.high:.0f} %)"
    )
    decider = found.decider
    if decider is None:
        return text + "."
    if not decider.clear:
        return text + "; no single parameter clearly decides it."
    return (
        f"{text}; it hangs most on {decider.parameter}, on average {decider.where_holds:.3g} where it holds and "
        f"{decider.where_not:.3g} where it does not."
    )
