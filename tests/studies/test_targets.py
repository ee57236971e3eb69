"""Targets files: strict, every mistake a sentence; how a miss is reckoned."""

from pathlib import Path
from typing import Any

import pytest

from cxsim.results.measures import MEASURE
from cxsim.scenario.errors import ScenarioError
from cxsim.studies.targets import Target, load_targets, ready_targets


def targets(**changes: Any) -> dict[str, Any]:
    target = {"title": "t", "statistic": "nps_measured", "low": 20, "high": 30, "source": "s", **changes}
    return {"name": "mine", "targets": {"nps": {key: value for key, value in target.items() if value is not None}}}


def told(data: dict[str, Any] | Path) -> str:
    with pytest.raises(ScenarioError) as error:
        load_targets(data)
    return str(error.value)


@pytest.mark.parametrize("name", ready_targets())
def test_ready_targets_load_and_name_their_sources(name: str) -> None:
    found = load_targets(name)
    assert found.name == name
    assert found.fit
    for target in found.targets.values():
        assert target.statistic in MEASURE
        assert target.source
    assert load_targets(found.document()) == found


def test_the_published_file_holds_the_survey_figure_and_group_one() -> None:
    found = load_targets("published").targets
    assert (found["switched-after-poor"].value, found["switched-after-poor"].tolerance) == (0.89, 0.01)
    strict = {name for name, target in found.items() if target.group == 1}
    assert strict == {"switched-after-poor", "stopped-after-very-poor", "reduced-or-stopped", "poor-experiences",
                      "voice-no-money-lost", "abandonment", "wait", "asymmetry"}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"statistic": "nps"}, "no measure 'nps'; did you mean"),
        ({"tolerence": 3}, "unknown key 'tolerence'; did you mean 'tolerance'?"),
        ({"low": None}, "'value' with 'tolerance', or 'low' and 'high'"),
        ({"low": 40}, "low less than high"),
        ({"value": 50}, "a value within its band"),
        ({"weight": -1}, "read -1; allowed: at least 0"),
        ({"group": 4}, "read 4"),
        ({"source": None}, "'source' is missing"),
    ],
)
def test_mistakes_are_told_in_sentences(changes: dict[str, Any], sentence: str) -> None:
    assert sentence in told(targets(**changes))


@pytest.mark.parametrize(
    ("fit", "sentence"),
    [
        ({"a": {"parameter": "leave_bas"}}, "did you mean 'leave_base'?"),
        ({"a": {"parameter": "leave_base", "low": -20}}, "allowed: -8 to 0, the plausible range"),
        ({"a": {"path": "money.price", "low": 1, "high": 2}}, "only plausible ranges are fitted"),
        ({"a": {}}, "either 'parameter' or 'path'"),
    ],
)
def test_only_plausible_ranges_are_fitted(fit: dict[str, Any], sentence: str) -> None:
    assert sentence in told({**targets(), "fit": fit})


def test_file_and_line_are_told_and_all_mistakes_at_once(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "name: mine\ntargets:\n  nps:\n    title: t\n    statistic: npss\n    low: 1\n    high: 2\n    source: s\n"
        "fit:\n  base: {parameter: leave_bas}\n"
    )
    text = told(file)
    assert f"{file}, line 5: targets.nps.statistic" in text
    assert f"{file}, line 10: fit.base.parameter" in text


def test_a_name_that_is_nowhere_gets_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'published'"):
        load_targets("publishd")


def test_misses_count_from_the_value_or_beyond_the_comfortable_part_of_the_band() -> None:
    figure = Target(title="t", statistic="nps_measured", value=0.89, tolerance=0.01, source="s")
    assert figure.miss(0.91) == pytest.approx(2.0)
    assert figure.holds(0.8801)
    assert not figure.holds(0.8799)
    band = Target(title="t", statistic="nps_measured", low=20, high=30, source="s")
    assert band.miss(28.9) == 0.0
    assert band.miss(31.5) == pytest.approx(1.0)  # 2.5 beyond 29, in units of a quarter of the band
    assert band.miss(18.5) == pytest.approx(-1.0)
    intention = Target(title="t", statistic="left_after_poor_1", low=0.17, high=0.35, discount=0.58, source="s")
    assert intention.holds(0.1)
    assert not intention.holds(0.21)
