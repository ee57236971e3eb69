"""Worlds beside a result, lived with the same luck, so that differences are paired."""

from __future__ import annotations

from collections.abc import Mapping

from cxsim.results.measures import Estimate, estimate
from cxsim.results.result import Result
from cxsim.scenario.schema import Record, Scenario
from cxsim.studies.compare import Comparison, named_variants
from cxsim.studies.moments import Moments, flawless_worlds
from cxsim.studies.simulate import Progress, live_many

BASE = "as it stands"
"""Name of the world that the others are compared with."""
_LEAN = Record(encounters=0, customers="none")


def beside(
    result: Result, variants: Mapping[str, Scenario], *, jobs: int | None = None, progress: Progress | None = None
) -> Comparison:
    """Live variants with the luck of a result and compare them with it.

    Of a variant only the tables `runs` and `lost` are kept: there may be dozens, each as large as the world itself.

    Args:
        result: the world as it stands, lived by this version of the program.
        variants: scenarios by name.
        jobs: see `cxsim.studies.simulate.simulate`.
        progress: see there.
    """
    results = {BASE: result}
    replications = range(result.replications)
    for name, scenario in variants.items():
        lean = scenario.model_copy(update={"record": _LEAN})
        lived = Result(lean, result.seed, live_many(lean, result.seed, replications, jobs, progress))
        results[name] = Result(lean, result.seed, tables={"runs": lived.runs, "lost": lived.lost})
    return Comparison(results)


def flawless(result: Result, *, jobs: int | None = None, progress: Progress | None = None) -> Moments:
    """Worlds in which one touchpoint each is flawless, beside a result; see `cxsim.studies.moments`."""
    _, *worlds = named_variants(result.scenario, flawless_worlds(result.scenario)).items()
    return Moments(beside(result, dict(worlds), jobs=jobs, progress=progress))


def kept(comparison: Comparison, variant: str) -> Estimate:
    """Customers who stay in a variant and leave as things stand, per 1,000 customer-years, with interval."""
    found = comparison.difference(variant, "defection_rate")
    return Estimate(-1000.0 * found.mean, -1000.0 * found.high, -1000.0 * found.low, 1000.0 * found.sd, found.n)


def between(comparison: Comparison, one: str, other: str, measure: str) -> Estimate:
    """Mean paired difference of a measure between two variants, the first less the second."""
    ours, theirs = (comparison.results[name].runs[measure].to_numpy(float) for name in (one, other))
    return estimate((ours - theirs).tolist())


def service_cost(comparison: Comparison, variant: str) -> Estimate:
    """Paired difference of all cost but that of the goods sold, per customer-year: what is spent to serve."""
    ours, base = (comparison.results[name].runs for name in (variant, comparison.baseline))
    return estimate(((ours["cost"] - ours["cost_goods"]) - (base["cost"] - base["cost_goods"])).tolist())


def person_years(result: Result) -> float:
    """Years that customers were present after the warm-up, mean over replications."""
    days = result.days
    return float(days[days["day"] >= 0].groupby("replication")["present"].sum().mean()) / 365.0
