"""Whereabouts of followed customers: exactly those of the event log, and movement only where the convention has it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxsim.results.result import Result
from cxsim.results.tracks import (
    AT,
    AWAY,
    GONE,
    LEFT,
    MOMENTS,
    PARCEL,
    QUEUE,
    SECONDS_PER_DAY,
    SERVED,
    Tracks,
    followed_customers,
    position,
    tracks_of,
)  # fmt: skip
from cxsim.rules.waiting import MOODS
from cxsim.scenario.errors import ScenarioError
from cxsim.studies.simulate import simulate
from tests.results.test_story import HARSH
from tests.worlds import load_world

STOPS = ("advert", "site", "delivery", "use", "billing", "support")


@pytest.fixture(scope="module")
def result() -> Result:
    """A world of late parcels and long queues, everybody followed."""
    return simulate(load_world(**HARSH), replications=1, seed=5)


@pytest.fixture(scope="module")
def tracks(result: Result) -> Tracks:
    return tracks_of(result)


def measured(result: Result, *events: str) -> pd.DataFrame:
    """Entries after the warm-up, with the instant they were lived at in whole seconds."""
    log = result.encounters
    seconds = np.round(log["day"] * SECONDS_PER_DAY).astype(int)
    log = log.assign(at=seconds.groupby(log["customer"]).cummax())
    log["joined"] = log["at"].where(log["event"] == "queue_joined").groupby(log["customer"]).ffill()
    log["next"] = log.groupby("customer")["at"].shift(-1)
    return log[(log["day"] > 0.01) & log["event"].isin(events)]


def at(tracks: Tracks, customer: int, seconds: float, glide: float = 0.0) -> tuple[int, str]:
    """State and touchpoint of one who is on no way."""
    found = position(tracks, customer, seconds, glide)
    assert found.state == found.to_state, "on the way"
    return found.state, tracks.stops[found.stop] if found.stop >= 0 else ""


def test_everybody_followed_is_there(result: Result, tracks: Tracks) -> None:
    assert tracks.stops == STOPS
    assert tracks.numbers.tolist() == followed_customers(result).tolist()
    assert set(tracks.numbers) == set(result.customers["customer"][result.customers["customer"] < 300])
    assert (np.diff(tracks.stay_first) > 0).all(), "also those to whom nothing happened"


def test_at_every_encounter_the_customer_is_there_however_long_ways_take(result: Result, tracks: Tracks) -> None:
    met = measured(result, "encounter")
    met = met[met["touchpoint"] != "support"].groupby(["customer", "at"]).tail(1)  # of those at one instant, the last
    after = measured(result, "ordered", "queue_joined", "journey_ends", "leaves", "drifts", "ends")
    went_on = set(zip(after["customer"], after["at"], strict=True))
    for glide in (0.0, 600.0, 40_000.0):
        for row in met.sample(60, random_state=1).itertuples():
            if glide == 0 and (row.customer, row.at) in went_on:
                continue  # there and gone at that very instant
            found = position(tracks, row.customer, row.at, glide)
            assert (found.state, tracks.stops[found.stop]) == (AT, row.touchpoint)


def test_queues_and_services_are_those_of_the_log(result: Result, tracks: Tracks) -> None:
    desk = measured(result, "encounter", "gave_up")
    desk = desk[(desk["touchpoint"] == "support") & (desk["joined"] > 0)]
    served = desk[desk["event"] == "encounter"]
    assert (served["wait_minutes"] > 5).sum() > 20
    assert (desk["event"] == "gave_up").sum() > 20
    for row in desk.itertuples():
        called = row.at if row.event == "gave_up" else min(row.joined + round(60 * row.wait_minutes), row.at)
        if called - row.joined > 1:
            assert at(tracks, row.customer, (row.joined + called) / 2) == (QUEUE, "support")
        if row.at - called > 1:
            assert at(tracks, row.customer, (called + row.at) / 2) == (SERVED, "support")
    stays = tracks.stays()
    assert (stays["state"] == "served").sum() == len(measured(result, "encounter").query("touchpoint == 'support'"))


def test_rank_counts_who_came_before(tracks: Tracks) -> None:
    stays = tracks.stays()
    queues = stays[(stays["state"] == "queue") & (stays["end_day"] - stays["begin_day"] > 1 / 1440)]
    checked = 0
    for row in queues.sample(25, random_state=2).itertuples():
        now = (row.begin_day + row.end_day) / 2
        there = queues[(queues["begin_day"] <= now) & (queues["end_day"] > now)]
        found = position(tracks, row.customer, round(now * SECONDS_PER_DAY), 0.0)
        assert found.rank >= (there["begin_day"] < row.begin_day - 1e-9).sum()
        checked += found.rank > 0
    assert checked > 0


def test_queue_lengths_add_up(tracks: Tracks) -> None:
    queues = tracks.queues()
    assert set(queues["touchpoint"]) == {"support"}
    assert queues["waiting"].max() > 2
    assert (queues["waiting"] >= 0).all()
    longest = queues.loc[queues["waiting"].idxmax()]
    then = round(longest["day"] * SECONDS_PER_DAY)
    ranks = [position(tracks, int(number), then, 0.0) for number in tracks.numbers]
    waiting = [found.rank for found in ranks if found.state == QUEUE]
    assert sorted(waiting) == list(range(int(longest["waiting"])))


def test_parcels_are_on_their_way_as_long_as_the_log_says(result: Result, tracks: Tracks) -> None:
    ordered = measured(result, "ordered")
    arrived = measured(result, "encounter").query("touchpoint == 'delivery'")
    pairs = ordered.merge(arrived, on=["customer", "journey"], suffixes=("", "_there"))
    assert len(pairs) > 300
    for row in pairs.sample(100, random_state=3).itertuples():
        i = tracks.index(row.customer)
        mine = slice(tracks.parcel_first[i], tracks.parcel_first[i + 1])
        place = list(tracks.parcel_ordered[mine]).index(row.at)
        end = tracks.parcel_end[mine][place]
        assert abs(end - (row.day_there * SECONDS_PER_DAY)) <= 1
        assert abs(tracks.parcel_promised[mine][place] - row.at - row.promised_days * SECONDS_PER_DAY) <= 1
        if row.next == row.at_there:  # nothing else happened meanwhile
            found = position(tracks, row.customer, (row.at + end) / 2, 0.0)
            assert found.state == PARCEL
            assert found.lead == pytest.approx((row.days / 2) / row.promised_days, rel=0.01)


def test_between_and_after(result: Result, tracks: Tracks) -> None:
    for row in measured(result, "journey_ends").itertuples():
        gone = measured(result, "leaves", "drifts", "ends")
        gone = gone[(gone["customer"] == row.customer) & (gone["at"] == row.at)]
        if row.next and row.next > row.at + 2 and gone.empty:
            assert at(tracks, row.customer, row.at + 1) == (AWAY, "")
            break
    left = measured(result, "leaves")
    assert len(left) > 10
    for row in left.itertuples():
        assert at(tracks, row.customer, row.at + 1) == (LEFT, "")
        marks = slice(*tracks.moment_first[tracks.index(row.customer) :][:2])
        assert (row.at, MOMENTS.index("leaves")) in set(zip(tracks.moment_at[marks], tracks.moment[marks], strict=True))
    finally_gone = {position(tracks, int(number), tracks.seconds, 0.0).state in GONE for number in left["customer"]}
    assert finally_gone == {True}


def test_moods_follow_irritation_and_fade_with_it(result: Result, tracks: Tracks) -> None:
    p = result.scenario.parameters()
    thresholds = [p["edgy_from"], p["agitated_from"], p["angry_from"]]
    tolerance = result.customers.set_index("customer")["irritation_tolerance"]
    met = measured(result, "encounter").query("touchpoint != 'support'")
    met = met.groupby(["customer", "at"]).tail(1)
    moody, faded = set(), 0
    for row in met.itertuples():
        share = row.irritation / tolerance[row.customer]
        if min(abs(share - threshold) for threshold in thresholds) < 1e-6:
            continue
        later = measured_at(tracks, row.customer, row.at)
        assert later == sum(share >= threshold for threshold in thresholds)
        moody.add(later)
        if later > 0 and row.next:
            wait = p["irritation_half_life_days"] * SECONDS_PER_DAY * np.log2(share / thresholds[later - 1])
            if row.next > row.at + wait + 60:  # nothing happens before it has faded to the threshold
                assert measured_at(tracks, row.customer, row.at + wait - 60) == later or wait <= 60
                assert measured_at(tracks, row.customer, row.at + wait + 60) == later - 1
                faded += 1
    assert {0, 1, 2} <= moody
    assert faded > 0


def measured_at(tracks: Tracks, customer: int, seconds: float) -> int:
    return position(tracks, customer, seconds, 0.0).mood


def test_a_wait_ends_in_the_mood_of_the_log(result: Result, tracks: Tracks) -> None:
    desk = measured(result, "encounter", "gave_up").query("touchpoint == 'support'")
    desk = desk[(desk["joined"] > 0) & (desk["wait_minutes"] > 1)]
    seen = set()
    for row in desk.itertuples():
        called = min(row.joined + round(60 * row.wait_minutes), row.at)
        mood = min(MOODS.index(row.mood), 3)
        assert measured_at(tracks, row.customer, called - 1) >= mood - (row.wait_minutes < 2)
        seen.add(mood)
    assert seen == {0, 1, 2, 3}


def test_ways_are_short_and_lead_on(tracks: Tracks) -> None:
    rng = np.random.default_rng(4)
    on_the_way = 0
    for _ in range(2_000):
        customer, seconds = int(rng.choice(tracks.numbers)), float(rng.uniform(0, tracks.seconds))
        resting, moving = position(tracks, customer, seconds, 0.0), position(tracks, customer, seconds, 7200.0)
        assert resting.share == 0
        assert (resting.state, resting.stop) == (resting.to_state, resting.to_stop)
        assert 0 <= moving.share <= 1
        assert (moving.mood, moving.rank) == (resting.mood, resting.rank)
        if moving.share > 0:
            on_the_way += 1
            begins = tracks.stay_begin[slice(*tracks.stay_first[tracks.index(customer) :][:2])].astype(float)
            assert np.abs(begins - seconds).min() <= 7200
    assert on_the_way > 20


@pytest.mark.parametrize(("name", "value"), [("record.encounters", 0), ("record.customers", "none")])
def test_without_followed_customers_there_is_nobody_to_show(name: str, value: Any) -> None:
    world = simulate(load_world(**{"population.customers": 20, "horizon": "5 days", name: value}), replications=1)
    with pytest.raises(ScenarioError, match=r"whom|nobody"):
        tracks_of(world)
