"""How results look in a terminal: readable tables on stdout, progress on stderr, JSON for machines."""

from __future__ import annotations

import json as json_module
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from cxsim.results.wording import change, number

if TYPE_CHECKING:
    import pandas as pd

    from cxsim.instruments.sheet import Reading
    from cxsim.results.measures import Measure
    from cxsim.results.result import Result
    from cxsim.studies.compare import Comparison

_STYLE = {"better": "green", "worse": "red"}
_NO_END = 100_000
"""Width, in characters, of what is no terminal."""


def _console(stderr: bool = False) -> Console:
    console = Console(stderr=stderr, highlight=False)
    if not console.is_terminal:  # a file or a pipe has no width: nothing is folded or cut
        console = Console(stderr=stderr, highlight=False, width=_NO_END)
    return console


def note(text: str, quiet: bool) -> None:
    """A line for people on stderr."""
    if not quiet:
        print(text, file=sys.stderr)


def json(document: Any) -> None:
    """One JSON document on stdout."""
    json_module.dump(document, sys.stdout, indent=2)
    sys.stdout.write("\n")


def rows(title: str, head: list[str], body: list[list[str]]) -> None:
    """A plain table."""
    table = Table(title=title, title_justify="left", header_style="bold", show_edge=False, pad_edge=False)
    for name in head:
        table.add_column(name, overflow="fold")
    for row in body:
        table.add_row(*row)
    _console().print(table)


def say(text: str) -> None:
    """A line for people on stdout."""
    _console().print(text)


