"""Which levers are tried, how far, and how: the experiment behind the page Levers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cxsim.instruments.small_steps import small_steps
from cxsim.results.result import yaml_text
from cxsim.scenario.schema import Scenario
from cxsim.studies.experiment import Design, Experiment
from cxsim.studies.levers import Lever as Range
from cxsim.studies.levers import tidy
from cxsim.studies.sensitivity import Method
from cxsim.ui.levers import Lever
from cxsim.ui.setup import Setup
from cxsim.ui.variants import parsed


@dataclass(frozen=True)
class Way:
    """A way to find out what matters.

    Attributes:
        key: its name in the address.
        label: its name for people.
        note: what it tells.
        method: of the sensitivity study, None for none.
        size: trajectories or base samples.
        replications: runs of every point.
    """

    key: str
    label: str
    note: str
    method: Method | None = None
    size: int = 0
    replications: int = 4

    def points(self, levers: int) -> int:
        """Points that are run for so many levers, at most."""
        each = {None: 2 * levers + 1, "morris": self.size * (levers + 1), "sobol": self.size * (levers + 2)}
        return each[self.method]


WAYS = (
    Way("tornado", "One at a time", "Each lever alone, less of it and more of it: a tornado.", replications=8),
    Way("steps", "Small steps", "A tenth of what is lacking, everywhere; cost per customer kept.", replications=8),
    Way("morris", "All together, quickly", "Morris screening: which levers matter, whatever the others do.", "morris",
        10, 2),
    Way("sobol", "All together, in shares", "Sobol indices: shares of the variance. Many runs.", "sobol", 64, 1),
)  # fmt: skip
WAY = {way.key: way for way in WAYS}
OUTCOMES = ("defection_rate", "satisfaction", "poor_journey_rate", "nps_all", "wait_minutes_mean",
            "profit_per_customer")  # fmt: skip
"""Outcomes that can be looked at."""
REACHES = {"10": "a tenth", "25": "a quarter", "50": "half"}
"""How far levers move to either side, in percent of where they stand."""
_GROUPS = ("promises", "delivery", "desks", "wow", "service")
_NOT_OURS = (".patience",)
"""Ends of paths in those groups that are the customers' own."""


def candidates(levers: Mapping[str, Lever]) -> list[Lever]:
    """Levers that the firm can move, as numbers, among those shown first."""
    return [
        lever for lever in levers.values()
        if lever.kind == "number" and lever.first and lever.group in _GROUPS and not lever.path.endswith(_NOT_OURS)
    ]  # fmt: skip


def ends(lever: Lever, value: float, reach: float) -> tuple[float, float]:
    """Both ends of a lever that stands at `value`; one at 0 only moves up, by as much of its slider."""
    low, high = (value * (1 - reach), value * (1 + reach)) if value else (0.0, reach * lever.high)
    low = low if lever.least is None else max(low, lever.least)
    high = high if lever.most is None else min(high, lever.most)
    if lever.whole:
        low, high = min(round(low), value - 1), max(round(high), value + 1)
    return tidy(low), tidy(high)


def name_of(lever: Lever) -> str:
    """Name of a lever in an experiment."""
    return re.sub(r"[^A-Za-z0-9_]", "_", lever.path)


def experiment_of(setup: Setup, levers: list[tuple[Lever, float]], reach: float, way: Way) -> Experiment:
    """The experiment that moves levers, each with where it stands."""
    ranges = {}
    for lever, value in levers:
        low, high = ends(lever, value, reach)
        part = f"{lever.part}: {lever.label}" if lever.part else lever.label
        unit = lever.unit if lever.unit in ("days", "min", "per year") else ""
        ranges[name_of(lever)] = Range(label=part, path=lever.path, low=low, high=high, unit=unit, whole=lever.whole)
    return Experiment(
        name=f"{setup.own.name}-levers", title=f"Which lever matters most in {setup.own.title or setup.own.name}?",
        scenario=setup.shown_name, constants=parsed({**setup.sets, **setup.changes}), levers=ranges,
        outcomes=list(OUTCOMES), design=Design(kind="one_at_a_time", levels=2), replications=way.replications,
        seed=setup.base.seed,
    )  # fmt: skip


def experiment_text(experiment: Experiment) -> str:
    """The experiment as a file."""
    return yaml_text(experiment.document())


def command(experiment: Experiment, way: Way) -> str:
    """Command that gives the numbers of the page, with the experiment file saved beside."""
    kind = "sweep" if way.method is None else "sensitivity"
    method = "" if way.method is None else f" --method {way.method} --size {way.size}"
    return f"cxsim {kind} {experiment.name}.yaml{method} --seed {experiment.seed} --replications {way.replications}"


def changes_of_step(world: Scenario, name: str) -> dict[str, str]:
    """What a small step changes in a world, as overrides; empty where there is no such step."""
    step = next((one for one in small_steps(world) if one.name == name), None)
    if step is None:
        return {}
    before, after = dict(_leaves(world.document())), dict(_leaves(step.scenario.document()))
    return {path: value if isinstance(value, str) else json.dumps(value)
            for path, value in after.items() if before.get(path) != value}  # fmt: skip


def _leaves(node: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in node.items():
        here = f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping):
            yield from _leaves(value, here)
        else:
            yield here, value
