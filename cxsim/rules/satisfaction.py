"""What customers get, perceive and feel, and what they keep of it.

Sources: Zeithaml et al. 1993 and Parasuraman et al. 1994 (zone of tolerance); Anderson and Sullivan 1993, Mittal,
Ross and Baldasare 1998 (losses weigh more); Kahneman et al. 1993 (peak and end).
"""

from cxsim.compiling import compiled
from cxsim.rules.arithmetic import exponential, hyperbolic_tangent, power, power_of_two


@compiled
def perceived_quality(
    delivered: float, predicted: float, normative: float, delivered_weight: float, predicted_weight: float
) -> float:
    """Quality as perceived: what was delivered, drawn toward what was predicted, away from what should be.

    The weight of the normative level is `delivered_weight + predicted_weight - 1`, so that weights sum to one.

    Source: Boulding et al. 1993 (opposing effects of "will" and "should"); weights are proposals.
    """
    normative_weight = delivered_weight + predicted_weight - 1.0
    return delivered_weight * delivered + predicted_weight * predicted - normative_weight * normative


@compiled
def felt_utility(
    perceived: float,
    desired: float,
    adequate: float,
    slope_inside: float,
    loss_aversion: float,
    exponent: float,
) -> float:
    """Felt value of one dimension of an encounter: nearly flat inside the zone of tolerance, steep below it.

    Continuous at both ends of the zone; 0 in its middle.

    Source: zone form of Zeithaml et al. 1993; asymmetry Anderson and Sullivan 1993; exponent Tversky and Kahneman
    1992, who measured money gambles, so it is an upper anchor here.
    """
    if perceived > desired:
        return 0.5 * slope_inside + power(perceived - desired, exponent)
    if perceived < adequate:
        return -0.5 * slope_inside - loss_aversion * power(adequate - perceived, exponent)
    return slope_inside * (perceived - 0.5 * (adequate + desired)) / (desired - adequate)


@compiled
def delight_bonus(size: float, exposures: float, exposures_to_halve: float) -> float:
    """Extra value of a wow that lifts perception above the desired level; halves with every few exposures.

    Source: Rust and Oliver 2000 and the Kano model (attractive qualities become expected); form is a proposal.
    """
    return size * power_of_two(-exposures / exposures_to_halve)


@compiled
def encounter_satisfaction(utility: float, importance: float, steepness: float) -> float:
    """Satisfaction with one encounter, -1..1."""
    return hyperbolic_tangent(steepness * importance * utility)


@compiled
def journey_remembered(peak: float, end: float, mean: float, peak_weight: float, end_weight: float) -> float:
    """What is kept of a whole journey: mostly its peak and its end.

    Source: Kahneman, Fredrickson, Schreiber and Redelmeier 1993; weights are proposals.
    """
    return peak_weight * peak + end_weight * end + (1.0 - peak_weight - end_weight) * mean


@compiled
def journey_weight(journeys: float, lasting: float, early: float, early_journeys: float) -> float:
    """Weight of the latest journey in cumulative satisfaction: larger for the first few journeys.

    Source: Bolton 1998 for prior satisfaction as an anchor that grows with tenure; form is a proposal.
    """
    return lasting + early * exponential(-journeys / early_journeys)


@compiled
def recommendation_score(satisfaction: float, noise: float, middle: float, slope: float, noise_sd: float) -> float:
    """Likelihood to recommend, a whole number 0..10, from cumulative satisfaction and a standard normal.

    Source: Reichheld 2003 for the question; the mapping is a proposal checked against Temkin's industry scores.
    """
    return min(max(round(10.0 * (middle + slope * satisfaction) + noise_sd * noise), 0.0), 10.0)


@compiled
def effort_answer(effort: float, noise: float, noise_sd: float) -> float:
    """Answer to "how much effort did it take?", a whole number 1 (very little) to 7, from a journey's summed effort.

    Source: the customer effort score of Dixon, Freeman and Toman 2010; the mapping is a proposal.
    """
    return min(max(round(1.0 + 6.0 * (1.0 - exponential(-effort)) + noise_sd * noise), 1.0), 7.0)


@compiled
def survey_stars(satisfaction: float, noise: float, middle: float, slope: float, noise_sd: float) -> float:
    """Stars given in a survey, a whole number 1..5, from satisfaction and a standard normal.

    Source: shape of an online marketplace's review scores (Olist 2018); the mapping is a proposal.
    """
    return min(max(round(middle + slope * satisfaction + noise_sd * noise), 1.0), 5.0)
