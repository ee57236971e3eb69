"""The door: own host names, own origin, and the token where the server is open."""

from __future__ import annotations

import asyncio

from cxsim.ui.guard import COOKIE, Guard


async def inner(scope, receive, send) -> None:
    await send({"type": "inner"})


def ask(guard: Guard, headers: dict[str, str], kind: str = "http", query: str = "") -> dict:
    sent: list[dict] = []

    async def send(message) -> None:
        sent.append(message)

    async def receive():
        return {"type": f"{kind}.connect"}

    scope = {
        "type": kind, "path": "/", "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    asyncio.run(guard(scope, receive, send))
    return sent[0]


def test_own_names_alone() -> None:
    guard = Guard(inner, frozenset({"127.0.0.1", "localhost", "::1"}))
    for host in ("127.0.0.1:8765", "localhost:1", "[::1]:80"):
        assert ask(guard, {"host": host})["type"] == "inner"
    for host in ("evil.example", "127.0.0.1.evil.example", ""):
        assert ask(guard, {"host": host})["status"] == 400
        assert ask(guard, {"host": host}, "websocket")["code"] == 1008


def test_own_origin_alone() -> None:
    guard = Guard(inner, frozenset({"localhost"}))
    own = {"host": "localhost:8765", "origin": "http://localhost:8765"}
    assert ask(guard, own, "websocket")["type"] == "inner"
    for origin in ("http://evil.example", "http://localhost:9999", "null"):
        assert ask(guard, own | {"origin": origin}, "websocket")["code"] == 1008
        assert ask(guard, own | {"origin": origin})["status"] == 403


def test_the_token_opens_once_and_stays_in_a_cookie() -> None:
    guard = Guard(inner, None, token="s3cret")
    host = {"host": "10.0.0.7:8765"}
    assert ask(guard, host)["status"] == 401
    assert ask(guard, host, query="token=wrong")["status"] == 401
    assert ask(guard, host | {"cookie": f"{COOKIE}=s3cre"})["status"] == 401
    assert ask(guard, host, "websocket", "token=s3cret")["code"] == 1008
    entered = ask(guard, host, query="token=s3cret&scenario=workshop")
    headers = dict(entered["headers"])
    assert entered["status"] == 303
    assert headers[b"location"] == b"/?scenario=workshop"
    assert b"HttpOnly" in headers[b"set-cookie"]
    assert ask(guard, host | {"cookie": f"{COOKIE}=s3cret"}, "websocket")["type"] == "inner"
