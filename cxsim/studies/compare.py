"""Comparing variants on the same luck: paired differences with intervals, and the chance that each is best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cxsim.results.measures import MEASURE, MEASURES, Estimate, estimate
from cxsim.results.result import Result
from cxsim.scenario.errors import Problem, ScenarioError, nearest
from cxsim.scenario.loading import load
from cxsim.scenario.schema import Scenario
from cxsim.studies.simulate import Progress, simulate

Variant = Scenario | str | Path | Mapping[str, Any]


@dataclass(frozen=True)
class Comparison:
    """Variants of a scenario, lived with the same luck.

    Attributes:
        results: result per variant, the baseline first.
    """

    results: dict[str, Result]

    @property
    def baseline(self) -> str:
        """Name of the variant that the others are compared with."""
        return next(iter(self.results))

    @property
    def variants(self) -> list[str]:
        """Names of the variants beside the baseline."""
        return list(self.results)[1:]

    def difference(self, variant: str, measure: str) -> Estimate:
        """Mean paired difference of a measure to the baseline, with its 95 % interval."""
        return estimate(self._differences(variant, measure).tolist())

    def _differences(self, variant: str, measure: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        return self._values(variant, measure) - self._values(self.baseline, measure)

    def _values(self, variant: str, measure: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        for kind, name, names in (("measure", measure, MEASURE), ("variant", variant, self.results)):
            if name not in names:
                hint = nearest(name, names)
                raise ScenarioError([Problem("", f"no {kind} '{name}'" + (f"; {hint}" if hint else ""))])
        return self.results[variant].runs[measure].to_numpy(np.float64)

    def runs_saved(self, variant: str, measure: str) -> float:
        """How many times more runs independent luck would need for the same precision; nan if not known."""
        ours, base = self._values(variant, measure), self._values(self.baseline, measure)
        if len(ours) < 2:
            return float("nan")
        paired = float(np.var(ours - base, ddof=1))
        independent = float(np.var(ours, ddof=1) + np.var(base, ddof=1))
        return independent / paired if paired > 0 else float("nan")

    def chance_best(self, measure: str) -> dict[str, float]:
        """Share of replications in which each variant is best by a measure; ties are shared."""
        values = np.array([self._values(variant, measure) for variant in self.results])
        if MEASURE[measure].better == "neither":
            return {}
        values = values[:, np.isfinite(values).all(axis=0)]
        if values.shape[1] == 0:
            return {}
        best = values.max(axis=0) if MEASURE[measure].better == "higher" else values.min(axis=0)
        wins = (values == best) / (values == best).sum(axis=0)
        return dict(zip(self.results, wins.mean(axis=1).tolist(), strict=True))

    @property
    def table(self) -> pd.DataFrame:
        """One row per variant and measure: values, paired difference with interval, verdict, runs saved."""
        rows = []
        for variant in self.variants:
            for measure in MEASURES:
                found = self.difference(variant, measure.name)
                rows.append(
                    {
                        "variant": variant, "measure": measure.name, "label": measure.label, "unit": measure.unit,
                        "baseline": self.results[self.baseline].estimate(measure.name).mean,
                        "value": self.results[variant].estimate(measure.name).mean,
                        "difference": found.mean, "low": found.low, "high": found.high,
                        "verdict": verdict(found, measure.better),
                        "runs_saved": self.runs_saved(variant, measure.name),
                    }
                )  # fmt: skip
        return pd.DataFrame(rows)


def verdict(found: Estimate, better: str) -> str:
    """better, worse, no clear difference, changed (where neither direction is good) or unknown."""
    if not np.isfinite(found.mean) or not np.isfinite(found.low):
        return "unknown"
    if found.mean == 0 and found.sd == 0:
        return "no difference"
    if found.low <= 0 <= found.high:
        return "no clear difference"
    if better == "neither":
        return "changed"
    return "better" if (found.mean > 0) == (better == "higher") else "worse"


def compare(
    base: Variant,
    variants: Mapping[str, Variant] | Sequence[Variant],
    *,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compare variants with a baseline on common random numbers.

    Args:
        base: the baseline: a scenario, its file, or plain data.
        variants: by name; a mapping of dotted paths to values varies the baseline, anything else is a scenario.
        replications: see `simulate`; the same for all variants, as are the next three.
        seed: see `simulate`.
        jobs: see `simulate`.
        progress: see `simulate`.

    Raises:
        ScenarioError: a scenario is not valid, or there is nothing to compare with.
    """
    baseline = base if isinstance(base, Scenario) else load(base)
    named = named_variants(baseline, variants)
    count = baseline.replications if replications is None else replications
    base_seed = baseline.seed if seed is None else seed
    results = {
        name: simulate(scenario, replications=count, seed=base_seed, jobs=jobs, progress=progress)
        for name, scenario in named.items()
    }
    return Comparison(results)


def named_variants(baseline: Scenario, variants: Mapping[str, Variant] | Sequence[Variant]) -> dict[str, Scenario]:
    """The baseline and every variant as scenarios, each with a name of its own."""
    if not variants:
        raise ScenarioError([Problem("", "nothing to compare with; name at least one variant")])
    named = {baseline.name: baseline}
    items = variants.items() if isinstance(variants, Mapping) else [(None, variant) for variant in variants]
    for name, variant in items:
        scenario = _vary(baseline, variant)
        key = name or scenario.name
        while key in named:
            key += "'"
        named[key] = scenario
    return named


def _vary(baseline: Scenario, variant: Variant) -> Scenario:
    if isinstance(variant, Scenario):
        return variant
    if isinstance(variant, Mapping) and "touchpoints" not in variant:
        return load(baseline, variant)
    return load(variant)
