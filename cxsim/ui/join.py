"""What phones see of a workshop, and the files that a workshop leaves behind.

`/join` needs the code on the wall and nothing else: a plain form, no script, no connection that stays open. It is the
only page that the guard lets pass without the server's token, and it reaches the room alone.
"""

from __future__ import annotations

from html import escape
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from cxsim.workshop.room import CODE_LENGTH, LONGEST_NAME, Entry, Room, RoomError

if TYPE_CHECKING:
    from cxsim.ui.hall import Hall
    from cxsim.workshop.script import Chapter

JOIN = "/join"
SEAT = "cxsim-seat"
MOST_BYTES = 2048
"""Body of a form, at most."""
WAIT_SECONDS = 3
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "cache-control": "no-store", "referrer-policy": "same-origin", "x-content-type-options": "nosniff",
}  # fmt: skip
_STYLE = """
:root { color-scheme: light dark; }
body { font: 19px/1.45 Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; margin: 0; }
main { max-width: 32rem; margin: 0 auto; padding: 1.4rem 1.2rem 3rem; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: .2rem 0 .8rem; }
label, legend { display: block; font-weight: 600; margin: .9rem 0 .3rem; }
fieldset { border: 0; padding: 0; margin: 0; }
input[type=text] { font: inherit; width: 100%; box-sizing: border-box; padding: .7rem; border: 2px solid #87929b;
  border-radius: .5rem; background: Field; color: FieldText; }
.code { letter-spacing: .2em; }
.choice { display: flex; gap: .7rem; align-items: center; font-weight: 400; border: 2px solid #87929b;
  border-radius: .5rem; padding: .8rem; }
.choice input { width: 1.3rem; height: 1.3rem; flex: none; }
button { font: inherit; font-weight: 650; width: 100%; margin-top: 1.2rem; padding: .9rem; border: 0; color: #fff;
  background: #0b6e99; border-radius: .5rem; }
.said { border-left: 5px solid #b0480a; padding: .4rem .8rem; }
.kept { border-left: 5px solid #1f6fb2; padding: .4rem .8rem; }
.quiet { opacity: .82; font-size: .9rem; }
"""


def workshop_routes(hall: Hall) -> list[Route]:
    """The page for phones, and the files that can be taken along (those behind the server's own door)."""

    async def join(request: Request) -> Response:
        form = await _form(request) if request.method == "POST" else None
        if form is None and request.method == "POST":
            return PlainTextResponse("Send the form of this page.\n", 400, _HEADERS)
        return _join(hall, request, form or {})

    async def export(request: Request) -> Response:
        return await run_in_threadpool(_export, hall, request)

    return [
        Route(JOIN, join, methods=["GET", "POST"]),
        Route("/workshop-session.json", export, methods=["GET"]),
        Route("/workshop-report.html", export, methods=["GET"]),
        Route("/workshop-slides.pptx", export, methods=["GET"]),
    ]


async def _form(request: Request) -> dict[str, str] | None:
    """Fields of a small form; None for anything else."""
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/x-www-form-urlencoded":
        return None
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return None
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=6))
    except ValueError:
        return None


def _join(hall: Hall, request: Request, form: dict[str, str]) -> Response:
    session = hall.session
    if session is None:
        return _page("No workshop is open.", "<p>Wait until the facilitator has opened one.</p>", waits=True)
    room = session.room
    jar = SimpleCookie(request.headers.get("cookie", ""))
    seat = jar[SEAT].value if SEAT in jar else ""
    address = request.client.host if request.client else ""
    if not room.is_seated(seat):
        if not form:
            return _door(str(request.query_params.get("code", ""))[:CODE_LENGTH])
        try:
            seat = room.join(form.get("code", "")[:40], form.get("name", "")[:200], address)
        except RoomError as error:
            return _door("", str(error), 403)
        entered = RedirectResponse(JOIN, 303, _HEADERS)
        entered.set_cookie(SEAT, seat, path=JOIN, httponly=True, samesite="strict")
        return entered
    said = ""
    if form:
        try:
            room.answer(seat, form.get("chapter", "")[:80], form.get("answer", "")[:80])
            return RedirectResponse(JOIN, 303, _HEADERS)
        except RoomError as error:
            said = str(error)
    return _seat(room, seat, said, is_changing="change" in request.query_params)


