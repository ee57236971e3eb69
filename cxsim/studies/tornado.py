"""One lever at a time: what each end of its range does, paired with the scenario as it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxsim.studies.experiment import Design
from cxsim.studies.experiment_files import Loaded
from cxsim.studies.study import Study
from cxsim.studies.sweep import sweep


@dataclass(frozen=True)
class Tornado:
    """What each lever does alone.

    Attributes:
        study: the runs behind it.
        swings: one row per lever, end of its range (low, high) and outcome: `input`, `end`, `value` (where the lever
            stands), `outcome`, `unit`, the mean paired `difference` to the scenario as it stands, `difference_low` and
            `difference_high`, its 95 % interval, and `rank`, by the larger of the lever's two differences.
    """

    study: Study
    swings: pd.DataFrame

    def ranking(self, outcome: str) -> pd.DataFrame:
        """Ends of the levers for an outcome, the lever that moves it most first."""
        found = self.swings[self.swings["outcome"] == outcome]
        return found.sort_values(["rank", "value"], ignore_index=True)


def tornado(
    loaded: Loaded,
    *,
    seed: int | None = None,
    replications: int | None = None,
    jobs: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Tornado:
    """Move every lever of an experiment alone to either end of its range.

    Args:
        loaded: the experiment; its own design is put aside, its levers must be ranges.
        seed: see `cxsim.studies.sweep.sweep`, as are the arguments not told here.
        replications: runs per point.
        jobs: processes on this machine.
        progress: called with 1 whenever a run has finished.

    Raises:
        ScenarioError: a point cannot be run.
    """
    alone = loaded.experiment.model_copy(
        update={"design": Design(kind="one_at_a_time", levels=2), "baseline": True, "uncertainties": {}}
    )
    study = sweep(Loaded(alone, loaded.scenario, loaded.folder, loaded.places), seed=seed, replications=replications,
                  jobs=jobs, progress=progress)  # fmt: skip
    return Tornado(study, swings_of(study))


def swings_of(study: Study) -> pd.DataFrame:
    """Differences at the ends of every lever, from a study of one lever at a time with its baseline."""
    rows = []
    for row in study.policies.to_dict("records"):
        if not row["is_baseline"]:
            name = _moved(study, int(row["policy"]))
            middle = sum(study.experiment.levers[name].bounds) / 2
            rows.append({
                "input": name, "end": "high" if row[name] > middle else "low", "value": row[name],
                "outcome": row["outcome"], "unit": row["unit"], "difference": row["difference"],
                "difference_low": row["difference_low"], "difference_high": row["difference_high"],
            })  # fmt: skip
    table = pd.DataFrame(rows)
    size = table["difference"].abs().groupby([table["input"], table["outcome"]]).transform("max")
    by_size = pd.DataFrame({"size": size, "input": table["input"], "outcome": table["outcome"]}).drop_duplicates()
    by_size["rank"] = by_size.groupby("outcome")["size"].rank(ascending=False, method="first")
    last = len(study.levers)  # a lever without a value comes last
    return table.merge(by_size[["input", "outcome", "rank"]].fillna({"rank": last}), on=["input", "outcome"])


def _moved(study: Study, policy: int) -> str:
    """The lever that a setting moves."""
    points = study.points.drop_duplicates("policy").set_index("policy")
    stands = points[study.levers].astype("float64")
    today = stands[points["is_baseline"]].to_numpy()[0]
    is_same = np.isclose(stands.loc[policy].to_numpy(), today, rtol=1e-9, atol=1e-12, equal_nan=True)
    return study.levers[int(np.flatnonzero(~is_same)[0])]
