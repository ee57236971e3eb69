"""Message audit: what every channel promises, beside every other channel and beside what is delivered.

Where promises disagree it tells whom that reaches and what it costs: worlds with one message in all channels are lived
with the same luck, once at the mean of what is heard today, once at what is delivered.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import pandas as pd

from cxsim.instruments.channels import delivered_levels, heard_together, hearings, personas_reached, seen_share
from cxsim.instruments.paired import beside, kept
from cxsim.instruments.sheet import Column, Reading, Sheet, capital, first, percent
from cxsim.instruments.words import AMONG_PRESENT, bounds, figure, interval, is_clear, no_interval
from cxsim.results.measures import Estimate
from cxsim.results.result import Result
from cxsim.scenario.itinerary import stop_names
from cxsim.scenario.schema import Scenario
from cxsim.scenario.values import DIMENSIONS, Dimension, Quality
from cxsim.studies.compare import Comparison
from cxsim.studies.simulate import Progress

ALIGNED, HONEST = "one message, as heard today", "one message, as delivered"
_TOLD = 0.00005
"""Move of the expectation gap, in levels, that is worth telling."""
_CHANGES = ("satisfaction", "profit_per_customer", "join_rate")
_SAME = 0.0005
"""Difference, in levels, below which two promises say the same."""


def audit(result: Result, *, jobs: int | None = None, progress: Progress | None = None) -> Reading:
    """Audit the messages of a world; arguments as in `beside`."""
    scenario = result.scenario
    delivered = delivered_levels(result)
    variants = aligned_worlds(result, delivered)
    comparison = beside(result, variants, jobs=jobs, progress=progress) if variants else None
    channels, pairs = channels_table(result, delivered), pairs_table(scenario)
    cost = cost_table(comparison)
    sheets = [_channels_sheet(channels, delivered), _pairs_sheet(pairs)]
    days = days_table(result)
    if len(days):
        sheets.append(_days_sheet(days))
    sheets += [_reach_sheet(personas_reached(result)), _cost_sheet(cost)]
    notes = [
        "Delivered: what customers perceived at all touchpoints but messages, each weighted by how much the dimension "
        "counts there. A world with one message is one in which it has always been so, also before the warm-up.",
        AMONG_PRESENT, *no_interval(result),
    ]  # fmt: skip
    if any(path.startswith("company") for change in scenario.interventions.values() for path in change.set):
        notes.append("Promises are read as they stand at the start; interventions change the company on the way.")
    told = (_disagreement(pairs, channels), _broken(channels, delivered), _costs(cost))
    finding = " ".join(part for part in told if part)
    return Reading("audit", "Message audit", finding, tuple(sheet for sheet in sheets if len(sheet.table)), result,
                   tuple(notes))  # fmt: skip


def aligned_worlds(result: Result, delivered: dict[Dimension, Estimate]) -> dict[str, Scenario]:
    """Worlds in which all channels say the same: the mean of what is heard (if they differ), and what is delivered."""
    scenario = result.scenario
    promises = scenario.company.promises
    if not promises:
        return {}
    worlds = {}
    heard = hearings(result)
    total = sum(heard.values())
    if _differ(scenario) and total > 0:
        mean = {name: sum(heard[channel] * getattr(promises[channel], name) for channel in promises) / total
                for name in DIMENSIONS}  # fmt: skip
        worlds[ALIGNED] = _saying(scenario, mean)
    if all(math.isfinite(found.mean) for found in delivered.values()):
        worlds[HONEST] = _saying(scenario, {name: found.mean for name, found in delivered.items()})
    return worlds


def _differ(scenario: Scenario) -> bool:
    levels = [promise.values_in_order() for promise in scenario.company.promises.values()]
    return any(max(level) - min(level) > _SAME for level in zip(*levels, strict=True))


def _saying(scenario: Scenario, levels: Mapping[Dimension, float]) -> Scenario:
    """The scenario with one message in all channels."""
    message = Quality(people=levels["people"], product=levels["product"], process=levels["process"])
    company = scenario.company.model_copy(update={"promises": dict.fromkeys(scenario.company.promises, message)})
    return scenario.model_copy(update={"company": company})


def channels_table(result: Result, delivered: dict[Dimension, Estimate]) -> pd.DataFrame:
    """One row per channel, and one for what price and looks suggest: levels, what they are above delivery, reach."""
    scenario, rows = result.scenario, []
    heard = hearings(result)
    seen = seen_share(len(scenario.company.promises)) if scenario.company.promises else 0.0
    for place, (name, promise) in enumerate(scenario.company.promises.items()):
        levels = dict(zip(DIMENSIONS, promise.values_in_order(), strict=True))
        rows.append(_said(name, levels, delivered, seen, heard[name]) | {"place": place})
    implied = dict.fromkeys(DIMENSIONS, scenario.company.implied)
    rows.append(_said("price and looks", implied, delivered, 1.0, math.nan) | {"place": -1})
    return pd.DataFrame(rows)


def _said(
    name: str, levels: Mapping[Dimension, float], delivered: dict[Dimension, Estimate], seen: float, heard: float
) -> dict[str, object]:
    over = {f"over_{dimension}": level - delivered[dimension].mean for dimension, level in levels.items()}
    return {"channel": name, **{str(key): level for key, level in levels.items()}, **over, "seen": seen, "heard": heard}


def pairs_table(scenario: Scenario) -> pd.DataFrame:
    """One row per pair of channels: where they differ most, and how many customers see both; the widest first."""
    promises = scenario.company.promises
    rows = []
    for (a, one), (b, other) in itertools.combinations(promises.items(), 2):
        dimension = max(DIMENSIONS, key=lambda name: abs(getattr(one, name) - getattr(other, name)))
        says, against = getattr(one, dimension), getattr(other, dimension)
        rows.append(
            {"channel": a, "other": b, "dimension": dimension, "says": says, "against": against,
             "difference": abs(says - against), "sees_both": heard_together(list(promises), a, b)}
        )  # fmt: skip
    columns = ["channel", "other", "dimension", "says", "against", "difference", "sees_both"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("difference", ascending=False, kind="stable", ignore_index=True)


def days_table(result: Result) -> pd.DataFrame:
    """Promised and actual days of every touchpoint that delivers."""
    sums = result.touchpoints[result.touchpoints["kind"] == "delivery"].groupby("touchpoint", sort=False).sum(
        numeric_only=True)  # fmt: skip
    rows = []
    for name, told in sums.iterrows():
        count, owed = float(told["deliveries"]), float(told["on_time"] + told["overdue_noticed"])
        if count > 0:
            rows.append(
                {"touchpoint": name, "label": stop_names(result.scenario)[str(name)],
                 "promised": float(told["promised_days"]) / count, "actual": float(told["delivery_days"]) / count,
                 "on_time": float(told["on_time"]) / owed if owed else math.nan}
            )  # fmt: skip
    return pd.DataFrame(rows, columns=["touchpoint", "label", "promised", "actual", "on_time"])


def cost_table(comparison: Comparison | None) -> pd.DataFrame:
    """What one message in all channels would change, paired."""
    rows = []
    for name in comparison.variants if comparison else []:
        assert comparison is not None
        stay = kept(comparison, name)
        gap = comparison.difference(name, "expectation_gap")
        rows.append(
            {"variant": name, "kept": stay.mean, "low": stay.low, "high": stay.high, "gap": gap.mean,
             "gap_low": gap.low, "gap_high": gap.high, "is_clear": is_clear(stay), "is_clear_gap": is_clear(gap),
             **{key: comparison.difference(name, key).mean for key in _CHANGES}}
        )  # fmt: skip
    columns = ["variant", "kept", "low", "high", "gap", "gap_low", "gap_high", "is_clear", "is_clear_gap", *_CHANGES]
    return pd.DataFrame(rows, columns=columns)


def _channels_sheet(table: pd.DataFrame, delivered: dict[Dimension, Estimate]) -> Sheet:
    columns = (
        Column("channel", "channel"),
        *(Column(name, name, "level") for name in DIMENSIONS),
        *(Column(f"over_{name}", f"{name} above delivered", "change") for name in DIMENSIONS),
        Column("seen", "seen before the first journey", "share"), Column("heard", "heard per customer", "number"),
    )  # fmt: skip
    told = ", ".join(f"{name} {found.mean:.3f}" for name, found in delivered.items())
    return Sheet(
        "channels",
        "What is promised, beside what is delivered",
        table,
        columns,
        f"Delivered: {told}. Heard: before the first journey and on every journey, in the time measured.",
    )


def _pairs_sheet(table: pd.DataFrame) -> Sheet:
    columns = (
        Column("channel", "channel"), Column("other", "beside"), Column("dimension", "differ most on"),
        Column("says", "the one says", "level"), Column("against", "the other", "level"),
        Column("difference", "difference", "level"), Column("sees_both", "customers who see both", "share"),
    )  # fmt: skip
    return Sheet("pairs", "Every channel beside every other", table, columns,
                 "Customers see one to three channels before their first journey.")  # fmt: skip


def _days_sheet(table: pd.DataFrame) -> Sheet:
    columns = (
        Column("label", "touchpoint"), Column("promised", "days promised", "number"),
        Column("actual", "days taken", "number"), Column("on_time", "by the promised day", "share"),
    )  # fmt: skip
    return Sheet("days", "Promised and actual days", table, columns)


def _reach_sheet(table: pd.DataFrame) -> Sheet:
    columns = (
        Column("label", "persona"), Column("share", "of the customers", "share"),
        Column("heed", "heeds promises, 1 on average", "money"),
        Column("part", "of what it predicts, from promises", "share"),
    )  # fmt: skip
    return Sheet("personas", "Whom promises reach", table, columns,
                 "The last column: of customers present at the end of the first replication.")  # fmt: skip


def _cost_sheet(table: pd.DataFrame) -> Sheet:
    columns = (
        Column("variant", "if all channels gave"), Column("kept", "kept per 1,000 customer-years", "number"),
        Column("low", "from", "number"), Column("high", "to", "number"), Column("gap", "expectation gap", "change"),
        Column("satisfaction", "satisfaction", "points_change"),
        Column("profit_per_customer", "profit per customer-year", "points_change"),
    )  # fmt: skip
    return Sheet(
        "cost",
        "What one aligned message would change",
        table,
        columns,
        "Paired with the world as it stands; 'from' and 'to' are the 95 % interval of the customers kept.",
    )


def _disagreement(pairs: pd.DataFrame, channels: pd.DataFrame) -> str:
    count = int((channels["place"] >= 0).sum())
    if count == 0:
        return (
            "The company promises nothing in any channel: customers go by price and looks, so there is no message to "
            "align."
        )
    if count == 1:
        return f"There is one channel, {first(channels)['channel']}, so no two messages can disagree."
    widest = first(pairs)
    if widest["difference"] <= _SAME:
        return f"All {count} channels say the same."
    several = int((pairs["difference"] >= widest["difference"] - 1e-9).sum())
    tie = f" (as do {several - 1} other pairs)" if several > 2 else " (as does another pair)" if several == 2 else ""
    return (
        f"{capital(widest['channel'])} and {widest['other']} disagree most, on {widest['dimension']}: "
        f"{widest['says']:.3f} against {widest['against']:.3f}{tie}; {percent(widest['sees_both'])} of customers see "
        "both."
    )


def _broken(channels: pd.DataFrame, delivered: dict[Dimension, Estimate]) -> str:
    """The promise that is furthest above what is delivered, if one clearly is."""
    if any(math.isnan(found.mean) for found in delivered.values()):
        return "Nobody was served, so promises cannot be held against what is delivered."
    over = [
        (float(row[dimension]) - found.mean, str(row["channel"]), dimension, float(row[dimension]))
        for row in channels.to_dict("records")
        if row["place"] >= 0
        for dimension, found in delivered.items()
        if float(row[dimension]) > (found.mean if math.isnan(found.high) else found.high)
    ]
    if not over:
        return "" if (channels["place"] < 0).all() else "No channel promises clearly more than is delivered."
    _, name, dimension, level = max(over)
    return (
        f"The promise furthest above what is delivered: {name} on {dimension}, {level:.3f} against "
        f"{delivered[dimension].mean:.3f} ({interval(delivered[dimension], 3)})."
    )


def _costs(cost: pd.DataFrame) -> str:
    """What disagreement costs, and what promising more than is delivered costs."""
    told = []
    for row in cost.to_dict("records"):
        words = f"{figure(row['kept'])} kept of 1,000 customer-years, {bounds(row['low'], row['high'], sign=True)}"
        is_moved = row["is_clear_gap"] and abs(row["gap"]) >= _TOLD
        moved = f"; the expectation gap would move by {row['gap']:+.4f}" if is_moved else ""
        if row["variant"] == ALIGNED:
            cost_of = "costs customers" if row["is_clear"] and row["kept"] > 0 else "has no clear cost"
            told.append(f"The disagreement {cost_of}: one message at the mean of what is heard, {words}{moved}.")
        elif row["is_clear"]:
            verb = "keep" if row["kept"] > 0 else "lose"
            told.append(f"Promising what is delivered would clearly {verb} customers ({words}){moved}.")
        else:
            told.append(f"Promising what is delivered would not clearly change who leaves ({words}){moved}.")
    return " ".join(told)
