"""What page, report and slides say and draw alike."""

from __future__ import annotations

import plotly.graph_objects as go

from cxsim.charts.look import Theme
from cxsim.charts.predictions import choices_against, numbers_against, worlds_apart
from cxsim.results.measures import Estimate
from cxsim.workshop.outcome import Words
from cxsim.workshop.script import Chapter
from cxsim.workshop.session import Session
from cxsim.workshop.summary import tally, verdict

KNOWN_FROM = {
    "read": "Read in the source, most of it in the abstract.",
    "second_hand": "Read at second hand: the source itself was not seen.",
    "general_knowledge": "General knowledge: not read in a source.",
    "proposal": "A proposal of this model, not a finding of others.",
}
"""How well a lesson's source is known, in a sentence."""
EMPTY = "The worlds of this chapter are not lived yet."


def charts_of(session: Session, chapter: Chapter, theme: Theme = "light", size: float = 1.0) -> dict[str, go.Figure]:
    """Charts of a chapter that came out, by name; none before."""
    outcome, moved = session.outcome(chapter), session.moved_outcome(chapter)
    if outcome is None:
        return {}
    asked, words = chapter.prediction, Words(chapter)
    found = tally(chapter, session.room.predictions(chapter.id), outcome)
    if asked.number is not None:
        first = numbers_against(
            found.numbers, scaled(words, outcome.decided), asked.number.low, asked.number.high, words.unit,
            words.digits, scaled(words, moved.decided) if moved else None, theme, size,
        )  # fmt: skip
    else:
        counts = {text: found.counts[case] for case, text in asked.options.items()}
        first = choices_against(counts, asked.options[outcome.case], theme, size)
    charts = {"predictions": first}
    if len(chapter.worlds) > 1:
        values = {chapter.worlds[name].label: scaled(words, one) for name, one in outcome.values[asked.measure].items()}
        charts["worlds"] = worlds_apart(values, words.measure.label, level_unit(words), words.digits, theme, size)
    return charts


def level_unit(words: Words) -> str:
    """Unit of the worlds' own values, where the room predicts a difference."""
    return words.unit if words.asked.unit else {"percentage points": "%"}.get(words.unit, words.unit)


def scaled(words: Words, found: Estimate) -> Estimate:
    """An estimate in the unit that the room predicts in."""
    by = words.scale
    return Estimate(by * found.mean, by * found.low, by * found.high, by * found.sd, found.n)


def summary_rows(session: Session) -> tuple[list[str], list[list[str]]]:
    """Every chapter in one line: what was asked, what the room said, what came out."""
    head = ["Chapter", "The room", "The model"]
    rows = []
    for chapter in session.script.chapters:
        outcome = session.outcome(chapter)
        told = Words(chapter).revealed(outcome) if outcome is not None else EMPTY
        rows.append([chapter.title, verdict(chapter, session.room.predictions(chapter.id), outcome), told])
    return head, rows


def lesson_of(session: Session, chapter: Chapter) -> str:
    """The lesson of a chapter as it came out."""
    outcome = session.outcome(chapter)
    return EMPTY if outcome is None else Words(chapter).lesson(outcome)
