"""CustomerModel: the one driver of command line, studies and interface, and a Mesa model."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import mesa
import numpy as np

from cxsim.agents import Customer, Touchpoint
from cxsim.driving import Driver, Sink
from cxsim.engine.exits import Interviews
from cxsim.engine.feedback import mend, widest_gap
from cxsim.engine.log import ENTRY, in_order
from cxsim.engine.past import PILOT, take_over_past
from cxsim.engine.tables import build_tables
from cxsim.engine.world import World, build_world
from cxsim.scenario.loading import load
from cxsim.scenario.pilot import pilot_of
from cxsim.scenario.schema import Scenario
from cxsim.scenario.timeline import timeline


class Settings(NamedTuple):
    """What was in force from a day on: the scenario, and the mean level delivered per stop and dimension (T, 3)."""

    day: int
    scenario: Scenario
    quality: np.ndarray[Any, Any]


class CustomerModel(mesa.Model):
    """A world of customers, advanced day by day.

    Many days are one call of compiled code (`cxsim.driving`); Python hooks (a subclass of Customer with a `step`, a
    Mesa DataCollector) come between days and change nothing else.

    Args:
        scenario: a scenario, its file, or plain data.
        rng: seed of the study, a whole number.
        replication: number of the replication; other luck, same world.
        threads: threads that share a day's walks and talk; the result does not depend on it.
        follow: customers whose every encounter goes to the event log.
        customer_class: class of the customer agents; one with its own `step` is called once a day.
        sink: takes filled pieces of the event log; kept in memory (`model.log()`) if left out.
        which: whose luck: 0 the world that is measured, 1 its pilot (see `cxsim.engine.past`).

    Attributes:
        world: the engine's arrays.
        day: days lived so far.
        mended: day and touchpoint of everything a company that listens has mended.
        history: what was in force from which day on.
        satisfaction_at_start: sum over the customers at the start.

    Raises:
        ScenarioError: the scenario is not valid.
    """

    def __init__(
        self,
        scenario: Scenario | str | Path | Mapping[str, Any],
        *,
        rng: int = 1,
        replication: int = 0,
        threads: int = 1,
        follow: Iterable[int] = (),
        customer_class: type[Customer] = Customer,
        sink: Sink | None = None,
        which: int = 0,
    ) -> None:
        self._scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
        super().__init__(rng=rng)
        self.study_seed, self.replication = rng, replication
        self.world: World = build_world(self._scenario, rng, replication, which)
        if self._scenario.population.look_back:
            pilot = CustomerModel(pilot_of(self._scenario), rng=rng, replication=replication, which=PILOT)
            take_over_past(self.world, pilot.run().world)
        self.satisfaction_at_start = float(self.world.customers["satisfaction"].sum())
        self._customer_class = customer_class
        self._log: np.ndarray[Any, Any] = np.empty(0, dtype=ENTRY)
        self._pieces: list[np.ndarray[Any, Any]] = []
        followed = [number for number in follow if 0 <= number < len(self.world.customers)]
        self.world.customers["is_logged"][followed] = 1
        sink = sink or (lambda piece: self._pieces.append(np.asarray(piece)))
        self._driver = Driver(self.world, threads, bool(followed), sink)
        (_, self._in_force), *self._changes = timeline(self._scenario)
        self._exits = Interviews(self.world)
        self._leavers: list[np.ndarray[Any, Any]] = []
        self._lacking = np.ones(len(self._scenario.touchpoints))
        self._heard_until = 0
        self.mended: list[tuple[int, str]] = []
        self.history = [Settings(0, self._in_force, self._quality())]
        self._has_agents = False
        self._has_hooks = customer_class.step is not Customer.step

    @property
    def scenario(self) -> Scenario:
        """The world's scenario."""
        return self._scenario

    @scenario.setter
    def scenario(self, value: object) -> None:
        """Newer Mesa sets a scenario of its own kind; the world keeps the one it was built from."""

    @property
    def day(self) -> int:
        """Days lived so far."""
        return self._driver.day

    @property
    def events(self) -> int:
        """Agenda entries and desk events lived so far."""
        return int(self.world.state[0].events)

    @property  # type: ignore[misc]  # Mesa's setter only raises
    def agents(self) -> Any:
        """All customers and touchpoints as Mesa agents, made on first use."""
        self._make_agents()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """Mesa agents by class, made on first use."""
        self._make_agents()
        return super().agents_by_type

    def _make_agents(self) -> None:
        if self._has_agents:
            return
        self._has_agents = True
        for index in range(len(self.world.customers)):
            self._customer_class(self, index)
        for index in range(len(self._scenario.touchpoints)):
            Touchpoint(self, index)

    def step(self) -> None:
        """Live one day; stops `running` when the horizon is reached."""
        if self.day < self._scenario.days:
            self._advance(self.day + 1)
            if self._has_hooks:
                self.agents_by_type[self._customer_class].do("step")
        self.running = self.day < self._scenario.days

    def run(self, progress: Callable[[int], None] | None = None) -> CustomerModel:
        """Live all days that are left.

        Args:
            progress: called now and then with the days lived since the last call.
        """
        block = max(self._scenario.days // 50, 1)
        while self.day < self._scenario.days:
            before = self.day
            if self._has_hooks:
                self.step()
            else:
                self._advance(min(self.day + block, self._scenario.days))
            if progress is not None:
                progress(self.day - before)
        self.running = False
        return self

    def log(self) -> np.ndarray[Any, Any]:
        """Event log of the followed customers so far, ordered by customer and then as lived."""
        if self._pieces:
            self._log = in_order([self._log, *self._pieces])
            self._pieces.clear()
        return self._log

    def exits(self) -> Interviews:
        """Exit interviews of all who left so far, warm-up included, in the order of leaving."""
        if self._leavers:
            self._exits = self._exits.with_leavers(np.concatenate(self._leavers))
            self._leavers = []
        return self._exits

    def _advance(self, until_day: int) -> None:
        """Live up to a morning, changing the world where the timeline or a listening company says so."""
        while self.day < until_day:
            changed = False
            while self._changes and self._changes[0][0] <= self.day:
                self._in_force, changed = self._changes.pop(0)[1], True
            if self._in_force.company.feedback.share > 0 and self.day == self._next_look(self.day - 1):
                self._listen()
                changed = True
            if changed:
                self.world.tables[:] = build_tables(self._in_force, self.world.tables[0].key)
                mend(self.world.tables, self._lacking)
                self.history.append(Settings(self.day, self._in_force, self._quality()))
            upcoming = [day for day, _ in self._changes[:1]]
            if self._in_force.company.feedback.share > 0:
                upcoming.append(self._next_look(self.day))
            self._advance_unchanged(min([until_day, *upcoming]))

    def _next_look(self, after: int) -> int:
        """First day beyond `after` on which a company that listens looks at what its customers miss."""
        warm_up, every = self._scenario.warm_up, self._in_force.company.feedback.every
        looks = max(math.floor((after - warm_up) / every), 0) + 1
        while math.ceil(warm_up + looks * every) <= after:
            looks += 1
        return math.ceil(warm_up + looks * every)

    def _listen(self) -> None:
        """Mend a share of what one stop lacks: the one that customers miss most at, or the next in order."""
        policy, stops = self._in_force.company.feedback, list(self._scenario.touchpoints)
        if policy.follows == "gaps":
            since = max(self._heard_until, int(self._scenario.warm_up))
            stop = widest_gap(self.world.tables, self.world.stop_days[since : self.day].sum(axis=0))
        else:
            stop = len(self.mended) % len(stops)
        self._lacking[stop] *= 1.0 - policy.share
        self._heard_until = self.day
        self.mended.append((self.day, stops[stop]))

    def _quality(self) -> np.ndarray[Any, Any]:
        """Mean level delivered per stop and dimension now: (T, 3)."""
        quality: np.ndarray[Any, Any] = self.world.tables[0].stops["quality"][: len(self._scenario.touchpoints)].copy()
        return quality

    def _advance_unchanged(self, until_day: int) -> None:
        for left in self._driver.advance(until_day):
            self._leavers.append(left)
            if self._in_force.company.win_back.share > 0:  # else nobody of them comes back: they can wait
                self._exits = self.exits().written_down()
