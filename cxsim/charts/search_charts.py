"""What an optimisation found: the trade-off front, the plans confirmed on unseen seeds, and the best small steps."""

from __future__ import annotations

import math
from typing import Any

import plotly.graph_objects as go

from cxsim.charts.look import Theme, figure, kindly_empty, palette
from cxsim.charts.study_words import (
    change_axis,
    change_with_unit,
    estimate_of,
    interval,
    is_clear,
    is_missing,
    lever_label,
    measure_of,
    outcome_axis,
    records,
    shown,
    told,
    with_unit,
)
from cxsim.results.measures import Measure
from cxsim.results.wording import change
from cxsim.studies.compare import verdict
from cxsim.studies.constraints import parse_constraint
from cxsim.studies.optimise import Optimisation


def plan_name(trial: int) -> str:
    """Short name of a trial."""
    return "as it stands" if trial == 0 else f"plan {trial}"


def plan_levers(found: Optimisation, trial: int) -> str:
    """Where a trial has every lever."""
    row = found.trials[found.trials["trial"] == trial].iloc[0]
    experiment = found.study.experiment
    return ", ".join(
        f"{lever_label(experiment, name)} {told(experiment, name, row[name])}"
        for name in found.study.levers if not is_missing(row[name])
    )  # fmt: skip


def wanted(found: Optimisation) -> str:
    """Objectives, constraints and budget in words."""
    parts = [f"{way} {measure_of(name).label.lower()}" for name, way in found.aim.objectives.items()]
    for text in found.aim.constraints:
        bound = parse_constraint(text)
        measure = measure_of(bound.measure)
        parts.append(f"{measure.label.lower()} at {'most' if bound.at_most else 'least'} "
                     f"{with_unit(bound.bound, measure)}")  # fmt: skip
    if found.aim.budget is not None:
        parts.append(f"cost at most {found.aim.budget:,.0f}")
    return ", ".join(parts)


def judged_measures(found: Optimisation) -> list[str]:
    """Objectives, and what the constraints speak of."""
    return list(dict.fromkeys([*found.aim.objectives, *(parse_constraint(t).measure for t in found.aim.constraints)]))


def trade_off(found: Optimisation, x: str, y: str, theme: Theme = "light") -> go.Figure:
    """All trials over two objectives, the front among them, and what the confirmed ones came to on unseen seeds."""
    across, up, colours = measure_of(x), measure_of(y), palette(theme)
    trials = found.trials.dropna(subset=[x, y])
    if trials.empty:
        return kindly_empty("No trial has a value of both objectives.", theme)
    traces: list[dict[str, Any]] = []
    groups = (
        ("breaks a constraint", trials[~trials["is_feasible"]], colours.below, "x", 7),
        ("tried", trials[trials["is_feasible"] & ~trials["is_best"]], colours.baseline, "circle", 7),
        ("front, as searched", trials[trials["is_best"]], colours.accent, "circle-open", 9),
    )
    for name, part, tint, symbol, size in groups:
        if len(part):
            traces.append({
                "type": "scatter", "mode": "markers", "name": name,
                "x": [shown(across, value) for value in part[x]], "y": [shown(up, value) for value in part[y]],
                "marker": {"size": size, "color": tint, "symbol": symbol, "line": {"width": 2, "color": tint}},
                "customdata": [[plan_name(int(trial)), plan_levers(found, int(trial)).replace(", ", "<br>")]
                               for trial in part["trial"]],
                "hovertemplate": "%{customdata[0]}<br>%{customdata[1]}<extra></extra>",
            })  # fmt: skip
    by = {(int(row["trial"]), str(row["measure"])): row for row in records(found.confirmed)}
    confirmed = [int(trial) for trial in dict.fromkeys(found.confirmed["trial"])]
    plans = [trial for trial in confirmed if trial]
    today = [trial for trial in confirmed if not trial]
    for name, numbers, tint, symbol in (
        ("confirmed on unseen seeds", plans, colours.accent, "circle"),
        ("as it stands", today, colours.ink, "diamond-open"),
    ):
        if numbers:
            ends = [[by[trial, one] for trial in numbers] for one in (x, y)]
            traces.append({
                "type": "scatter", "mode": "markers", "name": name,
                "x": [shown(across, row["mean"]) for row in ends[0]], "y": [shown(up, row["mean"]) for row in ends[1]],
                "error_x": _half(ends[0], across), "error_y": _half(ends[1], up),
                "marker": {"size": 11, "color": tint, "symbol": symbol, "line": {"width": 2, "color": tint}},
                "customdata": [[plan_name(trial)] for trial in numbers],
                "hovertemplate": "%{customdata[0]}, confirmed<extra></extra>",
            })  # fmt: skip
    return figure(
        traces, _trade_off_finding(found, by, across, up),
        "Each dot a setting. Filled: lived again on seeds the search never saw, with 95 % intervals; quote these.",
        theme, 400, xaxis={"title": {"text": outcome_axis(across)}, "showgrid": True},
        yaxis={"title": {"text": outcome_axis(up)}},
    )  # fmt: skip


