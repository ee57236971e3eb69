"""Page 5, "Calibrate": a world against published figures, parameters fitted to them, scenarios from own data."""

from __future__ import annotations

import json
import math
import shlex
from typing import Any

import solara

from cxsim.charts.calibration import fit_by_target, losses, parameters_told, strike_curve
from cxsim.charts.evidence import held_against
from cxsim.evidence.checks import Check
from cxsim.evidence.published import several
from cxsim.evidence.reading import READING
from cxsim.evidence.words import figure, verdict
from cxsim.results.measures import MEASURE
from cxsim.results.result import yaml_text
from cxsim.results.run import FOLLOW_UP_DAYS
from cxsim.results.wording import number
from cxsim.scenario.parameters import PARAMETER
from cxsim.scenario.ready import ready_scenarios
from cxsim.studies.calibration import Calibration
from cxsim.studies.targets import Fitted, load_targets, ready_targets
from cxsim.ui.calibration import EFFORTS, SEEDS, TASKS, Calibrating
from cxsim.ui.header import Header
from cxsim.ui.own_data import ColumnChoices, OwnData
from cxsim.ui.visit import Visit
from cxsim.ui.watching import JobStatus, use_job
from cxsim.ui.what_if import STYLE
from cxsim.ui.widgets import ChartPanel, ChoicePanel, SavePanel, SheetPanel, chart_data

_SAYS = (
    "It is about people, not incidents: not the chance that a customer leaves when something goes wrong.",
    "It is about any firm, ever: whoever left one bank in twenty years is among the 89 %.",
    "It is recalled and stated, not recorded; the wording changed over the years, and with it the figure (68 to 89 %).",
    "What is simulated is one relationship over three years. It is the harshest reading that the sentence allows.",
    "It is fitted in the calibrated scenario, so meeting it there is no evidence for the model; the misses tell more.",
)
"""What the figure of 89 % says and does not say; in full in docs/background/the-89-percent-figure.md."""


@solara.component
def Calibrate(visit: Visit) -> Any:  # noqa: N802
    """The page.

    Args:
        visit: the visitor's pages.
    """
    session, state = visit.session, visit.calibrating
    task = state.task.value
    _ = (session.setup.value, state.targets.value, state.seeds.value, state.effort.value, state.skipped.value,
         state.fixed.value, state.file.fit.value)  # fmt: skip
    with solara.Div(classes=["cx"]) as page:
        solara.Style(STYLE)
        with solara.Div(classes=["cx-top"]):
            Header(session, "calibrate", lambda: shared(state), state.state)
        with solara.Div(classes=["cx-left-side"], attributes={"role": "complementary", "aria-label": "What to do"}):
            Tasks(state)
            if task == "data":
                ColumnChoices(state.file)
            else:
                Wishes(visit)
        with solara.Div(classes=["cx-main"], attributes={"role": "main"}):
            if task == "data":
                OwnData(visit)
            else:
                Answer(visit).key(task)
    return page


def shared(state: Calibrating) -> list[dict[str, str]]:
    """Commands and files that give the numbers of the page."""
    setup, task = state.session.setup.value, state.task.value
    if task == "data":
        return [{"id": "fit", "label": "Command that makes this fit", "text": state.file.command()}]
    sets = [f"--set {shlex.quote(f'{path}={text}')}" for path, text in {**setup.sets, **setup.changes}.items()]
    name = shlex.quote(setup.shown_name)
    if task == "figures":
        told = ["cxsim validate", name, "--group published", f"--targets {state.targets.value}", *sets]
        return [{"id": "validate", "label": "Command that holds this world against the figures", "text": " ".join(told),
                 "note": "It takes 20 unseen seeds; --quick takes 3."}]  # fmt: skip
    sought, effort = state.sought(), EFFORTS[state.effort.value]
    file = f"{setup.own.name}-targets.yaml"
    told = ["cxsim calibrate", name, f"--targets {file}", *sets, f"--seed {state.world.seed}",
            f"--trials {effort.trials} --replications {effort.replications} --confirm {effort.confirm}"]  # fmt: skip
    return [
        {"id": "targets", "label": "File of the chosen figures and parameters", "text": yaml_text(sought.document()),
         "file": file},
        {"id": "calibrate", "label": "Command that makes this fit, with that file saved beside",
         "text": " ".join(told)},
    ]  # fmt: skip


