"""Every instrument, declared once: command line, report and interface go through this list.

```python
from cxsim.instruments.catalogue import Bench, INSTRUMENT
bench = Bench(cxsim.simulate("scenarios/workshop.yaml"))
print(INSTRUMENT["audit"].take(bench).finding)
```
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from cxsim.instruments.audit import audit
from cxsim.instruments.dimensions import dimensions
from cxsim.instruments.journey import journey_map
from cxsim.instruments.lost import lost_customers
from cxsim.instruments.paired import flawless
from cxsim.instruments.sample import Sample, take_sample
from cxsim.instruments.scorecard import scorecard
from cxsim.instruments.sheet import Reading
from cxsim.instruments.small_steps import small_steps
from cxsim.instruments.start_small import start_small
from cxsim.instruments.technology import technology_worlds
from cxsim.results.result import Result
from cxsim.scenario.schema import Scenario
from cxsim.studies.moments import Moments
from cxsim.studies.simulate import Progress


class Bench:
    """A world that instruments are held to; what several of them need is lived once.

    Args:
        result: the world, lived by this version of the program (paired worlds are lived with its luck).
        jobs: see `cxsim.studies.simulate.simulate`.
        progress: see there.
        paired: whether to live worlds beside it where an instrument can do without.
    """

    def __init__(
        self, result: Result, *, jobs: int | None = None, progress: Progress | None = None, paired: bool = True
    ) -> None:
        self.result, self.jobs, self.progress, self.paired = result, jobs, progress, paired

    @cached_property
    def sample(self) -> Sample:
        """Customers whose every encounter is known."""
        return take_sample(self.result)

    @cached_property
    def moments(self) -> Moments | None:
        """Worlds with one flawless touchpoint each; None where nobody left or nothing is to be lived beside."""
        if not self.paired or len(self.result.lost) == 0:
            return None
        return flawless(self.result, jobs=self.jobs, progress=self.progress)


@dataclass(frozen=True)
class Instrument:
    """One instrument.

    Attributes:
        name: its command.
        title: what it is called.
        asks: the question that it answers.
        take: takes the reading.
        worlds: how many worlds it lives beside, at most.
    """

    name: str
    title: str
    asks: str
    take: Callable[[Bench], Reading]
    worlds: Callable[[Scenario], int]


def _audit(bench: Bench) -> Reading:
    return audit(bench.result, jobs=bench.jobs, progress=bench.progress)


def _scorecard(bench: Bench) -> Reading:
    return scorecard(bench.result, bench.sample, paired=bench.paired, jobs=bench.jobs, progress=bench.progress)


def _dimensions(bench: Bench) -> Reading:
    return dimensions(bench.result, bench.sample)


def _journey_map(bench: Bench) -> Reading:
    return journey_map(bench.result, bench.sample, bench.moments)


def _start_small(bench: Bench) -> Reading:
    return start_small(bench.result, bench.sample, jobs=bench.jobs, progress=bench.progress)


def _lost(bench: Bench) -> Reading:
    return lost_customers(bench.result, bench.moments, paired=bench.paired)


INSTRUMENTS: tuple[Instrument, ...] = (
    Instrument("scorecard", "Five questions", "How well the baseline is met, the balance with delight, the steps, the "
               "narrative, technology.", _scorecard, lambda scenario: 2 + len(technology_worlds(scenario))),
    Instrument("audit", "Message audit", "What every channel promises beside the others and beside what is delivered, "
               "and what disagreement costs.", _audit, lambda scenario: 2 if scenario.company.promises else 0),
    Instrument("dimensions", "People, products, processes", "What is expected of each, what customers get, what would "
               "exceed it, by phase and by persona.", _dimensions, lambda _: 0),
    Instrument("journey-map", "Journey map", "What every persona does, thinks and feels, and its moments of truth.",
               _journey_map, lambda scenario: len(scenario.touchpoints)),
    Instrument("lost", "The customers you lost", "Who they were, what they would have scored, what each origin would "
               "have saved.", _lost, lambda scenario: len(scenario.touchpoints)),
    Instrument("start-small", "Start small", "The smallest change with the largest effect, early experiences first, "
               "and its cost per customer kept.", _start_small, lambda scenario: len(small_steps(scenario))),
)  # fmt: skip

INSTRUMENT = {instrument.name: instrument for instrument in INSTRUMENTS}


def worlds_of(scenario: Scenario, names: list[str]) -> int:
    """Worlds that some instruments live beside a result, at most; what they share counts once."""
    shared = {"journey-map", "lost"} & set(names)
    own = sum(INSTRUMENT[name].worlds(scenario) for name in names if name not in shared)
    return own + (len(scenario.touchpoints) if shared else 0)
