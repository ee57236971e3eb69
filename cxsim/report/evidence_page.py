"""All evidence as one page: what was observed, what the model gives, the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from cxsim.evidence.checks import Check
from cxsim.evidence.reading import READING
from cxsim.evidence.validate import failures
from cxsim.evidence.words import figure, verdict
from cxsim.report.frame import document, made_with, table, words
from cxsim.results.result import current_versions

_GROUPS = {
    "theory": "Theory: the engine against exact results",
    "published": "Published figures: what surveys found",
    "data": "Data: what records show",
    "claims": "Claims: what the model is asked to show",
}


def evidence_page(lines: Sequence[Check], quick: bool) -> str:
    """A table per group, with sources and notes.

    Args:
        lines: the evidence.
        quick: whether runs were small.
    """
    held, failed = sum(line.holds for line in lines), failures(lines)
    finding = f"{held} of {len(lines)} lines hold; {len(failed)} that have to do not"
    hint = " Runs were small, so verdicts are hints." if quick else ""
    parts = [
        f"<header><h1>Evidence</h1><p class='finding'>{words(finding)}.</p><p>A line holds if the simulated figure "
        f"lies in its band. Strict lines have to hold; of the others a miss is told, no more.{hint}</p></header>"
    ]
    for group, title in _GROUPS.items():
        found = [line for line in lines if line.group == group]
        if not found:
            continue
        rows = [
            [line.title, figure(line.observed, line), figure(line.simulated, line),
             f"{figure(line.low, line)} to {figure(line.high, line)}", verdict(line), "yes" if line.strict else "no",
             line.source, line.note]
            for line in found
        ]  # fmt: skip
        head = ["What is compared", "Observed", "Simulated", "Holds between", "Verdict", "Strict", "Source", "Note"]
        intro = f"<p class='quiet'>{escape(READING)}</p>" if group == "published" else ""
        parts.append(
            f"<section class='tables'><h2>{escape(title)}</h2>{intro}{table(head, rows, (0, 4, 5, 6, 7))}</section>"
        )
    return document("Evidence", [*parts, made_with(current_versions())])
