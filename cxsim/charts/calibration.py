"""Charts of a calibration: fit per target, the strike curve, what the targets tell of the parameters."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from cxsim.charts.look import Theme, faded, figure, palette
from cxsim.studies.calibration import Calibration

_ORDINALS = ("first", "second", "third")


def _shapes(count: int, colour: str) -> list[dict[str, Any]]:
    """The bands, all drawn from 0 to 1."""
    return [{"type": "rect", "x0": 0, "x1": 1, "y0": -0.6, "y1": count - 0.4, "line": {"width": 0}, "fillcolor": colour,
             "layer": "below"}]  # fmt: skip


def fit_by_target(found: Calibration, theme: Theme = "light") -> go.Figure:
    """Every target with its band, before and after the fit, each on the scale of its own band."""
    colours = palette(theme)
    table = found.fit[found.fit["after"].notna()].iloc[::-1]
    width = table["band_high"] - table["band_low"]
    scaled = {name: (table[name] - table["band_low"]) / width for name in ("before", "after", "low", "high")}
    names = [f"{row['title']} ({row['group']})" for row in table.to_dict("records")]
    told = [
        f"{row['title']}: {row['after']:.3g}, band {row['band_low']:g} to {row['band_high']:g}, before "
        f"{row['before']:.3g}<br>{row['source']}"
        for row in table.to_dict("records")
    ]  # fmt: skip
    half = (scaled["high"] - scaled["after"]).fillna(0.0)
    traces = [
        {"type": "scatter", "mode": "markers", "name": "before", "x": scaled["before"].clip(-3, 4).tolist(), "y": names,
         "marker": {"size": 9, "symbol": "circle-open", "color": colours.baseline}, "hoverinfo": "skip"},
        {"type": "scatter", "mode": "markers", "name": "fitted", "x": scaled["after"].clip(-3, 4).tolist(), "y": names,
         "error_x": {"type": "data", "array": half.clip(upper=3).tolist(), "width": 0},
         "marker": {"size": 11, "symbol": "diamond", "color": [
             colours.accent if holds else colours.below for holds in table["holds"]]},
         "hovertext": told, "hovertemplate": "%{hovertext}<extra></extra>"},
    ]  # fmt: skip
    fitted = found.fit[found.fit["after"].notna()]
    first = fitted[fitted["group"] == 1]
    finding = (
        f"{int(fitted['holds'].sum())} of {len(fitted)} published figures are met on unseen seeds, "
        f"{int(first['holds'].sum())} of the {len(first)} that have to be"
    )
    return figure(
        traces, finding,
        "Each figure on the scale of its own band (shaded); with 95 % interval; in brackets its group. Figures that "
        "lie further out stand at the edge.",
        theme, max(120 + 24 * len(table), 200), shapes=_shapes(len(table), faded(colours.above, 0.15)),
        xaxis={"range": [-3.2, 4.2], "tickvals": [0, 1], "ticktext": ["low end", "high end"]},
        yaxis={"automargin": True},
    )  # fmt: skip


def strike_curve(found: Calibration, theme: Theme = "light") -> go.Figure:
    """Leaving after the first, second and third poor journey, and what that would be as a stated intention."""
    colours, table = palette(theme), found.strikes
    x = [_ORDINALS[int(strike) - 1] for strike in table["strike"]]
    percent = {name: (100 * table[name]).round(2).tolist() for name in ("before", "after", "as_intention")}
    half = (100 * (table["high"] - table["after"])).fillna(0.0).tolist()
    traces = [
        {"type": "scatter", "mode": "lines+markers", "name": "before the fit", "x": x, "y": percent["before"],
         "line": {"color": colours.baseline, "dash": "dot"}},
        {"type": "scatter", "mode": "lines+markers", "name": "fitted", "x": x, "y": percent["after"],
         "line": {"color": colours.accent, "width": 3}, "error_y": {"type": "data", "array": half, "width": 0}},
        {"type": "scatter", "mode": "lines+markers", "name": "fitted, as an intention", "x": x,
         "y": percent["as_intention"], "line": {"color": colours.accent, "dash": "dash"}},
    ]  # fmt: skip
    first, last = percent["after"][0], percent["after"][-1]
    finding = (
        f"{first:.0f} of 100 newcomers leave after their first poor journey, {last:.0f} of 100 of the rest after "
        "their third"
        if not math.isnan(first + last)
        else "Nobody's first poor journey was seen"
    )
    return figure(
        traces, finding,
        "Of newcomers who had so many poor journeys, the share who left before another. As an intention: divided by "
        ".58, since of 78 who say they would stop, 45 did (Foundever 2023).",
        theme, 300, yaxis={"ticksuffix": " %", "rangemode": "tozero"}, xaxis={"title": {"text": "poor journey"}},
    )  # fmt: skip


def parameters_told(found: Calibration, theme: Theme = "light") -> go.Figure:
    """Where the targets put every parameter within its plausible range."""
    colours = palette(theme)
    table = found.identified.sort_values("learned")
    width = table["range_high"] - table["range_low"]
    places = {name: (table[name] - table["range_low"]) / width for name in ("value", "low", "high")}
    told = [
        f"{row['parameter']}: {row['value']:.3g}, 95 % {row['low']:.3g} to {row['high']:.3g}, plausible "
        f"{row['range_low']:g} to {row['range_high']:g}; {row['verdict']}"
        for row in table.to_dict("records")
    ]  # fmt: skip
    traces = [
        {"type": "scatter", "mode": "markers", "x": places["value"].tolist(), "y": table["parameter"].tolist(),
         "error_x": {"type": "data", "symmetric": False, "array": (places["high"] - places["value"]).tolist(),
                     "arrayminus": (places["value"] - places["low"]).tolist(), "width": 0, "thickness": 5},
         "marker": {"size": 11, "symbol": "diamond", "color": colours.accent}, "showlegend": False,
         "hovertext": told, "hovertemplate": "%{hovertext}<extra></extra>"},
    ]  # fmt: skip
    counts = table["verdict"].value_counts()
    finding = (
        f"The figures identify {counts.get('identified', 0)} of {len(table)} parameters, "
        f"{counts.get('partly', 0)} in part, {counts.get('not identified', 0)} not at all"
    )
    return figure(
        traces, finding,
        "Fitted value and 95 % of the posterior within the plausible range of each parameter, reckoned linear at the "
        "fit. A bar as wide as the range: the figures say nothing of it.",
        theme, max(120 + 26 * len(table), 180), shapes=_shapes(len(table), faded(colours.within, 0.25)),
        xaxis={"range": [-0.02, 1.02], "tickvals": [0, 1], "ticktext": ["lowest plausible", "highest"]},
        yaxis={"automargin": True},
    )  # fmt: skip


def losses(found: Calibration, theme: Theme = "light") -> go.Figure:
    """The best so far, trial by trial."""
    colours = palette(theme)
    table: pd.DataFrame = found.trials[found.trials["loss"] < math.inf]
    best = table["loss"].cummin()
    traces = [
        {"type": "scatter", "mode": "markers", "name": "trial", "x": table["trial"].tolist(),
         "y": table["loss"].tolist(), "marker": {"size": 5, "color": colours.baseline}},
        {"type": "scatter", "mode": "lines", "name": "best so far", "x": table["trial"].tolist(), "y": best.tolist(),
         "line": {"color": colours.accent, "width": 2, "shape": "hv"}},
    ]  # fmt: skip
    finding = (
        f"The best of {len(table)} trials misses by {best.min():.3g}, the scenario as it stood by {best.iloc[0]:.3g}"
    )
    return figure(traces, finding, "Sum of weighted squared misses, each in units of its tolerance.", theme, 240,
                  yaxis={"type": "log"}, xaxis={"title": {"text": "trial"}})  # fmt: skip
