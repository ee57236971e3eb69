"""What MkDocs does beside its own work: it fills tables from the code, and makes pages of the notebooks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # MkDocs loads this file by its path


def on_config(config: Any) -> Any:
    """Put pages that the menu does not name at the end of their section, so that none is forgotten."""
    config.nav = whole_menu(config.nav, ROOT / "docs")
    return config


def whole_menu(menu: list[dict[str, Any]], docs: Path) -> list[dict[str, Any]]:
    """The menu with the pages of its folders that it does not name, by the title at their head."""
    found = []
    for section in menu:
        ((title, entries),) = section.items()
        if isinstance(entries, list):
            named = [place for entry in entries for place in entry.values()]
            folders = {Path(place).parent for place in named if "/" in place}
            others = sorted(str(page.relative_to(docs)) for folder in folders for page in (docs / folder).glob("*.md"))
            entries = [*entries, *({_title(docs / place): place} for place in others if place not in named)]
        found.append({title: entries})
    return found


def _title(page: Path) -> str:
    return page.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")


def on_files(files: Any, config: Any) -> Any:
    """Add a page and a Jupyter notebook for every notebook."""
    from mkdocs.structure.files import File

    from tools.notebooks import jupyter, notebooks, page

    for file in notebooks():
        files.append(File.generated(config, f"notebooks/{file.stem}.md", content=page(file)))
        files.append(File.generated(config, f"notebooks/{file.stem}.ipynb", content=jupyter(file)))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Write the tables of the code where a page asks for them."""
    if "<!-- table: " not in markdown:
        return markdown
    from tools import reference_evidence, reference_format
    from tools.write_reference import TABLES, filled

    more = {
        part.__name__: part
        for part in (
            reference_format.scenario_format, reference_format.experiment_format, reference_format.command_line,
            reference_format.public_names, reference_evidence.claim_verdicts, reference_evidence.published_figures,
            reference_evidence.data_lines,
        )
    }  # fmt: skip
    return filled(markdown, TABLES | more)
