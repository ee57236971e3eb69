"""Instruments as lines of evidence: what their sample tells against what was counted over everybody."""

import math

import pytest

from cxsim.evidence.instruments import _line, checks
from cxsim.evidence.validate import Settings
from cxsim.results.measures import Estimate


def test_the_sample_of_the_workshop_tells_what_was_counted() -> None:
    lines = list(checks(Settings(quick=True)))
    assert {line.id for line in lines} == {f"instruments-workshop-{part}" for part in
                                           ("people", "product", "process", "gap", "poor")}  # fmt: skip
    for line in lines:
        assert line.holds, line
        assert line.strict
        assert line.observed is not None
        assert 0 < line.high - line.low < 0.2


def test_a_sample_that_misses_by_more_than_luck_fails() -> None:
    found = Estimate(mean=0.70, low=0.69, high=0.71, sd=math.nan, n=100)
    assert _line("x", "x", 0.72, found, "level").holds
    assert not _line("x", "x", 0.73, found, "level").holds


@pytest.mark.slow
def test_every_ready_scenario_holds() -> None:
    assert [line for line in checks(Settings()) if not line.holds] == []
