"""The report of a fit: what was in the file, what was found, and data against simulation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from cxsim.charts.fits import FIT_CHARTS, data_and_simulation
from cxsim.charts.look import is_empty
from cxsim.data.fitted import Fitted
from cxsim.data.lines import Compared
from cxsim.report.frame import chart, document, file_to_save, made_with, table, words
from cxsim.results.result import current_versions


def fit_page(found: Fitted, others: Sequence[tuple[str, Sequence[Compared]]], scenario_text: str) -> str:
    """The whole report.

    Args:
        found: the fit.
        others: names of further files and how the fitted scenario does against them.
        scenario_text: the scenario's file.
    """
    title = f"Fitted to {found.source}"
    parts = [_heading(found, title), _quality(found), _charts(found), _estimates(found)]
    parts.append(_lines(f"{found.source}: line by line", found.compared, opened=False))
    for name, compared in others:
        parts.append(_lines(f"Held against {name}", compared, opened=True))
    parts.append(
        "<section><h2>The scenario</h2><p>Save it, then <code>cxsim run</code> or <code>cxsim ui</code> it.</p>"
        + file_to_save(f"{found.document['name']}.yaml", scenario_text)
        + "</section>"
    )
    return document(title, [*parts, made_with(current_versions())])


def _heading(found: Fitted, title: str) -> str:
    held = sum(entry.holds for entry in found.compared)
    notes = "".join(f"<li>{words(sentence)}</li>" for sentence in found.notes)
    return (
        f"<header><h1>{escape(title)}</h1><p class='finding'>{held} of {len(found.compared)} figures are simulated as "
        f"they are in the data.</p><p>{words(str(found.document['description']))}</p><ul>{notes}</ul></header>"
    )


def _quality(found: Fitted) -> str:
    quality = found.quality
    rows = "".join(
        f"<tr><th scope='row'>{words(remark.sentence)}</th><td>{remark.count:,}</td></tr>" for remark in quality.remarks
    )
    told = (
        "<table><thead><tr><th scope='col'>Found, and what was done</th><th scope='col'>Count</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        if rows
        else "<p>Nothing odd was found.</p>"
    )
    return (
        f"<section><h2>The file</h2><p class='quiet'>{quality.rows_read:,} rows read, {quality.rows_used:,} used.</p>"
        f"{told}</section>"
    )


def _charts(found: Fitted) -> str:
    drawn = [(told.name, data_and_simulation(found.compared, told)) for told in FIT_CHARTS[found.kind]]
    figures = "".join(chart(name, figure) for name, figure in drawn if not is_empty(figure))
    lacking = "".join(
        f"<p class='lacking'>{escape(figure.layout.meta['finding'])}</p>" for _, figure in drawn if is_empty(figure)
    )
    return f"<section><h2>Data against simulation</h2><div class='charts'>{figures}</div>{lacking}</section>"


def _estimates(found: Fitted) -> str:
    rows = [
        [entry.path, f"{entry.value:,.4g}", f"{entry.error:,.2g}" if math.isfinite(entry.error) else "-", entry.unit,
         "yes" if entry.is_identified else "no", entry.how]
        for entry in found.estimates
    ]  # fmt: skip
    head = ["Number", "Value", "Standard error", "Unit", "Told by the data", "How"]
    return f"<section class='tables'><h2>What was found</h2>{table(head, rows, (0, 3, 4, 5))}</section>"


def _lines(title: str, compared: Sequence[Compared], opened: bool) -> str:
    rows = [
        [entry.observed.label, f"{entry.observed.value:,.4g}", f"{entry.simulated.value:,.4g}",
         f"{entry.low:,.4g} to {entry.high:,.4g}", entry.observed.unit, f"{entry.observed.count:,}",
         "holds" if entry.holds else "does not hold"]
        for entry in compared
    ]  # fmt: skip
    held = sum(entry.holds for entry in compared)
    head = ["Line", "Data", "Simulated", "Band", "Unit", "Rows", "Verdict"]
    intro = (
        f"{held} of {len(rows)} hold. The band is 99 % by the sampling errors of data and simulation, plus a tolerance "
        "for what no model has: a tenth of a star, two points of a share, a twentieth of a time."
    )
    body = f"<p class='quiet'>{words(intro)}</p>{table(head, rows, (0, 4, 6))}"
    state = " open" if opened else ""
    return (
        f"<section class='tables'><details{state}><summary><h2>{escape(title)}</h2></summary>{body}</details></section>"
    )
