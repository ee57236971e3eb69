"""The page for phones against a real server: the code opens the room and nothing else."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

pytest.importorskip("uvicorn", reason="the interface needs the extra 'ui'")

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from cxsim.ui.guard import COOKIE, Guard
from cxsim.ui.hall import Hall
from cxsim.ui.join import JOIN, MOST_BYTES, SEAT, workshop_routes
from cxsim.workshop import room as rooms
from cxsim.workshop.session import Session
from tests.workshop.scripts import loaded

TOKEN = "s3cret"


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    found = Hall()
    found.session = Session(loaded(tmp_path))
    return found


@pytest.fixture
def port(hall: Hall) -> Iterator[int]:
    """A server open to a network, with its door, the workshop's pages, and a page of its own."""

    async def inside(request: Request) -> PlainTextResponse:
        return PlainTextResponse("inside")

    guard = Middleware(Guard, hosts=None, token=TOKEN, public=frozenset({JOIN}))
    app = Starlette(routes=[*workshop_routes(hall), Route("/{rest:path}", inside)], middleware=[guard])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(400):
        if server.started:
            break
        time.sleep(0.02)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)


class Phone:
    """Somebody with a phone: keeps its cookies."""

    def __init__(self, port: int) -> None:
        self.port, self.cookie = port, ""

    def ask(self, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str, dict[str, str]]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        kind = {"content-type": "application/x-www-form-urlencoded"} if form is not None else {}
        told = {**kind, **({"cookie": self.cookie} if self.cookie else {}), **headers}
        link.request("GET" if form is None else "POST", path, urlencode(form) if form is not None else None, told)
        got = link.getresponse()
        text, found = got.read().decode(), {name.lower(): value for name, value in got.getheaders()}
        link.close()
        if "set-cookie" in found:
            self.cookie = found["set-cookie"].split(";")[0]
        return got.status, text, found

    def join(self, hall: Hall, name: str = "") -> None:
        assert hall.session is not None
        status, _, found = self.ask(JOIN, {"code": hall.session.room.code, "name": name})
        assert (status, found["location"]) == (303, JOIN)


def test_the_code_opens_the_room_and_nothing_else(port: int, hall: Hall) -> None:
    phone = Phone(port)
    status, text, headers = phone.ask(f"{JOIN}?code=abc")
    assert status == 200
    assert "value='abc'" in text
    assert "<script" not in text
    assert "script-src" not in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    phone.join(hall)
    assert phone.cookie.startswith(f"{SEAT}=")
    assert "Path=/join" in phone.ask(JOIN, {"code": "x"})[2].get("set-cookie", "Path=/join")
    for path in ("/", "/workshop", "/workshop-session.json", "/workshop-report.html", "/join/", "/join/../workshop",
                 "/workshop?next=/join", "//join", "/static/join", "/JOIN"):  # fmt: skip
        assert phone.ask(path)[0] == 401, path
    assert TOKEN not in text
    assert COOKIE not in phone.cookie


def test_a_prediction_is_taken_changed_and_closed(port: int, hall: Hall) -> None:
    assert hall.session is not None
    phone, other = Phone(port), Phone(port)
    phone.join(hall, "Ada <b>")
    other.join(hall)
    assert "Look at the wall" in phone.ask(JOIN)[1]
    hall.go(0, "predict")
    text = phone.ask(JOIN)[1]
    assert "By how many minutes" in text
    assert "from -10 to 10" in text
    assert phone.ask(JOIN, {"chapter": "hands", "answer": "-2,5"})[0] == 303
    assert "-2.5" in phone.ask(JOIN)[1]
    assert phone.ask(f"{JOIN}?change=1")[1].count("value='-2.5'") == 1
    assert phone.ask(JOIN, {"chapter": "hands", "answer": "-3"})[0] == 303
    assert "Write a number from -10 to 10." in other.ask(JOIN, {"chapter": "hands", "answer": "<script>"})[1]
    assert [one.value for one in hall.session.room.predictions("hands")] == [-3.0]
    hall.go(0, "run")
    assert "closed" in other.ask(JOIN, {"chapter": "hands", "answer": "1"})[1]
    hall.go(1, "predict")
    assert "value='mended'" in other.ask(JOIN)[1]
    assert other.ask(JOIN, {"chapter": "which", "answer": "mended"})[0] == 303
    assert "Mended" in other.ask(JOIN)[1]


def test_wrong_codes_are_refused_and_slowed_down(port: int, hall: Hall) -> None:
    phone = Phone(port)
    for _ in range(rooms.TRIES):
        status, text, _ = phone.ask(JOIN, {"code": "<i>wrong"})
        assert status == 403
        assert "<i>" not in text
    assert "Too many wrong codes" in phone.ask(JOIN, {"code": "again"})[1]
    phone.cookie = f"{SEAT}=guessed"
    assert "Code on the wall" in phone.ask(JOIN)[1]


def test_odd_forms_and_foreign_sites_are_refused(port: int, hall: Hall) -> None:
    phone = Phone(port)
    phone.join(hall)
    hall.go(0, "predict")
    assert phone.ask(JOIN, {"answer": "x" * MOST_BYTES})[0] == 400
    assert phone.ask(JOIN, {str(number): "x" for number in range(20)})[0] == 400
    assert phone.ask(JOIN, {"answer": "1"}, **{"content-type": "application/json"})[0] == 400
    assert phone.ask(JOIN, {"chapter": "hands", "answer": "1"}, origin="http://evil.example")[0] == 403
    own = {"origin": f"http://127.0.0.1:{port}"}
    assert phone.ask(JOIN, {"chapter": "hands", "answer": "1"}, **own)[0] == 303


def test_a_room_that_is_not_open_yet(port: int, hall: Hall) -> None:
    hall.session = None
    assert "No workshop is open." in Phone(port).ask(JOIN)[1]


def test_the_files_are_for_those_with_the_token(port: int, hall: Hall) -> None:
    assert hall.session is not None
    hall.session.room.enter(hall.session.script.chapters[0], "2", name="Ada")
    owner = Phone(port)
    owner.cookie = f"{COOKIE}={TOKEN}"
    status, text, headers = owner.ask("/workshop-session.json")
    assert status == 200
    assert headers["content-disposition"] == 'attachment; filename="small-workshop.json"'
    assert '"value": 2.0' in text
    assert "Ada" not in text
    assert "Ada" in owner.ask("/workshop-session.json?names=1")[1]
    assert "are not lived yet" in owner.ask("/workshop-report.html")[1]
