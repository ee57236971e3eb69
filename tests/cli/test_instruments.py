"""The instruments as commands: sentences and tables for people, one document for machines, from scenario or result."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cxsim.instruments.catalogue import INSTRUMENT, INSTRUMENTS, Bench, worlds_of
from cxsim.instruments.words import AMONG_PRESENT
from tests.cli.program import BRIEF, inside

QUICK = [*BRIEF, "--set", "population.look_back=false", "--replications", "2", "--jobs", "1"]


@pytest.mark.parametrize("name", list(INSTRUMENT))
def test_one_document_with_finding_notes_and_tables(name: str, tmp_path: Path) -> None:
    done = inside(name, "workshop", *QUICK, "--json", cwd=tmp_path)
    document = json.loads(done.stdout)
    assert list(document) == [
        "instrument", "scenario", "hash", "seed", "replications", "finding", "notes", "tables",
    ]  # fmt: skip
    assert document["instrument"] == name
    assert document["replications"] == 2
    assert document["finding"].endswith(".")
    assert "NaN" not in done.stdout


def test_people_read_sentences_and_tables(tmp_path: Path) -> None:
    done = inside("scorecard", "workshop", *QUICK, "--fast", cwd=tmp_path)
    assert "Five questions: A bicycle repair shop" in done.stdout
    assert "1. How well is the baseline met?" in done.stdout
    assert "Every step, baseline or delight" in done.stdout
    assert inside("scorecard", "workshop", *QUICK, "--fast", "--quiet", cwd=tmp_path).stdout == ""


def test_a_saved_result_is_read_as_it_is(tmp_path: Path) -> None:
    inside("run", "workshop", *QUICK, "--seed", "5", "--out", "found", "-q", cwd=tmp_path)
    saved = json.loads(inside("lost", "found", "--fast", "--json", cwd=tmp_path).stdout)
    again = json.loads(inside("lost", "workshop", *QUICK, "--seed", "5", "--fast", "--json", cwd=tmp_path).stdout)
    assert saved == again
    lived = json.loads(inside("audit", "found", "--json", cwd=tmp_path).stdout)
    assert (lived["seed"], lived["replications"]) == (5, 2)
    told = inside("audit", "found", "--seed", "3", "--set", "horizon=9 days", cwd=tmp_path, code=2).stderr
    assert "--set: a saved result cannot be changed" in told
    assert "--seed: a saved result cannot be changed" in told


def test_moments_say_what_satisfaction_is_measured_among(tmp_path: Path) -> None:
    done = inside("moments", "workshop", *QUICK, "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["notes"] == [AMONG_PRESENT]


def test_a_report_has_the_instruments_when_asked_for(tmp_path: Path) -> None:
    inside("run", "workshop", *QUICK[:-3], "1", "--out", "found", "-q", cwd=tmp_path)
    inside("report", "found", "--out", "plain.html", cwd=tmp_path)
    assert "<h2>Instruments</h2>" not in (tmp_path / "plain.html").read_text(encoding="utf-8")
    inside("report", "found", "--out", "full.html", "--instruments", "--jobs", "1", cwd=tmp_path)
    text = (tmp_path / "full.html").read_text(encoding="utf-8")
    for instrument in INSTRUMENTS:
        assert f"<div class='reading' id='{instrument.name}'>" in text
    inside("compare", "workshop", *QUICK, "--set", "desks.counter.servers=2", "--out", "both", "-q", cwd=tmp_path)
    told = inside("report", "both", "--instruments", cwd=tmp_path, code=2).stderr
    assert "both: holds no run; instruments are held to a run" in told


def test_as_many_worlds_are_lived_as_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the progress bar ends where it should."""
    from cxsim.instruments import paired
    from tests.instruments.lived import angry

    lived: list[str] = []
    real = paired.live_many

    def counted(scenario, *rest):
        lived.append(scenario.name)
        return real(scenario, *rest)

    monkeypatch.setattr(paired, "live_many", counted)
    bench = Bench(angry(), jobs=1)
    names = ["audit", "lost", "journey-map"]
    for name in names:
        INSTRUMENT[name].take(bench)
    touchpoints = len(angry().scenario.touchpoints)
    assert len(lived) == touchpoints + 1, "one channel: aligned with what is delivered; moments are shared"
    assert worlds_of(angry().scenario, names) == touchpoints + 2
