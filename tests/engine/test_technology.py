"""Technology that helps people along (enabler) against technology that dictates how things go (definer)."""

from typing import Any

import numpy as np
import pytest

from cxsim.engine.columns import REASONS, TECHNOLOGY
from cxsim.engine.log import CONTACT_PLANNED, ENCOUNTER, QUEUE_JOINED
from cxsim.model import CustomerModel
from tests.engine.totals import blamed, journey_totals, stop_totals
from tests.engine.twins import live
from tests.worlds import level, load_bare

AS_DELIVERED = {"mechanisms.perception_bias": False}
LEFT_OF_EFFORT = {"enabler": 0.2, "definer": 0.4}  # of .5: one takes off .3, the other .1
LOSS = {"enabler": 0.4 * 0.25, "definer": 0.4}


def lived(mode: str, **values: Any) -> CustomerModel:
    """A kiosk that gets stuck three times in ten, then the thing itself; what is delivered is what is perceived."""
    technology = {"mode": mode, "stuck_probability": 0.3, "contact": "help"}
    stops = {
        "kiosk": {"kind": "self_service", "quality": level(0.7), "effort": 0.5, "technology": technology},
        "use": {"kind": "use", "quality": level(0.7)},
    }
    return live(load_bare(stops, **AS_DELIVERED | {"journey.goal": ["kiosk"]} | values), follow=range(200))


@pytest.fixture(scope="module")
def models() -> dict[str, CustomerModel]:
    return {mode: lived(mode) for mode in ("enabler", "definer")}


def at_kiosk(model: CustomerModel) -> np.ndarray:
    log = model.log()
    return log[(log["event"] == ENCOUNTER) & (log["touchpoint"] == 0)]


@pytest.mark.parametrize("mode", ["enabler", "definer"])
def test_it_takes_off_effort_and_costs_level_where_it_gets_stuck(models: dict[str, CustomerModel], mode: str) -> None:
    log = at_kiosk(models[mode])
    stuck, process = log["reason"] == TECHNOLOGY, log["perceived"][:, 2]
    assert 0.25 < stuck.mean() < 0.35
    np.testing.assert_allclose(process[~stuck], 0.7 - 0.3 * LEFT_OF_EFFORT[mode], atol=1e-12)
    np.testing.assert_allclose(process[stuck], 0.7 - 0.3 * LEFT_OF_EFFORT[mode] - LOSS[mode], atol=1e-12)
    assert stop_totals(models[mode], "kiosk")["stuck"] == stuck.sum()
    assert stop_totals(models[mode], "use")["stuck"] == 0


def test_the_same_people_get_stuck_in_both(models: dict[str, CustomerModel]) -> None:
    found = [
        {(entry["customer"], entry["journey"]): entry["reason"] == TECHNOLOGY for entry in at_kiosk(model)}
        for model in models.values()
    ]
    common = found[0].keys() & found[1].keys()
    assert len(common) > 1000
    assert all(found[0][journey] == found[1][journey] for journey in common)


def test_a_person_takes_over_at_once_where_it_enables(models: dict[str, CustomerModel]) -> None:
    model = models["enabler"]
    log, stuck = model.log(), at_kiosk(model)["reason"] == TECHNOLOGY
    planned = log[log["event"] == CONTACT_PLANNED]
    assert len(planned) == stuck.sum() == blamed(model, "contacts", "kiosk", "technology")
    called = log[(log["event"] == QUEUE_JOINED) & (log["is_contact"] == 1)]
    when = {(entry["customer"], entry["journey"]): entry["at"] for entry in planned}
    waits = [entry["at"] - when[entry["customer"], entry["journey"]] for entry in called]
    assert len(called) >= len(planned) - 1
    np.testing.assert_allclose(waits, 0.003, atol=1e-9)
    assert journey_totals(model)["goals_reached"] == journey_totals(model)["journeys"]


def test_people_are_left_to_call_where_it_defines(models: dict[str, CustomerModel]) -> None:
    model = models["definer"]
    log, stuck = model.log(), (at_kiosk(model)["reason"] == TECHNOLOGY).sum()
    planned = log[log["event"] == CONTACT_PLANNED]
    assert len(planned) == blamed(model, "contacts", "kiosk", "technology")
    assert abs(len(planned) / stuck - 0.7) < 4 * (0.21 / stuck) ** 0.5
    when = {(entry["customer"], entry["journey"]): entry["at"] for entry in planned}
    called = log[(log["event"] == QUEUE_JOINED) & (log["is_contact"] == 1)]
    waits = np.array([entry["at"] - when[entry["customer"], entry["journey"]] for entry in called])
    assert abs(waits.mean() - 0.25) < 4 * 0.25 / len(waits) ** 0.5  # six hours, exponential
    total = journey_totals(model)
    missed = total["journeys"] - total["goals_reached"]
    assert stuck - model.world.customers["is_open"].sum() <= missed <= stuck


@pytest.mark.parametrize(("mode", "sign"), [("enabler", -1), ("definer", 1)])
def test_only_where_there_was_no_way_around_it_looks_like_betrayal(mode: str, sign: int) -> None:
    """Goodwill (.2 at first) softens the loss by half of itself, or sharpens it."""
    first = at_kiosk(lived(mode, **{"touchpoints.kiosk.quality": level(0.4)}))
    first = first[(first["serial"] == 1) & (first["reason"] == TECHNOLOGY) & (first["utility"] < 0)]
    assert len(first) > 20
    np.testing.assert_allclose(first["irritation"], -first["utility"] * 0.5 * (1 + sign * 0.5 * 0.2), rtol=1e-6)


@pytest.mark.parametrize("mode", ["enabler", "definer"])
def test_switched_off_it_neither_helps_nor_gets_stuck(mode: str) -> None:
    model = lived(mode, **{"mechanisms.technology": False})
    log = at_kiosk(model)
    np.testing.assert_allclose(log["perceived"][:, 2], 0.7 - 0.3 * 0.5, atol=1e-12)
    assert (stop_totals(model, "kiosk")["stuck"], blamed(model, "contacts")) == (0, 0)
    assert REASONS.index("technology") not in set(log["reason"])


def test_a_definer_without_anybody_to_call_leaves_people_alone() -> None:
    technology = {"mode": "definer", "stuck_probability": 0.5}
    kiosk = {"kind": "self_service", "quality": level(0.5), "technology": technology}
    model = live(load_bare({"kiosk": kiosk}), follow=range(200))
    log = at_kiosk(model)
    assert stop_totals(model, "kiosk")["stuck"] > 100
    assert blamed(model, "contacts") == 0
    poor = log[log["is_poor"] == 1]
    assert blamed(model, "poor", "kiosk", "technology") == (poor["reason"] == TECHNOLOGY).sum() > 100
