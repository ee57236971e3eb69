"""Long work in processes of its own: progress, time left, stopping, sharing, failing in a sentence."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.ui.jobs import MOST_KEPT, Jobs, Noted


def slowly(seconds: float, note: str) -> int:
    """Work whose progress is noted; gives the number of its process."""
    progress, begun = Noted(note), time.monotonic()
    progress.say("so far so good")
    while time.monotonic() - begun < seconds:
        time.sleep(0.05)
        progress(1)
    return os.getpid()


def badly(sentence: str, note: str) -> None:
    """Work that cannot be done."""
    raise ScenarioError([Problem("", sentence)])


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    begun = Jobs()
    yield begun
    begun.close()


def test_work_is_done_by_another_process_with_progress_and_time_left(jobs: Jobs) -> None:
    job = jobs.start(("one",), 40, slowly, 2.0)
    until(lambda: 0.05 < job.share < 1)
    assert job.said == "so far so good"
    left = job.seconds_left
    assert left is not None
    assert left > 0
    until(lambda: job.state == "done")
    assert job.result != os.getpid()
    assert job.share == 1
    assert job.seconds_left is None


def test_the_same_question_is_worked_on_once(jobs: Jobs) -> None:
    first = jobs.start(("same",), 1, slowly, 0.1)
    assert jobs.start(("same",), 1, slowly, 0.1) is first
    until(lambda: first.state == "done")
    assert jobs.start(("same",), 1, slowly, 0.1) is first
    assert jobs.find(("same",)) is first
    assert jobs.find(("other",)) is None


def test_stopping_ends_the_process_and_frees_the_queue(jobs: Jobs) -> None:
    long = jobs.start(("long",), 1000, slowly, 60.0)
    waiting = jobs.start(("waiting",), 1, slowly, 0.1)
    dropped = jobs.start(("dropped",), 1, slowly, 0.1)
    until(lambda: long.done > 0)
    assert waiting.state == "waiting"
    jobs.stop(("dropped",))
    jobs.stop(("unknown",))
    assert dropped.state == "stopped"
    jobs.stop(("long",))
    until(lambda: long.state == "stopped")
    until(lambda: waiting.state == "done")
    assert dropped.state == "stopped"
    again = jobs.start(("long",), 1, slowly, 0.1)
    assert again is not long
    until(lambda: again.state == "done")


def test_what_fails_is_told_in_a_sentence(jobs: Jobs) -> None:
    job = jobs.start(("bad",), 1, badly, "there is no such shop")
    until(lambda: job.state == "failed")
    assert job.problem == "there is no such shop."
    worse = jobs.start(("worse",), 1, slowly, "long")
    until(lambda: worse.state == "failed")
    assert worse.problem.startswith("The work failed")


def test_only_so_many_finished_pieces_are_kept(jobs: Jobs) -> None:
    for number in range(MOST_KEPT + 5):
        job = jobs.start((str(number),), 1, slowly, 0.0)
        job.stop()
        until(lambda job=job: not job.is_open)
    assert jobs.find(("0",)) is None
    assert jobs.find((str(MOST_KEPT + 4),)) is not None


def test_progress_of_many_threads_adds_up(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    note = tmp_path / "done"
    progress = Noted(str(note))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(progress, [1] * 200))
    time.sleep(0.2)
    progress(1)
    assert float(note.read_text()) == 201


def test_work_ends_with_the_server_that_asked_for_it(tmp_path: Path) -> None:
    server = (
        "import sys, time\n"
        "from cxsim.ui.jobs import Jobs\n"
        "from tests.ui.test_jobs import telling\n"
        "Jobs().start(('one',), 1000, telling, sys.argv[1])\n"
        "time.sleep(60)\n"
    )
    told = tmp_path / "process"
    with subprocess.Popen([sys.executable, "-c", server, str(told)]) as begun:
        until(lambda: told.exists() and told.read_text() != "")
        worker = Path("/proc") / told.read_text()
        if not worker.exists():
            pytest.skip("processes cannot be seen here")
        begun.kill()
    until(lambda: not worker.exists() or "zombie" in (worker / "status").read_text())


def telling(file: str, note: str) -> None:
    """Work that tells the number of its process."""
    Path(file).write_text(str(os.getpid()))
    slowly(60.0, note)


def test_work_that_ends_while_its_page_is_drawn_is_seen_to_end(jobs: Jobs) -> None:
    solara = pytest.importorskip("solara", reason="the interface needs the extra 'ui'")
    from cxsim.ui.watching import use_job

    job, turn, seen = jobs.start(("one",), 1.0, slowly, 0.3), solara.reactive(0), []

    @solara.component
    def Page() -> Any:
        followed = use_job(jobs, ("one",), turn)
        assert followed is job
        seen.append(job.state)
        until(lambda: job.state == "done")
        return solara.Text(job.state)

    until(lambda: job.state == "running")
    _, context = solara.render(Page(), handle_error=False)
    until(lambda: seen[-1] == "done")
    assert seen[0] == "running"
    context.close()
