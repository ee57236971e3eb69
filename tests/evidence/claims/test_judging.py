import math

import numpy as np
import pytest

from cxsim.evidence.claims.claim import Part, Values, level
from cxsim.evidence.claims.judging import PartFound, judge, judge_part, overall, run_count, tasks_of, verdict_of
from cxsim.results.measures import Estimate, estimate
from tests.evidence.claims.planted import about_nothing, planted


def part(**bounds: float | bool) -> Part:
    return Part("planted", level("a", "x"), "unit", **bounds)  # type: ignore[arg-type]


def between(low: float, high: float) -> Estimate:
    return Estimate((low + high) / 2, low, high, 1.0, 5)


@pytest.mark.parametrize(
    ("bounds", "low", "high", "verdict"),
    [
        ({"above": 0.0}, 0.1, 0.2, "holds"),
        ({"above": 0.0}, -0.2, -0.1, "does not hold"),
        ({"above": 0.0}, -0.1, 0.1, "not clear"),
        ({"above": 0.0}, 0.0, 0.0, "does not hold"),
        ({"below": 0.0}, -0.2, -0.1, "holds"),
        ({"above": 1.3, "below": 2.5}, 1.4, 2.4, "holds"),
        ({"above": 1.3, "below": 2.5}, 2.6, 2.7, "does not hold"),
        ({"above": 1.3, "below": 2.5}, 2.4, 2.6, "not clear"),
        ({"above": 0.0, "negligible": 0.5}, 0.1, 0.2, "does not hold"),
        ({"above": 0.0, "negligible": 0.5}, 0.1, 0.7, "holds"),
        ({"differs": True}, -0.2, -0.1, "holds"),
        ({"differs": True}, 0.0, 0.0, "does not hold"),
        ({"differs": True}, -0.1, 0.1, "not clear"),
        ({"above": 0.0}, math.nan, math.nan, "not clear"),
    ],
)
def test_a_verdict_is_where_the_interval_lies(bounds: dict[str, float], low: float, high: float, verdict: str) -> None:
    assert verdict_of(between(low, high), part(**bounds)) == verdict


def test_a_planted_true_claim_holds_and_its_contrary_does_not() -> None:
    true, false = judge([planted(), planted(id="contrary", above=False)], jobs=1)
    assert true.verdict == "holds"
    assert false.verdict == "does not hold"
    assert true.parts[0].effect.mean > 0


def test_where_nothing_differs_nothing_is_found() -> None:
    (judged,) = judge([planted(better=0.7, worse=0.7)], jobs=1)
    assert judged.verdict == "does not hold"
    assert judged.parts[0].effect.mean == judged.parts[0].effect.sd == 0


def test_a_claim_fails_without_what_it_rests_on() -> None:
    rests = planted(without={"touchpoints.bill.quality.process": 0.7})
    (judged,) = judge([rests], jobs=1)
    assert judged.verdict == "holds"
    assert judged.fails_without is True


def test_a_switch_that_has_nothing_to_do_with_a_claim_does_not_make_it_fail() -> None:
    (judged,) = judge([planted(without={"mechanisms.reviews": False})], jobs=1)
    assert judged.fails_without is False


def test_losing_what_never_held_is_no_proof_of_a_mechanism() -> None:
    (judged,) = judge([planted(above=False, without={"touchpoints.bill.quality.process": 0.7})], jobs=1)
    assert judged.fails_without is None


def test_noise_is_called_an_effect_no_more_often_than_its_level() -> None:
    generator = np.random.default_rng(5)
    held = sum(
        judge_part(part(above=0.0), Values({"a": [{"x": value} for value in generator.normal(size=6)]})).verdict
        == "holds"
        for _ in range(2_000)
    )
    assert 25 < held < 80  # 50 expected: one side of a 95 % interval


@pytest.mark.slow
def test_luck_in_a_real_world_is_called_an_effect_no_more_often_than_its_level() -> None:
    held = sum(judge([about_nothing()], seed=seed, jobs=1)[0].verdict == "holds" for seed in range(80))
    assert held <= 6  # 2 expected; more than 6 has a chance of 1 in 200


def test_a_claim_without_its_scenario_is_not_yet_judged() -> None:
    (judged,) = judge([planted(base="atlantis")], jobs=1)
    assert judged.verdict == "not yet judged"
    assert judged.record()["holds"] is None
    assert "atlantis" in judged.reason


def test_worlds_that_claims_share_are_lived_once() -> None:
    one, other = planted(), planted(id="other", worse=0.6)
    assert run_count(tasks_of([one])) == 10
    assert run_count(tasks_of([one, other])) == 15


def test_worlds_share_their_luck() -> None:
    (judged,) = judge([planted(0.75, 0.70)], jobs=1)
    values = judged.values
    assert values is not None
    paired = values("better", "satisfaction") - values("worse", "satisfaction")
    assert paired.std() < 0.5 * np.hypot(values("better", "satisfaction").std(), values("worse", "satisfaction").std())
    assert judged.parts[0].effect == estimate(paired.tolist())


@pytest.mark.slow
def test_the_result_does_not_depend_on_the_number_of_processes() -> None:
    alone, together = (judge([planted()], jobs=jobs)[0] for jobs in (1, 2))
    assert alone.parts == together.parts or alone.parts[0].effect == together.parts[0].effect


def test_where_nothing_holds_the_effect_itself_decides() -> None:
    def found(*verdicts: str) -> list[PartFound]:
        return [PartFound(part(above=0.0), between(0, 1), verdict) for verdict in verdicts]  # type: ignore[arg-type]

    assert overall(found("holds", "holds")) == "holds"
    assert overall(found("not clear", "holds")) == "holds in part"
    assert overall(found("does not hold", "not clear")) == "does not hold"
    assert overall(found("not clear", "does not hold")) == "not clear"
    assert overall([]) == "not yet judged"
