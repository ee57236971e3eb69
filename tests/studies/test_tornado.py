"""One lever at a time: differences as `compare` has them, ranked by the larger end."""

from __future__ import annotations

from pathlib import Path

import pytest

import cxsim
from cxsim.scenario.ready import find_scenario
from cxsim.studies.experiment import Experiment
from cxsim.studies.experiment_files import Loaded
from cxsim.studies.tornado import Tornado, tornado

LEVERS = {
    "servers": {"path": "desks.counter.servers", "low": 1, "high": 2},
    "tracking": {"path": "company.tracking", "low": 0.0, "high": 0.4},
    "promised": {"path": "touchpoints.repair.promise.mean", "low": 2, "high": 4, "unit": "days"},
}


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    world = cxsim.load(find_scenario("workshop"), {"population.customers": 100, "horizon": "60 days"})
    asked = {"name": "small", "scenario": "workshop", "levers": LEVERS, "outcomes": ["satisfaction",
             "wait_minutes_mean", "switched_after_poor"]}  # fmt: skip
    return Loaded(Experiment.model_validate(asked), world, Path(), {(): ("", 0)})


@pytest.fixture(scope="module")
def found(loaded: Loaded) -> Tornado:
    return tornado(loaded, replications=2, jobs=1)


def test_ends_where_the_scenario_stands_are_not_run_again(found: Tornado) -> None:
    ends = found.ranking("satisfaction")[["input", "end", "value"]]
    assert {tuple(row) for row in ends.itertuples(index=False)} == {
        ("servers", "high", 2.0), ("tracking", "high", 0.4), ("promised", "low", 2.0), ("promised", "high", 4.0),
    }  # fmt: skip


def test_differences_are_those_of_compare(found: Tornado, loaded: Loaded) -> None:
    variants = {"two": {"desks.counter.servers": 2}, "late": {"touchpoints.repair.promise.mean": "4 days"}}
    compared = cxsim.compare(loaded.scenario, variants, replications=2)
    rows = found.ranking("wait_minutes_mean").set_index(["input", "end"])
    for name, key in (("two", ("servers", "high")), ("late", ("promised", "high"))):
        difference = compared.difference(name, "wait_minutes_mean")
        row = rows.loc[key]
        assert (row["difference"], row["difference_low"]) == pytest.approx((difference.mean, difference.low))


def test_the_lever_that_moves_most_comes_first(found: Tornado) -> None:
    waits = found.ranking("wait_minutes_mean")
    assert waits.iloc[0]["input"] == "servers"
    sizes = waits["difference"].abs().groupby(waits["input"], sort=False).max().to_list()
    assert sizes == sorted(sizes, reverse=True)
    assert found.ranking("switched_after_poor")["difference"].isna().all()  # needs three years
