"""Charts of fits: valid figures whose title tells how many lines hold."""

import plotly.graph_objects as go
import pytest

from cxsim.charts.fits import FIT_CHARTS, FitChart, data_and_simulation
from cxsim.charts.look import is_empty
from cxsim.data.lines import Compared, Line

CHARTS = [chart for charts in FIT_CHARTS.values() for chart in charts]


def line(group: str, value: float, place: float) -> Line:
    return Line(f"{group}-{place:g}", group, f"at {place:g}", "share", 100, value, 0.01, 0.02, place)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_data_stand_beside_the_simulation(chart: FitChart, theme: str) -> None:
    lines = [
        Compared(line(chart.group, 0.5, 2.0), line(chart.group, 0.6, 2.0), 0.4, 0.55),
        Compared(line(chart.group, 0.4, 1.0), line(chart.group, 0.41, 1.0), 0.3, 0.5),
    ]
    figure = data_and_simulation(lines, chart, theme)
    go.Figure(figure.to_plotly_json())  # validates
    assert "1 of 2 figures" in figure.layout.meta["finding"]
    factor = 100 if chart.in_percent else 1
    data = next(trace for trace in figure.data if trace.name == "data")
    assert list(data.x) == [1.0, 2.0]
    assert list(data.y) == pytest.approx([0.4 * factor, 0.5 * factor])


def test_without_lines_it_says_so() -> None:
    assert is_empty(data_and_simulation([], CHARTS[0]))
