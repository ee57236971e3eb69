"""Every measure against values worked by hand, and the statistics behind them against SciPy."""

import math

import numpy as np
import pytest
from scipy import stats

from cxsim.engine.tally import DESK_STATISTICS, JOURNEY_STATISTICS, TOUCHPOINT_STATISTICS, WAIT_BINS, wait_of_bin
from cxsim.results.measures import HEADLINES, MEASURE, MEASURES, estimate
from cxsim.results.run import People, Run, net_promoter_score
from cxsim.results.survival import share_with_event

NAN = float("nan")
# What is counted on the day after the warm-up at the first stop (desk), and a day later at the second.
STOPS = {
    "encounters": (30, 10), "gap": (-1.5, 0.3), "perceived_people": (20, 8), "predicted_people": (18, 8),
    "perceived_product": (15, 4), "predicted_product": (15, 8), "perceived_process": (10, 9),
    "predicted_process": (9, 8), "stuck": (1, 2),
    "met": (20, 4), "poor": (1, 3), "very_poor": (0, 1), "delighted": (6, 4), "wows": (1, 0),
    "deliveries": (0, 8), "on_time": (0, 6), "days_late": (0, 5), "overdue_noticed": (0, 4),
}  # fmt: skip
JOURNEYS = {
    "journeys": (12, 8), "poor_journeys": (3, 2), "left": (2, 4), "frequency_cuts": (1, 1), "complaints": (0, 2),
    "goals_reached": (10, 6), "contacts": (2, 3),
    "escalations": (0, 1), "declined": (1, 1), "won_back": (1, 2), "survey_effort": (11, 13),
    "surveys": (5, 3), "surveys_satisfied": (4, 2), "survey_stars": (20, 11), "told_good": (6, 3), "told_bad": (1, 2),
    "sales": (10, 6), "revenue": (510, 306), "refunds": (25, 0), "drifted": (1, 0), "ended": (0, 2), "joined": (0, 2),
}  # fmt: skip
DESKS = {
    "arrivals": (6, 4), "wait_minutes": (24, 1), "gave_up": (1, 0), "turned_away": (0, 1), "answered_in_time": (3, 4),
    "calm_minutes": (10, 2), "edgy_minutes": (4, 0), "agitated_minutes": (3, 0), "angry_minutes": (0, 1),
    "service_minutes": (30, 10), "server_minutes": (60, 20), "failure_contacts": (2, 3),
}  # fmt: skip
COSTS = {"goods": 480.0, "servers": 80 / 60 * 25, "refunds": 25.0, "acquisition": 40.0, "feedback": 10.0}
COST = 480 + 80 / 60 * 25 + 25 + 40 + 10
INFLUENCE = {  # share of the spread of predicted levels, and part of the gap
    "explicit_promises": (0.5, -0.02), "implicit_promises": (0.25, -0.01), "word_of_mouth": (0.3, 0.005),
    "past_experience": (-0.05, 0.001), "personal_needs": (0.0, 0.0),
}  # fmt: skip
CONTROL = {
    "explicit_promises": "controllable", "implicit_promises": "controllable", "word_of_mouth": "influenceable",
    "past_experience": "influenceable", "personal_needs": "uncontrollable",
}  # fmt: skip
EXPECTED = {
    "satisfaction": 60.0,  # 50 + 50 * .2
    "expectation_gap": -1.2 / 40,
    "expectation_gap_people": 2 / 40,
    "expectation_gap_product": -4 / 40,
    "expectation_gap_process": 2 / 40,
    "controllable_share": 0.75,
    "influenceable_share": 0.25,
    "uncontrollable_share": 0.0,
    "expectation_gap_controllable": -0.03,
    "expectation_gap_influenceable": 0.006,
    "expectation_gap_uncontrollable": 0.0,
    "expectations_met_share": 24 / 40,
    "poor_journey_rate": 5 / 20,
    "poor_encounter_rate": 4 / 40,
    "very_poor_rate": 1 / 40,
    "delight_rate": 10 / 40,
    "wow_rate": 1 / 40,
    "defection_rate": 2.0,  # 6 left in 3 customer-years
    "switched_after_poor": 0.7,
    "frequency_cut_share": 2 / 5,
    "complaint_share": 2 / 5,
    "escalation_share": 1 / 2,
    "nps_measured": 12.5,
    "nps_all": -5.0,
    "wait_minutes_mean": 25 / 10,
    "wait_minutes_p90": 0.051,  # halfway through bin 1, .05 to .052 minutes
    "abandonment_rate": 2 / 10,
    "service_level": 7 / 10,
    "calm_share": 12 / 20,
    "edgy_share": 4 / 20,
    "agitated_share": 3 / 20,
    "angry_share": 1 / 20,
    "occupancy": 40 / 80,
    "on_time_rate": 6 / 10,
    "days_late_mean": 5 / 2,
    "effort": 24 / 8,
    "stuck_rate": 3 / 40,
    "join_rate": 2 / 4,
    "won_back_share": 3 / 6,
    "csat": 6 / 8,
    "stars_mean": 31 / 8,
    "word_of_mouth_net": 6 / 3,
    "word_of_mouth_bad_share": 3 / 12,
    "price_premium": 816 / 800 - 1,
    "revenue": 816 / 3,
    "cost": COST / 3,
    "profit_per_customer": (816 - COST) / 3,
    "lifetime_value": (816 - COST + 40) / 3 / (9 / 3 + math.log(1.08)),  # 6 left, 1 drifted, 2 ended in 3 years
    "goal_reached_rate": 16 / 20,
    "contacts_per_journey": 5 / 20,
    "failure_demand_share": 5 / 10,
    "switched_at_risk": 100.0,
    "left_after_poor_1": 0.1,
    "left_after_poor_2": 0.25,
    "left_after_poor_3": 0.5,
    "left_after_poor_4": 0.0,
    "left_after_poor_5": 1.0,
    "left_by_third_poor": 1 - 0.9 * 0.75 * 0.5,
    "exits_per_poor_journey": 6 / 5,
    "exits_per_very_poor": 6 / 1,
    "reduced_or_stopped_share": 8 / 5,
    "voice_share_process": 1 / 4,
    "voice_share_money": 2 / 3,
    "head_office_share": 1 / 5,
    "again_quickly_settled": 0.9,
    "again_slowly_settled": 0.5,
    "late_less_likely_share": 0.6,
    "problem_incidence": 0.7,
    "recommend_ratio": (8 / 16) / (1 / 8),
    "telling_ratio": (3 / 5) / (9 / 15),
    "asymmetry_ratio": 2.0,
}
COUNTS = {
    "reached_1": 20, "left_after_1": 2, "reached_2": 12, "left_after_2": 3, "reached_3": 4, "left_after_3": 2,
    "reached_4": 1, "left_after_4": 0, "reached_5": 1, "left_after_5": 1, "failures_process": 4, "voiced_process": 1,
    "failures_money": 3, "voiced_money": 2, "settled_quickly": 10, "again_quickly": 9, "settled_slowly": 2,
    "again_slowly": 1, "late": 5, "late_less": 3, "followed_a_year": 10, "had_problem": 7, "satisfied": 16,
    "satisfied_promoters": 8, "dissatisfied": 8, "dissatisfied_promoters": 1, "felt_below": 0.4, "felt_above": 0.2,
}  # fmt: skip


