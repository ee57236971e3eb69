"""The journal of a study: a line per finished run, safe against being killed, full disks and broken lines."""

from __future__ import annotations

import contextlib
import json
import os
import time
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from cxsim.scenario.errors import Problem, ScenarioError

_SYNC_EVERY_SECONDS = 1.0
"""A killed process loses nothing that was written; a power cut loses at most the runs of this time."""

Record = Mapping[str, Any]


class Journal(Protocol):
    """Where finished runs go, by key."""

    def __contains__(self, key: str) -> bool: ...
    def __getitem__(self, key: str) -> Record: ...
    def add(self, key: str, record: Record) -> None:
        """Keep a finished run."""


class MemoryJournal(dict[str, Record]):
    """A journal that nobody goes on from."""

    def add(self, key: str, record: Record) -> None:
        """Keep a finished run."""
        self[key] = record


class FileJournal:
    """A journal in a file: each line is a checksum, a space, and a JSON document with the run's key.

    A line counts only if its checksum holds, so a line cut short is the same as none. One process writes at a time.

    Attributes:
        broken: lines that could not be read; their runs are done again.

    Raises:
        ScenarioError: the file cannot be read or written, or another process works on it.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.broken = 0
        self._places: dict[str, tuple[int, int]] = {}  # where each record begins and how long it is: memory stays flat
        self._synced_at = 0.0
        try:
            self._handle = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
        except OSError as error:
            raise self._failed(error) from None
        self._lock()
        self._read()

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def __getitem__(self, key: str) -> Record:
        offset, length = self._places[key]
        with self.file.open("rb") as lines:
            lines.seek(offset)
            document: dict[str, Any] = json.loads(lines.read(length).partition(b" ")[2])
        del document["key"]
        return document

    def __len__(self) -> int:
        return len(self._places)

    def __enter__(self) -> FileJournal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, key: str, record: Record) -> None:
        """Append a finished run; what cannot be written whole is taken back.

        Raises:
            ScenarioError: it cannot be written; every run before it is kept.
        """
        line = self._line({"key": key, **record})
        end = os.lseek(self._handle, 0, os.SEEK_END)
        try:
            written = 0
            while written < len(line):
                written += os.write(self._handle, line[written:])
            now = time.monotonic()
            if now - self._synced_at > _SYNC_EVERY_SECONDS:
                os.fsync(self._handle)
                self._synced_at = now
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._handle, end)
            raise self._failed(error) from None
        self._places[key] = (end, len(line))

    def close(self) -> None:
        """Let go of the file."""
        with contextlib.suppress(OSError):
            os.fsync(self._handle)
        with contextlib.suppress(OSError):
            os.close(self._handle)

    @staticmethod
    def _line(document: Record) -> bytes:
        text = json.dumps(document, separators=(",", ":")).encode()
        return b"%08x %s\n" % (zlib.crc32(text), text)

    def _read(self) -> None:
        offset, content = 0, b""
        try:
            with self.file.open("rb") as lines:
                for content in lines:
                    self._take(content, offset)
                    offset += len(content)
            if content and not content.endswith(b"\n"):  # cut short: the next line must begin a new one
                os.lseek(self._handle, 0, os.SEEK_END)
                os.write(self._handle, b"\n")
        except OSError as error:
            raise self._failed(error) from None

    def _take(self, content: bytes, offset: int) -> None:
        checksum, _, text = content.rstrip(b"\r\n").partition(b" ")
        try:
            if int(checksum, 16) != zlib.crc32(text):
                raise ValueError
            self._places[json.loads(text)["key"]] = (offset, len(content))
        except (ValueError, KeyError, TypeError):
            self.broken += bool(content.strip())

    def _lock(self) -> None:
        try:
            import fcntl
        except ImportError:  # Windows: two at a time would both append whole lines, and do some runs twice
            return
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._handle)
            sentence = "another study is at work in this folder; wait for it, or choose another with --out"
            raise ScenarioError([Problem("", sentence, str(self.file.parent))]) from None

    def _failed(self, error: OSError) -> ScenarioError:
        kept = f"; {len(self._places)} finished runs are kept, start again to go on" if self._places else ""
        return ScenarioError([Problem("", f"cannot be written: {error.strerror or error}{kept}", str(self.file))])
