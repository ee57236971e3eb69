"""Technology as enabler or definer: what it does where it stands, and what the other way round would do."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from cxsim.instruments.paired import beside, kept
from cxsim.instruments.sheet import Column, Sheet, listed, percent
from cxsim.instruments.words import figure, interval, is_clear
from cxsim.results.result import Result
from cxsim.scenario.itinerary import stop_names
from cxsim.scenario.schema import Scenario
from cxsim.scenario.touchpoints import DeskVisit
from cxsim.studies.compare import Comparison
from cxsim.studies.simulate import Progress

MODES = ("enabler", "definer")


@dataclass(frozen=True)
class TechnologyTrial:
    """Worlds in which all technology enables, or all defines, beside the world as it stands.

    Attributes:
        comparison: the worlds; None where there is nothing to turn round.
    """

    comparison: Comparison | None


def technology_worlds(scenario: Scenario) -> dict[str, Scenario]:
    """All technology as enabler, all as definer; only what differs from the scenario, and what is possible.

    An enabler needs people who take over: the desk that is called anyway, or the first there is.
    """
    desks = [name for name, stop in scenario.touchpoints.items() if isinstance(stop, DeskVisit)]
    worlds = {}
    for mode in MODES:
        stops = dict(scenario.touchpoints)
        for name, stop in scenario.touchpoints.items():
            told = stop.technology
            contact = (told.contact or next(iter(desks), None)) if told else None
            if told is not None and told.mode != mode and (contact or mode == "definer"):
                turned = told.model_copy(update={"mode": mode, "contact": contact})
                stops[name] = stop.model_copy(update={"technology": turned})
        if stops != dict(scenario.touchpoints):
            worlds[world_name(mode)] = scenario.model_copy(update={"touchpoints": stops})
    return worlds


def world_name(mode: str) -> str:
    """Name of the world in which all technology is of one kind."""
    return f"all technology as {mode}"


def try_technology(result: Result, *, jobs: int | None = None, progress: Progress | None = None) -> TechnologyTrial:
    """Turn technology round and live it beside a result; arguments as in `beside`."""
    worlds = technology_worlds(result.scenario)
    return TechnologyTrial(beside(result, worlds, jobs=jobs, progress=progress) if worlds else None)


def technology_sheet(result: Result) -> Sheet:
    """Every touchpoint with technology: how often it gets stuck, what is put down to it."""
    blame = result.blame
    rows = []
    for name, stop in result.scenario.touchpoints.items():
        if stop.technology is None:
            continue
        here = result.touchpoints[result.touchpoints["touchpoint"] == name]
        met = {kind: float(here[kind].sum()) for kind in ("encounters", "stuck", "poor", "satisfaction")}
        put = blame[(blame["origin"] == name) & (blame["reason"] == "technology")]
        rows.append(
            {
                "touchpoint": name, "label": stop_names(result.scenario)[name], "mode": stop.technology.mode,
                "stuck": _share(met["stuck"], met["encounters"]), "poor": _share(met["poor"], met["encounters"]),
                "feeling": 50.0 + 50.0 * _share(met["satisfaction"], met["encounters"]),
                **{kind: _share(float(put[kind].sum()), float(blame[kind].sum()))
                   for kind in ("contacts", "irritation", "last_straws")},
            }
        )  # fmt: skip
    columns = (
        Column("label", "touchpoint"), Column("mode", "technology as"), Column("stuck", "gets stuck", "share"),
        Column("poor", "poor", "share"), Column("feeling", "feeling, 0 to 100", "points"),
        Column("contacts", "of all contacts", "share"), Column("irritation", "of all irritation", "share"),
        Column("last_straws", "of all last straws", "share"),
    )  # fmt: skip
    table = pd.DataFrame(rows, columns=["touchpoint", *(column.key for column in columns)])
    return Sheet("technology", "Technology between customers and people", table, columns)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def technology_answer(table: pd.DataFrame, trial: TechnologyTrial | None) -> str:
    """Enabler or definer, with what it does and what the other way round would do."""
    if table.empty:
        return "No touchpoint puts technology between customers and people, so there is nothing to judge."
    parts = []
    for mode in MODES:
        rows = table[table["mode"] == mode]
        if len(rows):
            parts.append(
                f"{listed(rows['label'].tolist())} as {mode} (stuck in {percent(float(rows['stuck'].mean()))} of "
                f"encounters, {percent(float(rows['irritation'].sum()))} of all irritation)"
            )
    told = f"Technology stands at {listed(parts)}."
    if trial is None:
        return told
    if trial.comparison is None:
        return f"{told} It cannot be turned round here: no desk could take over."
    for name in trial.comparison.variants:
        stay = kept(trial.comparison, name)
        mode = name.rsplit(" ", 1)[1]
        clear = f"{figure(stay.mean)} kept of 1,000 customer-years ({interval(stay, sign=True)})"
        told += (
            f" All as {mode}: {clear}."
            if is_clear(stay)
            else f" All as {mode}: no clear change in who leaves ({clear})."
        )
    return told
