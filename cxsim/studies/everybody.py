"""Every encounter of everybody, written to a file while the world is lived."""

from __future__ import annotations

from pathlib import Path

from cxsim.model import CustomerModel
from cxsim.results.encounters import EncounterFile
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.memory import customers_ever
from cxsim.scenario.schema import Scenario
from cxsim.studies.simulate import Progress


def write_encounters(
    scenario: Scenario,
    target: Path,
    *,
    seed: int | None = None,
    customers: int | None = None,
    progress: Progress | None = None,
) -> int:
    """Live one replication and write its event log to Parquet; returns the number of rows.

    The world is lived on one thread, so that the file is the same on every machine, and written by another.

    Args:
        scenario: a checked scenario.
        target: the file; it appears only when complete.
        seed: seed of the study; the scenario's own if left out.
        customers: how many are followed, by number from 0; everybody if left out.
        progress: called now and then with the days lived since the last call.

    Raises:
        ScenarioError: the file cannot be written.
    """
    follow = range(customers_ever(scenario) if customers is None else customers)
    try:
        with EncounterFile(target, scenario) as file:
            model = CustomerModel(scenario, rng=scenario.seed if seed is None else seed, follow=follow, sink=file)
            model.run(progress)
    except OSError as error:
        sentence = f"cannot be written: {error.strerror or error}"
        raise ScenarioError([Problem("", sentence, str(target))]) from None
    return file.rows
