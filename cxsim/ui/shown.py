"""What the page says about a world, as plain data for the browser: measures, levers, scenario."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from cxsim.charts.measures import unit_of_change
from cxsim.results.measures import HEADLINES, MEASURE, MEASURES, Measure
from cxsim.results.wording import change, number
from cxsim.studies.compare import Comparison, verdict
from cxsim.ui.levers import GROUPS, Lever
from cxsim.ui.live import VARIANT
from cxsim.ui.variants import BASELINE

TOP = ("satisfaction", "expectation_gap", "nps_measured", "nps_all", "defection_rate", "switched_after_poor",
       "wait_minutes_mean", "profit_per_customer")  # fmt: skip
"""Measures always in view."""
WITHOUT = {
    "switched_after_poor": "needs three years",
    "wait_minutes_mean": "nobody waits here",
}
"""What is said of a measure without value."""


def measures_shown(found: Comparison | None, is_changed: bool, names: Sequence[str] = TOP) -> list[dict[str, Any]]:
    """Measures with their values, differences, verdicts and formulas."""
    return [_measure_shown(MEASURE[name], found, is_changed) for name in names if name in MEASURE]


def all_names() -> list[str]:
    """Every measure, the headlines first."""
    return [*HEADLINES, *(measure.name for measure in MEASURES if measure.name not in HEADLINES)]


def _measure_shown(measure: Measure, found: Comparison | None, is_changed: bool) -> dict[str, Any]:
    better = {"higher": "Higher is better.", "lower": "Lower is better.", "neither": "Neither direction is better."}
    shown: dict[str, Any] = {
        "name": measure.name, "label": measure.label, "unit": "" if measure.unit == "share" else measure.unit,
        "formula": measure.formula[:1].upper() + measure.formula[1:] + ".", "better": better[measure.better],
        "value": "…", "interval": "", "change": "", "changeInterval": "", "verdict": "",
    }  # fmt: skip
    if found is None:
        return shown
    now, base = found.results[VARIANT].estimate(measure.name), found.results[BASELINE].estimate(measure.name)
    shown["value"] = number(now.mean, measure) if not math.isnan(now.mean) else "-"
    if math.isnan(now.mean):
        shown["note"] = WITHOUT.get(measure.name, "has no meaning in this world")
        return shown
    if not math.isnan(now.low):
        shown["interval"] = f"{number(now.low, measure)} to {number(now.high, measure)}"
    shown["replications"] = now.n
    shown["baseline"] = number(base.mean, measure)
    if is_changed:
        difference = found.difference(VARIANT, measure.name)
        if not math.isnan(difference.mean):
            shown["change"] = f"{change(difference.mean, measure)} {_short(unit_of_change(measure))}".strip()
        if not math.isnan(difference.low):
            shown["changeInterval"] = f"{change(difference.low, measure)} to {change(difference.high, measure)}"
        told = verdict(difference, measure.better)
        shown["verdict"] = "" if told == "unknown" else told
    return shown


def _short(unit: str) -> str:
    """Unit beside a difference: left out where the value's own unit stands above it."""
    return "points" if unit == "points" else ""


def levers_shown(levers: Sequence[Lever]) -> dict[str, Any]:
    """Levers by group for the panel on the left."""
    return {
        "groups": [{"key": key, "label": label} for key, label in GROUPS.items()
                   if any(lever.group == key for lever in levers)],
        "levers": [
            {
                "path": lever.path, "group": lever.group, "part": lever.part, "label": lever.label, "help": lever.help,
                "source": lever.source, "kind": lever.kind, "unit": lever.unit, "value": lever.default,
                "low": lever.low, "high": lever.high, "least": lever.least, "most": lever.most, "step": lever.step,
                "whole": lever.whole, "options": list(lever.options), "first": lever.first,
            }
            for lever in levers
        ],
    }  # fmt: skip
