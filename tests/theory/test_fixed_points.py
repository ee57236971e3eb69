"""Where learning comes to rest, by algebra, and the engine's customers there after a long even life.

With an even service q and no spread, what is perceived is P = c q + a W - b H with c + a - b = 1, so W = H = P = q is
the point of rest; the other levels follow from it.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from cxsim.engine.columns import ACTIVE
from cxsim.model import CustomerModel
from tests.worlds import level, load_bare

LONG = {"personas": {"everyone": {"journeys_per_year": "365 per year", "urgent_share": 0}}, "population.customers": 40,
        "horizon": "1500 days", "mechanisms.moving_alternatives": False, "mechanisms.best_in_class": False,
        "mechanisms.blow_up": False, "mechanisms.leaving": False, "mechanisms.frequency_cut": False}  # fmt: skip


def lived(quality: float, **values: object) -> CustomerModel:
    """Forty customers who use the same even thing every day for four years."""
    return CustomerModel(load_bare({"use": {"kind": "use", "quality": level(quality)}}, **LONG | values)).run()


@pytest.mark.parametrize("quality", [0.3, 0.55, 0.8])
def test_levels_come_to_rest_where_the_equations_say(quality: float) -> None:
    model = lived(quality)
    p, people = model.scenario.parameters(), model.world.customers
    assert np.all(people["status"] == ACTIVE)
    base = people["desired_base"].astype(float)[:, None]
    assert np.allclose(people["predicted"], quality, atol=5e-4)
    if quality > base.max():  # what should be is what is; time pulls a little of the excess back between encounters
        assert np.all(people["normative"] <= quality + 1e-9)
        assert np.allclose(people["normative"], quality, atol=0.01)
    # what is wanted rests at the own standard or at what should be, whichever is higher
    assert np.allclose(people["desired"], np.maximum(base, people["normative"]), atol=2e-3)
    target = (
        people["adequate_base"][:, None]
        + p["predicted_effect"] * (quality - 0.5)
        + model.scenario.factors["perceived_alternatives"].adequate * people["alternatives_share"][:, None]
    )
    held = np.maximum(np.minimum(target, people["desired"] - p["zone_minimum"]), 0.0)
    assert np.allclose(people["adequate"], held, atol=1e-3)


def test_uncertainty_rests_where_learning_and_drift_balance() -> None:
    model = lived(0.7)
    p = model.scenario.parameters()
    drift, seen = p["uncertainty_drift"], p["seen_variance"]
    rest = (drift + math.sqrt(drift**2 + 4 * drift * seen)) / 2  # v = v s / (v + s) + drift
    assert rest / (rest + seen) > p["learning_floor"]  # else the floor would hold it elsewhere
    assert np.allclose(model.world.customers["uncertainty"], rest, rtol=1e-5)


def test_cumulative_satisfaction_rests_at_what_every_journey_leaves() -> None:
    model = lived(0.75)
    p, people = model.scenario.parameters(), model.world.customers
    felt = np.zeros(len(people))
    weights = np.array(model.scenario.touchpoints["use"].weights.values_in_order())
    for d in range(3):
        desired, adequate = people["desired"][:, d].astype(float), people["adequate"][:, d].astype(float)
        above = 0.5 * p["zone_slope"] + np.maximum(0.75 - desired, 0) ** p["exponent"]
        inside = p["zone_slope"] * (0.75 - (desired + adequate) / 2) / (desired - adequate)
        felt += weights[d] / weights.sum() * np.where(desired < 0.75, above, inside)
    expected = np.tanh(p["steepness"] * model.scenario.touchpoints["use"].importance * felt)
    assert np.allclose(people["satisfaction"], expected, atol=0.02)


def test_trust_goodwill_and_the_expected_lead_time_come_to_rest() -> None:
    parcel = {"kind": "delivery", "promise": "6 days", "handling": "1 day", "carrier": "3 days",
              "quality": level(0.75)}  # fmt: skip
    kept = CustomerModel(load_bare({"parcel": parcel}, **LONG | {"horizon": "1000 days"})).run().world.customers
    assert np.allclose(kept["trust"], 1.0, atol=1e-6)
    assert np.allclose(kept["goodwill"], 1.0, atol=1e-3)
    assert np.allclose(kept["learned_lead_days"], 4.0, atol=1e-5)
    broken = {**parcel, "promise": "2 days"}
    late = CustomerModel(load_bare({"parcel": broken}, **LONG | {"horizon": "1000 days"})).run().world.customers
    assert np.allclose(late["trust"], 0.0, atol=1e-6)


def test_irritation_rests_where_an_even_stream_of_losses_meets_its_fading() -> None:
    """A loss g every day, halving every h days, rests at g / (1 - 2 ** (-1/h)) right after a loss.

    A bill comes a day after the one before: the journey takes a day, and by its end the next need is there already.
    """
    still = {"mechanisms.learning": False, "mechanisms.goodwill": False, "horizon": "900 days",
             "personas": {"everyone": {"journeys_per_year": "8760 per year", "urgent_share": 0}}}  # fmt: skip
    bill = {"kind": "billing", "quality": level(0.2), "importance": 0.1, "takes": "1 day"}
    thing = {"kind": "use", "quality": level(0.8)}
    model = CustomerModel(load_bare({"bill": bill, "thing": thing}, **LONG | still)).run()
    p, people = model.scenario.parameters(), model.world.customers
    weights = np.array(model.scenario.touchpoints["bill"].weights.values_in_order())
    perceived = p["delivered_weight"] * 0.2 + p["predicted_weight"] * people["predicted"] - (
        p["delivered_weight"] + p["predicted_weight"] - 1) * people["normative"]  # fmt: skip
    loss = p["zone_slope"] / 2 + p["loss_aversion"] * np.maximum(people["adequate"] - perceived, 0) ** p["exponent"]
    each = (loss @ (weights / weights.sum())) * 0.1
    rest = each / (1 - 0.5 ** (1 / p["irritation_half_life_days"]))
    since = model.day - people["settled_at"]  # the latest loss, and the good thing a day after it, fade on
    faded = rest * 0.5 ** (1 / p["irritation_half_life_days"])
    assert np.all(since < 1.1)
    assert np.all((people["irritation"] > faded * 0.999) & (people["irritation"] < rest * 1.001))
