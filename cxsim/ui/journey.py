"""Page 6, "Journey": the scenario as forms, as a graph and as text, each following the others."""

from __future__ import annotations

import dataclasses
import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

import solara

from cxsim.charts.journey_plan import journey_plan
from cxsim.results.result import scenario_text
from cxsim.scenario.forms import Field, Forms, in_words
from cxsim.scenario.reading import ValuePath, dotted
from cxsim.scenario.references import value_at
from cxsim.ui.drafts import LONGEST
from cxsim.ui.editing import REPLICATIONS, Editing
from cxsim.ui.header import Header
from cxsim.ui.shown import measures_shown
from cxsim.ui.visit import Visit
from cxsim.ui.what_if import STYLE
from cxsim.ui.widgets import (
    ChartPanel,
    FormPanel,
    MeasurePanel,
    PartsPanel,
    StatusPanel,
    TextPanel,
    ToolPanel,
    chart_data,
)

GROUPS: dict[str, tuple[str, ...]] = {
    "The journey": ("journey", "touchpoints", "desks"),
    "Promises": ("company",),
    "Customers": ("population", "personas", "factors"),
    "Market and money": ("market", "survey", "money"),
    "What changes over time": ("interventions",),
    "The model": ("rules", "mechanisms", "record"),
}
"""Parts of a scenario in groups; parts that are not named stand in the last one, single values under `_WHOLE`."""
_WHOLE, _NAME_AND_TIME = "The scenario", "Name, time and seed"
_TRIED = ("satisfaction", "expectation_gap", "nps_all", "defection_rate", "wait_minutes_mean", "profit_per_customer")


@solara.component
def Journey(visit: Visit) -> Any:  # noqa: N802
    """The page.

    Args:
        visit: the visitor's pages.
    """
    session, state = visit.session, visit.editing
    setup, _ = session.setup.value, (state.part.value, state.steps.value, state.problem.value)
    solara.use_effect(lambda: state.follow(setup), [setup.name, setup.text])
    solara.use_effect(lambda: state.live.stop, [])
    with solara.Div(classes=["cx", "cx-journey"]) as page:
        solara.Style(STYLE)
        with solara.Div(classes=["cx-top"]):
            Header(session, "journey", lambda: shared(state), state.state, state)
        with solara.Div(classes=["cx-left-side"], attributes={"role": "complementary", "aria-label": "Parts"}):
            PartsPanel.element(data=json.dumps(parts_shown(state)), on_asked=state.told)
        with solara.Div(classes=["cx-main"], attributes={"role": "main"}):
            ToolPanel.element(data=json.dumps(tools_shown(state)), on_asked=state.told)
            Tried(visit)
            Plan(state, session.theme.value)
            with solara.Div(classes=["cx-two"]):
                FormPanel.element(data=json.dumps(form_shown(state)), on_asked=state.told)
                TextPanel.element(data=json.dumps(text_shown(state)), on_asked=state.told)
    return page


def shared(state: Editing) -> list[dict[str, str]]:
    """The file and the command that runs it."""
    draft, seed = state.draft.value, state.valid.seed
    file = shlex.quote(draft.file)
    told = [
        {"id": "file", "label": "Scenario file as it stands here", "text": draft.text, "file": draft.file,
         "note": "The link above works as long as this server runs; the file is for keeps."},
        {"id": "check", "label": "Command that checks it, with that file saved beside",
         "text": f"cxsim scenario check {file}"},
        {"id": "run", "label": "Command that runs it", "text":
         f"cxsim run {file} --seed {seed} --replications {state.session.replications}"},
    ]  # fmt: skip
    if state.checked.scenario is not None:
        told.append({"id": "complete", "label": "Complete scenario, every value visible", "text":
                     scenario_text(state.checked.scenario), "file": f"{state.valid.name}-complete.yaml",
                     "note": "Stands alone on any machine."})  # fmt: skip
    return told


@solara.component
def Plan(state: Editing, look: Any) -> Any:  # noqa: N802
    """The graph of the last valid text."""
    _, chosen = state.steps.value, ".".join(str(one) for one in state.part.value)
    world = state.valid
    data = solara.use_memo(
        lambda: chart_data(journey_plan(world, look, chosen), "journey-plan", f"{world.digest()} {chosen}"),
        [world, look, chosen],
    )
    return ChartPanel.element(data=data, on_asked=lambda text: state.told(text) if text != "library" else None)


