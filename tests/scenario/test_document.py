"""The scenario as data: every default visible, a digest for run keys, a JSON schema for editors."""

import json
from pathlib import Path
from typing import Any

import pytest

import cxsim
from cxsim.scenario.documents import json_schema
from cxsim.scenario.reading import read_yaml
from cxsim.scenario.ready import ready_scenarios
from tests.scenario.json_schema_checker import complaints, unknown_keywords
from tests.scenario.told import TEXT, written
from tests.worlds import load_world, small_world, with_values

READY = ready_scenarios()


def test_a_document_shows_every_default() -> None:
    document = load_world().document()
    assert document["market"]["reputation"] == 0.65
    assert document["desks"]["support"]["answer_target"].endswith(" min")
    assert document["touchpoints"]["site"]["weights"] == {"people": 0.3, "product": 0.3, "process": 0.4}
    assert len(document["factors"]) == 10


@pytest.mark.parametrize("file", READY.values(), ids=READY.keys())
def test_ready_scenarios_load_and_their_documents_load_back(file: Path) -> None:
    scenario = cxsim.load(file)
    again = cxsim.load(json.loads(json.dumps(scenario.document())))
    assert again == scenario
    assert again.digest() == scenario.digest()


def test_the_digest_tells_scenarios_apart_and_nothing_else() -> None:
    base = load_world()
    assert base.digest() == load_world().digest()
    reordered = {key: small_world()[key] for key in reversed(small_world())}
    assert cxsim.load(reordered).digest() == base.digest()
    digests = {
        cxsim.load(base, overrides).digest()
        for overrides in (
            {},
            {"seed": 2},
            {"touchpoints.delivery.carrier_correlation": 0.5000001},
            {"mechanisms.learning": False},
            {"rules.loss_aversion": 2.0},
            {"desks.support.shifts": [{"hours": "8-20"}]},
        )
    }
    assert len(digests) == 6


def test_the_way_a_value_is_written_does_not_change_the_digest(tmp_path: Path) -> None:
    file = cxsim.load(written(tmp_path, TEXT))
    other = cxsim.load(written(tmp_path, TEXT.replace("promise: 5 days", "promise: 120 h").replace("0.5\n", "50 %\n")))
    assert file.digest() == other.digest()


def test_the_order_of_touchpoints_is_kept() -> None:
    assert list(load_world().touchpoints) == list(small_world()["touchpoints"])


def test_a_loaded_scenario_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_world().seed = 5  # type: ignore[misc]


def test_the_days_are_those_of_warm_up_and_horizon() -> None:
    assert load_world().days == 70


def test_the_json_schema_is_json_and_uses_only_keywords_of_json_schema() -> None:
    schema = json_schema()
    assert json.loads(json.dumps(schema)) == schema
    assert unknown_keywords(schema) == set()
    assert "extends" in schema["properties"]


def test_every_key_has_a_description_for_the_editor() -> None:
    schema = json_schema()
    for name, part in {**schema["$defs"], "Scenario": schema}.items():
        for key, field in part["properties"].items():
            told = field.get("description") or "$ref" in field or key in ("kind", "format")
            assert told or name in ("Weights", "Quality", "QualitySpread"), f"{name}.{key} has no description"


@pytest.mark.parametrize("file", READY.values(), ids=READY.keys())
def test_the_json_schema_accepts_ready_scenarios_and_their_documents(file: Path) -> None:
    schema = json_schema()
    assert complaints(read_yaml(file)[0], schema, schema) == []
    assert complaints(cxsim.load(file).document(), schema, schema) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("touchpoints.delivery.promise", "5 days"),
        ("touchpoints.use.takes", 0),
        ("touchpoints.use.failure.probability", "3 %"),
        ("desks.support.service", "6 min"),
        ("desks.support.shifts", [{"hours": "8-10", "servers": [1, 2]}]),
        ("factors", "my_factors.yaml"),
        ("extends", "base.yaml"),
        ("population.newcomers", 0),
    ],
)
def test_the_json_schema_accepts_what_the_format_allows(path: str, value: Any) -> None:
    schema = json_schema()
    assert complaints(with_values(small_world(), {path: value}), schema, schema) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("populaton", {}),
        ("population.custmers", 5),
        ("touchpoints.use.kind", "usee"),
        ("touchpoints.use.promise", "5 days"),
        ("touchpoints.use.failure.probability", 1.5),
        ("touchpoints.site.quality.people", -0.1),
        ("population.customers", 0),
        ("desks.support.servers", "two"),
        ("desks.support.closing", "never"),
        ("horizon", 365),
    ],
)
def test_the_json_schema_refuses_what_the_format_refuses(path: str, value: Any) -> None:
    schema = json_schema()
    assert complaints(with_values(small_world(), {path: value}), schema, schema) != []
