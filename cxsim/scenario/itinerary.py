"""The journey in order: which stop comes when, which phase it belongs to, and what it is called."""

from __future__ import annotations

from cxsim.scenario.schema import Scenario

PHASES = ("hearing of it", "choosing and ordering", "being served", "receiving", "using", "paying", "afterwards",
          "getting help")  # fmt: skip
"""Phases of a journey, in order."""
_BY_KIND = {"message": "hearing of it", "delivery": "receiving", "use": "using", "billing": "paying"}


def stop_names(scenario: Scenario) -> dict[str, str]:
    """Plain names of the touchpoints, in the scenario's order."""
    return {name: stop.label or name.replace("_", " ") for name, stop in scenario.touchpoints.items()}


def persona_names(scenario: Scenario) -> dict[str, str]:
    """Plain names of the personas, in the scenario's order."""
    return {name: persona.label or name.replace("_", " ") for name, persona in scenario.personas.items()}


def on_the_way(scenario: Scenario) -> set[str]:
    """Touchpoints that a journey comes to by itself; the others are met only after something went wrong."""
    found, waiting = {scenario.journey.start}, [scenario.journey.start]
    while waiting:
        for after in scenario.touchpoints[waiting.pop()].next:
            if after in scenario.touchpoints and after not in found:
                found.add(after)
                waiting.append(after)
    return found


def journey_order(scenario: Scenario) -> list[str]:
    """Touchpoints as a journey meets them: by steps from its start; those met only after a failure last."""
    stops = scenario.touchpoints
    depth = {scenario.journey.start: 0}
    waiting = [scenario.journey.start]
    while waiting:
        here = waiting.pop(0)
        for after in stops[here].next:
            if after in stops and after not in depth:
                depth[after] = depth[here] + 1
                waiting.append(after)
    longest = dict(depth)
    for _ in stops:  # the longest way to each stop, so that a shortcut does not move a stop forward; loops end here
        for here, far in list(longest.items()):
            for after in stops[here].next:
                if after in longest and after != here and far + 1 <= len(stops) and depth[after] > depth[here]:
                    longest[after] = max(longest[after], far + 1)
    return sorted(stops, key=lambda name: (longest.get(name, len(stops) + 1), list(stops).index(name)))


def phases(scenario: Scenario) -> dict[str, str]:
    """Phase of every touchpoint, in the order of the journey.

    Messages, deliveries, use and bills speak for themselves. A desk or a self-service is where customers choose and
    order if it comes before what they came for, part of receiving if that is still to be used, and what follows
    afterwards; where it is itself what they came for, they are being served. A stop that no journey comes to by itself
    is where they get help.
    """
    way, order = on_the_way(scenario), journey_order(scenario)
    met = [name for name in order if name in way]
    came_for = [
        place for place, name in enumerate(met)
        if scenario.touchpoints[name].kind in ("delivery", "use") or name in scenario.journey.goal
    ]  # fmt: skip
    first = came_for[0] if came_for else len(met)
    uses = [place for place, name in enumerate(met) if scenario.touchpoints[name].kind == "use"]
    found = {}
    for name in order:
        kind = scenario.touchpoints[name].kind
        if kind in _BY_KIND:
            found[name] = _BY_KIND[kind]
        elif name not in way:
            found[name] = "getting help"
        elif name in scenario.journey.goal:
            found[name] = "being served"
        elif met.index(name) < first:
            found[name] = "choosing and ordering"
        else:
            found[name] = "receiving" if uses and met.index(name) < uses[-1] else "afterwards"
    return found
