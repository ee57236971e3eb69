"""The instruments against the run they read: their sample must tell what the engine counted over everybody.

Instruments split levels and poor encounters by phase and persona from customers that are followed. Over all of them the
same figures are counted exactly, so sampling, weighting and intervals are held to what is known.
"""

from __future__ import annotations

from collections.abc import Iterator

from cxsim.evidence.checks import Check
from cxsim.evidence.validate import Settings
from cxsim.instruments.sample import Sample, mean_of, take_sample
from cxsim.results.measures import Estimate
from cxsim.results.result import Result
from cxsim.scenario.loading import load
from cxsim.scenario.ready import ready_scenarios
from cxsim.scenario.values import DIMENSIONS
from cxsim.studies.simulate import simulate

WIDER = 2.5
"""Bands are so many half widths of a 95 % interval: chance alone hardly ever leaves them."""
_QUICK = ("workshop",)


def checks(settings: Settings) -> Iterator[Check]:
    """Levels perceived, gap and poor encounters in the sample of every ready scenario, against the counts."""
    for name, file in ready_scenarios().items():
        if settings.quick and name not in _QUICK:
            continue
        result = simulate(load(file, {"record.encounters": 0, "record.customers": "none"}), replications=1, jobs=1)
        yield from _lines(name, result, take_sample(result))
        if settings.progress is not None:
            settings.progress(1)


def _lines(name: str, result: Result, sample: Sample) -> Iterator[Check]:
    rows, stops = sample.encounters, result.touchpoints
    lived = float(stops["encounters"].sum())
    for dimension in DIMENSIONS:
        exact = float(stops[f"perceived_{dimension}"].sum()) / lived
        found = mean_of(rows, rows[f"perceived_{dimension}"])
        yield _line(f"{name}-{dimension}", f"Level of {dimension} that customers got in {name}", exact, found, "level")
    gap = mean_of(rows, rows["got"] - rows["expected"])
    yield _line(f"{name}-gap", f"Got less expected in {name}", float(stops["gap"].sum()) / lived, gap, "level")
    poor = mean_of(rows, rows["is_poor"].astype(float))
    yield _line(f"{name}-poor", f"Poor encounters in {name}", float(stops["poor"].sum()) / lived, poor, "share")


def _line(name: str, title: str, exact: float, found: Estimate, unit: str) -> Check:
    half = WIDER * (found.high - found.low) / 2.0
    return Check(
        id=f"instruments-{name}", group="instruments", title=title, observed=exact, simulated=found.mean,
        low=exact - half, high=exact + half, unit=unit, strict=True, source="counted over everybody in the same run",
        note="what the instruments read from the customers followed",
    )  # fmt: skip
