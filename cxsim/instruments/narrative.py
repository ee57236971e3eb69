"""The narrative: what customers tell of delightful and of bad experiences, and where they are silent."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from cxsim.instruments.sample import Sample
from cxsim.instruments.sheet import Column, Sheet, percent
from cxsim.instruments.words import interval
from cxsim.results.measures import Estimate, estimate
from cxsim.results.result import Result

_FEW = 10
"""Journeys below which a ratio of what is told of them says nothing."""
KINDS = ("delightful", "merely met", "poor")


def told_ratio(result: Result) -> Estimate:
    """Good tellings for each bad one, of all customers, with interval over replications."""
    days = result.days[result.days["day"] >= 0].groupby("replication")[["told_good", "told_bad"]].sum()
    return estimate((days["told_good"] / days["told_bad"].where(days["told_bad"] > 0)).tolist())


def narrative_sheet(seen: Sample) -> Sheet:
    """What journeys of each kind are told, and how many leave silence behind."""
    journeys, ties = seen.journeys, seen.result.scenario.market.network.ties
    rows = []
    for kind in (*KINDS, "all"):
        some = journeys if kind == "all" else journeys[journeys["kind"] == kind]
        silent = (1.0 - some["telling"]) ** ties
        rows.append(
            {"kind": kind, "journeys": len(some), "share": len(some) / len(journeys) if len(journeys) else math.nan,
             "told": 100.0 * ties * float(some["telling"].mean()) if len(some) else math.nan,
             "silent": float(silent.mean()) if len(some) else math.nan}
        )  # fmt: skip
    columns = (
        Column("kind", "journeys"), Column("share", "share", "share"),
        Column("told", "people told per 100 journeys", "number"), Column("silent", "nobody is told", "share"),
    )  # fmt: skip
    return Sheet("narrative", "What is told", pd.DataFrame(rows), columns,
                 "Poor: with a poor encounter. Delightful: without one, and on the whole above what was desired. "
                 "Expected tellings, from what is remembered of the followed customers' journeys.")  # fmt: skip


def narrative_answer(result: Result, table: pd.DataFrame) -> str:
    """Ratio of good to bad tellings, and silence."""
    days = result.days[result.days["day"] >= 0]
    good, bad = float(days["told_good"].sum()), float(days["told_bad"].sum())
    rows = {str(row["kind"]): row for row in table.to_dict("records")}
    if good + bad == 0:
        return "Nobody tells anybody anything: all journeys leave silence."
    ratio = told_ratio(result)
    if bad == 0:
        told = "All that is told is good."
    elif math.isnan(ratio.mean):
        told = f"{good / bad:.1f} good tellings for each bad one."
    else:
        told = f"{ratio.mean:.1f} good tellings for each bad one ({interval(ratio)})."
    told += _delightful_to_bad(rows)
    silent = {kind: float(row["silent"]) for kind, row in rows.items()}
    if math.isnan(silent["all"]):
        return told
    told += f" {percent(silent['all'])} of journeys leave silence"
    if not math.isnan(silent["merely met"]) and rows["merely met"]["journeys"] < rows["all"]["journeys"]:
        told += f", {percent(silent['merely met'])} of those that merely met the baseline"
    return told + "."


def _delightful_to_bad(rows: dict[str, Any]) -> str:
    """How often delightful journeys are told for each poor one that is told."""
    count = {kind: float(rows[kind]["journeys"]) for kind in KINDS}
    few = [f"{count[kind]:.0f} {kind} ones" for kind in ("delightful", "poor") if count[kind] < _FEW]
    if few:
        return f" Among the journeys that were followed there were only {' and '.join(few)}."
    told = {kind: count[kind] * float(rows[kind]["told"]) for kind in KINDS}
    if told["poor"] == 0:
        return ""
    return f" Delightful journeys are told {told['delightful'] / told['poor']:.1f} times for each poor one told."
