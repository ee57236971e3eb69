"""The ready scenarios: they load, hang together, and do what their files say of themselves."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxsim.engine.columns import ACTIVE, PROSPECT
from cxsim.engine.tally import DESK_STATISTICS, JOURNEY_STATISTICS
from cxsim.model import CustomerModel
from cxsim.results.result import Result, write_scenario
from cxsim.scenario.loading import load
from cxsim.scenario.ready import find_scenario, ready_scenarios
from cxsim.studies.simulate import simulate

NAMES = ("callcentre", "consumer", "consumer_calibrated", "parcel", "workshop")
NOBODY_LEAVES = {"rules.leave_base": -30.0}
GRACE_DAYS = 1.0


def test_these_are_the_ready_scenarios() -> None:
    assert tuple(ready_scenarios()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_it_loads_by_name_and_by_file_and_round_trips(name: str, tmp_path: Path) -> None:
    scenario = load(find_scenario(name))
    assert scenario.name == name
    assert scenario.title
    assert "assumption" in find_scenario(name).read_text() or "none is data" in scenario.description
    assert load(find_scenario(f"scenarios/{name}.yaml")) == scenario
    write_scenario(scenario, tmp_path / "full.yaml")
    again = load(tmp_path / "full.yaml")
    assert again == scenario
    assert again.digest() == scenario.digest()


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_and_loses_nobody(name: str) -> None:
    brief = {"horizon": "30 days", "warm_up": "10 days", "population.customers": 2000}
    model = CustomerModel(load(find_scenario(name), brief), rng=7).run()
    world, scenario = model.world, model.scenario
    desks = pd.DataFrame(world.desk_days.sum(axis=0), columns=list(DESK_STATISTICS), index=list(scenario.desks))
    queued = [int(world.state[0].desks[number].queued) for number in range(len(desks))]
    assert desks["arrivals"].min() > 100
    assert (desks["arrivals"] == desks["served"] + desks["gave_up"] + desks["turned_away"] + queued).all()
    journeys = dict(zip(JOURNEY_STATISTICS, world.journey_days.sum(axis=0).tolist(), strict=True))
    count = np.bincount(world.customers["status"], minlength=5)
    assert journeys["journeys_begun"] > 100
    assert 2000 + journeys["joined"] == len(world.customers) - count[PROSPECT]
    gone = journeys["left"] + journeys["drifted"] + journeys["ended"]
    assert count[ACTIVE] == 2000 + journeys["joined"] - gone


@pytest.fixture(scope="module")
def shop() -> Result:
    """The shop as it is, one replication."""
    return simulate(load(find_scenario("parcel")), replications=1)


def test_the_shop_is_a_typical_consumer_firm(shop: Result) -> None:
    found = shop.measures["mean"]
    assert 0.10 < found["poor_journey_rate"] < 0.20
    assert -5 < found["nps_measured"] < 50
    assert 0.06 < 1 - found["on_time_rate"] < 0.08
    assert found["nps_all"] < found["nps_measured"]  # those who stayed hide those who left


@pytest.fixture(scope="module")
def parcels() -> pd.DataFrame:
    """Parcels that arrived, of orders long enough before the end for all to arrive, where nobody leaves meanwhile."""
    few: dict[str, Any] = {"population.customers": 4000, "record.encounters": 4000, **NOBODY_LEAVES}
    scenario = load(find_scenario("parcel"), few)
    log = simulate(scenario, replications=1).encounters
    log = log[(log["event"] == "encounter") & log["days"].notna()]
    return log[log["day"] - log["days"] < scenario.horizon - 90]


def test_lead_times_are_those_that_were_fitted(parcels: pd.DataFrame) -> None:
    """Figures as printed by tools/fit_ready_scenarios.py under "simulated"; about 35,000 parcels."""
    days, promised = parcels["days"], parcels["promised_days"]
    assert len(parcels) > 30_000
    assert days.mean() == pytest.approx(12.54, rel=0.015)
    assert days.std() == pytest.approx(9.36, rel=0.04)
    assert promised.mean() == pytest.approx(23.74, rel=0.01)
    assert promised.std() == pytest.approx(8.89, rel=0.02)
    quantiles = days.quantile([0.05, 0.25, 0.50, 0.75, 0.95, 0.99])
    assert quantiles.tolist() == pytest.approx([3.527, 6.542, 10.09, 15.66, 29.71, 46.8], rel=0.03)
    late = days - promised >= GRACE_DAYS
    assert late.mean() == pytest.approx(0.0697, abs=0.004)
    assert (days - promised)[late].median() == pytest.approx(5.5, abs=1.0)  # 5 whole days
    assert np.corrcoef(np.log(promised), np.log(days))[0, 1] == pytest.approx(0.504, abs=0.02)


def test_lead_times_are_near_those_observed(parcels: pd.DataFrame) -> None:
    """Olist: mean 12.5 and sd 9.2 days, 3.0 to 30.0 from 5 % to 95 %, 7.1 % late; the short tail is fitted least."""
    days = parcels["days"]
    assert (days.mean(), days.std()) == pytest.approx((12.53, 9.23), rel=0.04)
    assert days.quantile(0.95) == pytest.approx(29.96, rel=0.04)
    assert days.quantile(0.05) == pytest.approx(2.98, rel=0.25)
    assert (days - parcels["promised_days"] >= GRACE_DAYS).mean() == pytest.approx(0.0706, abs=0.005)


def test_tallies_of_the_shop_agree_with_its_log(shop: Result) -> None:
    delivery = shop.touchpoints.set_index("touchpoint").loc["delivery"]
    assert delivery["delivery_days"] / delivery["deliveries"] == pytest.approx(12.54, rel=0.03)
    assert delivery["promised_days"] / delivery["deliveries"] == pytest.approx(23.74, rel=0.01)
    assert delivery["deliveries"] - delivery["on_time"] <= delivery["overdue_noticed"] + 60  # those still out at first


def test_the_call_centre_is_near_the_observed_one() -> None:
    """Observed over 236,180 calls: .155 gave up, 59.9 s mean wait, .464 answered within 20 s.

    One replication of ten months is within a tenth of each. It waits a little less than the bank did (as does the
    fit's own simulation), for the bank's staffing varied more from day to day than its hourly means show.
    """
    found = simulate(load(find_scenario("callcentre")), replications=1).measures["mean"]
    assert found["abandonment_rate"] == pytest.approx(0.155, rel=0.10)
    assert 60 * found["wait_minutes_mean"] == pytest.approx(59.9, rel=0.10)
    assert found["service_level"] == pytest.approx(0.464, rel=0.10)


def test_the_workshop_is_vivid_enough_for_a_room() -> None:
    result = simulate(load(find_scenario("workshop")), replications=4)
    found = result.measures["mean"]
    assert 0.02 < found["abandonment_rate"] < 0.5  # some give up at the counter
    assert 0.5 < found["on_time_rate"] < 0.98
    assert len(result.lost) > 0
    assert result.runs["seconds"].mean() < 5
