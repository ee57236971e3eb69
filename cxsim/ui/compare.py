"""Page 2, "Compare": two to six worlds side by side, with differences, intervals, and the chance to be best."""

from __future__ import annotations

import json
import math
from typing import Any

import solara

from cxsim.charts.variants import SHOWN, chance_best, differences_by_measure, letters, satisfaction_by_variant
from cxsim.results.measures import MEASURE, MEASURES, Measure
from cxsim.results.wording import change, number
from cxsim.studies.compare import Comparison, verdict
from cxsim.ui.header import Header
from cxsim.ui.live import News
from cxsim.ui.setup import Setup
from cxsim.ui.shown import all_names
from cxsim.ui.side_by_side import REPLICATIONS, SideBySide
from cxsim.ui.variants import (
    BASELINE,
    LONGEST_NAME,
    MOST_VARIANTS,
    command,
    experiment_text,
    file_name,
    offers,
)
from cxsim.ui.visit import Visit
from cxsim.ui.what_if import STYLE
from cxsim.ui.widgets import ChartPanel, ChoicePanel, SheetPanel, StatusPanel, VariantPanel, chart_data

_NOTHING = (
    "Nothing to compare yet. Move levers on What if and add them as a variant, or open a ready experiment on the left."
)


@solara.component
def Compare(visit: Visit) -> Any:  # noqa: N802
    """The page.

    Args:
        visit: the visitor's pages.
    """
    session, state = visit.session, visit.side_by_side
    setup, replications, _ = session.setup.value, state.replications.value, state.measure.value
    solara.use_effect(lambda: state.ask(setup, replications), [setup.query, replications])
    solara.use_effect(lambda: state.pause, [])
    with solara.Div(classes=["cx"]) as page:
        solara.Style(STYLE)
        with solara.Div(classes=["cx-top"]):
            Header(session, "compare", lambda: _shared(setup, state), state.state)
        with solara.Div(classes=["cx-left-side"], attributes={"role": "complementary", "aria-label": "Variants"}):
            Variants(visit)
        with solara.Div(classes=["cx-main"], attributes={"role": "main"}):
            Progress(visit)
            SideBySideCharts(visit)
    return page


def _shared(setup: Setup, state: SideBySide) -> list[dict[str, str]]:
    """Experiment file and command of this page."""
    if not setup.variants:
        return []
    measures = list(dict.fromkeys([state.measure.value, *SHOWN, *all_names()]))
    return [
        {"id": "experiment", "label": "Experiment file with all variants", "file": file_name(setup),
         "text": experiment_text(setup, measures, state.replications.value)},
        {"id": "sweep", "label": "Command that gives these numbers, with that file saved beside",
         "text": command(setup, state.replications.value),
         "note": "Its table of policies has the differences, their intervals and the chance to be best."},
    ]  # fmt: skip


@solara.component
def Variants(visit: Visit) -> Any:  # noqa: N802
    """The worlds, and where more come from."""
    session, state = visit.session, visit.side_by_side
    setup, replications, turn = session.setup.value, state.replications.value, session.turn.value
    ready = solara.use_memo(offers, [])
    held = session.told_changes(setup.held)
    shown = {
        "turn": turn, "longest": LONGEST_NAME, "world": setup.world_query,
        "worlds": [
            {"letter": "", "name": BASELINE, "changes": held},
            *({"letter": "ABCDE"[place], "name": one.name, "changes": session.told_changes(one.changes)}
              for place, one in enumerate(setup.variants)),
        ],
        "changes": [] if any(one.changes == setup.changes for one in setup.variants)
                   or len(setup.variants) >= MOST_VARIANTS else session.told_changes(setup.changes),
        "experiments": [{"value": "", "label": "choose one"}, *({"value": one.name, "label": one.title}
                                                               for one in ready)],
        "replications": str(replications),
        "replicationsOptions": [{"value": str(count), "label": str(count)} for count in REPLICATIONS],
    }  # fmt: skip
    return VariantPanel.element(data=json.dumps(shown), on_asked=state.told)


