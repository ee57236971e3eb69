"""What customers expect: desired, adequate, predicted and normative levels, and how they learn.

Sources: Zeithaml, Berry and Parasuraman 1993 (levels and their determinants); Boulding, Kalra, Staelin and Zeithaml
1993 (updating of "will" and "should"). Sizes are proposals; see the parameter table.
"""

from cxsim.compiling import compiled


@compiled
def clip_level(level: float) -> float:
    """A service level held within 0..1."""
    return min(max(level, 0.0), 1.0)


@compiled
def approach(level: float, target: float, speed: float) -> float:
    """Level after moving the share `speed` of the way to `target`."""
    return level + speed * (target - level)


@compiled
def desired_target(base: float, normative: float) -> float:
    """Where the desired level heads: the customer's own standard, or what should be, if that is higher.

    Source: Boulding et al. 1993 for "should" as a standard of its own; taking the higher one is a proposal.
    """
    return clip_level(max(base, normative))


@compiled
def adequate_target(
    base: float,
    predicted: float,
    alternatives: float,
    urgency: float,
    situation: float,
    alternatives_effect: float,
    urgency_effect: float,
    situation_effect: float,
    predicted_effect: float,
) -> float:
    """Where the adequate level heads, before it is held below the desired one.

    Args:
        base: adequate level of this customer from the factors that stay fixed, 0..1.
        predicted: predicted level, 0..1; above 0.5 it raises what is just acceptable.
        alternatives: share of rivals believed at least as good, less the average share, -1..1.
        urgency: transitory intensifier of this order, 0..1.
        situation: circumstances outside anyone's control that were made known, 0..1.
        alternatives_effect: size of the effect of alternatives, in levels.
        urgency_effect: size of the effect of urgency, in levels.
        situation_effect: size of the effect of the situation, in levels.
        predicted_effect: rise per level of prediction above 0.5.

    Source: Zeithaml et al. 1993 for the determinants; sizes and signs are proposals.
    """
    return (
        base
        + alternatives_effect * alternatives
        + urgency_effect * urgency
        - situation_effect * situation
        + predicted_effect * (predicted - 0.5)
    )


@compiled
def hold_zone(adequate: float, desired: float, zone_minimum: float) -> float:
    """Adequate level held within 0..1 and at least `zone_minimum` below the desired one."""
    return max(min(adequate, desired - zone_minimum), 0.0)


@compiled
def learning_gain(uncertainty: float, seen_variance: float, floor: float) -> float:
    """Weight of the latest experience in the predicted level (Kalman gain, never below `floor`).

    Source: Boulding et al. 1993 describe a Bayesian-like process; the Kalman form is a proposal.
    """
    return max(uncertainty / (uncertainty + seen_variance), floor)


@compiled
def next_uncertainty(uncertainty: float, gain: float, drift: float) -> float:
    """Variance of the predicted level after one experience; `drift` keeps the customer learning."""
    return uncertainty * (1.0 - gain) + drift


@compiled
def next_normative(normative: float, perceived: float, rise: float, fall: float) -> float:
    """Normative ("should") level after one experience: quick to rise, slow to fall.

    Source: Boulding et al. 1993 for two kinds of expectation; the asymmetry is a proposal.
    """
    difference = perceived - normative
    return clip_level(normative + (rise if difference > 0.0 else fall) * difference)


@compiled
def forget_normative(normative: float, base: float, kept: float) -> float:
    """Normative level after time alone: its excess over the customer's own standard fades to the share `kept`.

    Source: Rust and Oliver 2000 let customers forget a delight in part; the rate is a proposal.
    """
    excess = normative - base
    return base + excess * kept if excess > 0.0 else normative


@compiled
def hear_promise(predicted: float, promise: float, weight: float, trust: float) -> float:
    """Predicted level after meeting a promise (or a friend's word), believed as far as the firm is trusted."""
    return clip_level(predicted + weight * trust * (promise - predicted))


@compiled
def weighted_prediction(
    explicit: float, implicit: float, word_of_mouth: float, past: float, weights: tuple[float, float, float, float]
) -> float:
    """Predicted level before the first experience: weighted mean of the four signals.

    Source: Zeithaml et al. 1993 name the four antecedents; weights are proposals.
    """
    total = weights[0] + weights[1] + weights[2] + weights[3]
    return (weights[0] * explicit + weights[1] * implicit + weights[2] * word_of_mouth + weights[3] * past) / total
