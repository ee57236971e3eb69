"""What README and tutorials tell a reader to do is done, in order; every other page names commands that exist."""

from __future__ import annotations

import functools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from cxsim.cli.main import app
from tests.docs.blocks import ROOT, Reader, blocks, parts

FOLLOWED = [ROOT / "README.md", *sorted((ROOT / "docs" / "tutorial").glob("*.md"))]
OTHERS = [path for path in sorted((ROOT / "docs").rglob("*.md")) if path not in FOLLOWED] + [ROOT / "CONTRIBUTING.md"]
PROGRAMS = [ROOT / "docs" / "background" / "luck.md", ROOT / "docs" / "background" / "warm-up.md"]
"""Pages besides whose few lines of Python are run too."""


def followed() -> list[Any]:
    """Every part of the pages that are followed, as parameters."""
    return [pytest.param(page, part, id=f"{page.name}, {part}") for page in FOLLOWED for part in parts(page)]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def reader(folder: Path) -> Reader:
    """A reader in a folder where the ready scenarios lie as in a checkout."""
    (folder / "scenarios").symlink_to(ROOT / "scenarios")
    return Reader(folder)


@pytest.mark.slow
@pytest.mark.parametrize(("page", "part"), followed())
def test_a_reader_can_follow_the_page(page: Path, part: str, tmp_path: Path) -> None:
    assert reader(tmp_path).follow(parts(page)[part]) >= 1


@pytest.mark.slow
@pytest.mark.parametrize("page", PROGRAMS, ids=shown)
def test_the_python_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    follower = reader(tmp_path)
    found = [block for block in blocks(page) if block.language == "python"]
    assert found
    for block in found:
        follower.do(block)


def commands_of(page: Path) -> Iterator[str]:
    """Every command line that starts with cxsim, in blocks and within sentences."""
    text = page.read_text(encoding="utf-8")
    for block in blocks(page):
        if block.language in ("", "sh"):
            lines = block.body.replace("\\\n", " ").splitlines()
            yield from (line.strip() for line in lines if line.strip().startswith("cxsim "))
    outside = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    for found in re.findall(r"`(cxsim [^`]+)`", outside):
        yield " ".join(found.split())


@functools.cache
def program() -> Any:
    """The whole command line, as it reads its arguments."""
    return typer.main.get_command(app)


def understood(command: str) -> None:
    """Raise if the command or its options do not exist; nothing is run."""
    entry = program()
    words = [word for word in shlex.split(command, comments=True)[1:] if word not in ("...", "COMMAND")]
    while words and words[0] in getattr(entry, "commands", {}):
        entry = entry.commands[words.pop(0)]
    if getattr(entry, "commands", None):
        assert not words or words[0].startswith("--"), f"no such command: {command}"
        return
    options = {name for parameter in entry.params for name in (*parameter.opts, *parameter.secondary_opts)}
    for word in words:
        if word.startswith("-") and not re.fullmatch(r"-?[\d.]+.*", word):
            assert word.partition("=")[0] in options | {"--help"}, f"no option {word}: {command}"


@pytest.mark.parametrize("page", [*FOLLOWED, *OTHERS], ids=shown)
def test_commands_that_are_named_exist(page: Path) -> None:
    for command in commands_of(page):
        understood(command)


def test_a_command_that_does_not_exist_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Do `cxsim simulate parcel`.\n\n```sh\ncxsim run parcel --replicaitons 3\n```\n")
    assert list(commands_of(page)) == ["cxsim run parcel --replicaitons 3", "cxsim simulate parcel"]
    for command in commands_of(page):
        with pytest.raises(AssertionError):
            understood(command)
    with pytest.raises(AssertionError, match="not printed"):
        Reader(tmp_path, printed="Satisfaction │ 57.0").compare(
            blocks_of("```text\nSatisfaction | 56.0\n```", tmp_path)[0]
        )


def blocks_of(text: str, folder: Path) -> list[Any]:
    page = folder / "one.md"
    page.write_text(text + "\n")
    return blocks(page)
