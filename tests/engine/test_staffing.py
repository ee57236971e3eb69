"""Staffing: one factor on the servers of every hour, whoever names them."""

from __future__ import annotations

from typing import Any

import pytest

import cxsim
from cxsim.model import CustomerModel
from cxsim.scenario.errors import ScenarioError
from cxsim.studies.simulate import simulate

SHIFTS = [{"days": "mon-fri", "hours": "9-11", "servers": [4, 2]}, {"days": "sat", "hours": "0-24"}]
SMALL = {"population.customers": 300, "horizon": "60 days"}
HALF = [{"days": "mon-fri", "hours": "9-11", "servers": [2, 1]}, {"days": "sat", "hours": "0-24"}]


def lived(**desk: Any) -> tuple[int, float]:
    overrides = {f"desks.counter.{name}": value for name, value in desk.items()}
    model = CustomerModel(cxsim.load("workshop", SMALL | overrides))
    model.run()
    return model.events, float(model.world.desk_days.sum())


def test_half_the_staff_is_half_of_every_number() -> None:
    assert lived(servers=4, shifts=SHIFTS, staffing=0.5) == lived(servers=2, shifts=HALF)
    assert lived(servers=4, shifts=SHIFTS, staffing=0.5) != lived(servers=4, shifts=SHIFTS)


def test_staff_can_be_away_for_a_while() -> None:
    away = {"interventions": {"flu": {"at": "20 days", "until": "40 days", "set": {"desks.counter.staffing": 0.5}}}}
    pair = {"desks.counter.servers": 2, "population.customers": 900}
    calm = cxsim.load("workshop", SMALL | pair)
    ill = cxsim.load("workshop", SMALL | pair | away)
    waits = [simulate(world, replications=1, jobs=1).estimate("wait_minutes_mean").mean for world in (calm, ill)]
    assert waits[1] > waits[0]


@pytest.mark.parametrize("staffing", [-0.1, 11])
def test_what_no_staffing_can_be_is_told(staffing: float) -> None:
    with pytest.raises(ScenarioError, match=r"desks\.counter\.staffing"):
        cxsim.load("workshop", {"desks.counter.staffing": staffing})
