"""Reading columns of a company's own file, CSV or Parquet, whoever wrote it.

Nothing in a file is executed: no pickles, no Python objects, no stored types. Sizes are limited by the caller, only the
columns that are asked for are read, and every value that cannot be used is counted.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from cxsim.data.quality import Quality
from cxsim.scenario.errors import Problem, ScenarioError, nearest

Kind = Literal["number", "time", "text"]
EMPTY = ("", "na", "n/a", "nan", "nat", "null", "none", "-")
_HEAD = 1 << 20
_LONGEST_TEXT = 200
"""Characters kept of a text: no number of an order and no outcome is longer, and each row holds its own."""
_FEW_DUPLICATES = 0.02
"""Share of rows like another above which they are not taken for duplicates, where rows have no numbers."""
_FORMATS = ("ISO8601", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y")


@dataclass(frozen=True)
class Column:
    """A column that may be read.

    Attributes:
        name: our name for it.
        kind: what its values are.
        meaning: what it holds, with its unit.
        aliases: other names that are taken for it.
    """

    name: str
    kind: Kind
    meaning: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """Most that is read, against hostile or mistaken files.

    Attributes:
        bytes: size of the file, and of the columns asked for once unpacked.
        rows: rows of the file.
    """

    bytes: int = 2_000_000_000
    rows: int = 50_000_000


def parse_map(texts: Sequence[str]) -> dict[str, str]:
    """Names of columns, theirs by ours, from texts such as `score=stars`.

    Raises:
        ScenarioError: a text is not of that form, or names a column twice.
    """
    found: dict[str, str] = {}
    problems = []
    for text in texts:
        ours, sign, theirs = (part.strip() for part in text.partition("="))
        if not (ours and sign and theirs):
            problems.append(Problem("", f"read {text!r}; write OURS=THEIRS, such as score=stars", "--map"))
        elif ours in found:
            problems.append(Problem("", f"'{ours}' is named twice", "--map"))
        found[ours] = theirs
    if problems:
        raise ScenarioError(problems)
    return found


def read_columns(
    path: str | Path, columns: Sequence[Column], mapping: Mapping[str, str], quality: Quality,
    limits: Limits | None = None, date_format: str | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Columns of a file by our names: numbers, days since 1970 for times, text; missing values are nan or None.

    Args:
        path: CSV (comma, semicolon, tab or bar) or Parquet, told by its content.
        columns: columns wanted; those that the file lacks are left out.
        mapping: their name for some of ours; "" for none, whatever theirs are called.
        quality: takes a remark for all that could not be read.
        limits: most that is read.
        date_format: format of written dates, as `strptime` knows it; ISO 8601 and 31.12.2024 are known without.

    Raises:
        ScenarioError: the file cannot be read, is too large, or lacks a column that `mapping` names.
    """
    file, most = Path(path), limits or Limits()
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            head = stream.read(_HEAD)
    except (OSError, ValueError) as error:
        told = "no such file" if isinstance(error, FileNotFoundError) else getattr(error, "strerror", None) or error
        raise _problem(file, str(told)) from None
    if size > most.bytes:
        raise _problem(file, f"holds {size:,} bytes; at most {most.bytes:,} are read")
    if not head.strip():
        raise _problem(file, "is empty")
    try:
        read = _read_parquet if head[:4] == b"PAR1" else _read_text
        table, decimal_comma = read(file, head, columns, mapping, most, quality)
    except (pa.ArrowException, OSError, ValueError, UnicodeError, OverflowError, MemoryError) as error:
        if isinstance(error, ScenarioError):
            raise
        told = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise _problem(file, f"cannot be read as CSV or Parquet ({told})") from None
    kinds = {column.name: column.kind for column in columns}
    quality.rows_read = len(table)
    return pd.DataFrame(
        {
            name: _values(file, name, table[name], kinds[name], decimal_comma, date_format, quality)
            for name in table.columns
        },
        index=range(len(table)),
    )


