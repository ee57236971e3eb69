"""Living the worlds of claims and judging what came out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from cxsim.evidence.claims.claim import Claim, Overrides, Part, Read, Values
from cxsim.results.measures import Estimate, estimate
from cxsim.scenario.errors import ScenarioError
from cxsim.scenario.loading import load
from cxsim.scenario.ready import find_scenario, ready_scenarios
from cxsim.scenario.schema import Scenario
from cxsim.studies.executors import Pool, done_as_ready, workers
from cxsim.studies.journal import Journal, MemoryJournal
from cxsim.studies.plan import run_key
from cxsim.studies.runs import told
from cxsim.studies.simulate import default_jobs

Verdict = Literal["holds", "holds in part", "does not hold", "not clear", "not yet judged"]
SEED = 2025
"""Where the luck of the recorded verdicts starts."""
Progress = Callable[[int], None]


@dataclass(frozen=True)
class PartFound:
    """One part of a claim as it came out.

    Attributes:
        part: what was asked.
        effect: its mean and 95 % interval.
        verdict: whether the interval lies where the claim says, lies elsewhere, or straddles the bound.
    """

    part: Part
    effect: Estimate
    verdict: Verdict


@dataclass(frozen=True)
class Judged:
    """A claim as it came out.

    Attributes:
        claim: the claim.
        parts: every part, the claim's effect first; empty if it is not yet judged.
        values: what was read in every world.
        without: the parts in the worlds without the mechanism; empty if there is none to switch off.
        off: what was read in those worlds.
        reason: why it is not yet judged.
    """

    claim: Claim
    parts: tuple[PartFound, ...] = ()
    values: Values | None = None
    without: tuple[PartFound, ...] = ()
    off: Values | None = None
    reason: str = ""

    @property
    def verdict(self) -> Verdict:
        """Verdict over all parts."""
        return overall(self.parts)

    @property
    def fails_without(self) -> bool | None:
        """Whether a part that held no longer does once the mechanism is off; None if nothing held or nothing was off.

        That another part never held does not count: the claim must lose something it had.
        """
        pairs = [(found.verdict, off.verdict) for found, off in zip(self.parts, self.without, strict=False)]
        held = [off for verdict, off in pairs if verdict == "holds"]
        return any(off != "holds" for off in held) if held else None

    def reported(self) -> list[dict[str, Any]]:
        """Further numbers worth telling."""
        if self.values is None:
            return []
        return [
            {"label": label, "value": _number(estimate(effect(self.values).tolist()).mean), "unit": unit}
            for label, effect, unit in self.claim.reported
        ]

    def record(self) -> dict[str, Any]:
        """The claim as `cxsim claims --json` tells it."""
        main = self.parts[0] if self.parts else None
        effect = main.effect if main else Estimate(math.nan, math.nan, math.nan, math.nan, 0)
        return {
            "id": self.claim.id, "claim": self.claim.claim,
            "holds": None if main is None else self.verdict == "holds", "verdict": self.verdict,
            "effect": _number(effect.mean), "low": _number(effect.low), "high": _number(effect.high),
            "unit": self.claim.parts[0].unit if self.claim.parts else "", "fails_without": self.fails_without,
            "parts": [
                {"label": found.part.label, "effect": _number(found.effect.mean), "low": _number(found.effect.low),
                 "high": _number(found.effect.high), "unit": found.part.unit, "above": _number(found.part.above),
                 "below": _number(found.part.below), "verdict": found.verdict}
                for found in self.parts
            ],
            "reported": self.reported(),
            "reason": self.reason,
        }  # fmt: skip


def overall(parts: Sequence[PartFound]) -> Verdict:
    """Verdict over all parts: all hold, or some do; where none does, that of the claim's effect, the first."""
    verdicts = [found.verdict for found in parts]
    if not verdicts:
        return "not yet judged"
    if all(verdict == "holds" for verdict in verdicts):
        return "holds"
    if "holds" in verdicts:
        return "holds in part"
    return verdicts[0]


def judge_part(part: Part, values: Values) -> PartFound:
    """Effect with interval, and whether that lies where the claim says."""
    found = estimate(np.asarray(part.effect(values), dtype=np.float64).tolist())
    return PartFound(part, found, verdict_of(found, part))


