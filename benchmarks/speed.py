"""cxsim against others on the same work: `python -m benchmarks.speed full` or `... desk`; prints one JSON document.

Seconds are of processor time of one core, so that what else the machine does hits neither side. A comparison whose
results do not agree is not a comparison: they are checked before the figures are told.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import numpy as np
from scipy import stats

from benchmarks.one_run import scaled
from benchmarks.peers.bare_desk import by_bare_desk
from benchmarks.peers.queues import DESKS, DeskOutcome, DeskWork
from cxsim.evidence.queues import erlang_a
from cxsim.model import CustomerModel
from cxsim.results.measures import MEASURE
from cxsim.results.run import collect
from cxsim.scenario.loading import load
from cxsim.scenario.ready import find_scenario

ALIKE = {"satisfaction": 1.5, "poor_encounter_rate": 0.004, "expectation_gap": 0.004, "goal_reached_rate": 0.015}
"""Largest differences between single runs that pass; `benchmarks.agreement` compares properly."""
BARE = "cxsim's desks alone"
RUNS_PER_PEER_RUN = 3
DESK = DeskWork(rate=2.4, servers=10, service=4.0, patience=8.0, days=20)


def full_model(size: int, peer_size: int, repeats: int) -> dict[str, Any]:
    """Events per second of the whole model: cxsim at one size, ordinary Mesa agents at the same or a smaller one.

    They take turns, so that disturbances hit both sides.
    """
    from benchmarks.peers.mesa_agents.shop import Shop

    def lived(customers: int) -> tuple[CustomerModel, float]:
        model = CustomerModel(load(find_scenario("parcel"), scaled(customers)))
        begun = time.process_time()
        model.run()
        return model, time.process_time() - begun

    lived(100)
    small, _ = lived(peer_size)
    speeds, peers = [], []
    for number in range(repeats):
        speeds += [model.events / seconds for model, seconds in (lived(size) for _ in range(RUNS_PER_PEER_RUN))]
        shop = Shop(load(find_scenario("parcel"), scaled(peer_size)), seed=number)
        begun = time.process_time()
        shop.run()
        peers.append(shop.events / (time.process_time() - begun))
    _assert_alike(small, shop)
    return {"events_per_second": statistics.median(speeds), "peer_events_per_second": statistics.median(peers),
            "peer": f"Mesa {version('mesa')} agents"}  # fmt: skip


def _assert_alike(model: CustomerModel, shop: Any) -> None:
    run, theirs = collect(model, 0.0, False, False), shop.measures()
    for measure, most in ALIKE.items():
        ours = MEASURE[measure].compute(run)
        if abs(ours - theirs[measure]) > most:
            raise RuntimeError(f"not the same model: {measure} is {ours:.4f} here and {theirs[measure]:.4f} there")
    if not 0.9 < shop.events / model.events < 1.1:
        raise RuntimeError(f"not the same work: {model.events} events here and {shop.events} there")


def desk(repeats: int) -> dict[str, Any]:
    """Calls per second of a desk alone, M/M/c+M, and each way's outputs against Erlang A."""
    theory = erlang_a(DESK.rate, DESK.service, DESK.servers, DESK.patience)
    found: dict[str, Any] = {"theory": {"waits": theory.waits, "wait": theory.wait, "gone": theory.gone}}
    ways = {**DESKS, BARE: by_bare_desk}
    for name in ("cxsim", BARE):
        ways[name](DeskWork(2.4, 10, 4.0, 8.0, 1), 1)
    for name, live in ways.items():
        runs = [live(DESK, seed) for seed in range(1, max(repeats, 4) + 1)]
        found[name] = {"calls_per_second": statistics.median(run.arrivals / run.seconds for run in runs),
                       "version": version(name.lower()) if name in ("SimPy", "Ciw") else "",
                       **_against_theory(name, runs, found["theory"])}  # fmt: skip
    return found


def _against_theory(name: str, runs: list[DeskOutcome], theory: dict[str, float]) -> dict[str, float]:
    """Means of the outputs; theory must lie in their 99.9 % intervals over the runs."""
    means = {}
    for output, expected in theory.items():
        values = np.array([getattr(run, output) for run in runs])
        half = float(stats.t.ppf(0.9995, len(values) - 1)) * values.std(ddof=1) / len(values) ** 0.5
        means[output] = float(values.mean())
        if abs(means[output] - expected) > half:
            raise RuntimeError(f"{name} gives {output} {means[output]:.4f} +- {half:.4f}, theory {expected:.4f}")
    return means


def main() -> None:
    """Measure what is asked for."""
    what, repeats = sys.argv[1], int(sys.argv[2])
    missing = [name for name in ("simpy", "ciw") if what == "desk" and find_spec(name) is None]
    if missing:
        sys.exit(f"needs {' and '.join(missing)}, which the extra 'dev' brings: pip install -e \".[dev]\"")
    if what == "full":
        print(json.dumps(full_model(int(sys.argv[3]), int(sys.argv[4]), repeats)))
    else:
        print(json.dumps(desk(repeats)))


if __name__ == "__main__":
    main()
