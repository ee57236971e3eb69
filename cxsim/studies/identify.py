"""Which parameters the targets identify: how targets answer to parameters at the fit, and what follows from that.

Near the fit every statistic is taken as linear in the parameters. With a flat prior over the plausible range (told by
its standard deviation) and each target known to its tolerance, the posterior of the parameters is then normal, and its
width against the prior's says what the targets teach (Tarantola 2005; the Laplace approximation).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.optimize import lsq_linear

from cxsim.studies.targets import Target

Array = np.ndarray
PRIOR_SD = 12**-0.5
"""Standard deviation of a flat prior over a range of length 1."""
IDENTIFIED, PARTLY = 0.7, 0.3
"""Shares of the prior's width that the targets must take away to be said to identify a parameter, or partly."""
_TRUSTED = 0.25
"""How far from the fit, as a share of each range, the answers of the targets are taken as linear."""
_HEAVY, _IN_BAND, _STEADY = 100.0, 0.3, 0.3
"""How much counts: a target that must be met; one that is well within its band; a parameter that moves its range."""


def slopes(
    low: pd.DataFrame, high: pd.DataFrame, steps: Sequence[float], targets: Mapping[str, Target]
) -> pd.DataFrame:
    """How each target's figure answers to each parameter, per whole range: one row per target.

    Args:
        low: mean statistics with one parameter moved down, one row per parameter.
        high: the same moved up.
        steps: distance between the two, as a share of the range.
        targets: the targets.
    """
    rows = {
        name: [
            (target.shown(up) - target.shown(down)) / step
            for up, down, step in zip(high[target.statistic], low[target.statistic], steps, strict=True)
        ]
        for name, target in targets.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(low.index)).fillna(0.0)


def refining_step(
    answers: pd.DataFrame, targets: Mapping[str, Target], now: Mapping[str, float], places: Mapping[str, float],
    reach: float,
) -> dict[str, float]:  # fmt: skip
    """Step of Gauss and Newton toward fewer misses, in shares of the ranges.

    Args:
        answers: see `slopes`.
        targets: the targets.
        now: mean of every statistic where the step begins.
        places: where that is in each range, 0 to 1.
        reach: how far a step may lead in each range.
    """
    misses = np.array([targets[name].miss(now[targets[name].statistic]) for name in answers.index])
    weights = np.array([targets[name].weight ** 0.5 for name in answers.index])
    scales = np.array([targets[name].scale for name in answers.index])
    counts = np.array([targets[name].value is not None for name in answers.index]) | (misses != 0.0)
    hold = np.where(counts, 1.0, _IN_BAND)  # who is well within a band may move there, not at will
    system = answers.to_numpy() * (weights * hold / scales)[:, None]
    at = np.array([places[name] for name in answers.columns])
    bounds = (np.maximum(-at, -reach) - 1e-9, np.minimum(1.0 - at, reach) + 1e-9)
    step = lsq_linear(
        np.vstack([system, _STEADY * np.eye(len(at))]),
        np.concatenate([-misses * weights * hold, np.zeros(len(at))]),
        bounds=bounds,
    ).x
    return dict(zip(answers.columns, step.tolist(), strict=True))


