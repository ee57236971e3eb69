"""Waiting at a desk: how long it feels, how long it is borne, and the moods on the way.

Sources: Maister 1985 (psychology of waiting lines); Garnett, Mandelbaum and Reiman 2002 (exponential patience, the
Erlang-A model); Brown et al. 2005 (patience in a bank's call centre). The four moods are a proposal.
"""

import math

from cxsim.compiling import compiled
from cxsim.rules.arithmetic import logarithm, power

CALM, EDGY, AGITATED, ANGRY, GONE = range(5)
MOODS = ("calm", "edgy", "agitated", "angry", "gone")


@compiled
def perceived_wait_multiplier(
    base: float, occupied: bool, told: bool, explained: bool, occupied_factor: float, told_factor: float,
    explained_factor: float,
) -> float:  # fmt: skip
    """How many minutes a minute of waiting feels like, held within 0.6 to 2.5.

    Source: Maister 1985 for the directions; 1.36 for an empty, unknown wait is quoted by the press only.
    """
    multiplier = base
    if occupied:
        multiplier *= occupied_factor
    if told:
        multiplier *= told_factor
    if explained:
        multiplier *= explained_factor
    return min(max(multiplier, 0.6), 2.5)


@compiled
def patience_minutes(uniform: float, mean: float, shape: float) -> float:
    """Patience for this wait in perceived minutes: Weibull with the given mean, by inversion.

    Shape 1 is the exponential patience of Erlang-A. A larger `uniform` gives less patience.
    """
    if shape == 1.0:  # gamma and power are then 1 and the number itself, and take their time
        return -mean * logarithm(uniform)
    return mean / math.gamma(1.0 + 1.0 / shape) * power(-logarithm(uniform), 1.0 / shape)


@compiled
def mood_of_wait(fraction: float, edgy: float, agitated: float, angry: float) -> int:
    """Mood after using up this fraction of one's patience: calm 0, edgy 1, agitated 2, angry 3, gone 4."""
    if fraction >= 1.0:
        return GONE
    if fraction >= angry:
        return ANGRY
    if fraction >= agitated:
        return AGITATED
    if fraction >= edgy:
        return EDGY
    return CALM


@compiled
def learned_wait(acceptable: float, actual: float, speed: float) -> float:
    """Acceptable wait, in minutes, after one more wait: what one has come to think normal."""
    return acceptable + speed * (actual - acceptable)
