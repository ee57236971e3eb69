"""The house: imports point one way, and the engine rests on numpy and numba alone."""

import ast
from pathlib import Path

import pytest

import cxsim

PACKAGE = Path(cxsim.__file__).parent
FLOORS = {
    "linking": 0, "compiling": 0, "scenario": 0, "rules": 1, "engine": 2, "agents": 3, "driving": 3, "model": 3,
    "results": 4, "studies": 5, "data": 5, "evidence": 6, "instruments": 6, "charts": 7, "report": 8, "workshop": 9,
    "ui": 10, "cli": 11,
}  # fmt: skip
"""Every part may import from its own floor and those below."""
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem in FLOORS)


def imported(file: Path, at_top_only: bool = False) -> set[str]:
    """Modules imported by a file; those for type checking alone do not count."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    nodes = tree.body if at_top_only else [
        node for node in ast.walk(tree) if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
    ]  # fmt: skip
    for_types = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for child in ast.walk(node)
    }
    found: set[str] = set()
    for node in nodes:
        if id(node) in for_types:
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def part_of(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_imports_point_down(file: Path) -> None:
    floor = FLOORS[part_of(file)]
    for module in imported(file):
        if module.startswith("cxsim."):
            other = module.split(".")[1]
            assert FLOORS[other] <= floor, f"{file.name} imports {module}"


def test_every_part_has_its_floor() -> None:
    parts = {part_of(path) for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE}
    assert parts <= set(FLOORS)


@pytest.mark.parametrize("file", sorted((PACKAGE / "engine").glob("*.py")), ids=lambda file: file.name)
def test_the_engine_needs_numpy_and_numba_alone(file: Path) -> None:
    allowed = {"numpy", "math", "typing", "dataclasses", "__future__", "collections.abc"}
    outside = {module for module in imported(file) if not module.startswith("cxsim.")}
    if file.name == "prefetch.py":  # an instruction that numba knows no word for
        allowed |= {"numba", "numba.extending", "llvmlite"}
    assert outside <= allowed


def test_public_names_are_there() -> None:
    for name in cxsim.__all__:
        assert getattr(cxsim, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        cxsim.simulat  # noqa: B018
