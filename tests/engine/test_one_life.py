"""Whole lives relived by hand, from the equations of the model's description alone.

The world has no chance but when things happen and whether they fail, and both stand in the log; so every level, every
score and every decision to blow up can be followed from the first day with a few lines of plain arithmetic.
"""

from dataclasses import dataclass, field
from math import exp, tanh
from typing import Any

import numpy as np
import pytest

from cxsim.engine.log import BLOW_UP, ENCOUNTER, JOURNEY_BEGINS, JOURNEY_ENDS
from cxsim.engine.world import build_world
from tests.engine.twins import live
from tests.worlds import load_world

SEVERITY = (0.1, 0.5, 0.3)
NEEDS = {"people": 0.5, "product": 1.0, "process": 0.8}
STOPS: dict[str, Any] = {
    "site": {"kind": "self_service", "quality": {"people": 0.6, "product": 0.75, "process": 0.68}, "effort": 0.2,
             "weights": {"people": 0.2, "product": 0.3, "process": 0.5}, "next": {"use": 1}},
    "use": {"kind": "use", "quality": {"people": 0.7, "product": 0.8, "process": 0.62}, "importance": 0.9,
            "failure": {"probability": 0.25, "severity": dict(zip(NEEDS, SEVERITY, strict=True))},
            "takes": "2 days", "next": {"billing": 0.5, "end": 0.5}},
    "billing": {"kind": "billing", "quality": {"people": 0.5, "product": 0.5, "process": 0.45}, "importance": 0.4},
}  # fmt: skip
for _stop in STOPS.values():
    _stop["quality_sd"] = dict.fromkeys(NEEDS, 0.0)


@dataclass
class Life:
    """One customer's mind, as the model describes it."""

    base: float
    own_adequate: float
    desired: np.ndarray
    adequate: np.ndarray
    predicted: np.ndarray
    normative: np.ndarray
    uncertainty: float = 0.04
    goodwill: float = 0.2
    irritation: float = 0.0
    satisfaction: float = 0.0
    at: float = 0.0
    against: dict[int, float] = field(default_factory=dict)
    betrayals: int = 0
    moments: list[float] = field(default_factory=list)

    def fade(self, at: float) -> None:
        kept = 0.5 ** ((at - self.at) / 60)
        self.irritation *= kept
        self.against = {stop: kept * irritation for stop, irritation in self.against.items()}
        excess = np.maximum(self.normative - self.base, 0) * 0.98 ** ((at - self.at) / 30)
        self.normative = np.where(self.normative > self.base, self.base + excess, self.normative)
        self.at = at

    def begin_journey(self) -> None:
        target = self.own_adequate + 0.3 * (self.predicted - 0.5)
        self.adequate = np.clip(self.adequate + 0.4 * (target - self.adequate), 0, self.desired - 0.05)

    def live(
        self, k: int, quality: np.ndarray, weights: np.ndarray, importance: float, at: float, failed: bool
    ) -> dict[str, Any]:
        self.fade(at)
        perceived = np.clip(0.9 * np.clip(quality, 0, 1) + 0.2 * self.predicted - 0.1 * self.normative, 0, 1)
        felt = []
        for p, d, a in zip(perceived, self.desired, self.adequate, strict=True):
            if p > d:
                felt.append(0.1 + (p - d) ** 0.88)
            elif p < a:
                felt.append(-0.1 - 2 * (a - p) ** 0.88)
            else:
                felt.append(0.2 * (p - (a + d) / 2) / (d - a))
        utility = float(weights @ np.array(felt))
        score = tanh(2 * importance * utility)
        shortfall = weights @ (perceived - self.adequate)
        poor = bool(shortfall < 0 or np.any((weights >= 0.2) & (perceived < self.adequate - 0.15)))
        if utility < 0:
            betrayal = failed and self.against.get(k, 0.0) > 0.05  # the first may happen, the same again must not
            growth = -utility * importance * (1 + (0.5 if betrayal else -0.5) * self.goodwill)
            self.irritation += growth
            self.against[k] = self.against.get(k, 0.0) + growth
            self.betrayals += betrayal
        self.goodwill = 0.7 * self.goodwill if poor else self.goodwill + 0.05 * (1 - self.goodwill)
        gain = max(self.uncertainty / (self.uncertainty + 0.04), 0.1)
        self.uncertainty = self.uncertainty * (1 - gain) + 0.002
        self.predicted = self.predicted + gain * (perceived - self.predicted)
        change = perceived - self.normative
        self.normative = self.normative + np.where(change > 0, 0.15, 0.01) * change
        self.desired = self.desired + 0.03 * (np.maximum(self.base, self.normative) - self.desired)
        target = self.own_adequate + 0.3 * (self.predicted - 0.5)
        self.adequate = np.clip(self.adequate + 0.4 * (target - self.adequate), 0, self.desired - 0.05)
        self.moments.append(score)
        return {"perceived": perceived, "utility": utility, "satisfaction": score, "is_poor": poor,
                "irritation": self.irritation, "goodwill": self.goodwill}  # fmt: skip

    def end_journey(self, number: int) -> None:
        peak = max(self.moments, key=abs)
        kept = 0.45 * peak + 0.45 * self.moments[-1] + 0.10 * float(np.mean(self.moments))
        self.satisfaction += (0.2 + 0.3 * exp(-(number - 1) / 3)) * (kept - self.satisfaction)
        self.moments = []


