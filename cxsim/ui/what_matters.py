"""The page "Levers": what matters most, one lever at a time or all together, and the cost of keeping a customer."""

from __future__ import annotations

import json
import math
from typing import Any

import solara

from cxsim.charts.input_bars import direction, input_bars, input_label
from cxsim.charts.reading_bars import small_steps_kept
from cxsim.charts.tornado import tornado_bars
from cxsim.results.measures import MEASURE
from cxsim.results.wording import change
from cxsim.studies.sensitivity import Sensitivity
from cxsim.studies.tornado import Tornado
from cxsim.ui.header import Header
from cxsim.ui.instruments import sheet_data
from cxsim.ui.jobs import Job
from cxsim.ui.lever_study import LeverStudy
from cxsim.ui.trying import OUTCOMES, REACHES, WAYS, candidates, command, experiment_text
from cxsim.ui.visit import Visit
from cxsim.ui.watching import JobStatus, use_job
from cxsim.ui.what_if import STYLE
from cxsim.ui.widgets import ChartPanel, ChoicePanel, SheetPanel, chart_data


@solara.component
def WhatMatters(visit: Visit) -> Any:  # noqa: N802
    """The page.

    Args:
        visit: the visitor's pages.
    """
    session, state = visit.session, visit.lever_study
    _ = session.setup.value, state.way.value, state.reach.value, state.outcome.value, state.without.value
    with solara.Div(classes=["cx"]) as page:
        solara.Style(STYLE)
        with solara.Div(classes=["cx-top"]):
            Header(session, "levers", lambda: _shared(state), state.state)
        with solara.Div(classes=["cx-left-side"], attributes={"role": "complementary", "aria-label": "What is tried"}):
            Choices(visit)
        with solara.Div(classes=["cx-main"], attributes={"role": "main"}):
            Answer(visit)
    return page


def _shared(state: LeverStudy) -> list[dict[str, str]]:
    setup, experiment = state.session.setup.value, state.experiment()
    if experiment is None:
        from cxsim.ui.instruments import shared

        return shared(setup, "start-small")
    return [
        {"id": "levers", "label": "Experiment file with all levers", "text": experiment_text(experiment),
         "file": f"{experiment.name}.yaml"},
        {"id": "sensitivity", "label": "Command that gives these numbers, with that file saved beside",
         "text": command(experiment, state.chosen)},
    ]  # fmt: skip


@solara.component
def Choices(visit: Visit) -> Any:  # noqa: N802
    """Way, reach and levers."""
    session, state = visit.session, visit.lever_study
    _, way, without = session.setup.value, state.chosen, state.without.value
    ways = [{"value": one.key, "label": one.label, "note": one.note, "size": ""} for one in WAYS]
    choices: list[dict[str, Any]] = [
        {"key": "method", "kind": "list", "label": "Ways to find out", "value": way.key, "options": ways}
    ]
    if way.key != "steps":
        reach = [{"value": key, "label": f"{label} of where they stand"} for key, label in REACHES.items()]
        choices.append({"key": "reach", "label": "How far levers move, to either side", "value": state.reach.value,
                        "options": reach, "note": "A lever at 0 moves up by as much of its slider."})  # fmt: skip
        options = [{"value": one.path, "label": f"{one.part}: {one.label}" if one.part else one.label,
                    "on": one.path not in without} for one in candidates(session.levers())]  # fmt: skip
        choices.append({"key": "without", "kind": "checks", "label": "Levers", "options": options})
    return ChoicePanel.element(data=json.dumps({"choices": choices}), on_asked=state.told)


@solara.component
def Answer(visit: Visit) -> Any:  # noqa: N802
    """Chart and table, or the way to get them."""
    session, state = visit.session, visit.lever_study
    setup, way, outcome, look = session.setup.value, state.chosen, state.outcome.value, session.theme.value
    job = use_job(visit.jobs, state.key(), state.turn)
    is_done = job is not None and job.state == "done"
    with solara.Div(classes=["cx-reading"]) as part:
        solara.HTML(tag="h2", classes=["cx-lead"], unsafe_innerHTML="What matters most?")
        if way.key != "steps":
            options = [{"value": name, "label": MEASURE[name].label} for name in OUTCOMES]
            choice = {"key": "outcome", "label": "For", "value": outcome, "options": options}
            ChoicePanel.element(data=json.dumps({"choices": [choice]}), on_asked=state.told).key("outcome")
        if job is None or not (job.is_open or is_done):
            button = {"choices": [], "button": {"label": "Find out", "note": _size(state)}}
            ChoicePanel.element(data=json.dumps(button), on_asked=state.told).key("run")
        changed = "with your changes" if setup.changes else "as it is"
        about = f"{setup.own.title or setup.own.name}, {changed}: {setup.variant.population.customers:,} customers."
        JobStatus(None if is_done else job, about, session.problem.value, state.told)
        if job is not None and is_done:
            Shown(job, state, outcome, look)
    return part


