"""Starting the server: settings first, then Solara, guarded and bound to this machine unless opened on purpose."""

from __future__ import annotations

import importlib.util
import logging
import os
import secrets
import socket
import sys
import threading
import webbrowser
from typing import Any

from cxsim.scenario.errors import Problem, ScenarioError

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SETTINGS = {
    "SOLARA_APP": "cxsim.ui.app",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_ASSETS_EXTRA_LOCATIONS": "plotly.package_data",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_KERNEL_CULL_TIMEOUT": "2m",
    "SOLARA_STORAGE_MUTATION_DETECTION": "False",
    "SOLARA_MODE": "production",
}
"""Environment that Solara reads when it is imported."""
SWITCH_SECONDS = 0.0005
"""A world is built and its tables are made in Python; a page being drawn must not hold each step of that for 5 ms."""

_LEFT = ("Error sending message", "Error closing websocket")
"""How Solara tells, with a traceback, that a visitor left while a message was under way: no error of anybody."""


def check_installed() -> None:
    """Say in a sentence what the interface lacks.

    Raises:
        ScenarioError: the extra `ui` is not installed.
    """
    lacking = [name for name in ("solara", "anywidget", "uvicorn") if importlib.util.find_spec(name) is None]
    if lacking:
        sentence = f"the interface needs {', '.join(lacking)}; install it with: pip install 'cxsim[ui]'"
        raise ScenarioError([Problem("", sentence)])


def application(scenario: str, token: str = "", hosts: frozenset[str] | None = LOOPBACK) -> Any:
    """The guarded application.

    Args:
        scenario: name of a ready scenario, or path of a file.
        token: what visitors must bring; "" for none.
        hosts: host names it answers to; None for any.
    """
    if "solara" in sys.modules and os.environ.get("SOLARA_APP") != SETTINGS["SOLARA_APP"]:
        raise RuntimeError("Solara was imported before its settings were made")
    from cxsim.ui.guard import Guard

    os.environ.update(SETTINGS)
    os.environ["CXSIM_UI_SCENARIO"] = scenario
    import solara.server.starlette as solara_server
    from starlette.applications import Starlette
    from starlette.middleware import Middleware

    from cxsim.ui.hall import hall
    from cxsim.ui.join import JOIN, workshop_routes

    guard = Middleware(Guard, hosts=hosts, token=token, public=frozenset({JOIN}))
    return Starlette(
        routes=[*workshop_routes(hall()), *solara_server.routes], lifespan=solara_server.lifespan,
        middleware=[guard, *solara_server.middleware],
    )  # fmt: skip


def serve(scenario: str, port: int, host: str, is_opened: bool, page: str = "") -> None:
    """Serve until stopped.

    Args:
        scenario: name of a ready scenario, or path of a file.
        port: port; 0 for one that is free.
        host: address to bind; anything but this machine's own needs the token that is printed.
        is_opened: whether to open the browser.
        page: page to open, by its path.

    Raises:
        ScenarioError: the port or address cannot be used, or the extra `ui` is not installed.
    """
    check_installed()
    is_own = host in LOOPBACK
    token = "" if is_own else secrets.token_urlsafe(18)
    bound = _bind(host, port)
    shown = "127.0.0.1" if host in ("127.0.0.1", "localhost") else host
    shown = f"[{shown}]" if ":" in shown else shown
    address = f"http://{shown}:{bound.getsockname()[1]}/{page}" + (f"?token={token}" if token else "")
    import uvicorn

    from cxsim.ui.hall import hall

    hall().listens(host, bound.getsockname()[1], is_own)

    app = application(scenario, token, LOOPBACK if is_own else None)
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, ws_max_size=64 * 2**20)
    )
    logging.getLogger("solara.server.kernel").addFilter(lambda record: not str(record.msg).startswith(_LEFT))
    print(f"cxsim is at {address} (stop with Ctrl+C)", file=sys.stderr, flush=True)
    if token:
        print("Everybody on the network who has this address can use it.", file=sys.stderr, flush=True)
    sys.setswitchinterval(SWITCH_SECONDS)
    if is_opened:
        threading.Timer(1.0, webbrowser.open, [address]).start()
    server.run(sockets=[bound])


def _bind(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError as error:
        sentence = f"{host}, port {port} cannot be used: {error.strerror or error}; choose another with --port"
        raise ScenarioError([Problem("", sentence)]) from None
    return bound
