"""The ready shop is a plausible firm in a world that stands still: published ranges, and no drift after the warm-up."""

from pathlib import Path

import numpy as np
import pytest

import cxsim
from cxsim.engine.tally import JOURNEY_STATISTICS, TOUCHPOINT_STATISTICS
from cxsim.model import CustomerModel
from cxsim.results.result import Result

PARCEL = Path(__file__).parent.parent.parent / "scenarios" / "parcel.yaml"


@pytest.fixture(scope="module")
def result() -> Result:
    """Two replications of the shop."""
    return cxsim.simulate(PARCEL, replications=2)


@pytest.mark.parametrize(
    ("measure", "low", "high"),
    [
        ("poor_journey_rate", 0.12, 0.18),  # XMI Institute 2021 to 2024: 12 to 18 % of experiences
        ("poor_encounter_rate", 0.015, 0.045),
        ("nps_measured", 0.0, 50.0),  # Temkin Group 2018: industries from 0 to 39
        ("failure_demand_share", 0.4, 0.8),
        ("complaint_share", 0.05, 0.5),
        ("escalation_share", 0.01, 0.10),
        ("expectations_met_share", 0.4, 0.6),  # predictions are right on average once they are learned
    ],
)
def test_measures_lie_where_surveys_put_typical_firms(result: Result, measure: str, low: float, high: float) -> None:
    assert low <= result.estimate(measure).mean <= high


def test_those_who_were_lost_recommend_less(result: Result) -> None:
    runs = result.runs
    assert (runs["nps_all"] < runs["nps_measured"]).all()


def test_tenures_are_spread(result: Result) -> None:
    present = result.customers[result.customers["status"] == "active"]
    years = (result.scenario.days - present["joined_at"]) / 365
    low, middle, high = np.quantile(years, [0.1, 0.5, 0.9])
    assert low < 1.0
    assert 1.5 < middle < 3.5
    assert high > 5.0


@pytest.mark.slow
def test_nothing_drifts_after_the_warm_up_of_an_unchanging_world() -> None:
    """Two years after the warm-up: the first half year against the last, beyond what chance does."""
    scenario = cxsim.load(PARCEL, {"horizon": "730 days", "population.customers": 20_000,
                                   "population.newcomers": "6000 per year"})  # fmt: skip
    model = CustomerModel(scenario, threads=2)
    start = int(scenario.warm_up)
    levels = []
    for day in (start, start + 182, start + 365, start + 547, start + 730):
        while model.day < day:
            model.step()
        rows = model.world.customers[model.world.customers["status"] == 1]
        levels.append([rows[name].mean() for name in ("satisfaction", "predicted", "desired", "adequate", "goodwill")])
    drift = np.ptp(np.array(levels), axis=0)
    assert drift[0] < 0.012  # of -1 to 1: 0.6 points of 100 in two years
    assert np.all(drift[1:4] < 0.006)
    assert drift[4] < 0.02

    def rate(part: str, whole: str, first: int, last: int) -> float:
        days = model.world.journey_days[start + first : start + last].sum(axis=0)
        return float(days[JOURNEY_STATISTICS.index(part)] / days[JOURNEY_STATISTICS.index(whole)])

    for part, whole, most in (("poor_journeys", "journeys", 0.06), ("left", "journeys", 0.12)):
        early, late = rate(part, whole, 0, 365), rate(part, whole, 365, 730)
        assert abs(late / early - 1) < most, part
    gap, encounters = (
        model.world.stop_days[start:, :, TOUCHPOINT_STATISTICS.index(name)].sum(axis=1)
        for name in ("gap", "encounters")
    )
    early_gap, late_gap = (gap[part].sum() / encounters[part].sum() for part in (slice(0, 365), slice(365, None)))
    assert abs(late_gap - early_gap) < 0.001


@pytest.mark.slow
def test_without_a_past_the_same_world_drifts_for_years() -> None:
    scenario = cxsim.load(PARCEL, {"horizon": "730 days", "population.look_back": False})
    model = CustomerModel(scenario, threads=2)
    found = []
    for day in (int(scenario.warm_up), scenario.days):
        while model.day < day:
            model.step()
        rows = model.world.customers[model.world.customers["status"] == 1]
        found.append(rows["desired"].mean())
    assert found[1] - found[0] > 0.05
