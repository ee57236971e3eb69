"""Every chart, declared once: interface, report and tests go through this list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import plotly.graph_objects as go

from cxsim.charts import (
    delivery,
    dimensions,
    emotion,
    expectations,
    gauge,
    journey_map,
    leaving,
    measures,
    money,
    over_time,
    waiting,
)

TABS = {
    "over-time": "Over time",
    "expectations": "Expected and experienced",
    "waiting": "Waiting",
    "delivery": "Delivery",
    "emotion": "Emotion",
    "leaving": "Why they left",
    "dimensions": "People, product, process",
    "money": "Money",
    "measures": "All measures",
}
"""Themes of the charts, in order, with their plain names."""


@dataclass(frozen=True)
class Chart:
    """A chart: its name, its theme ("top" for those always in view), and the function from a result to the figure."""

    name: str
    theme: str
    draw: Callable[..., go.Figure]


CHARTS: tuple[Chart, ...] = (
    Chart("journey-map", "top", journey_map.journey_map),
    Chart("switching-gauge", "top", gauge.switching_gauge),
    Chart("satisfaction-over-time", "over-time", over_time.satisfaction_over_time),
    Chart("gap-over-time", "over-time", over_time.gap_over_time),
    Chart("poor-journeys-over-time", "over-time", over_time.poor_journeys_over_time),
    Chart("left-over-time", "over-time", over_time.left_over_time),
    Chart("zone-of-tolerance", "expectations", expectations.zone_of_tolerance),
    Chart("expectation-distributions", "expectations", expectations.expectation_distributions),
    Chart("ten-factors", "expectations", expectations.ten_factors),
    Chart("in-our-control", "expectations", expectations.in_our_control),
    Chart("moods-in-the-queue", "waiting", waiting.moods_in_the_queue),
    Chart("what-became-of-callers", "waiting", waiting.what_became_of_callers),
    Chart("patience", "waiting", waiting.patience),
    Chart("waits-over-time", "waiting", waiting.waits_over_time),
    Chart("promised-and-actual", "delivery", delivery.promised_and_actual),
    Chart("response-to-lateness", "delivery", delivery.response_to_lateness),
    Chart("promises-kept", "delivery", delivery.promises_kept),
    Chart("emotion-along-the-journey", "emotion", emotion.emotion_along_the_journey),
    Chart("where-it-came-from", "leaving", leaving.where_it_came_from),
    Chart("what-went-wrong", "leaving", leaving.what_went_wrong),
    Chart("strikes", "leaving", leaving.strikes),
    Chart("promoters-and-detractors", "leaving", leaving.promoters_and_detractors),
    Chart("blame", "leaving", leaving.blame),
    Chart("gaps-by-dimension", "dimensions", dimensions.gaps_by_dimension),
    Chart("levels-by-dimension", "dimensions", dimensions.levels_by_dimension),
    Chart("from-revenue-to-profit", "money", money.from_revenue_to_profit),
    Chart("change-in-money", "money", money.change_in_money),
    Chart("paired-differences", "measures", measures.paired_differences),
)


def charts_of(theme: str) -> list[Chart]:
    """Charts of a theme, in order."""
    return [chart for chart in CHARTS if chart.theme == theme]
