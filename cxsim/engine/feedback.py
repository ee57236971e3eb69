"""A company that listens: which stop to mend next, and what mending changes."""

from __future__ import annotations

import numpy as np

from cxsim.engine.tables import Array, Records
from cxsim.engine.tally import T_DESIRED, T_PERCEIVED


def widest_gap(tables: Records, stop_sums: Array) -> int:
    """Stop where customers miss most: desired less perceived, summed over encounters, times the stop's importance.

    Args:
        tables: (1,) what the scenario says.
        stop_sums: (T, statistics) of the time since the last look.
    """
    missed = stop_sums[:, T_DESIRED] - stop_sums[:, T_PERCEIVED]
    return int(np.argmax(missed * tables[0].stops["importance"][: len(missed)]))


def mend(tables: Records, lacking: Array) -> None:
    """Lessen what every stop lacks: quality up to perfect, failures and stuck technology down to none.

    Args:
        tables: (1,) freshly built from the scenario; changed in place.
        lacking: (T,) share of the scenario's own shortcomings that is left at each stop, 1 where nothing was mended.
    """
    stops = tables[0].stops[: len(lacking)]
    stops["quality"] = 1.0 - lacking[:, None] * (1.0 - stops["quality"])
    stops["failure_probability"] *= lacking
    stops["stuck_probability"] *= lacking
