"""`cxsim sweep`, `sensitivity` and `optimise`: studies told by an experiment file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from cxsim.cli.options import RESULTS, Json, Quiet, Sets, parse_sets

if TYPE_CHECKING:
    from cxsim.studies.experiment import Optimise
    from cxsim.studies.experiment_files import Loaded
    from cxsim.studies.sensitivity import Method

ExperimentText = Annotated[
    str, typer.Argument(metavar="EXPERIMENT", help="File, or name of a ready experiment.", show_default=False)
]
Seed = Annotated[
    int | None, typer.Option("--seed", min=0, max=2**63 - 1, help="Where the luck starts.", show_default="experiment's")
]
Replications = Annotated[
    int | None, typer.Option("--replications", "-r", min=1, help="Runs per point.", show_default="experiment's")
]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes to use.", show_default="all cores")]
Cluster = Annotated[
    str | None,
    typer.Option("--cluster", metavar="ADDRESS", help="Dask scheduler to use instead, such as tcp://host:8786."),
]
Out = Annotated[
    Path | None, typer.Option("--out", "-o", help="Folder of the study; one begun there is gone on with.",
                              show_default="results/KIND-NAME")
]  # fmt: skip
Anew = Annotated[bool, typer.Option("--overwrite", help="Begin anew instead of going on with the study in --out.")]
SOME_FAILED = 1
"""Exit code when runs failed."""


def load_given_experiment(text: str, sets: list[str] | None) -> Loaded:
    """Experiment from a file or a ready one's name, with overrides of its scenario."""
    from cxsim.studies.experiment_files import load_experiment

    return load_experiment(text, parse_sets(sets))


def study_folder(kind: str, loaded: Loaded, out: Path | None, anew: bool, name: str = "") -> Path:
    """Folder of a study, checked before any work is done."""
    from cxsim.studies.sweep import check_study_folder, clear_study

    folder = out or Path(RESULTS) / f"{kind}-{name or loaded.experiment.name}"
    check_study_folder(folder, None if anew else loaded)
    if anew:
        clear_study(folder)
    return folder


