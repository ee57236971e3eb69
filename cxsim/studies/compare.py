"""Comparing variants on the same luck: paired differences with intervals, and the chance that each is best."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cxsim.results.measures import MEASURE, MEASURES, Estimate, estimate
from cxsim.results.result import Result
from cxsim.results.run import Run
from cxsim.scenario.errors import Problem, ScenarioError, nearest
from cxsim.scenario.loading import load
from cxsim.scenario.schema import Scenario
from cxsim.studies.simulate import Progress, live_many

Variant = Scenario | str | Path | Mapping[str, Any]
_LEAST = 8
"""Replications before a half-width is believed: an interval from fewer may be narrow by luck."""
_MOST_MORE = 2.0
"""The replications so far times this is the most that one look adds, as their spread is itself uncertain."""


@dataclass(frozen=True)
class Comparison:
    """Variants of a scenario, lived with the same luck.

    Attributes:
        results: result per variant, the baseline first.
        until: half-widths of the intervals that were asked for, by measure; empty if the replications were fixed.
    """

    results: dict[str, Result]
    until: Mapping[str, float] = field(default_factory=dict)

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

    def half_width(self, measure: str) -> float:
        """Widest half of the intervals of a measure's difference, over all variants; nan if not known."""
        halves = [(found.high - found.low) / 2 for found in (self.difference(name, measure) for name in self.variants)]
        return float(np.max(halves))

    @property
    def reached(self) -> bool:
        """Whether every half-width that was asked for is reached."""
        return all(self.half_width(measure) <= wanted for measure, wanted in self.until.items())

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
    until: Mapping[str, float] | None = None,
    most: int = 1_000,
    progress: Progress | None = None,
) -> Comparison:
    """Compare variants with a baseline on common random numbers.

    Args:
        base: the baseline: a scenario, its file, or plain data.
        variants: by name; a mapping of dotted paths to values varies the baseline, anything else is a scenario.
        replications: see `simulate`; the same for all variants, as are the next two. With `until`, the first look.
        seed: see `simulate`.
        jobs: see `simulate`.
        until: by measure, the half-width that the interval of every variant's difference shall have at most; more
            replications are run until it is reached.
        most: replications at which to stop in any case.
        progress: see `simulate`.

    Raises:
        ScenarioError: a scenario is not valid, there is nothing to compare with, or `until` makes no sense.
    """
    baseline = base if isinstance(base, Scenario) else load(base)
    named = named_variants(baseline, variants)
    base_seed = baseline.seed if seed is None else seed
    wanted = dict(until or {})
    _check_until(wanted, most)
    count = baseline.replications if replications is None else replications
    count = min(max(count, _LEAST), most) if wanted else count
    runs: dict[str, list[Run]] = {name: [] for name in named}
    while True:
        for name, scenario in named.items():
            runs[name] += live_many(scenario, base_seed, range(len(runs[name]), count), jobs, progress)
        found = Comparison({name: Result(named[name], base_seed, lived) for name, lived in runs.items()}, wanted)
        halves = [found.half_width(measure) for measure in wanted]
        if found.reached or count >= most or not np.isfinite(halves).all():  # no number: more runs bring none either
            return found
        count = min(_next_count(found, count), most)


def _check_until(until: Mapping[str, float], most: int) -> None:
    problems = [
        Problem("", f"no measure '{name}'" + (f"; {hint}" if (hint := nearest(name, MEASURE)) else ""), "--until")
        for name in until
        if name not in MEASURE
    ]
    problems += [
        Problem("", f"read {name}={half}; allowed: a half-width of more than 0", "--until")
        for name, half in until.items()
        if not half > 0
    ]
    if until and most < 2:
        problems.append(Problem("", f"read {most}; allowed: at least 2 replications", "--most"))
    if problems:
        raise ScenarioError(problems)


def _next_count(found: Comparison, count: int) -> int:
    """Replications that should do, from the half-widths so far; they shrink with the root of the number."""
    ratios = [found.half_width(measure) / wanted for measure, wanted in found.until.items()]
    worst = max((ratio for ratio in ratios if np.isfinite(ratio)), default=_MOST_MORE)
    return max(math.ceil(count * min(worst**2, 1.0 + _MOST_MORE)), count + 1)


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
