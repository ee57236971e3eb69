"""Prospects who join or decline, and customers who left and are won back."""

from typing import Any

import numpy as np
import pytest

from cxsim.engine.columns import ACTIVE, LEFT, PROSPECT
from cxsim.engine.log import COMES_BACK, DECLINES, JOURNEY_BEGINS, LEAVES
from cxsim.model import CustomerModel
from cxsim.results.run import collect
from tests.engine.totals import journey_totals
from tests.engine.twins import live
from tests.worlds import level, load_bare

AWFUL: dict[str, Any] = {"use": {"kind": "use", "quality": level(0.2)}}
LEAVING = {"rules.leave_base": -2.0, "horizon": "200 days"}
NEWCOMERS = {"population": {"customers": 20, "newcomers": "3000 per year", "ended": 0, "drifted": 0}}
FAIR: dict[str, Any] = {"use": {"kind": "use", "quality": level(0.7)}}


def won_back(share: float = 1.0, after: Any = "20 days", **values: Any) -> CustomerModel:
    back = {"company.win_back": {"share": share, "after": after}}
    return live(load_bare(AWFUL, **LEAVING | back | values), follow=range(200))


def returns(model: CustomerModel) -> list[float]:
    """Days from leaving to coming back, of all who did."""
    log = model.log()
    moves = log[np.isin(log["event"], (LEAVES, COMES_BACK))]
    back = np.flatnonzero(moves["event"] == COMES_BACK)
    assert np.all(moves["event"][back - 1] == LEAVES)
    assert np.all(moves["customer"][back - 1] == moves["customer"][back])
    return (moves["at"][back] - moves["at"][back - 1]).tolist()


def test_they_come_back_when_they_are_won_back() -> None:
    model = won_back()
    assert len(returns(model)) > 100
    np.testing.assert_allclose(returns(model), 20.0, atol=1e-9)
    total, customers = journey_totals(model), model.world.customers
    away = customers[customers["status"] == LEFT]
    assert total["won_back"] == len(returns(model)) == total["left"] - len(away)
    assert np.all(away["left_at"] > 180 - 1e-9)  # all others were back in time
    assert np.all(customers["competitor"][customers["status"] == ACTIVE] == -1)
    assert collect(model, 0.0, False, False).present[-1] == (customers["status"] == ACTIVE).sum()


def test_nobody_is_back_within_a_day() -> None:
    np.testing.assert_allclose(returns(won_back(after="1 h")), 1.0, atol=1e-9)


def test_every_leaving_has_an_exit_interview_of_its_own() -> None:
    model = won_back(after="1 h")
    exits, log = model.exits(), model.log()
    assert len(exits["number"]) == journey_totals(model)["left"] > len(set(exits["number"]))
    leavings = log[log["event"] == LEAVES]
    written = sorted(zip(exits["number"].tolist(), exits["left_at"].tolist(), strict=True))
    assert written == sorted(zip(leavings["customer"].tolist(), leavings["at"].tolist(), strict=True))
    by_origin = exits["ledger"][:, : len(model.scenario.touchpoints)].sum(axis=1)
    np.testing.assert_allclose(by_origin, exits["irritation"], rtol=1e-4)


def test_whoever_leaves_over_something_that_fell_due_at_a_desk_is_not_back_the_same_day() -> None:
    """While they queue for days the promised date passes; it is lived after the desk, with its own date."""
    stops = {
        "use": {"kind": "use", "quality": level(0.8), "failure": {
            "probability": 1.0, "severity": level(0.0), "contact": "help", "contact_probability": 1.0,
            "contact_after": "1 h"}},
        "parcel": {"kind": "delivery", "promise": "1 day", "handling": "1 day", "carrier": "30 days",
                   "importance": 2.0},
    }  # fmt: skip
    model = live(load_bare(stops, **{
        "desks.help": {"servers": 500, "shifts": [{"days": "mon", "hours": "9-10"}], "closing": "carry_over",
                       "patience": "300 days", "service": "1 min", "resolution": 1.0},
        "rules": {"leave_base": 50.0, "tolerance_factor": 1e-6}, "company.win_back": {"share": 1.0, "after": "1 h"},
    }), follow=range(200))  # fmt: skip
    days = returns(model)
    assert min(days) >= 1.0 - 1e-9
    assert max(days) > 3.0  # a day after the desk, not after the date of the parcel
    assert len(model.exits()["number"]) == journey_totals(model)["left"] > 100


