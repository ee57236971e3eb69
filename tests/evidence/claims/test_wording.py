import math

import pytest

from cxsim.evidence.claims.wording import effect_figures, effect_words
from cxsim.results.measures import Estimate


@pytest.mark.parametrize(("mean", "low", "high", "unit", "words"), [
    (-4.82e-06, -1.6e-05, 7e-06, "level", "about 0 level (less than 0.0001 either way)"),
    (0.0, 0.0, 0.0, "0 to 10", "about 0 on a scale of 0 to 10 (less than 0.0001 either way)"),
    (-4.82e-06, -0.0123, 0.0122, "level", "about 0 level (-0.0123 to +0.0122)"),
    (0.000554, 0.00002, 0.001, "", "+0.000554 (about 0 to +0.001)"),
    (0.00011, 0.0001, 0.00012, "", "+0.00011 (+0.0001 to +0.00012)"),
    (3e-5, math.nan, math.nan, "points", "about 0 points"),
    (2.5, math.nan, math.nan, "points", "+2.5 points"),
    (999.7, 990.2, 12345.6, "customers", "+1,000 customers (+990 to +12,346)"),
    (3.01, 2.93, 3.09, "ratio", "3.01 times (2.93 to 3.09)"),
    (0.684, math.nan, math.nan, "ratio", "0.684 times"),
    (math.nan, math.nan, math.nan, "points", "has no value"),
])  # fmt: skip
def test_an_effect_is_told_without_powers_of_ten(mean: float, low: float, high: float, unit: str, words: str) -> None:
    assert effect_words(Estimate(mean, low, high, 1.0, 4), unit) == words


def test_in_a_table_with_a_column_of_units_the_figures_are_the_same() -> None:
    assert effect_figures(Estimate(2.5, 2.0, 3.0, 1.0, 4), "points") == "+2.5 (+2 to +3)"
    assert effect_figures(Estimate(2.5, 2.0, 3.0, 1.0, 4), "ratio") == "2.5 (2 to 3)"
