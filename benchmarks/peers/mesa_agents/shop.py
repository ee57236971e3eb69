"""The company and its customers as a Mesa model: one step is a day; inside it events come in exact order."""

from __future__ import annotations

import bisect
import heapq
import itertools
import math
from collections import defaultdict
from collections.abc import Callable
from random import Random
from statistics import NormalDist
from types import SimpleNamespace
from typing import Any

import mesa

from benchmarks.peers.mesa_agents.customer import NEVER, Customer
from benchmarks.peers.mesa_agents.desk import Desk
from benchmarks.peers.mesa_agents.measures import measures_of
from benchmarks.peers.mesa_agents.science import DIMENSIONS, TRAIT_WEIGHTS, draw_duration, duration_at, within
from cxsim.scenario.hours import WEEKDAYS, week_table
from cxsim.scenario.pilot import pilot_of
from cxsim.scenario.schema import Scenario
from cxsim.scenario.touchpoints import Failure

NEIGHBOURS = 8
"""Pilot customers of nearest tenure among whom the one of the most similar standard is chosen."""


class Shop(mesa.Model):
    """A world of customers and desks.

    Args:
        scenario: a loaded scenario; without interventions and listening, which this implementation leaves out.
        seed: where the luck starts; other luck than cxsim's.
    """

    def __init__(self, scenario: Scenario, seed: int = 1) -> None:
        super().__init__(rng=seed)
        if scenario.interventions or scenario.company.feedback.share > 0:
            raise NotImplementedError("interventions and a listening company are not part of this implementation")
        self._scenario, self.luck, self.p = scenario, Random(seed), SimpleNamespace(**scenario.parameters())
        self.now, self.day, self.events, self.is_measured = 0.0, 0, 0, scenario.warm_up == 0
        self.totals: defaultdict[str, float] = defaultdict(float)
        self.waits: list[float] = []
        self.reviews: list[float] = []
        self.speakers: dict[Customer, None] = {}
        self._events: list[tuple[float, int, int, Callable[..., None], tuple[Any, ...]]] = []
        self._tickets = itertools.count()
        self._read(scenario)
        self.stops = {name: Stop(self, name, stop) for name, stop in scenario.touchpoints.items()}
        self.desks = {name: Desk(self, desk) for name, desk in scenario.desks.items()}
        self.customers: list[Customer] = []
        self._people()
        self.present = scenario.population.customers
        self.customer_days = 0

    @property
    def scenario(self) -> Scenario:
        """What is simulated."""
        return self._scenario

    @scenario.setter
    def scenario(self, value: object) -> None:
        """Newer Mesa sets a scenario of its own kind."""

    def _read(self, scenario: Scenario) -> None:
        """What the rules want to know of the scenario as plain numbers."""
        factors, market = scenario.factors, scenario.market

        def adequate(name: str) -> float:
            return factors[name].adequate if name in factors else 0.0

        self.own_rule = ("transitory_intensifiers", "perceived_alternatives", "situational_factors")
        self.urgency_effect, self.alternatives_effect, self.situation_effect = map(adequate, self.own_rule)
        self.explicit_desired = factors["explicit_promises"].desired if "explicit_promises" in factors else 0.0
        self.best_competitor = max((rival.level for rival in market.competitors.values()), default=0.0)
        self.channels = [channel.values_in_order() for channel in scenario.company.promises.values()]
        self.channels = self.channels or [(scenario.company.implied,) * 3]
        stops = scenario.touchpoints.values()
        self.promised_lead_days = next((stop.promise.mean for stop in stops if stop.kind == "delivery"), 0.0)
        targets = [stop.failure.contact for stop in stops if stop.failure]
        targets += [stop.technology.contact for stop in stops if stop.technology]
        targets += [stop.overdue_contact for stop in stops if stop.kind == "delivery"]
        self.complaints_go_to = next((target for target in targets if target), None)
        self.week = Week(scenario)

    def _people(self) -> None:
        """Established customers with a tenure, newcomers with a date, and the need's end of each."""
        scenario, population = self.scenario, self.scenario.population
        expected = population.newcomers * scenario.days / 365
        newcomers, limit = 0, self.luck.expovariate(1.0)
        while limit < expected:  # a Poisson number
            newcomers, limit = newcomers + 1, limit + self.luck.expovariate(1.0)
        first, last = self.week.business(0), self.week.business(scenario.days)
        for number in range(population.customers + newcomers):
            customer = Customer(self, number)
            self.customers.append(customer)
            start = 0.0
            if number < population.customers:
                tenure = draw_duration(self.luck, population.tenure)
                rate = scenario.personas[customer.persona].journeys_per_year / 365
                customer.status, customer.joined_at = "active", -tenure
                customer.journeys = int(min(tenure * rate, 1000))
                customer.plan("set_out", self.next_need(customer.persona, 0.0, 1.0))
            else:
                start = customer.joined_at = self.week.instant(first + self.luck.random() * (last - first))
                customer.faded_at = start
                customer.plan("set_out", start)
            if population.ended + population.drifted > 0:
                rate = (population.ended + population.drifted) / 365
                customer.plan("depart", start + self.luck.expovariate(rate))
        if population.look_back:
            self._look_back()

    def _look_back(self) -> None:
        """Established customers take over the minds of like customers of a small world of newcomers."""
        pilot = Shop(pilot_of(self.scenario), self.luck.randrange(2**32)).run()
        by_persona = defaultdict(list)
        for other in pilot.customers:
            if other.status == "active":
                by_persona[other.persona].append((pilot.day - other.joined_at, other))
        for group in by_persona.values():
            group.sort(key=lambda pair: pair[0])
        for customer in self.customers[: self.scenario.population.customers]:
            group = by_persona[customer.persona]
            place = bisect.bisect_left(group, -customer.joined_at, key=lambda pair: pair[0])
            first = max(min(place - NEIGHBOURS // 2, len(group) - NEIGHBOURS), 0)
            near = [other for _, other in group[first : first + NEIGHBOURS]]
            if near:
                standard = customer.desired_base
                customer.take_over(min(near, key=lambda other: abs(other.desired_base - standard)), pilot.day)

    # --- time

    def schedule(self, at: float, action: Callable[..., None], *arguments: Any, order: int = 4) -> None:
        """Put an action on the event list; at the same instant lower `order` comes first."""
        heapq.heappush(self._events, (at, order, next(self._tickets), action, arguments))

    def step(self) -> None:
        """Live one day: all events in order, then the talk."""
        until = self.day + 1
        while self._events and self._events[0][0] < until:
            self.now, _, _, action, arguments = heapq.heappop(self._events)
            action(*arguments)
        speakers, self.speakers = self.speakers, {}
        for customer in speakers:
            customer.tell()
        self.customer_days += self.present if self.is_measured else 0
        self.day = until
        self.is_measured = self.day >= self.scenario.warm_up
        self.running = self.day < self.scenario.days

    def run(self) -> Shop:
        """Live all days."""
        while self.running:
            self.step()
        return self

    def next_need(self, persona: str, at: float, frequency: float) -> float:
        """Instant of the next need: Poisson in business time."""
        rate = self.scenario.personas[persona].journeys_per_year / 365 * frequency
        return self.week.instant(self.week.business(at) + self.luck.expovariate(rate)) if rate > 0 else NEVER

    # --- luck

    def draw_persona(self) -> str:
        """A kind of customer."""
        personas = self.scenario.personas
        return self.luck.choices(list(personas), [persona.share for persona in personas.values()])[0]

    def draw_channels(self) -> list[tuple[float, ...]]:
        """The one to three channels that a customer sees."""
        seen, first = min(self.luck.randint(1, 3), len(self.channels)), self.luck.randrange(len(self.channels))
        return [self.channels[(first + place) % len(self.channels)] for place in range(seen)]

    def draw_tie(self, number: int, place: int) -> int:
        """Customer at the other end of a tie: so many places before, or anybody before; -1 if there is none."""
        if self.luck.random() < self.scenario.market.network.rewired:
            return self.luck.randrange(number) if number else -1
        return max(number - place - 1, -1)

    # --- counting

    def count(self, name: str, amount: float = 1.0) -> None:
        """Add to what is counted after the warm-up."""
        if self.is_measured:
            self.totals[name] += amount

    def reputation(self) -> float:
        """What newcomers read: reviews, with the reputation at the start worth a number of them."""
        prior = self.p.review_prior
        return (prior * self.scenario.market.reputation + sum(self.reviews)) / (prior + len(self.reviews))

    def measures(self) -> dict[str, float]:
        """The measures of the run, as `docs/odd.md` defines them."""
        return measures_of(self)


class Stop:
    """A touchpoint as plain numbers."""

    def __init__(self, shop: Shop, name: str, definition: Any) -> None:
        self.shop, self.name, self.kind = shop, name, definition.kind
        self.definition = definition
        self.desk = getattr(definition, "desk", None)
        self.failure, self.technology, self.flawless = definition.failure, definition.technology, definition.flawless
        self.importance, self.takes, self.grace = definition.importance, definition.takes, 0.0
        self.contact_after = (self.failure or Failure()).contact_after
        self.is_goal = name in shop.scenario.journey.goal
        traits = definition.traits
        process = definition.quality.process
        if traits:
            process = sum(TRAIT_WEIGHTS[t] * level for t, level in traits.items()) / sum(
                TRAIT_WEIGHTS[t] for t in traits
            )
        self.quality = (definition.quality.people, definition.quality.product, process)
        self.quality_sd = definition.quality_sd.values_in_order()
        self.weights = {
            persona: self._tilted(kind.needs.values_in_order()) for persona, kind in shop.scenario.personas.items()
        }
        self.failure_probability = self.failure.probability if self.failure else 0.0
        self.severity = self.failure.severity.values_in_order() if self.failure else (0.0,) * 3
        self.wow_probability = definition.wow.probability if definition.wow else 0.0
        self.wow_size = definition.wow.size.values_in_order() if definition.wow else (0.0,) * 3
        self.stuck_probability, self.stuck_loss, saved = 0.0, 0.0, 0.0
        p = shop.p
        if self.technology:
            is_enabler = self.technology.mode == "enabler"
            self.stuck_probability = self.technology.stuck_probability * p.technology_stuck
            self.stuck_loss = p.technology_loss * (p.technology_handover if is_enabler else 1.0)
            saved = p.technology_enabler_effort if is_enabler else p.technology_definer_effort
        self.effort = max(definition.effort - saved, 0.0)
        self.targets, self.shares = list(definition.next), list(definition.next.values())
        if self.kind == "message":
            self.promise = shop.scenario.company.promises[definition.channel].values_in_order()
        if self.kind == "delivery":
            self.grace, self.overdue_contact = definition.grace, definition.overdue_contact
            self.overdue_contact_probability = definition.overdue_contact_probability

    def _tilted(self, needs: tuple[float, ...]) -> tuple[float, ...]:
        """Weights of the dimensions here, tilted by what matters to a persona."""
        weights = self.definition.weights.values_in_order()
        tilted = [weight * need for weight, need in zip(weights, needs, strict=True)]
        chosen = tilted if sum(tilted) > 0 else weights
        return tuple(weight / sum(chosen) for weight in chosen)

    def draw_next(self) -> str:
        """Where the journey goes from here."""
        return self.targets[0] if len(self.targets) == 1 else self.shop.luck.choices(self.targets, self.shares)[0]

    def draw_parcel(self) -> tuple[float, float, bool, bool]:
        """Days promised, days taken, whether an outside cause is to blame, and whether any named cause is."""
        luck, parcel = self.shop.luck, self.definition
        score = luck.gauss(0, 1)

        def correlated(duration: Any, correlation: float) -> float:
            if duration.distribution == "exponential":
                return draw_duration(luck, duration)
            own = luck.gauss(0, 1)
            return duration_at(duration, correlation * score + math.sqrt(1 - correlation**2) * own)

        if parcel.promise.distribution == "exponential":  # what leans toward it goes by its normal score
            promised = -parcel.promise.mean * math.log(NormalDist().cdf(-score))
        else:
            promised = duration_at(parcel.promise, score)
        days = correlated(parcel.handling, parcel.handling_correlation)
        days += correlated(parcel.carrier, parcel.carrier_correlation)
        met = [cause for cause in parcel.causes.values() if luck.random() < cause.probability]
        days += sum(draw_duration(luck, cause.extra) for cause in met)
        return promised, days, any(cause.outside for cause in met), bool(met)


class Week:
    """Business time: a clock that runs with the share of journeys that start in each hour of the week."""

    def __init__(self, scenario: Scenario) -> None:
        table = week_table([(block.days, block.hours, block.weight) for block in scenario.journey.starts_at])
        self.first_hour = 24 * WEEKDAYS.index(scenario.start_weekday)
        self.reached = [0.0, *itertools.accumulate(weight * 7 / sum(table) for weight in table)]

    def business(self, at: float) -> float:
        """Business days by an instant; seven a week."""
        weeks, hours = divmod(at * 24 + self.first_hour, 168)
        hour = min(int(hours), 167)
        return 7 * weeks + self.reached[hour] + (hours - hour) * (self.reached[hour + 1] - self.reached[hour])

    def instant(self, business: float) -> float:
        """Instant by which so many business days have passed."""
        weeks, within_week = divmod(business, 7)
        hour = within(bisect.bisect_right(self.reached, within_week) - 1, 0, 167)
        hour = int(hour)
        width = self.reached[hour + 1] - self.reached[hour]
        part = (within_week - self.reached[hour]) / width if width > 0 else 0.0
        return (weeks * 168 + hour + part - self.first_hour) / 24


__all__ = ["DIMENSIONS", "Shop", "Stop", "Week"]
