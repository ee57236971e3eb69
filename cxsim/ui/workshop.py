"""Page "Workshop": a script's chapters on the wall, step by step, for a room that predicts before the model answers."""

from __future__ import annotations

import importlib.util
import json
import threading
from pathlib import Path
from typing import Any

import solara

from cxsim.ui.hall import Hall, hall
from cxsim.ui.header import Header
from cxsim.ui.jobs import Job
from cxsim.ui.prepare import Moving
from cxsim.ui.stage import Stage
from cxsim.ui.visit import Visit
from cxsim.ui.watching import duration
from cxsim.ui.what_if import STYLE
from cxsim.ui.widgets import ChartPanel, Panel, SheetPanel, _script, chart_data
from cxsim.workshop.outcome import Outcome, Words, table_rows
from cxsim.workshop.room import LETTERS
from cxsim.workshop.script import Chapter
from cxsim.workshop.session import STEP_LABELS, Session, steps_of
from cxsim.workshop.summary import tally
from cxsim.workshop.words import KNOWN_FROM, charts_of, summary_rows

LARGE = 1.8
"""How much larger letters in charts are, for the back row."""
LOOK_SECONDS = 0.3
_WORKSHOP_STYLE = (Path(__file__).parent / "workshop.css").read_text(encoding="utf-8")


class SlidePanel(Panel):
    """A workshop's slide, its keys, and the line at the bottom."""

    _esm = _script("making.js", "workshop.js")


@solara.component
def Workshop(visit: Visit) -> Any:  # noqa: N802
    """The page.

    Args:
        visit: the visitor's pages.
    """
    place = hall()
    solara.use_memo(lambda: place.attach(visit.jobs), [])
    look = use_hall(place)
    is_open, show = solara.use_state(False)
    session, chapter = place.session, place.chapter

    def told(text: str) -> None:
        try:
            asked(place, json.loads(text) if text else {}, show)
        except Exception as error:  # whatever a browser sends, the facilitator gets a sentence
            place.problem = f"That did not work ({type(error).__name__}: {error})."
        look()

    data = json.dumps(slide(place, is_open))
    presenting = ["cx-presenting"] if chapter is not None or place.is_over else []
    with solara.Div(classes=["cx", "cx-workshop", *presenting]) as page:
        solara.Style(STYLE + _WORKSHOP_STYLE)
        with solara.Div(classes=["cx-top"]):
            Header(visit.session, "workshop", lambda: shared(place))
        with solara.Div(classes=["cx-main"], attributes={"role": "main"}):
            SlidePanel.element(data=data, on_asked=told)
            if session is not None and chapter is not None and place.step == "run":
                Running(visit, place, chapter, place.mark)
            if session is not None and chapter is not None and place.step == "reveal":
                Revealed(visit, session, chapter, place.mark)
    return page


def use_hall(place: Hall) -> Any:
    """Draw again whenever something changes in the hall; gives a function that looks at once."""
    mark, tell = solara.use_state(place.mark)
    del mark

    def follow() -> Any:
        over = threading.Event()

        def look() -> None:
            # a thread of the visit's own: only such may draw its page
            while not over.wait(LOOK_SECONDS):
                tell(place.mark)

        threading.Thread(target=look, name="cxsim-hall", daemon=True).start()
        return over.set

    solara.use_effect(follow, [])
    return lambda: tell(place.mark)


def asked(place: Hall, message: dict[str, Any], show: Any = None) -> None:
    """What the slide asks for."""
    match message.get("do"):
        case "open":
            place.open(str(message["value"]))
        case "next":
            place.turn(1)
        case "back":
            place.turn(-1)
        case "step" if place.chapter is not None and message["value"] in steps_of(place.chapter):
            place.go(place.place, str(message["value"]))
        case "leave":
            place.go(-1)
        case "enter":
            place.enter(str(message["value"])[:80])
        case "take-back":
            place.take_back()
        case "show" if show is not None:
            show(lambda is_open: not is_open)
        case "move":
            place.move(str(message["lever"]), int(message["place"]))
        case "renew" if place.session is not None:
            place.session.room.renew()
        case "again":
            place.prepare()