def filled(shape: tuple[int, ...], names: tuple[str, ...], values: dict[str, tuple[float, float]]) -> np.ndarray:
    """(days, places, statistics): a warm-up day that must not count, then the values, one place a day."""
    days = np.zeros((3, *shape, len(names)))
    days[0] = 1e9
    for name, (first, second) in values.items():
        where = names.index(name)
        days[(1, 0, where) if shape else (1, where)] = first
        days[(2, 1, where) if shape else (2, where)] = second
    return days


def hand_made(is_empty: bool = False) -> Run:
    """Three days, two stops, two desks; 363 customers, two join in the warm-up day and 365 on the last."""
    journeys = filled((), JOURNEY_STATISTICS, {} if is_empty else JOURNEYS)
    present = JOURNEY_STATISTICS.index("present_change")
    journeys[:, present] = (-363, 0, 0) if is_empty else (2, 0, 365)
    waits = np.zeros((2, WAIT_BINS))
    if not is_empty:
        waits[0, 0], waits[1, 1] = 8, 2
    people = People(NAN, NAN, NAN, NAN, 0, 0) if is_empty else People(0.2, 12.5, -5.0, 0.7, 100, 365)
    return Run(
        replication=0, warm_up_days=1, established=363,
        stop_days=filled((2,), TOUCHPOINT_STATISTICS, {} if is_empty else STOPS), journey_days=journeys,
        desk_days=filled((2,), DESK_STATISTICS, {} if is_empty else DESKS), waits=waits, people=people,
        events=1, seconds=1.0, costs={} if is_empty else COSTS, sales_at_list_price=0.0 if is_empty else 800.0,
        discount=0.08, control={} if is_empty else CONTROL, counts={} if is_empty else COUNTS,
        influence={} if is_empty else {name: {"predicted": spread, "gap": gap}
                                       for name, (spread, gap) in INFLUENCE.items()},
    )  # fmt: skip


@pytest.mark.parametrize("name", [measure.name for measure in MEASURES])
def test_measure_is_what_its_formula_says(name: str) -> None:
    assert MEASURE[name].compute(hand_made()) == pytest.approx(EXPECTED[name], rel=1e-12)


@pytest.mark.parametrize("name", [measure.name for measure in MEASURES])
def test_measure_of_nothing_is_nan(name: str) -> None:
    assert math.isnan(MEASURE[name].compute(hand_made(is_empty=True)))


def test_every_measure_is_declared_in_full() -> None:
    names = [measure.name for measure in MEASURES]
    assert len(set(names)) == len(names) == len({measure.label for measure in MEASURES})
    assert set(names) == set(EXPECTED)
    assert set(HEADLINES) <= set(names)
    for measure in MEASURES:
        assert measure.label, measure.name
        assert measure.unit, measure.name
        assert len(measure.formula) > 10, measure.name
        assert measure.better in ("higher", "lower", "neither")
        assert measure.digits >= 1, measure.name