def _door(code: str, said: str = "", status: int = 200) -> Response:
    """The way in."""
    body = (
        (f"<p class='said' role='alert'>{escape(said)}</p>" if said else "")
        + f"<form method='post' action='{JOIN}'><label for='code'>Code on the wall</label>"
        f"<input class='code' type='text' id='code' name='code' value='{escape(code, quote=True)}' required "
        f"maxlength='12' autocomplete='off' autocapitalize='none' spellcheck='false'>"
        "<label for='name'>Name, if you like</label>"
        f"<input type='text' id='name' name='name' maxlength='{LONGEST_NAME}' autocomplete='off'>"
        "<button>Join</button></form>"
        "<p class='quiet'>Your predictions are held while the workshop lasts. Names are never shown on the wall.</p>"
    )
    return _page("Join the workshop", body, status=status)


def _seat(room: Room, seat: str, said: str, is_changing: bool) -> Response:
    """What somebody who is in sees: the question that is open, or that none is."""
    told = f"<p class='said' role='alert'>{escape(said)}</p>" if said else ""
    chapter = room.asking
    if chapter is None:
        wait = "<p>Look at the wall. When the room predicts, the question appears here.</p>"
        return _page("You are in.", told + wait, waits=True)
    known = room.of_seat(seat, chapter.id)
    if known is not None and not is_changing and not said:
        kept = f"<p class='kept'>Your prediction: <strong>{escape(_told(chapter, known))}</strong></p>"
        link = f"<p><a href='{JOIN}?change=1'>Change it</a></p>"
        return _page(chapter.prediction.ask, kept + link, waits=True)
    return _page(chapter.prediction.ask, told + _question(chapter, known))


def _told(chapter: Chapter, entry: Entry) -> str:
    asked = chapter.prediction
    if isinstance(entry.value, str):
        return asked.options[entry.value]
    return f"{entry.value:g} {asked.unit}".strip()


def _question(chapter: Chapter, known: Entry | None) -> str:
    asked = chapter.prediction
    head = f"<form method='post' action='{JOIN}'><input type='hidden' name='chapter' value='{escape(chapter.id)}'>"
    if asked.number is not None:
        value = "" if known is None else f"{known.value:g}"
        unit = f" ({escape(asked.unit)})" if asked.unit else ""
        keys = "decimal" if asked.number.low >= 0 else "text"  # some keypads of digits have no minus
        field = (
            f"<label for='answer'>A number from {asked.number.low:g} to {asked.number.high:g}{unit}</label>"
            f"<input type='text' inputmode='{keys}' id='answer' name='answer' value='{value}' required maxlength='24' "
            "autocomplete='off'>"
        )
    else:
        field = "<fieldset><legend>Choose one</legend>" + "".join(
            f"<label class='choice'><input type='radio' name='answer' value='{escape(case, quote=True)}' required"
            f"{' checked' if known is not None and known.value == case else ''}> <span>{escape(text)}</span></label>"
            for case, text in asked.options.items()
        ) + "</fieldset>"  # fmt: skip
    return f"{head}{field}<button>Send my prediction</button></form>"


def _page(title: str, body: str, waits: bool = False, status: int = 200) -> Response:
    again = f"<meta http-equiv='refresh' content='{WAIT_SECONDS}; url={JOIN}'>" if waits else ""
    text = (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{escape(title)}</title>{again}"
        "<meta name='viewport' content='width=device-width, initial-scale=1'><link rel='icon' href='data:,'>"
        f"<style>{_STYLE}</style></head><body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    return HTMLResponse(text, status, _HEADERS)


def _export(hall: Hall, request: Request) -> Response:
    """The session as a file, a page or slides."""
    session = hall.session
    if session is None:
        return PlainTextResponse("No workshop is open.\n", 404)
    for chapter in session.script.chapters:
        hall.job(chapter)  # takes over what was found
    kind = request.url.path.rsplit(".", 1)[-1]
    name = f"{session.script.name}-workshop.{kind}"
    content: Any
    if kind == "json":
        content, media = session.text(with_names="names" in request.query_params), "application/json"
    elif kind == "html":
        from cxsim.workshop.page import session_page

        content, media = session_page(session), "text/html"
    else:
        from cxsim.scenario.errors import ScenarioError
        from cxsim.workshop.slides import MEDIA, slides_bytes

        try:
            content, media = slides_bytes(session), MEDIA
        except ScenarioError as error:
            return PlainTextResponse(f"{error}\n", 501)
    return Response(content, media_type=media, headers={
        "content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    })  # fmt: skip
