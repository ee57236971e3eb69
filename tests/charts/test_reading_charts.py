"""Charts of instruments on every ready scenario, and on worlds that lack what they draw."""

from __future__ import annotations

import functools
import json

import plotly.graph_objects as go
import pytest

from cxsim.charts.look import PALETTES, is_empty
from cxsim.charts.reading_charts import READING_CHARTS, ReadingChart, reading_charts
from cxsim.instruments.catalogue import INSTRUMENT, Bench
from cxsim.instruments.sheet import Reading
from cxsim.report.instruments import instruments_section
from tests.instruments.lived import READY, angry, bare, ready, still

WORLDS = {"angry": angry, "bare": bare, "still": still, **{name: functools.partial(ready, name) for name in READY}}


@functools.cache
def bench(world: str) -> Bench:
    return Bench(WORLDS[world](), jobs=1, paired=world not in READY)


@functools.cache
def reading(world: str, name: str) -> Reading:
    return INSTRUMENT[name].take(bench(world))


@pytest.mark.parametrize("world", list(WORLDS))
@pytest.mark.parametrize("chart", READING_CHARTS, ids=lambda chart: chart.name)
def test_every_chart_of_every_world(chart: ReadingChart, world: str) -> None:
    if world in READY and chart.instrument == "start-small":
        pytest.skip("lives some fifteen worlds; see the slow test below")
    check(chart, world)


@pytest.mark.slow
@pytest.mark.parametrize("world", READY)
def test_small_steps_of_every_ready_scenario(world: str) -> None:
    check(next(chart for chart in READING_CHARTS if chart.instrument == "start-small"), world)


def check(chart: ReadingChart, world: str) -> None:
    found = reading(world, chart.instrument)
    drawn = chart.draw(found, "dark")
    go.Figure(drawn.to_plotly_json())  # refuses what Plotly does not know
    title = drawn.layout.meta["finding"]
    assert title.strip()
    assert "nan" not in title
    assert "NaN" not in json.dumps(json.loads(drawn.to_json())["data"])
    assert drawn.layout.template.layout.paper_bgcolor == PALETTES["dark"].paper


def test_every_instrument_has_a_chart() -> None:
    assert {chart.instrument for chart in READING_CHARTS} == set(INSTRUMENT)
    assert len({chart.name for chart in READING_CHARTS}) == len(READING_CHARTS)


def test_titles_say_what_the_tables_say() -> None:
    saved = dict(reading_charts(reading("angry", "lost")))["origins-saved"]
    top = reading("angry", "lost").table("origins").iloc[0]
    assert top["label"] in saved.layout.meta["finding"]
    assert f"{100 * top['saved_share']:.0f} %" in saved.layout.meta["finding"]
    steps = dict(reading_charts(reading("angry", "start-small")))["small-steps-kept"]
    clear = int(reading("angry", "start-small").table("steps")["is_clear"].sum())
    assert steps.layout.meta["finding"].startswith(f"{clear or 'None'} of ")


def test_worlds_without_leavers_or_promises_say_so() -> None:
    for name in ("lost", "audit"):
        assert all(is_empty(figure) for _, figure in reading_charts(reading("bare", name)))
    assert all(is_empty(figure) for _, figure in reading_charts(reading("still", "journey-map")))


def test_the_section_of_a_report_holds_finding_tables_and_notes() -> None:
    found = [reading("angry", name) for name in ("scorecard", "lost")]
    text = instruments_section(found)
    assert text.count("class='reading'") == 2
    assert "<dt>How well is the baseline met?</dt>" in text
    assert "What each origin would have saved" in text
    assert text.count("<figure") == 2
    assert "Satisfaction is measured among those present." in text
    assert instruments_section([]) == ""
