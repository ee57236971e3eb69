"""Reading columns of a company's own file, CSV or Parquet, whoever wrote it.

Nothing in a file is executed: no pickles, no Python objects, no stored types. Sizes are limited by the caller, only the
columns that are asked for are read, and every value that cannot be used is counted.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from cxsim.data.columns import Column, choose_columns
from cxsim.data.quality import Quality
from cxsim.data.values import values_of
from cxsim.scenario.errors import Problem, ScenarioError

_HEAD = 1 << 20
_FEW_DUPLICATES = 0.02
"""Share of rows like another above which they are not taken for duplicates, where rows have no numbers."""


@dataclass(frozen=True)
class Limits:
    """Most that is read, against hostile or mistaken files.

    Attributes:
        bytes: size of the file, and of the columns asked for once unpacked.
        rows: rows of the file.
    """

    bytes: int = 2_000_000_000
    rows: int = 50_000_000


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
            name: values_of(file, name, table[name], kinds[name], decimal_comma, date_format, quality)
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
