"""Emotion along the journey: how single customers feel at each stop, with their spread."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from cxsim.charts.look import Theme, faded, figure, kindly_empty, palette
from cxsim.charts.worlds import Found, journey_order, stop_labels, worlds


def emotion_along_the_journey(found: Found, theme: Theme = "light") -> go.Figure:
    """Satisfaction with every stop of the journey: median, middle half, and nine of ten."""
    shown, colours = worlds(found), palette(theme)
    labels = stop_labels(shown.now)
    traces: list[dict[str, Any]] = []
    finding = ""
    for name, result, looked_at in shown.each():
        log = result.encounters
        if "satisfaction" not in log:
            continue
        felt = log[(log["event"] == "encounter") & (log["day"] >= 0)]
        parts = (50 + 50 * felt["satisfaction"]).groupby(felt["touchpoint"])
        stats = parts.quantile(np.array([0.05, 0.25, 0.5, 0.75, 0.95])).unstack()
        stops = [stop for stop in journey_order(result) if stop in stats.index]
        if not stops:
            continue
        stats = stats.loc[stops].round(2)
        names = ["<br>".join(_two_lines(labels.get(stop, stop))) for stop in stops]
        if looked_at:
            for low, high, strength, label in ((0.05, 0.95, 0.12, "nine of ten"), (0.25, 0.75, 0.25, "middle half")):
                traces.append(
                    {"type": "scatter", "mode": "lines", "line": {"width": 0}, "fill": "toself", "name": label,
                     "x": [*names, *names[::-1]], "y": [*stats[high], *stats[low][::-1]], "hoverinfo": "skip",
                     "fillcolor": faded(colours.accent, strength)}
                )  # fmt: skip
            lowest = stats[0.5].idxmin()
            unsure = (stats[0.95] - stats[0.05]).idxmax()
            finding = f"Customers feel worst at {labels[str(lowest)]}"
            finding += (
                f"; experience differs most at {labels[str(unsure)]}"
                if unsure != lowest
                else ", and there they differ most"
            )
        traces.append(
            {"type": "scatter", "mode": "lines+markers", "name": "median" if shown.before is None else name,
             "x": names, "y": stats[0.5].tolist(), "marker": {"size": 8},
             "line": {"color": colours.accent if looked_at else colours.baseline, "width": 2.4 if looked_at else 1.8,
                      "dash": "solid" if looked_at else "dot"},
             "hovertemplate": "%{y:.0f} of 100<extra>%{x}</extra>"}
        )  # fmt: skip
    if not finding:
        return kindly_empty("No customer was followed, so how the journey feels cannot be drawn.", theme)
    customers = shown.now.scenario.record.encounters
    return figure(
        traces,
        finding,
        f"Satisfaction with each stop in the order of the journey, up to {customers} followed "
        "customers of the first replication.",
        theme,
        340,
        yaxis={"title": {"text": "0 bad to 100 good"}, "range": [0, 100]},
        xaxis={"tickangle": 0, "tickfont": {"size": 11}},
    )


def _two_lines(label: str) -> list[str]:
    words = label.split()
    if len(label) <= 12 or len(words) < 2:
        return [label]
    middle = min(range(1, len(words)), key=lambda place: abs(2 * len(" ".join(words[:place])) - len(label)))
    return [" ".join(words[:middle]), " ".join(words[middle:])]
