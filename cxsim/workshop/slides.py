"""A workshop as PowerPoint slides, with charts that PowerPoint itself can edit."""

from __future__ import annotations

import importlib.util
import io
import math
from pathlib import Path
from typing import Any

from cxsim.charts.look import PALETTES
from cxsim.charts.predictions import binned
from cxsim.results.measures import Estimate
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.workshop.outcome import Outcome, Words
from cxsim.workshop.script import Chapter
from cxsim.workshop.session import Session
from cxsim.workshop.summary import tally, verdict
from cxsim.workshop.words import KNOWN_FROM, lesson_of, level_unit, scaled, summary_rows

MEDIA = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ROOM, MODEL, MEAN = "The room", "The model", "Mean over the replications"
"""Names of the series."""
BINS = 12
_WIDE, _HIGH = 13.333, 7.5
_COLOURS = PALETTES["light"]
_CHART_NS = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def check_installed() -> None:
    """Say in a sentence what slides need.

    Raises:
        ScenarioError: python-pptx is not installed.
    """
    if importlib.util.find_spec("pptx") is None:
        raise ScenarioError([Problem("", "slides need python-pptx; install it with: pip install 'cxsim[slides]'")])


def slides_bytes(session: Session) -> bytes:
    """The slides of a workshop as the content of a .pptx file.

    Raises:
        ScenarioError: python-pptx is not installed.
    """
    check_installed()
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(_WIDE), Inches(_HIGH)
    _title(deck, session)
    for number, chapter in enumerate(session.script.chapters, start=1):
        outcome = session.outcome(chapter)
        if outcome is not None:
            _predictions(deck, session, chapter, outcome, number)
            _worlds(deck, chapter, outcome, number)
            _lesson(deck, session, chapter, number)
    _summary(deck, session)
    stream = io.BytesIO()
    deck.save(stream)
    return stream.getvalue()


def _slide(deck: Any, title: str, kicker: str = "") -> Any:
    """A slide with its finding as title."""
    slide = deck.slides.add_slide(deck.slide_layouts[5])  # title only
    shape = slide.shapes.title
    _place(shape, 0.6, 0.75, _WIDE - 1.2, 1.15)
    shape.text_frame.text = title
    _letters(shape.text_frame, 28, bold=True)
    if kicker:
        _text(slide, kicker, 0.6, 0.35, 14, colour=_COLOURS.accent)
    return slide


def _place(shape: Any, left: float, top: float, width: float, height: float) -> None:
    from pptx.util import Inches

    shape.left, shape.top, shape.width, shape.height = (Inches(value) for value in (left, top, width, height))


def _letters(frame: Any, size: int, bold: bool = False, colour: str = "") -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    for paragraph in frame.paragraphs:
        paragraph.alignment = PP_ALIGN.LEFT
        for run in paragraph.runs:
            run.font.size, run.font.bold = Pt(size), bold
            run.font.color.rgb = RGBColor.from_string((colour or _COLOURS.ink)[1:].upper())


def _text(slide: Any, text: str, left: float, top: float, size: int, colour: str = "", height: float = 0.4) -> None:
    from pptx.util import Inches

    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(_WIDE - left - 0.6), Inches(height))
    box.text_frame.text = text
    _letters(box.text_frame, size, colour=colour)


def _title(deck: Any, session: Session) -> None:
    script = session.script
    slide = _slide(deck, script.title, "Workshop")
    _text(slide, script.about, 0.6, 2.2, 20, height=2.5)
    told = (
        f"{session.begun.replace('T', ' at ')}. {script.replications} replications of every world, seed {session.seed}."
    )
    _text(slide, told, 0.6, 6.6, 14, colour=_COLOURS.quiet)


def _predictions(deck: Any, session: Session, chapter: Chapter, outcome: Outcome, number: int) -> None:
    """The room's predictions, and where the model's answer lies among them."""
    from pptx.chart.data import CategoryChartData

    entries = session.room.predictions(chapter.id)
    found, words, asked = tally(chapter, entries, outcome), Words(chapter), chapter.prediction
    slide = _slide(deck, chapter.question, f"{number}. {chapter.title}")
    _text(slide, asked.ask, 0.6, 1.95, 18, colour=_COLOURS.quiet)
    data = CategoryChartData()
    if asked.number is not None:
        low, high = asked.number.low, asked.number.high
        middles, counts = binned(found.numbers, low, high, BINS)
        half, value = (high - low) / BINS / 2, words.scaled(outcome.decided.mean)
        digits = words.digits if high - low < BINS * 10 else 0
        labels = [f"{middle - half:,.{digits}f} to {middle + half:,.{digits}f}" for middle in middles]
        _, here = binned([value], low, high, BINS)
        is_within = low <= value <= high
        data.categories = labels
        data.add_series(ROOM, counts)
        data.add_series(MODEL, [max([*counts, 1]) if one and is_within else 0 for one in here])
        _chart(slide, data, is_bar=False, unit=words.unit)
    else:
        data.categories = list(asked.options.values())
        data.add_series(ROOM, [found.counts[case] for case in asked.options])
        shown = _chart(slide, data, is_bar=True, unit="predictions")
        _colour_point(shown, list(asked.options).index(outcome.case))
    _text(slide, verdict(chapter, entries, outcome), 0.6, 6.75, 16)


