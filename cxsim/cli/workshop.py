"""`cxsim workshop`: a script's chapters on the wall, for a room that predicts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cxsim.cli.options import Json, Quiet

if TYPE_CHECKING:
    from cxsim.workshop.loading import Loaded

PORT = 8765


def workshop(
    script: Annotated[
        str, typer.Argument(metavar="[SCRIPT]", help="File, or name of a ready script; chosen on the page if left out.")
    ] = "",
    listed: Annotated[bool, typer.Option("--list", help="List the ready scripts and start nothing.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Check the script and start nothing.")] = False,
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="Port; 0 for one that is free.")] = PORT,
    host: Annotated[
        str, typer.Option("--host", help="Address to bind; 0.0.0.0 lets phones on the network predict with a code.")
    ] = "127.0.0.1",
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the browser.")] = False,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, max=2**63 - 1, help="Where the luck starts.", show_default="script's")
    ] = None,
    customers: Annotated[
        int | None, typer.Option("--customers", min=10, help="Customers in every world, for a trial; desks stay.",
                                 show_default="script's")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Keep the session in this file as it goes on.",
                                  show_default="kept nowhere")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file in --out.")] = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:  # fmt: skip
    """Hold a workshop in the browser: `cxsim workshop whose_queue`, `cxsim workshop my.yaml --check`."""
    from cxsim.workshop.loading import load_script

    if listed:
        _list(json)
        return
    if check:
        _check(script, customers, json)
        return
    loaded = load_script(script, customers) if script else None
    _serve(loaded, port, host, not no_open, seed, customers, out, overwrite, quiet)


def _serve(
    loaded: Loaded | None, port: int, host: str, is_opened: bool, seed: int | None, customers: int | None,
    out: Path | None, overwrite: bool, quiet: bool,
) -> None:  # fmt: skip
    from cxsim.cli import show
    from cxsim.report.write import check_file
    from cxsim.scenario.ready import ready_scenarios
    from cxsim.ui.launch import LOOPBACK, check_installed, serve

    check_installed()
    if out is not None:
        check_file(out, overwrite)
    from cxsim.ui.hall import hall

    place = hall()
    place.seed, place.customers, place.out = seed, customers, out
    scenario = "parcel"
    if loaded is not None:
        place.opened = loaded.name
        place.open(loaded.name)
        scenario = loaded.script.scenario if loaded.script.scenario in ready_scenarios() else scenario
    if host not in LOOPBACK and not quiet:
        show.note(
            "Phones join with the code on the page; the page itself needs the address below, which is yours.", quiet
        )
    serve(scenario, port, host, is_opened, "workshop")


def _list(as_json: bool) -> None:
    from cxsim.cli import show
    from cxsim.workshop.loading import read_script, ready_scripts

    found = [read_script(file) for file in ready_scripts().values()]
    if as_json:
        show.json([{"name": one.name, "title": one.title, "chapters": len(one.chapters), "minutes": one.minutes,
                    "about": one.about} for one in found])  # fmt: skip
        return
    rows = [[one.name, one.title, f"{len(one.chapters)}", f"{one.minutes:g}"] for one in found]
    show.rows("Ready workshop scripts", ["name", "title", "chapters", "minutes"], rows)
    show.say("\nOpen one: cxsim workshop NAME; check your own: cxsim workshop FILE --check")


def _check(text: str, customers: int | None, as_json: bool) -> None:
    from cxsim.cli import show
    from cxsim.scenario.errors import Problem, ScenarioError
    from cxsim.workshop.loading import load_script

    if not text:
        raise ScenarioError([Problem("", "name the script to check, such as: cxsim workshop my.yaml --check")])
    script = load_script(text, customers).script
    chapters: list[dict[str, Any]] = [
        {"id": chapter.id, "title": chapter.title, "minutes": chapter.minutes, "worlds": len(chapter.worlds),
         "settings": len(chapter.settings), "measure": chapter.prediction.measure}
        for chapter in script.chapters
    ]  # fmt: skip
    if as_json:
        show.json({"name": script.name, "title": script.title, "minutes": script.minutes, "chapters": chapters})
        return
    rows = [[f"{value:g}" if isinstance(value, float) else str(value) for value in one.values()] for one in chapters]
    show.rows(script.title, ["chapter", "title", "minutes", "worlds", "settings", "decides"], rows)
    show.say(f"\nNothing is wrong: {len(chapters)} chapters, {script.minutes:g} minutes.")


def report_session(file: Path, out: Path | None, overwrite: bool, quiet: bool) -> None:
    """Write the report of a saved session: a page, or slides where the target ends in .pptx."""
    from cxsim.report.write import check_file, write_text
    from cxsim.workshop.page import session_page
    from cxsim.workshop.session import load_session
    from cxsim.workshop.slides import slides_bytes, write_slides

    target = out or file.with_name(f"{file.stem}-report.html")
    check_file(target, overwrite)
    session = load_session(file)
    if target.suffix == ".pptx":
        written = write_slides(target, slides_bytes(session))
    else:
        written = write_text(target, session_page(session))
    if not quiet:
        typer.echo(f"Report: {written}")
