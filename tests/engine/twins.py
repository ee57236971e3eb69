"""Worlds lived for comparison: what is compared, and how."""

from __future__ import annotations

from typing import Any

import numpy as np

from cxsim.engine.columns import CUSTOMER
from cxsim.engine.log import ENTRY, JOURNEY_BEGINS
from cxsim.model import CustomerModel


def live(scenario: Any, **options: Any) -> CustomerModel:
    """A model that has lived all its days."""
    return CustomerModel(scenario, **options).run()


def assert_same_customers(mine: np.ndarray, theirs: np.ndarray, without: tuple[str, ...] = ()) -> None:
    """Every column of these customers is equal, bit for bit."""
    for name in CUSTOMER.names or ():
        if name not in without:
            np.testing.assert_array_equal(np.asarray(mine[name]), np.asarray(theirs[name]), err_msg=name)


def assert_same_world(mine: CustomerModel, theirs: CustomerModel, without: tuple[str, ...] = ()) -> None:
    """Customers, memory, agendas, queues and tallies are equal, bit for bit."""
    assert_same_customers(mine.world.customers, theirs.world.customers, without)
    for name in ("memory", "due_at", "heap_place", "blame", "stop_days", "journey_days", "desk_days"):
        np.testing.assert_array_equal(getattr(mine.world, name), getattr(theirs.world, name), err_msg=name)
    mine_state, their_state = mine.world.state[0], theirs.world.state[0]
    assert mine_state.desks.tobytes() == their_state.desks.tobytes()
    assert (mine_state.day, mine_state.events, mine_state.heap_size) == (
        their_state.day, their_state.events, their_state.heap_size,
    )  # fmt: skip


def first_journeys(model: CustomerModel) -> dict[int, float]:
    """Instant of the first journey of every followed customer who had one."""
    log = model.log()
    begun = log[log["event"] == JOURNEY_BEGINS]
    customers, places = np.unique(begun["customer"], return_index=True)
    return dict(zip(customers.tolist(), begun["at"][places].tolist(), strict=True))


def assert_same_log(mine: np.ndarray, theirs: np.ndarray) -> None:
    """Every value of every entry is equal, bit for bit (bytes between the values are not part of an entry)."""
    assert len(mine) == len(theirs)
    for name in ENTRY.names or ():
        np.testing.assert_array_equal(mine[name], theirs[name], err_msg=name)
