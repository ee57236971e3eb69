"""What worker processes do for the pages; every function writes its progress to the file named last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxsim.scenario.schema import Scenario
from cxsim.ui.jobs import Noted

if TYPE_CHECKING:
    from cxsim.instruments.sheet import Reading


def take_reading(name: str, scenario: Scenario, replications: int, note: str) -> Reading:
    """Live a world and take the reading of an instrument; progress in days lived."""
    from cxsim.instruments.catalogue import INSTRUMENT, Bench
    from cxsim.studies.simulate import simulate

    progress = Noted(note)
    lived = simulate(scenario, replications=replications, progress=progress)
    return INSTRUMENT[name].take(Bench(lived, progress=progress))
