"""How a calibration looks in a terminal."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxsim.cli import show
from cxsim.results import wording

if TYPE_CHECKING:
    from cxsim.studies.calibration import Calibration


def calibration(found: Calibration, file: Path, report: Path) -> None:
    """Fit per target, trade-offs, what the targets identify, the strike curve, and what the 89 % figure says."""
    from cxsim.evidence.published import SWITCHED, several
    from cxsim.evidence.reading import READING
    from cxsim.results.measures import MEASURE

    study = found.study
    print(f"\n{study.experiment.title}: {len(found.trials) - 1} trials of {study.replications} common seeds each")
    body = []
    for row in found.fit.to_dict("records"):
        measure = MEASURE[row["statistic"]]
        cells = [wording.number(row[name], measure) for name in ("band_low", "band_high", "before", "after")]
        interval = (
            "" if math.isnan(row["low"]) else " to ".join(wording.number(row[n], measure) for n in ("low", "high"))
        )
        verdict = "-" if math.isnan(row["after"]) else "holds" if row["holds"] else "missed"
        body.append([row["title"] + ("" if row["fitted"] else " *"), f"{row['group']}", f"{cells[0]} to {cells[1]}",
                     cells[2], cells[3], interval, verdict])  # fmt: skip
    head = ["target", "group", "band", "before", "after", "95 % interval", "verdict"]
    show.rows(f"Fit on {int(found.fit['n'].max())} unseen seeds (* told, not fitted)", head, body)
    print("Group 1 has to hold, group 2 is told, group 3 gives a direction.\n")
    identified(found)
    _conflicts(found)
    _strikes(found)
    switched = found.fit[(found.fit["statistic"] == SWITCHED) & found.fit["after"].notna()]
    if len(switched):
        print("\nSwitched after a poor experience. " + READING)
        print(f"By number of such relationships: {several(float(switched['after'].iloc[0]))}.")
    print(f"\nScenario: {file}\nReport: {report}\nTables: {report.parent}")


def identified(found: Calibration) -> None:
    """What the targets identify."""
    body = [
        [row["parameter"], f"{row['value']:.3g}", f"{row['low']:.3g} to {row['high']:.3g}",
         f"{row['range_low']:g} to {row['range_high']:g}", f"{100 * row['learned']:.0f} %", row["verdict"], row["by"],
         f"{row['mixed_with']} ({row['correlation']:+.2f})" if row["mixed_with"] else ""]
        for row in found.identified.to_dict("records")
    ]  # fmt: skip
    head = ["parameter", "fitted", "95 % (posterior)", "plausible", "learned", "verdict", "told by", "mixed with"]
    show.rows("What the targets tell of the parameters", head, body)
    print("Learned: share of the plausible range's width that the targets take away, reckoned linear at the fit.\n")


def _conflicts(found: Calibration) -> None:
    titles = dict(zip(found.fit["target"], found.fit["title"], strict=True))
    for name, rows in found.conflicts.groupby("target", sort=False):
        row = rows.iloc[0]
        others = ", ".join(
            f"'{titles[other['other']]}' from {other['other_now']:.3g} to {other['other_then']:.3g}"
            for other in rows.to_dict("records") if other["other"]
        )  # fmt: skip
        cost = f"and would take {others}" if others else "and would take no other target from its band"
        print(f"Missed: {titles[name]}, {row['now']:.3g}. The parameters can bring it to {row['reached']:.3g} {cost}.")


def _strikes(found: Calibration) -> None:
    body = [
        [f"{row['strike']}", f"{100 * row['before']:.1f} %", f"{100 * row['after']:.1f} %",
         "" if math.isnan(row["low"]) else f"{100 * row['low']:.1f} to {100 * row['high']:.1f} %",
         f"{100 * row['as_intention']:.1f} %"]
        for row in found.strikes.to_dict("records")
    ]  # fmt: skip
    head = ["poor journey", "left before the fit", "left after it", "95 % interval", "as an intention (/ .58)"]
    print()
    show.rows("Strike curve: of newcomers who had so many poor journeys, who left before another", head, body)


def document(found: Calibration) -> dict[str, Any]:
    """A calibration for machines."""
    tables = ("fit", "strikes", "identified", "conflicts", "trials")
    return {**found.summary(), "tables": {name: show.records(getattr(found, name)) for name in tables}}
