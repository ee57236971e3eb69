"""Every claim as an experiment that anyone can run: data and a small function each, by theme (`registry.py`)."""

from __future__ import annotations

from collections.abc import Iterator

from cxsim.evidence.checks import Check
from cxsim.evidence.validate import Settings


def checks(settings: Settings) -> Iterator[Check]:
    """Claims as lines of evidence; see `cxsim.evidence.claims.lines`."""
    from cxsim.evidence.claims.lines import claim_lines

    yield from claim_lines(quick=settings.quick, jobs=settings.jobs)
