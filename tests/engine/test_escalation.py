"""Complaints that go to the head office, and the effort that customers tell of."""

import math
from typing import Any

import numpy as np
import pytest

from cxsim.engine.log import COMPLAINS, CONTACT_PLANNED, ESCALATES, QUEUE_JOINED, SETTLED
from cxsim.model import CustomerModel
from tests.engine.totals import blamed, desk_totals, journey_totals
from tests.engine.twins import live
from tests.worlds import level, load_bare

FAILS: dict[str, Any] = {"use": {"kind": "use", "quality": level(0.6), "failure": {
    "probability": 1.0, "severity": level(0.4), "contact": "help", "contact_probability": 0.0}}}  # fmt: skip


def complaining(probability: float, **values: Any) -> CustomerModel:
    """Everything fails and everybody complains, the given share of them to the head office."""
    rules = {"voice_base": 50.0, "leave_base": -50.0, "escalation_probability": probability, "tolerance_factor": 1e9}
    return live(load_bare(FAILS, **{"rules": rules} | values), follow=range(200))


@pytest.mark.parametrize("probability", [0.0, 0.3, 1.0])
def test_so_many_complaints_go_to_the_head_office(probability: float) -> None:
    model = complaining(probability, **{"rules.escalation_resolution": 1.0})
    total, log = journey_totals(model), model.log()
    complaints = total["complaints"]
    assert complaints == np.isin(log["event"], (COMPLAINS, ESCALATES)).sum() > 500
    assert (
        abs(total["escalations"] / complaints - probability)
        <= 4 * (probability * (1 - probability) / complaints) ** 0.5
    )
    assert blamed(model, "contacts", "use", "failure") == complaints
    # the others queue at the desk; nobody whom the head office answers does
    assert (
        complaints - total["escalations"] - 200 <= desk_totals(model)["arrivals"] <= complaints - total["escalations"]
    )
    escalated = {(entry["customer"], entry["journey"]) for entry in log[log["event"] == ESCALATES]}
    queued = {(entry["customer"], entry["journey"]) for entry in log[log["event"] == QUEUE_JOINED]}
    assert not escalated & queued


def test_its_answer_takes_away_irritation_and_the_ledger_with_it() -> None:
    model = complaining(1.0, **{"rules.escalation_resolution": 1.0, "rules.escalation_recovery": 0.7})
    log = model.log()
    settled = np.flatnonzero(log["event"] == SETTLED)
    assert len(settled) > 400
    assert np.all(log["event"][settled - 1] == CONTACT_PLANNED)  # planned, then answered, with nothing between
    before, after = log[settled - 1], log[settled]
    kept = 0.5 ** ((after["at"] - before["at"]) / 60)
    np.testing.assert_allclose(after["irritation"], before["irritation"] * kept * 0.3, rtol=1e-9)
    assert 2.5 < np.mean(after["at"] - before["at"]) < 3.5  # three days on average
    assert journey_totals(model)["complaints_settled"] == len(settled)
    assert desk_totals(model)["arrivals"] == 0
    customers = model.world.customers
    elapsed = customers["settled_at"] - customers["ledger_at"]
    np.testing.assert_allclose(
        model.world.memory[:, :2].sum(axis=1) * 0.5 ** (elapsed / 60), customers["irritation"], rtol=1e-5
    )


def test_one_that_settles_nothing_is_written_again_three_times_at_most() -> None:
    never = {"rules.escalation_resolution": 0.0, "rules.return_probability": 1.0, "rules.return_days": 0.5,
             "rules.escalation_days": 0.5, "personas.everyone.journeys_per_year": "4 per year"}  # fmt: skip
    model = complaining(1.0, **never)
    total = journey_totals(model)
    assert total["complaints_settled"] == 0
    assert total["complaints"] == total["escalations"]
    assert total["stayed_after_poor"] > 50  # decided again, without a voice
    assert 3.5 * total["complaints"] < blamed(model, "contacts") <= 4 * total["complaints"]


def answers(noise: float, effort: float, **values: Any) -> tuple[float, float]:
    """Mean effort told, and surveys."""
    stops = {"form": {"kind": "self_service", "effort": effort, "quality": level(0.8)}}
    told = {"survey": {"sent": 1.0, "answered": 1.0}, "rules.effort_noise": noise}
    total = journey_totals(live(load_bare(stops, **told | values)))
    return total["survey_effort"] / total["surveys"], total["surveys"]


@pytest.mark.parametrize("effort", [0.0, 0.1, 0.5, 1.0])
def test_effort_is_told_from_one_to_seven(effort: float) -> None:
    mean, surveys = answers(0.0, effort)
    assert surveys > 500
    assert mean == round(1 + 6 * (1 - math.exp(-effort - 0.02)))  # a stop takes .02 itself


def test_noise_stays_within_one_to_seven() -> None:
    assert 1.0 < answers(2.0, 0.0)[0] < 3.0
    assert answers(0.0, 1.0, **{"rules.stop_effort": 50.0})[0] == 7.0
    assert 5.5 < answers(2.0, 1.0, **{"rules.stop_effort": 50.0})[0] < 7.0


def test_contacts_raise_the_effort_told() -> None:
    survey = {"survey": {"sent": 1.0, "answered": 1.0}, "rules.effort_noise": 0.0}
    told = {}
    for probability in (0.0, 1.0):
        model = live(load_bare(FAILS, **survey | {"touchpoints.use.failure.contact_probability": probability}))
        told[probability] = journey_totals(model)["survey_effort"] / journey_totals(model)["surveys"]
    assert told[0.0] == round(1 + 6 * (1 - math.exp(-0.02)))
    assert told[1.0] == round(1 + 6 * (1 - math.exp(-0.02 - 0.25))) > told[0.0]
