"""Claims as lines of evidence, for `cxsim validate`."""

from __future__ import annotations

from collections.abc import Iterator

from cxsim.evidence.checks import Check
from cxsim.evidence.claims.judging import SEED, Judged, judge
from cxsim.evidence.claims.registry import CLAIMS, THEMES
from cxsim.evidence.claims.saved import recorded
from cxsim.evidence.claims.wording import effect_words


def claim_lines(*, quick: bool, seed: int | None = None, jobs: int | None = None) -> Iterator[Check]:
    """One line per claim, and one that tells whether the verdicts are those recorded.

    A claim's line counts its parts that hold; a miss is a finding, not a failure. Only a verdict that is no longer the
    recorded one is a failure, and that only on the recorded luck.

    Args:
        quick: one claim per theme instead of all.
        seed: where the luck starts; that of the recorded verdicts if left out.
        jobs: processes; all cores if left out.
    """
    chosen = [claims[0] for claims in THEMES.values()] if quick else list(CLAIMS.values())
    base = SEED if seed is None else seed
    judged = judge(chosen, seed=base, jobs=jobs, with_off=False)
    for one in judged:
        yield _line(one)
    yield _as_recorded(judged, base)


def _line(judged: Judged) -> Check:
    count = len(judged.claim.parts)
    holding = sum(found.verdict == "holds" for found in judged.parts)
    note = judged.reason or "; ".join(
        f"{found.part.label}: {effect_words(found.effect, found.part.unit)}, {found.verdict}" for found in judged.parts
    )
    if judged.claim.finding and judged.verdict != "holds":
        note = f"{note}. {judged.claim.finding}"
    return Check(
        id=f"claim-{judged.claim.id}", group="claims", title=judged.claim.claim, observed=None,
        simulated=float(holding) if judged.parts else None, low=float(count), high=float(count),
        unit="parts of the claim that hold", strict=False, source=judged.claim.source, note=note,
    )  # fmt: skip


def _as_recorded(judged: list[Judged], seed: int) -> Check:
    stored = recorded()["claims"]
    changed = [one for one in judged if one.verdict != stored.get(one.claim.id, {}).get("verdict")]
    told = "; ".join(
        f"{one.claim.id}: recorded '{stored.get(one.claim.id, {}).get('verdict', 'nothing')}', now '{one.verdict}'"
        for one in changed
    )
    return Check(
        id="claims-as-recorded", group="claims", title="Verdicts of the claims are those recorded",
        observed=float(len(judged)), simulated=float(len(judged) - len(changed)), low=float(len(judged)),
        high=float(len(judged)), unit="claims", strict=seed == SEED, source="cxsim/evidence/claims/recorded.json",
        note=told,
    )  # fmt: skip
