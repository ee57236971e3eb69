"""What was found wrong in a file: a sentence and a count for each kind of trouble, never a silent drop."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Remark:
    """One kind of trouble.

    Attributes:
        name: short key, lower case with hyphens.
        count: rows (or values) that it concerns.
        sentence: what was found and what was done about it.
    """

    name: str
    count: int
    sentence: str


@dataclass
class Quality:
    """Rows read, rows used, and every remark on what was left out, mended or doubted."""

    rows_read: int = 0
    rows_used: int = 0
    remarks: list[Remark] = field(default_factory=list)

    def add(self, name: str, count: int, sentence: str) -> None:
        """Note a trouble, unless it concerns nothing."""
        if count > 0:
            self.remarks.append(Remark(name, int(count), sentence))

    def count(self, name: str) -> int:
        """Rows or values that a kind of trouble concerns; 0 if it was not met."""
        return sum(remark.count for remark in self.remarks if remark.name == name)

    def table(self) -> pd.DataFrame:
        """One row per remark."""
        import pandas as pd

        rows = [(remark.name, remark.count, remark.sentence) for remark in self.remarks]
        return pd.DataFrame(rows, columns=["what", "count", "sentence"])
