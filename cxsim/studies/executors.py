"""Where runs are done: processes or threads on this machine, or a Dask cluster, behind one `concurrent.futures` face.

Processes are the default: in a run of 2,000 customers about nine tenths of the time is compiled code that releases the
global lock; building the world, the tables of a day and the measures do not, and threads share them. What the program
itself does for its worker processes is small: 0.09 s of 6.3 s for 16 runs. `python -m benchmarks.sweeps` times both.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from typing import IO, Any, TypeVar

from cxsim.scenario.errors import Problem, ScenarioError

Task = TypeVar("Task")
Pool = tuple[Executor, int]
"""An executor, and how many tasks to hand it at a time."""
_HEAD = struct.Struct("<Q")
_PER_WORKER = 3
"""Tasks handed out per worker at a time: enough that none waits, few enough that memory stays flat."""


class WorkerDiedError(RuntimeError):
    """A worker process ended in the middle of a task, twice."""


class ProcessExecutor(ThreadPoolExecutor):
    """Worker processes that stay alive, each served by a thread of this process.

    Unlike `concurrent.futures.ProcessPoolExecutor` it never imports the caller's main module (so it works from
    notebooks and from scripts without a main guard), and a worker that dies costs only its own task, which another
    worker tries once more.
    """

    def __init__(self, jobs: int) -> None:
        super().__init__(jobs, thread_name_prefix="cxsim-worker")
        self._own = threading.local()
        self._workers: list[subprocess.Popen[bytes]] = []
        self._closing = False
        self._starting = threading.Lock()  # no worker may begin unseen while the others are ended

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a worker call `fn`, which must be importable by its name."""
        return super().submit(self._call, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers; with `cancel_futures` at once, in the middle of what they do."""
        if cancel_futures:
            with self._starting:
                self._closing = True
                for worker in self._workers:
                    worker.kill()
        super().shutdown(wait=wait, cancel_futures=cancel_futures)
        for worker in self._workers:
            for pipe in (worker.stdin, worker.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
            worker.wait()

    def _call(self, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        message = pickle.dumps((fn, args, kwargs))
        for attempt in (1, 2):
            worker = self._worker()
            try:
                send(worker.stdin, message)
                succeeded, value = pickle.loads(receive(worker.stdout))
                break
            except (OSError, EOFError, ValueError) as error:
                if isinstance(error, ValueError) and not self._closing:
                    raise
                code = worker.wait()  # it died, or was ended and its pipes closed
                self._own.worker = None
                if attempt == 2 or self._closing:
                    told = f"signal {-code}" if code < 0 else f"exit code {code}"
                    raise WorkerDiedError(f"the worker process died ({told})") from None
        if succeeded:
            return value
        raise value

    def _worker(self) -> subprocess.Popen[bytes]:
        with self._starting:
            if self._closing:
                raise WorkerDiedError("the study was stopped")
            worker: subprocess.Popen[bytes] | None = getattr(self._own, "worker", None)
            if worker is None or worker.poll() is not None:
                paths = os.pathsep.join(path for path in sys.path if path)
                worker = subprocess.Popen(
                    [sys.executable, "-c", "from cxsim.studies.executors import serve; serve()"],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": paths},
                )  # fmt: skip
                self._own.worker = worker
                self._workers.append(worker)
        return worker


def send(pipe: IO[bytes] | None, message: bytes) -> None:
    """Write a message with its length."""
    assert pipe is not None
    pipe.write(_HEAD.pack(len(message)) + message)
    pipe.flush()


def receive(pipe: IO[bytes] | None) -> bytes:
    """Read a message; EOFError where the other side is gone."""
    assert pipe is not None
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise EOFError
    message = pipe.read(_HEAD.unpack(head)[0])
    if len(message) < _HEAD.unpack(head)[0]:
        raise EOFError
    return message


def serve() -> None:
    """What a worker process does: call what it is sent, until nobody is left to send."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle; it then closes the pipe
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed goes to stderr, not between the answers
    while True:
        try:
            function, args, kwargs = pickle.loads(receive(inbox))
        except EOFError:
            return
        try:
            answer: tuple[bool, Any] = (True, function(*args, **kwargs))
        except Exception as error:
            answer = (False, error)
        try:
            send(outbox, pickle.dumps(answer))
        except OSError:  # nobody is left to hear it
            return


@contextlib.contextmanager
def workers(jobs: int, cluster: str | None = None, kind: str = "processes") -> Iterator[Pool]:
    """An executor, and how many tasks to hand it at a time; ended at once if an error passes through.

    Args:
        jobs: workers on this machine; one alone works within this process, which spares its start.
        cluster: address of a Dask scheduler, to be used instead.
        kind: "processes" or "threads" on this machine.

    Raises:
        ScenarioError: there is no cluster at that address, or no Dask here.
    """
    if cluster is not None:
        with _dask(cluster) as (executor, at_a_time):
            yield executor, at_a_time
        return
    executor = ProcessExecutor(jobs) if kind == "processes" and jobs > 1 else ThreadPoolExecutor(jobs)
    try:
        yield executor, _PER_WORKER * jobs
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    executor.shutdown()


@contextlib.contextmanager
def _dask(address: str) -> Iterator[Pool]:
    try:
        from distributed import Client
    except ImportError:
        sentence = "a cluster needs Dask, which is not installed; pip install 'cxsim[cluster]'"
        raise ScenarioError([Problem("", sentence, "--cluster")]) from None
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ScenarioError([Problem("", f"no Dask scheduler answers at {address} ({reason})", "--cluster")]) from None
    try:
        threads = sum(client.nthreads().values())
        if not threads:
            raise ScenarioError([Problem("", f"the scheduler at {address} has no workers", "--cluster")])
        executor = client.get_executor(pure=False)  # a task whose worker dies goes to another by itself
        try:
            yield executor, _PER_WORKER * threads
        finally:
            executor.shutdown(wait=False)
    finally:
        client.close()


def done_as_ready(
    executor: Executor, at_a_time: int, function: Callable[..., Any], tasks: Iterable[tuple[Task, tuple[Any, ...]]]
) -> Iterator[tuple[Task, Future[Any]]]:
    """Every task with its finished future, as they finish; only a few are under way at any time.

    Args:
        executor: where `function` is called.
        at_a_time: tasks handed out at a time.
        function: called with each task's arguments.
        tasks: what identifies each task, and its arguments.
    """
    waiting: dict[Future[Any], Task] = {}
    left = iter(tasks)
    while True:
        for task, arguments in left:
            waiting[executor.submit(function, *arguments)] = task
            if len(waiting) >= at_a_time:
                break
        if not waiting:
            return
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            yield waiting.pop(future), future
