"""Page 1, "What if": levers on the left, measures on top, the journey in the middle, charts by theme below."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import solara

from cxsim.charts.catalogue import TABS, charts_of
from cxsim.charts.look import is_empty
from cxsim.charts.worlds import Found
from cxsim.compiling import COMPILING_TAKES, is_warm
from cxsim.results.result import scenario_text
from cxsim.ui.header import Header
from cxsim.ui.live import News, Question
from cxsim.ui.session import Session
from cxsim.ui.setup import Setup
from cxsim.ui.shown import all_names, levers_shown, measures_shown
from cxsim.ui.variants import BASELINE
from cxsim.ui.widgets import ChartPanel, LeverPanel, MeasurePanel, StatusPanel, TabPanel, chart_data

STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
_WIDE = ("emotion-along-the-journey", "paired-differences", "blame")


@solara.component
def WhatIf(session: Session) -> Any:  # noqa: N802
    """The page.

    Args:
        session: the visitor's state.
    """

    def visit() -> Any:
        session.start()
        return session.pause

    solara.use_effect(visit, [])
    with solara.Div(classes=["cx"]) as page:
        solara.Style(STYLE)
        with solara.Div(classes=["cx-top"]):
            Header(session, "", lambda: _shared(session))
        with solara.Div(classes=["cx-left-side"], attributes={"role": "complementary", "aria-label": "Levers"}):
            Levers(session)
        with solara.Div(classes=["cx-main"], attributes={"role": "main"}):
            Measures(session)
            Status(session)
            Charts(session, "top", "cx-overview")
            Tabs(session)
            Theme(session)
    return page


def _shared(session: Session) -> list[dict[str, str]]:
    """Commands and files of this page."""
    setup, count = session.setup.value, session.replications
    return [
        {"id": "run", "label": "Command that gives these numbers", "text": setup.command(count)},
        {"id": "variant", "label": "Scenario file with only the changes", "text": setup.variant_text(),
         "file": setup.file_name, "note": "It extends the scenario's own file on this machine."},
        {"id": "compare", "label": "Command that gives the differences, with that file saved beside",
         "text": setup.compare_command(count)},
        {"id": "complete", "label": "Complete scenario, every value visible", "text": scenario_text(setup.variant),
         "file": f"{setup.own.name}-complete.yaml", "note": "Stands alone on any machine."},
    ]  # fmt: skip


@solara.component
def Levers(session: Session) -> Any:  # noqa: N802
    """Every lever of the world, in groups."""
    setup, turn = session.setup.value, session.turn.value
    base = setup.base
    key = base.digest()
    data = solara.use_memo(lambda: json.dumps({"key": key, **levers_shown(list(session.levers().values()))}), [key])
    values = json.dumps({**session.values(), **({"": turn} if turn else {})})
    return LeverPanel.element(data=data, values=values, on_asked=session.told)


@solara.component
def Measures(session: Session) -> Any:  # noqa: N802
    """Measures always in view."""
    news, setup = session.numbers.value, session.setup.value
    found = news.comparison if news is not None else None
    shown = measures_shown(found, bool(setup.changes))
    return MeasurePanel.element(data=json.dumps({"layout": "cards", "measures": shown, "revision": _revision(news)}))


def _revision(news: News | None) -> str:
    """What tells a state of the page from others, for tests and benchmarks."""
    return "" if news is None else f"{news.count} {news.question.label}"


@solara.component
def Status(session: Session) -> Any:  # noqa: N802
    """How far the numbers are, and what cannot be done."""
    news, setup, problem = session.news.value, session.setup.value, session.problem.value
    known = session.numbers.value
    count = known.count if known is not None else 0
    running = news is None or not (news.finished or news.stopped or news.problem)
    told = {
        "text": _progress(session, news, count, setup), "lived": 0.0 if news is None else news.lived, "count": count,
        "running": running, "stopped": news is not None and news.stopped and not news.finished,
        "problem": problem or (news.problem if news is not None else ""),
    }  # fmt: skip
    return StatusPanel.element(data=json.dumps(told), on_asked=session.told)


def _progress(session: Session, news: News | None, count: int, setup: Setup) -> str:
    everybody, customers = setup.own.population.customers, setup.base.population.customers
    who = f"all {everybody:,} customers"
    if customers != everybody:
        who = f"a sample of {customers:,} customers; newcomers and desks in proportion to {everybody:,}"
    if news is None or count == 0:
        first = "" if is_warm() else f" The engine is compiled first, which takes {COMPILING_TAKES}, once."
        return f"Simulating {who}.{first}"
    luck = "the same luck in both worlds" if setup.changes else "no changes yet"
    state = "stopped after" if news.stopped and not news.finished else "mean of"
    return f"{state.capitalize()} {count} of {session.replications} replications, {luck}; {who}."


@solara.component
def Charts(session: Session, theme: str, name: str) -> Any:  # noqa: N802
    """The charts of a theme, in a frame of this class."""
    news, look = (session.drawn if theme == "top" else session.below).value, session.theme.value
    found: Found | None = solara.use_memo(lambda: _looked_at(news), [_key(news)])
    revision = _revision(news)
    drawn = solara.use_memo(lambda: _drawn(theme, found, look, revision), [_key(news), look, theme])
    if found is None:
        return solara.Div(classes=["cx-waiting"], children=["The first numbers are on their way."])
    with solara.Div(classes=[name]) as frame:
        for chart, data in drawn.items():
            with solara.Div(classes=["cx-wide"] if chart in _WIDE else [], key=chart):
                ChartPanel.element(data=data)
    return frame


def _drawn(theme: str, found: Found | None, look: str, revision: str) -> dict[str, str]:
    """What the charts of a theme show, by name; a world that lacks something says so once."""
    shown: dict[str, str] = {}
    told: set[str] = set()
    if found is None:
        return shown
    for chart in charts_of(theme):
        figure = chart.draw(found, theme=look)
        sentence = str(figure.layout.meta["finding"])
        if not (is_empty(figure) and sentence in told):
            shown[chart.name] = chart_data(figure, chart.name, revision)
        told.add(sentence)
    return shown


def _looked_at(news: News | None) -> Found | None:
    """The comparison, or one world alone as long as nothing is changed."""
    if news is None or news.comparison is None:
        return None
    asked = news.question
    return news.comparison if asked.is_changed else news.comparison.results[BASELINE]


def _key(news: News | None) -> tuple[Question, int] | None:
    return None if news is None else news.key


@solara.component
def Tabs(session: Session) -> Any:  # noqa: N802
    """Themes of the charts."""
    tabs = [{"key": key, "label": label} for key, label in TABS.items()]
    return TabPanel.element(data=json.dumps({"tabs": tabs, "chosen": session.tab.value}), on_asked=session.told)


@solara.component
def Theme(session: Session) -> Any:  # noqa: N802
    """What the chosen tab shows."""
    tab = session.tab.value
    attributes = {"role": "tabpanel", "aria-labelledby": f"tab-{tab}"}
    with solara.Div(classes=["cx-theme"], attributes=attributes, key=tab) as panel:
        Charts(session, tab, "cx-charts")
        if tab == "measures":
            AllMeasures(session)
    return panel


@solara.component
def AllMeasures(session: Session) -> Any:  # noqa: N802
    """Every measure in a table."""
    news, setup = session.numbers.value, session.setup.value
    found = news.comparison if news is not None else None
    shown = measures_shown(found, bool(setup.changes), all_names())
    return MeasurePanel.element(data=json.dumps({"layout": "table", "measures": shown, "revision": _revision(news)}))
