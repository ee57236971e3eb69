"""The page "Instruments": questions that a strategist asks of a world, answered on demand, with tables and charts."""

from __future__ import annotations

import json
import shlex
from typing import Any

import solara

from cxsim.charts.look import is_empty
from cxsim.charts.reading_charts import reading_charts
from cxsim.instruments.catalogue import INSTRUMENTS, worlds_of
from cxsim.instruments.sheet import Reading, Sheet
from cxsim.ui.header import Header
from cxsim.ui.jobs import Job
from cxsim.ui.readings import REPLICATIONS, reading_key
from cxsim.ui.setup import Setup
from cxsim.ui.visit import Visit
from cxsim.ui.watching import JobStatus, use_job
from cxsim.ui.what_if import STYLE
from cxsim.ui.widgets import ChartPanel, ChoicePanel, SheetPanel, chart_data

_FLAGS = {"journey-map": " --moments"}
"""What the command line needs to be told for the same reading."""


@solara.component
def Instruments(visit: Visit) -> Any:  # noqa: N802
    """The page.

    Args:
        visit: the visitor's pages.
    """
    session, state = visit.session, visit.readings
    setup, name = session.setup.value, state.name.value
    with solara.Div(classes=["cx"]) as page:
        solara.Style(STYLE)
        with solara.Div(classes=["cx-top"]):
            Header(session, "instruments", lambda: shared(setup, name), state.state)
        with solara.Div(classes=["cx-left-side"], attributes={"role": "complementary", "aria-label": "Instruments"}):
            Choices(visit)
        with solara.Div(classes=["cx-main"], attributes={"role": "main"}):
            Taken(visit)
    return page


def shared(setup: Setup, name: str) -> list[dict[str, str]]:
    """Command that takes a reading."""
    sets = [f"--set {shlex.quote(f'{path}={text}')}" for path, text in {**setup.sets, **setup.changes}.items()]
    told = " ".join([f"cxsim {name}", shlex.quote(setup.shown_name) + _FLAGS.get(name, ""), *sets,
                     f"--seed {setup.base.seed} --replications {REPLICATIONS}"])  # fmt: skip
    return [{"id": "instrument", "label": "Command that takes this reading", "text": told}]


@solara.component
def Choices(visit: Visit) -> Any:  # noqa: N802
    """The instruments."""
    state = visit.readings
    chosen, _, setup = state.name.value, state.turn.value, visit.session.setup.value
    world = setup.variant
    options = []
    for one in INSTRUMENTS:
        job = visit.jobs.find(reading_key(one.name, world))
        worlds = 1 + worlds_of(world, [one.name])
        said = {"done": "taken", "running": "under way", "waiting": "waiting"}.get(job.state if job else "", "")
        size = f"{worlds} worlds" if worlds > 1 else "1 world"
        options.append({"value": one.name, "label": one.title, "note": one.asks, "size": said or size})
    choice = {"key": "instrument", "kind": "list", "label": "Instruments", "value": chosen, "options": options}
    return ChoicePanel.element(data=json.dumps({"choices": [choice]}), on_asked=state.told)


@solara.component
def Taken(visit: Visit) -> Any:  # noqa: N802
    """The reading, or the way to take it."""
    session, state = visit.session, visit.readings
    name, setup, problem = state.name.value, session.setup.value, session.problem.value
    world = setup.variant
    job = use_job(visit.jobs, reading_key(name, world), state.turn)
    instrument, customers = state.instrument, world.population.customers
    worlds = 1 + worlds_of(world, [name])
    changed = "with your changes" if setup.changes else "as it is"
    about = (f"{setup.own.title or setup.own.name}, {changed}: {customers:,} customers, {worlds} "
             f"{'worlds' if worlds > 1 else 'world'} of {REPLICATIONS} replications.")  # fmt: skip
    with solara.Div(classes=["cx-reading"]) as part:
        solara.HTML(tag="h2", classes=["cx-lead"], unsafe_innerHTML=instrument.title)
        solara.HTML(tag="p", classes=["cx-about"], unsafe_innerHTML=instrument.asks)
        if job is None or (not job.is_open and job.state != "done"):
            button = {"choices": [], "button": {"label": "Take the reading"}}
            ChoicePanel.element(data=json.dumps(button), on_asked=state.told)
        idle = about if job is None or job.state == "done" else ""
        JobStatus(None if job is not None and job.state == "done" else job, idle, problem, state.told)
        if job is not None and job.state == "done":
            Shown(job, session.theme.value)
    return part


@solara.component
def Shown(job: Job, look: Any) -> Any:  # noqa: N802
    """Finding, charts, tables and notes of a reading."""
    reading: Reading = job.result
    revision = " ".join(job.key)
    charts = solara.use_memo(lambda: _charts(reading, look, revision), [job, look])
    with solara.Div() as part:
        solara.Div(classes=["cx-finding"], children=[reading.finding])
        for chart, data in charts.items():
            ChartPanel.element(data=data).key(chart)
        for sheet in reading.sheets:
            SheetPanel.element(data=sheet_data(sheet, revision)).key(f"{reading.name} {sheet.name}")
        with solara.Div(classes=["cx-notes"]):
            for note in reading.notes:
                solara.Div(children=[note])
    return part


def _charts(reading: Reading, look: Any, revision: str) -> dict[str, str]:
    return {chart: chart_data(figure, chart, revision) for chart, figure in reading_charts(reading, look)
            if not is_empty(figure)}  # fmt: skip


def sheet_data(sheet: Sheet, revision: str) -> str:
    """A table of an instrument for its panel."""
    left = [place for place, column in enumerate(sheet.columns) if column.kind == "text"]
    return json.dumps({
        "name": sheet.name, "title": sheet.title, "about": sheet.about, "prose": sheet.is_prose, "left": left,
        "head": [column.label for column in sheet.columns], "rows": sheet.cells(), "revision": revision,
    })  # fmt: skip
