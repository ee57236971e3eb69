"""Goodwill, irritation, and the choice between staying, speaking up and leaving.

Sources: Hess, Ganesan and Klein 2003 (goodwill buffers); Gregoire and Fisher 2008, Gregoire, Tripp and Legoux 2009
(betrayal, fading over about two months); Hirschman 1970 and Goodman (exit, voice, silence); Bolton 1998 (leaving).
"""

import math

from cxsim.compiling import compiled
from cxsim.rules.arithmetic import exponential, power_of_two

STAY, VOICE, LEAVE = range(3)


@compiled
def next_goodwill(goodwill: float, poor: bool, gain: float, keep: float) -> float:
    """Goodwill 0..1 after an encounter: builds slowly, drops at once after a poor one."""
    return goodwill * keep if poor else goodwill + gain * (1.0 - goodwill)


@compiled
def irritation_growth(
    utility: float, importance: float, goodwill: float, betrayal: bool, buffering: float, amplifying: float
) -> float:
    """Irritation added by a loss: goodwill softens what looks fair and sharpens what looks like betrayal.

    Source: Hess et al. 2003 and Gregoire and Fisher 2008 for the two directions; sizes are proposals.
    """
    if utility >= 0.0:
        return 0.0
    factor = 1.0 + amplifying * goodwill if betrayal else 1.0 - buffering * goodwill
    return -utility * importance * factor


@compiled
def remaining(elapsed_days: float, half_life_days: float) -> float:
    """Share of an amount left after `elapsed_days` of exponential fading."""
    return power_of_two(-elapsed_days / half_life_days)


def half_life_days(share_lost: float, days: float) -> float:
    """Half-life of what loses the share `share_lost`, below 1, in so many days; infinite where nothing is lost."""
    return -days * math.log(2.0) / math.log1p(-share_lost) if share_lost > 0.0 else math.inf


@compiled
def voice_utility(
    base: float, monetary_loss: bool, goodwill: float, success_belief: float, effort: float, monetary_effect: float
) -> float:
    """Utility of complaining, against staying silently at 0.

    Source: Hirschman 1970; shares of complainers by Goodman; the linear form is a proposal.
    """
    return base + (monetary_effect if monetary_loss else 0.0) + goodwill + success_belief - effort


@compiled
def leave_utility(
    base: float,
    irritation: float,
    satisfaction: float,
    switching_cost: float,
    better_elsewhere: float,
    goodwill: float,
    irritation_effect: float,
    satisfaction_effect: float,
    switching_cost_effect: float,
    alternatives_effect: float,
    goodwill_effect: float,
) -> float:
    """Utility of leaving, against staying silently at 0.

    Source: Bolton 1998 (cumulative satisfaction anchors), Keaveney 1995 (incidents trigger); weights are fitted.
    """
    return (
        base
        + irritation_effect * irritation
        - satisfaction_effect * satisfaction
        - switching_cost_effect * switching_cost
        + alternatives_effect * better_elsewhere
        - goodwill_effect * goodwill
    )


@compiled
def joining_probability(converts: float, better_here: float, effect: float) -> float:
    """Chance that a prospect joins: `converts` if as much is expected here as elsewhere, more if more is.

    Source: over-promising raises acquisition in agent models of advertising (SCIENCE A13); the logit is a proposal.
    """
    if converts <= 0.0 or converts >= 1.0:
        return converts
    return 1.0 / (1.0 + (1.0 - converts) / converts * exponential(-effect * better_here))


@compiled
def choose(uniform: float, voice: float, leave: float, voice_open: bool) -> int:
    """Stay, voice or leave by one draw through the cumulative of a logit, in this order (stay has utility 0)."""
    stay_weight = 1.0
    voice_weight = exponential(min(voice, 50.0)) if voice_open else 0.0
    leave_weight = exponential(min(leave, 50.0))
    threshold = uniform * (stay_weight + voice_weight + leave_weight)
    if threshold < stay_weight:
        return STAY
    if threshold < stay_weight + voice_weight:
        return VOICE
    return LEAVE