@solara.component
def Tasks(state: Calibrating) -> Any:  # noqa: N802
    """What the page is used for."""
    notes = {"figures": "A world against surveys, the 89 % first.", "search": "Parameters that give the figures.",
             "data": "A scenario from your orders or contacts."}  # fmt: skip
    options = [{"value": key, "label": label, "note": notes[key], "size": ""} for key, label in TASKS.items()]
    choice = {"key": "task", "kind": "list", "label": "What to do", "value": state.task.value, "options": options}
    return ChoicePanel.element(data=json.dumps({"choices": [choice]}), on_asked=state.told)


@solara.component
def Wishes(visit: Visit) -> Any:  # noqa: N802
    """Figures, seeds, parameters."""
    state = visit.calibrating
    task, skipped, fixed = state.task.value, state.skipped.value, state.fixed.value
    offered = [{"value": name, "label": load_targets(str(path)).title or name}
               for name, path in ready_targets().items()]  # fmt: skip
    choices: list[dict[str, Any]] = [
        {"key": "targets", "label": "Figures", "value": state.targets.value, "options": offered}]  # fmt: skip
    if task == "figures":
        seeds = [{"value": key, "label": label} for key, label in SEEDS.items()]
        choices.append({"key": "seeds", "label": "Lived with", "value": state.seeds.value, "options": seeds})
    else:
        efforts = [{"value": key, "label": effort.label} for key, effort in EFFORTS.items()]
        figures = [{"value": name, "label": one.title + ("" if one.weight else " (told only)"),
                    "on": name not in skipped} for name, one in state.figures().targets.items()]  # fmt: skip
        parameters = [{"value": name, "label": _parameter(name, one), "on": name not in fixed}
                      for name, one in state.parameters().fit.items()]  # fmt: skip
        choices += [
            {"key": "effort", "label": "How thorough", "value": state.effort.value, "options": efforts},
            {"key": "fixed", "kind": "checks", "label": "Parameters to move", "options": parameters},
            {"key": "skipped", "kind": "checks", "label": "Figures to reach", "options": figures},
        ]  # fmt: skip
    return ChoicePanel.element(data=json.dumps({"choices": choices}), on_asked=state.told)


def _parameter(name: str, fitted: Fitted) -> str:
    """A parameter in plain words, and by its name."""
    return f"{PARAMETER[fitted.parameter].meaning} ({name})" if fitted.parameter else name.replace("_", " ")


@solara.component
def Answer(visit: Visit) -> Any:  # noqa: N802
    """The figures held against the world, or a search; or the way to get them."""
    session, state = visit.session, visit.calibrating
    setup, task = session.setup.value, state.task.value
    job = use_job(visit.jobs, state.key(), state.turn)
    is_done = job is not None and job.state == "done"
    world = setup.variant
    with solara.Div(classes=["cx-reading"]) as part:
        title = "Published figures against this world" if task == "figures" else "Parameters that give the figures"
        solara.HTML(tag="h2", classes=["cx-lead"], unsafe_innerHTML=title)
        changed = "with your changes" if setup.changes else "as it is"
        about = f"{setup.own.title or setup.own.name}, {changed}: {world.population.customers:,} customers."
        if task == "figures":
            about += " The calibrated world is 'consumer_calibrated', on top."
        if world.horizon < FOLLOW_UP_DAYS:
            about += " The 89 % follow customers for three years: choose 3 years on top, else they cannot be told."
        solara.Div(classes=["cx-about"], children=[about])
        if job is None or not (job.is_open or is_done):
            label = "Hold it against the figures" if task == "figures" else "Search"
            note = f"{int(state.seeds.value)} runs." if task == "figures" else f"At most {state.runs():,} runs."
            button = {"choices": [], "button": {"label": label, "note": note}}
            ChoicePanel.element(data=json.dumps(button), on_asked=state.told)
        JobStatus(None if is_done else job, "", session.problem.value, state.told)
        if job is not None and is_done and task == "figures":
            Held(job.result, state.figures().description, " ".join(job.key), session.theme.value)
        if job is not None and is_done and task == "search":
            Found(job.result, state, " ".join(job.key), session.theme.value)
        Reading89()
    return part