def _size(state: LeverStudy) -> str:
    way, levers = state.chosen, len(state.levers())
    if way.key == "steps":
        return ""
    points = way.points(levers)
    return f"{levers} levers, {points:,} settings, {points * way.replications:,} runs."


@solara.component
def Shown(job: Job, state: LeverStudy, outcome: str, look: Any) -> Any:  # noqa: N802
    """What was found."""
    found, revision = job.result, " ".join(job.key)
    steps = not isinstance(found, (Tornado, Sensitivity))

    def draw() -> tuple[str, str]:
        if isinstance(found, Tornado):
            return (chart_data(tornado_bars(found, outcome, look), "tornado", revision),
                    _tornado_table(found, outcome, revision))  # fmt: skip
        if isinstance(found, Sensitivity):
            return (chart_data(input_bars(found, outcome, look), f"input-{found.method}", revision),
                    _index_table(found, outcome, revision))  # fmt: skip
        return chart_data(small_steps_kept(found, look), "small-steps-kept", revision), _steps_table(found, revision)

    chart, table = solara.use_memo(draw, [job, look, outcome])
    with solara.Div() as part:
        if steps:
            solara.Div(classes=["cx-finding"], children=[found.finding])
        ChartPanel.element(data=chart)
        SheetPanel.element(data=table, on_asked=state.told)
        if steps:
            with solara.Div(classes=["cx-notes"]):
                for note in found.notes:
                    solara.Div(children=[note])
    return part


def _tornado_table(found: Tornado, outcome: str, revision: str) -> str:
    """One row per lever and end, each with a way to try it."""
    measure, experiment = MEASURE[outcome], found.study.experiment
    rows, actions = [], []
    for row in found.ranking(outcome).to_dict("records"):
        lever = experiment.levers[row["input"]]
        stands = f"{float(row['value']):.4g} {lever.unit}".strip()
        rows.append([lever.label, "more" if row["end"] == "high" else "less", stands,
                     change(row["difference"], measure), _bounds(row, "difference", outcome)])  # fmt: skip
        value = int(row["value"]) if lever.whole else float(row["value"])
        actions.append({
            "label": "try it", "full": f"Set {lever.label} to {stands} on What if", "path": "/?",
            "message": {"do": "then", "message": {"do": "move", "path": lever.path, "value": value, "settled": True}},
        })  # fmt: skip
    head = ["Lever", "Which way", "Stands at", f"{measure.label}, change", "95 % interval"]
    return json.dumps({"name": "tornado", "title": "Every lever alone", "head": head, "rows": rows, "left": [0, 1, 2],
                       "actions": actions, "revision": revision, "about": f"Paired with the world as it stands, over "
                       f"{found.study.replications} replications; shares in percentage points."})  # fmt: skip


def _index_table(found: Sensitivity, outcome: str, revision: str) -> str:
    measure, is_morris = MEASURE[outcome], found.method == "morris"
    rows = []
    for row in found.ranking(outcome).to_dict("records"):
        plain = {str(key): value for key, value in row.items()}
        if is_morris:
            rows.append([input_label(found, row["input"]), change(row["effect"], measure).lstrip("+"),
                         _bounds(plain, "effect", outcome).replace("+", ""), direction(plain)])  # fmt: skip
        else:
            bounds = f"{_percent(row['effect_low'])} to {_percent(row['effect_high'])}"
            rows.append([input_label(found, row["input"]), _percent(row["effect"]), bounds, _percent(row["first"])])
    head = ["Lever", *(["Mean size of its effect", "95 % interval", "More of it"] if is_morris
                       else ["Share with all that involves it", "95 % interval", "Share alone"])]  # fmt: skip
    return json.dumps({"name": found.method, "title": f"{measure.label}: every lever", "head": head, "rows": rows,
                       "left": [0, 3] if is_morris else [0], "revision": revision})  # fmt: skip


def _steps_table(found: Any, revision: str) -> str:
    """The table of small steps, each with a way to try it."""
    sheet = found.sheets[0]
    told = json.loads(sheet_data(sheet, revision))
    told["actions"] = [
        {"label": "try it", "full": f"Take the step on What if: {row['label']}", "path": "/?",
         "message": {"do": "step", "value": row["step"]}}
        for row in sheet.table.to_dict("records")
    ]  # fmt: skip
    return json.dumps(told)


def _bounds(row: dict[Any, Any], name: str, outcome: str) -> str:
    low, high = float(row[f"{name}_low"]), float(row[f"{name}_high"])
    return "-" if math.isnan(low) else f"{change(low, MEASURE[outcome])} to {change(high, MEASURE[outcome])}"


def _percent(share: float) -> str:
    return "-" if math.isnan(share) else f"{100 * share:.0f} %"
