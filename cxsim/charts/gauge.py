"""The 89 % gauge: of those with a poor experience, how many switched."""

from __future__ import annotations

import math

import plotly.graph_objects as go

from cxsim.charts.look import Theme, figure, kindly_empty, palette
from cxsim.charts.worlds import Found, worlds
from cxsim.results.run import FOLLOW_UP_DAYS

SURVEY_SHARE = 0.89
"""Consumers who said they had begun business with a competitor after a poor experience (RightNow/Harris 2011)."""
_RELATIONSHIPS = range(1, 11)


def switching_gauge(found: Found, theme: Theme = "light") -> go.Figure:
    """Share who switched after a poor experience, for one relationship and for several, against the survey's 89 %."""
    shown, colours = worlds(found), palette(theme)
    one = shown.now.estimate("switched_after_poor")
    before = shown.before.estimate("switched_after_poor") if shown.before is not None else None
    mark = {
        "type": "line", "x0": 100 * SURVEY_SHARE, "x1": 100 * SURVEY_SHARE, "yref": "paper", "y0": 0, "y1": 1,
        "line": {"color": colours.ink, "width": 2, "dash": "dash"},
    }  # fmt: skip
    note = {"x": 100 * SURVEY_SHARE, "yref": "paper", "y": 1, "yanchor": "top", "xanchor": "right", "showarrow": False,
            "text": "89 % in the survey ", "font": {"size": 12}}  # fmt: skip
    traces = []
    if math.isnan(one.mean) and shown.now.scenario.horizon < FOLLOW_UP_DAYS:
        return kindly_empty(
            "The 89 % gauge follows customers for three years; this run is shorter. Choose three years to see it.",
            theme,
        )
    if math.isnan(one.mean):
        finding = "Nobody had a poor experience, so nobody switched after one"
    else:
        several = [100 * (1 - (1 - one.mean) ** count) for count in _RELATIONSHIPS]
        half = 0.0 if math.isnan(one.high) else 100 * (one.high - one.mean)
        traces = [
            {"type": "scatter", "mode": "markers+text", "x": [round(value, 2) for value in several[1:]],
             "y": [0] * len(several[1:]), "text": [str(count) if count in (2, 3, 5) else "" for count in
             list(_RELATIONSHIPS)[1:]], "textposition": "bottom center", "showlegend": False,
             "marker": {"size": 7, "color": colours.baseline}, "customdata": list(_RELATIONSHIPS)[1:],
             "hovertemplate": "%{customdata} relationships: %{x:.0f} %<extra></extra>"},
            {"type": "scatter", "mode": "markers", "x": [round(several[0], 2)], "y": [0], "showlegend": False,
             "marker": {"size": 20, "color": colours.accent, "symbol": "diamond"},
             "error_x": {"type": "data", "array": [half], "thickness": 4, "width": 0, "color": colours.accent},
             "hovertemplate": "one relationship: %{x:.1f} %<extra></extra>"},
        ]  # fmt: skip
        if before is not None and not math.isnan(before.mean):
            traces.insert(
                0,
                {"type": "scatter", "mode": "markers", "x": [round(100 * before.mean, 2)], "y": [0],
                 "showlegend": False, "marker": {"size": 20, "color": colours.baseline, "symbol": "diamond-open",
                 "line": {"width": 2}}, "hovertemplate": "baseline: %{x:.1f} %<extra></extra>"},
            )  # fmt: skip
        finding = f"{100 * one.mean:.0f} of 100 who had a poor experience left this firm within three years"
    return figure(
        traces,
        finding,
        "Diamond: one relationship, with 95 % interval: of those who had a poor journey, who left within three years, "
        "not a chance per incident. Small dots: the chance that somebody with 2 to 10 such relationships left at least "
        "one of them, 1 - (1 - p)^M. The survey asked about any firm, ever; it alone proves nothing.",
        theme,
        150,
        shapes=[mark],
        annotations=[note],
        xaxis={"range": [0, 101], "ticksuffix": " %", "tickvals": [0, 25, 50, 75, 100]},
        yaxis={"visible": False, "range": [-1, 1]},
        margin={"l": 24, "r": 32, "t": 76, "b": 8},
    )
