"""The stage: single customers on their journeys, day by day, in one world or in two; click one to read its story.

What happened to the followed customers is sent to the browser once and drawn there; the server keeps no clock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import solara

from cxsim.charts.journey_map import LANES, places
from cxsim.charts.look import MOODS, Theme, faded, palette
from cxsim.results.result import Result
from cxsim.results.stories import Pick, Story, picks, story
from cxsim.results.tracks import MOMENTS, SECONDS_PER_DAY, Tracks, first_replication, followed_customers, tracks_of
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.itinerary import stop_names
from cxsim.scenario.schema import Scenario
from cxsim.ui.widgets import StagePanel

SPEEDS = {"2 minutes": 2 / 1440, "10 minutes": 10 / 1440, "an hour": 1 / 24, "6 hours": 0.25, "a day": 1.0,
          "3 days": 3.0, "a week": 7.0}  # fmt: skip
"""Speeds: days of the world in a second, by name."""
_LISTS = ("numbers", "stay_first", "stay_begin", "mood_first", "mood_begin", "parcel_first", "parcel_ordered",
          "parcel_promised", "parcel_end", "moment_first", "moment_at", "stay_state", "stay_stop", "stay_met",
          "stay_legs", "mood", "parcel_stop", "moment", "moment_stop")  # fmt: skip
"""Lists of `Tracks` that are sent."""
_GOOD, _BAD = frozenset({"wow", "settled", "comes_back"}), frozenset({"poor", "failure", "overdue", "gave_up"})
_WORST = frozenset({"blow_up", "leaves", "complains"})
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def stage_data(worlds: Mapping[str, Result], customers: Sequence[int] | None = None) -> dict[str, Any]:
    """What the stage shows, computed once (about a second for 1,000 customers and a year).

    The same followed customers are shown in every world; common luck makes them twins. Plain data that can be pickled.

    Args:
        worlds: one or two results by the name they are shown under, the baseline first; `comparison.results` fits.
            Each was run with followed customers (`record.encounters`) and with its customers kept (`record.customers`).
        customers: numbers of those shown; all that are followed in every world if left out.

    Raises:
        ScenarioError: no or more than two worlds, or nobody was followed.
    """
    if not 1 <= len(worlds) <= 2:
        raise ScenarioError([Problem("", f"read {len(worlds)} worlds; the stage shows one or two")])
    shown = _shown(worlds, customers)
    told, pieces, offset = [], [], 0
    for name, result in worlds.items():
        tracks = tracks_of(result, shown)
        lists = {}
        for key in _LISTS:
            values: np.ndarray[Any, Any] = getattr(tracks, key)
            piece = np.ascontiguousarray(values).tobytes()
            lists[key] = [values.dtype.str[1:], offset, len(values)]
            padding = -len(piece) % 4
            pieces.append(piece + b"\0" * padding)
            offset += len(piece) + padding
        told.append({"name": name, "lists": lists, **_map(result.scenario, tracks)})
    buffer = b"".join(pieces)
    base = next(iter(worlds.values())).scenario
    everybody = [first_replication(result.customers)["customer"] for result in worlds.values()]
    ever = max(len(numbers) for numbers in everybody)
    is_all = all(len(numbers) == len(followed_customers(result))
                 for numbers, result in zip(everybody, worlds.values(), strict=True))  # fmt: skip
    few = "" if is_all else f"{len(shown):,} of {ever:,} customers are shown; queues hold those alone. "
    plain = {
        "bytes": len(buffer),
        "key": hashlib.sha256(buffer).hexdigest()[:16],
        "seconds": max(round(result.scenario.horizon * SECONDS_PER_DAY) for result in worlds.values()),
        "weekday": (_WEEKDAYS.index(base.start_weekday) + int(base.warm_up)) % 7,
        "worlds": told,
        "note": few + _moods_told(base),
        "picks": [_pick_told(one) for one in picks(worlds, shown)],
    }
    return {"plain": plain, "tracks": buffer}


def _shown(worlds: Mapping[str, Result], customers: Sequence[int] | None) -> list[int]:
    """Customers that every world follows, and who were not gone from all of them before day 0."""
    followed = [set(followed_customers(result).tolist()) for result in worlds.values()]
    gone = [_gone_before(result) for result in worlds.values()]
    found = {number for number in followed[0] if all(number in some for some in followed)
             and not all(number in some for some in gone)}  # fmt: skip
    kept = found if customers is None else found & set(customers)
    if not kept or any("event" not in first_replication(result.encounters) for result in worlds.values()):
        raise ScenarioError([Problem("record.encounters", "nobody was followed, so there is nobody to show")])
    return sorted(kept)


def _gone_before(result: Result) -> set[int]:
    customers = first_replication(result.customers)
    gone = customers["left_at"] < result.scenario.warm_up
    return set(customers.loc[gone, "customer"].tolist())


def _map(scenario: Scenario, tracks: Tracks) -> dict[str, Any]:
    """Stops, and the ways between them."""
    at, labels, order = places(scenario), stop_names(scenario), {name: k for k, name in enumerate(tracks.stops)}
    stops = [{"name": name, "label": labels[name], "kind": scenario.touchpoints[name].kind, "x": at[name][0],
              "lane": at[name][1]} for name in tracks.stops]  # fmt: skip
    flows: list[list[Any]] = []
    for name, stop in scenario.touchpoints.items():
        flows += [[order[name], order[after], share, False] for after, share in stop.next.items() if after in order]
        target = (stop.failure.contact if stop.failure else None) or getattr(stop, "overdue_contact", None)
        if target in order and target != name:
            flows.append([order[name], order[str(target)], 0.0, True])
    parcels = [labels[name] for name, stop in scenario.touchpoints.items() if stop.kind == "delivery"]
    lanes = sorted(LANES, key=lambda lane: LANES[lane])
    return {"stops": stops, "flows": flows, "lanes": lanes,
            "parcelNames": " and ".join(parcels)}  # fmt: skip


def _moods_told(scenario: Scenario) -> str:
    p = scenario.parameters()
    return (
        f"Mood: edgy, agitated and angry from {100 * p['edgy_from']:.0f}, {100 * p['agitated_from']:.0f} and "
        f"{100 * p['angry_from']:.0f} % of the own tolerance of irritation used up (in a queue: of the patience). "
        "Under desks: the longest wait of the day. Gone, hollow: not after a poor journey."
    )


def _pick_told(pick: Pick) -> dict[str, Any]:
    return {"key": pick.key, "label": pick.label, "customer": pick.customer, "world": pick.world}


def _looks(plain: dict[str, Any], theme: Theme, is_large: bool, first_day: float, days_per_second: float) -> str:
    """What the browser is told beside the lists."""
    colours = palette(theme)
    rings = {**dict.fromkeys(_GOOD, colours.above), **dict.fromkeys(_BAD, colours.below),
             **dict.fromkeys(_WORST, MOODS["angry"])}  # fmt: skip
    names = list(SPEEDS)
    speed = min(range(len(names)), key=lambda place: abs(np.log(SPEEDS[names[place]] / max(days_per_second, 1e-6))))
    look = {
        "paper": colours.paper, "ink": colours.ink, "quiet": colours.quiet, "line": colours.line,
        "accent": colours.accent, "way": faded(colours.baseline, 0.35), "contact": faded(colours.below, 0.6),
        "wash": faded(colours.within, 0.10), "seat": faded(colours.baseline, 0.35), "edge": faded(colours.ink, 0.55),
        "moods": list(MOODS.values()), "rings": [rings.get(name, "") for name in MOMENTS],
    }  # fmt: skip
    legend = [
        {"colour": colours.above, "label": "a surprise, or a matter settled"},
        {"colour": colours.below, "label": "something went wrong"},
        {"colour": MOODS["angry"], "label": "complains, blows up or leaves"},
    ]
    return json.dumps({
        **plain, "look": look, "rings": legend, "moods": list(MOODS), "large": is_large, "first": first_day,
        "speed": speed, "speeds": [{"label": label, "days": days} for label, days in SPEEDS.items()],
        "about": "Every dot is one customer; squares wait for what they ordered.",
    })  # fmt: skip


def _story_told(one: Story) -> dict[str, Any]:
    return {"title": one.title, "why": one.why, "opening": one.opening, "closing": one.closing,
            "lines": [[line.day, line.date, line.sentence, line.tone] for line in one.lines]}  # fmt: skip


def _stories_told(worlds: Mapping[str, Result], customer: int | None, world: str) -> str:
    """Stories of a customer in every world, that in which it was picked first."""
    if customer is None:
        return ""
    ordered = sorted(worlds, key=lambda name: name != world)
    told = [_story_told(story(worlds[name], customer, world=name if len(worlds) > 1 else "")) for name in ordered]
    return json.dumps({"customer": customer, "stories": told})


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
    given = [data, *worlds, *worlds.values()]
    shown = solara.use_memo(lambda: data if data is not None else stage_data(worlds), given)
    chosen, choose = solara.use_state((picked, next(iter(worlds))))
    solara.use_effect(lambda: choose((picked, chosen[1])), [picked])

    def told(text: str) -> None:
        message = json.loads(text or "{}")
        if message.get("do") == "ended" and on_ended is not None:
            on_ended()
        elif message.get("do") == "pick":
            customer, world = message.get("customer"), str(message.get("world"))
            known = set(followed_customers(next(iter(worlds.values()))).tolist())
            if customer is not None and (customer not in known or world not in worlds):
                return
            choose((customer, world))
            if customer is not None and on_picked is not None:
                on_picked(customer, world)

    look = solara.use_memo(
        lambda: _looks(shown["plain"], theme, is_large, first_day, days_per_second),
        [shown["plain"]["key"], theme, is_large, first_day, days_per_second],
    )
    text = solara.use_memo(lambda: _stories_told(worlds, *chosen), [*chosen, *given])
    return StagePanel.element(
        data=look, tracks=shown["tracks"], story=text, on_asked=told,
        orders=json.dumps({"playing": is_playing, "picked": picked}),
    )  # fmt: skip
