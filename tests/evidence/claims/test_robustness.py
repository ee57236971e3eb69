from pathlib import Path

import numpy as np
import pytest

from cxsim.evidence.claims.claim import Part, level
from cxsim.evidence.claims.robustness import decider, draw_rules, robustness, wilson
from cxsim.scenario.parameters import PARAMETER, PARAMETERS
from tests.evidence.claims.planted import SMALL, planted


def read_loss_aversion(seen):
    return {"loss aversion": seen.scenario.parameters()["loss_aversion"]}


def hangs_on_loss_aversion():
    middle = (PARAMETER["loss_aversion"].low + PARAMETER["loss_aversion"].high) / 2
    return planted(
        id="hangs", variants={"the world": {}}, read=read_loss_aversion, setting={**SMALL, "horizon": "1 day"},
        parts=(Part("loss aversion", level("the world", "loss aversion"), "ratio", above=middle),),
    )  # fmt: skip


def test_draws_lie_in_their_ranges_and_a_longer_study_goes_on_with_a_shorter_one() -> None:
    few, many = draw_rules(2, 7), draw_rules(4, 7)
    assert many[:2] == few
    assert many[0] != many[1]
    for parameter in PARAMETERS:
        assert all(parameter.low <= drawn[f"rules.{parameter.name}"] <= parameter.high for drawn in many)


def test_the_parameter_that_decides_is_found(tmp_path: Path) -> None:
    (found,) = robustness([hangs_on_loss_aversion()], draws=40, replications=1, jobs=1, out=tmp_path)
    assert found.draws == 40
    assert found.low < 0.5 < found.high
    assert found.decider is not None
    assert (found.decider.parameter, found.decider.clear) == ("loss_aversion", True)
    assert found.decider.where_holds > found.decider.where_not


def test_where_none_decides_none_is_called_clear_more_often_than_its_level() -> None:
    generator = np.random.default_rng(3)
    rules = [{f"p{place}": value for place, value in enumerate(row)} for row in generator.uniform(size=(40, 60))]
    clear = sum(found.clear for found in (decider(generator.random(40) < 0.5, rules) for _ in range(20)) if found)
    assert clear <= 4  # 1 expected


def test_a_stopped_study_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = planted(replications=1)
    first = robustness([claim], draws=2, replications=1, jobs=1, out=tmp_path)

    def never(*_: object) -> None:
        raise AssertionError("lived again")

    monkeypatch.setattr("cxsim.evidence.claims.judging.read_run", never)
    assert robustness([claim], draws=2, replications=1, jobs=1, out=tmp_path) == first


def test_intervals_of_shares() -> None:
    assert wilson(5, 10) == (pytest.approx(0.2366, abs=1e-4), pytest.approx(0.7634, abs=1e-4))
    assert wilson(0, 10)[0] == 0
    assert wilson(10, 10)[1] == 1
