"""A real Dask cluster on loopback: the same tables bit for bit, also when a worker is killed in the middle."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from cxsim.studies.journal import FileJournal
from cxsim.studies.regions import simulate_regions
from cxsim.studies.study import JOURNAL, TABLES
from cxsim.studies.sweep import sweep
from tests.cli.program import environment, inside
from tests.studies.small import small_experiment, write_experiment
from tests.worlds import load_world

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow


@contextlib.contextmanager
def cluster(count: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and workers, each a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny"]
    started: list[subprocess.Popen[bytes]] = []
    try:
        port = address.rsplit(":", 1)[1]
        commands = [[*dask, "--host", "127.0.0.1", "--port", port], *[worker] * count]
        quiet = {"env": environment(), "stderr": subprocess.DEVNULL}
        started += [subprocess.Popen([*command, "--no-dashboard"], **quiet) for command in commands]
        from distributed import Client

        with Client(address, timeout=60) as client:
            client.wait_for_workers(count, timeout=60)
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def test_the_same_tables_though_a_worker_is_killed(tmp_path: Path) -> None:
    small = small_experiment(replications=10)
    here = sweep(small, jobs=1)
    with cluster(2) as (address, processes):
        journal = tmp_path / "out" / JOURNAL

        def kill_one() -> None:
            until = time.monotonic() + 60
            while time.monotonic() < until and not (journal.exists() and journal.read_bytes().count(b"\n") >= 10):
                time.sleep(0.005)
            processes[0].send_signal(signal.SIGKILL)

        killer = threading.Thread(target=kill_one)
        killer.start()
        there = sweep(small, cluster=address, out=tmp_path / "out")
        killer.join()
        assert processes[0].wait(10) == -signal.SIGKILL
    assert len(there.runs) == 100
    assert there.failed.empty
    for name in TABLES:
        assert there.table(name).equals(here.table(name)), name


def test_regions_and_commands_on_a_cluster(tmp_path: Path) -> None:
    firm = load_world(**{"population.customers": 400, "desks.support.servers": 4})
    here = simulate_regions(firm, 4, replications=2, jobs=1)
    write_experiment(tmp_path / "small.yaml")
    with cluster(2) as (address, _):
        there = simulate_regions(firm, 4, replications=2, cluster=address)
        inside("sweep", "small.yaml", "--cluster", address, "--out", "out", "--quiet", cwd=tmp_path)
    assert there.runs.drop(columns="seconds").equals(here.runs.drop(columns="seconds"))
    assert there.lost.equals(here.lost)
    inside("sweep", "small.yaml", "--jobs", "1", "--out", "here", "--quiet", cwd=tmp_path)
    for name in ("runs", "policies"):
        left, right = (pd.read_parquet(tmp_path / folder / f"{name}.parquet") for folder in ("out", "here"))
        assert left.equals(right)


def test_a_cluster_that_goes_away_is_told_and_what_was_done_is_kept(tmp_path: Path) -> None:
    write_experiment(tmp_path / "small.yaml", replications=400)
    journal = tmp_path / "out" / JOURNAL
    with cluster(1) as (address, processes):

        def end() -> None:
            until = time.monotonic() + 60
            while time.monotonic() < until and not (journal.exists() and journal.read_bytes().count(b"\n") >= 5):
                time.sleep(0.005)
            from distributed import Client

            with Client(address, timeout=20, set_as_default=False) as client:
                client.shutdown()

        ending = threading.Thread(target=end)
        ending.start()
        done = inside("sweep", "small.yaml", "--cluster", address, "--out", "out", "--quiet", cwd=tmp_path, code=2)
        ending.join()
        del processes
    assert "the cluster is gone" in done.stderr
    with FileJournal(journal) as kept:
        assert len(kept) >= 5
