"""What targets tell of parameters, on problems with known answers."""

import pandas as pd
import pytest

from cxsim.studies.identify import PRIOR_SD, identification, refining_step, slopes, trade_offs
from cxsim.studies.targets import Target


def target(statistic: str, value: float, tolerance: float = 1.0) -> Target:
    return Target(title="t", statistic=statistic, value=value, tolerance=tolerance, source="s")


TARGETS = {"one": target("satisfaction", 10.0), "two": target("nps_measured", 0.0)}
RANGES = {"a": (0.0, 2.0), "b": (0.0, 1.0), "c": (-1.0, 1.0)}
PLACES = {"a": 0.5, "b": 0.5, "c": 0.5}
ANSWERS = pd.DataFrame({"a": [100.0, 0.0], "b": [0.0, 5.0], "c": [0.0, 5.0]}, index=["one", "two"])


def test_slopes_are_differences_per_whole_range_as_a_survey_states_them() -> None:
    low = pd.DataFrame({"left_after_poor_1": [0.10]}, index=["a"])
    high = pd.DataFrame({"left_after_poor_1": [0.13]}, index=["a"])
    intention = Target(title="t", statistic="left_after_poor_1", low=0, high=1, discount=0.5, source="s")
    assert slopes(low, high, [0.1], {"x": intention}).loc["x", "a"] == pytest.approx(0.6)


def test_a_parameter_with_a_target_of_its_own_is_identified_and_two_that_share_one_are_not() -> None:
    found = identification(ANSWERS, TARGETS, PLACES, RANGES).set_index("parameter")
    spread = (100**2 + 1 / PRIOR_SD**2) ** -0.5
    assert found.loc["a", "learned"] == pytest.approx(1 - spread / PRIOR_SD)
    assert found.loc["a", ["value", "verdict", "by"]].tolist() == [1.0, "identified", "one"]
    assert found.loc["a", "low"] == pytest.approx(1 - 2 * 1.96 * spread)
    assert found.loc["b", "verdict"] != "identified"
    assert (found.loc["b", "mixed_with"], found.loc["c", "mixed_with"]) == ("c", "b")
    assert found.loc["b", "correlation"] < -0.3


def test_a_target_of_no_weight_teaches_nothing() -> None:
    silent = {name: one.model_copy(update={"weight": 0.0}) for name, one in TARGETS.items()}
    found = identification(ANSWERS, silent, PLACES, RANGES)
    assert found["learned"].abs().max() < 1e-9
    assert set(found["verdict"]) == {"not identified"}


def test_the_refining_step_leads_to_the_target_and_stays_in_range() -> None:
    now = {"satisfaction": 5.0, "nps_measured": 0.0}
    step = refining_step(ANSWERS, TARGETS, now, PLACES, 0.25)
    assert step["a"] == pytest.approx(0.05, rel=0.01)
    assert step["b"] == pytest.approx(0.0, abs=1e-6)
    far = refining_step(ANSWERS, TARGETS, {"satisfaction": -500.0, "nps_measured": 0.0}, PLACES, 0.25)
    assert far["a"] == pytest.approx(0.25)


def test_trade_offs_tell_what_bringing_a_missed_target_in_would_cost() -> None:
    answers = pd.DataFrame({"a": [10.0, 10.0]}, index=["one", "two"])
    found = trade_offs(answers, TARGETS, {"one": 8.0, "two": 0.0}, {"a": 0.5})
    assert found[["target", "other"]].to_numpy().tolist() == [["one", "two"]]
    assert found["reached"][0] == pytest.approx(10.0, abs=0.1)
    assert found["other_then"][0] == pytest.approx(2.0, abs=0.1)
    alone = trade_offs(ANSWERS, TARGETS, {"one": 8.0, "two": 0.0}, PLACES)
    assert alone["other"].tolist() == [""]
