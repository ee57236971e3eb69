"""People, products, processes: what customers expect of each, what they get, and what would exceed it.

By phase of the journey and by persona; and the relationship as a whole beside the single interactions.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from cxsim.instruments.sample import Sample, mean_of, take_sample
from cxsim.instruments.sheet import Column, Reading, Sheet, capital, least, listed, most, percent, uncapital
from cxsim.instruments.words import AMONG_PRESENT, CLEAR_FROM, is_clear
from cxsim.results.result import Result
from cxsim.scenario.itinerary import PHASES, persona_names
from cxsim.scenario.values import DIMENSIONS

NAMES = {"people": "people", "product": "products", "process": "processes"}
_LEVELS = (
    Column("adequate", "just acceptable", "level"),
    Column("predicted", "expected", "level"),
    Column("desired", "desired", "level"),
    Column("perceived", "got", "level"),
    Column("gap", "got less expected", "change"),
    Column("low", "from", "change"),
    Column("high", "to", "change"),
    Column("missing", "would exceed", "change"),
    Column("exceeded_share", "above desired", "share"),
    Column("short_share", "below acceptable", "share"),
)
_LITTLE = 0.01
"""Gap, in levels, below which a finding calls it little."""
_ABOUT = (
    "Levels from 0 to 1, each encounter weighted by how much the dimension counts there. 'From' and 'to' bound the gap "
    "with 95 % confidence; 'would exceed' is how much more than today it takes to reach what is desired (below 0: it "
    "is reached)."
)


def dimensions(result: Result, sample: Sample | None = None) -> Reading:
    """Expected, got and what would exceed, for people, products and processes.

    Args:
        result: the world.
        sample: customers whose every encounter is known; taken from the first replication if left out.
    """
    seen = sample or take_sample(result)
    rows = seen.encounters
    personas = persona_names(result.scenario)
    whole = pd.DataFrame([_levels(rows, name) for name in DIMENSIONS])
    by_phase = _split(rows, "phase", {name: name for name in PHASES})
    by_persona = _split(rows, "persona", personas)
    sheets = (
        Sheet("dimensions", "People, products, processes", whole, (Column("dimension", "of"), *_LEVELS), _ABOUT),
        Sheet("phases", "By phase of the journey", by_phase,
              (Column("phase", "phase"), Column("dimension", "of"), *_LEVELS)),
        Sheet("personas", "By persona", by_persona, (Column("label", "persona"), Column("dimension", "of"), *_LEVELS)),
        _relationship_sheet(seen),
    )  # fmt: skip
    return Reading("dimensions", "People, products, processes", _finding(seen, whole, by_phase, by_persona), sheets,
                   result, (seen.about, AMONG_PRESENT))  # fmt: skip


def _levels(rows: pd.DataFrame, dimension: str) -> dict[str, Any]:
    """Levels of a dimension over some encounters."""
    weight = rows[f"weight_{dimension}"]
    perceived = rows[f"perceived_{dimension}"]
    level = {
        kind: mean_of(rows, rows[f"{kind}_{dimension}"], weight).mean
        for kind in ("adequate", "predicted", "desired", "perceived")
    }
    gap = mean_of(rows, perceived - rows[f"predicted_{dimension}"], weight)
    shares = {
        "exceeded_share": mean_of(rows, (perceived > rows[f"desired_{dimension}"]).astype(float), weight).mean,
        "short_share": mean_of(rows, (perceived < rows[f"adequate_{dimension}"]).astype(float), weight).mean,
    }
    return {
        "dimension": NAMES[dimension], **level, "gap": gap.mean, "low": gap.low, "high": gap.high,
        "is_clear": is_clear(gap),
        "missing": level["desired"] - level["perceived"], **shares, "encounters": len(rows),
    }  # fmt: skip


def _split(rows: pd.DataFrame, key: str, labels: dict[str, str]) -> pd.DataFrame:
    """Levels of every dimension for every phase or persona that was met; one that counts nowhere is left out."""
    found = [
        {key: name, "label": label, **_levels(part, dimension)}
        for name, label in labels.items()
        for part in [rows[rows[key] == name]]
        for dimension in DIMENSIONS
        if part[f"weight_{dimension}"].sum() > 0
    ]
    return pd.DataFrame(found, columns=[key, "label", *_levels(rows, "people")])


def _relationship_sheet(seen: Sample) -> Sheet:
    columns = (
        Column("label", "customers"),
        Column("encounters", "single encounters, 0 to 100", "points"),
        Column("relationship", "the relationship, 0 to 100", "points"),
        Column("difference", "difference", "points_change"),
        Column("poor_encounters", "poor encounters", "share"),
        Column("poor_journeys", "journeys with one", "share"),
        Column("left", "left", "share"),
    )
    about = (
        "Single encounters: mean satisfaction with each. The relationship: satisfaction that has built up, of those "
        "present at the end of the first replication."
    )
    title = "The relationship as a whole beside the single interactions"
    return Sheet("relationship", title, _relationship(seen), columns, about)


def _relationship(seen: Sample) -> pd.DataFrame:
    """Satisfaction with single encounters beside the relationship, for everybody and by persona."""
    known, warm_up = seen.customers, seen.result.scenario.warm_up
    measured = known[(known["left_at"] >= warm_up) | (known["status"] == "active")]
    found = []
    for name, label in {"": "everybody", **persona_names(seen.result.scenario)}.items():
        lived, there, ended = (
            table if not name else table[table["persona"] == name]
            for table in (seen.encounters, measured, seen.journeys)
        )
        single = 50.0 + 50.0 * mean_of(lived, lived["satisfaction"]).mean
        present = there[there["status"] == "active"]
        whole = 50.0 + 50.0 * float(present["satisfaction"].mean())
        found.append(
            {"persona": name, "label": label, "encounters": single, "relationship": whole,
             "difference": whole - single, "poor_encounters": mean_of(lived, lived["is_poor"].astype(float)).mean,
             "poor_journeys": float((ended["kind"] == "poor").mean()),
             "left": float((there["status"] == "left").mean()), "customers": len(there)}
        )  # fmt: skip
    return pd.DataFrame(found)


def _finding(seen: Sample, whole: pd.DataFrame, by_phase: pd.DataFrame, by_persona: pd.DataFrame) -> str:
    if seen.encounters.empty:
        return "Nobody who was followed met the company, so there is nothing to compare."
    sentences = []
    short = whole[whole["is_clear"] & (whole["gap"] < 0)]
    too_few = seen.encounters["customer"].nunique() < CLEAR_FROM
    if too_few:
        sentences.append("Too few customers were followed to tell a gap from chance.")
    elif short.empty:
        above = whole[whole["is_clear"]]["dimension"].tolist()
        told = f"; {listed(above)} clearly exceed what was expected" if above else ", and none clearly exceeds it"
        sentences.append(f"None of people, products and processes clearly falls short of what was expected{told}.")
    else:
        worst = least(short, "gap")
        others = [name for name in short["dimension"] if name != worst["dimension"]]
        more = f"; {listed(others)} fall short too" if others else ""
        sentences.append(
            f"{capital(worst['dimension'])} fall furthest short of what was expected{_little(worst['gap'])}: "
            f"{worst['perceived']:.3f} got, {worst['predicted']:.3f} expected{more}."
        )
    where = [_worst(by_phase, "phase", "in the phase '{}'"), _worst(by_persona, "label", "for {}")]
    several = (len(set(by_phase["phase"])) > 1, len(set(by_persona["label"])) > 1)
    where = [told for told, is_split in zip(where, several, strict=True) if told and is_split]
    if where and not too_few:
        sentences.append(f"Taken apart, the widest shortfall is {listed(where)}.")
    best = most(whole, "exceeded_share")
    sentences.append(
        f"What is desired is exceeded most often by {best['dimension']} ({percent(best['exceeded_share'])} of what "
        "counts)."
    )
    return " ".join(sentences)


def _little(gap: float) -> str:
    """A word for a shortfall that is clear and small."""
    return ", if only by a little" if abs(gap) < _LITTLE else ""


def _worst(table: pd.DataFrame, key: str, pattern: str) -> str:
    """Where the shortfall is clear and largest; "" where none is clear."""
    short = table[table["is_clear"].astype(bool) & (table["gap"] < 0)]
    if short.empty:
        return ""
    worst = least(short, "gap")
    name = uncapital(worst[key]) if key == "label" else worst[key]
    return f"{pattern.format(name)} ({worst['dimension']}, {worst['gap']:+.3f})"
