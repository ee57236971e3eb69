"""The application, its way of telling errors, and the commands that run something."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cxsim import __version__
from cxsim.cli import bench, calibrate, claims, data, describe, evidence, instruments, log, scenarios, studies, workshop
from cxsim.cli.options import (
    Jobs,
    Json,
    Out,
    Overwrite,
    Quiet,
    Replications,
    ScenarioText,
    Seed,
    Sets,
    check_out,
    load_given,
    save_numbered,
)
from cxsim.cli.panels import arrange

if TYPE_CHECKING:
    from cxsim.results.result import Result

app = typer.Typer(
    name="cxsim",
    help="Simulate what customers expect, how satisfied they are, and who leaves.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.add_typer(scenarios.app, name="scenario")
app.add_typer(data.app, name="fit")
app.command("export-log")(log.export_log)
app.command("encounters")(log.encounters)
app.command("bench")(bench.bench)
app.command("factors")(describe.factors)
app.command("moments")(instruments.moments)
app.command("scorecard")(instruments.scorecard)
app.command("audit")(instruments.audit)
app.command("dimensions")(instruments.dimensions)
app.command("journey-map")(instruments.journey_map)
app.command("start-small")(instruments.start_small)
app.command("lost")(instruments.lost)
app.command("sweep")(studies.sweep)
app.command("sensitivity")(studies.sensitivity)
app.command("optimise")(studies.optimise)
app.command("calibrate")(calibrate.calibrate)
app.command("validate")(evidence.validate)
app.command("claims")(claims.claims)
app.command("workshop")(workshop.workshop)

INTERRUPTED = 130


def main() -> None:
    """Run the command line; bad input ends with sentences and exit code 2, never with a traceback."""
    from cxsim.scenario.errors import ScenarioError

    try:
        app()
    except ScenarioError as error:
        for problem in error.problems:
            print(f"cxsim: {problem}", file=sys.stderr)
        sys.exit(2)
    except MemoryError:
        print("cxsim: out of memory; use fewer customers or fewer jobs", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(_say_stopped())
    except SystemExit as end:
        if end.code == INTERRUPTED:  # some versions of Typer turn the interrupt into its exit code, without a word
            _say_stopped()
        raise


def _say_stopped() -> int:
    print("cxsim: stopped", file=sys.stderr)
    return INTERRUPTED


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cxsim {__version__}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Simulate what customers expect, how satisfied they are, and who leaves."""
    del version


