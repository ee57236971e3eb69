"""Worker processes: they need no main module, survive what they are told, and one that dies costs one task."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

import cxsim
from cxsim.studies.executors import ProcessExecutor, WorkerDiedError, done_as_ready, workers


def test_calls_come_back_with_values_and_errors() -> None:
    with ProcessExecutor(2) as executor:
        futures = [executor.submit(divmod, number, 3) for number in range(20)]
        assert [future.result() for future in futures] == [divmod(number, 3) for number in range(20)]
        with pytest.raises(ZeroDivisionError):
            executor.submit(divmod, 1, 0).result()
        assert executor.submit(print, "between the answers").result() is None
        assert executor.submit(abs, -1).result() == 1
        pids = {executor.submit(os.getpid).result() for _ in range(10)}
        assert len(pids) <= 2
        assert os.getpid() not in pids


def test_a_killed_worker_costs_nothing_but_time(tmp_path: Path) -> None:
    """The first call ends its own process; tried once more, it does not."""
    flag = tmp_path / "flag"
    code = f"__import__('pathlib').Path({str(flag)!r})"
    die_once = f"({code}.exists() and 7) or ({code}.touch(), __import__('os').kill(__import__('os').getpid(), 9))"
    with ProcessExecutor(1) as executor:
        assert executor.submit(eval, die_once).result() == 7
        with pytest.raises(WorkerDiedError, match="signal 9"):
            executor.submit(eval, "__import__('os').kill(__import__('os').getpid(), 9)").result()
        assert executor.submit(abs, -2).result() == 2, "the next task has a worker again"


def test_an_error_ends_the_workers_at_once() -> None:
    def stop() -> None:
        with workers(2) as (executor, _):
            future = executor.submit(time.sleep, 60)
            while not future.running():
                time.sleep(0.01)
            time.sleep(0.3)
            raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        stop()
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("pause_milliseconds", [0, 1, 2, 4, 8])
def test_no_worker_begins_while_the_others_are_ended(pause_milliseconds: int) -> None:
    executor = ProcessExecutor(1)
    future = executor.submit(time.sleep, 60)
    time.sleep(pause_milliseconds / 1000)
    executor.shutdown(wait=False, cancel_futures=True)
    with pytest.raises((WorkerDiedError, CancelledError)):
        future.result(timeout=20)


def test_few_tasks_are_under_way_at_a_time() -> None:
    given = []

    def tasks():  # type: ignore[no-untyped-def]
        for number in range(30):
            given.append(number)
            yield number, (number,)

    with workers(1, kind="threads") as (executor, at_a_time):
        for count, (number, future) in enumerate(done_as_ready(executor, at_a_time, abs, tasks()), start=1):
            assert future.result() == number
            assert len(given) <= count + at_a_time
    assert given == list(range(30))


def test_works_from_a_script_without_a_main_guard_and_dies_with_its_parent(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from cxsim.studies.executors import ProcessExecutor\nimport time\nprint('once', flush=True)\n"
        "executor = ProcessExecutor(1)\npid = executor.submit(__import__('os').getpid).result()\n"
        "print(pid, flush=True)\ntime.sleep(60)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(cxsim.__file__).parents[1])}
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "once\n"
        worker = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        until = time.monotonic() + 20
        while Path(f"/proc/{worker}").exists() and time.monotonic() < until:
            if Path(f"/proc/{worker}/stat").read_text().split()[2] == "Z":
                break
            time.sleep(0.05)
        else:
            assert not Path(f"/proc/{worker}").exists()
        assert parent.stdout.read() == ""


def test_no_cluster_is_told() -> None:
    pytest.importorskip("distributed")
    with pytest.raises(cxsim.ScenarioError, match="no Dask scheduler answers at nonsense"), workers(1, "nonsense://x"):
        pass
