"""Following a piece of work on a page: where it stands, with the time left and a way to stop it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import solara

from cxsim.ui.jobs import Job, Jobs, Key
from cxsim.ui.widgets import StatusPanel

_LOOK_SECONDS = 0.4


def use_job(jobs: Jobs, key: Key, turn: solara.Reactive[int]) -> Job | None:
    """The work of a key; the component is drawn again as it goes on.

    Args:
        jobs: all work of the server.
        key: what is looked for.
        turn: rises when work was started or stopped, and here when it has ended.
    """
    told, tell = solara.use_state((0, ""))
    job = jobs.find(key)
    was_open = job is not None and job.is_open  # as drawn now; it may end before the effect below begins

    def follow() -> Any:
        over = threading.Event()

        def look() -> None:
            # a thread of the visit's own: only such may draw its page
            while job is not None and job.is_open and not over.wait(_LOOK_SECONDS):
                tell((round(1000 * job.share), job.state))
            if not over.is_set():
                turn.value += 1

        if was_open:
            threading.Thread(target=look, name="cxsim-watch", daemon=True).start()
        return over.set

    solara.use_effect(follow, [job, turn.value])
    del told
    return job


@solara.component
def JobStatus(job: Job | None, idle: str, problem: str, on_asked: Callable[[str], None]) -> Any:  # noqa: N802
    """Progress of a piece of work.

    Args:
        job: the work; None where there is none.
        idle: what is said then.
        problem: what else cannot be done.
        on_asked: takes the wish to stop or to begin again.
    """
    told = {
        "text": _told(job, idle), "lived": job.share if job is not None else 0.0, "count": 0,
        "running": job is not None and job.is_open, "stopped": job is not None and job.state in ("stopped", "failed"),
        "problem": problem or (job.problem if job is not None and job.state == "failed" else ""),
        "again": "Begin again",
    }  # fmt: skip
    return StatusPanel.element(data=json.dumps(told), on_asked=on_asked)


def _told(job: Job | None, idle: str) -> str:
    if job is None:
        return idle
    if job.state == "waiting":
        return "Waiting until other work on this server is done."
    if job.state == "running":
        left = job.seconds_left
        time = "the time left is known in a moment" if left is None else f"{duration(left)} left"
        said = f" {job.said[0].upper()}{job.said[1:]}." if job.said else ""
        return f"{100 * job.share:.0f} % done, {time}.{said} You can leave the page: the work goes on."
    return {"done": "Done.", "stopped": "Stopped.", "failed": "Failed."}[job.state]


def duration(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 90:
        return f"about {max(round(seconds), 1)} s"
    if seconds < 5400:
        return f"about {round(seconds / 60)} min"
    return f"about {seconds / 3600:.1f} h"
