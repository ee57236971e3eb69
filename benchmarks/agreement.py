"""Do the two implementations agree? `python -m benchmarks.agreement [--scenarios parcel ...] [--json]`.

Every measure of cxsim's engine against that of the same model written as ordinary Mesa agents
(`benchmarks.peers.mesa_agents`), on independent replications. Absence of a difference is no proof of agreement, so this
is an equivalence test: two one-sided tests at 5 % (the 90 % interval of the difference must lie within a margin stated
beforehand). A measure too noisy for that is called undecided, not equal.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy import stats

from cxsim.results.measures import MEASURE
from cxsim.results.run import collect
from cxsim.scenario.loading import load
from cxsim.scenario.ready import find_scenario
from cxsim.scenario.schema import Scenario

ENGINE_RUNS_PER_PEER_RUN = 4
"""The engine is so much faster that its mean may cost more runs."""
WORLDS: dict[str, dict[str, Any]] = {
    "workshop": {},
    "parcel": {"population.customers": 1_000, "population.newcomers": "300 per year", "desks.support.servers": 1},
    # the same calls per hour, from fewer callers in fewer weeks
    "callcentre": {"population.customers": 2_000, "personas.caller.journeys_per_year": "213.2 per year",
                   "warm_up": "14 days", "horizon": "28 days"},
}  # fmt: skip
"""Ready scenarios, and what makes them small enough for the slow implementation."""
MARGINS = {"level": 0.003, "0 to 100": 0.5, "points": 3.0, "stars": 0.05, "1 to 7": 0.05}
"""Margins by unit; all other measures: this share of their mean, shares at least so much."""
RELATIVE_MARGIN, SHARE_MARGIN = 0.05, 0.01


def rich_world() -> Scenario:
    """A parcel shop with everything in it that the ready scenarios leave out."""
    return load(find_scenario("workshop"), {
        "name": "rich", "population.customers": 600, "population.newcomers": "400 per year",
        "population.converts": 0.6, "population.ended": "0.2 per year", "population.drifted": "0.2 per year",
        "company.win_back": {"share": 0.5, "after": "20 days"},
        "company.promises.website": {"people": 0.6, "product": 0.7, "process": 0.9},
        "market.drift": 0.1, "market.competitors.another": {"level": 0.6, "prominence": 2},
        "touchpoints.booking.technology": {"mode": "enabler", "stuck_probability": 0.2, "contact": "telephone"},
        "touchpoints.bill.technology": {"mode": "definer", "stuck_probability": 0.1, "contact": "telephone"},
        "touchpoints.booking.effort": 0.5,
        "touchpoints.riding.failure.next": "repair", "touchpoints.repair.causes.parts.outside": False,
        "touchpoints.picking_up.flawless": True, "touchpoints.telephone.desk": "line",
        "desks.line": {"servers": 1.4, "servers_sd": 0.5, "shifts": [{"days": "mon-fri", "hours": "9-17"}],
                       "service": {"mean": "30 min", "distribution": "exponential"}, "patience_shape": 2,
                       "closing": "turn_away", "tells_wait": True, "explains_wait": True, "resolution": 0.6},
        "desks.counter.closing": "carry_over", "desks.counter.service_by_hour": [*[1.0] * 12, *[1.5] * 12],
        "company.explains": 0.6, "company.tracking": 0.5,
    })  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """One measure of one scenario under both implementations.

    Attributes:
        scenario, measure: which.
        engine, peer: means over replications.
        low, high: 90 % interval of engine less peer.
        margin: largest difference that counts as none.
        verdict: equivalent, undecided (the interval reaches beyond the margin) or different (it lies beyond it).
    """

    scenario: str
    measure: str
    engine: float
    peer: float
    low: float
    high: float
    margin: float
    verdict: str


def scenario_named(name: str) -> Scenario:
    """A ready scenario made small, or the rich world."""
    return rich_world() if name == "rich" else load(find_scenario(name), WORLDS[name])


def engine_run(name: str, replication: int) -> dict[str, float]:
    """Measures of one replication of the engine."""
    from cxsim.model import CustomerModel

    run = collect(CustomerModel(scenario_named(name), rng=1, replication=replication).run(), 0.0, False, False)
    return {measure: MEASURE[measure].compute(run) for measure in MEASURE}


def peer_run(name: str, replication: int) -> dict[str, float]:
    """Measures of one replication of the second implementation."""
    from benchmarks.peers.mesa_agents.shop import Shop

    return Shop(scenario_named(name), 10_000 + replication).run().measures()


def margin_of(measure: str, mean: float) -> float:
    """Largest difference of a measure that counts as none."""
    unit = MEASURE[measure].unit
    if unit in MARGINS:
        return MARGINS[unit]
    return max(RELATIVE_MARGIN * abs(mean), SHARE_MARGIN if unit == "share" else 0.0)


def judge(scenario: str, measure: str, engine: np.ndarray, peer: np.ndarray) -> Verdict | None:
    """Two one-sided tests with Welch's degrees of freedom; None where a measure has no meaning."""
    engine, peer = engine[np.isfinite(engine)], peer[np.isfinite(peer)]
    if len(engine) < 2 or len(peer) < 2:
        return None
    margin, difference = margin_of(measure, float(engine.mean())), float(engine.mean() - peer.mean())
    variances = np.array([engine.var(ddof=1) / len(engine), peer.var(ddof=1) / len(peer)])
    freedom = variances.sum() ** 2 / max((variances**2 / [len(engine) - 1, len(peer) - 1]).sum(), 1e-300)
    half = float(stats.t.ppf(0.95, max(freedom, 1.0))) * math.sqrt(variances.sum())
    low, high = difference - half, difference + half
    verdict = "equivalent" if max(-low, high) <= margin else "undecided"
    if low > margin or high < -margin:
        verdict = "different"
    return Verdict(scenario, measure, float(engine.mean()), float(peer.mean()), low, high, margin, verdict)


