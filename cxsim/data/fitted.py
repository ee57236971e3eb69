"""What a fit gives: a scenario that runs, what it rests on, and how well it does as the data do."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from cxsim.data.lines import Compared, Line
from cxsim.data.quality import Quality
from cxsim.scenario.loading import load
from cxsim.scenario.schema import Scenario

Kind = Literal["orders", "calls"]
Progress = Callable[[int], None]
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Estimated:
    """One number of the scenario that was found from the data.

    Attributes:
        path: where it stands in the scenario.
        value: as found.
        error: standard error; nan where it is not known.
        unit: of both.
        how: by which method.
        is_identified: whether the data tell it at all; if not, it is where the search left it.
    """

    path: str
    value: float
    error: float
    unit: str
    how: str
    is_identified: bool = True


@dataclass
class Fitted:
    """A fit.

    Attributes:
        kind: what was fitted.
        document: the scenario as plain data.
        source: name of the file.
        quality: what was wrong with the file.
        estimates: what was found.
        observed: lines of the rows.
        compared: lines of rows and scenario side by side, on luck that the fit did not see.
        notes: sentences that a reader must know.
    """

    kind: Kind
    document: dict[str, Any]
    source: str
    quality: Quality
    estimates: list[Estimated]
    observed: list[Line]
    compared: list[Compared] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def scenario(self) -> Scenario:
        """The scenario, checked."""
        return load(self.document)

    def summary(self) -> dict[str, Any]:
        """The fit as one document for machines."""
        return {
            "kind": self.kind,
            "file": self.source,
            "rows_read": self.quality.rows_read,
            "rows_used": self.quality.rows_used,
            "quality": [vars(remark) for remark in self.quality.remarks],
            "notes": self.notes,
            "estimates": [{**vars(entry), "error": or_none(entry.error)} for entry in self.estimates],
            "lines": compared_records(self.compared),
            "holds": sum(entry.holds for entry in self.compared),
            "of": len(self.compared),
            "scenario": self.document,
        }


def or_none(value: float) -> float | None:
    """JSON has no nan."""
    return value if math.isfinite(value) else None


def compared_records(compared: list[Compared]) -> list[dict[str, Any]]:
    """Lines side by side, for machines."""
    return [
        {
            "name": entry.observed.name, "group": entry.observed.group, "label": entry.observed.label,
            "unit": entry.observed.unit, "rows": entry.observed.count, "observed": entry.observed.value,
            "error": or_none(entry.observed.error), "simulated": entry.simulated.value,
            "simulated_error": or_none(entry.simulated.error), "low": entry.low, "high": entry.high,
            "holds": entry.holds,
        }
        for entry in compared
    ]  # fmt: skip


def name_of(file: str, kind: Kind) -> str:
    """Name of the scenario, from the file's."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", file.rsplit(".", 1)[0]).strip("-_")
    return f"{plain}-{kind}" if plain and plain[0].isalnum() else f"own-{kind}"


def by_week(table: np.ndarray[Any, Any], key: str, digits: int) -> list[dict[str, Any]]:
    """Entries of days and hours for a (7, 24) table of numbers; hours with 0 are left out."""
    entries = []
    for day, row in enumerate(table):
        hour = 0
        while hour < 24:
            if row[hour] <= 0:
                hour += 1
                continue
            last = hour
            while last < 24 and row[last] > 0:
                last += 1
            values = [round(float(value), digits) for value in row[hour:last]]
            entries.append({"days": WEEK[day], "hours": f"{hour}-{last}", key: values})
            hour = last
    return entries


def plain(value: float, digits: int = 4) -> float:
    """A number with the digits that matter."""
    return float(f"{value:.{digits}g}")


def scenario_text(fitted: Fitted) -> str:
    """The scenario's file: lists of numbers in one line each."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedSeq

    def flowing(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: flowing(entry) for key, entry in value.items()}
        if isinstance(value, list) and not any(isinstance(entry, (dict, list)) for entry in value):
            row = CommentedSeq(value)
            row.fa.set_flow_style()
            return row
        return [flowing(entry) for entry in value] if isinstance(value, list) else value

    yaml, stream = YAML(), io.StringIO()
    yaml.width = 120
    yaml.dump(flowing(fitted.document), stream)
    return f"# Made by cxsim fit {fitted.kind} from {_one_line(fitted.source)}\n{stream.getvalue()}"


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)
