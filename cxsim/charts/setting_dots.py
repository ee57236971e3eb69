"""Settings side by side: dots with intervals, two outcomes against each other, an outcome over two levers."""

from __future__ import annotations

import math
import textwrap
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from cxsim.charts.look import Theme, figure, kindly_empty, palette
from cxsim.charts.study_words import (
    change_axis,
    change_with_unit,
    estimate_of,
    from_to,
    interval,
    lever_axis,
    lever_label,
    measure_of,
    outcome_axis,
    policy_names,
    records,
    short_change,
    shown,
    told,
    with_unit,
)
from cxsim.results.measures import Measure
from cxsim.studies.compare import verdict
from cxsim.studies.study import Study

MOST_SETTINGS = 40
"""Settings drawn in one chart; it says so where there are more, and the table has all."""


def settings_dots(study: Study, outcome: str, theme: Theme = "light") -> go.Figure:
    """Every setting's mean with its interval; or, where the scenario as it stands was run too, the paired difference.

    Settings are sorted, the best on top.
    """
    measure, colours = measure_of(outcome), palette(theme)
    rows = study.policies[study.policies["outcome"] == outcome].dropna(subset=["mean"])
    paired = bool(rows["is_baseline"].any()) and len(rows) > 1
    names, value = policy_names(study), "difference" if paired else "mean"
    table = rows[~rows["is_baseline"]] if paired else rows
    if table.empty:
        return kindly_empty(f"{measure.label} has no value at any of these settings.", theme)
    table = table.sort_values(value, ascending=measure.better == "lower", kind="stable")
    drawn = records(table.head(MOST_SETTINGS))
    found = [estimate_of(row, "difference" if paired else "") for row in drawn]
    verdicts = [verdict(one, measure.better) if paired else "" for one in found]
    shades = {"better": colours.above, "worse": colours.below, "": colours.accent, "changed": colours.accent}
    tints = [shades.get(text, colours.baseline) for text in verdicts]
    labels = ["<br>".join(textwrap.wrap(names[int(row["policy"])], 34)) for row in drawn]
    texts = [short_change(one.mean, measure) if paired else with_unit(one.mean, measure) for one in found]
    traces: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines", "x": [shown(measure, one.low), shown(measure, one.high)],
         "y": [label, label], "line": {"width": 3, "color": tint}, "hoverinfo": "skip", "showlegend": False}
        for label, one, tint in zip(labels, found, tints, strict=True) if not math.isnan(one.low)
    ]  # fmt: skip
    traces.append(
        {"type": "scatter", "mode": "markers", "x": [shown(measure, one.mean) for one in found], "y": labels,
         "showlegend": False, "marker": {"size": 10, "color": tints, "line": {"width": 2, "color": tints}, "symbol":
         ["circle-open" if "no " in text or text == "unknown" else "circle" for text in verdicts]},
         "customdata": [[text, interval(one, measure, paired) or "unknown"]
                        for text, one in zip(texts, found, strict=True)],
         "hovertemplate": "%{y}: %{customdata[0]} (%{customdata[1]})<extra></extra>"}
    )  # fmt: skip
    notes = [
        {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 8, "y": label, "showarrow": False, "text": text,
         "font": {"size": 12}} for label, text in zip(labels, texts, strict=True)
    ]  # fmt: skip
    about = "Dot: mean; line: 95 % interval."
    if paired:
        today = with_unit(float(rows.loc[rows["is_baseline"], "mean"].iloc[0]), measure)
        about = f"Paired difference to the scenario as it stands ({today}); line: 95 % interval. "
        about += "Filled where it leaves out zero; blue better, orange worse."
    if len(table) > len(drawn):
        about += f" The first {len(drawn)} of {len(table)} settings; the table has all."
    axis = change_axis(measure) if paired else outcome_axis(measure)
    lines = sum(1 + label.count("<br>") for label in labels)
    return figure(
        traces, _settings_finding(table, names, measure, paired), about, theme, 110 + 12 * len(labels) + 16 * lines,
        annotations=notes, xaxis={"title": {"text": axis}, "zeroline": paired, "zerolinewidth": 2, "showgrid": True,
               "rangemode": "tozero" if paired else "normal"},
        yaxis={"ticksuffix": "  ", "autorange": "reversed", "showgrid": False, "type": "category"},
        margin={"l": 8, "r": 24 + 7 * max(map(len, texts)), "t": 76, "b": 8},
    )  # fmt: skip