def sweep(
    experiment: ExperimentText,
    sets: Sets = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    out: Out = None,
    overwrite: Anew = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell the number of runs and the expected time.")] = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Run every point of an experiment: `cxsim sweep experiments/staffing.yaml`.

    Stopped at any moment and started again, it goes on where it stopped.
    """
    from cxsim.cli import show, show_studies
    from cxsim.studies.plan import make_plan
    from cxsim.studies.sweep import gather, journal_in, run_plan

    loaded = load_given_experiment(experiment, sets)
    if dry_run:
        _dry_run(loaded, seed, replications, jobs, out, quiet, json)
        return
    folder = study_folder("sweep", loaded, out, overwrite)
    plan = make_plan(loaded, seed=seed, replications=replications)
    with journal_in(loaded, folder) as journal:
        show_studies.gone_on_with(journal, quiet)
        with show.progress(f"Sweeping {loaded.experiment.name}", plan.runs, quiet, "runs") as advance:
            run_plan(plan, journal, jobs, cluster, advance)
        study = gather(loaded, plan, journal)
        study.write(folder)
    if json:
        show.json(show_studies.study_document(study))
        show.note(f"Tables: {folder}", quiet)
    elif not quiet:
        show_studies.study(study, folder)
    show_studies.failures(study.runs)
    if len(study.failed):
        raise typer.Exit(SOME_FAILED)


def _dry_run(
    loaded: Loaded, seed: int | None, replications: int | None, jobs: int | None, out: Path | None, quiet: bool,
    as_json: bool,
) -> None:  # fmt: skip
    from dataclasses import asdict

    from cxsim.cli import show
    from cxsim.studies.journal import FileJournal
    from cxsim.studies.plan import make_plan
    from cxsim.studies.study import JOURNAL
    from cxsim.studies.sweep import forecast

    plan = make_plan(loaded, seed=seed, replications=replications)
    file = (out or Path(RESULTS) / f"sweep-{loaded.experiment.name}") / JOURNAL
    with show.progress("Timing one run", None, quiet):
        if file.is_file():
            with FileJournal(file) as journal:
                told = forecast(plan, journal, jobs)
        else:
            told = forecast(plan, None, jobs)
    if as_json:
        show.json(asdict(told))
        return
    typer.echo(f"{told.points} points x {plan.replications} replications: {told.runs} runs, {told.done} of them done.")
    typer.echo(f"About {show.duration(told.seconds)} with {told.jobs} at a time, going by {told.basis}.")


def sensitivity(
    experiment: ExperimentText,
    method: Annotated[
        str, typer.Option("--method", "-m", help="morris (quick screening) or sobol (shares of the variance).")
    ] = "morris",
    size: Annotated[
        int | None,
        typer.Option("--size", min=2, help="Trajectories of Morris, or base samples of Sobol (a power of 2).",
                     show_default="by the number of inputs"),
    ] = None,
    sets: Sets = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    out: Out = None,
    overwrite: Anew = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:  # fmt: skip
    """Which lever or uncertainty matters most, for which measure: `cxsim sensitivity experiments/upstream.yaml`."""
    from cxsim.cli import show, show_studies
    from cxsim.scenario.errors import Problem, ScenarioError, nearest
    from cxsim.studies.sensitivity import analyse, default_size, plan_sensitivity
    from cxsim.studies.sweep import gather, journal_in, run_plan

    if method not in ("morris", "sobol"):
        raise ScenarioError([Problem("", f"read '{method}'; {nearest(method, ('morris', 'sobol'))}", "--method")])
    chosen = cast("Method", method)
    if method == "sobol" and size is not None and size & (size - 1):
        raise ScenarioError([Problem("", f"read {size}; allowed: a power of two, such as 64 or 128", "--size")])
    loaded = load_given_experiment(experiment, sets)
    folder = study_folder(f"sensitivity-{method}", loaded, out, overwrite)
    count = size or default_size(chosen, len(loaded.experiment.inputs))
    plan, positions = plan_sensitivity(loaded, chosen, count, seed=seed, replications=replications)
    with journal_in(loaded, folder) as journal:
        show_studies.gone_on_with(journal, quiet)
        with show.progress(f"Trying {loaded.experiment.name}", plan.runs, quiet, "runs") as advance:
            run_plan(plan, journal, jobs, cluster, advance)
        found = analyse(gather(loaded, plan, journal), chosen, positions)
        found.write(folder)
    if json:
        show.json({**found.summary(), "indices": show.records(found.indices)})
        show.note(f"Tables: {folder}", quiet)
    elif not quiet:
        show_studies.sensitivity(found, folder)
    show_studies.failures(found.study.runs)
    if len(found.study.failed):
        raise typer.Exit(SOME_FAILED)


def optimise(
    experiment: ExperimentText,
    objectives: Annotated[
        list[str] | None,
        typer.Option("--objective", metavar="MEASURE=maximise|minimise",
                     help="What to seek instead of the experiment's own aim. Repeatable."),
    ] = None,
    constraints: Annotated[
        list[str] | None,
        typer.Option("--constraint", metavar="'MEASURE <= NUMBER'", help="What must hold. Repeatable."),
    ] = None,
    budget: Annotated[float | None, typer.Option("--budget", min=0, help="Most that the levers may cost.")] = None,
    trials: Annotated[
        int | None, typer.Option("--trials", min=1, help="Settings to try.", show_default="experiment's")
    ] = None,
    sets: Sets = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    cluster: Cluster = None,
    out: Out = None,
    overwrite: Anew = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:  # fmt: skip
    """The best levers under a budget and constraints: `cxsim optimise experiments/best_shop.yaml`.

    What is found is confirmed on seeds that the search never saw. Stopped and started again, it goes on; with more
    --trials, it continues a finished search.
    """
    from cxsim.cli import show, show_studies
    from cxsim.studies.optimise import optimise as seek
    from cxsim.studies.optimise import runs_expected, with_outcomes

    loaded = load_given_experiment(experiment, sets)
    loaded = with_outcomes(loaded, _aim(loaded, objectives, constraints, budget, trials))
    folder = study_folder("optimise", loaded, out, overwrite)
    total = runs_expected(loaded, replications)
    with show.progress(f"Seeking the best of {loaded.experiment.name}", total, quiet, "runs") as advance:
        found = seek(loaded, seed=seed, replications=replications, jobs=jobs, cluster=cluster, out=folder,
                     progress=advance)  # fmt: skip
    if json:
        tables = {name: show.records(getattr(found, name)) for name in ("trials", "confirmed", "changes")}
        show.json({**found.summary(), "tables": tables})
        show.note(f"Tables: {folder}", quiet)
    elif not quiet:
        show_studies.optimisation(found, folder)
    show_studies.failures(found.study.runs)
    if len(found.study.failed):
        raise typer.Exit(SOME_FAILED)


def _aim(
    loaded: Loaded, objectives: list[str] | None, constraints: list[str] | None, budget: float | None,
    trials: int | None,
) -> Optimise | None:  # fmt: skip
    """The experiment's aim, with what the command line says instead."""
    from cxsim.scenario.errors import Problem, ScenarioError
    from cxsim.studies.constraints import parse_constraint
    from cxsim.studies.experiment import Optimise

    changes: dict[str, object] = {}
    if objectives:
        sought = {name.strip(): way.strip() for name, _, way in (text.partition("=") for text in objectives)}
        for name, way in sought.items():
            if way not in ("maximise", "minimise"):
                raise ScenarioError([Problem("", f"read '{name}={way}'; allowed: maximise, minimise", "--objective")])
        changes["objectives"] = sought
    if constraints:
        for text in constraints:
            parse_constraint(text)
        changes["constraints"] = constraints
    if budget is not None:
        changes["budget"] = budget
    if trials is not None:
        changes["trials"] = trials
    own = loaded.experiment.optimise
    if own is None and not objectives:
        return None
    return Optimise.model_validate({**(own.model_dump() if own else {}), **changes})
