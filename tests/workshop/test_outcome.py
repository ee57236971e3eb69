"""Outcomes are those of `cxsim compare`; a saved session, its page and its slides say the same."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path

import pytest

from cxsim.results.measures import Estimate
from cxsim.scenario.errors import ScenarioError
from cxsim.studies.compare import compare
from cxsim.workshop.outcome import Outcome, Words, live_chapter, table_rows
from cxsim.workshop.page import session_page
from cxsim.workshop.session import Session, load_session
from cxsim.workshop.summary import tally, verdict

from .scripts import loaded, small


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A workshop that was held."""
    held = Session(loaded(tmp_path_factory.mktemp("script")))
    first, second = held.script.chapters
    for chapter in held.script.chapters:
        held.keep(live_chapter(held.loaded, chapter, jobs=1))
    for text in ("-3", "-1", "0", "2.5"):
        held.room.enter(first, text, name="Ada")
    held.room.enter(second, "mended", count=3)
    held.room.enter(second, "unclear")
    return held


def test_outcomes_are_those_of_compare(session: Session) -> None:
    chapter = session.script.chapters[0]
    for setting in chapter.settings:
        worlds = {name: session.loaded.world(chapter, name, setting) for name in chapter.worlds}
        found = compare(worlds["one"], {"two": worlds["two"]}, replications=4, seed=7, jobs=1)
        ours = session.outcomes["hands", setting]
        assert ours.decided == found.difference("two", "wait_minutes_mean")
        assert ours.differences["satisfaction"]["two"] == found.difference("two", "satisfaction")
        for name in ("satisfaction", "abandonment_rate", "wait_minutes_mean"):
            assert ours.values[name]["one"] == found.results[found.baseline].estimate(name)
    start, other = (session.outcomes["hands", setting] for setting in chapter.settings)
    assert start.values["wait_minutes_mean"]["one"].mean < other.values["wait_minutes_mean"]["one"].mean


def test_a_winner_is_decided_by_the_paired_lead(session: Session) -> None:
    chapter = session.script.chapters[1]
    ours = session.outcome(chapter)
    assert ours is not None
    first, second = (ours.values["contacts_per_journey"][name].mean for name in ours.best)
    assert first <= second, "the lowest is best"
    assert ours.decided.mean == pytest.approx(first - second)
    is_clear = not ours.decided.low <= 0 <= ours.decided.high
    assert ours.case == (ours.best[0] if is_clear else "unclear")
    assert chapter.worlds[ours.best[0]].label in Words(chapter).revealed(ours)


@pytest.mark.parametrize(
    ("low", "high", "case"),
    [(-3.0, -1.0, "lower"), (1.0, 3.0, "higher"), (-1.0, 1.0, "unclear"), (0.0, 0.0, "unclear")],
)
def test_words_follow_what_came_out(session: Session, low: float, high: float, case: str) -> None:
    from cxsim.workshop.outcome import _leaves_out

    chapter, ours = session.script.chapters[0], session.outcome(session.script.chapters[0])
    assert ours is not None
    decided = Estimate((low + high) / 2, low, high, 1.0, 4)
    assert _leaves_out(decided, 0.0) == (case != "unclear")
    told = Outcome(**{**vars(ours), "decided": decided, "case": case})
    lesson = {"lower": "It helps.", "higher": "It hurts.", "unclear": "Nobody knows."}[case]
    assert Words(chapter).lesson(told) == lesson
    assert Words(chapter).revealed(told).startswith({"lower": "Shorter", "higher": "Longer"}.get(case, "Unclear"))


def test_a_measure_without_meaning_is_told_before_the_reveal(tmp_path: Path) -> None:
    data = small()
    data["chapters"] = data["chapters"][:1]
    data["chapters"][0]["prediction"]["measure"] = "switched_after_poor"
    found = loaded(tmp_path, data)
    with pytest.raises(ScenarioError, match="switched_after_poor has no value in the world 'two'"):
        live_chapter(found, found.script.chapters[0], jobs=1)