def _settings_finding(table: pd.DataFrame, names: dict[int, str], measure: Measure, paired: bool) -> str:
    """Which setting does best, and whether that is clear."""
    rows = records(table)
    first = rows[0]
    name, found = names[int(first["policy"])], estimate_of(first, "difference" if paired else "")
    chance = first["chance_best"]
    if measure.better == "neither":
        low, *_, high = sorted([first, *rows], key=lambda row: float(row["mean"]))
        ends = from_to(low["mean"], high["mean"], measure)
        return f"{measure.label}: {ends} over these settings, the highest with {names[int(high['policy'])]}"
    best = f"; best of all in {100 * chance:.0f} % of the runs" if not math.isnan(chance) and len(rows) > 1 else ""
    if not paired:
        return f"{measure.label}: best with {name}, {with_unit(found.mean, measure)}{best}"
    if verdict(found, measure.better) == "better":
        room = interval(found, measure, is_change=True)
        return f"{measure.label}: best with {name}, {change_with_unit(found.mean, measure)} ({room}){best}"
    if all(verdict(estimate_of(row, "difference"), measure.better) == "worse" for row in rows):
        return f"{measure.label}: every setting is worse than the scenario as it stands"
    if math.isnan(found.low):
        return f"{measure.label}: one run of each setting, so that nothing can be told for sure"
    return f"{measure.label}: no setting is clearly better than the scenario as it stands"


def front_of(points: pd.DataFrame, ways: dict[str, str]) -> list[bool]:
    """Which rows no other beats in every outcome; `ways` says per outcome which way is better, higher or lower."""
    values = points[list(ways)].to_numpy(float) * [1.0 if way == "higher" else -1.0 for way in ways.values()]
    found = []
    for row in values:
        beaten = ((values >= row).all(axis=1) & (values > row).any(axis=1)).any()
        found.append(bool(not beaten and not pd.isna(row).any()))
    return found


def two_outcomes(study: Study, x: str, y: str, theme: Theme = "light") -> go.Figure:
    """Two outcomes of every setting against each other; those that no other beats in both stand out."""
    colours, names = palette(theme), policy_names(study)
    across, up = measure_of(x), measure_of(y)
    table = pd.DataFrame({
        f"{one} {part}": study.policies[study.policies["outcome"] == one].set_index("policy")[part]
        for one in (x, y) for part in ("mean", "low", "high")
    })  # fmt: skip
    table = table[table[f"{x} mean"].notna() & table[f"{y} mean"].notna()]
    if table.empty:
        return kindly_empty("No setting has a value of both outcomes.", theme)
    means = pd.DataFrame({x: table[f"{x} mean"], y: table[f"{y} mean"]})
    judged = "neither" not in (across.better, up.better)
    on_front = front_of(means, {x: across.better, y: up.better}) if judged else [False] * len(means)
    traces: list[dict[str, Any]] = []
    for is_front, name in ((False, "beaten in both"), (True, "beaten by none")):
        part = table[[one is is_front for one in on_front]].sort_values(f"{x} mean")
        if part.empty:
            continue
        tint = colours.accent if is_front else colours.baseline
        traces.append(
            {"type": "scatter", "mode": "lines+markers" if is_front else "markers", "showlegend": judged, "name": name,
             "x": [shown(across, value) for value in part[f"{x} mean"]],
             "y": [shown(up, value) for value in part[f"{y} mean"]],
             "marker": {"size": 10 if is_front else 8, "color": tint}, "line": {"color": tint, "width": 1.4,
             "dash": "dot"}, "error_x": _bar(part, across, tint), "error_y": _bar(part, up, tint),
             "customdata": [[names[policy]] for policy in part.index.tolist()],
             "hovertemplate": "%{customdata[0]}<br>%{x:.3~f}, %{y:.3~f}<extra></extra>"}
        )  # fmt: skip
    today = study.points.loc[study.points["is_baseline"], "policy"]
    if len(today) and int(today.iloc[0]) in table.index:
        at = means[means.index == int(today.iloc[0])].to_numpy(float)[0]
        traces.append(
            {"type": "scatter", "mode": "markers", "x": [shown(across, at[0])], "y": [shown(up, at[1])],
             "name": "as it stands", "marker": {"symbol": "diamond-open", "size": 15, "color": colours.ink,
             "line": {"width": 2}}, "hovertemplate": "as it stands<extra></extra>"}
        )  # fmt: skip
    front = means[on_front]
    if judged:
        sentence = f"{len(front)} of {len(means)} settings are beaten by no other in both: {_span(front[x], across)}, "
        sentence += _span(front[y], up)
    else:
        sentence = f"{_span(means[x], across)}, {_span(means[y], up)} over {len(means)} settings"
    return figure(
        traces, sentence, "Dot: mean of a setting; lines: 95 % intervals. Point at a dot for its levers.", theme, 360,
        xaxis={"title": {"text": outcome_axis(across)}, "showgrid": True}, yaxis={"title": {"text": outcome_axis(up)}},
    )  # fmt: skip


