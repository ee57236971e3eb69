"""Reading files: broken YAML and odd files give a clear sentence, `extends` lays files over each other."""

from pathlib import Path

import pytest

import cxsim
from cxsim.scenario.ready import KINDS, Kind, find_file, find_scenario, ready_files, ready_scenarios
from tests.scenario.told import TEXT, changed, line_of, only_problem, problems, written

BROKEN = {
    "tab": (b"name: x\n\tformat: 1\n", 2, "not valid YAML"),
    "duplicate key": (b"name: x\nseed: 1\nname: y\n", 3, 'found duplicate key "name"'),
    "open bracket": (b"name: [x\nseed: 1\n", 0, "not valid YAML"),
    "undefined alias": (b"name: *other\n", 1, "found undefined alias"),
    "two documents": (b"name: x\n---\nname: y\n", 2, "another document"),
    "list": (b"- name: x\n", 0, "is not a mapping of keys to values"),
    "plain text": (b"hello\n", 0, "is not a mapping of keys to values"),
    "empty": (b"", 0, "is not a mapping of keys to values"),
    "only a comment": (b"# to do\n", 0, "is not a mapping of keys to values"),
    "binary": (bytes(range(256)), 0, "is not text in UTF-8"),
    "another encoding": ("name: x\n".encode("utf-16"), 0, "is not text in UTF-8"),
    "zero bytes": (b"\x00\x00\x00", 0, "not valid YAML"),
    "far too deep": (b"name: " + b"[" * 400 + b"]" * 400, 0, "nested more than 32 deep"),
    "too deep": (b"name: " + b"{a: " * 100 + b"1" + b"}" * 100, 0, "nested more than 32 deep"),
    "huge number": (b"seed: " + b"9" * 5000, 0, "not valid YAML"),
    "exploding aliases": (
        b"a: &a [1,1,1,1,1,1,1,1,1,1]\n"
        + b"".join(b"%c: &%c [%s]\n" % (97 + n, 97 + n, b",".join([b"*%c" % (96 + n)] * 10)) for n in range(1, 9)),
        0,
        "more than 100000 values",
    ),
}


@pytest.mark.parametrize(("content", "line", "part"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_told_in_a_sentence(tmp_path: Path, content: bytes, line: int, part: str) -> None:
    file = tmp_path / "broken.yaml"
    file.write_bytes(content)
    problem = only_problem(file)
    assert part in problem.sentence
    assert problem.file == str(file)
    assert line in (0, problem.line)
    assert "\n" not in problem.sentence


def test_a_missing_file_is_told_with_a_near_name(tmp_path: Path) -> None:
    written(tmp_path, TEXT, "parcel.yaml")
    assert only_problem(tmp_path / "parsel.yaml").sentence == "no such file; did you mean 'parcel.yaml'?"
    assert only_problem(tmp_path / "no" / "such" / "folder.yaml").sentence == "no such file"


@pytest.mark.parametrize("name", [".", "shop.yaml/other.yaml", "x" * 400, "a\0b"])
def test_what_is_no_file_cannot_be_read(tmp_path: Path, name: str) -> None:
    written(tmp_path, TEXT)
    assert "cannot be read" in only_problem(f"{tmp_path}/{name}").sentence


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("2026-01-01", "read the date 2026-01-01; write it as text in quotes"),
        ("!secret x", "YAML tag"),
        ("!!binary aGVsbG8=", "YAML tag"),
        ("!!set {a, b}", "YAML tag"),
        ("!!omap [a: 1]", "allowed: text"),
        ("&me {x: *me}", "allowed: text"),
    ],
)
def test_odd_values_of_yaml_are_told_at_their_line_beside_other_problems(tmp_path: Path, value: str, part: str) -> None:
    text = changed(("name: shop", f"name: shop\ntitle: {value}"), ("customers: 50", "customers: 0"))
    found = problems(written(tmp_path, text))
    assert [problem.path for problem in found] == ["title", "population.customers"]
    assert part in found[0].sentence
    assert found[0].line == line_of(text, "title:")


