"""The table of evidence: its groups, its published lines, and the calibrated scenario."""

import json
import sys
from collections.abc import Iterator
from types import ModuleType

import pandas as pd
import pytest

import cxsim
from cxsim.evidence import validate as module
from cxsim.evidence.checks import Check
from cxsim.evidence.published import lines, of_several, several
from cxsim.evidence.validate import Settings, check_groups, failures, validate
from cxsim.evidence.words import figure, verdict
from cxsim.report.evidence_page import evidence_page
from cxsim.scenario.errors import ScenarioError
from cxsim.scenario.ready import find_scenario
from cxsim.studies.targets import Target
from tests.worlds import load_world


def line(simulated: float | None, strict: bool = True) -> Check:
    return Check("a", "claims", "A claim", 0.5, simulated, 0.4, 0.6, "share", strict, "said by practitioners")


@pytest.fixture
def made_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """A group that somebody else brings."""
    made = ModuleType("made_claims")

    def checks(settings: Settings) -> Iterator[Check]:
        yield line(0.5 if settings.quick else 0.7)

    made.checks = checks  # type: ignore[attr-defined]
    made.__spec__ = module.util.spec_from_loader("made_claims", loader=None)
    monkeypatch.setitem(sys.modules, "made_claims", made)
    monkeypatch.setattr(module, "GROUPS", {"theory": module.GROUPS["theory"], "claims": "made_claims:checks",
                                           "data": "cxsim.evidence.nowhere:checks"})  # fmt: skip


@pytest.mark.usefixtures("made_group")
def test_groups_come_from_the_table_and_those_that_are_not_there_are_left_out() -> None:
    assert check_groups([]) == ["theory", "claims"]
    [found] = validate(Settings(quick=True), ["claims"])
    assert found.holds
    [found] = validate(Settings(), ["claims"])
    assert failures([found]) == [found]
    with pytest.raises(ScenarioError, match=r"no group 'claim'; did you mean 'claims'"):
        check_groups(["claim"])
    with pytest.raises(ScenarioError, match="no group 'data'"):
        check_groups(["data"])


def test_a_miss_fails_only_if_the_line_is_strict() -> None:
    assert failures([line(0.7), line(0.7, strict=False), line(0.5)]) == [line(0.7)]
    assert [verdict(line(*case)) for case in ((0.5,), (0.7,), (0.7, False), (None,))] == [
        "holds", "FAILS", "missed", "nothing to count",
    ]  # fmt: skip
    assert figure(0.8912, line(0.5)) == "89.1 %"
    assert figure(None, line(0.5)) == "-"


TARGETS = {
    "switched-after-poor": Target(title="Switched", statistic="switched_after_poor", value=0.89, tolerance=0.01,
                                  group=1, source="survey"),
    "would-leave": Target(title="Would leave", statistic="left_after_poor_1", low=0.17, high=0.35, discount=0.58,
                          source="survey"),
}  # fmt: skip


def test_published_lines_judge_mean_and_every_seed() -> None:
    runs = pd.DataFrame({"switched_after_poor": [0.88, 0.90, 0.865], "switched_at_risk": [8000.0] * 3,
                         "left_after_poor_1": [0.116] * 3})  # fmt: skip
    mean, seeds, intention = lines(load_world(), TARGETS, runs)
    assert mean.simulated == pytest.approx(0.8816667)
    assert mean.holds
    assert "24,000 customers at risk" in mean.note
    assert "a verdict needs 20 seeds" in mean.note
    assert seeds.simulated == pytest.approx(0.025)
    assert not seeds.holds
    assert intention.simulated == pytest.approx(0.2)
    assert not intention.strict


def test_a_figure_that_cannot_be_had_says_why_and_is_no_failure() -> None:
    runs = pd.DataFrame({"switched_after_poor": [float("nan")], "switched_at_risk": [float("nan")],
                         "left_after_poor_1": [0.1]})  # fmt: skip
    mean, _ = lines(load_world(), TARGETS, runs)
    assert mean.simulated is None
    assert not mean.strict
    assert "needs a horizon of 1095 days; the scenario has 60" in mean.note


def test_several_relationships() -> None:
    assert of_several(0.2, 10) == pytest.approx(1 - 0.8**10)
    assert several(0.5, 3) == "1: 0.500, 2: 0.750, 3: 0.875"


def test_the_page_and_the_document_tell_every_line() -> None:
    page = evidence_page([line(0.5), line(0.7)], quick=True)
    assert "1 of 2 lines hold; 1 that have to do not" in page
    assert "verdicts are hints" in page
    record = json.loads(json.dumps(line(0.5).record()))
    assert {"id", "group", "observed", "simulated", "low", "high", "holds", "strict"} <= set(record)


def test_the_calibrated_scenario_extends_the_shop_and_moves_only_rules() -> None:
    from cxsim.scenario.documents import difference
    from cxsim.scenario.parameters import PARAMETER

    fitted, shop = (cxsim.load(find_scenario(name)) for name in ("consumer_calibrated", "consumer"))
    changed = {
        path: value for path, _, value in difference(shop, fitted) if path not in ("name", "title", "description")
    }
    assert changed
    for path, value in changed.items():
        kind, _, name = path.partition(".")
        assert kind == "rules"
        assert PARAMETER[name].low <= value <= PARAMETER[name].high


@pytest.mark.slow
def test_the_calibrated_scenario_reproduces_the_survey_figure_and_group_one() -> None:
    scenario = cxsim.load(find_scenario("consumer_calibrated"))
    found = list(validate(Settings([scenario]), ["published"]))
    by_id = {one.id: one for one in found}
    assert by_id["switched-after-poor"].holds
    assert by_id["switched-after-poor-every-seed"].holds
    assert [one.id for one in failures(found)] == []