def test_lives_follow_the_equations() -> None:
    scenario = load_world(**{
        "touchpoints": STOPS, "desks": {}, "journey": {"start": "site", "goal": ["use"]}, "population.customers": 80,
        "personas": {"everyone": {"journeys_per_year": "25 per year", "needs": NEEDS, "urgent_share": 0}},
        "rules": {"leave_base": -2.0, "tolerance_factor": 0.5}, "horizon": "300 days",
        "mechanisms": {"word_of_mouth": False, "best_in_class": False, "moving_alternatives": False},
    })  # fmt: skip
    start = build_world(scenario, 1, 0).customers
    model = live(scenario, follow=range(80))
    alternatives = scenario.factors["perceived_alternatives"].adequate
    qualities = [np.array([stop.quality.people, stop.quality.product, stop.quality.process - 0.3 * stop.effort])
                 for stop in scenario.touchpoints.values()]  # fmt: skip
    needs = np.array(list(NEEDS.values()))
    weights = [np.array(stop.weights.values_in_order()) * needs for stop in scenario.touchpoints.values()]
    importance = [stop.importance for stop in scenario.touchpoints.values()]
    log, blown, betrayals = model.log(), 0, 0
    for number in range(80):
        row = start[number]
        life = Life(
            float(row.desired_base), float(row.adequate_base) + alternatives * float(row.alternatives_share),
            np.array(row.desired), np.array(row.adequate), np.array(row.predicted), np.array(row.normative),
        )  # fmt: skip
        decided = over = False
        for entry in log[log["customer"] == number]:
            assert (entry["event"] == BLOW_UP) == over  # at once, and only then
            if entry["event"] == JOURNEY_BEGINS:
                decided = False
                life.begin_journey()
            elif entry["event"] == ENCOUNTER:
                k = int(entry["touchpoint"])
                for name in ("desired", "adequate", "predicted"):
                    np.testing.assert_allclose(entry[name], getattr(life, name), atol=1e-6, err_msg=name)
                quality = qualities[k] - (np.array(SEVERITY) if entry["is_failure"] else 0)
                failed = bool(entry["is_failure"])
                expected = life.live(k, quality, weights[k] / weights[k].sum(), importance[k], entry["at"], failed)
                for name, value in expected.items():
                    np.testing.assert_allclose(entry[name], value, atol=2e-6, err_msg=name)
                over = life.irritation > 0.5 * float(row.irritation_tolerance) and life.moments[-1] < 0 and not decided
            elif entry["event"] == BLOW_UP:
                decided, over, blown = True, False, blown + 1
            elif entry["event"] == JOURNEY_ENDS:
                life.end_journey(int(entry["journey"]))
                assert entry["cumulative_satisfaction"] == pytest.approx(life.satisfaction, abs=2e-6)
        betrayals += life.betrayals
        last = model.world.customers[number]
        assert last.satisfaction == pytest.approx(life.satisfaction, abs=2e-6)
    assert blown > 10
    assert betrayals > 10
    assert log["is_failure"].sum() > 100
    assert log["is_poor"].sum() > 50
