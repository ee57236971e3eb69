"""Lines of evidence from theory: desks of the real engine against exact queues, learning against its fixed points."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from cxsim.evidence.checks import Check
from cxsim.evidence.queues import Steady, erlang_a, erlang_c_waits, pollaczek_khinchine
from cxsim.evidence.theory_worlds import (
    CARRIER,
    EXPONENTIAL,
    HANDLING,
    NO_END,
    PROMISED,
    QUALITY,
    Array,
    desk_world,
    replicate_desk,
    replicate_learning,
)
from cxsim.evidence.validate import Settings
from cxsim.scenario.parameters import PARAMETER

_WIDEST = 0.1
"""Half-width of an interval, as a share of theory's figure, beyond which a comparison would mean little."""
_ROUNDING = 1e-4
"""Difference that columns kept in four bytes bring."""


@dataclass(frozen=True)
class _Desk:
    """A desk that theory knows.

    Attributes:
        name: name in the ids of its checks.
        title: the queue's name.
        rate: arrivals per minute.
        servers: servers.
        patience: mean patience in minutes; None without end.
        sd: standard deviation of the service time in minutes, lognormal; None for exponential.
        source: of the formula.
    """

    name: str
    title: str
    rate: float
    servers: int
    patience: float | None
    sd: float | None
    source: str

    def theory(self) -> Steady:
        """What it does in the long run."""
        if self.sd is not None:
            return pollaczek_khinchine(self.rate, 5.0, self.sd)
        return erlang_a(self.rate, 5.0, self.servers, self.patience or np.inf)


_DESKS = (
    _Desk("one-server", "M/M/1", 0.14, 1, None, None, "Erlang 1909; M/M/1 by its balance equations [V]"),
    _Desk("six-servers", "M/M/6 (Erlang C)", 0.9, 6, None, None, "Erlang 1917 [V]"),
    _Desk("impatient", "M/M/3+M (Erlang A)", 0.9, 3, 15.0, None,
          "Palm 1957; Garnett, Mandelbaum and Reiman 2002 [V]"),
    _Desk("lognormal", "M/G/1 (Pollaczek and Khinchine)", 0.12, 1, None, 7.0, "Pollaczek 1930, Khinchine 1932 [V]"),
)  # fmt: skip


def checks(settings: Settings) -> Iterator[Check]:
    """Every line of theory; small runs if `settings.quick`."""
    for desk in _DESKS:
        yield from _desk(desk, settings.quick)
    yield from _learning(settings.quick)


def _desk(desk: _Desk, quick: bool) -> Iterator[Check]:
    service = {"mean": "5 min", "sd": f"{desk.sd} min"} if desk.sd is not None else EXPONENTIAL
    patience = NO_END if desk.patience is None else f"{desk.patience} min"
    days, replications = (40, 8) if quick else (90, 24)
    world = desk_world(desk.rate, desk.servers, patience=patience, days=days, service=service)
    found = replicate_desk(world, replications)
    theory = desk.theory()
    waits = theory.waits
    if desk.patience is None and desk.sd is None:
        waits = erlang_c_waits(desk.rate, 5.0, desk.servers)
    lines = [("waits", "share that waits", waits, "share"), ("wait", "mean wait", theory.wait, "minutes")]
    if theory.gone > 0:
        lines.append(("gone", "share that gives up", theory.gone, "share"))
    for name, title, expected, unit in lines:
        yield _line(
            f"desk-{desk.name}-{name}", f"{desk.title}: {title}", expected, found[name], unit, desk.source, quick
        )


def _learning(quick: bool) -> Iterator[Check]:
    found = replicate_learning(4 if quick else 12, customers=400 if quick else 2000)
    drift, seen = PARAMETER["uncertainty_drift"].value, PARAMETER["seen_variance"].value
    variance = (drift + (drift**2 + 4 * drift * seen) ** 0.5) / 2  # where v = v (1 - v / (v + seen)) + drift
    yield _line("learning-uncertainty", "Fixed point of the uncertainty of predictions", variance,
                found["uncertainty"], "level squared", "Kalman 1960, steady state [D]", quick)  # fmt: skip
    yield _line("learning-predicted", "Predictions settle where the steady quality is", QUALITY, found["predicted"],
                "level", "the weights of what is perceived add up to 1 [D]", quick)  # fmt: skip
    mean, sd = CARRIER
    log_sd = math.log(1.0 + (sd / mean) ** 2) ** 0.5
    z = (math.log((PROMISED - HANDLING) / mean) + log_sd**2 / 2) / log_sd
    kept = 0.5 * (1.0 + math.erf(z / 2**0.5))
    yield _line("learning-trust", "Trust settles at the share of promises kept", kept, found["trust"], "share",
                "mean of an exponentially weighted average; lognormal delivery [D]", quick)  # fmt: skip


def _line(id_: str, title: str, expected: float, values: Array, unit: str, source: str, quick: bool) -> Check:
    """Theory's figure beside the mean of replications; the band is their 99.9 % interval, laid around theory."""
    half = float(stdtrit(len(values) - 1, 0.9995)) * float(values.std(ddof=1)) / len(values) ** 0.5
    half = max(half, _ROUNDING * abs(expected))
    widest = (3.0 if quick else 1.0) * _WIDEST * abs(expected)
    note = f"{len(values)} replications"
    if half > widest:
        half, note = widest, note + f"; their interval is wider than the band, which ends at {widest:.3g}"
    return Check(id_, "theory", title, expected, float(values.mean()), expected - half, expected + half, unit, True,
                 source, note)  # fmt: skip
