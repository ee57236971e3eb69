"""The journey as a map: touchpoints in lanes, flows between them, gaps in colour, desks with queue and moods."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from cxsim.charts.look import MOODS, Theme, by_gap, faded, figure, palette
from cxsim.charts.worlds import Found, stop_labels, summed, worlds
from cxsim.results.result import Result
from cxsim.scenario.itinerary import journey_order
from cxsim.scenario.schema import Scenario
from cxsim.scenario.touchpoints import DeskVisit
from cxsim.scenario.values import DIMENSIONS

LANES = dict(zip(DIMENSIONS, (2, 1, 0), strict=True))
"""Lanes by what counts most there, the topmost with the highest number."""
_WIDEST_FLOW, _LARGEST_STOP = 16.0, 40.0


@dataclass(frozen=True)
class _Stop:
    """A touchpoint on the map."""

    name: str
    x: float
    y: float
    encounters: float
    gap: float


def journey_map(found: Found, theme: Theme = "light") -> go.Figure:
    """Touchpoints in lanes people, product and process; widths are flows, colours are gaps."""
    shown, colours = worlds(found), palette(theme)
    world = shown.now
    stops, labels = _placed(world), stop_labels(world)
    desks = summed(world, "desks", "desk") if world.scenario.desks else {}
    largest = max((stop.encounters for stop in stops.values()), default=1.0) or 1.0
    across = max((stop.x for stop in stops.values()), default=0.0)
    shapes = [
        {"type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": y - 0.5, "y1": y + 0.5, "line": {"width": 0},
         "fillcolor": faded(colours.within, 0.10 if y == 1 else 0.0), "layer": "below"}
        for y in LANES.values()
    ]  # fmt: skip
    shapes += [*_flows(world, stops, largest, theme), *_moods(world, stops, desks, across)]
    text = []
    for stop in stops.values():
        note = wrapped(labels[stop.name])
        kind = world.scenario.touchpoints[stop.name]
        if isinstance(kind, DeskVisit) and desks.get(kind.desk, {}).get("arrivals"):
            told = desks[kind.desk]
            note += f"<br><i>wait {told['wait_minutes'] / told['arrivals']:.1f} min</i>"
        text.append(note)
    traces: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "markers", "x": [stop.x for stop in stops.values()], "showlegend": False,
         "y": [stop.y for stop in stops.values()], "cliponaxis": False,
         "marker": {"size": [_size(stop.encounters, largest) for stop in stops.values()], "opacity": 1,
                    "symbol": ["square" if _is_desk(world, name) else "circle" for name in stops],
                    "color": [by_gap(stop.gap, theme) for stop in stops.values()],
                    "line": {"width": 1.5, "color": colours.ink}},
         "customdata": [[labels[stop.name], round(stop.encounters / world.replications), round(stop.gap, 4)]
                        for stop in stops.values()],
         "hovertemplate": "%{customdata[0]}<br>%{customdata[1]:,} encounters per replication<br>gap "
                          "%{customdata[2]:+.3f} (experienced less expected)<extra></extra>"},
    ]  # fmt: skip
    notes = [
        {"x": stop.x, "y": stop.y, "text": note, "showarrow": False, "yanchor": "top", "font": {"size": 11},
         "yshift": -_size(stop.encounters, largest) / 2 - (11 if _is_desk(world, stop.name) else 3)}
        for stop, note in zip(stops.values(), text, strict=True)
    ]  # fmt: skip
    notes += [
        {"xref": "paper", "x": 0, "y": y + 0.47, "text": lane, "showarrow": False, "xanchor": "left", "yanchor": "top",
         "font": {"size": 12, "color": colours.quiet}}
        for lane, y in LANES.items()
    ]  # fmt: skip
    met = [stop for stop in stops.values() if stop.encounters > 0]
    finding = "Nobody is on the journey"
    if met:
        worst = min(met, key=lambda stop: stop.gap * stop.encounters)
        if worst.gap < 0:
            finding = f"Most of the gap between expected and experienced opens at {labels[worst.name]}"
        else:
            finding = "No touchpoint gives less than what was expected"
    about = (
        "Lanes: what counts most at each touchpoint. Width: how many go there; dotted: contacts after a failure. "
        "Colour: orange, less than expected; grey, as expected; blue, more. Squares: desks, with the moods of their "
        "queue (light blue calm, yellow edgy, orange agitated, red angry)."
    )
    return figure(
        traces, finding, about, theme, 380, shapes=shapes, annotations=notes, hovermode="closest",
        xaxis={"visible": False, "range": [-0.55, across + 0.55]}, yaxis={"visible": False, "range": [-0.55, 2.55]},
    )  # fmt: skip


def _is_desk(world: Result, name: str) -> bool:
    return isinstance(world.scenario.touchpoints[name], DeskVisit)


def _size(encounters: float, largest: float) -> float:
    return round(12 + (_LARGEST_STOP - 12) * math.sqrt(encounters / largest), 1)


def wrapped(label: str) -> str:
    """A name on at most two lines."""
    if len(label) <= 16 or " " not in label:
        return label
    words = label.split()
    middle = min(range(1, len(words)), key=lambda place: abs(2 * len(" ".join(words[:place])) - len(label)))
    return " ".join(words[:middle]) + "<br>" + " ".join(words[middle:])


def places(scenario: Scenario) -> dict[str, tuple[float, int]]:
    """Place of every touchpoint: across in the order of the journey, and the lane of what counts most there."""
    order = journey_order(scenario)
    taken: dict[int, float] = {}
    found: dict[str, tuple[float, int]] = {}
    for name in order:
        weights = scenario.touchpoints[name].weights.values_in_order()
        lane = LANES[DIMENSIONS[max(range(3), key=lambda place: weights[place])]]
        x = float(len(found)) if len(order) <= 12 else max(taken.get(lane, -1.0) + 1.0, len(found) * 0.6)
        taken[lane] = x
        found[name] = (x, lane)
    return found


def _placed(world: Result) -> dict[str, _Stop]:
    """Every touchpoint on the map, with its encounters and its gap."""
    sums, stops = summed(world, "touchpoints", "touchpoint"), {}
    for name, (x, lane) in places(world.scenario).items():
        count = sums.get(name, {}).get("encounters", 0.0)
        stops[name] = _Stop(name, x, float(lane), count, sums[name]["gap"] / count if count else 0.0)
    return stops


def _curve(start: _Stop, end: _Stop, lift: float) -> str:
    bend = (end.x - start.x) * 0.5
    return f"M {start.x},{start.y} C {start.x + bend},{start.y + lift} {end.x - bend},{end.y + lift} {end.x},{end.y}"


def _flows(world: Result, stops: dict[str, _Stop], largest: float, theme: Theme) -> list[dict[str, Any]]:
    """Lines between touchpoints, as wide as the flow; dotted where a failure sends people to a desk."""
    colours, shapes = palette(theme), []
    contacts = world.blame.groupby("origin")["contacts"].sum()
    for name, stop in world.scenario.touchpoints.items():
        for after, share in stop.next.items():
            if after in stops and share > 0 and stops[name].encounters > 0:
                width = max(_WIDEST_FLOW * stops[name].encounters * share / largest, 1.0)
                same_lane_far = stops[after].y == stops[name].y and abs(stops[after].x - stops[name].x) > 1
                shapes.append(
                    {"type": "path", "path": _curve(stops[name], stops[after], 0.42 if same_lane_far else 0.0),
                     "line": {"width": round(width, 1), "color": faded(colours.baseline, 0.35)}, "layer": "below"}
                )  # fmt: skip
        caused = float(contacts.get(name, 0.0))
        target = (stop.failure.contact if stop.failure else None) or getattr(stop, "overdue_contact", None)
        if caused > 0 and target in stops and target != name:
            width = min(max(_WIDEST_FLOW * caused / largest, 1.2), _WIDEST_FLOW)
            shapes.append(
                {"type": "path", "path": _curve(stops[name], stops[str(target)], 0.0), "layer": "below",
                 "line": {"width": round(width, 1), "color": faded(colours.below, 0.6), "dash": "dot"}}
            )  # fmt: skip
    return shapes


def _moods(
    world: Result, stops: dict[str, _Stop], desks: dict[str, dict[str, float]], across: float
) -> list[dict[str, Any]]:
    """A small bar of moods under every desk."""
    shapes = []
    wide = min(0.62, 0.07 * (across + 1) + 0.1)
    for name, stop in world.scenario.touchpoints.items():
        if not isinstance(stop, DeskVisit) or stops[name].encounters == 0:
            continue
        counts = desks.get(stop.desk, {})
        minutes = {mood: counts.get(f"{mood}_minutes", 0.0) for mood in MOODS}
        total = sum(minutes.values())
        left = stops[name].x - wide / 2
        below = -_size(stops[name].encounters, max(s.encounters for s in stops.values())) / 2
        for mood, colour in MOODS.items():
            right = left + (wide * minutes[mood] / total if total > 0 else 0)
            shapes.append(
                {"type": "rect", "x0": left, "x1": right, "ysizemode": "pixel", "yanchor": stops[name].y,
                 "y0": below - 4, "y1": below - 10, "fillcolor": colour, "line": {"width": 0}}
            )  # fmt: skip
            left = right
    return shapes
