"""`cxsim scenario`: make, check and compare scenario files."""

from __future__ import annotations

import json as json_module
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from cxsim.cli.options import Json, ScenarioText, Sets, load_given

app = typer.Typer(help="Make, check and compare scenario files.", no_args_is_help=True)


@app.command("list")
def list_ready(json: Json = False) -> None:
    """List the ready scenarios."""
    from cxsim.cli import show
    from cxsim.scenario.loading import load
    from cxsim.scenario.ready import ready_scenarios

    found = [{"name": name, "title": load(path).title, "file": str(path)} for name, path in ready_scenarios().items()]
    if json:
        show.json(found)
    else:
        show.rows("Ready scenarios", ["name", "title"], [[entry["name"], entry["title"]] for entry in found])


@app.command()
def new(
    file: Annotated[Path, typer.Argument(help="File to make.", show_default=False)],
    source: Annotated[str, typer.Option("--from", help="Ready scenario (or file) to start from.")] = "workshop",
) -> None:
    """Make a scenario file to edit, from a ready one."""
    from cxsim.scenario.errors import Problem, ScenarioError
    from cxsim.scenario.ready import find_scenario

    if file.exists():
        raise ScenarioError([Problem("", "exists already; choose another name", str(file))])
    template = find_scenario(source)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(template, file)
    except OSError as error:
        raise ScenarioError([Problem("", f"cannot be written: {error.strerror}", str(file))]) from None
    typer.echo(f"made {file}; next: cxsim scenario check {file}, cxsim run {file}")


@app.command()
def check(
    scenario: ScenarioText,
    sets: Sets = None,
    full: Annotated[bool, typer.Option("--full", help="Print it with every default visible.")] = False,
) -> None:
    """Check a scenario without running it: every problem at once, in sentences."""
    from cxsim.scenario.memory import needed_bytes

    checked = load_given(scenario, sets, quiet=False)
    if full:
        from ruamel.yaml import YAML

        yaml = YAML()
        yaml.width = 120
        yaml.dump(checked.document(), sys.stdout)
        return
    typer.echo(
        f"{scenario}: valid. {len(checked.touchpoints)} touchpoints, {len(checked.desks)} desks, "
        f"{len(checked.personas)} personas, {checked.population.customers:,} customers, "
        f"{checked.days} days, about {needed_bytes(checked) / 2**20:.0f} MiB. Hash {checked.digest()}."
    )


@app.command()
def schema(
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write; stdout if left out.")] = None,
) -> None:
    """Print the JSON schema of the scenario format, for editors."""
    from cxsim.scenario.documents import json_schema
    from cxsim.scenario.errors import Problem, ScenarioError

    text = json_module.dumps(json_schema(), indent=2)
    if out is None:
        typer.echo(text)
        return
    if out.exists():
        raise ScenarioError([Problem("", "exists already; choose another name", str(out))])
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise ScenarioError([Problem("", f"cannot be written: {error.strerror}", str(out))]) from None
    typer.echo(f"wrote {out}", err=True)


@app.command()
def diff(first: ScenarioText, second: ScenarioText, json: Json = False) -> None:
    """Show the values in which two scenarios differ."""
    from cxsim.cli import show
    from cxsim.scenario.documents import difference

    found = difference(load_given(first, None, quiet=True), load_given(second, None, quiet=True))
    if json:
        show.json([{"path": path, "first": left, "second": right} for path, left, right in found])
    elif not found:
        typer.echo("no difference")
    else:
        texts = [[path, "-" if left is None else str(left), "-" if right is None else str(right)]
                 for path, left, right in found]  # fmt: skip
        show.rows("Differences", ["path", first, second], texts)
