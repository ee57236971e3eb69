"""Commands that ask a scenario the questions a strategist would."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cxsim.cli.options import Jobs, Json, Quiet, Replications, ScenarioText, Seed, Sets, load_given

if TYPE_CHECKING:
    from cxsim.instruments.sheet import Reading
    from cxsim.results.result import Result

Source = Annotated[
    str,
    typer.Argument(metavar="SCENARIO_OR_RESULT", help="Scenario, or folder of a saved result.", show_default=False),
]
Fast = Annotated[bool, typer.Option("--fast", help="Only what the world itself tells; live no worlds beside it.")]


def moments(
    scenario: ScenarioText,
    sets: Sets = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Rank the moments of truth: how many customers would stay if nothing ever went wrong at a touchpoint."""
    from cxsim.cli import show

    base = load_given(scenario, sets, quiet)
    count = base.replications if replications is None else replications
    total = count * base.days * (1 + len(base.touchpoints))
    with show.progress(f"Making {len(base.touchpoints)} touchpoints flawless in turn", total, quiet) as advance:
        from cxsim.instruments.words import AMONG_PRESENT
        from cxsim.studies.moments import moments_of_truth

        found = moments_of_truth(base, replications=count, seed=seed, jobs=jobs, progress=advance)
    table = found.table
    if json:
        show.json({"scenario": base.name, "finding": found.finding, "touchpoints": show.records(table),
                   "notes": [AMONG_PRESENT]})  # fmt: skip
    elif not quiet:
        rows = [
            [
                row["label"], f"{row['saved']:.1f}", f"{row['low']:.1f} to {row['high']:.1f}",
                f"{100 * row['saved_share']:.0f} %", f"{row['satisfaction_gain']:+.1f}", f"{row['profit_gain']:+.2f}",
            ]
            for row in table.to_dict("records")
        ]  # fmt: skip
        head = ["touchpoint", "kept per 1,000 customer-years", "95 % interval", "of all who leave", "satisfaction",
                "profit per customer-year"]  # fmt: skip
        show.rows("Moments of truth: what nothing ever going wrong there would do", head, rows)
        show.say(found.finding)
        show.say(AMONG_PRESENT)


def scorecard(
    source: Source,
    fast: Fast = False,
    sets: Sets = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Five questions: baseline, balance with delight, steps, narrative, technology; answered with numbers."""
    _take("scorecard", source, not fast, sets, seed, replications, jobs, quiet, json)


def audit(
    source: Source,
    sets: Sets = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Audit the messages: every channel beside the others and beside what is delivered; what disagreement costs."""
    _take("audit", source, True, sets, seed, replications, jobs, quiet, json)


def dimensions(
    source: Source,
    sets: Sets = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """People, products, processes: expected, got, and what would exceed, by phase of the journey and by persona."""
    _take("dimensions", source, False, sets, seed, replications, jobs, quiet, json)


def journey_map(
    source: Source,
    with_moments: Annotated[
        bool, typer.Option("--moments", help="Find moments of truth by living every touchpoint flawless in turn.")
    ] = False,
    sets: Sets = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Map the journey of every persona: doing, thinking, feeling, and its moments of truth."""
    _take("journey-map", source, with_moments, sets, seed, replications, jobs, quiet, json)


def start_small(
    source: Source,
    sets: Sets = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Start small: the smallest change with the largest effect, early experiences first; cost per customer kept."""
    _take("start-small", source, True, sets, seed, replications, jobs, quiet, json)


def lost(
    source: Source,
    fast: Fast = False,
    sets: Sets = None,
    seed: Seed = None,
    replications: Replications = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Ask the customers you lost: who they were, what they would have scored, what each origin would have saved."""
    _take("lost", source, not fast, sets, seed, replications, jobs, quiet, json)


def _take(
    name: str, source: str, paired: bool, sets: list[str] | None, seed: int | None, replications: int | None,
    jobs: int | None, quiet: bool, as_json: bool,
) -> None:  # fmt: skip
    """Take the reading of an instrument and show it."""
    from cxsim.cli import show

    saved = _saved(source, sets, seed, replications)
    scenario = saved.scenario if saved else load_given(source, sets, quiet)
    from cxsim.instruments.catalogue import INSTRUMENT, Bench, worlds_of

    known = saved if saved and not paired else None  # worlds beside it are paired with one lived by this version
    count = saved.replications if saved else scenario.replications if replications is None else replications
    worlds = (worlds_of(scenario, [name]) if paired else 0) + (0 if known else 1)
    what = f"{INSTRUMENT[name].title}: {worlds} worlds" if worlds > 1 else INSTRUMENT[name].title
    with show.progress(what, worlds * count * scenario.days or None, quiet) as advance:
        if known is None:
            from cxsim.studies.simulate import simulate

            base = saved.seed if saved else seed
            known = simulate(scenario, replications=count, seed=base, jobs=jobs, progress=advance)
        reading = INSTRUMENT[name].take(Bench(known, jobs=jobs, progress=advance, paired=paired))
    if as_json:
        show.json(reading.document())
    elif not quiet:
        show.reading(reading)


def readings_of(found: object, folder: Path, jobs: int | None, quiet: bool) -> list[Reading]:
    """Readings of all instruments of a saved run, for its report; the run is lived again, as others are paired with it.

    Raises:
        ScenarioError: the folder holds no run.
    """
    from cxsim.cli import show
    from cxsim.instruments.catalogue import INSTRUMENTS, Bench, worlds_of
    from cxsim.results.result import Result
    from cxsim.scenario.errors import Problem, ScenarioError
    from cxsim.studies.simulate import simulate

    if not isinstance(found, Result):
        raise ScenarioError(
            [Problem("", "holds no run; instruments are held to a run, not a comparison or study", str(folder))]
        )
    scenario = found.scenario
    worlds = 1 + worlds_of(scenario, [instrument.name for instrument in INSTRUMENTS])
    total = worlds * found.replications * scenario.days
    with show.progress(f"Instruments: {worlds} worlds", total, quiet) as advance:
        lived = simulate(scenario, replications=found.replications, seed=found.seed, jobs=jobs, progress=advance)
        bench = Bench(lived, jobs=jobs, progress=advance)
        return [instrument.take(bench) for instrument in INSTRUMENTS]


def _saved(source: str, sets: list[str] | None, seed: int | None, replications: int | None) -> Result | None:
    """The saved result in a folder, which is what it is; None for a scenario.

    Raises:
        ScenarioError: the folder holds no complete result, or a value is to be changed in it.
    """
    from cxsim.scenario.errors import Problem, ScenarioError

    if not Path(source).is_dir():
        return None
    from cxsim.results.result import load_result

    given = {"--set": sets, "--seed": seed, "--replications": replications}
    told = [name for name, value in given.items() if value not in (None, [])]
    if told:
        sentence = f"a saved result cannot be changed; name its {Path(source) / 'scenario.yaml'} instead"
        raise ScenarioError([Problem("", sentence, name) for name in told])
    return load_result(source)
