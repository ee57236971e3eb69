"""The compile cache: shared by processes, renewed by upgrades, and no trouble where it cannot be written."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import sys
from cxsim.compiling import cache_folder, compiled
import numpy as np
from cxsim.rules.waiting import learned_wait
print(learned_wait(3.0, 5.0, 0.2), cache_folder())
"""


def started(cache: Path | str) -> "subprocess.Popen[str]":
    environment = dict(os.environ) | {"CXSIM_CACHE": str(cache)}
    return subprocess.Popen([sys.executable, "-c", CODE], env=environment, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)  # fmt: skip


def ended(process: "subprocess.Popen[str]") -> str:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert err == ""
    return out


def test_processes_that_start_at_once_on_an_empty_cache_all_come_to_the_same(tmp_path: Path) -> None:
    assert len({ended(process) for process in [started(tmp_path / "cache") for _ in range(4)]}) == 1
    again = ended(started(tmp_path / "cache"))
    assert again.startswith("3.4 ")


def test_files_that_another_version_or_a_crash_left_are_not_used(tmp_path: Path) -> None:
    first = ended(started(tmp_path))
    kept = list(Path(first.split()[1]).rglob("*.nbc"))
    assert kept
    for file in kept:
        file.write_bytes(b"half of a file")
    assert ended(started(tmp_path)) == first


PARTS = """
from pathlib import Path
from cxsim.compiling import cache_folder, compiled, inner

@inner
def doubled(number):
    return 2.0 * number

@compiled
def rule(number):
    return doubled(number) + 1.0

@inner
def deeper(number):
    return rule(number) + doubled(number)

@compiled
def whole(number):
    return deeper(number)

print(whole(3.0), doubled(3.0), deeper(3.0))
kept = sorted(path.name.split("-")[0].split(".")[-1] for path in cache_folder().rglob("*.nbc"))
print(*kept)
print(rule(3.0))
"""


def test_only_what_python_calls_gets_machine_code_of_its_own_and_a_part_runs_as_plain_python(tmp_path: Path) -> None:
    script = tmp_path / "parts.py"
    script.write_text(PARTS)
    for _ in range(2):  # compiled, then from the cache
        done = subprocess.run([sys.executable, str(script)], env=dict(os.environ) | {"CXSIM_CACHE": str(tmp_path)},
                              text=True, capture_output=True, check=True)  # fmt: skip
        called, kept, rule = done.stdout.splitlines()
        assert called == "13.0 6.0 13.0"
        assert rule == "7.0"
        assert "doubled" not in kept
        assert "deeper" not in kept
        assert kept.split()[-1] == "whole"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_cache_folder_that_cannot_be_written_is_replaced_by_a_temporary_one(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(stat.S_IRUSR | stat.S_IXUSR)
    environment = {key: value for key, value in os.environ.items() if key != "CXSIM_CACHE"}
    done = subprocess.run([sys.executable, "-c", CODE], env=environment | {"XDG_CACHE_HOME": str(home)}, text=True,
                          capture_output=True, check=True)  # fmt: skip
    assert str(home) not in done.stdout
