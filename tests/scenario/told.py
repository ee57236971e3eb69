"""What loading tells about bad input."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cxsim
from cxsim.scenario.errors import Problem

TEXT = """\
format: 1
name: shop
population: {customers: 50}
company:
  promises:
    advert: {people: 0.7, product: 0.7, process: 0.7}
desks:
  support:
    servers: 2
    shifts:
      - days: mon-fri
        hours: 8-20
      - days: sat
        hours: 9-12
        servers: 1
journey:
  start: advert
  goal: [delivery]
touchpoints:
  advert:
    kind: message
    channel: advert
    next: {delivery: 1}
  delivery:
    kind: delivery
    promise: 5 days
    handling: 1 day
    carrier: {mean: 3 days, sd: 1 day}
    overdue_contact: support
    overdue_contact_probability: 0.5
  support:
    kind: desk
    desk: support
"""
"""A small valid scenario file, one key per line so that tests can point at lines."""


def problems(source: Any, overrides: Mapping[str, Any] | None = None) -> list[Problem]:
    """Every problem that loading tells; an empty list if it loads."""
    try:
        cxsim.load(source, overrides)
    except cxsim.ScenarioError as error:
        return error.problems
    return []


def only_problem(source: Any, overrides: Mapping[str, Any] | None = None) -> Problem:
    """The one problem that loading tells."""
    found = problems(source, overrides)
    assert len(found) == 1, "\n".join(map(str, found)) or "nothing was told"
    return found[0]


def changed(*changes: tuple[str, str]) -> str:
    """`TEXT` with each first text replaced by the second, which must occur exactly once."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
        text = text.replace(old, new)
    return text


def line_of(text: str, part: str) -> int:
    """Number of the one line that holds `part`."""
    lines = [number for number, line in enumerate(text.splitlines(), 1) if part in line]
    assert len(lines) == 1, f"{part!r} is on lines {lines}"
    return lines[0]


def written(folder: Path, text: str, name: str = "shop.yaml") -> Path:
    """File with this text."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file
