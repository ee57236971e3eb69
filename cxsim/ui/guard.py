"""Who may come in: the right host, the right origin and, where the server is open to a network, the token."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Callable[..., Awaitable[Any]], Callable[..., Awaitable[None]]], Awaitable[None]]
COOKIE = "cxsim-token"


class Guard:
    """Refuses foreign hosts, foreign origins, and visitors without the token.

    Args:
        app: what is guarded.
        hosts: host names allowed in requests; None for any (a token is needed then).
        token: what visitors must bring in the address once; "" for none.
        public: paths that pages without the token may open; they look after themselves.
    """

    def __init__(
        self, app: App, hosts: frozenset[str] | None, token: str = "", public: frozenset[str] = frozenset()
    ) -> None:
        self.app, self.hosts, self.token, self.public = app, hosts, token, public

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass on what may come in."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host, origin = headers.get("host", ""), headers.get("origin", "")
        if self.hosts is not None and _name(host) not in self.hosts:
            await _refuse(scope, receive, send, 400, "This server answers to its own name only.")
        elif origin and urlsplit(origin).netloc != host:
            await _refuse(scope, receive, send, 403, "Requests from other sites are refused.")
        elif self.token and not (self._is_public(scope) or self._knows_token(headers)):
            await self._ask_token(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _is_public(self, scope: Scope) -> bool:
        return scope["type"] == "http" and scope["path"] in self.public

    def _knows_token(self, headers: dict[str, str]) -> bool:
        jar = SimpleCookie(headers.get("cookie", ""))
        return COOKIE in jar and hmac.compare_digest(jar[COOKIE].value.encode(), self.token.encode())

    async def _ask_token(self, scope: Scope, receive: Any, send: Any) -> None:
        pairs = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        given = dict(pairs).get("token", "")
        if scope["type"] != "http" or not hmac.compare_digest(given.encode(), self.token.encode()):
            await _refuse(scope, receive, send, 401, "Open the address that was printed where the server started.")
            return
        query = urlencode([(name, value) for name, value in pairs if name != "token"])
        there = scope["path"] + (f"?{query}" if query else "")
        cookie = f"{COOKIE}={self.token}; Path=/; HttpOnly; SameSite=Strict"
        await _answer(send, 303, "", [(b"location", there.encode("latin-1")), (b"set-cookie", cookie.encode())])


def _name(host: str) -> str:
    """Host name without its port."""
    return urlsplit(f"//{host}").hostname or ""


async def _refuse(scope: Scope, receive: Any, send: Any, status: int, sentence: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        await _answer(send, status, sentence + "\n", [(b"content-type", b"text/plain; charset=utf-8")])


async def _answer(send: Any, status: int, text: str, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
