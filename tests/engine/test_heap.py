"""The event heap against a sorted list, and its own books."""

from typing import Any

import numpy as np
import pytest

from cxsim.compiling import compiled
from cxsim.engine.heap import remove, schedule
from cxsim.engine.world import HEAP, STATE, World

KEYS = 40


@compiled
def _schedule(world, key, at, kind):  # type: ignore[no-untyped-def]
    schedule(world, key, at, kind)


@compiled
def _remove(world, key):  # type: ignore[no-untyped-def]
    remove(world, key)


def empty_world() -> World:
    """A world with nothing but a heap."""
    state = np.recarray(1, dtype=STATE)
    state.view(np.uint8).reshape(-1)[:] = 0
    heap, places = np.recarray(KEYS, dtype=HEAP), np.full(KEYS, -1, dtype=np.int32)
    empty: dict[str, Any] = dict.fromkeys(World._fields, np.zeros(0))
    return World(**{**empty, "state": state, "heap": heap, "heap_place": places})


def check_books(world: World, expected: dict[int, tuple[float, int]]) -> None:
    """Heap order, places and contents agree with the reference."""
    size = int(world.state[0].heap_size)
    events = [(event.at, int(event.kind), int(event.key)) for event in world.heap[:size]]
    assert sorted(events) == sorted((at, kind, key) for key, (at, kind) in expected.items())
    for place in range(1, size):
        assert events[(place - 1) // 2] < events[place]
    for key in range(KEYS):
        place = int(world.heap_place[key])
        assert (place >= 0) == (key in expected)
        assert place < 0 or events[place][2] == key


@pytest.mark.parametrize("seed", range(6))
def test_heap_agrees_with_a_sorted_reference(seed: int) -> None:
    luck, world, expected = np.random.default_rng(seed), empty_world(), {}
    for _ in range(600):
        key = int(luck.integers(KEYS))
        act = luck.random()
        if act < 0.6:  # new, or moved earlier or later; few instants, so that ties are common
            at, kind = float(luck.integers(8)), int(luck.integers(4))
            _schedule(world, key, at, kind)
            expected[key] = (at, kind)
        elif act < 0.8 and key in expected:
            _remove(world, key)
            del expected[key]
        elif expected:
            first = min(expected, key=lambda name: (*expected[name], name))
            assert int(world.heap[0].key) == first
            _remove(world, first)
            del expected[first]
        check_books(world, expected)


def test_events_come_out_in_order_whatever_order_they_went_in() -> None:
    luck, world = np.random.default_rng(9), empty_world()
    events = [(float(luck.integers(5)), int(luck.integers(4)), key) for key in range(KEYS)]
    for at, kind, key in luck.permutation(np.array(events)).tolist():
        _schedule(world, int(key), at, int(kind))
    taken = []
    while world.state[0].heap_size > 0:
        event = world.heap[0]
        taken.append((float(event.at), int(event.kind), int(event.key)))
        _remove(world, taken[-1][2])
    assert taken == sorted(events)
    assert set(world.heap_place) == {-1}