def test_so_many_come_back_as_are_won_back() -> None:
    model = won_back(share=0.3, after="1 day")
    left = journey_totals(model)["left"]
    assert left > 100
    assert abs(journey_totals(model)["won_back"] / left - 0.3) < 4 * (0.21 / left) ** 0.5
    assert journey_totals(won_back(share=0.0))["won_back"] == 0


def test_whose_need_ends_elsewhere_is_not_won_back() -> None:
    values = {"population.customers": 2000, "population.ended": "12 per year", "horizon": "60 days"}
    model = won_back(after="30 days", **values)
    customers, log = model.world.customers, model.log()
    early = customers["number"][customers["left_at"] < 30]
    assert len(early) > 50  # away for good
    assert np.all(np.isinf(customers["due"][early]))
    assert np.all(customers["status"][early] != ACTIVE)
    leavers = model.exits()["left_at"]
    chance, tried = np.exp(-30 * 12 / 365), (leavers < 30).sum()
    assert abs(journey_totals(model)["won_back"] / tried - chance) < 4 * (chance * (1 - chance) / tried) ** 0.5
    assert len(log) > 0


def test_switching_after_a_poor_journey_does_not_depend_on_who_is_won_back() -> None:
    """It counts the first leaving; blow-ups before any poor journey are no switching after one, back or not."""
    uneven = {"use": {"kind": "use", "quality": level(0.5), "quality_sd": level(0.12), "importance": 1.0}}
    values = {"horizon": "1100 days", "rules.leave_base": -4.0, "rules.tolerance_factor": 0.1,
              "rules.blow_up_push": 2.0, "personas.everyone.journeys_per_year": "6 per year"}  # fmt: skip
    models = [
        live(load_bare(uneven, **values | {"company.win_back": {"share": share, "after": "10 days"}}))
        for share in (0.0, 0.9)
    ]
    people = [collect(model, 0.0, False, False).people for model in models]
    assert journey_totals(models[1])["won_back"] > 10
    assert people[0].switched_after_poor > 0.05
    assert (people[0].switched_after_poor, people[0].at_risk) == (people[1].switched_after_poor, people[1].at_risk)
    blown = models[0].world.customers
    assert ((blown["status"] == LEFT) & (blown["poor_journeys"] == 0)).sum() > 0


@pytest.mark.parametrize(("converts", "joined"), [(1.0, True), (0.0, False)])
def test_all_prospects_join_or_none(converts: float, joined: bool) -> None:
    model = live(load_bare(FAIR, **NEWCOMERS | {"population.converts": converts}), follow=range(5000))
    total, newcomers = journey_totals(model), model.world.customers[20:]
    assert len(newcomers) > 300
    assert (total["joined"], total["declined"]) == ((len(newcomers), 0) if joined else (0, len(newcomers)))
    assert np.all((newcomers["status"] == PROSPECT) != joined)
    log = model.log()
    theirs = log[log["customer"] >= 20]
    if not joined:
        assert set(theirs["event"]) == {DECLINES}
        assert np.all(np.isinf(newcomers["due"]))
        assert newcomers["encounters"].sum() == 0
    else:
        assert np.all(theirs["event"][theirs["serial"] == 0] == JOURNEY_BEGINS)


def joining(promised: float, **values: Any) -> tuple[float, float]:
    """Joined and declined where the firm promises so much."""
    firm = {"company.promises": {"advert": level(promised)}, "population.converts": 0.4, "rules.explicit_weight": 0.5}
    total = journey_totals(live(load_bare(FAIR, **NEWCOMERS | firm | values)))
    return total["joined"], total["declined"]


def test_the_more_is_promised_the_more_join() -> None:
    joined = [joining(promised)[0] for promised in (0.3, 0.6, 0.9)]
    assert joined[0] * 1.3 < joined[1]
    assert joined[1] * 1.3 < joined[2]


def test_switched_off_promises_bring_nobody() -> None:
    off = {"mechanisms.joining": False}
    low, high = joining(0.3, **off), joining(0.9, **off)
    assert low == high
    prospects = sum(low)
    assert abs(low[0] / prospects - 0.4) < 4 * (0.24 / prospects) ** 0.5
