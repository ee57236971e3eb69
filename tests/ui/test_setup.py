"""What is looked at: addresses, files and commands that lead to the same world."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

import cxsim
from cxsim.scenario.errors import ScenarioError
from cxsim.scenario.ready import ready_scenarios
from cxsim.ui.setup import Setup, read_query
from tests.cli.program import inside as cxsim_command


def opened(name: str = "parcel") -> Setup:
    return Setup.of(name, ready_scenarios()[name])


def test_an_address_restores_the_changes() -> None:
    setup = read_query("scenario=workshop&days=90&desks.counter.servers=2&company.tracking=0.5", opened())
    assert setup.variant.desks["counter"].servers == 2
    assert setup.variant.company.tracking == 0.5
    assert setup.base.horizon == setup.variant.horizon == 90
    again = read_query(setup.query, opened())
    assert again.variant.digest() == setup.variant.digest()


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("scenario=../../etc/passwd", "no scenario"),
        ("desks.support.serverz=3", "serverz"),
        ("customers=many", "allowed: a whole number"),
        ("company.tracking=7", "company.tracking"),
    ],
)
def test_a_wrong_address_is_told_in_a_sentence(query: str, told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        read_query(query, opened())


def test_a_sample_keeps_newcomers_and_desks_in_proportion() -> None:
    base = opened().base
    assert base.population.customers == 2000
    own = opened().own
    assert base.population.newcomers == pytest.approx(own.population.newcomers / 5)
    assert (own.desks["support"].servers, base.desks["support"].servers) == (3, 1)
    everyone = read_query("customers=10000", opened())
    assert everyone.base.digest() == everyone.own.digest()
    assert opened("workshop").sets == {}, "400 customers need no sample"
    assert opened("callcentre").sets == {}, "staffing by the hour cannot be scaled"


def test_the_command_gives_the_same_world_and_numbers(tmp_path: Path) -> None:
    setup = read_query("scenario=workshop&days=60&company.explains=0.9&desks.counter.service.mean=6 min", opened())
    program, *words = shlex.split(setup.command(replications=2))
    assert program == "cxsim"
    told = json.loads(cxsim_command(*words, "--json", "-q", "--out", str(tmp_path / "out"), cwd=tmp_path).stdout)
    assert told["hash"] == setup.variant.digest()
    ours = cxsim.simulate(setup.variant, replications=2).summary()["measures"]
    assert told["measures"] == ours


def test_the_variant_file_gives_the_same_differences(tmp_path: Path) -> None:
    setup = read_query(
        "scenario=workshop&days=60&company.explains=0.9&market.competitors.the chain store=0.7", opened()
    )
    (tmp_path / setup.file_name).write_text(setup.variant_text(), encoding="utf-8")
    assert "extends" in setup.variant_text()
    words = shlex.split(setup.compare_command(replications=2))[1:]
    told = json.loads(cxsim_command(*words, "--json", "-q", cwd=tmp_path).stdout)
    study = cxsim.compare(setup.base, {"it": setup.variant}, replications=2)
    found = {row["measure"]: row["difference"] for row in told["differences"]}
    for measure in ("satisfaction", "expectation_gap", "profit_per_customer"):
        assert found[measure] == pytest.approx(study.difference("it", measure).mean, abs=1e-12)
