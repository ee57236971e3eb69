"""Evidence as Markdown, from the recorded claims and the tables in the package."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import cxsim
from tools.reference_format import table

_TABLES = Path(cxsim.__file__).parent / "evidence" / "tables"


def claim_verdicts() -> str:
    """Claims by theme and recorded verdict."""
    from cxsim.evidence.claims.registry import THEMES
    from cxsim.evidence.claims.saved import recorded

    entries = recorded()["claims"]
    verdicts = list(
        dict.fromkeys(["holds", "holds in part", "does not hold", *(e["verdict"] for e in entries.values())])
    )
    rows, total = [], Counter[str]()
    for theme, claims in THEMES.items():
        found = Counter(entries[claim.id]["verdict"] for claim in claims)
        total += found
        rows.append((theme, *(str(found[verdict]) for verdict in verdicts)))
    rows.append(("**all**", *(f"**{total[verdict]}**" for verdict in verdicts)))
    return table(("theme", *verdicts), rows)


def published_figures() -> str:
    """Every published figure with its source."""
    from cxsim.studies.targets import load_targets

    rows = []
    for name, target in load_targets("published").targets.items():
        low, high = target.band
        band = f"{low:g} to {high:g}"
        rows.append((f"`{name}`", target.title, band, str(target.group), target.source, target.tag))
    return table(("figure", "what", "published", "group", "source", "tag"), rows)


def data_lines() -> str:
    """How many lines of which kind the two data sets give, and from how many rows."""
    rows = []
    for file in sorted(_TABLES.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as opened:
            lines = list(csv.DictReader(opened))
        groups = ", ".join(f"{group} ({count})" for group, count in Counter(line["group"] for line in lines).items())
        most = max(int(float(line["count"])) for line in lines)
        rows.append((f"`{file.name}`", str(len(lines)), f"{most:,}", groups))
    return table(("table", "lines", "rows behind the largest", "what they tell"), rows)
