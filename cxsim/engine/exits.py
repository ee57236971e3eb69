"""Exit interviews: what is written down about customers on the day they leave."""

from __future__ import annotations

import numpy as np

from cxsim.engine.columns import CUSTOMER, REASONS
from cxsim.engine.tables import Array
from cxsim.engine.world import World

EXIT_COLUMNS = (
    "number", "persona", "left_at", "joined_at", "journeys", "poor_journeys", "competitor", "last_straw_touchpoint",
    "last_straw_reason", "satisfaction", "goodwill", "irritation", "predicted", "desired", "adequate", "news_level",
    "promised_days", "predicted_parts", "predicted_shares",
)  # fmt: skip
"""Columns of the customer record that an exit interview keeps; `news_level` is the mean level of the last journey."""

Interviews = dict[str, Array]


def interview(world: World, leavers: Array) -> Interviews:
    """Exit interviews of customers who left and have not come back since: columns, and the ledger.

    Args:
        world: the world.
        leavers: (n,) index of each. Nothing in their records changes until they come back.

    Returns:
        A column each; `ledger` is (n, T + reasons), as of each customer's latest loss.
    """
    customers = world.customers.view(np.ndarray)
    ledger = world.ledger[leavers, : int(world.tables[0].stop_count) + len(REASONS)]
    return {**{name: customers[name][leavers] for name in EXIT_COLUMNS}, "ledger": ledger}


def join_interviews(pieces: list[Interviews], ledger_entries: int) -> Interviews:
    """All interviews in the order of leaving, as one table of columns."""
    empty: Interviews = {name: np.empty((0, *CUSTOMER[name].shape), dtype=CUSTOMER[name].base) for name in EXIT_COLUMNS}
    empty["ledger"] = np.empty((0, ledger_entries), dtype=np.float32)
    return {name: np.concatenate([empty[name], *(piece[name] for piece in pieces)]) for name in empty}
