"""Start small: the smallest change with the largest effect, early experiences first, and what a kept customer costs."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from cxsim.instruments.paired import beside, kept, person_years
from cxsim.instruments.sample import Sample, early_journeys, mean_of, take_sample
from cxsim.instruments.sheet import Column, Reading, Sheet, percent, uncapital
from cxsim.instruments.small_steps import SmallStep, small_steps
from cxsim.instruments.words import AMONG_PRESENT, figure, interval, is_clear
from cxsim.results.measures import Estimate, estimate
from cxsim.results.result import Result
from cxsim.scenario.itinerary import journey_order, stop_names
from cxsim.studies.compare import Comparison
from cxsim.studies.simulate import Progress


def start_small(
    result: Result, sample: Sample | None = None, *, jobs: int | None = None, progress: Progress | None = None
) -> Reading:
    """Try every small step alone, with the luck of a result.

    Args:
        result: the world.
        sample: customers whose every encounter is known; taken from the first replication if left out.
        jobs: see `cxsim.studies.simulate.simulate`.
        progress: see there.
    """
    seen = sample or take_sample(result)
    steps = small_steps(result.scenario)
    comparison = beside(result, {step.name: step.scenario for step in steps}, jobs=jobs, progress=progress)
    hotspots = hotspots_table(seen)
    table = steps_table(result, steps, comparison, set(hotspots[hotspots["is_hot"]]["touchpoint"]))
    early = early_journeys(result.scenario)
    notes = (
        seen.about,
        "A step mends a tenth of what is lacking (a tenth more servers or days). Steps overlap: they do not add up. Of "
        "their cost the scenario knows quality and servers; fewer failures, faster handling and better practice have no "
        "price in it. Cost is net: contacts and refunds that are saved are taken off.",
        AMONG_PRESENT,
    )
    sheets = (_steps_sheet(table, early), _hotspots_sheet(hotspots, early))
    return Reading("start-small", "Start small", _finding(table, hotspots, early), sheets, result, notes)


def steps_table(result: Result, steps: list[SmallStep], comparison: Comparison, hot: set[str]) -> pd.DataFrame:
    """What every step would do, clear ones first, those that keep most customers on top."""
    rows: list[dict[str, Any]] = []
    for step in steps:
        stay, soon = kept(comparison, step.name), early_kept(result, comparison, step.name)
        spent = comparison.difference(step.name, "cost").mean
        rows.append(
            {
                "step": step.name, "label": step.label, "touchpoint": step.touchpoint,
                "kept": stay.mean, "low": stay.low, "high": stay.high, "is_clear": is_clear(stay) and stay.mean > 0,
                "kept_early": soon.mean, "early_low": soon.low, "early_high": soon.high,
                "is_clear_early": is_clear(soon) and soon.mean > 0,
                "hotspot": "yes" if step.touchpoint in hot else "",
                "cost": spent if step.price else math.nan, "price": step.price or "no price",
                "cost_per_kept": 1000.0 * spent / stay.mean if step.price and is_clear(stay) and stay.mean > 0 else math.nan,
                "profit": comparison.difference(step.name, "profit_per_customer").mean,
                "satisfaction": comparison.difference(step.name, "satisfaction").mean,
            }
        )  # fmt: skip
    table = pd.DataFrame(rows)
    return table.sort_values(["is_clear", "kept"], ascending=False, kind="stable", ignore_index=True)


def early_kept(result: Result, comparison: Comparison, variant: str) -> Estimate:
    """Customers who do not leave within their first journeys, per 1,000 customer-years, paired, with interval."""
    before, after = (_early_leavers(comparison.results[name]) for name in (comparison.baseline, variant))
    years = person_years(result)
    if years <= 0:
        return Estimate(math.nan, math.nan, math.nan, math.nan, 0)
    return estimate([1000.0 * (old - new) / years for old, new in zip(before, after, strict=True)])


def _early_leavers(result: Result) -> list[int]:
    lost, early = result.lost, early_journeys(result.scenario)
    if "journeys" not in lost:
        return [0] * result.replications
    counts = lost[lost["journeys"] <= early]["replication"].value_counts()
    return [int(counts.get(number, 0)) for number in result.runs["replication"]]


def hotspots_table(seen: Sample) -> pd.DataFrame:
    """Every touchpoint in the first journeys beside later ones; hot where it is clearly poor more often at first."""
    rows, labels = [], stop_names(seen.result.scenario)
    for name in journey_order(seen.result.scenario):
        here = seen.encounters[seen.encounters["touchpoint"] == name]
        first, later = here[here["early"]], here[~here["early"].astype(bool)]
        if first.empty:
            continue
        poor = {kind: mean_of(part, part["is_poor"].astype(float)) for kind, part in (("first", first), ("later", later))}
        off = poor["first"].mean - poor["later"].mean
        half = math.hypot(poor["first"].high - poor["first"].mean, poor["later"].high - poor["later"].mean)
        rows.append(
            {
                "touchpoint": name, "label": labels[name], "encounters": len(first), "poor_first": poor["first"].mean,
                "poor_later": poor["later"].mean, "difference": off, "low": off - half, "high": off + half,
                "is_hot": bool(off - half > 0), "gap_first": float((first["got"] - first["expected"]).mean()),
                "gap_later": float((later["got"] - later["expected"]).mean()),
                "feeling_first": 50.0 + 50.0 * float(first["satisfaction"].mean()),
                "feeling_later": 50.0 + 50.0 * float(later["satisfaction"].mean()),
                "hot": "yes" if off - half > 0 else "",
            }
        )  # fmt: skip
    columns = ["touchpoint", "label", "encounters", "poor_first", "poor_later", "difference", "low", "high", "is_hot",
               "gap_first", "gap_later", "feeling_first", "feeling_later", "hot"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype({"is_hot": bool})


def _steps_sheet(table: pd.DataFrame, early: int) -> Sheet:
    columns = (
        Column("label", "small step"), Column("kept", "kept per 1,000 customer-years", "number"),
        Column("low", "from", "number"), Column("high", "to", "number"),
        Column("kept_early", f"of them in the first {early} journeys", "number"),
        Column("hotspot", "early hotspot"), Column("cost", "cost per customer-year", "points_change"),
        Column("price", "priced"), Column("cost_per_kept", "cost per customer kept", "money"),
        Column("profit", "profit per customer-year", "points_change"),
        Column("satisfaction", "satisfaction", "points_change"),
    )  # fmt: skip
    return Sheet("steps", "What small steps would do", table, columns,
                 "Paired with the world as it stands; 'from' and 'to' are the 95 % interval. Cost per customer kept is "
                 "told where the step has a price and clearly keeps customers; below 0 it saves money.")  # fmt: skip


def _hotspots_sheet(table: pd.DataFrame, early: int) -> Sheet:
    columns = (
        Column("label", "touchpoint"), Column("encounters", "first encounters", "count"),
        Column("poor_first", "poor at first", "share"), Column("poor_later", "poor later", "share"),
        Column("low", "difference from", "change"), Column("high", "to", "change"), Column("hot", "hotspot"),
        Column("gap_first", "gap at first", "change"), Column("gap_later", "gap later", "change"),
        Column("feeling_first", "feeling at first", "points"), Column("feeling_later", "later", "points"),
    )  # fmt: skip
    return Sheet("hotspots", f"The first {early} journeys beside later ones", table, columns,
                 "Hotspot: poor encounters are clearly more frequent in the first journeys, with 95 % confidence.")  # fmt: skip


def _finding(table: pd.DataFrame, hotspots: pd.DataFrame, early: int) -> str:
    if table.empty:
        return "The scenario leaves no small step to try."
    clear = table[table["is_clear"]]
    if clear.empty:
        told = [f"None of {len(table)} small steps alone would keep a clear number of customers."]
    else:
        best = clear.iloc[0]
        stay = Estimate(best["kept"], best["low"], best["high"], 0.0, 2)
        told = [
            f"The small step with the largest effect: {best['label']}. It keeps {figure(stay.mean, sign=False)} of 1,000 "
            f"customer-years ({interval(stay)}){_price(best)}."
        ]
    told.append(_early(table, early))
    hot = hotspots[hotspots["is_hot"]]
    if hotspots.empty:
        told.append("No first journey was followed, so onboarding cannot be looked at.")
    elif hot.empty:
        told.append("No touchpoint is clearly worse in the first journeys than later.")
    else:
        worst = hot.loc[hot["difference"].idxmax()]
        told.append(
            f"Newcomers' hotspot is {uncapital(worst['label'])}: {percent(worst['poor_first'])} of encounters are poor at "
            f"first, {percent(worst['poor_later'])} later."
        )
    return " ".join(told)


def _price(best: pd.Series[Any]) -> str:
    cost = float(best["cost_per_kept"])
    if math.isnan(cost):
        return " and has no price in the scenario"
    return f" at {cost:,.2f} per customer kept" if cost > 0 else " and costs less than it saves"


def _early(table: pd.DataFrame, early: int) -> str:
    """Which step keeps most customers at the start of their relationship."""
    clear = table[table["is_clear_early"]]
    if clear.empty:
        return f"None clearly keeps customers within their first {early} journeys."
    best = clear.loc[clear["kept_early"].idxmax()]
    soon = Estimate(best["kept_early"], best["early_low"], best["early_high"], 0.0, 2)
    return (
        f"Within the first {early} journeys, most are kept by this step: {best['label']} "
        f"({figure(soon.mean, sign=False)} of 1,000 customer-years, {interval(soon)})."
    )
