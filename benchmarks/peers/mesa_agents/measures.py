"""Measures of a finished run, from what was counted after the warm-up and from the customers at the end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from benchmarks.peers.mesa_agents.science import DIMENSIONS, quality_cost, within

if TYPE_CHECKING:
    from benchmarks.peers.mesa_agents.customer import Customer
    from benchmarks.peers.mesa_agents.shop import Shop


def ratio(part: float, whole: float) -> float:
    """Part of a whole; nan of nothing."""
    return part / whole if whole else math.nan


def measures_of(shop: Shop) -> dict[str, float]:
    """All measures that this implementation has; factor shares (Shapley values) and the three-year cohort are not."""
    n, money = shop.totals, shop.scenario.money
    years = shop.customer_days / 365
    present = [customer for customer in shop.customers if customer.status == "active"]
    gone = [c for c in shop.customers if c.status == "left" and c.left_at >= shop.scenario.warm_up]
    queued = sum(n[mood] for mood in ("calm", "edgy", "agitated", "angry"))
    told = n["told_good"] + n["told_bad"]
    costs = _costs(shop)
    profit = n["revenue"] - sum(costs.values())
    going = ratio(n["left"] + n["drifted"] + n["ended"], years) + math.log1p(money.discount)
    return {
        "satisfaction": 50 + 50 * ratio(sum(customer.satisfaction for customer in present), len(present)),
        "expectation_gap": ratio(n["gap"], n["encounters"]),
        **{f"expectation_gap_{d}": ratio(n[d], n["encounters"]) for d in DIMENSIONS},
        "expectations_met_share": ratio(n["met"], n["encounters"]),
        "poor_journey_rate": ratio(n["poor_journeys"], n["journeys"]),
        "poor_encounter_rate": ratio(n["poor"], n["encounters"]),
        "very_poor_rate": ratio(n["very_poor"], n["encounters"]),
        "delight_rate": ratio(n["delighted"], n["encounters"]),
        "wow_rate": ratio(n["wows"], n["encounters"]),
        "defection_rate": ratio(n["left"], years),
        "frequency_cut_share": ratio(n["frequency_cuts"], n["poor_journeys"]),
        "complaint_share": ratio(n["complaints"], n["poor_journeys"]),
        "escalation_share": ratio(n["escalations"], n["complaints"]),
        "nps_measured": net_promoter_score(shop, present),
        "nps_all": net_promoter_score(shop, present + gone),
        "csat": ratio(n["satisfied"], n["surveys"]),
        "effort": ratio(n["effort"], n["surveys"]),
        "stars_mean": ratio(n["stars"], n["surveys"]),
        "word_of_mouth_net": ratio(n["told_good"] - n["told_bad"], years),
        "word_of_mouth_bad_share": ratio(n["told_bad"], told),
        "price_premium": ratio(n["revenue"], n["sales"] * money.price) - 1,
        "revenue": ratio(n["revenue"], years),
        "cost": ratio(sum(costs.values()), years),
        "profit_per_customer": ratio(profit, years),
        "lifetime_value": ratio(ratio(profit + costs["acquisition"], years), going),
        "wait_minutes_mean": ratio(n["wait_minutes"], n["arrivals"]),
        "wait_minutes_p90": quantile(shop.waits, 0.9),
        "abandonment_rate": ratio(n["gave_up"], n["arrivals"]),
        "service_level": ratio(n["in_time"], n["arrivals"]),
        **{f"{mood}_share": ratio(n[mood], queued) for mood in ("calm", "edgy", "agitated", "angry")},
        "occupancy": ratio(n["service_minutes"], n["server_minutes"]),
        "on_time_rate": ratio(n["on_time"], n["on_time"] + n["overdue"]),
        "days_late_mean": ratio(n["days_late"], n["deliveries"] - n["on_time"]),
        "goal_reached_rate": ratio(n["goals_reached"], n["journeys"]),
        "join_rate": ratio(n["joined"], n["joined"] + n["declined"]),
        "won_back_share": ratio(n["won_back"], n["left"]),
        "contacts_per_journey": ratio(n["contacts"], n["journeys"]),
        "failure_demand_share": ratio(n["contacts"], n["arrivals"]),
    }


def net_promoter_score(shop: Shop, people: list[Customer]) -> float:
    """Share of 9 and 10 less share of 0 to 6, in points."""
    p = shop.p
    scores = [
        within(round(10 * (p.recommend_middle + p.recommend_slope * customer.satisfaction)
                     + shop.luck.gauss(0, p.recommend_noise)), 0, 10)
        for customer in people
    ]  # fmt: skip
    return 100 * ratio(sum((score >= 9) - (score <= 6) for score in scores), len(scores))


def quantile(values: list[float], share: float) -> float:
    """Value that a share does not exceed."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)] if values else math.nan


def _costs(shop: Shop) -> dict[str, float]:
    n, money = shop.totals, shop.scenario.money
    quality = 0.0
    for stop in shop.stops.values():
        weights = stop.definition.weights.values_in_order()
        each = [quality_cost(level, money.quality) for level in stop.quality]
        quality += n[stop.name] * sum(w * c for w, c in zip(weights, each, strict=True)) / sum(weights)
    return {
        "goods": n["sales"] * money.unit_cost,
        "servers": n["server_minutes"] / 60 * money.server_hour,
        "contacts": n["arrivals"] * money.contact,
        "refunds": n["refunds"],
        "wows": n["wows"] * money.wow,
        "messages": sum(n[stop.name] for stop in shop.stops.values() if stop.kind == "message") * money.message,
        "quality": quality,
        "acquisition": n["joined"] * money.acquisition,
        "escalations": n["escalations"] * money.escalation,
        "win_back": n["won_back"] * shop.scenario.company.win_back.cost,
    }
