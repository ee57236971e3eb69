"""Over time: satisfaction, the gap, waits, and those who left, week by week."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from cxsim.charts.look import Theme, faded, figure, kindly_empty, palette
from cxsim.charts.worlds import Found, worlds
from cxsim.results.result import Result

WEEK = 7
Days = Callable[[str], NDArray[np.float64]]
"""From a column of the days' table to its values: replications x weeks x days of the week."""
Weekly = Callable[[Days], NDArray[np.float64]]
"""From the days, grouped by week, to one value per replication and week."""


def weekly_table(result: Result, value: Weekly) -> tuple[list[float], NDArray[np.float64]]:
    """Weeks after the warm-up and, per replication (row) and week (column), a value."""
    table = result.days
    replications = int(table["replication"].nunique())
    measured = table["day"].to_numpy().reshape(replications, -1)[0] >= 0
    length = int(measured.sum())
    week = min(WEEK, max(length, 1))  # less than a week counts as one

    def days(column: str) -> NDArray[np.float64]:
        values = table[column].to_numpy(dtype=float).reshape(replications, -1)[:, measured]
        return values[:, : length // week * week].reshape(replications, -1, week)

    return [float(number) + 1 for number in range(length // week)], value(days)


def ratio(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums of the weeks divided; NaN where there is nothing to divide by."""
    parts, whole = above.sum(axis=2), below.sum(axis=2)
    shares: NDArray[np.float64] = np.divide(parts, whole, out=np.full_like(parts, np.nan), where=whole > 0)
    return shares


def weekly_means(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean of the replications that have a value, by week; NaN where none has."""
    known = np.isfinite(table)
    count = known.sum(axis=0)
    total = np.where(known, table, 0.0).sum(axis=0)
    means: NDArray[np.float64] = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    return means


def weekly_lines(
    found: Found, value: Weekly, theme: Theme, unit: str, digits: int
) -> tuple[list[dict[str, Any]], NDArray[np.float64]]:
    """A line per world with the spread between replications; and the weekly means there are of the one looked at."""
    colours, traces = palette(theme), []
    means = np.empty(0)
    for name, result, looked_at in worlds(found).each():
        weeks, table = weekly_table(result, value)
        means = weekly_means(table)
        colour = colours.accent if looked_at else colours.baseline
        if len(table) > 1:
            low, high = np.fmin.reduce(table), np.fmax.reduce(table)
            traces.append(
                {"type": "scatter", "x": [*weeks, *weeks[::-1]], "mode": "lines", "line": {"width": 0},
                 "y": np.round([*high, *low[::-1]], digits).tolist(), "fill": "toself", "showlegend": False,
                 "fillcolor": faded(colour, 0.14), "hoverinfo": "skip"}
            )  # fmt: skip
        traces.append(
            {"type": "scatter", "x": weeks, "y": np.round(means, digits).tolist(), "name": name, "mode": "lines",
             "line": {"color": colour, "width": 2.4 if looked_at else 1.8, "dash": "solid" if looked_at else "dot"},
             "showlegend": not isinstance(found, Result), "hovertemplate": f"week %{{x}}: %{{y}} {unit}"}
        )  # fmt: skip
    return traces, means[np.isfinite(means)]


def weekly_chart(
    traces: list[dict[str, Any]], finding: str, about: str, theme: Theme, unit: str, **axis: Any
) -> go.Figure:
    """A chart by week, with what line and band are."""
    return figure(
        traces, finding, about + " Line: mean of the replications; band: from the lowest to the highest.", theme, 280,
        xaxis={"title": {"text": "weeks after the warm-up"}}, yaxis={"title": {"text": unit}, **axis},
    )  # fmt: skip


def _moved(means: NDArray[np.float64], digits: int) -> str:
    """First and last month of a weekly series, in words."""
    month = max(min(4, len(means) // 2), 1)
    first, last = float(means[:month].mean()), float(means[-month:].mean())
    if round(first, digits) == round(last, digits):
        return f"stays at {last:.{digits}f}"
    return f"{'rises' if last > first else 'falls'} from {first:.{digits}f} to {last:.{digits}f}"


def satisfaction_over_time(found: Found, theme: Theme = "light") -> go.Figure:
    """Mean satisfaction of those present, by week."""
    traces, means = weekly_lines(found, lambda days: days("satisfaction").mean(axis=2), theme, "of 100", 2)
    if not means.size:
        return kindly_empty("Nobody was there, so there is no satisfaction to show.", theme)
    return weekly_chart(
        traces, f"Satisfaction {_moved(means, 1)}", "Mean satisfaction of those present, 0 to 100.", theme, "0 to 100"
    )


def gap_over_time(found: Found, theme: Theme = "light") -> go.Figure:
    """Perceived less predicted level per encounter, by week."""

    def gap(days: Days) -> NDArray[np.float64]:
        return ratio(days("encounter_gap"), days("encounters"))

    traces, means = weekly_lines(found, gap, theme, "level", 5)
    if not means.size:
        return kindly_empty("Nobody met the company, so there is no gap to show.", theme)
    below = float((means < 0).mean())
    finding = f"Customers got less than they expected in {100 * below:.0f} % of the weeks"
    return weekly_chart(
        traces,
        finding,
        "Expectation gap: perceived less predicted level; below zero, expected more than got.",
        theme,
        "level",
        zeroline=True,
    )


def poor_journeys_over_time(found: Found, theme: Theme = "light") -> go.Figure:
    """Share of journeys with a poor encounter, by week."""

    def share(days: Days) -> NDArray[np.float64]:
        return 100 * ratio(days("poor_journeys"), days("journeys"))

    traces, means = weekly_lines(found, share, theme, "%", 2)
    if not means.size:
        return kindly_empty("No journey was finished, so none was poor.", theme)
    finding = f"{means.mean():.1f} of 100 journeys have a poor encounter; the worst week has {means.max():.1f}"
    return weekly_chart(
        traces,
        finding,
        "Journeys with at least one poor encounter, of those finished in the week.",
        theme,
        "% of journeys",
        rangemode="tozero",
    )


def left_over_time(found: Found, theme: Theme = "light") -> go.Figure:
    """Customers who left after a poor journey, added up, per 100 present at the start."""

    def gone(days: Days) -> NDArray[np.float64]:
        at_start = np.maximum(days("present")[:, :1, 0], 1.0)
        total: NDArray[np.float64] = days("left").sum(axis=2).cumsum(axis=1)
        return 100 * total / at_start

    traces, means = weekly_lines(found, gone, theme, "of 100", 3)
    if not means.size:
        return kindly_empty("Nobody was there, so nobody could leave.", theme)
    weeks = len(means)
    finding = f"After {weeks} weeks, {means[-1]:.1f} customers left for every 100 who were there at the start"
    return weekly_chart(
        traces,
        finding,
        "Left after a poor journey or a blow-up, added up; newcomers who left included.",
        theme,
        "per 100 at the start",
        rangemode="tozero",
    )
