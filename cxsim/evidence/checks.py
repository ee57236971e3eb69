"""One line of evidence: something observed or derived, the same thing simulated, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Group = Literal["theory", "published", "data", "claims", "instruments"]


@dataclass(frozen=True)
class Check:
    """What was observed beside what the model gives.

    Attributes:
        id: unique, lower case with hyphens.
        group: where the observation comes from.
        title: what is compared, in plain words.
        observed: the figure that theory, a publication or data give; None where there is only a band.
        simulated: the figure that the model gives; None where it could not be had, which `note` then explains.
        low, high: the band in which the simulated figure must lie for the check to hold.
        unit: of the four figures, as measures name theirs.
        strict: a miss is a failure; where it is not, a miss is reported and nothing more.
        source: of the observation, with its confidence tag.
        note: what a reader must know to judge the line.
    """

    id: str
    group: Group
    title: str
    observed: float | None
    simulated: float | None
    low: float
    high: float
    unit: str
    strict: bool
    source: str
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the simulated figure lies in the band."""
        return self.simulated is not None and self.low <= self.simulated <= self.high

    def record(self) -> dict[str, Any]:
        """The line as `cxsim validate --json` tells it."""
        return {
            "id": self.id, "group": self.group, "title": self.title, "observed": self.observed,
            "simulated": self.simulated, "low": self.low, "high": self.high, "unit": self.unit, "holds": self.holds,
            "strict": self.strict, "source": self.source, "note": self.note,
        }  # fmt: skip
