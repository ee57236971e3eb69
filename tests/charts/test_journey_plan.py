"""The journey as it is written, drawn without a simulation."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import pytest

from cxsim.charts.journey_plan import journey_plan
from cxsim.scenario.loading import load
from cxsim.scenario.ready import ready_scenarios


def named(figure: Any) -> dict[str, tuple[float, float]]:
    return {data[0]: (x, y) for trace in figure.data if trace.customdata is not None
            for data, x, y in zip(trace.customdata, trace.x, trace.y, strict=True)}  # fmt: skip


@pytest.mark.parametrize("name", list(ready_scenarios()))
def test_every_touchpoint_and_desk_has_a_place_of_its_own(name: str) -> None:
    scenario = load(name)
    figure = journey_plan(scenario, "dark", "journey")
    go.Figure(figure.to_plotly_json())  # which validates every part
    spots = named(figure)
    assert set(spots) == {f"touchpoints.{stop}" for stop in scenario.touchpoints} | {
        f"desks.{desk}" for desk in scenario.desks}  # fmt: skip
    assert len(set(spots.values())) == len(spots)


def test_the_likeliest_way_goes_straight_on_and_branches_tell_their_share() -> None:
    figure = journey_plan(load("parcel"), "light", "touchpoints.use")
    spots = named(figure)
    way = [spots[f"touchpoints.{stop}"] for stop in ("advert", "site", "order", "delivery", "use", "billing")]
    assert [y for _, y in way] == [0] * 6
    assert [x for x, _ in way] == sorted(x for x, _ in way)
    assert {"10 %", "90 %", "6 %", "94 %", "end"} <= {note.text for note in figure.layout.annotations}
    assert figure.layout.meta["finding"] == "The journey has 9 touchpoints, 2 branches and 1 desk"
    marked = [trace for trace in figure.data if trace.customdata is not None and max(trace.marker.size) == 26]
    assert [trace.customdata[0][0] for trace in marked] == ["touchpoints.use"]


def test_ways_back_and_many_touchpoints_are_drawn_too() -> None:
    again = load("parcel", {"touchpoints.billing.next": {"end": 0.5, "order": 0.5}})
    assert named(journey_plan(again))
    stops = {f"s{n}": {"kind": "self_service", "next": {f"s{n + 1}": 1} if n < 63 else {"end": 1}} for n in range(64)}
    long = load({"name": "long", "touchpoints": stops, "journey": {"start": "s0"}})
    assert len(named(journey_plan(long))) == 64
