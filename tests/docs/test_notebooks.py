"""Notebooks run from top to bottom, as files and as Jupyter notebooks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT
from tools.notebooks import cells, jupyter, notebooks, page

FILES = notebooks()


def test_there_are_some() -> None:
    assert len(FILES) >= 3


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_cells_become_a_page_and_a_notebook_without_outputs(file: Path) -> None:
    found = cells(file)
    assert found[0].is_text
    assert found[0].source.startswith("# ")
    assert page(file).count("```python") == sum(not cell.is_text for cell in found)
    document = json.loads(jupyter(file))
    assert [cell["source"] for cell in document["cells"]] == [cell.source for cell in found]
    assert all(cell.get("outputs", []) == [] for cell in document["cells"])


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_notebook_runs_in_jupyter(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbclient = pytest.importorskip("nbclient", reason="running notebooks needs the Python package nbclient")
    import nbformat

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    book = nbformat.reads(jupyter(file), as_version=4)
    nbformat.validate(book)
    nbclient.NotebookClient(book, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    printed = "".join(part.get("text", "") for cell in book.cells for part in cell.get("outputs", []))
    assert len(printed) > 200


def test_notebooks_are_written_for_jupyter_once(tmp_path: Path) -> None:
    def write() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tools.notebooks", "mine"], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert write().returncode == 0
    assert sorted(path.stem for path in (tmp_path / "mine").iterdir()) == sorted(file.stem for file in FILES)
    again = write()
    assert again.returncode == 2
    assert "nothing is overwritten" in again.stderr
