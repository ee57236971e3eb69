"""Texts that visitors edit, kept by the server so that a link, or a page loaded anew, finds them again."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict

MOST_DRAFTS, MOST_LETTERS = 512, 16_000_000
"""Texts kept, and their letters together, at most; the oldest go first."""
LONGEST = 100_000
"""Letters of a text, at most."""


def key_of(file: str, text: str) -> str:
    """What tells a text from others; whoever does not have the text cannot guess it."""
    return hashlib.sha256(f"{file}\0{text}".encode(errors="replace")).hexdigest()[:32]


class Drafts:
    """Texts by key, with the name of their file; gone when the server ends."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self._letters = 0
        self._lock = threading.Lock()

    def keep(self, file: str, text: str) -> str:
        """Keep a text; gives its key."""
        key = key_of(file, text)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = (file, text)
                self._letters += len(text)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_DRAFTS or self._letters > MOST_LETTERS:
                _, (_, gone) = self._kept.popitem(last=False)
                self._letters -= len(gone)
        return key

    def find(self, key: str) -> tuple[str, str] | None:
        """File name and text of a key."""
        with self._lock:
            return self._kept.get(key)