def verdict_of(found: Estimate, part: Part) -> Verdict:
    """Whether an interval lies where the claim says; the bounds themselves do not (an effect of nothing is none)."""
    low, high = (found.low, found.high) if not math.isnan(found.low) else (found.mean, found.mean)
    if math.isnan(found.mean):
        return "not clear"
    if part.differs:
        return "holds" if low > 0 or high < 0 else "does not hold" if low == high == 0 else "not clear"
    if any(abs(low - bound) < part.negligible and abs(high - bound) < part.negligible
           for bound in (part.above, part.below)):  # fmt: skip
        return "does not hold"
    if low > part.above and high < part.below:
        return "holds"
    return "does not hold" if high <= part.above or low >= part.below else "not clear"


@dataclass(frozen=True)
class Task:
    """Worlds of one claim with which it is judged.

    Attributes:
        claim: the claim.
        worlds: scenario of every variant.
        draw: number of the draw of parameters; -1 for the defaults.
        off: whether the claim's mechanism is switched off.
        replications: how often each is lived.
    """

    claim: Claim
    worlds: Mapping[str, Scenario]
    draw: int
    off: bool
    replications: int

    @cached_property
    def digests(self) -> dict[str, str]:
        """Hash of every variant's scenario."""
        return {name: world.digest() for name, world in self.worlds.items()}


def is_ready(claim: Claim) -> bool:
    """Whether the scenario that the claim varies is there."""
    return claim.base in ready_scenarios()


def worlds_of(claim: Claim, rules: Overrides | None = None, off: bool = False, base: Scenario | None = None,
              ) -> dict[str, Scenario]:  # fmt: skip
    """The scenario of every variant; the claim's own settings go before drawn rules.

    Raises:
        ScenarioError: the claim sets what cannot be set, or the drawn rules contradict each other.
    """
    first = load(find_scenario(claim.base)) if base is None else base
    common, last = {**(rules or {}), "record.encounters": 0, **claim.setting}, claim.without if off else {}
    return {name: load(first, _in_order(common, variant, last)) for name, variant in claim.variants.items()}


def _in_order(*layers: Overrides) -> dict[str, Any]:
    """Overrides of several layers in one mapping, where a later layer comes last also if it repeats a path."""
    found: dict[str, Any] = {}
    for layer in layers:
        for path, value in layer.items():
            found.pop(path, None)
            found[path] = value
    return found


def judge(
    claims: Iterable[Claim],
    *,
    seed: int = SEED,
    replications: int | None = None,
    jobs: int | None = None,
    with_off: bool = True,
    progress: Progress | None = None,
    journal: Journal | None = None,
) -> list[Judged]:
    """Live the worlds of claims and judge them.

    Args:
        claims: the claims.
        seed: where the luck starts.
        replications: how often every world is lived; each claim's own number if left out.
        jobs: processes; all cores if left out.
        with_off: whether the worlds without the mechanism are lived too.
        progress: called with 1 whenever a world has been lived once.
        journal: where finished runs are noted; runs found there are not lived again.

    Raises:
        ScenarioError: a world cannot be built, or cannot be lived.
    """
    chosen = list(claims)
    tasks = tasks_of(chosen, replications, with_off)
    return live_and_judge(chosen, tasks, seed=seed, jobs=jobs, progress=progress, journal=journal)


def live_and_judge(
    chosen: Sequence[Claim],
    tasks: Sequence[Task],
    *,
    seed: int = SEED,
    jobs: int | None = None,
    progress: Progress | None = None,
    journal: Journal | None = None,
) -> list[Judged]:
    """As `judge`, with worlds that are built already (`tasks_of`)."""
    with workers(jobs or default_jobs()) as pool:
        read = live(tasks, seed, pool, progress, journal)
    found = {(task.claim.id, task.off): values for task, values in zip(tasks, read, strict=True)}
    return [
        judged_from(claim, found.get((claim.id, False)), found.get((claim.id, True)),
                    "" if is_ready(claim) else f"it needs the ready scenario '{claim.base}', which is not there yet")
        for claim in chosen
    ]  # fmt: skip


def judged_from(claim: Claim, values: Values | None, off: Values | None, reason: str = "") -> Judged:
    """A claim judged by what was read in its worlds."""
    parts, without = (
        () if read is None else tuple(judge_part(part, read) for part in claim.parts) for read in (values, off)
    )
    return Judged(claim, parts, values, without, off, reason)


