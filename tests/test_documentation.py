"""Documentation that derives from the code says what the code says."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent


def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_reference", ROOT / "tools" / "write_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["write_reference"] = module
    spec.loader.exec_module(module)
    return module


def test_pages_are_as_the_code_has_them() -> None:
    tool = writer()
    for page in tool.PAGES:
        text = page.read_text(encoding="utf-8")
        assert tool.filled(text) == text, f"{page.name} is out of date: python tools/write_reference.py"
        assert text.count("<!-- table:") == text.count("<!-- end -->") > 0


def test_a_changed_table_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tool = writer()
    page = tmp_path / "page.md"
    page.write_text(tool.PAGES[0].read_text(encoding="utf-8").replace("`loss_aversion` | 2 |", "`loss_aversion` | 3 |"))
    monkeypatch.setattr(tool, "PAGES", (page,))
    monkeypatch.setattr(sys, "argv", ["write_reference.py", "--check"])
    assert tool.main() == 1
    monkeypatch.setattr(sys, "argv", ["write_reference.py"])
    assert tool.main() == 0
    assert "`loss_aversion` | 2 |" in page.read_text()


def test_every_parameter_mechanism_and_measure_stands_in_the_protocol() -> None:
    from cxsim.engine.columns import COLUMNS
    from cxsim.results.measures import MEASURES
    from cxsim.scenario.parameters import MECHANISMS, PARAMETERS

    text = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    for thing in (*COLUMNS, *PARAMETERS, *MECHANISMS, *MEASURES):
        assert f"| `{thing.name}` |" in text, thing.name
