"""Values of a column as numbers, days or text, however they were stored or written."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from cxsim.data.quality import Quality
from cxsim.scenario.errors import Problem, ScenarioError

Kind = Literal["number", "time", "text"]
EMPTY = ("", "na", "n/a", "nan", "nat", "null", "none", "-")
_LONGEST_TEXT = 200
"""Characters kept of a text: no number of an order and no outcome is longer, and each row holds its own."""
_FORMATS = ("ISO8601", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y")


def values_of(
    file: Path, name: str, values: pd.Series[Any], kind: Kind, decimal_comma: bool, date_format: str | None,
    quality: Quality,
) -> Any:  # fmt: skip
    """A column as the kind that is wanted; what cannot be read is missing, and counted.

    Args:
        file: where it was read, for sentences.
        name: our name of the column.
        values: as they were stored.
        kind: what is wanted.
        decimal_comma: whether numbers are written as 1.234,5.
        date_format: format of written dates; None for those that are known.
        quality: takes a remark for all that could not be read.

    Raises:
        ScenarioError: most of it is something else than what is wanted.
    """
    if kind == "text":
        return _text(values)
    if pd.api.types.is_datetime64_any_dtype(values):
        if kind == "number":
            sentence = f"'{name}' holds dates where days or seconds are wanted; name the dates as such (--map)"
            raise ScenarioError([Problem(name, sentence, str(file))])
        return _days(values)
    if pd.api.types.is_numeric_dtype(values):
        found = values.to_numpy(dtype="float64", na_value=np.nan)
        return _epoch(name, found, quality) if kind == "time" else _finite(name, found, quality)
    text = _text(values)
    given = np.array([entry is not None for entry in text], dtype=bool)
    plain = pd.Series(text, dtype="object")
    swapped = plain.str.replace(".", "", regex=False).str.replace(",", ".", regex=False) if decimal_comma else plain
    has_comma = decimal_comma and bool(plain.str.contains(",", regex=False, na=False).any())
    found = pd.to_numeric(swapped if has_comma else plain, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    if kind == "number":
        unread = int((given & np.isnan(found)).sum())
        if unread and unread > 0.5 * given.sum() and not np.isnan(_dates(plain, date_format)).all():
            sentence = f"{unread:,} values are dates where numbers are wanted; name the dates as such (--map)"
            raise ScenarioError([Problem(name, sentence, str(file))])
        quality.add(f"{name}-unreadable", unread, f"Values of '{name}' that are no numbers were taken as missing.")
        return _finite(name, found, quality)
    if np.isfinite(found).sum() > 0.5 * given.sum():
        return _epoch(name, found, quality)
    days = _dates(plain, date_format)
    unread = int((given & np.isnan(days)).sum())
    if unread and unread > 0.5 * given.sum():
        example = next(entry for entry, day in zip(text, days, strict=True) if entry is not None and math.isnan(day))
        sentence = (
            f"{unread:,} values are no dates, such as {example[:40]!r}; write 2024-12-31 14:05 or use --date-format"
        )
        raise ScenarioError([Problem(name, sentence, str(file))])
    quality.add(f"{name}-unreadable", unread, f"Values of '{name}' that are no dates were taken as missing.")
    return days


def _text(values: pd.Series[Any]) -> list[str | None]:
    """Text, stripped; None where nothing is said."""
    codes, distinct = pd.factorize(values)
    stripped = [str(entry)[:_LONGEST_TEXT].strip() for entry in distinct]
    known = [None if entry.lower() in EMPTY else entry for entry in stripped]
    return [known[code] if code >= 0 else None for code in codes.tolist()]


def _finite(name: str, found: np.ndarray[Any, Any], quality: Quality) -> np.ndarray[Any, Any]:
    infinite = np.isinf(found)
    quality.add(f"{name}-infinite", int(infinite.sum()), f"Infinite values of '{name}' were taken as missing.")
    return np.where(infinite, np.nan, found)


def _days(values: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """Days since 1970 of datetimes, by the clock of the place they were written at."""
    local = values.dt.tz_localize(None) if getattr(values.dt, "tz", None) is not None else values
    whole = local.to_numpy(dtype="datetime64[us]")
    days = whole.astype("int64") / 86_400_000_000.0
    return np.where(np.isnat(whole), np.nan, days)


def _dates(text: pd.Series[Any], date_format: str | None) -> np.ndarray[Any, Any]:
    """Days since 1970 of written dates, each in the first format that reads it: none of them is like another."""
    best = np.full(len(text), np.nan)
    for form in (date_format,) if date_format else _FORMATS:
        try:
            stamps = pd.to_datetime(text, format=form, errors="coerce", utc=form == "ISO8601")
        except (ValueError, TypeError, OverflowError):
            continue
        found = _days(pd.Series(stamps))
        best = np.where(np.isnan(best), found, best)
        if not np.isnan(best).any():
            break
    return best


def _epoch(name: str, found: np.ndarray[Any, Any], quality: Quality) -> np.ndarray[Any, Any]:
    """Numbers as instants: seconds or milliseconds since 1970 by their size, else days of a calendar of their own."""
    found = _finite(name, found, quality)
    middle = float(np.nanmedian(found)) if np.isfinite(found).any() else 0.0
    for unit, low, per_day in (("milliseconds", 1e11, 86.4e6), ("seconds", 1e8, 86400.0)):
        if middle >= low:
            count = int(np.isfinite(found).sum())
            quality.add(f"{name}-epoch", count, f"Numbers of '{name}' were read as {unit} since 1970.")
            return found / per_day
    return found
