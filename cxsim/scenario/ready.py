"""Ready scenarios: those that come with cxsim, found by name in a checkout and in an installed package alike."""

from __future__ import annotations

from pathlib import Path

from cxsim.scenario.errors import Problem, ScenarioError, exists, nearest


def ready_folder() -> Path:
    """Folder of the ready scenarios."""
    package = Path(__file__).parents[1]
    installed = package / "ready"
    return installed if installed.is_dir() else package.parent / "scenarios"


def ready_scenarios() -> dict[str, Path]:
    """Files of the ready scenarios by name."""
    return {path.stem: path for path in sorted(ready_folder().glob("*.yaml"))}


def find_scenario(text: str) -> Path:
    """File of a scenario given by path, or by the name of a ready one.

    Raises:
        ScenarioError: there is neither such a file nor such a name.
    """
    path = Path(text)
    if exists(path):
        return path
    ready = ready_scenarios()
    name = path.stem if path.parent.name in ("", "scenarios") else ""
    if name in ready and path.suffix in ("", ".yaml"):
        return ready[name]
    neighbours = [entry.name for entry in path.parent.glob("*.yaml")] if path.parent.is_dir() else []
    hint = nearest(path.name, [*neighbours, *ready])
    raise ScenarioError([Problem("", "no such file and no ready scenario" + (f"; {hint}" if hint else ""), text)])
