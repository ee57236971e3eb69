"""Charts of studies: their titles are computed from the numbers, and every ready experiment has a readable one."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("plotly", reason="charts need the extra 'ui' (plotly)")

import plotly.graph_objects as go

from cxsim.charts.lever_lines import along_lever, curves
from cxsim.charts.look import PALETTES, is_empty
from cxsim.charts.setting_dots import front_of, over_two_levers, settings_dots, two_outcomes
from cxsim.charts.studies import ANSWER, study_charts, study_findings
from cxsim.charts.study_words import from_to, measure_of, policy_names
from cxsim.results.measures import MEASURES
from cxsim.studies.experiment_files import load_experiment, ready_experiments
from cxsim.studies.optimise import Optimisation, optimise
from cxsim.studies.saved import Saved
from cxsim.studies.sensitivity import Sensitivity, sensitivity
from cxsim.studies.study import Study
from cxsim.studies.sweep import sweep
from tests.studies.small import BRIEF, small_experiment

TINY = {
    "population.customers": 150, "population.newcomers": "40 per year", "population.look_back": False,
    "horizon": "20 days", "warm_up": "5 days",
}  # fmt: skip
BUSY = {**BRIEF, "population.customers": 200}
QUICK = ("staffing", "explaining_delays", "messages")
"""One with a line, one with a line for each setting of a second lever, one with settings side by side."""


@pytest.fixture(scope="module")
def swept() -> Study:
    return sweep(small_experiment(constants=BUSY), jobs=1)


@pytest.fixture(scope="module")
def screened() -> Sensitivity:
    pytest.importorskip("SALib")
    return sensitivity(small_experiment(constants=BUSY), method="morris", size=3, replications=1, jobs=1)


@pytest.fixture(scope="module")
def sought() -> Optimisation:
    pytest.importorskip("optuna")
    aim = {"objectives": {"satisfaction": "maximise", "abandonment_rate": "minimise"}, "trials": 8, "confirm": 2}
    return optimise(small_experiment(constants=BUSY, uncertainties={}, replications=2, optimise=aim), jobs=1)


def with_values(study: Study, **changes: Any) -> Study:
    """The same study with other values: outcome = function of (lever values, replication)."""
    runs = study.runs.merge(study.points[["point", *study.levers]], on="point")
    told = {name: [value(row) for row in runs.to_dict("records")] for name, value in changes.items()}
    return Study(study.experiment, study.scenario, study.points, study.runs.assign(**told), study.seed)


def check(found: Saved) -> None:
    """Every chart can be drawn in both themes, says something, and hides no missing number."""
    names = set()
    for theme in PALETTES:
        for chart in study_charts(found, theme):
            drawn = chart.figure
            go.Figure(drawn.to_plotly_json())  # refuses what Plotly does not know
            finding = drawn.layout.meta["finding"]
            assert finding.strip()
            assert " nan" not in finding
            assert "_" not in finding, "plain names, not those of files"
            assert "NaN" not in json.dumps(json.loads(drawn.to_json())["data"])
            assert drawn.layout.template.layout.paper_bgcolor == PALETTES[theme].paper
            names.add((theme, chart.name))
    charts = study_charts(found)
    assert len(names) == 2 * len(charts), "names are unique"
    assert charts[0].group == ANSWER
    assert not is_empty(charts[0].figure)
    assert study_findings(found)[0] in "".join(chart.figure.layout.meta["finding"] for chart in charts)


def test_every_kind_of_study_is_drawn(swept: Study, screened: Sensitivity, sought: Optimisation) -> None:
    for found in (swept, screened, sought):
        check(found)


@pytest.mark.parametrize("name", QUICK)
def test_ready_experiments_are_drawn(name: str) -> None:
    check(sweep(load_experiment(name, TINY), replications=2, jobs=1))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(ready_experiments()) - set(QUICK)))
def test_all_ready_experiments_are_drawn(name: str) -> None:
    longer = {"horizon": "200 days"} if name == "rollout" else {}
    check(sweep(load_experiment(name, TINY | longer), replications=2, jobs=1))


def test_a_curve_says_how_far_it_moves(swept: Study) -> None:
    study = with_values(swept, satisfaction=lambda row: 50 + 2 * row["servers"] + 0.01 * row["replication"])
    drawn = along_lever(study, "satisfaction", "servers")
    finding = drawn.layout.meta["finding"]
    assert finding.startswith("Satisfaction: up from 52.0 to 54.0 with servers from 1 to 2")
    level = with_values(swept, satisfaction=lambda row: 50 + row["replication"])
    assert "no clear change" in along_lever(level, "satisfaction", "servers").layout.meta["finding"]


def test_a_curve_averages_other_levers_on_the_same_luck(swept: Study) -> None:
    [curve] = curves(swept, "abandonment_rate", "servers")
    runs = swept.runs.merge(swept.points[~swept.points["is_baseline"]], on="point")
    for place, value in enumerate(curve.values.columns):
        wanted = runs.loc[runs["servers"] == value, "abandonment_rate"].mean()
        assert math.isclose(curve.at(place).mean, wanted, rel_tol=1e-9)
    two = curves(swept, "abandonment_rate", "servers", "promise")
    assert [part.name for part in two] == ["2 days", "6 days"]


def test_the_best_place_may_lie_inside() -> None:
    levers = {"servers": {"path": "desks.counter.servers", "low": 1, "high": 3, "whole": True}}
    study = sweep(small_experiment(levers=levers, uncertainties={}, design={"kind": "grid", "levels": 3}), jobs=1)
    hill = with_values(study, satisfaction=lambda row: 60 - (row["servers"] - 2) ** 2 + 0.01 * row["replication"])
    finding = along_lever(hill, "satisfaction", "servers").layout.meta["finding"]
    assert finding.startswith("Satisfaction: best at servers 2, 60.0; +1.00 against 1, +1.00 against 3")


def test_settings_stand_in_order_and_only_clear_ones_are_filled(swept: Study) -> None:
    drawn = settings_dots(swept, "abandonment_rate")
    dots = drawn.data[-1]
    assert list(dots.x) == sorted(dots.x), "fewest who gave up on top"
    table = swept.policies[(swept.policies["outcome"] == "abandonment_rate") & ~swept.policies["is_baseline"]]
    table = table.sort_values("difference", kind="stable")
    is_clear = (table["difference_low"] > 0) | (table["difference_high"] < 0)
    assert [symbol == "circle" for symbol in dots.marker.symbol] == is_clear.tolist()
    np.testing.assert_allclose(dots.x, 100 * table["difference"])


def test_names_of_settings_tell_what_differs(swept: Study) -> None:
    names = policy_names(swept)
    assert names[0] == "as it stands"
    assert len(set(names.values())) == len(names)
    assert all("days" in name or "servers" in name for policy, name in names.items() if policy)


def test_the_front_is_what_no_other_beats() -> None:
    table = pd.DataFrame({"a": [1.0, 2.0, 3.0, 2.0, math.nan], "b": [1.0, 2.0, 5.0, 3.0, 0.0]})
    assert front_of(table, {"a": "higher", "b": "lower"}) == [True, True, True, False, False]


def test_two_outcomes_and_a_map(swept: Study) -> None:
    both = two_outcomes(swept, "satisfaction", "abandonment_rate")
    drawn = sum(len(trace.x) for trace in both.data if trace.name != "as it stands")
    assert drawn == swept.points["policy"].nunique()
    steps = with_values(swept, satisfaction=lambda row: 50 + row["servers"] + row["promise"])
    told = over_two_levers(steps, "servers", "promise", "satisfaction")
    assert told.layout.meta["finding"] == "Satisfaction: best at servers 2 and promise 6 days, 58.0"
    go.Figure(told.to_plotly_json())


def test_the_input_on_top_is_the_one_named(screened: Sensitivity) -> None:
    first = screened.ranking("abandonment_rate").iloc[0]
    [chart] = [chart for chart in study_charts(screened) if chart.name == "abandonment_rate-inputs"]
    assert f"most depends on {first['input']} " in chart.figure.layout.meta["finding"]
    assert chart.figure.data[0].y[0] == first["input"]


def test_what_is_quoted_was_confirmed(sought: Optimisation) -> None:
    rows = sought.confirmed[sought.confirmed["measure"] == "satisfaction"].set_index("trial")
    [front] = [chart for chart in study_charts(sought) if chart.name == "satisfaction-against-abandonment_rate"]
    filled = next(trace for trace in front.figure.data if trace.name == "confirmed on unseen seeds")
    np.testing.assert_allclose(sorted(filled.x), sorted(rows[rows.index > 0]["mean"]))


def test_values_that_differ_are_told_apart() -> None:
    satisfaction = measure_of("satisfaction")
    assert from_to(58.47, 58.49, satisfaction) == "from 58.47 to 58.49"
    assert from_to(-512.3, 9.4, measure_of("profit_per_customer")) == "from -512 to 9 per customer-year"
    for measure in MEASURES:
        assert "nan" not in from_to(0.0, 1e-9, measure)
