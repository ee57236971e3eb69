"""What quality is worth in money.

Sources: PwC 2018 and RightNow 2010 for stated premiums; they are stated, not revealed, so the default is half of them.
"""

from cxsim.compiling import compiled


@compiled
def price_premium(
    level: float, market: float, most: float, scale: float, price_sensitivity: float, sensitivity_effect: float
) -> float:
    """Share added to the price by quality perceived above the market's level; 0 when rivals are as good.

    Args:
        level: mean level perceived in the journey, 0..1.
        market: level that the best competitor is believed to deliver, 0..1.
        most: largest premium of a customer of average price sensitivity, a share of the price.
        scale: level above the market that earns all of it.
        price_sensitivity: how much price matters, 0..1, 0.5 on average.
        sensitivity_effect: how much less the price-sensitive pay, 0 (none) to 1 (the most sensitive pay nothing more).
    """
    willing = 1.0 - sensitivity_effect * (2.0 * price_sensitivity - 1.0)
    return most * willing * min(max((level - market) / scale, 0.0), 1.0)


@compiled
def quality_cost(level: float, cost_per_odds: float) -> float:
    """Cost of delivering a level once: proportional to its odds, so it rises steeply toward 1.

    Source: rising cost of quality is general knowledge of operations; the form is a proposal.
    """
    held = min(max(level, 0.0), 0.99)
    return cost_per_odds * held / (1.0 - held)
