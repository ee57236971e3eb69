"""The report of claims: what was asked, what came out, and why, one after the other."""

from __future__ import annotations

from html import escape

from cxsim.charts.claims import claim_chart
from cxsim.evidence.claims.judging import Judged
from cxsim.evidence.claims.registry import THEMES
from cxsim.evidence.claims.saved import ClaimStudy
from cxsim.evidence.claims.wording import counted, effect_words, robust_words, without_words
from cxsim.report.frame import chart, document, made_with, table, words
from cxsim.results.result import current_versions

TITLE = "Claims, put to the model"


def claims_page(study: ClaimStudy) -> str:
    """The whole report of judged claims."""
    parts = [_heading(study), _overview(study)]
    for theme, claims in THEMES.items():
        ids = {claim.id for claim in claims}
        found = [judged for judged in study.judged if judged.claim.id in ids]
        if found:
            parts.append(f"<section><h2>{escape(theme)}</h2>" + "".join(_claim(one, study) for one in found)
                         + "</section>")  # fmt: skip
    return document(TITLE, [*parts, made_with(current_versions())])


def _heading(study: ClaimStudy) -> str:
    return (
        f"<header><h1>{TITLE}</h1><p class='finding'>{words(counted(study.judged))}</p>"
        "<p>Every claim is an experiment: worlds that differ in one thing, lived with the same luck, and an effect "
        "with its 95 % interval. Where a claim rests on a mechanism that can be switched off, it was lived without it "
        f"too. Seed {study.seed}; run it again: <code>cxsim claims</code>.</p></header>"
    )


def _overview(study: ClaimStudy) -> str:
    rows = []
    for judged in study.judged:
        main = judged.parts[0] if judged.parts else None
        robust = study.robustness.get(judged.claim.id)
        rows.append((
            judged.claim.id, judged.verdict, effect_words(main.effect, main.part.unit) if main else "",
            {True: "fails", False: "holds", None: ""}[judged.fails_without],
            "" if robust is None else f"{100 * robust.share:.0f} %",
        ))  # fmt: skip
    head = ("claim", "verdict", "effect (95 % interval)", "without its mechanism", "robust")
    return f"<section><h2>All at a glance</h2>{table(head, rows, left=(0, 1, 2, 3))}</section>"


def _claim(judged: Judged, study: ClaimStudy) -> str:
    claim = judged.claim
    sentences = [without_words(judged), robust_words(study.robustness.get(claim.id))]
    finding = f"<p><strong>Why:</strong> {words(claim.finding)}</p>" if claim.finding else ""
    reported = judged.reported()
    numbers = "".join(f"<li>{words(entry['label'])}: {entry['value']:.3g} {words(entry['unit'])}</li>"
                      for entry in reported if entry["value"] is not None)  # fmt: skip
    return (
        f"<h3 id='claim-{claim.id}'>{escape(claim.id)}</h3><p>{words(claim.claim)}</p><p>{words(claim.question)}</p>"
        f"<div class='charts'>{chart(claim.id, claim_chart(judged), is_wide=True)}</div>{finding}"
        f"<p>{words(' '.join(sentence for sentence in sentences if sentence))}</p>"
        + (f"<ul>{numbers}</ul>" if numbers else "")
        + f"<details><summary>How it was tried</summary><p>{words(claim.design)}</p>"
        f"<p>Source of the claim: {words(claim.source)}.</p></details>"
    )
