"""Where reports come from and go to: folders of results in, one file out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from cxsim.charts.worlds import Found
from cxsim.evidence.claims.saved import FILE as CLAIMS_FILE
from cxsim.evidence.claims.saved import ClaimStudy, load_claims
from cxsim.instruments.sheet import Reading
from cxsim.report.calibration_page import calibration_page
from cxsim.report.claims_page import claims_page
from cxsim.report.page import page
from cxsim.report.study_page import study_page
from cxsim.results.folders import DIFFERENCES, is_comparison
from cxsim.results.result import Result, load_result
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.studies.calibration import Calibration
from cxsim.studies.compare import Comparison
from cxsim.studies.saved import Saved, load_saved
from cxsim.studies.study import EXPERIMENT


def load_found(folder: Path) -> Found | Saved | ClaimStudy:
    """What a folder holds: a run, a comparison, a study or claims.

    Raises:
        ScenarioError: there is no such folder, or it holds none of them.
    """
    if not folder.is_dir():
        raise ScenarioError([Problem("", "no such folder; give one that cxsim wrote", str(folder))])
    if (folder / EXPERIMENT).is_file():
        return load_saved(folder)
    if (folder / CLAIMS_FILE).is_file():
        return load_claims(folder)
    if not is_comparison(folder):
        return load_result(folder)
    parts = sorted((part for part in folder.iterdir() if part.is_dir()), key=_place)
    try:
        names = pd.read_parquet(folder / DIFFERENCES)["variant"].drop_duplicates().tolist()
    except (OSError, KeyError, ValueError):
        raise ScenarioError([Problem("", f"{DIFFERENCES} cannot be read", str(folder))]) from None
    results = [load_result(part) for part in parts]
    if len(results) != len(names) + 1:
        raise ScenarioError([Problem("", "holds no complete comparison of cxsim", str(folder))])
    return Comparison(dict(zip([results[0].scenario.name, *names], results, strict=True)))


def _place(part: Path) -> int:
    number = part.name.split("-")[0]
    return int(number) if number.isdigit() else 0


def check_file(target: Path, overwrite: bool, option: str = "--overwrite") -> None:
    """Refuse a file that cannot or must not be written.

    Raises:
        ScenarioError: it exists and `overwrite` is not set, is a folder, or lies where nothing can be written.
    """
    sentence = ""
    if target.is_dir():
        sentence = "is a folder; name a file, such as report.html"
    elif os.path.lexists(target) and not overwrite:
        sentence = f"exists already; choose another name, or allow overwriting ({option})"
    elif not target.absolute().parent.is_dir():
        sentence = "cannot be written: its folder does not exist"
    elif not os.access(target.absolute().parent, os.W_OK):
        sentence = "cannot be written: no permission to write there"
    if sentence:
        raise ScenarioError([Problem("", sentence, str(target))])


def write_report(found: Found | Saved | ClaimStudy, target: Path, readings: Sequence[Reading] = ()) -> Path:
    """Write the report; the file appears only when complete.

    Args:
        found: a run, a comparison, a study, a calibration or claims.
        target: the file.
        readings: readings of instruments, for a run.
    """
    return write_text(target, _text(found, readings))


def _text(found: Found | Saved | ClaimStudy, readings: Sequence[Reading]) -> str:
    if isinstance(found, (Result, Comparison)):
        return page(found, readings)
    if isinstance(found, ClaimStudy):
        return claims_page(found)
    return calibration_page(found) if isinstance(found, Calibration) else study_page(found)


def write_text(target: Path, text: str) -> Path:
    """Write a page; the file appears only when complete.

    Raises:
        ScenarioError: it cannot be written.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ScenarioError([Problem("", f"cannot be written: {error.strerror or error}", str(target))]) from None
    return target
