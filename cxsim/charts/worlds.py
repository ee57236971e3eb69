"""What a chart draws: one world, and where there is one, the world it is compared with."""

from __future__ import annotations

from dataclasses import dataclass

from cxsim.results.result import Result
from cxsim.scenario import itinerary
from cxsim.studies.compare import Comparison

Found = Result | Comparison


@dataclass(frozen=True)
class Worlds:
    """A world and its baseline.

    Attributes:
        now: the result that is looked at.
        before: the baseline, or None.
        name: name of what is looked at.
        base_name: name of the baseline.
        comparison: both, paired; None without a baseline.
    """

    now: Result
    before: Result | None
    name: str
    base_name: str
    comparison: Comparison | None

    def each(self) -> list[tuple[str, Result, bool]]:
        """Name, result, and whether it is the one looked at; the baseline first."""
        rows = [(self.name, self.now, True)]
        return rows if self.before is None else [(self.base_name, self.before, False), *rows]


def worlds(found: Found, variant: str | None = None) -> Worlds:
    """What is looked at in a result or a comparison (its first variant unless named)."""
    if isinstance(found, Result):
        return Worlds(found, None, "this world", "", None)
    name = variant or found.variants[0]
    return Worlds(found.results[name], found.results[found.baseline], name, found.baseline, found)


def stop_labels(result: Result) -> dict[str, str]:
    """Plain names of the touchpoints, in the scenario's order."""
    return itinerary.stop_names(result.scenario)


def desk_labels(result: Result) -> dict[str, str]:
    """Plain names of the desks."""
    return {name: desk.label or name.replace("_", " ") for name, desk in result.scenario.desks.items()}


def journey_order(result: Result) -> list[str]:
    """Touchpoints as a journey meets them: by steps from its start; those met only after a failure last."""
    return itinerary.journey_order(result.scenario)


def summed(result: Result, table: str, key: str) -> dict[str, dict[str, float]]:
    """Statistics summed over replications, by key (touchpoint or desk)."""
    rows = result.table(table)
    numbers = rows.drop(columns=[name for name in ("replication", "kind") if name in rows]).groupby(key, sort=False)
    return {str(name): {str(k): float(v) for k, v in values.items()} for name, values in numbers.sum().iterrows()}
