"""Strictness: what is wrong is told in a sentence with file, line, path and nearest name, all at once."""

from pathlib import Path

import pytest

import cxsim
from cxsim.scenario.errors import Problem, ScenarioError, nearest
from cxsim.scenario.touchpoints import KINDS
from tests.scenario.told import TEXT, changed, line_of, only_problem, problems, written
from tests.worlds import small_world, with_values


def test_the_text_that_these_tests_vary_is_valid(tmp_path: Path) -> None:
    assert problems(written(tmp_path, TEXT)) == []


@pytest.mark.parametrize(
    ("old", "new", "path", "near"),
    [
        ("population: {customers: 50}", "populaton: {customers: 50}", "populaton", "population"),
        ("customers: 50", "custmers: 50", "population.custmers", "customers"),
        ("process: 0.7}", "proces: 0.7}", "company.promises.advert.proces", "process"),
        ("        servers: 1", "        sevrers: 1", "desks.support.shifts[1].sevrers", "servers"),
        ("sd: 1 day}", "distributon: fixed}", "touchpoints.delivery.carrier.distributon", "distribution"),
        ("  goal: [delivery]", "  gaol: [delivery]", "journey.gaol", "goal"),
    ],
)
def test_an_unknown_key_is_told_with_the_nearest_name(tmp_path: Path, old: str, new: str, path: str, near: str) -> None:
    text = changed((old, new))
    file = written(tmp_path, text)
    sentence = f"unknown key '{path.rpartition('.')[2]}'; did you mean '{near}'?"
    expected = Problem(path, sentence, str(file), line_of(text, new))
    assert only_problem(file) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_key_within_a_touchpoint_of_each_kind_is_told(tmp_path: Path, kind: str) -> None:
    required = {"message": "channel: advert", "desk": "desk: support", "delivery": "promise: 1 day"}.get(
        kind, "label: x"
    )
    more = "    handling: 1 day\n    carrier: 1 day\n" if kind == "delivery" else ""
    text = TEXT + f"  extra:\n    kind: {kind}\n    {required}\n{more}    importence: 1\n"
    file = written(tmp_path, text)
    problem = only_problem(file)
    assert problem.path == "touchpoints.extra.importence"
    assert problem.sentence == "unknown key 'importence'; did you mean 'importance'?"
    assert problem.line == line_of(text, "importence")


def test_a_key_of_another_kind_is_unknown() -> None:
    problem = only_problem(with_values(small_world(), {"touchpoints.use.promise": "5 days"}))
    assert problem.path == "touchpoints.use.promise"
    assert "unknown key 'promise'" in problem.sentence


@pytest.mark.parametrize("name", ["desk", "use", "label", "next"])
def test_a_touchpoint_named_like_a_kind_or_a_key_is_told_by_its_true_path(name: str) -> None:
    stop = {"kind": "desk", "desk": "support", "weights": {"peple": 1}}
    world = small_world()
    world["touchpoints"][name] = stop
    assert only_problem(world).path == f"touchpoints.{name}.weights.peple"


def test_all_errors_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = changed(
        ("customers: 50", "customers: many"),
        ("    servers: 2", "    servres: 2"),
        ("hours: 9-12", "hours: 12-9"),
        ("kind: message", "kind: mesage"),
        ("overdue_contact_probability: 0.5", "overdue_contact_probability: 1.5"),
    )
    file = written(tmp_path, text)
    found = problems(file)
    assert [problem.path for problem in found] == [
        "population.customers",
        "desks.support.servres",
        "desks.support.shifts[1].hours",
        "touchpoints.advert",
        "touchpoints.delivery.overdue_contact_probability",
    ]
    lines = [problem.line for problem in found]
    assert lines == sorted(lines)
    assert lines[0] == line_of(text, "many")
    assert lines[4] == line_of(text, "1.5")
    assert {problem.file for problem in found} == {str(file)}


def test_the_message_of_the_error_holds_every_problem_on_its_own_line() -> None:
    error = ScenarioError(
        [Problem("a.b", "is wrong", "x.yaml", 3), Problem("", "is missing", "y.yaml"), Problem("c", "!")]
    )
    assert str(error) == "x.yaml, line 3: a.b: is wrong\ny.yaml: is missing\nc: !"
    assert isinstance(error, ValueError)