def tasks_of(claims: Sequence[Claim], replications: int | None = None, with_off: bool = True) -> list[Task]:
    """The worlds with which claims are judged; none for those whose scenario is not there."""
    bases = {claim.base: load(find_scenario(claim.base)) for claim in claims if is_ready(claim)}
    return [
        Task(claim, worlds_of(claim, off=off, base=bases[claim.base]), -1, off,
             max(replications or claim.replications, claim.replications_least))
        for claim in claims if is_ready(claim)
        for off in ((False, True) if with_off and claim.without else (False,))
    ]  # fmt: skip


def run_count(tasks: Iterable[Task]) -> int:
    """Different runs that tasks need."""
    return len(_needed(tasks))


def _needed(tasks: Iterable[Task]) -> dict[tuple[str, int], tuple[Scenario, dict[str, Read]]]:
    """Scenario and what is to be read off it, for every different run: worlds that several claims share live once."""
    needed: dict[tuple[str, int], tuple[Scenario, dict[str, Read]]] = {}
    for task in tasks:
        for name, world in task.worlds.items():
            digest = task.digests[name]
            for replication in range(task.replications):
                readers = needed.setdefault((digest, replication), (world, {}))[1]
                readers[task.claim.id] = task.claim.read
    return needed


def live(
    tasks: Sequence[Task], seed: int, pool: Pool, progress: Progress | None = None, journal: Journal | None = None
) -> list[Values]:
    """What is read in the worlds of every task.

    Args:
        tasks: the tasks.
        seed: where the luck starts.
        pool: where runs are done; see `cxsim.studies.executors.workers`.
        progress: see `judge`.
        journal: see `judge`.

    Raises:
        ScenarioError: a run cannot be noted.
    """
    notes: Journal = MemoryJournal() if journal is None else journal
    needed = _needed(tasks)
    keys = {place: _key(place, seed, readers) for place, (_, readers) in needed.items()}
    left = [place for place in needed if keys[place] not in notes]
    if progress is not None and len(left) < len(needed):
        progress(len(needed) - len(left))
    _live_in(pool, left, needed, keys, seed, notes, progress)
    return [_values(task, keys, notes) for task in tasks]


def _live_in(
    pool: Pool, left: list[tuple[str, int]], needed: Mapping[tuple[str, int], tuple[Scenario, dict[str, Read]]],
    keys: Mapping[tuple[str, int], str], seed: int, notes: Journal, progress: Progress | None,
) -> None:  # fmt: skip
    executor, at_a_time = pool

    def calls() -> Iterator[tuple[tuple[str, int], tuple[Any, ...]]]:
        for place in left:
            scenario, readers = needed[place]
            yield place, (scenario, seed, place[1], readers)

    for place, future in done_as_ready(executor, at_a_time, read_run, calls()):
        try:
            notes.add(keys[place], {"read": future.result()})
        except ScenarioError:
            raise
        except Exception as error:
            names = ", ".join(needed[place][1])
            error.add_note(f"in a world of the claim {names}: {told(error)}")
            raise
        if progress is not None:
            progress(1)


def read_run(scenario: Scenario, seed: int, replication: int, readers: Mapping[str, Read]) -> dict[str, Any]:
    """Live one replication of a world and read off it what each claim wants to know."""
    from cxsim.evidence.claims.seen import look

    seen = look(scenario, seed, replication)
    return {name: {key: float(value) for key, value in read(seen).items()} for name, read in readers.items()}


def _key(place: tuple[str, int], seed: int, readers: Mapping[str, Read]) -> str:
    """Key of a run and what is read off it."""
    digest, replication = place
    return f"{run_key(digest, seed, replication)}-{'-'.join(sorted(readers))}"


def _values(task: Task, keys: Mapping[tuple[str, int], str], notes: Journal) -> Values:
    read = {}
    for name, digest in task.digests.items():
        read[name] = [notes[keys[digest, number]]["read"][task.claim.id] for number in range(task.replications)]
    return Values(read)


def _number(value: float) -> float | None:
    """JSON has neither nan nor infinity."""
    return value if math.isfinite(value) else None
