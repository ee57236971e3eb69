"""Tidy tables from finished runs: one per level, joined by replication, day, touchpoint, desk and customer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cxsim.engine.columns import REASON_LABELS, REASONS
from cxsim.engine.tally import BLAME_STATISTICS, DESK_STATISTICS, JOURNEY_STATISTICS, TOUCHPOINT_STATISTICS
from cxsim.results.encounters import encounters_table
from cxsim.results.influence import LEVELS
from cxsim.results.measures import MEASURES
from cxsim.results.run import Run
from cxsim.scenario.schema import Scenario

Runs = Sequence[Run]


def runs_table(scenario: Scenario, runs: Runs) -> pd.DataFrame:
    """One row per replication: every measure, numbers at risk, events and seconds."""
    del scenario
    return pd.DataFrame(
        [
            {
                "replication": run.replication,
                **{measure.name: float(measure.compute(run)) for measure in MEASURES},
                **{f"cost_{kind}": amount / max(run.person_years, 1e-9) for kind, amount in run.costs.items()},
                "customers_present": run.people.present,
                "switched_after_poor_at_risk": run.people.at_risk,
                "events": run.events,
                "seconds": run.seconds,
            }
            for run in runs
        ]
    )


def days_table(scenario: Scenario, runs: Runs) -> pd.DataFrame:
    """One row per replication and day, warm-up included (`day` is negative there)."""
    del scenario
    tables = []
    for run in runs:
        table = pd.DataFrame(run.journey_days, columns=list(JOURNEY_STATISTICS))
        stops = run.stop_days.sum(axis=1)
        for statistic in ("encounters", "poor", "gap", "satisfaction"):
            name = statistic if statistic == "encounters" else f"encounter_{statistic}"
            table[name] = stops[:, TOUCHPOINT_STATISTICS.index(statistic)]
        for statistic in ("arrivals", "gave_up", "wait_minutes"):
            table[f"desk_{statistic}"] = run.desk_days[:, :, DESK_STATISTICS.index(statistic)].sum(axis=1)
        table["present"] = run.present
        total = run.satisfaction_at_start + np.cumsum(table.pop("satisfaction_change").to_numpy())
        table["satisfaction"] = 50.0 + 50.0 * total / np.maximum(run.present, 1)
        table.insert(0, "day", np.arange(len(table)) - run.warm_up_days)
        table.insert(0, "replication", run.replication)
        tables.append(table.drop(columns="present_change"))
    return pd.concat(tables, ignore_index=True)


def touchpoints_table(scenario: Scenario, runs: Runs) -> pd.DataFrame:
    """One row per replication and touchpoint: sums after the warm-up (levels: sums over encounters)."""
    names = list(scenario.touchpoints)
    kinds: list[str] = [stop.kind for stop in scenario.touchpoints.values()]
    return _per_key(
        runs, lambda run: pd.DataFrame({statistic: run.stops(statistic) for statistic in TOUCHPOINT_STATISTICS}),
        {"touchpoint": names, "kind": kinds},
    )  # fmt: skip


def desks_table(scenario: Scenario, runs: Runs) -> pd.DataFrame:
    """One row per replication and desk: sums after the warm-up."""
    return _per_key(
        runs, lambda run: pd.DataFrame({statistic: run.desks(statistic) for statistic in DESK_STATISTICS}),
        {"desk": list(scenario.desks)},
    )  # fmt: skip


def _per_key(runs: Runs, build: Callable[[Run], pd.DataFrame], keys: dict[str, list[str]]) -> pd.DataFrame:
    tables = []
    for run in runs:
        table = build(run)
        for place, (name, values) in enumerate(keys.items()):
            table.insert(place, name, values)
        table.insert(0, "replication", run.replication)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def customers_table(scenario: Scenario, runs: Runs) -> pd.DataFrame:
    """One row per customer at the end of the run, of the replications whose customers were kept."""
    del scenario
    return _columns_of(runs, lambda run: run.customers)


def lost_table(scenario: Scenario, runs: Runs) -> pd.DataFrame:
    """Exit interviews: one row per customer who left after the warm-up, of all replications."""
    del scenario
    return _columns_of(runs, lambda run: run.lost)


def _columns_of(runs: Runs, columns: Callable[[Run], dict[str, Any] | None]) -> pd.DataFrame:
    tables = []
    for run in runs:
        kept = columns(run)
        if kept is not None:
            table = pd.DataFrame(kept)
            table.insert(0, "replication", run.replication)
            tables.append(table)
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({"replication": pd.Series(dtype="int64")})


def drivers_table(scenario: Scenario, runs: Runs) -> pd.DataFrame:
    """What drove it, by touchpoint and by reason: gap, poor encounters, irritation, contacts and last straws.

    A touchpoint's `gap` is what it adds to the expectation gap (they sum to it), `gap_per_encounter` its own. What is
    lived at a touchpoint is its own score: `satisfaction` (0 to 100) and `poor_here`; what it brings about, here or
    elsewhere, is `poor_caused` and the shares. Poor encounters are per 1,000 encounters of all touchpoints.
    """
    encounters = max(sum(run.stop("encounters") for run in runs), 1.0)
    stops = {statistic: np.sum([run.stops(statistic) for run in runs], axis=0) for statistic in TOUCHPOINT_STATISTICS}
    blame = {statistic: np.sum([run.blamed(statistic) for run in runs], axis=0) for statistic in BLAME_STATISTICS}
    shares = {statistic: table / max(table.sum(), 1e-12) for statistic, table in blame.items()}

    def blamed(place: Any) -> dict[str, float]:
        return {
            "poor_caused": float(blame["poor"][place].sum() / encounters * 1000.0),
            "irritation_share": float(shares["irritation"][place].sum()),
            "contacts_share": float(shares["contacts"][place].sum()),
            "last_straw_share": float(shares["last_straws"][place].sum()),
        }

    rows: list[dict[str, Any]] = []
    for place, (name, stop) in enumerate(scenario.touchpoints.items()):
        lived = max(stops["encounters"][place], 1.0)
        rows.append(
            {
                "by": "touchpoint", "key": name, "label": stop.label or name,
                "encounters": stops["encounters"][place],
                "gap": stops["gap"][place] / encounters,
                "gap_per_encounter": stops["gap"][place] / lived,
                "satisfaction": 50.0 + 50.0 * stops["satisfaction"][place] / lived,
                "poor_here": stops["poor"][place] / encounters * 1000.0,
                "poor_from_elsewhere": stops["poor_from_elsewhere"][place] / encounters * 1000.0,
                **blamed(np.s_[place, :]),
            }
        )  # fmt: skip
    for place, reason in enumerate(REASONS):
        rows.append({"by": "reason", "key": reason, "label": REASON_LABELS[reason], **blamed(np.s_[:, place])})
    return pd.DataFrame(rows)


def blame_table(scenario: Scenario, runs: Runs) -> pd.DataFrame:
    """One row per replication, origin and reason to which anything is put down, after the warm-up."""
    names = list(scenario.touchpoints)
    rows = [
        {"replication": run.replication, "origin": names[origin], "reason": REASONS[reason],
         **dict(zip(BLAME_STATISTICS, run.blame[origin, reason].tolist(), strict=True))}
        for run in runs
        for origin in range(len(names))
        for reason in range(len(REASONS))
        if run.blame[origin, reason].any()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["replication", "origin", "reason", *BLAME_STATISTICS])


def factors_table(scenario: Scenario, runs: Runs) -> pd.DataFrame:
    """One row per replication and factor: its share of the spread of each level, and what it adds to the gap."""
    rows = []
    for run in runs:
        for name, found in run.influence.items():
            factor = scenario.factors.get(name)
            rows.append(
                {
                    "replication": run.replication, "factor": name, "label": factor.label if factor else name,
                    "control": run.control[name], "moves": bool(factor and factor.moves),
                    **{f"{level}_spread_share": found[level] for level in LEVELS}, "gap": found["gap"],
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


TABLES: dict[str, Callable[[Scenario, Runs], pd.DataFrame]] = {
    "runs": runs_table,
    "days": days_table,
    "touchpoints": touchpoints_table,
    "desks": desks_table,
    "drivers": drivers_table,
    "blame": blame_table,
    "factors": factors_table,
    "customers": customers_table,
    "lost": lost_table,
    "encounters": encounters_table,
}
"""Every table of a result, by name; saved as one Parquet file each."""
