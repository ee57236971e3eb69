"""The journey map of every persona: doing, thinking, feeling, and the moments of truth."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from cxsim.instruments.sample import Sample, mean_of, take_sample
from cxsim.instruments.sheet import Column, Reading, Sheet, capital, least, listed, most, percent, uncapital
from cxsim.instruments.words import AMONG_PRESENT, NO_NUMBER, is_clear, no_interval
from cxsim.results.measures import Estimate, estimate
from cxsim.results.result import Result
from cxsim.scenario.itinerary import journey_order, persona_names, phases, stop_names
from cxsim.studies.moments import Moments

_PERSONAS_TOLD = 4
"""Personas told of in the finding; the table has all."""
_COLUMNS = (
    Column("persona_label", "persona"), Column("phase", "phase"), Column("doing", "doing"),
    Column("encounters", "encounters per journey", "money"), Column("expected", "thinking: expects", "level"),
    Column("got", "gets", "level"), Column("feeling", "feeling, 0 to 100", "points"),
    Column("uneasy", "waiting not calm", "share"), Column("poor", "poor", "share"),
    Column("last_straws", "last straws", "share"),
)  # fmt: skip
_SAVED = (
    Column("saved", "would stay", "share"),
    Column("saved_low", "from", "share"),
    Column("saved_high", "to", "share"),
)
_MARK = Column("moment", "moment of truth")


def journey_map(result: Result, sample: Sample | None = None, moments: Moments | None = None) -> Reading:
    """What every persona does, thinks and feels at each touchpoint, and where it is decided.

    Args:
        result: the world.
        sample: customers whose every encounter is known; taken from the first replication if left out.
        moments: worlds with one flawless touchpoint each, in which is seen who would stay. Without them, moments of
            truth are where the last straw was.
    """
    seen = sample or take_sample(result)
    rows = [
        row
        for name, label in persona_names(result.scenario).items()
        for row in _rows(seen, name, label, moments)
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(rows[0]) if rows else [column.key for column in (*_COLUMNS, _MARK)])
    columns = (*_COLUMNS, *(_SAVED if moments else ()), _MARK)
    about = "Levels from 0 to 1, weighted as the persona weighs people, products and processes there. "
    if moments:
        about += "'Would stay': of the persona's customers who leave, if nothing ever went wrong there; bounds of 95 %."
    else:
        about += "Last straws: of the persona's customers who left, in all replications."
    sheet = Sheet("map", "Doing, thinking, feeling", table, columns, about)
    notes = (seen.about, AMONG_PRESENT, *no_interval(result)) if moments else (
        seen.about, "Moments of truth are put down to the last straw here; what would keep customers is told by worlds "
        "in which a touchpoint is flawless (--moments).")  # fmt: skip
    return Reading("journey-map", "Journey map", _finding(table, seen, bool(moments)), (sheet,), result, notes)


def _rows(seen: Sample, persona: str, label: str, moments: Moments | None) -> list[dict[str, Any]]:
    """Every touchpoint that a persona came to, in the order of the journey."""
    scenario = seen.result.scenario
    lived = seen.encounters[seen.encounters["persona"] == persona]
    journeys = int((seen.journeys["persona"] == persona).sum())
    straws = last_straws(seen.result, persona)
    saved = {name: saved_of(moments, persona, name) for name in scenario.touchpoints} if moments else {}
    truth = _moments_of(straws, saved)
    labels, phase = stop_names(scenario), phases(scenario)
    found = []
    for name in journey_order(scenario):
        here = lived[lived["touchpoint"] == name]
        if here.empty:
            continue
        waits = here[here["mood"].isin(("calm", "edgy", "agitated", "angry", "gone"))]
        kept = saved.get(name, NO_NUMBER)
        found.append(
            {
                "persona": persona, "persona_label": label, "phase": phase[name], "touchpoint": name,
                "doing": labels[name], "encounters": len(here) / journeys if journeys else math.nan,
                "expected": float(here["expected"].mean()), "got": float(here["got"].mean()),
                "feeling": 50.0 + 50.0 * mean_of(here, here["satisfaction"]).mean,
                "uneasy": float((waits["mood"] != "calm").mean()) if len(waits) else math.nan,
                "poor": float(here["is_poor"].mean()), "last_straws": straws.get(name, math.nan),
                "saved": kept.mean, "saved_low": kept.low, "saved_high": kept.high,
                "moment": "yes" if name in truth else "",
            }
        )  # fmt: skip
    return found


def last_straws(result: Result, persona: str) -> dict[str, float]:
    """Share of each touchpoint in the last straws of a persona's lost customers; empty if nobody left."""
    lost = result.lost
    gone = lost[lost["persona"] == persona] if "persona" in lost else lost
    if gone.empty:
        return {}
    shares = gone["last_straw_origin"].value_counts(normalize=True)
    return {name: float(shares.get(name, 0.0)) for name in result.scenario.touchpoints}


