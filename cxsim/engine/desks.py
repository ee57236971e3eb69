"""Desks: shared queues with servers, shifts and patience, in one exact event heap that persists over midnight."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cxsim.compiling import inner, whole
from cxsim.engine import streams
from cxsim.engine.columns import CONTACT, GAVE_UP, QUALITY, STEP, UNRESOLVED, WAIT
from cxsim.engine.contacts import leave_desk
from cxsim.engine.encounter import fade, live_encounter
from cxsim.engine.heap import remove, schedule
from cxsim.engine.journey import walk
from cxsim.engine.log import CLOSED, ENCOUNTER, GIVING_UP, QUEUE_JOINED, is_nearly_full, note, note_wait
from cxsim.engine.prefetch import prefetch
from cxsim.engine.stops import draw_duration
from cxsim.engine.streams import DESK_STREAM, normal, occasion, uniforms
from cxsim.engine.tables import CARRY_OVER, SERVE_OUT, TURN_AWAY
from cxsim.engine.tally import (
    D_ARRIVALS,
    D_FAILURE_CONTACTS,
    D_FOUND_CLOSED,
    D_GAVE_UP,
    D_IN_TIME,
    D_MOODS,
    D_SERVED,
    D_SERVER_MINUTES,
    D_SERVICE,
    D_SETTLED,
    D_TURNED_AWAY,
    D_WAIT,
    D_WAIT_SERVED,
    D_WAITED,
    J_CONTACTS,
    WAIT_BINS,
)
from cxsim.engine.world import Life, World, life_of
from cxsim.rules.arithmetic import logarithm
from cxsim.rules.waiting import ANGRY, CALM, EDGY, GONE, learned_wait, mood_of_wait, patience_minutes

MINUTES_PER_DAY = 1440.0
SERVICE_ENDS, SHIFT_CHANGES, PATIENCE_ENDS, ARRIVES = range(4)
"""Kinds of events, in the order in which they happen at the same instant."""


@inner
def run_desks(world: World, log: Any, until: float) -> bool:
    """Live all desk events before `until`, in order; False if the log must be emptied first."""
    customers, state, heap = len(world.customers), world.state[0], world.heap
    while state.heap_size > 0 and heap[0].at < until:
        if is_nearly_full(log[0]):
            return False
        at, kind, key = heap[0].at, heap[0].kind, whole(heap[0].key)
        remove(world, key)
        if state.heap_size > 0 and heap[0].key < customers:
            prefetch(world.customers, heap[0].key)
        state.events += 1
        if kind == SHIFT_CHANGES:
            change_shift(world, log, key - customers, at, until)
        elif kind == ARRIVES:
            arrive(world, log, key, at, until)
        elif kind == PATIENCE_ENDS:
            give_up(world, log, key, at, until, D_GAVE_UP)
        else:
            end_service(world, log, key, at, until)
    return True


@inner
def open_desks(world: World) -> None:
    """Give every desk its first shift change, at the first instant of the run."""
    for desk in range(world.tables[0].desk_count):
        schedule(world, len(world.customers) + desk, 0.0, SHIFT_CHANGES)


@inner
def week_hour(tables: Any, at: float) -> int:
    """Hour of the week, Monday first, of an instant."""
    hours = math.floor((at + tables.setting.start_weekday) * 24.0 + 1e-9)
    return hours % 168


@inner
def staffed(tables: Any, desk: int, at: float) -> int:
    """Servers on duty in the hour that begins at `at`: whole people, at least one while open, 0 when closed."""
    planned = tables.desks[desk].servers[week_hour(tables, at)]
    if planned <= 0.0:
        return 0
    hour = math.floor(at * 24.0 + 0.5)
    spread = tables.desks[desk].servers_sd
    if spread > 0.0:
        z = normal(tables.key, DESK_STREAM, hour // 24, occasion(desk, 0), streams.STAFFING + 256)
        planned += spread * z
    uniform, _ = uniforms(tables.key, DESK_STREAM, hour, occasion(desk, 0), streams.STAFFING)
    whole = math.floor(planned)
    return max(int(whole) + (1 if uniform < planned - whole else 0), 1)


@inner
def change_shift(world: World, log: Any, desk: int, at: float, until: float) -> None:
    """A new hour begins: people come and go; at closing the desk's own rule holds."""
    tables = world.tables[0]
    state, rule = world.state[0].desks[desk], tables.desks[desk].closing
    on_duty = staffed(tables, desk, at)
    if on_duty > 0:
        state.servers, state.is_open, state.is_serving_out = on_duty, 1, 0
    elif state.is_open != 0:
        state.is_open = 0
        state.is_serving_out = 1 if rule == SERVE_OUT and state.queued > 0 else 0
        if state.is_serving_out == 0:
            state.servers = 0
        if rule == TURN_AWAY:
            while state.head >= 0:
                i = state.head
                remove(world, i)
                give_up(world, log, i, at, until, D_TURNED_AWAY)
    state.tally[D_SERVER_MINUTES] += 60.0 * state.servers  # those who serve out after closing are paid too
    call_next(world, desk, at)
    hour = math.floor(at * 24.0 + 0.5) + 1.0
    schedule(world, len(world.customers) + desk, hour / 24.0, SHIFT_CHANGES)


