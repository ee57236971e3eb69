"""What every instrument gives: tables whose columns know how they are written, and the sentence that follows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from cxsim.results.result import Result

Kind = Literal["text", "share", "level", "points", "number", "change", "points_change", "money", "count"]
_DIGITS: dict[str, str] = {
    "level": ".3f", "points": ".1f", "number": ",.1f", "change": "+.3f", "points_change": "+.2f", "money": ",.2f",
    "count": ",.0f",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        key: its name in the table.
        label: its name for people, with the unit where that is not plain.
        kind: how its values are written.
    """

    key: str
    label: str
    kind: Kind = "text"

    def text(self, value: Any) -> str:
        """A value as people read it; "-" where there is none."""
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            return "-"
        if self.kind == "text":
            return str(value)
        if self.kind == "share":
            return percent(float(value))
        written = f"{value:{_DIGITS[self.kind]}}"
        return written.strip("+-") if float(written.replace(",", "")) == 0 else written


@dataclass(frozen=True)
class Sheet:
    """A table that people read.

    Attributes:
        name: short name, unique within the instrument.
        title: what it shows.
        table: the values.
        columns: what is shown of it, in order.
        about: how to read it.
        is_prose: whether its rows are sentences, to be read one below the other.
    """

    name: str
    title: str
    table: pd.DataFrame
    columns: tuple[Column, ...]
    about: str = ""
    is_prose: bool = False

    def cells(self) -> list[list[str]]:
        """Every row as text."""
        return [[column.text(row[column.key]) for column in self.columns] for row in records(self.table)]


@dataclass(frozen=True)
class Reading:
    """What an instrument found in a world.

    Attributes:
        name: name of the instrument.
        title: what it is called.
        finding: what the tables say, in a sentence or two.
        sheets: the tables, the main one first.
        result: the world.
        notes: what a reader must know to judge the figures.
    """

    name: str
    title: str
    finding: str
    sheets: tuple[Sheet, ...]
    result: Result
    notes: tuple[str, ...] = ()

    def table(self, sheet: str) -> pd.DataFrame:
        """Values of a table by its name."""
        return next(found.table for found in self.sheets if found.name == sheet)

    def document(self) -> dict[str, Any]:
        """The reading for machines: nan becomes null."""
        return {
            "instrument": self.name, "scenario": self.result.scenario.name, "hash": self.result.scenario.digest(),
            "seed": self.result.seed, "replications": self.result.replications, "finding": self.finding,
            "notes": list(self.notes),
            "tables": {sheet.name: {"title": sheet.title, "rows": records(sheet.table)} for sheet in self.sheets},
        }  # fmt: skip


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table as plain data, None where there is no number."""
    return [{str(key): _plain(value) for key, value in row.items()} for row in table.to_dict("records")]


def most(table: pd.DataFrame, key: str) -> dict[str, Any]:
    """The row with the largest value; the first of those that tie."""
    rows: list[dict[str, Any]] = [dict(row) for row in table[table[key].notna()].to_dict("records")]  # type: ignore[arg-type]
    return max(rows, key=lambda row: float(row[key]))


def least(table: pd.DataFrame, key: str) -> dict[str, Any]:
    """The row with the smallest value; the first of those that tie."""
    return most(table.assign(**{key: -table[key]}), key) | {key: float(table[key].min())}


def first(table: pd.DataFrame) -> dict[str, Any]:
    """The first row."""
    return dict(table.head(1).to_dict("records")[0])  # type: ignore[arg-type]


def _plain(value: Any) -> Any:
    plain = value.item() if hasattr(value, "item") else value
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain


def percent(share: float) -> str:
    """A share in percent, with a decimal where it is small; never 0 or 100 unless it is just that."""
    if 0 < share < 0.0005:
        return "under 0.1 %"
    if 0.9995 < share < 1:
        return "over 99.9 %"
    if -0.0005 < share < 0:
        return "0 %"
    close = abs(share) < 0.0995 or 0.9905 < share < 1
    return f"{100.0 * share:.1f} %" if share != 0 and close else f"{100.0 * share:.0f} %"


def listed(parts: list[str]) -> str:
    """Words in a row: "a, b and c"."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1] if parts else ""


def capital(text: str) -> str:
    """A text that begins a sentence."""
    return text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    """A name within a sentence: "The commuter" becomes "the commuter"."""
    return text[:1].lower() + text[1:] if text.startswith(("The ", "A ", "An ")) else text
