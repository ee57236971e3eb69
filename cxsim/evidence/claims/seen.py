"""One finished run as a claim sees it: measures, sums by touchpoint and day, customers, encounters."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from cxsim.engine.tally import JOURNEY_STATISTICS, TOUCHPOINT_STATISTICS
from cxsim.model import CustomerModel
from cxsim.results.encounters import encounters_table
from cxsim.results.measures import MEASURE
from cxsim.results.run import Run, collect
from cxsim.scenario.schema import Scenario


@dataclass(frozen=True)
class Seen:
    """A run with its scenario.

    Attributes:
        scenario: the world.
        run: what was kept of it.
    """

    scenario: Scenario
    run: Run

    def measure(self, name: str) -> float:
        """A measure of the run."""
        return float(MEASURE[name].compute(self.run))

    def stop(self, touchpoint: str, statistic: str, first: int = 0, last: int | None = None) -> float:
        """A statistic of one touchpoint, summed over days after the warm-up (`first` up to but without `last`)."""
        place = list(self.scenario.touchpoints).index(touchpoint)
        days = self._days(self.run.stop_days, first, last)
        return float(days[:, place, TOUCHPOINT_STATISTICS.index(statistic)].sum())

    def per_encounter(
        self, statistic: str, touchpoints: Sequence[str] = (), first: int = 0, last: int | None = None
    ) -> float:
        """Mean of a statistic over the encounters of some touchpoints (all if none is named)."""
        chosen = touchpoints or list(self.scenario.touchpoints)
        total = sum(self.stop(name, statistic, first, last) for name in chosen)
        return _ratio(total, sum(self.stop(name, "encounters", first, last) for name in chosen))

    def felt(self, touchpoints: Sequence[str] = (), first: int = 0, last: int | None = None) -> float:
        """Mean satisfaction with encounters as they are lived, 0 to 100."""
        return 50.0 + 50.0 * self.per_encounter("satisfaction", touchpoints, first, last)

    def journeys(self, statistic: str, first: int = 0, last: int | None = None) -> float:
        """A statistic of journeys, summed over days after the warm-up."""
        return float(self._days(self.run.journey_days, first, last)[:, JOURNEY_STATISTICS.index(statistic)].sum())

    def person_years(self, first: int = 0, last: int | None = None) -> float:
        """Years that customers were present."""
        return float(self._days(self.run.present, first, last).sum()) / 365.0

    def everybody(self, column: str = "satisfaction") -> float:
        """Mean of a column over the whole cohort that was there at the start of measuring, those who left as they left.

        A mean over those still present would improve by the leaving of the unhappy.
        """
        return float(np.mean(self.cohort[column]))

    @property
    def satisfaction(self) -> float:
        """Cumulative satisfaction of the whole cohort, 0 to 100."""
        return 50.0 + 50.0 * self.everybody()

    @property
    def left_share(self) -> float:
        """Share of the whole cohort who have left for a competitor."""
        return float(np.mean(self.cohort["status"] == "left"))

    @cached_property
    def cohort(self) -> pd.DataFrame:
        """Everybody who joined before measuring began and had not left by then."""
        table, begin = pd.DataFrame(self.run.customers), self.scenario.warm_up
        return table[(table["joined_at"] <= begin) & (table["left_at"] >= begin)]

    @cached_property
    def encounters(self) -> pd.DataFrame:
        """Event log of the followed customers (`record.encounters` says how many)."""
        return encounters_table(self.scenario, [self.run])

    def _days(self, table: Any, first: int, last: int | None) -> Any:
        begin = self.run.warm_up_days
        return table[begin + first : None if last is None else begin + last]


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def look(scenario: Scenario, seed: int, replication: int) -> Seen:
    """Live one replication; unlike in `simulate`, encounters are kept in every replication."""
    begun = time.perf_counter()
    follow = range(scenario.record.encounters)
    model = CustomerModel(scenario, rng=seed, replication=replication, follow=follow).run()
    seconds = time.perf_counter() - begun
    keep = scenario.record.customers == "all"
    return Seen(scenario, collect(model, seconds, keep_customers=keep, keep_log=len(follow) > 0))