@inner
def arrive(world: World, log: Any, i: int, at: float, until: float) -> None:
    """A customer reaches the desk: served at once, queued, or sent home until it opens."""
    life = life_of(world, i, 0, log)
    row, tables = life.row, life.tables
    desk = whole(row.desk)
    state, kind = world.state[0].desks[desk], tables.desks[desk]
    if state.is_open == 0 and kind.closing != CARRY_OVER:
        state.tally[D_FOUND_CLOSED] += 1.0
        come_back(life, desk, at)
        walk_on(world, life, i, until)
        return
    take_place(world, life, i, desk, at)


@inner
def take_place(world: World, life: Life, i: int, desk: int, at: float) -> None:
    """A customer at an open desk, or at one that keeps its queue overnight: served at once, or queued."""
    row, tables = life.row, life.tables
    state, kind = world.state[0].desks[desk], tables.desks[desk]
    state.tally[D_ARRIVALS] += 1.0
    if row.is_contact != 0:
        row.contacts += 1
        state.tally[D_FAILURE_CONTACTS] += 1.0
        life.tally.journeys[J_CONTACTS] += 1.0
    note(life, QUEUE_JOINED, at, row.desk_touchpoint, -1, -1)
    p = tables.parameters
    place = occasion(whole(row.desk_touchpoint), whole(row.desk_visit))
    uniform, _ = uniforms(tables.key, row.number, row.journeys, place, streams.PATIENCE_DRAW)
    mean = kind.patience_minutes * np.float64(row.patience) * (1.0 - p.urgent_patience_loss * np.float64(row.urgency))
    row.patience_minutes = patience_minutes(uniform, mean, kind.patience_shape) / kind.wait_multiplier
    if tables.stops[row.desk_touchpoint].is_flawless != 0:
        row.patience_minutes = 1e6
    if state.busy < state.servers and state.queued == 0:
        begin_service(world, i, row, desk, at)
        return
    state.tally[D_WAITED] += 1.0
    row.queue_previous, row.queue_next = state.tail, -1
    if state.tail >= 0:
        world.customers[state.tail].queue_next = i
    else:
        state.head = i
    state.tail = i
    state.queued += 1
    schedule(world, i, at + np.float64(row.patience_minutes) / MINUTES_PER_DAY, PATIENCE_ENDS)


