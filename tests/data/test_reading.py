"""Files of strangers: every way of writing a table, every way of breaking one."""

import contextlib
import io
import pickle
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxsim.data.calls import Calls, read_calls
from cxsim.data.columns import Column, parse_map
from cxsim.data.orders import Orders, read_orders
from cxsim.data.quality import Quality
from cxsim.data.reading import Limits, read_columns
from cxsim.scenario.errors import ScenarioError
from tests.data.made_up import call_table, order_table, saved

COLUMNS = (Column("when", "time", "an instant", ("at",)), Column("much", "number", "an amount", ("amount",)),
           Column("what", "text", "a word"))  # fmt: skip


def read(path: Path, mapping: dict[str, str] | None = None, **options: Any) -> tuple[pd.DataFrame, Quality]:
    quality = Quality()
    return read_columns(path, COLUMNS, mapping or {}, quality, **options), quality


def write(folder: Path, text: str | bytes) -> Path:
    file = folder / "file.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf"])
def test_every_delimiter_and_a_mark_at_the_start(delimiter: str, head: bytes, tmp_path: Path) -> None:
    text = f"When{delimiter}AMOUNT{delimiter}what\n2024-01-02 12:00{delimiter}1.5{delimiter}a\n"
    table, quality = read(write(tmp_path, head + text.encode()))
    assert table["when"].tolist() == [19724.5]
    assert table["much"].tolist() == [1.5]
    assert table["what"].tolist() == ["a"]
    assert quality.rows_read == 1


def test_commas_in_numbers_where_semicolons_part_them(tmp_path: Path) -> None:
    table, _ = read(write(tmp_path, "much;what\n1.234,5;a\n2;b\n"))
    assert table["much"].tolist() == [1234.5, 2.0]


def test_what_cannot_be_read_is_missing_and_counted(tmp_path: Path) -> None:
    text = "when,much,what\n2024-01-01,1,a\n2024-99-01,inf,\n2024-01-03,two,b\n2024-01-04,,c\none,two\n2024-01-05,5,e\n"
    table, quality = read(write(tmp_path, text))
    assert len(table) == 5
    counts = dict(zip(quality.table()["what"], quality.table()["count"], strict=True))
    assert counts == {"broken-lines": 1, "when-unreadable": 1, "much-unreadable": 1, "much-infinite": 1}
    assert np.isnan(table["much"]).sum() == 3
    assert table["what"].isna().sum() == 1


def test_german_dates_and_epochs(tmp_path: Path) -> None:
    table, _ = read(write(tmp_path, "when\n31.12.2024 06:00\n01.01.2025\n"))
    assert table["when"].tolist() == [20088.25, 20089.0]
    table, quality = read(write(tmp_path, "when\n1735624800\n1735689600\n"))
    assert table["when"].tolist() == [20088.25, 20089.0]
    assert quality.count("when-epoch") == 2


def test_ambiguous_dates_are_asked_for(tmp_path: Path) -> None:
    file = write(tmp_path, "when\n03/04/2024\n04/05/2024\n")
    with pytest.raises(ScenarioError, match="--date-format"):
        read(file)
    table, _ = read(file, date_format="%m/%d/%Y")
    assert table["when"].tolist() == [19786.0, 19818.0]


def test_dates_where_numbers_are_wanted(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="dates where numbers are wanted"):
        read(write(tmp_path, "much\n2024-01-01\n2024-01-02\n"))


def test_another_encoding_is_told(tmp_path: Path) -> None:
    table, quality = read(write(tmp_path, "what,much\nGröße,1\n".encode("cp1252")))
    assert table["what"].tolist() == ["Größe"]
    assert quality.count("encoding") == 1


def test_names_are_matched_and_hints_given(tmp_path: Path) -> None:
    file = write(tmp_path, "Stamp,Total\n2024-01-01,3\n")
    table, _ = read(file, {"when": "Stamp", "much": "Total"})
    assert table["much"].tolist() == [3.0]
    with pytest.raises(ScenarioError, match="did you mean 'Total'"):
        read(file, {"much": "Totl"})
    with pytest.raises(ScenarioError, match="did you mean 'much'"):
        read(file, {"mch": "Total"})
    with pytest.raises(ScenarioError, match="write OURS=THEIRS"):
        parse_map(["score"])
    with pytest.raises(ScenarioError, match="named twice"):
        parse_map(["a=b", "a=c"])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"   \n", "is empty"),
        (b"PAR1 and then nothing of use", "cannot be read"),
        (b"\x00\x01\x02\x03" * 50, "neither text nor Parquet"),
        (pickle.dumps({"a": 1}), "neither text nor Parquet|no column|lacks|needs|cannot be read|has no"),
    ],
)
def test_no_table_at_all(content: bytes, told: str, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=told):
        read_orders(write(tmp_path, content))
    with pytest.raises(ScenarioError, match="no such file"):
        read_orders(tmp_path / "nothing.csv")


