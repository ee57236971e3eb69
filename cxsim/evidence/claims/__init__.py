"""Every claim as an experiment that anyone can run: data and a small function each, by theme (`registry.py`)."""

from __future__ import annotations

from collections.abc import Iterator

from cxsim.evidence.checks import Check


def checks(*, quick: bool, seed: int | None = None, jobs: int | None = None) -> Iterator[Check]:
    """Claims as lines of evidence; see `cxsim.evidence.claims.lines`."""
    from cxsim.evidence.claims.lines import claim_lines

    yield from claim_lines(quick=quick, seed=seed, jobs=jobs)
