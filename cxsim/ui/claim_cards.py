"""What a claim's card tells: question, picture, effect, and how far to trust it, in words."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cxsim.charts.claims import MOST_WORLDS
from cxsim.evidence.claims.judging import Judged, PartFound
from cxsim.evidence.claims.registry import theme_of
from cxsim.evidence.claims.robustness import Robustness
from cxsim.evidence.claims.saved import ClaimStudy
from cxsim.evidence.claims.wording import effect_words, without_words
from cxsim.results.measures import Estimate, estimate

_ROWS = 6
"""Worlds with a line of their own; more of them share one."""


def card(judged: Judged, study: ClaimStudy, address: str) -> dict[str, Any]:
    """A claim as its card shows it.

    Args:
        judged: the claim as it came out.
        study: what it came out with, for its robustness.
        address: what opens it in an address, behind the world.
    """
    claim, main = judged.claim, judged.parts[0] if judged.parts else None
    return {
        "id": claim.id, "topic": theme_of(claim), "question": claim.question, "claim": claim.claim,
        "verdict": judged.verdict, "address": address,
        "effect": effect_words(main.effect, main.part.unit) if main else judged.reason,
        "measured": main.part.label if main else "",
        "notes": [robust_line(study.robustness.get(claim.id)), without_line(judged), f"Source: {claim.source}."],
        "picture": picture(judged),
    }  # fmt: skip


def robust_line(found: Robustness | None) -> str:
    """How robust a claim is, in a line."""
    if found is None:
        return "Robust? Not studied over draws of the parameters."
    return (
        f"Robust? It holds in {100 * found.share:.0f} % of {found.draws} draws of all parameters "
        f"({100 * found.low:.0f} to {100 * found.high:.0f} %)."
    )


def without_line(judged: Judged) -> str:
    """What happens without the mechanism, in a line."""
    if not judged.claim.without:
        return "It rests on no mechanism that could be switched off."
    if judged.fails_without is None:
        return f"Without its mechanism ({judged.claim.without_words}): nothing of it held with it either."
    return without_words(judged)


def picture(judged: Judged) -> dict[str, Any]:
    """The worlds of a claim on one line each, placed from 0 to 100; its parts, where there is a single world."""
    values = judged.values
    if values is None:
        return _of_parts(judged.parts, judged.reason)
    name = values.names[0]
    worlds = {world: estimate(values(world, name).tolist()) for world in values.variants}
    if len(worlds) == 1:
        return _of_parts(judged.parts, f"One world ({next(iter(worlds))})")
    low, high = _reach(list(worlds.values()))
    first = next(iter(worlds))
    dots = {world: _dot(found, low, high, world, world == first) for world, found in worlds.items()}
    if len(worlds) <= _ROWS:
        rows = [{"label": world, "dots": [dots[world]], "text": _short(found.mean)} for world, found in worlds.items()]
    else:
        means = [one.mean for one in worlds.values()]
        rows = [{"label": first, "dots": [dots[first]], "text": _short(worlds[first].mean)},
                {"label": f"{len(worlds) - 1} other worlds", "dots": [dots[one] for one in worlds if one != first],
                 "text": f"{_short(min(means))} to {_short(max(means))}"}]  # fmt: skip
    about = f"{name[0].upper()}{name[1:]} in each world" + ("" if len(worlds) > MOST_WORLDS else ", 95 % interval")
    return {"about": about, "told": f"{about}: " + ", ".join(f"{row['label']} {row['text']}" for row in rows),
            "rows": rows}  # fmt: skip


def _of_parts(parts: tuple[PartFound, ...], lead: str) -> dict[str, Any]:
    rows = []
    for found in parts:
        bounds = [end for end in (found.part.above, found.part.below) if math.isfinite(end)]
        low, high = _reach([found.effect], bounds)
        band = [_placed(max(found.part.above, low), low, high), _placed(min(found.part.below, high), low, high)]
        dot = _dot(found.effect, low, high, found.part.label, first=False)
        rows.append({"label": found.part.label, "dots": [dot], "band": band, "text": _short(found.effect.mean)})
    about = f"{lead[0].upper()}{lead[1:]}; shaded is where it must lie to hold"
    return {"about": about, "told": f"{about}: " + ", ".join(f"{row['label']} {row['text']}" for row in rows),
            "rows": rows}  # fmt: skip


def _reach(found: list[Estimate], more: list[float] | None = None) -> tuple[float, float]:
    """Ends of the scale, with some room on either side."""
    ends = [end for one in found for end in (one.mean, one.low, one.high) if math.isfinite(end)] + (more or [])
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    room = 0.08 * (high - low) or max(abs(high), 1.0) * 0.1
    return low - room, high + room


def _placed(value: float, low: float, high: float) -> float:
    return round(float(np.clip(100 * (value - low) / (high - low), 0, 100)), 2)


def _dot(found: Estimate, low: float, high: float, name: str, first: bool) -> dict[str, Any]:
    known = math.isfinite(found.low)
    return {"mean": _placed(found.mean, low, high), "low": _placed(found.low, low, high) if known else None,
            "high": _placed(found.high, low, high) if known else None, "first": first,
            "text": f"{name}: {effect_words(found)}"}  # fmt: skip


def _short(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
