"""Comparisons on common random numbers: what they say of equal, better and odd variants."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxsim.cli.save import save_comparison
from cxsim.results.measures import MEASURE, MEASURES, Estimate, estimate
from cxsim.results.result import load_result, write_scenario
from cxsim.scenario.errors import ScenarioError
from cxsim.scenario.schema import Scenario
from cxsim.studies.compare import Comparison, compare, named_variants, verdict
from cxsim.studies.simulate import simulate
from tests.worlds import load_world

QUEUES: dict[str, Any] = {
    "personas": {"everyone": {"journeys_per_year": "40 per year"}}, "desks.support.servers": 1,
    "desks.support.service": {"mean": "20 min", "sd": "15 min"}, "record.encounters": 0,
    "touchpoints.use.failure.probability": 0.2,
}  # fmt: skip
STAFF = {"desks.support.servers": 2}


@pytest.fixture(scope="module")
def base() -> Scenario:
    """A world whose one server has too much to do."""
    return load_world(**QUEUES)


@pytest.fixture(scope="module")
def found(base: Scenario) -> Comparison:
    """One more server, and a second copy of the baseline."""
    return compare(base, {"staff": STAFF, "same": base}, replications=12, seed=2)


def test_a_scenario_compared_with_itself_does_not_differ(found: Comparison) -> None:
    for measure in MEASURES:
        difference = found.difference("same", measure.name)
        if difference.n > 1:
            assert (difference.mean, difference.low, difference.high, difference.sd) == (0, 0, 0, 0), measure.name
            assert verdict(difference, measure.better) == "no difference"
    table = found.table.set_index(["variant", "measure"]).loc["same"]
    assert set(table["verdict"]) == {"no difference", "unknown"}
    assert (table["baseline"].fillna(-1) == table["value"].fillna(-1)).all()


def test_one_more_server_is_better_and_the_table_says_so(found: Comparison) -> None:
    table = found.table.set_index(["variant", "measure"]).loc["staff"]
    assert list(table.index) == [measure.name for measure in MEASURES]
    for name in ("wait_minutes_mean", "abandonment_rate", "service_level"):
        assert table.loc[name, "verdict"] == "better", name
    assert table.loc["occupancy", "verdict"] == "changed"
    assert table.loc["switched_after_poor", "verdict"] == "unknown"  # needs three years
    waits = table.loc["wait_minutes_mean"]
    assert waits["difference"] == pytest.approx(waits["value"] - waits["baseline"])
    assert waits["low"] < waits["difference"] < waits["high"] < 0


def test_common_luck_narrows_the_interval(base: Scenario, found: Comparison) -> None:
    """Measured with these seeds: 6.4 times for satisfaction, 13 for goals reached, 3.6 for poor journeys."""
    apart = simulate(found.results["staff"].scenario, replications=12, seed=99).runs
    alone = found.results[found.baseline].runs
    narrower = {}
    for name in ("satisfaction", "goal_reached_rate", "poor_journey_rate"):
        paired, luck = found.difference("staff", name), estimate((apart[name] - alone[name]).tolist())
        narrower[name] = (luck.high - luck.low) / (paired.high - paired.low)
    assert min(narrower.values()) > 1.5, narrower
    assert narrower["satisfaction"] > 2.5, narrower  # at equal precision: more than 6 times fewer runs


def test_runs_saved_is_the_ratio_of_variances(found: Comparison) -> None:
    left, right = (found.results[name].runs["satisfaction"] for name in (found.baseline, "staff"))
    ratio = (left.var() + right.var()) / (right - left).var()
    assert found.runs_saved("staff", "satisfaction") == pytest.approx(ratio)
    assert ratio > 2
    assert math.isnan(found.runs_saved("same", "satisfaction"))  # no difference: no ratio
    once = compare(found.results[found.baseline].scenario, {"staff": STAFF}, replications=1)
    assert math.isnan(once.runs_saved("staff", "satisfaction"))
    assert set(once.table["verdict"]) == {"unknown"}


@pytest.mark.parametrize(
    ("mean", "low", "high", "better", "told"),
    [
        (1, 0.5, 1.5, "higher", "better"), (1, 0.5, 1.5, "lower", "worse"), (-1, -1.5, -0.5, "lower", "better"),
        (-1, -1.5, -0.5, "higher", "worse"), (1, 0.5, 1.5, "neither", "changed"),
        (1, -0.5, 2.5, "higher", "no clear difference"), (1, 0, 2, "higher", "no clear difference"),
        (math.nan, math.nan, math.nan, "higher", "unknown"), (1, math.nan, math.nan, "higher", "unknown"),
    ],
)  # fmt: skip
def test_verdicts(mean: float, low: float, high: float, better: str, told: str) -> None:
    assert verdict(Estimate(mean, low, high, 1.0, 3), better) == told


def test_chance_best_adds_up(found: Comparison) -> None:
    for measure in MEASURES:
        chances = found.chance_best(measure.name)
        # unknown here: switching needs three years; joining, and leaving after the first poor journey, newcomers
        if measure.better == "neither" or found.results["staff"].runs[measure.name].isna().all():
            assert chances == {}
        else:
            assert sum(chances.values()) == pytest.approx(1.0), measure.name
            assert list(chances) == ["small", "staff", "same"]
            assert chances["small"] == chances["same"]  # ties are shared
    assert found.chance_best("wait_minutes_mean") == {"small": 0, "staff": 1, "same": 0}  # lower is better
    assert found.chance_best("service_level")["staff"] == 1  # higher is better


def test_variants_by_mapping_file_and_scenario_are_one_and_the_same(base: Scenario, tmp_path: Path) -> None:
    other = load_world(**{**QUEUES, **STAFF})
    write_scenario(other, tmp_path / "other.yaml")
    ways = {"mapping": STAFF, "scenario": other, "file": tmp_path / "other.yaml", "text": str(tmp_path / "other.yaml"),
            "data": other.document()}  # fmt: skip
    named = named_variants(base, ways)
    assert list(named) == ["small", *ways]
    assert {named[name].digest() for name in ways} == {other.digest()}
    assert named["small"] is base


def test_names_are_kept_apart(base: Scenario, tmp_path: Path) -> None:
    write_scenario(base, tmp_path / "a.yaml")
    named = named_variants(base, [STAFF, tmp_path / "a.yaml", base])
    assert len(named) == 4
    assert next(iter(named)) == "small"
    assert [scenario.desks["support"].servers for scenario in named.values()] == [1, 2, 1, 1]
    assert len(named_variants(base, {"small": STAFF})) == 2


def test_nothing_to_compare_and_unknown_names_give_sentences(base: Scenario, found: Comparison) -> None:
    for nothing in ({}, []):
        with pytest.raises(ScenarioError, match="nothing to compare with"):
            compare(base, nothing, replications=1)
    with pytest.raises(ScenarioError, match="did you mean 'satisfaction'"):
        found.difference("staff", "satisfacton")
    with pytest.raises(ScenarioError, match="did you mean 'nps_all'"):
        found.chance_best("nps_al")
    with pytest.raises(ScenarioError, match="no variant 'staf'; did you mean 'staff'"):
        found.difference("staf", "satisfaction")
    with pytest.raises(ScenarioError, match="unknown key"):
        compare(base, {"odd": {"desks.support.sevrers": 2}}, replications=1)
    for seed in (-1, 2**63):
        with pytest.raises(ScenarioError, match="allowed: a whole number from 0"):
            simulate(base, replications=1, seed=seed)


def test_the_same_whatever_the_jobs_and_saved_without_loss(base: Scenario, tmp_path: Path) -> None:
    first, second = (compare(base, {"staff": STAFF}, replications=2, seed=7, jobs=jobs) for jobs in (1, 2))
    pd.testing.assert_frame_equal(first.table, second.table, check_exact=True)
    save_comparison(first, tmp_path / "out", overwrite=False)
    kept = pd.read_parquet(tmp_path / "out" / "differences.parquet")
    pd.testing.assert_frame_equal(kept, first.table, check_exact=True)
    for number, result in enumerate(first.results.values()):
        loaded = load_result(tmp_path / "out" / f"{number}-small")
        assert np.array_equal(loaded.runs["satisfaction"], result.runs["satisfaction"])
    save_comparison(second, tmp_path / "out", overwrite=True)
    (tmp_path / "out" / "my notes.txt").write_text("precious")
    for overwrite in (False, True):
        with pytest.raises(ScenarioError):
            save_comparison(first, tmp_path / "out", overwrite=overwrite)
    assert (tmp_path / "out" / "my notes.txt").read_text() == "precious"
    assert MEASURE["satisfaction"].label in (tmp_path / "out" / "differences.csv").read_text()
