"""What a contact log says: who gave up, how long they waited, patience, by hour and by load."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd

from cxsim.data.lines import Line, mean_line, quantile_line
from cxsim.data.patience import SHORTEST_SECONDS, kaplan_meier

LOADS = ((0, 5), (5, 10), (10, 20), (20, 30), (30, 45), (45, 60), (60, 80), (80, 100), (100, 130), (130, 170),
         (170, 220), (220, math.inf))  # fmt: skip
"""Mean wait, in seconds, of an hour of a date: how loaded the desk was."""
HEAVINESS = (("light", 0, 30), ("middling", 30, 80), ("heavy", 80, math.inf))
PATIENCE_AT = (15, 30, 60, 120, 180, 300, 600)
SHARE_TOLERANCE = 0.02
WAIT_TOLERANCE = 0.05
"""Of the observed wait."""
SIZE = "calls-per-open-hour"
FEWEST_AT_RISK = 50


def call_lines(rows: pd.DataFrame) -> list[Line]:
    """All lines of a contact log (columns as in `Calls.rows`); days are taken as wholes for the sampling errors."""
    return [*_overall(rows), *_by_hour(rows), *_by_load(rows), *_patience(rows)]


def _cells(rows: pd.DataFrame) -> pd.Series[int]:
    return rows["day"] * 24 + rows["hour"]


def _overall(rows: pd.DataFrame) -> list[Line]:
    day, wait = rows["day"].to_numpy(), rows["wait_seconds"].to_numpy("float64")
    gone, queued = rows["is_abandoned"].to_numpy(bool), rows["is_queued"].to_numpy(bool)
    slack = WAIT_TOLERANCE * float(wait.mean())
    lines = [
        mean_line("abandoned", "overall", "share who gave up", "share", gone, 0.01, clusters=day),
        mean_line("wait-mean", "overall", "mean wait of all", "seconds", wait, slack, clusters=day),
        mean_line("queued", "overall", "share who had to wait", "share", queued, 0.03, clusters=day),
        mean_line("wait-mean-queued", "overall", "mean wait of those who waited", "seconds", wait[queued],
                  2 * slack, clusters=day[queued]),
        quantile_line("wait-q90-queued", "overall", "nine in ten who waited, waited at most", "seconds", wait[queued],
                      0.9, 4 * slack),
    ]  # fmt: skip
    for seconds in (20, 60):
        in_time = ~gone & (wait <= seconds)
        lines.append(mean_line(f"within-{seconds}", "overall", f"share answered within {seconds} s", "share", in_time,
                               0.03, clusters=day))  # fmt: skip
    size = _cells(rows).value_counts()
    lines.append(mean_line(SIZE, "size", "contacts per hour of a date", "contacts", size, math.inf))
    spread = rows.groupby([rows["day"], rows["hour"]])["wait_seconds"].agg(["mean", "size"])
    middle = np.average(spread["mean"], weights=spread["size"])
    sd = math.sqrt(float(np.average((spread["mean"] - middle) ** 2, weights=spread["size"])))
    error = sd / math.sqrt(max(2 * rows["day"].nunique(), 1))
    lines.append(Line("wait-spread", "overall", "spread of the mean wait between hours of dates", "seconds",
                      len(spread), sd, error, 3 * slack))  # fmt: skip
    return lines


def _by_hour(rows: pd.DataFrame) -> list[Line]:
    lines = []
    for hour, part in rows.groupby("hour"):
        day, at = part["day"].to_numpy(), int(str(hour))
        wait = part["wait_seconds"].to_numpy("float64")
        lines.append(mean_line(f"abandoned-{at:02d}-h", "given up by hour", f"share who gave up, {at} to {at + 1} h",
                               "share", part["is_abandoned"], SHARE_TOLERANCE, at, day))  # fmt: skip
        lines.append(mean_line(f"wait-{at:02d}-h", "wait by hour", f"mean wait, {at} to {at + 1} h", "seconds", wait,
                               2 * WAIT_TOLERANCE * float(rows["wait_seconds"].mean()), at, day))  # fmt: skip
    return lines


def _by_load(rows: pd.DataFrame) -> list[Line]:
    cell = _cells(rows)
    load = rows.groupby(cell)["wait_seconds"].transform("mean").to_numpy("float64")
    gone, wait = rows["is_abandoned"].to_numpy(bool), rows["wait_seconds"].to_numpy("float64")
    lines = []
    for low, high in LOADS:
        within = (load >= low) & (load < high)
        label = f"{low} to {high} s" if math.isfinite(high) else f"{low} s or more"
        place = float(wait[within].mean()) if within.any() else math.nan
        key = f"{low}-to-{high}" if math.isfinite(high) else f"{low}-or-more"
        text = f"share who gave up in hours with a mean wait of {label}"
        lines.append(mean_line(f"abandoned-at-{key}", "given up by load", text, "share", gone[within],
                               SHARE_TOLERANCE, place, cell.to_numpy()[within]))  # fmt: skip
    for name, low, high in HEAVINESS:
        part = rows[(load >= low) & (load < high)]
        lines += _survival(part, (30, 60, 120), f"patience, {name} load", f"-{name}")
    return lines


def _patience(rows: pd.DataFrame) -> list[Line]:
    return _survival(rows, PATIENCE_AT, "patience", "")


def _survival(rows: pd.DataFrame, at: tuple[int, ...], group: str, suffix: str) -> list[Line]:
    """Kaplan-Meier at some seconds, with Greenwood's error."""
    waited = rows[rows["is_queued"].to_numpy(bool)]
    wait = np.maximum(waited["wait_seconds"].to_numpy("float64"), SHORTEST_SECONDS)
    gone = waited["is_abandoned"].to_numpy(bool)
    if gone.sum() < 2:
        return []
    curve = kaplan_meier(wait, gone)
    with warnings.catch_warnings():  # where nobody is left, which is not looked at
        warnings.simplefilter("ignore", RuntimeWarning)
        interval = curve.confidence_interval(0.95)
    lines = []
    for seconds in at:
        risk = int((wait >= seconds).sum())
        if risk < FEWEST_AT_RISK:
            continue
        value = float(curve.evaluate(seconds))
        error = float(interval.high.evaluate(seconds) - interval.low.evaluate(seconds)) / (2 * 1.96)
        lines.append(Line(f"patience-{seconds}{suffix}", group, f"share who would still wait after {seconds} s"
                          + (f", {group.split(', ')[1]}" if suffix else ""), "share", risk, value, error,
                          SHARE_TOLERANCE, seconds))  # fmt: skip
    return lines