@solara.component
def Reading89() -> Any:  # noqa: N802
    """What the figure of 89 % says, and what not."""
    with solara.Div(classes=["cx-notes", "cx-eighty-nine"]) as part:
        solara.HTML(tag="h3", classes=["cx-side-title"], unsafe_innerHTML="What the 89 % say, and what not")
        solara.Div(children=["\u201c89 % of consumers have begun doing business with a competitor following a poor "
                             "customer experience\u201d (RightNow and Harris Interactive, 2011)."])  # fmt: skip
        for sentence in _SAYS:
            solara.Div(children=[f"\u2022 {sentence}"])
        solara.Div(children=[f"How it is computed here: {READING}"])
    return part


@solara.component
def Held(lines: list[Check], speak_of: str, revision: str, look: Any) -> Any:  # noqa: N802
    """Every figure beside what the world gives."""
    drawn, table = solara.use_memo(
        lambda: (
            chart_data(held_against(lines, look), "held-against", revision),
            _lines_table(lines, speak_of, revision),
        ),
        [revision, look],
    )
    first = next((line for line in lines if line.id == "switched-after-poor"), None)
    with solara.Div() as part:
        if first is not None:
            solara.Div(classes=["cx-finding"], children=[_eighty_nine(first)])
        ChartPanel.element(data=drawn)
        SheetPanel.element(data=table)
    return part


def _eighty_nine(line: Check) -> str:
    if line.simulated is None:
        return "The 89 %: this world cannot tell. They follow customers who had a poor journey for three years."
    here, low, high = (figure(value, line) for value in (line.simulated, line.low, line.high))
    return (
        f"The 89 %: here {here} of those who had a poor journey left within three years, "
        f"{'within' if line.holds else 'outside'} the band of {low} to {high}. With several such relationships, "
        f"who left at least one: {several(line.simulated, 4)}."
    )


def _lines_table(lines: list[Check], speak_of: str, revision: str) -> str:
    rows = [[line.title, figure(line.observed, line), figure(line.simulated, line),
             f"{figure(line.low, line)} to {figure(line.high, line)}", verdict(line),
             "yes" if line.strict else "no", "; ".join(part for part in (line.source, line.note) if part)]
            for line in lines]  # fmt: skip
    return json.dumps({
        "name": "figures", "title": "Figure by figure", "rows": rows, "left": [0, 4, 5, 6], "revision": revision,
        "head": ["Figure", "Published", "Here", "Band", "Verdict", "Has to hold", "Source, and what to know"],
        "about": f"{speak_of} Misses are told as they are; stated intentions are compared with what is simulated "
        "divided by .58.".strip(),
    })  # fmt: skip


