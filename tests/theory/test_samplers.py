"""Every sampler against SciPy; uniforms, normals and durations are in tests/engine/test_streams.py.

Seeds are fixed, so a test that passes once passes always; ALARM is the chance that a right sampler failed when written.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from cxsim.engine.normal import normal_quantile
from cxsim.engine.streams import make_key
from cxsim.engine.world import build_world, draw_newcomers, week_instant, week_time
from cxsim.model import CustomerModel
from cxsim.rules.relationship import LEAVE, STAY, VOICE, choose
from cxsim.rules.waiting import patience_minutes
from cxsim.scenario.loading import load
from cxsim.scenario.ready import find_scenario
from tests.worlds import load_bare, load_world, week_of

ALARM = 1e-4
EVEN = (np.arange(2_000) + 0.5) / 2_000


def test_normal_quantiles_are_scipys() -> None:
    shares = np.concatenate([EVEN, 10.0 ** -np.arange(3, 15), 1 - 10.0 ** -np.arange(3, 15)])
    ours = np.array([normal_quantile(share) for share in shares])
    assert np.allclose(ours, stats.norm.ppf(shares), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("mean", "shape"), [(20.0, 1.0), (3.0, 0.833), (8.0, 2.5)])
def test_patience_is_a_weibull(mean: float, shape: float) -> None:
    from scipy.special import gamma

    ours = np.array([patience_minutes(share, mean, shape) for share in EVEN])
    assert np.allclose(ours, stats.weibull_min(shape, scale=mean / gamma(1 + 1 / shape)).isf(EVEN), rtol=1e-12)


@pytest.mark.parametrize("voice_open", [True, False])
def test_stay_voice_and_leave_have_the_shares_of_a_logit(voice_open: bool) -> None:
    voice, leave = -0.4, 0.3
    chosen = np.bincount([choose(share, voice, leave, voice_open) for share in EVEN], minlength=3) / len(EVEN)
    weights = np.exp([0.0, voice if voice_open else -np.inf, leave])
    expected = weights / weights.sum()
    assert chosen[[STAY, VOICE, LEAVE]] == pytest.approx(expected, abs=1 / len(EVEN))


@pytest.mark.parametrize("expected", [0.7, 40.0, 300.0, 900.0])
def test_the_number_of_newcomers_is_poisson(expected: float) -> None:
    world = load_world(**{"population.newcomers": f"{expected * 365 / 70} per year"})  # 70 days with the warm-up
    drawn = np.array([draw_newcomers(world, make_key(5, number)) for number in range(3_000)])
    model = stats.poisson(expected)
    edges = np.unique(model.ppf(np.linspace(0.05, 0.95, 10)))
    counts = np.histogram(drawn, [-np.inf, *(edges + 0.5), np.inf])[0]
    shares = np.diff([0.0, *model.cdf(edges), 1.0])
    assert stats.chisquare(counts, shares * len(drawn)).pvalue > ALARM
    assert drawn.var(ddof=1) == pytest.approx(expected, rel=0.15)


def test_business_time_and_instants_are_inverse_and_even_weeks_are_plain_time() -> None:
    week = build_world(load(find_scenario("callcentre"), {"population": {"customers": 1}}), 1, 0).tables[0].week
    for business in np.linspace(0.01, 40, 400):
        assert week_time(week, week_instant(week, business, 3), 3) == pytest.approx(business, abs=1e-9)
    plain = week_of([1.0] * 168)
    for at in (0.0, 0.31, 6.99, 15.5):
        assert week_time(plain, at, 0) == pytest.approx(at)


def test_journeys_start_by_the_hour_as_the_scenario_weighs_them() -> None:
    from cxsim.engine.log import JOURNEY_BEGINS

    weights = [1.0] * 8 + [4.0] * 4 + [0.0] * 4 + [2.0] * 8
    world = load_bare({"use": {"kind": "use"}}, **{"journey.starts_at": [{"hours": "0-24", "weight": weights}],
                                                   "population.customers": 500})  # fmt: skip
    log = CustomerModel(world, follow=range(500)).run().log()
    begun = log["at"][log["event"] == JOURNEY_BEGINS]
    counts = np.bincount(((begun % 1) * 24).astype(int), minlength=24)
    assert counts[12:16].sum() == 0
    open_hours = np.array(weights) > 0
    expected = np.array(weights)[open_hours] / sum(weights) * len(begun)
    assert len(begun) > 2_000
    assert stats.chisquare(counts[open_hours], expected).pvalue > ALARM


def test_personas_and_ways_on_have_the_shares_of_the_scenario() -> None:
    stops = {
        "fork": {"kind": "use", "next": {"left": 0.2, "right": 0.5, "end": 0.3}},
        "left": {"kind": "use", "next": {"end": 1}},
        "right": {"kind": "use", "next": {"end": 1}},
    }
    kinds = {name: {"share": share, "journeys_per_year": "40 per year"}
             for name, share in (("a", 0.1), ("b", 0.6), ("c", 0.3))}  # fmt: skip
    world = CustomerModel(load_bare(stops, **{"personas": kinds, "population.customers": 3_000})).run().world
    personas = np.bincount(world.customers["persona"], minlength=3)
    assert stats.chisquare(personas, np.array([0.1, 0.6, 0.3]) * 3_000).pvalue > ALARM
    fork, left, right = world.stop_days[:, :, 0].sum(axis=0)
    assert stats.chisquare([left, right, fork - left - right], np.array([0.2, 0.5, 0.3]) * fork).pvalue > ALARM


def test_failures_wows_and_ends_of_need_come_as_often_as_written() -> None:
    from cxsim.engine.tally import TOUCHPOINT_STATISTICS

    stop = {"kind": "use", "failure": {"probability": 0.07}, "wow": {"probability": 0.1}}
    model = CustomerModel(
        load_bare(
            {"use": stop}, **{"population": {"customers": 3_000, "ended": "0.9 per year", "drifted": "0.3 per year"}}
        )
    ).run()
    totals = dict(zip(TOUCHPOINT_STATISTICS, model.world.stop_days[:, 0].sum(axis=0).tolist(), strict=True))
    count = int(totals["encounters"])
    assert stats.binomtest(int(totals["failures"]), count, 0.07).pvalue > ALARM
    assert stats.binomtest(int(totals["wows"]), count, 0.93 * 0.1).pvalue > ALARM  # a failure is no surprise
    status = np.bincount(model.world.customers["status"], minlength=5)
    gone = int(status[3] + status[4])
    assert stats.binomtest(gone, 3_000, 1 - np.exp(-1.2 * 60 / 365)).pvalue > ALARM
    assert stats.binomtest(int(status[4]), gone, 0.75).pvalue > ALARM


def test_tenures_are_exponential_and_switching_costs_normal_held_in_range() -> None:
    people = build_world(load(find_scenario("parcel"), {"population.customers": 5_000}), 2, 0).customers
    tenure = -people["joined_at"][:5_000].astype(float)
    assert stats.kstest(tenure, stats.expon(scale=3 * 365).cdf).pvalue > ALARM
    regulars = people["switching_cost"][people["persona"] == 2].astype(float)
    inside = regulars[(regulars > 0) & (regulars < 1)]
    held = stats.truncnorm((0 - 0.7) / 0.2, (1 - 0.7) / 0.2, loc=0.7, scale=0.2)
    assert stats.kstest(inside, held.cdf).pvalue > ALARM


def ordered(**values: object) -> np.ndarray:
    """Entries of orders of a world with a delivery."""
    from cxsim.engine.log import ORDERED

    stop = {"kind": "delivery", "promise": "100 days", "handling": "1 day", "carrier": "1 day", **values}
    world = load_bare({"parcel": stop}, **{"population.customers": 4_000})
    log = CustomerModel(world, follow=range(4_000)).run().log()
    found = log[log["event"] == ORDERED]
    assert len(found) > 4_000
    return found


def test_causes_of_delay_come_as_often_as_written_and_not_together() -> None:
    chances = (0.3, 0.1, 0.5, 0.2, 0.4, 0.05)  # more than one block of random words holds
    causes = {
        f"cause{place}": {"probability": chance, "extra": f"{2**place} days"} for place, chance in enumerate(chances)
    }
    extra = np.rint(ordered(causes=causes)["days"] - 2.0).astype(int)
    happened = (extra[:, None] >> np.arange(len(chances))) & 1
    assert np.array_equal(happened @ 2 ** np.arange(len(chances)), extra)
    for column, chance in zip(happened.T, chances, strict=True):
        assert stats.binomtest(int(column.sum()), len(column), chance).pvalue > ALARM
    correlations = np.corrcoef(happened.T)[np.triu_indices(len(chances), 1)]
    assert np.all(np.abs(correlations) < 4.5 / len(extra) ** 0.5)


@pytest.mark.parametrize("distribution", ["lognormal", "exponential"])
def test_carriers_lean_toward_the_promise_whatever_its_form(distribution: str) -> None:
    found = ordered(
        promise={"mean": "20 days", "sd": "10 days", "distribution": distribution},
        carrier={"mean": "9 days", "sd": "4 days"}, carrier_correlation=0.8,
    )  # fmt: skip
    expected = 6 / np.pi * np.arcsin(0.8 / 2)  # rank correlation of a normal pair
    assert stats.spearmanr(found["promised_days"], found["days"]).statistic == pytest.approx(expected, abs=0.02)
    assert found["promised_days"].mean() == pytest.approx(20.0, rel=0.05)
    if distribution == "exponential":
        assert stats.kstest(found["promised_days"], stats.expon(scale=20.0).cdf).pvalue > ALARM
