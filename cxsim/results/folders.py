"""Folders that hold results: which are ours, and how a new one appears whole or not at all. Imports nothing heavy."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from cxsim.scenario.errors import Problem, ScenarioError

SUMMARY = "summary.json"
SCENARIO = "scenario.yaml"
README = "README.md"
DIFFERENCES = "differences.parquet"


def is_result(folder: Path) -> bool:
    """Whether this is a result folder and holds nothing else, so that replacing it loses only a result."""
    own = {SUMMARY, SCENARIO, README}
    names = {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()
    return SUMMARY in names and all(name in own or name.endswith(".parquet") for name in names)


def is_comparison(folder: Path) -> bool:
    """Whether this is the folder of a comparison and holds nothing else."""
    entries = list(folder.iterdir()) if folder.is_dir() else []
    return any(entry.name == DIFFERENCES for entry in entries) and all(
        is_result(entry) if entry.is_dir() else entry.stem == "differences" for entry in entries
    )


def check_target(target: Path, overwrite: bool, is_ours: Callable[[Path], bool]) -> None:
    """Refuse a folder that cannot or must not be written, before any work is done.

    Raises:
        ScenarioError: it exists and `overwrite` is not set, or it holds something else, or no folder can be made there.
    """
    if os.path.lexists(target):
        if not overwrite:
            sentence = "exists already; choose another name, or allow overwriting (--overwrite)"
            raise ScenarioError([Problem("", sentence, str(target))])
        if not (is_ours(target) or (target.is_dir() and not any(target.iterdir()))):
            sentence = "holds something else than results of cxsim, so it is not overwritten"
            raise ScenarioError([Problem("", sentence, str(target))])
    above = next(folder for folder in target.absolute().parents if os.path.lexists(folder))
    if not above.is_dir():
        raise ScenarioError([Problem("", f"cannot be written: {above} is no folder", str(target))])
    if not os.access(above, os.W_OK):
        raise ScenarioError([Problem("", f"cannot be written: no permission to write in {above}", str(target))])


def write_folder(target: Path, overwrite: bool, is_ours: Callable[[Path], bool], write: Callable[[Path], None]) -> Path:
    """Let `write` fill a folder that appears only when complete; what it replaces stays until then.

    Raises:
        ScenarioError: see `check_target`, or writing failed.
    """
    check_target(target, overwrite, is_ours)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f".{target.name}-", dir=target.parent, ignore_cleanup_errors=True
        ) as part:
            new, old = Path(part, "new"), Path(part, "old")
            new.mkdir()
            write(new)
            if target.exists():
                target.rename(old)
            try:
                new.rename(target)
            except OSError:
                if old.exists():
                    shutil.move(old, target)
                raise
    except OSError as error:
        raise ScenarioError([Problem("", f"cannot be written: {error.strerror or error}", str(target))]) from None
    return target
