"""Fit the figures of the two ready scenarios (deliveries, call centre) from row data.

Set the environment variable CXSIM_DATA to a folder that holds ``olist_orders`` and ``bank_calls``
(each with ``train.parquet``; the second also with its tables). All figures are printed as YAML-like text.
Deterministic (fixed seeds), about 15 s on one core. Reading parquet through pandas needs pyarrow.
"""

from __future__ import annotations

import heapq
import os
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import special, stats

from cxsim.data.lead_times import SEED, fit_lead_times, log_params, lognormal
from cxsim.data.patience import SHORTEST_SECONDS, fit_weibull, kaplan_meier

# Outside causes are our assumption (the data name none): probability, mean and sd of the extra days.
CAUSES = {"bad_weather": (0.015, 6.0, 5.0), "strike": (0.010, 10.0, 10.0), "customs": (0.010, 12.0, 12.0)}
SHORTEST_SERVICE = 10  # seconds; shorter "services" are agents hanging up
WEEKS = 43  # simulated weeks per case, about the ten months of the data
Sampler = Callable[[np.random.Generator, int], np.ndarray]


def show(name: str, value: object, indent: int = 0) -> None:
    """Print one figure, list or mapping as YAML-like text."""
    pad = "  " * indent
    if isinstance(value, dict):
        print(f"{pad}{name}:")
        for key, item in value.items():
            show(str(key), item, indent + 1)
    elif isinstance(value, (list, tuple, np.ndarray)):
        print(f"{pad}{name}: [{', '.join(f'{x:.4g}' for x in value)}]")
    else:
        print(f"{pad}{name}: {value:.5g}" if isinstance(value, float) else f"{pad}{name}: {value}")


def fit_deliveries(rows: pd.DataFrame) -> None:
    """Fit and print promise, handling, carrier and two correlations, observed against simulated."""
    rows = rows[(rows.status == "delivered") & (rows.purchase_exact == 1)].dropna(subset="actual_days")
    promised, handover, actual = (rows[f"{name}_days"].to_numpy(float) for name in ("promised", "handover", "actual"))
    fit = fit_lead_times(promised, handover, actual, CAUSES)
    scores = [stats.norm.ppf((stats.rankdata(x) - 0.5) / len(x)) for x in (promised, actual - handover, handover)]
    show(
        "deliveries",
        {
            "orders": fit.orders,
            "promise_mean_sd": fit.promise,
            "handling_mean_sd": fit.handling,
            "carrier_mean_sd": fit.carrier,
            "causes_probability_mean_sd": CAUSES,
            "corr_promise_carrier": fit.carrier_correlation,
            "corr_promise_handling": fit.handling_correlation,
            "row_score_corr_promise_transit": float(np.corrcoef(scores[0], scores[1])[0, 1]),
            "row_score_corr_promise_handover": float(np.corrcoef(scores[0], scores[2])[0, 1]),
            "observed": fit.observed,
            "simulated": fit.simulated,
        },
    )


def fit_repeat(rows: pd.DataFrame) -> None:
    """Print the share of customers with a repeat order, corrected for sampling by order.

    A share f of the delivered orders is present (the weight of the undelivered), so a customer with m orders
    is seen with probability 1 - (1 - f)**m and weighted by its inverse.
    """
    orders = rows[rows.status == "delivered"].groupby("customer").customer_orders.max().to_numpy(float)
    share = np.average(orders > 1, weights=1 / (1 - (1 - float(rows.weight.min())) ** orders))
    show("repeat", {"customers": len(orders), "raw_biased": (orders > 1).mean(), "share": share})


def run_day(
    rng: np.random.Generator,
    hours: list[int],
    calls: np.ndarray,
    agents: np.ndarray,
    patience: Sampler,
    service: Sampler,
    pace: np.ndarray,
) -> list[tuple[int, bool, bool, float]]:
    """Simulate one day, first come first served; return (hour, queued, abandoned, wait) per call.

    Services of callers of an hour of day are multiplied by its entry in pace.
    """
    events = [(3600.0 * h, 0, i) for i, h in enumerate(hours)]
    for i, h in enumerate(hours):
        events += [(x, 1, i) for x in 3600 * (h + rng.random(rng.poisson(calls[i])))]
    events.sort()
    limit, length = patience(rng, len(events)).tolist(), service(rng, len(events)).tolist()
    queue: deque[tuple[float, int, int]] = deque()
    busy, out, on_duty = [], [], 0  # ends of running services, results, agents now on duty

    def serve(now: float) -> None:
        while queue and len(busy) < on_duty:
            came, n, hour = queue.popleft()
            if came + limit[n] <= now:
                out.append((hour, True, True, limit[n]))
            else:
                out.append((hour, now > came, False, now - came))
                heapq.heappush(busy, now + length[n] * pace[hour])

    for n, (now, kind, i) in enumerate(events):
        while busy and busy[0] <= now:
            serve(heapq.heappop(busy))
        if kind == 0:
            on_duty = int(agents[i])
        else:
            queue.append((now, n, hours[i]))
        serve(now)
    while queue:
        serve(heapq.heappop(busy))  # after closing the last shift works the queue off
    return out


