"""Variants side by side: differences as small multiples, the chance to be best, satisfaction over time.

Variants go by letters (A, B, ...), so that six of them fit; what the letters stand for is told beside.
"""

from __future__ import annotations

import math
import string
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from cxsim.charts.look import Theme, figure, kindly_empty, palette
from cxsim.charts.measures import unit_of_change
from cxsim.charts.over_time import weekly_means, weekly_table
from cxsim.results.measures import MEASURE, Estimate, Measure
from cxsim.results.wording import change
from cxsim.studies.compare import Comparison, verdict

SHOWN = ("satisfaction", "expectation_gap", "nps_all", "defection_rate", "poor_journey_rate", "wait_minutes_mean",
         "contacts_per_journey", "profit_per_customer")  # fmt: skip
"""Measures of the small multiples."""
_COLUMNS = 4
_ROW = 22
"""Height of a variant in pixels."""


def letters(found: Comparison) -> dict[str, str]:
    """Letter of every variant by its name; the baseline has none."""
    return dict(zip(found.variants, string.ascii_uppercase, strict=False))


def told_letters(found: Comparison) -> str:
    """What the letters stand for."""
    return "; ".join(f"{letter}: {name}" for name, letter in letters(found).items()) + "."


def differences_by_measure(found: Comparison, theme: Theme = "light", measures: Sequence[str] = SHOWN) -> go.Figure:
    """Small multiples: one panel per measure, one row per variant, paired difference with interval."""
    compared = [(MEASURE[name], [found.difference(one, name) for one in found.variants]) for name in measures]
    panels = [(one, rows) for one, rows in compared if not all(math.isnan(row.mean) for row in rows)]
    if not panels:
        return kindly_empty("No measure can be compared between these worlds.", theme)
    colours, names = palette(theme), letters(found)
    high = math.ceil(len(panels) / _COLUMNS)
    height = high * (_ROW * len(names) + 74)
    traces: list[dict[str, Any]] = []
    layout: dict[str, Any] = {"annotations": []}
    better = worse = 0
    for place, (measure, rows) in enumerate(panels):
        row, column = divmod(place, _COLUMNS)
        left = column / _COLUMNS + 0.02
        top = 1 - (row * (1 / high) + 42 / height)
        number = "" if place == 0 else str(place + 1)
        told = [verdict(one, measure.better) for one in rows]
        better, worse = better + told.count("better"), worse + told.count("worse")
        traces.append(_dots(measure, rows, told, list(names.values()), number, theme))
        largest = max((abs(value) for one in rows for value in (one.low, one.high, one.mean) if not math.isnan(value)),
                      default=1.0) or 1.0  # fmt: skip
        scale = 100.0 if measure.unit == "share" else 1.0
        layout[f"xaxis{number}"] = {
            "domain": [left, (column + 1) / _COLUMNS - 0.02], "anchor": f"y{number}", "zeroline": True,
            "zerolinecolor": colours.baseline, "zerolinewidth": 2,
            "range": [-1.15 * largest * scale, 1.15 * largest * scale],
            "nticks": 6, "tickfont": {"size": 11}, "showgrid": True, "exponentformat": "none",
        }  # fmt: skip
        layout[f"yaxis{number}"] = {
            "domain": [top - _ROW * len(names) / height, top], "anchor": f"x{number}", "autorange": "reversed",
            "showgrid": False, "type": "category",
        }  # fmt: skip
        unit = unit_of_change(measure)
        label = "<br>".join(textwrap.wrap(measure.label, 26))
        layout["annotations"].append(
            {"text": f"{label}{f'<br>({unit})' if unit and len(label) < 24 and '<br>' not in label else ''}",
             "x": left, "y": top, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom",
             "align": "left", "showarrow": False, "font": {"size": 12, "color": colours.ink}}
        )  # fmt: skip
    total = sum(len(rows) for _, rows in panels)
    finding = f"{better} of {total} differences are clearly better than {found.baseline}, {worse} clearly worse"
    about = (
        f"{told_letters(found)} Dot: mean paired difference; line: 95 % interval; filled where it leaves out zero. "
        "Blue better, orange worse."
    )
    return figure(traces, finding, about, theme, height + 40, showlegend=False, **layout)


def _dots(
    measure: Measure, rows: Sequence[Estimate], told: Sequence[str], names: Sequence[str], number: str, theme: Theme
) -> dict[str, Any]:
    colours = palette(theme)
    shades = {"better": colours.above, "worse": colours.below}
    scale = 100.0 if measure.unit == "share" else 1.0
    halves = [0.0 if math.isnan(one.high) else scale * (one.high - one.mean) for one in rows]
    tints = [shades.get(one, colours.baseline) for one in told]
    clear = [one in ("better", "worse", "changed") for one in told]
    return {
        "type": "scatter", "mode": "markers", "xaxis": f"x{number}", "yaxis": f"y{number}", "showlegend": False,
        "x": [None if math.isnan(one.mean) else scale * one.mean for one in rows], "y": list(names),
        "error_x": {"type": "data", "array": halves, "thickness": 1.8, "width": 3, "color": colours.baseline},
        "marker": {"size": 10, "color": tints, "symbol": ["circle" if one else "circle-open" for one in clear],
                   "line": {"width": 2, "color": tints}},
        "customdata": [[change(one.mean, measure), unit_of_change(measure), word]
                       for one, word in zip(rows, told, strict=True)],
        "hovertemplate": "%{y}: %{customdata[0]} %{customdata[1]}, %{customdata[2]}<extra></extra>",
    }  # fmt: skip


