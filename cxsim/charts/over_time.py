"""Over time: satisfaction, the gap, waits, and those who left, week by week."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from cxsim.charts.look import Theme, faded, figure, kindly_empty, palette
from cxsim.charts.worlds import Found, worlds
from cxsim.results.result import Result

WEEK = 7
Weekly = Callable[[Any], Any]
"""From days grouped by week and replication to one value per group."""


def weekly_table(result: Result, value: Weekly) -> tuple[list[float], pd.DataFrame]:
    """Weeks after the warm-up and, per week (row) and replication (column), a value."""
    days = result.days
    measured = days[days["day"] >= 0]
    whole = measured[measured["day"] < (measured["day"].max() + 1) // WEEK * WEEK]
    kept = whole if len(whole) else measured
    grouped = kept.assign(week=kept["day"] // WEEK).groupby(["week", "replication"])
    table = value(grouped).unstack("replication")  # noqa: PD010
    return [float(week) + 1 for week in table.index], table


def weekly_lines(found: Found, value: Weekly, theme: Theme, unit: str, digits: int) -> tuple[list[dict[str, Any]], Any]:
    """A line per world with the spread between replications; and the weekly means of the one looked at."""
    colours, traces = palette(theme), []
    means: pd.Series = pd.Series(dtype=float)
    for name, result, looked_at in worlds(found).each():
        weeks, table = weekly_table(result, value)
        means = table.mean(axis=1)
        colour = colours.accent if looked_at else colours.baseline
        if table.shape[1] > 1:
            low, high = table.min(axis=1), table.max(axis=1)
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
    return traces, means.dropna()


def weekly_chart(
    traces: list[dict[str, Any]], finding: str, about: str, theme: Theme, unit: str, **axis: Any
) -> go.Figure:
    """A chart by week, with what line and band are."""
    return figure(
        traces, finding, about + " Line: mean of the replications; band: from the lowest to the highest.", theme, 280,
        xaxis={"title": {"text": "weeks after the warm-up"}}, yaxis={"title": {"text": unit}, **axis},
    )  # fmt: skip


def _moved(means: pd.Series, digits: int) -> str:
    """First and last month of a weekly series, in words."""
    month = max(min(4, len(means) // 2), 1)
    first, last = float(means.iloc[:month].mean()), float(means.iloc[-month:].mean())
    if round(first, digits) == round(last, digits):
        return f"stays at {last:.{digits}f}"
    return f"{'rises' if last > first else 'falls'} from {first:.{digits}f} to {last:.{digits}f}"


def satisfaction_over_time(found: Found, theme: Theme = "light") -> go.Figure:
    """Mean satisfaction of those present, by week."""
    traces, means = weekly_lines(found, lambda week: week["satisfaction"].mean(), theme, "of 100", 2)
    if means.empty:
        return kindly_empty("Nobody was there, so there is no satisfaction to show.", theme)
    return weekly_chart(
        traces, f"Satisfaction {_moved(means, 1)}", "Mean satisfaction of those present, 0 to 100.", theme, "0 to 100"
    )


def gap_over_time(found: Found, theme: Theme = "light") -> go.Figure:
    """Perceived less predicted level per encounter, by week."""

    def gap(week: Any) -> Any:
        total = week[["encounter_gap", "encounters"]].sum()
        return total["encounter_gap"] / total["encounters"].where(total["encounters"] > 0)

    traces, means = weekly_lines(found, gap, theme, "level", 5)
    if means.empty:
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

    def share(week: Any) -> Any:
        total = week[["poor_journeys", "journeys"]].sum()
        return 100 * total["poor_journeys"] / total["journeys"].where(total["journeys"] > 0)

    traces, means = weekly_lines(found, share, theme, "%", 2)
    if means.empty:
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

    def gone(week: Any) -> Any:
        total = week["left"].sum().groupby("replication").cumsum()
        return 100 * total / week["present"].first().groupby("replication").transform("first").clip(lower=1)

    traces, means = weekly_lines(found, gone, theme, "of 100", 3)
    if means.empty:
        return kindly_empty("Nobody was there, so nobody could leave.", theme)
    weeks = len(means)
    finding = f"After {weeks} weeks, {means.iloc[-1]:.1f} customers left for every 100 who were there at the start"
    return weekly_chart(
        traces,
        finding,
        "Left after a poor journey or a blow-up, added up; newcomers who left included.",
        theme,
        "per 100 at the start",
        rangemode="tozero",
    )
