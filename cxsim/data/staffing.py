"""How many servers must have been there: the number with which a queue would have made people wait as long."""

from __future__ import annotations

import numpy as np


def erlang_a_wait(rate: float, service: float, servers: int, patience: float) -> float:
    """Mean wait of all arrivals in M/M/c+M by its balance equations (Palm 1957), in the unit of the times given.

    Args:
        rate: arrivals per unit of time.
        service: mean time of service.
        servers: servers.
        patience: mean patience.
    """
    most = servers + int(10 * rate * patience) + 200
    number = np.arange(1, most + 1)
    leaving = np.minimum(number, servers) / service + np.maximum(number - servers, 0) / patience
    log_weights = np.concatenate([[0.0], np.cumsum(np.log(rate / leaving))])
    shares = np.exp(log_weights - log_weights.max())
    queue = float(np.sum(shares * np.maximum(np.arange(most + 1) - servers, 0)) / shares.sum())
    return queue / rate


def servers_for_wait(rate: float, service: float, patience: float, wait: float, most: int = 5000) -> float:
    """Servers with which all arrivals would wait so long on average; a fraction means now one more, now one less.

    One at least: where even that makes people wait less, it is one.
    """
    low, high = 1, 2
    if erlang_a_wait(rate, service, 1, patience) <= wait:
        return 1.0
    while high < most and erlang_a_wait(rate, service, high, patience) > wait:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if erlang_a_wait(rate, service, middle, patience) > wait:
            low = middle
        else:
            high = middle
    longer, shorter = (erlang_a_wait(rate, service, servers, patience) for servers in (low, high))
    return low + (longer - wait) / (longer - shorter) if longer > shorter else float(high)
