"""Word of mouth: how much is told, and of what.

Source: Anderson 1998 (talk grows with satisfaction and with dissatisfaction, a little more with the latter).
"""

from cxsim.compiling import compiled


@compiled
def telling_probability(satisfaction: float, base: float, slope: float, negative: float) -> float:
    """Chance to tell one person of a journey: lowest when it left one indifferent, higher for bad than for good."""
    factor = negative if satisfaction < 0.0 else 1.0
    return min(base + slope * factor * satisfaction * satisfaction, 1.0)


@compiled
def review_level(satisfaction: float) -> float:
    """Level 0..1 that a review conveys: its stars, 1 to 5, as a share of the way from worst to best."""
    stars = min(max(round(3.0 + 2.0 * satisfaction), 1.0), 5.0)
    return (stars - 1.0) / 4.0
