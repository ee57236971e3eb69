"""The ready experiments: each is valid, asks a question, names its chart, and runs."""

from pathlib import Path

import pytest

import cxsim
from cxsim.studies.designs import settings
from cxsim.studies.experiment_files import load_experiment, ready_experiments
from cxsim.studies.plan import make_plan
from cxsim.studies.sweep import sweep

SMALL = {
    "population.customers": 150, "population.newcomers": "40 per year", "population.look_back": False,
    "horizon": "20 days", "warm_up": "5 days",
}  # fmt: skip
LONG_ENOUGH = {"rollout": {"horizon": "200 days"}}
"""Some need time for what they try to happen at all."""
READY = list(ready_experiments())


def test_there_are_at_least_ten() -> None:
    assert len(ready_experiments()) >= 10


@pytest.mark.parametrize("name", READY)
def test_ready_experiment_is_valid_and_asks_something(name: str) -> None:
    loaded = load_experiment(name)
    experiment = loaded.experiment
    assert experiment.name == name
    assert experiment.title
    assert experiment.question.strip().endswith((".", "?"))
    assert experiment.chart.y
    table = settings(experiment.design, experiment.levers, loaded.scenario.document(), 1, loaded.folder)
    assert len(table) >= 2
    lever = experiment.levers.get(experiment.chart.x)
    if experiment.chart.kind == "lines":
        assert lever is not None
        assert lever.is_number or lever.values


@pytest.mark.slow
@pytest.mark.parametrize("name", READY)
def test_ready_experiment_runs(name: str, tmp_path: Path) -> None:
    loaded = load_experiment(name, SMALL | LONG_ENOUGH.get(name, {}))
    points = len(make_plan(loaded).points)
    study = sweep(loaded, replications=1, jobs=1, out=tmp_path / "out")
    assert len(study.runs) == points
    assert study.failed.empty
    for outcome in study.outcomes:
        assert study.runs[outcome].notna().any(), outcome
    assert study.policies["policy"].nunique() >= 2
    assert cxsim.load_study(tmp_path / "out").policies.equals(study.policies)
