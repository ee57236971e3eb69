"""Columns that may be read, and which of a file's columns each of them is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cxsim.data.values import Kind
from cxsim.scenario.errors import Problem, ScenarioError, nearest


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


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _hint(name: str, allowed: Sequence[str]) -> str:
    return nearest(name, allowed) or "there are: " + ", ".join(str(entry)[:40] for entry in list(allowed)[:20])
