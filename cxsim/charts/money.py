"""Money: from revenue over costs to profit, per customer and year."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from cxsim.charts.look import Theme, figure, kindly_empty, palette
from cxsim.charts.worlds import Found, worlds
from cxsim.results.result import Result


def amounts(result: Result) -> dict[str, float]:
    """Revenue and every kind of cost per customer-year, after the warm-up: means over the replications."""
    runs = result.runs
    names = [str(name) for name in runs if str(name).startswith("cost_")]
    costs = {name.removeprefix("cost_"): runs[name].mean() for name in names}
    found = {"revenue": runs["revenue"].mean(), **costs}
    return {kind.replace("_", " "): float(value) for kind, value in found.items() if math.isfinite(value)}


def from_revenue_to_profit(found: Found, theme: Theme = "light") -> go.Figure:
    """Revenue, costs by kind, and profit per customer-year."""
    shown, colours = worlds(found), palette(theme)
    now = amounts(shown.now)
    if not any(now.values()):
        return kindly_empty("No money changes hands in this world.", theme)
    costs = {kind: value for kind, value in now.items() if kind != "revenue" and value > 0}
    profit = now["revenue"] - sum(costs.values())
    costs = dict(sorted(costs.items(), key=lambda item: -item[1]))
    traces = [
        {"type": "waterfall", "orientation": "h", "y": ["revenue", *costs, "profit"],
         "measure": ["absolute", *["relative"] * len(costs), "total"],
         "x": [round(now["revenue"], 2), *(-round(value, 2) for value in costs.values()), 0],
         "text": [f"{value:,.0f}" for value in (now["revenue"], *costs.values(), profit)], "textposition": "outside",
         "cliponaxis": False, "connector": {"line": {"color": colours.line}}, "showlegend": False,
         "increasing": {"marker": {"color": colours.above}}, "decreasing": {"marker": {"color": colours.below}},
         "totals": {"marker": {"color": colours.accent}}, "hovertemplate": "%{y}: %{text}<extra></extra>"}
    ]  # fmt: skip
    largest = next(iter(costs), "")
    if now["revenue"] == 0:
        finding = f"A customer costs {sum(costs.values()):,.2f} a year, most of it for {largest}; nothing is sold here"
    else:
        told = "earns" if profit >= 0 else "loses"
        finding = f"Each customer {told} {abs(profit):,.0f} a year; {largest} cost most ({costs.get(largest, 0):,.0f})"
    return figure(traces, finding, "Per customer and year, in units of money, after the warm-up.", theme,
                  96 + 30 * (len(costs) + 2), xaxis={"title": {"text": "money per customer-year"},
                  "range": [min(profit, 0) * 1.2, max(now["revenue"], 1e-9) * 1.12]},
                  yaxis={"showgrid": False, "autorange": "reversed"})  # fmt: skip


def change_in_money(found: Found, theme: Theme = "light") -> go.Figure:
    """What the change does to revenue and to every kind of cost."""
    shown, colours = worlds(found), palette(theme)
    if shown.before is None:
        return kindly_empty("Change something to see what it does to the money.", theme)
    now, before = amounts(shown.now), amounts(shown.before)
    signs = {kind: 1.0 if kind == "revenue" else -1.0 for kind in now if kind in before}
    changes = {kind: sign * (now[kind] - before[kind]) for kind, sign in signs.items()}
    moved = {kind: value for kind, value in changes.items() if abs(value) >= 0.005}  # less is shown as nothing
    if not moved:
        return kindly_empty("Nothing changed in the money.", theme)
    names = sorted(moved, key=lambda kind: abs(moved[kind]))
    total = sum(changes.values())
    ends = [min([0, *moved.values()]), max([0, *moved.values()])]
    room = 0.22 * (ends[1] - ends[0])  # for the numbers beside the bars
    traces = [
        {"type": "bar", "orientation": "h", "y": names, "x": [round(moved[kind], 3) for kind in names],
         "marker": {"color": [colours.above if moved[kind] > 0 else colours.below for kind in names]},
         "text": [f"{moved[kind]:+,.2f}" for kind in names], "textposition": "outside", "cliponaxis": False,
         "showlegend": False, "hovertemplate": "%{y}: %{x:+,.2f}<extra></extra>"}
    ]  # fmt: skip
    finding = f"The change {'adds' if total >= 0 else 'takes'} {abs(total):,.2f} per customer and year"
    return figure(traces, finding, "Right: more money (more revenue or less cost). Left: less. Means over the same "
                  "replications of both worlds.", theme, 90 + 32 * len(names),
                  xaxis={"title": {"text": "money per customer-year"}, "zeroline": True,
                  "range": [ends[0] - room, ends[1] + room]}, yaxis={"showgrid": False})  # fmt: skip
