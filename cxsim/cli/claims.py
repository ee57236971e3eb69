"""`cxsim claims`: every claim as an experiment."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cxsim.cli.options import Json, Overwrite, Quiet

if TYPE_CHECKING:
    from cxsim.evidence.claims.saved import ClaimStudy


def claims(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CLAIM]...", help="Claims by id; all if left out.", show_default=False),
    ] = None,
    robust: Annotated[
        bool, typer.Option("--robustness", help="Also over draws of all parameters from their ranges. Takes long.")
    ] = False,
    draws: Annotated[
        int | None, typer.Option("--draws", min=2, help="Draws for --robustness.", show_default="60")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the claims and live nothing.")] = False,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, max=2**63 - 1, help="Where the luck starts.", show_default="2025")
    ] = None,
    replications: Annotated[
        int | None, typer.Option("--replications", "-r", min=1, help="How often every world is lived.",
                                 show_default="claim's")
    ] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes to use.",
                                             show_default="all cores")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder to keep them in; `cxsim report FOLDER` makes a page. "
                                  "--robustness goes on there.", show_default="results/claims with --robustness")
    ] = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    json: Json = False,
) -> None:  # fmt: skip
    """Put claims about customers to the model, each as a paired experiment: `cxsim claims early-late`."""
    from cxsim.cli import show
    from cxsim.cli.options import RESULTS
    from cxsim.evidence.claims.judging import SEED, live_and_judge, run_count, tasks_of
    from cxsim.evidence.claims.registry import chosen
    from cxsim.evidence.claims.robustness import DRAWS, REPLICATIONS, basis, robustness
    from cxsim.evidence.claims.saved import ClaimStudy, check_folder, recorded_robustness, save

    wanted = chosen(names or [])
    if listed:
        if json:
            show.json([{"id": claim.id, "claim": claim.claim, "question": claim.question} for claim in wanted])
        else:
            show.rows("Claims", ["id", "claim"], [[claim.id, claim.claim] for claim in wanted])
        return
    folder = out or (Path(RESULTS) / "claims" if robust else None)
    if folder is not None:
        check_folder(folder, overwrite or robust)
    base, begun = SEED if seed is None else seed, time.perf_counter()
    tasks = tasks_of(wanted, replications)
    with show.progress(f"Judging {len(wanted)} claims", run_count(tasks), quiet, "runs") as advance:
        judged = live_and_judge(wanted, tasks, seed=base, jobs=jobs, progress=advance)
    seconds = time.perf_counter() - begun
    if robust:
        count = DRAWS if draws is None else draws
        with show.progress(f"Judging them over {count} draws of the parameters", count, quiet, "draws") as advance:
            found = robustness(wanted, draws=count, seed=base, jobs=jobs, out=folder, progress=advance)
        study = ClaimStudy(judged, base, seconds, {one.claim.id: one for one in found}, basis(count, REPLICATIONS))
    else:
        study = ClaimStudy(judged, base, seconds, *recorded_robustness())
    if folder is not None:
        save(study, folder)
    if json:
        show.json(study.records())
        show.note(f"{seconds:.0f} seconds", quiet)
    elif not quiet:
        _show(study, folder)


def _show(study: ClaimStudy, folder: Path | None) -> None:
    """A table, and for what does not simply hold, why."""
    from cxsim.cli import show
    from cxsim.evidence.claims.wording import counted, effect_figures, robust_words, without_words

    rows = []
    for judged in study.judged:
        for place, found in enumerate(judged.parts):
            robust = study.robustness.get(judged.claim.id)
            without = {True: "fails", False: "holds", None: ""}[judged.fails_without]
            rows.append([
                "" if place else judged.claim.id, "" if place else judged.verdict, found.part.label,
                effect_figures(found.effect, found.part.unit), found.part.unit, found.verdict, "" if place else without,
                "" if place or robust is None else f"{100 * robust.share:.0f} %",
            ])  # fmt: skip
        if not judged.parts:
            rows.append([judged.claim.id, judged.verdict, judged.reason, "", "", "", "", ""])
    head = ["claim", "verdict", "part", "effect (95 % interval)", "unit", "part's verdict", "without", "robust"]
    show.rows("Claims, put to the model", head, rows)
    single = len(study.judged) == 1
    for judged in study.judged:
        claim = judged.claim
        if single:
            show.say(f"\n{claim.question}\n{claim.design}")
        if single or judged.verdict != "holds":
            said = [claim.finding, without_words(judged) if single else "",
                    robust_words(study.robustness.get(claim.id)) if single else ""]  # fmt: skip
            told = " ".join(sentence for sentence in said if sentence)
            if told:
                show.say(f"\n{claim.id} ({judged.verdict}): {told}")
    show.say(f"\n{counted(study.judged)} {study.seconds:.0f} seconds.")
    if study.robustness:
        show.say(f"Robust: share of the parameter space in which all parts hold ({study.robustness_basis}).")
    if folder is not None:
        show.say(f"Kept in {folder}; one page of all: cxsim report {folder}")
