"""Tables of a study's report: settings with paired differences, indices with intervals, plans and small steps."""

from __future__ import annotations

import math
from collections.abc import Iterable
from html import escape
from typing import Any

from cxsim.charts.input_bars import direction, input_label
from cxsim.charts.search_charts import judged_measures, plan_name, step_name
from cxsim.charts.study_words import (
    estimate_of,
    lever_label,
    main_outcomes,
    measure_of,
    ordered_outcomes,
    records,
    told,
)
from cxsim.report.frame import table
from cxsim.results.measures import Estimate, Measure
from cxsim.results.wording import change, number
from cxsim.studies.compare import verdict
from cxsim.studies.optimise import Optimisation
from cxsim.studies.sensitivity import Sensitivity
from cxsim.studies.study import Study

_INTERVAL = "95 % interval"


def _titled(measure: Measure, html: str, opened: bool) -> str:
    unit = "in percent" if measure.unit == "share" else measure.unit
    heading = f"<h3>{escape(measure.label)} <span class='quiet'>({escape(unit)})</span></h3>"
    if opened:
        return heading + html
    return f"<details><summary>{heading}</summary>{html}</details>"


def _section(title: str, intro: str, parts: Iterable[str]) -> str:
    head = f"<h2>{escape(title)}</h2><p class='quiet'>{escape(intro)}</p>"
    return f"<section class='tables'>{head}{''.join(parts)}</section>"


def _interval(found: Estimate, measure: Measure, is_change: bool = False) -> str:
    write = change if is_change else number
    return "" if math.isnan(found.low) else f"{write(found.low, measure)} to {write(found.high, measure)}"


def _percent(share: float) -> str:
    return "-" if math.isnan(share) else f"{100 * share:.0f} %"


def settings_tables(study: Study) -> str:
    """Every setting with its means, paired differences, worst world and chance of being best, outcome by outcome."""
    experiment, has_worlds = study.experiment, study.points["world"].nunique() > 1
    first = study.policies["is_baseline"].any()
    head = ["No.", *(lever_label(experiment, name) for name in study.levers), "Mean", _INTERVAL, "Difference",
            _INTERVAL, "Verdict", *(["Worst world"] if has_worlds else []), "Chance of being best"]  # fmt: skip
    parts = []
    for name in ordered_outcomes(study):
        measure, rows = measure_of(name), []
        for row in records(study.policies[study.policies["outcome"] == name]):
            mean, gap = estimate_of(row), estimate_of(row, "difference")
            is_first = row["policy"] == 0
            rows.append([
                f"{row['policy']}" + (" (as it stands)" if row["is_baseline"] else ""),
                *(told(experiment, lever, row[lever]) for lever in study.levers),
                number(mean.mean, measure), _interval(mean, measure), "" if is_first else change(gap.mean, measure),
                "" if is_first else _interval(gap, measure, True),
                "" if is_first else verdict(gap, measure.better),
                *([number(row["worst"], measure)] if has_worlds else []), _percent(row["chance_best"]),
            ])  # fmt: skip
        left = tuple(range(len(study.levers) + 1))
        parts.append(_titled(measure, table(head, rows, left), name in main_outcomes(study)))
    base = "the scenario as it stands" if first else "the first setting"
    return _section(
        "All settings",
        f"Differences are paired, run by run, with {base}; shares differ in points. The chance of being best is the "
        "share of runs in which no other setting does better. The best of many settings looks a little better than it "
        "is: run it again with another --seed before you rely on its size.",
        parts,
    )


def indices_tables(found: Sensitivity) -> str:
    """Every input's index with its interval, outcome by outcome."""
    morris, parts = found.method == "morris", []
    extra = ["More of it", "Depends on the others"] if morris else ["Alone", _INTERVAL]
    head = ["Input", "Kind", "Effect" if morris else "Total", _INTERVAL, *extra, "Rank"]
    for name in ordered_outcomes(found.study):
        measure, rows = measure_of(name), []
        for row in records(found.ranking(name)):
            extra_cells = _morris_cells(row) if morris else _index(row, "first", measure, morris)
            cells = [*_index(row, "effect", measure, morris), *extra_cells, f"{row['rank'] or '-'}"]
            rows.append([input_label(found, row["input"]), row["kind"], *cells])
        html = table(head, rows, (0, 1, 4, 5) if morris else (0, 1))
        parts.append(_titled(measure, html, name in main_outcomes(found.study)))
    what = (
        "Effect: mean size of the change of the outcome from one end of the input's range to the other (mu*). An input "
        "whose effect varies much with where the others stand depends on them."
        if morris
        else "Total: share of the outcome's variance that involves the input; alone: the share that it brings without "
        "the others. Estimates may lie a little outside 0 and 100 %."
    )
    return _section("All inputs", f"{what} A ranking whose intervals overlap is not one.", parts)


