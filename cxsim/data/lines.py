"""Lines of a table: one figure each, with its sampling error, of a company's rows or of simulated ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

CONFIDENCE_FACTOR = 2.576
"""Half-width of a 99 % interval, in standard errors."""


@dataclass(frozen=True)
class Line:
    """One figure.

    Attributes:
        name: unique within its table, lower case with hyphens.
        group: what it belongs to; lines of a group are drawn together.
        label: what it is, in plain words.
        unit: of value, error and tolerance.
        count: rows behind it.
        value: the figure; nan without rows.
        error: its standard error.
        tolerance: how far a good model may be off beyond sampling errors.
        place: position on the axis on which the group is drawn; nan for none.
    """

    name: str
    group: str
    label: str
    unit: str
    count: int
    value: float
    error: float
    tolerance: float
    place: float = math.nan


@dataclass(frozen=True)
class Compared:
    """One figure observed and simulated.

    Attributes:
        observed: of the rows.
        simulated: of the fitted scenario.
        low, high: band in which the simulated figure must lie: 99 % by the sampling errors of both, plus tolerance.
    """

    observed: Line
    simulated: Line
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Whether the simulated figure lies in the band."""
        return self.low <= self.simulated.value <= self.high


def mean_line(
    name: str, group: str, label: str, unit: str, values: Any, tolerance: float, place: float = math.nan,
    clusters: Any = None,
) -> Line:  # fmt: skip
    """Mean of values; with `clusters`, rows of the same cluster (such as a day) are not taken as independent."""
    known = np.asarray(values, dtype="float64")
    there = np.isfinite(known)
    known, count = known[there], int(there.sum())
    if count == 0:
        return Line(name, group, label, unit, 0, math.nan, math.nan, tolerance, place)
    mean = float(known.mean())
    if clusters is None:
        error = float(known.std(ddof=1)) / math.sqrt(count) if count > 1 else math.nan
    else:
        sums = pd.Series(known - mean).groupby(np.asarray(clusters)[there]).sum().to_numpy()
        many = len(sums)
        error = math.sqrt(float((sums**2).sum()) * many / max(many - 1, 1)) / count if many > 1 else math.nan
    return Line(name, group, label, unit, count, mean, error, tolerance, place)


def quantile_line(
    name: str, group: str, label: str, unit: str, values: Any, share: float, tolerance: float, place: float = math.nan
) -> Line:  # fmt: skip
    """A quantile, its error from the spread of the order statistics around it."""
    known = np.asarray(values, dtype="float64")
    known = known[np.isfinite(known)]
    if len(known) < 2:
        return Line(name, group, label, unit, len(known), math.nan, math.nan, tolerance, place)
    step = math.sqrt(share * (1 - share) / len(known))
    low, middle, high = np.quantile(known, [max(share - step, 0), share, min(share + step, 1)])
    return Line(name, group, label, unit, len(known), float(middle), float(high - low) / 2, tolerance, place)


def compare(observed: Sequence[Line], simulated: Sequence[Line], fewest: int = 10) -> list[Compared]:
    """Lines side by side, where both rest on at least `fewest` rows."""
    by_name = {line.name: line for line in simulated}
    found = []
    for line in observed:
        other = by_name.get(line.name)
        if other is None or not math.isfinite(line.tolerance):  # told for other ends
            continue
        if min(line.count, other.count) < fewest or not math.isfinite(line.value + other.value):
            continue
        errors = [error for error in (line.error, other.error) if math.isfinite(error)]
        half = CONFIDENCE_FACTOR * math.sqrt(sum(error**2 for error in errors)) + line.tolerance
        found.append(Compared(line, other, line.value - half, line.value + half))
    return found


def as_table(lines: Sequence[Line]) -> pd.DataFrame:
    """Lines as a table, for a file."""
    return pd.DataFrame([vars(line) for line in lines], columns=list(Line.__dataclass_fields__))


def from_table(table: pd.DataFrame) -> list[Line]:
    """Lines from such a table."""
    return [
        Line(str(row["name"]), str(row["group"]), str(row["label"]), str(row["unit"]), int(row["count"]),
             float(row["value"]), float(row["error"]), float(row["tolerance"]), float(row["place"]))
        for row in table.to_dict("records")
    ]  # fmt: skip
