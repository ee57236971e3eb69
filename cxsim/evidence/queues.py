"""Exact results for queues in their steady state; times in minutes, rates per minute."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Steady:
    """What a queue does in the long run.

    Attributes:
        waits: share of arrivals that wait.
        wait: mean wait of all arrivals.
        gone: share of arrivals that give up.
        queue: mean number waiting.
    """

    waits: float
    wait: float
    gone: float
    queue: float


def erlang_a(rate: float, service: float, servers: int, patience: float = np.inf) -> Steady:
    """M/M/c+M by its balance equations (Palm 1957; Garnett, Mandelbaum and Reiman 2002).

    Without `patience` it is M/M/c (Erlang C), and with one server besides M/M/1.
    """
    most = servers + 4000
    number = np.arange(1, most + 1)
    leaving = np.minimum(number, servers) / service + np.maximum(number - servers, 0) / patience
    log_weights = np.concatenate([[0.0], np.cumsum(np.log(rate / leaving))])
    shares = np.exp(log_weights - log_weights.max())
    shares /= shares.sum()
    queue = float(np.sum(shares * np.maximum(np.arange(most + 1) - servers, 0)))
    return Steady(float(shares[servers:].sum()), queue / rate, queue / patience / rate, queue)


def erlang_c_waits(rate: float, service: float, servers: int) -> float:
    """Share that waits in M/M/c, by Erlang's own formula."""
    load = rate * service
    term, total = 1.0, 1.0
    for number in range(1, servers):
        term *= load / number
        total += term
    last = term * load / servers * servers / (servers - load)
    return last / (total + last)


def pollaczek_khinchine(rate: float, mean: float, sd: float) -> Steady:
    """M/G/1 (Pollaczek 1930, Khinchine 1932)."""
    load = rate * mean
    wait = rate * (mean**2 + sd**2) / (2 * (1 - load))
    return Steady(load, wait, 0.0, rate * wait)
