"""A company's own orders: what was promised, what came when, and the score given for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from cxsim.data.columns import Column
from cxsim.data.quality import Quality
from cxsim.data.reading import Limits, read_columns, without_duplicates
from cxsim.scenario.errors import Problem, ScenarioError

Floats = np.ndarray[Any, np.dtype[np.float64]]
DayUnit = Literal["days", "hours", "minutes", "seconds"]
PER_DAY: dict[str, float] = {"days": 1.0, "hours": 24.0, "minutes": 1440.0, "seconds": 86400.0}
LONGEST_DAYS = 1000.0
"""Promises and deliveries beyond this are taken for mistakes."""
SAME_DAY = 0.25
"""Days that an order takes which is promised or delivered on its own date, where only dates are known."""
FEWEST = 200
"""Orders with promised and actual time below which no lead times are fitted."""
WHOLE_DAY = 1e-3
"""Times may be rounded: what is late by this much less than a whole day counts as the whole day."""

COLUMNS = (
    Column("order", "text", "number of the order, to find duplicates", ("order_id", "order_number")),
    Column("customer", "text", "who ordered", ("customer_id", "user_id")),
    Column("ordered", "time", "when it was ordered", ("ordered_at", "order_date", "purchase_date", "purchased",
                                                      "purchase_day", "order_purchase_timestamp")),
    Column("promised", "time", "date (or instant) promised", ("promised_at", "promised_date", "due", "due_date",
                                                              "order_estimated_delivery_date")),
    Column("handed_over", "time", "when it was handed to the carrier", ("shipped", "shipped_at",
                                                                        "order_delivered_carrier_date")),
    Column("delivered", "time", "when it arrived", ("delivered_at", "delivery_date", "actual_date",
                                                    "order_delivered_customer_date")),
    Column("answered", "time", "when the score was given", ("answered_at", "review_date", "score_date")),
    Column("promised_days", "number", "time promised, from the order on", ("promise_days",)),
    Column("handover_days", "number", "time until handed to the carrier, from the order on", ("handling_days",)),
    Column("actual_days", "number", "time until it arrived, from the order on", ("delivery_days", "lead_days")),
    Column("days_late", "number", "whole days after the promised date; negative: early", ("lateness_days",)),
    Column("answered_after_delivery_days", "number", "time from the arrival to the answer; negative: answered while "
           "still waiting", ()),
    Column("score", "number", "stars or points given", ("review_score", "stars", "rating", "csat")),
    Column("status", "text", "what became of the order", ("order_status", "state")),
    Column("purchase_exact", "number", "1 where the instant of the order is known exactly", ()),
    Column("weight", "number", "sampling weight", ()),
)  # fmt: skip
"""What may be read of orders; promised and actual time are needed, as dates or as days, or else the days late."""


@dataclass(frozen=True)
class Orders:
    """Orders ready to be fitted.

    Attributes:
        rows: one row per delivered order: promised_days, handover_days, actual_days, days_late (whole days, 0 on the
            promised day), score (1 to 5), answered_days (from the order on), is_waiting (1 answered before arrival, 0
            after, nan unknown), is_exact, customer.
        quality: what was found wrong.
        ordered: instants of the orders in days since 1970; nan where unknown or without a calendar.
        grace_days: time after the promised instant from which an order is late.
        name: of the file.
    """

    rows: pd.DataFrame
    quality: Quality
    ordered: Floats
    grace_days: float
    name: str

    @property
    def timed(self) -> pd.DataFrame:
        """Orders with exact promised and actual times."""
        rows = self.rows
        return rows[rows["is_exact"] & rows["promised_days"].notna() & rows["actual_days"].notna()]


def whole_days_late(actual: Floats, promised: Floats, grace_days: float) -> Floats:
    """Begun days after promise and grace: 0 and below is on time, 1 is the first day late."""
    return np.floor(actual - promised - grace_days + WHOLE_DAY) + 1.0


def read_orders(
    path: str | Path, mapping: Mapping[str, str] | None = None, *, limits: Limits | None = None,
    unit: DayUnit | None = None, scale: tuple[float, float] | None = None, grace_days: float = 1.0,
    date_format: str | None = None,
) -> Orders:  # fmt: skip
    """Read orders and sort out what cannot be used, counting all of it.

    Args:
        path: CSV or Parquet.
        mapping: their column for some of ours (`COLUMNS`).
        limits: most that is read.
        unit: of all durations; days, unless that would be absurd, which is told.
        scale: lowest and highest score; 1 to 5, unless scores say otherwise, which is told.
        grace_days: time after the promised instant from which an order is late; 1 for promises of a date.
        date_format: see `read_columns`.

    Raises:
        ScenarioError: the file cannot be read, lacks what is needed, or its units are in doubt.
    """
    quality = Quality()
    table = read_columns(path, COLUMNS, mapping or {}, quality, limits, date_format)
    _need(table, str(path))
    table = without_duplicates(table, "order", quality)
    times = _durations(table, str(path), unit, quality)
    rows = pd.DataFrame(times, index=table.index)
    rows["score"] = _scores(table, str(path), scale, quality)
    rows["customer"] = table.get("customer")
    rows["is_exact"] = _numbers(table, "purchase_exact", 1.0) != 0.0
    _check_given_lateness(table, rows, grace_days, quality)
    return _only_usable(table, rows, quality, grace_days, Path(path).name)


def _need(table: pd.DataFrame, file: str) -> None:
    there = set(table.columns)
    as_days = {"promised_days", "actual_days"} <= there
    as_dates = {"ordered", "promised", "delivered"} <= there
    mixed = "ordered" in there and {"promised", "promised_days"} & there and {"delivered", "actual_days"} & there
    if not (as_days or as_dates or mixed or {"days_late", "score"} <= there):
        found = ", ".join(sorted(there)) or "none of them"
        sentence = (
            "needs promised_days and actual_days, or the dates ordered, promised and delivered; found: "
            f"{found}. Name your columns: --map promised_days=YOURS"
        )
        raise ScenarioError([Problem("", sentence, file)])
    if len(table) == 0:
        raise ScenarioError([Problem("", "has no rows", file)])


def _numbers(table: pd.DataFrame, name: str, otherwise: float = np.nan) -> Floats:
    if name not in table:
        return np.full(len(table), otherwise)
    values = table[name].to_numpy(dtype="float64")
    return values if np.isnan(otherwise) else np.where(np.isnan(values), otherwise, values)


def _durations(table: pd.DataFrame, file: str, unit: DayUnit | None, quality: Quality) -> dict[str, Floats]:
    """Days promised, until handed over, until arrived, and until answered, from the order on."""
    ordered = _numbers(table, "ordered")
    found: dict[str, Floats] = {}
    pairs = {"promised_days": "promised", "handover_days": "handed_over", "actual_days": "delivered"}
    for name, date in pairs.items():
        given = _numbers(table, name) / PER_DAY[unit or "days"]
        _doubt_unit(name, given, file, unit)
        since = _numbers(table, date) - ordered
        found[name] = np.where(np.isnan(given), since, given)
    later = _numbers(table, "answered_after_delivery_days") / PER_DAY[unit or "days"]
    since = _numbers(table, "answered") - ordered
    found["answered_days"] = np.where(np.isnan(later), since, found["actual_days"] + later)
    waiting = np.where(np.isnan(later), since - found["actual_days"], later)
    found["is_waiting"] = np.where(np.isnan(waiting), np.nan, waiting < 0.0)
    found["days_late"] = np.floor(_numbers(table, "days_late"))
    labels = {"promised_days": "promised", "handover_days": "handed over", "actual_days": "delivered"}
    for name, label in labels.items():
        # a clock differing by an hour or two between two systems is no impossible date
        impossible = (found[name] < -0.1) | (np.abs(found[name]) > LONGEST_DAYS)
        quality.add(f"{name}-impossible", int(impossible.sum()), f"Orders {label} before they were ordered, or over "
                    f"{LONGEST_DAYS:,.0f} days after it: the time was taken as missing.")  # fmt: skip
        found[name] = np.where(impossible, np.nan, np.maximum(found[name], 0.0))
    zero = (found["promised_days"] <= 0.0) | (found["actual_days"] <= 0.0)
    quality.add("same-instant", int(zero.sum()), "Orders promised or delivered at the very instant of the order: the "
                f"time was taken as {SAME_DAY:g} days.")  # fmt: skip
    for name in ("promised_days", "actual_days"):
        found[name] = np.where(found[name] <= 0.0, SAME_DAY, found[name])
    after = found["handover_days"] > found["actual_days"]
    quality.add("handover-after-arrival", int(after.sum()), "Orders handed to the carrier after they had arrived: the "
                "time of handing over was taken as missing.")  # fmt: skip
    found["handover_days"] = np.where(after, np.nan, found["handover_days"])
    return found


def _doubt_unit(name: str, values: Floats, file: str, unit: DayUnit | None) -> None:
    known = values[np.isfinite(values)]
    if not len(known):
        return
    middle, many = float(np.median(np.abs(known))), int((np.abs(known) > LONGEST_DAYS).sum())
    if middle > LONGEST_DAYS and unit is None:
        guess = "timestamps" if middle > 1e8 else "hours, minutes or seconds"
        sentence = (
            f"the middle value is {middle:,.0f}, and {many:,} are over {LONGEST_DAYS:,.0f}: these look like {guess}, "
            "not days; say --unit hours, minutes or seconds, or map dates to ordered, promised and delivered"
        )
        raise ScenarioError([Problem(name, sentence, file)])


def _scores(table: pd.DataFrame, file: str, scale: tuple[float, float] | None, quality: Quality) -> Floats:
    scores = _numbers(table, "score")
    known = scores[np.isfinite(scores)]
    if scale is None and len(known) and (np.mean(known > 5.0) > 0.02 or np.mean(known < 1.0) > 0.02):
        odd = int(((known > 5.0) | (known < 1.0)).sum())
        sentence = f"{odd:,} of {len(known):,} scores are not from 1 to 5; say what they run from and to: --scale 0-10"
        raise ScenarioError([Problem("score", sentence, file)])
    low, high = scale or (1.0, 5.0)
    outside = (scores < low) | (scores > high)
    quality.add("scores-outside", int(outside.sum()), f"Scores outside {low:g} to {high:g} were taken as missing.")
    stars = np.where(outside, np.nan, 1.0 + 4.0 * (scores - low) / (high - low))
    if scale not in (None, (1.0, 5.0)):
        quality.add("scores-rescaled", int(np.isfinite(stars).sum()), f"Scores from {low:g} to {high:g} were turned "
                    "into 1 to 5 stars in proportion.")  # fmt: skip
    return stars


def _check_given_lateness(table: pd.DataFrame, rows: pd.DataFrame, grace_days: float, quality: Quality) -> None:
    """Days late as the file says, else from the two times; where both are there, they should agree."""
    actual, promised = (rows[name].to_numpy(dtype="float64") for name in ("actual_days", "promised_days"))
    reckoned = whole_days_late(actual, promised, grace_days)
    given = rows["days_late"].to_numpy(dtype="float64")
    if "days_late" in table:
        differ = np.isfinite(given) & np.isfinite(reckoned) & (given != reckoned)
        quality.add("lateness-disagrees", int(differ.sum()), "Days late as given differ from actual less promised "
                    "time; those given were kept.")  # fmt: skip
    rows["days_late"] = np.where(np.isfinite(given), given, reckoned)


def _only_usable(table: pd.DataFrame, rows: pd.DataFrame, quality: Quality, grace_days: float, name: str) -> Orders:
    """Delivered orders; the others are counted, with their weight where the file has one."""
    status = pd.Series(table["status"], dtype="object").str.lower() if "status" in table else None
    elsewhere = status.notna() & ~status.isin(["delivered", "completed", "complete"]) if status is not None else None
    arrived = rows["days_late"].notna() | rows["actual_days"].notna()
    arrived = arrived & ~elsewhere if elsewhere is not None else arrived
    never = ~arrived
    weight = _numbers(table, "weight", 1.0)
    share = float(weight[never.to_numpy()].sum() / max(weight.sum(), 1e-12))
    quality.add("not-delivered", int(never.sum()), f"Orders without an arrival ({100 * share:.1f} % of all orders, by "
                "weight where there is one) were left out: the model delivers all it takes.")  # fmt: skip
    scored = never & rows["score"].notna()
    quality.add("scored-without-arrival", int(scored.sum()), "Of these, orders that were scored all the same; their "
                "scores are not compared.")  # fmt: skip
    rows = rows[arrived]
    partly = rows["promised_days"].isna() | rows["actual_days"].isna()
    quality.add("times-missing", int(partly.sum()), "Delivered orders that lack the promised or the actual time were "
                "left out of the lead times; those with days late and a score were kept for the response.")  # fmt: skip
    inexact = ~rows["is_exact"]
    quality.add("purchase-inexact", int((inexact & ~partly).sum()), "Orders whose instant is not known exactly were "
                "left out of the lead times.")  # fmt: skip
    unscored = rows["score"].isna()
    quality.add("no-score", int(unscored.sum()), "Delivered orders without a score were kept for the lead times only.")
    asked = rows["score"].notna() & rows["is_waiting"].isna()
    quality.add("answer-time-unknown", int(asked.sum()), "Scores whose time of answering is not known: whether the "
                "customer was still waiting is not known either.")  # fmt: skip
    ordered = _numbers(table, "ordered")[arrived.to_numpy()]
    quality.rows_used = len(rows)
    return Orders(rows.reset_index(drop=True), quality, ordered, grace_days, name)
