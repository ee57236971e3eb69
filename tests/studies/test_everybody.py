"""Every encounter of everybody on disk is what the event log in memory holds."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxsim.results.encounters import AMOUNTS, LEVELS, _Rows
from cxsim.scenario.errors import ScenarioError
from cxsim.scenario.values import DIMENSIONS
from cxsim.studies.everybody import write_encounters
from cxsim.studies.simulate import simulate
from tests.worlds import load_world

WORLD = {"population.customers": 300, "population.newcomers": "200 per year"}


def test_the_file_holds_what_following_everybody_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cxsim.results.encounters.ROWS_PER_GROUP", 1_000)
    scenario = load_world(**WORLD)
    rows = write_encounters(scenario, tmp_path / "all.parquet", seed=5)
    found = pd.read_parquet(tmp_path / "all.parquet")
    assert len(found) == rows > 5_000
    found = found.sort_values(["customer", "serial"], ignore_index=True)
    kept = simulate(load_world(**WORLD, **{"record.encounters": 10_000}), replications=1, seed=5).encounters
    assert len(kept) == rows
    rounded = {*AMOUNTS, *(f"{level}_{dimension}" for level in LEVELS for dimension in DIMENSIONS)}
    for name in kept.columns.drop("replication"):
        ours: Any = found[name].astype(str) if found[name].dtype == "category" else found[name]
        if name in rounded:
            np.testing.assert_array_equal(ours.to_numpy(), kept[name].to_numpy().astype(np.float32), name)
        else:
            assert (ours.to_numpy() == kept[name].to_numpy()).all(), name


def test_only_those_asked_for_are_followed(tmp_path: Path) -> None:
    write_encounters(load_world(**WORLD), tmp_path / "few.parquet", customers=7)
    assert 0 < len(set(pd.read_parquet(tmp_path / "few.parquet")["customer"]) | set(range(7))) == 7


def test_a_folder_that_is_not_there_gets_a_sentence_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be written"):
        write_encounters(load_world(**WORLD), tmp_path / "missing" / "all.parquet")
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_stopped_leaves_no_file(tmp_path: Path) -> None:
    def stop(days: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_encounters(load_world(**WORLD), tmp_path / "all.parquet", progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_writer_that_fails_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: _Rows, log: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_Rows, "add", full)
    with pytest.raises(ScenarioError, match="No space left"):
        write_encounters(load_world(**WORLD), tmp_path / "all.parquet")
    assert list(tmp_path.iterdir()) == []
