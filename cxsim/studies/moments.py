"""Moments of truth: which touchpoints carry the defection, by what would be saved if nothing ever went wrong there.

Every touchpoint is made flawless in turn, in a world with the same luck, and compared with the world as it is. That
counts what a touchpoint causes anywhere later: the call about a failure, the blow-up over a trifle, the friend told. A
correlation of scores with leaving would not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from cxsim.scenario.loading import load
from cxsim.scenario.schema import Scenario
from cxsim.studies.compare import Comparison, Variant, compare
from cxsim.studies.simulate import Progress


@dataclass(frozen=True)
class Moments:
    """Worlds in which one touchpoint is flawless, beside the world as it is.

    Attributes:
        comparison: a variant per touchpoint, named by it.
    """

    comparison: Comparison

    @property
    def scenario(self) -> Scenario:
        """The world as it is."""
        return self.comparison.results[self.comparison.baseline].scenario

    @property
    def table(self) -> pd.DataFrame:
        """One row per touchpoint, what saves most first.

        `saved`: customers who would stay, per 1,000 customer-years, with its 95 % interval (`low`, `high`);
        `saved_share`: of all who leave; gains in satisfaction (0 to 100) and in profit per customer-year. Savings of
        several touchpoints overlap: they do not add up.
        """
        comparison = self.comparison
        leaving = comparison.results[comparison.baseline].estimate("defection_rate").mean
        rows: list[dict[str, Any]] = []
        for name, stop in self.scenario.touchpoints.items():
            change = comparison.difference(_variant(name), "defection_rate")
            rows.append(
                {
                    "touchpoint": name, "label": stop.label or name, "kind": stop.kind,
                    "saved": -1000.0 * change.mean, "low": -1000.0 * change.high, "high": -1000.0 * change.low,
                    "saved_share": -change.mean / leaving if leaving else float("nan"),
                    "satisfaction_gain": comparison.difference(_variant(name), "satisfaction").mean,
                    "profit_gain": comparison.difference(_variant(name), "profit_per_customer").mean,
                }
            )  # fmt: skip
        return pd.DataFrame(rows).sort_values("saved", ascending=False, ignore_index=True)

    def variant(self, touchpoint: str) -> str:
        """Name of the world in which a touchpoint is flawless."""
        return _variant(touchpoint)

    @property
    def finding(self) -> str:
        """What the table says, in a sentence."""
        table = self.table
        if not (table["low"] > 0).any():
            return "No touchpoint alone would keep a clear number of customers."
        first = table.iloc[0]
        clear = int((table["low"] > 0).sum())
        return (
            f"Of {len(table)} touchpoints {clear} would clearly keep customers if nothing ever went wrong there; "
            f"most of all {first['label']}: {100 * first['saved_share']:.0f} % of those who leave would stay."
        )


def moments_of_truth(
    scenario: Variant,
    *,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Moments:
    """Make every touchpoint flawless in turn and compare, on the same luck; arguments as in `compare`.

    Raises:
        ScenarioError: the scenario is not valid.
    """
    base = scenario if isinstance(scenario, Scenario) else load(scenario)
    variants = flawless_worlds(base)
    return Moments(compare(base, variants, replications=replications, seed=seed, jobs=jobs, progress=progress))


def flawless_worlds(scenario: Scenario) -> dict[str, Variant]:
    """One world per touchpoint, by name: what it changes by dotted path."""
    return {_variant(name): {f"touchpoints.{name}.flawless": True} for name in scenario.touchpoints}


def _variant(touchpoint: str) -> str:
    return f"{touchpoint} flawless"
