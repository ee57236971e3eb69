"""Deliveries against what was promised and what the customer has learned to expect.

Source of the shape: an online marketplace's orders (Olist 2018), where the score falls by half within about three
days of a promise of 24, and where the same lateness scores far lower while still waiting than after arrival.
"""

from cxsim.compiling import compiled
from cxsim.rules.arithmetic import exponential


@compiled
def delivery_reference_days(promised_days: float, learned_days: float, trust: float) -> float:
    """Days the customer reckons with: the promise as far as it is trusted, else the own experience."""
    return trust * promised_days + (1.0 - trust) * learned_days


@compiled
def early_gain(days_early: float, reference_days: float, size: float, scale: float) -> float:
    """Lift of the process level for arriving early; grows with the share of the expected time saved."""
    if days_early <= 0.0:
        return 0.0
    return size * (1.0 - exponential(-(days_early / max(reference_days, 0.5)) / scale))


@compiled
def late_loss(days_late: float, size: float, scale_days: float, urgency_multiplier: float) -> float:
    """Drop of the process level for arriving late; grows with plain days, more when time-sensitive.

    Source: the order data for the shape; Taylor 1994 for anger; the urgency multiplier is a proposal.
    """
    if days_late <= 0.0:
        return 0.0
    return size * (1.0 - exponential(-days_late / scale_days)) * urgency_multiplier


@compiled
def urgency_multiplier(urgency: float, least: float, most: float) -> float:
    """How much more lateness hurts a time-sensitive order: 1 without urgency, else `least` to `most`."""
    if urgency <= 0.0:
        return 1.0
    return least + (most - least) * urgency


@compiled
def overdue_loss(size: float, uncertainty_factor: float, urgency_multiplier: float, softening: float) -> float:
    """Drop of the process level when the promised date passes and nothing has come: late and uncertain at once.

    Args:
        size: the largest loss of a late arrival.
        uncertainty_factor: how much worse not knowing is.
        urgency_multiplier: see `urgency_multiplier`.
        softening: share taken off by tracking and by being told early and why, 0 to below 1.
    """
    return size * uncertainty_factor * urgency_multiplier * (1.0 - softening)


@compiled
def softening_share(tracking: float, told: bool, explained: bool, tracking_effect: float, told_effect: float,
                    explained_effect: float) -> float:  # fmt: skip
    """Share of an overdue loss that tracking, an early word and a reason take away: never all of it.

    Source: Hui and Tse 1996 and Taylor 1994 for the direction; sizes are proposals.
    """
    left = 1.0 - tracking_effect * tracking
    if told:
        left *= 1.0 - told_effect
    if explained:
        left *= 1.0 - explained_effect
    return 1.0 - left


@compiled
def next_trust(trust: float, kept: bool, speed: float) -> float:
    """Trust in the firm's promises after one was kept or broken."""
    return trust + speed * ((1.0 if kept else 0.0) - trust)
