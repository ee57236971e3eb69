"""Lines of evidence from published figures: what surveys found beside what a scenario gives on unseen seeds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import pandas as pd

from cxsim.evidence.checks import Check
from cxsim.evidence.validate import Settings
from cxsim.results.measures import MEASURE
from cxsim.results.run import FOLLOW_UP_DAYS
from cxsim.scenario.schema import Scenario
from cxsim.studies.calibrate import FOLLOWED
from cxsim.studies.repeat import repeat
from cxsim.studies.search import confirmation_seed
from cxsim.studies.targets import Target, load_targets

SWITCHED = "switched_after_poor"
SEED_TOLERANCE = 0.02
"""How far any single seed may lie from the figure for switching after a poor experience."""
AT_RISK_LEAST, REPLICATIONS_LEAST = 20_000, 20
"""Customers with a poor journey, and seeds, that a verdict about that figure needs."""
_QUICK = 3


def checks(settings: Settings) -> Iterator[Check]:
    """Every target for every scenario; a few replications if `settings.quick`."""
    targets = load_targets(settings.targets)
    replications = _QUICK if settings.quick else REPLICATIONS_LEAST
    for scenario in settings.scenarios:
        runs = repeat(
            scenario, seed=confirmation_seed(confirmation_seed(scenario.seed)), replications=replications,
            jobs=settings.jobs, follow=FOLLOWED, progress=settings.progress,
        )  # fmt: skip
        prefix = f"{scenario.name}-" if len(settings.scenarios) > 1 else ""
        yield from lines(scenario, targets.targets, runs, prefix)


def lines(scenario: Scenario, targets: Mapping[str, Target], runs: pd.DataFrame, prefix: str = "") -> Iterator[Check]:
    """One line per target, and one for the spread over seeds of a switching figure that has a value."""
    for name, target in targets.items():
        values = runs[target.statistic]
        low, high = target.band
        simulated = target.shown(float(values.mean())) if values.notna().any() else None
        lacking = simulated is None
        yield Check(
            prefix + name, "published", target.title, target.value, simulated, low, high,
            MEASURE[target.statistic].unit, target.group == 1 and not lacking, f"{target.source} [{target.tag}]",
            _note(scenario, target, values, lacking, runs),
        )  # fmt: skip
        if target.statistic == SWITCHED and target.value is not None and not lacking:
            worst = float((values / target.discount - target.value).abs().max())
            yield Check(
                f"{prefix}{name}-every-seed", "published", "The same, furthest seed from it", 0.0, worst, 0.0,
                SEED_TOLERANCE, "share", target.group == 1, f"{target.source} [{target.tag}]",
                f"{len(values)} seeds, from {values.min():.3f} to {values.max():.3f}",
            )  # fmt: skip


def _note(scenario: Scenario, target: Target, values: pd.Series[float], lacking: bool, runs: pd.DataFrame) -> str:
    """What a reader must know of a line."""
    parts = [target.note] if target.note else []
    if lacking and target.statistic == SWITCHED and scenario.horizon < FOLLOW_UP_DAYS:
        parts.append(f"needs a horizon of {FOLLOW_UP_DAYS} days; the scenario has {scenario.horizon:g}")
    elif lacking:
        parts.append("the scenario has nothing to count")
    elif target.statistic == SWITCHED:
        at_risk = float(runs["switched_at_risk"].sum())
        parts.append(f"{len(values)} unseen seeds, {at_risk:,.0f} customers at risk")
        if at_risk < AT_RISK_LEAST or len(values) < REPLICATIONS_LEAST:
            parts.append(f"a verdict needs {REPLICATIONS_LEAST} seeds and {AT_RISK_LEAST:,} customers at risk")
        parts.append(f"over several relationships: {several(float(values.mean()))}")
    if target.discount < 1:
        parts.append(f"simulated {values.mean():.3f} divided by {target.discount:g}, as an intention")
    return "; ".join(part.rstrip(".") for part in parts)


def several(share: float, most: int = 10) -> str:
    """The chance to have switched at least once among 1 to `most` such relationships, in words."""
    return ", ".join(f"{count}: {of_several(share, count):.3f}" for count in range(1, most + 1))


def of_several(share: float, relationships: int) -> float:
    """Chance that somebody with so many independent relationships switched in at least one of them."""
    return float("nan") if math.isnan(share) else 1.0 - (1.0 - share) ** relationships
