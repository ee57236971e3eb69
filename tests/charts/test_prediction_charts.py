"""Charts of a room's predictions."""

from __future__ import annotations

import math

import plotly.graph_objects as go
import pytest

from cxsim.charts.look import is_empty
from cxsim.charts.predictions import binned, choices_against, numbers_against, worlds_apart
from cxsim.results.measures import Estimate

FOUND = Estimate(14.8, 14.2, 15.3, 1.0, 16)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [1.0, 1.6])
def test_every_chart_is_valid_and_grows(theme, size: float) -> None:
    charts = [
        numbers_against([5, 12, 20], FOUND, 0, 50, "of 100", 1, FOUND, theme, size),
        choices_against({"Hands": 3, "Mending": 1}, "Mending", theme, size),
        worlds_apart({"As it is": FOUND, "Two": FOUND}, "Gave up", "of 100", 1, theme, size),
    ]
    for chart in charts:
        go.Figure(chart.to_plotly_json())
        assert chart.layout.font.size == 13 * size


def test_the_finding_holds_the_room_against_the_model() -> None:
    chart = numbers_against([5, 12, 20], FOUND, 0, 50, "of 100")
    assert chart.layout.meta["finding"] == "The room said 12.0 in the middle; the model says 14.8 of 100"
    assert "14.2 to 15.3" in chart.layout.meta["about"]
    assert sum(chart.data[0].y) == 3
    nobody = numbers_against([], FOUND, 0, 50, "of 100")
    assert nobody.layout.meta["finding"] == "The model says 14.8 of 100"


def test_an_answer_beyond_the_range_is_still_in_the_picture() -> None:
    low, high = numbers_against([1], Estimate(80, 79, 81, 1, 4), 0, 50, "of 100").layout.xaxis.range
    assert low <= 0
    assert high >= 80


def test_what_came_out_is_told_by_more_than_colour() -> None:
    chart = choices_against({"Hands": 3, "Mending": 1}, "Mending")
    assert list(chart.data[0].text) == ["3", "✓ 1"]
    assert chart.layout.meta["finding"] == "1 of 4 said what the model says: Mending"
    assert choices_against({"Hands": 0, "Mending": 0}, "Hands").layout.meta["finding"] == "The model says: Hands"


def test_bins_hold_everybody_at_the_ends_too() -> None:
    middles, counts = binned([0, 0.1, 25, 50], 0, 50, 5)
    assert middles == [5, 15, 25, 35, 45]
    assert counts == [2, 0, 1, 0, 1]


def test_a_measure_without_values_says_so() -> None:
    nothing = Estimate(math.nan, math.nan, math.nan, math.nan, 0)
    assert is_empty(worlds_apart({"one": nothing}, "Gave up", "%"))
