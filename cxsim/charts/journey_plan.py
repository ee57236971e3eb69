"""The journey as it is written: touchpoints, branches with their shares, contacts after a failure, and desks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from cxsim.charts.journey_map import wrapped
from cxsim.charts.look import Theme, faded, figure, palette
from cxsim.scenario.itinerary import journey_order, on_the_way, stop_names
from cxsim.scenario.schema import Scenario
from cxsim.scenario.touchpoints import END, KINDS, Delivery, DeskVisit, Touchpoint

_NAMES = {"message": "message", "self_service": "self-service", "desk": "talk at a desk", "delivery": "delivery",
          "use": "use", "billing": "bill"}  # fmt: skip
_SYMBOLS = ("diamond", "circle", "square", "pentagon", "hexagon", "triangle-up")


@dataclass(frozen=True)
class _Spot:
    """Where something is drawn."""

    x: float
    y: float


def journey_plan(scenario: Scenario, theme: Theme = "light", chosen: str = "") -> go.Figure:
    """The journey's definition as a graph; nothing is simulated.

    Args:
        scenario: the definition.
        theme: light or dark.
        chosen: part that is marked, e.g. "touchpoints.order".
    """
    colours, labels = palette(theme), stop_names(scenario)
    spots = _spots(scenario)
    desks = _desk_spots(scenario, spots)
    met = on_the_way(scenario)  # who is only contacted goes back to where customers came from
    ways = [(name, after, share, "way") for name, stop in scenario.touchpoints.items()
            for after, share in stop.next.items() if after in spots and (name in met or after != END)]  # fmt: skip
    contacts = [
        (name, target, share, "contact") for name, stop in scenario.touchpoints.items()
        for target, share in _contacts(stop).items() if target in spots and target != name
    ]  # fmt: skip
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    arrows = _Arrows()
    for start, end, share, kind in [*ways, *contacts]:
        colour = colours.baseline if kind == "way" else colours.below
        curve = _curve(spots[start], spots[end], spots)
        line: dict[str, Any] = {"width": round(1 + 2 * min(share, 1.0), 1), "color": faded(colour, 0.75),
                "dash": "solid" if kind == "way" and share > 0 else "dot"}  # fmt: skip
        shapes.append({"type": "path", "path": _path(curve), "line": line, "layer": "below"})
        arrows.add(curve, colour)
        if kind == "way" and share < 1:
            at = _point(curve, 0.3)
            notes.append({"x": at.x, "y": at.y, "text": _percent(share), "showarrow": False, "borderpad": 1,
                          "bgcolor": colours.paper, "font": {"size": 11, "color": colours.quiet}})  # fmt: skip
    for name, stop in scenario.touchpoints.items():
        if isinstance(stop, DeskVisit) and stop.desk in desks:
            here, there = spots[name], desks[stop.desk]
            shapes.append({"type": "line", "x0": here.x, "y0": here.y, "x1": there.x, "y1": there.y, "layer": "below",
                           "line": {"width": 1, "color": faded(colours.baseline, 0.6), "dash": "dash"}})  # fmt: skip
    traces = [arrows.trace(), *_stops(scenario, spots, labels, theme, chosen), *_desks(scenario, desks, theme, chosen)]
    names = [*((spots[name], wrapped(label)) for name, label in labels.items()),
             *((spot, _desk_note(scenario, name)) for name, spot in desks.items())]  # fmt: skip
    small = 11 if len(spots) <= 12 else 9
    notes += [{"x": spot.x, "y": spot.y, "text": text, "showarrow": False, "yanchor": "top", "yshift": -13,
               "font": {"size": small}} for spot, text in names]  # fmt: skip
    if END in spots:
        notes.append({"x": spots[END].x, "y": spots[END].y, "text": "end", "showarrow": False, "borderpad": 3,
                      "bordercolor": colours.line, "bgcolor": colours.paper,
                      "font": {"size": 11, "color": colours.quiet}})  # fmt: skip
    across = [spot.x for spot in [*spots.values(), *desks.values()]]
    heights = [spot.y for spot in [*spots.values(), *desks.values()]]
    about = (
        "Click a touchpoint or a desk to edit it. Shares: who goes where; no figure means everybody. Dotted orange: "
        "contacts and ways after a failure. Dashed: the desk whose queue is joined."
    )
    return figure(
        traces, _finding(scenario), about, theme, round(140 + 62 * (max(heights) - min(heights))), shapes=shapes,
        annotations=notes, hovermode="closest", showlegend=True,
        xaxis={"visible": False, "range": [min(across) - 0.5, max(across) + 0.5]},
        yaxis={"visible": False, "range": [min(heights) - 0.75, max(heights) + 0.45]},
    )  # fmt: skip


def _finding(scenario: Scenario) -> str:
    stops, desks = len(scenario.touchpoints), len(scenario.desks)
    branches = sum(len([share for share in stop.next.values() if share > 0]) > 1
                   for stop in scenario.touchpoints.values())  # fmt: skip
    parts = [f"{stops} touchpoint{'s' * (stops != 1)}", f"{branches} branch{'es' * (branches != 1)}",
             f"{desks} desk{'s' * (desks != 1)}"]  # fmt: skip
    return f"The journey has {parts[0]}, {parts[1]} and {parts[2]}"


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _contacts(stop: Touchpoint) -> dict[str, float]:
    """Where a touchpoint sends people beside its ways, with the chance: contacts, and the way of a failure."""
    found: dict[str, float] = {}
    if stop.failure is not None and stop.failure.contact is not None:
        found[stop.failure.contact] = stop.failure.probability * stop.failure.contact_probability
    if stop.failure is not None and stop.failure.next is not None:
        found[stop.failure.next] = stop.failure.probability
    if isinstance(stop, Delivery) and stop.overdue_contact is not None:
        found[stop.overdue_contact] = stop.overdue_contact_probability
    if stop.technology is not None and stop.technology.contact is not None:
        found[stop.technology.contact] = stop.technology.stuck_probability
    return found


def _spots(scenario: Scenario) -> dict[str, _Spot]:
    """Touchpoints from left to right; the likeliest way straight on, branches beside it, mere contacts below."""
    stops, way = scenario.touchpoints, on_the_way(scenario)
    order = [name for name in journey_order(scenario) if name in way]
    across = dict.fromkeys(order, 0.0)
    for place, name in enumerate(order):
        for after in stops[name].next:
            if after in order[place + 1 :]:
                across[after] = max(across[after], across[name] + 1)
    main, here = [], scenario.journey.start
    while here in across and here not in main:
        main.append(here)
        here = max(stops[here].next, key=lambda after: stops[here].next[after], default=END)
    spots: dict[str, _Spot] = {name: _Spot(across[name], 0.0) for name in main}
    taken = set(spots.values())
    for name in order:
        row = 1
        while name not in spots and (spot := _Spot(across[name], float(row))) in taken:
            row = -row if row > 0 else 1 - row
        if name not in spots:
            spots[name] = spot
            taken.add(spot)
    last = max(across.values(), default=0.0)
    if any(END in stops[name].next for name in order):
        spots[END] = _Spot(last + 1, 0.0)
    lowest = min((spot.y for spot in spots.values()), default=0.0) - 1
    for name in stops:
        if name not in spots:
            callers = [spots[other].x for other, stop in stops.items() if name in _contacts(stop) and other in spots]
            wanted = round(sum(callers) / len(callers)) if callers else 0
            while _Spot(float(wanted), lowest) in taken:
                wanted += 1
            spots[name] = _Spot(float(wanted), lowest)
            taken.add(spots[name])
    return spots


def _desk_spots(scenario: Scenario, spots: dict[str, _Spot]) -> dict[str, _Spot]:
    lowest = min((spot.y for spot in spots.values()), default=0.0)
    lowest -= lowest >= 0  # in the row of those who are only contacted, if there is one
    found: dict[str, _Spot] = {}
    taken = [spot.x for spot in spots.values() if spot.y == lowest]
    for name in scenario.desks:
        users = [spots[stop].x for stop, one in scenario.touchpoints.items()
                 if isinstance(one, DeskVisit) and one.desk == name]  # fmt: skip
        x = sum(users) / len(users) if users else 0.0
        while any(abs(other - x) < 0.9 for other in taken):
            x -= 0.5
        taken.append(x)
        found[name] = _Spot(x, lowest)
    return found


def _stops(
    scenario: Scenario, spots: dict[str, _Spot], labels: dict[str, str], theme: Theme, chosen: str
) -> list[dict[str, Any]]:
    colours, traces = palette(theme), []
    for place, kind in enumerate(KINDS):
        names = [name for name, stop in scenario.touchpoints.items() if stop.kind == kind]
        if names:
            marked = [f"touchpoints.{name}" == chosen for name in names]
            traces.append(
                {"type": "scatter", "mode": "markers", "name": _NAMES[kind], "x": [spots[name].x for name in names],
                 "y": [spots[name].y for name in names], "cliponaxis": False,
                 "customdata": [[f"touchpoints.{name}", labels[name]] for name in names],
                 "marker": {"symbol": _SYMBOLS[place], "size": [26 if mark else 20 for mark in marked], "opacity": 1,
                            "color": colours.series[place],
                            "line": {"width": [4 if mark else 1 for mark in marked], "color": colours.ink}},
                 "hovertemplate": f"%{{customdata[1]}}: {_NAMES[kind]}<extra></extra>"}
            )  # fmt: skip
    return traces


def _desks(scenario: Scenario, spots: dict[str, _Spot], theme: Theme, chosen: str) -> list[dict[str, Any]]:
    if not spots:
        return []
    colours = palette(theme)
    marked = [f"desks.{name}" == chosen for name in spots]
    return [
        {"type": "scatter", "mode": "markers", "name": "desk with a queue", "x": [spot.x for spot in spots.values()],
         "y": [spot.y for spot in spots.values()], "cliponaxis": False,
         "customdata": [[f"desks.{name}", scenario.desks[name].label or name] for name in spots],
         "marker": {"symbol": "square-open", "size": [26 if mark else 20 for mark in marked], "color": colours.ink,
                    "line": {"width": [4 if mark else 2 for mark in marked], "color": colours.ink}},
         "hovertemplate": "%{customdata[1]}: desk with a queue<extra></extra>"}
    ]  # fmt: skip


def _desk_note(scenario: Scenario, name: str) -> str:
    desk = scenario.desks[name]
    servers = [desk.servers if shift.servers is None else shift.servers for shift in desk.shifts]
    numbers = [value for one in servers for value in (one if isinstance(one, list) else [one])]
    low, high = min(numbers, default=0.0), max(numbers, default=0.0)
    told = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    return f"{wrapped(desk.label or name.replace('_', ' '))}<br><i>{told} server{'s' * (told != '1')}</i>"


Curve = tuple[_Spot, _Spot, _Spot, _Spot]


def _curve(start: _Spot, end: _Spot, spots: dict[str, _Spot]) -> Curve:
    """A way; one that skips columns or leads back is bent around what stands between."""
    bend = (end.x - start.x) * 0.5
    lift = 0.0
    left, right = sorted((start.x, end.x))
    if start.y == end.y and any(spot.y == start.y and left < spot.x < right for spot in spots.values()):
        lift = 0.75 if end.x > start.x else -0.75
    elif end.x <= start.x and end.y != start.y:
        bend = 0.35 if end.x == start.x else bend
    return (start, _Spot(start.x + bend, start.y + lift), _Spot(end.x - bend, end.y + lift), end)


def _path(curve: Curve) -> str:
    first, second, third, last = curve
    return f"M {first.x},{first.y} C {second.x},{second.y} {third.x},{third.y} {last.x},{last.y}"


def _point(curve: Curve, share: float) -> _Spot:
    weights = ((1 - share) ** 3, 3 * share * (1 - share) ** 2, 3 * share**2 * (1 - share), share**3)
    return _Spot(
        sum(w * spot.x for w, spot in zip(weights, curve, strict=True)),
        sum(w * spot.y for w, spot in zip(weights, curve, strict=True)),
    )


class _Arrows:
    """Arrowheads half-way, each pointing from the point before it, which is not drawn."""

    def __init__(self) -> None:
        self.points: list[tuple[float, float, int, str]] = []

    def add(self, curve: Curve, colour: str) -> None:
        """An arrowhead on a way."""
        for share, size in ((0.52, 0), (0.58, 9)):
            at = _point(curve, share)
            self.points.append((at.x, at.y, size, colour))

    def trace(self) -> dict[str, Any]:
        """All of them."""
        return {
            "type": "scatter", "mode": "markers", "x": [one[0] for one in self.points], "hoverinfo": "skip",
            "y": [one[1] for one in self.points], "showlegend": False, "cliponaxis": False,
            "marker": {"symbol": "arrow", "angleref": "previous", "size": [one[2] for one in self.points],
                       "color": [one[3] for one in self.points], "opacity": 1, "line": {"width": 0}},
        }  # fmt: skip
