"""The command that fits a scenario to what was observed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cxsim.cli.options import Json, Quiet, ScenarioText, Seed, Sets, load_given, parse_sets
from cxsim.cli.studies import SOME_FAILED, Anew, Cluster, Jobs, Out, study_folder

if TYPE_CHECKING:
    from cxsim.studies.targets import Fitted, Targets


def calibrate(
    scenario: ScenarioText,
    targets: Annotated[
        str, typer.Option("--targets", "-t", metavar="TARGETS", help="File, or name of ready targets.")
    ] = "published",
    fit: Annotated[
        list[str] | None,
        typer.Option("--fit", metavar="PARAMETER[=LOW..HIGH]",
                     help="What to fit instead of what the targets file names. Repeatable."),
    ] = None,
    changed: Annotated[
        list[str] | None,
        typer.Option("--target", metavar="NAME=VALUE", help="Another figure for one of the targets. Repeatable."),
    ] = None,
    trials: Annotated[int, typer.Option("--trials", min=1, help="Settings to try.")] = 120,
    replications: Annotated[int, typer.Option("--replications", "-r", min=1, help="Common seeds of every trial.")] = 3,
    confirm: Annotated[int, typer.Option("--confirm", min=2, help="Unseen seeds that confirm the best.")] = 20,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Scenario file to write.",
                                  show_default="SCENARIO_calibrated.yaml")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the scenario file in --to.")] = False,
    sets: Sets = None,
    searching: Annotated[
        list[str] | None,
        typer.Option("--while-searching", metavar="PATH=VALUE",
                     help="As --set, but while searching alone: a smaller population, say. Repeatable."),
    ] = None,
    seed: Seed = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    out: Out = None,
    overwrite: Anew = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:  # fmt: skip
    """Fit a scenario to what was observed: `cxsim calibrate consumer --targets published`.

    Writes a scenario that extends the old one, and a report. Stopped and started again, it goes on; with more --trials
    it continues. Exit code 1 if a target that has to hold does not.
    """
    from cxsim.cli import show, show_calibration, show_studies
    from cxsim.report.write import check_file, write_report
    from cxsim.studies.calibrate import calibrate as seek
    from cxsim.studies.calibrate import calibration_of, runs_expected
    from cxsim.studies.study import write_whole
    from cxsim.studies.targets import load_targets

    world = load_given(scenario, sets, quiet)
    wanted = _with_fit(_with_values(load_targets(targets), changed), fit)
    loaded = calibration_of(world, wanted)
    file = to or Path(f"{world.name}_calibrated.yaml")
    check_file(file, replace, "--replace")
    folder = study_folder("calibrate", loaded, out, overwrite, world.name)
    total = runs_expected(loaded, trials, replications, confirm)
    with show.progress(f"Fitting {world.name}", total, quiet, "runs") as advance:
        found = seek(
            loaded, wanted, trials=trials, seed=seed, replications=replications, confirm=confirm, jobs=jobs,
            cluster=cluster, out=folder, search=parse_sets(searching), progress=advance,
            better=lambda trial, loss: show.note(f"trial {trial}: best so far, loss {loss:.3g}", quiet),
        )  # fmt: skip
    text = found.scenario_text(_parent(scenario, file), parse_sets(sets))
    write_whole(file, lambda part: part.write_text(text, "utf-8"))
    report = write_report(found, folder / "report.html")
    if json:
        show.json(show_calibration.document(found))
        show.note(f"Scenario: {file}\nReport: {report}", quiet)
    elif not quiet:
        show_calibration.calibration(found, file, report)
    show_studies.failures(found.study.runs)
    if len(found.study.failed) or not found.holds:
        raise typer.Exit(SOME_FAILED)


def _parent(text: str, file: Path) -> str:
    """The scenario as a file beside or below it can name it: a ready one by its name, another by its relative path."""
    from cxsim.scenario.ready import find_scenario, ready_scenarios

    found = find_scenario(text)
    for name, ready in ready_scenarios().items():
        if ready == found:
            return name
    return Path(os.path.relpath(found, file.absolute().parent)).as_posix()


def _with_values(targets: Targets, texts: list[str] | None) -> Targets:
    """Targets with other figures: the band moves along."""
    from cxsim.scenario.errors import Problem, ScenarioError, nearest

    changed, problems = dict(targets.targets), []
    for text in texts or []:
        name, _, number = (part.strip() for part in text.partition("="))
        if name not in changed:
            hint = nearest(name, changed)
            problems.append(Problem("", f"no target '{name}'" + (f"; {hint}" if hint else ""), "--target"))
            continue
        try:
            value = float(number)
        except ValueError:
            problems.append(Problem("", f"read {text!r}; write NAME=VALUE, such as {name}=0.82", "--target"))
            continue
        target = changed[name]
        low, high = target.band
        shift = value - target.aim
        ends = {} if target.value is not None and target.low is None else {"low": low + shift, "high": high + shift}
        changed[name] = target.model_copy(update={"value": value, "tolerance": target.scale, **ends})
    if problems:
        raise ScenarioError(problems)
    return targets.model_copy(update={"targets": changed})


def _with_fit(targets: Targets, texts: list[str] | None) -> Targets:
    """Targets that name other parameters to fit; errors as in a targets file."""
    from cxsim.scenario.errors import Problem, ScenarioError
    from cxsim.studies.targets import load_targets

    if not texts:
        return targets
    fit: dict[str, Any] = {}
    for text in texts:
        name, _, span = (part.strip() for part in text.partition("="))
        fit[name] = targets.fit[name].model_dump() if name in targets.fit else {"parameter": name}
        if span:
            low, _, high = span.partition("..")
            try:
                fit[name] |= {"low": float(low), "high": float(high)}
            except ValueError:
                sentence = f"read {text!r}; write PARAMETER=LOW..HIGH, such as leave_base=-6..-2"
                raise ScenarioError([Problem("", sentence, "--fit")]) from None
    chosen: dict[str, Fitted] = load_targets({**targets.document(), "fit": fit}).fit
    return targets.model_copy(update={"fit": chosen})
