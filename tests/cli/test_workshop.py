"""`cxsim workshop` and the report of a session."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cxsim.workshop.outcome import live_chapter
from cxsim.workshop.session import Session
from tests.workshop.scripts import loaded, small, written

from .program import inside


def test_ready_scripts_are_listed(tmp_path: Path) -> None:
    told = json.loads(inside("workshop", "--list", "--json", cwd=tmp_path).stdout)
    assert {one["name"] for one in told} == {"whose_queue", "wow_or_consistency"}
    assert "Whose fault is the queue?" in inside("workshop", "--list", cwd=tmp_path).stdout


def test_a_script_is_checked_without_a_server(tmp_path: Path) -> None:
    file = written(tmp_path, small())
    assert "Nothing is wrong: 2 chapters, 7 minutes." in inside("workshop", str(file), "--check", cwd=tmp_path).stdout
    told = json.loads(inside("workshop", str(file), "--check", "--json", cwd=tmp_path).stdout)
    assert [one["settings"] for one in told["chapters"]] == [2, 1]
    data = small()
    data["chapters"][0]["prediction"]["measure"] = "happiness"
    data["chapters"][1]["worlds"]["hands"]["changes"] = {"desks.counter.server": 2}
    file = written(tmp_path, data)
    said = inside("workshop", str(file), "--check", cwd=tmp_path, code=2).stderr
    assert "no measure 'happiness'" in said
    assert "did you mean 'servers'?" in said
    assert said.count(f"{file}, line ") == 2


@pytest.mark.slow
def test_odd_wishes_are_refused(tmp_path: Path) -> None:
    assert "did you mean 'whose_queue'?" in inside("workshop", "whose_quee", cwd=tmp_path, code=2).stderr
    assert "name the script" in inside("workshop", "--check", cwd=tmp_path, code=2).stderr
    kept = tmp_path / "session.json"
    kept.write_text("mine")
    said = inside("workshop", "whose_queue", "--out", str(kept), "--no-open", cwd=tmp_path, code=2).stderr
    assert "exists already" in said
    assert kept.read_text() == "mine"


@pytest.mark.slow
def test_a_session_becomes_a_page_and_slides(tmp_path: Path) -> None:
    data = small()
    data["chapters"] = data["chapters"][:1]
    session = Session(loaded(tmp_path, data))
    chapter = session.script.chapters[0]
    session.keep(live_chapter(session.loaded, chapter, jobs=1, settings=[chapter.start]))
    session.room.enter(chapter, "1")
    file = tmp_path / "held.json"
    file.write_text(session.text(), encoding="utf-8")
    assert "held-report.html" in inside("report", str(file), cwd=tmp_path).stdout
    assert "A small workshop" in (tmp_path / "held-report.html").read_text(encoding="utf-8")
    assert "exists already" in inside("report", str(file), cwd=tmp_path, code=2).stderr
    pptx = pytest.importorskip("pptx", reason="slides need the extra 'slides'")
    inside("report", str(file), "-o", "held.pptx", cwd=tmp_path)
    assert len(pptx.Presentation(str(tmp_path / "held.pptx")).slides) == 5
    file.write_text("{}")
    assert "holds no session of a workshop" in inside("report", str(file), "-o", "x.html", cwd=tmp_path, code=2).stderr
