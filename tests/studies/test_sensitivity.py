"""Sensitivity: known answers of known functions, and a real study from end to end."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxsim.studies.designs import morris_trajectories, saltelli_sample
from cxsim.studies.experiment_files import load_experiment
from cxsim.studies.saved import load_saved
from cxsim.studies.sensitivity import Method, Sensitivity, analyse, load_sensitivity, plan_sensitivity, sensitivity
from cxsim.studies.study import Study
from tests.cli.program import inside
from tests.studies.small import small_experiment, write_experiment

pytest.importorskip("SALib")


def study_of(values: np.ndarray, gaps: np.ndarray | None = None) -> Study:
    """A study of the three inputs of the small experiment, with values of our own in place of runs."""
    loaded = load_experiment(small_experiment())
    runs = pd.DataFrame({
        "point": np.arange(len(values)), "policy": np.arange(len(values)), "world": 0, "replication": 0, "reason": "",
        "satisfaction": values, "abandonment_rate": np.zeros(len(values)) if gaps is None else gaps,
    })  # fmt: skip
    return Study(loaded.experiment, loaded.scenario, runs[["point", "policy", "world"]], runs, seed=1)


def positions_of(method: Method) -> np.ndarray:
    return morris_trajectories(3, 20, 4, seed=1) if method == "morris" else saltelli_sample(3, 512, seed=1)


def test_morris_finds_the_slopes_of_a_plane() -> None:
    positions = positions_of("morris")
    found = analyse(study_of(positions @ [1.0, -4.0, 0.0]), "morris", positions)
    ranking = found.ranking("satisfaction")
    assert ranking["input"].tolist() == ["promise", "servers", "patience"]
    assert ranking["kind"].tolist() == ["lever", "lever", "uncertainty"]
    assert ranking["effect"].tolist() == pytest.approx([4, 1, 0])
    assert ranking["mean_effect"].tolist() == pytest.approx([-4, 1, 0])
    assert ranking["spread"].tolist() == pytest.approx([0, 0, 0], abs=1e-9)
    assert found.answers["satisfaction"] == (
        "Satisfaction: promise matters most (4 per range), clearly ahead of servers"
    )
    assert found.answers["abandonment_rate"] == "Gave up waiting: nothing tried here moves it"


def test_morris_sees_that_inputs_depend_on_each_other() -> None:
    positions = positions_of("morris")
    found = analyse(study_of(positions[:, 0] * positions[:, 1]), "morris", positions).ranking("satisfaction")
    assert (found["spread"].head(2) > 0.2).all()
    assert found["effect"].iloc[2] == 0


def test_sobol_shares_the_variance_of_a_plane() -> None:
    positions = positions_of("sobol")
    found = analyse(study_of(positions @ [1.0, 2.0, 0.0]), "sobol", positions).ranking("satisfaction")
    assert found["input"].tolist() == ["promise", "servers", "patience"]
    assert found["effect"].tolist() == pytest.approx([0.8, 0.2, 0], abs=0.02)
    assert found["first"].tolist() == pytest.approx([0.8, 0.2, 0], abs=0.05)
    for true, row in zip((0.8, 0.2, 0.0), found.to_dict("records"), strict=True):
        assert row["effect_low"] - 0.02 <= true <= row["effect_high"] + 0.02


def test_sobol_of_an_interaction_belongs_to_both() -> None:
    """For (a - 1/2)(b - 1/2) neither does anything alone, and each takes part in all of the variance."""
    positions = positions_of("sobol")
    values = (positions[:, 0] - 0.5) * (positions[:, 1] - 0.5)
    found = analyse(study_of(values), "sobol", positions).ranking("satisfaction").set_index("input")
    assert found.loc["servers", "effect"] == pytest.approx(1, abs=0.1)
    assert found.loc["promise", "effect"] == pytest.approx(1, abs=0.1)
    assert found.loc["servers", "first"] == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_an_outcome_with_a_failed_run_has_no_indices(method: Method) -> None:
    positions = positions_of(method)
    values = positions @ [1.0, 2.0, 0.0]
    values[7] = math.nan
    found = analyse(study_of(values, positions[:, 0]), method, positions)
    assert found.ranking("satisfaction")["effect"].isna().all()
    assert found.ranking("abandonment_rate")["effect"].notna().all()
    assert found.ranking("abandonment_rate")["input"].iloc[0] == "servers"


def test_a_real_study_goes_on_and_loads_back(tmp_path: Path) -> None:
    small = small_experiment(replications=1)
    first = sensitivity(small, size=3, jobs=1, out=tmp_path / "out")
    assert isinstance(first, Sensitivity)
    assert len(first.study.points) == 3 * 4
    done: list[int] = []
    again = sensitivity(small, size=3, jobs=1, out=tmp_path / "out", progress=done.append)
    assert done == [12], "every run was there"
    assert again.indices.equals(first.indices)
    loaded = load_saved(tmp_path / "out")
    assert isinstance(loaded, Sensitivity)
    assert load_sensitivity(tmp_path / "out").study.runs.equals(first.study.runs)
    assert loaded.indices.equals(first.indices)
    assert loaded.answers == first.answers
    plan, positions = plan_sensitivity(load_experiment(small), "sobol", 4)
    assert len(plan.points) == len(positions) == 4 * 5


def test_from_the_command_line(tmp_path: Path) -> None:
    write_experiment(tmp_path / "small.yaml", replications=1)
    done = inside("sensitivity", "small.yaml", "--size", "2", "--jobs", "1", "--json", "--quiet", cwd=tmp_path)
    told = json.loads(done.stdout)
    assert told["method"] == "morris"
    assert {row["input"] for row in told["indices"]} == {"servers", "promise", "patience"}
    assert (tmp_path / "results" / "sensitivity-morris-small" / "indices.parquet").exists()
    shown = inside("sensitivity", "small.yaml", "--size", "2", "--jobs", "1", cwd=tmp_path).stdout
    assert "Satisfaction: change in 0 to 100 per whole range" in shown
    for arguments, sentence in (
        (["--method", "moris"], "--method: read 'moris'; did you mean 'morris'?"),
        (["--method", "sobol", "--size", "6"], "--size: read 6; allowed: a power of two"),
    ):
        assert sentence in inside("sensitivity", "small.yaml", *arguments, cwd=tmp_path, code=2).stderr
