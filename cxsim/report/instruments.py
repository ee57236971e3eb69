"""The instruments in a report: finding, chart, tables and notes of every reading."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from cxsim.charts.look import is_empty
from cxsim.charts.reading_charts import reading_charts
from cxsim.instruments.catalogue import INSTRUMENT
from cxsim.instruments.sheet import Reading, Sheet
from cxsim.report.frame import chart, table, words


def instruments_section(readings: Sequence[Reading]) -> str:
    """All readings, one below the other; "" without any."""
    if not readings:
        return ""
    return f"<section class='tables'><h2>Instruments</h2>{''.join(_reading(reading) for reading in readings)}</section>"


def _reading(reading: Reading) -> str:
    drawn = [(name, figure) for name, figure in reading_charts(reading) if not is_empty(figure)]
    charts = "".join(chart(name, figure, is_wide=True) for name, figure in drawn)
    sheets = "".join(_sheet(sheet, place == 0) for place, sheet in enumerate(reading.sheets))
    notes = "".join(f"<p class='lacking'>{words(note)}</p>" for note in reading.notes)
    return (
        f"<div class='reading' id='{reading.name}'><h3 class='theme'>{escape(reading.title)}</h3>"
        f"<p class='quiet'>{words(INSTRUMENT[reading.name].asks)}</p><p class='finding'>{words(reading.finding)}</p>"
        + (f"<div class='charts'>{charts}</div>" if charts else "")
        + f"{sheets}{notes}</div>"
    )


def _sheet(sheet: Sheet, opened: bool) -> str:
    """A table, or sentences; the first is open, the others wait to be asked for."""
    if sheet.is_prose:
        told = "".join(f"<dt>{words(cells[0])}</dt><dd>{words(' '.join(cells[1:]))}</dd>" for cells in sheet.cells())
        return f"<dl>{told}</dl>"
    left = [place for place, column in enumerate(sheet.columns) if column.kind == "text"]
    body = table([column.label for column in sheet.columns], sheet.cells(), left)
    about = f"<p class='quiet'>{words(sheet.about)}</p>" if sheet.about else ""
    state = " open" if opened else ""
    return f"<details{state}><summary><h3>{escape(sheet.title)}</h3></summary>{about}{body}</details>"
