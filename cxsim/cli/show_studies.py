"""How studies look in a terminal."""

from __future__ import annotations

import math
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxsim.cli import show
from cxsim.results import wording

if TYPE_CHECKING:
    import pandas as pd

    from cxsim.studies.journal import Journal
    from cxsim.studies.optimise import Optimisation
    from cxsim.studies.sensitivity import Sensitivity
    from cxsim.studies.study import Study

_MOST_SHOWN = 40
"""Policies shown in a terminal; the tables hold all."""


def gone_on_with(journal: Journal, quiet: bool) -> None:
    """Say what a folder has already, and what in it could not be read."""
    from cxsim.studies.journal import FileJournal

    if isinstance(journal, FileJournal):
        if len(journal):
            show.note(f"note: going on with {len(journal)} finished runs of {journal.file.parent}", quiet)
        if journal.broken:
            show.note(f"note: {journal.file}: {journal.broken} broken lines; their runs are done again", quiet)


def failures(runs: pd.DataFrame) -> None:
    """Say on stderr how many runs failed, and why."""
    failed = runs[runs["reason"] != ""]
    for reason, count in failed["reason"].value_counts().head(5).items():
        print(f"cxsim: {count} of {len(runs)} runs failed: {reason}", file=sys.stderr)


def study(found: Study, folder: Path) -> None:
    """Every policy with its outcomes; differences are paired with the first."""
    from cxsim.results.measures import MEASURE
    from cxsim.studies.study import told_value

    experiment, table = found.experiment, found.policies
    title = experiment.title or experiment.name
    print("\n" + "\n".join(text for text in (title, experiment.question.strip()) if text))
    policies = table["policy"].nunique()
    print(
        f"{policies} settings, {len(found.points)} points, {found.replications} replications each; seed {found.seed}.\n"
    )
    head = [*found.levers, *(MEASURE[name].label for name in found.outcomes)]
    body = []
    for _, rows in table[table["policy"] < _MOST_SHOWN].groupby("policy", sort=True):
        first = rows.iloc[0]
        cells = [told_value(first[name]) + (" *" if first["is_baseline"] else "") for name in found.levers]
        for row in rows.to_dict("records"):
            measure = MEASURE[row["outcome"]]
            text = wording.number(row["mean"], measure)
            if first["policy"] and not math.isnan(row["difference_low"]):
                clear = row["difference_low"] > 0 or row["difference_high"] < 0
                text += f" ({wording.change(row['difference'], measure)}{'' if clear else ' ?'})"
            cells.append(text)
        body.append(cells)
    show.rows("", head, body)
    if policies > _MOST_SHOWN:
        print(f"... and {policies - _MOST_SHOWN} more in the tables.")
    print("In brackets: paired difference to the first row; '?' where its 95 % interval holds zero. * as it stands")
    _closing(folder, "summary in README.md; Parquet: points, runs, measures, policies")


def sensitivity(found: Sensitivity, folder: Path) -> None:
    """What matters most, outcome by outcome."""
    from cxsim.results.measures import MEASURE

    morris = found.method == "morris"
    head = [
        "input",
        "effect",
        "95 % interval",
        "direction" if morris else "alone",
        "depends on others" if morris else "",
    ]
    for outcome in found.study.outcomes:
        measure = MEASURE[outcome]
        body = []
        for row in found.ranking(outcome).to_dict("records"):
            interval = f"{row['effect_low']:.3g} to {row['effect_high']:.3g}"
            if morris:
                sign = "raises" if row["mean_effect"] > 0 else "lowers" if row["mean_effect"] < 0 else ""
                mixed = abs(row["mean_effect"]) < 0.5 * row["effect"]
                extra = ["both ways" if mixed else sign, "yes" if row["spread"] > 0.5 * row["effect"] > 0 else ""]
            else:
                extra = [f"{row['first']:.3g} ({row['first_low']:.3g} to {row['first_high']:.3g})"]
            body.append([row["input"], f"{row['effect']:.3g}", interval, *extra])
        what = f"change in {measure.unit} per whole range" if morris else "share of the variance"
        show.rows(f"{measure.label}: {what}", [name for name in head if name], body)
        print()
    for sentence in found.answers.values():
        print(sentence + ".")
    _closing(folder, "Parquet: indices, points, runs, measures, policies")