@app.command()
def run(
    scenario: ScenarioText,
    sets: Sets = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    regions: Annotated[
        int, typer.Option("--regions", min=1, help="Independent service regions to split the population into.")
    ] = 1,
    cluster: studies.Cluster = None,
    out: Out = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Run a scenario and save its tables: `cxsim run scenarios/parcel.yaml`."""
    _run(scenario, sets, seed, replications, jobs, out, overwrite, quiet, json, regions, cluster)


@app.command()
def demo(seed: Seed = None, out: Out = None, quiet: Quiet = False, json: Json = False) -> None:
    """Run the ready shop, say in short what happened there, and what to try next: what `make demo` does."""
    result, folder = _run("parcel", None, seed, None, None, out, False, quiet, json)
    if not quiet and not json:
        from cxsim.cli.welcome import welcome

        welcome(result, folder)


def _run(
    text: str, sets: list[str] | None, seed: int | None, replications: int | None, jobs: int | None,
    out: Path | None, overwrite: bool, quiet: bool, as_json: bool, regions: int = 1, cluster: str | None = None,
) -> tuple[Result, Path]:  # fmt: skip
    from cxsim.cli import show

    scenario = load_given(text, sets, quiet)
    check_out(out, overwrite)
    count = scenario.replications if replications is None else replications
    with show.progress(f"Running {scenario.name}", regions * count * scenario.days, quiet) as advance:
        if regions > 1 or cluster is not None:
            from cxsim.studies.regions import simulate_regions

            result = simulate_regions(scenario, regions, replications=count, seed=seed, jobs=jobs, cluster=cluster,
                                      progress=advance)  # fmt: skip
        else:
            from cxsim.studies.simulate import simulate

            result = simulate(scenario, replications=count, seed=seed, jobs=jobs, progress=advance)
    folder = save_numbered(result) if out is None else result.save(out, overwrite)
    if as_json:
        show.json(result.summary())
        show.note(f"Tables: {folder}", quiet)
    elif not quiet:
        show.result(result, folder)
    return result, folder


@app.command()
def compare(
    scenarios_: Annotated[
        list[str],
        typer.Argument(metavar="SCENARIO [VARIANT]...", help="Files or names of ready scenarios, the baseline first.",
                       show_default=False),
    ],
    sets: Sets = None,
    until: Annotated[
        list[str] | None,
        typer.Option("--until", metavar="MEASURE=HALF_WIDTH",
                     help="Replicate until the difference's interval is so narrow. Repeatable."),
    ] = None,
    most: Annotated[int, typer.Option("--most", min=2, help="Replications to stop at in any case.")] = 1000,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    out: Out = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:  # fmt: skip
    """Compare variants with a baseline on the same luck.

    With one scenario, --set makes the variant: `cxsim compare parcel --set desks.support.servers=8`. With several,
    --set applies to all of them.
    """
    from cxsim.cli import show
    from cxsim.cli.options import parse_sets, parse_until
    from cxsim.scenario.errors import Problem, ScenarioError
    from cxsim.scenario.loading import load

    if out is not None:
        check_out(out, overwrite, comparison=True)
    baseline = load_given(scenarios_[0], sets if len(scenarios_) > 1 else None, quiet)
    variants: dict[str, Any] = {}
    if len(scenarios_) == 1:
        if not sets:
            raise ScenarioError([Problem("", "nothing to compare with; name a second scenario or use --set")])
        variants[", ".join(sets)] = load(baseline, parse_sets(sets))
    for text in scenarios_[1:]:
        variant = load_given(text, sets, quiet)
        name = text if variant.name in {baseline.name, *variants} else variant.name
        while name in variants:
            name += "'"
        variants[name] = variant
    wanted = parse_until(until)
    count = baseline.replications if replications is None else replications
    days = sum(count * scenario.days for scenario in [baseline, *variants.values()])
    total = None if wanted else days  # how many it will take is not known
    with show.progress(f"Comparing {1 + len(variants)} variants", total, quiet) as advance:
        from cxsim.studies.compare import compare as compare_variants

        found = compare_variants(
            baseline, variants, replications=count, seed=seed, jobs=jobs, until=wanted, most=most, progress=advance
        )
    if out is not None:
        from cxsim.cli.save import save_comparison

        save_comparison(found, out, overwrite)
    if json:
        show.json(show.comparison_document(found))
    elif not quiet:
        show.comparison(found, out)


@app.command()
def story(
    source: Annotated[
        str, typer.Argument(metavar="SCENARIO_OR_RESULT", help="Scenario, or folder of a saved result.",
                            show_default=False)
    ],
    customer: Annotated[
        int | None, typer.Option("--customer", "-c", min=0, help="Number of the customer; one who left if omitted.",
                                 show_default=False)
    ] = None,
    replication: Annotated[int, typer.Option("--replication", min=0, help="World to look into.")] = 0,
    sets: Sets = None,
    seed: Seed = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:  # fmt: skip
    """Tell one customer's life in plain words."""
    from cxsim.cli import show
    from cxsim.cli.options import parse_sets

    with show.progress("Living the world again", None, quiet):
        from cxsim.results.result import load_result
        from cxsim.results.story import choose_and_tell
        from cxsim.scenario.loading import load

        if Path(source).is_dir():  # a saved result: its own scenario and seed
            saved = load_result(source)
            scenario, base_seed = load(saved.scenario, parse_sets(sets)), saved.seed
        else:
            scenario = load_given(source, sets, quiet)
            base_seed = scenario.seed
        number, text = choose_and_tell(scenario, base_seed if seed is None else seed, replication, customer)
    if json:
        show.json({"scenario": scenario.name, "customer": number, "replication": replication, "story": text})
    else:
        typer.echo(text)


@app.command()
def report(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="RESULT",
            help="Folder of a run, a comparison, a study or claims, or a workshop's session.json.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="File to write; of a session also slides, with .pptx.",
            show_default="RESULT-report.html",
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file in --out.")] = False,
    with_instruments: Annotated[
        bool,
        typer.Option(
            "--instruments", help="Add all instruments to the report of a run; lives some thirty worlds beside."
        ),
    ] = False,
    jobs: Jobs = None,
    quiet: Quiet = False,
) -> None:
    """Write one stand-alone HTML file from what a folder holds: `cxsim report results/workshop-1`."""
    if folder.is_file():
        workshop.report_session(folder, out, overwrite, quiet)
        return
    from cxsim.report.write import check_file, load_found, write_report

    target = out or folder.with_name(f"{folder.absolute().name}-report.html")
    found = load_found(folder)
    check_file(target, overwrite)
    readings = instruments.readings_of(found, folder, jobs, quiet) if with_instruments else []
    written = write_report(found, target, readings)
    if not quiet:
        typer.echo(f"Report: {written}")


@app.command()
def ui(
    scenario: Annotated[
        str, typer.Argument(metavar="[SCENARIO]", help="File, or name of a ready scenario.")
    ] = "parcel",
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="Port; 0 for one that is free.")] = 8765,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the browser.")] = False,
    host: Annotated[
        str, typer.Option("--host", help="Address to bind; anything but this machine's own needs a printed token.")
    ] = "127.0.0.1",
) -> None:
    """Open the interface in the browser: `cxsim ui`, `cxsim ui workshop`."""
    from cxsim.scenario.ready import find_scenario, ready_scenarios
    from cxsim.ui.launch import check_installed, serve

    check_installed()
    load_given(scenario, None, quiet=True)
    ready = ready_scenarios()
    file = find_scenario(scenario)
    name = next((name for name, path in ready.items() if path == file), str(file.resolve()))
    serve(name, port, host, not no_open)


@app.command()
def cache(
    clear: Annotated[bool, typer.Option("--clear", help="Remove all compiled functions.")] = False,
) -> None:
    """Show (or clear) where the compiled engine is kept."""
    from cxsim.compiling import COMPILING_TAKES, cache_folder, clear_cache, is_warm

    if clear:
        typer.echo(f"removed {clear_cache()}")
    else:
        typer.echo(
            f"{cache_folder()} ({'ready' if is_warm() else f'empty: the next run compiles for {COMPILING_TAKES}'})"
        )


arrange(app)
