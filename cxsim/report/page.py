"""The page of a report, as text: nothing is fetched from anywhere when it is read."""

from __future__ import annotations

import base64
import math
from html import escape
from importlib import resources

from plotly.io.json import to_json_plotly
from plotly.offline import get_plotlyjs

from cxsim.charts.catalogue import CHARTS, TABS
from cxsim.charts.look import is_empty, titled_outside
from cxsim.charts.measures import unit_of_change, value_and_interval
from cxsim.charts.worlds import Found, worlds
from cxsim.results.measures import HEADLINES, MEASURE, MEASURES
from cxsim.results.result import Result, scenario_text
from cxsim.results.wording import change, number
from cxsim.scenario.documents import difference
from cxsim.studies.compare import Comparison, verdict

_SCRIPT = """
const watch = new IntersectionObserver((seen) => seen.forEach((entry) => {
  if (!entry.isIntersecting) return;
  watch.unobserve(entry.target);
  const figure = JSON.parse(entry.target.querySelector('script').textContent);
  const place = entry.target.querySelector('.plot');
  Plotly.newPlot(place, figure.data, figure.layout, {displayModeBar: false, responsive: true});
}), {rootMargin: '400px'});
const charts = document.querySelectorAll('.chart');
charts.forEach((chart) => watch.observe(chart));
window.addEventListener('beforeprint', () => charts.forEach((chart) => {
  const place = chart.querySelector('.plot');
  if (place.data) return;
  const figure = JSON.parse(chart.querySelector('script').textContent);
  Plotly.newPlot(place, figure.data, figure.layout, {displayModeBar: false, responsive: true});
}));
"""


def page(found: Found) -> str:
    """The whole report."""
    world = worlds(found).now if isinstance(found, Result) else found.results[found.baseline]
    title = world.scenario.title or world.scenario.name
    parts = [_heading(found, world, title)]
    if isinstance(found, Result):
        parts += [_measures(found), _charts(found, None, opened=True)]
    else:
        parts += [_differences(found, variant) for variant in found.variants]
        for place, variant in enumerate(found.variants):
            parts.append(_charts(found, variant, opened=place == 0))
    parts += [_reproduce(found), _formulas(), _made_with(world)]
    style = resources.files("cxsim.report").joinpath("report.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,">'
        f"<style>{style}</style><script>{get_plotlyjs()}</script></head>\n<body><main>\n"
        + "\n".join(parts)
        + f"\n</main><script>{_SCRIPT}</script></body></html>\n"
    )


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
        figures = "".join(_chart(chart.name, figure) for chart, figure in shown)
        notes = "".join(f"<p class='lacking'>{escape(sentence)}</p>" for sentence in dict.fromkeys(lacking))
        if figures or theme in ("waiting", "delivery"):
            parts.append(f"<h3 class='theme'>{escape(label)}</h3><div class='charts'>{figures}</div>{notes}")
    title = "Charts" if variant is None else f"Charts of {escape(variant)}"
    state = " open" if opened else ""
    return f"<section><details{state}><summary><h2>{title}</h2></summary>{''.join(parts)}</details></section>"


def _chart(name: str, figure: object) -> str:
    meta = figure.layout.meta  # type: ignore[attr-defined]
    wide = " wide" if name in ("journey-map", "emotion-along-the-journey", "paired-differences") else ""
    data = str(to_json_plotly(titled_outside(figure))).replace("</", "<\\/")
    return (
        f"<figure class='chart{wide}' id='{name}'><figcaption><h4>{escape(meta['finding'])}</h4>"
        f"<p>{escape(meta['about'])}</p></figcaption><div class='plot' role='img' "
        f"aria-label='{escape(meta['finding'], quote=True)}'></div>"
        f"<script type='application/json'>{data}</script></figure>"
    )


def _reproduce(found: Found) -> str:
    results = {found.scenario.name: found} if isinstance(found, Result) else found.results
    world = next(iter(results.values()))
    files = [f"{place}-{result.scenario.name}.yaml" for place, result in enumerate(results.values())]
    verb = "run" if isinstance(found, Result) else "compare"
    command = f"cxsim {verb} {' '.join(files)} --seed {world.seed} --replications {world.replications}"
    told = []
    for file, result in zip(files, results.values(), strict=True):
        text = scenario_text(result.scenario)
        link = base64.b64encode(text.encode()).decode()
        told.append(
            f"<details><summary>{escape(file)} (hash {result.scenario.digest()}), "
            f"<a download='{escape(file, quote=True)}' href='data:text/yaml;base64,{link}'>save the file</a></summary>"
            f"<pre>{escape(text)}</pre></details>"
        )
    return (
        f"<section><h2>Run it again</h2><p>Save the scenario{'s' if len(files) > 1 else ''} below, then:</p>"
        f"<pre>{escape(command)}</pre>{''.join(told)}</section>"
    )


def _formulas() -> str:
    rows = "".join(
        f"<tr><th scope='row'>{escape(measure.label)}</th><td class='unit'>{escape(measure.unit)}</td>"
        f"<td class='formula'>{escape(measure.formula)}</td></tr>"
        for measure in MEASURES
    )
    return (
        "<section><details><summary><h2>How every measure is computed</h2></summary><table><thead><tr>"
        "<th scope='col'>Measure</th><th scope='col'>Unit</th><th scope='col'>Formula</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></details></section>"
    )


def _made_with(world: Result) -> str:
    versions = ", ".join(f"{escape(name)} {escape(version)}" for name, version in world.versions.items())
    return (
        f"<footer>{versions}. Directions of effects come from the literature, most sizes are proposals: see "
        "<code>cxsim factors --rules</code>.</footer>"
    )
