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
    """A mean with its interval and unit, short; what is too small to matter is about 0, and how near it is told."""
    if math.isnan(found.mean):
        return "has no value"
    if unit == "ratio":
        return f"{found.mean:.3g} times" + ("" if math.isnan(found.low) else f" ({found.low:.3g} to {found.high:.3g})")
    behind = f" on a scale of {unit}" if " to " in unit else f" {unit}" if unit else ""
    if all(abs(end) < _TINY for end in (found.mean, found.low, found.high)):
        return f"about 0{behind} (less than {_TINY} either way)"
    if math.isnan(found.low):
        return f"{_signed(found.mean)}{behind}"
    return f"{_signed(found.mean)}{behind} ({_signed(found.low)} to {_signed(found.high)})"


def _signed(value: float) -> str:
    """Three figures with the sign, without powers of ten."""
    if abs(value) < _TINY:
        return "about 0"
    return f"{value:+.3g}" if abs(value) < _THREE_FIGURES else f"{value:+,.0f}"


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
