"""Charts of studies: which figures answer a sweep, a sensitivity study or an optimisation, the main ones first."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import plotly.graph_objects as go

from cxsim.charts.input_bars import input_bars, matters_most
from cxsim.charts.lever_lines import along_lever, can_be_lines
from cxsim.charts.look import Theme
from cxsim.charts.search_charts import (
    confirmed_finding,
    confirmed_plans,
    judged_measures,
    plan_levers,
    plan_name,
    small_steps_bars,
    step_finding,
    trade_off,
)
from cxsim.charts.setting_dots import over_two_levers, settings_dots, two_outcomes
from cxsim.charts.study_words import main_outcomes, ordered_outcomes
from cxsim.studies.optimise import Optimisation
from cxsim.studies.saved import Searched
from cxsim.studies.sensitivity import Sensitivity
from cxsim.studies.study import Study


@dataclass(frozen=True)
class StudyChart:
    """A chart of a study.

    Attributes:
        name: short name, unique within the study.
        group: heading that it stands under.
        figure: the chart.
    """

    name: str
    group: str
    figure: go.Figure

    @property
    def is_wide(self) -> bool:
        """Whether it needs the whole width of a page."""
        return bool(self.figure.layout.height > _TALL) or "-against-" in self.name


_TALL = 620
"""Height in pixels from which on a chart has so many rows that it needs the whole width."""
ANSWER, MORE = "The answer", "All other outcomes"
SETTINGS, STEPS = "Setting by setting", "The smallest change with the largest effect"


def study_charts(found: Searched, theme: Theme = "light") -> list[StudyChart]:
    """All charts of a study, those that answer its question first."""
    if isinstance(found, Sensitivity):
        return _sensitivity(found, theme)
    return _optimisation(found, theme) if isinstance(found, Optimisation) else _sweep(found, theme)


def study_findings(found: Searched) -> list[str]:
    """The findings in a sentence each, the main one first."""
    if isinstance(found, Sensitivity):
        return [matters_most(found, outcome) for outcome in main_outcomes(found.study)]
    if isinstance(found, Optimisation):
        objectives = list(found.aim.objectives)
        sentences = [confirmed_finding(found, name) for name in objectives]
        if found.best:
            sentences.insert(1, f"{plan_name(found.best).capitalize()}: {plan_levers(found, found.best)}")
        return sentences + ([] if found.changes.empty else [step_finding(found, name) for name in objectives])
    return [str(chart.figure.layout.meta["finding"]) for chart in _sweep(found, "light") if chart.group == ANSWER]


def _sweep(study: Study, theme: Theme) -> list[StudyChart]:
    """What the experiment's author asked for, as far as its design allows; then every setting side by side."""
    wish, main = study.experiment.chart, main_outcomes(study)
    numbers = [name for name, lever in study.experiment.levers.items() if lever.is_number or lever.values]
    x = wish.x if wish.x in study.levers else next(iter(numbers), study.levers[0])
    charts: list[StudyChart] = []
    if wish.kind == "front" and len(study.outcomes) > 1:
        across = wish.x if wish.x in study.outcomes else main[0]
        up = next(name for name in [*main, *study.outcomes] if name != across)
        charts.append(StudyChart(f"{across}-against-{up}", ANSWER, two_outcomes(study, across, up, theme)))
        main = [across, up]
    elif wish.kind == "map" and len(study.levers) > 1:
        other = next((name for name in wish.y if name in study.levers and name != x), None)
        other = other or next(name for name in study.levers if name != x)
        charts += [StudyChart(f"{name}-map", ANSWER, over_two_levers(study, x, other, name, theme)) for name in main]
    elif wish.kind == "lines" and can_be_lines(study, x) and not study.experiment.levers[x].options:
        colour = wish.colour if wish.colour in study.levers and wish.colour != x else ""
        for name in [*main, *(other for other in ordered_outcomes(study) if other not in main)]:
            group = ANSWER if name in main else MORE
            charts.append(StudyChart(f"{name}-along-{x}", group, along_lever(study, name, x, colour, theme)))
    else:
        for name in ordered_outcomes(study):
            group = ANSWER if name in main else MORE
            charts.append(StudyChart(f"{name}-by-setting", group, settings_dots(study, name, theme)))
        return charts
    charts += [StudyChart(f"{name}-by-setting", SETTINGS, settings_dots(study, name, theme)) for name in main]
    return charts


def _sensitivity(found: Sensitivity, theme: Theme) -> list[StudyChart]:
    main = main_outcomes(found.study)
    return [
        StudyChart(f"{name}-inputs", ANSWER if name in main else MORE, input_bars(found, name, theme))
        for name in ordered_outcomes(found.study)
    ]


def _optimisation(found: Optimisation, theme: Theme) -> list[StudyChart]:
    objectives = list(found.aim.objectives)
    charts = [
        StudyChart(f"{x}-against-{y}", ANSWER, trade_off(found, x, y, theme))
        for x, y in itertools.combinations(objectives, 2)
    ]
    charts += [
        StudyChart(f"{name}-confirmed", ANSWER if name in objectives else MORE, confirmed_plans(found, name, theme))
        for name in dict.fromkeys([*judged_measures(found), *found.study.outcomes])
        if name in set(found.confirmed["measure"])
    ]
    if not found.changes.empty:
        charts += [StudyChart(f"{name}-steps", STEPS, small_steps_bars(found, name, theme)) for name in objectives]
    return charts