def test_the_room_is_held_against_what_came_out(session: Session) -> None:
    first, second = session.script.chapters
    outcome = session.outcome(second)
    assert outcome is not None
    found = tally(second, session.room.predictions("which"), outcome)
    assert found.counts == {"hands": 0, "mended": 3, "unclear": 1}
    assert found.right == {"mended": 0.75, "unclear": 0.25, "hands": 0.0}[outcome.case]
    assert verdict(second, session.room.predictions("which"), outcome).startswith("4 predictions: ")
    numbers = tally(first, session.room.predictions("hands"), session.outcome(first))
    assert numbers.median == -0.5
    assert verdict(first, [], None) == "Nobody predicted."


def test_a_session_comes_back_from_its_file(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "session.json"
    file.write_text(session.text(), encoding="utf-8")
    assert "Ada" not in file.read_text()
    assert "Ada" in session.text(with_names=True)
    again = load_session(file)
    assert again.text() == session.text()
    assert session_page(again) == session_page(session)
    for chapter in session.script.chapters:
        ours, theirs = session.outcome(chapter), again.outcome(chapter)
        assert ours is not None
        assert theirs is not None
        assert ours.decided == theirs.decided
        assert table_rows(chapter, ours) == table_rows(chapter, theirs)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"kind": "cxsim workshop session", "format": 1}'])
def test_files_that_are_no_session(text: str, tmp_path: Path) -> None:
    file = tmp_path / "odd.json"
    file.write_text(text)
    with pytest.raises(ScenarioError, match=r"odd\.json"):
        load_session(file)


def test_a_changed_prediction_is_refused(session: Session, tmp_path: Path) -> None:
    data = json.loads(session.text())
    data["predictions"][0]["value"] = 99
    file = tmp_path / "odd.json"
    file.write_text(json.dumps(data))
    with pytest.raises(ScenarioError, match="odd prediction of hands"):
        load_session(file)


def test_the_page_tells_all_and_fetches_nothing(session: Session) -> None:
    text = session_page(session)
    for chapter in session.script.chapters:
        outcome = session.outcome(chapter)
        assert outcome is not None
        assert Words(chapter).lesson(outcome) in text
        assert chapter.lesson.source in text
    assert "src=" not in text.replace("http-equiv", "")[: text.index("<script>")]
    assert "A proposal of this model" in text
    assert "General knowledge: not read in a source." in text


def test_slides_hold_charts_that_can_be_edited_with_the_same_numbers(session: Session) -> None:
    pptx = pytest.importorskip("pptx", reason="slides need the extra 'slides'")
    from cxsim.workshop.slides import MEAN, MODEL, ROOM, slides_bytes

    deck = pptx.Presentation(io.BytesIO(slides_bytes(session)))
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 4
    first, second = session.script.chapters
    outcome, other = session.outcome(first), session.outcome(second)
    assert outcome is not None
    assert other is not None
    predictions, worlds, choices, _ = charts
    series = {one.name: list(one.values) for one in predictions.plots[0].series}
    assert sum(series[ROOM]) == 4
    assert sum(value > 0 for value in series[MODEL]) == 1
    means = [one.mean for one in outcome.values["wait_minutes_mean"].values()]
    assert list(worlds.plots[0].series[0].values) == pytest.approx(means)
    assert worlds.plots[0].series[0].name == MEAN
    assert list(worlds.plots[0].categories) == ["One person", "Two people"]
    assert list(choices.plots[0].series[0].values) == [0, 3, 1]
    halves = [one.high - one.mean for one in outcome.values["wait_minutes_mean"].values()]
    bars = [float(node.text) for node in worlds.plots[0].series[0]._element.iter() if node.tag.endswith("}v")
            and node.getparent().getparent().getparent().tag.endswith("}plus")]  # fmt: skip
    assert bars == pytest.approx(halves)
    text = "\n".join(shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame)
    assert Words(first).lesson(outcome) in text
    assert not math.isnan(outcome.decided.low)
