"""The files around the code agree with it, and with each other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

import cxsim

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def yaml(name: str) -> Any:
    return YAML(typ="safe").load(ROOT / name)


def test_the_citation_names_this_version() -> None:
    cited = yaml("CITATION.cff")
    assert cited["version"] == cxsim.__version__
    assert cited["license"] == PROJECT["project"]["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")


def test_everything_that_can_be_installed_has_an_exact_version() -> None:
    wanted = [*PROJECT["project"]["dependencies"]]
    for extra in PROJECT["project"]["optional-dependencies"].values():
        wanted += [text for text in extra if not text.startswith("cxsim[")]
    pinned: dict[str, list[str]] = {}
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            found = Requirement(line)
            pinned.setdefault(canonicalize_name(found.name), []).append(str(found.specifier))
    for text in wanted:
        requirement = Requirement(text)
        for version in pinned[canonicalize_name(requirement.name)]:
            assert version.startswith("=="), text
            assert version.removeprefix("==") in requirement.specifier, text


def test_public_checks_run_on_what_is_supported() -> None:
    """The oldest Python with the oldest Mesa, and newer ones with the newest."""
    jobs = yaml(".github/workflows/ci.yml")["jobs"]
    rows = jobs["test"]["strategy"]["matrix"]["include"]
    pythons = SpecifierSet(PROJECT["project"]["requires-python"])
    mesa = next(Requirement(text) for text in PROJECT["project"]["dependencies"] if text.startswith("mesa"))
    oldest = rows[0]
    assert oldest["python"] == "3.11"
    assert "3.11" in pythons
    assert "3.10" not in pythons
    assert oldest["mesa"] == "mesa==3.3.*"
    assert "3.3.0" in mesa.specifier
    assert "3.2.0" not in mesa.specifier
    newer = {row["python"] for row in rows if Requirement(row["mesa"]).specifier == mesa.specifier}
    assert newer == {"3.12", "3.13"}
    commands = [step.get("run", "") for job in jobs.values() for step in job["steps"]]
    targets = set(re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M))
    named = {target for command in commands for target in re.findall(r"\bmake (\w+)", command)}
    assert named == {"check", "slow", "docs"}
    assert named <= targets


def test_hooks_before_a_commit_need_no_other_host() -> None:
    repositories = yaml(".pre-commit-config.yaml")["repos"]
    assert [entry["repo"] for entry in repositories] == ["local"]
    hooks = repositories[0]["hooks"]
    assert {"ruff", "ruff-format", "mypy"} <= {hook["id"] for hook in hooks}
    assert all(hook["language"] == "system" for hook in hooks)


def test_types_are_told_to_others() -> None:
    assert (Path(cxsim.__file__).parent / "py.typed").is_file()
    assert "py.typed" in PROJECT["tool"]["setuptools"]["package-data"]["cxsim"]


def test_no_file_of_the_project_names_a_host_of_a_registry_or_a_path_of_a_machine() -> None:
    for name in ("pyproject.toml", "constraints.txt", "Makefile", "mkdocs.yml", ".pre-commit-config.yaml",
                 ".github/workflows/ci.yml"):  # fmt: skip
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://|/home/|/tmp/|/root/", text), name


def test_no_file_at_all_names_a_folder_of_a_machine() -> None:
    folders = ("benchmarks", "cxsim", "docs", "experiments", "scenarios", "targets", "tools", "workshops")
    files = [path for path in ROOT.iterdir() if not path.name.startswith(".")]
    files += [path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix != ".pyc"]
    for path in files:
        if path.is_file():
            assert not re.search(rb"/(root|home)/\w", path.read_bytes()), path
