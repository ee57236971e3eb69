"""Charts of variants side by side."""

from __future__ import annotations

import plotly.graph_objects as go
import pytest

import cxsim
from cxsim.charts.look import is_empty
from cxsim.charts.variants import chance_best, differences_by_measure, satisfaction_by_variant
from cxsim.scenario.ready import find_scenario
from cxsim.studies.compare import Comparison


@pytest.fixture(scope="module")
def found() -> Comparison:
    base = cxsim.load(find_scenario("workshop"), {"population.customers": 150, "horizon": "60 days"})
    variants = {"two": {"desks.counter.servers": 2}, "followed": {"company.tracking": 0.9}}
    return cxsim.compare(base, variants, replications=3, seed=1)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_chart_is_valid_and_tells_what_its_letters_mean(found: Comparison, theme) -> None:
    for chart in (differences_by_measure(found, theme), satisfaction_by_variant(found, theme)):
        go.Figure(chart.to_plotly_json())
        assert "A: two; B: followed." in chart.layout.meta["about"]
    go.Figure(chance_best(found, "satisfaction", theme).to_plotly_json())


def test_a_panel_per_measure_with_the_differences_in_it(found: Comparison) -> None:
    chart = differences_by_measure(found)
    waits = next(trace for trace, note in zip(chart.data, chart.layout.annotations, strict=True)
                 if note.text.startswith("Mean wait"))  # fmt: skip
    assert list(waits.y) == ["A", "B"]
    assert waits.x[0] == found.difference("two", "wait_minutes_mean").mean
    assert chart.layout.meta["finding"].split()[0].isdigit()


def test_chances_add_up_and_name_the_best(found: Comparison) -> None:
    chart = chance_best(found, "wait_minutes_mean")
    assert sum(chart.data[0].x) == pytest.approx(100)
    assert "two is best in 100 % of 3 replications" in chart.layout.meta["finding"]
    assert is_empty(chance_best(found, "switched_after_poor"))  # too short a time for it
