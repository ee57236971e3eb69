"""Patience: how long callers would wait, from those who gave up and those who were served before they did."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import optimize, special, stats

from cxsim.data.orders import Floats

SHORTEST_SECONDS = 0.5
"""Waits recorded as 0 are taken as half a second."""
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(30)
_MOST_SPREAD = 2.0


@dataclass(frozen=True)
class Patience:
    """Weibull patience, whose mean differs between customers (lognormal).

    Attributes:
        mean_seconds: mean over customers and waits.
        shape: Weibull shape of one customer's patience; 1 is exponential.
        spread: coefficient of variation of the mean between customers.
        logliks: log-likelihood of each distribution tried.
        errors: standard error of mean_seconds, shape and spread; nan at the edge of the range.
    """

    mean_seconds: float
    shape: float
    spread: float
    logliks: dict[str, float]
    errors: tuple[float, float, float]

    def survival(self, seconds: Floats) -> Floats:
        """Share who would still wait after so many seconds."""
        return _survival(seconds, self.mean_seconds, self.shape, self.spread)


def kaplan_meier(wait: Floats, gave_up: Any) -> Any:
    """Share who would still wait, by time, with its interval: who was served is censored (Kaplan and Meier 1958)."""
    gone = np.asarray(gave_up, dtype=bool)
    return stats.ecdf(stats.CensoredData(uncensored=wait[gone], right=wait[~gone])).sf


def fit_weibull(wait: Floats, gave_up: Any) -> tuple[float, float]:
    """Shape and scale of a Weibull by maximum likelihood, who was served being censored."""
    values, gone, stayed = _counted(wait, gave_up)

    def loss(p: Floats) -> float:
        ratio, k = values / math.exp(p[1]), math.exp(p[0])
        hazard = ((gone + stayed) * ratio**k).sum()
        return float(hazard - (gone * (p[0] - p[1] + (k - 1) * np.log(ratio))).sum())

    start = [0.0, math.log(float((values * (gone + stayed)).sum() / max(gone.sum(), 1.0)))]
    best = optimize.minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-4})
    return math.exp(best.x[0]), math.exp(best.x[1])


def fit_patience(wait: Floats, gave_up: Any) -> Patience:
    """Weibull with a spread between customers by maximum likelihood; an exponential and a plain Weibull beside it."""
    values, gone, stayed = _counted(wait, gave_up)
    exponential = float((values * (gone + stayed)).sum() / gone.sum())
    shape, scale = fit_weibull(wait, gave_up)

    def loss(p: Floats) -> float:
        mean, k, spread = math.exp(p[0]), math.exp(p[1]), float(p[2])
        survival, density = _survival_and_density(values, mean, k, spread)
        return -float((gone * np.log(np.maximum(density, 1e-300))).sum()
                      + (stayed * np.log(np.maximum(survival, 1e-300))).sum())  # fmt: skip

    def told(mean: float, k: float) -> float:
        return -loss(np.array([math.log(mean), math.log(k), 0.0]))

    mean = scale * math.gamma(1 + 1 / shape)
    logliks = {"exponential": told(exponential, 1.0), "weibull": told(mean, shape)}
    bounds = [(math.log(mean) - 3, math.log(mean) + 5), (math.log(0.3), math.log(5.0)), (0.0, _MOST_SPREAD)]
    starts = [(mean, shape, 0.05), (1.5 * mean, 1.1 * shape, 0.8), (3 * mean, 1.3 * shape, 1.6)]
    tries = [
        optimize.minimize(loss, [math.log(m), math.log(k), s], method="L-BFGS-B", bounds=bounds) for m, k, s in starts
    ]
    best = min(tries, key=lambda found: float(found.fun))
    logliks["weibull, differing between customers"] = -float(best.fun)
    if -best.fun < logliks["weibull"] + 2.0:  # no better for one parameter more (Akaike 1974)
        best.x = np.array([math.log(mean), math.log(shape), 0.0])
    errors = _errors(loss, best.x)
    m, k, spread = math.exp(best.x[0]), math.exp(best.x[1]), float(best.x[2])
    return Patience(m, k, spread, logliks, (m * errors[0], k * errors[1], errors[2]))


def _counted(wait: Floats, gave_up: Any) -> tuple[Floats, Floats, Floats]:
    """Distinct waits, with how many gave up and how many were served at each."""
    gone = np.asarray(gave_up, dtype=bool)
    values, place = np.unique(np.maximum(wait, SHORTEST_SECONDS), return_inverse=True)
    gave = np.asarray(np.bincount(place, gone, len(values)), dtype="float64")
    stayed = np.asarray(np.bincount(place, ~gone, len(values)), dtype="float64")
    return values, gave, stayed


def _survival(seconds: Floats, mean: float, shape: float, spread: float) -> Floats:
    return _survival_and_density(np.maximum(seconds, 1e-9), mean, shape, spread)[0]


def _survival_and_density(seconds: Floats, mean: float, shape: float, spread: float) -> tuple[Floats, Floats]:
    """Weibull of which the mean is lognormal between customers, by Gauss and Hermite's rule."""
    sigma2 = math.log1p(spread * spread)
    own = mean * np.exp(math.sqrt(sigma2) * _NODES - sigma2 / 2.0) / special.gamma(1 + 1 / shape)
    weights = _WEIGHTS / _WEIGHTS.sum()
    power = (seconds[:, None] / own) ** shape
    left = np.exp(-power)
    return left @ weights, (left * shape * power / seconds[:, None]) @ weights


def _errors(loss: Any, at: Floats) -> tuple[float, float, float]:
    """Standard errors from the curvature of the log-likelihood; nan where it does not bend."""
    step = np.array([1e-3, 1e-3, 1e-3])
    inner = np.maximum(at, [-np.inf, -np.inf, 2e-3])
    bend = np.empty((3, 3))
    for i in range(3):
        for j in range(3):
            a, b = np.eye(3)[i] * step, np.eye(3)[j] * step
            terms = loss(inner + a + b) - loss(inner + a - b) - loss(inner - a + b) + loss(inner - a - b)
            bend[i, j] = terms / (4 * step[i] * step[j])
    variances = np.diag(np.linalg.pinv(bend))
    found = [math.sqrt(v) if v > 0 else math.nan for v in variances]
    return found[0], found[1], found[2]
