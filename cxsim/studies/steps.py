"""The smallest change with the largest effect: a small step of every lever alone, on the same luck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from cxsim.results.measures import MEASURE
from cxsim.studies.levers import Lever, Value, tidy
from cxsim.studies.study import Study

_SHARE = 0.1
"""A small step of a range: a tenth of it."""


@dataclass(frozen=True)
class Step:
    """A small change of one lever.

    Attributes:
        lever: its name.
        today: where it stands in the scenario.
        to: where the step leads.
        share: how far that is, as a share of its range; 1 for another option.
        cost: what it costs.
    """

    lever: str
    today: Value | None
    to: Value
    share: float
    cost: float

    @property
    def setting(self) -> dict[str, Value]:
        """The step as a setting: all other levers stay."""
        return {self.lever: self.to}


def small_steps(levers: Mapping[str, Lever], document: Mapping[str, Any]) -> list[Step]:
    """A tenth of the range up and down (at least one, where only whole numbers make sense), or every other option."""
    steps = []
    for name, lever in levers.items():
        today = lever.today(document)
        if not lever.is_number:
            steps += [Step(name, today, value, 1.0, 0.0) for value in lever.choices() if value != today]
            continue
        if not isinstance(today, (int, float)):
            continue
        low, high = lever.bounds
        size = max(round(_SHARE * (high - low)), 1) if lever.whole else _SHARE * (high - low)
        for to in (tidy(today + size), tidy(today - size)):
            if low <= to <= high:
                value = int(to) if lever.whole else to
                steps.append(Step(name, today, value, size / (high - low), lever.cost * (to - today)))
    return steps


def changes_table(steps: list[Step], study: Study, objectives: Mapping[str, str]) -> pd.DataFrame:
    """What every step does to every objective, the largest gain per step first.

    Columns: `lever`, `today`, `to`, `share` of the range, `cost`, `outcome`, paired `difference` with interval, `gain`
    (the difference, positive where it goes the way the objective wants), `is_clear` (its interval leaves out zero),
    `rank` per outcome: clear gains first, by size per tenth of the range.

    Args:
        steps: the steps; policy 0 of the study is the scenario as it stands, the steps follow in order.
        study: their runs.
        objectives: measures, and which way is better.
    """
    policies = {(int(row["policy"]), str(row["outcome"])): row for row in study.policies.to_dict("records")}
    rows = []
    for number, step in enumerate(steps, start=1):
        for outcome, direction in objectives.items():
            found = policies[number, outcome]
            sign = 1.0 if direction == "maximise" else -1.0
            rows.append({
                "lever": step.lever, "today": "" if step.today is None else str(step.today), "to": str(step.to),
                "share": step.share, "cost": step.cost, "outcome": outcome, "unit": MEASURE[outcome].unit,
                "difference": float(found["difference"]), "difference_low": float(found["difference_low"]),
                "difference_high": float(found["difference_high"]), "gain": sign * float(found["difference"]),
                "is_clear": float(found["difference_low"]) > 0 or float(found["difference_high"]) < 0,
            })  # fmt: skip
    table = pd.DataFrame(rows)
    if table.empty:
        return table
    per_step = table["gain"] / table["share"]
    table["rank"] = per_step.where(table["is_clear"], per_step.clip(upper=0) - per_step.abs().max() - 1.0)
    table["rank"] = table.groupby("outcome")["rank"].rank(ascending=False, method="first").fillna(0).astype("int64")
    return table.sort_values(["outcome", "rank"], kind="stable", ignore_index=True)