@solara.component
def Tried(visit: Visit) -> Any:  # noqa: N802
    """The small run, once asked for."""
    state = visit.editing
    news = state.news.value
    with solara.Div() as part:
        if news is not None:
            running = not (news.finished or news.stopped or news.problem)
            customers = news.question.base.population.customers
            text = (f"As it was edited when the run began, beside the world on What if: {customers:,} customers, "
                    f"{news.count} of {REPLICATIONS} replications, the same luck in both.")  # fmt: skip
            told = {"text": text, "lived": news.lived, "count": news.count, "running": running, "again": "Try again",
                    "stopped": news.stopped and not news.finished, "problem": news.problem}  # fmt: skip
            StatusPanel.element(data=json.dumps(told), on_asked=state.told)
            shown = measures_shown(news.comparison, True, _TRIED)
            MeasurePanel.element(
                data=json.dumps({"layout": "cards", "measures": shown, "revision": f"{news.count} {id(news.question)}"})
            )
    return part


def parts_shown(state: Editing) -> dict[str, Any]:
    """Every part of the scenario, in groups."""
    forms = state.forms
    chosen = state.part.value
    sections = [name for name in forms.schema["properties"] if name != "extends" and not forms.is_single((name,))]
    named = [name for names in GROUPS.values() for name in names]
    groups = {label: [name for name in names if name in sections] for label, names in GROUPS.items()}
    last = list(groups)[-1]
    groups[last] += [name for name in sections if name not in named]
    shown = [{"label": label, "sections": [_section(state, forms, name) for name in names]}
             for label, names in groups.items()]  # fmt: skip
    whole = {"id": "", "path": [], "label": _NAME_AND_TIME, "note": "", "problems": _count_whole(state, sections)}
    return {"groups": [{"label": _WHOLE, "sections": [whole]}, *shown], "chosen": ".".join(map(str, chosen)),
            "heard": state.heard.get("parts", 0)}  # fmt: skip


def _section(state: Editing, forms: Forms, name: str) -> dict[str, Any]:
    path: ValuePath = (name,)
    if not is_collection(forms, path):
        return {"id": name, "path": [name], "label": in_words(name), "note": "", "problems": _count(state, path)}
    found = forms.effective(path)
    entries = found if isinstance(found, Mapping) else {}
    shown = []
    for key, one in entries.items():
        if one is None:
            continue
        label = one.get("label") if isinstance(one, Mapping) else None
        note = str(one.get("kind", "")).replace("_", " ") if isinstance(one, Mapping) else ""
        shown.append({"id": f"{name}.{key}", "path": [name, key], "label": str(label or key.replace("_", " ")),
                      "note": note, "problems": _count(state, (name, key))})  # fmt: skip
    told: dict[str, Any] = {"id": name, "path": [name], "label": in_words(name), "entries": shown}
    if name == "touchpoints":
        names = [key for key, one in entries.items() if one is not None]
        behind = str(state.part.value[1]) if state.part.value[:1] == path and len(state.part.value) > 1 else ""
        told["choices"] = [
            {"key": "kind", "label": "Kind", "value": "self_service",
             "options": [{"value": kind, "label": in_words(kind)} for kind in forms.kinds()]},
            {"key": "after", "label": "Behind", "value": behind if behind in names else (names or [""])[0],
             "options": [{"value": key, "label": key.replace("_", " ")} for key in names]
             + [{"value": "", "label": "nothing yet"}]},
        ]  # fmt: skip
    return told


def is_collection(forms: Forms, path: ValuePath) -> bool:
    """Whether a part holds entries with fields of their own, by name."""
    below = forms.schema_at((*path, "?"))
    options = forms.options(forms.schema_at(path))
    is_free = any("additionalProperties" in one and "properties" not in one for one in options)
    return is_free and ("oneOf" in below or "anyOf" in below or forms.model(below) is not None or "$ref" in below)


def _count(state: Editing, path: ValuePath) -> int:
    here = dotted(path)
    return sum(problem.path == here or problem.path.startswith((f"{here}.", f"{here}[")) for problem in
               state.checked.problems)  # fmt: skip


def _count_whole(state: Editing, sections: list[str]) -> int:
    return sum(problem.path.split(".")[0].split("[")[0] not in sections for problem in state.checked.problems)


