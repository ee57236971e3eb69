"""One population too big for one process: independent service regions, lived apart and merged.

A region has its share of the customers and its own desks with its share of the servers; customers of different regions
never meet, neither in a queue nor by talking, and each region has a reputation of its own. What a region hands back are
sums, histograms and weighted means, so that merging needs no customer, and memory does not grow with the regions.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import numpy as np

from cxsim.results.influence import Influence
from cxsim.results.result import Result
from cxsim.results.run import People, Run
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.loading import load
from cxsim.scenario.schema import Scenario
from cxsim.studies.executors import Pool, workers
from cxsim.studies.simulate import default_jobs, live_once

Servers = float | list[float] | None


@dataclass(frozen=True)
class Part:
    """What one region, or several merged, hand back of a replication.

    Attributes:
        run: sums, histograms and means.
        left: customers behind the NPS with the lost, beyond those present.
    """

    run: Run
    left: int


def simulate_regions(
    scenario: Scenario,
    regions: int,
    *,
    replications: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    keep_lost: bool = True,
    progress: Callable[[int], None] | None = None,
) -> Result:
    """Live a scenario as independent regions side by side, and merge them into one result.

    The result does not depend on `jobs` or `cluster`: regions are merged in their order.

    Args:
        scenario: the whole firm; customers, newcomers and servers are shared out evenly.
        regions: how many.
        replications: how often; the scenario's own number if left out.
        seed: seed of the study; every region draws its own from it.
        jobs: regions at a time on this machine; all cores if left out.
        cluster: address of a Dask scheduler, to be used instead.
        keep_lost: whether to keep the exit interviews, the one table that grows with the population.
        progress: called with the days lived whenever a region has finished.

    Raises:
        ScenarioError: the scenario cannot be split so.
    """
    worlds = split(scenario, regions)
    count = scenario.replications if replications is None else replications
    base_seed = scenario.seed if seed is None else seed
    runs: list[Run] = []
    with workers(default_jobs() if jobs is None else jobs, cluster) as pool:
        for replication in range(count):
            total: Part | None = None
            for part in _in_order(pool, worlds, base_seed, replication, keep_lost):
                total = part if total is None else merged(total, part)
                if progress is not None:
                    progress(scenario.days)
            assert total is not None
            runs.append(total.run)
    return Result(scenario, base_seed, runs)


def _in_order(pool: Pool, worlds: list[Scenario], seed: int, replication: int, keep_lost: bool) -> Iterator[Part]:
    """Parts in the order of the regions, only a few of them waiting at any time."""
    executor, at_a_time = pool
    waiting: deque[Future[Part]] = deque()
    for region, world in enumerate(worlds):
        waiting.append(executor.submit(live_region, world, seed, region, replication, keep_lost))
        if len(waiting) >= at_a_time:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def live_region(world: Scenario, seed: int, region: int, replication: int, keep_lost: bool) -> Part:
    """Live one region once; what a worker does."""
    run = live_once(world, region_seed(seed, region), replication)
    lost = run.lost or {}
    left = len(lost.get("customer", ()))
    kept = {"region": np.full(left, region), **lost} if keep_lost else None
    return Part(dataclasses.replace(run, customers=None, log=None, lost=kept), left)


def region_seed(seed: int, region: int) -> int:
    """Seed of a region; mixed, so that regions share no luck with each other or with other studies."""
    return int.from_bytes(hashlib.sha256(f"region {region} of {seed}".encode()).digest()[:8], "big") >> 1


def split(scenario: Scenario, regions: int) -> list[Scenario]:
    """A scenario per region: an even share of customers, newcomers and servers, all else alike.

    Raises:
        ScenarioError: there are more regions than customers, or an intervention changes what is shared out.
    """
    customers = scenario.population.customers
    problems = []
    if not 1 <= regions <= customers:
        sentence = f"read {regions}; allowed: 1 to {customers}, the number of customers"
        problems.append(Problem("", sentence, "--regions"))
    for name, desk in scenario.desks.items():
        most = max(_numbers(desk.servers) + [number for shift in desk.shifts for number in _numbers(shift.servers)])
        if most < regions:
            sentence = f"{most:g} servers are too few for {regions} regions; allowed: at least one each"
            problems.append(Problem(f"desks.{name}.servers", sentence, "--regions"))
    for name, intervention in scenario.interventions.items():
        sentence = "changes servers, which the regions share out; write the scenario of one region instead"
        problems += [
            Problem(f"interventions.{name}.set.{path}", sentence, "--regions")
            for path in intervention.set
            if "servers" in path or path == "desks"
        ]
    if problems:
        raise ScenarioError(problems)
    desks: dict[str, Any] = {}
    for name, desk in scenario.desks.items():
        desks[f"desks.{name}.servers"] = desk.servers / regions
        desks[f"desks.{name}.servers_sd"] = desk.servers_sd / regions**0.5
        desks[f"desks.{name}.shifts"] = [
            {**shift.model_dump(mode="json", exclude_none=True), **_shared(shift.servers, regions)}
            for shift in desk.shifts
        ]
    rest = {"population.newcomers": f"{scenario.population.newcomers / regions!r} per year",
            "record.encounters": 0, "record.customers": "none"}  # fmt: skip
    sizes = [customers // regions + (region < customers % regions) for region in range(regions)]
    by_size = {size: load(scenario, {**desks, **rest, "population.customers": size}) for size in set(sizes)}
    return [by_size[size] for size in sizes]


def _numbers(servers: Servers) -> list[float]:
    return [] if servers is None else list(servers) if isinstance(servers, list) else [servers]


def _shared(servers: Servers, regions: int) -> dict[str, Any]:
    if servers is None:
        return {}
    return {"servers": [one / regions for one in servers] if isinstance(servers, list) else servers / regions}


def merged(first: Part, second: Part) -> Part:
    """Two parts of the same replication as one."""
    values = {
        field.name: _RULES[field.name](getattr(first.run, field.name), getattr(second.run, field.name))
        for field in dataclasses.fields(Run)
        if field.name not in _WEIGHTED
    }
    values |= {"people": _people(first, second), "influence": _influence(first.run, second.run)}
    return Part(Run(**values), first.left + second.left)


def _sum(first: Any, second: Any) -> Any:
    return first + second


def _same(first: Any, second: Any) -> Any:
    if not np.array_equal(first, second) and first != second:
        raise ValueError(f"regions of one replication differ where they must not: {first!r}, {second!r}")
    return first


def _sum_by_key(first: dict[str, float], second: dict[str, float]) -> dict[str, float]:
    return {key: first[key] + second[key] for key in first}


def _rows(first: dict[str, Any] | None, second: dict[str, Any] | None) -> dict[str, Any] | None:
    if first is None or second is None:
        return None
    return {name: np.concatenate([first[name], second[name]]) for name in first}


_WEIGHTED = ("people", "influence")
"""Fields that hold means, merged with the weights behind them."""
_RULES: dict[str, Callable[[Any, Any], Any]] = {
    **dict.fromkeys(("replication", "warm_up_days", "discount", "control"), _same),
    **dict.fromkeys(("established", "stop_days", "journey_days", "desk_days", "waits", "events", "seconds", "blame",
                     "sales_at_list_price", "satisfaction_at_start"), _sum),
    "costs": _sum_by_key, "counts": _sum_by_key, "customers": _rows, "lost": _rows, "log": lambda *_: None,
}  # fmt: skip
"""How every field of a run is merged; one that is missing here stops a test."""


def _mean(first: float, second: float, weight: float, other: float) -> float:
    """Weighted mean; a part without weight does not count."""
    if weight <= 0 or np.isnan(first):
        return second
    if other <= 0 or np.isnan(second):
        return first
    return (weight * first + other * second) / (weight + other)


def _people(first: Part, second: Part) -> People:
    """People of both parts; the share who switched is the mean of the regions' own, by those at risk."""
    a, b = first.run.people, second.run.people
    return People(
        satisfaction=_mean(a.satisfaction, b.satisfaction, a.present, b.present),
        nps_measured=_mean(a.nps_measured, b.nps_measured, a.present, b.present),
        nps_all=_mean(a.nps_all, b.nps_all, a.present + first.left, b.present + second.left),
        switched_after_poor=_mean(a.switched_after_poor, b.switched_after_poor, a.at_risk, b.at_risk),
        at_risk=a.at_risk + b.at_risk,
        present=a.present + b.present,
    )


def _influence(first: Run, second: Run) -> Influence:
    """Means over the regions, by encounters; each region's own decomposition stands."""
    weight, other = first.stop("encounters"), second.stop("encounters")
    return {
        name: {kind: _mean(value, second.influence[name][kind], weight, other) for kind, value in kinds.items()}
        for name, kinds in first.influence.items()
    }
