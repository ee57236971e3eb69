"""The report of a calibration: its charts are valid, its page tells fit, parameters, strike curve and reading."""

import plotly.graph_objects as go
import pytest

from cxsim.charts import calibration as charts
from cxsim.report.calibration_page import calibration_page
from cxsim.studies.calibration import Calibration
from tests.studies.test_calibrate import fitted


@pytest.fixture(scope="module")
def found() -> Calibration:
    """A small calibration."""
    return fitted(0.3, trials=2)


@pytest.mark.parametrize("name", ["fit_by_target", "strike_curve", "parameters_told", "losses"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_charts_are_valid_and_titled_with_their_finding(found: Calibration, name: str, theme: str) -> None:
    drawn = getattr(charts, name)(found, theme)
    go.Figure(drawn.to_plotly_json())  # refuses what Plotly does not know
    assert len(drawn.layout.meta["finding"]) > 20
    assert drawn.layout.meta["about"].endswith(".")


def test_the_fit_chart_counts_what_is_met(found: Calibration) -> None:
    finding = charts.fit_by_target(found).layout.meta["finding"]
    assert finding.startswith(f"{int(found.fit['holds'].sum())} of 1 published figures")


def test_the_page_tells_targets_parameters_and_how_to_run_it_again(found: Calibration) -> None:
    page = calibration_page(found)
    for text in ("Leaving", "made here", "leave_base", "talk_base", "not identified", "--targets targets.yaml",
                 "Trade-offs", "strike-curve"):  # fmt: skip
        assert text in page
    assert "https://" not in page.partition("<body>")[2].partition("<script>")[0].replace("https://olist", "")