def _trade_off_finding(
    found: Optimisation, by: dict[tuple[int, str], dict[str, Any]], across: Measure, up: Measure
) -> str:
    """How much of one objective goes for the other among what was confirmed on unseen seeds."""
    holding = found.confirmed.groupby("trial")["holds"].all()
    kept = [int(trial) for trial in holding.index[holding]]
    best = []
    for one in (across, up):
        means = {trial: float(by[trial, one.name]["mean"]) for trial in kept}
        means = {trial: mean for trial, mean in means.items() if not math.isnan(mean)}
        if not means:
            return "No plan holds every constraint on unseen seeds"
        choose = max if found.aim.objectives[one.name] == "maximise" else min
        best.append(choose(means, key=lambda trial: means[trial]))  # used at once
    ends = [
        f"{across.label.lower()} {with_unit(by[trial, across.name]['mean'], across)} with "
        f"{up.label.lower()} {with_unit(by[trial, up.name]['mean'], up)}"
        for trial in best
    ]
    if best[0] == best[1]:
        who = plan_name(best[0]) if best[0] else "the scenario as it stands"
        return f"No trade-off: {who} is best in both, {ends[0]}"
    return f"The choice: {ends[0]} ({plan_name(best[0])}), or {ends[1]} ({plan_name(best[1])})"


def _half(rows: list[Any], measure: Measure) -> dict[str, Any]:
    halves = [shown(measure, (row["high"] - row["low"]) / 2) for row in rows]
    return {"type": "data", "array": [0.0 if math.isnan(half) else half for half in halves], "thickness": 1.2,
            "width": 0}  # fmt: skip


def confirmed_plans(found: Optimisation, outcome: str, theme: Theme = "light") -> go.Figure:
    """Paired difference of every confirmed plan to the scenario as it stands, on unseen seeds."""
    measure, colours = measure_of(outcome), palette(theme)
    rows = found.confirmed[(found.confirmed["measure"] == outcome) & (found.confirmed["trial"] > 0)]
    table = rows.dropna(subset=["difference"]).sort_values(
        "difference", ascending=found.aim.objectives.get(outcome, "") == "minimise" or measure.better == "lower"
    )
    if table.empty:
        return kindly_empty(f"{measure.label}: no plan was confirmed.", theme)
    drawn = records(table)
    labels = [plan_name(int(row["trial"])) + ("" if row["holds"] else ", breaks its bound") for row in drawn]
    gaps = [estimate_of(row, "difference") for row in drawn]
    told_verdicts = [verdict(gap, measure.better) for gap in gaps]
    shades = {"better": colours.above, "worse": colours.below}
    tints = [shades.get(text, colours.baseline) for text in told_verdicts]
    trace = {
        "type": "scatter", "mode": "markers", "x": [shown(measure, gap.mean) for gap in gaps], "y": labels,
        "showlegend": False, "marker": {"size": 10, "color": tints},
        "error_x": {"type": "data", "array": [0.0 if math.isnan(gap.low) else shown(measure, gap.high - gap.mean)
                    for gap in gaps], "thickness": 2, "width": 0, "color": colours.baseline},
        "customdata": [[change_with_unit(gap.mean, measure),
                        plan_levers(found, int(row["trial"])).replace(", ", "<br>")]
                       for gap, row in zip(gaps, drawn, strict=True)],
        "hovertemplate": "%{y}: %{customdata[0]}<br>%{customdata[1]}<extra></extra>",
    }  # fmt: skip
    return figure(
        [trace], confirmed_finding(found, outcome), "Paired difference to the scenario as it stands on seeds the "
        "search never saw; line: 95 % interval. Blue better, orange worse, grey not clear.",
        theme, 130 + 26 * len(labels),
        xaxis={"title": {"text": change_axis(measure)}, "zeroline": True, "zerolinewidth": 2,
               "showgrid": True, "rangemode": "tozero"},
        yaxis={"ticksuffix": "  ", "autorange": "reversed", "showgrid": False, "type": "category"},
    )  # fmt: skip


