"""Write the parts of the documentation that derive from the code: `python tools/write_reference.py [--check]`.

A page holds `<!-- table: NAME -->` ... `<!-- end -->`; what stands between is written from the registries of the code.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from cxsim.engine.columns import COLUMNS, REASON_LABELS
from cxsim.engine.past import MIND
from cxsim.evidence.claims.registry import CLAIMS, THEMES
from cxsim.evidence.claims.saved import recorded, recorded_robustness
from cxsim.evidence.claims.wording import effect_figures, effect_words
from cxsim.results.measures import MEASURES, Estimate
from cxsim.scenario.loading import default_factors
from cxsim.scenario.parameters import MECHANISMS, PARAMETERS

_DOCS = Path(__file__).parent.parent / "docs"
PAGES = (_DOCS / "odd.md", _DOCS / "how-to" / "claims.md")
_PART = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]) + "\n"


def state_variables() -> str:
    """What the model knows of every customer."""
    return _table(
        ("variable", "unit", "at the start", "meaning"),
        ((f"`{c.name}`", c.unit, "-" if c.default == float("inf") else f"{c.default:g}", c.meaning) for c in COLUMNS),
    )


def parameters() -> str:
    """Every parameter of the rules."""
    return _table(
        ("parameter", "value", "plausible range", "unit", "meaning", "source", "tag"),
        ((f"`{p.name}`", f"{p.value:g}", f"{p.low:g} to {p.high:g}", p.unit, p.meaning, p.source, p.tag)
         for p in PARAMETERS),
    )  # fmt: skip


def mechanisms() -> str:
    """Every mechanism with the parameter values that switch it off."""
    return _table(
        ("mechanism", "meaning", "off is"),
        (
            (f"`{m.name}`", m.meaning, ", ".join(f"`{key}` {value:g}" for key, value in m.off.items()))
            for m in MECHANISMS
        ),
    )


def measures() -> str:
    """Every measure with its formula."""
    return _table(
        ("measure", "label", "unit", "formula", "better"),
        ((f"`{m.name}`", m.label, m.unit, m.formula, m.better) for m in MEASURES),
    )


def factors() -> str:
    """The ten factors of the default set."""
    return _table(
        ("factor", "in plain words", "control", "moves", "desired", "adequate", "predicted", "source"),
        ((f"`{name}`", f["label"], f["control"], "yes" if f.get("moves") else "", f"{f.get('desired', 0):+g}",
          f"{f.get('adequate', 0):+g}", "yes" if f.get("predicted") else "", f["source"])
         for name, f in default_factors().items()),
    )  # fmt: skip


def reasons() -> str:
    """What a loss is put down to."""
    return _table(("reason", "in plain words"), ((f"`{name}`", label) for name, label in REASON_LABELS.items()))


def mind() -> str:
    """What an established customer takes over from the pilot world."""
    return ", ".join(f"`{name}`" for name in MIND) + "\n"


def _effect(part: dict[str, float]) -> Estimate:
    return Estimate(part["effect"], part["low"], part["high"], math.nan, 0)


def claims() -> str:
    """Every claim with its verdict as recorded."""
    stored, (robust, _) = recorded(), recorded_robustness()
    rows = []
    for theme, found in THEMES.items():
        for claim in found:
            entry = stored["claims"][claim.id]
            main = entry["parts"][0] if entry["parts"] else None
            rows.append((
                f"`{claim.id}`", theme, claim.claim, entry["verdict"],
                effect_figures(_effect(main), claim.parts[0].unit) if main else "", claim.parts[0].unit,
                {True: "fails", False: "holds", None: ""}[entry["fails_without"]],
                f"{100 * robust[claim.id].share:.0f} %" if claim.id in robust else "",
            ))  # fmt: skip
    head = (
        "claim",
        "theme",
        "in words",
        "verdict",
        "effect (95 % interval)",
        "unit",
        "without its mechanism",
        "robust",
    )
    return _table(head, rows)


def claims_that_do_not_hold() -> str:
    """What does not hold, or not in full, and why."""
    lines = []
    for name, entry in recorded()["claims"].items():
        if entry["verdict"] in ("holds", "not yet judged"):
            continue
        claim = CLAIMS[name]
        lines += [f"**`{name}` {entry['verdict']}.** {claim.claim} {claim.finding}", ""]
        lines += [f"- {part.label}: {effect_words(_effect(found), part.unit)}, {found['verdict']}"
                  for part, found in zip(claim.parts, entry["parts"], strict=True)]  # fmt: skip
        lines.append("")
    return "\n".join(lines)


def claims_robustness() -> str:
    """Where claims hold, over the ranges of the parameters."""
    robust, basis = recorded_robustness()
    rows = []
    for name, found in robust.items():
        clear = found.decider if found.decider is not None and found.decider.clear else None
        rows.append((
            f"`{name}`", f"{100 * found.share:.0f} % ({100 * found.low:.0f} to {100 * found.high:.0f} %)",
            ", ".join(f"{100 * part:.0f} %" for part in found.parts),
            "" if clear is None else f"`{clear.parameter}`: {clear.where_holds:.2g} where it holds, "
            f"{clear.where_not:.2g} where not",
        ))  # fmt: skip
    head = ("claim", "holds in (95 % interval)", "each part alone", "hangs most on")
    return f"{basis}.\n\n" + _table(head, rows)


TABLES: dict[str, Callable[[], str]] = {
    table.__name__: table
    for table in (
        state_variables, parameters, mechanisms, measures, factors, reasons, mind, claims, claims_that_do_not_hold,
        claims_robustness,
    )
}  # fmt: skip


def filled(page: str, tables: Mapping[str, Callable[[], str]] = TABLES) -> str:
    """The text of a page with every derived part as the code has it."""
    return _PART.sub(lambda found: found.group(1) + tables[found.group(2)]() + found.group(3), page)


def main() -> int:
    """Write the pages, or (--check) tell which are out of date."""
    stale = 0
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        if filled(text) == text:
            continue
        if "--check" in sys.argv:
            print(f"{path.name} is out of date: python tools/write_reference.py", file=sys.stderr)
            stale = 1
        else:
            path.write_text(filled(text), encoding="utf-8")
            print(f"{path.name} written")
    return stale


if __name__ == "__main__":
    sys.exit(main())