def test_what_is_meant_by_several_semantic_errors_is_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = changed(
        ("    servers: 2", "    servers: 0"),
        ("        servers: 1\n", ""),
        ("goal: [delivery]", "goal: [delivry]"),
        ("{delivery: 1}", "{delivery: 0.9}"),
        ("overdue_contact: support", "overdue_contact: suport"),
    )
    found = problems(written(tmp_path, text))
    paths = ["desks.support", "journey.goal", "touchpoints.advert.next", "touchpoints.delivery.overdue_contact"]
    assert [problem.path for problem in found if problem.path != "touchpoints.support"] == paths
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("touchpoints.use.kind", "usee", "read 'usee'; did you mean 'use'?"),
        ("touchpoints.use.kind", 7, "read '7'; allowed: message, self_service, desk, delivery, use, billing"),
        ("touchpoints.use", {}, "'kind' is missing; allowed: message, self_service, desk, delivery, use, billing"),
        ("touchpoints.use", "use", "read 'use'; allowed: a mapping of keys to values"),
        ("touchpoints", [], "read []; allowed: a mapping of keys to values"),
        ("population", 300, "read 300; allowed: a mapping of keys to values"),
        ("population.customers", "many", "read 'many'; allowed: a whole number"),
        ("population.customers", 2.5, "read 2.5; allowed: a whole number"),
        ("population.customers", 0, "read 0; allowed: at least 1"),
        ("population.customers", True, "read True; allowed: a number"),
        ("seed", -1, "read -1; allowed: at least 0"),
        ("name", "no spaces", "read 'no spaces'; allowed: letters, digits, - and _"),
        ("name", 7, "read 7; allowed: text"),
        ("format", 2, "read 2; allowed: 1"),
        ("start_weekday", "tues", "read 'tues'; did you mean 'tue'?"),
        ("journey.goal", "use", "read 'use'; allowed: a list"),
        ("desks.support.knows_history", "perhaps", "read 'perhaps'; allowed: true or false"),
        ("desks.support.servers", "two", "read 'two'; allowed: a number"),
        ("desks.support.servers", False, "read False; allowed: a number"),
        ("desks.support.servers", float("inf"), "read inf; allowed: at most 100000"),
        ("desks.support.shifts.0.servers", "two", "read 'two'; allowed: a number"),
        ("desks.support.shifts.0.servers", -2, "read -2; allowed: at least 0"),
        ("desks.support.closing", "never", "read 'never'; allowed: serve_out, turn_away, carry_over"),
        ("touchpoints.site.quality.people", 1.2, "read 1.2; allowed: at most 1"),
        ("touchpoints.delivery.carrier_correlation", 1.1, "read 1.1; allowed: at most 1"),
        ("touchpoints.delivery.handling_correlation", -1.1, "read -1.1; allowed: at least -1"),
        ("personas.everyone.share", 1.5, "read 1.5; allowed: at most 1"),
        ("personas.everyone.switching_cost.mean", float("inf"), "read inf; allowed: a finite number"),
        ("rules.loss_aversion", "strong", "read 'strong'; allowed: a number"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_with_what_is_allowed(path: str, value: object, sentence: str) -> None:
    problem = only_problem(with_values(small_world(), {path: value}))
    assert problem.sentence == sentence
    assert problem.path.replace("[0]", ".0") in (path, path.removesuffix(".kind"))


@pytest.mark.parametrize("entry", ["x", -1, None, True])
def test_a_bad_entry_of_a_list_is_told_at_the_entry(entry: object) -> None:
    servers = [1.0] * 11 + [entry]
    problem = only_problem(with_values(small_world(), {"desks.support.shifts.0.servers": servers}))
    assert problem.path == "desks.support.shifts[0].servers[11]"


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("name", "name"),
        ("journey", "journey"),
        ("touchpoints", "touchpoints"),
        ("journey.start", "journey.start"),
        ("touchpoints.advert.channel", "touchpoints.advert.channel"),
        ("touchpoints.delivery.promise", "touchpoints.delivery.promise"),
        ("touchpoints.delivery.promise.mean", "touchpoints.delivery.promise.mean"),
        ("touchpoints.support.desk", "touchpoints.support.desk"),
    ],
)
def test_a_missing_field_is_told(path: str, missing: str) -> None:
    world = small_world()
    node = world
    *way, last = path.split(".")
    for key in way:
        node = node[key]
    del node[last]
    problem = only_problem(world)
    assert (problem.path, problem.sentence) == (missing, f"'{last}' is missing")


def test_a_missing_field_points_at_what_it_is_missing_from(tmp_path: Path) -> None:
    text = changed(("    channel: advert\n", ""))
    problem = only_problem(written(tmp_path, text))
    assert text.splitlines()[problem.line - 1] == "  advert:"


@pytest.mark.parametrize("key", ["title", "market", "touchpoints.bilings", "desks.support.label"])
def test_a_key_without_value_is_told_where_nothing_is_to_be_removed(key: str) -> None:
    problem = only_problem(with_values(small_world(), {key: None}))
    assert (problem.path, problem.sentence.split(",")[0]) == (key, "has no value")


def test_a_misspelt_key_without_value_is_unknown_too() -> None:
    assert "did you mean 'population'" in only_problem(small_world(populaton=None)).sentence


def test_what_may_be_absent_may_stand_without_value() -> None:
    world = with_values(small_world(), {"touchpoints.site.failure": None, "touchpoints.site.wow": None})
    assert cxsim.load(world) == cxsim.load(small_world())


def test_nearest_gives_a_hint_or_the_list_or_nothing() -> None:
    assert nearest("servres", ["servers", "shifts"]) == "did you mean 'servers'?"
    assert nearest("xyz", ["servers", "shifts"]) == "allowed: servers, shifts"
    assert nearest("xyz", []) == ""
    assert nearest("xyz", [f"name{number}" for number in range(13)]) == ""


def test_wrong_values_and_what_cannot_be_are_told_at_once(tmp_path: Path) -> None:
    text = changed(("    servers: 2\n", "    servers: -2\n"), ("start: advert", "start: advrt"),
                   ("channel: advert", "channel: advrt"), ("_probability: 0.5", "_probability: 5"))  # fmt: skip
    found = [problem.path for problem in problems(written(tmp_path, text))]
    # what stands in a section with a wrong value of its own waits until that is mended
    assert found == ["desks.support.servers", "journey.start", "touchpoints.delivery.overdue_contact_probability"]


def test_nothing_is_guessed_of_the_rest_where_whole_entries_are_wrong(tmp_path: Path) -> None:
    text = changed(("start: advert", "start: advrt"), ("    advert: {people: 0.7", "    advert: [people, 0.7"),
                   ("process: 0.7}", "process, 0.7]"), ("product: 0.7,", "product, 0.7,"))  # fmt: skip
    found = [problem.path for problem in problems(written(tmp_path, text))]
    assert "company.promises.advert" in found
    assert "touchpoints.advert.channel" not in found