@solara.component
def Progress(visit: Visit) -> Any:  # noqa: N802
    """How far the numbers are."""
    session, state = visit.session, visit.side_by_side
    setup, news, known, problem = (session.setup.value, state.news.value, state.numbers.value, session.problem.value)
    count, wanted = (known.count if known is not None else 0), state.replications.value
    running = bool(setup.variants) and (news is None or not (news.finished or news.stopped or news.problem))
    worlds, customers = 1 + len(setup.variants), setup.base.population.customers
    text = (
        f"{worlds} worlds of {customers:,} customers, {count} of {wanted} replications, the same luck in all of them."
    )
    told = {
        "text": text if setup.variants else "", "lived": 0.0 if news is None else news.lived, "count": count,
        "running": running, "stopped": news is not None and news.stopped and not news.finished,
        "problem": problem or (news.problem if news is not None else ""),
    }  # fmt: skip
    return StatusPanel.element(data=json.dumps(told), on_asked=state.told)


@solara.component
def SideBySideCharts(visit: Visit) -> Any:  # noqa: N802
    """Small multiples, the chance to be best, and the table."""
    session, state = visit.session, visit.side_by_side
    news, look, measure = state.numbers.value, session.theme.value, state.measure.value
    setup = session.setup.value
    found = news.comparison if news is not None else None
    key = [None if news is None else news.key, look]
    revision = "" if news is None else f"{news.count} {news.question.label}"
    drawn = solara.use_memo(lambda: _drawn(found, look, revision), key)
    best = solara.use_memo(lambda: _best(found, measure, look, revision), [*key, measure])
    table = solara.use_memo(lambda: _table(news), key)
    with solara.Div() as part:
        if not setup.variants:
            solara.Div(classes=["cx-waiting"], children=[_NOTHING])
        elif found is None:
            solara.Div(classes=["cx-waiting"], children=["The first numbers are on their way."])
        else:
            ChartPanel.element(data=drawn["differences"]).key("differences")
            with solara.Div(classes=["cx-charts", "cx-compare-charts"]):
                with solara.Div():
                    ChoicePanel.element(data=json.dumps({"choices": [_measures(measure)]}), on_asked=state.told)
                    ChartPanel.element(data=best).key("chance-best")
                ChartPanel.element(data=drawn["satisfaction"]).key("satisfaction")
            SheetPanel.element(data=table)
    return part


def _drawn(found: Comparison | None, look: Any, revision: str) -> dict[str, str]:
    if found is None:
        return {}
    return {
        "differences": chart_data(differences_by_measure(found, look), "differences-by-measure", revision),
        "satisfaction": chart_data(satisfaction_by_variant(found, look), "satisfaction-by-variant", revision),
    }


def _best(found: Comparison | None, measure: str, look: Any, revision: str) -> str:
    return "" if found is None else chart_data(chance_best(found, measure, look), "chance-best", revision)


def _measures(chosen: str) -> dict[str, Any]:
    options = [{"value": one.name, "label": one.label} for one in MEASURES if one.better != "neither"]
    return {"key": "measure", "label": "Best by which measure?", "value": chosen, "options": options}


def _table(news: News | None) -> str:
    """Every measure as a row, every world as a column: value, and difference with interval."""
    if news is None or news.comparison is None:
        return "{}"
    found = news.comparison
    head = ["Measure", "Unit", found.baseline]
    for name, letter in letters(found).items():
        head += [f"{letter}: {name}", f"{letter}: difference", f"{letter}: 95 % interval"]
    rows: list[list[str]] = []
    verdicts: list[list[str]] = []
    for name in all_names():
        row, told = _row(found, MEASURE[name])
        if any(cell != "-" for cell in row[2:]):
            rows.append(row)
            verdicts.append(told)
    shown = {
        "name": "compare", "title": "All measures", "head": head, "rows": rows, "left": [0, 1], "verdicts": verdicts,
        "about": f"Mean of {news.count} replications; differences are paired with {found.baseline}, shares in "
                 "percentage points. Blue: clearly better; orange: clearly worse.",
        "revision": f"{news.count} {news.question.label}",
    }  # fmt: skip
    return json.dumps(shown)


def _row(found: Comparison, measure: Measure) -> tuple[list[str], list[str]]:
    unit = "" if measure.unit == "share" else measure.unit
    row = [measure.label, unit, number(found.results[found.baseline].estimate(measure.name).mean, measure)]
    told = ["", "", ""]
    for variant in found.variants:
        difference = found.difference(variant, measure.name)
        interval = "-" if math.isnan(difference.low) else (
            f"{change(difference.low, measure)} to {change(difference.high, measure)}")  # fmt: skip
        row += [number(found.results[variant].estimate(measure.name).mean, measure),
                change(difference.mean, measure), interval]  # fmt: skip
        word = verdict(difference, measure.better)
        told += ["", word, ""]
    return row, told
