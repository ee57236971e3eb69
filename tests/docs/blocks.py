"""The fenced blocks of a page, and a runner that does what a reader would do with them.

In README and tutorials `sh` holds commands, `python` a program, `yaml title="FILE"` a file to save, and `text` lines
that the last command before it prints. A comment `<!-- run: WORD -->` before a block says how it is run: `slow` in slow
tests alone, `exit 2` for a mistake made on purpose, `set-up` where tests of packaging do it.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.cli.program import environment, inside

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"(?:<!-- run: (?P<mark>[\w -]+) -->\n)?^```(?P<head>[^\n]*)\n(?P<body>.*?)^```", re.M | re.S)
_LINES = str.maketrans(dict.fromkeys("│┃━╇┼─", " "))


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its file name if any, its text, how it is run, its section and its line."""

    language: str
    title: str
    body: str
    mark: str
    section: str
    line: int

    @property
    def commands(self) -> list[list[str]]:
        """Commands of the block as words, without comments."""
        text = self.body.replace("\\\n", " ")
        words = (shlex.split(line, comments=True) for line in text.splitlines())
        return [each for each in words if each]


def blocks(page: Path) -> list[Block]:
    """All fenced blocks of a page."""
    text = page.read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        language, _, rest = match["head"].partition(" ")
        title = re.search(r'title="([^"]+)"', rest)
        before = text[: match.start()]
        section = re.findall(r"^## (.+)$", before, flags=re.M)[-1:] or ["the beginning"]
        place = (section[0], before.count("\n") + 1)
        found.append(Block(language, title[1] if title else "", match["body"], match["mark"] or "", *place))
    return found


def parts(page: Path) -> dict[str, list[Block]]:
    """What can be followed apart: sections of README and what is slow in it, any other page as a whole."""
    found = [block for block in blocks(page) if block.mark != "set-up"]
    if page.name != "README.md":
        return {page.stem: found}
    sections: dict[str, list[Block]] = {}
    for block in found:
        if block.language in ("sh", "python"):
            sections.setdefault("what takes long" if block.mark == "slow" else block.section, []).append(block)
    return sections


@dataclass
class Reader:
    """Somebody who reads a page and does what it says, in a folder of their own."""

    folder: Path
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__"})
    printed: str = ""

    def follow(self, part: list[Block]) -> int:
        """Do all of a part of a page, and hold what it shows to what is printed; how many blocks were done."""
        done = 0
        for block in part:
            if block.language == "text":
                self.compare(block)
            else:
                done += self.do(block)
        return done

    def do(self, block: Block) -> bool:
        """Do what one block says; whether there was something to do."""
        if block.language == "sh":
            code = int(block.mark.removeprefix("exit ")) if block.mark.startswith("exit ") else 0
            for words in block.commands:
                self.printed = self.run(words, code)
        elif block.language == "python":
            out = io.StringIO()
            with contextlib.chdir(self.folder), contextlib.redirect_stdout(out):
                exec(compile(block.body, f"block of line {block.line}", "exec"), self.names)
            self.printed = out.getvalue()
        elif block.language == "yaml" and block.title:
            (self.folder / block.title).write_text(block.body, encoding="utf-8")
        else:
            return False
        return True

    def run(self, words: list[str], code: int) -> str:
        """What a command prints; it must end with this exit code."""
        program, *rest = words
        if program == "cxsim" and rest[0] in ("ui", "workshop") and not {"--list", "--check"} & set(rest):
            return answer(rest, self.folder)
        if program == "cxsim":
            done = inside(*rest, cwd=self.folder, code=code)
            return done.stdout + done.stderr
        if program == "make":
            return made(rest)
        if words[:2] == ["python", "-m"]:
            command = [sys.executable, *rest]
            done = subprocess.run(
                command, cwd=self.folder, env=environment(), capture_output=True, text=True, check=False
            )
            assert done.returncode == code, done.stderr
            return done.stdout + done.stderr
        raise AssertionError(f"nobody knows how to run {shlex.join(words)}")

    def compare(self, block: Block) -> None:
        """Every line that the page shows was printed."""
        printed = plain(self.printed)
        for line in block.body.splitlines():
            assert plain(line) in printed, f"line {block.line}: not printed: {line}\n{self.printed}"


def plain(text: str) -> str:
    """Text without the lines of tables and without more than one space."""
    return " ".join(text.translate(_LINES).split())


def answer(words: list[str], folder: Path) -> str:
    """Start what opens in a browser, without one: it must serve its page. Returns what it told."""
    command = [sys.executable, "-c", "from cxsim.cli import main; main()", *words, "--no-open", "--port", "0"]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True, env=environment()) as server:
        try:
            assert server.stderr is not None
            told = ""
            for line in server.stderr:
                told += line
                if found := re.search(r"http://\S+", line):
                    break
            else:
                raise AssertionError(f"{shlex.join(words)} told no address: {told}")
            assert status_of(found[0]) == 200
            return told
        finally:
            server.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(20)
            server.kill()


def status_of(address: str, patience_seconds: float = 120.0) -> int:
    """HTTP status that a server answers with; it is told its address a moment before it listens."""
    place = urlsplit(address)
    begun = time.monotonic()
    while True:
        try:
            with contextlib.closing(HTTPConnection(place.netloc, timeout=60)) as link:
                link.request("GET", f"{place.path or '/'}?{place.query}")
                return link.getresponse().status
        except OSError:
            if time.monotonic() - begun > patience_seconds:
                raise
            time.sleep(0.2)


def made(targets: list[str]) -> str:
    """Run a target of the Makefile with this interpreter instead of `.venv`, or start it if it is a server."""
    done = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "--always-make", *targets,
         f"BIN={Path(sys.executable).parent}"], cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    last = done.stdout.strip().splitlines()[-1]
    words = shlex.split(last)
    assert Path(words[0]).name == "cxsim", last
    if words[1] == "ui":
        return answer(words[1:], ROOT)
    command = [sys.executable, "-c", "from cxsim.cli import main; main()", *words[1:]]
    run = subprocess.run(command, cwd=ROOT, env=os.environ | environment(), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout
