"""Files that visitors send: what is taken, and that nothing odd gets further than a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

pytest.importorskip("solara", reason="the interface needs the extra 'ui'")

from cxsim.scenario.errors import ScenarioError
from cxsim.ui.data_tasks import look, peek, plain
from cxsim.ui.own_data import on_page
from cxsim.ui.uploads import MOST_BYTES, Receiver, Upload, harmless
from tests.data.made_up import dated, order_table, saved


class Sender:
    """What a browser does, or a hostile one."""

    def __init__(self, most: int = 1000) -> None:
        self.files: list[Upload] = []
        self.sentences: list[str] = []
        self.receiver = Receiver(self.files.append, self.sentences.append, most)

    def send(self, name: str, content: bytes, size: int | None = None, piece: int = 7) -> None:
        if self.take(do="begin", name=name, size=len(content) if size is None else size, number=1) < 0:
            return
        for place in range(0, len(content), piece):
            if self.receiver.take({"do": "piece", "number": 1}, [content[place : place + piece]]) < 0:
                return
        self.take(do="end", number=1)

    def take(self, **message: Any) -> int:
        return self.receiver.take(message, [])

    @property
    def kept(self) -> list[Path]:
        return list(Path(self.receiver._folder.name).iterdir())


@pytest.fixture
def sender() -> Any:
    begun = Sender()
    yield begun
    begun.receiver.close()


def test_a_file_arrives_whole_and_goes_with_the_visit(sender: Sender) -> None:
    sender.send("orders 2024.csv", b"a,b\n1,2\n")
    assert [(file.name, file.size) for file in sender.files] == [("orders-2024.csv", 8)]
    assert sender.files[0].path.read_bytes() == b"a,b\n1,2\n"
    sender.send("again.csv", b"c\n")
    assert [path.name for path in sender.kept] == ["again.csv"]  # the new one replaces the old
    folder = sender.files[0].path.parent
    sender.receiver.close()
    assert not folder.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\secrets\\calls.CSV", "calls.csv"),
        ("..csv.parquet", "csv.parquet"),
        ("=cmd|' /C calc'!A0.csv", "A0.csv"),
        ("a" * 300 + ".txt", "a" * 60 + ".txt"),
        ("naïve\u202edata\x00.csv", "na-ve-data.csv"),
    ],
)
def test_names_become_harmless(name: str, kept: str) -> None:
    assert harmless(name) == kept or (name.startswith("=") and harmless(name).endswith("A0.csv"))
    assert "/" not in harmless(name)


@pytest.mark.parametrize("name", ["", "orders", ".csv", "orders.exe", "orders.csv.gz", "orders.pickle", "x.xlsx", "/"])
def test_other_types_are_refused(sender: Sender, name: str) -> None:
    sender.send(name, b"a\n")
    assert not sender.files
    assert "allowed: files that end in .csv, .tsv, .txt, .parquet" in sender.sentences[0]
    assert not sender.kept


def test_sizes_are_held_to_what_was_declared(sender: Sender) -> None:
    sender.send("a.csv", b"x", size=1001)
    sender.send("a.csv", b"more than said", size=3)
    sender.send("a.csv", b"less", size=9)
    sender.send("a.csv", b"", size=0)
    assert [sentence.split(";")[0] for sentence in sender.sentences] == [
        "a.csv has 1,001 bytes", "more came than the file was said to hold", "4 of 9 bytes came", "a.csv is empty.",
    ]  # fmt: skip
    assert not sender.files
    assert not sender.kept
    assert MOST_BYTES == 50_000_000


@pytest.mark.parametrize("message", [None, {}, {"do": "piece", "number": 1}, {"do": "end", "number": 3}, "begin",
                                     {"do": "begin", "name": "a.csv", "size": "many", "number": 1}])  # fmt: skip
def test_odd_messages_are_sentences(sender: Sender, message: Any) -> None:
    assert sender.receiver.take(message, [b"x"]) == -1
    assert sender.sentences[0]


HOSTILE = {
    "empty.csv": b"",
    "blank.csv": b"\n\n  \n",
    "binary.csv": bytes(range(256)) * 40,
    "picture.csv": b"\x89PNG\r\n\x1a\n\x00\x00\x00",
    "cut.parquet": b"PAR1" + b"\x00" * 60,
    "not.parquet": b"hello there",
    "one-line.csv": b"x" * 2_000_000,
    "wide.csv": b",".join(b"c%d" % place for place in range(2000)) + b"\n1\n",
    "names.csv": b"a" * 5000 + b",b\n1,2\n",
}


def _open(file: Path) -> None:
    peek(file, "")
    look(file, "orders", {}, {}, "")


@pytest.mark.parametrize("name", list(HOSTILE))
def test_hostile_content_is_a_sentence(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(HOSTILE[name])
    with pytest.raises(ScenarioError) as told:
        _open(file)
    assert all(problem.sentence and "Traceback" not in problem.sentence for problem in told.value.problems)


def test_a_parquet_bomb_is_refused_by_what_it_would_take(tmp_path: Path) -> None:
    file = tmp_path / "bomb.parquet"
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 1_100_000, pa.int8()), pa.array(["x" * 1000]))
    pa.parquet.write_table(pa.table({"ordered": column}), file, compression="zstd")
    assert file.stat().st_size < 1_000_000  # a gigabyte, were it written out
    with pytest.raises(ScenarioError, match="at most"):
        look(file, "orders", {}, {}, "")


def test_columns_are_guessed_and_can_be_left_out(tmp_path: Path) -> None:
    file = saved(dated(order_table(400)), tmp_path, "mine.csv")
    seen = peek(file, "")
    assert seen.orders == {"order": "order_id", "ordered": "ordered", "promised": "promised", "handed_over": "shipped",
                           "delivered": "delivered", "score": "stars"}  # fmt: skip
    assert len(seen.calls) < len(seen.orders)
    found = look(file, "orders", {**seen.orders, "handed_over": ""}, {}, "")
    assert [row[0] for row in found.columns] == ["order", "ordered", "promised", "delivered", "score"]
    assert (found.rows_read, found.rows_used) == (400, 400)


def test_troubles_are_counted_and_formulas_are_text(tmp_path: Path) -> None:
    table = dated(order_table(300)).astype(str).rename(columns={"stars": "=HYPERLINK(1)"})
    table.loc[3, "delivered"] = "soon"
    table.loc[4, "=HYPERLINK(1)"] = "=2+5"
    table = pd.concat([table, table.iloc[:2]])
    file = tmp_path / "odd.csv"
    file.write_bytes(table.to_csv(index=False).encode("cp1252"))
    mapping = {**peek(file, "").orders, "score": "=HYPERLINK(1)"}
    found = look(file, "orders", mapping, {}, "")
    told = " ".join(sentence for _, sentence in found.remarks)
    assert "repeat a number" in told
    assert "no dates" in told
    assert "no numbers" in told
    assert next(row[1] for row in found.columns if row[0] == "score") == "'=HYPERLINK(1)"
    assert plain("a\x1b[31mb") == "a?[31mb"


def test_a_file_that_went_with_its_visit_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="send it again"):
        peek(tmp_path / "gone.csv", "")


@pytest.mark.parametrize(
    "sentence",
    [
        "lacks wait and outcome; found: a, b. Name your columns: --map wait=YOURS",
        "3 values are dates where numbers are wanted; name the dates as such (--map)",
        "9 values are no dates, such as 'x'; write 2024-12-31 14:05 or use --date-format",
        "2 of 9 scores are not from 1 to 5; say what they run from and to: --scale 0-10",
        "not days; say --unit hours, minutes or seconds, or map dates to ordered, promised and delivered",
    ],
)
def test_sentences_on_the_page_know_no_options(sentence: str) -> None:
    assert "--" not in on_page(sentence)
    assert on_page(sentence).endswith("see the choices on the left.")
