"""Page 4, "Claims": what is said about customers, put to the model; every verdict as it came out, every one to try."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import solara

from cxsim.charts.claims import claim_chart
from cxsim.evidence.claims.judging import SEED, Judged, PartFound
from cxsim.evidence.claims.registry import theme_of
from cxsim.evidence.claims.wording import counted, effect_figures, robust_words
from cxsim.scenario.errors import ScenarioError
from cxsim.ui.claim_cards import card, robust_line, without_line
from cxsim.ui.claim_worlds import setup_of
from cxsim.ui.gallery import LUCKS, TOPICS, Gallery, fresh, size, study
from cxsim.ui.header import Header
from cxsim.ui.variants import MOST_VARIANTS, texts
from cxsim.ui.visit import Visit
from cxsim.ui.watching import JobStatus, use_job
from cxsim.ui.what_if import STYLE
from cxsim.ui.widgets import ChartPanel, ChoicePanel, ClaimPanel, GalleryPanel, SheetPanel, chart_data

_MOST_ROWS = 16
"""Worlds told one by one in a table."""
_LONGEST = 160
"""Letters of a setting in a table."""


@solara.component
def Claims(visit: Visit) -> Any:  # noqa: N802
    """The page.

    Args:
        visit: the visitor's pages.
    """
    session, state = visit.session, visit.gallery
    _ = session.setup.value, state.topic.value, state.verdict.value, state.luck.value
    opened = state.opened() if state.claim.value else None
    with solara.Div(classes=["cx"]) as page:
        solara.Style(STYLE)
        with solara.Div(classes=["cx-top"]):
            Header(session, "claims", lambda: _shared(state), state.state)
        with solara.Div(classes=["cx-left-side"], attributes={"role": "complementary", "aria-label": "Which claims"}):
            Filters(visit)
        with solara.Div(classes=["cx-main"], attributes={"role": "main"}):
            if opened is None:
                Cards(visit)
            else:
                Opened(visit, opened).key(opened.claim.id)
    return page


def _shared(state: Gallery) -> list[dict[str, str]]:
    opened = state.opened()
    if opened is None:
        return [{"id": "claims", "label": "Command that lives all claims", "text": "cxsim claims",
                 "note": "About three minutes on two cores; --robustness draws all parameters."}]  # fmt: skip
    return [{"id": "claims", "label": "Command that lives this claim", "text": state.command(opened.claim)}]


@solara.component
def Filters(visit: Visit) -> Any:  # noqa: N802
    """Themes and verdicts, with how many claims each has."""
    state, judged = visit.gallery, study().judged
    topic, verdict = state.topic.value, state.verdict.value
    themes, outcomes = Counter(theme_of(one.claim) for one in judged), Counter(str(one.verdict) for one in judged)
    topics = [{"value": "", "label": "All themes", "size": str(len(judged)), "note": ""}] + [
        {"value": key, "label": label, "size": str(themes[label]), "note": ""}
        for key, label in TOPICS.items()]  # fmt: skip
    verdicts = [{"value": "", "label": "Any verdict", "size": str(len(judged)), "note": ""}] + [
        {"value": one, "label": one[0].upper() + one[1:], "size": str(outcomes[one]), "note": ""}
        for one in state.verdicts]  # fmt: skip
    choices = [
        {"key": "topic", "kind": "list", "label": "Themes", "value": topic, "options": topics},
        {"key": "verdict", "kind": "list", "label": "Verdicts", "value": verdict, "options": verdicts},
    ]
    return ChoicePanel.element(data=json.dumps({"choices": choices}), on_asked=state.told)


@solara.component
def Cards(visit: Visit) -> Any:  # noqa: N802
    """The claims that pass the filter."""
    session, state = visit.session, visit.gallery
    found, problem, setup = study(), session.problem.value, session.setup.value
    _ = state.topic.value, state.verdict.value
    cards = [card(one, found, state.address(one.claim.id)) for one in state.chosen()]
    shown = {
        "lead": counted(found.judged), "cards": cards, "left": state.left, "query": setup.query,
        "about": f"{len(cards)} shown. Each is an experiment: worlds that differ in one thing, lived with the same "
        "luck. A verdict is reported as it came out; one that does not hold is a result too.",
    }  # fmt: skip
    with solara.Div() as part:
        if problem:
            JobStatus(None, "", problem, state.told)
        GalleryPanel.element(data=json.dumps(shown), on_asked=state.told)
    return part


@solara.component
def Opened(visit: Visit, judged: Judged) -> Any:  # noqa: N802
    """One claim: what came out and why, its worlds, and how to try it."""
    session, state = visit.session, visit.gallery
    look, claim = session.theme.value, judged.claim
    _ = state.luck.value
    picture = solara.use_memo(lambda: chart_data(claim_chart(judged, look), "claim", f"{claim.id} {look}"),
                              [claim.id, look])  # fmt: skip
    head, worlds = solara.use_memo(lambda: (_head(judged), _worlds_table(judged)), [claim.id])
    shown = {**head, "command": state.command(claim)}
    with solara.Div() as part:
        ClaimPanel.element(data=json.dumps(shown), on_asked=state.told)
        ChartPanel.element(data=picture)
        SheetPanel.element(data=_parts_table(judged))
        FreshRun(visit, judged)
        SheetPanel.element(data=worlds, on_asked=state.told)
        with solara.Div(classes=["cx-notes"]):
            for note in _notes(judged):
                solara.Div(children=[note])
    return part


def _head(judged: Judged) -> dict[str, Any]:
    claim, robust = judged.claim, study().robustness.get(judged.claim.id)
    shown: dict[str, Any] = {
        "question": claim.question, "claim": f"The claim: {claim.claim}", "verdict": judged.verdict,
        "topic": theme_of(claim), "finding": claim.finding,
        "notes": [robust_words(robust) or robust_line(robust), without_line(judged)],
    }  # fmt: skip
    try:
        setup = setup_of(claim)
    except ScenarioError as error:
        sentence = " ".join(problem.sentence for problem in error.problems)
        return {**shown, "taken": f"Its worlds cannot be taken to What if: {sentence}. The command lives them."}
    told_by = {"do": "open-claim", "value": claim.id, "world": ""}
    count = len(setup.changes)
    opens = "with its world"
    if count:
        opens = (
            f"with {count} changes that make one of its worlds" if count > 1 else "with one change: one of its worlds"
        )
    others = ""
    if setup.variants:
        others = " All its worlds are then on Compare too."
    elif len(claim.variants) > 1:
        others = f" It has more worlds than the {1 + MOST_VARIANTS} of Compare: take them one by one from the table."
    taken = f"What if opens {opens}, on the baseline that the claim holds it against.{others} Undo brings back yours."
    return {**shown, "take": {"do": "then", "message": told_by}, "taken": taken}


def _parts_table(judged: Judged) -> str:
    offs = [*judged.without, *[None] * len(judged.parts)]
    rows = [[*_part_cells(found), _asked(found), found.verdict, "" if off is None else _interval(off)]
            for found, off in zip(judged.parts, offs, strict=False)]  # fmt: skip
    return json.dumps({
        "name": "parts", "title": "What must come out, and what did", "rows": rows, "left": [0, 3, 4, 5],
        "head": ["Part of the claim", "Effect (95 % interval)", "Unit", "It must be", "Verdict", "Without mechanism"],
        "about": "Paired over replications with the same luck. The claim holds when all its parts do.",
        "revision": judged.claim.id,
    })  # fmt: skip


def _part_cells(found: PartFound) -> list[str]:
    return [found.part.label, _interval(found), found.part.unit]


def _interval(found: PartFound) -> str:
    return effect_figures(found.effect, found.part.unit)


def _asked(found: PartFound) -> str:
    part = found.part
    if part.differs:
        return "different from 0"
    bounds = [f"above {part.above:g}" if part.above > float("-inf") else "",
              f"below {part.below:g}" if part.below < float("inf") else ""]  # fmt: skip
    return " and ".join(bound for bound in bounds if bound)


def _worlds_table(judged: Judged) -> str:
    claim = judged.claim
    rows, actions = [], []
    for name, settings in list(claim.variants.items())[:_MOST_ROWS]:
        rows.append([name, _told_settings(settings) or "nothing beside"])
        actions.append({
            "label": "look at it", "full": f"Open the world '{name}' on What if", "path": "/?",
            "message": {"do": "then", "message": {"do": "open-claim", "value": claim.id, "world": name}},
        })  # fmt: skip
    more = len(claim.variants) - len(rows)
    about = (
        f"From the ready scenario '{claim.base}'. All worlds set: {_told_settings(claim.setting, 900) or 'nothing'}."
    )
    if more > 0:
        about += f" {more} more worlds are not told here."
    return json.dumps({"name": "worlds", "title": "Its worlds", "head": ["World", "It sets"], "rows": rows,
                       "left": [0, 1], "actions": actions, "about": about, "revision": claim.id})  # fmt: skip


def _told_settings(settings: Any, longest: int = _LONGEST) -> str:
    text = ", ".join(f"{path} = {value}" for path, value in texts(settings).items())
    return text if len(text) <= longest else f"{text[:longest].rstrip()} … ({len(settings)} settings)"


def _notes(judged: Judged) -> list[str]:
    claim = judged.claim
    numbers = [f"{entry['label']}: {entry['value']:.3g} {entry['unit']}" for entry in judged.reported()
               if entry["value"] is not None]  # fmt: skip
    return [f"How it is tried: {claim.design}", *(["Beside that: " + "; ".join(numbers) + "."] if numbers else []),
            f"Lived {claim.replications} times in every world, seed {SEED}. Robustness: {study().robustness_basis}.",
            f"Source of the claim: {claim.source}."]  # fmt: skip


@solara.component
def FreshRun(visit: Visit, judged: Judged) -> Any:  # noqa: N802
    """Live it now, beside what was recorded."""
    session, state = visit.session, visit.gallery
    luck, problem = state.luck.value, session.problem.value
    job = use_job(visit.jobs, state.key(), state.turn)
    is_done = job is not None and job.state == "done"
    runs = size(judged.claim.id)
    options = [{"value": seed, "label": label} for seed, label in LUCKS.items()]
    choices: dict[str, Any] = {"choices": [{"key": "luck", "label": "With", "value": luck, "options": options}]}
    if job is None or not (job.is_open or is_done):
        choices["button"] = {"label": "Run it now", "note": f"{runs} runs, one after the other."}
    with solara.Div(classes=["cx-reading"]) as part:
        solara.HTML(tag="h3", classes=["cx-side-title", "cx-try"], unsafe_innerHTML="Try it yourself")
        ChoicePanel.element(data=json.dumps(choices), on_asked=state.told)
        JobStatus(None if is_done else job, "", problem, state.told)
        if job is not None and is_done:
            SheetPanel.element(data=_fresh_table(judged, fresh(job, judged.claim), luck))
    return part


def _fresh_table(judged: Judged, now: Judged, luck: str) -> str:
    rows = []
    for before, found in zip(judged.parts, now.parts, strict=True):
        rows.append([found.part.label, _interval(before), before.verdict, _interval(found), found.verdict,
                     found.part.unit])  # fmt: skip
    same = "as recorded" if now.verdict == judged.verdict else f"recorded was: {judged.verdict}"
    fails = {True: "It fails without its mechanism.", False: "It holds without its mechanism too.", None: ""}
    return json.dumps({
        "name": "fresh", "title": f"Lived now: {now.verdict} ({same})", "left": [0, 2, 4, 5], "rows": rows,
        "head": ["Part of the claim", f"Recorded (seed {SEED})", "Verdict", f"Now (seed {luck})", "Verdict", "Unit"],
        "about": f"Effect with its 95 % interval. {fails[now.fails_without]}".strip(),
        "revision": f"{judged.claim.id} {luck}",
    })  # fmt: skip
