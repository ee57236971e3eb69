"""Mesa agents that are views: a Customer on its row, a Touchpoint on its tallies. They hold no second truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from cxsim.engine.columns import ACTIVE, COLUMNS, REASONS, STATUSES, Column
from cxsim.engine.tally import TOUCHPOINT_STATISTICS
from cxsim.rules.waiting import MOODS, mood_of_wait
from cxsim.scenario.touchpoints import Touchpoint as TouchpointDefinition
from cxsim.scenario.values import DIMENSIONS

if TYPE_CHECKING:
    from cxsim.model import CustomerModel


class Customer(mesa.Agent):
    """One customer: reads and writes its row of the engine's record.

    Every column of `cxsim.engine.columns` is an attribute; those with one value per dimension are arrays of people,
    product and process. Subclass it and give it a `step` to act once a day after the engine's day.

    Attributes:
        index: row in the engine's arrays.
    """

    model: CustomerModel

    def __init__(self, model: CustomerModel, index: int) -> None:
        super().__init__(model)
        self.index = index

    @property
    def _row(self) -> Any:
        return self.model.world.customers[self.index]

    @property
    def is_active(self) -> bool:
        """Whether the customer is there and has not left."""
        return bool(self._row.status == ACTIVE)

    @property
    def status_name(self) -> str:
        """prospect, active, left, drifted or ended."""
        return STATUSES[self._row.status]

    @property
    def persona_name(self) -> str:
        """Key of the persona."""
        return list(self.model.scenario.personas)[self._row.persona]

    @property
    def mood(self) -> str:
        """Mood: while waiting, that of the wait; else that of the irritation stored up against the tolerance."""
        row, p = self._row, self.model.scenario.parameters()
        if row.desk >= 0 and row.desk_at <= self.model.day:
            waited = (self.model.day - row.desk_at) * 1440.0 / max(float(row.patience_minutes), 1e-9)
            return MOODS[mood_of_wait(min(waited, 0.999), p["edgy_from"], p["agitated_from"], p["angry_from"])]
        used = float(row.irritation) / max(float(row.irritation_tolerance), 1e-9)
        return MOODS[mood_of_wait(min(used, 0.999), p["edgy_from"], p["agitated_from"], p["angry_from"])]

    @property
    def factors(self) -> dict[str, float]:
        """Strength 0..1 of each influence on this customer's expectations."""
        from cxsim.engine.people import factor_strengths

        strengths = factor_strengths(self.model.world, self.index)
        return dict(zip(self.model.scenario.factors, strengths.tolist(), strict=True))

    @property
    def ledger(self) -> dict[str, dict[str, float]]:
        """Irritation by origin touchpoint and by reason, as of the latest loss."""
        from cxsim.engine.people import ledger

        by_origin, by_reason = ledger(self.model.world, self.index)
        return {
            "origin": dict(zip(self.model.scenario.touchpoints, by_origin.tolist(), strict=True)),
            "reason": dict(zip(REASONS, by_reason.tolist(), strict=True)),
        }

    def step(self) -> None:
        """Nothing beyond the engine's day; override it in a subclass to add a daily act."""


def _column_property(column: Column) -> property:
    def read(self: Customer) -> Any:
        value = self._row[column.name]
        return value if column.size > 1 else value.item()

    def write(self: Customer, value: Any) -> None:
        self._row[column.name] = value
        if column.name == "due" and self._row.desk < 0:
            self.model.world.due_at[self.index] = np.min(self._row["due"])

    return property(read, write, doc=f"{column.meaning} ({column.unit}).")


for _column in COLUMNS:
    if not hasattr(Customer, _column.name):
        setattr(Customer, _column.name, _column_property(_column))


class Touchpoint(mesa.Agent):
    """One stop on the journey: its definition, and what was counted there so far (warm-up included).

    Attributes:
        index: number of the stop.
        name: key in the scenario.
    """

    model: CustomerModel

    def __init__(self, model: CustomerModel, index: int) -> None:
        super().__init__(model)
        self.index = index
        self.name = list(model.scenario.touchpoints)[index]

    @property
    def definition(self) -> TouchpointDefinition:
        """What the scenario says of this stop."""
        return self.model.scenario.touchpoints[self.name]

    @property
    def kind(self) -> str:
        """message, self_service, desk, delivery, use or billing."""
        return self.definition.kind

    @property
    def totals(self) -> dict[str, float]:
        """Every statistic of this stop, summed over the days lived so far."""
        sums = self.model.world.stop_days[: self.model.day, self.index].sum(axis=0)
        return dict(zip(TOUCHPOINT_STATISTICS, sums.tolist(), strict=True))

    @property
    def queue_length(self) -> int:
        """Customers waiting now at this stop's desk, 0 for stops without one."""
        desk = self.model.world.tables[0].stops[self.index].desk
        return int(self.model.world.state[0].desks[desk].queued) if self.kind == "desk" else 0

    def step(self) -> None:
        """Nothing: touchpoints act through the engine."""


__all__ = ["DIMENSIONS", "Customer", "Touchpoint"]