def shared(place: Hall) -> list[dict[str, str]]:
    """Commands of this page."""
    session = place.session
    if session is None:
        return [{"id": "workshop", "label": "Command that lists the ready scripts", "text": "cxsim workshop --list"}]
    found = session.loaded
    size = "" if found.customers is None else f" --customers {found.customers}"
    return [{"id": "workshop", "label": "Command that opens this workshop",
             "text": f"cxsim workshop {found.name} --seed {session.seed}{size}"}]  # fmt: skip


def slide(place: Hall, is_open: bool = False) -> dict[str, Any]:
    """What the slide shows.

    Args:
        place: the hall.
        is_open: whether counts of hands are shown while they come in.
    """
    session, chapter = place.session, place.chapter
    if session is None or (chapter is None and not place.is_over):
        return _lobby(place)
    script = session.script
    if chapter is None:
        for one in script.chapters:
            place.job(one)
        head, rows = summary_rows(session)
        return {"kind": "end", "place": place.place, "step": "", "script": script.title, "head": head, "rows": rows,
                "slides": importlib.util.find_spec("pptx") is not None, "problem": place.problem,
                "where": f"{script.title}: the end"}  # fmt: skip
    job = place.moving_job(chapter) if place.step == "run" else place.job(chapter)
    outcome, moved = session.outcome(chapter), session.moved_outcome(chapter)
    number = script.chapters.index(chapter) + 1
    setting = session.settings[chapter.id]
    at = setting if place.step in ("levers", "run") else chapter.start
    shown: dict[str, Any] = {
        "kind": "step", "place": place.place, "step": place.step, "label": f"{number} of {len(script.chapters)}",
        "title": chapter.title, "problem": place.problem, "notes": chapter.notes,
        "where": f"{script.title}: {number} of {len(script.chapters)}, {chapter.minutes:g} min",
        "steps": [{"value": step, "label": STEP_LABELS[step]} for step in steps_of(chapter)],
        "setting": chapter.told_setting(at),
    }  # fmt: skip
    match place.step:
        case "question":
            shown |= {"question": chapter.question, "worlds": [world.label for world in chapter.worlds.values()]}
        case "predict":
            shown |= _predicting(place, session, chapter, is_open)
        case "levers":
            shown["levers"] = [
                {"key": key, "label": lever.label, "values": [str(value) for value in lever.values], "place": at_,
                 "start": start}
                for (key, lever), at_, start in zip(chapter.levers.items(), setting, chapter.start, strict=True)
            ]  # fmt: skip
        case "run":
            shown |= {"look": chapter.run.look, "wait": _waiting(job)}
        case "reveal":
            shown |= _revealing(chapter, outcome, moved, setting)
            shown["wait"] = None if outcome else _waiting(job)
        case "lesson":
            told = Words(chapter).lesson(outcome) if outcome else ""
            claim = f" Put to the model by itself: cxsim claims {chapter.lesson.claim}." if chapter.lesson.claim else ""
            shown |= {"lesson": told, "source": chapter.lesson.source, "wait": None if outcome else _waiting(job),
                      "known": KNOWN_FROM[chapter.lesson.known_from] + claim}  # fmt: skip
    return shown


def _lobby(place: Hall) -> dict[str, Any]:
    session = place.session
    scripts = []
    for name, script in place.titles().items():
        if isinstance(script, str):
            scripts.append({"value": name, "title": Path(name).name, "size": "cannot be read", "about": script})
            continue
        size = f"{len(script.chapters)} chapters, {script.minutes:g} minutes"
        scripts.append({"value": name, "title": script.title, "size": size, "about": script.about})
    ready = ""
    if session is not None:
        jobs = [place.job(chapter) for chapter in session.script.chapters]
        done = sum(job is not None and job.state == "done" for job in jobs)
        ready = f"{done} of {len(jobs)} chapters are ready to run; the others are lived while you begin."
        ready = "All chapters are ready to run." if done == len(jobs) else ready
    return {"kind": "lobby", "place": -1, "step": "", "scripts": scripts, "ready": ready, "problem": place.problem,
            "chosen": session.loaded.name if session is not None else "",
            "join": _joining(place, session) if session is not None else None}  # fmt: skip


