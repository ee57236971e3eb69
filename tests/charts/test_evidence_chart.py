"""The chart of lines of evidence."""

from __future__ import annotations

import pytest

from cxsim.charts.evidence import held_against
from cxsim.charts.look import is_empty
from cxsim.evidence.checks import Check


def line(name: str, simulated: float | None, strict: bool = False, observed: float | None = None) -> Check:
    return Check(name, "published", name, observed, simulated, 0.2, 0.4, "share", strict, "a survey")


def test_misses_stand_outside_the_band_and_are_counted() -> None:
    drawn = held_against([line("met", 0.3, True, 0.35), line("missed", 0.9), line("none", None)])
    assert drawn.layout.meta["finding"] == "1 of 2 figures are met, 1 of the 1 that have to be"
    assert "1 that this world does not give" in drawn.layout.meta["about"]
    observed, simulated = drawn.data
    assert list(observed.x) == pytest.approx([0.75])
    assert list(simulated.x) == pytest.approx([2.5, 0.5])  # from below: far misses stand at the edge
    assert list(simulated.marker.symbol) == ["x", "diamond"]


def test_nothing_to_draw_is_said() -> None:
    assert is_empty(held_against([line("none", None)]))
