"""Money: every kind of cost counted by hand from the event log, at the price of the day."""

from typing import Any

import numpy as np
import pytest

from cxsim.engine.columns import LEFT
from cxsim.engine.log import COMES_BACK, ENCOUNTER, ESCALATES, JOURNEY_BEGINS, JOURNEY_ENDS, QUEUE_JOINED, SETTLED
from cxsim.engine.tally import DESK_STATISTICS
from cxsim.model import CustomerModel
from cxsim.results.costs import COSTS
from cxsim.results.measures import MEASURE
from cxsim.results.run import Run, collect
from cxsim.rules.money import price_premium, quality_cost
from tests.engine.totals import index_of, journey_totals
from tests.engine.twins import live
from tests.worlds import level, load_bare

WARM_UP, CHANGE = 10, 40
BEFORE = {"price": 50.0, "unit_cost": 30.0, "server_hour": 25.0, "contact": 2.0, "refund": 0.5, "wow": 3.0,
          "message": 0.05, "acquisition": 20.0, "quality": 0.1, "escalation": 40.0, "premium": 0.0}  # fmt: skip
AFTER = {"price": 80.0, "unit_cost": 41.0, "server_hour": 33.0, "contact": 3.0, "refund": 0.25, "wow": 7.0,
         "message": 0.5, "acquisition": 29.0, "quality": 0.3, "escalation": 77.0, "premium": 0.0}  # fmt: skip
STOPS: dict[str, Any] = {
    "advert": {"kind": "message", "channel": "advert", "quality": level(0.6)},
    "use": {"kind": "use", "quality": level(0.7), "wow": {"probability": 0.2},
            "weights": {"people": 0.5, "product": 0.3, "process": 0.2},
            "failure": {"probability": 0.4, "severity": level(0.5), "monetary": True, "contact": "help",
                        "contact_probability": 0.6}},
    "bill": {"kind": "billing", "quality": {"people": 0.5, "product": 0.8, "process": 0.9}},
}  # fmt: skip
DEARER = {"at": f"{CHANGE - WARM_UP} days", "set": {f"money.{name}": value for name, value in AFTER.items()}
          | {"company.win_back.cost": 9, "company.feedback.cost": 200}}  # fmt: skip
WORLD: dict[str, Any] = {
    "warm_up": f"{WARM_UP} days", "company.promises": {"advert": level(0.7)}, "money": BEFORE,
    "population": {"customers": 100, "newcomers": "400 per year", "ended": 0, "drifted": 0},
    "company.win_back": {"share": 0.8, "after": "5 days", "cost": 4},
    "company.feedback": {"share": 1e-9, "every": "15 days", "cost": 100},
    "desks.help": {"servers": 3, "shifts": [{"days": "mon-fri", "hours": "9-17"}], "service": "1 min",
                   "resolution": 0.8},
    "rules": {"leave_base": -1.0, "escalation_probability": 0.5, "voice_base": 0.0},
    "interventions.dearer": DEARER,
}  # fmt: skip


@pytest.fixture(scope="module")
def model() -> CustomerModel:
    return live(load_bare(STOPS, **WORLD), follow=range(10_000))


@pytest.fixture(scope="module")
def run(model: CustomerModel) -> Run:
    return collect(model, 0.0, keep_customers=False, keep_log=False)


def by_hand(model: CustomerModel) -> dict[str, float]:
    """Entries of the log and hours on duty, times what each cost then."""
    log = model.log()
    total = dict.fromkeys(COSTS, 0.0)
    odds = {"advert": 0.6 / 0.4, "use": 0.7 / 0.3, "help": 0.7 / 0.3, "bill": 0.3 * 1 + 0.3 * 4 + 0.4 * 9}
    for first, last, money, back in ((WARM_UP, CHANGE, BEFORE, 4), (CHANGE, 10_000, AFTER, 9)):
        entries = log[(log["at"] >= first) & (log["at"] < last)]
        count = {event: int((entries["event"] == event).sum()) for event in range(20)}
        lived = entries[entries["event"] == ENCOUNTER]
        first_time = (entries["event"] == JOURNEY_BEGINS) & (entries["serial"] == 0) & (entries["customer"] >= 100)
        total["goods"] += count[JOURNEY_ENDS] * money["unit_cost"]
        total["contacts"] += count[QUEUE_JOINED] * money["contact"]
        total["wows"] += lived["is_wow"].sum() * money["wow"]
        total["messages"] += (lived["touchpoint"] == index_of(model, "advert")).sum() * money["message"]
        total["quality"] += sum(
            (lived["touchpoint"] == index_of(model, stop)).sum() * value * money["quality"]
            for stop, value in odds.items()
        )
        total["acquisition"] += first_time.sum() * money["acquisition"]
        total["escalations"] += count[ESCALATES] * money["escalation"]
        total["win_back"] += count[COMES_BACK] * back
        open_days = [day for day in range(first, min(last, 70)) if day % 7 < 5]
        total["servers"] += 3 * 8 * len(open_days) * money["server_hour"]
        lost = np.flatnonzero(entries["event"] == SETTLED)
        for place in lost:
            journey = log[
                (log["customer"] == entries["customer"][place]) & (log["journey"] == entries["journey"][place])
            ]
            failed = journey["is_failure"] & (journey["serial"] < entries["serial"][place])
            earlier = (journey["event"] == SETTLED) & (journey["serial"] < entries["serial"][place])
            if failed.any() and not earlier.any():  # given back once
                total["refunds"] += money["refund"] * money["price"]
    total["feedback"] = 100 + 3 * 200  # days 25, then 40, 55 ... on and after the change
    return total


