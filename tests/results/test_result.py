"""Results: tables that agree with each other, saved and loaded without loss."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from cxsim.engine.columns import REASONS
from cxsim.results.folders import is_result
from cxsim.results.measures import CONTROLS, MEASURES
from cxsim.results.result import Result, load_result
from cxsim.results.tables import TABLES
from cxsim.scenario.errors import ScenarioError
from cxsim.studies.simulate import simulate
from tests.worlds import load_world

BUSY: dict[str, Any] = {
    "personas": {"everyone": {"journeys_per_year": "40 per year"}}, "desks.support.servers": 1,
    "population.newcomers": "300 per year", "rules": {"leave_base": -1.0}, "record.encounters": 20,
}  # fmt: skip


@pytest.fixture(scope="module")
def result() -> Result:
    """Two replications of a busy small world in which some leave."""
    return simulate(load_world(**BUSY), replications=2, seed=3, jobs=1)


@pytest.fixture
def saved(result: Result, tmp_path: Path) -> Path:
    return result.save(tmp_path / "there")


def assert_same_tables(first: Result, second: Result, but: tuple[str, ...] = ()) -> None:
    for name in TABLES:
        left, right = (found.table(name).drop(columns=list(but), errors="ignore") for found in (first, second))
        assert_frame_equal(left, right, check_exact=True, obj=name)


def test_saving_and_loading_loses_nothing(result: Result, saved: Path) -> None:
    loaded = load_result(saved)
    assert_same_tables(result, loaded)
    assert loaded.scenario == result.scenario
    assert loaded.summary() == result.summary()
    assert (loaded.seed, loaded.versions, loaded.replications) == (result.seed, result.versions, 2)
    assert_frame_equal(loaded.measures, result.measures, check_exact=True)
    assert loaded.story(5) == result.story(5)


def test_a_result_that_keeps_little_round_trips_too(tmp_path: Path) -> None:
    world = {"record.encounters": 0, "record.customers": "none", "personas": {"everyone": {"journeys_per_year": 0}}}
    bare = simulate(load_world(**world), replications=1)
    loaded = load_result(bare.save(tmp_path / "bare"))
    assert_same_tables(bare, loaded)
    assert loaded.summary() == bare.summary()
    assert len(loaded.encounters) == len(loaded.customers) == len(loaded.lost) == 0
    assert "nan" not in (tmp_path / "bare" / "README.md").read_text()


def test_an_existing_folder_is_replaced_only_on_request(result: Result, saved: Path) -> None:
    before = (saved / "runs.parquet").read_bytes()
    with pytest.raises(ScenarioError, match="exists already"):
        result.save(saved)
    assert (saved / "runs.parquet").read_bytes() == before
    other = simulate(load_world(), replications=1)
    other.save(saved, overwrite=True)
    assert load_result(saved).summary() == other.summary()
    assert [entry.name for entry in saved.parent.iterdir()] == ["there"]


@pytest.mark.parametrize("content", ["notes.txt", "summary.json"])
def test_a_folder_that_is_no_result_is_never_deleted(result: Result, tmp_path: Path, content: str) -> None:
    folder = tmp_path / "precious"
    (folder / "sub").mkdir(parents=True)
    (folder / content).write_text("precious")
    with pytest.raises(ScenarioError, match="holds something else"):
        result.save(folder, overwrite=True)
    assert (folder / content).read_text() == "precious"
    assert (folder / "sub").is_dir()


def test_a_result_with_a_strangers_file_in_it_is_not_deleted(result: Result, saved: Path) -> None:
    assert is_result(saved)
    (saved / "my notes.txt").write_text("precious")
    with pytest.raises(ScenarioError, match="holds something else"):
        result.save(saved, overwrite=True)
    assert (saved / "my notes.txt").read_text() == "precious"


def test_a_file_in_the_way_gives_a_sentence(result: Result, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    for target in (tmp_path / "file", tmp_path / "file" / "below" / "deep"):
        with pytest.raises(ScenarioError):
            result.save(target, overwrite=True)
    assert (tmp_path / "file").read_text() == "precious"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("is_there", [False, True])
def test_a_disk_that_fills_up_leaves_what_was_there(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    if is_there:
        result.save(tmp_path / "out")
    write = pd.DataFrame.to_parquet

    def fails(table: pd.DataFrame, path: Path, **options: Any) -> None:
        if path.stem == "drivers":
            raise OSError(28, "No space left on device")
        write(table, path, **options)

    monkeypatch.setattr(pd.DataFrame, "to_parquet", fails)
    with pytest.raises(ScenarioError, match="No space left on device"):
        result.save(tmp_path / "out", overwrite=is_there)
    assert [entry.name for entry in tmp_path.iterdir()] == (["out"] if is_there else [])
    if is_there:
        assert load_result(tmp_path / "out").summary() == result.summary()


@pytest.mark.parametrize("lacking", ["summary.json", "scenario.yaml", *(f"{name}.parquet" for name in TABLES)])
@pytest.mark.parametrize("how", ["removed", "cut", "emptied"])
def test_a_half_copied_folder_gives_a_sentence(saved: Path, lacking: str, how: str) -> None:
    file = saved / lacking
    content = file.read_bytes()
    file.unlink()
    if how != "removed":
        file.write_bytes(content[: len(content) // 3] if how == "cut" else b"")
    with pytest.raises(ScenarioError) as told:
        load_result(saved)
    assert len(told.value.problems) >= 1
    assert "Errno" not in str(told.value)


def test_a_folder_of_something_else_gives_a_sentence(tmp_path: Path) -> None:
    for text in ("[]", "{}", '{"seed": null}', "3"):
        (tmp_path / "summary.json").write_text(text)
        with pytest.raises(ScenarioError, match="no complete result"):
            load_result(tmp_path)
    shutil.rmtree(tmp_path)
    with pytest.raises(ScenarioError, match=r"summary\.json: No such file"):
        load_result(tmp_path)


def test_tables_agree_with_each_other(result: Result) -> None:
    days, stops, runs = result.days, result.touchpoints.groupby("replication"), result.runs.set_index("replication")
    assert (days["day"].min(), days["day"].max()) == (-10, 59)
    measured, desks = days[days["day"] >= 0].groupby("replication"), result.desks.groupby("replication")
    encounters = stops["encounters"].sum()
    assert encounters.min() > 1000
    assert encounters.tolist() == measured["encounters"].sum().tolist()
    assert stops["poor"].sum().tolist() == measured["encounter_poor"].sum().tolist()
    assert desks["arrivals"].sum().tolist() == measured["desk_arrivals"].sum().tolist()
    np.testing.assert_allclose(runs["expectation_gap"], measured["encounter_gap"].sum() / encounters, rtol=1e-9)
    np.testing.assert_allclose(runs["poor_encounter_rate"], stops["poor"].sum() / encounters)
    np.testing.assert_allclose(runs["poor_journey_rate"], measured["poor_journeys"].sum() / measured["journeys"].sum())
    np.testing.assert_allclose(runs["wait_minutes_mean"], desks["wait_minutes"].sum() / desks["arrivals"].sum())
    np.testing.assert_allclose(runs["defection_rate"], 365 * measured["left"].sum() / measured["present"].sum())
    last = days.groupby("replication").last()
    assert last["present"].tolist() == runs["customers_present"].tolist()
    np.testing.assert_allclose(last["satisfaction"], runs["satisfaction"])
    left = measured["left"].sum()
    assert left.min() > 5
    straws = result.blame.groupby("replication")["last_straws"].sum()
    assert result.lost.groupby("replication").size().tolist() == left.tolist() == straws.tolist()
    assert result.blame.groupby("replication")["poor"].sum().tolist() == stops["poor"].sum().tolist()
    customers = result.customers
    assert set(customers["replication"]) == {0}
    assert (customers["status"] == "active").sum() == runs["customers_present"][0]
    kept = customers[customers["status"] == "active"]["satisfaction"]
    assert 50 + 50 * kept.mean() == pytest.approx(runs["satisfaction"][0])


def test_shares_are_shares(result: Result) -> None:
    of_a_spread = [f"{control}_share" for control in CONTROLS]  # covariances: they sum to 1, one may be below 0
    for measure in MEASURES:
        if measure.unit == "share" and measure.name not in ("switched_after_poor", *of_a_spread):
            assert result.runs[measure.name].dropna().between(0, 1).all(), measure.name
    np.testing.assert_allclose(result.runs[of_a_spread].sum(axis=1), 1.0, rtol=1e-9)


def test_drivers_add_up_to_the_whole(result: Result) -> None:
    stops = result.drivers[result.drivers["by"] == "touchpoint"]
    reasons = result.drivers[result.drivers["by"] == "reason"]
    total = result.touchpoints[["gap", "encounters"]].sum()
    assert stops["gap"].sum() == pytest.approx(total["gap"] / total["encounters"], rel=1e-9)
    one = simulate(result.scenario, replications=1, seed=3)
    parts = one.drivers[one.drivers["by"] == "touchpoint"]["gap"].sum()
    assert parts == pytest.approx(one.runs["expectation_gap"][0], rel=1e-9)
    for table in (stops, reasons):
        assert table["irritation_share"].sum() == pytest.approx(1.0, rel=1e-5)
        assert table["last_straw_share"].sum() == pytest.approx(1.0)
    assert stops["contacts_share"].sum() == pytest.approx(1.0)


def test_whoever_left_says_why(result: Result) -> None:
    lost, stops = result.lost, list(result.scenario.touchpoints)
    assert lost["last_straw_origin"].isin(stops).all()
    assert lost["last_straw_reason"].isin(REASONS).all()
    assert (lost["competitor"] != "").all()
    for kind, keys in (("origin", stops), ("reason", REASONS)):
        shares = lost[[f"{kind}_share_{key}" for key in keys]]
        assert (shares >= 0).all().all()
        np.testing.assert_allclose(shares.sum(axis=1), lost["irritation"] > 0, rtol=1e-5)  # some leave without any


def test_jobs_change_nothing_and_seeds_do(result: Result) -> None:
    assert_same_tables(result, simulate(result.scenario, replications=2, seed=3, jobs=2), but=("seconds",))
    other = simulate(result.scenario, replications=2, seed=4)
    same = [name for name in TABLES if name != "runs" and result.table(name).equals(other.table(name))]
    assert same == []
    first, second = result.runs["satisfaction"]
    assert first != second
