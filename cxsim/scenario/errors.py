"""Problems in what the user wrote, each told in a sentence with file, line and path."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        path: dotted path in the scenario, "" for the whole file.
        sentence: what was read and what is allowed.
        file: where it was read ("--set" for an override), "" if nowhere in particular.
        line: line in that file, 0 if unknown.
    """

    path: str
    sentence: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        place = self.file + (f", line {self.line}" if self.line else "")
        return ": ".join(part for part in (place, self.told) if part)

    @property
    def told(self) -> str:
        """The sentence with its path, but without the file."""
        return ": ".join(part for part in (self.path, self.sentence) if part)


class ScenarioError(ValueError):
    """Bad input: holds every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def exists(path: Path) -> bool:
    """Whether there is such a file or folder; a name that no system would take does not exist."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def key_of(path: str, keys: Iterable[str]) -> tuple[str, ...]:
    """The key that a problem at `path` belongs to: the longest one that leads there or beyond; () for none."""
    near = [key for key in keys if path == key or path.startswith(f"{key}.") or key.startswith(f"{path}.")]
    return (max(near, key=len),) if near and path else ()


def nearest(name: str, allowed: Iterable[str]) -> str:
    """A hint with the nearest valid name, or the list of valid names if it is short, else ""."""
    names = [str(entry) for entry in allowed]
    matches = difflib.get_close_matches(str(name), names, n=1, cutoff=0.6)
    if matches:
        return f"did you mean '{matches[0]}'?"
    if 0 < len(names) <= 12:
        return "allowed: " + ", ".join(names)
    return ""
