"""The command that holds the model against theory, published figures, data and claims."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cxsim.cli.options import Json, Quiet, Sets, load_given
from cxsim.cli.studies import Jobs

if TYPE_CHECKING:
    from cxsim.evidence.checks import Check

FAILED = 1
"""Exit code when a strict line does not hold."""
CALIBRATED = "consumer_calibrated"
"""Scenario that is judged where none is named."""


def validate(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SCENARIO]...", help="Files or names of ready scenarios that are held against "
                       "published figures.", show_default=CALIBRATED),
    ] = None,
    groups: Annotated[
        list[str] | None,
        typer.Option(
            "--group", "-g", help="theory, published, data, claims or instruments; all if left out. Repeatable."
        ),
    ] = None,
    targets: Annotated[
        str, typer.Option("--targets", "-t", metavar="TARGETS", help="Published figures: file, or name of ready ones.")
    ] = "published",
    quick: Annotated[bool, typer.Option("--quick", help="Small runs: verdicts are then hints.")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write the table as one HTML file too.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file in --report.")] = False,
    sets: Sets = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:  # fmt: skip
    """Hold the model against theory, published figures, data and claims: `cxsim validate`.

    Exit code 1 if a strict line does not hold.
    """
    from cxsim.cli import show
    from cxsim.evidence.validate import Settings, check_groups, failures
    from cxsim.evidence.validate import validate as judge
    from cxsim.report.evidence_page import evidence_page
    from cxsim.report.write import check_file, write_text
    from cxsim.studies.targets import load_targets

    wanted = check_groups(groups or [])
    load_targets(targets)
    judged = [load_given(text, sets, quiet) for text in scenarios or [CALIBRATED]] if "published" in wanted else []
    if report is not None:
        check_file(report, overwrite)
    lines = []
    with show.progress("Validating", None, quiet, "runs") as advance:
        settings = Settings(judged, targets, quick, jobs, advance)
        for line in judge(settings, wanted):
            lines.append(line)
            if not quiet and not json and not line.holds:
                show.note(f"{line.id}: does not hold", quiet)
    if report is not None:
        write_text(report, evidence_page(lines, quick))
    if json:
        show.json([line.record() for line in lines])
    elif not quiet:
        _table(lines, quick)
    if failures(lines):
        raise typer.Exit(FAILED)


def _table(found: list[Check], quick: bool) -> None:
    from cxsim.cli import show
    from cxsim.evidence.reading import READING
    from cxsim.evidence.validate import failures
    from cxsim.evidence.words import figure, verdict

    for group in dict.fromkeys(line.group for line in found):
        body = [
            [line.id, line.title, figure(line.observed, line), figure(line.simulated, line),
             f"{figure(line.low, line)} to {figure(line.high, line)}", verdict(line)]
            for line in found if line.group == group
        ]  # fmt: skip
        show.rows(
            group.capitalize(), ["id", "what is compared", "observed", "simulated", "holds between", "verdict"], body
        )
        print()
    for line in found:
        if line.note and not line.holds:
            print(f"{line.id}: {line.note}.")
    if any(line.id.endswith("switched-after-poor") for line in found):
        print("\nSwitched after a poor experience. " + READING)
        print(next(line.note for line in found if line.id.endswith("switched-after-poor")) + ".")
    failed = failures(found)
    held = sum(line.holds for line in found)
    print(
        f"\n{held} of {len(found)} lines hold; {len(failed)} that have to do not." + (" Quick runs." if quick else "")
    )