def _joining(place: Hall, session: Session) -> dict[str, Any]:
    room = session.room
    return {"address": place.join_address, "code": room.code, "seats": room.seats,
            "picture": qr_code(place.join_address, room.code)}  # fmt: skip


def qr_code(address: str, code: str) -> str:
    """A picture of the address with the code, as data; "" without an address, or without segno to draw it."""
    if not address or not set(code) <= set(LETTERS) or importlib.util.find_spec("segno") is None:
        return ""
    import segno

    return str(segno.make(f"{address}?code={code}", error="m").svg_data_uri(scale=6, border=2))


def _predicting(place: Hall, session: Session, chapter: Chapter, is_open: bool) -> dict[str, Any]:
    asked_, words = chapter.prediction, Words(chapter)
    found = tally(chapter, session.room.predictions(chapter.id), None)
    return {
        "ask": asked_.ask, "unit": words.unit, "count": found.count, "open": is_open,
        "number": None if asked_.number is None else {"low": asked_.number.low, "high": asked_.number.high,
                                                      "unit": words.unit},
        "options": [{"value": case, "label": text, "count": found.counts.get(case, 0)}
                    for case, text in asked_.options.items()],
        "join": _joining(place, session),
    }  # fmt: skip


def _revealing(chapter: Chapter, outcome: Outcome | None, moved: Outcome | None, setting: Any) -> dict[str, Any]:
    if outcome is None:
        return {"sentence": "", "moved": ""}
    words = Words(chapter)
    told = f"With {chapter.told_setting(setting)}: {words.revealed(moved)}" if moved is not None else ""
    return {"sentence": words.revealed(outcome), "moved": told}


def _waiting(job: Job | None) -> dict[str, Any] | None:
    """How far the worlds are; None once they are lived."""
    if job is not None and job.state == "done":
        return None
    if job is None or job.state in ("stopped", "failed"):
        return {"text": job.problem if job is not None and job.problem else "Stopped.", "share": None, "again": True}
    if job.state == "waiting":
        return {"text": "The worlds wait until other chapters are lived.", "share": 0.0, "again": False}
    left = job.seconds_left
    time = "" if left is None else f", {duration(left)} left"
    return {"text": f"The worlds are being lived: {100 * job.share:.0f} %{time}.", "share": job.share, "again": False}


@solara.component
def Running(visit: Visit, place: Hall, chapter: Chapter, mark: Any) -> Any:  # noqa: N802
    """The worlds of a chapter, moving; drawn again with every mark of the hall."""
    del mark
    moving = place.moving(chapter)
    key = f"{place.place} {place.session.settings[chapter.id] if place.session else ''} {moving is not None}"
    with solara.Div(classes=["cx-stage-frame"]) as frame:
        if moving is not None:
            Moved(visit, moving).key(key)
    return frame


@solara.component
def Moved(visit: Visit, moving: Moving) -> Any:  # noqa: N802
    """The stage; made anew for other worlds."""
    return Stage(moving.worlds, theme=visit.session.theme.value, is_large=True, data=moving.data)


@solara.component
def Revealed(visit: Visit, session: Session, chapter: Chapter, mark: Any) -> Any:  # noqa: N802
    """Predictions against what came out, and the worlds side by side; drawn again with every mark of the hall."""
    del mark
    theme = visit.session.theme.value
    outcome, moved = session.outcome(chapter), session.moved_outcome(chapter)
    version, words = session.room.version, Words(chapter)
    drawn = solara.use_memo(lambda: charts_of(session, chapter, theme, LARGE),
                            [chapter.id, theme, outcome, moved, version])  # fmt: skip
    with solara.Div() as frame:
        if outcome is not None:
            with solara.Div(classes=["cx-reveal-charts"]):
                for name, figure in drawn.items():
                    ChartPanel.element(data=chart_data(figure, name, f"{chapter.id} {version}")).key(name)
            head, rows = table_rows(chapter, outcome)
            SheetPanel.element(data=json.dumps({
                "name": "measures", "title": "Measures of these worlds", "about": words.interval(outcome), "left": [0],
                "head": head, "rows": rows, "revision": f"{chapter.id} {version}",
            })).key("measures")  # fmt: skip
    return frame