def _index(row: dict[str, Any], name: str, measure: Measure, morris: bool) -> list[str]:
    values = [row[name], row[f"{name}_low"], row[f"{name}_high"]]
    texts = [change(value, measure).lstrip("+") if morris else _percent(value) for value in values]
    return [texts[0], "" if math.isnan(values[1]) else f"{texts[1]} to {texts[2]}"]


def _morris_cells(row: dict[str, Any]) -> list[str]:
    way = {"raises": "raises it", "lowers": "lowers it"}.get(direction(row), direction(row))
    return [way, "yes" if row["spread"] > 0.5 * row["effect"] > 0 else "no"]


def plans_tables(found: Optimisation) -> str:
    """The confirmed plans, the front as it was searched, and the small steps."""
    return _confirmed(found) + _front(found) + _steps(found)


def _confirmed(found: Optimisation) -> str:
    experiment, measures = found.study.experiment, judged_measures(found)
    trials = {int(row["trial"]): row for row in records(found.trials)}
    head = ["Plan", *(lever_label(experiment, name) for name in found.study.levers), "Cost", "Constraints"]
    rows = []
    for trial, part in found.confirmed.groupby("trial", sort=True):
        row = trials[int(str(trial))]
        rows.append([
            plan_name(int(str(trial))) + (" (best)" if trial == found.best and trial else ""),
            *(told(experiment, name, row[name]) for name in found.study.levers), f"{row['cost']:,.0f}",
            "hold" if part["holds"].all() else "broken",
        ])  # fmt: skip
    parts = [table(head, rows, (0,))]
    head = ["Plan", "As searched", "Confirmed", _INTERVAL, "Difference", _INTERVAL, "Verdict"]
    for name in dict.fromkeys([*measures, *found.study.outcomes]):
        measure, rows = measure_of(name), []
        for row in records(found.confirmed[found.confirmed["measure"] == name]):
            gap, trial = estimate_of(row, "difference"), int(row["trial"])
            rows.append([
                plan_name(trial) + ("" if row["holds"] else ", breaks its bound"), number(row["searched"], measure),
                number(row["mean"], measure), _interval(estimate_of(row), measure),
                change(gap.mean, measure) if trial else "", _interval(gap, measure, True) if trial else "",
                verdict(gap, measure.better) if trial else "",
            ])  # fmt: skip
        parts.append(_titled(measure, table(head, rows, (0, 6)), name in measures))
    return _section(
        "Plans, confirmed",
        f"Lived again on {found.aim.confirm} replications that the search never saw, beside the scenario as it stands, "
        "with the same luck. Quote these figures; those of the search are too good, as the best of many trials always "
        "is.",
        parts,
    )


def _front(found: Optimisation) -> str:
    experiment, front = found.study.experiment, found.front
    if len(found.aim.objectives) < 2 or front.empty:
        return ""
    measures = judged_measures(found)
    head = ["Plan", *(f"{measure_of(name).label}" for name in measures), "Cost",
            *(lever_label(experiment, name) for name in found.study.levers)]  # fmt: skip
    rows = [
        [plan_name(int(row["trial"])), *(number(row[name], measure_of(name)) for name in measures),
         f"{row['cost']:,.0f}", *(told(experiment, name, row[name]) for name in found.study.levers)]
        for row in records(front.sort_values(measures[0]))
    ]  # fmt: skip
    intro = (
        f"{len(front)} of {len(found.trials)} trials hold the constraints and are beaten by no other in all objectives."
    )
    return _section("The front, as searched", intro, [table(head, rows)])


def _steps(found: Optimisation) -> str:
    parts = []
    for name in found.aim.objectives:
        measure = measure_of(name)
        chosen = found.changes if found.changes.empty else found.changes[found.changes["outcome"] == name]
        rows = [
            [step_name(found, row), f"{row['cost']:,.0f}", change(row["difference"], measure),
             _interval(estimate_of(row, "difference"), measure, True), "yes" if row["is_clear"] else "no"]
            for row in records(chosen)
        ]  # fmt: skip
        if rows:
            parts.append(_titled(measure, table(["Step", "Cost", "Difference", _INTERVAL, "Clear"], rows), True))
    intro = (
        "One lever moved by a tenth of its range, or one where only whole numbers make sense; all others as they stand."
    )
    return _section("Small steps", intro, parts) if parts else ""
