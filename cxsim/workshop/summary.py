"""How the room did: its predictions beside what came out."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cxsim.workshop.outcome import Outcome, Words
from cxsim.workshop.room import Entry
from cxsim.workshop.script import Chapter


@dataclass(frozen=True)
class Tally:
    """The room's predictions of one chapter.

    Attributes:
        numbers: the numbers, where numbers were predicted.
        counts: predictions per choice, in the order of the script, where there were choices.
        median: of the numbers; None without any.
        right: share who chose what came out; None without choices, predictions or an outcome.
        inside: share of the numbers within the interval of what came out; None as above.
    """

    numbers: tuple[float, ...]
    counts: dict[str, int]
    median: float | None = None
    right: float | None = None
    inside: float | None = None

    @property
    def count(self) -> int:
        """Predictions."""
        return len(self.numbers) + sum(self.counts.values())


def tally(chapter: Chapter, entries: Sequence[Entry], outcome: Outcome | None) -> Tally:
    """Count a chapter's predictions and hold them against its outcome."""
    if chapter.prediction.options:
        told = Counter(str(entry.value) for entry in entries)
        counts = {case: told[case] for case in chapter.prediction.options}
        total = sum(counts.values())
        right = counts[outcome.case] / total if outcome is not None and total else None
        return Tally((), counts, right=right)
    numbers = tuple(float(entry.value) for entry in entries)
    if not numbers:
        return Tally((), {})
    inside = None
    if outcome is not None:
        words = Words(chapter)
        low, high = words.scaled(outcome.decided.low), words.scaled(outcome.decided.high)
        inside = sum(low <= value <= high for value in numbers) / len(numbers)
    return Tally(numbers, {}, statistics.median(numbers), inside=inside)


def verdict(chapter: Chapter, entries: Sequence[Entry], outcome: Outcome | None) -> str:
    """One sentence on how the room did."""
    found = tally(chapter, entries, outcome)
    if found.count == 0:
        return "Nobody predicted."
    people = f"{found.count} prediction{'s' if found.count > 1 else ''}"
    words = Words(chapter)
    if found.median is not None:
        told = f"{people}, in the middle {found.median:,.{words.digits}f} {words.unit}"
        if outcome is None:
            return f"{told}."
        mean = words.number(outcome.decided.mean, signed=words.asked.kind == "difference")
        inside = sum(1 for one in entries if _is_inside(float(one.value), words, outcome))
        within = {0: "nobody's lies", 1: "one lies"}.get(inside, f"{inside} lie")
        return f"{told}; the model says {mean}: {within} within its interval."
    if outcome is None:
        return f"{people}."
    right = found.counts[outcome.case]
    return f"{people}: {right} of {found.count} said what the model says ({chapter.prediction.options[outcome.case]})."


def _is_inside(value: float, words: Words, outcome: Outcome) -> bool:
    return words.scaled(outcome.decided.low) <= value <= words.scaled(outcome.decided.high)
