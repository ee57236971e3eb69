"""Small made-up files, drawn from known parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cxsim.data.lead_times import lognormal

PROMISE, HANDLING, CARRIER, RHO = (10.0, 3.0), (2.0, 1.0), (5.0, 3.0), 0.6


def order_table(count: int = 3000, seed: int = 1) -> pd.DataFrame:
    """Orders with known lead times and a score that falls with lateness; days, one row per order."""
    rng = np.random.default_rng(seed)
    z, own, other = rng.standard_normal((3, count))
    promised = lognormal(z, *PROMISE)
    handover = lognormal(other, *HANDLING)
    actual = handover + lognormal(RHO * z + np.sqrt(1 - RHO**2) * own, *CARRIER)
    late = np.maximum(np.floor(actual - promised), 0)
    score = np.clip(np.round(4.3 - 0.9 * np.minimum(late, 3) + 0.8 * rng.standard_normal(count)), 1, 5)
    return pd.DataFrame(
        {
            "order_id": [f"A{number}" for number in range(count)],
            "customer": rng.integers(0, count, count).astype(str),
            "promised_days": promised.round(4),
            "handover_days": handover.round(4),
            "actual_days": actual.round(4),
            "score": score.astype(int),
            "answered_after_delivery_days": np.where(late > 2, -0.5, 1.5),
        }
    )


def dated(table: pd.DataFrame) -> pd.DataFrame:
    """The same orders with dates instead of days; promises keep their instant."""
    rng = np.random.default_rng(5)
    ordered = pd.Timestamp("2024-03-04") + pd.to_timedelta(rng.integers(0, 200 * 86400, len(table)), unit="s")

    def after(days: pd.Series[Any]) -> Any:
        return ordered + pd.to_timedelta((days.to_numpy() * 86400).round(), unit="s")

    return pd.DataFrame(
        {
            "order_id": table["order_id"], "ordered": ordered, "promised": after(table["promised_days"]),
            "shipped": after(table["handover_days"]), "delivered": after(table["actual_days"]),
            "stars": table["score"],
        }
    )  # fmt: skip


PATIENCE_SECONDS, SERVICE = 240.0, (180.0, 150.0)


def call_table(days: int = 70, seed: int = 1, per_hour: float = 60.0, servers: int = 3) -> pd.DataFrame:
    """Contacts of a desk open from 9 to 17 with known arrivals, service, exponential patience and servers."""
    rng = np.random.default_rng(seed)
    rows = []
    for day in range(days):
        count = rng.poisson(8 * per_hour)
        arrivals = np.sort(rng.random(count)) * 8 * 3600 + 9 * 3600
        patience = rng.exponential(PATIENCE_SECONDS, count)
        service = lognormal(rng.standard_normal(count), *SERVICE)
        free = np.full(servers, 0.0)
        for arrival, limit, length in zip(arrivals, patience, service, strict=True):
            first = int(np.argmin(free))
            wait = max(free[first] - arrival, 0.0)
            gone = wait > limit
            rows.append((day, arrival, min(wait, limit), "abandoned" if gone else "served", 0.0 if gone else length))
            if not gone:
                free[first] = arrival + wait + length
    table = pd.DataFrame(rows, columns=["day", "at", "wait", "outcome", "service"])
    arrival = pd.Timestamp("2024-01-01") + pd.to_timedelta(table["day"] * 86400 + table["at"].round(), unit="s")
    return pd.DataFrame(
        {
            "call_id": np.arange(len(table)), "arrival": arrival, "wait": table["wait"].round(1),
            "outcome": table["outcome"], "service": table["service"].round(1),
        }
    )  # fmt: skip


def saved(table: pd.DataFrame, folder: Path, name: str = "file.csv") -> Path:
    """A table as a file, by the ending of its name."""
    file = folder / name
    if name.endswith(".parquet"):
        table.to_parquet(file)
    else:
        table.to_csv(file, index=False)
    return file
