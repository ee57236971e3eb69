"""How smoothly single customers are drawn: frames a second of the stage in the system's Chromium, without a GPU.

`python -m benchmarks.stage [--customers 1000] [--worlds 1] [--seconds 10]` prints the figure; the bar is 50 frames a
second at 1,000 dots. `served_stage` serves the stage alone; tests use it too.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import solara

from benchmarks.browser import CHECKOUT, launched, wait_until_ready, watch

BAR = 50.0
_ASKED = "CXSIM_STAGE"
"""Environment variable: scenario, customers, days and number of worlds of a served stage."""
_LEVER = {"workshop": ("desks.counter.servers", 2), "parcel": ("desks.support.servers", 4)}


def worlds_of(scenario: str, customers: int, days: int, count: int) -> dict[str, Any]:
    """One world, or two that differ in the servers of their desk, with everybody followed."""
    import cxsim
    from cxsim.scenario.ready import find_scenario

    settings = {"population.customers": customers, "record.encounters": customers, "horizon": f"{days} days"}
    base = cxsim.load(find_scenario(scenario), settings)
    if count == 1:
        return {"as it is": cxsim.simulate(base, replications=1, seed=1)}
    lever, value = _LEVER[scenario]
    found = cxsim.compare(base, {"more at the desk": {lever: value}}, replications=1, seed=1).results
    return dict(zip(("as it is", "more at the desk"), found.values(), strict=True))


@solara.component
def Page() -> Any:  # noqa: N802
    """The stage, and who was picked."""
    from cxsim.ui.stage import Stage

    scenario, customers, days, count = os.environ[_ASKED].split()
    theme = "dark" if "dark" in (solara.use_router().search or "") else "light"
    told, tell = solara.use_state("")
    worlds = solara.use_memo(lambda: worlds_of(scenario, int(customers), int(days), int(count)), [])
    background = "#14191d" if theme == "dark" else "#ffffff"
    with solara.Div(style={"background": background, "padding": "10px 20px", "width": "100%"}) as page:
        Stage(worlds, theme=theme, on_picked=lambda who, world: tell(f"{who} in {world}"))
        solara.Div(children=[told], attributes={"id": "told"}, style={"color": "#1d2429", "background": "#ffffff"})
    return page


@solara.component
def Layout(children: list[Any]) -> Any:  # noqa: N802
    """No frame of its own."""
    with solara.Div(style={"width": "100%"}, children=children) as frame:
        pass
    return frame


@contextlib.contextmanager
def served_stage(scenario: str, customers: int, days: int, worlds: int) -> Iterator[str]:
    """Serve the stage on a free port; gives its address."""
    asked = {_ASKED: f"{scenario} {customers} {days} {worlds}", "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-m", "benchmarks.stage", "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | asked, cwd=CHECKOUT) as server:
        try:
            assert server.stdout is not None
            found = re.search(r"http://\S+", server.stdout.readline())
            assert found is not None, "the server did not start"
            wait_until_ready(found.group())
            yield found.group()
        finally:
            server.terminate()
            server.wait(20)


def open_stage(browser: Any, address: str, **context: Any) -> Any:
    """A page with the stage on it; `page.told` collects what should not happen."""
    page = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, **context}).new_page()
    watch(page, address)
    page.goto(address)
    page.wait_for_function("document.querySelector('.cx-stage')?.dataset.key", timeout=120_000)
    page.wait_for_timeout(500)
    return page


def frames_a_second(page: Any, seconds: float) -> float:
    """Frames drawn in each second of play."""
    page.evaluate("() => { const it = document.querySelector('.cx-stage').stage; it.seek(20); it.play(true); }")
    page.wait_for_timeout(500)
    count = "() => [document.querySelector('.cx-stage').stage.frames(), performance.now()]"
    before, begun = page.evaluate(count)
    page.wait_for_timeout(1000 * seconds)
    after, ended = page.evaluate(count)
    return float(1000 * (after - before) / (ended - begun))


def _serve() -> None:
    import socket

    from cxsim.ui.launch import SETTINGS

    os.environ.update(SETTINGS | {"SOLARA_APP": "benchmarks.stage"})
    import solara.server.starlette as solara_server
    import uvicorn
    from starlette.applications import Starlette

    bound = socket.create_server(("127.0.0.1", 0))
    app = Starlette(routes=list(solara_server.routes), lifespan=solara_server.lifespan,
                    middleware=list(solara_server.middleware))  # fmt: skip
    print(f"http://127.0.0.1:{bound.getsockname()[1]}/", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[bound])


def main() -> int:
    """Print frames a second; 1 if they miss the bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1000)
    parser.add_argument("--worlds", type=int, default=1, choices=(1, 2))
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        _serve()
        return 0
    from playwright.sync_api import sync_playwright

    with (
        served_stage("parcel", asked.customers, 90, asked.worlds) as address,
        sync_playwright() as play,
        launched(play) as browser,
    ):
        for width, height in ((1280, 720), (1920, 1080)):
            page = open_stage(browser, address, viewport={"width": width, "height": height})
            found = frames_a_second(page, asked.seconds)
            load = os.getloadavg()[0]
            verdict = "yes" if found >= BAR else "NO"
            print(f"{asked.customers} dots, {asked.worlds} world(s), {width} x {height}: {found:.1f} frames a second; "
                  f"at least {BAR:g}: {verdict} (load {load:.1f}, {time.strftime('%F')})")  # fmt: skip
            page.context.close()
    return 0 if found >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
