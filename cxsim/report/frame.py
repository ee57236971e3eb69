"""What every report is made of: one file with style, Plotly and script inside; charts, files and formulas as HTML."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib import resources

import plotly.graph_objects as go
from plotly.io.json import to_json_plotly
from plotly.offline import get_plotlyjs

from cxsim.charts.look import titled_outside
from cxsim.results.measures import MEASURE, MEASURES

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


def document(title: str, parts: Iterable[str]) -> str:
    """A whole page that fetches nothing."""
    style = resources.files("cxsim.report").joinpath("report.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,">'
        f"<style>{style}</style><script>{get_plotlyjs()}</script></head>\n<body><main>\n"
        + "\n".join(parts)
        + f"\n</main><script>{_SCRIPT}</script></body></html>\n"
    )


def words(text: str) -> str:
    """Text as HTML, with no line break before a percent sign."""
    return escape(text).replace(" %", "&nbsp;%")


def chart(name: str, figure: go.Figure, is_wide: bool = False) -> str:
    """A chart with its finding as heading."""
    meta = figure.layout.meta
    data = str(to_json_plotly(titled_outside(figure))).replace("</", "<\\/")
    return (
        f"<figure class='chart{' wide' if is_wide else ''}' id='{name}'><figcaption><h4>{words(meta['finding'])}</h4>"
        f"<p>{escape(meta['about'])}</p></figcaption><div class='plot' role='img' "
        f"aria-label='{escape(meta['finding'], quote=True)}'></div>"
        f"<script type='application/json'>{data}</script></figure>"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: Sequence[int] = (0,)) -> str:
    """A table of plain text; its first column names the rows.

    Args:
        head: names of the columns.
        rows: cells.
        left: columns of text, set to the left.
    """
    kind = [" class='text'" if place in left and place else "" for place in range(len(head))]
    top = "".join(f"<th scope='col'{kind[place]}>{escape(text)}</th>" for place, text in enumerate(head))
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{kind[place]}>{escape(text)}</td>" if place else f"<th scope='row'>{escape(text)}</th>"
            for place, text in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return f"<div class='table'><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"


def file_to_save(name: str, text: str, note: str = "") -> str:
    """A file held in the page: to read, and to save."""
    link = base64.b64encode(text.encode()).decode()
    return (
        f"<details><summary>{escape(name)}{escape(note)}, "
        f"<a download='{escape(name, quote=True)}' href='data:text/yaml;base64,{link}'>save the file</a></summary>"
        f"<pre>{escape(text)}</pre></details>"
    )


def formulas(names: Iterable[str] = ()) -> str:
    """How measures are computed: those named, or all."""
    rows = "".join(
        f"<tr><th scope='row'>{escape(measure.label)}</th><td class='unit'>{escape(measure.unit)}</td>"
        f"<td class='formula'>{escape(measure.formula)}</td></tr>"
        for measure in ([MEASURE[name] for name in names] or MEASURES)
    )
    return (
        "<section><details><summary><h2>How every measure is computed</h2></summary><table><thead><tr>"
        "<th scope='col'>Measure</th><th scope='col'>Unit</th><th scope='col'>Formula</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></details></section>"
    )


def made_with(versions: Mapping[str, str]) -> str:
    """What the numbers were made with."""
    told = ", ".join(f"{escape(name)} {escape(version)}" for name, version in versions.items())
    return (
        f"<footer>{told}. Directions of effects come from the literature, most sizes are proposals: see "
        "<code>cxsim factors --rules</code>.</footer>"
    )
