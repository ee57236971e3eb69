"""Words and numbers that charts of studies share: levers, values, settings and outcomes as people read them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from cxsim.results.measures import MEASURE, Estimate, Measure, estimate
from cxsim.results.wording import change, number
from cxsim.studies.experiment import Experiment
from cxsim.studies.study import Study, told_value

_UNITLESS = ("share", "0 to 100", "1 to 7", "level", "points", "stars")
"""Units that a sentence is clearer without; axes and tables have them."""
_LONG_NAME = 70
"""Letters from which on a setting goes by its number."""
LUCK = ["world", "replication"]
"""What makes two runs comparable: the same sample of the uncertainties and the same luck."""


def lever_label(experiment: Experiment, name: str) -> str:
    """Plain name of a lever or an uncertainty, without what its label explains behind a comma."""
    return experiment.inputs[name].label.split(",")[0] or name.replace("_", " ")


def lever_axis(experiment: Experiment, name: str) -> str:
    """Whole label of a lever with its unit."""
    lever = experiment.inputs[name]
    label, unit = lever.label or name.replace("_", " "), lever.unit
    return f"{label} ({unit})" if unit and unit not in label else label


def told(experiment: Experiment, name: str, value: object) -> str:
    """Where a lever stands, with its unit."""
    lever, text = experiment.inputs[name], told_value(value)
    if lever.options:
        return text.replace("_", " ")
    known = not lever.unit or lever.unit in text or lever.unit in lever.label or text == "as is"
    return text if known else f"{text} {lever.unit}"


def is_missing(value: object) -> bool:
    """Whether a lever's value is not told."""
    return value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NA


def policy_names(study: Study) -> dict[int, str]:
    """A short name of every setting: what differs from the scenario as it stands; by number where that is long."""
    experiment = study.experiment
    rows = records(study.points.drop_duplicates("policy"))
    today = next((row for row in rows if row["is_baseline"]), None)
    names: dict[int, str] = {}
    for row in rows:
        moved = [
            name for name in study.levers
            if not is_missing(row[name]) and (today is None or row is today or row[name] != today[name])
        ]  # fmt: skip
        each = [f"{lever_label(experiment, one)} {told(experiment, one, row[one])}" for one in moved]
        if len(study.levers) == 1 and not experiment.levers[study.levers[0]].is_number:
            each = [told(experiment, one, row[one]) for one in moved]
        name = ", ".join(each)
        if row is today:
            name = f"as it stands ({name})" if len(study.levers) == 1 and name else "as it stands"
        policy = int(row["policy"])
        is_fit = name and name not in names.values() and len(name) <= _LONG_NAME
        names[policy] = name if is_fit else f"setting {policy}"
    return names


def shown(measure: Measure, value: float) -> float:
    """A value as axes have it: shares in percent."""
    return 100 * value if measure.unit == "share" else value


def outcome_axis(measure: Measure) -> str:
    """Label of an outcome with its unit."""
    return f"{measure.label}, {'%' if measure.unit == 'share' else measure.unit}"


def _unit(measure: Measure) -> str:
    return "" if measure.unit in _UNITLESS else " " + measure.unit.removeprefix("money ")


def with_unit(value: float, measure: Measure) -> str:
    """A value in a sentence."""
    return number(value, _worth(measure, value)) + ("" if math.isnan(value) else _unit(measure))


def change_with_unit(value: float, measure: Measure) -> str:
    """A difference in a sentence."""
    unit = " points" if measure.unit in ("share", "points") else _unit(measure)
    return f"{_change(value, measure, value)}{unit}"


def from_to(first: float, last: float, measure: Measure) -> str:
    """Two values in a sentence, with enough digits to tell them apart."""
    told_with = _worth(measure, max(abs(first), abs(last)))
    while number(first, told_with) == number(last, told_with) and told_with.digits < measure.digits + 4:
        told_with = replace(told_with, digits=told_with.digits + 1)
    return f"from {number(first, told_with)} to {number(last, told_with)}{_unit(measure)}"


def _worth(measure: Measure, size: float) -> Measure:
    """The measure with no more decimals than a number of this size is worth: about four figures."""
    return replace(measure, digits=min(measure.digits, _decimals(size))) if measure.unit != "share" else measure


def _decimals(size: float) -> int:
    return 9 if size == 0 or not math.isfinite(size) else max(0, 3 - math.floor(math.log10(abs(size)) + 1))


def short_change(value: float, measure: Measure) -> str:
    """A difference beside a dot, whose axis tells the unit."""
    return _change(value, measure, value)


def _change(value: float, measure: Measure, size: float) -> str:
    """A difference with three figures at least, and no more decimals than `size` is worth."""
    if measure.unit == "share":
        return change(value, measure)
    return change(value, replace(measure, digits=min(measure.digits, _decimals(size) - 1)))


def interval(found: Estimate, measure: Measure, is_change: bool = False) -> str:
    """A 95 % interval in words; empty where it is not known."""
    if math.isnan(found.low):
        return ""
    size = max(abs(found.low), abs(found.high))
    if is_change:
        return f"{_change(found.low, measure, size)} to {_change(found.high, measure, size)}"
    return f"{number(found.low, _worth(measure, size))} to {number(found.high, _worth(measure, size))}"


def is_clear(found: Estimate) -> bool:
    """Whether an interval leaves out zero."""
    return found.low > 0 or found.high < 0


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table by name of column."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def change_axis(measure: Measure) -> str:
    """Label of a difference with its unit."""
    unit = {"share": "points", "0 to 100": "points of 100"}.get(measure.unit, measure.unit)
    return f"{measure.label}, change ({unit})"


def estimate_of(row: Mapping[str, Any], prefix: str = "") -> Estimate:
    """An estimate from a row of a table: `mean`, `low`, `high`, or `difference` with its bounds."""
    names = ("mean", "low", "high") if not prefix else (prefix, f"{prefix}_low", f"{prefix}_high")
    mean, low, high = (float(row[name]) for name in names)
    return Estimate(mean, low, high, float("nan"), int(row.get("n", 0)))


def estimate_series(values: pd.Series[float]) -> Estimate:
    """Mean of values of the same setting over worlds and luck, with its interval."""
    return estimate([float(value) for value in values])


def main_outcomes(study: Study) -> list[str]:
    """Outcomes that the experiment's author would draw first; the first two if none are named."""
    named = [name for name in study.experiment.chart.y if name in study.outcomes]
    return named or study.outcomes[:2]


def ordered_outcomes(study: Study) -> list[str]:
    """All outcomes, the main ones first."""
    return list(dict.fromkeys([*main_outcomes(study), *study.outcomes]))


def measure_of(name: str) -> Measure:
    """The measure of an outcome."""
    return MEASURE[name]
