"""Files that visitors send: of declared size and type, taken piece by piece into a folder that ends with the visit."""

from __future__ import annotations

import contextlib
import hashlib
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cxsim.scenario.errors import Problem, ScenarioError

MOST_BYTES = 50_000_000
"""Size of a file, at most; more is for the command line."""
MOST_ROWS = 1_000_000
"""Its rows, at most."""
MOST_UNPACKED = 500_000_000
"""Bytes of the columns wanted once unpacked, at most."""
ENDINGS = ("csv", "tsv", "txt", "parquet")
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Upload:
    """A file that is there in full.

    Attributes:
        path: where it is kept.
        name: its name, harmless.
        digest: hash of its content.
        size: in bytes.
    """

    path: Path
    name: str
    digest: str
    size: int


def harmless(name: str) -> str:
    """A name without folders, hidden parts and odd letters.

    Raises:
        ScenarioError: it has another ending than those that are taken.
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", re.split(r"[/\\]", name)[-1]).strip("-.")
    stem, _, ending = plain.rpartition(".")
    if ending.lower() not in ENDINGS or not stem:
        told = f"read '{plain[-_LONGEST_NAME:]}'; allowed: files that end in .{', .'.join(ENDINGS)}"
        raise ScenarioError([Problem("", told, "upload")])
    return f"{stem[:_LONGEST_NAME].rstrip('.-') or 'data'}.{ending.lower()}"


class Receiver:
    """Takes one file at a time, counting what comes; a new one replaces the old.

    Args:
        there: called with a file that is there in full.
        refused: called with the sentence that tells why one is not taken.
        most: size of a file, at most.
    """

    def __init__(self, there: Callable[[Upload], None], refused: Callable[[str], None], most: int = MOST_BYTES) -> None:
        self._there, self._refused, self._most = there, refused, most
        self._folder = tempfile.TemporaryDirectory(prefix="cxsim-visit-")
        self._stream: BinaryIO | None = None
        self._path, self._number, self._size, self._taken = Path(), 0, 0, 0
        self._digest = hashlib.sha256()

    def take(self, message: Any, buffers: Sequence[Any]) -> int:
        """A message of the browser.

        Returns:
            One more than the bytes taken; -1 if the file is refused.
        """
        try:
            return self._take(message, buffers)
        except ScenarioError as error:
            self._drop()
            self._refused(" ".join(f"{problem.sentence}." for problem in error.problems))
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:  # whatever a browser sends
            self._drop()
            self._refused(f"The file could not be taken ({type(error).__name__}).")
        return -1

    def _take(self, message: Any, buffers: Sequence[Any]) -> int:
        if message["do"] == "begin":
            self._begin(str(message["name"]), int(message["size"]), int(message["number"]))
        elif self._stream is None or int(message["number"]) != self._number:
            raise _problem("a piece came of no file that was begun; send it again")
        elif message["do"] == "piece":
            self._piece(bytes(buffers[0]))
        else:
            self._end()
        return 1 + self._taken

    def _begin(self, name: str, size: int, number: int) -> None:
        self._drop()
        plain = harmless(name)
        if size > self._most:
            raise _problem(f"{plain} has {size:,} bytes; at most {self._most:,} are taken")
        if size <= 0:
            raise _problem(f"{plain} is empty")
        self._path = Path(self._folder.name) / plain
        self._stream = self._path.open("wb")
        self._number, self._size, self._taken, self._digest = number, size, 0, hashlib.sha256()

    def _piece(self, piece: bytes) -> None:
        assert self._stream is not None
        if self._taken + len(piece) > self._size:
            raise _problem("more came than the file was said to hold; send it again")
        self._stream.write(piece)
        self._digest.update(piece)
        self._taken += len(piece)

    def _end(self) -> None:
        assert self._stream is not None
        if self._taken != self._size:
            raise _problem(f"{self._taken:,} of {self._size:,} bytes came; send it again")
        self._stream.close()
        self._stream = None
        self._there(Upload(self._path, self._path.name, self._digest.hexdigest(), self._taken))

    def _drop(self) -> None:
        """Forget the file that is there or under way."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
        if self._path != Path():
            self._path.unlink(missing_ok=True)
            self._path = Path()

    def close(self) -> None:
        """Remove everything."""
        with contextlib.suppress(OSError):
            self._drop()
        self._folder.cleanup()


def _problem(sentence: str) -> ScenarioError:
    return ScenarioError([Problem("", sentence, "upload")])