def saved_of(moments: Moments, persona: str, touchpoint: str) -> Estimate:
    """Share of a persona's leavers who would stay if nothing ever went wrong at a touchpoint, paired, with interval."""
    comparison = moments.comparison
    before = _leavers(comparison.results[comparison.baseline], persona)
    after = _leavers(comparison.results[moments.variant(touchpoint)], persona)
    mean = sum(before) / len(before)
    if mean == 0:
        return NO_NUMBER
    return estimate([(old - new) / mean for old, new in zip(before, after, strict=True)])


def _leavers(result: Result, persona: str) -> list[int]:
    """Customers of a persona who left, by replication."""
    lost = result.lost
    gone = lost[lost["persona"] == persona] if "persona" in lost else lost
    return [int((gone["replication"] == number).sum()) for number in result.runs["replication"]]


def _moments_of(straws: dict[str, float], saved: dict[str, Estimate]) -> set[str]:
    """Touchpoints where it is decided: those that clearly save most, or else the most frequent last straw; ties all."""
    if saved:
        clear = {name: found.mean for name, found in saved.items() if is_clear(found) and found.mean > 0}
        return {name for name, mean in clear.items() if mean >= 0.5 * max(clear.values())}
    most = max(straws.values(), default=0.0)
    return {name for name, share in straws.items() if most > 0 and share == most}


def _finding(table: pd.DataFrame, seen: Sample, is_paired: bool) -> str:
    if seen.encounters.empty:
        return "Nobody who was followed met the company, so there is no journey to map."
    sentences = []
    for label, rows in list(table.groupby("persona_label", sort=False))[:_PERSONAS_TOLD]:
        worst, best = least(rows, "feeling"), most(rows, "feeling")
        if len(rows) == 1:
            feels = f"feels {worst['feeling']:.0f} of 100 at {worst['doing']}"
        else:
            feels = (
                f"feels worst at {worst['doing']} ({worst['feeling']:.0f} of 100) and best at {best['doing']} "
                f"({best['feeling']:.0f})"
            )
        sentences.append(f"{capital(str(label))} {feels}; {_truth(rows, is_paired)}.")
    if table["persona_label"].nunique() > _PERSONAS_TOLD:
        sentences.append(f"The table has all {table['persona_label'].nunique()} personas.")
    return " ".join(sentences)


def _truth(rows: pd.DataFrame, is_paired: bool) -> str:
    marked = rows[rows["moment"] == "yes"]
    if rows["last_straws"].isna().all():
        return "nobody of them left"
    if marked.empty:
        return "no touchpoint alone would clearly keep them" if is_paired else "no last straw was found"
    names = listed(marked["doing"].tolist())
    if is_paired:
        top = most(marked, "saved")
        would = percent(top["saved"])
        if len(marked) == 1:
            return f"the moment of truth is {names}: {would} of those who leave would stay"
        return (
            f"the moments of truth are {names}; most of all {uncapital(top['doing'])} ({would} of those who leave "
            "would stay)"
        )
    share = percent(float(marked["last_straws"].iloc[0]))
    each = " each" if len(marked) > 1 else ""
    return f"the last straw is most often {names} ({share}{each} of those who left)"
