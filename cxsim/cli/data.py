"""`cxsim fit`: a company's own data in, a scenario out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cxsim.cli.options import Json, Overwrite, Quiet, ScenarioText, Sets, load_given

if TYPE_CHECKING:
    from cxsim.data.fitted import Fitted
    from cxsim.data.lines import Compared
    from cxsim.data.quality import Quality

app = typer.Typer(
    help="Fit a scenario to your own orders or contacts, and hold one against other data.", no_args_is_help=True
)

DataFile = Annotated[Path, typer.Argument(metavar="FILE", help="CSV or Parquet.", show_default=False)]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="OURS=THEIRS", help="Your name of a column, e.g. score=stars. Repeatable."),
]
OutFile = Annotated[
    Path | None, typer.Option("--out", "-o", metavar="FILE", help="Scenario to write.", show_default="NAME.yaml")
]
ReportFile = Annotated[
    Path | None, typer.Option("--report", metavar="FILE", help="Report to write.", show_default="beside --out, .html")
]
Check = Annotated[
    list[Path] | None,
    typer.Option("--check", metavar="FILE", help="Hold the fit against another file too. Repeatable."),
]
Unit = Annotated[str | None, typer.Option("--unit", help="Unit of the durations.", show_default=False)]
DateFormat = Annotated[
    str | None, typer.Option("--date-format", metavar="FORMAT", help="Format of written dates, e.g. '%m/%d/%Y %H:%M'.")
]
Scale = Annotated[
    str | None, typer.Option("--scale", metavar="LOW-HIGH", help="What scores run from and to.", show_default="1-5")
]
Grace = Annotated[
    float, typer.Option("--grace", min=0, max=30, help="Days after the promise from which an order is late.")
]
Share = Annotated[
    float, typer.Option("--share", min=0.001, max=1, help="Share of all contacts that the file holds, if a sample.")
]
MISSES_TOLD = 12


@app.command("orders")
def orders(
    file: DataFile,
    mapping: Map = None,
    unit: Unit = None,
    scale: Scale = None,
    grace: Grace = 1.0,
    date_format: DateFormat = None,
    check: Check = None,
    out: OutFile = None,
    report: ReportFile = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """From your orders (promised, actual, score) to a scenario that runs: `cxsim fit orders orders.csv`.

    Columns: ordered, promised, delivered as dates, or promised_days and actual_days; score, answered, customer,
    handed_over where you have them.
    """
    from cxsim.cli import show

    target, page = _targets(file, out, report, overwrite)
    reading: dict[str, Any] = {
        "unit": _one_of(unit, "orders"),
        "scale": _scale(scale),
        "grace_days": grace,
        "date_format": date_format,
    }
    with show.progress("Fitting", None, quiet) as advance:
        from cxsim.data.columns import parse_map
        from cxsim.data.fit_orders import check_orders, fit_orders
        from cxsim.data.orders import read_orders

        names = parse_map(mapping or [])
        found = fit_orders(read_orders(file, names, **reading), advance)
        others = [(other, *_check_orders(found.scenario, other, names, reading, check_orders)) for other in check or []]
    _finish(found, others, target, page, quiet, json)


@app.command("calls")
def calls(
    file: DataFile,
    mapping: Map = None,
    unit: Unit = None,
    share: Share = 1.0,
    date_format: DateFormat = None,
    check: Check = None,
    out: OutFile = None,
    report: ReportFile = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """From your contact log (arrival, wait, outcome, service) to a scenario that runs: `cxsim fit calls calls.csv`."""
    from cxsim.cli import show

    target, page = _targets(file, out, report, overwrite)
    reading: dict[str, Any] = {"unit": _one_of(unit, "calls"), "date_format": date_format}
    with show.progress("Fitting", None, quiet) as advance:
        from cxsim.data.calls import read_calls
        from cxsim.data.columns import parse_map
        from cxsim.data.fit_calls import check_calls, fit_calls

        names = parse_map(mapping or [])
        found = fit_calls(read_calls(file, names, **reading), share, advance)
        others = [(other, *_check_calls(found.scenario, other, names, reading, check_calls)) for other in check or []]
    _finish(found, others, target, page, quiet, json)


@app.command("check")
def check_file(
    scenario: ScenarioText,
    file: DataFile,
    mapping: Map = None,
    unit: Unit = None,
    scale: Scale = None,
    grace: Grace = 1.0,
    date_format: DateFormat = None,
    sets: Sets = None,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**63 - 1, help="Where the luck starts.")] = 2,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Hold a scenario against other orders or contacts: `cxsim fit check mine.yaml held-out.parquet`."""
    from cxsim.cli import show

    world = load_given(scenario, sets, quiet)
    is_orders = any(stop.kind == "delivery" for stop in world.touchpoints.values())
    reading: dict[str, Any] = {"date_format": date_format, "unit": _one_of(unit, "orders" if is_orders else "calls")}
    with show.progress("Living the scenario", None, quiet):
        from cxsim.data.columns import parse_map
        from cxsim.data.fit_calls import check_calls
        from cxsim.data.fit_orders import check_orders

        names = parse_map(mapping or [])
        if is_orders:
            reading |= {"scale": _scale(scale), "grace_days": grace}
            quality, compared = _check_orders(world, file, names, reading, partial(check_orders, seed=seed))
        else:
            quality, compared = _check_calls(world, file, names, reading, partial(check_calls, seed=seed))
    if json:
        from cxsim.data.fitted import compared_records

        show.json({"scenario": world.name, "file": str(file), "quality": [vars(entry) for entry in quality.remarks],
                   "lines": compared_records(compared), "holds": sum(entry.holds for entry in compared),
                   "of": len(compared)})  # fmt: skip
    elif not quiet:
        _show_quality(quality)
        _show_lines(f"{world.name} against {file.name}", compared)