def identification(
    answers: pd.DataFrame, targets: Mapping[str, Target], places: Mapping[str, float],
    ranges: Mapping[str, tuple[float, float]],
) -> pd.DataFrame:  # fmt: skip
    """What the targets teach about every parameter.

    Args:
        answers: see `slopes`.
        targets: the targets; those of weight 0 teach nothing.
        places: where the fit stands in each range, 0 to 1.
        ranges: plausible range of every parameter.

    Returns:
        One row per parameter: `value`, `low`, `high` (95 %, within the range), `learned` (share of the prior's width
        taken away), `verdict`, `by` (the target that tells most), `mixed_with` (the parameter it is hardest to tell
        from) and their `correlation`.
    """
    names = list(answers.columns)
    weights = np.array([targets[name].weight ** 0.5 / targets[name].scale for name in answers.index])
    scaled = answers.to_numpy() * weights[:, None]
    covariance = np.linalg.inv(scaled.T @ scaled + np.eye(len(names)) / PRIOR_SD**2)
    spread = np.sqrt(np.diag(covariance))
    correlations = covariance / np.outer(spread, spread)
    rows = []
    for number, name in enumerate(names):
        first, last = ranges[name]
        width = last - first
        others = np.abs(np.delete(correlations[number], number))
        other = int(np.argmax(others)) if len(others) else -1
        learned = 1.0 - spread[number] / PRIOR_SD
        ends = (places[name] + sign * 1.96 * spread[number] for sign in (-1, 1))
        low, high = (first + width * min(max(end, 0.0), 1.0) for end in ends)
        rest = [one for one in names if one != name]
        rows.append({
            "parameter": name, "value": first + width * places[name], "low": low, "high": high,
            "range_low": first, "range_high": last, "learned": learned, "verdict": verdict(learned),
            "by": str(answers.index[int(np.argmax(np.abs(scaled[:, number])))]) if scaled[:, number].any() else "",
            "mixed_with": rest[other] if rest else "",
            "correlation": float(np.delete(correlations[number], number)[other]) if rest else 0.0,
        })  # fmt: skip
    return pd.DataFrame(rows)


def verdict(learned: float) -> str:
    """How well a parameter is told by the targets, in words."""
    return "identified" if learned >= IDENTIFIED else "partly" if learned >= PARTLY else "not identified"


def trade_offs(
    answers: pd.DataFrame, targets: Mapping[str, Target], found: Mapping[str, float], places: Mapping[str, float]
) -> pd.DataFrame:
    """What it would cost to bring each missed target into its band, by the linear reckoning of `slopes`.

    Args:
        answers: see `slopes`.
        targets: the targets.
        found: mean statistic of every target at the fit.
        places: where the fit stands in each range.

    Returns:
        One row per fitted target that is missed and target that it would move out of its band: `target`, `now`,
        `reached` (what the parameters can bring it to within a quarter of their ranges, as far as linear reckoning is
        to be trusted), `other`, `other_now`, `other_then`; `other` is empty where nothing else would be lost.
    """
    at = np.array([places[name] for name in answers.columns])
    now = np.array([targets[name].shown(found[name]) for name in answers.index])
    aims = np.array([_goal(targets[name], value) for name, value in zip(answers.index, now, strict=True)])
    base = np.array([targets[name].weight ** 0.5 / targets[name].scale for name in answers.index])
    slope, rows = answers.to_numpy(), []
    for number, name in enumerate(answers.index):
        if targets[name].holds(found[name]) or targets[name].weight == 0:
            continue
        weights = base.copy()
        weights[number] = _HEAVY / targets[name].scale
        steady = 0.1 * np.eye(len(at))  # of all ways there, the one that moves the parameters least
        system = np.vstack([slope * weights[:, None], steady])
        wanted = np.concatenate([(aims - now) * weights, np.zeros(len(at))])
        bounds = (np.maximum(-at, -_TRUSTED) - 1e-9, np.minimum(1.0 - at, _TRUSTED) + 1e-9)
        then = now + slope @ lsq_linear(system, wanted, bounds=bounds).x
        lost = [
            other for other, target in enumerate(answers.index)
            if other != number and targets[target].weight > 0
            and targets[target].holds(found[target]) and not _within(targets[target], then[other])
        ]  # fmt: skip
        places_lost: list[int | None] = [*lost] if lost else [None]
        rows += [
            {"target": name, "now": now[number], "reached": then[number],
             "other": answers.index[other] if other is not None else "",
             "other_now": now[other] if other is not None else np.nan,
             "other_then": then[other] if other is not None else np.nan}
            for other in places_lost
        ]  # fmt: skip
    columns = ["target", "now", "reached", "other", "other_now", "other_then"]
    return pd.DataFrame(rows, columns=columns)


def _goal(target: Target, now: float) -> float:
    """Nearest figure that holds."""
    if target.value is not None:
        return target.value
    low, high = target.band
    return min(max(now, low), high)


def _within(target: Target, figure: float) -> bool:
    low, high = target.band
    edge = 0.02 * (high - low)
    return low - edge <= figure <= high + edge