def test_values_merged_in_by_yaml_are_told_at_the_line_of_what_holds_them(tmp_path: Path) -> None:
    text = changed(("  delivery:\n    kind", "  delivery: &base\n    kind"), ("handling: 1 day", "handling: 1"))
    text += "  second:\n    <<: *base\n    label: again\n"
    told = {problem.path: problem.line for problem in problems(written(tmp_path, text))}
    assert told["touchpoints.delivery.handling"] == line_of(text, "handling: 1")
    assert told["touchpoints.second.handling"] == line_of(text, "  second:")


def test_a_ready_scenario_is_found_by_name_and_a_misspelt_one_is_told(tmp_path: Path) -> None:
    assert find_scenario(str(written(tmp_path, TEXT))) == tmp_path / "shop.yaml"
    for name, file in ready_scenarios().items():
        assert find_scenario(name) == find_scenario(f"{name}.yaml") == file
        assert problems(file) == []
    for text in ("x" * 400, "no\0name", "nothing-of-the-kind"):
        with pytest.raises(cxsim.ScenarioError, match="no such file and no ready scenario"):
            find_scenario(text)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.noun)
def test_ready_files_of_every_kind_are_found_in_one_way(
    kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ready = ready_files(kind)
    name = next(iter(ready))
    for text in (name, f"{name}.yaml", f"{kind.folder}/{name}.yaml"):
        assert find_file(text, kind) == ready[name]
    (tmp_path / name).mkdir()
    assert find_file(name, kind) == ready[name], "a folder of the same name hides nothing"
    own = tmp_path / f"{name}.yaml"
    own.write_text("mine")
    assert find_file(own.name, kind) == Path(own.name), "the own file goes first"
    with pytest.raises(cxsim.ScenarioError, match=f"no ready {kind.noun}; did you mean '{name}"):
        find_file(f"{name}x", kind)
    with pytest.raises(cxsim.ScenarioError, match=f"is a folder, not {kind.file}; did you mean '.*{own.name}'"):
        find_file(str(tmp_path), kind)


def test_a_name_of_another_kind_is_told_as_such() -> None:
    with pytest.raises(cxsim.ScenarioError, match=r"no ready scenario; it is a ready experiment: .* staffing$"):
        find_scenario("staffing")
    both = r"it is a ready experiment: .*; it is a ready script: cxsim workshop wow_or_consistency$"
    with pytest.raises(cxsim.ScenarioError, match=both):
        find_scenario("wow_or_consistency")


@pytest.fixture
def family(tmp_path: Path) -> Path:
    """Folder with base <- middle <- leaf."""
    written(tmp_path, TEXT, "base.yaml")
    written(tmp_path, "extends: base.yaml\nname: middle\ndesks:\n  support: {servers: 4}\n", "middle.yaml")
    written(tmp_path, "extends: middle.yaml\nname: leaf\ncompany: {tracking: 0.9}\n", "leaf.yaml")
    return tmp_path


def test_a_chain_overrides_single_values_and_keeps_their_siblings(family: Path) -> None:
    base, leaf = cxsim.load(family / "base.yaml"), cxsim.load(family / "leaf.yaml")
    changes = {"name": "leaf", "desks.support.servers": 4, "company.tracking": 0.9}
    assert leaf == cxsim.load(base, changes)
    assert leaf.desks["support"].shifts == base.desks["support"].shifts
    assert leaf.company.promises == base.company.promises


def test_lists_are_replaced_as_a_whole(family: Path) -> None:
    file = written(family, "extends: base.yaml\ndesks: {support: {shifts: [{hours: 10-12}]}}\n", "short.yaml")
    assert [shift.hours for shift in cxsim.load(file).desks["support"].shifts] == ["10-12"]


def test_null_removes(family: Path) -> None:
    text = "extends: base.yaml\ndesks: {support: null}\ntouchpoints:\n  support: null\n"
    text += "  delivery: {overdue_contact: null, overdue_contact_probability: null}\n"
    scenario = cxsim.load(written(family, text, "silent.yaml"))
    assert list(scenario.touchpoints) == ["advert", "delivery"]
    assert scenario.touchpoints["delivery"].overdue_contact_probability == 0  # type: ignore[union-attr]


def test_removing_what_is_not_there_is_told(family: Path) -> None:
    file = written(family, "extends: base.yaml\ntouchpoints:\n  suport: null\n", "silent.yaml")
    problem = only_problem(file)
    assert (problem.path, problem.file, problem.line) == ("touchpoints.suport", str(file), 3)
    assert "nothing to remove" in problem.sentence


def test_lines_point_into_the_file_where_the_value_stands(family: Path) -> None:
    written(family, "extends: base.yaml\ndesks:\n  support: {servers: -4}\n", "middle.yaml")
    written(family, TEXT.replace("hours: 9-12", "hours: 12-9"), "base.yaml")
    leaf = written(family, "extends: middle.yaml\nname: leaf\ncompany: {traking: 0.9}\n", "leaf.yaml")
    told = {problem.path: (Path(problem.file).name, problem.line) for problem in problems(leaf)}
    assert told == {
        "company.traking": ("leaf.yaml", 3),
        "desks.support.servers": ("middle.yaml", 3),
        "desks.support.shifts[1].hours": ("base.yaml", line_of(TEXT, "9-12")),
    }


def test_what_is_missing_everywhere_is_told_in_the_file_that_was_asked_for(family: Path) -> None:
    written(family, changed(("journey:\n  start: advert\n  goal: [delivery]\n", "")), "base.yaml")
    problem = only_problem(family / "leaf.yaml")
    assert (problem.path, problem.file) == ("journey", str(family / "leaf.yaml"))


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("extends: shop.yaml", "'shop.yaml' extends itself"),
        ("extends: ./round.yaml", "extends itself"),
        ("extends: bse.yaml", "no such file 'bse.yaml'; did you mean 'base.yaml'?"),
        ("extends: [base.yaml]", "read ['base.yaml']; allowed: the name of a YAML file"),
        ("extends: ''", "allowed: the name of a YAML file"),
        ('extends: "a\\0b"', "allowed: the name of a YAML file"),
    ],
)
def test_a_bad_parent_is_told_where_it_is_named(family: Path, line: str, part: str) -> None:
    written(family, "extends: shop.yaml\n", "round.yaml")
    problem = only_problem(written(family, f"name: shop\n{line}\n"))
    assert part in problem.sentence
    assert (problem.path, problem.line) == ("extends", 1 if "round" in line else 2)


