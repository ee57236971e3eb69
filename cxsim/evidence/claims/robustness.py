"""How robust claims are: in which share of the plausible parameter space each holds, and what decides it.

Parameters are drawn evenly from the ranges in the table of parameters, each draw is one world of assumptions, and every
claim is lived in it again: once as a rule, as the worlds share their luck and draws are worth more than replications. A
claim counts as holding in a draw when its mean effects lie where it says; an interval there is none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from cxsim.evidence.claims.claim import Array, Claim, Part, Values
from cxsim.evidence.claims.judging import SEED, Task, is_ready, live, worlds_of
from cxsim.results.measures import estimate
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.loading import load
from cxsim.scenario.parameters import PARAMETERS
from cxsim.scenario.ready import find_scenario
from cxsim.studies.executors import Pool, workers
from cxsim.studies.journal import FileJournal, Journal, MemoryJournal
from cxsim.studies.simulate import default_jobs

DRAWS = 60
REPLICATIONS = 1
TOO_LARGE = 20
"""Claims with more worlds than this are left out: a draw of theirs would take as long as all others together."""
_SHUFFLES = 2_000
Progress = Callable[[int], None]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Decider:
    """A parameter whose value goes with whether a claim holds.

    Attributes:
        parameter: its name.
        where_holds, where_not: mean of the parameter over draws where the claim holds, and where it does not.
        difference: of these, in standard deviations of the draws.
        clear: whether no parameter would stand out so far by chance in 19 of 20 cases.
    """

    parameter: str
    where_holds: float
    where_not: float
    difference: float
    clear: bool


@dataclass(frozen=True)
class Robustness:
    """How a claim does over draws of the parameters.

    Attributes:
        claim: the claim.
        share: share of draws in which all its parts lie where it says.
        low, high: 95 % interval of that share (Wilson).
        parts: the same share for each part alone.
        draws: draws in which it could be judged.
        decider: the parameter that goes with it most, if it holds in some draws and not in others.
    """

    claim: Claim
    share: float
    low: float
    high: float
    parts: tuple[float, ...]
    draws: int
    decider: Decider | None

    def record(self) -> dict[str, Any]:
        """As plain data."""
        found = self.decider
        return {
            "id": self.claim.id, "share": self.share, "low": self.low, "high": self.high, "draws": self.draws,
            "parts": list(self.parts),
            "decider": None if found is None else {
                "parameter": found.parameter, "where_holds": found.where_holds, "where_not": found.where_not,
                "difference": found.difference, "clear": found.clear},
        }  # fmt: skip


def robustness_from(claim: Claim, entry: Mapping[str, Any]) -> Robustness:
    """From what `Robustness.record` gives."""
    found = entry["decider"]
    return Robustness(claim, entry["share"], entry["low"], entry["high"], tuple(entry["parts"]), entry["draws"],
                      None if found is None else Decider(**found))  # fmt: skip


def draw_rules(count: int, seed: int) -> list[dict[str, float]]:
    """Values of all parameters, `count` times, evenly from their ranges.

    What contradicts itself (peak and end together more than all there is to remember, moods out of order) is drawn
    again. Draw number n does not depend on how many are asked for, so a longer study goes on with a shorter one.
    """
    base = load(find_scenario("workshop"))
    drawn = []
    for number in range(count):
        generator = np.random.default_rng([seed, number])
        while True:
            values = {f"rules.{p.name}": float(generator.uniform(p.low, p.high)) for p in PARAMETERS}
            try:
                load(base, values)
            except ScenarioError:
                continue
            drawn.append(values)
            break
    return drawn


def judged_over_draws(claims: Sequence[Claim]) -> list[Claim]:
    """Those of the claims that are lived over draws of the parameters."""
    return [claim for claim in claims if is_ready(claim) and len(claim.variants) <= TOO_LARGE]


def robustness(
    claims: Sequence[Claim], *, draws: int = DRAWS, replications: int = REPLICATIONS, seed: int = SEED,
    jobs: int | None = None, out: Path | None = None, progress: Progress | None = None,
) -> list[Robustness]:  # fmt: skip
    """Live claims over draws of the parameters.

    Args:
        claims: the claims.
        draws: draws of all parameters.
        replications: how often every world is lived in a draw.
        seed: where the luck starts, also that of the draws.
        jobs: processes; all cores if left out.
        out: folder with the journal of the runs; stopped and started again, it goes on there.
        progress: called with 1 whenever all claims have been lived in a draw.

    Raises:
        ScenarioError: the folder cannot be written, or another study is at work in it.
    """
    studied = judged_over_draws(claims)
    rules = draw_rules(draws, seed)
    with workers(jobs or default_jobs()) as pool:
        if out is None:
            return _over(studied, rules, replications, seed, pool, MemoryJournal(), progress)
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ScenarioError([Problem("", f"cannot be written: {error.strerror or error}", str(out))]) from None
        with FileJournal(out / f"robustness-{claims_version()}.journal") as journal:
            return _over(studied, rules, replications, seed, pool, journal, progress)


def _over(
    claims: Sequence[Claim], rules: Sequence[Mapping[str, float]], replications: int, seed: int, pool: Pool,
    journal: Journal, progress: Progress | None,
) -> list[Robustness]:  # fmt: skip
    bases = {claim.base: load(find_scenario(claim.base)) for claim in claims}
    held: dict[str, list[list[bool]]] = {claim.id: [] for claim in claims}
    for number, values in enumerate(rules):
        tasks = [
            Task(claim, worlds_of(claim, values, base=bases[claim.base]), number, False, _lived(claim, replications))
            for claim in claims
        ]
        for claim, read in zip(claims, live(tasks, seed, pool, journal=journal), strict=True):
            held[claim.id].append([lies_there(part, read) for part in claim.parts])
        if progress is not None:
            progress(1)
    return [summed_up(claim, np.array(held[claim.id]), rules) for claim in claims]


def _lived(claim: Claim, replications: int) -> int:
    """How often the worlds of a claim are lived in a draw."""
    return max(min(replications, claim.replications), claim.replications_least)


def lies_there(part: Part, values: Values) -> bool:
    """Whether the mean effect lies where the claim says; an effect that cannot be computed does not."""
    mean = estimate(np.asarray(part.effect(values), dtype=np.float64).tolist()).mean
    if part.differs:
        return bool(mean != 0 and np.isfinite(mean))
    near = min(abs(mean - part.above), abs(mean - part.below)) < part.negligible
    return bool(part.above < mean < part.below and not near)


def summed_up(claim: Claim, held: Flags, rules: Sequence[Mapping[str, float]]) -> Robustness:
    """Share of draws in which a claim holds, and what decides it.

    Args:
        claim: the claim.
        held: (draws, parts) whether each part lies where the claim says.
        rules: values of the parameters, per draw.
    """
    holds: Flags = np.asarray(held.all(axis=1))
    share = float(holds.mean())
    low, high = wilson(int(holds.sum()), len(holds))
    return Robustness(claim, share, low, high, tuple(held.mean(axis=0).tolist()), len(holds), decider(holds, rules))


def wilson(successes: int, count: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    z = 1.959964
    centre = (successes + z * z / 2) / (count + z * z)
    half = z / (count + z * z) * (successes * (count - successes) / count + z * z / 4) ** 0.5
    return max(centre - half, 0.0), min(centre + half, 1.0)


def decider(holds: Flags, rules: Sequence[Mapping[str, float]]) -> Decider | None:
    """The parameter whose mean differs most between draws where a claim holds and where it does not.

    With a hundred parameters one will differ by chance; whether it is clear is judged by shuffling the verdicts among
    the draws and looking how far the furthest of all parameters then stands out.
    """
    if holds.all() or not holds.any():
        return None
    names = list(rules[0])
    table = np.array([[values[name] for name in names] for values in rules])
    scaled = (table - table.mean(axis=0)) / np.maximum(table.std(axis=0), 1e-12)

    def differences(which: Flags) -> Array:
        found: Array = scaled[which].mean(axis=0) - scaled[~which].mean(axis=0)
        return found

    found = differences(holds)
    place = int(np.argmax(np.abs(found)))
    generator = np.random.default_rng(0)
    furthest = [np.abs(differences(generator.permutation(holds))).max() for _ in range(_SHUFFLES)]
    clear = bool(abs(found[place]) > np.quantile(furthest, 0.95))
    name = names[place].removeprefix("rules.")
    return Decider(name, float(table[holds, place].mean()), float(table[~holds, place].mean()), float(found[place]),
                   clear)  # fmt: skip


@cache
def claims_version() -> str:
    """Digest of the claims' own code: what was read by other code is not gone on with."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode() + source.read_bytes())
    return digest.hexdigest()[:8]


def basis(draws: int, replications: int) -> str:
    """What a study of robustness rests on, in words."""
    lived = "once" if replications == 1 else f"{replications} times"
    return (
        f"{draws} draws of all {len(PARAMETERS)} parameters, evenly from their ranges; every world lived {lived} in "
        "each, or as often as its claim needs at least"
    )
