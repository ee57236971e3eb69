"""Overrides by dotted path, as `--set` gives them, and the difference between two scenarios."""

from pathlib import Path
from typing import Any

import pytest

import cxsim
from cxsim.scenario.documents import difference
from cxsim.scenario.reading import parse_set
from tests.scenario.told import TEXT, line_of, only_problem, problems, written
from tests.worlds import load_world, small_world


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("desks.support.servers", 8),
        ("population.customers", 1000),
        ("market.reputation", 0.9),
        ("mechanisms.learning", False),
        ("rules.loss_aversion", 1.5),
        ("market.competitors.rival", {"level": 0.7, "prominence": 3.0}),
        ("touchpoints.site.failure.probability", 0.5),
        ("touchpoints.delivery.next", {"use": 0.9, "billing": 0.1}),
    ],
)
def test_an_override_sets_one_value(path: str, value: Any) -> None:
    base = load_world()
    node: Any = cxsim.load(small_world(), {path: value}).document()
    for key in path.split("."):
        node = node[key]
    assert node == value
    changed = [where for where, _, _ in difference(base, cxsim.load(base, {path: value}))]
    assert changed
    assert all(where.startswith(path.removesuffix(".probability")) for where in changed)


def test_a_rival_may_be_given_by_its_level_alone() -> None:
    plain = cxsim.load(small_world(), {"market.competitors.rival": 0.7})
    assert plain.market.competitors["rival"].model_dump() == {"level": 0.7, "prominence": 1.0}
    assert plain == cxsim.load(small_world(), {"market.competitors.rival": {"level": 0.7, "prominence": 1}})
    told = only_problem(small_world(), {"market.competitors.rival": True})
    assert told.path.startswith("market.competitors.rival")


OVERRIDES: list[dict[str, Any]] = [
    {"desks.support.servers": 8},
    {"touchpoints.delivery.promise": "5 days"},
    {"touchpoints.delivery.promise.mean": "4 days"},
    {"touchpoints.delivery.carrier.sd": "4 days"},
    {"touchpoints.use.takes.sd": "1 day", "touchpoints.use.takes.mean": "2 days"},
    {"population.tenure.mean": "3 years"},
    {"touchpoints.use.failure.severity.people": 0.2},
    {"personas.everyone.needs.people": 0.5},
    {"desks.support.shifts": [{"hours": "10-12"}]},
    {"population": None},
    {"journey.starts_at": [{"hours": "8-10", "weight": [1, 2]}]},
]


@pytest.mark.parametrize("overrides", OVERRIDES, ids=lambda overrides: next(iter(overrides)))
def test_overriding_a_file_and_overriding_the_loaded_scenario_agree(tmp_path: Path, overrides: dict[str, Any]) -> None:
    world = small_world()
    from_data = cxsim.load(world, overrides)
    assert from_data == cxsim.load(cxsim.load(world), overrides)
    assert from_data.digest() == cxsim.load(cxsim.load(world), overrides).digest()
    assert world == small_world(), "the caller's data must stay as they were"


def test_the_siblings_of_an_overridden_value_stay_also_where_they_are_defaults() -> None:
    changed = load_world().document()
    del changed["desks"]["support"]["service"]  # the default has a spread
    service = cxsim.load(changed, {"desks.support.service.mean": "9 min"}).desks["support"].service
    assert (service.mean, service.sd) == (9.0, 4.0)
    tenure = cxsim.load(small_world(), {"population.tenure.mean": "1 year"}).population.tenure
    assert (tenure.mean, tenure.distribution) == (365.0, "exponential")


def test_a_fixed_duration_in_text_may_be_overridden_whole_or_in_part(tmp_path: Path) -> None:
    file = written(tmp_path, TEXT)
    for overrides, expected in [
        ({"touchpoints.delivery.promise": "4 days"}, (4.0, 0.0, "fixed")),
        ({"touchpoints.delivery.promise.mean": "4 days"}, (4.0, 0.0, "fixed")),
        ({"touchpoints.delivery.promise.sd": "1 day"}, (5.0, 1.0, "lognormal")),
        ({"touchpoints.delivery.promise.distribution": "exponential"}, (5.0, 0.0, "exponential")),
    ]:
        promise = cxsim.load(file, overrides).touchpoints["delivery"].promise  # type: ignore[union-attr]
        assert (promise.mean, promise.sd, promise.distribution) == expected