def without_duplicates(table: pd.DataFrame, number: str, quality: Quality) -> pd.DataFrame:
    """The first of rows with the same number, or, without numbers, of the few rows that agree in everything read.

    Where many rows agree, what was read is too coarse to tell them apart: they are kept, which is told.
    """
    if number in table:
        twice = table[number].notna() & table.duplicated(number)
        quality.add("duplicates", int(twice.sum()), f"Rows that repeat a number in '{number}' were left out.")
        return table[~twice]
    twice = table.duplicated()
    if twice.mean() > _FEW_DUPLICATES:
        sentence = "Rows agree with another in everything read; so many cannot be told from duplicates and were kept."
        quality.add("alike", int(twice.sum()), f"{sentence} Name the column with their numbers: --map {number}=YOURS.")
        return table
    quality.add("duplicates", int(twice.sum()), "Rows that repeat another row in everything read were left out.")
    return table[~twice]


def _problem(file: Path, sentence: str) -> ScenarioError:
    return ScenarioError([Problem("", sentence, str(file))])


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def choose_columns(
    file: Path, there: Sequence[str], columns: Sequence[Column], mapping: Mapping[str, str]
) -> dict[str, str]:
    """Which of the file's columns is which of ours: by the mapping ("": none), else by name or a known other name."""
    problems = []
    ours = [column.name for column in columns]
    left_out = {name for name, theirs in mapping.items() if not theirs}
    for name, theirs in mapping.items():
        if name not in ours:
            problems.append(Problem("", f"'{name}' is no column that is read; {_hint(name, ours)}", "--map"))
        elif theirs and theirs not in there:
            problems.append(Problem("", f"there is no column '{theirs}'; {_hint(theirs, there)}", str(file)))
    twice = sorted(
        {name for name in there if list(there).count(name) > 1} & {name for name in mapping.values() if name}
    )
    problems += [Problem("", f"the column '{name}' is there more than once", str(file)) for name in twice]
    if problems:
        raise ScenarioError(problems)
    plain: dict[str, str] = {}
    for name in there:
        plain.setdefault(_plain(name), name)
    chosen: dict[str, str] = {}
    for column in (one for one in columns if one.name not in left_out):
        names = [mapping[column.name]] if column.name in mapping else [
            plain[name] for name in (column.name, *column.aliases) if name in plain
        ]  # fmt: skip
        free = [name for name in names if column.name in mapping or name not in mapping.values()]
        if free and list(there).count(free[0]) == 1:
            chosen[column.name] = free[0]
    return chosen


def _hint(name: str, allowed: Sequence[str]) -> str:
    return nearest(name, allowed) or "there are: " + ", ".join(str(entry)[:40] for entry in list(allowed)[:20])


def _read_parquet(
    file: Path, head: bytes, columns: Sequence[Column], mapping: Mapping[str, str], most: Limits, quality: Quality
) -> tuple[pd.DataFrame, bool]:
    del head, quality
    with pa.parquet.ParquetFile(file) as source:
        chosen = choose_columns(file, source.schema_arrow.names, columns, mapping)
        rows = source.metadata.num_rows
        if rows > most.rows:
            raise _problem(file, f"holds {rows:,} rows; at most {most.rows:,} are read")
        types = {theirs: source.schema_arrow.field(theirs).type for theirs in chosen.values()}
        unpacked = _unpacked_bytes(source.metadata, set(types))
    if unpacked > most.bytes:
        raise _problem(file, f"takes {unpacked:,} bytes unpacked; at most {most.bytes:,} are read")
    nested = [theirs for theirs, kind in types.items() if pa.types.is_nested(kind) or pa.types.is_union(kind)]
    if nested:
        raise _problem(file, f"the column '{nested[0]}' holds lists or records, not single values")
    texts = [theirs for theirs, kind in types.items() if pa.types.is_string(kind) or pa.types.is_binary(kind)]
    with pa.parquet.ParquetFile(file, read_dictionary=texts) as source:  # a long text a million times is held once
        data = {
            name: _from_arrow(source.read(columns=[theirs], use_threads=False).column(0))
            for name, theirs in chosen.items()
        }
    return pd.DataFrame(data, index=range(rows)), False


def _unpacked_bytes(metadata: Any, names: set[str]) -> int:
    """Bytes that some columns of a Parquet file take once unpacked, as the file itself says."""
    total = 0
    for place in range(metadata.num_row_groups):
        group = metadata.row_group(place)
        for at in range(group.num_columns):
            chunk = group.column(at)
            if chunk.path_in_schema.split(".")[0] in names:
                total += max(chunk.total_uncompressed_size, 0) + 8 * max(chunk.num_values, 0)
    return total


