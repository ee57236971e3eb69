"""The page of a report, as text: nothing is fetched from anywhere when it is read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from cxsim.charts.catalogue import CHARTS, TABS
from cxsim.charts.look import is_empty
from cxsim.charts.measures import unit_of_change, value_and_interval
from cxsim.charts.worlds import Found, worlds
from cxsim.instruments.sheet import Reading
from cxsim.report.frame import chart as chart_html
from cxsim.report.frame import document, file_to_save, formulas, made_with
from cxsim.report.instruments import instruments_section
from cxsim.results.measures import HEADLINES, MEASURE
from cxsim.results.result import Result, scenario_text
from cxsim.results.wording import change, number
from cxsim.scenario.documents import difference
from cxsim.studies.compare import Comparison, verdict

_WIDE = ("journey-map", "emotion-along-the-journey", "paired-differences")


def page(found: Found, readings: Sequence[Reading] = ()) -> str:
    """The whole report, with the readings of instruments if there are any."""
    world = worlds(found).now if isinstance(found, Result) else found.results[found.baseline]
    title = world.scenario.title or world.scenario.name
    parts = [_heading(found, world, title)]
    if isinstance(found, Result):
        parts += [_measures(found), instruments_section(readings), _charts(found, None, opened=True)]
    else:
        parts += [_differences(found, variant) for variant in found.variants]
        for place, variant in enumerate(found.variants):
            parts.append(_charts(found, variant, opened=place == 0))
    parts += [_reproduce(found), formulas(), made_with(world.versions)]
    return document(title, parts)


def _heading(found: Found, world: Result, title: str) -> str:
    scenario = world.scenario
    what = f"{world.replications} replications of {scenario.population.customers:,} customers over "
    what += f"{int(scenario.horizon)} days, after a warm-up of {int(scenario.warm_up)} days; seed {world.seed}."
    if isinstance(found, Comparison):
        names = ", ".join(escape(name) for name in found.variants)
        what = f"Compared with the same luck: {names}. {what}"
    text = f"<p>{escape(scenario.description)}</p>" if scenario.description else ""
    return f"<header><h1>{escape(title)}</h1><p class='what'>{what}</p>{text}</header>"


def _measures(result: Result) -> str:
    rows = []
    for name in HEADLINES:
        measure, estimate = MEASURE[name], result.estimate(name)
        if math.isnan(estimate.mean):
            continue
        mean, interval = value_and_interval(estimate, measure)
        unit = "" if measure.unit == "share" else measure.unit
        rows.append(f"<tr><th scope='row'>{escape(measure.label)}</th><td>{mean}</td><td>{interval}</td>"
                    f"<td class='unit'>{escape(unit)}</td></tr>")  # fmt: skip
    return (
        "<section><h2>In numbers</h2><table><thead><tr><th scope='col'>Measure</th><th scope='col'>Mean</th>"
        "<th scope='col'>95 % interval</th><th scope='col' class='unit'>Unit</th></tr></thead><tbody>"
        + "".join(rows)
        + "</tbody></table></section>"
    )


def _differences(found: Comparison, variant: str) -> str:
    base, other = found.results[found.baseline], found.results[variant]
    rows = []
    for name in HEADLINES:
        measure, gap = MEASURE[name], found.difference(variant, name)
        if math.isnan(gap.mean):
            continue
        told = verdict(gap, measure.better)
        interval = "" if math.isnan(gap.low) else f"{change(gap.low, measure)} to {change(gap.high, measure)}"
        rows.append(
            f"<tr><th scope='row'>{escape(measure.label)}</th><td>{number(base.estimate(name).mean, measure)}</td>"
            f"<td>{number(other.estimate(name).mean, measure)}</td><td>{change(gap.mean, measure)}</td>"
            f"<td>{interval}</td><td class='unit'>{escape(unit_of_change(measure))}</td>"
            f"<td class='{told.split()[0]}'>{told}</td></tr>"
        )
    changed = "".join(
        f"<li><code>{escape(path)}</code>: {escape(str(old))} becomes <strong>{escape(str(new))}</strong></li>"
        for path, old, new in difference(base.scenario, other.scenario)
        if path.split(".")[0] not in ("name", "title", "description")
    )
    head = "".join(
        f"<th scope='col'{' class=unit' if name == 'Unit' else ''}>{escape(name)}</th>"
        for name in ("Measure", found.baseline, "Variant", "Difference", "95 % interval", "Unit", "Verdict")
    )
    return (
        f"<section><h2>{escape(variant)} against {escape(found.baseline)}</h2>"
        + (f"<p>What differs:</p><ul>{changed}</ul>" if changed else "<p>The two scenarios are alike.</p>")
        + f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></section>"
    )


def _charts(found: Found, variant: str | None, opened: bool) -> str:
    """All charts by theme; what cannot be drawn in this world is told in one line each."""
    if isinstance(found, Comparison):
        found = Comparison({name: found.results[name] for name in (found.baseline, str(variant))})
    groups = {"top": "At a glance", **TABS}
    parts = []
    for theme, label in groups.items():
        drawn = [(chart, chart.draw(found)) for chart in CHARTS if chart.theme == theme]
        shown = [(chart, figure) for chart, figure in drawn if not is_empty(figure) or chart.theme == "top"]
        lacking = [figure.layout.meta["finding"] for chart, figure in drawn if is_empty(figure) and theme != "top"]
        figures = "".join(chart_html(chart.name, figure, chart.name in _WIDE) for chart, figure in shown)
        notes = "".join(f"<p class='lacking'>{escape(sentence)}</p>" for sentence in dict.fromkeys(lacking))
        if figures or theme in ("waiting", "delivery"):
            parts.append(f"<h3 class='theme'>{escape(label)}</h3><div class='charts'>{figures}</div>{notes}")
    title = "Charts" if variant is None else f"Charts of {escape(variant)}"
    state = " open" if opened else ""
    return f"<section><details{state}><summary><h2>{title}</h2></summary>{''.join(parts)}</details></section>"


def _reproduce(found: Found) -> str:
    results = {found.scenario.name: found} if isinstance(found, Result) else found.results
    world = next(iter(results.values()))
    files = [f"{place}-{result.scenario.name}.yaml" for place, result in enumerate(results.values())]
    verb = "run" if isinstance(found, Result) else "compare"
    command = f"cxsim {verb} {' '.join(files)} --seed {world.seed} --replications {world.replications}"
    told = []
    for file, result in zip(files, results.values(), strict=True):
        told.append(file_to_save(file, scenario_text(result.scenario), f" (hash {result.scenario.digest()})"))
    return (
        f"<section><h2>Run it again</h2><p>Save the scenario{'s' if len(files) > 1 else ''} below, then:</p>"
        f"<pre>{escape(command)}</pre>{''.join(told)}</section>"
    )
