"""From a company's own orders to a scenario: lead times, and how scores answer to early, on time, late and waiting.

Lead times are fitted to the rows. The response is fitted by living the scenario in the real engine, with the same luck
in every trial, so that the scores it gives by days late, while waiting and after arrival come out as observed.
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from cxsim.data.fitted import Estimated, Fitted, Progress, by_week, name_of, plain
from cxsim.data.lead_times import LeadTimes, fit_lead_times
from cxsim.data.lines import Compared, Line, compare
from cxsim.data.order_lines import answering_lines, answering_of, lead_time_lines, response_lines
from cxsim.data.orders import FEWEST, Floats, Orders
from cxsim.data.simulated import TAIL_DAYS, live_orders
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.loading import load
from cxsim.scenario.parameters import PARAMETER
from cxsim.scenario.schema import Scenario

FIT_SEED, CHECK_SEED = 1, 2
FIT_ORDERS, CHECK_ORDERS = 20_000, 60_000
FEWEST_SCORES, FEWEST_LATE = 200, 40
AIMED_AT = ("stars on time", "score", "score waiting", "score after")
_AS_GOOD = 3.84
"""Difference of two sums of squared misses below which one end of the search fits as well as the other: 95 % of
chi-squared with one degree of freedom."""
_NOT_IDENTIFIED = 0.3
"""A parameter whose standard error is more than this share of its range is not told by the data."""


@dataclass(frozen=True)
class _Free:
    """A number that is found by simulation, from one start, or from two, of which the better end is kept."""

    path: str
    start: float
    low: float
    high: float
    unit: str
    other_start: float | None = None


def _rule(name: str) -> _Free:
    parameter = PARAMETER[name]
    return _Free(f"rules.{name}", parameter.value, parameter.low, parameter.high, parameter.unit)


# Poor scores of orders on time come from failures, rare and severe or common and mild, or from a wide spread of taste.
# The sum of squares has a valley for each, so the search goes out from both kinds of failure and the better end counts.
_ALWAYS = (
    _rule("stars_middle"), _rule("stars_slope"), _rule("stars_noise"), _rule("early_gain"),
    _Free("touchpoints.delivery.quality.process", 0.70, 0.5, 0.95, "level"),
    _Free("touchpoints.use.quality.product", 0.75, 0.5, 0.95, "level"),
    _Free("touchpoints.use.importance", 1.0, 0.2, 2.0, "ratio"),
    _Free("touchpoints.use.failure.probability", 0.08, 0.0, 0.4, "probability", 0.20),
    _Free("touchpoints.use.failure.severity.product", 0.8, 0.1, 0.9, "level", 0.4),
)  # fmt: skip
_IF_LATE = (_rule("late_loss"), _Free("touchpoints.delivery.importance", 0.8, 0.2, 2.0, "ratio"))
_IF_ARRIVED_LATE = (_rule("relief_share"),)


def fit_orders(orders: Orders, progress: Progress | None = None) -> Fitted:
    """Fit a scenario to orders.

    Args:
        orders: as read.
        progress: called with 1 for every world lived.

    Raises:
        ScenarioError: there is too little to fit.
    """
    timed = orders.timed
    if len(timed) < FEWEST:
        sentence = (
            f"{len(timed):,} delivered orders have a promised and an actual time; at least {FEWEST} are needed to fit "
            "lead times"
        )
        raise ScenarioError([Problem("", sentence, orders.name)])
    fit = _lead_times(orders)
    observed = [*lead_time_lines(timed), *response_lines(orders.rows), *answering_lines(orders.rows, orders.grace_days)]
    found = Fitted("orders", _document(orders, fit), orders.name, orders.quality, _lead_estimates(fit), observed)
    _set_arrivals(found.document, orders, found.notes)
    _set_survey(found, orders)
    free = _free(orders, found.notes)
    if free:
        _fit_response(found, free, progress)
    found.compared = check_orders(found.scenario, observed)
    if progress is not None:
        progress(1)
    return found


def check_orders(scenario: Scenario, observed: list[Line], orders: int = CHECK_ORDERS, seed: int = CHECK_SEED
                 ) -> list[Compared]:  # fmt: skip
    """A scenario against the lines of orders, on luck of its own; when people answered is taken from the lines.

    The survey's timing is how the data were gathered, not what the firm did: the same instrument reads both worlds.
    """
    return compare(observed, simulated_lines(scenario, observed, orders, seed))


def simulated_lines(scenario: Scenario, observed: list[Line], orders: int, seed: int) -> list[Line]:
    """The lines of a simulated world, asked as the observed customers were."""
    delivery = next(stop for stop in scenario.touchpoints.values() if stop.kind == "delivery")
    lived = live_orders(_sized(scenario, orders), seed)
    answering = answering_of(observed, delivery.grace + scenario.survey.after_overdue)
    rows = lived.answered(answering, scenario.parameters(), delivery.grace)
    return [*lead_time_lines(rows), *response_lines(rows)]


def _sized(scenario: Scenario, orders: int) -> Scenario:
    """The scenario with customers enough for about so many orders within a year, and time for all to arrive."""
    a_year = sum(persona.share * persona.journeys_per_year for persona in scenario.personas.values())
    customers = max(round(orders / max(a_year, 1e-3)), 50)
    overrides = {
        "population.customers": customers, "horizon": f"{365 + TAIL_DAYS} days", "replications": 1,
        "record.encounters": 0, "record.customers": "none",
    }  # fmt: skip
    return load(scenario, overrides)


def _lead_times(orders: Orders) -> LeadTimes:
    """Lead times of the rows, with the handing over where nearly all rows know it."""
    timed = orders.timed
    has_handover = timed["handover_days"].notna()
    if has_handover.mean() >= 0.8 and timed["handover_days"].mean() > 0.01:
        known = timed[has_handover & (timed["handover_days"] < timed["actual_days"])]
        left_out = len(timed) - len(known)
        orders.quality.add("handover-unknown", left_out, "Orders without a usable time of handing over were left out "
                           "of the split between handling and carrier.")  # fmt: skip
        if len(known) >= FEWEST:
            columns = (known[name].to_numpy("float64") for name in ("promised_days", "handover_days", "actual_days"))
            promised, handover, actual = columns
            return fit_lead_times(promised, handover, actual, grace_days=orders.grace_days)
    promised, actual = (timed[name].to_numpy("float64") for name in ("promised_days", "actual_days"))
    return fit_lead_times(promised, None, actual, grace_days=orders.grace_days)


def _days(moments: tuple[float, float]) -> dict[str, str]:
    return {"mean": f"{moments[0]:g} days", "sd": f"{moments[1]:g} days"}


def _document(orders: Orders, fit: LeadTimes) -> dict[str, Any]:
    """The scenario before the response is fitted: an order, its delivery, and the use of what came."""
    late = fit.observed["late_share"]
    handling = fit.handling
    return {
        "format": 1,
        "name": name_of(orders.name, "orders"),
        "title": f"Fitted to the orders of {orders.name}",
        "description": (
            f"Lead times fitted to {fit.orders:,} delivered orders of {orders.name}, of which {100 * late:.1f} % came "
            "late; the response of the score to early, on time, late and still waiting is fitted by simulation where "
            "the file has scores. All else is the default and an assumption: who the customers are, what they expect, "
            "when they leave. Prices and costs are not yours either."
        ),
        "horizon": "365 days",
        "warm_up": "60 days",
        "replications": 4,
        "population": {"customers": 10_000, "look_back": False},
        "personas": {"customer": {"label": "A customer", "journeys_per_year": "1 per year"}},
        "journey": {"start": "order", "goal": ["use"]},
        "touchpoints": {
            "order": {"kind": "self_service", "label": "the order", "importance": 0.3, "next": {"delivery": 1}},
            "delivery": {
                "kind": "delivery", "label": "the delivery", "importance": 0.8, "quality": {"process": 0.7},
                "promise": _days(fit.promise),
                "handling": _days(handling) if handling else "0 days",
                "carrier": _days(fit.carrier),
                "handling_correlation": fit.handling_correlation, "carrier_correlation": fit.carrier_correlation,
                "grace": f"{orders.grace_days:g} days",
                "source": f"lognormals with the mean and sd of {fit.orders:,} orders of {orders.name}",
                "next": {"use": 1},
            },
            "use": {
                "kind": "use", "label": "using it", "importance": 0.8, "quality": {"product": 0.75},
                "failure": {"label": "something wrong with it", "probability": 0.08, "severity": {"product": 0.5},
                            "monetary": True},
            },
        },
        "survey": {"sent": 1, "answered": 0.2},
    }  # fmt: skip


def _lead_estimates(fit: LeadTimes) -> list[Estimated]:
    root, how = math.sqrt(fit.orders), "mean and sd of the rows"
    parts = {"promise": fit.promise, "carrier": fit.carrier} | ({"handling": fit.handling} if fit.handling else {})
    found = []
    for name, (mean, sd) in parts.items():
        path = f"touchpoints.delivery.{name}"
        found.append(Estimated(f"{path}.mean", mean, sd / root, "days", how))
        found.append(Estimated(f"{path}.sd", sd, sd / root / math.sqrt(2), "days", how))
    how = "least squares on the share late and the correlation of the logarithms"
    for name, value in (("carrier", fit.carrier_correlation), ("handling", fit.handling_correlation)):
        if name == "carrier" or fit.handling:
            path = f"touchpoints.delivery.{name}_correlation"
            found.append(Estimated(path, value, (1 - value**2) / root, "correlation", how))
    return found


def _set_arrivals(document: dict[str, Any], orders: Orders, notes: list[str]) -> None:
    """When orders are placed, by weekday and hour, where the file has a calendar; how often, where it has customers."""
    known = orders.ordered[np.isfinite(orders.ordered)]
    if not len(known):
        notes.append("When orders were placed is not known: they come evenly over the week.")
        return
    has_calendar = float(np.median(known)) > 3650
    if not has_calendar:
        notes.append("Times of ordering are numbers without a calendar: orders come evenly over the week.")
    elif float(np.mean(known % 1.0 == 0.0)) > 0.5:
        notes.append("Times of ordering are dates without hours: orders come evenly over the day.")
    else:
        counts = np.zeros((7, 24))
        np.add.at(counts, ((np.floor(known).astype(int) + 3) % 7, np.floor(known % 1.0 * 24).astype(int)), 1.0)
        document["journey"]["starts_at"] = by_week(counts / counts.mean(), "weight", 3)
        document["journey"]["source"] = f"{len(known):,} times of ordering of {orders.name}"
    customers = orders.rows["customer"].nunique()
    span = (float(np.quantile(known, 0.999)) - float(np.quantile(known, 0.001))) / 365.0
    if customers < 2 or span < 0.25:
        notes.append("How often a customer orders is not known: once a year is assumed.")
        return
    rate = max(len(orders.rows) / customers / span, 0.05)
    document["personas"]["customer"]["journeys_per_year"] = f"{plain(rate, 3)} per year"
    notes.append(f"{customers:,} customers ordered {len(orders.rows) / customers:.2f} times each in {span:.1f} years. "
                 "Where the file is a sample of orders, they order more often than that.")  # fmt: skip


def _set_survey(found: Fitted, orders: Orders) -> None:
    own = [line for line in found.observed if line.group == "answering"]
    rows = orders.rows
    found.document["survey"]["answered"] = plain(float(rows["score"].notna().mean()), 3)
    if not own:
        if rows["score"].notna().any():
            found.notes.append("When overdue customers answered is not known (no answer times, or too few): the survey "
                               "is taken to reach them 2 days after they noticed.")  # fmt: skip
        return
    middle = next((line.place for line in own if line.value >= 0.5), own[-1].place)
    after = max(middle - orders.grace_days, 0.0)
    found.document["survey"]["after_overdue"] = f"{plain(after, 3)} days"
    found.notes.append(f"Half of the overdue customers who had nothing yet had answered {middle:.1f} days after the "
                       "promise. The scenario's survey asks all of them at that moment; the comparison below asks them "
                       "at the moments at which yours answered.")  # fmt: skip


def _free(orders: Orders, notes: list[str]) -> list[_Free]:
    """Which numbers the scores can tell."""
    rows = orders.rows[orders.rows["score"].notna()]
    late = rows[rows["days_late"] > 0]
    if len(rows) < FEWEST_SCORES:
        notes.append(f"{len(rows):,} delivered orders have a score, fewer than {FEWEST_SCORES}: how scores answer to "
                     "lateness is the default, not fitted.")  # fmt: skip
        return []
    free = list(_ALWAYS)
    if len(late) < FEWEST_LATE:
        notes.append(f"{len(late):,} late orders have a score, fewer than {FEWEST_LATE}: the response to lateness is "
                     "the default, not fitted.")  # fmt: skip
        return free
    free += _IF_LATE
    after = int((late["is_waiting"] == 0).sum())
    if after < FEWEST_LATE:
        notes.append(f"{after:,} late orders were scored after arrival for certain, fewer than {FEWEST_LATE}: the "
                     "relief of a late arrival is the default, not fitted.")  # fmt: skip
        return free
    return [*free, *_IF_ARRIVED_LATE]


def _with_values(document: dict[str, Any], values: dict[str, float]) -> dict[str, Any]:
    """The document with numbers by dotted path."""
    changed = copy.deepcopy(document)
    for path, value in values.items():
        *way, last = path.split(".")
        node = changed
        for key in way:
            node = node.setdefault(key, {})
        node[last] = plain(value)
    return changed


def _fit_response(found: Fitted, free: list[_Free], progress: Progress | None) -> None:
    """Least squares over the lines of the scores, every trial lived in the engine with the same luck."""
    from scipy import optimize

    aims = [line for line in found.observed if line.group in AIMED_AT and line.count >= 10]
    low, high = (np.array([getattr(entry, side) for entry in free]) for side in ("low", "high"))

    def values(unit: Floats) -> dict[str, float]:
        return {entry.path: float(x) for entry, x in zip(free, low + unit * (high - low), strict=True)}

    def misses(unit: Floats) -> Floats:
        scenario = load(_with_values(found.document, values(unit)))
        lines = {line.name: line for line in simulated_lines(scenario, found.observed, FIT_ORDERS, FIT_SEED)}
        if progress is not None:
            progress(1)
        return np.array([_miss(line, lines[line.name]) for line in aims])

    def searched(start: list[float]) -> Any:
        unit = np.clip((np.array(start) - low) / (high - low), 0.02, 0.98)
        step = [0.03] * len(free)
        return optimize.least_squares(misses, unit, bounds=(0, 1), diff_step=step, max_nfev=14, xtol=1e-3, ftol=1e-3)

    first = [entry.start for entry in free]
    second = [entry.start if entry.other_start is None else entry.other_start for entry in free]
    best, other = sorted((searched(first), searched(second)), key=lambda end: float(end.cost))
    found.document = _with_values(found.document, values(best.x))
    errors = _errors(np.asarray(best.jac, dtype="float64"))
    if 2.0 * float(other.cost - best.cost) < _AS_GOOD:  # the slopes at one end know nothing of another as good
        errors = np.hypot(errors, np.abs(other.x - best.x) / 2.0)
    how = f"simulation: least squares over {len(aims)} lines of scores"
    for entry, x, error in zip(free, best.x, errors, strict=True):
        is_known = bool(error <= _NOT_IDENTIFIED)
        value, size = entry.low + x * (entry.high - entry.low), error * (entry.high - entry.low)
        found.estimates.append(
            Estimated(entry.path, plain(float(value)), float(size) if is_known else math.nan, entry.unit, how, is_known)
        )
    loose = [entry.path for entry, error in zip(free, errors, strict=True) if error > _NOT_IDENTIFIED]
    if loose:
        found.notes.append("The scores do not tell " + ", ".join(loose) + ": such numbers are where the search left "
                           "them, and others would do as well.")  # fmt: skip


def _miss(observed: Line, simulated: Line) -> float:
    """How far a line is off, in its errors; half its tolerance counts as one."""
    errors = [error for error in (observed.error, simulated.error, observed.tolerance / 2) if math.isfinite(error)]
    gap = simulated.value - observed.value
    return gap / max(math.sqrt(sum(error**2 for error in errors)), 1e-9) if math.isfinite(gap) else 3.0


def _errors(jacobian: Floats) -> Floats:
    """Standard errors of the numbers, as shares of their ranges; infinite where the lines do not move with them."""
    u, sizes, directions = np.linalg.svd(jacobian, full_matrices=False)
    del u
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        spread = directions.T / np.where(sizes > 1e-6 * sizes[0], sizes, 1e-6 * sizes[0])
    return np.asarray(np.sqrt((spread**2).sum(axis=1)))
