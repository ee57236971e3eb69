"""Customers whose every encounter is known: one replication lived again, with many of them followed.

Observers change nothing, so it is the very world of the result. Followed are customers evenly spread over all numbers,
newcomers as well, so that first journeys are among theirs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from cxsim.model import CustomerModel
from cxsim.results.encounters import encounters_table
from cxsim.results.measures import Estimate
from cxsim.results.result import Result
from cxsim.results.run import collect
from cxsim.results.tables import customers_table
from cxsim.rules.satisfaction import journey_remembered
from cxsim.rules.talk import telling_probability
from cxsim.scenario.itinerary import phases
from cxsim.scenario.memory import customers_ever
from cxsim.scenario.schema import Scenario
from cxsim.scenario.values import DIMENSIONS

CUSTOMERS = 1000
"""Customers followed, about."""
LIVED = ("encounter", "overdue", "gave_up")
"""Entries of the log that are encounters: the counts per touchpoint have the same."""
LEVELS = {"enough": "adequate", "expected": "predicted", "wanted": "desired", "got": "perceived"}
"""Levels weighted over the dimensions as they count there, by the names of the engine's levels."""


@dataclass(frozen=True)
class Sample:
    """What was lived by some customers of the first replication, after the warm-up.

    Attributes:
        result: the world.
        encounters: one row per encounter: the columns of the event log, `persona`, `phase`, `early` (within the first
            journeys), `weight_people` and so on, and the levels `enough`, `expected`, `wanted` and `got`, weighted.
        journeys: one row per journey that ended: `customer`, `persona`, `early`, `kind` (poor, merely met, delightful),
            `remembered` (-1 to 1), `telling` (chance to tell one person).
        customers: all customers at the end.
    """

    result: Result
    encounters: pd.DataFrame
    journeys: pd.DataFrame
    customers: pd.DataFrame

    @property
    def about(self) -> str:
        """Who was followed, in words."""
        if self.encounters.empty:
            return "No customer that was followed lived an encounter."
        count = self.encounters["customer"].nunique()
        return (
            f"From {count:,} customers of the first replication, followed through {len(self.encounters):,} encounters."
        )


def take_sample(result: Result, customers: int = CUSTOMERS) -> Sample:
    """Live the first replication again and follow about so many customers."""
    scenario = result.scenario
    ever = customers_ever(scenario)
    follow = range(0, ever, max(ever // max(customers, 1), 1))
    model = CustomerModel(scenario, rng=result.seed, follow=follow).run()
    run = collect(model, seconds=0.0, keep_customers=True, keep_log=True)
    everybody = customers_table(scenario, [run])
    log = encounters_table(scenario, [run])
    weights = model.world.tables[0].personas["weights"]
    if "event" not in log:  # nobody lived anything
        numbers = {name: pd.Series(dtype="float64") for name in _NUMBERS}
        log = pd.DataFrame(numbers | {name: pd.Series(dtype="object") for name in _TEXTS})
    told = log.merge(everybody[["customer", "persona"]], on="customer", how="inner")
    told["early"] = told["journey"] <= early_journeys(scenario)
    lived = told[told["event"].isin(LIVED)]
    lived = _weighted(lived, scenario, np.asarray(weights))
    lived["phase"] = lived["touchpoint"].map(phases(scenario))
    measured = lived[lived["day"] >= 0].reset_index(drop=True)
    return Sample(result, measured, _journeys(scenario, told, lived), everybody)


_TEXTS = ("event", "touchpoint", "mood", "reason", "origin")
_NUMBERS = (
    "replication", "customer", "day", "journey", "is_poor", "is_failure", "is_wow", "is_contact", "utility",
    "satisfaction", "wait_minutes", *(f"{level}_{dimension}" for level in LEVELS.values() for dimension in DIMENSIONS),
)  # fmt: skip


def early_journeys(scenario: Scenario) -> int:
    """How many first journeys count as early."""
    return max(round(scenario.parameters()["early_journeys"]), 1)


def _weighted(lived: pd.DataFrame, scenario: Scenario, weights: Any) -> pd.DataFrame:
    """Add how much each dimension counted, and the levels over all of them."""
    personas = lived["persona"].map({name: place for place, name in enumerate(scenario.personas)})
    stops = lived["touchpoint"].map({name: place for place, name in enumerate(scenario.touchpoints)})
    counted = weights[personas.to_numpy(int), stops.to_numpy(int)]
    added = {f"weight_{name}": counted[:, place] for place, name in enumerate(DIMENSIONS)}
    for plain, level in LEVELS.items():
        added[plain] = (counted * lived[[f"{level}_{name}" for name in DIMENSIONS]].to_numpy(np.float64)).sum(axis=1)
    return lived.assign(**added)


def _journeys(scenario: Scenario, told: pd.DataFrame, lived: pd.DataFrame) -> pd.DataFrame:
    """Journeys that ended after the warm-up: what they were, what is remembered, and the chance that it is told."""
    p = scenario.parameters()
    ended = told[(told["event"] == "journey_ends") & (told["day"] >= 0)][["customer", "journey", "persona", "early"]]
    key = ["customer", "journey"]
    sums = lived.groupby(key).agg(got=("got", "mean"), wanted=("wanted", "mean"), poor=("is_poor", "max"),
                                  mean=("satisfaction", "mean"), end=("satisfaction", "last"))  # fmt: skip
    strongest = lived.assign(size=lived["satisfaction"].abs()).sort_values("size", ascending=False, kind="stable")
    peaks = strongest.drop_duplicates(key).set_index(key)["satisfaction"].rename("peak")
    found = ended.merge(sums.join(peaks).reset_index(), on=key, how="inner")
    found["remembered"] = [
        journey_remembered(peak, end, mean, p["peak_weight"], p["end_weight"])
        for peak, end, mean in zip(found["peak"], found["end"], found["mean"], strict=True)
    ]
    found["telling"] = [
        telling_probability(news, p["talk_base"], p["talk_slope"], p["talk_negative"]) for news in found["remembered"]
    ]
    above = np.where(found["got"] > found["wanted"], "delightful", "merely met")
    found["kind"] = np.where(found["poor"].astype(bool), "poor", above)
    return found.drop(columns=["got", "wanted", "poor"])


def mean_of(rows: pd.DataFrame, values: pd.Series[float], weights: pd.Series[float] | None = None) -> Estimate:
    """Mean over encounters with a 95 % interval that takes customers, not encounters, as independent.

    Args:
        rows: encounters, for whose they are.
        values: one per row.
        weights: how much each counts; alike if left out.
    """
    counts = pd.Series(1.0, index=rows.index) if weights is None else weights
    total = float(counts.sum())
    if total <= 0:
        return Estimate(math.nan, math.nan, math.nan, math.nan, 0)
    mean = float((values * counts).sum()) / total
    off = ((values - mean) * counts).groupby(rows["customer"]).sum().to_numpy()
    count = len(off)
    if count < 2:
        return Estimate(mean, math.nan, math.nan, math.nan, count)
    error = math.sqrt(count / (count - 1) * float((off**2).sum())) / total
    half = float(stdtrit(count - 1, 0.975)) * error
    return Estimate(mean, mean - half, mean + half, error * math.sqrt(count), count)