@pytest.mark.parametrize("values", [[1.0, 2.0, 4.0], [5.0, 5.5], list(np.random.default_rng(1).normal(3, 2, 40))])
def test_estimate_agrees_with_scipy(values: list[float]) -> None:
    found, other = estimate([*values, NAN]), stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
    assert (found.mean, found.low, found.high) == pytest.approx((np.mean(values), other.low, other.high), rel=1e-12)
    assert found.sd == pytest.approx(np.std(values, ddof=1))
    assert found.n == len(values)


def test_estimate_of_too_few_has_no_interval() -> None:
    one, none = estimate([3.0, NAN]), estimate([NAN])
    assert (one.mean, one.n, none.n) == (3.0, 1, 0)
    assert all(math.isnan(value) for value in (one.low, one.high, none.mean, none.low))


@pytest.mark.parametrize(
    ("durations", "happened", "share"),
    [
        ([1, 2, 3, 4], [1, 1, 0, 0], 0.5),  # nobody leaves the study before the events: the plain share
        ([1, 2, 3, 4], [1, 0, 1, 0], 0.625),  # 1 - 3/4 * 1/2: the one censored at 2 counts as like the others
        ([1, 1, 1, 2], [1, 1, 0, 1], 1.0),  # the last at risk has it
        ([2, 2, 2], [1, 0, 0], 1 / 3),  # censored at the instant of an event: still at risk then
        ([1, 2, math.inf, math.inf], [0, 1, 0, 0], 1 / 3),  # 1 of the 3 who were still there
        ([0, 0, math.inf], [1, 0, 0], 1 / 3),  # at once, on the day of the first poor journey
        ([math.inf, math.inf], [0, 0], 0.0),
        ([1, 2], [0, 0], 0.0),
    ],
)
def test_share_with_event_worked_by_hand(durations: list[float], happened: list[int], share: float) -> None:
    order = np.random.default_rng(2).permutation(len(durations))
    found = share_with_event(np.array(durations, float)[order], np.array(happened, bool)[order])
    assert found == pytest.approx(share)


def test_share_with_event_of_nobody_is_nan() -> None:
    assert math.isnan(share_with_event(np.array([]), np.array([], bool)))


def test_share_with_event_agrees_with_scipy_and_undoes_censoring() -> None:
    rng = np.random.default_rng(3)
    events, leaves, end = rng.exponential(2.0, 20_000), rng.exponential(3.0, 20_000), 3.0
    happened = (events <= leaves) & (events < end)
    durations = np.where(happened, events, np.where(leaves < end, leaves, np.inf)).round(2)  # rounded: with ties
    found = share_with_event(durations, happened)
    finite = np.where(np.isfinite(durations), durations, 2 * end)
    other = stats.ecdf(stats.CensoredData(uncensored=finite[happened], right=finite[~happened]))
    assert found == pytest.approx(1 - other.sf.evaluate(end), abs=1e-12)
    assert found == pytest.approx(1 - math.exp(-end / 2.0), abs=0.015)  # the truth without censoring
    assert happened.mean() < 1 - math.exp(-end / 2.0) - 0.1  # the plain share would be far off


@pytest.mark.parametrize("share", [0.01, 0.25, 0.5, 0.9, 0.99, 1.0])
def test_wait_quantile_is_within_a_bin_of_the_exact_quantile(share: float) -> None:
    waits = np.random.default_rng(4).gamma(0.7, 6.0, 50_000)
    edges = np.array([wait_of_bin(number) for number in range(WAIT_BINS)])
    counts = np.bincount(np.searchsorted(edges, waits, side="right") - 1, minlength=WAIT_BINS)
    run = hand_made()
    run.waits[:] = counts // 2, counts - counts // 2  # over two desks
    exact = np.quantile(waits, share)
    width = 0.05 if exact < 0.05 else 0.04 * exact
    assert abs(run.wait_quantile(share) - exact) <= width


def test_wait_quantile_at_the_ends() -> None:
    run = hand_made()
    run.waits[:] = 0
    run.waits[0, 10] = 4
    assert run.wait_quantile(0.0) == pytest.approx(wait_of_bin(10))
    assert run.wait_quantile(1.0) == pytest.approx(wait_of_bin(11))
    run.waits[:] = 0
    run.waits[0, 0] = 1
    assert 0 <= run.wait_quantile(0.5) <= 0.05


def test_net_promoter_score() -> None:
    assert net_promoter_score(np.array([9, 10, 8, 7, 6, 0, 3, 5])) == pytest.approx(25.0 - 50.0)
    assert net_promoter_score(np.array([9, 10])) == 100.0
    assert net_promoter_score(np.array([6])) == -100.0
    assert net_promoter_score(np.array([7, 8])) == 0.0
    assert math.isnan(net_promoter_score(np.array([])))
