"""One finished replication: what was counted, and the customers at its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cxsim.engine.columns import ACTIVE, LEFT, PROSPECT, REASONS, STATUSES
from cxsim.engine.people import recommendation_scores
from cxsim.engine.tally import (
    DESK_STATISTICS,
    JOURNEY_STATISTICS,
    TOUCHPOINT_STATISTICS,
    wait_of_bin,
)
from cxsim.results.survival import share_with_event
from cxsim.scenario.schema import Money

if TYPE_CHECKING:
    from cxsim.model import CustomerModel

Array = np.ndarray[Any, Any]

FOLLOW_UP_DAYS = 1095
"""Time after the warm-up over which switching after a poor journey is followed: three years."""


@dataclass(frozen=True)
class People:
    """Customers at the end of a replication, in a few numbers.

    Attributes:
        satisfaction: mean cumulative satisfaction of those present, -1 to 1.
        nps_measured: net promoter score of those present, -100 to 100.
        nps_all: the same with those who left after the warm-up, at the satisfaction they left with.
        switched_after_poor: see `measures`; nan if not followed for three years.
        at_risk: customers behind that share.
        present: customers present.
    """

    satisfaction: float
    nps_measured: float
    nps_all: float
    switched_after_poor: float
    at_risk: int
    present: int


@dataclass(frozen=True)
class Run:
    """One replication; D days, T touchpoints, Q desks.

    Attributes:
        replication: its number.
        warm_up_days: days that no measure sees.
        established: customers at the start.
        stop_days: (D, T, statistics of touchpoints).
        journey_days: (D, statistics of journeys).
        desk_days: (D, Q, statistics of desks).
        waits: (Q, bins) histogram of waits after the warm-up.
        people: customers at the end in a few numbers.
        events: agenda entries and desk events lived.
        seconds: time it took.
        money: prices and costs.
        is_message: (T,) whether each touchpoint is a message.
        customers: all customers at the end, or None if not kept.
        lost: customers who left, with ledger (`memory`), or None if not kept.
        log: encounters of the followed customers.
    """

    replication: int
    warm_up_days: int
    established: int
    stop_days: Array
    journey_days: Array
    desk_days: Array
    waits: Array
    people: People
    events: int
    seconds: float
    money: Money = field(default_factory=Money)
    is_message: Array = field(repr=False, default_factory=lambda: np.zeros(0, dtype=bool))
    customers: dict[str, Array] | None = field(repr=False, default=None)
    lost: dict[str, Array] | None = field(repr=False, default=None)
    log: Array | None = field(repr=False, default=None)

    @cached_property
    def _stop_totals(self) -> Array:
        return self.stop_days[self.warm_up_days :].sum(axis=0)

    @cached_property
    def _journey_totals(self) -> Array:
        return self.journey_days[self.warm_up_days :].sum(axis=0)

    @cached_property
    def _desk_totals(self) -> Array:
        return self.desk_days[self.warm_up_days :].sum(axis=0)

    def stops(self, statistic: str) -> Array:
        """A statistic per touchpoint, summed after the warm-up: (T,)."""
        totals: Array = self._stop_totals[:, TOUCHPOINT_STATISTICS.index(statistic)]
        return totals

    def stop(self, statistic: str) -> float:
        """A statistic summed over touchpoints, after the warm-up."""
        return float(self.stops(statistic).sum())

    def journey(self, statistic: str) -> float:
        """A statistic of journeys, summed after the warm-up."""
        return float(self._journey_totals[JOURNEY_STATISTICS.index(statistic)])

    def desks(self, statistic: str) -> Array:
        """A statistic per desk, summed after the warm-up: (Q,)."""
        totals: Array = self._desk_totals[:, DESK_STATISTICS.index(statistic)]
        return totals

    def desk(self, statistic: str) -> float:
        """A statistic summed over desks, after the warm-up."""
        return float(self.desks(statistic).sum())

    @cached_property
    def present(self) -> Array:
        """Customers present at the end of each day: (D,)."""
        change = self.journey_days[:, JOURNEY_STATISTICS.index("present_change")]
        total: Array = self.established + np.cumsum(change)
        return total

    @property
    def person_years(self) -> float:
        """Years that customers were present, after the warm-up."""
        return float(self.present[self.warm_up_days :].sum()) / 365.0

    @cached_property
    def costs(self) -> dict[str, float]:
        """Costs after the warm-up, by kind, in units of money."""
        money = self.money
        messages = self.stops("encounters")[self.is_message].sum() if len(self.is_message) else 0.0
        return {
            "goods": self.journey("sales") * money.unit_cost,
            "servers": self.desk("server_minutes") / 60.0 * money.server_hour,
            "contacts": self.desk("arrivals") * money.contact,
            "refunds": self.journey("refunds"),
            "wows": self.stop("wows") * money.wow,
            "messages": float(messages) * money.message,
            "acquisition": self.journey("joined") * money.acquisition,
        }

    @property
    def profit(self) -> float:
        """Revenue less all costs, after the warm-up."""
        return self.journey("revenue") - sum(self.costs.values())

    def lifetime_value(self) -> float:
        """Discounted profit over the expected lifetime of a customer; acquisition is left out, nan without customers.

        With profit m per customer-year, a share leaving at rate h per year and discount d, it is m / (h + ln(1 + d)):
        profit flows evenly and the rate of leaving stays as it was (Gupta and Lehmann 2003 for the idea).
        """
        years = self.person_years
        if years <= 0:
            return float("nan")
        margin = (self.profit + self.costs["acquisition"]) / years
        going = (self.journey("left") + self.journey("drifted") + self.journey("ended")) / years
        rate = going + float(np.log1p(self.money.discount))
        return margin / rate if rate > 0 else float("nan")

    def wait_quantile(self, share: float) -> float:
        """Wait in minutes that `share` of those who reached a desk did not exceed, from the histogram of waits.

        Within a bin (4 % wide) waits are taken as even; nan without any wait.
        """
        counts = self.waits.sum(axis=0)
        if counts.sum() == 0:
            return float("nan")
        reached = np.cumsum(counts) / counts.sum()
        place = int(np.searchsorted(reached, max(share, np.finfo(float).tiny)))
        before = reached[place - 1] if place else 0.0
        inside = (share - before) / (reached[place] - before)
        low, high = wait_of_bin(place), wait_of_bin(place + 1)
        return low + inside * (high - low)


def collect(model: CustomerModel, seconds: float, keep_customers: bool, keep_log: bool) -> Run:
    """Take from a finished model what is kept of it."""
    world, scenario = model.world, model.scenario
    scores = recommendation_scores(world)
    return Run(
        replication=model.replication,
        warm_up_days=int(scenario.warm_up),
        established=scenario.population.customers,
        stop_days=world.stop_days,
        journey_days=world.journey_days,
        desk_days=world.desk_days,
        waits=world.state[0].desks["waits"][: len(scenario.desks)].copy(),
        people=_people(model, scores),
        events=model.events,
        seconds=seconds,
        money=scenario.money,
        is_message=np.array([stop.kind == "message" for stop in scenario.touchpoints.values()]),
        customers=_customer_columns(model, scores) if keep_customers else None,
        lost=_lost_columns(model, scores),
        log=model.log() if keep_log else None,
    )


def net_promoter_score(scores: Array) -> float:
    """Share of 9 and 10 less share of 0 to 6, in points; nan without answers."""
    if len(scores) == 0:
        return float("nan")
    return 100.0 * (float(np.mean(scores >= 9)) - float(np.mean(scores <= 6)))


def _people(model: CustomerModel, scores: Array) -> People:
    customers, warm_up = model.world.customers, model.scenario.warm_up
    active = customers["status"] == ACTIVE
    left_measured = (customers["status"] == LEFT) & (customers["left_at"] >= warm_up)
    share, at_risk = _switched_after_poor(model)
    return People(
        satisfaction=float(customers["satisfaction"][active].mean()) if active.any() else float("nan"),
        nps_measured=net_promoter_score(scores[active]),
        nps_all=net_promoter_score(scores[active | left_measured]),
        switched_after_poor=share,
        at_risk=at_risk,
        present=int(active.sum()),
    )


def _switched_after_poor(model: CustomerModel) -> tuple[float, int]:
    """Share of the cohort with a poor journey who left, followed for three years, and how many are behind it."""
    customers, scenario = model.world.customers, model.scenario
    if scenario.horizon < FOLLOW_UP_DAYS:
        return float("nan"), 0
    end = scenario.warm_up + FOLLOW_UP_DAYS
    poor_at = customers["first_poor_at"].astype(np.float64)
    cohort = (customers["joined_at"] < scenario.warm_up) & (poor_at < end)
    left_at, status = customers["left_at"][cohort], customers["status"][cohort]
    gone = left_at < end
    durations = np.where(gone, np.maximum(left_at - poor_at[cohort], 0.0), np.inf)
    return share_with_event(durations, gone & (status == LEFT)), int(cohort.sum())


_CUSTOMER_TABLE = (
    "joined_at", "left_at", "satisfaction", "goodwill", "irritation", "trust", "learned_lead_days",
    "acceptable_wait_minutes", "journeys", "encounters", "poor_encounters", "poor_journeys", "delights", "contacts",
    "abandonments", "patience", "switching_cost", "irritation_tolerance",
)  # fmt: skip


def _customer_columns(model: CustomerModel, scores: Array, chosen: Array | None = None) -> dict[str, Array]:
    """Columns of the customers table, for all who ever joined or for those chosen."""
    customers = model.world.customers
    if chosen is None:
        chosen = customers["status"] != PROSPECT
    rows = customers[chosen]
    personas = np.array(list(model.scenario.personas))
    table = {
        "customer": rows["number"].astype(np.int64),
        "persona": personas[rows["persona"]],
        "status": np.array(STATUSES)[rows["status"]],
        **{name: np.asarray(rows[name]).copy() for name in _CUSTOMER_TABLE},
        "recommendation": scores[chosen].astype(np.int64),
    }
    for level in ("desired", "adequate", "predicted", "normative"):
        for place, dimension in enumerate(("people", "product", "process")):
            table[f"{level}_{dimension}"] = rows[level][:, place].copy()
    return table


def _lost_columns(model: CustomerModel, scores: Array) -> dict[str, Array]:
    """Exit interviews of those who left after the warm-up: what tipped it, and what had built up."""
    customers, scenario = model.world.customers, model.scenario
    chosen = (customers["status"] == LEFT) & (customers["left_at"] >= scenario.warm_up)
    rows, memory = customers[chosen], model.world.memory[chosen]
    stops = list(scenario.touchpoints)
    names = np.array([*stops, ""])
    competitors = np.array([*scenario.market.competitors, ""])
    table = {
        "customer": rows["number"].astype(np.int64),
        "persona": np.array(list(scenario.personas))[rows["persona"]],
        "left_at": rows["left_at"].copy(),
        "tenure_days": rows["left_at"] - rows["joined_at"],
        "journeys": rows["journeys"].copy(),
        "poor_journeys": rows["poor_journeys"].copy(),
        "competitor": competitors[rows["competitor"]],
        "last_straw_origin": names[rows["last_straw_touchpoint"]],
        "last_straw_reason": np.array([*REASONS, ""])[rows["last_straw_reason"]],
        "satisfaction": rows["satisfaction"].copy(),
        "goodwill": rows["goodwill"].copy(),
        "irritation": rows["irritation"].copy(),
        "recommendation": scores[chosen].astype(np.int64),
    }
    origins, reasons = memory[:, : len(stops)], memory[:, len(stops) : len(stops) + len(REASONS)]
    for kind, keys, ledger in (("origin", stops, origins), ("reason", REASONS, reasons)):
        totals = np.maximum(ledger.sum(axis=1, keepdims=True), 1e-12)
        for place, key in enumerate(keys):
            table[f"{kind}_share_{key}"] = (ledger / totals)[:, place]
    return table