def tools_shown(state: Editing) -> dict[str, Any]:
    """Where the scenario stands, and what can be done with it."""
    problems, notes = len(state.checked.problems), len(state.checked.notes)
    changes = state.session.setup.value.changes
    said = "Valid" + (f", with {notes} note{'s' * (notes != 1)}" if notes else "") + "."
    if problems:
        said = f"{problems} thing{'s' * (problems != 1)} to mend; the graph shows the last valid state."
    elif state.is_changed:
        said += " Edited; nothing is simulated until you ask."
    buttons = [
        {"do": "try", "label": "Try it", "disabled": bool(problems),
         "title": "A small run beside the world on What if"},
        {"do": "use", "label": "Use this in What if", "disabled": bool(problems) or not state.is_changed,
         "title": "The edited scenario becomes the world of the other pages"},
    ]  # fmt: skip
    if changes:
        count = f"{len(changes)} change{'s' * (len(changes) != 1)}"
        buttons.append({"do": "changes", "label": f"Write in {count} from What if", "disabled": not state.is_readable,
                        "title": "What was changed on What if goes into the text"})  # fmt: skip
    return {"said": said, "valid": not problems, "problem": state.problem.value or state.session.problem.value,
            "buttons": buttons, "heard": state.heard.get("tools", 0)}  # fmt: skip


def form_shown(state: Editing) -> dict[str, Any]:
    """The form of the chosen part."""
    forms, path = state.forms, state.part.value
    fields = forms.fields(path)
    is_entry = len(path) == 2 and is_collection(forms, path[:1])
    one = value_at(forms.data, path)
    label = one.get("label") if isinstance(one, Mapping) else None
    title = str(label or (in_words(path[-1]) if path else _NAME_AND_TIME))
    schema = forms.schema_at(path) if path else {}
    about = str(schema.get("description") or (forms.model(schema) or {}).get("description", "")) if path else ""
    if is_entry:
        about = str((forms.model(schema) or {}).get("description", about))
    names = forms.effective(path[:-1]) if is_entry else {}
    return {
        "path": list(path), "title": title, "about": about, "entry": is_entry, "readable": state.is_readable,
        "free": _free(str(path[-1]), names if isinstance(names, Mapping) else {}) if is_entry else "",
        "fields": [dataclasses.asdict(field) for field in fields], "others": _others(state, path, fields),
        "heard": state.heard.get("form", 0), "turn": state.steps.value,
    }  # fmt: skip


def _others(state: Editing, path: ValuePath, fields: list[Field]) -> str:
    """Problems of a part that stand beside none of its fields."""
    if not state.is_readable:
        return "The text cannot be read as YAML; mend it there first. The fields show the last text that could be read."
    told = " ".join(field.problem for field in _all(fields))
    here = dotted(path)
    rest = [problem for problem in state.checked.problems
            if path and (problem.path == here or problem.path.startswith((f"{here}.", f"{here}[")))]  # fmt: skip
    return " ".join(f"{problem.told}." for problem in rest if problem.sentence[1:] not in told)


def _all(fields: tuple[Field, ...] | list[Field]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _all(field.parts)


def _free(name: str, taken: Mapping[str, Any]) -> str:
    number = 2
    while f"{name[:36]}_{number}" in taken:
        number += 1
    return f"{name[:36]}_{number}"


def text_shown(state: Editing) -> dict[str, Any]:
    """The text, and what is wrong with it in the command line's own sentences."""
    draft, checked = state.draft.value, state.checked
    forms = state.forms
    problems = [
        {"text": str(problem), "line": problem.line if problem.file == draft.file else 0, "note": is_note,
         "part": _part_of(forms, problem.path)}
        for found, is_note in ((checked.problems, False), (checked.notes, True)) for problem in found
    ]  # fmt: skip
    file, line = checked.places.get(state.part.value, ("", 0))
    return {"file": draft.file, "text": draft.text, "problems": problems, "longest": LONGEST,
            "part": ".".join(map(str, state.part.value)), "line": line if file == draft.file else 0,
            "heard": state.heard.get("text", 0), "turn": state.steps.value}  # fmt: skip


def _part_of(forms: Forms, path: str) -> list[str]:
    """The part to which a problem's path leads."""
    section, _, rest = path.partition(".")
    if section not in forms.schema["properties"] or forms.is_single((section,)):
        return []
    entries = forms.effective((section,))
    if rest and is_collection(forms, (section,)) and isinstance(entries, Mapping):
        found = [key for key in entries if rest == key or rest.startswith((f"{key}.", f"{key}["))]
        if found:
            return [section, max(found, key=len)]
    return [section] if not is_collection(forms, (section,)) else []