def test_every_kind_of_cost_is_what_was_counted_at_the_price_of_the_day(model: CustomerModel, run: Run) -> None:
    expected = by_hand(model)
    expected["feedback"] = 100 * sum(day < CHANGE for day, _ in model.mended) + 200 * sum(
        day >= CHANGE for day, _ in model.mended
    )
    assert [day for day, _ in model.mended] == [25, 40, 55]
    assert set(run.costs) == set(COSTS)
    for kind in COSTS:
        assert run.costs[kind] > 0, kind
        assert run.costs[kind] == pytest.approx(expected[kind], rel=1e-6), kind


def test_profit_is_revenue_less_all_costs(model: CustomerModel, run: Run) -> None:
    log = model.log()
    ended = log["at"][log["event"] == JOURNEY_ENDS]
    sales = 50.0 * ((ended >= WARM_UP) & (ended < CHANGE)).sum() + 80.0 * (ended >= CHANGE).sum()
    assert run.journey("revenue") == pytest.approx(sales) == pytest.approx(run.sales_at_list_price)
    assert MEASURE["price_premium"].compute(run) == pytest.approx(0.0, abs=1e-12)
    assert run.profit == pytest.approx(sales - sum(run.costs.values()))
    assert run.profit / run.person_years == pytest.approx(MEASURE["profit_per_customer"].compute(run))
    minutes = model.world.desk_days[WARM_UP:, 0, DESK_STATISTICS.index("server_minutes")]
    assert minutes.sum() % 480 == 0


def test_quality_costs_rise_steeply_toward_perfection() -> None:
    costs = [quality_cost(value, 0.05) for value in (0.0, 0.5, 0.9, 0.99, 1.0)]
    assert costs[:3] == pytest.approx([0.0, 0.05, 0.45])
    assert costs[3] == costs[4] == pytest.approx(4.95)  # held there: what is perfect has no price


def test_what_a_customer_pays_more_for_quality() -> None:
    """As much as the premium allows for the average customer, twice or nothing at the ends."""
    args = {"market": 0.6, "most": 0.08, "scale": 0.2}
    for sensitivity, share in ((0.5, 0.08), (1.0, 0.0), (0.0, 0.16), (0.25, 0.12)):
        assert price_premium(0.9, *args.values(), sensitivity, 1.0) == pytest.approx(share)
        assert price_premium(0.9, *args.values(), sensitivity, 0.0) == pytest.approx(0.08)
    assert price_premium(0.7, *args.values(), 0.5, 1.0) == pytest.approx(0.04)
    assert price_premium(0.5, *args.values(), 0.0, 1.0) == 0.0


def test_price_sensitive_customers_pay_less_of_a_premium() -> None:
    great = {"use": {"kind": "use", "quality": level(0.95)}}
    premium = {}
    for sensitivity in (0.0, 0.5, 1.0):
        traits = {"personas.everyone.price_sensitivity": {"mean": sensitivity, "sd": 0.0}}
        found = live(load_bare(great, **traits | {"market.competitors": {"rival": 0.5}, "market.best_in_class": 0.5}))
        total = journey_totals(found)
        premium[sensitivity] = total["revenue"] / (50.0 * total["sales"]) - 1.0
    assert premium[1.0] == pytest.approx(0.0, abs=1e-12)
    assert premium[0.5] == pytest.approx(0.08, rel=1e-6)
    assert premium[0.0] == pytest.approx(0.16, rel=1e-6)


def test_those_who_leave_choose_rivals_by_prominence() -> None:
    awful = {"use": {"kind": "use", "quality": level(0.1)}}
    rivals = {"loud": {"level": 0.5, "prominence": 3}, "hidden": {"level": 0.9, "prominence": 0}, "quiet": 0.5}
    found = live(load_bare(awful, **{"market.competitors": rivals, "rules.leave_base": 0.0,
                                     "population.customers": 2000}))  # fmt: skip
    gone = found.world.customers["competitor"][found.world.customers["status"] == LEFT]
    assert len(gone) > 1000
    shares = np.bincount(gone, minlength=3) / len(gone)
    assert shares[1] == 0
    assert abs(shares[0] - 0.75) < 4 * (0.1875 / len(gone)) ** 0.5


def test_nobody_to_go_to_is_told_as_nobody() -> None:
    awful = {"use": {"kind": "use", "quality": level(0.1)}}
    found = live(load_bare(awful, **{"market.competitors": {}, "rules.leave_base": 5.0}))
    lost = collect(found, 0.0, False, False).lost
    assert lost is not None
    assert len(lost["competitor"]) > 100
    assert set(lost["competitor"]) == {""}
