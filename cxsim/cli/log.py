"""`cxsim export-log` and `cxsim encounters`: what happened to customers, one row for each happening."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cxsim.cli.options import Json, Overwrite, Quiet, ScenarioText, Seed, Sets, load_given

if TYPE_CHECKING:
    from datetime import date


def export_log(
    source: Annotated[
        str, typer.Argument(metavar="SCENARIO_OR_RESULT", help="Scenario, or folder of a saved result.",
                            show_default=False)
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="File to write: .csv, .parquet or .xes.")],
    case: Annotated[str, typer.Option("--case", help="What a case is: journey or customer.")] = "journey",
    customers: Annotated[
        int | None,
        typer.Option("--customers", min=1, help="Customers to follow, when a scenario is run for it.",
                     show_default="scenario's record.encounters"),
    ] = None,
    start: Annotated[
        str | None, typer.Option("--start", metavar="YYYY-MM-DD", help="Date of the first day after the warm-up.")
    ] = None,
    warm_up: Annotated[bool, typer.Option("--warm-up", help="Keep what happened in the warm-up.")] = False,
    sets: Sets = None,
    seed: Seed = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:  # fmt: skip
    """Write encounters as an event log for process mining: `cxsim export-log workshop --out log.xes`."""
    from cxsim.cli import show
    from cxsim.data.event_log import CASE, SUFFIXES, event_log, first_day, write_event_log
    from cxsim.report.write import check_file
    from cxsim.scenario.errors import Problem, ScenarioError

    problems = []
    if out.suffix.lower() not in SUFFIXES:
        problems.append(Problem("", f"ends in '{out.suffix}'; allowed: {', '.join(SUFFIXES)}", str(out)))
    if case not in ("journey", "customer"):
        problems.append(Problem("", f"read '{case}'; allowed: journey, customer", "--case"))
    if problems:
        raise ScenarioError(problems)
    check_file(out, overwrite)
    day = _date(start)
    with show.progress("Living the world", None, quiet):
        from cxsim.results.result import load_result
        from cxsim.studies.simulate import simulate

        if Path(source).is_dir():
            if sets or seed is not None or customers is not None:
                sentence = "a saved result is exported as it is: without --set, --seed and --customers"
                raise ScenarioError([Problem("", sentence, source)])
            result = load_result(source)
            first_day(result.scenario, day)
        else:
            followed = [] if customers is None else [f"record.encounters={customers}"]
            scenario = load_given(source, [*(sets or []), *followed], quiet)
            first_day(scenario, day)
            result = simulate(scenario, replications=1, seed=seed)
        encounters = result.encounters
        if not warm_up and "day" in encounters:
            encounters = encounters[encounters["day"] >= 0]
        log = event_log(encounters, result.scenario, "customer" if case == "customer" else "journey", day)
        write_event_log(log, out)
    told = {"file": str(out), "events": len(log), "cases": int(log[CASE].nunique()), "case": case}
    if json:
        show.json(told)
    elif not quiet:
        show.say(f"Event log: {out} ({told['events']:,} events of {told['cases']:,} cases; a case is one {case})")


def encounters(
    scenario: ScenarioText,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="File to write: .parquet.")],
    customers: Annotated[
        int | None, typer.Option("--customers", min=1, help="Customers to follow.", show_default="everybody")
    ] = None,
    sets: Sets = None,
    seed: Seed = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Write every encounter of everybody to Parquet: `cxsim encounters parcel --out encounters.parquet`."""
    from cxsim.cli import show
    from cxsim.report.write import check_file
    from cxsim.scenario.errors import Problem, ScenarioError

    if out.suffix.lower() != ".parquet":
        raise ScenarioError([Problem("", f"ends in '{out.suffix}'; allowed: .parquet", str(out))])
    check_file(out, overwrite)
    world = load_given(scenario, sets, quiet)
    with show.progress(f"Living {world.name}", world.days, quiet) as advance:
        from cxsim.studies.everybody import write_encounters

        rows = write_encounters(world, out, seed=seed, customers=customers, progress=advance)
    if json:
        show.json({"file": str(out), "rows": rows})
    elif not quiet:
        show.say(f"{rows:,} encounters and decisions: {out}")


def _date(text: str | None) -> date | None:
    from datetime import date as calendar

    from cxsim.scenario.errors import Problem, ScenarioError

    if text is None:
        return None
    try:
        return calendar.fromisoformat(text)
    except ValueError:
        raise ScenarioError([Problem("", f"read '{text}'; write a date such as 2025-01-06", "--start")]) from None
