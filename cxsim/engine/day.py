"""One day after another: the phases, their order, and the summing of what was counted.

1. open: who has something due today?
2. walk: each of them lives the own agenda up to a desk or the end of the day (slices may run at the same time).
3. gather: those on the way to a desk enter the event heap, in index order.
4. desks: one exact event heap; served customers walk on.
5. talk: those whose journey ended today tell of it, in the order in which they were noted.
6. record: the slices' tallies are summed in slice order.
"""

from __future__ import annotations

from typing import Any

from cxsim.compiling import compiled
from cxsim.engine.columns import NEVER
from cxsim.engine.desks import ARRIVES, open_desks
from cxsim.engine.heap import schedule
from cxsim.engine.journey import walk
from cxsim.engine.log import is_nearly_full
from cxsim.engine.prefetch import prefetch
from cxsim.engine.talk import talk
from cxsim.engine.world import (
    CUSTOMERS_PER_LANE,
    LANES,
    World,
    life_of,
)

AHEAD = 2
"""Records are fetched so many walks before they are needed."""
ON_THE_WAY = -1.0
"""Marks in `due_at` a customer whom the walk left on the way to a desk."""


@compiled
def open_day(world: World) -> None:
    """Find who is due today and cut them into slices; the cut depends on their number alone."""
    state = world.state[0]
    until = state.day + 1.0
    if state.day == 0:
        open_desks(world)
    count = 0
    for i in range(len(world.due_at)):
        if world.due_at[i] < until:
            world.due[count] = i
            count += 1
    lanes = min(max((count + CUSTOMERS_PER_LANE - 1) // CUSTOMERS_PER_LANE, 1), LANES)
    state.due_count, state.lanes = count, lanes
    for lane in range(lanes):
        world.lanes[lane].cursor = lane * count // lanes


@compiled
def walk_lanes(world: World, log: Any, first: int, last: int) -> bool:
    """Walk the customers of slices `first` to `last` (exclusive); False if the log must be emptied first."""
    state = world.state[0]
    until = state.day + 1.0
    for lane in range(first, last):
        slice_ = world.lanes[lane]
        end = (lane + 1) * state.due_count // state.lanes
        while slice_.cursor < end:
            if is_nearly_full(log[0]):
                return False
            if slice_.cursor + AHEAD < end:
                prefetch(world.customers, world.due[slice_.cursor + AHEAD])
                prefetch(world.memory, world.due[slice_.cursor + AHEAD])
            i = world.due[slice_.cursor]
            life = life_of(world, i, lane, log)
            due = walk(life, until)
            world.due_at[i] = ON_THE_WAY if life.row.desk >= 0 else due
            world.speakers[slice_.cursor] = i if life.row.has_news != 0 else -1
            slice_.cursor += 1
    return True


@compiled
def gather(world: World) -> None:
    """Let those on the way to a desk enter the event heap."""
    state = world.state[0]
    for place in range(state.due_count):
        i = world.due[place]
        if world.due_at[i] == ON_THE_WAY:
            world.due_at[i] = NEVER
            schedule(world, i, world.customers[i].desk_at, ARRIVES)


@compiled
def close_day(world: World) -> None:
    """Let people talk, sum the slices' tallies into the day's in slice order, and turn to the next day."""
    talk(world)
    state = world.state[0]
    measured = state.day >= world.tables[0].setting.warm_up_days
    stops, journeys, desks = world.stop_days[state.day], world.journey_days[state.day], world.desk_days[state.day]
    for number in range(state.lanes):
        lane = world.lanes[number]
        state.events += lane.events
        lane.events = 0
        for k in range(stops.shape[0]):
            for statistic in range(stops.shape[1]):
                stops[k, statistic] += lane.stops[k, statistic]
                lane.stops[k, statistic] = 0.0
            for reason in range(world.blame.shape[1]):
                for statistic in range(world.blame.shape[2]):
                    if measured:
                        world.blame[k, reason, statistic] += lane.blame[k, reason, statistic]
                    lane.blame[k, reason, statistic] = 0.0
        for statistic in range(len(journeys)):
            journeys[statistic] += lane.journeys[statistic]
            lane.journeys[statistic] = 0.0
    for desk in range(desks.shape[0]):
        tally = state.desks[desk].tally
        for statistic in range(desks.shape[1]):
            desks[desk, statistic] = tally[statistic]
            tally[statistic] = 0.0
    state.day += 1
