"""What is counted while a world runs: names of the statistics per touchpoint, per journey and per desk."""

from __future__ import annotations

from cxsim.engine.columns import SIGNALS
from cxsim.scenario.values import DIMENSIONS

TOUCHPOINT_STATISTICS = (
    "encounters", "poor", "very_poor", "met", "delighted", "failures", "wows",
    "satisfaction", "utility", "gap", "desired", "adequate", "predicted", "perceived",
    *(f"{level}_{d}" for level in ("desired", "adequate", "predicted", "perceived") for d in DIMENSIONS),
    "poor_from_elsewhere", "stuck", "blow_ups",
    "deliveries", "on_time", "days_late", "delivery_days", "promised_days", "overdue_noticed",
)  # fmt: skip
(
    T_ENCOUNTERS, T_POOR, T_VERY_POOR, T_MET, T_DELIGHTED, T_FAILURES, T_WOWS,
    T_SATISFACTION, T_UTILITY, T_GAP, T_DESIRED, T_ADEQUATE, T_PREDICTED, T_PERCEIVED,
    T_DESIRED_BY, _, _, T_ADEQUATE_BY, _, _, T_PREDICTED_BY, _, _, T_PERCEIVED_BY, _, _,
    T_POOR_FROM_ELSEWHERE, T_STUCK, T_BLOW_UPS,
    T_DELIVERIES, T_ON_TIME, T_DAYS_LATE, T_DELIVERY_DAYS, T_PROMISED_DAYS, T_OVERDUE_NOTICED,
) = range(len(TOUCHPOINT_STATISTICS))  # fmt: skip

JOURNEY_STATISTICS = (
    "journeys_begun", "journeys", "poor_journeys", "goals_reached", "contacts", "complaints",
    "complaints_settled", "escalations", "stayed_after_poor", "frequency_cuts", "left", "drifted", "ended", "dropped",
    "joined", "declined", "won_back",
    "satisfaction_change", "present_change", "told_good", "told_bad", "reviews", "review_stars", "surveys",
    "survey_stars", "surveys_satisfied", "survey_effort", "sales", "revenue", "refunds",
    "gap_even", *(f"gap_{signal}" for signal in SIGNALS[:3]),
)  # fmt: skip
(
    J_BEGUN, J_ENDED, J_POOR, J_GOALS, J_CONTACTS, J_COMPLAINTS,
    J_COMPLAINTS_SETTLED, J_ESCALATIONS, J_STAYED_AFTER_POOR, J_FREQUENCY_CUTS, J_LEFT, J_DRIFTED, J_NEED_ENDED,
    J_DROPPED, J_JOINED, J_DECLINED, J_WON_BACK,
    J_SATISFACTION_CHANGE, J_PRESENT_CHANGE, J_TOLD_GOOD, J_TOLD_BAD, J_REVIEWS, J_REVIEW_STARS, J_SURVEYS,
    J_SURVEY_STARS, J_SURVEYS_SATISFIED, J_SURVEY_EFFORT, J_SALES, J_REVENUE, J_REFUNDS,
    J_GAP_EVEN, J_GAP_BY, _, _,
) = range(len(JOURNEY_STATISTICS))  # fmt: skip

BLAME_STATISTICS = ("poor", "irritation", "contacts", "last_straws")
"""What is put down to an origin touchpoint and a reason, after the warm-up; last straws are defections."""
B_POOR, B_IRRITATION, B_CONTACTS, B_LAST_STRAWS = range(len(BLAME_STATISTICS))

DESK_STATISTICS = (
    "arrivals", "waited", "served", "gave_up", "turned_away", "found_closed", "answered_in_time", "settled",
    "wait_minutes", "wait_minutes_of_served", "service_minutes", "server_minutes",
    "calm_minutes", "edgy_minutes", "agitated_minutes", "angry_minutes", "failure_contacts",
)  # fmt: skip
(
    D_ARRIVALS, D_WAITED, D_SERVED, D_GAVE_UP, D_TURNED_AWAY, D_FOUND_CLOSED, D_IN_TIME, D_SETTLED,
    D_WAIT, D_WAIT_SERVED, D_SERVICE, D_SERVER_MINUTES,
    D_MOODS, _, _, _, D_FAILURE_CONTACTS,
) = range(len(DESK_STATISTICS))  # fmt: skip

WAIT_BINS = 400
"""Bins of the wait histogram; bin b holds waits from `wait_of_bin(b)` minutes on."""


def wait_of_bin(bin_number: float) -> float:
    """Lower end of a bin in minutes: 0, then growing by 4 % a bin, from 3 seconds to beyond a week."""
    return 0.0 if bin_number <= 0 else 0.05 * 1.04 ** (bin_number - 1)
