"""Regions: what is merged is what one sum over all customers would be, in any order of work."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

import cxsim
from cxsim.results.measures import MEASURES
from cxsim.results.run import Run
from cxsim.scenario.schema import Scenario
from cxsim.studies.regions import _RULES, _WEIGHTED, live_region, merged, region_seed, simulate_regions, split
from cxsim.studies.simulate import live_once
from tests.cli.program import inside
from tests.worlds import load_world


@pytest.fixture(scope="module")
def firm() -> Scenario:
    shifts = [{"hours": "8-10", "servers": [4, 8]}, {"hours": "10-18"}]
    people = {"population.customers": 402, "population.newcomers": "80 per year"}
    return load_world(**people, **{"desks.support.servers": 4, "desks.support.shifts": shifts})


def test_split_shares_out_customers_newcomers_and_servers(firm: Scenario) -> None:
    worlds = split(firm, 4)
    assert [world.population.customers for world in worlds] == [101, 101, 100, 100]
    assert {world.population.newcomers for world in worlds} == {20}
    assert {world.desks["support"].servers for world in worlds} == {1}
    assert worlds[0].desks["support"].shifts[0].servers == [1, 2]
    assert worlds[0].desks["support"].shifts[1].servers is None
    assert worlds[0].touchpoints == firm.touchpoints
    assert (
        len({region_seed(1, region) for region in range(1000)} | {region_seed(2, region) for region in range(1000)})
        == 2000
    )


def test_every_field_of_a_run_has_its_way_of_merging() -> None:
    assert {field.name for field in dataclasses.fields(Run)} <= {*_RULES, *_WEIGHTED}


def test_merged_measures_are_those_of_all_customers_together(firm: Scenario) -> None:
    """Two regions with all their customers kept: the merged run agrees with figures from the customers themselves."""
    worlds = [cxsim.load(world, {"record.customers": "all"}) for world in split(firm, 2)]
    runs = [live_once(world, region_seed(3, region), 0) for region, world in enumerate(worlds)]
    parts = [live_region(world, 3, region, 0, True) for region, world in enumerate(worlds)]
    total = merged(*parts)
    active, scores = [], []
    for run in runs:
        assert run.customers is not None
        there = run.customers["status"] == "active"
        active.append(run.customers["satisfaction"][there])
        scores.append(run.customers["recommendation"][there])
    satisfaction, answers = np.concatenate(active), np.concatenate(scores)
    assert total.run.people.satisfaction == pytest.approx(satisfaction.mean())
    assert total.run.people.nps_measured == pytest.approx(100 * ((answers >= 9).mean() - (answers <= 6).mean()))
    assert total.run.people.present == len(answers)
    for statistic in ("journeys", "poor_journeys", "left", "revenue"):
        assert total.run.journey(statistic) == pytest.approx(sum(run.journey(statistic) for run in runs))
    assert total.run.profit == pytest.approx(sum(run.profit for run in runs))
    assert total.run.events == sum(run.events for run in runs)
    assert total.run.waits.sum() == sum(run.waits.sum() for run in runs)
    assert total.run.lost is not None
    assert np.unique(total.run.lost["region"]).tolist() in ([0, 1], [0], [1])
    for measure in MEASURES:  # every one can be computed of the whole
        float(measure.compute(total.run))
    three = split(firm, 3)
    a, b, c = (live_region(world, 3, region, 0, False) for region, world in enumerate(three))
    left, right = merged(merged(a, b), c), merged(a, merged(b, c))
    for measure in MEASURES:
        assert measure.compute(left.run) == pytest.approx(measure.compute(right.run), nan_ok=True), measure.name


def test_regions_are_the_same_whatever_the_jobs(firm: Scenario) -> None:
    first = simulate_regions(firm, 4, replications=2, jobs=1)
    second = simulate_regions(firm, 4, replications=2, jobs=2)
    assert first.runs.drop(columns="seconds").equals(second.runs.drop(columns="seconds"))
    assert first.lost.equals(second.lost)
    assert first.replications == 2
    other = simulate_regions(firm, 4, replications=2, seed=9, jobs=1)
    assert not other.runs["satisfaction"].equals(first.runs["satisfaction"])


@pytest.mark.slow
def test_four_regions_do_as_one_firm_of_their_size_does() -> None:
    """Four regions, each as large as the small world, give its measures within the interval of the difference."""
    one = load_world(**{"population.customers": 1000, "record.customers": "none"})
    four = load_world(**{"population.customers": 4000, "desks.support.servers": 8, "record.customers": "none"})
    alone = cxsim.simulate(one, replications=32, seed=5)
    regions = simulate_regions(four, 4, replications=8, seed=6)
    for name in ("satisfaction", "poor_journey_rate", "abandonment_rate", "defection_rate", "profit_per_customer"):
        left, right = alone.estimate(name), regions.estimate(name)
        error = (left.sd**2 / left.n + right.sd**2 / right.n) ** 0.5
        assert abs(left.mean - right.mean) < 3.5 * error, name


def test_what_cannot_be_split_is_told(firm: Scenario, tmp_path: Path) -> None:
    for regions, sentence in ((403, "read 403; allowed: 1 to 402"), (9, "8 servers are too few for 9 regions")):
        with pytest.raises(cxsim.ScenarioError, match=sentence):
            split(firm, regions)
    hired = cxsim.load(firm, {"interventions.hire": {"at": "5 days", "set": {"desks.support.servers": 6}}})
    with pytest.raises(cxsim.ScenarioError, match="changes servers, which the regions share out"):
        split(hired, 2)
    brief = ["--set", "population.customers=60", "--set", "horizon=20 days", "--set", "warm_up=5 days", "--jobs", "1"]
    done = inside("run", "workshop", "--regions", "2", *brief, cwd=tmp_path, code=2)
    assert "desks.counter.servers: 1 servers are too few for 2 regions" in done.stderr
    done = inside("run", "workshop", "--regions", "2", *brief, "--set", "desks.counter.servers=2", "--json", "--quiet",
                  "--replications", "1", cwd=tmp_path)  # fmt: skip
    assert json.loads(done.stdout)["customers"] == 60
