"""Variants: in the address, from ready experiments, as an experiment file with the numbers of the page."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("solara", reason="the interface needs the extra 'ui'")

import cxsim
from cxsim.scenario.errors import ScenarioError
from cxsim.scenario.ready import ready_scenarios
from cxsim.studies.sweep import sweep
from cxsim.ui.setup import Setup, page_state, read_query
from cxsim.ui.variants import MOST_VARIANTS, Variant, experiment_text, free_name, offers, open_experiment

WORKSHOP = ready_scenarios()["workshop"]


def setup(query: str) -> Setup:
    return read_query(query, Setup.of("workshop", WORKSHOP))


def test_an_address_carries_variants_and_what_holds_in_all() -> None:
    first = Setup("workshop", WORKSHOP, cxsim.load(WORKSHOP), 200, 60, {"company.tracking": "0.5"},
                  {"market.reputation": "0.6"},
                  (Variant("two & more = better", {"desks.counter.servers": "2"}), Variant("as is", {})))  # fmt: skip
    again = setup(first.query)
    assert again.query == first.query
    assert again.variants == first.variants
    assert again.held == first.held
    assert again.worlds["two & more = better"].desks["counter"].servers == 2
    assert again.worlds["as is"] == again.base
    assert again.base.market.reputation == 0.6
    assert again.base.population.customers == 200
    assert "variant" not in again.world_query


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("variant=company.tracking%3D1", "allowed: name=NAME"),
        ("variant=name%3DA&variant=name%3DA", "'A' is taken"),
        ("variant=name%3Das+it+is", "'as it is' is taken"),
        ("&".join(f"variant=name%3D{number}" for number in range(MOST_VARIANTS + 1)), "at most 5"),
        ("variant=name%3DA%26desks.nowhere.servers%3D2", "nowhere"),
        ("held=company.tracking%3Dmuch", "company.tracking"),
    ],
)
def test_what_an_address_gets_wrong_is_told(query: str, told: str) -> None:
    with pytest.raises(ScenarioError) as error:
        setup(query)
    assert told in " ".join(str(problem) for problem in error.value.problems)


def test_names_stay_apart_and_short() -> None:
    variants: tuple[Variant, ...] = ()
    for _ in range(3):
        variants += (Variant(free_name("x" * 200, variants), {}),)
    names = [one.name for one in variants]
    assert len(set(names)) == 3
    assert max(map(len, names)) <= 60


def test_keys_of_a_page_are_no_changes_of_the_world() -> None:
    assert setup("measure=satisfaction&replications=16").changes == {}
    assert page_state("?measure=satisfaction&company.tracking=1") == {"measure": "satisfaction"}


def test_every_offered_experiment_opens_with_its_variants() -> None:
    found = offers()
    assert "messages" in [one.name for one in found]
    assert "best_shop" not in [one.name for one in found]
    for one in found:
        opened = open_experiment(one.name, Setup.of("workshop", WORKSHOP))
        assert 1 <= len(opened.variants) <= MOST_VARIANTS
        again = read_query(opened.query, Setup.of("workshop", WORKSHOP))
        assert again.worlds == opened.worlds
    with pytest.raises(ScenarioError):
        open_experiment("best_shop", Setup.of("workshop", WORKSHOP))


def test_the_experiment_file_gives_the_numbers_of_the_page(tmp_path: Path) -> None:
    here = setup(
        "customers=100&days=60&variant=name%3DTwo%26desks.counter.servers%3D2"
        "&variant=name%3DFollowed%26company.tracking%3D0.9"
    )
    file = tmp_path / "variants.yaml"
    measures = ["satisfaction", "wait_minutes_mean"]
    file.write_text(experiment_text(here, measures, 3))
    study = sweep(file, jobs=1).policies
    found = cxsim.compare(here.base, {name: world for name, world in here.worlds.items() if name != "as it is"},
                          replications=3)  # fmt: skip
    for measure in measures:
        rows = study[study["outcome"] == measure].to_dict("records")
        chances = found.chance_best(measure)
        for row, (name, chance) in zip(rows, chances.items(), strict=True):
            assert row["mean"] == found.results[name].estimate(measure).mean
            assert row["chance_best"] == chance
            if not row["is_baseline"]:
                assert row["variant"] == name
                difference = found.difference(name, measure)
                assert (row["difference"], row["difference_low"]) == (difference.mean, difference.low)
