"""All evidence in one table: groups of lines, each a function that yields them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module, util

from cxsim.evidence.checks import Check
from cxsim.scenario.errors import Problem, ScenarioError, nearest
from cxsim.scenario.schema import Scenario

GROUPS: dict[str, str] = {
    "theory": "cxsim.evidence.theory:checks",
    "published": "cxsim.evidence.published:checks",
    "data": "cxsim.evidence.responses:checks",
    "claims": "cxsim.evidence.claims:checks",
    "instruments": "cxsim.evidence.instruments:checks",
}
"""Groups in the order of the table, and the function that yields each: `(Settings) -> Iterator[Check]`."""


@dataclass(frozen=True)
class Settings:
    """What every group is told.

    Attributes:
        scenarios: scenarios that are judged, where a group judges scenarios.
        targets: file, or name of ready targets, that the group `published` holds them against.
        quick: small runs; verdicts are then hints.
        jobs: processes to use; all cores if None.
        progress: called with 1 whenever a run has finished.
    """

    scenarios: Sequence[Scenario] = ()
    targets: str = "published"
    quick: bool = False
    jobs: int | None = None
    progress: Callable[[int], None] | None = None


def present_groups() -> dict[str, str]:
    """Groups whose module is there."""
    return {name: place for name, place in GROUPS.items() if util.find_spec(place.partition(":")[0]) is not None}


def check_groups(wanted: Sequence[str]) -> list[str]:
    """Names of the groups wanted, all if none are named.

    Raises:
        ScenarioError: there is no such group.
    """
    known = present_groups()
    problems = [
        Problem("", f"no group '{name}'; {nearest(name, known) or 'allowed: ' + ', '.join(known)}", "--group")
        for name in wanted if name not in known
    ]  # fmt: skip
    if problems:
        raise ScenarioError(problems)
    return [name for name in known if not wanted or name in wanted]


def validate(settings: Settings, groups: Sequence[str] = ()) -> Iterator[Check]:
    """Every line of the groups wanted, as they are found; all groups if none are named.

    Raises:
        ScenarioError: there is no such group.
    """
    for name in check_groups(groups):
        module, _, function = GROUPS[name].partition(":")
        yield from getattr(import_module(module), function)(settings)


def failures(lines: Sequence[Check]) -> list[Check]:
    """Strict lines that do not hold."""
    return [line for line in lines if line.strict and not line.holds]
