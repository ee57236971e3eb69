"""Followed customers: the very world of the result, counted as the engine counts."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from cxsim.instruments.sample import mean_of, take_sample
from cxsim.scenario.values import DIMENSIONS
from tests.instruments.lived import angry, lived, ready, still


def test_following_everybody_gives_what_the_engine_counted() -> None:
    result = angry()
    seen = take_sample(result, 10_000)
    counted = result.touchpoints[result.touchpoints["replication"] == 0].set_index("touchpoint")
    met = seen.encounters.groupby("touchpoint")
    for name, row in counted.iterrows():
        if row["encounters"] == 0:
            continue
        here = met.get_group(name)
        assert len(here) == row["encounters"]
        assert here["is_poor"].sum() == row["poor"]
        assert math.isclose((here["got"] - here["expected"]).sum(), row["gap"], abs_tol=1e-6)
        assert math.isclose(here["wanted"].sum(), row["desired"], rel_tol=1e-9)
        assert (here["got"] > here["wanted"]).sum() == row["delighted"]


def test_journeys_are_those_of_the_result() -> None:
    result = angry()
    journeys = take_sample(result, 10_000).journeys
    first = result.runs.iloc[0]
    assert math.isclose((journeys["kind"] == "poor").mean(), first["poor_journey_rate"])
    days = result.days[(result.days["replication"] == 0) & (result.days["day"] >= 0)]
    assert len(journeys) == days["journeys"].sum()


def test_what_is_remembered_and_told_is_what_the_engine_does() -> None:
    """Expected tellings agree with those counted, as chance allows."""
    result = lived(**{"population.customers": 1500, "market.network.ties": 8})
    journeys = take_sample(result, 10_000).journeys
    days = result.days[(result.days["replication"] == 0) & (result.days["day"] >= 0)]
    told = days["told_good"].sum() + days["told_bad"].sum()
    expected = 8 * journeys["telling"].sum()
    assert abs(told - expected) < 6 * math.sqrt(expected)
    bad = 8 * journeys[journeys["remembered"] < 0]["telling"].sum()
    assert abs(days["told_bad"].sum() - bad) < 6 * math.sqrt(bad) + 2


def test_newcomers_are_among_those_followed() -> None:
    seen = take_sample(ready("parcel"), 50)
    assert seen.encounters["customer"].max() >= ready("parcel").scenario.population.customers
    assert seen.encounters["early"].any()


def test_weights_sum_to_one_and_phases_are_known() -> None:
    rows = take_sample(ready("workshop"), 100).encounters
    assert np.allclose(rows[[f"weight_{name}" for name in DIMENSIONS]].sum(axis=1), 1.0)
    assert rows["phase"].notna().all()
    assert (rows["day"] >= 0).all()


def test_nobody_lives_anything() -> None:
    seen = take_sample(still())
    assert seen.encounters.empty
    assert seen.journeys.empty
    assert "No customer" in seen.about


def test_interval_takes_customers_as_independent() -> None:
    rows = pd.DataFrame({"customer": [0, 0, 1, 1], "value": [1.0, 1.0, 0.0, 0.0]})
    found = mean_of(rows, rows["value"])
    assert found.mean == 0.5
    assert found.n == 2
    doubled = pd.concat([rows, rows])
    assert math.isclose(mean_of(doubled, doubled["value"]).low, found.low), "the same told twice is no new evidence"
    alone = rows[rows["customer"] == 0]
    assert math.isnan(mean_of(alone, alone["value"]).low)
    assert math.isnan(mean_of(rows[:0], rows[:0]["value"]).mean)


def test_interval_covers_the_mean_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    inside = 0
    for _ in range(300):
        customers = np.repeat(np.arange(40), 5)
        values = rng.normal(0, 1, 40)[customers] + rng.normal(0, 1, 200)
        rows = pd.DataFrame({"customer": customers, "value": values})
        found = mean_of(rows, rows["value"])
        inside += found.low <= 0 <= found.high
    assert inside / 300 == pytest.approx(0.95, abs=0.04)
