"""The journal: what was written is there, whatever happened to the file since."""

import json
import math
import resource
import signal
from pathlib import Path

import pytest

import cxsim
from cxsim.studies.journal import FileJournal

RECORD = {"measures": {"a": 0.1, "b": math.nan, "c": 1e-300}, "events": 3}


def same(left: object, right: object) -> bool:
    return json.dumps(left) == json.dumps(right)


def test_records_come_back_exactly_and_the_last_one_counts(tmp_path: Path) -> None:
    with FileJournal(tmp_path / "j") as journal:
        journal.add("one", {"reason": "failed"})
        journal.add("two", RECORD)
        journal.add("one", RECORD)
        assert same(journal["one"], RECORD)
    with FileJournal(tmp_path / "j") as journal:
        assert len(journal) == 2
        assert same(journal["one"], RECORD)
        assert same(journal["two"], RECORD)
        assert "three" not in journal
        assert journal.broken == 0


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_a_line_cut_short_is_no_line_and_the_next_ones_count(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "j"
    with FileJournal(file) as journal:
        journal.add("one", RECORD)
        journal.add("two", RECORD)
    file.write_bytes(file.read_bytes()[:-cut])
    with FileJournal(file) as journal:
        assert "one" in journal
        assert ("two" in journal) == (cut == 1)  # the line end alone may be missing
        journal.add("three", RECORD)
    with FileJournal(file) as journal:
        assert same(journal["three"], RECORD)


def test_corrupt_lines_are_counted_and_skipped(tmp_path: Path) -> None:
    file = tmp_path / "j"
    with FileJournal(file) as journal:
        for key in "abc":
            journal.add(key, RECORD)
    lines = file.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b"0.1", b"0.2")  # valid JSON, wrong checksum
    file.write_bytes(lines[0] + b"\xff\x00 rubbish\n" + lines[1] + lines[2])
    with FileJournal(file) as journal:
        assert [key in journal for key in "abc"] == [True, False, True]
        assert journal.broken == 2


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with FileJournal(tmp_path / "j"), pytest.raises(cxsim.ScenarioError, match="another study is at work"):
        FileJournal(tmp_path / "j")
    FileJournal(tmp_path / "j").close()


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    file = tmp_path / "j"
    before, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with FileJournal(file) as journal:
        journal.add("one", RECORD)
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file.stat().st_size + 20, before[1]))
            with pytest.raises(cxsim.ScenarioError, match="File too large; 1 finished runs are kept"):
                journal.add("two", RECORD)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, ignored)
        journal.add("three", RECORD)
    with FileJournal(file) as journal:
        assert [key in journal for key in ("one", "two", "three")] == [True, False, True]
        assert journal.broken == 0


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "j").mkdir()
    with pytest.raises(cxsim.ScenarioError, match="cannot be written: Is a directory"):
        FileJournal(tmp_path / "j")
