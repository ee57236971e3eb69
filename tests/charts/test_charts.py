"""Every chart on every ready scenario, small: findings computed, nothing broken where a world lacks something."""

from __future__ import annotations

import functools
import json
import math

import pytest

pytest.importorskip("plotly", reason="charts need the extra 'ui' (plotly)")

import plotly.graph_objects as go

import cxsim
from cxsim.charts.catalogue import CHARTS, TABS, Chart
from cxsim.charts.expectations import zone_of_tolerance
from cxsim.charts.gauge import switching_gauge
from cxsim.charts.look import PALETTES, is_empty, titled_outside
from cxsim.charts.money import amounts, from_revenue_to_profit
from cxsim.charts.over_time import ratio, weekly_table
from cxsim.charts.waiting import moods_in_the_queue
from cxsim.charts.worlds import journey_order
from cxsim.results.result import Result
from cxsim.scenario.ready import find_scenario
from cxsim.studies.compare import Comparison, compare
from tests.worlds import small_world

BRIEF = {"population.customers": 150, "horizon": "90 days", "warm_up": "30 days"}
CHANGE: dict[str, dict[str, object]] = {
    "parcel": {"company.tracking": 1.0},
    "callcentre": {"desks.lines.patience": "3 min"},
    "workshop": {"desks.counter.servers": 2},
    "bare": {"population.customers": 80},
}


def bare_world() -> dict[str, object]:
    """One touchpoint, no desk, no delivery, no goal."""
    return {
        "name": "bare", "warm_up": "10 days", "horizon": "40 days", "journey": {"start": "site"},
        "population": {"customers": 100}, "touchpoints": {"site": {"kind": "self_service"}},
    }  # fmt: skip


@functools.cache
def compared(name: str) -> Comparison:
    base = cxsim.load(bare_world()) if name == "bare" else cxsim.load(find_scenario(name), BRIEF)
    return compare(base, {"variant": CHANGE[name]}, replications=2, seed=3)


@functools.cache
def result(name: str) -> Result:
    return compared(name).results[compared(name).baseline]


@pytest.mark.parametrize("name", list(CHANGE))
@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
def test_every_chart_of_every_world(chart: Chart, name: str) -> None:
    for found in (result(name), compared(name)):
        drawn = chart.draw(found, theme="dark")
        go.Figure(drawn.to_plotly_json())  # refuses what Plotly does not know
        assert drawn.layout.meta["finding"].strip(), "a title states what was found"
        assert "nan" not in drawn.layout.title.text.lower().replace("nant", "")
        assert "NaN" not in json.dumps(json.loads(drawn.to_json())["data"])
        assert drawn.layout.paper_bgcolor is None, "colours come from the template alone"
        assert drawn.layout.template.layout.paper_bgcolor == PALETTES["dark"].paper


