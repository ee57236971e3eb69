"""The ten factors: the default set, single values overridden, another set from a file, an eleventh."""

from collections import Counter
from pathlib import Path

import pytest

import cxsim
from cxsim.scenario.loading import default_factors
from cxsim.scenario.people import DEFAULT_FACTORS
from tests.scenario.told import TEXT, only_problem, problems, written
from tests.worlds import load_world, small_world, with_values

LABELS = {
    "enduring_intensifiers": "my own standards",
    "personal_needs": "what I need it for",
    "transitory_intensifiers": "urgency right now",
    "perceived_alternatives": "what the best others do",
    "self_perceived_role": "how well I did my part",
    "situational_factors": "things beyond anyone's control",
    "explicit_promises": "what you promise",
    "implicit_promises": "what price and looks suggest",
    "word_of_mouth": "what others say",
    "past_experience": "what happened before",
}


def test_there_are_ten_factors_with_plain_labels() -> None:
    assert {key: factor.label for key, factor in load_world().factors.items()} == LABELS


def test_every_factor_has_a_control_class() -> None:
    factors = load_world().factors
    classes = Counter(factor.control for factor in factors.values())
    assert classes == {"uncontrollable": 5, "influenceable": 3, "controllable": 2}
    assert {key for key, factor in factors.items() if factor.control == "controllable"} == {
        "explicit_promises",
        "implicit_promises",
    }


def test_effects_have_the_signs_of_the_source() -> None:
    for key, factor in load_world().factors.items():
        assert factor.desired >= 0, key
        assert (factor.adequate < 0) == (key == "situational_factors"), key
        assert factor.desired or factor.adequate or factor.predicted, f"{key} does nothing"
        assert factor.source, f"{key} has no source"


def test_signals_of_the_prediction_are_those_of_the_source() -> None:
    predicted = {key for key, factor in load_world().factors.items() if factor.predicted}
    assert predicted == {"explicit_promises", "implicit_promises", "word_of_mouth", "past_experience"}


def test_one_value_of_one_factor_can_be_overridden_in_the_file() -> None:
    factors = load_world(**{"factors.word_of_mouth.mean": 0.8}).factors
    assert factors["word_of_mouth"].mean == 0.8
    assert factors["word_of_mouth"].label == "what others say"
    assert len(factors) == 10


def test_a_factor_can_be_removed_and_stays_removed_in_the_document() -> None:
    scenario = load_world(**{"factors.word_of_mouth": None})
    assert "word_of_mouth" not in scenario.factors
    assert cxsim.load(scenario.document()) == scenario
    assert cxsim.load(scenario, {"seed": 5}).factors == scenario.factors


def test_an_eleventh_factor_is_taken_in() -> None:
    eleventh = {"label": "what the season brings", "control": "influenceable", "desired": 0.08}
    scenario = load_world(**{"factors.season": eleventh, "personas.everyone.factors.season": {"mean": 0.9, "sd": 0.05}})
    assert list(scenario.factors) == [*LABELS, "season"]
    assert scenario.factors["season"].desired == 0.08
    assert cxsim.load(scenario.document()) == scenario


def test_an_incomplete_factor_is_told() -> None:
    found = problems(with_values(small_world(), {"factors.season.label": "the season"}))
    assert [(problem.path, problem.sentence) for problem in found] == [
        ("factors.season.control", "'control' is missing")
    ]


def test_another_set_is_read_from_a_file_beside_the_scenario(tmp_path: Path) -> None:
    written(tmp_path, "speed: {label: speed, control: controllable, desired: 0.2}\n", "two.yaml")
    file = written(tmp_path, TEXT + "factors: two.yaml\n")
    assert list(cxsim.load(file).factors) == ["speed"]
    assert cxsim.load(cxsim.load(file).document()) == cxsim.load(file)
    child = written(tmp_path, "extends: shop.yaml\nfactors: {speed: {mean: 0.9}}\n", "child.yaml")
    assert cxsim.load(child).factors["speed"].mean == 0.9
    assert cxsim.load(child).factors["speed"].desired == 0.2


def test_a_variant_may_replace_the_set_of_its_parent(tmp_path: Path) -> None:
    written(tmp_path, "speed: {label: speed, control: controllable}\n", "one.yaml")
    written(tmp_path, TEXT)
    child = written(tmp_path, "extends: shop.yaml\nfactors: one.yaml\n", "child.yaml")
    assert list(cxsim.load(child).factors) == ["speed"]


def test_problems_of_a_factor_file_are_told_in_that_file(tmp_path: Path) -> None:
    factors = written(tmp_path, "speed:\n  label: speed\n  control: controlable\n", "one.yaml")
    problem = only_problem(written(tmp_path, TEXT + "factors: one.yaml\n"))
    assert (problem.path, problem.file, problem.line) == ("factors.speed.control", str(factors), 3)
    assert "did you mean 'controllable'?" in problem.sentence


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("fctors.yaml", "no such file 'fctors.yaml'; did you mean 'factors.yaml'?"),
        ("[1]", "allowed: a mapping"),
        ('"a\\0"', "allowed: the name of a YAML file"),
        ("null", "'factors' is missing"),
    ],
)
def test_a_bad_name_of_a_factor_file_is_told_at_its_line(tmp_path: Path, value: str, part: str) -> None:
    written(tmp_path, "speed: {label: speed, control: controllable}\n", "factors.yaml")
    problem = only_problem(written(tmp_path, f"{TEXT}factors: {value}\n"))
    assert part in problem.sentence
    assert (problem.path, problem.line) == ("factors", len(TEXT.splitlines()) + 1)


def test_a_persona_names_only_factors_that_exist() -> None:
    problem = only_problem(with_values(small_world(), {"personas.everyone.factors.word_of_moth": {"mean": 0.5}}))
    assert problem.path == "personas.everyone.factors.word_of_moth"
    assert "did you mean 'word_of_mouth'?" in problem.sentence


def test_the_names_of_the_default_set_are_known_to_the_schema() -> None:
    assert tuple(default_factors()) == DEFAULT_FACTORS


def test_the_default_set_is_handed_out_anew_each_time() -> None:
    default_factors()["word_of_mouth"]["mean"] = 5
    assert "mean" not in default_factors()["word_of_mouth"]
