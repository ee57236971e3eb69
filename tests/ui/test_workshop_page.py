"""The page Workshop without a browser: steps, predictions, the reveal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("solara", reason="the interface needs the extra 'ui'")


from cxsim.ui import workshop as page_of_workshops
from cxsim.ui.hall import Hall
from cxsim.ui.jobs import Jobs
from cxsim.ui.widgets import ChartPanel, SheetPanel
from cxsim.ui.workshop import SlidePanel, Workshop, asked, qr_code, slide
from cxsim.workshop.loading import ready_scripts
from cxsim.workshop.outcome import Words, live_chapter
from cxsim.workshop.session import Session, load_session
from tests.ui.pages import DrawnPage
from tests.workshop.scripts import loaded, small, written


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hall:
    """A hall whose workshop was lived beforehand."""
    found = Hall()
    found.session = Session(loaded(tmp_path))
    monkeypatch.setattr(page_of_workshops, "hall", lambda: found)
    return found


class Page(DrawnPage):
    """The page Workshop."""

    asked_panel = SlidePanel

    def __init__(self, jobs: Jobs) -> None:
        super().__init__(jobs=jobs)

    def drawn(self) -> Any:
        return Workshop(self.visit)

    @property
    def slide(self) -> Any:
        return self.panels(SlidePanel)[0]


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    begun = Jobs()
    yield begun
    begun.close()


def test_steps_go_on_and_back_through_all_chapters(hall: Hall) -> None:
    seen = []
    for _ in range(30):
        seen.append((hall.place, hall.step))
        asked(hall, {"do": "next"})
    assert seen[0] == (-1, "")
    assert [step for place, step in seen if place == 0] == ["question", "predict", "levers", "run", "reveal", "lesson"]
    assert [step for place, step in seen if place == 1] == ["question", "predict", "run", "reveal", "lesson"]
    assert hall.is_over
    for _ in range(30):
        asked(hall, {"do": "back"})
    assert hall.place == -1
    asked(hall, {"do": "next"})
    asked(hall, {"do": "step", "value": "reveal"})
    assert hall.step == "reveal"
    asked(hall, {"do": "step", "value": "nowhere"})
    assert hall.step == "reveal"


def test_the_room_predicts_only_at_that_step(hall: Hall) -> None:
    assert hall.session is not None
    room = hall.session.room
    hall.go(0, "predict")
    assert room.asking is hall.chapter
    asked(hall, {"do": "enter", "value": "3"})
    asked(hall, {"do": "enter", "value": "300"})
    assert hall.problem == "Write a number from -10 to 10."
    assert slide(hall)["count"] == 1
    asked(hall, {"do": "take-back"})
    assert slide(hall)["count"] == 0
    hall.go(0, "run")
    assert room.asking is None
    hall.go(1, "predict")
    asked(hall, {"do": "enter", "value": "mended"})
    assert [one["count"] for one in slide(hall)["options"]] == [0, 1, 0]


def test_the_session_is_kept_where_it_was_asked_for(hall: Hall, tmp_path: Path) -> None:
    hall.out = tmp_path / "session.json"
    hall.go(0, "predict")
    hall.enter("3")
    hall.turn(1)
    assert [one.value for one in load_session(hall.out).room.predictions("hands")] == [3.0]


def test_scripts_to_choose_from_and_a_broken_one(tmp_path: Path) -> None:
    hall = Hall()
    assert [one["value"] for one in slide(hall)["scripts"]] == list(ready_scripts())
    data = small()
    data["chapters"][0]["prediction"]["measure"] = "happiness"
    hall.opened = str(written(tmp_path, data))
    hall.open(hall.opened)
    assert hall.session is None
    assert "no measure 'happiness'" in hall.problem
    hall.open("no such script")
    assert hall.session is None


def test_choosing_the_open_script_again_loses_nothing(hall: Hall) -> None:
    assert hall.session is not None
    hall.opened = hall.session.loaded.name
    hall.go(0, "predict")
    hall.enter("3")
    hall.go(-1)
    asked(hall, {"do": "open", "value": hall.opened})
    assert len(hall.session.room.predictions("hands")) == 1


def test_a_picture_of_the_address_holds_the_code_and_no_token() -> None:
    pytest.importorskip("segno", reason="pictures to scan need segno, of the extra 'ui'")
    picture = qr_code("http://10.0.0.7:8765/join", "abcdef")
    assert picture.startswith("data:image/svg+xml")
    assert qr_code("", "abcdef") == ""
    assert qr_code("http://10.0.0.7/join", "<script>") == ""


def test_where_phones_find_the_room() -> None:
    hall = Hall()
    hall.listens("127.0.0.1", 8765, is_own=True)
    assert hall.join_address == ""
    hall.listens("10.0.0.7", 8765, is_own=False)
    assert hall.join_address == "http://10.0.0.7:8765/join"
    hall.listens("0.0.0.0", 8765, is_own=False)
    assert hall.join_address.startswith("http://")
    assert "0.0.0.0" not in hall.join_address


@pytest.mark.slow
def test_a_chapter_from_the_lobby_to_the_lesson(hall: Hall, jobs: Jobs) -> None:
    session = hall.session
    assert session is not None
    page = Page(jobs)
    assert page.slide["kind"] == "lobby"
    page.ask(do="next")
    page.until(lambda: page.slide["step"] == "question")
    page.ask(do="next")
    page.until(lambda: page.slide["step"] == "predict")
    for value in ("-2", "1", "4"):
        page.ask(do="enter", value=value)
    page.until(lambda: page.slide["count"] == 3)
    page.ask(do="step", value="reveal")
    page.until(lambda: page.panels(ChartPanel))
    chapter = session.script.chapters[0]
    outcome = session.outcome(chapter)
    assert outcome == live_chapter(session.loaded, chapter, settings=[chapter.start])[0]
    assert page.slide["sentence"] == Words(chapter).revealed(outcome)
    assert {one["name"] for one in page.panels(ChartPanel)} == {"predictions", "worlds"}
    assert page.panels(SheetPanel)[0]["rows"][0][0] == "Mean wait (minutes)"
    page.ask(do="step", value="levers")
    page.until(lambda: page.slide["step"] == "levers")
    page.ask(do="move", lever="talk", place=1)
    page.ask(do="step", value="reveal")
    page.until(lambda: page.slide["step"] == "reveal" and page.slide["moved"])
    assert page.slide["moved"].startswith("With Time per customer: 12 min: ")
    assert page.slide["sentence"] == Words(chapter).revealed(outcome), "predictions were made for the start"
    page.ask(do="step", value="lesson")
    page.until(lambda: page.slide["step"] == "lesson" and page.slide["lesson"])
    assert page.slide["lesson"] == Words(chapter).lesson(outcome)
    page.close()
