"""Every measure, declared once: label, unit, formula, direction of good, and how it is computed from a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import stdtrit  # scipy.stats would take longer to import than a small run takes

from cxsim.results.run import Run
from cxsim.rules.waiting import MOODS
from cxsim.scenario.people import Control


@dataclass(frozen=True)
class Measure:
    """One number that sums up a run.

    Attributes:
        name: name in tables and files.
        label: plain name.
        unit: unit of the value.
        formula: how it is computed, in words.
        better: whether higher or lower is better, or neither.
        compute: value of a run; nan where it has no meaning (no desk, no delivery, horizon too short).
        digits: decimals worth showing.
        of_followed: counted among the customers that are followed (`record.encounters`), the sample of the event log.
    """

    name: str
    label: str
    unit: str
    formula: str
    better: Literal["higher", "lower", "neither"]
    compute: Callable[[Run], float]
    digits: int = 3
    of_followed: bool = False


CONTROLS: tuple[Control, ...] = ("controllable", "influenceable", "uncontrollable")


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _gap_of(dimension: str) -> Callable[[Run], float]:
    return lambda run: _ratio(
        run.stop(f"perceived_{dimension}") - run.stop(f"predicted_{dimension}"), run.stop("encounters")
    )


def _by_control(kind: str, control: Control) -> Callable[[Run], float]:
    return lambda run: run.influence_by_control(kind, control)


def _mood(mood: str) -> Callable[[Run], float]:
    def share(run: Run) -> float:
        total = sum(run.desk(f"{other}_minutes") for other in MOODS[:4])
        return _ratio(run.desk(f"{mood}_minutes"), total)

    return share


def _of_count(part: str, whole: str) -> Callable[[Run], float]:
    return lambda run: _ratio(run.count(part), run.count(whole))


def _left_by(run: Run, strike: int) -> float:
    """Share of newcomers who would have left by a poor journey, from the shares who leave after each."""
    stayed = 1.0
    for number in range(1, strike + 1):
        stayed *= 1.0 - _ratio(run.count(f"left_after_{number}"), run.count(f"reached_{number}"))
    return 1.0 - stayed


def _telling_ratio(run: Run) -> float:
    poor = run.journey("poor_journeys")
    bad = _ratio(run.journey("told_bad"), poor)
    return _ratio(bad, _ratio(run.journey("told_good"), run.journey("journeys") - poor))


MEASURES: tuple[Measure, ...] = (
    Measure("satisfaction", "Satisfaction", "0 to 100", "mean cumulative satisfaction of present customers at the end",
            "higher", lambda run: 50.0 + 50.0 * run.people.satisfaction, 1),
    Measure("expectation_gap", "Expectation gap", "level", "mean over encounters of the weighted perceived less "
            "predicted level; negative: expected more than got", "higher",
            lambda run: _ratio(run.stop("gap"), run.stop("encounters")), 4),
    *(
        Measure(f"expectation_gap_{dimension}", f"Expectation gap, {dimension}", "level",
                f"mean over encounters of perceived less predicted level of {dimension}", "higher",
                _gap_of(dimension), 4)
        for dimension in ("people", "product", "process")
    ),
    *(
        Measure(f"{control}_share", f"Expectations in hand: {control}", "share",
                f"share of the spread of predicted levels over customers that {control} factors account for (Shapley "
                "value of the variance)", "neither", _by_control("predicted", control))
        for control in CONTROLS
    ),
    *(
        Measure(f"expectation_gap_{control}", f"Expectation gap, {control} factors", "level",
                f"part of the expectation gap (dimensions counted alike) that {control} factors account for: perceived "
                "less what they said, by their share of the prediction", "higher", _by_control("gap", control), 4)
        for control in CONTROLS
    ),
    Measure("expectations_met_share", "Expectations met", "share", "encounters perceived at least as predicted / "
            "encounters", "higher", lambda run: _ratio(run.stop("met"), run.stop("encounters"))),
    Measure("poor_journey_rate", "Poor journeys", "share", "journeys with a poor encounter / journeys", "lower",
            lambda run: _ratio(run.journey("poor_journeys"), run.journey("journeys"))),
    Measure("poor_encounter_rate", "Poor encounters", "share", "poor encounters / encounters", "lower",
            lambda run: _ratio(run.stop("poor"), run.stop("encounters")), 4),
    Measure("very_poor_rate", "Very poor encounters", "share", "encounters more than the margin below adequate / "
            "encounters", "lower", lambda run: _ratio(run.stop("very_poor"), run.stop("encounters")), 4),
    Measure("delight_rate", "Delightful encounters", "share", "encounters perceived above the desired level / "
            "encounters", "higher", lambda run: _ratio(run.stop("delighted"), run.stop("encounters"))),
    Measure("wow_rate", "Wow moments", "share", "wows / encounters", "neither",
            lambda run: _ratio(run.stop("wows"), run.stop("encounters")), 4),
    Measure("defection_rate", "Defection", "per customer-year", "customers who left after a poor journey or a blow-up "
            "/ customer-years", "lower", lambda run: _ratio(run.journey("left"), run.person_years), 4),
    Measure("switched_after_poor", "Switched after a poor experience", "share", "of the customers present at the end "
            "of the warm-up who had a poor journey: share who left within three years (Kaplan-Meier, drifting and "
            "ended needs censored); needs a horizon of three years", "lower",
            lambda run: run.people.switched_after_poor),
    Measure("frequency_cut_share", "Came less often", "share", "poor journeys after which the customer stayed but came "
            "less often / poor journeys", "lower",
            lambda run: _ratio(run.journey("frequency_cuts"), run.journey("poor_journeys"))),
    Measure("complaint_share", "Complained", "share", "complaints / poor journeys", "neither",
            lambda run: _ratio(run.journey("complaints"), run.journey("poor_journeys"))),
    Measure("escalation_share", "Complained to the head office", "share", "complaints to the head office / complaints",
            "lower", lambda run: _ratio(run.journey("escalations"), run.journey("complaints"))),
    Measure("nps_measured", "NPS as measured", "points", "promoters (9, 10) less detractors (0 to 6) among those "
            "present", "higher", lambda run: run.people.nps_measured, 1),
    Measure("nps_all", "NPS with the lost", "points", "the same among those present and those who left since the "
            "warm-up, at the satisfaction they left with", "higher", lambda run: run.people.nps_all, 1),
    Measure("csat", "Surveys with 4 or 5 stars", "share", "surveys answered with 4 or 5 stars / surveys answered",
            "higher", lambda run: _ratio(run.journey("surveys_satisfied"), run.journey("surveys"))),
    Measure("effort", "Effort", "1 to 7", "sum of effort answers / surveys answered", "lower",
            lambda run: _ratio(run.journey("survey_effort"), run.journey("surveys")), 2),
    Measure("stars_mean", "Mean stars", "stars", "sum of stars / surveys answered", "higher",
            lambda run: _ratio(run.journey("survey_stars"), run.journey("surveys")), 2),
    Measure("word_of_mouth_net", "Word of mouth, net", "tellings per customer-year", "(good less bad tellings) / "
            "customer-years", "higher",
            lambda run: _ratio(run.journey("told_good") - run.journey("told_bad"), run.person_years)),
    Measure("word_of_mouth_bad_share", "Bad word of mouth", "share", "bad tellings / tellings", "lower",
            lambda run: _ratio(run.journey("told_bad"), run.journey("told_good") + run.journey("told_bad"))),
    Measure("price_premium", "Price premium", "share", "revenue / (sales x list price) less 1",
            "higher", lambda run: _ratio(run.journey("revenue"), run.sales_at_list_price) - 1.0, 4),
    Measure("revenue", "Revenue", "money per customer-year", "revenue / customer-years", "higher",
            lambda run: _ratio(run.journey("revenue"), run.person_years), 2),
    Measure("cost", "Cost", "money per customer-year", "goods, servers, contacts, refunds, wows, messages, "
            "quality, acquisition, escalations, win-back and feedback / customer-years", "lower",
            lambda run: _ratio(sum(run.costs.values()), run.person_years), 2),
    Measure("profit_per_customer", "Profit", "money per customer-year", "(revenue less cost) / customer-years",
            "higher", lambda run: _ratio(run.profit, run.person_years), 2),
    Measure("lifetime_value", "Lifetime value", "money per customer", "profit per customer-year without acquisition / "
            "(rate of going + ln(1 + discount))", "higher", lambda run: run.lifetime_value(), 1),
    Measure("wait_minutes_mean", "Mean wait", "minutes", "waiting time / arrivals at desks", "lower",
            lambda run: _ratio(run.desk("wait_minutes"), run.desk("arrivals")), 2),
    Measure("wait_minutes_p90", "90 % wait at most", "minutes", "90th percentile of waits of all arrivals at desks",
            "lower", lambda run: run.wait_quantile(0.9), 2),
    Measure("abandonment_rate", "Gave up waiting", "share", "gave up or turned away / arrivals at desks", "lower",
            lambda run: _ratio(run.desk("gave_up") + run.desk("turned_away"), run.desk("arrivals"))),
    Measure("service_level", "Answered in time", "share", "answered within the desk's target / arrivals at desks",
            "higher", lambda run: _ratio(run.desk("answered_in_time"), run.desk("arrivals"))),
    *(
        Measure(f"{mood}_share", f"Waiting {mood}", "share", f"queue time spent {mood} / queue time",
                "higher" if mood == "calm" else "lower", _mood(mood))
        for mood in MOODS[:4]
    ),
    Measure("occupancy", "Desk occupancy", "share", "service minutes / server minutes", "neither",
            lambda run: _ratio(run.desk("service_minutes"), run.desk("server_minutes"))),
    Measure("on_time_rate", "Delivered on time", "share", "deliveries by the promised date and grace / "
            "those and promised dates that passed without one (whoever leaves then never receives it)", "higher",
            lambda run: _ratio(run.stop("on_time"), run.stop("on_time") + run.stop("overdue_noticed"))),
    Measure("days_late_mean", "Days late, if late", "days", "days beyond promise and grace / late deliveries", "lower",
            lambda run: _ratio(run.stop("days_late"), run.stop("deliveries") - run.stop("on_time")), 2),
    Measure("goal_reached_rate", "Goal reached", "share", "journeys whose goal was reached / journeys", "higher",
            lambda run: _ratio(run.journey("goals_reached"), run.journey("journeys"))),
    Measure("stuck_rate", "Technology got stuck", "share", "encounters where technology got stuck / encounters",
            "lower", lambda run: _ratio(run.stop("stuck"), run.stop("encounters")), 4),
    Measure("join_rate", "Prospects who joined", "share", "joined / (joined and declined)", "higher",
            lambda run: _ratio(run.journey("joined"), run.journey("joined") + run.journey("declined"))),
    Measure("won_back_share", "Won back", "share", "came back / left", "higher",
            lambda run: _ratio(run.journey("won_back"), run.journey("left"))),
    Measure("contacts_per_journey", "Contacts per journey", "contacts", "contacts with desks beyond the journey's own "
            "stops / journeys", "lower", lambda run: _ratio(run.journey("contacts"), run.journey("journeys"))),
    Measure("failure_demand_share", "Failure demand", "share", "desk arrivals caused by a failure or a repeat / desk "
            "arrivals", "lower", lambda run: _ratio(run.desk("failure_contacts"), run.desk("arrivals"))),
    # What surveys ask: figures to hold against published ones
    Measure("switched_at_risk", "Customers behind that share", "customers", "customers present at the end of the "
            "warm-up who had a poor journey within three years", "neither",
            lambda run: float(run.people.at_risk or "nan"), 1),
    *(
        Measure(f"left_after_poor_{strike}", f"Left after the {told} poor journey", "share", "newcomers who left after "
                f"their {told} poor journey, before another / newcomers who had one", "lower",
                _of_count(f"left_after_{strike}", f"reached_{strike}"))
        for strike, told in enumerate(("first", "second", "third", "fourth", "fifth"), 1)
    ),
    Measure("left_by_third_poor", "Left by the third poor journey", "share", "1 less the product, over the first three "
            "poor journeys of newcomers, of the shares who did not leave after each", "lower",
            lambda run: _left_by(run, 3)),
    Measure("exits_per_poor_journey", "Left per poor journey", "share", "left / poor journeys", "lower",
            lambda run: _ratio(run.journey("left"), run.journey("poor_journeys"))),
    Measure("exits_per_very_poor", "Left per very poor encounter", "ratio", "left / very poor encounters", "lower",
            lambda run: _ratio(run.journey("left"), run.stop("very_poor"))),
    Measure("reduced_or_stopped_share", "Came less often or left", "share", "(left and frequency cuts) / poor journeys",
            "lower", lambda run: _ratio(run.journey("left") + run.journey("frequency_cuts"),
                                        run.journey("poor_journeys"))),
    Measure("voice_share_process", "Spoke up, no money lost", "share", "failures without loss of money that were "
            "brought to the firm, by contact or complaint / such failures, of the followed customers", "neither",
            _of_count("voiced_process", "failures_process"), of_followed=True),
    Measure("voice_share_money", "Spoke up, money lost", "share", "failures with loss of money that were brought to "
            "the firm / such failures, of the followed customers", "neither",
            _of_count("voiced_money", "failures_money"), of_followed=True),
    Measure("head_office_share", "Went to the head office", "share", "complaints to the head office / poor journeys",
            "lower", lambda run: _ratio(run.journey("escalations"), run.journey("poor_journeys"))),
    Measure("again_quickly_settled", "Came again, settled at once", "share", "customers who came again within 180 days "
            "after the first contact settled their matter / such matters, of the followed customers", "higher",
            _of_count("again_quickly", "settled_quickly"), of_followed=True),
    Measure("again_slowly_settled", "Came again, settled late", "share", "the same where more than one contact was "
            "needed", "higher", _of_count("again_slowly", "settled_slowly"), of_followed=True),
    Measure("late_less_likely_share", "Less likely after two days late", "share", "journeys with a delivery more than "
            "two days late that ended in coming less often or leaving / such journeys, of the followed customers",
            "lower", _of_count("late_less", "late"), of_followed=True),
    Measure("problem_incidence", "Had a poor journey in a year", "share", "customers present at the end of the warm-up "
            "who had a poor journey within a year / those and those still there after the year", "lower",
            _of_count("had_problem", "followed_a_year")),
    Measure("recommend_ratio", "Promoters, satisfied to dissatisfied", "ratio", "share answering 9 or 10 of present "
            "customers with satisfaction above 50 / the same below 50", "neither",
            lambda run: _ratio(_ratio(run.count("satisfied_promoters"), run.count("satisfied")),
                               _ratio(run.count("dissatisfied_promoters"), run.count("dissatisfied"))), 2),
    Measure("telling_ratio", "Bad told to good told, per journey", "ratio", "(bad tellings / poor journeys) / (good "
            "tellings / other journeys)", "neither", _telling_ratio, 2),
    Measure("asymmetry_ratio", "Losses to gains", "ratio", "drop of feeling .1 below the zone of tolerance / lift .1 "
            "above it", "neither", _of_count("felt_below", "felt_above"), 2),
)  # fmt: skip

MEASURE = {measure.name: measure for measure in MEASURES}
HEADLINES = (
    "satisfaction", "expectation_gap", "poor_journey_rate", "defection_rate", "switched_after_poor", "nps_measured",
    "nps_all", "on_time_rate", "wait_minutes_mean", "abandonment_rate", "goal_reached_rate", "contacts_per_journey",
    "failure_demand_share", "csat", "word_of_mouth_net", "profit_per_customer", "lifetime_value",
)  # fmt: skip


@dataclass(frozen=True)
class Estimate:
    """Mean over replications with its 95 % interval (Student's t); nan bounds from a single value."""

    mean: float
    low: float
    high: float
    sd: float
    n: int


def estimate(values: Sequence[float]) -> Estimate:
    """Mean and 95 % interval of the values that are numbers."""
    numbers = np.array([value for value in values if np.isfinite(value)])
    if len(numbers) == 0:
        return Estimate(np.nan, np.nan, np.nan, np.nan, 0)
    mean = float(numbers.mean())
    if len(numbers) == 1:
        return Estimate(mean, np.nan, np.nan, np.nan, 1)
    sd = float(numbers.std(ddof=1))
    half = float(stdtrit(len(numbers) - 1, 0.975)) * sd / len(numbers) ** 0.5
    return Estimate(mean, mean - half, mean + half, sd, len(numbers))
