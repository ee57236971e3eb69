"""Start small: the smallest change with the largest effect, early experiences first, and what a kept customer costs."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from cxsim.instruments.paired import beside, kept, person_years, service_cost
from cxsim.instruments.sample import Sample, early_journeys, mean_of, take_sample
from cxsim.instruments.sheet import Column, Reading, Sheet, first, listed, most, percent, uncapital
from cxsim.instruments.small_steps import SmallStep, small_steps
from cxsim.instruments.words import AMONG_PRESENT, NO_NUMBER, bounds, figure, is_clear, no_interval
from cxsim.results.measures import Estimate, estimate
from cxsim.results.result import Result
from cxsim.rules.satisfaction import journey_weight
from cxsim.scenario.itinerary import journey_order, stop_names
from cxsim.studies.compare import Comparison
from cxsim.studies.simulate import Progress

_ABOUT_STEPS = (
    "A step mends a tenth of what is lacking (a tenth more servers or days). Steps overlap: they do not add up. Of "
    "their cost the scenario knows quality and servers; fewer failures, faster handling and better practice have no "
    "price in it. Cost is net, without goods: contacts and refunds that are saved are taken off."
)


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
    table = steps_table(result, steps, comparison, set(hotspots[hotspots["hot"] == "yes"]["touchpoint"]))
    early = early_journeys(result.scenario)
    notes = (
        seen.about,
        _ABOUT_STEPS, AMONG_PRESENT, *no_interval(result),
    )  # fmt: skip
    sheets = (_steps_sheet(table, early), _hotspots_sheet(hotspots, result))
    return Reading("start-small", "Start small", _finding(table, hotspots, early), sheets, result, notes)


def steps_table(result: Result, steps: list[SmallStep], comparison: Comparison, hot: set[str]) -> pd.DataFrame:
    """What every step would do, clear ones first, those that keep most customers on top."""
    rows: list[dict[str, Any]] = []
    for step in steps:
        stay, soon = kept(comparison, step.name), early_kept(result, comparison, step.name)
        spent, is_kept = service_cost(comparison, step.name).mean, is_clear(stay) and stay.mean > 0
        rows.append(
            {
                "step": step.name, "label": step.label, "touchpoint": step.touchpoint,
                "kept": stay.mean, "low": stay.low, "high": stay.high, "is_clear": is_kept,
                "kept_early": soon.mean, "early_low": soon.low, "early_high": soon.high,
                "is_clear_early": is_clear(soon) and soon.mean > 0,
                "hotspot": "yes" if step.touchpoint in hot else "",
                "cost": spent if step.price else math.nan, "price": step.price or "no price",
                "cost_per_kept": 1000.0 * spent / stay.mean if step.price and is_kept else math.nan,
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
        return NO_NUMBER
    return estimate([1000.0 * (old - new) / years for old, new in zip(before, after, strict=True)])


def _early_leavers(result: Result) -> list[int]:
    lost, early = result.lost, early_journeys(result.scenario)
    if "journeys" not in lost:
        return [0] * result.replications
    soon = lost[lost["journeys"] <= early]
    return [int((soon["replication"] == number).sum()) for number in result.runs["replication"]]


def hotspots_table(seen: Sample) -> pd.DataFrame:
    """Every touchpoint in the first journeys beside later ones; hot where most of the first poor encounters are."""
    rows, labels = [], stop_names(seen.result.scenario)
    for name in journey_order(seen.result.scenario):
        here = seen.encounters[seen.encounters["touchpoint"] == name]
        is_early = here["early"].astype(bool)
        soon, later = here[is_early], here[~is_early]
        if soon.empty:
            continue
        poor = [mean_of(part, part["is_poor"].astype(float)) for part in (soon, later)]
        off = poor[0].mean - poor[1].mean
        half = math.hypot(*(found.high - found.mean for found in poor))
        rows.append(
            {
                "touchpoint": name, "label": labels[name], "encounters": len(soon), "poor": int(soon["is_poor"].sum()),
                "poor_first": poor[0].mean, "poor_later": poor[1].mean, "difference": off, "low": off - half,
                "high": off + half, "gap_first": float((soon["got"] - soon["expected"]).mean()),
                "gap_later": float((later["got"] - later["expected"]).mean()),
                "feeling_first": 50.0 + 50.0 * float(soon["satisfaction"].mean()),
                "feeling_later": 50.0 + 50.0 * float(later["satisfaction"].mean()),
            }
        )  # fmt: skip
    columns = ["touchpoint", "label", "encounters", "poor", "poor_first", "poor_later", "difference", "low", "high",
               "gap_first", "gap_later", "feeling_first", "feeling_later"]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns)
    every = int(table["poor"].sum())
    table["share"] = table["poor"] / every if every else 0.0
    return table.assign(hot=["yes" if every and count == table["poor"].max() else "" for count in table["poor"]])


def _steps_sheet(table: pd.DataFrame, early: int) -> Sheet:
    columns = (
        Column("label", "small step"), Column("kept", "kept per 1,000 customer-years", "number"),
        Column("low", "from", "number"), Column("high", "to", "number"),
        Column("kept_early", f"of them in the first {early} journeys", "number"),
        Column("hotspot", "early hotspot"), Column("cost", "service cost per customer-year", "points_change"),
        Column("price", "priced"), Column("cost_per_kept", "cost per customer kept", "money"),
        Column("profit", "profit per customer-year", "points_change"),
        Column("satisfaction", "satisfaction", "points_change"),
    )  # fmt: skip
    return Sheet("steps", "What small steps would do", table, columns,
                 "Paired with the world as it stands; 'from' and 'to' are the 95 % interval. Cost per customer kept is "
                 "told where the step has a price and clearly keeps customers; below 0 it saves money.")  # fmt: skip


def _hotspots_sheet(table: pd.DataFrame, result: Result) -> Sheet:
    early, p = early_journeys(result.scenario), result.scenario.parameters()
    new, late = (
        journey_weight(count, p["journey_weight_lasting"], p["journey_weight_early"], p["early_journeys"])
        for count in (0.0, 1e6)
    )
    columns = (
        Column("label", "touchpoint"), Column("encounters", "first encounters", "count"),
        Column("share", "of the first poor ones", "share"), Column("poor_first", "poor at first", "share"),
        Column("poor_later", "poor later", "share"), Column("low", "difference from", "change"),
        Column("high", "to", "change"), Column("gap_first", "gap at first", "change"),
        Column("gap_later", "gap later", "change"), Column("feeling_first", "feeling at first", "points"),
        Column("feeling_later", "later", "points"), Column("hot", "hotspot"),
    )  # fmt: skip
    return Sheet(
        "hotspots",
        f"The first {early} journeys beside later ones",
        table,
        columns,
        "Hotspot: where most poor encounters of the first journeys are. A first journey moves satisfaction "
        f"by {percent(new)} of the way to what is remembered of it, one of the last by {percent(late)}.",
    )


def _finding(table: pd.DataFrame, hotspots: pd.DataFrame, early: int) -> str:
    if table.empty:
        return "The scenario leaves no small step to try."
    clear = table[table["is_clear"]]
    if clear.empty:
        told = [f"None of {len(table)} small steps alone would keep a clear number of customers."]
    else:
        best = first(clear)
        told = [
            f"The small step with the largest effect: {best['label']}. It keeps {figure(best['kept'], sign=False)} of "
            f"1,000 customer-years ({bounds(best['low'], best['high'])}){_price(best)}."
        ]
    told.append(_early(table, early))
    told.append(_hotspot(hotspots, early))
    return " ".join(told)


def _hotspot(hotspots: pd.DataFrame, early: int) -> str:
    """Where newcomers meet most of what is poor."""
    if hotspots.empty:
        return "No first journey was followed, so onboarding cannot be looked at."
    hot = hotspots[hotspots["hot"] == "yes"]
    if hot.empty:
        return f"Nothing was poor in the first {early} journeys that were followed."
    worst = first(hot)
    beside = "about as often later" if worst["low"] <= 0 <= worst["high"] else (
        "clearly more than later" if worst["low"] > 0 else "clearly less than later")  # fmt: skip
    if math.isnan(worst["low"]):
        beside = "no later ones to compare with"
    names = listed([uncapital(label) for label in hot["label"]])
    each = " each" if len(hot) > 1 else ""
    return (
        f"Newcomers' hotspot is {names}: {percent(worst['share'])} of the poor encounters in the first {early} "
        f"journeys{each}; {percent(worst['poor_first'])} of encounters there are poor, {beside} "
        f"({percent(worst['poor_later'])})."
    )


def _price(best: dict[str, Any]) -> str:
    cost = float(best["cost_per_kept"])
    if math.isnan(cost):
        return " and has no price in the scenario"
    return f" at {cost:,.2f} per customer kept" if cost > 0 else " and costs less than it saves"


def _early(table: pd.DataFrame, early: int) -> str:
    """Which step keeps most customers at the start of their relationship."""
    clear = table[table["is_clear_early"]]
    if clear.empty:
        return f"None clearly keeps customers within their first {early} journeys."
    best = most(clear, "kept_early")
    return (
        f"Within the first {early} journeys, most are kept by this step: {best['label']} "
        f"({figure(best['kept_early'], sign=False)} of 1,000 customer-years, "
        f"{bounds(best['early_low'], best['early_high'])})."
    )