@pytest.mark.parametrize(
    ("path", "value", "where", "part"),
    [
        ("desks.support.servres", 8, "desks.support.servres", "did you mean 'servers'?"),
        ("desk.support.servers", 8, "desk", "did you mean 'desks'?"),
        ("desks.suport.servers", 8, "desks.suport", "is no touchpoint's desk; did you mean 'support'?"),
        ("touchpoints.delivery.promise.maen", "1 day", "touchpoints.delivery.promise.maen", "did you mean 'mean'?"),
        ("rules.loss_aversio", 2, "rules.loss_aversio", "did you mean 'loss_aversion'?"),
        ("mechanisms.lerning", False, "mechanisms.lerning", "did you mean 'learning'?"),
        ("factors.word_of_mouth.nean", 1, "factors.word_of_mouth.nean", "did you mean 'mean'?"),
        ("desks.support.shifts.0.servers", 8, "desks.support.shifts.0.servers", "leads into the list 'shifts'"),
        ("journey.goal.0", "use", "journey.goal.0", "leads into the list 'goal'"),
        ("population.customers.x", 8, "population.customers.x", "'customers' is the single value 300"),
        ("name.first", "x", "name.first", "'name' is the single value 'small'"),
        ("desks.support.servers", "many", "desks.support.servers", "read 'many'; allowed: a number"),
        ("desks.support", 8, "desks.support", "allowed: a mapping"),
        ("", 8, "", "unknown key ''"),
        ("a..b", 8, "a", "unknown key 'a'"),
        ("extends", "x.yaml", "extends", "unknown key"),
        ("touchpoints.new.kind", "use", "touchpoints.new", "never reached"),
        ("desks.support.servers", None, "", ""),
    ],
)  # fmt: skip
def test_a_bad_override_is_told(path: str, value: Any, where: str, part: str) -> None:
    if part == "":
        assert cxsim.load(small_world(), {path: value}).desks["support"].servers == 1  # back to the default
        return
    for source in (small_world(), load_world()):
        problem = only_problem(source, {path: value})
        assert (problem.file, problem.path) == ("--set", where)
        assert part in problem.sentence


def test_all_bad_overrides_are_told_at_once() -> None:
    overrides = {"desks.support.shifts.0": 1, "name.x": 1, "population.customers": 5}
    assert [problem.path for problem in problems(small_world(), overrides)] == ["desks.support.shifts.0", "name.x"]
    overrides = {"population.custmers": 5, "market.reputaton": 1, "touchpoints.use.weights.proces": 1}
    assert [problem.path for problem in problems(small_world(), overrides)] == list(overrides)


def test_an_override_can_mend_a_file(tmp_path: Path) -> None:
    file = written(tmp_path, TEXT.replace("servers: 2", "servers: -2"))
    assert cxsim.load(file, {"desks.support.servers": 3}).desks["support"].servers == 3


def test_problems_of_the_file_keep_their_line_beside_overrides(tmp_path: Path) -> None:
    file = written(tmp_path, TEXT.replace("goal: [delivery]", "goal: [delivry]"))
    problem = only_problem(file, {"population.customers": 60})
    assert (problem.file, problem.line) == (str(file), line_of(file.read_text(), "delivry"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("desks.support.servers=8", ("desks.support.servers", 8)),
        (" a.b = 0.5 ", ("a.b", 0.5)),
        ("a=5 days", ("a", "5 days")),
        ("a=3 %", ("a", "3 %")),
        ("a=true", ("a", True)),
        ("a=null", ("a", None)),
        ("a=[1, 2]", ("a", [1, 2])),
        ("a={mean: 5 days}", ("a", {"mean": "5 days"})),
        ("a=x=y", ("a", "x=y")),
        ('a=""', ("a", "")),
    ],
)
def test_text_of_an_override_is_read_as_yaml(text: str, expected: tuple[str, Any]) -> None:
    path, value = parse_set(text)
    assert (path, value) == expected
    assert type(value) is type(expected[1])


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("desks.support.servers", "write path=value"),
        ("=8", "write path=value"),
        ("", "write path=value"),
        ("a=", "has no value; write null to remove it"),
        ("a=[1", "is not valid YAML"),
        ("a=b: c: d", "is not valid YAML"),
        ("a=" + "[" * 400, "is not valid YAML"),
        ("a=" + "9" * 5000, "is not valid YAML"),
        ("a=\0", "is not valid YAML"),
        ("a=2026-01-01", "write it as text in quotes"),
        ("a=!x 1", "YAML tag"),
    ],
)
def test_unreadable_text_of_an_override_is_told(text: str, part: str) -> None:
    with pytest.raises(cxsim.ScenarioError) as caught:
        parse_set(text)
    (problem,) = caught.value.problems
    assert part in problem.sentence
    assert problem.file == "--set"
    assert len(str(problem)) < 200


def test_difference_lists_every_leaf_that_differs_with_both_values() -> None:
    base = load_world()
    assert difference(base, load_world()) == []
    other = cxsim.load(base, {"desks.support.servers": 8, "touchpoints.delivery.promise.mean": "4 days"})
    assert difference(base, other) == [
        ("touchpoints.delivery.promise.mean", "5.0 days", "4.0 days"),
        ("desks.support.servers", 2.0, 8.0),
    ]
    assert difference(other, base) == [(path, second, first) for path, first, second in difference(base, other)]


def test_difference_tells_what_one_scenario_lacks() -> None:
    base = load_world()
    other = cxsim.load(base, {"rules.loss_aversion": 1.5, "touchpoints.site.failure.probability": 0.1})
    found = {path: values for path, *values in difference(base, other)}
    assert found["rules.loss_aversion"] == [None, 1.5]
    assert found["touchpoints.site.failure.probability"] == [None, 0.1]
