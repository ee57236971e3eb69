"""A claim: worlds that differ in one thing, what is read off each, and what must come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from cxsim.evidence.claims.seen import Seen

Array = np.ndarray[Any, np.dtype[np.float64]]
Overrides = Mapping[str, Any]
Read = Callable[["Seen"], Mapping[str, float]]
"""What a claim reads off one finished run: numbers by name. A function of a module, so that workers can be sent it."""


class Values:
    """What was read in every world, replication by replication: `values("late", "satisfaction")` is (R,).

    The same place in two arrays is the same luck, so their difference is a paired one.
    """

    def __init__(self, read: Mapping[str, Sequence[Mapping[str, float]]]) -> None:
        self._read = read

    def __call__(self, variant: str, name: str) -> Array:
        """What was read in one world under one name: (replications,)."""
        return np.array([one[name] for one in self._read[variant]], dtype=np.float64)

    def plain(self) -> dict[str, list[dict[str, float]]]:
        """The same as plain data."""
        return {name: [dict(one) for one in lived] for name, lived in self._read.items()}

    @property
    def variants(self) -> list[str]:
        """Names of the worlds, in order."""
        return list(self._read)

    @property
    def names(self) -> list[str]:
        """Names of what was read, the most telling first."""
        return list(next(iter(self._read.values()))[0])


Effect = Callable[[Values], Array]
"""The effect from what was read: independent values, one per replication as a rule."""


@dataclass(frozen=True)
class Part:
    """One thing that must come out for a claim to hold.

    Attributes:
        label: what is measured, in plain words.
        effect: the effect, see `Effect`.
        unit: unit of the effect.
        above, below: the interval of the effect must lie between them.
        differs: instead, the interval must leave out 0 on either side.
        negligible: an interval that lies wholly within this of a bound is no effect worth the name.
    """

    label: str
    effect: Effect
    unit: str
    above: float = -np.inf
    below: float = np.inf
    differs: bool = False
    negligible: float = 0.0


@dataclass(frozen=True)
class Claim:
    """A claim as an experiment: nothing in it says how it ends.

    Attributes:
        id: lower case with hyphens.
        claim: the claim in our own words.
        question: what is asked of the model.
        base: name of the ready scenario that is varied.
        variants: what each world sets, by name; all live the same luck. The first is what the others are held against.
        read: what is read off each world.
        parts: what must come out; the first is the claim's effect.
        design: what is held equal, what is measured and over whom, and what else might explain it.
        setting: what all worlds set.
        without: what switches the mechanism off on which the claim rests; the claim must then fail. Empty if it rests
            on none that can be switched off, or if the worlds themselves differ by it.
        without_words: the same in plain words.
        finding: why it came out as it did, where that needs words.
        replications: how often every world is lived.
        replications_least: how often it must be lived for the effects to mean anything.
        reported: further numbers worth telling: label, effect, unit.
        source: where the claim comes from.
    """

    id: str
    claim: str
    question: str
    base: str
    variants: Mapping[str, Overrides]
    read: Read
    parts: tuple[Part, ...]
    design: str
    setting: Overrides = field(default_factory=dict)
    without: Overrides = field(default_factory=dict)
    without_words: str = ""
    finding: str = ""
    replications: int = 8
    replications_least: int = 1
    reported: tuple[tuple[str, Effect, str], ...] = ()
    source: str = ""


def change(variant: str, against: str, name: str) -> Effect:
    """The paired difference of what was read in two worlds."""
    return lambda values: values(variant, name) - values(against, name)


def level(variant: str, name: str) -> Effect:
    """What was read in one world."""
    return lambda values: values(variant, name)
