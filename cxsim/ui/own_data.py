"""Your own data on Calibrate: send a file, name its columns, see what is wrong with it, fit, and take the scenario."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import solara

from cxsim.charts.fits import FIT_CHARTS, data_and_simulation
from cxsim.charts.look import is_empty
from cxsim.data.fitted import Fitted
from cxsim.ui.data_tasks import Looked, columns_of
from cxsim.ui.jobs import Job
from cxsim.ui.own_file import DATES, GRACES, KINDS, SCALES, SHARES, UNITS, OwnFile
from cxsim.ui.uploads import ENDINGS, MOST_BYTES, MOST_ROWS
from cxsim.ui.visit import Visit
from cxsim.ui.watching import JobStatus, use_job
from cxsim.ui.widgets import ChartPanel, ChoicePanel, SavePanel, SheetPanel, UploadPanel, chart_data

_NONE = "(none)"


def on_page(sentence: str) -> str:
    """A sentence about a file without the options of the command line: the choices on the left stand for them."""
    plain = re.sub(
        r"[:,;]? ?(?:else )?\(?(?:say |use |or use )?--(?:map|scale|unit|date-format)[^,.;)]*\)?", "", sentence
    )
    if plain == sentence:
        return sentence
    return f"{plain.rstrip(' .,;:')}; see the choices on the left."


@solara.component
def ColumnChoices(file: OwnFile) -> Any:  # noqa: N802
    """Which column is which, and how the file is read."""
    upload, options, _ = file.upload.value, file.options.value, file.named.value
    kind_chosen, turn = file.kind.value, file.turn.value
    use_job(file.reader, file.peek_key(), file.turn)
    del kind_chosen, turn
    seen, kind = file.peeked(), file.chosen_kind()
    choices: list[dict[str, Any]] = []
    if upload is not None and seen is not None:
        theirs = [{"value": "", "label": _NONE}, *({"value": name, "label": name[:60]} for name in seen.columns)]
        mapping = file.mapping()
        choices.append(_select("kind", "The file holds", kind, KINDS))
        choices += [{"key": f"column-{column.name}", "label": column.name.replace("_", " "), "options": theirs,
                     "value": mapping[column.name], "note": column.meaning} for column in columns_of(kind)]  # fmt: skip
        units = {"": f"{UNITS[kind][0]}, unless that is absurd", **{unit: unit for unit in UNITS[kind]}}
        choices += [_select("unit", "Durations are in", options["unit"], units),
                    _select("dates", "Dates are written as", options["dates"], DATES)]  # fmt: skip
        if kind == "orders":
            choices += [_select("scale", "Scores run from", options["scale"], SCALES),
                        _select("grace", "An order is late", options["grace"], GRACES)]  # fmt: skip
        else:
            choices.append(_select("share", "The file holds", options["share"], SHARES))
    return ChoicePanel.element(data=json.dumps({"choices": choices}), on_asked=file.told)


def _select(key: str, label: str, value: str, options: dict[str, str]) -> dict[str, Any]:
    told = [{"value": one, "label": text} for one, text in options.items()]
    return {"key": key, "label": label, "value": value, "options": told}


@solara.component
def OwnData(visit: Visit) -> Any:  # noqa: N802
    """The file, what is wrong with it, and the fit."""
    session, file = visit.session, visit.calibrating.file
    upload, problem = file.upload.value, file.problem.value
    job = use_job(visit.jobs, file.fit_key(), file.turn)
    is_done = job is not None and job.state == "done"
    drop = {"most": MOST_BYTES, "endings": ENDINGS, "label": "Drop a file here, or choose one"}
    with solara.Div(classes=["cx-reading"]) as part:
        solara.HTML(tag="h2", classes=["cx-lead"], unsafe_innerHTML="A scenario from your own data")
        solara.Div(classes=["cx-about"], children=[
            f"CSV or Parquet, at most {MOST_BYTES // 1_000_000} MB and {MOST_ROWS:,} rows; larger files go by the "
            "command line. The file stays on this server, in a folder that is removed with your visit; what is kept of "
            "it is the scenario and the tables below."])  # fmt: skip
        UploadPanel.element(data=json.dumps(drop), take=file.take).key("upload")
        if problem:
            JobStatus(None, "", problem, file.told)
        if upload is not None:
            Sent(visit)
        if upload is None and job is not None and job.is_open:
            JobStatus(job, "", "", file.told)
        if session.problem.value:
            JobStatus(None, "", session.problem.value, file.told)
        if job is not None and is_done:
            Shown(job, file, session.theme.value)
        elif file.fit.value and upload is None and job is None:
            solara.Div(classes=["cx-about"], children=[
                "The fit that this address names is gone: answers end with the server, and files with the visit. Send "
                "the file again."])  # fmt: skip
    return part


@solara.component
def Sent(visit: Visit) -> Any:  # noqa: N802
    """The file that was sent: its columns, its troubles, and the way to fit."""
    file = visit.calibrating.file
    upload, named, options, kind = file.upload.value, file.named.value, file.options.value, file.kind.value
    peeking = use_job(file.reader, file.peek_key(), file.turn)
    solara.use_effect(file.look, [upload, file.peeked() is not None, named, options, kind])
    looking = use_job(file.reader, file.look_key(), file.turn)
    fit = use_job(visit.jobs, file.fit_key(), file.turn)
    looked = file.looked()
    with solara.Div() as part:
        line = "" if upload is None else f"{upload.name}, {upload.size:,} bytes."
        with solara.Div(classes=["cx-file"]):
            solara.Div(children=[line])
            button = {"choices": [], "links": [{"do": "remove", "label": "Remove it now"}]}
            ChoicePanel.element(data=json.dumps(button), on_asked=file.told)
        for job in (peeking, looking):
            if job is not None and job.state == "failed":
                JobStatus(None, "", on_page(job.problem), file.told)
        if any(job is not None and job.is_open for job in (peeking, looking)):
            solara.Div(classes=["cx-about"], children=["Reading it ..."])
        if fit is not None and fit.state != "done":
            JobStatus(fit, "", "", file.told)
        if looked is not None:
            if fit is None or not (fit.is_open or fit.state == "done"):
                told = {
                    "choices": [],
                    "button": {"label": "Fit a scenario", "note": "One to three minutes, as a rule."},
                }
                ChoicePanel.element(data=json.dumps(told), on_asked=file.told)
            revision = " ".join(file.look_key())
            SheetPanel.element(data=_troubles(looked, revision)).key("troubles")
            SheetPanel.element(data=_columns(looked, revision)).key("columns")
    return part


def _troubles(looked: Looked, revision: str) -> str:
    rows = [[on_page(sentence), f"{count:,}"] for count, sentence in looked.remarks]
    left_out = looked.rows_read - looked.rows_used
    return json.dumps({
        "name": "quality", "title": f"{looked.rows_used:,} of {looked.rows_read:,} rows are of use", "rows": rows,
        "head": ["Found in the file, and what was done", "Count"], "left": [0], "revision": revision,
        "about": f"{left_out:,} rows could not be used." if left_out else "" if rows else "Nothing odd was found.",
    })  # fmt: skip


def _columns(looked: Looked, revision: str) -> str:
    rows = [[ours.replace("_", " "), theirs, f"{known:,}", f"{missing:,}", low, high]
            for ours, theirs, known, missing, low, high in looked.columns]  # fmt: skip
    return json.dumps({
        "name": "columns", "title": "Columns that are read", "rows": rows, "left": [0, 1], "revision": revision,
        "head": ["What", "Your column", "Values", "Missing", "Lowest", "Highest"], "about": "",
    })  # fmt: skip


@solara.component
def Shown(job: Job, file: OwnFile, look: Any) -> Any:  # noqa: N802
    """Data against simulation, what was found, and the scenario."""
    found: Fitted = job.result[0]
    text: str = job.result[1]
    revision = " ".join(job.key)

    def draw() -> dict[str, str]:
        drawn = {told.name: data_and_simulation(found.compared, told, look) for told in FIT_CHARTS[found.kind]}
        return {name: chart_data(figure, name, revision) for name, figure in drawn.items() if not is_empty(figure)}

    charts = solara.use_memo(draw, [revision, look])
    held, name = sum(entry.holds for entry in found.compared), f"{found.document['name']}.yaml"
    with solara.Div() as part:
        finding = f"{held} of {len(found.compared)} figures are simulated as they are in the data of {found.source}."
        solara.HTML(tag="h2", classes=["cx-lead", "cx-try"], unsafe_innerHTML="The fitted scenario")
        solara.Div(classes=["cx-finding"], children=[finding])
        SavePanel.element(data=json.dumps({
            "file": name, "text": text, "label": "Save the scenario",
            "note": "Open it on What if, with its levers, by", "command": f"cxsim ui {name}"}))  # fmt: skip
        with solara.Div(classes=["cx-charts"]):
            for chart, data in charts.items():
                ChartPanel.element(data=data).key(chart)
        SheetPanel.element(data=_estimates(found, revision)).key("estimates")
        SheetPanel.element(data=_compared(found, revision)).key("lines")
        with solara.Div(classes=["cx-notes"]):
            for note in found.notes:
                solara.Div(children=[on_page(note)])
            solara.Div(children=[f"The same by the command line: {file.command()}"])
    return part


def _estimates(found: Fitted, revision: str) -> str:
    rows = []
    for entry in found.estimates:
        error = f"{entry.error:,.2g}" if math.isfinite(entry.error) else "-"
        rows.append([entry.path, f"{entry.value:,.4g}", error, entry.unit, "yes" if entry.is_identified else "no",
                     entry.how])  # fmt: skip
    return json.dumps({"name": "estimates", "title": "What was found", "rows": rows, "left": [0, 3, 4, 5],
                       "head": ["Number", "Value", "Standard error", "Unit", "Told by the data", "How"], "about": "",
                       "revision": revision})  # fmt: skip


def _compared(found: Fitted, revision: str) -> str:
    rows = [[entry.observed.label, f"{entry.observed.value:,.4g}", f"{entry.simulated.value:,.4g}",
             f"{entry.low:,.4g} to {entry.high:,.4g}", entry.observed.unit, f"{entry.observed.count:,}",
             "holds" if entry.holds else "does not hold"] for entry in found.compared]  # fmt: skip
    return json.dumps({
        "name": "lines", "title": "Line by line", "rows": rows, "left": [0, 4, 6], "revision": revision,
        "head": ["Line", "Data", "Simulated", "Band", "Unit", "Rows", "Verdict"],
        "about": "Band: 99 % by the sampling errors of data and simulation, plus a tolerance.",
    })  # fmt: skip
