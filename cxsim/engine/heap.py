"""A binary heap of events in which every customer and every desk has at most one event.

Keys 0..n-1 are customers, n.. are desks. Events are ordered by (instant, kind, key), so the order is total. An event
can be moved or taken out, so there are never stale events and the capacity is known before the run.
"""

from __future__ import annotations

from typing import Any

from cxsim.compiling import inner
from cxsim.engine.world import Array, World


@inner
def _before(heap: Any, at: float, kind: int, key: int, place: int) -> bool:
    """Whether (at, kind, key) comes before the event at `place`."""
    other = heap[place]
    if at != other.at:
        return at < other.at
    if kind != other.kind:
        return kind < other.kind
    return key < other.key


@inner
def _put(heap: Any, places: Array, place: int, at: float, kind: int, key: int) -> None:
    event = heap[place]
    event.at, event.kind, event.key = at, kind, key
    places[key] = place


@inner
def _rise(heap: Any, places: Array, place: int, at: float, kind: int, key: int) -> None:
    while place > 0:
        parent = (place - 1) // 2
        if not _before(heap, at, kind, key, parent):
            break
        _put(heap, places, place, heap[parent].at, heap[parent].kind, heap[parent].key)
        place = parent
    _put(heap, places, place, at, kind, key)


@inner
def _sink(heap: Any, places: Array, size: int, place: int, at: float, kind: int, key: int) -> None:
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        right = child + 1
        if right < size and _before(heap, heap[right].at, heap[right].kind, heap[right].key, child):
            child = right
        if _before(heap, at, kind, key, child):
            break
        _put(heap, places, place, heap[child].at, heap[child].kind, heap[child].key)
        place = child
    _put(heap, places, place, at, kind, key)


@inner
def schedule(world: World, key: int, at: float, kind: int) -> None:
    """Give a customer or desk its one event, in place of the one it may have."""
    state = world.state[0]
    if world.heap_place[key] >= 0:
        remove(world, key)
    size = state.heap_size
    state.heap_size = size + 1
    _rise(world.heap, world.heap_place, size, at, kind, key)


@inner
def remove(world: World, key: int) -> None:
    """Take out the event of a customer or desk."""
    heap, places, state = world.heap, world.heap_place, world.state[0]
    place = places[key]
    places[key] = -1
    size = state.heap_size - 1
    state.heap_size = size
    if place == size:
        return
    at, kind, last = heap[size].at, heap[size].kind, heap[size].key
    if place > 0 and _before(heap, at, kind, last, (place - 1) // 2):
        _rise(heap, places, place, at, kind, last)
    else:
        _sink(heap, places, size, place, at, kind, last)
