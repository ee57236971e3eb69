"""The report of a workshop: what was asked, what the room said, what came out, and what was learned."""

from __future__ import annotations

from html import escape

from cxsim.report.frame import chart, document, file_to_save, formulas, made_with, table, words
from cxsim.results.result import yaml_text
from cxsim.workshop.outcome import Words, table_rows
from cxsim.workshop.script import Chapter
from cxsim.workshop.session import Session
from cxsim.workshop.summary import verdict
from cxsim.workshop.words import EMPTY, KNOWN_FROM, charts_of, lesson_of, summary_rows


def session_page(session: Session) -> str:
    """The whole report of a workshop; it fetches nothing."""
    script = session.script
    names = list(dict.fromkeys(name for chapter in script.chapters
                               for name in (chapter.prediction.measure, *chapter.reveal.measures)))  # fmt: skip
    parts = [_heading(session), _overview(session)]
    parts += [_chapter(session, chapter, number) for number, chapter in enumerate(script.chapters, start=1)]
    parts += [formulas(names), _again(session), made_with(session.versions)]
    return document(script.title, parts)


def _heading(session: Session) -> str:
    script = session.script
    count = sum(len(session.room.predictions(chapter.id)) for chapter in script.chapters)
    day = session.begun.replace("T", " at ")
    return (
        f"<header><h1>{escape(script.title)}</h1><p class='finding'>{words(script.about)}</p>"
        f"<p>Held on {escape(day)}: {len(script.chapters)} chapters, {count} predictions. Every number of the model is "
        f"a mean over {script.replications} replications with its 95 % interval; worlds of a chapter share their luck. "
        f"Seed {session.seed}.</p></header>"
    )


def _overview(session: Session) -> str:
    head, rows = summary_rows(session)
    shown = table(head, rows, left=(0, 1, 2))
    return f"<section class='folded'><h2>All chapters at a glance</h2>{shown}</section>"


def _chapter(session: Session, chapter: Chapter, number: int) -> str:
    outcome, asked = session.outcome(chapter), chapter.prediction
    head = f"<section><h2>{number}. {escape(chapter.title)}</h2><p>{words(chapter.question)}</p>"
    if outcome is None:
        return f"{head}<p>{EMPTY}</p></section>"
    told = Words(chapter)
    charts = "".join(chart(f"{chapter.id}-{name}", figure, is_wide=True)
                     for name, figure in charts_of(session, chapter).items())  # fmt: skip
    names, rows = table_rows(chapter, outcome)
    setting = chapter.told_setting(chapter.start)
    moved = session.moved_outcome(chapter)
    beside = ""
    if moved is not None:
        beside = f"<p>With {words(chapter.told_setting(moved.setting))}: {words(told.revealed(moved))}</p>"
    claim = f" <code>cxsim claims {chapter.lesson.claim}</code>" if chapter.lesson.claim else ""
    return (
        f"{head}<p><strong>Asked:</strong> {words(asked.ask)}{f' ({words(setting)})' if setting else ''}</p>"
        f"<p class='finding'>{words(told.revealed(outcome))}</p>"
        f"<p>{words(verdict(chapter, session.room.predictions(chapter.id), outcome))}</p>"
        f"<div class='charts'>{charts}</div>{beside}"
        f"<p>What decided: {words(told.measure.label)}, {words(told.interval(outcome))}.</p>{table(names, rows)}"
        f"<h3>Lesson</h3><p>{words(lesson_of(session, chapter))}</p>"
        f"<p class='quiet'>Source: {words(chapter.lesson.source)} {KNOWN_FROM[chapter.lesson.known_from]}{claim}</p>"
        "</section>"
    )


def _again(session: Session) -> str:
    script = session.script
    size = "" if session.loaded.customers is None else f" --customers {session.loaded.customers}"
    command = f"cxsim workshop {script.name}.yaml --seed {session.seed}{size}"
    return (
        f"<section><h2>Hold it again</h2><p>Save the script below, then:</p><pre>{escape(command)}</pre>"
        f"{file_to_save(f'{script.name}.yaml', yaml_text(script.document()))}</section>"
    )
