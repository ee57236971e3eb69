"""Blame: what is put down to whom, against the event log and against what a stop merely had to bear."""

from typing import Any

import numpy as np
import pytest

from cxsim.engine.columns import REASONS
from cxsim.engine.log import CONTACT_PLANNED, LEAVES, SETTLED
from cxsim.engine.tally import B_CONTACTS, B_IRRITATION, B_LAST_STRAWS, B_POOR
from cxsim.model import CustomerModel
from cxsim.results.result import Result
from cxsim.results.run import collect
from tests.engine.totals import blamed, desk_totals, index_of, journey_totals, stop_totals
from tests.engine.twins import live
from tests.worlds import level, load_bare, load_world

BUSY: dict[str, Any] = {
    "warm_up": "0 days", "personas": {"everyone": {"journeys_per_year": "40 per year"}},
    "desks.support": {"servers": 1, "service": "20 min", "patience": "40 min", "resolution": 0.6},
    "touchpoints.use.failure": {"probability": 0.2, "contact": "support", "contact_probability": 0.7},
    "touchpoints.site.technology": {"mode": "definer", "stuck_probability": 0.1, "contact": "support"},
    "touchpoints.delivery.carrier": {"mean": "4 days", "sd": "3 days"},
    "rules": {"return_probability": 0.0, "leave_base": -1.5},
}  # fmt: skip
UPSTREAM: dict[str, Any] = {
    "use": {"kind": "use", "quality": level(0.7),
            "failure": {"probability": 0.5, "severity": level(0.1), "contact": "help", "contact_probability": 1.0}},
}  # fmt: skip


@pytest.fixture(scope="module")
def model() -> CustomerModel:
    return live(load_world(**BUSY), follow=range(300))


def counted(entries: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Entries of the log by origin and reason."""
    table = np.zeros((6, len(REASONS)))
    np.add.at(table, (entries["origin"], entries["reason"]), 1.0 if weights is None else weights)
    return table


def test_poor_encounters_contacts_and_last_straws_are_those_of_the_log(model: CustomerModel) -> None:
    log, blame = model.log(), model.world.blame
    for statistic, entries in (
        (B_POOR, log[log["is_poor"] == 1]),
        (B_CONTACTS, log[log["event"] == CONTACT_PLANNED]),
        (B_LAST_STRAWS, log[log["event"] == LEAVES]),
    ):
        assert np.all((entries["origin"] >= 0) & (entries["reason"] >= 0))
        np.testing.assert_array_equal(blame[:, :, statistic], counted(entries))
    assert blame[:, :, B_LAST_STRAWS].sum() == journey_totals(model)["left"] > 10


def test_irritation_is_put_down_where_it_grew(model: CustomerModel) -> None:
    """Every growth is a rise in the log between the entry before (faded) and the loss itself."""
    log = model.log()
    growth = np.zeros(len(log))
    lived = np.isfinite(log["utility"])
    for customer in range(300):
        mine = np.flatnonzero(log["customer"] == customer)
        at, feeling = 0.0, 0.0
        for place in mine:
            faded = feeling * 0.5 ** (max(log["at"][place] - at, 0.0) / 60)
            if lived[place] and log["utility"][place] < 0:
                growth[place] = log["irritation"][place] - faded
            at, feeling = max(at, log["at"][place]), log["irritation"][place]
            feeling = feeling if lived[place] or log["event"][place] == SETTLED else faded
    rising = log[growth > 0]
    table = counted(rising, growth[growth > 0])
    np.testing.assert_allclose(model.world.blame[:, :, B_IRRITATION], table, rtol=1e-9, atol=1e-9)


def test_contacts_planned_arrive_or_are_still_to_come(model: CustomerModel) -> None:
    total, customers = journey_totals(model), model.world.customers
    planned = blamed(model, "contacts")
    under_way = (customers["contact_touchpoint"] >= 0).sum()
    given_up_with_the_firm = total["left"] + total["drifted"] + total["ended"]
    arrived = total["contacts"] + total["escalations"]
    assert planned - under_way - given_up_with_the_firm <= arrived <= planned
    assert total["contacts"] == desk_totals(model)["failure_contacts"]


def test_a_desk_bears_what_others_brought_about() -> None:
    """It settles nothing that was broken before it: poor at the desk, and the blame stays with the origin."""
    model = live(load_bare(UPSTREAM, **{"desks.help.resolution": 0.0, "rules.return_probability": 0.0,
                                        "touchpoints.help.quality": level(0.4)}))  # fmt: skip
    desk, use = stop_totals(model, "help"), stop_totals(model, "use")
    assert desk["poor"] == desk["poor_from_elsewhere"] > 100
    assert use["poor_from_elsewhere"] == 0
    for statistic in ("poor", "irritation", "contacts", "last_straws"):
        assert blamed(model, statistic, "help") == 0
    assert blamed(model, "poor", "use", "unresolved") == desk["poor"]
    drivers = Result(model.scenario, 1, [collect(model, 0.0, False, False)]).drivers.set_index("key")
    assert drivers.loc["help", "poor_here"] == drivers.loc["help", "poor_from_elsewhere"] > 0
    assert drivers.loc["help", "poor_caused"] == 0
    assert drivers.loc["use", "poor_caused"] == pytest.approx(drivers.loc[["use", "help"], "poor_here"].sum())
    assert drivers.loc["unresolved", "poor_caused"] == drivers.loc["help", "poor_here"]


def test_a_desk_of_the_journey_itself_has_itself_to_blame() -> None:
    stops = {"shop": {"kind": "desk", "desk": "shop", "quality": level(0.3), "quality_sd": level(0.0)}}
    model = live(load_bare({"door": {"kind": "use"}} | stops, **{
        "desks": {"shop": {"servers": 50}}, "touchpoints.door.next": {"shop": 1},
    }))  # fmt: skip
    totals = stop_totals(model, "shop")
    assert totals["poor"] == blamed(model, "poor", "shop") > 100
    assert totals["poor_from_elsewhere"] == 0
    assert index_of(model, "shop") == 1


def test_nothing_of_the_warm_up_is_blamed_on_anybody() -> None:
    fails_early = {
        "at": "0 days",
        "set": {"touchpoints.use.failure.probability": 0.0, "touchpoints.use.quality": level(0.9)},
    }
    model = live(load_bare(UPSTREAM, **{"warm_up": "20 days", "interventions.better": fails_early}))
    assert stop_totals(model, "use")["failures"] > 100
    late = {name: blamed(model, name, "use", "failure") for name in ("poor", "irritation")}
    assert late == {"poor": 0, "irritation": 0}
