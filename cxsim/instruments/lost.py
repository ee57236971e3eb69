"""The customers you lost: who they were, what they would have scored, what each origin would have saved."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from cxsim.engine.columns import REASON_LABELS
from cxsim.instruments.paired import flawless, kept
from cxsim.instruments.sample import early_journeys
from cxsim.instruments.sheet import Column, Reading, Sheet, capital, first, listed, most, percent, uncapital
from cxsim.instruments.words import AMONG_PRESENT, NO_NUMBER, bounds, figure, is_clear, no_interval
from cxsim.results.result import Result
from cxsim.results.run import net_promoter_score
from cxsim.scenario.itinerary import persona_names, stop_names
from cxsim.studies.moments import Moments
from cxsim.studies.simulate import Progress

_WHO = (
    "Lost are those who left after a poor journey or a blow-up, in all replications; not those who drifted away or "
    "needed no more."
)
_OVERLAP = (
    "What a touchpoint would save is seen in worlds in which nothing ever goes wrong there; savings of several "
    "touchpoints overlap and do not add up."
)


def lost_customers(
    result: Result,
    moments: Moments | None = None,
    *,
    paired: bool = True,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Ask those who left.

    Args:
        result: the world.
        moments: worlds with one flawless touchpoint each; lived if left out and anybody left.
        paired: whether to live them at all.
        jobs: see `cxsim.studies.simulate.simulate`.
        progress: see there.
    """
    anybody = "customer" in result.lost and len(result.lost) > 0
    if moments is None and paired and anybody:
        moments = flawless(result, jobs=jobs, progress=progress)
    who, scores, origins = who_table(result), scores_table(result), origins_table(result, moments)
    sheets = (
        _who_sheet(who, early_journeys(result.scenario)), _scores_sheet(scores), _origins_sheet(origins, moments),
        _reasons_sheet(_shares(result, "last_straw_reason", REASON_LABELS, "reason_share_")),
        _rivals_sheet(_shares(result, "competitor", {name: name for name in result.scenario.market.competitors})),
    )  # fmt: skip
    notes = [_WHO, AMONG_PRESENT, *no_interval(result)]
    if moments:
        notes.append(_OVERLAP)
    return Reading("lost", "The customers you lost", _finding(result, who, scores, origins, moments),
                   tuple(sheet for sheet in sheets if anybody and len(sheet.table)), result, tuple(notes))  # fmt: skip


def _lost(result: Result) -> pd.DataFrame:
    columns = ["replication", "persona", "tenure_days", "journeys", "poor_journeys", "competitor", "last_straw_origin",
               "last_straw_reason", "satisfaction", "recommendation"]  # fmt: skip
    return result.lost if "persona" in result.lost else pd.DataFrame({name: pd.Series(dtype=float) for name in columns})


