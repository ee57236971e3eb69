"""The engine's desks without the rest of the model: arrivals, queue, servers and patience, and nothing felt or learned.

Every call is a customer of its own. The functions are the engine's; left out is what a customer makes of a visit.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from benchmarks.peers.queues import WARM_UP_MINUTES, DeskOutcome, DeskWork, desk_world
from cxsim.compiling import compiled, direct, whole
from cxsim.engine.desks import (
    ARRIVES,
    MINUTES_PER_DAY,
    PATIENCE_ENDS,
    SERVICE_ENDS,
    call_next,
    end_wait,
    leave_queue,
    take_place,
)
from cxsim.engine.heap import remove, schedule
from cxsim.engine.log import new_log
from cxsim.engine.tally import D_GAVE_UP, DESK_STATISTICS
from cxsim.engine.world import World, life_of
from cxsim.model import CustomerModel

LINE = 0
"""The only desk."""


@compiled
def live_desk(world: World, log: Any, arrivals: Any, first: int, until: float) -> int:
    """Live all events of the desk before `until`; calls arrive at the instants in `arrivals`, from `first` on.

    Returns:
        The first call that arrives later.
    """
    state, heap, desk = world.state[0], world.heap, world.state[0].desks[LINE]
    call = first
    while True:
        at = heap[0].at if state.heap_size > 0 else np.inf
        if call < len(arrivals) and arrivals[call] <= at and arrivals[call] < until:
            schedule(world, call, arrivals[call], ARRIVES)
            call += 1
            continue
        if not at < until:
            return call
        kind, i = heap[0].kind, whole(heap[0].key)
        remove(world, i)
        row = world.customers[i]
        if kind == ARRIVES:
            row.journeys, row.desk_at = 1, at
            take_place(world, life_of(world, i, LINE, log), i, LINE, at)
        elif kind == PATIENCE_ENDS:
            leave_queue(world, row, LINE)
            end_wait(world.tables[0], desk, row, at)
            desk.tally[D_GAVE_UP] += 1.0
        elif kind == SERVICE_ENDS:
            desk.busy -= 1
            call_next(world, LINE, at)


def by_bare_desk(work: DeskWork, seed: int) -> DeskOutcome:
    """Live a desk's calls; drawing when they arrive is timed too, as the peers draw it."""
    calls = int(work.rate * work.minutes * 1.2) + 1_000
    model = CustomerModel(desk_world(work, calls), rng=seed)
    world, log = model.world, new_log(False)
    state = world.state[0].desks[LINE]
    state.is_open, state.servers = 1, work.servers
    world.customers["desk"], world.customers["desk_touchpoint"] = LINE, 0
    days = WARM_UP_MINUTES / MINUTES_PER_DAY
    live_desk(world, log, np.empty(0), 0, 0.0)
    run = direct(live_desk)
    begun = time.process_time()
    arrivals = np.cumsum(np.random.default_rng(seed).exponential(1 / work.rate / MINUTES_PER_DAY, calls))
    first = run(world, log, arrivals, 0, days)
    before = state.tally.copy()
    done = run(world, log, arrivals, first, work.minutes / MINUTES_PER_DAY)
    seconds = time.process_time() - begun
    counted = dict(zip(DESK_STATISTICS, (state.tally - before).tolist(), strict=True))
    arrived = counted["arrivals"]
    return DeskOutcome(seconds, done, counted["waited"] / arrived, counted["wait_minutes"] / arrived,
                       counted["gave_up"] / arrived)  # fmt: skip
