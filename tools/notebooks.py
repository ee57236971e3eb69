"""Notebooks are Python files in the percent format; this makes pages and Jupyter notebooks of them.

A line `# %%` begins a cell of code, `# %% [markdown]` one of text, whose lines are comments.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "docs" / "notebooks"
_CELL = re.compile(r"^# %%(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """One cell: text (Markdown) or code."""

    is_text: bool
    source: str


def notebooks() -> list[Path]:
    """Files of all notebooks."""
    return sorted(FOLDER.glob("*.py"))


def cells(file: Path) -> list[Cell]:
    """Cells of a notebook; what stands before the first mark is not part of it."""
    _, *parts = _CELL.split(file.read_text(encoding="utf-8"))
    found = []
    for mark, body in zip(parts[::2], parts[1::2], strict=True):
        is_text = "[markdown]" in mark
        text = re.sub(r"^# ?", "", body.strip("\n"), flags=re.MULTILINE) if is_text else body.strip("\n")
        found.append(Cell(is_text, text))
    return found


def page(file: Path) -> str:
    """A notebook as a page of the documentation."""
    told = f"Take it with you: [{file.stem}.ipynb]({file.stem}.ipynb) for Jupyter, [{file.name}]({file.name}) as it is."
    first, *rest = (cell.source if cell.is_text else f"```python\n{cell.source}\n```" for cell in cells(file))
    return "\n\n".join([first, told, *rest]) + "\n"


def jupyter(file: Path) -> str:
    """A notebook as Jupyter keeps it, without outputs."""
    found = [
        {"cell_type": "markdown" if cell.is_text else "code", "id": f"cell-{number}", "metadata": {},
         "source": cell.source} | ({} if cell.is_text else {"execution_count": None, "outputs": []})
        for number, cell in enumerate(cells(file))
    ]  # fmt: skip
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps(
        {"cells": found, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}, indent=1
    )


def main() -> int:
    """Write all notebooks for Jupyter into a folder."""
    if len(sys.argv) != 2:
        print("python -m tools.notebooks FOLDER", file=sys.stderr)
        return 2
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for file in notebooks():
        target = folder / f"{file.stem}.ipynb"
        if target.exists():
            print(f"{target} exists already; nothing is overwritten", file=sys.stderr)
            return 2
        target.write_text(jupyter(file) + "\n", encoding="utf-8")
        print(f"wrote {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
