"""Totals of a finished world by name, warm-up included."""

from __future__ import annotations

import numpy as np

from cxsim.engine.columns import REASONS
from cxsim.engine.tally import BLAME_STATISTICS, DESK_STATISTICS, JOURNEY_STATISTICS, TOUCHPOINT_STATISTICS
from cxsim.model import CustomerModel


def index_of(model: CustomerModel, stop: str) -> int:
    """Number of a touchpoint."""
    return list(model.scenario.touchpoints).index(stop)


def journey_totals(model: CustomerModel) -> dict[str, float]:
    """Every statistic of journeys."""
    return dict(zip(JOURNEY_STATISTICS, model.world.journey_days.sum(axis=0).tolist(), strict=True))


def stop_totals(model: CustomerModel, stop: str) -> dict[str, float]:
    """Every statistic of one touchpoint."""
    sums = model.world.stop_days[:, index_of(model, stop)].sum(axis=0)
    return dict(zip(TOUCHPOINT_STATISTICS, sums.tolist(), strict=True))


def desk_totals(model: CustomerModel) -> dict[str, float]:
    """Every statistic of desks, all desks together."""
    return dict(zip(DESK_STATISTICS, model.world.desk_days.sum(axis=(0, 1)).tolist(), strict=True))


def blamed(model: CustomerModel, statistic: str, origin: str | None = None, reason: str | None = None) -> float:
    """What is put down to an origin and a reason (all of them if left out), after the warm-up."""
    table = model.world.blame[:, :, BLAME_STATISTICS.index(statistic)]
    origins = slice(None) if origin is None else index_of(model, origin)
    reasons = slice(None) if reason is None else REASONS.index(reason)
    return float(np.sum(table[origins, reasons]))
