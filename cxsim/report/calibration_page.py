"""The report of a calibration, as text."""

from __future__ import annotations

import math
from html import escape

from cxsim.charts.calibration import fit_by_target, losses, parameters_told, strike_curve
from cxsim.charts.study_words import records
from cxsim.evidence.published import SWITCHED, of_several
from cxsim.evidence.reading import READING
from cxsim.report.frame import chart, document, file_to_save, formulas, made_with, table, words
from cxsim.results.folders import SCENARIO
from cxsim.results.measures import MEASURE
from cxsim.results.result import current_versions, scenario_text, yaml_text
from cxsim.results.wording import number
from cxsim.studies.calibration import Calibration
from cxsim.studies.study import TARGETS


def calibration_page(found: Calibration) -> str:
    """The whole report of a calibration."""
    study = found.study
    title = study.experiment.title
    figures = [("fit", fit_by_target(found)), ("strike-curve", strike_curve(found)),
               ("parameters", parameters_told(found)), ("losses", losses(found))]  # fmt: skip
    head = (
        f"<header><h1>{escape(title)}</h1><p class='what'>{escape(found.targets.description)}</p>"
        f"<p class='finding'>{words(str(figures[0][1].layout.meta['finding']))}.</p><p>{len(found.trials) - 1} trials "
        f"of {study.replications} common seeds each; {study.scenario.population.customers:,} customers over "
        f"{int(study.scenario.horizon)} days; search from seed {study.seed}, confirmed on others.</p></header>"
    )
    charts = "".join(chart(name, drawn, is_wide=name == "fit") for name, drawn in figures)
    parts = [
        head, f"<section><div class='charts'>{charts}</div></section>", _reading(found), _fit(found),
        _parameters(found),
        _conflicts(found), _again(found), formulas(study.outcomes), made_with(current_versions()),
    ]  # fmt: skip
    return document(title, parts)


def _section(title: str, intro: str, body: str) -> str:
    return f"<section class='tables'><h2>{escape(title)}</h2><p class='quiet'>{escape(intro)}</p>{body}</section>"


def _reading(found: Calibration) -> str:
    """What the figure for switching says, for one relationship and for several."""
    rows = found.fit[(found.fit["statistic"] == SWITCHED) & found.fit["after"].notna()]
    if rows.empty:
        return ""
    share = float(rows["after"].iloc[0])
    body = [[f"{count}", f"{100 * of_several(share, count):.1f} %"] for count in range(1, 11)]
    return _section(
        "What the figure for switching says, and what not", READING,
        table(["Relationships at once", "Left at least one"], body),
    )  # fmt: skip


def _fit(found: Calibration) -> str:
    body = []
    for row in records(found.fit):
        measure = MEASURE[row["statistic"]]
        after, low, high = (float(row[name]) for name in ("after", "low", "high"))
        verdict = "nothing to count" if math.isnan(after) else "holds" if row["holds"] else "missed"
        body.append([
            row["title"], f"{row['group']}" + ("" if row["fitted"] else ", not fitted"),
            f"{number(row['band_low'], measure)} to {number(row['band_high'], measure)}",
            number(float(row["before"]), measure), number(after, measure),
            "" if math.isnan(low) else f"{number(low, measure)} to {number(high, measure)}",
            f"{number(float(row['least']), measure)} to {number(float(row['most']), measure)}", verdict,
            "; ".join(part for part in (row["source"], row["note"]) if part),
        ])  # fmt: skip
    head = ["Target", "Group", "Band", "Before", "Fitted", "95 % interval", "Seeds", "Verdict", "Source"]
    intro = (
        f"On {int(found.fit['n'].max())} seeds that the search never saw. Group 1 has to hold, group 2 is told, misses "
        "included, group 3 gives a direction. Stated intentions are compared with what is simulated divided by .58."
    )
    return _section("Fit per target", intro, table(head, body, (0, 1, 7, 8)))


def _parameters(found: Calibration) -> str:
    titles = dict(zip(found.fit["target"], found.fit["title"], strict=True))
    body = [
        [row["parameter"], f"{row['value']:.4g}", f"{row['low']:.3g} to {row['high']:.3g}",
         f"{row['range_low']:g} to {row['range_high']:g}", f"{100 * row['learned']:.0f} %", row["verdict"],
         titles.get(row["by"], ""), f"{row['mixed_with']} ({row['correlation']:+.2f})" if row["mixed_with"] else ""]
        for row in records(found.identified)
    ]  # fmt: skip
    head = ["Parameter", "Fitted", "95 % of the posterior", "Plausible", "Learned", "Verdict", "Told most by",
            "Hardest to tell from"]  # fmt: skip
    intro = (
        "Learned: the share of the plausible range's width that the targets take away, with a flat prior over it "
        "and every target known to its tolerance, reckoned linear at the fit. What is not identified might as well "
        "stand elsewhere in its range."
    )
    return _section("What the targets tell of the parameters", intro, table(head, body, (0, 5, 6, 7)))


def _conflicts(found: Calibration) -> str:
    titles = dict(zip(found.fit["target"], found.fit["title"], strict=True))
    body = [
        [titles[row["target"]], f"{row['now']:.3g}", f"{row['reached']:.3g}",
         titles[row["other"]] if row["other"] else "nothing",
         f"{row['other_now']:.3g} to {row['other_then']:.3g}" if row["other"] else ""]
        for row in records(found.conflicts)
    ]  # fmt: skip
    intro = (
        "For every fitted target that is missed: what the parameters can bring it to within a quarter of their ranges "
        "around the fit, and which other targets that would take out of their bands; reckoned linear."
    )
    if not body:
        return _section("Trade-offs", "No target is missed.", "")
    return _section(
        "Trade-offs", intro, table(["Missed", "Now", "Could reach", "At the cost of", "Moved from"], body, (0, 3))
    )


def _again(found: Calibration) -> str:
    study = found.study
    return (
        "<section><h2>Run it again</h2><p>Save the files into one folder, then, in it:</p>"
        f"<pre>{escape(str(found.summary()['command']))}</pre>"
        + file_to_save(TARGETS, yaml_text(found.targets.document()))
        + file_to_save(SCENARIO, scenario_text(study.scenario), f" (hash {study.scenario.digest()})")
        + file_to_save("calibrated.yaml", found.scenario_text(SCENARIO)) + "</section>"
    )  # fmt: skip
