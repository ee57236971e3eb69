"""Lives in words: what they tell, and that their numbers are those of the event log."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from cxsim.engine.columns import REASON_LABELS
from cxsim.results.measures import MEASURES
from cxsim.results.result import Result
from cxsim.results.story import choose_and_tell
from cxsim.scenario.errors import ScenarioError
from cxsim.scenario.values import DIMENSIONS
from cxsim.studies.simulate import simulate
from tests.worlds import load_world

EVERYBODY = 300
HARSH: dict[str, Any] = {
    "personas": {"everyone": {"journeys_per_year": "30 per year"}}, "population.customers": EVERYBODY,
    "desks.support.servers": 1, "desks.support.service": "25 min", "desks.support.patience": "40 min",
    "touchpoints.delivery.carrier": {"mean": "4 days", "sd": "3 days"}, "rules": {"leave_base": -1.0},
    "touchpoints.delivery.overdue_contact_probability": 1.0, "record.encounters": EVERYBODY,
}  # fmt: skip
LINE = re.compile(r"^ +day (-?\d+) (\d\d):(\d\d)  (.+)$")


@pytest.fixture(scope="module")
def result() -> Result:
    """A world of late parcels and long queues, everybody followed in the first replication."""
    return simulate(load_world(**HARSH), replications=2, seed=5)


@pytest.fixture(scope="module")
def leaver(result: Result) -> int:
    """One who waited, got a promise and left for good."""
    log = result.encounters
    gone = set(log.loc[log["event"] == "leaves", "customer"])
    waited = set(log.loc[(log["event"] == "encounter") & (log["wait_minutes"] >= 1), "customer"])
    lost = result.lost[result.lost["replication"] == 0]
    told = [number for number in lost["customer"] if number in gone & waited]
    assert told, "this world is meant to lose customers who waited"
    return int(told[0])


def lines(story: str) -> list[tuple[float, str]]:
    """Instant in days and sentence of every dated line."""
    found = [LINE.match(line) for line in story.splitlines()]
    return [(int(m[1]) + int(m[2]) / 24 + int(m[3]) / 1440, m[4]) for m in found if m]


def log_of(result: Result, customer: int) -> pd.DataFrame:
    return result.encounters[result.encounters["customer"] == customer]


def told_at(story: str, day: float) -> list[str]:
    """Sentences dated with this instant, to the minute below."""
    return [text for at, text in lines(story) if day - 1 / 1440 - 1e-9 < at <= day + 1e-9]


def test_story_of_one_who_left(result: Result, leaver: int) -> None:
    story, log = result.story(leaver), log_of(result, leaver)
    assert story.startswith(f"Customer {leaver} of small\n")
    for event in log[log["event"] == "ordered"].to_dict("records"):  # the promise
        assert any(f"{event['promised_days']:.1f} days" in text for text in told_at(story, event["day"]))
    waits = log[(log["event"] == "encounter") & (log["wait_minutes"] >= 0.5)]
    for event in waits.to_dict("records"):
        said = f"waits {event['wait_minutes']:.0f} minutes, {event['mood']} when served"
        assert any(said in text for text in told_at(story, event["day"]))
    exit_interview = result.lost[(result.lost["replication"] == 0) & (result.lost["customer"] == leaver)].iloc[0]
    straw = f"The last straw: {REASON_LABELS[exit_interview['last_straw_reason']]}, "
    assert f"{straw}{exit_interview['last_straw_origin']}." in story
    day = exit_interview["left_at"] - 10  # the warm-up took 10 days
    assert re.search(rf"^Gone to .+ since day {day:.0f}; satisfaction \d+ of 100\.$", story, re.MULTILINE)
    assert max(at for at, _ in lines(story)) <= day


def test_shares_of_irritation_are_those_of_the_exit_interview(result: Result, leaver: int) -> None:
    interview = result.lost[(result.lost["replication"] == 0) & (result.lost["customer"] == leaver)].iloc[0]
    told = re.search(r"^Irritation by reason: (.+)\.$", result.story(leaver), re.MULTILINE)
    assert told
    names = {label: name for name, label in REASON_LABELS.items()}
    for part in told[1].split(", "):
        label, share = re.fullmatch(r"(.+) (\d+) %", part).groups()  # type: ignore[union-attr]
        assert 100 * interview[f"reason_share_{names[label]}"] == pytest.approx(int(share), abs=0.51)


@pytest.mark.parametrize("customer", range(0, EVERYBODY, 60))
def test_numbers_of_a_story_are_those_of_the_event_log(result: Result, customer: int) -> None:
    story, log = result.story(customer), log_of(result, customer)
    dated = lines(story)
    assert [at for at, _ in dated] == sorted(at for at, _ in dated)
    met = log[log["event"].isin(["encounter", "overdue", "gave_up"])]
    assert sum("Expected " in text for _, text in dated) == len(met)
    assert sum("A need arises" in text for _, text in dated) == (log["event"] == "journey_begins").sum()
    assert sum(" poor." in text for _, text in dated) == met["is_poor"].sum()
    for event in met.to_dict("records"):
        expected, got = (
            100 * np.mean([event[f"{level}_{name}"] for name in DIMENSIONS]) for level in ("predicted", "perceived")
        )
        assert any(f"Expected {expected:.0f}, got {got:.0f}" in text for text in told_at(story, event["day"]))
    row = result.customers[result.customers["customer"] == customer].iloc[0]
    assert f"satisfaction {50 + 50 * row['satisfaction']:.0f} of 100." in story


def test_story_of_one_who_never_had_a_need() -> None:
    idle = simulate(load_world(personas={"everyone": {"journeys_per_year": 0}}), replications=1)
    story = idle.story(7)
    assert "Nothing happened: no need arose in this time." in story
    assert lines(story) == []
    assert "Irritation" not in story
    assert re.search(r"^Still a customer at the end; satisfaction 50 of 100\.$", story, re.MULTILINE)


def test_without_a_number_somebody_who_left_is_told_of(result: Result) -> None:
    number, story = choose_and_tell(result.scenario, result.seed, 0, None)
    assert number in set(result.lost.loc[result.lost["replication"] == 0, "customer"])
    assert story == result.story(number)


def test_other_replications_are_other_lives(result: Result) -> None:
    assert result.story(0, replication=1) != result.story(0, replication=0)


@pytest.mark.parametrize(("customer", "replication"), [(EVERYBODY, 0), (-1, 0), (10**12, 0), (0, 2), (0, -1)])
def test_unknown_customers_are_refused_with_what_is_allowed(result: Result, customer: int, replication: int) -> None:
    allowed = f"allowed: 0 to {EVERYBODY - 1}" if replication == 0 else "allowed: 0 to 1"
    with pytest.raises(ScenarioError, match=allowed):
        result.story(customer, replication)


def test_following_customers_changes_nothing(result: Result) -> None:
    unseen = simulate(load_world(**{**HARSH, "record.encounters": 0}), replications=2, seed=5)
    sampled = ["seconds", *(measure.name for measure in MEASURES if measure.of_followed)]  # they are what is followed
    for name in ("runs", "days", "touchpoints", "desks", "customers", "lost"):
        left, right = (found.table(name).drop(columns=sampled, errors="ignore") for found in (result, unseen))
        assert_frame_equal(left, right, check_exact=True, obj=name)
    assert len(unseen.encounters) == 0
    assert len(result.encounters) > 10_000