@inner
def come_back(life: Life, desk: int, at: float) -> None:
    """Put the visit back on the agenda for the hours after the next opening."""
    row, tables = life.row, life.tables
    hour = math.floor(at * 24.0 + 1e-9)
    ahead = 1
    while ahead < 169 and tables.desks[desk].servers[week_hour(tables, (hour + ahead) / 24.0)] <= 0.0:
        ahead += 1
    place = occasion(whole(row.desk_touchpoint), whole(row.desk_visit))
    uniform, _ = uniforms(tables.key, row.number, row.journeys, place, streams.FOUND_CLOSED)
    first, spread, open_hours = hour + ahead, tables.parameters.reopening_spread_hours, 1
    while open_hours < spread and tables.desks[desk].servers[week_hour(tables, (first + open_hours) / 24.0)] > 0.0:
        open_hours += 1  # never beyond the desk's own hours: who finds it closed again would draw the same luck again
    opening = (first + uniform * min(spread, float(open_hours))) / 24.0
    note(life, CLOSED, at, row.desk_touchpoint, -1, -1)
    row.desk = -1
    if row.is_contact != 0:
        row.due[CONTACT] = opening
    else:
        life.visits[row.desk_touchpoint] -= 1
        row.due[STEP] = opening
    row.is_contact = 0


@inner
def leave_queue(world: World, row: Any, desk: int) -> None:
    """Take a customer out of the queue, wherever in it."""
    state = world.state[0].desks[desk]
    if row.queue_previous >= 0:
        world.customers[row.queue_previous].queue_next = row.queue_next
    else:
        state.head = row.queue_next
    if row.queue_next >= 0:
        world.customers[row.queue_next].queue_previous = row.queue_previous
    else:
        state.tail = row.queue_previous
    row.queue_previous, row.queue_next = -1, -1
    state.queued -= 1


@inner
def call_next(world: World, desk: int, at: float) -> None:
    """Serve from the head of the queue while a server is free."""
    state = world.state[0].desks[desk]
    while state.queued > 0 and state.busy < state.servers:
        i = state.head
        row = world.customers[i]
        leave_queue(world, row, desk)
        begin_service(world, i, row, desk, at)
    if state.is_serving_out != 0 and state.queued == 0:
        state.servers, state.is_serving_out = 0, 0


@inner
def end_wait(tables: Any, state: Any, row: Any, at: float) -> None:
    """Close the books on a wait: minutes, moods, histogram, what seems normal from now on."""
    p, tally = tables.parameters, state.tally
    wait = (at - row.desk_at) * MINUTES_PER_DAY
    row.wait_minutes = wait
    row.acceptable_wait_minutes = learned_wait(np.float64(row.acceptable_wait_minutes), wait, p.acceptable_wait_speed)
    tally[D_WAIT] += wait
    patience, from_minute = np.float64(row.patience_minutes), 0.0
    for mood in range(4):
        share = p.edgy_from if mood == 0 else (p.agitated_from if mood == 1 else p.angry_from)
        to_minute = min(wait, share * patience) if mood < 3 else wait
        if to_minute > from_minute:
            tally[D_MOODS + mood] += to_minute - from_minute
            from_minute = to_minute
    if at >= tables.setting.warm_up_days:
        place = 0 if wait <= 0.05 else min(int(logarithm(wait / 0.05) / logarithm(1.04)) + 1, WAIT_BINS - 1)
        state.waits[place] += 1


@inner
def begin_service(world: World, i: int, row: Any, desk: int, at: float) -> None:
    """A server takes the customer."""
    tables, state = world.tables[0], world.state[0].desks[desk]
    kind = tables.desks[desk]
    end_wait(tables, state, row, at)
    state.busy += 1
    place = occasion(whole(row.desk_touchpoint), whole(row.desk_visit))
    minutes = draw_duration(tables, row, kind.service, place, streams.SERVICE)
    minutes *= kind.pace[week_hour(tables, at) % 24]
    state.tally[D_SERVED] += 1.0
    state.tally[D_SERVICE] += minutes
    state.tally[D_WAIT_SERVED] += np.float64(row.wait_minutes)
    state.tally[D_IN_TIME] += np.float64(row.wait_minutes) <= kind.answer_target_minutes
    schedule(world, i, at + minutes / MINUTES_PER_DAY, SERVICE_ENDS)


