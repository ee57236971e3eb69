"""Exit interviews: what is known of customers as of the day they leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from cxsim.engine.columns import REASONS
from cxsim.engine.tables import Array
from cxsim.engine.world import World

EXIT_COLUMNS = (
    "number", "persona", "left_at", "joined_at", "journeys", "poor_journeys", "competitor", "last_straw_touchpoint",
    "last_straw_reason", "satisfaction", "goodwill", "irritation", "predicted", "desired", "adequate", "news_level",
    "promised_days", "predicted_parts", "predicted_shares",
)  # fmt: skip
"""Columns of the customer record that an exit interview keeps; `news_level` is the mean level of the last journey."""
LEDGER = "ledger"
"""A column of its own: (n, T + reasons) irritation by origin and reason, as of each customer's latest loss."""


class Interviews(Mapping[str, Array]):
    """Exit interviews in the order of leaving: a table whose columns are read off when asked for.

    Nothing in the record of somebody who left changes until they come back; it is written down before anybody does.

    Args:
        world: the world.
        written: interviews written down, a table of columns each.
        leavers: (n,) index of those who left since.
    """

    def __init__(self, world: World, written: tuple[dict[str, Array], ...] = (), leavers: Array | None = None) -> None:
        self._world, self._written = world, written
        self._leavers = np.empty(0, dtype=np.int32) if leavers is None else leavers

    def __getitem__(self, name: str) -> Array:
        read = self._read(name)
        return np.concatenate([*(table[name] for table in self._written), read]) if self._written else read

    def __iter__(self) -> Iterator[str]:
        yield from (*EXIT_COLUMNS, LEDGER)

    def __len__(self) -> int:
        return len(EXIT_COLUMNS) + 1

    def with_leavers(self, leavers: Array) -> Interviews:
        """With those who left next."""
        return Interviews(self._world, self._written, np.concatenate([self._leavers, leavers]))

    def written_down(self) -> Interviews:
        """The same, safe against anybody's coming back."""
        if len(self._leavers) == 0:
            return self
        return Interviews(self._world, (*self._written, {name: self._read(name) for name in self}))

    def where(self, chosen: Array) -> Interviews:
        """Those interviews for which `chosen`, (n,), holds."""
        ends = np.cumsum([0, *(len(table["number"]) for table in self._written)]).tolist()
        written = tuple(
            {name: column[chosen[begin:end]] for name, column in table.items()}
            for begin, end, table in zip(ends, ends[1:], self._written, strict=False)
        )
        return Interviews(self._world, written, self._leavers[chosen[ends[-1] :]])

    def _read(self, name: str) -> Array:
        if name == LEDGER:
            return self._world.ledger[self._leavers, : int(self._world.tables[0].stop_count) + len(REASONS)]
        column: Array = self._world.customers.view(np.ndarray)[name][self._leavers]
        return column