def confirmed_finding(found: Optimisation, outcome: str) -> str:
    """What the best plan brings on unseen seeds."""
    measure, best = measure_of(outcome), found.best
    if best is None:
        return f"{measure.label}: no plan holds every constraint on unseen seeds"
    if best == 0:
        return f"{measure.label}: nothing that was tried is better than the scenario as it stands"
    [row] = records(found.confirmed[(found.confirmed["trial"] == best) & (found.confirmed["measure"] == outcome)])
    gap = estimate_of(row, "difference")
    clear = "" if is_clear(gap) else ", not clearly different"
    room = f" ({interval(gap, measure, is_change=True)})" if interval(gap, measure) else ""
    return (f"{measure.label}: {with_unit(row['mean'], measure)} with {plan_name(best)}, "
            f"{change_with_unit(gap.mean, measure)}{room} against the scenario as it stands{clear}")  # fmt: skip


def step_name(found: Optimisation, row: dict[str, Any]) -> str:
    """A small step in words."""
    experiment, ends = found.study.experiment, []
    for text in (row["today"], row["to"]):
        try:
            ends.append(told(experiment, row["lever"], float(text)))
        except ValueError:
            ends.append(told(experiment, row["lever"], text))
    return f"{lever_label(experiment, row['lever'])} {ends[0]} to {ends[1]}"


def small_steps_bars(found: Optimisation, outcome: str, theme: Theme = "light") -> go.Figure:
    """What one small step of each lever brings alone, the largest gain on top."""
    measure, colours = measure_of(outcome), palette(theme)
    changes = found.changes
    table = changes if changes.empty else changes[changes["outcome"] == outcome].sort_values("rank")
    rows = [row for row in records(table) if not math.isnan(row["difference"])]
    rows.sort(key=lambda row: (1.0, -row["gain"]) if not row["is_clear"] or row["gain"] <= 0 else (0.0, row["rank"]))
    if not rows:
        return kindly_empty(f"{measure.label}: no small step of a single lever could be tried.", theme)
    gaps = [estimate_of(row, "difference") for row in rows]
    tints = [colours.baseline if not row["is_clear"] else colours.above if row["gain"] > 0 else colours.below
             for row in rows]  # fmt: skip
    labels = [step_name(found, row) for row in rows]
    trace = {
        "type": "bar", "orientation": "h", "x": [shown(measure, gap.mean) for gap in gaps], "y": labels,
        "showlegend": False, "marker": {"color": tints},
        "error_x": {"type": "data", "array": [0.0 if math.isnan(gap.low) else shown(measure, gap.high - gap.mean)
                    for gap in gaps], "thickness": 1.4, "width": 4, "color": colours.ink},
        "customdata": [[change(gap.mean, measure), interval(gap, measure, True) or "unknown"] for gap in gaps],
        "hovertemplate": "%{y}: %{customdata[0]} (%{customdata[1]})<extra></extra>",
    }  # fmt: skip
    return figure(
        [trace], step_finding(found, outcome), "One lever a small step (a tenth of its range), all others as they are; "
        "line: 95 % interval. Blue better, orange worse, grey not clear.", theme, 120 + 26 * len(rows),
        xaxis={"title": {"text": change_axis(measure)}, "zeroline": True, "showgrid": True},
        yaxis={"ticksuffix": "  ", "autorange": "reversed", "showgrid": False, "type": "category"},
    )  # fmt: skip


def step_finding(found: Optimisation, outcome: str) -> str:
    """The smallest change with the largest effect."""
    measure = measure_of(outcome)
    rows = records(found.changes[found.changes["outcome"] == outcome].sort_values("rank"))
    if not rows or not rows[0]["is_clear"] or rows[0]["gain"] <= 0:
        return f"{measure.label}: no small step of a single lever brings a clear gain"
    gap = estimate_of(rows[0], "difference")
    return (f"{measure.label}: the smallest change with the largest effect is {step_name(found, rows[0])}, "
            f"{change_with_unit(gap.mean, measure)} ({interval(gap, measure, is_change=True)})")  # fmt: skip