@inner
def mood_loss(p: Any, mood: int) -> float:
    """Drop of the process level that a mood brings along."""
    if mood == CALM:
        return 0.0
    if mood == EDGY:
        return p.edgy_loss
    if mood == GONE:
        return p.gone_loss
    return p.angry_loss if mood == ANGRY else p.agitated_loss


@inner
def end_service(world: World, log: Any, i: int, at: float, until: float) -> None:
    """Service ends: the desk calls the next, the visit is judged, the customer walks on."""
    life = life_of(world, i, 0, log)
    row, tables = life.row, life.tables
    desk, k, visit = whole(row.desk), whole(row.desk_touchpoint), whole(row.desk_visit)
    state, p, kind = world.state[0].desks[desk], tables.parameters, tables.desks[desk]
    state.busy -= 1
    call_next(world, desk, at)
    fraction = np.float64(row.wait_minutes) / max(np.float64(row.patience_minutes), 1e-9)
    mood = min(mood_of_wait(fraction, p.edgy_from, p.agitated_from, p.angry_from), ANGRY)
    uniform, _ = uniforms(tables.key, row.number, row.journeys, occasion(k, visit), streams.RESOLUTION)
    settled = uniform < kind.resolution or tables.stops[k].is_flawless != 0
    state.tally[D_SETTLED] += settled
    fade(life, at)
    lift = p.history_lift * min(row.irritation, 1.0) if kind.knows_history != 0 else 0.0
    shift = -mood_loss(p, mood) - (0.0 if settled else p.unresolved_loss)
    origin = whole(row.contact_origin) if row.is_contact != 0 else k
    reason = UNRESOLVED if not settled else (WAIT if mood > CALM else QUALITY)
    before = life.log.used
    outcome = live_encounter(life, k, visit, at, ENCOUNTER, shift, lift, origin, reason, not settled, False)
    note_wait(life, before, np.float64(row.wait_minutes), mood)
    leave_desk(life, k, visit, at, outcome, settled, False, kind.recovery)
    walk_on(world, life, i, until)


@inner
def give_up(world: World, log: Any, i: int, at: float, until: float, counted_as: int) -> None:
    """Patience (or the desk's day) ends before service: the worst end of a wait."""
    life = life_of(world, i, 0, log)
    row, tables = life.row, life.tables
    desk, k, visit = whole(row.desk), whole(row.desk_touchpoint), whole(row.desk_visit)
    state = world.state[0].desks[desk]
    leave_queue(world, row, desk)
    end_wait(tables, state, row, at)
    state.tally[counted_as] += 1.0
    row.abandonments += 1
    origin = whole(row.contact_origin) if row.is_contact != 0 else k
    before = life.log.used
    shift = -tables.parameters.gone_loss
    outcome = live_encounter(life, k, visit, at, GIVING_UP, shift, 0.0, origin, GAVE_UP, False, False)
    note_wait(life, before, np.float64(row.wait_minutes), GONE)
    leave_desk(life, k, visit, at, outcome, False, True, 0.0)
    walk_on(world, life, i, until)


@inner
def walk_on(world: World, life: Life, i: int, until: float) -> None:
    """Let a customer who left a desk live on until the next desk or the end of the day."""
    world.due_at[i] = walk(life, until)
    if life.row.has_news == 1:  # today's speakers from the walks were noted there; each is noted here once
        state = world.state[0]
        world.speakers[state.due_count + state.late_speakers] = i
        state.late_speakers += 1
        life.row.has_news = 2
    if life.row.desk >= 0:
        schedule(world, i, life.row.desk_at, ARRIVES)
