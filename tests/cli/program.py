"""Runs the real program, as a user would."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path

from cxsim.cli import main

PROGRAM = Path(sys.executable).parent / "cxsim"
BRIEF = ["--set", "population.customers=60", "--set", "horizon=30 days", "--set", "warm_up=5 days"]
"""Overrides under which a ready scenario takes well under a second."""


def environment() -> dict[str, str]:
    """Surroundings without a terminal's width and colours, importing the cxsim under test."""
    checkout = str(Path(__file__).parents[2])
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "FORCE_COLOR", "PYTHONPATH")}
    return {**kept, "PYTHONPATH": checkout, "NO_COLOR": "1"}


def inside(*arguments: str, cwd: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    """The same within this process: spares the seconds that a fresh interpreter needs to import the libraries."""
    out, told, given = io.StringIO(), io.StringIO(), sys.argv
    sys.argv = ["cxsim", *arguments]
    try:
        with contextlib.chdir(cwd), contextlib.redirect_stdout(out), contextlib.redirect_stderr(told):
            main()
        ended: object = 0
    except SystemExit as end:
        ended = end.code or 0
    finally:
        sys.argv = given
    assert ended == code, f"exit code {ended}: {told.getvalue()}"
    return subprocess.CompletedProcess(list(arguments), code, out.getvalue(), told.getvalue())


def cxsim(*arguments: str, cwd: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run `cxsim ARGUMENTS` in a folder; it must end with this exit code and without a traceback."""
    done = subprocess.run(
        [str(PROGRAM), *arguments], cwd=cwd, env=environment(), capture_output=True, text=True, timeout=120,
        check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    assert done.returncode == code, f"exit code {done.returncode}: {done.stderr}"
    return done


def files(folder: Path) -> list[str]:
    """Everything in a folder, at any depth, hidden or not."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))
