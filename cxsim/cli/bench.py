"""`cxsim bench`: the benchmarks of the checkout, held against their bars."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from cxsim.cli.options import Json

CHECKOUT = Path(__file__).parents[2]


def bench(
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="Part to measure: starts, sweeps, full, desk, pairing, log or growth. Repeatable.",
                     show_default=False),
    ] = None,
    sizes: Annotated[
        list[int] | None,
        typer.Option("--size", min=1, help="Customers, for growth; 1,000, 10,000 and 100,000 if left out. Repeatable.",
                     show_default=False),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Add a million customers (1 GB, a few minutes).")] = False,
    repeats: Annotated[int, typer.Option("--repeats", min=1, help="Runs per figure; the median counts.")] = 3,
    record: Annotated[bool, typer.Option("--record", help="Append the figures to benchmarks/history.csv.")] = False,
    json: Json = False,
) -> None:  # fmt: skip
    """Measure speed, memory and start-up against bars and against Mesa agents, SimPy and Ciw; exit code 1 if one fails.

    Needs a checkout of the project: the peers and the benchmarks are not part of the installed package.
    """
    from cxsim.scenario.errors import Problem, ScenarioError, nearest

    if not (CHECKOUT / "benchmarks" / "__main__.py").is_file():
        raise ScenarioError([Problem("", "the benchmarks are not part of the installed package; run `make bench` or "
                                     "`cxsim bench` in a checkout of the project")])  # fmt: skip
    parts = ("starts", "sweeps", "full", "desk", "pairing", "log", "growth")
    for name in only or ():
        if name not in parts:
            raise ScenarioError([Problem("--only", f"read '{name}': no such part; {nearest(name, parts)}")])
    arguments = ["--repeats", str(repeats)]
    arguments += ["--only", *only] if only else []
    arguments += ["--sizes", *map(str, sizes)] if sizes else []
    arguments += [option for option, wanted in (("--full", full), ("--record", record), ("--json", json)) if wanted]
    path = os.pathsep.join(filter(None, [str(CHECKOUT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments], cwd=CHECKOUT, env=os.environ | {"PYTHONPATH": path},
        check=False,
    )  # fmt: skip
    raise typer.Exit(min(max(done.returncode, 0), 1))