def fit_calls(calls: pd.DataFrame, folder: Path) -> None:
    """Print arrivals, service, patience, staffing, targets and a check by event simulation."""
    staff = pd.read_csv(folder / "staffing_by_hour.csv", parse_dates=["date"])
    share = float(pd.read_csv(folder / "headline.csv").share_of_all.iloc[0])
    avail = float(pd.read_csv(folder / "erlang_a.csv").set_index("cell").avail_factor["all"])
    staff["agents"] = staff.agents_general + staff.agents_internet
    calls = calls[calls.outcome != "left_vru"].assign(hour=calls.arrival_s // 3600)
    calls = calls.merge(staff[["date", "hour"]], on=["date", "hour"])
    count = calls.groupby(["date", "hour"]).size().rename("calls").reset_index()
    staff = staff.merge(count, how="left", on=["date", "hour"]).fillna({"calls": 0})
    staff["calls"] /= share
    cells = staff.groupby(["weekday", "hour"])[["calls", "agents"]].mean()
    cells = cells.reindex(pd.MultiIndex.from_product([range(7), range(24)]), fill_value=0.0)
    calls_table = cells.calls.to_numpy().reshape(7, 24).round(1)
    agents_table = (avail * cells.agents.to_numpy().reshape(7, 24)).round(2)
    away = avail * (staff.agents - staff.groupby(["weekday", "hour"]).agents.transform("mean"))
    sd = float(away.std())
    served = calls.service_s[(calls.outcome == "served") & (calls.service_s >= SHORTEST_SERVICE)]
    mean, spread_s, logs = served.mean(), served.std(), np.log(served)
    hourly = served.groupby(calls.hour).mean().reindex(range(24))
    ks = [
        float(stats.kstest(logs, "norm", args=p).statistic)
        for p in (log_params(mean, spread_s), (logs.mean(), logs.std()))
    ]
    queued = calls[calls.queued == 1]
    wait, left = queued.wait_s.clip(lower=SHORTEST_SECONDS).to_numpy(float), (queued.outcome == "abandoned").to_numpy()
    (shape, scale), exp_mean = fit_weibull(wait, left), float(wait.sum() / left.sum())
    kaplan = kaplan_meier(wait, left)
    at = np.array([15, 30, 60, 120, 300, 600])
    seen = calls.rename(columns={"wait_s": "wait"}).assign(abandoned=calls.outcome == "abandoned")
    show(
        "call_centre",
        {
            "calls_used": len(calls),
            "share_of_all_calls": share,
            "calls_per_hour": dict(enumerate(calls_table)),
            "service": {
                "n": len(served),
                "mean": float(mean),
                "sd": float(spread_s),
                "log_mu": float(logs.mean()),
                "log_sigma": float(logs.std()),
                "ks_moments_logs": ks,
                "mean_by_hour_7_to_23": hourly[7:].to_numpy(),
            },
            "patience": {
                "n": len(wait),
                "left": int(left.sum()),
                "exponential_mean": exp_mean,
                "weibull_shape": shape,
                "weibull_scale": scale,
                "weibull_mean": float(scale * special.gamma(1 + 1 / shape)),
                "at_seconds": at,
                "survival_kaplan_meier": kaplan.evaluate(at),
                "survival_exponential": np.exp(-at / exp_mean),
                "survival_weibull": np.exp(-((at / scale) ** shape)),
            },
            "availability": avail,
            "agents": dict(enumerate(agents_table)),
            "agents_sd": sd,
            "agents_sd_by_hour_7_to_23": away.groupby(staff.hour).std().to_numpy(),
            "observed": report(seen),
        },
    )
    patiences: dict[str, Sampler] = {
        "weibull": lambda g, n: scale * g.weibull(shape, n),
        "exponential": lambda g, n: g.exponential(exp_mean, n),
    }
    for kind, patience in patiences.items():
        for z_per, spread in (("none", 0.0), ("date", sd), ("date_hour", sd), ("none_hourly_service", 0.0)):
            by_hour = hourly.to_numpy() / mean if "service" in z_per else np.ones(24)
            rng, rows = np.random.default_rng(SEED), []
            for day in range(7 * WEEKS):
                hours = [int(h) for h in np.flatnonzero(calls_table[day % 7])]
                z = rng.standard_normal(1 if z_per == "date" else len(hours))
                x = agents_table[day % 7, hours] + spread * z
                agents = np.maximum(1, np.floor(x + rng.random(len(hours))))
                rows += run_day(
                    rng,
                    hours,
                    calls_table[day % 7, hours],
                    agents,
                    patience,
                    lambda g, n: lognormal(g.standard_normal(n), mean, spread_s),
                    by_hour,
                )
            frame = pd.DataFrame(rows, columns=["hour", "queued", "abandoned", "wait"])
            show(f"simulated_{kind}_spread_{z_per}", report(frame), 1)


def report(calls: pd.DataFrame) -> dict[str, object]:
    """Return abandonment, mean wait, share queued and answered within 20 s, overall and by hour."""
    calls = calls.assign(within_20s=~calls.abandoned.astype(bool) & (calls.wait <= 20))
    hourly = calls.groupby("hour")[["abandoned", "wait", "queued", "within_20s"]].mean()
    means = {name: float(calls[name].mean()) for name in hourly}
    return {**means, **{f"{name}_by_hour": hourly[name].to_numpy() for name in hourly}}


def main() -> int:
    """Read the rows and print all figures; return the exit code."""
    place = os.environ.get("CXSIM_DATA")
    if not place:
        print("Set CXSIM_DATA to the folder that holds olist_orders and bank_calls.", file=sys.stderr)
        return 2
    orders, bank = (Path(place) / name for name in ("olist_orders", "bank_calls"))
    fit_deliveries(pd.read_parquet(orders / "train.parquet"))
    fit_repeat(pd.read_parquet(orders / "train.parquet"))
    fit_calls(pd.read_parquet(bank / "train.parquet"), bank)
    return 0


if __name__ == "__main__":
    sys.exit(main())
