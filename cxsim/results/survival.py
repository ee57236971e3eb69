"""Shares of people to whom something happens, when some leave the study first."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def share_with_event(durations: Array, happened: Array) -> float:
    """Share with the event by the end of the study (Kaplan and Meier 1958).

    Args:
        durations: (n,) time from the start of risk to the event or to leaving the study; infinite for those who are
            still there, without the event, at the study's end.
        happened: (n,) whether the event ended it.

    Returns:
        Share 0..1; nan without anybody at risk. Those who leave the study early without the event count as at risk
        until then, and as like the others afterwards.
    """
    if len(durations) == 0:
        return float("nan")
    order = np.argsort(durations, kind="stable")
    times, events = durations[order], happened[order]
    instants, first = np.unique(times[np.isfinite(times)], return_index=True)
    surviving = 1.0
    bounds = [*first.tolist(), int(np.isfinite(times).sum())]
    for place in range(len(instants)):
        at_risk = len(times) - bounds[place]
        deaths = int(events[bounds[place] : bounds[place + 1]].sum())
        surviving *= 1.0 - deaths / at_risk
    return 1.0 - surviving