def _from_arrow(column: pa.ChunkedArray) -> pd.Series[Any]:
    """One column as plain numbers, datetimes or text, whatever type it was stored as."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        if not (pa.types.is_integer(kind.value_type) or pa.types.is_floating(kind.value_type)):
            return pd.Series(column.to_pandas())
        kind = kind.value_type
        column = column.cast(kind)
    if pa.types.is_boolean(kind):
        column = column.cast(pa.int8())
    elif pa.types.is_decimal(kind):
        column = column.cast(pa.float64())
    elif pa.types.is_date(kind):
        column = column.cast(pa.timestamp("us"))
    elif pa.types.is_duration(kind):
        days = column.cast(pa.duration("us"), safe=False).cast(pa.int64()).to_pandas().astype("float64") / 86.4e9
        return pd.Series(days)
    elif not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_timestamp(kind)):
        column = column.cast(pa.string())
    return pd.Series(column.to_pandas())


def column_names(path: str | Path) -> list[str]:
    """Names of the columns of a CSV or Parquet file; nothing else of it is read.

    Raises:
        ScenarioError: the file cannot be read, or names none.
    """
    file = Path(path)
    try:
        with file.open("rb") as stream:
            head = stream.read(_HEAD)
        if head[:4] != b"PAR1":
            return _first_line(file, head)[2]
        with pa.parquet.ParquetFile(file) as source:
            return list(source.schema_arrow.names)
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        if isinstance(error, ScenarioError):
            raise
        told = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise _problem(file, f"cannot be read as CSV or Parquet ({told})") from None


def _first_line(file: Path, head: bytes) -> tuple[str, str, list[str]]:
    """Encoding, delimiter and names of the columns of a text file."""
    if not head.strip():
        raise _problem(file, "is empty")
    if b"\x00" in head:
        raise _problem(file, "is neither text nor Parquet")
    encoding = "utf-8"
    try:
        head[: head.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError:
        encoding = "cp1252"
    first = head.decode(encoding, errors="replace").removeprefix("\ufeff").splitlines()[0]
    delimiter = max(",;\t|", key=first.count)
    try:
        names = next(csv.reader(io.StringIO(first), delimiter=delimiter), [])
    except csv.Error:  # a name of a hundred thousand letters
        names = []
    if len(first) >= _HEAD or not any(name.strip() for name in names):
        raise _problem(file, "has no line with the names of the columns")
    return encoding, delimiter, names


def _read_text(
    file: Path, head: bytes, columns: Sequence[Column], mapping: Mapping[str, str], most: Limits, quality: Quality
) -> tuple[pd.DataFrame, bool]:
    encoding, delimiter, names = _first_line(file, head)
    if encoding != "utf-8":
        quality.add("encoding", 1, "The file is not in UTF-8; it was read as Windows-1252.")
    chosen = choose_columns(file, names, columns, mapping)
    bad: list[int] = []

    def count_bad(_: Any) -> str:
        bad.append(1)
        return "skip"

    numbered = [f"column {place}" for place in range(len(names))]  # names of columns not wanted may come twice
    by_ours = {ours: numbered[names.index(theirs)] for ours, theirs in chosen.items()}
    if not by_ours:
        return pd.DataFrame(), delimiter == ";"
    table = pa.csv.read_csv(
        file,
        read_options=pa.csv.ReadOptions(use_threads=False, encoding=encoding, column_names=numbered, skip_rows=1),
        parse_options=pa.csv.ParseOptions(delimiter=delimiter, invalid_row_handler=count_bad, newlines_in_values=False),
        convert_options=pa.csv.ConvertOptions(
            include_columns=list(by_ours.values()), column_types=dict.fromkeys(by_ours.values(), pa.string()),
            strings_can_be_null=False,
        ),
    )  # fmt: skip
    quality.add("broken-lines", len(bad), "Lines with more or fewer values than the first were left out.")
    if table.num_rows > most.rows:
        raise _problem(file, f"holds {table.num_rows:,} rows; at most {most.rows:,} are read")
    data = {ours: pd.Series(table.column(theirs).to_pandas()) for ours, theirs in by_ours.items()}
    return pd.DataFrame(data), delimiter == ";"


def _values(
    file: Path, name: str, values: pd.Series[Any], kind: Kind, decimal_comma: bool, date_format: str | None,
    quality: Quality,
) -> Any:  # fmt: skip
    """A column as the kind that is wanted; what cannot be read is missing, and counted."""
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