def compare(name: str, replications: int, jobs: int = 1) -> Iterator[Verdict]:
    """Verdicts on every measure that both have."""
    engine = [engine_run(name, number) for number in range(replications * ENGINE_RUNS_PER_PEER_RUN)]
    if jobs > 1:
        with ProcessPoolExecutor(jobs) as pool:
            peer = list(pool.map(peer_run, [name] * replications, range(replications)))
    else:
        peer = [peer_run(name, number) for number in range(replications)]
    for measure in peer[0]:
        found = judge(name, measure, np.array([run[measure] for run in engine]),
                      np.array([run[measure] for run in peer]))  # fmt: skip
        if found is not None:
            yield found


def main() -> None:
    """Compare, print, and exit with 1 if a measure differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.agreement", description=__doc__)
    parser.add_argument("--scenarios", nargs="+", choices=[*WORLDS, "rich"], default=[*WORLDS, "rich"])
    parser.add_argument("--replications", type=int, default=30, help="runs of the second implementation")
    parser.add_argument("--jobs", type=int, default=1, help="processes for its runs")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    chosen = parser.parse_args()
    found: list[Verdict] = []
    for name in chosen.scenarios:
        verdicts = list(compare(name, chosen.replications, chosen.jobs))
        found += verdicts
        if not chosen.json:
            report(name, verdicts)
    if chosen.json:
        print(json.dumps([asdict(verdict) for verdict in found], indent=2))
    if any(verdict.verdict == "different" for verdict in found):
        sys.exit(1)


def report(name: str, verdicts: list[Verdict]) -> None:
    """A readable table of one scenario."""
    tally = {word: sum(verdict.verdict == word for verdict in verdicts)
             for word in ("equivalent", "undecided", "different")}  # fmt: skip
    print(f"\n{name}: " + ", ".join(f"{number} {word}" for word, number in tally.items()))
    print(f"  {'measure':26}{'engine':>11}{'agents':>11}{'90 % interval of the difference':>34}{'margin':>10}")
    for verdict in verdicts:
        interval = f"{verdict.low:+.4f} to {verdict.high:+.4f}"
        print(f"  {verdict.measure:26}{verdict.engine:11.4f}{verdict.peer:11.4f}{interval:>34}{verdict.margin:10.4f}"
              f"  {verdict.verdict}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
