"""What a calibration found: the fit beside the targets, on unseen seeds; written to a folder and loaded from it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from cxsim.results.folders import SCENARIO, SUMMARY
from cxsim.results.measures import MEASURE, estimate
from cxsim.results.result import yaml_text
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.studies.study import TARGETS, Study, load_study, write_summary, write_whole
from cxsim.studies.targets import Target, Targets

STRIKE_MEASURES = ("left_after_poor_1", "left_after_poor_2", "left_after_poor_3")
INTENTION_DISCOUNT = 0.58
"""Share of those who say they would leave who do: 45 of 78 (Foundever 2023)."""
_TABLES = ("trials", "fit", "seeds", "strikes", "identified", "conflicts")


@dataclass(frozen=True)
class Calibration:
    """What a calibration found.

    Attributes:
        targets: what was to be reached.
        study: the runs of the search, one policy per trial; trial 0 is the scenario as it stands.
        trials: one row per trial: parameters, `loss`, every statistic, `reason` if it failed.
        best: number of the best trial.
        values: value of every fitted parameter there.
        fit: one row per target: `before` and `after` on unseen seeds, as the survey would state it, with interval,
            band, `group`, `holds`.
        seeds: every target's figure in every confirmed run.
        strikes: one row per poor journey: share who leave after it, with interval, before and after the fit, and as an
            intention.
        identified: see `cxsim.studies.identify.identification`.
        conflicts: see `cxsim.studies.identify.trade_offs`.
        confirm_seed: seed of the confirmation.
        search: values of the scenario, by dotted path, that held while searching alone; a smaller population, say.
        asked: trials asked for; those that refining led to come on top.
    """

    targets: Targets
    study: Study
    trials: pd.DataFrame
    best: int
    values: dict[str, float]
    fit: pd.DataFrame
    seeds: pd.DataFrame
    strikes: pd.DataFrame
    identified: pd.DataFrame
    conflicts: pd.DataFrame
    confirm_seed: int
    search: dict[str, Any]
    asked: int

    @property
    def holds(self) -> bool:
        """Whether every target of group 1 that has a value holds on the unseen seeds."""
        return bool(self.fit.loc[self.fit["group"] == 1, "holds"].all())

    def overrides(self) -> dict[str, Any]:
        """Values of the calibrated scenario, by dotted path."""
        document = self.study.scenario.document()
        changed: dict[str, Any] = {}
        for name, lever in self.study.experiment.levers.items():
            if self.best:
                changed |= lever.overrides(self.values[name], document)
        return changed

    def scenario_text(self, extends: str, given: Mapping[str, Any] | None = None) -> str:
        """The calibrated scenario as a file that varies the one it was fitted from.

        Args:
            extends: that scenario, as the file is to name it.
            given: values by dotted path under which it was fitted, which the file then holds too.
        """
        scenario = self.study.scenario
        document: dict[str, Any] = {
            "extends": extends, "name": f"{scenario.name}_calibrated",
            "title": f"{scenario.title or scenario.name}, calibrated to {self.targets.name}",
        }  # fmt: skip
        for path, value in {**(given or {}), **self.overrides()}.items():
            *way, last = path.split(".")
            node = document
            for part in way:
                node = node.setdefault(part, {})
            node[last] = float(f"{value:.6g}") if isinstance(value, float) else value
        return yaml_text(document)

    def summary(self) -> dict[str, Any]:
        """The finding in one document."""
        return {
            **self.study.summary(), "kind": "calibration", "targets": self.targets.model_dump(mode="json"),
            "trials": len(self.trials), "best": self.best, "values": self.values, "holds": self.holds,
            "loss": float(self.trials["loss"].min()), "confirm_seed": self.confirm_seed,
            "search": self.search, "asked": self.asked,
            "command": f"cxsim calibrate {SCENARIO} --targets {TARGETS} --seed {self.study.seed} "
                       f"--replications {self.study.replications} --trials {self.asked}"
                       + "".join(f" --while-searching {shlex.quote(f'{path}={value}')}"
                                 for path, value in self.search.items()),
        }  # fmt: skip

    def write(self, folder: Path) -> None:
        """Write the tables into a folder.

        Raises:
            ScenarioError: a file cannot be written.
        """
        self.study.write(folder)
        for name in _TABLES:
            write_whole(folder / f"{name}.parquet", partial(getattr(self, name).to_parquet, index=False))
        write_whole(folder / TARGETS, lambda part: part.write_text(yaml_text(self.targets.document()), "utf-8"))
        write_summary(self.summary(), folder)


def load_calibration(folder: str | Path) -> Calibration:
    """Load a finished calibration from its folder.

    Raises:
        ScenarioError: the folder holds none.
    """
    study, source = load_study(folder), Path(folder)
    try:
        summary = json.loads((source / SUMMARY).read_text(encoding="utf-8"))
        tables = {name: pd.read_parquet(source / f"{name}.parquet") for name in _TABLES}
        return Calibration(
            Targets.model_validate(summary["targets"]), study, best=int(summary["best"]),
            values={name: float(value) for name, value in summary["values"].items()},
            confirm_seed=int(summary["confirm_seed"]), search=summary["search"], asked=int(summary["asked"]), **tables,
        )  # fmt: skip
    except (OSError, KeyError, TypeError, ValueError):
        raise ScenarioError([Problem("", "holds no calibration of cxsim", str(folder))]) from None


def fit_table(confirmed: Study, targets: Mapping[str, Target]) -> pd.DataFrame:
    """Every target before (policy 0) and after the fit (policy 1), on the unseen seeds; see `Calibration.fit`."""
    rows = []
    for name, target in targets.items():
        values = confirmed.runs.pivot_table(
            index="replication", columns="policy", values=target.statistic, dropna=False
        )
        values = values.reindex(columns=[0, 1])
        before, after = (estimate((values[policy] / target.discount).tolist()) for policy in (0, 1))
        low, high = target.band
        rows.append({
            "target": name, "title": target.title, "statistic": target.statistic,
            "unit": MEASURE[target.statistic].unit, "group": target.group, "observed": target.value, "band_low": low,
            "band_high": high, "before": before.mean, "after": after.mean, "low": after.low, "high": after.high,
            "least": float((values[1] / target.discount).min()), "most": float((values[1] / target.discount).max()),
            "n": after.n, "holds": target.holds(after.mean * target.discount), "fitted": target.weight > 0,
            "discount": target.discount, "source": f"{target.source} [{target.tag}]", "note": target.note,
        })  # fmt: skip
    table = pd.DataFrame(rows)
    table["observed"] = table["observed"].astype("float64")
    return table


def seeds_table(confirmed: Study, targets: Mapping[str, Target]) -> pd.DataFrame:
    """Every target's figure in every run after the fit; see `Calibration.seeds`."""
    after = confirmed.runs[confirmed.runs["policy"] == 1].reset_index(drop=True)
    return pd.DataFrame({
        "replication": after["replication"],
        **{name: after[target.statistic] / target.discount for name, target in targets.items()},
    })  # fmt: skip


def strikes_table(confirmed: Study) -> pd.DataFrame:
    """Who leaves after which poor journey, before and after the fit; see `Calibration.strikes`."""
    rows = []
    for number, name in enumerate(STRIKE_MEASURES, 1):
        before, after = (
            estimate(confirmed.runs.loc[confirmed.runs["policy"] == policy, name].tolist()) for policy in (0, 1)
        )
        rows.append({"strike": number, "before": before.mean, "after": after.mean, "low": after.low,
                     "high": after.high, "as_intention": after.mean / INTENTION_DISCOUNT})  # fmt: skip
    return pd.DataFrame(rows)