def chance_best(found: Comparison, measure: str, theme: Theme = "light") -> go.Figure:
    """Share of the paired replications in which each world is best by a measure."""
    label, chances = MEASURE[measure].label, found.chance_best(measure)
    if not chances:
        why = "neither direction is better" if MEASURE[measure].better == "neither" else "it has no value here"
        return kindly_empty(f"{label}: no world can be best, as {why}.", theme)
    colours, named = palette(theme), letters(found)
    best = max(chances, key=lambda name: chances[name])
    count = found.results[best].replications
    names = ["<br>".join(textwrap.wrap(f"{named[name]}: {name}" if name in named else name, 34)) for name in chances]
    shares = [100 * share for share in chances.values()]
    traces = [
        {"type": "bar", "orientation": "h", "y": names, "x": shares, "showlegend": False,
         "marker": {"color": [colours.accent if name == best else colours.within for name in chances]},
         "text": [f"{share:.0f} %" for share in shares], "textposition": "outside", "cliponaxis": False,
         "hovertemplate": "%{y}: best in %{x:.0f} % of the replications<extra></extra>"}
    ]  # fmt: skip
    way = {"higher": "highest", "lower": "lowest"}[MEASURE[measure].better]
    ties = [name for name, share in chances.items() if share == chances[best]]
    finding = (
        f"{label}: {best} is best in {100 * chances[best]:.0f} % of {count} replications"
        if len(ties) == 1
        else f"{label}: {len(ties)} worlds are best equally often"
    )
    about = f"Share of the paired replications in which it has the {way} value; ties are shared."
    lines = max(1 + name.count("<br>") for name in names)
    return figure(traces, finding, about, theme, 110 + (14 + 16 * lines) * len(names), bargap=0.4,
                  xaxis={"range": [0, 112], "ticksuffix": " %", "tickvals": [0, 25, 50, 75, 100], "showgrid": True},
                  yaxis={"autorange": "reversed", "showgrid": False, "ticksuffix": "  "})  # fmt: skip


def satisfaction_by_variant(found: Comparison, theme: Theme = "light") -> go.Figure:
    """Small multiples: satisfaction by week, one panel per variant, the baseline in each."""
    colours, named = palette(theme), letters(found)
    means: dict[str, Any] = {}
    for name, result in found.results.items():
        weeks, table = weekly_table(result, lambda days: days("satisfaction").mean(axis=2))
        means[name] = (weeks, weekly_means(table))
    values = np.concatenate([one for _, one in means.values()])
    if not np.isfinite(values).any():
        return kindly_empty("Nobody was there, so there is no satisfaction to show.", theme)
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    spare = max(0.06 * (high - low), 0.2)
    traces: list[dict[str, Any]] = []
    layout: dict[str, Any] = {"annotations": []}
    for place, (name, letter) in enumerate(named.items()):
        number, wide = "" if place == 0 else str(place + 1), 1 / len(named)
        for world in (found.baseline, name):
            weeks, line = means[world]
            is_base = world == found.baseline
            traces.append(
                {"type": "scatter", "mode": "lines", "x": weeks, "y": np.round(line, 2).tolist(),
                 "name": "as it is" if is_base else "variant", "showlegend": place == 0,
                 "xaxis": f"x{number}", "yaxis": f"y{number}",
                 "line": {"color": colours.baseline if is_base else colours.accent, "width": 1.8 if is_base else 2.4,
                          "dash": "dot" if is_base else "solid"},
                 "hovertemplate": f"{world}, week %{{x}}: %{{y}}<extra></extra>"}
            )  # fmt: skip
        layout[f"xaxis{number}"] = {"domain": [place * wide + 0.012, (place + 1) * wide - 0.012],
                                    "anchor": f"y{number}", "nticks": 5}  # fmt: skip
        layout[f"yaxis{number}"] = {"domain": [0, 0.86], "anchor": f"x{number}", "range": [low - spare, high + spare],
                                    "nticks": 5, "showticklabels": place == 0}  # fmt: skip
        layout["annotations"].append(
            {"text": f"<b>{letter}</b>", "x": place * wide + 0.012, "y": 0.88, "xref": "paper", "yref": "paper",
             "xanchor": "left", "yanchor": "bottom", "showarrow": False}
        )  # fmt: skip
    ends = {name: float(np.nanmean(line[-4:])) for name, (_, line) in means.items() if np.isfinite(line[-4:]).any()}
    best = max(ends, key=lambda name: ends[name])
    finding = f"In the last month, satisfaction is highest {_within(best, found)} ({ends[best]:.1f} of 100)"
    about = f"{told_letters(found)} Mean satisfaction of those present, 0 to 100, by week after the warm-up."
    return figure(traces, finding, about, theme, 270, **layout)


def _within(name: str, found: Comparison) -> str:
    return "in the world as it is" if name == found.baseline else f"with {letters(found)[name]}"
