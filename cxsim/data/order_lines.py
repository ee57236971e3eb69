"""What orders say: lead times, lateness, and the score by days early and late, answered while waiting or after."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import stats

from cxsim.data.lines import Line, mean_line, quantile_line
from cxsim.data.simulated import Answering

EARLY = ((-math.inf, -16, "16 or more days early"), (-15, -8, "8 to 15 days early"), (-7, -4, "4 to 7 days early"),
         (-3, -1, "1 to 3 days early"), (0, 0, "on the promised day"))  # fmt: skip
LATE = ((1, 1, "1 day late"), (2, 3, "2 to 3 days late"), (4, 5, "4 to 5 days late"), (6, 7, "6 to 7 days late"),
        (8, 14, "8 to 14 days late"), (15, math.inf, "15 or more days late"))  # fmt: skip
LATEST_SINGLE_DAY = 10
STAR_TOLERANCE = 0.10
SHARE_TOLERANCE = 0.02
LEAD_TIME_TOLERANCE = 0.05
"""Of the observed figure: two lognormals are not the whole truth about carriers."""


def lead_time_lines(rows: pd.DataFrame) -> list[Line]:
    """Lead times and how they go with the promise; `rows` with exact promised and actual times."""
    lines = []
    for name, label in (("promised_days", "promised"), ("actual_days", "actual")):
        days = rows[name].to_numpy(dtype="float64")
        slack = LEAD_TIME_TOLERANCE * float(np.nanmean(days)) if len(days) else math.nan
        key = name.removesuffix("_days")
        lines.append(mean_line(f"{key}-mean", f"{label} days", f"mean days {label}", "days", days, slack))
        for share in (0.05, 0.25, 0.5, 0.75, 0.95):
            text = f"{100 * share:.0f} % of orders {label} within"
            lines.append(quantile_line(f"{key}-q{100 * share:02.0f}", f"{label} days", text, "days", days, share, slack,
                                       100 * share))  # fmt: skip
    good = rows[(rows["promised_days"] > 0) & (rows["actual_days"] > 0)]
    if len(good) > 3:
        r = float(np.corrcoef(np.log(good["promised_days"]), np.log(good["actual_days"]))[0, 1])
        error = (1 - r * r) / math.sqrt(len(good))
        lines.append(Line("promised-actual-correlation", "lateness", "correlation of promised and actual days "
                          "(logarithms)", "correlation", len(good), r, error, 0.05))  # fmt: skip
    return lines


def response_lines(rows: pd.DataFrame) -> list[Line]:
    """Lateness, and the score by days late; `rows` with days_late, score and is_waiting."""
    late, score, waiting = (rows[name].to_numpy(dtype="float64") for name in ("days_late", "score", "is_waiting"))
    scored = np.isfinite(score)
    is_late = np.where(np.isfinite(late), late > 0, np.nan)
    lines = [
        mean_line("late-share", "lateness", "share late", "share", is_late, 0.005),
        mean_line("score-mean", "score", "mean score of all", "stars", score, STAR_TOLERANCE),
        quantile_line("days-late-median", "lateness", "middle of the days late, if late", "days", late[late > 0], 0.5,
                      1.0),
    ]  # fmt: skip
    on_time = scored & (late <= 0)
    for stars in range(1, 6):
        label = f"share of {stars}, on time or early"
        lines.append(mean_line(f"on-time-stars-{stars}", "stars on time", label, "share", score[on_time] == stars,
                               SHARE_TOLERANCE, stars))  # fmt: skip
    for first, last, label in (*EARLY, *LATE):
        within = scored & (late >= first) & (late <= last)
        place = float(np.clip((np.clip(first, -20, 20) + np.clip(last, -20, 20)) / 2, -18, 18))
        key = _key(first, last)
        lines.append(mean_line(f"score-{key}", "score", f"mean score, {label}", "stars", score[within], STAR_TOLERANCE,
                               place))  # fmt: skip
        if first < 1:
            continue
        for name, is_so, text in (("waiting", 1.0, "answered while waiting"), ("after", 0.0, "answered after arrival")):
            values = score[within & (waiting == is_so)]
            lines.append(mean_line(f"score-{name}-{key}", f"score {name}", f"mean score, {label}, {text}", "stars",
                                   values, STAR_TOLERANCE, place))  # fmt: skip
        known = within & np.isfinite(waiting)
        text = f"share answered while waiting, {label}"
        lines.append(mean_line(f"waiting-share-{key}", "answered while waiting", text, "share", waiting[known],
                               SHARE_TOLERANCE, place))  # fmt: skip
    for name, is_so, text in (("waiting", 1.0, "answered while waiting"), ("after", 0.0, "answered after arrival")):
        values = score[scored & (late > 0) & (waiting == is_so)]
        lines.append(mean_line(f"score-late-{name}", f"score {name}", f"mean score, late, {text}", "stars", values,
                               STAR_TOLERANCE))  # fmt: skip
    by_day = [
        mean_line(f"score-day-{day}", "score by day", f"mean score, {day} day{'s' * (day > 1)} late", "stars",
                  score[scored & (late == day)], STAR_TOLERANCE, day)
        for day in range(1, LATEST_SINGLE_DAY + 1)
    ]  # fmt: skip
    return [*lines, *by_day]


def _key(first: float, last: float) -> str:
    side = "late" if first > 0 else "early"
    numbers = sorted({abs(int(day)) for day in (first, last) if math.isfinite(day)})
    if not math.isfinite(first + last):
        return f"{side}-{numbers[0]}-or-more"
    return "on-day" if numbers == [0] else f"{side}-" + "-to-".join(map(str, numbers))


def answering_lines(rows: pd.DataFrame, grace_days: float, points: int = 40) -> list[Line]:
    """When overdue customers answer: Kaplan-Meier of the days after the promise, censored by the arrival.

    `rows` with promised_days, actual_days, answered_days, score, is_waiting; no lines where too few answered so.
    """
    late = rows[(rows["days_late"] > 0) & rows["score"].notna() & rows["is_waiting"].notna()]
    lateness = (late["actual_days"] - late["promised_days"]).to_numpy(dtype="float64")
    answer = (late["answered_days"] - late["promised_days"]).to_numpy(dtype="float64")
    waiting = late["is_waiting"].to_numpy(dtype="float64") == 1.0
    known = np.isfinite(lateness) & (np.isfinite(answer) | ~waiting)
    lateness, answer, waiting = lateness[known], np.maximum(answer[known], grace_days), waiting[known]
    if waiting.sum() < 20:
        return []
    survival = stats.ecdf(stats.CensoredData(uncensored=answer[waiting], right=lateness[~waiting])).sf
    days, share = survival.quantiles, 1.0 - survival.probabilities
    chosen = np.unique(np.searchsorted(share, np.linspace(share[0], share[-1], points)).clip(0, len(share) - 1))
    return [
        Line(f"answered-{place:02d}", "answering", "share of those still waiting who have answered "
             f"{days[at]:.1f} days after the promise", "share", len(answer), float(share[at]), math.nan, 0.0,
             float(days[at]))
        for place, at in enumerate(chosen)
    ]  # fmt: skip


def answering_of(lines: list[Line], after_days: float) -> Answering:
    """Moments of answering from such lines; all at once `after_days` after the promise where there are none."""
    own = [line for line in lines if line.group == "answering"]
    if not own:
        return Answering(np.array([after_days]), np.array([1.0]))
    return Answering(np.array([line.place for line in own]), np.array([line.value for line in own]))
