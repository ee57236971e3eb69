"""The tornado's bars."""

from __future__ import annotations

from pathlib import Path

import plotly.graph_objects as go
import pytest

import cxsim
from cxsim.charts.look import is_empty
from cxsim.charts.tornado import tornado_bars
from cxsim.scenario.ready import find_scenario
from cxsim.studies.experiment import Experiment
from cxsim.studies.experiment_files import Loaded
from cxsim.studies.tornado import tornado


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_bars_of_both_ends_with_the_lever_that_moves_most(theme) -> None:
    world = cxsim.load(find_scenario("workshop"), {"population.customers": 100, "horizon": "60 days"})
    levers = {"servers": {"label": "people at the counter", "path": "desks.counter.servers", "low": 1, "high": 2},
              "tracking": {"path": "company.tracking", "low": 0, "high": 0.4}}  # fmt: skip
    outcomes = ["wait_minutes_mean", "switched_after_poor"]
    asked = {"name": "small", "scenario": "workshop", "levers": levers, "outcomes": outcomes}
    loaded = Loaded(Experiment.model_validate(asked), world, Path(), {(): ("", 0)})
    found = tornado(loaded, replications=4, jobs=1)
    chart = tornado_bars(found, "wait_minutes_mean", theme)
    go.Figure(chart.to_plotly_json())
    assert chart.layout.meta["finding"].startswith("Mean wait: people at the counter moves it most (-")
    assert chart.data[1].x[0] == found.ranking("wait_minutes_mean").iloc[0]["difference"]
    assert is_empty(tornado_bars(found, "switched_after_poor", theme))
