"""One day after another: the phases, their order, and the summing of what was counted.

1. open: who has something due today?
2. walk: each of them lives the own agenda up to a desk or the end of the day (slices may run at the same time).
3. gather: those on the way to a desk enter the event heap, in index order.
4. desks: one exact event heap; served customers walk on.
5. tell: those whose journey ended today choose whom they tell of it (slices may run at the same time).
6. hear: everybody hears what they were told, in the order of the speakers (ranges of listeners may run at the same
   time).
7. close: the slices' tallies are summed in slice order.

All of it is one compiled function, `live`, so that each rule is compiled once and many days are one call.
"""

from __future__ import annotations

from typing import Any

from cxsim.compiling import compiled, inner, whole
from cxsim.engine.desks import ARRIVES, open_desks, run_desks
from cxsim.engine.heap import schedule
from cxsim.engine.journey import walk
from cxsim.engine.log import is_nearly_full
from cxsim.engine.prefetch import prefetch
from cxsim.engine.talk import hear, publish, tell
from cxsim.engine.world import (
    CUSTOMERS_PER_LANE,
    LANES,
    World,
    life_of,
)

OPEN, WALK, GATHER, DESKS, TELL, HEAR, CLOSE = range(7)
"""Phases of a day, in order."""
PHASES = 7
DAYS = -1
"""Not a phase: all phases of all days up to a morning."""
AHEAD = 2
"""Records are fetched so many walks before they are needed."""


@compiled
def live(world: World, log: Any, what: int, first: int, last: int) -> bool:
    """Live one phase of the day, or all phases of many days.

    Args:
        world: the world.
        log: (1,) buffer of the event log.
        what: a phase, or `DAYS`.
        first: first slice of `WALK` and `TELL` (of those due), or of `HEAR` (`LANES` slices of all customers).
        last: the end of these, exclusive; for `DAYS`, the morning up to which to live (and `first` is 0).

    Returns:
        False if somebody must look before it goes on with the same call: the log is nearly full, or customers have
        left who may be won back and are to be interviewed before.
    """
    state = world.state[0]
    while what != DAYS or state.day < last:
        phase, end = what, last
        if what == DAYS:
            phase = state.phase
            end = LANES if phase == HEAR else state.lanes
        if phase == OPEN:
            open_day(world)
        elif phase == WALK:
            if not walk_lanes(world, log, first, end):
                return False
        elif phase == GATHER:
            gather(world)
        elif phase == DESKS:
            if not run_desks(world, log, state.day + 1.0):
                return False
        elif phase == TELL:
            tell(world, first, end)
        elif phase == HEAR:
            hear(world, first, end)
        else:
            close_day(world)
        if what != DAYS:
            return True
        state.phase = (phase + 1) % PHASES
        if phase == CLOSE and state.left_count > 0 and world.tables[0].setting.win_back > 0.0:
            return False
    return True


@inner
def open_day(world: World) -> None:
    """Find who is due today and cut them into slices; the cut depends on their number alone."""
    state = world.state[0]
    until = state.day + 1.0
    if state.day == 0:
        open_desks(world)
    count = 0
    for i in range(len(world.due_at)):
        world.due[count] = i  # overwritten by the next unless due: without a branch it takes half the time
        count += world.due_at[i] < until
    lanes = min(max((count + CUSTOMERS_PER_LANE - 1) // CUSTOMERS_PER_LANE, 1), LANES)
    state.due_count, state.lanes, state.late_speakers = count, lanes, 0
    for lane in range(lanes):
        world.lanes[lane].cursor = lane * count // lanes
        world.lanes[lane].on_the_way = 0


@inner
def walk_lanes(world: World, log: Any, first: int, last: int) -> bool:
    """Walk the customers of slices `first` to `last` (exclusive); False if the log must be emptied first.

    Those on the way to a desk are kept at the beginning of the slice, which has been walked.
    """
    state = world.state[0]
    until = state.day + 1.0
    for lane in range(first, last):
        slice_ = world.lanes[lane]
        begin = lane * state.due_count // state.lanes
        end = (lane + 1) * state.due_count // state.lanes
        while slice_.cursor < end:
            if is_nearly_full(log[0]):
                return False
            if slice_.cursor + AHEAD < end:
                prefetch(world.customers, world.due[slice_.cursor + AHEAD])
                prefetch(world.ledger, world.due[slice_.cursor + AHEAD])
                prefetch(world.visits, world.due[slice_.cursor + AHEAD])
            i = whole(world.due[slice_.cursor])
            life = life_of(world, i, lane, log)
            world.due_at[i] = walk(life, until)
            if life.row.desk >= 0:
                world.due[begin + slice_.on_the_way] = i
                slice_.on_the_way += 1
            if life.row.has_news != 0:
                life.row.has_news = 2
                world.speakers[slice_.cursor] = i
            else:
                world.speakers[slice_.cursor] = -1
            slice_.cursor += 1
    return True


@inner
def gather(world: World) -> None:
    """Let those on the way to a desk enter the event heap."""
    state = world.state[0]
    for lane in range(state.lanes):
        begin = lane * state.due_count // state.lanes
        for place in range(begin, begin + world.lanes[lane].on_the_way):
            i = whole(world.due[place])
            schedule(world, i, world.customers[i].desk_at, ARRIVES)


@inner
def close_day(world: World) -> None:
    """Publish the reviews, sum the slices' tallies into the day's in slice order, and turn to the next day."""
    publish(world)
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