def _worlds(deck: Any, chapter: Chapter, outcome: Outcome, number: int) -> None:
    """The measure that decides in every world, with its interval."""
    from pptx.chart.data import CategoryChartData

    words = Words(chapter)
    slide = _slide(deck, words.revealed(outcome), f"{number}. {chapter.title}")
    row = {name: scaled(words, one) for name, one in outcome.values[chapter.prediction.measure].items()}
    data = CategoryChartData(number_format=f"0.{'0' * words.digits}" if words.digits else "0")
    data.categories = [chapter.worlds[name].label for name in row]
    data.add_series(MEAN, [one.mean for one in row.values()])
    unit = f"{words.measure.label} ({level_unit(words)})"
    shown = _chart(slide, data, is_bar=True, unit=unit, labelled=True)
    _error_bars(shown, list(row.values()))
    told = f"{words.measure.label}: {words.interval(outcome)}. Thin lines: 95 % intervals of the means."
    _text(slide, told, 0.6, 6.75, 16, colour=_COLOURS.quiet)


def _lesson(deck: Any, session: Session, chapter: Chapter, number: int) -> None:
    slide = _slide(deck, chapter.title, f"{number}. What is taken home")
    _text(slide, lesson_of(session, chapter), 0.6, 2.1, 26, height=3.4)
    source = f"Source: {chapter.lesson.source} {KNOWN_FROM[chapter.lesson.known_from]}"
    _text(slide, source, 0.6, 6.2, 14, colour=_COLOURS.quiet, height=0.9)


def _summary(deck: Any, session: Session) -> None:
    from pptx.util import Inches, Pt

    head, rows = summary_rows(session)
    slide = _slide(deck, "What the room predicted, and what came out", session.script.title)
    height = Inches(0.5 * (len(rows) + 1))
    shape = slide.shapes.add_table(len(rows) + 1, len(head), Inches(0.6), Inches(1.95), Inches(_WIDE - 1.2), height)
    for place, width in enumerate((2.4, 4.9, 4.833)):
        shape.table.columns[place].width = Inches(width)
    for at, row in enumerate([head, *rows]):
        for place, text in enumerate(row):
            cell = shape.table.cell(at, place)
            cell.text = text
            for paragraph in cell.text_frame.paragraphs:
                for run in paragraph.runs:
                    run.font.size = Pt(12)


def _chart(slide: Any, data: Any, is_bar: bool, unit: str, labelled: bool = False) -> Any:
    """A chart of PowerPoint's own."""
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
    from pptx.util import Inches, Pt

    kind = XL_CHART_TYPE.BAR_CLUSTERED if is_bar else XL_CHART_TYPE.COLUMN_CLUSTERED
    frame = slide.shapes.add_chart(kind, Inches(0.6), Inches(2.45), Inches(_WIDE - 1.2), Inches(4.2), data)
    shown = frame.chart
    shown.font.size = Pt(14)
    shown.has_title = False
    plot = shown.plots[0]
    plot.gap_width = 60 if is_bar else 12
    if not is_bar:
        plot.overlap = 100
    shown.has_legend = len(plot.series) > 1
    if shown.has_legend:
        shown.legend.position, shown.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    for series, colour in zip(plot.series, (_COLOURS.baseline, _COLOURS.accent), strict=False):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(colour[1:].upper())
    if labelled or is_bar:
        plot.has_data_labels = True
        plot.data_labels.font.size = Pt(14)
    if is_bar:
        shown.category_axis.reverse_order = True
    axis = shown.value_axis if is_bar else shown.category_axis
    axis.has_title = True
    axis.axis_title.text_frame.text = unit
    _letters(axis.axis_title.text_frame, 14, colour=_COLOURS.quiet)
    shown.value_axis.has_major_gridlines = False
    return shown


def _colour_point(shown: Any, place: int) -> None:
    """Let the bar of what came out stand out."""
    from pptx.dml.color import RGBColor

    fill = shown.plots[0].series[0].points[place].format.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(_COLOURS.accent[1:].upper())


def _error_bars(shown: Any, found: list[Estimate]) -> None:
    """Intervals as PowerPoint's own error bars."""
    from lxml import etree

    if not all(math.isfinite(one.low) for one in found):
        return
    series = shown.plots[0].series[0]._element

    def add(parent: Any, tag: str, **attributes: str) -> Any:
        return etree.SubElement(parent, f"{{{_CHART_NS}}}{tag}", attributes)

    bars = etree.Element(f"{{{_CHART_NS}}}errBars")
    add(bars, "errBarType", val="both")
    add(bars, "errValType", val="cust")
    add(bars, "noEndCap", val="0")
    for tag, sizes in (
        ("plus", [one.high - one.mean for one in found]),
        ("minus", [one.mean - one.low for one in found]),
    ):
        literal = add(add(bars, tag), "numLit")
        add(literal, "formatCode").text = "General"
        add(literal, "ptCount", val=str(len(sizes)))
        for place, size in enumerate(sizes):
            add(add(literal, "pt", idx=str(place)), "v").text = repr(size)
    before = series.find(f"{{{_CHART_NS}}}cat")
    before.addprevious(bars)  # the format wants them between labels and categories


def write_slides(target: Path, content: bytes) -> Path:
    """Write slides; the file appears only when complete.

    Raises:
        ScenarioError: it cannot be written.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_bytes(content)
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ScenarioError([Problem("", f"cannot be written: {error.strerror or error}", str(target))]) from None
    return target
