"""Options that every command shares, and how their values become scenarios and folders."""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from cxsim.results.result import Result
    from cxsim.scenario.schema import Scenario

RESULTS = "results"
"""Folder of the results that are given no other."""

ScenarioText = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="File, or name of a ready scenario.", show_default=False)
]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Override a value, e.g. population.customers=1000. Repeatable."),
]
Seed = Annotated[
    int | None,
    typer.Option("--seed", min=0, max=2**63 - 1, help="Where the luck starts.", show_default="scenario's"),
]
Replications = Annotated[
    int | None, typer.Option("--replications", "-r", min=1, help="How often to run.", show_default="scenario's")
]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Threads to use.", show_default="all cores")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Folder for the tables.", show_default="results/NAME-1")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace the result in --out.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no notes, no table.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on stdout; everything else goes to stderr.")]


def parse_sets(sets: list[str] | None) -> dict[str, Any]:
    """Overrides by dotted path from `--set` texts."""
    from cxsim.scenario.reading import parse_set

    return dict(parse_set(text) for text in sets or [])


def parse_until(texts: list[str] | None) -> dict[str, float]:
    """Half-widths by measure from `--until` texts; a number with % is in percentage points."""
    from cxsim.scenario.errors import Problem, ScenarioError

    found = {}
    for text in texts or []:
        name, _, number = text.partition("=")
        share = number.strip().endswith("%")
        try:
            found[name.strip()] = float(number.strip().removesuffix("%")) / (100 if share else 1)
        except ValueError:
            sentence = f"read {text!r}; write MEASURE=HALF_WIDTH, such as satisfaction=0.2"
            raise ScenarioError([Problem("", sentence, "--until")]) from None
    return found


def load_given(text: str, sets: list[str] | None, quiet: bool) -> Scenario:
    """Scenario from a file or a ready one's name, with overrides; notes go to stderr."""
    from cxsim.scenario.loading import load_with_notes
    from cxsim.scenario.ready import find_scenario

    scenario, notes = load_with_notes(find_scenario(text), parse_sets(sets))
    if not quiet:
        for note in notes:
            print(f"note: {note}", file=sys.stderr)
    return scenario


def check_out(out: Path | None, overwrite: bool, comparison: bool = False) -> None:
    """Refuse an output folder that exists or cannot be made, before any work is done."""
    from cxsim.results.folders import check_target, is_comparison, is_result

    check_target(out or Path(RESULTS) / "any", overwrite, is_comparison if comparison else is_result)


def save_numbered(result: Result) -> Path:
    """Save in the first folder results/NAME-1, results/NAME-2, ... that is free, also when others save there too."""
    from cxsim.scenario.errors import ScenarioError

    for number in count(1):
        folder = Path(RESULTS) / f"{result.scenario.name}-{number}"
        if folder.exists():
            continue
        try:
            return result.save(folder)
        except ScenarioError:
            if not folder.exists():
                raise
    raise AssertionError