def _check_orders(world: Any, file: Path, names: dict[str, str], reading: dict[str, Any], check: Any
                  ) -> tuple[Quality, list[Compared]]:  # fmt: skip
    from cxsim.data.order_lines import answering_lines, lead_time_lines, response_lines
    from cxsim.data.orders import read_orders

    other = read_orders(file, names, **reading)
    lines = [*lead_time_lines(other.timed), *response_lines(other.rows), *answering_lines(other.rows, other.grace_days)]
    return other.quality, check(world, lines)


def _check_calls(world: Any, file: Path, names: dict[str, str], reading: dict[str, Any], check: Any
                 ) -> tuple[Quality, list[Compared]]:  # fmt: skip
    from cxsim.data.call_lines import call_lines
    from cxsim.data.calls import read_calls

    other = read_calls(file, names, **reading)
    return other.quality, check(world, call_lines(other.rows))


def _one_of(unit: str | None, kind: str) -> str | None:
    from cxsim.scenario.errors import Problem, ScenarioError

    allowed = {"orders": ("days", "hours", "minutes", "seconds"),
               "calls": ("seconds", "minutes", "hours", "milliseconds")}[kind]  # fmt: skip
    if unit is not None and unit not in allowed:
        raise ScenarioError([Problem("", f"read '{unit}'; allowed: {', '.join(allowed)}", "--unit")])
    return unit


def _scale(text: str | None) -> tuple[float, float] | None:
    from cxsim.scenario.errors import Problem, ScenarioError

    if text is None:
        return None
    low, _, high = text.partition("-")
    try:
        found = float(low), float(high)
    except ValueError:
        found = 1.0, 0.0
    if not found[0] < found[1] < 1e9:
        raise ScenarioError([Problem("", f"read '{text}'; write lowest-highest, such as 0-10", "--scale")])
    return found


def _targets(file: Path, out: Path | None, report: Path | None, overwrite: bool) -> tuple[Path, Path]:
    """Files to write, checked before any work is done."""
    from cxsim.report.write import check_file as check_target
    from cxsim.scenario.errors import Problem, ScenarioError

    target = out or Path(f"{file.stem}.yaml")
    page = report or target.with_suffix(".html")
    if page == target or file.resolve() in (target.resolve(), page.resolve()):
        raise ScenarioError([Problem("", "data, scenario and report need three different names", str(target))])
    check_target(target, overwrite)
    check_target(page, overwrite)
    return target, page


def _finish(
    found: Fitted, others: list[tuple[Path, Quality, list[Compared]]], target: Path, page: Path, quiet: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Write scenario and report, and tell."""
    from cxsim.cli import show
    from cxsim.data.fitted import compared_records, scenario_text
    from cxsim.report.fit_page import fit_page
    from cxsim.report.write import write_text

    text = scenario_text(found)
    write_text(target, text)
    write_text(page, fit_page(found, [(other.name, compared) for other, _, compared in others], text))
    if as_json:
        checks = [
            {"file": str(other), "quality": [vars(entry) for entry in quality.remarks],
             "lines": compared_records(compared), "holds": sum(entry.holds for entry in compared), "of": len(compared)}
            for other, quality, compared in others
        ]  # fmt: skip
        show.json({**found.summary(), "out": str(target), "report": str(page), "checks": checks})
        show.note(f"Scenario: {target}; report: {page}", quiet)
    elif not quiet:
        _show_quality(found.quality)
        _show_estimates(found)
        _show_lines(f"{found.source}: data against the fitted scenario", found.compared)
        for other, quality, compared in others:
            _show_quality(quality)
            _show_lines(f"{other.name}: data against the fitted scenario", compared)
        for sentence in found.notes:
            show.say(f"- {sentence}")
        show.say(f"\nScenario: {target}; report: {page}\nNext: cxsim run {target}")


def _show_quality(quality: Quality) -> None:
    from cxsim.cli import show

    body = [[f"{remark.count:,}", remark.sentence] for remark in quality.remarks]
    show.say(f"\n{quality.rows_read:,} rows read, {quality.rows_used:,} used.")
    if body:
        show.rows("What was found in the file", ["count", "what, and what was done"], body)


def _show_estimates(found: Fitted) -> None:
    from math import isfinite

    from cxsim.cli import show

    body = [
        [entry.path, f"{entry.value:,.4g}", f"{entry.error:,.2g}" if isfinite(entry.error) else "-", entry.unit,
         "yes" if entry.is_identified else "no"]
        for entry in found.estimates
    ]  # fmt: skip
    show.say("")
    show.rows("What was found", ["number", "value", "standard error", "unit", "told by the data"], body)


def _show_lines(title: str, compared: list[Compared]) -> None:
    from cxsim.cli import show

    body = [
        [entry.observed.label, f"{entry.observed.value:,.4g}", f"{entry.simulated.value:,.4g}",
         f"{entry.low:,.4g} to {entry.high:,.4g}", entry.observed.unit, f"{entry.observed.count:,}",
         "holds" if entry.holds else "[red]does not hold[/]"]
        for entry in compared
    ]  # fmt: skip
    show.say("")
    show.rows(title, ["line", "data", "simulated", "band", "unit", "rows", "verdict"], body)
    held = sum(entry.holds for entry in compared)
    show.say(f"{held} of {len(body)} lines hold. Band: 99 % by the sampling errors of both, plus a tolerance.")
