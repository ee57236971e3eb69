"""Page 1, "What if": levers on the left, measures on top, the journey in the middle, charts by theme below."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import solara

from cxsim.charts.catalogue import TABS, charts_of
from cxsim.charts.look import is_empty
from cxsim.charts.worlds import Found
from cxsim.compiling import is_warm
from cxsim.results.result import scenario_text
from cxsim.scenario.ready import ready_scenarios
from cxsim.ui.live import BASELINE, News
from cxsim.ui.runs import Workers
from cxsim.ui.session import Session
from cxsim.ui.setup import SAMPLE, Setup
from cxsim.ui.shown import all_names, levers_shown, measures_shown
from cxsim.ui.widgets import ChartPanel, HeaderPanel, LeverPanel, MeasurePanel, StatusPanel, TabPanel, chart_data

STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
_WIDE = ("emotion-along-the-journey", "paired-differences", "blame")
_YEARS = (365, 1095)


@solara.component
def WhatIf(workers: Workers, opened: Setup, query: str = "") -> Any:  # noqa: N802
    """The page, with a session of its own.

    Args:
        workers: who lives the replications.
        opened: the world it opens with.
        query: changes from the address.
    """
    session = solara.use_memo(lambda: Session(workers, opened, query), [])

    def visit() -> Any:
        session.start()
        return session.close

    solara.use_effect(visit, [])
    with solara.Div(classes=["cx"]) as page:
        solara.Style(STYLE)
        with solara.Div(classes=["cx-top"]):
            Header(session)
        with solara.Div(classes=["cx-left-side"], attributes={"role": "complementary", "aria-label": "Levers"}):
            Levers(session)
        with solara.Div(classes=["cx-main"], attributes={"role": "main"}):
            Measures(session)
            Status(session)
            Charts(session, "top", "cx-overview")
            Tabs(session)
            Theme(session)
    return page


@solara.component
def Header(session: Session) -> Any:  # noqa: N802
    """World, customers and days; undo, redo, sharing, theme."""
    setup, theme, is_sharing = session.setup.value, session.theme.value, session.sharing.value
    known = [setup, theme, is_sharing, session.steps.value]
    data = solara.use_memo(lambda: json.dumps(_header(session, setup, theme, is_sharing)), known)
    return HeaderPanel.element(data=data, on_asked=session.told)


def _header(session: Session, setup: Setup, theme: str, is_sharing: bool) -> dict[str, Any]:
    own, base = setup.own, setup.base
    names = [*ready_scenarios(), *([session.opened.name] if session.opened.name not in ready_scenarios() else [])]
    everybody = own.population.customers
    counts = sorted({min(SAMPLE, everybody), base.population.customers, everybody})
    days = sorted({int(own.horizon), int(base.horizon), *_YEARS})
    return {
        "scenarios": [{"value": name, "label": Path(name).stem} for name in names], "scenario": setup.name,
        "customers": base.population.customers, "days": int(base.horizon),
        "customersOptions": [{"value": count, "label": f"{count:,} (everyone)" if count == everybody else f"{count:,}"}
                             for count in counts],
        "daysOptions": [{"value": count, "label": _time(count)} for count in days],
        "canUndo": session.can_undo, "canRedo": session.can_redo, "changed": bool(setup.changes), "theme": theme,
        "query": setup.query, **(_shared(session, setup) if is_sharing else {}),
    }  # fmt: skip


def _shared(session: Session, setup: Setup) -> dict[str, str]:
    """Commands and files, made when somebody asks for them."""
    return {
        "command": setup.command(session.replications), "compareCommand": setup.compare_command(session.replications),
        "variant": setup.variant_text(), "variantFile": setup.file_name, "complete": scenario_text(setup.variant),
        "completeFile": f"{setup.own.name}-complete.yaml",
    }  # fmt: skip


def _time(days: int) -> str:
    years = days / 365
    return f"{years:g} year{'s' if years > 1 else ''}" if years.is_integer() else f"{days} days"


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
        first = "" if is_warm() else " The engine is compiled first, which takes about a minute, once."
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
    return news.comparison if asked.base != asked.variant else news.comparison.results[BASELINE]


def _key(news: News | None) -> tuple[int, int] | None:
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
