"""The five questions: the baseline, the balance with delight, the steps, the narrative, technology."""

from __future__ import annotations

import math

import pandas as pd

from cxsim.instruments.balance import Balance, spending, try_balance
from cxsim.instruments.narrative import narrative_answer, narrative_sheet
from cxsim.instruments.sample import Sample, take_sample
from cxsim.instruments.sheet import Column, Reading, Sheet, capital, first, listed, most, percent, uncapital
from cxsim.instruments.technology import technology_answer, technology_sheet, try_technology
from cxsim.instruments.words import AMONG_PRESENT, is_clear, no_interval
from cxsim.results.measures import Estimate, estimate
from cxsim.results.result import Result
from cxsim.scenario.itinerary import journey_order, stop_names
from cxsim.studies.simulate import Progress

QUESTIONS = (
    "How well is the baseline met?", "Too much to the baseline, too little to delight, or the reverse?",
    "Which steps are baseline, which delight?", "What narrative do customers tell?",
    "Is technology enabler or definer?",
)  # fmt: skip


def scorecard(
    result: Result,
    sample: Sample | None = None,
    *,
    paired: bool = True,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Answer the five questions with numbers from the run.

    Args:
        result: the world.
        sample: customers whose every encounter is known; taken from the first replication if left out.
        paired: whether to live the worlds that questions two and five compare with (two to four of them).
        jobs: see `cxsim.studies.simulate.simulate`.
        progress: see there.
    """
    seen = sample or take_sample(result)
    balance = try_balance(result, jobs=jobs, progress=progress) if paired else None
    trial = try_technology(result, jobs=jobs, progress=progress) if paired else None
    steps, money = steps_table(result), spending(result)
    story, machines = narrative_sheet(seen), technology_sheet(result)
    answers = (
        _baseline(result, steps), _balance(result, money, balance), _steps(steps),
        narrative_answer(result, story.table), technology_answer(machines.table, trial),
    )  # fmt: skip
    rows = [
        {"number": number, "question": question, "answer": answer}
        for number, (question, answer) in enumerate(zip(QUESTIONS, answers, strict=True), start=1)
    ]
    sheets = [
        Sheet("answers", "The five questions", pd.DataFrame(rows),
              (Column("question", "question"), Column("answer", "answer")), is_prose=True),
        _steps_sheet(steps),
        Sheet("money", "Where the money for service goes", money, (Column("kind", "for"), Column("money",
              "per customer-year", "money"), Column("share", "share", "share"))),
        *([balance.sheet()] if balance and balance.comparison else []),
        story,
        *([machines] if len(machines.table) else []),
    ]  # fmt: skip
    notes = (seen.about, *((AMONG_PRESENT,) if balance and balance.comparison else ()), *no_interval(result))
    return Reading("scorecard", "Five questions", _finding(answers, balance), tuple(sheets), result, notes)


def steps_table(result: Result) -> pd.DataFrame:
    """Every touchpoint that was met, marked baseline or delight, with the shares of its encounters that say so.

    A step is delight if more than half of its encounters are above what is desired, else baseline. It `breaks` if poor
    encounters are clearly more frequent there than over all steps.
    """
    rows = result.touchpoints
    every = rows.groupby("replication")[["encounters", "poor"]].sum()
    overall = every["poor"] / every["encounters"].where(every["encounters"] > 0)
    labels, found = stop_names(result.scenario), []
    for name in journey_order(result.scenario):
        here = rows[rows["touchpoint"] == name].set_index("replication")
        count = float(here["encounters"].sum())
        if count == 0:
            continue
        poor, delighted = (float(here[kind].sum()) / count for kind in ("poor", "delighted"))
        apart = estimate((here["poor"] / here["encounters"].where(here["encounters"] > 0) - overall).tolist())
        breaks = is_clear(apart) and apart.mean > 0
        found.append(
            {
                "touchpoint": name, "label": labels[name], "mark": "delight" if delighted > 0.5 else "baseline",
                "poor": poor, "delighted": delighted, "merely_met": 1.0 - poor - delighted,
                "wows": float(here["wows"].sum()) / count, "breaks": "more often than the rest" if breaks else "",
                "poor_caused_here": float(here["poor"].sum() - here["poor_from_elsewhere"].sum()) / count,
            }
        )  # fmt: skip
    columns = ["touchpoint", "label", "mark", "poor", "merely_met", "delighted", "wows", "breaks", "poor_caused_here"]
    return pd.DataFrame(found, columns=columns)


def _steps_sheet(table: pd.DataFrame) -> Sheet:
    columns = (
        Column("label", "step"), Column("mark", "mark"), Column("poor", "poor", "share"),
        Column("merely_met", "merely met", "share"), Column("delighted", "above desired", "share"),
        Column("wows", "surprised", "share"), Column("breaks", "breaks"),
    )  # fmt: skip
    return Sheet("steps", "Every step, baseline or delight", table, columns,
                 "Delight: more than half of the encounters are above what is desired. Breaks: clearly more poor "
                 "encounters than over all steps, with 95 % confidence.")  # fmt: skip


def _baseline(result: Result, steps: pd.DataFrame) -> str:
    encounters, journeys = result.estimate("poor_encounter_rate"), result.estimate("poor_journey_rate")
    if math.isnan(encounters.mean):
        return "Nobody met the company, so it cannot be told."
    told = f"{percent(1.0 - encounters.mean)} of encounters are at least acceptable"
    if not math.isnan(journeys.mean):
        told += f", and {percent(1.0 - journeys.mean)} of journeys are so throughout{_bounds(journeys)}"
    if encounters.mean == 0:
        return told + "; it breaks nowhere."
    if len(steps) == 1:
        return told + "."
    worst = most(steps, "poor")
    return f"{told}; it breaks most often at {uncapital(worst['label'])} ({percent(worst['poor'])} of encounters)."


def _bounds(found: Estimate) -> str:
    """Interval of what is left of a share."""
    return (
        ""
        if math.isnan(found.low) or found.low == found.high
        else f" ({percent(max(1.0 - found.high, 0.0))} to {percent(min(1.0 - found.low, 1.0))})"
    )


def _balance(result: Result, money: pd.DataFrame, balance: Balance | None) -> str:
    poor, delight = result.estimate("poor_encounter_rate").mean, result.estimate("delight_rate").mean
    if math.isnan(poor):
        return "Nobody met the company, so it cannot be told."
    told = f"{percent(delight)} of encounters are above what is desired, {percent(poor)} below what is acceptable"
    if money["share"].notna().all():
        shares = [f"{percent(row['share'])} to {row['kind']}" for row in money.to_dict("records")]
        told += f"; of the money for service {listed(shares)}"
    if balance is None:
        return told + "."
    return f"{told}. {capital(balance.verdict)}"


def _steps(steps: pd.DataFrame) -> str:
    if steps.empty:
        return "No step was met."
    if len(steps) == 1:
        only = first(steps)
        above = f"{percent(only['delighted'])} of its encounters are above what is desired"
        return f"The only step, {uncapital(only['label'])}, is {only['mark']}: {above}."
    delight, broken = steps[steps["mark"] == "delight"], steps[steps["breaks"] != ""]
    base = len(steps) - len(delight)
    told = f"{len(delight)} of {len(steps)} steps {'delights' if len(delight) == 1 else 'delight'}"
    if len(delight):
        told += f" ({listed(delight['label'].tolist())})"
    told += f", {base} {'is' if base == 1 else 'are'} baseline"
    told += (
        f"; poor encounters are clearly more frequent than elsewhere at {listed(broken['label'].tolist())}"
        if len(broken)
        else "; none clearly breaks more often than the others"
    )
    return told + "."


def _finding(answers: tuple[str, ...], balance: Balance | None) -> str:
    """The first answers in short: baseline, and balance if it was tried; the table has all five."""
    if balance and balance.comparison:
        return f"{answers[0]} {capital(balance.verdict)}"
    return f"{answers[0]} {answers[2]}"
