"""The stage: single customers on their journeys, day by day, in one world or in two; click one to read its story.

What happened to the followed customers is sent to the browser once and drawn there; the server keeps no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import solara

from cxsim.charts.look import Theme
from cxsim.results.result import Result


def stage_data(worlds: Mapping[str, Result], customers: Sequence[int] | None = None) -> dict[str, Any]:
    """What the stage shows, computed once (some tenths of a second for 1,000 customers and a year).

    The same followed customers are shown in every world; common luck makes them twins. Plain data that can be pickled.

    Args:
        worlds: one or two results by the name they are shown under, the baseline first; `comparison.results` fits.
            Each was run with followed customers (`record.encounters`) and with its customers kept (`record.customers`).
        customers: numbers of those shown; all that are followed in every world if left out.

    Raises:
        ScenarioError: no or more than two worlds, or nobody was followed.
    """
    raise NotImplementedError


@solara.component
def Stage(  # noqa: N802
    worlds: Mapping[str, Result],
    on_picked: Callable[[int, str], None] | None = None,
    picked: int | None = None,
    theme: Theme = "light",
    is_large: bool = False,
    first_day: float = 0.0,
    days_per_second: float = 1.0,
    is_playing: bool = False,
    on_ended: Callable[[], None] | None = None,
    data: dict[str, Any] | None = None,
) -> Any:
    """Customers on their journeys, with play, pause, speed, a day to choose, picks, and the story of whom one picks.

    Args:
        worlds: one or two results by name, as for `stage_data`.
        on_picked: takes the number of the customer that was picked and the name of the world it was picked in.
        picked: who is picked to begin with; changing it picks somebody else.
        theme: light or dark.
        is_large: type for the back row of a room.
        first_day: day after the warm-up on which it opens.
        days_per_second: speed to begin with; the nearest of `SPEEDS`.
        is_playing: whether it plays when it opens; changing it plays or pauses.
        on_ended: called when the last day has been shown.
        data: `stage_data(worlds)` if it was computed before, such as by a job.
    """
    raise NotImplementedError