def test_weeks_are_those_of_a_plain_grouping() -> None:
    days = result("parcel").days
    assert days["day"].min() < 0, "the warm-up is left out"
    measured = days[days["day"].between(0, 90 // 7 * 7 - 1)]  # and so are the six days after the last whole week
    by_week = measured.groupby(["replication", measured["day"] // 7])
    weeks, means = weekly_table(result("parcel"), lambda day: day("satisfaction").mean(axis=2))
    assert weeks == [float(number) for number in range(1, 13)]
    assert means == pytest.approx(by_week["satisfaction"].mean().unstack().to_numpy())
    sums = by_week[["poor_journeys", "journeys"]].sum()
    _, shares = weekly_table(result("parcel"), lambda day: ratio(day("poor_journeys"), day("journeys")))
    assert shares == pytest.approx((sums["poor_journeys"] / sums["journeys"]).unstack().to_numpy(), nan_ok=True)
    assert (shares[0] != shares[1]).any()


def test_a_world_without_desks_and_parcels_says_so() -> None:
    for chart in CHARTS:
        if chart.theme in ("waiting", "delivery"):
            drawn = chart.draw(result("bare"))
            assert is_empty(drawn)
            assert "world" in drawn.layout.meta["finding"]


def test_every_tab_has_a_chart() -> None:
    assert {chart.theme for chart in CHARTS} == {"top", *TABS}
    assert len({chart.name for chart in CHARTS}) == len(CHARTS)


def test_saved_results_give_the_same_charts(tmp_path) -> None:
    saved = result("workshop").save(tmp_path / "saved")
    loaded = cxsim.load_result(saved)
    for chart in CHARTS:
        now, then = (json.loads(chart.draw(found).to_json()) for found in (result("workshop"), loaded))
        assert now["layout"]["title"] == then["layout"]["title"], chart.name


def test_moods_are_shares_of_queue_time() -> None:
    world = result("workshop")
    drawn = moods_in_the_queue(world)
    assert [trace.name for trace in drawn.data] == ["calm", "edgy", "agitated", "angry"]
    assert math.isclose(sum(trace.x[0] for trace in drawn.data), 100, abs_tol=0.1)
    shares = world.runs[["agitated_share", "angry_share"]].sum(axis=1)
    minutes = world.desks[["calm_minutes", "edgy_minutes", "agitated_minutes", "angry_minutes"]]
    pooled = (shares * minutes.sum(axis=1).to_numpy()).sum() / minutes.sum().sum()
    assert f"{100 * pooled:.0f} %" in drawn.layout.meta["finding"]


def test_money_adds_up_to_the_measures() -> None:
    world = result("parcel")
    found = amounts(world)
    costs = sum(value for kind, value in found.items() if kind != "revenue")
    assert math.isclose(found["revenue"], world.estimate("revenue").mean, rel_tol=1e-9)
    assert math.isclose(costs, world.estimate("cost").mean, rel_tol=1e-9)
    assert f"{abs(found['revenue'] - costs):,.0f}" in from_revenue_to_profit(world).layout.meta["finding"]


def test_zone_of_tolerance_counts_those_that_fall_short() -> None:
    world = cxsim.simulate(small_world(), replications=1)
    drawn = zone_of_tolerance(world)
    expected, experienced = drawn.data[1].x, drawn.data[2].x
    short = sum(got < wanted for got, wanted in zip(experienced, expected, strict=True))
    assert drawn.layout.meta["finding"].startswith(f"{short} of {len(expected)}")


def test_pages_set_the_title_themselves() -> None:
    drawn = moods_in_the_queue(result("workshop"))
    bare = titled_outside(drawn)
    assert "title" not in bare["layout"]
    assert bare["layout"]["height"] < drawn.layout.height
    assert drawn.layout.title.text, "the chart itself keeps its title"


def test_the_gauge_needs_three_years_and_reads_the_share() -> None:
    assert "three years" in switching_gauge(result("workshop")).layout.meta["finding"]
    values = {"population.customers": 120, "horizon": "1095 days", "warm_up": "30 days"}
    world = cxsim.simulate(cxsim.load(find_scenario("workshop"), values), replications=2)
    share = world.estimate("switched_after_poor").mean
    drawn = switching_gauge(world)
    assert f"{100 * share:.0f} of 100" in drawn.layout.meta["finding"]
    assert math.isclose(drawn.data[0].x[0], 100 * (1 - (1 - share) ** 2), abs_tol=0.01)


def test_journeys_are_told_in_order() -> None:
    assert journey_order(result("workshop")) == [
        "leaflet", "booking", "dropping_off", "repair", "picking_up", "riding", "bill", "telephone",
    ]  # fmt: skip
    order = journey_order(result("parcel"))
    assert order.index("question") < order.index("order") < order.index("delivery") < order.index("billing")
    assert order[-1] == "support"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read_on_its_paper(theme) -> None:
    colours = PALETTES[theme]
    for colour in (colours.ink, colours.quiet, colours.accent, colours.below, colours.above):
        assert contrast(colour, colours.paper) >= (4.5 if colour in (colours.ink, colours.quiet) else 3.0)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours as WCAG defines it."""

    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(first), light(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)
