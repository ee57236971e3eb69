"""What `cxsim demo` says after its table: what happened, in two sentences, and what to try next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxsim.results.result import Result


def welcome(found: Result, folder: Path) -> None:
    """Tell the finding of a run in words, and commands that go on from it."""
    from cxsim.cli import show

    show.say("\n[bold]In short[/bold]")
    show.say(in_short(found))
    show.say("\n[bold]Try next[/bold]")
    width = max(len(command) for command, _ in next_steps(found, folder)) + 2
    for command, what in next_steps(found, folder):
        show.say(f"  {command.ljust(width)}{what}")


def in_short(found: Result) -> str:
    """What a run found, for somebody who has never seen one."""
    drivers = found.drivers
    poor, left = found.estimate("poor_journey_rate").mean, found.estimate("defection_rate").mean
    told = (
        f"Of 100 journeys {100 * poor:.0f} held something that was not acceptable, and of 100 customers "
        f"{100 * left:.0f} leave in a year"
    )
    reasons = drivers[(drivers["by"] == "reason") & (drivers["last_straw_share"] > 0)]
    if len(reasons):
        first = reasons.sort_values("last_straw_share", ascending=False).iloc[0]
        told += f"; the most frequent last straw: {first['label']} ({100 * first['last_straw_share']:.0f} %)"
    stops = drivers[drivers["by"] == "touchpoint"].sort_values("irritation_share", ascending=False)
    if len(stops) and stops.iloc[0]["irritation_share"] > 0:
        worst = stops.iloc[0]
        told += f". Of all that irritated them {100 * worst['irritation_share']:.0f} % came from {worst['label']}"
    return told + "."


def next_steps(found: Result, folder: Path) -> list[tuple[str, str]]:
    """Commands to go on with, each with what it does."""
    name = found.scenario.name
    return [
        (f"cxsim story {folder}", "one of these lives, in plain words"),
        (f"cxsim compare {name} --set company.tells_early=0.8", "tell people early of a delay: what does it change?"),
        ("cxsim ui", "the same shop in the browser: move a lever, see what it does"),
        (f"cxsim report {folder}", "one HTML file with charts, to hand on"),
        ("cxsim --help", "all the rest"),
    ]
