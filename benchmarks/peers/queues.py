"""The same desk in SimPy, in Ciw and in cxsim: M/M/c+M, the same rates, the same outputs.

Outputs of each: calls that arrived after the warm-up, how many of them waited, their waits, how many gave up.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

WARM_UP_MINUTES = 1_440.0


@dataclass(frozen=True)
class DeskWork:
    """A desk under Poisson arrivals, with exponential service and patience; times in minutes.

    Attributes:
        rate: arrivals per minute.
        servers: how many.
        service: mean service time.
        patience: mean patience.
        days: days after a day of warm-up.
    """

    rate: float
    servers: int
    service: float
    patience: float
    days: int

    @property
    def minutes(self) -> float:
        """Length of the run, warm-up included."""
        return WARM_UP_MINUTES + 1_440.0 * self.days


@dataclass(frozen=True)
class DeskOutcome:
    """What one run of a desk gave.

    Attributes:
        seconds: processor time of one core, model building left out.
        arrivals: calls that arrived, warm-up included: the work done.
        waits: share of arrivals that waited.
        wait: mean wait of all arrivals, in minutes.
        gone: share of arrivals that gave up.
    """

    seconds: float
    arrivals: int
    waits: float
    wait: float
    gone: float


def _outcome(seconds: float, arrivals: int, waits: list[float], gone: int) -> DeskOutcome:
    count = len(waits)
    return DeskOutcome(seconds, arrivals, sum(wait > 0 for wait in waits) / count, sum(waits) / count, gone / count)


def by_simpy(work: DeskWork, seed: int) -> DeskOutcome:
    """SimPy: a process per call that waits for a server or for the end of its patience."""
    from random import Random

    import simpy

    luck, environment = Random(seed), simpy.Environment()
    desk = simpy.Resource(environment, capacity=work.servers)
    waits: list[float] = []
    counts = {"arrivals": 0, "gone": 0}

    def call() -> Any:
        arrived = environment.now
        with desk.request() as server:
            yield server | environment.timeout(luck.expovariate(1 / work.patience))
            if arrived >= WARM_UP_MINUTES:
                waits.append(environment.now - arrived)
                counts["gone"] += not server.triggered
            if server.triggered:
                yield environment.timeout(luck.expovariate(1 / work.service))

    def calls() -> Any:
        while True:
            yield environment.timeout(luck.expovariate(work.rate))
            counts["arrivals"] += 1
            environment.process(call())

    environment.process(calls())
    begun = time.process_time()
    environment.run(until=work.minutes)
    return _outcome(time.process_time() - begun, counts["arrivals"], waits, counts["gone"])


def by_ciw(work: DeskWork, seed: int) -> DeskOutcome:
    """Ciw: its own node with reneging customers."""
    import ciw

    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(work.rate)],
        service_distributions=[ciw.dists.Exponential(1 / work.service)],
        number_of_servers=[work.servers],
        reneging_time_distributions=[ciw.dists.Exponential(1 / work.patience)],
    )
    simulation = ciw.Simulation(network)
    begun = time.process_time()
    simulation.simulate_until_max_time(work.minutes)
    records = simulation.get_all_records()
    seconds = time.process_time() - begun
    counted = [record for record in records if record.arrival_date >= WARM_UP_MINUTES]
    waits = [float(record.waiting_time) for record in counted]
    return _outcome(seconds, len(records), waits, sum(record.record_type == "renege" for record in counted))


CUSTOMERS = 20_000


def desk_world(work: DeskWork, customers: int) -> Any:
    """A scenario of one desk, called by so many customers at the rate wanted."""
    from cxsim.scenario.loading import load

    return load({
        "format": 1, "name": "desk", "warm_up": "1 days", "horizon": f"{work.days} days",
        "population": {"customers": customers, "ended": 0, "drifted": 0, "look_back": False},
        "personas": {"caller": {"journeys_per_year": f"{work.rate * 525_600 / customers} per year",
                                "patience_spread": 0, "urgent_share": 0}},
        "journey": {"start": "call"}, "touchpoints": {"call": {"kind": "desk", "desk": "line"}},
        "desks": {"line": {"servers": work.servers, "patience": f"{work.patience} min", "resolution": 1,
                           "service": {"mean": f"{work.service} min", "distribution": "exponential"}}},
        "rules": {"wait_multiplier": 1.0, "return_probability": 0.0, "leave_base": -50.0, "voice_base": -50.0},
        "mechanisms": {"frequency_cut": False, "blow_up": False, "word_of_mouth": False},
    })  # fmt: skip


def by_cxsim(work: DeskWork, seed: int) -> DeskOutcome:
    """cxsim: the whole model, in a world of one desk; every call is also felt, learned from and remembered."""
    from cxsim.engine.tally import DESK_STATISTICS
    from cxsim.model import CustomerModel

    model = CustomerModel(desk_world(work, CUSTOMERS), rng=seed)
    begun = time.process_time()
    model.run()
    seconds = time.process_time() - begun
    all_days, days = model.world.desk_days[:, 0], model.world.desk_days[1:, 0]
    counted = dict(zip(DESK_STATISTICS, days.sum(axis=0).tolist(), strict=True))
    arrivals = counted["arrivals"]
    return DeskOutcome(seconds, int(all_days[:, DESK_STATISTICS.index("arrivals")].sum()),
                       counted["waited"] / arrivals, counted["wait_minutes"] / arrivals,
                       counted["gave_up"] / arrivals)  # fmt: skip


DESKS: dict[str, Callable[[DeskWork, int], DeskOutcome]] = {"cxsim": by_cxsim, "SimPy": by_simpy, "Ciw": by_ciw}
"""Ways to run a desk, by name; the peers need `pip install simpy ciw`."""
