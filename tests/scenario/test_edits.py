"""Changes to a scenario's text by forms: what is asked for changes, all else stays as it was written."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cxsim.scenario.edits import Edit, edited
from cxsim.scenario.errors import ScenarioError
from cxsim.scenario.forms import Field, Forms
from cxsim.scenario.loading import Checked, check_text, load
from cxsim.scenario.reading import ValuePath, parse_yaml
from cxsim.scenario.ready import ready_scenarios
from cxsim.scenario.references import REFERENCES, value_at

READY = ready_scenarios()
PARCEL = READY["parcel"].read_text(encoding="utf-8")
FITTED = READY["consumer_calibrated"].read_text(encoding="utf-8")


def checked(text: str, file: str = "x.yaml") -> Checked:
    return check_text(text, file, READY, 10_000)


def after(change: Callable[[Edit], None], text: str = PARCEL) -> str:
    return edited(text, Forms(checked(text)), change)


def differences(text: str, before: str = PARCEL) -> list[str]:
    rows = difflib.unified_diff(before.splitlines(), text.splitlines(), lineterm="", n=0)
    return [row for row in rows if not row.startswith(("---", "+++", "@@"))]


def every(fields: Any) -> list[Field]:
    return [one for field in fields for one in [field, *every(field.parts)]]


@pytest.mark.parametrize("name", list(READY))
def test_a_text_comes_back_letter_by_letter(name: str) -> None:
    text = READY[name].read_text(encoding="utf-8")
    assert after(lambda edit: None, text) == text
    assert checked(text).scenario == load(READY[name])


def test_a_value_is_written_and_the_comment_beside_it_stays() -> None:
    rows = differences(after(lambda edit: edit.put(("desks", "support", "servers"), 5)))
    assert rows == [
        "-    servers: 3                # assumption: about one and a half servers' work, with peaks",
        "+    servers: 5                # assumption: about one and a half servers' work, with peaks",
    ]


@pytest.mark.parametrize(
    ("path", "value", "row"),
    [
        (("touchpoints", "advert", "wow", "size", "people"), 0.3, "+      size: {people: 0.3}"),
        (("touchpoints", "order", "takes", "distribution"), "exponential",
         "+    takes: {mean: 0.0 days, sd: 0.0 days, distribution: exponential}"),
        (("market", "competitors", "the corner shop", "level"), 0.5,
         "+  competitors: {the marketplace giant: 0.72, the corner shop: 0.5}"),
        (("market", "competitors", "the corner shop", "prominence"), 2,
         "+  competitors: {the marketplace giant: 0.72, the corner shop: {level: 0.66, prominence: 2}}"),
        (("desks", "support", "shifts", 1, "hours"), "10-16", "+      - {days: sat, hours: 10-16}"),
    ],
)  # fmt: skip
def test_groups_open_as_they_hold(path: ValuePath, value: Any, row: str) -> None:
    text = after(lambda edit: edit.put(path, value))
    assert row in differences(text)
    assert checked(text).problems == ()


def test_what_a_group_held_by_default_stays_when_one_of_its_values_is_written() -> None:
    bare = PARCEL.replace("    service: {mean: 8 min, sd: 7 min}     # assumption; skewed as Brown", "    # as Brown")
    text = after(lambda edit: edit.put(("desks", "support", "service", "mean"), "6 min"), bare)
    found = checked(text).scenario
    assert found is not None
    assert (found.desks["support"].service.mean, found.desks["support"].service.sd) == (6, 4)


def test_an_emptied_field_holds_its_default_again() -> None:
    text = after(lambda edit: edit.drop(("touchpoints", "site", "importance")))
    found = checked(text).scenario
    assert found is not None
    assert found.touchpoints["site"].importance == 0.5


@pytest.mark.parametrize("kind", ["message", "self_service", "desk", "delivery", "use", "billing"])
def test_a_new_touchpoint_stands_on_the_way_and_is_valid_at_once(kind: str) -> None:
    found = checked(after(lambda edit: edit.add_stop("extra", kind, "order"))).scenario
    assert found is not None
    assert dict(found.touchpoints["order"].next) == {"extra": 1}
    assert dict(found.touchpoints["extra"].next) == {"delivery": 1}


@pytest.mark.parametrize("kind", ["message", "self_service", "desk", "use", "billing", "delivery"])
def test_a_touchpoint_can_become_another_kind(kind: str) -> None:
    text = after(lambda edit: edit.become_kind("delivery", kind))
    assert checked(text).problems == ()


@pytest.mark.parametrize("stop", ["advert", "question", "order", "use", "return"])
def test_the_journey_goes_on_around_a_removed_touchpoint(stop: str) -> None:
    found = checked(after(lambda edit: edit.remove(("touchpoints", stop)))).scenario
    assert found is not None
    assert stop not in found.touchpoints


def entries() -> list[tuple[str, ValuePath]]:
    found: list[tuple[str, ValuePath]] = []
    for name in ("parcel", "consumer_calibrated"):
        data = checked(READY[name].read_text(encoding="utf-8")).data
        for section in dict.fromkeys(REFERENCES.values()):
            names = list(value_at(data, section) or {})[:2]
            found += [(name, (*section, key)) for key in names]
    return found


@pytest.mark.slow  # half a second for each of some twenty parts
@pytest.mark.parametrize(("name", "path"), entries(), ids=str)
def test_a_renamed_part_is_named_so_everywhere(name: str, path: ValuePath) -> None:
    text = READY[name].read_text(encoding="utf-8")
    found = checked(after(lambda edit: edit.rename(path, "another"), text))
    assert found.problems == ()
    assert found.data != checked(text).data


def test_interventions_follow_a_renamed_desk() -> None:
    text = PARCEL + "interventions:\n  more:\n    at: 30 days\n    set: {desks.support.servers: 4}\n"
    new = after(lambda edit: edit.rename(("desks", "support"), "helpdesk"), text)
    assert "desks.helpdesk.servers: 4" in new
    assert checked(new).problems == ()


def test_what_is_extended_is_changed_over_it_and_never_copied_whole() -> None:
    removed = after(lambda edit: edit.remove(("touchpoints", "question")), FITTED)
    found = checked(removed).scenario
    assert found is not None
    assert "question" not in found.touchpoints
    assert len(removed.splitlines()) < len(FITTED.splitlines()) + 12
    with pytest.raises(ScenarioError, match="order there"):
        after(lambda edit: edit.move(("touchpoints", "site"), 1), FITTED)


def test_copies_and_moves_and_refused_names() -> None:
    text = after(lambda edit: edit.copy(("touchpoints", "site"), "app"))
    found = checked(text).scenario
    assert found is not None
    assert list(found.touchpoints)[1:3] == ["site", "app"]
    moved = checked(after(lambda edit: edit.move(("touchpoints", "use"), -2))).scenario
    assert moved is not None
    assert list(moved.touchpoints).index("use") == list(load("parcel").touchpoints).index("use") - 2
    for name, said in (("support", "already"), ("a/b", "no name"), ("", "no name")):
        with pytest.raises(ScenarioError, match=said):
            after(lambda edit, name=name: edit.add(("desks", name)))
    with pytest.raises(ScenarioError, match="journey's end"):
        after(lambda edit: edit.add_stop("end", "use", "order"))


def test_forms_leave_aliases_to_the_text() -> None:
    text = PARCEL.replace(
        "quality_sd: {people: 0.1, product: 0.08,", "quality_sd: &spread {people: 0.1, product: 0.08,"
    )
    text = text.replace("quality_sd: {people: 0.1, product: 0.11, process: 0.1}", "quality_sd: *spread")
    assert checked(text).problems == ()
    with pytest.raises(ScenarioError, match="aliases"):
        after(lambda edit: edit.put(("desks", "support", "servers"), 5), text)


def test_every_value_of_the_format_has_a_field_with_its_meaning() -> None:
    forms = Forms(checked(PARCEL))
    for path in (("touchpoints", "delivery"), ("desks", "support"), ("personas", "busy_parent"), ("market",)):
        assert [field.path for field in forms.fields(path) if not field.help and field.path[-1] != "kind"] == []
        model = forms.model(forms.schema_at(path))
        assert model is not None
        assert {field.path[-1] for field in forms.fields(path)} == set(model["properties"])
    delivery = {field.path[2:]: field for field in every(forms.fields(("touchpoints", "delivery")))}
    assert delivery["handling_correlation",].allowed == "-1 to 1"
    assert delivery["promise", "mean"].own == "23.74 days"
    assert delivery["effort",].holds == "0"
    assert [value for value, _ in delivery["overdue_contact",].options] == ["question", "support"]


def test_references_are_fields_of_the_format() -> None:
    forms = Forms(checked(PARCEL))
    kinds = {"desk": "support", "channel": "advert", "overdue_contact": "delivery"}
    for pattern in REFERENCES:
        stop = kinds.get(pattern[-1], "order")
        path = tuple({"*": stop if pattern[0] == "touchpoints" else "busy_parent", "<entry>": 0}.get(part, part)
                     for part in pattern)  # fmt: skip
        assert forms.schema_at(path), pattern


BOMBS = {
    "laughs": "a0: &a0 [1, 1]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)),
    "merges": "l0: &l0 {x: {q: 1}, y: {q: 1}}\n"
    + "".join(f"l{n}: &l{n} {{x: {{<<: *l{n - 1}}}, y: {{<<: *l{n - 1}}}}}\n" for n in range(1, 30)),
    "deep": "[" * 50_000,
    "deep mapping": "? " * 50_000,
    "many": "a: [" + "1, " * 30_000 + "]",
    "itself": "a: &a {<<: *a, c: 1}",
    "tag": "name: !!python/object/apply:os.system ['id']",
    "control": "name: \x00\x07",
    "surrogate": "name: \ud800",
    "no mapping": "- 1\n- 2\n",
    "another document": "name: a\n---\nname: b\n",
    "nothing": "",
}


@pytest.mark.parametrize("bomb", list(BOMBS))
def test_hostile_texts_are_told_in_sentences(bomb: str) -> None:
    found = checked(BOMBS[bomb])
    assert found.scenario is None
    assert found.problems
    assert all(problem.sentence for problem in found.problems)


def test_a_text_names_no_file_of_this_machine(tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: 123\n")
    for name in (str(secret), "/etc/passwd", "../../etc/passwd", "secret.yaml"):
        for key in ("extends", "factors"):
            found = checked(f"{key}: {name}\nname: x\n")
            assert [problem.path for problem in found.problems] == [key]
            assert "allowed here" in found.problems[0].sentence
            assert "123" not in str(found)
    assert checked("extends: parcel\nname: mine\n").scenario is not None


def test_plain_yaml_is_read_as_before() -> None:
    data, places = parse_yaml("base: &base {a: 1}\nother: {<<: *base, b: [x, 2]}\n", "x.yaml")
    assert data == {"base": {"a": 1}, "other": {"a": 1, "b": ["x", 2]}}
    assert places["other", "b"] == ("x.yaml", 2)
