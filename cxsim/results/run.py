"""One finished replication: what was counted, and the customers at its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cxsim.engine.columns import ACTIVE, LEFT, PAST, PROSPECT, REASONS, SIGNALS, STATUSES
from cxsim.engine.exits import Interviews
from cxsim.engine.people import promised_levels, recommendation_scores
from cxsim.engine.tally import (
    BLAME_STATISTICS,
    DESK_STATISTICS,
    JOURNEY_STATISTICS,
    TOUCHPOINT_STATISTICS,
    wait_of_bin,
)
from cxsim.results.costs import costs_of, sales_at_list_price
from cxsim.results.influence import Influence, control_of, influence_of
from cxsim.results.relationships import counts_of
from cxsim.results.survival import share_with_event
from cxsim.scenario.people import Control
from cxsim.scenario.values import DIMENSIONS

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
        blame: (T, reasons, statistics) what is put down to each origin and reason, after the warm-up.
        costs: costs after the warm-up, by kind, in units of money.
        sales_at_list_price: what the sales after the warm-up would have brought without a premium.
        discount: discount of later profits, per year.
        satisfaction_at_start: sum over the established customers.
        influence: what each factor adds to the spread of expectations and to the gap.
        control: control class of each factor.
        counts: counts about relationships; see `relationships`.
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
    blame: Array = field(repr=False, default_factory=lambda: np.zeros((0, len(REASONS), len(BLAME_STATISTICS))))
    costs: dict[str, float] = field(default_factory=dict)
    sales_at_list_price: float = 0.0
    discount: float = 0.0
    satisfaction_at_start: float = 0.0
    influence: Influence = field(default_factory=dict)
    control: dict[str, Control] = field(default_factory=dict)
    counts: dict[str, float] = field(default_factory=dict)
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

    def blamed(self, statistic: str) -> Array:
        """A statistic of blame, summed after the warm-up, by origin and reason: (T, reasons)."""
        found: Array = self.blame[:, :, BLAME_STATISTICS.index(statistic)]
        return found

    def influence_by_control(self, kind: str, control: Control) -> float:
        """Sum over the factors of one control class: of their shares of the spread of a level, or of the gap."""
        values = [self.influence[name][kind] for name, found in self.control.items() if found == control]
        return float(sum(values)) if self.influence else float("nan")

    def count(self, name: str) -> float:
        """A count about relationships; 0 where it was not kept."""
        return self.counts.get(name, 0.0)

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
        margin = (self.profit + self.costs.get("acquisition", 0.0)) / years
        going = (self.journey("left") + self.journey("drifted") + self.journey("ended")) / years
        rate = going + float(np.log1p(self.discount))
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
    scores = recommendation_scores(world, world.customers["number"], world.customers["satisfaction"])
    influence = influence_of(model)
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
        blame=world.blame,
        costs=costs_of(model),
        sales_at_list_price=sales_at_list_price(model),
        discount=scenario.money.discount,
        satisfaction_at_start=model.satisfaction_at_start,
        influence=influence,
        control={name: control_of(scenario, name) for name in influence},
        counts=counts_of(model, scores),
        customers=_customer_columns(model, scores) if keep_customers else None,
        lost=_lost_columns(model),
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
    exits = model.exits()
    first_left = np.full(len(customers), np.inf)  # whoever was won back has left all the same
    measured = exits["left_at"] >= scenario.warm_up
    np.minimum.at(first_left, exits["number"][measured], exits["left_at"][measured])
    poor_at = customers["first_poor_at"].astype(np.float64)
    # whoever left before any poor journey (a blow-up) and was won back did not switch after one
    was_there = customers["first_poor_at"] <= first_left.astype(np.float32)
    cohort = (customers["joined_at"] < scenario.warm_up) & (poor_at < end) & was_there
    gone_at = np.minimum(first_left, customers["left_at"])[cohort]
    durations = np.where(gone_at < end, np.maximum(gone_at - poor_at[cohort], 0.0), np.inf)
    return share_with_event(durations, first_left[cohort] < end), int(cohort.sum())


_CUSTOMER_TABLE = (
    "joined_at", "left_at", "satisfaction", "goodwill", "irritation", "trust", "learned_lead_days",
    "acceptable_wait_minutes", "journeys", "encounters", "poor_encounters", "poor_journeys", "delights", "contacts",
    "abandonments", "patience", "switching_cost", "irritation_tolerance",
)  # fmt: skip


def _customer_columns(model: CustomerModel, scores: Array) -> dict[str, Array]:
    """Columns of the customers table, for all who ever joined."""
    customers = model.world.customers
    chosen = customers["status"] != PROSPECT
    rows = np.take(customers.view(np.ndarray), np.flatnonzero(chosen))  # a mask would copy field by field
    table = {
        "customer": rows["number"].astype(np.int64),
        "persona": _named(model.scenario.personas, rows["persona"]),
        "status": _named(STATUSES, rows["status"]),
        **{name: np.asarray(rows[name]).copy() for name in _CUSTOMER_TABLE},
        "recommendation": scores[chosen],
    }
    for level in ("desired", "adequate", "predicted", "normative"):
        for place, dimension in enumerate(DIMENSIONS):
            table[f"{level}_{dimension}"] = rows[level][:, place].copy()
    return table | _raised_by(rows["predicted"], rows["predicted_parts"])


def _named(names: Iterable[str], numbers: Array) -> Array:
    """Names for numbers, "" for -1; as objects, since an array of letters would hold each name anew, padded."""
    found: Array = np.array([*names, ""], dtype=object)[numbers]
    return found


def _raised_by(predicted: Array, parts: Array) -> dict[str, Array]:
    """Parts of the mean predicted level that each signal has brought."""
    brought = parts.astype(np.float64)
    table = {f"predicted_from_{name}": brought[:, place] for place, name in enumerate(SIGNALS[:PAST])}
    rest = predicted.mean(axis=1, dtype=np.float64) - brought.sum(axis=1)
    return table | {f"predicted_from_{SIGNALS[PAST]}": rest}


def _lost_columns(model: CustomerModel) -> dict[str, Array]:
    """Exit interviews of those who left after the warm-up: what tipped it, what had built up, what was expected."""
    scenario, exits = model.scenario, model.exits()
    rows = exits.where(exits["left_at"] >= scenario.warm_up)
    stops = list(scenario.touchpoints)
    promised = promised_levels(model.world, rows["number"]).astype(np.float32)
    table = {
        "customer": rows["number"].astype(np.int64),
        "persona": _named(scenario.personas, rows["persona"]),
        "left_at": rows["left_at"],
        "tenure_days": rows["left_at"] - rows["joined_at"],
        "journeys": rows["journeys"],
        "poor_journeys": rows["poor_journeys"],
        "competitor": _named(scenario.market.competitors, rows["competitor"]),
        "last_straw_origin": _named(stops, rows["last_straw_touchpoint"]),
        "last_straw_reason": _named(REASONS, rows["last_straw_reason"]),
        "satisfaction": rows["satisfaction"],
        "goodwill": rows["goodwill"],
        "irritation": rows["irritation"],
        "recommendation": recommendation_scores(model.world, rows["number"], rows["satisfaction"]),
        "promised_days": rows["promised_days"],
        "got": rows["news_level"],
    }
    for place, dimension in enumerate(DIMENSIONS):
        table[f"promised_{dimension}"] = promised[:, place]
        table[f"predicted_{dimension}"] = rows["predicted"][:, place].copy()
        table[f"desired_{dimension}"] = rows["desired"][:, place].copy()
    return table | _gap_columns(rows) | _ledger_columns(rows["ledger"], stops)


def _gap_columns(rows: Interviews) -> dict[str, Array]:
    """How far each signal had raised the prediction above what the last journey gave."""
    got, parts = rows["news_level"].astype(np.float64), rows["predicted_parts"].astype(np.float64)
    shares = rows["predicted_shares"].astype(np.float64)
    table = {f"raised_by_{name}": parts[:, s] - shares[:, s] * got for s, name in enumerate(SIGNALS[:PAST])}
    rest = rows["predicted"].mean(axis=1, dtype=np.float64) - parts.sum(axis=1) - (1.0 - shares.sum(axis=1)) * got
    return table | {f"raised_by_{SIGNALS[PAST]}": rest}


def _ledger_columns(ledger: Array, stops: list[str]) -> dict[str, Array]:
    """Shares of the irritation stored up, by origin and by reason; 0 where none was left. Takes over `ledger`."""
    table: dict[str, Array] = {}
    for kind, keys, part in (("origin", stops, ledger[:, : len(stops)]), ("reason", REASONS, ledger[:, len(stops) :])):
        np.divide(part, np.maximum(part.sum(axis=1, keepdims=True), 1e-12), out=part)
        table |= {f"{kind}_share_{key}": part[:, place] for place, key in enumerate(keys)}
    return table
