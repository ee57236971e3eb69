"""Expectations against experience: the zone of tolerance, distributions, the ten factors, what is in our control."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from cxsim.charts.look import Theme, faded, figure, kindly_empty, palette
from cxsim.charts.worlds import Found, journey_order, stop_labels, summed, worlds
from cxsim.results.result import Result
from cxsim.scenario.values import DIMENSIONS

CONTROL = ("controllable", "influenceable", "uncontrollable")


def zone_of_tolerance(found: Found, theme: Theme = "light") -> go.Figure:
    """Adequate to desired level per touchpoint, with what was predicted and what was perceived."""
    colours, world = palette(theme), worlds(found).now
    labels, sums = stop_labels(world), summed(world, "touchpoints", "touchpoint")
    stops = [name for name in journey_order(world) if sums[name]["encounters"] > 0][::-1]
    if not stops:
        return kindly_empty("Nobody met a touchpoint, so there is nothing to compare.", theme)
    level = {
        name: {kind: sums[name][kind] / sums[name]["encounters"]
               for kind in ("adequate", "desired", "predicted", "perceived")}
        for name in stops
    }  # fmt: skip
    names = [labels[name] for name in stops]

    def values(kind: str) -> list[float]:
        return [round(level[name][kind], 4) for name in stops]

    gaps = {name: level[name]["perceived"] - level[name]["predicted"] for name in stops}
    worst = min(gaps, key=lambda name: gaps[name])
    short = sum(gap < 0 for gap in gaps.values())
    traces: list[dict[str, Any]] = [
        {"type": "bar", "orientation": "h", "y": names, "base": values("adequate"), "name": "zone of tolerance",
         "x": [round(level[name]["desired"] - level[name]["adequate"], 4) for name in stops],
         "marker": {"color": faded(colours.within, 0.45)}, "width": 0.55,
         "hovertemplate": "%{y}: just acceptable %{base:.3f}<extra></extra>"},
        {"type": "scatter", "mode": "markers", "y": names, "x": values("predicted"), "name": "expected",
         "marker": {"symbol": "line-ns", "size": 17, "line": {"width": 3, "color": colours.ink}},
         "hovertemplate": "%{y}: expected %{x:.3f}<extra></extra>"},
        {"type": "scatter", "mode": "markers", "y": names, "x": values("perceived"), "name": "experienced",
         "marker": {"size": 11, "color": [colours.below if gaps[name] < 0 else colours.above for name in stops]},
         "hovertemplate": "%{y}: experienced %{x:.3f}<extra></extra>"},
    ]  # fmt: skip
    if gaps[worst] < 0:
        finding = f"{short} of {len(stops)} touchpoints give less than expected; {labels[worst]} falls short most"
    else:
        finding = "Every touchpoint gives at least what was expected"
    return figure(
        traces,
        finding,
        "Bar: from just acceptable to desired. Stroke: expected. Dot: experienced (below or above what "
        "was expected). Means over encounters.",
        theme,
        90 + 34 * len(stops),
        xaxis={"title": {"text": "level, 0 to 1"}},
        yaxis={"showgrid": False},
    )


def expectation_distributions(found: Found, theme: Theme = "light") -> go.Figure:
    """How far customers' expectations lie apart: what is just acceptable, expected and desired."""
    colours, world = palette(theme), worlds(found).now
    customers = world.customers
    present = customers[customers["status"] == "active"] if "status" in customers else customers
    if "status" not in customers or present.empty:
        return kindly_empty("No customers were kept or none is left, so their expectations cannot be drawn.", theme)
    edges = np.linspace(0, 1, 51)
    middles = ((edges[1:] + edges[:-1]) / 2).round(3).tolist()
    traces: list[dict[str, Any]] = []
    spread = {}
    drawn = (
        ("adequate", "just acceptable", colours.baseline),
        ("predicted", "expected", colours.accent),
        ("desired", "desired", colours.series[2]),
    )
    for level, label, colour in drawn:
        values = present[[f"{level}_{dimension}" for dimension in DIMENSIONS]].mean(axis=1).to_numpy()
        counts, _ = np.histogram(values, edges)
        spread[level] = np.percentile(values, [10, 50, 90])
        traces.append(
            {"type": "scatter", "x": middles, "y": (100 * counts / max(counts.sum(), 1)).round(2).tolist(),
             "name": label, "mode": "lines", "line": {"shape": "spline", "color": colour, "width": 2},
             "fill": "tozeroy", "fillcolor": faded(colour, 0.16), "hovertemplate": f"{label} %{{x}}: %{{y}} %"}
        )  # fmt: skip
    low, _, high = spread["predicted"]
    finding = f"The middle 80 % of customers expect a level from {low:.2f} to {high:.2f}"
    used = [spread[level][place] for level in spread for place in (0, 2)]
    margin = 0.12
    return figure(traces, finding, "Customers present at the end, first replication; mean of people, product and "
                  "process.", theme, 280, xaxis={"title": {"text": "level, 0 to 1"},
                  "range": [max(min(used) - margin, 0), min(max(used) + margin, 1)]},
                  yaxis={"title": {"text": "% of customers"}, "rangemode": "tozero"})  # fmt: skip


