"""Delivery: promised and actual days, and how customers answer to early and late."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from cxsim.charts.look import Theme, figure, kindly_empty, palette
from cxsim.charts.worlds import Found, stop_labels, summed, worlds
from cxsim.results.result import Result

_NO_DELIVERY = "Nothing is delivered in this world, so there is no promise of days to keep."
_FEW = 5
"""Deliveries below which a mean would say little."""


def _delivered(result: Result) -> pd.DataFrame:
    """Deliveries that arrived, of the followed customers; `late` in days beyond the promise."""
    log = result.encounters
    if "promised_days" not in log:
        return pd.DataFrame({"late": pd.Series(dtype=float)})
    stops = [name for name, stop in result.scenario.touchpoints.items() if stop.kind == "delivery"]
    rows = log[(log["event"] == "encounter") & log["touchpoint"].isin(stops) & (log["days"] > 0)]
    rows = rows[rows["day"] >= 0]
    return rows.assign(late=rows["days"] - rows["promised_days"])


def _has_delivery(result: Result) -> bool:
    return any(stop.kind == "delivery" for stop in result.scenario.touchpoints.values())


def promised_and_actual(found: Found, theme: Theme = "light") -> go.Figure:
    """How many days parcels come before or after the promised date."""
    world, colours = worlds(found).now, palette(theme)
    if not _has_delivery(world):
        return kindly_empty(_NO_DELIVERY, theme)
    late = _delivered(world)["late"].to_numpy(float)
    if len(late) < _FEW:
        return kindly_empty("Too few deliveries of followed customers to draw their days.", theme)
    low, high = np.floor(np.percentile(late, [0.5, 99.5]))
    width = max(round((high - low) / 40), 1)
    edges = np.arange(np.floor(low / width) * width, high + 2 * width, width)  # a bin begins at the promised day
    counts, _ = np.histogram(np.clip(late, edges[0], edges[-1] - 1e-9), edges)
    share = float((late > 0).mean())
    middle = edges[:-1] + width / 2
    traces = [
        {"type": "bar", "x": middle.tolist(), "y": (100 * counts / len(late)).round(2).tolist(), "width": 0.9 * width,
         "marker": {"color": [colours.above if day < 0 else colours.below for day in middle]}, "showlegend": False,
         "hovertemplate": "%{x:.0f} days after the promise: %{y:.1f} %<extra></extra>"}
    ]  # fmt: skip
    finding = (
        f"{100 * share:.0f} of 100 deliveries come after the promised day; half come "
        f"{abs(float(np.median(late))):.1f} days {'early' if np.median(late) < 0 else 'late'} or "
        f"{'more' if np.median(late) < 0 else 'worse'}"
    )
    return figure(traces, finding, f"Days from the promised day, {len(late):,} deliveries of followed customers. Left "
                  "of zero: early.", theme, 260, xaxis={"title": {"text": "days after the promised day"}},
                  yaxis={"title": {"text": "% of deliveries"}}, bargap=0)  # fmt: skip


def response_to_lateness(found: Found, theme: Theme = "light") -> go.Figure:
    """Satisfaction with a delivery by how early or late it came."""
    world, colours = worlds(found).now, palette(theme)
    if not _has_delivery(world):
        return kindly_empty(_NO_DELIVERY, theme)
    rows = _delivered(world)
    edges = [-np.inf, -14, -7, -3, 0, 1, 3, 7, 14, np.inf]
    names = ["over 14 early", "7 to 14 early", "3 to 7 early", "up to 3 early", "up to 1 late", "1 to 3 late",
             "3 to 7 late", "7 to 14 late", "over 14 late"]  # fmt: skip
    if len(rows) < _FEW:
        return kindly_empty("Too few deliveries of followed customers to show an answer to lateness.", theme)
    shown = 50 + 50 * rows["satisfaction"]
    parts = shown.groupby(pd.cut(rows["late"], edges, labels=names), observed=True)
    stats = parts.quantile(np.array([0.25, 0.5, 0.75])).unstack()  # noqa: PD010
    stats = stats[parts.size() >= _FEW]
    if stats.empty:
        return kindly_empty("Too few deliveries of followed customers to show an answer to lateness.", theme)
    places = [names.index(str(name)) for name in stats.index]
    traces = [
        {"type": "scatter", "mode": "markers+lines", "y": [str(name) for name in stats.index], "showlegend": False,
         "x": stats[0.5].round(2).tolist(), "line": {"color": colours.baseline, "width": 1.5},
         "marker": {"size": 11, "color": [colours.above if place < 4 else colours.below for place in places]},
         "error_x": {"type": "data", "symmetric": False, "array": (stats[0.75] - stats[0.5]).round(2).tolist(),
                     "arrayminus": (stats[0.5] - stats[0.25]).round(2).tolist(), "color": colours.baseline,
                     "thickness": 2, "width": 0},
         "hovertemplate": "%{y}: %{x:.0f} of 100<extra></extra>"}
    ]  # fmt: skip
    early, late = shown[rows["late"] <= 0], shown[rows["late"] > 0]
    if len(early) and len(late):
        finding = f"Coming late costs {early.mean() - late.mean():.0f} points of satisfaction with the delivery"
    else:
        finding = f"Satisfaction with the delivery is {shown.mean():.0f} of 100"
    return figure(traces, finding, "Dot: median satisfaction with the delivery; line: middle half of customers. Days "
                  "against the promised day.", theme, 100 + 24 * len(stats),
                  xaxis={"title": {"text": "0 bad to 100 good"}},
                  yaxis={"title": {"text": "days"}, "autorange": "reversed", "showgrid": False})  # fmt: skip


def promises_kept(found: Found, theme: Theme = "light") -> go.Figure:
    """Promised and actual days, and the share on time, per world."""
    shown, colours = worlds(found), palette(theme)
    if not _has_delivery(shown.now):
        return kindly_empty(_NO_DELIVERY, theme)
    names, promised, actual, on_time = [], [], [], []
    labels = stop_labels(shown.now)
    for name, result, _ in shown.each():
        for stop, counts in summed(result, "touchpoints", "touchpoint").items():
            if counts["deliveries"] > 0:
                names.append(labels.get(stop, stop) if shown.before is None else f"{labels.get(stop, stop)}, {name}")
                promised.append(round(counts["promised_days"] / counts["deliveries"], 2))
                actual.append(round(counts["delivery_days"] / counts["deliveries"], 2))
                on_time.append(counts["on_time"] / max(counts["on_time"] + counts["overdue_noticed"], 1))
    if not names:
        return kindly_empty("Nothing arrived in the time measured.", theme)
    traces = [
        {"type": "bar", "orientation": "h", "y": names, "x": promised, "name": "promised",
         "marker": {"color": colours.within}, "hovertemplate": "promised %{x:.1f} days<extra>%{y}</extra>"},
        {"type": "bar", "orientation": "h", "y": names, "x": actual, "name": "actual",
         "marker": {"color": colours.accent}, "hovertemplate": "actual %{x:.1f} days<extra>%{y}</extra>"},
    ]  # fmt: skip
    finding = (
        f"Promised in {promised[-1]:.1f} days on average, there in {actual[-1]:.1f}: {100 * on_time[-1]:.0f} % on time"
    )
    return figure(traces, finding, "Mean days promised when ordering and mean days until arrival.", theme,
                  124 + 56 * len(names), barmode="group", xaxis={"title": {"text": "days"}, "rangemode": "tozero"},
                  yaxis={"showgrid": False})  # fmt: skip
