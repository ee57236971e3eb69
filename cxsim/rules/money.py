"""What quality is worth in money.

Sources: PwC 2018 and RightNow 2010 for stated premiums; they are stated, not revealed, so the default is half of them.
"""

from cxsim.compiling import compiled


@compiled
def price_premium(level: float, market: float, most: float, scale: float) -> float:
    """Share added to the price by quality perceived above the market's level; 0 when rivals are as good.

    Args:
        level: mean level perceived in the journey, 0..1.
        market: level that the best competitor is believed to deliver, 0..1.
        most: largest premium, a share of the price.
        scale: level above the market that earns all of it.
    """
    return most * min(max((level - market) / scale, 0.0), 1.0)
