"""The five questions: answers follow from the numbers, the trial spends what it says."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from cxsim.instruments.balance import BASELINE, DELIGHT, balance_worlds, spending, try_balance
from cxsim.instruments.narrative import narrative_answer, narrative_sheet, told_ratio
from cxsim.instruments.paired import service_cost
from cxsim.instruments.sample import take_sample
from cxsim.instruments.scorecard import QUESTIONS, scorecard, steps_table
from cxsim.instruments.technology import technology_answer, technology_sheet, technology_worlds, world_name
from tests.instruments.lived import angry, bare, lived, ready, still
from tests.worlds import load_world

STUCK = {
    "touchpoints.site.technology": {"mode": "definer", "stuck_probability": 0.4, "contact": "support"},
    "personas.everyone.journeys_per_year": "30 per year",
}


def test_five_questions_have_five_answers() -> None:
    found = scorecard(angry(), jobs=1)
    answers = found.table("answers")
    assert tuple(answers["question"]) == QUESTIONS
    assert answers["answer"].str.strip().str.endswith(".").all()
    assert "nan" not in " ".join(answers["answer"])
    poor = angry().estimate("poor_encounter_rate").mean
    assert answers["answer"][0].startswith(f"{100 * (1 - poor):.0f} % of encounters are at least acceptable")


def test_without_worlds_beside_nothing_is_tried() -> None:
    found = scorecard(angry(), paired=False)
    assert "trial" not in [sheet.name for sheet in found.sheets]
    assert "customer-years" not in found.finding


def test_both_ways_cost_the_same_and_what_they_say() -> None:
    """Where nobody leaves, contacts anybody or pays more, the cost rises by just the money that is tried."""
    values = {"touchpoints.use.failure": None, "rules.leave_base": -50.0, "rules.voice_base": -50.0,
              "money.premium": 0.0, "touchpoints.delivery.overdue_contact_probability": 0.0, "money.server_hour": 0.0,
              "personas.everyone.journeys_per_year": "40 per year"}  # fmt: skip
    result = lived(**values)
    balance = try_balance(result, jobs=1)
    assert balance.comparison is not None
    assert balance.money == pytest.approx(0.01 * result.estimate("cost").mean)
    for name in (BASELINE, DELIGHT):
        ours, base = (balance.comparison.results[world].runs for world in (name, balance.comparison.baseline))
        kind = "cost_quality" if name == BASELINE else "cost_wows"
        assert (ours[kind] - base[kind]).mean() == pytest.approx(balance.money, rel=0.1), name
        assert service_cost(balance.comparison, name).mean == pytest.approx(balance.money, rel=0.15)


def test_quality_rises_evenly_and_never_above_what_money_can_buy() -> None:
    result = lived(**{"touchpoints.site.quality": {"people": 0.995, "product": 0.7, "process": 0.7}})
    worlds, balance = balance_worlds(result)
    site = worlds[BASELINE].touchpoints["site"].quality
    assert site.people == 0.995, "what is better already stays"
    lift = site.product - 0.7
    assert lift > 0
    assert math.isclose(worlds[BASELINE].touchpoints["use"].quality.product - 0.7, lift)
    assert worlds[BASELINE].touchpoints["advert"] == result.scenario.touchpoints["advert"], "messages are no service"
    assert f"{lift:.3f}" in balance.where[BASELINE]


def test_delight_goes_where_surprises_are_or_where_it_matters_most() -> None:
    plain, _ = balance_worlds(lived(**{"touchpoints.delivery.importance": 1.5}))
    assert plain[DELIGHT].touchpoints["delivery"].wow is not None
    wow = {"probability": 0.1, "size": {"product": 0.2}}
    there, _ = balance_worlds(lived(**{"touchpoints.billing.wow": wow}))
    assert there[DELIGHT].touchpoints["billing"].wow.probability > 0.1
    assert there[DELIGHT].touchpoints["delivery"].wow is None


def test_no_more_is_spent_than_both_can_take() -> None:
    dear = lived(**{"population.customers": 2, "money.server_hour": 500.0,
                    "personas.everyone.journeys_per_year": "100 per year"})  # fmt: skip
    worlds, balance = balance_worlds(dear)
    assert 0 < balance.money < 0.01 * dear.estimate("cost").mean
    surprised = [stop.wow.probability for stop in worlds[DELIGHT].touchpoints.values() if stop.wow]
    best = max(level for stop in worlds[BASELINE].touchpoints.values() for level in stop.quality.values_in_order())
    assert max(surprised) == pytest.approx(1.0) or best == pytest.approx(0.99)
    always = {"probability": 1.0, "size": {"product": 0.2}}
    full = try_balance(lived(**{"touchpoints.use.wow": always}), jobs=1)
    assert full.comparison is None
    assert "cannot be raised any further" in full.verdict


def test_bounds_of_a_share_stay_within_it() -> None:
    few = lived(**{"population.customers": 2, "personas.everyone.journeys_per_year": "100 per year"})
    answer = scorecard(few, paired=False).table("answers")["answer"][0]
    assert "to 100 %)" in answer


@pytest.mark.parametrize("path", ["money.wow", "money.quality"])
def test_what_has_no_price_cannot_be_tried(path: str) -> None:
    balance = try_balance(lived(**{path: 0.0}), jobs=1)
    assert balance.comparison is None
    assert "cost nothing" in balance.verdict


def test_spending_is_that_of_the_result() -> None:
    result = angry()
    table = spending(result).set_index("kind")
    assert table["share"].sum() == pytest.approx(1)
    assert table.loc["the baseline", "money"] == pytest.approx(
        sum(result.runs[f"cost_{kind}"].mean() for kind in ("quality", "servers", "messages"))
    )
    kinds = ("server_hour", "contact", "wow", "message", "quality", "refund", "escalation")
    free = spending(lived(**{f"money.{kind}": 0 for kind in kinds}))
    assert free["share"].isna().all()


def test_steps_are_marked_by_what_most_of_their_encounters_are() -> None:
    splendid = {"people": 0.97, "product": 0.97, "process": 0.97}
    values = {"touchpoints.use.failure": None, "touchpoints.use.quality": splendid}
    table = steps_table(lived(**values)).set_index("touchpoint")
    assert table.loc["use", "mark"] == "delight"
    assert table.loc["use", "delighted"] > 0.5
    assert (table[["poor", "merely_met", "delighted"]].sum(axis=1) - 1).abs().max() < 1e-9
    failing = steps_table(angry()).set_index("touchpoint")
    assert failing.loc["use", "breaks"] != ""
    assert failing.loc["site", "breaks"] == ""


def test_a_single_step_and_no_step_at_all() -> None:
    one = scorecard(bare(), paired=False).table("answers")["answer"]
    assert one[2].startswith("The only step, site, is ")
    none = scorecard(still(), jobs=1).table("answers")["answer"]
    assert none[0] == "Nobody met the company, so it cannot be told."
    assert none[2] == "No step was met."
    assert "silence" in none[3]


def test_the_narrative_counts_what_was_told() -> None:
    result = ready("parcel")
    days = result.days[result.days["day"] >= 0].groupby("replication")[["told_good", "told_bad"]].sum()
    assert told_ratio(result).mean == pytest.approx((days["told_good"] / days["told_bad"]).mean())
    table = narrative_sheet(take_sample(result)).table.set_index("kind")
    assert table.loc[["delightful", "merely met", "poor"], "share"].sum() == pytest.approx(1)
    assert 0 < table.loc["all", "silent"] < 1
    mute = lived(**{"mechanisms.word_of_mouth": False})
    answer = narrative_answer(mute, narrative_sheet(take_sample(mute)).table)
    assert answer == "Nobody tells anybody anything: all journeys leave silence."
    alone = lived(**{"market.network.ties": 0})
    assert "all journeys leave silence" in narrative_answer(alone, narrative_sheet(take_sample(alone)).table)


def test_technology_is_judged_by_what_it_does_and_turned_round() -> None:
    result = lived(**STUCK)
    sheet = technology_sheet(result)
    row = sheet.table.iloc[0]
    assert row["mode"] == "definer"
    assert row["stuck"] == pytest.approx(0.4, abs=0.03)
    assert row["irritation"] > 0
    answers = scorecard(result, jobs=1).table("answers")["answer"]
    assert "site as definer" in answers[4]
    assert "All as enabler" in answers[4]


def test_no_desk_can_take_over_where_there_is_none() -> None:
    definer = {"mode": "definer", "stuck_probability": 0.4}
    world = load_world(**{"touchpoints.site.technology": definer})
    assert list(technology_worlds(world)) == [world_name("enabler")]
    assert technology_worlds(world)[world_name("enabler")].touchpoints["site"].technology.contact == "support"
    assert technology_worlds(bare().scenario) == {}
    assert "nothing to judge" in technology_answer(technology_sheet(bare()).table, None)
    assert isinstance(technology_sheet(bare()).table, pd.DataFrame)
