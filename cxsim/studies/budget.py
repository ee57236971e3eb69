"""Budgets: what a setting of levers costs against today, and the nearest setting that the budget pays for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from cxsim.studies.levers import Lever, Value, tidy


def cost_of(setting: Mapping[str, Value], levers: Mapping[str, Lever], document: Mapping[str, Any]) -> float:
    """Cost of a setting: every lever's cost times how far it stands from today; savings count too."""
    return math.fsum(_parts(setting, levers, document).values())


def afford(
    setting: Mapping[str, Value], levers: Mapping[str, Lever], document: Mapping[str, Any], budget: float | None
) -> dict[str, Value]:
    """The setting, with what costs money drawn back toward today until the budget pays for it.

    All that costs is drawn back by the same share; what saves money stays. So every trial of a search is affordable,
    and none is spent on what cannot be had.
    """
    parts = _parts(setting, levers, document)
    spent = math.fsum(part for part in parts.values() if part > 0)
    saved = -math.fsum(part for part in parts.values() if part < 0)
    if budget is None or spent - saved <= budget:
        return dict(setting)
    share = max(budget + saved, 0.0) / spent
    drawn = dict(setting)
    for name, part in parts.items():
        if part > 0:
            today = float(levers[name].today(document) or 0.0)
            moved = share * (float(setting[name]) - today)
            drawn[name] = int(today + math.trunc(moved)) if levers[name].whole else tidy(today + moved)
    return drawn


def without_today(levers: Mapping[str, Lever], document: Mapping[str, Any]) -> list[str]:
    """Levers with a cost whose present place cannot be read, so that no change has a price."""
    return [
        name for name, lever in levers.items()
        if lever.cost and not (lever.is_number and isinstance(lever.today(document), (int, float)))
    ]  # fmt: skip


def _parts(setting: Mapping[str, Value], levers: Mapping[str, Lever], document: Mapping[str, Any]) -> dict[str, float]:
    parts = {}
    for name, lever in levers.items():
        today = lever.today(document)
        value = setting.get(name)
        if lever.cost and isinstance(value, (int, float)) and isinstance(today, (int, float)):
            parts[name] = lever.cost * (value - today)
    return parts
