"""What worker processes do for the pages; every function writes its progress to the file named last."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxsim.scenario.schema import Scenario
from cxsim.ui.jobs import Noted

if TYPE_CHECKING:
    from cxsim.instruments.sheet import Reading
    from cxsim.studies.experiment import Experiment
    from cxsim.studies.sensitivity import Method, Sensitivity
    from cxsim.studies.tornado import Tornado


def take_reading(name: str, scenario: Scenario, replications: int, note: str) -> Reading:
    """Live a world and take the reading of an instrument; progress in days lived."""
    from cxsim.instruments.catalogue import INSTRUMENT, Bench
    from cxsim.studies.simulate import simulate

    progress = Noted(note)
    lived = simulate(scenario, replications=replications, progress=progress)
    return INSTRUMENT[name].take(Bench(lived, progress=progress))


def try_levers(
    experiment: Experiment, scenario: Scenario, method: Method | None, size: int, replications: int, note: str
) -> Tornado | Sensitivity:
    """Find out what the levers of an experiment do; progress in runs.

    Args:
        experiment: levers and outcomes.
        scenario: the world that they are moved in.
        method: of the sensitivity study; None to move one lever at a time.
        size: trajectories or base samples of that study.
        replications: runs of every point.
        note: file of the progress.
    """
    from cxsim.studies.experiment_files import Loaded
    from cxsim.studies.sensitivity import sensitivity
    from cxsim.studies.tornado import tornado

    loaded, progress = Loaded(experiment, scenario, Path(), {(): ("", 0)}), Noted(note)
    if method is None:
        return tornado(loaded, replications=replications, progress=progress)
    return sensitivity(loaded, method=method, size=size, replications=replications, progress=progress)


def live_claim(name: str, seed: int, note: str) -> dict[str, Any]:
    """Live the worlds of a claim, with its mechanism and without; progress in runs.

    Returns:
        What was read in them, as plain data: a claim itself holds functions, which cannot be sent.
    """
    from cxsim.evidence.claims.judging import judge
    from cxsim.evidence.claims.registry import CLAIMS

    found = judge([CLAIMS[name]], seed=seed, jobs=1, progress=Noted(note))[0]
    return {"values": None if found.values is None else found.values.plain(),
            "without": None if found.off is None else found.off.plain()}  # fmt: skip