@solara.component
def Found(found: Calibration, state: Calibrating, revision: str, look: Any) -> Any:  # noqa: N802
    """Fit, what the figures tell of the parameters, trade-offs, and the scenario."""
    setup = state.session.setup.value

    def draw() -> tuple[dict[str, str], list[str], str]:
        figures = {"fit": fit_by_target(found, look), "strike-curve": strike_curve(found, look),
                   "parameters": parameters_told(found, look), "losses": losses(found, look)}  # fmt: skip
        tables = [_fit_table(found, revision), _parameters_table(found, revision), _conflicts_table(found, revision)]
        extends = setup.shown_name if setup.name in ready_scenarios() else str(setup.file.resolve())
        text = found.scenario_text(extends, _given(state))
        return ({name: chart_data(one, name, revision) for name, one in figures.items()}, tables, text)

    charts, tables, text = solara.use_memo(draw, [revision, look])
    name = f"{found.study.scenario.name}_calibrated.yaml"
    note = "It extends the world you began with. Run it with" if found.best else "Nothing better was found. Run it with"
    with solara.Div() as part:
        ChartPanel.element(data=charts["fit"])
        SavePanel.element(data=json.dumps({"file": name, "text": text, "label": "Save the fitted scenario",
                                           "note": note, "command": f"cxsim ui {name}"}))  # fmt: skip
        with solara.Div(classes=["cx-charts"]):
            for chart in ("strike-curve", "parameters", "losses"):
                ChartPanel.element(data=charts[chart]).key(chart)
        for place, table in enumerate(tables):
            SheetPanel.element(data=table).key(str(place))
    return part


def _given(state: Calibrating) -> dict[str, Any]:
    from cxsim.ui.variants import parsed

    setup = state.session.setup.value
    return parsed({**setup.sets, **setup.changes})


def _fit_table(found: Calibration, revision: str) -> str:
    rows = []
    for row in found.fit.to_dict("records"):
        measure, after = MEASURE[row["statistic"]], float(row["after"])
        low, high = float(row["low"]), float(row["high"])
        rows.append([
            row["title"] + ("" if row["fitted"] else " (told only)"),
            f"{number(row['band_low'], measure)} to {number(row['band_high'], measure)}",
            number(float(row["before"]), measure), number(after, measure),
            "" if math.isnan(low) else f"{number(low, measure)} to {number(high, measure)}",
            "nothing to count" if math.isnan(after) else "holds" if row["holds"] else "missed", row["source"],
        ])  # fmt: skip
    return json.dumps({
        "name": "fit", "title": "Fit per figure", "rows": rows, "left": [0, 5, 6], "revision": revision,
        "head": ["Figure", "Band", "Before", "Fitted", "95 % interval", "Verdict", "Source"],
        "about": f"On {int(found.fit['n'].max())} seeds that the search never saw.",
    })  # fmt: skip


def _parameters_table(found: Calibration, revision: str) -> str:
    rows = [[row["parameter"], f"{row['value']:.4g}", f"{row['low']:.3g} to {row['high']:.3g}",
             f"{row['range_low']:g} to {row['range_high']:g}", f"{100 * row['learned']:.0f} %", row["verdict"],
             f"{row['mixed_with']} ({row['correlation']:+.2f})" if row["mixed_with"] else ""]
            for row in found.identified.to_dict("records")]  # fmt: skip
    return json.dumps({
        "name": "parameters", "title": "What the figures tell of the parameters", "rows": rows, "left": [0, 5, 6],
        "head": ["Parameter", "Fitted", "95 % of the posterior", "Plausible", "Learned", "Verdict",
                 "Hardest to tell from"],
        "about": "Learned: share of the plausible range's width that the figures take away, reckoned linear at the "
        "fit. What is not identified might as well stand elsewhere in its range.", "revision": revision,
    })  # fmt: skip


def _conflicts_table(found: Calibration, revision: str) -> str:
    titles = dict(zip(found.fit["target"], found.fit["title"], strict=True))
    rows = [[titles[row["target"]], f"{row['now']:.3g}", f"{row['reached']:.3g}",
             titles[row["other"]] if row["other"] else "nothing",
             f"{row['other_now']:.3g} to {row['other_then']:.3g}" if row["other"] else ""]
            for row in found.conflicts.to_dict("records")]  # fmt: skip
    return json.dumps({
        "name": "conflicts", "title": "What is missed, and what it would cost", "rows": rows, "left": [0, 3],
        "head": ["Missed", "Now", "Could reach", "At the cost of", "Moved from"], "revision": revision,
        "about": "Reckoned linear, within a quarter of the parameters' ranges." if rows else "Nothing is missed.",
    })  # fmt: skip
