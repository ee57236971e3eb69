"""People, products, processes: levels are those that were lived, and the sentence follows from them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cxsim.instruments.dimensions import dimensions
from cxsim.instruments.sample import take_sample
from cxsim.instruments.words import AMONG_PRESENT
from tests.instruments.lived import angry, bare, lived, ready, still
from tests.worlds import level


def test_levels_are_those_that_were_lived() -> None:
    result = bare()
    seen = take_sample(result, 10_000)
    table = dimensions(result, seen).table("dimensions").set_index("dimension")
    counted = result.touchpoints[result.touchpoints["replication"] == 0].iloc[0]
    for plain, name in (("people", "people"), ("products", "product"), ("processes", "process")):
        for kind in ("adequate", "predicted", "desired", "perceived"):
            assert table.loc[plain, kind] == pytest.approx(counted[f"{kind}_{name}"] / counted["encounters"])
        row = table.loc[plain]
        assert row["gap"] == pytest.approx(row["perceived"] - row["predicted"])
        assert row["missing"] == pytest.approx(row["desired"] - row["perceived"])
        assert row["low"] < row["gap"] < row["high"]


def test_a_broken_dimension_is_found_with_its_phase_and_persona() -> None:
    poor_process = {"people": 0.7, "product": 0.7, "process": 0.2}
    personas = {
        "calm": {"share": 0.5, "needs": {"people": 3, "product": 3, "process": 0.2}},
        "hasty": {"share": 0.5, "needs": {"people": 0.2, "product": 0.2, "process": 3}},
    }
    result = lived(**{"touchpoints.billing.quality": poor_process, "personas": personas})
    found = dimensions(result)
    assert found.finding.startswith("Processes fall furthest short of what was expected: ")
    assert "in the phase 'paying' (processes" in found.finding
    phases = found.table("phases")
    paying = phases[(phases["phase"] == "paying") & (phases["dimension"] == "processes")].iloc[0]
    assert paying["gap"] == phases["gap"].min()
    assert paying["is_clear"]
    assert set(found.table("personas")["persona"]) == {"calm", "hasty"}


def test_what_counts_nowhere_is_left_out() -> None:
    weights = {"people": 0.0, "product": 0.5, "process": 0.5}
    result = lived(**{"touchpoints.use.weights": weights})
    phases = dimensions(result).table("phases")
    assert "people" not in set(phases[phases["phase"] == "using"]["dimension"])


def test_one_persona_and_one_phase_are_not_compared_with_themselves() -> None:
    assert "Taken apart" not in dimensions(bare()).finding


def test_better_than_expected_is_said_so() -> None:
    splendid = {name: level(0.98) for name in ("advert", "site", "delivery", "use", "billing", "support")}
    values = {f"touchpoints.{name}.quality": quality for name, quality in splendid.items()}
    result = lived(**values, **{"touchpoints.use.failure": None, "rules.learning_floor": 0.0})
    found = dimensions(result)
    assert found.finding.startswith("None of people, products and processes clearly falls short")
    assert "clearly exceed what was expected" in found.finding


def test_the_relationship_stands_beside_the_encounters() -> None:
    result = angry()
    found = dimensions(result)
    table = found.table("relationship").set_index("label")
    assert list(table.index) == ["everybody", "calm", "hasty"]
    customers = result.customers
    present = customers[customers["status"] == "active"]
    assert table.loc["everybody", "relationship"] == pytest.approx(50 + 50 * present["satisfaction"].mean())
    gone = (customers["status"] == "left") & (customers["left_at"] >= result.scenario.warm_up)
    drifted = customers["status"].isin(("drifted", "ended")) & (customers["left_at"] >= result.scenario.warm_up)
    assert table.loc["everybody", "left"] == pytest.approx(
        gone.sum() / (gone | drifted | (customers["status"] == "active")).sum()
    )
    assert AMONG_PRESENT in found.notes


def test_nobody_and_too_few() -> None:
    assert "Nobody who was followed met the company" in dimensions(still()).finding
    few = lived(**{"population.customers": 2, "personas.everyone.journeys_per_year": "100 per year"})
    assert dimensions(few).finding.startswith("Too few customers were followed")


@pytest.mark.parametrize("name", ["parcel", "callcentre", "workshop"])
def test_every_ready_scenario(name: str) -> None:
    found = dimensions(ready(name))
    assert "nan" not in found.finding
    assert np.isfinite(found.table("dimensions")["gap"]).all()
    assert all(math.isfinite(value) for value in found.table("phases")["perceived"])
