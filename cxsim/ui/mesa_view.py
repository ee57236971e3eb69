"""CustomerModel in Mesa's own SolaraViz, for modellers: `solara run` on a file that calls `mesa_page`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import solara

from cxsim.engine.columns import ACTIVE
from cxsim.model import CustomerModel
from cxsim.scenario.schema import Scenario
from cxsim.ui.widgets import Chart


def mesa_page(scenario: Scenario | str | Path | Mapping[str, Any], rng: int = 1) -> Any:
    """SolaraViz on a CustomerModel: step, play, and the distribution of satisfaction as it moves.

    Args:
        scenario: a scenario, its file, or plain data.
        rng: seed of the study.
    """
    from mesa.visualization import SolaraViz

    model = CustomerModel(scenario, rng=rng)
    return SolaraViz(model, components=[satisfaction_now], name=model.scenario.title or model.scenario.name)


def satisfaction_now(model: CustomerModel) -> Any:
    """Component for SolaraViz: how satisfied customers are on the day the model has reached."""
    return SatisfactionNow(model)


@solara.component
def SatisfactionNow(model: CustomerModel) -> Any:  # noqa: N802
    """How satisfied customers are on the day the model has reached."""
    from mesa.visualization.utils import update_counter

    update_counter.get()  # draw again after every step
    return Chart(satisfaction_histogram(model), "satisfaction-now", str(model.day))


def satisfaction_histogram(model: CustomerModel) -> Any:
    """Distribution of satisfaction over those present."""
    from cxsim.charts.look import figure, kindly_empty, palette

    customers = model.world.customers
    shown = 50 + 50 * customers["satisfaction"][customers["status"] == ACTIVE]
    if len(shown) == 0:
        return kindly_empty("Nobody is there.", "light")
    counts, edges = np.histogram(shown, np.linspace(0, 100, 41))
    traces = [
        {"type": "bar", "x": ((edges[:-1] + edges[1:]) / 2).tolist(), "y": counts.tolist(), "showlegend": False,
         "marker": {"color": palette("light").accent}}
    ]  # fmt: skip
    finding = f"On day {model.day}, {len(shown):,} customers are there; their mean satisfaction is {shown.mean():.1f}"
    return figure(traces, finding, "Customers by satisfaction, 0 to 100.", "light", 260, bargap=0.05,
                  xaxis={"title": {"text": "satisfaction"}}, yaxis={"title": {"text": "customers"}})  # fmt: skip