def _bar(part: pd.DataFrame, measure: Measure, tint: str) -> dict[str, Any]:
    half = ((part[f"{measure.name} high"] - part[f"{measure.name} low"]) / 2).fillna(0.0).tolist()
    return {"type": "data", "array": [shown(measure, value) for value in half], "color": tint, "thickness": 1,
            "width": 0}  # fmt: skip


def _span(values: pd.Series[float], measure: Measure) -> str:
    low, high = float(values.min()), float(values.max())
    return f"{measure.label.lower()} {with_unit(low, measure) if low == high else from_to(low, high, measure)}"


def over_two_levers(study: Study, x: str, y: str, outcome: str, theme: Theme = "light") -> go.Figure:
    """An outcome over two levers, as a map."""
    measure, colours, experiment = measure_of(outcome), palette(theme), study.experiment
    tried = study.policies[(study.policies["outcome"] == outcome) & study.policies[[x, y]].notna().all(axis=1)]
    table = tried.pivot_table(index=y, columns=x, values="mean")
    if table.empty:
        return kindly_empty(f"{measure.label} has no value at any of these settings.", theme)
    rows, columns = ([told(experiment, name, value) for value in values] for name, values in
                     ((y, table.index), (x, table.columns)))  # fmt: skip
    cells = [[None if math.isnan(value) else shown(measure, value) for value in line] for line in table.to_numpy()]
    trace = {
        "type": "heatmap", "x": columns, "y": rows, "z": cells, "colorscale": [[0, colours.paper], [1, colours.accent]],
        "colorbar": {"title": {"text": "%" if measure.unit == "share" else measure.unit}, "outlinewidth": 0},
        "hovertemplate": "%{x}, %{y}: %{z:.4~f}<extra></extra>", "xgap": 1, "ygap": 1,
    }  # fmt: skip
    values = table.to_numpy(float)
    place = int(np.nanargmin(values) if measure.better == "lower" else np.nanargmax(values))
    down, across = divmod(place, values.shape[1])
    word = {"higher": "best", "lower": "best", "neither": "highest"}[measure.better]
    where = f"{lever_label(experiment, x)} {columns[across]} and {lever_label(experiment, y)} {rows[down]}"
    sentence = f"{measure.label}: {word} at {where}, {with_unit(float(values[down, across]), measure)}"
    return figure(
        [trace], sentence, "Means over the replications, without intervals; the table has them.", theme, 340,
        xaxis={"title": {"text": lever_axis(experiment, x)}, "type": "category"},
        yaxis={"title": {"text": lever_axis(experiment, y)}, "type": "category", "showgrid": False},
    )  # fmt: skip
