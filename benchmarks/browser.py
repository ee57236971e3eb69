"""A server as a user starts it, and the system's Chromium to look at it: for tests, pictures and benchmarks."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
CHECKOUT = Path(__file__).parents[1]


def chromium() -> str | None:
    """The system's Chromium, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextlib.contextmanager
def served(*arguments: str, page: str = "ui") -> Iterator[str]:
    """`cxsim ui ARGUMENTS` (or `workshop`) on a free port; gives the printed address, stops the server afterwards."""
    command = [sys.executable, "-c", "from cxsim.cli import main; main()", page, *arguments, "--no-open", "--port", "0"]
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT)}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment
    ) as server:
        told: list[str] = []
        try:
            assert server.stderr is not None
            for line in server.stderr:
                told.append(line)
                found = re.search(r"http://\S+", line)
                if found:
                    break
            else:
                raise RuntimeError("the server did not start: " + "".join(told))
            address = found.group().replace("0.0.0.0", "127.0.0.1")
            wait_until_ready(address)
            os.set_blocking(server.stderr.fileno(), False)
            yield address
            rest = server.stderr.read() or ""
            assert "Traceback" not in rest, rest
        finally:
            server.terminate()
            server.wait(20)


def wait_until_ready(address: str) -> None:
    """Wait until the server answers."""
    import http.client
    from urllib.parse import urlsplit

    for _ in range(900):  # a busy machine takes its time
        try:
            link = http.client.HTTPConnection(urlsplit(address).netloc, timeout=5)
            link.request("GET", "/readyz")
            link.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"no answer from {address}")


@contextlib.contextmanager
def launched(play: Any) -> Iterator[Any]:
    """The system's Chromium."""
    browser = play.chromium.launch(executable_path=chromium(), args=list(FLAGS))
    try:
        yield browser
    finally:
        browser.close()


def page_of(browser: Any, address: str, **context: Any) -> Any:
    """A page that shows its numbers and charts; `page.told` collects what should not happen."""
    page = browser.new_context(viewport={"width": 1280, "height": 720}, **context).new_page()
    watch(page, address)
    page.goto(address)
    page.wait_for_selector(".cx-chart .main-svg", timeout=90_000)
    page.wait_for_function("document.querySelector('.cx-status').dataset.running === 'false'", timeout=90_000)
    return page


def watch(page: Any, address: str) -> None:
    """Collect console errors, failed requests and requests to other hosts in `page.told`."""
    own = re.match(r"https?://[^/]+", address)
    assert own is not None
    page.told = []

    def requested(request: Any) -> None:
        if not request.url.startswith((own.group(), "data:", "blob:")):
            page.told.append(f"request to {request.url}")

    page.on("request", requested)
    page.on("requestfailed", lambda request: page.told.append(f"failed {request.url}"))
    page.on("response", lambda got: page.told.append(f"{got.status} {got.url}") if got.status >= 400 else None)
    page.on("pageerror", lambda error: page.told.append(f"error {error}"))
    page.on("console", lambda said: page.told.append(f"console {said.text}") if said.type == "error" else None)
