"""Replicating until an interval is narrow: it stops when it should, and keeps the runs it has."""

import json
from pathlib import Path

import pytest

import cxsim
from cxsim.cli.options import parse_until
from tests.cli.program import BRIEF, inside
from tests.worlds import load_world

BASE = {
    "population.customers": 100,
    "population.look_back": False,
    "horizon": "30 days",
    "warm_up": "5 days",
    "desks.support.servers": 1,
}
LATER = {"touchpoints.delivery.promise.mean": "8 days"}


def test_it_stops_as_soon_as_the_interval_is_narrow() -> None:
    base = load_world(**BASE)
    fixed = cxsim.compare(base, {"later": LATER}, replications=40, jobs=1)
    half = fixed.half_width("satisfaction")
    found = cxsim.compare(base, {"later": LATER}, until={"satisfaction": 1.3 * half}, most=200, jobs=1)
    count = found.results["later"].replications
    assert found.reached
    assert found.half_width("satisfaction") <= 1.3 * half
    assert 8 <= count < 80
    assert fixed.results["later"].runs["satisfaction"][: min(count, 40)].tolist() == (
        found.results["later"].runs["satisfaction"][:40].tolist()
    ), "the runs are those of a comparison with that many replications"


def test_it_stops_at_the_most_and_says_so() -> None:
    found = cxsim.compare(
        load_world(**BASE), {"a": LATER, "b": {"company.explains": 1}}, until={"satisfaction": 1e-6}, most=11, jobs=1
    )
    assert not found.reached
    assert {result.replications for result in found.results.values()} == {11}


def test_a_measure_without_a_value_ends_it() -> None:
    found = cxsim.compare(load_world(**BASE), {"a": LATER}, until={"switched_after_poor": 0.1}, most=500, jobs=1)
    assert found.results["a"].replications == 8
    assert not found.reached


def test_the_widest_of_many_variants_counts() -> None:
    found = cxsim.compare(load_world(**BASE), {"a": LATER, "b": {"company.explains": 1}}, replications=8, jobs=1)
    halves = [(one.high - one.low) / 2 for one in (found.difference(name, "satisfaction") for name in ("a", "b"))]
    assert found.half_width("satisfaction") == max(halves)


def test_wishes_that_make_no_sense_are_told() -> None:
    assert parse_until(["satisfaction=0.2", "abandonment_rate=1 %"]) == {"satisfaction": 0.2, "abandonment_rate": 0.01}
    for until, sentence in (
        ({"satisfacton": 1.0}, "no measure 'satisfacton'; did you mean 'satisfaction'?"),
        ({"satisfaction": 0.0}, "allowed: a half-width of more than 0"),
    ):
        with pytest.raises(cxsim.ScenarioError, match=sentence[:20]):
            cxsim.compare(load_world(**BASE), {"a": LATER}, until=until)


def test_from_the_command_line(tmp_path: Path) -> None:
    variant = ["--set", "desks.counter.servers=2"]
    (tmp_path / "a.yaml").write_text("extends: b.yaml\nname: two\ndesks: {counter: {servers: 2}}\n")
    (tmp_path / "c.yaml").write_text("extends: b.yaml\nname: three\ndesks: {counter: {servers: 3}}\n")
    inside("scenario", "new", "b.yaml", "--from", "workshop", cwd=tmp_path)
    arguments = [
        "compare",
        "b.yaml",
        "a.yaml",
        "c.yaml",
        *BRIEF,
        "--until",
        "satisfaction=0.5",
        "--most",
        "12",
        "-j",
        "1",
    ]
    shown = inside(*arguments, cwd=tmp_path).stdout
    assert "Chance to be best" in shown
    assert "Satisfaction: half-width" in shown
    told = json.loads(inside(*arguments, "--json", cwd=tmp_path).stdout)
    assert told["until"]["satisfaction"]["wanted"] == 0.5
    assert set(told["chance_best"]["satisfaction"]) == set(told["variants"])
    done = inside("compare", "workshop", *variant, "--until", "satisfaction", cwd=tmp_path, code=2)
    assert "--until: read 'satisfaction'; write MEASURE=HALF_WIDTH" in done.stderr
