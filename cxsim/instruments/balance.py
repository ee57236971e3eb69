"""Baseline or delight: where the money for service goes, and what the same money again would do in either.

The same sum, a small share of all cost, is spent once on ordinary quality, the same lift at every touchpoint but
messages, and once on surprises, more often where there are some. Both worlds are lived with the same luck.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxsim.engine.tables import process_level
from cxsim.instruments.paired import beside, between, kept, person_years, service_cost
from cxsim.instruments.sheet import Column, Sheet
from cxsim.instruments.words import figure, interval, is_clear
from cxsim.results.result import Result
from cxsim.rules.money import quality_cost
from cxsim.scenario.itinerary import on_the_way, stop_names
from cxsim.scenario.schema import Scenario
from cxsim.scenario.touchpoints import Touchpoint, Wow
from cxsim.scenario.values import PerDimension, Quality
from cxsim.studies.compare import Comparison
from cxsim.studies.simulate import Progress

SHARE = 0.01
"""Money tried, as a share of all cost; less where quality or surprises cannot take so much."""
BASELINE, DELIGHT = "more baseline", "more delight"
_KINDS = {
    "the baseline": ("quality", "servers", "messages"),
    "putting right what broke": ("contacts", "refunds", "escalations", "win_back", "feedback"),
    "delight": ("wows",),
}
_HIGHEST = 0.99
"""Level that money can lift quality to."""


@dataclass(frozen=True)
class Balance:
    """Two ways to spend the same money, beside the world as it stands.

    Attributes:
        comparison: the worlds; None if the trial makes no sense here, which `why` explains.
        money: spent in each, per customer-year.
        where: what the money is spent on, in words, by variant.
        why: why there is no trial.
    """

    comparison: Comparison | None
    money: float
    where: dict[str, str]
    why: str = ""

    def sheet(self) -> Sheet:
        """What the same money again would do."""
        rows = []
        for name, words in self.where.items() if self.comparison else []:
            assert self.comparison is not None
            stay = kept(self.comparison, name)
            change = {
                key: self.comparison.difference(name, key).mean for key in ("satisfaction", "profit_per_customer")
            } | {"cost": service_cost(self.comparison, name).mean}
            rows.append({"variant": name, "where": words, "kept": stay.mean, "low": stay.low, "high": stay.high,
                         **change})  # fmt: skip
        columns = (
            Column("where", "the same money again on"), Column("kept", "kept per 1,000 customer-years", "number"),
            Column("low", "from", "number"), Column("high", "to", "number"),
            Column("satisfaction", "satisfaction", "points_change"),
            Column("cost", "service cost per customer-year", "points_change"),
            Column("profit_per_customer", "profit per customer-year", "points_change"),
        )  # fmt: skip
        return Sheet("trial", f"{self.money:,.2f} more per customer-year", pd.DataFrame(rows, columns=[
            "variant", "where", "kept", "low", "high", "satisfaction", "cost", "profit_per_customer"]), columns,
            self.why or "Paired with the world as it stands; 'from' and 'to' are the 95 % interval.")  # fmt: skip

    @property
    def verdict(self) -> str:
        """Whether too much goes to the one and too little to the other, as far as the trial tells."""
        if self.comparison is None:
            return f"What the same money again would do cannot be told: {self.why}"
        stay = {name: kept(self.comparison, name) for name in (BASELINE, DELIGHT)}
        base, joy = stay[BASELINE], stay[DELIGHT]
        told = (
            f"{self.money:,.2f} more per customer-year would keep {figure(base.mean)} of 1,000 customer-years if spent "
            f"on {self.where[BASELINE]} ({interval(base, sign=True)}) and {figure(joy.mean)} if spent on "
            f"{self.where[DELIGHT]} ({interval(joy, sign=True)})"
        )
        left = between(self.comparison, DELIGHT, BASELINE, "defection_rate")
        felt = between(self.comparison, BASELINE, DELIGHT, "satisfaction")
        for better, by in ((left, "by customers kept"), (felt, "by satisfaction, as customers kept do not tell")):
            if is_clear(better):
                lacking, other = ("the baseline", "delight") if better.mean > 0 else ("delight", "the baseline")
                return f"{told}: it is {lacking}, not {other}, that gets too little, {by}."
        return f"{told}: no clear difference, so neither gets clearly too little."


def spending(result: Result) -> pd.DataFrame:
    """What service costs per customer-year, by what it goes to: `kind`, `money`, `share`."""
    rows = [
        {"kind": kind, "money": float(sum(result.runs[f"cost_{name}"].mean() for name in costs))}
        for kind, costs in _KINDS.items()
    ]
    table = pd.DataFrame(rows)
    total = float(table["money"].sum())
    return table.assign(share=table["money"] / total if total > 0 else np.nan)


def try_balance(result: Result, *, jobs: int | None = None, progress: Progress | None = None) -> Balance:
    """Live both ways to spend the same money beside a result; arguments as in `beside`."""
    variants, found = balance_worlds(result)
    if not variants:
        return found
    return Balance(beside(result, variants, jobs=jobs, progress=progress), found.money, found.where)


def balance_worlds(result: Result) -> tuple[dict[str, Scenario], Balance]:
    """Both worlds, and what is spent in them; none where the scenario gives either no price."""
    scenario, money = result.scenario, result.scenario.money
    spent = SHARE * float(result.runs["cost"].mean())
    met = result.touchpoints.groupby("touchpoint", sort=False)["encounters"].mean()
    years = person_years(result)
    per_year = {name: float(met[name]) / years if years > 0 else 0.0 for name in scenario.touchpoints}
    served = [name for name, stop in scenario.touchpoints.items() if stop.kind != "message" and per_year[name] > 0]
    why = ""
    if not served or not spent > 0:
        why = "nobody was served, or nothing costs anything."
    elif money.quality == 0 or money.wow == 0:
        why = "quality or surprises cost nothing in this scenario (money.quality, money.wow)."
    if why:
        return {}, Balance(None, 0.0, {}, why)
    wows = {name: stop.wow for name, stop in scenario.touchpoints.items() if stop.wow and stop.wow.probability > 0}
    wows = {name: wow for name, wow in wows.items() if per_year[name] > 0}
    if not wows:
        way = [name for name in served if name in on_the_way(scenario)] or served
        wows = {max(way, key=lambda name: scenario.touchpoints[name].importance): Wow()}
    met_there = sum(per_year[name] for name in wows)
    lacking = {name: per_year[name] for name in served}
    today = _quality_money(scenario, lacking, 0.0)
    room = _quality_money(scenario, lacking, 1.0) - today
    spent = min(spent, room, money.wow * met_there * (1.0 - max(wow.probability for wow in wows.values())))
    if not spent > 0:
        return {}, Balance(None, 0.0, {}, "quality or surprises cannot be raised any further.")
    lift = _affordable_lift(scenario, lacking, spent)
    more = spent / (money.wow * met_there)
    labels = stop_names(scenario)
    variants = {
        BASELINE: _with_stops(scenario, {name: lifted(scenario.touchpoints[name], lift) for name in served}),
        DELIGHT: _with_stops(scenario, {name: _more_wows(scenario.touchpoints[name], wow, more)
                                        for name, wow in wows.items()}),
    }  # fmt: skip
    where = {
        BASELINE: f"ordinary quality, {lift:.3f} everywhere",
        DELIGHT: f"surprises at {' and '.join(labels[name] for name in wows)}, in {100 * more:.0f} more "
                 "of 100 encounters",
    }  # fmt: skip
    return variants, Balance(None, spent, where)


def _quality_money(scenario: Scenario, per_year: dict[str, float], lift: float) -> float:
    """What quality costs per customer-year with every level lifted by so much, by the model's own price of quality."""
    total = 0.0
    for name, count in per_year.items():
        stop = scenario.touchpoints[name]
        weights = np.array(stop.weights.values_in_order())
        levels = (stop.quality.people, stop.quality.product, process_level(stop))
        each = [quality_cost(_up(level, lift), scenario.money.quality) for level in levels]
        total += count * float(weights @ each / weights.sum())
    return total


def _affordable_lift(scenario: Scenario, per_year: dict[str, float], spent: float) -> float:
    """Lift of every level that costs so much per customer-year."""
    low, high, today = 0.0, 1.0, _quality_money(scenario, per_year, 0.0)
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _quality_money(scenario, per_year, middle) - today < spent else (low, middle)
    return low


def _up(level: float, lift: float) -> float:
    return max(min(level + lift, _HIGHEST), level)


def lifted(stop: Touchpoint, lift: float) -> Touchpoint:
    """A touchpoint whose every level is higher by so much."""
    quality = Quality(**{name: _up(getattr(stop.quality, name), lift) for name in PerDimension.model_fields})
    traits = {name: _up(level, lift) for name, level in stop.traits.items()}
    return stop.model_copy(update={"quality": quality, "traits": traits})


def _more_wows(stop: Touchpoint, wow: Wow, more: float) -> Touchpoint:
    return stop.model_copy(update={"wow": wow.model_copy(update={"probability": min(wow.probability + more, 1.0)})})


def _with_stops(scenario: Scenario, stops: dict[str, Touchpoint]) -> Scenario:
    return scenario.model_copy(update={"touchpoints": {**scenario.touchpoints, **stops}})
