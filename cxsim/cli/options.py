"""Options that every command shares, and how their values become scenarios and folders."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from cxsim.scenario.schema import Scenario

ScenarioText = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="File, or name of a ready scenario.", show_default=False)
]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Override a value, e.g. population.customers=1000. Repeatable."),
]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="Where the luck starts.", show_default="scenario's")]
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
    from cxsim.scenario.loading import parse_set

    return dict(parse_set(text) for text in sets or [])


def load_given(text: str, sets: list[str] | None, quiet: bool) -> Scenario:
    """Scenario from a file or a ready one's name, with overrides; notes go to stderr."""
    from cxsim.scenario.loading import load_with_notes
    from cxsim.scenario.ready import find_scenario

    scenario, notes = load_with_notes(find_scenario(text), parse_sets(sets))
    if not quiet:
        for note in notes:
            print(f"note: {note}", file=sys.stderr)
    return scenario


def check_out(out: Path | None, overwrite: bool) -> None:
    """Refuse an output folder that exists before any work is done."""
    from cxsim.scenario.errors import Problem, ScenarioError

    if out is not None and out.exists() and not overwrite:
        raise ScenarioError([Problem("", "exists already; choose another folder, or add --overwrite", str(out))])


def free_folder(name: str) -> Path:
    """First folder results/NAME-1, results/NAME-2, ... that does not exist."""
    number = 1
    while (folder := Path("results") / f"{name}-{number}").exists():
        number += 1
    return folder