def optimisation(found: Optimisation, folder: Path) -> None:
    """What was found, confirmed on unseen seeds; and the smallest change with the largest effect."""
    from cxsim.results.measures import MEASURE
    from cxsim.studies.study import told_value

    aim, levers = found.aim, found.study.levers
    first = next(iter(aim.objectives))
    best = " <- best" + (f" by {MEASURE[first].label.lower()}" if len(aim.objectives) > 1 else "")
    trials = {int(row["trial"]): row for row in found.trials.to_dict("records")}
    measures = [name for name in found.study.outcomes if name in {*aim.objectives, *_constrained(aim.constraints)}]
    body = []
    for trial, rows in found.confirmed.groupby("trial", sort=True):
        number = int(str(trial))
        by_name = {str(row["measure"]): row for row in rows.to_dict("records")}
        cells = [f"{number}" + (best if number == found.best else " (as it stands)" if number == 0 else "")]
        cells += [told_value(trials[number][name]) for name in levers]
        cells.append(f"{trials[number]['cost']:,.0f}")
        for name in measures:
            row, measure = by_name[name], MEASURE[name]
            text = wording.number(row["mean"], measure)
            if number:
                clear = row["difference_low"] > 0 or row["difference_high"] < 0
                text += f" ({wording.change(row['difference'], measure)}{'' if clear else ' ?'})"
            cells.append(text + ("" if row["holds"] else " breaks its bound"))
        body.append(cells)
    wanted = ", ".join(f"{way} {MEASURE[name].label.lower()}" for name, way in aim.objectives.items())
    held = "".join(f", {text}" for text in aim.constraints)
    held += f", cost at most {aim.budget:,.0f}" if aim.budget is not None else ""
    print(f"\n{found.study.experiment.title or found.study.experiment.name}: {wanted}{held}")
    print(f"{len(trials) - 1} trials, {int(found.trials['is_feasible'].sum())} hold the constraints.\n")
    head = ["trial", *levers, "cost", *(MEASURE[name].label for name in measures)]
    show.rows(f"Confirmed on {aim.confirm} unseen replications", head, body)
    print("In brackets: paired difference to the scenario as it stands; '?' where its 95 % interval holds zero.")
    if found.best is None:
        print("No trial holds the constraints on unseen seeds.")
    elif found.best == 0:
        print("Nothing that was tried is better than the scenario as it stands.")
    _changes(found)
    _closing(folder, "Parquet: trials, confirmed, changes, points, runs, measures, policies")


def _constrained(constraints: list[str]) -> set[str]:
    from cxsim.studies.constraints import parse_constraint

    return {parse_constraint(text).measure for text in constraints}


def _changes(found: Optimisation) -> None:
    from cxsim.results.measures import MEASURE

    if found.changes.empty:
        return
    print("\nThe smallest change with the largest effect (one small step of one lever):")
    for outcome, rows in found.changes.groupby("outcome", sort=False):
        row, measure = rows.to_dict("records")[0], MEASURE[str(outcome)]
        if not row["is_clear"] or row["gain"] <= 0:
            print(f"  {measure.label}: no small step brings a clear gain.")
            continue
        low, high = (wording.change(row[name], measure) for name in ("difference_low", "difference_high"))
        change = wording.change(row["difference"], measure) + (" points" if measure.unit == "share" else "")
        print(f"  {measure.label}: {row['lever']} from {row['today']} to {row['to']}: {change} ({low} to {high}).")


def _closing(folder: Path, tables: str) -> None:
    print(f"\nTables: {folder} ({tables})")
    print(f"Charts: cxsim report {shlex.quote(str(folder))}")


def study_document(found: Study) -> dict[str, Any]:
    """A study for machines."""
    return {**found.summary(), "policies": show.records(found.policies)}
