"""What if nobody ever lost anything at one stop: no loss from there, and everything else as it was."""

from typing import Any

import numpy as np
import pytest

from cxsim.engine.log import ENCOUNTER
from cxsim.model import CustomerModel
from tests.engine.totals import blamed, desk_totals, index_of, stop_totals
from tests.engine.twins import live
from tests.worlds import load_world

BUSY: dict[str, Any] = {
    "personas": {"everyone": {"journeys_per_year": "40 per year"}}, "warm_up": "0 days",
    "mechanisms": {"word_of_mouth": False},
    "desks.support": {"servers": 500, "service": "6 min", "resolution": 0.5},
    "touchpoints.use.failure": {"probability": 0.3, "contact": "support", "contact_probability": 0.7},
    "touchpoints.site.failure": {"probability": 0.1},
    "touchpoints.site.technology": {"mode": "definer", "stuck_probability": 0.2, "contact": "support"},
    "touchpoints.delivery.carrier": {"mean": "4 days", "sd": "3 days"},
}  # fmt: skip


@pytest.fixture(scope="module")
def plain() -> CustomerModel:
    return live(load_world(**BUSY), follow=range(300))


@pytest.mark.parametrize("stop", ["advert", "site", "delivery", "use", "billing", "support"])
def test_nothing_is_lost_there(plain: CustomerModel, stop: str) -> None:
    model = live(load_world(**BUSY | {f"touchpoints.{stop}.flawless": True}), follow=range(300))
    assert stop_totals(model, stop)["encounters"] > 100
    for statistic in ("poor", "irritation", "contacts", "last_straws"):
        assert blamed(model, statistic, stop) == 0, statistic
    for statistic in ("failures", "stuck", "overdue_noticed", "days_late"):
        assert stop_totals(model, stop)[statistic] == 0, statistic
    log, place = model.log(), index_of(model, stop)
    here = (log["event"] == ENCOUNTER) & (log["touchpoint"] == place) & (log["origin"] == place)
    assert np.all(log["utility"][here] >= 0)
    elsewhere = [name for name in model.scenario.touchpoints if name != stop]
    assert sum(blamed(model, "poor", name) for name in elsewhere) > 100
    if stop == "support":
        being_served = int(model.world.state[0].desks[0].busy)
        assert desk_totals(model)["settled"] == desk_totals(model)["served"] - being_served
    if stop in ("use", "site", "delivery"):
        assert blamed(plain, "poor", stop) > 100  # there was something to lose


def test_nobodys_life_changes_before_getting_there(plain: CustomerModel) -> None:
    model = live(load_world(**BUSY | {"touchpoints.use.flawless": True}), follow=range(300))
    place, same = index_of(model, "use"), 0
    logs = [found.log() for found in (plain, model)]
    for customer in range(300):
        mine, other = (log[log["customer"] == customer] for log in logs)
        there = np.flatnonzero(mine["touchpoint"] == place)
        until = there[0] if len(there) else len(mine)
        for name in mine.dtype.names:
            np.testing.assert_array_equal(mine[name][:until], other[name][:until], err_msg=name)
        same += until
    assert same > 1000


def test_luck_at_other_stops_is_the_same_for_all_time(plain: CustomerModel) -> None:
    """Draws belong to customer, journey and stop: whether the site fails there does not hang on anything else."""
    model = live(load_world(**BUSY | {"touchpoints.use.flawless": True}), follow=range(300))
    place = index_of(model, "site")
    luck = []
    for found in (plain, model):
        log = found.log()
        here = log[(log["event"] == ENCOUNTER) & (log["touchpoint"] == place)]
        luck.append({(entry["customer"], entry["journey"]): (entry["is_failure"], entry["reason"]) for entry in here})
    common = luck[0].keys() & luck[1].keys()
    assert len(common) > 1000
    assert all(luck[0][journey] == luck[1][journey] for journey in common)
    assert not np.array_equal(plain.world.customers["satisfaction"], model.world.customers["satisfaction"])


def test_a_flawless_desk_keeps_nobody_from_being_served() -> None:
    crowded = BUSY | {"desks.support.servers": 1, "desks.support.service": "60 min", "desks.support.patience": "5 min"}
    plain, model = (live(load_world(**crowded | {"touchpoints.support.flawless": flag})) for flag in (False, True))
    assert desk_totals(plain)["gave_up"] > 100
    assert desk_totals(model)["gave_up"] == 0
    assert blamed(model, "poor", "support") == 0
