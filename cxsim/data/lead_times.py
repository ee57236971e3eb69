"""Lead times: promise, handling and carrier as lognormals whose logarithms go together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cxsim.data.orders import Floats, whole_days_late

QUANTILES = (0.05, 0.25, 0.50, 0.75, 0.95, 0.99)
SEED = 20240601
_SCALES = {"late_share": 0.001, "corr_log_promised_actual": 0.02, "corr_log_promised_handover": 0.02}
"""How far off each aggregate may be for the same discomfort."""

Cause = tuple[float, float, float]
"""Probability of an outside cause of delay, mean and sd of the days it adds."""


@dataclass(frozen=True)
class LeadTimes:
    """What was fitted.

    Attributes:
        orders: orders behind it.
        promise, handling, carrier: mean and sd in days; handling is None where handing over is not known.
        carrier_correlation, handling_correlation: of the normal scores with the promise's.
        observed, simulated: the same aggregates of the rows and of the fit.
    """

    orders: int
    promise: tuple[float, float]
    handling: tuple[float, float] | None
    carrier: tuple[float, float]
    carrier_correlation: float
    handling_correlation: float
    observed: dict[str, Any]
    simulated: dict[str, Any]


def log_params(mean: float, sd: float) -> tuple[float, float]:
    """Mean and sd of the logarithm of a lognormal with this mean and sd."""
    return math.log(mean / math.hypot(1, sd / mean)), math.sqrt(math.log1p((sd / mean) ** 2))


def lognormal(score: Floats, mean: float, sd: float) -> Floats:
    """Standard normal scores as a lognormal with this mean and sd."""
    return np.asarray(np.exp(log_params(mean, sd)[0] + log_params(mean, sd)[1] * score))


def summarise(promise: Floats, handover: Floats, transit: Floats, grace_days: float = 1.0) -> dict[str, Any]:
    """Aggregates of lead times; with a promise of a date, late is a later day."""
    actual = handover + transit
    late = whole_days_late(actual, promise, grace_days)
    good = (handover > 0) & (transit > 0)
    parts = {"promised": promise, "handover": handover, "transit": transit, "actual": actual}
    if not good.any():  # handing over is not known: all of the time is the carrier's
        good = transit > 0
        parts = {"promised": promise, "transit": transit, "actual": actual}
    with np.errstate(divide="ignore", invalid="ignore"):  # a promise that is always the same goes with nothing
        logs = np.corrcoef([np.log(x[good]) for x in parts.values()])
    out: dict[str, Any] = {f"corr_log_promised_{name}": float(logs[0, i]) for i, name in enumerate(parts) if i}
    out["late_share"] = float((late > 0).mean())
    out["share_after_start_of_promised_day"] = float((actual > promise).mean())
    for name, x in {**parts, "days_late": late, "days_late_if_late": late[late > 0]}.items():
        if len(x):
            out[f"{name}_mean_sd"] = [float(x.mean()), float(x.std())]
            out[f"{name}_q05_25_50_75_95_99"] = [float(q) for q in np.quantile(x, QUANTILES)]
    tenth = np.digitize(promise, np.quantile(promise, np.arange(1, 10) / 10))
    shares = [(late[tenth == i] > 0).mean() if (tenth == i).any() else float("nan") for i in range(10)]
    out["late_share_by_tenth_of_promise"] = [float(share) for share in shares]
    return out


def fit_lead_times(
    promised: Floats, handover: Floats | None, actual: Floats, causes: Mapping[str, Cause] | None = None,
    grace_days: float = 1.0,
) -> LeadTimes:  # fmt: skip
    """Fit promise, handling, carrier and their correlations with the promise.

    Promise and handling take the observed mean and sd; the carrier takes what outside causes leave of the mean and
    variance of the transit, so that these add nothing. The correlations are found by least squares on the share late
    and on the correlations of the logarithms.

    Args:
        promised: days promised.
        handover: days until handed to the carrier; None where not known.
        actual: days until it arrived.
        causes: outside causes assumed.
        grace_days: time after the promise from which an order is late.
    """
    from scipy import optimize, stats

    outside = dict(causes or {})
    first = np.zeros_like(actual) if handover is None else handover
    transit = actual - first
    observed = summarise(promised, first, transit, grace_days)
    extra_mean = sum(p * m for p, m, _ in outside.values())
    extra_var = sum(p * (m * m + s * s) - (p * m) ** 2 for p, m, s in outside.values())
    carrier = (round(transit.mean() - extra_mean, 2), round(math.sqrt(max(transit.var() - extra_var, 0.0)), 2))
    promise, handling = ((round(x.mean(), 2), round(x.std(), 2)) for x in (promised, first))
    u = np.clip(stats.qmc.Sobol(3 + 2 * len(outside), seed=SEED).random(2**16), 1e-7, 1 - 1e-7)
    z = stats.norm.ppf(u)

    def simulate(rho: Floats) -> dict[str, Any]:
        own = np.sqrt(1 - rho**2)
        days = lognormal(rho[0] * z[:, 0] + own[0] * z[:, 1], *carrier)
        for i, (probability, mean, sd) in enumerate(outside.values()):
            days = days + (u[:, 3 + 2 * i] < probability) * lognormal(z[:, 4 + 2 * i], mean, sd)
        if handover is None:
            handled = np.zeros(len(z))
        else:
            handled = lognormal(rho[1] * z[:, 0] + own[1] * z[:, 2], *handling)
        return summarise(lognormal(z[:, 0], *promise), handled, days, grace_days)

    scales = {name: scale for name, scale in _SCALES.items() if math.isfinite(observed.get(name, math.nan))}

    def errors(rho: Floats) -> Floats:
        held = np.clip(np.append(rho, 0.0)[:2], -0.99, 0.99)
        simulated = simulate(held)
        return np.array([(simulated[name] - observed[name]) / scale for name, scale in scales.items()])

    start = [0.5, 0.2] if handover is not None else [0.5]
    if promise[1] == 0.0:
        return LeadTimes(len(actual), promise, handling if handover is not None else None, carrier, 0.0, 0.0, observed,
                         simulate(np.zeros(2)))  # fmt: skip
    found = np.round(optimize.least_squares(errors, start, diff_step=[0.02] * len(start)).x, 2)
    rho = np.clip(np.append(found, 0.0)[:2], -0.99, 0.99)
    return LeadTimes(
        len(actual), promise, handling if handover is not None else None, carrier, float(rho[0]), float(rho[1]),
        observed, simulate(rho),
    )  # fmt: skip