def reading(found: Reading) -> None:
    """What an instrument found: the sentence, its tables, and what to know about them."""
    console = _console()
    scenario = found.result.scenario
    console.print(f"\n[bold]{found.title}[/bold]: {escape(scenario.title or scenario.name)}")
    console.print(escape(found.finding))
    for sheet in found.sheets:
        console.print()
        if sheet.is_prose:
            for place, (first, *rest) in enumerate(sheet.cells(), start=1):
                console.print(f"[bold]{place}. {escape(first)}[/bold]")
                console.print(escape(" ".join(rest)))
            continue
        table = Table(title=sheet.title, title_justify="left", header_style="bold", show_edge=False, pad_edge=False)
        for column in sheet.columns:
            table.add_column(column.label, justify="left" if column.kind == "text" else "right", overflow="fold")
        for row in sheet.cells():
            table.add_row(*(escape(cell) for cell in row))
        console.print(table)
        if sheet.about:
            console.print(escape(sheet.about), style="dim")
    if found.notes:
        console.print()
    for told in found.notes:
        console.print(escape(told), style="dim")


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table for a JSON document, which has no nan."""
    return [
        {str(key): None if isinstance(value, float) and math.isnan(value) else value for key, value in row.items()}
        for row in table.to_dict("records")
    ]


@contextmanager
def progress(what: str, total: int | None, quiet: bool, unit: str = "days") -> Iterator[Callable[[int], None] | None]:
    """A progress bar on stderr with time left; says so when the engine is compiled first."""
    if quiet:
        yield None
        return
    console = _console(stderr=True)
    from cxsim.compiling import COMPILING_TAKES, is_warm

    if not is_warm():
        console.print(f"First run of this version on this machine: compiling the engine takes {COMPILING_TAKES}, once.")
    columns = [SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TextColumn(unit), TimeRemainingColumn()]  # fmt: skip
    shown = columns if total else columns[:2]
    with Progress(*shown, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.advance(task, done)


def result(found: Result, folder: Path) -> None:
    """Measures with intervals, what drove the gap, who left and why, and where the tables lie."""
    from cxsim.results.measures import HEADLINES, MEASURE

    console, scenario = _console(), found.scenario
    console.print(f"\n[bold]{scenario.title or scenario.name}[/bold]")
    console.print(
        f"{found.replications} replications of {scenario.population.customers:,} customers over "
        f"{int(scenario.horizon)} days after a warm-up of {int(scenario.warm_up)}; seed {found.seed}; "
        f"{found.runs['events'].sum():,} events.\n"
    )
    table = Table(header_style="bold", show_edge=False, pad_edge=False)
    for name, justify in (("measure", "left"), ("mean", "right"), ("95 % interval", "right"), ("unit", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for name in HEADLINES:
        measure, value = MEASURE[name], found.estimate(name)
        if math.isnan(value.mean) and name != "switched_after_poor":
            continue
        interval = "" if math.isnan(value.low) else f"{number(value.low, measure)} to {number(value.high, measure)}"
        if math.isnan(value.mean):
            interval = "needs a horizon of 3 years"
        unit = "" if measure.unit == "share" else measure.unit
        table.add_row(measure.label, number(value.mean, measure), interval, unit)
    console.print(table)
    _switched(console, found)
    _drivers(console, found)
    _lost(console, found)
    console.print(f"\nTables: {folder} (summary in README.md; Parquet: {', '.join(sorted(_table_names()))})")
    console.print(f"One life in words: cxsim story {folder}")


def _switched(console: Console, found: Result) -> None:
    """How the share who switched after a poor experience is to be read."""
    from cxsim.evidence.published import several
    from cxsim.evidence.reading import READING

    share = found.estimate("switched_after_poor").mean
    if not math.isnan(share):
        console.print(f"\n[bold]Switched after a poor experience[/bold]\n{READING}")
        console.print(f"By number of such relationships: {several(share)}.")


def _table_names() -> list[str]:
    from cxsim.results.tables import TABLES

    return list(TABLES)


def _drivers(console: Console, found: Result) -> None:
    drivers = found.drivers
    stops = drivers[drivers["by"] == "touchpoint"]
    ranked = stops.assign(size=stops["gap"].abs()).sort_values("size", ascending=False)
    console.print("\n[bold]What drove the gap[/bold] (levels; poor encounters per 1,000, lived here and caused here)")
    table = Table(header_style="bold", show_edge=False, pad_edge=False)
    for name in ("touchpoint", "adds to the gap", "own gap", "poor here", "poor caused", "irritation", "contacts",
                 "last straws"):  # fmt: skip
        table.add_column(name, justify="left" if name == "touchpoint" else "right")
    for row in ranked.to_dict("records"):
        table.add_row(
            row["label"], f"{row['gap']:+.4f}", f"{row['gap_per_encounter']:+.3f}",
            f"{row['poor_here']:.1f}", f"{row['poor_caused']:.1f}",
            *(f"{100 * row[share]:.0f} %" for share in ("irritation_share", "contacts_share", "last_straw_share")),
        )  # fmt: skip
    console.print(table)
    _control(console, found)


def _control(console: Console, found: Result) -> None:
    """Who raised what customers predict, and how many of the factors are in hand."""
    factors = found.factors.drop_duplicates("factor")
    parts = []
    for control, group in factors.groupby("control", sort=True):
        share = found.estimate(f"{control}_share").mean
        carried = f"{100 * share:.0f} %" if math.isfinite(share) else "nothing"
        parts.append(f"{len(group)} {control} factors carry {carried}")
    console.print("Of the spread of what customers predict, " + ", ".join(parts) + ".")


def _lost(console: Console, found: Result) -> None:
    left = found.blame["last_straws"].sum()
    per_run = len(found.lost) / max(found.replications, 1)
    digits = 0 if per_run >= 10 else 1
    console.print(f"\n[bold]Who left and why[/bold] ({per_run:,.{digits}f} customers per replication)")
    if left == 0:
        console.print("Nobody left after a poor journey.")
        return
    drivers = found.drivers
    reasons = drivers[(drivers["by"] == "reason") & (drivers["last_straw_share"] > 0)]
    reasons = reasons.sort_values("last_straw_share", ascending=False)
    parts = [f"{row['label']} {100 * row['last_straw_share']:.0f} %" for row in reasons.head(4).to_dict("records")]
    console.print("Last straw: " + ", ".join(parts) + ".")
    built = drivers[drivers["by"] == "reason"].sort_values("irritation_share", ascending=False)
    parts = [f"{row['label']} {100 * row['irritation_share']:.0f} %" for row in built.head(3).to_dict("records")]
    console.print("What had built up: " + ", ".join(parts) + ".")
    shares = found.lost["persona"].value_counts(normalize=True)
    personas = found.scenario.personas
    parts = [f"{personas[str(name)].label or name} {100 * share:.0f} %" for name, share in shares.items()]
    console.print("They were: " + ", ".join(parts) + f"; median tenure {found.lost['tenure_days'].median():.0f} days.")


def comparison(found: Comparison, folder: Path | None) -> None:
    """Paired differences of every variant to the baseline."""
    from cxsim.results.measures import HEADLINES, MEASURE
    from cxsim.studies.compare import verdict

    console = _console()
    count = found.results[found.baseline].replications
    for variant in found.variants:
        console.print(f"\n[bold]{variant}[/bold] against {found.baseline}, the same luck, {count} replications")
        table = Table(header_style="bold", show_edge=False, pad_edge=False)
        for name in ("measure", found.baseline, "variant", "difference", "95 % interval", "verdict", "runs saved"):
            table.add_column(name, justify="left" if name in ("measure", "verdict") else "right", overflow="fold")
        for name in HEADLINES:
            measure, difference = MEASURE[name], found.difference(variant, name)
            if math.isnan(difference.mean):
                continue
            base = found.results[found.baseline].estimate(name).mean
            told = verdict(difference, measure.better)
            saved = found.runs_saved(variant, name)
            table.add_row(
                measure.label + (" (points)" if measure.unit == "share" else ""),
                number(base, measure), number(found.results[variant].estimate(name).mean, measure),
                change(difference.mean, measure),
                "" if math.isnan(difference.low)
                else f"{change(difference.low, measure)} to {change(difference.high, measure)}",
                f"[{_STYLE[told]}]{told}[/]" if told in _STYLE else told,
                "" if math.isnan(saved) else f"{saved:,.0f} x",
            )  # fmt: skip
        console.print(table)
    if len(found.variants) > 1:
        _best(console, found)
    if count < 2:
        console.print("One replication gives no interval; use --replications.")
    for name, wanted in found.until.items():
        _until(console, found, MEASURE[name], wanted)
    if folder is not None:
        console.print(f"\nTables: {folder}")


def _best(console: Console, found: Comparison) -> None:
    """Chance of every variant to be best, by measure."""
    from cxsim.results.measures import HEADLINES, MEASURE

    console.print("\n[bold]Chance to be best[/bold] (share of replications)")
    table = Table(header_style="bold", show_edge=False, pad_edge=False)
    for name in ("measure", *found.results):
        table.add_column(name, justify="left" if name == "measure" else "right", overflow="fold")
    for name in HEADLINES:
        chances = found.chance_best(name)
        if chances:
            table.add_row(MEASURE[name].label, *(f"{100 * chance:.0f} %" for chance in chances.values()))
    console.print(table)


def _until(console: Console, found: Comparison, measure: Measure, wanted: float) -> None:
    """Whether a half-width was reached, and how many runs independent luck would have needed for it."""
    count = found.results[found.baseline].replications
    half = found.half_width(measure.name)
    told = "reached" if half <= wanted else "not reached"
    saved = [found.runs_saved(name, measure.name) for name in found.variants]
    known = [value for value in saved if not math.isnan(value)]
    text = f"{measure.label}: half-width {half:.3g} after {count} replications; {wanted:.3g} {told}."
    if known:
        text += (
            f" Without shared luck it would have taken about {count * max(known):,.0f} (at most {max(known):,.0f} x)."
        )
    console.print(text)


def comparison_document(found: Comparison) -> dict[str, Any]:
    """A comparison for machines: nan becomes null."""
    table = found.table.astype(object).where(found.table.notna(), None)
    return {
        "baseline": found.baseline,
        "replications": found.results[found.baseline].replications,
        "until": {
            name: {"wanted": wanted, "half_width": None if math.isnan(half) else half, "reached": half <= wanted}
            for name, wanted in found.until.items()
            for half in [found.half_width(name)]
        },
        "chance_best": {name: found.chance_best(name) for name in found.table["measure"].unique()},
        "variants": {name: result.summary() for name, result in found.results.items()},
        "differences": table.to_dict("records"),
    }


def duration(seconds: float) -> str:
    """A length of time as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    if seconds < 5400:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"