def who_table(result: Result) -> pd.DataFrame:
    """One row per persona: its share of the lost and of all customers, how long they stayed, what they would score."""
    lost, early, rows = _lost(result), early_journeys(result.scenario), []
    for name, label in persona_names(result.scenario).items():
        gone = lost[lost["persona"] == name]
        share = len(gone) / len(lost) if len(lost) else math.nan
        of_all = result.scenario.personas[name].share
        rows.append(
            {
                "persona": name, "label": label, "lost": len(gone) / result.replications, "share": share,
                "share_of_all": of_all, "over": share / of_all if of_all > 0 else math.nan,
                "tenure": float(gone["tenure_days"].median()), "journeys": float(gone["journeys"].median()),
                "early": float((gone["journeys"] <= early).mean()),
                "poor_journeys": float(gone["poor_journeys"].mean()),
                "recommendation": float(gone["recommendation"].mean()),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def scores_table(result: Result) -> pd.DataFrame:
    """What those present score, what the lost would have scored, and both together."""
    lost = _lost(result)
    by_run = [net_promoter_score(part["recommendation"].to_numpy()) for _, part in lost.groupby("replication")]
    felt = 50.0 + 50.0 * float(lost["satisfaction"].mean())
    runs = float(result.runs["customers_present"].mean())
    gone = len(lost) / result.replications
    return pd.DataFrame(
        [
            {"group": "those present, as measured", "customers": runs, "nps": result.estimate("nps_measured").mean,
             "satisfaction": result.estimate("satisfaction").mean, "promoters": math.nan, "detractors": math.nan},
            {"group": "those who left", "customers": gone,
             "nps": sum(by_run) / len(by_run) if by_run else math.nan, "satisfaction": felt,
             "promoters": float((lost["recommendation"] >= 9).mean()),
             "detractors": float((lost["recommendation"] <= 6).mean())},
            {"group": "both", "customers": runs + gone, "nps": result.estimate("nps_all").mean,
             "satisfaction": math.nan, "promoters": math.nan, "detractors": math.nan},
        ]
    )  # fmt: skip


def origins_table(result: Result, moments: Moments | None) -> pd.DataFrame:
    """One row per touchpoint: last straws, what had built up, and who would stay if nothing ever went wrong there."""
    lost, labels, rows = _lost(result), stop_names(result.scenario), []
    leaving = 1000.0 * result.estimate("defection_rate").mean
    for name in result.scenario.touchpoints:
        column = f"origin_share_{name}"
        stay = kept(moments.comparison, moments.variant(name)) if moments else NO_NUMBER
        rows.append(
            {
                "touchpoint": name, "label": labels[name],
                "last_straws": float((lost["last_straw_origin"] == name).mean()),
                "built_up": float(lost[column].mean()) if column in lost else math.nan,
                "saved": stay.mean, "low": stay.low, "high": stay.high,
                "saved_share": stay.mean / leaving if leaving else math.nan,
                "is_clear": is_clear(stay) and stay.mean > 0,
            }
        )  # fmt: skip
    order = "saved" if moments else "last_straws"
    return pd.DataFrame(rows).sort_values(order, ascending=False, kind="stable", ignore_index=True)


def _shares(result: Result, column: str, labels: dict[str, str], built_up: str = "") -> pd.DataFrame:
    """Shares of the lost by what a column says; what had built up beside it, where there is such a thing."""
    lost = _lost(result)
    rows: list[dict[str, Any]] = []
    for key, label in labels.items():
        share = float((lost[column] == key).mean())
        ledger = f"{built_up}{key}"
        part = float(lost[ledger].mean()) if built_up and ledger in lost else math.nan
        if share > 0 or part > 0:
            rows.append({"key": key, "label": label, "share": share, "built_up": part})
    table = pd.DataFrame(rows, columns=["key", "label", "share", "built_up"])
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def _who_sheet(table: pd.DataFrame, early: int) -> Sheet:
    columns = (
        Column("label", "persona"), Column("lost", "lost per replication", "number"),
        Column("share", "of the lost", "share"), Column("share_of_all", "of all customers", "share"),
        Column("over", "ratio", "money"), Column("tenure", "median tenure, days", "count"),
        Column("journeys", "median journeys", "count"), Column("early", f"within {early} journeys", "share"),
        Column("poor_journeys", "poor journeys", "number"),
        Column("recommendation", "would score, 0 to 10", "number"),
    )  # fmt: skip
    return Sheet("who", "Who they were", table, columns)


def _scores_sheet(table: pd.DataFrame) -> Sheet:
    columns = (
        Column("group", "asked"), Column("customers", "customers", "count"), Column("nps", "NPS", "points"),
        Column("promoters", "promote, 9 and 10", "share"), Column("detractors", "detract, 0 to 6", "share"),
        Column("satisfaction", "satisfaction, 0 to 100", "points"),
    )  # fmt: skip
    return Sheet("scores", "What they would have scored", table, columns, "Per replication; the lost at the "
                 "satisfaction they left with.")  # fmt: skip


def _origins_sheet(table: pd.DataFrame, moments: Moments | None) -> Sheet:
    saved = (
        Column("saved", "saved per 1,000 customer-years", "number"), Column("low", "from", "number"),
        Column("high", "to", "number"), Column("saved_share", "of all who leave", "share"),
    )  # fmt: skip
    columns = (Column("label", "touchpoint"), *(saved if moments else ()),
               Column("last_straws", "last straws", "share"), Column("built_up", "had built up", "share"))  # fmt: skip
    return Sheet("origins", "What each origin would have saved", table, columns,
                 "Last straws and what had built up as told in exit interviews.")  # fmt: skip


def _reasons_sheet(table: pd.DataFrame) -> Sheet:
    return Sheet("reasons", "Why they left", table, (Column("label", "reason"), Column("share", "last straws", "share"),
                 Column("built_up", "what had built up", "share")))  # fmt: skip


def _rivals_sheet(table: pd.DataFrame) -> Sheet:
    columns = (Column("label", "competitor"), Column("share", "of the lost", "share"))
    return Sheet("rivals", "Where they went", table, columns)


def _finding(
    result: Result, who: pd.DataFrame, scores: pd.DataFrame, origins: pd.DataFrame, moments: Moments | None
) -> str:
    count = len(_lost(result))
    if count == 0:
        return "Nobody left after a poor journey, so there is nobody to ask."
    rate = result.estimate("defection_rate").mean
    per_run = count / result.replications
    count_told = f"{per_run:,.{0 if per_run >= 10 else 1}f}"
    told = [f"{count_told} customers left per replication, {1000 * rate:,.0f} of 1,000 customer-years."]
    if len(who) > 1:
        top = most(who, "over")
        if round(top["over"], 2) <= 1:
            told.append("No persona is over-represented among them.")
        else:
            told.append(
                f"{capital(top['label'])} is most over-represented: {percent(top['share'])} of the lost, "
                f"{percent(top['share_of_all'])} of all customers."
            )
    measured, gone, both = scores["nps"].tolist()
    if not math.isnan(measured):
        told.append(f"They would have scored {figure(gone, 0)}: the NPS of {figure(measured, 0)} as measured is "
                    f"{figure(both, 0)} with them.")  # fmt: skip
    straws = origins[(origins["last_straws"] == origins["last_straws"].max()) & (origins["last_straws"] > 0)]
    names = listed([uncapital(label) for label in straws["label"]])
    share = percent(float(origins["last_straws"].max()))
    if moments is None:
        told.append(f"The last straw was most often {names} ({share}{' each' if len(straws) > 1 else ''}).")
        return " ".join(told)
    clear = origins[origins["is_clear"]]
    if clear.empty:
        told.append(
            f"No touchpoint alone would clearly have saved customers; the last straw was most often {names} ({share})."
        )
        return " ".join(told)
    best = first(clear)
    told.append(
        f"If nothing had ever gone wrong at {uncapital(best['label'])}, {percent(best['saved_share'])} of them would "
        f"have stayed ({figure(best['saved'], sign=False)} of 1,000 customer-years, "
        f"{bounds(best['low'], best['high'])})"
        + (
            "." if best["touchpoint"] in set(straws["touchpoint"])
            else f", although the last straw was most often {names} ({share})."
        )
    )  # fmt: skip
    return " ".join(told)
