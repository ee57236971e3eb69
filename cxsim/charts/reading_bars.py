"""Charts of shares and of customers kept: scorecard, the customers lost, small steps."""

from __future__ import annotations

import textwrap
from typing import Any

import plotly.graph_objects as go

from cxsim.charts.look import Theme, figure, kindly_empty, palette
from cxsim.instruments.sheet import Reading, capital, first, most, percent, records

_STEPS_SHOWN = 15


def steps_marked(reading: Reading, theme: Theme = "light") -> go.Figure:
    """Every step: poor encounters to the left, those above what is desired to the right."""
    table, colours = reading.table("steps"), palette(theme)
    if table.empty:
        return kindly_empty("No step was met.", theme)
    rows = records(table)[::-1]
    labels = [f"{row['label']} ({row['mark']})" for row in rows]
    traces = [
        {"type": "bar", "orientation": "h", "name": name, "y": labels, "x": [sign * 100 * row[key] for row in rows],
         "marker": {"color": colour}, "customdata": [100 * row[key] for row in rows],
         "hovertemplate": "%{customdata:.1f} % " + name + "<extra>%{y}</extra>"}
        for key, name, sign, colour in (("poor", "poor", -1, colours.below),
                                        ("delighted", "above desired", 1, colours.above))
    ]  # fmt: skip
    delight, worst = int((table["mark"] == "delight").sum()), most(table, "poor")
    finding = f"{delight} of {len(table)} steps {'delights' if delight == 1 else 'delight'}"
    finding += f"; the baseline breaks most often at {worst['label']}" if worst["poor"] > 0 else "; none ever breaks"
    about = (
        "Share of encounters; the rest merely meets the baseline. Delight: more than half are above what is desired."
    )
    return figure(traces, finding, about, theme, 100 + 28 * len(rows), barmode="relative",
                  xaxis={"title": {"text": "% of encounters"}, "showgrid": True, "zeroline": True},
                  yaxis={"showgrid": False})  # fmt: skip


def origins_saved(reading: Reading, theme: Theme = "light") -> go.Figure:
    """Of all who leave: who would stay if nothing ever went wrong at a touchpoint, beside its last straws."""
    if "origins" not in [sheet.name for sheet in reading.sheets]:
        return kindly_empty("Nobody left after a poor journey.", theme)
    table, colours = reading.table("origins"), palette(theme)
    rows = records(table)[::-1]
    labels = [row["label"] for row in rows]
    straws = {
        "type": "bar", "orientation": "h", "name": "last straw", "y": labels, "marker": {"color": colours.within},
        "x": [100 * (row["last_straws"] or 0.0) for row in rows],
        "hovertemplate": "%{x:.0f} % of last straws<extra>%{y}</extra>",
    }  # fmt: skip
    if table["saved"].isna().all():
        top = most(table, "last_straws")
        finding = f"{capital(top['label'])} is the last straw of {percent(top['last_straws'])} of those who left"
        return figure([straws], finding, "Share of the last straws, by touchpoint.", theme, 90 + 30 * len(rows),
                      xaxis={"title": {"text": "%"}, "rangemode": "tozero"}, yaxis={"showgrid": False})  # fmt: skip
    factor = [100 * row["saved_share"] / row["saved"] if row["saved"] else 0.0 for row in rows]
    halves = [scale * ((row["high"] or row["saved"]) - row["saved"]) for scale, row in zip(factor, rows, strict=True)]
    saved = {
        "type": "bar", "orientation": "h", "name": "would stay if nothing went wrong there", "y": labels,
        "x": [100 * row["saved_share"] for row in rows], "marker": {"color": colours.accent},
        "error_x": {"type": "data", "array": halves, "color": colours.ink, "thickness": 1.2, "width": 3},
        "hovertemplate": "%{x:.0f} % would stay<extra>%{y}</extra>",
    }  # fmt: skip
    top = first(table)
    finding = (
        f"Without anything going wrong at {top['label']}, {percent(top['saved_share'])} of those who leave would stay"
        if top["is_clear"]
        else "No touchpoint alone would clearly have saved customers"
    )
    about = "Share of all who leave; line: 95 % interval. Savings overlap, they do not add up. Grey: last straws."
    axis = {"title": {"text": "% of those who leave"}, "zeroline": True}
    return figure([straws, saved], finding, about, theme, 100 + 42 * len(rows), barmode="group", xaxis=axis,
                  yaxis={"showgrid": False})  # fmt: skip


def small_steps_kept(reading: Reading, theme: Theme = "light") -> go.Figure:
    """Customers kept by every small step, with interval."""
    table, colours = reading.table("steps"), palette(theme)
    if table.empty:
        return kindly_empty("The scenario leaves no small step to try.", theme)
    rows = records(table.head(_STEPS_SHOWN))[::-1]
    names = ["<br>".join(textwrap.wrap(row["label"], 60)) for row in rows]
    halves = [0.0 if row["high"] is None else row["high"] - row["kept"] for row in rows]
    traces: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "markers", "y": names, "x": [row["kept"] for row in rows], "showlegend": False,
         "marker": {"size": 11, "color": [colours.accent if row["is_clear"] else colours.baseline for row in rows],
                    "symbol": ["circle" if row["is_clear"] else "circle-open" for row in rows]},
         "error_x": {"type": "data", "array": halves, "thickness": 1.6, "width": 3, "color": colours.baseline},
         "hovertemplate": "%{x:+.1f} of 1,000 customer-years<extra>%{y}</extra>"}
    ]  # fmt: skip
    top, clear = first(table), int(table["is_clear"].sum())
    finding = (
        f"{clear} of {len(table)} small steps clearly {'keeps' if clear == 1 else 'keep'} customers, most of all this: "
        f"{top['label']}"
        if clear
        else f"None of {len(table)} small steps alone clearly keeps customers"
    )
    more = f" The first {_STEPS_SHOWN} of {len(table)}." if len(table) > _STEPS_SHOWN else ""
    lines = max(1 + name.count("<br>") for name in names)
    about = f"Customers kept per 1,000 customer-years; line: 95 % interval; filled: clearly more than none.{more}"
    axis = {"title": {"text": "kept per 1,000 customer-years"}, "zeroline": True, "showgrid": True}
    return figure(
        traces, finding, about, theme, 100 + (14 + 15 * lines) * len(rows), xaxis=axis, yaxis={"showgrid": False}
    )
