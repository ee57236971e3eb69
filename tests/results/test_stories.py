"""Stories and picks: every number in them is that of the log, the customers table or the exit interview."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from cxsim.results.picks import picks
from cxsim.results.result import Result
from cxsim.results.stories import story
from cxsim.scenario.errors import ScenarioError
from cxsim.studies.compare import compare
from tests.results.test_story import HARSH
from tests.worlds import load_world


@pytest.fixture(scope="module")
def worlds() -> dict[str, Result]:
    """The same customers in a world of long queues and in one with a second server."""
    return compare(load_world(**HARSH), {"two": {"desks.support.servers": 2}}, replications=1, seed=5).results


@pytest.fixture(scope="module")
def result(worlds: dict[str, Result]) -> Result:
    return next(iter(worlds.values()))


def lived(result: Result, customer: int) -> pd.DataFrame:
    log = result.encounters
    return log[(log["customer"] == customer) & (log["day"] >= 0)]


def test_every_story_counts_what_the_log_counts(result: Result) -> None:
    for customer in range(0, 300, 30):
        if customer not in set(result.customers["customer"]):
            continue
        told, log = story(result, customer), lived(result, customer)
        days = [line.day for line in told.lines]
        assert len(told.lines) > 0 or log.empty
        assert set(days) <= set(log["day"])
        felt = log[log["utility"].notna()]
        if len(felt):
            ledger = next(text for text in told.closing if text.startswith("The ledger"))
            numbers = re.findall(r"\d+\.?\d*|no(?= poor)", ledger)
            assert int(numbers[0]) == len(felt)
            assert int(numbers[1]) == (felt["utility"] > 0).sum()
            assert int(numbers[2]) == felt["is_poor"].sum()
            assert float(numbers[3]) == pytest.approx(felt["utility"].clip(lower=0).sum(), abs=0.051)
            assert float(numbers[4]) == pytest.approx(-felt["utility"].clip(upper=0).sum(), abs=0.051)


def test_nothing_poor_is_left_out_and_nothing_quiet_was_poor(result: Result) -> None:
    quiet = 0
    for customer in range(0, 300, 15):
        if customer not in set(result.customers["customer"]):
            continue
        told, log = story(result, customer), lived(result, customer)
        bad = {line.day for line in told.lines if line.tone == "bad"}
        assert set(log.loc[log["is_poor"] | log["is_failure"], "day"]) <= bad
        for line in told.lines:
            if line.sentence.startswith("A journey without trouble"):
                quiet += 1
                number = log.loc[log["day"] == line.day, "journey"].iloc[-1]
                journey = log[log["journey"] == number]
                assert not journey["is_poor"].any()
                assert int(re.findall(r"(\d+) encounter", line.sentence)[0]) == (journey["event"] == "encounter").sum()
                assert not (journey["wait_minutes"] >= 5).any()
    assert quiet > 5


def test_who_left_is_told_with_day_last_straw_and_rival(result: Result) -> None:
    lost = result.lost.drop_duplicates("customer", keep="last")
    end = result.customers.set_index("customer")["status"]
    gone = [row for row in lost.itertuples() if end[row.customer] == "left"]
    assert len(gone) > 5
    for row in gone[:8]:
        told = story(result, row.customer)
        day = row.left_at - result.scenario.warm_up
        assert told.title.endswith(f"left on day {day:.0f}")
        assert told.lines[-1].tone == "end"
        assert told.lines[-1].day == pytest.approx(day)
        assert told.closing[-1].startswith(f"Gone to {row.competitor} since day {day:.0f}")
        assert all(earlier.day <= later.day + 1 for earlier, later in pairwise(told.lines))


def test_picks_are_what_they_say(worlds: dict[str, Result]) -> None:
    found = {pick.key: pick for pick in picks(worlds)}
    assert {"saved", "trifle", "forgave", "happiest", "longest_wait", "latest"} <= set(found)
    assert len({pick.customer for pick in found.values()}) == len(found)
    base, other = worlds.values()
    before, after = (one.customers.set_index("customer")["status"] for one in (base, other))
    assert (before[found["saved"].customer], after[found["saved"].customer]) == ("left", "active")
    if "lost" in found:
        assert (before[found["lost"].customer], after[found["lost"].customer]) == ("active", "left")
    assert after[found["trifle"].customer] == "left"
    log = lived(other, found["trifle"].customer)
    straw = log[log["event"] == "leaves"].iloc[-1]
    losses = log[log["utility"] < 0]
    fitting = losses[(losses["origin"] == straw["origin"]) & (losses["reason"] == straw["reason"])]
    share = 100 * fitting["utility"].iloc[-1] / losses["utility"].sum()
    assert f"was {share:.1f} % of all" in found["trifle"].sentence
    assert after[found["forgave"].customer] == "active"


def test_a_rule_takes_the_extreme_of_its_world(result: Result) -> None:
    found = {pick.key: pick for pick in picks({"one": result})}
    log = result.encounters[result.encounters["day"] >= 0]
    taken = [found[key].customer for key in ("trifle", "forgave", "happiest") if key in found]
    waits = log[~log["customer"].isin(taken)].groupby("customer")["wait_minutes"].max()
    assert waits[found["longest_wait"].customer] == waits.max()
    assert f"{waits.max():.0f} minutes" in found["longest_wait"].sentence
    poor = log[log["is_poor"]].groupby("customer").size()
    there = result.customers.loc[result.customers["status"] == "active", "customer"]
    assert poor[found["forgave"].customer] == poor[poor.index.isin(there)].max()
    if "talk" in found:
        row = result.lost[result.lost["customer"] == found["talk"].customer].iloc[-1]
        raised = row[[name for name in result.lost if name.startswith("raised_by_")]].astype(float)
        assert raised.idxmax() == "raised_by_word_of_mouth"
        assert raised.max() > 0


def test_the_choice_can_be_narrowed(result: Result) -> None:
    few = picks({"one": result}, range(10, 40))
    assert few
    assert all(10 <= pick.customer < 40 for pick in few)


@pytest.mark.parametrize("customer", [-1, 300, 10**9])
def test_who_was_not_followed_has_no_story(result: Result, customer: int) -> None:
    with pytest.raises(ScenarioError, match="was not followed"):
        story(result, customer)


def test_it_needs_no_second_life(result: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cxsim.model.CustomerModel.run", lambda *_: pytest.fail("lived again"))
    assert story(result, 3).text.count("\n") > 5
    assert np.isfinite([line.day for line in story(result, 3).lines]).all()