def ten_factors(found: Found, theme: Theme = "light") -> go.Figure:
    """What influences expectations: strength and spread of each factor, by whether the firm can control it."""
    colours, world = palette(theme), worlds(found).now
    factors = world.scenario.factors
    if not factors:
        return kindly_empty("This scenario has no factors that influence expectations.", theme)
    shades = dict(zip(CONTROL, (colours.above, colours.series[2], colours.baseline), strict=True))
    names = sorted(factors, key=lambda name: (CONTROL.index(factors[name].control), -factors[name].mean))[::-1]
    traces = []
    for control in CONTROL:
        mine = [factors[name] for name in names if factors[name].control == control]
        traces.append(
            {"type": "scatter", "mode": "markers", "name": control, "y": [factor.label for factor in mine],
             "x": [factor.mean for factor in mine], "marker": {"size": 10, "color": shades[control]},
             "error_x": {"type": "data", "array": [factor.sd for factor in mine], "thickness": 2, "width": 0,
                         "color": faded(shades[control], 0.5)},
             "hovertemplate": "%{y}: %{x:.2f}<extra></extra>"}
        )  # fmt: skip
    counts = {control: sum(factor.control == control for factor in factors.values()) for control in CONTROL}
    finding = (
        f"Of {len(factors)} influences on expectations, {counts['controllable']} can be controlled and "
        f"{counts['influenceable']} influenced"
    )
    return figure(traces, finding, "Dot: mean strength over customers; line: one standard deviation to each side. The "
                  "effects' sizes are proposals, not findings.", theme, 90 + 28 * len(names),
                  xaxis={"title": {"text": "strength, 0 to 1"}, "range": [0, 1]},
                  yaxis={"showgrid": False, "categoryorder": "array",
                         "categoryarray": [factors[name].label for name in names]})  # fmt: skip


def in_our_control(found: Found, theme: Theme = "light") -> go.Figure:
    """Share of the spread of expectations that each factor accounts for."""
    world = worlds(found).now
    shares = _factor_shares(world)
    if not shares:
        return kindly_empty("Everybody expects the same here, so there is no spread to share out.", theme)
    colours = palette(theme)
    shades = dict(zip(CONTROL, (colours.above, colours.series[2], colours.baseline), strict=True))
    rows = sorted(shares, key=lambda row: row[2])
    total = sum(share for _, control, share in rows if control != "uncontrollable")
    traces = [
        {"type": "bar", "orientation": "h", "name": control, "marker": {"color": shades[control]},
         "y": [label for label, kind, _ in rows if kind == control],
         "x": [round(100 * share, 2) for _, kind, share in rows if kind == control],
         "hovertemplate": "%{y}: %{x:.1f} %<extra></extra>"}
        for control in CONTROL
    ]  # fmt: skip
    finding = f"{100 * total:.0f} % of the spread of expectations lies with what the firm controls or influences"
    return figure(traces, finding, "Share of the spread of what customers expect.", theme, 90 + 28 * len(rows),
                  xaxis={"title": {"text": "% of the spread"}},
                  yaxis={"showgrid": False, "categoryorder": "array", "categoryarray": [row[0] for row in rows]},
                  barmode="overlay")  # fmt: skip


def _factor_shares(result: Result) -> list[tuple[str, str, float]]:
    """Label, control class and share of the spread of what is expected, per factor."""
    table = result.factors
    if table.empty:
        return []
    means = table.groupby(["label", "control"], sort=False, as_index=False)["predicted_spread_share"].mean()
    rows = zip(means["label"], means["control"], means["predicted_spread_share"], strict=True)
    return [(str(label), str(control), float(share)) for label, control, share in rows if np.isfinite(share)]
