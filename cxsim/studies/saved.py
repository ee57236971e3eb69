"""Whatever study a folder holds: for reports and charts, which need not know how it was made."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from cxsim.results.folders import SUMMARY
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.studies.calibration import Calibration, load_calibration
from cxsim.studies.optimise import Optimisation, load_optimisation
from cxsim.studies.sensitivity import Sensitivity, load_sensitivity
from cxsim.studies.study import Study, load_study

Searched = Study | Sensitivity | Optimisation
Saved = Searched | Calibration
_LOADERS: dict[str, Callable[[str | Path], Saved]] = {
    "sweep": load_study,
    "sensitivity": load_sensitivity,
    "optimisation": load_optimisation,
    "calibration": load_calibration,
}


def load_saved(folder: str | Path) -> Saved:
    """Load a sweep, a sensitivity study, an optimisation or a calibration from its folder.

    All but a sweep have their runs in `.study`.

    Raises:
        ScenarioError: the folder holds no complete study.
    """
    try:
        kind = json.loads((Path(folder) / SUMMARY).read_text(encoding="utf-8"))["kind"]
        load = _LOADERS[kind]
    except (OSError, KeyError, TypeError, ValueError):
        raise ScenarioError([Problem("", "holds no complete study of cxsim", str(folder))]) from None
    return load(folder)