def test_a_parent_is_looked_for_beside_its_child(family: Path) -> None:
    (family / "sub").mkdir()
    file = written(family / "sub", "extends: ../middle.yaml\nname: child\n", "child.yaml")
    assert cxsim.load(file).desks["support"].servers == 4


def test_a_ready_scenario_can_be_extended_by_its_name(tmp_path: Path) -> None:
    variant = tmp_path / "variant.yaml"
    variant.write_text("extends: workshop\nname: variant\ndesks: {counter: {servers: 2}}\n")
    assert cxsim.load(variant).desks["counter"].servers == 2
    variant.write_text("extends: workshp\nname: variant\n")
    with pytest.raises(cxsim.ScenarioError, match="did you mean 'workshop'"):
        cxsim.load(variant)


def test_a_ready_scenario_is_loaded_by_its_name() -> None:
    assert cxsim.load("workshop").digest() == cxsim.load(find_scenario("workshop")).digest()
    with pytest.raises(cxsim.ScenarioError, match="no such file"):
        cxsim.load("workshp")


def test_a_slip_in_extends_is_told() -> None:
    with pytest.raises(cxsim.ScenarioError, match="unknown key 'extendz'; did you mean 'extends'"):
        cxsim.load({"format": 1, "name": "bad", "extendz": "parcel"})
