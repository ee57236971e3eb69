"""All claims, by theme. To add one: write it into its theme's file and name it in that file's `CLAIMS`."""

from __future__ import annotations

from collections.abc import Iterable

from cxsim.evidence.claims import company, delivery, expectations, market, relationship, waiting
from cxsim.evidence.claims.claim import Claim
from cxsim.scenario.errors import Problem, ScenarioError, nearest

THEMES: dict[str, tuple[Claim, ...]] = {
    "Deliveries": delivery.CLAIMS,
    "Waiting and the counter": waiting.CLAIMS,
    "Expectations": expectations.CLAIMS,
    "The relationship": relationship.CLAIMS,
    "The firm": company.CLAIMS,
    "The market": market.CLAIMS,
}
CLAIMS: dict[str, Claim] = {claim.id: claim for claims in THEMES.values() for claim in claims}


def chosen(names: Iterable[str]) -> list[Claim]:
    """Claims by id; all of them if none is named.

    Raises:
        ScenarioError: there is no such claim; every wrong name is told.
    """
    wanted = list(dict.fromkeys(names)) or list(CLAIMS)
    problems = []
    for name in wanted:
        if name not in CLAIMS:
            hint = nearest(name, CLAIMS)
            problems.append(Problem("", f"no such claim '{name}'" + (f"; {hint}" if hint else ""), "claims"))
    if problems:
        raise ScenarioError(problems)
    return [CLAIMS[name] for name in wanted]


def theme_of(claim: Claim) -> str:
    """Name of a claim's theme."""
    return next((theme for theme, claims in THEMES.items() if claim in claims), "Others")