def test_sizes_are_limited(tmp_path: Path) -> None:
    file = write(tmp_path, "much\n" + "1\n" * 1000)
    with pytest.raises(ScenarioError, match="at most 100 are read"):
        read(file, limits=Limits(bytes=100))
    with pytest.raises(ScenarioError, match="holds 1,000 rows"):
        read(file, limits=Limits(rows=10))
    packed = saved(pd.DataFrame({"much": np.zeros(100_000)}), tmp_path, "zeros.parquet")
    with pytest.raises(ScenarioError, match="at most"):
        read(packed, limits=Limits(bytes=packed.stat().st_size + 10))  # small as a file, large unpacked


def test_a_long_text_many_times_is_held_once(tmp_path: Path) -> None:
    """A few kilobytes as a file, two gigabytes if every row held its own."""
    table = pa.table(
        {"what": pa.DictionaryArray.from_arrays(np.zeros(2000, "int32"), ["x" * 1_000_000]), "much": np.arange(2000.0)}
    )
    file = tmp_path / "bomb.parquet"
    pa.parquet.write_table(table, file, store_schema=False, dictionary_pagesize_limit=10**7)
    assert file.stat().st_size < 1e6
    tracemalloc.start()
    found, _ = read(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found["what"][1999] == "x" * 200
    assert peak < 100e6


def test_parquet_of_every_type(tmp_path: Path) -> None:
    table = pa.table(
        {
            "when": pa.array([0, 86_400], pa.timestamp("s", tz="Europe/Berlin")),
            "much": pa.array([1, None], pa.decimal128(5, 1)),
            "what": pa.array(["a", "b"]).dictionary_encode(),
        }
    )
    file = tmp_path / "t.parquet"
    pa.parquet.write_table(table, file)
    found, _ = read(file)
    assert found["when"].tolist() == pytest.approx([1 / 24, 1 + 1 / 24])  # by the clock of the place
    assert found["much"].tolist()[0] == 1.0
    assert found["what"].tolist() == ["a", "b"]
    pa.parquet.write_table(pa.table({"much": [[1.0], [2.0]]}), file)
    with pytest.raises(ScenarioError, match="lists or records"):
        read(file)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_broken_files_give_sentences_or_rows(data: st.DataObject, tmp_path: Path) -> None:
    """Bytes of a good file are cut, replaced and repeated: what comes out is a table or a sentence, never a crash."""
    is_orders = data.draw(st.booleans())
    is_parquet = data.draw(st.booleans())
    table = order_table(40) if is_orders else call_table(1, per_hour=5)
    stream = io.BytesIO()
    if is_parquet:
        table.to_parquet(stream)
    else:
        table.to_csv(stream, index=False)
    content = bytearray(stream.getvalue())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        kind = data.draw(st.sampled_from(["cut", "replace", "insert"]))
        if kind == "cut":
            del content[at : at + data.draw(st.integers(1, 30))]
        elif kind == "replace":
            content[at : at + 4] = data.draw(st.binary(min_size=1, max_size=6))
        else:
            content[at:at] = data.draw(st.sampled_from([b",", b"\n", b'"', b";", b"-", b"1e999", b"\xff"]))
        if not content:
            return
    file = write(tmp_path, bytes(content))
    found: Orders | Calls | None = None
    with contextlib.suppress(ScenarioError):  # a sentence; anything else would be a crash
        found = read_orders(file) if is_orders else read_calls(file)
    assert found is None or found.quality.rows_used == len(found.rows) <= found.quality.rows_read


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300))
def test_any_text_gives_sentences_or_rows(text: str, tmp_path: Path) -> None:
    file = write(tmp_path, "promised_days,actual_days,score\n" + text)
    found: Orders | None = None
    with contextlib.suppress(ScenarioError):
        found = read_orders(file)
    assert found is None or len(found.rows) <= found.quality.rows_read
