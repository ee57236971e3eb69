"""Desks against queueing theory.

The world is built so that the theory applies: a flat week, a journey that is one stop at one desk that never closes,
twenty thousand customers who come a few times a year (so that arrivals are Poisson), nobody who comes back, stays away
or leaves for good. Each figure of theory must lie in the 99.9 % interval of independent replications, and the interval
must be narrow enough to mean something.
"""

import numpy as np
import pytest
from scipy import stats

from cxsim.engine.log import JOURNEY_BEGINS
from cxsim.evidence.queues import Steady, erlang_a, erlang_c_waits, pollaczek_khinchine
from cxsim.evidence.theory_worlds import CUSTOMERS, NO_END, WARM_UP, desk_world, replicate_desk
from cxsim.model import CustomerModel


def assert_holds(values: np.ndarray, theory: float, widest: float) -> None:
    """Theory lies in the 99.9 % interval of the replications, whose half width is at most the share `widest` of it."""
    half = stats.t.ppf(0.9995, len(values) - 1) * values.std(ddof=1) / len(values) ** 0.5
    assert half <= widest * theory
    assert abs(values.mean() - theory) <= half


def check(found: dict[str, np.ndarray], theory: Steady, rate: float, widest: float) -> None:
    assert_holds(found["rate"], rate, widest)
    assert_holds(found["waits"], theory.waits, widest)
    assert_holds(found["wait"], theory.wait, 2 * widest)
    if theory.gone > 0:
        assert_holds(found["gone"], theory.gone, 2 * widest)
    else:
        assert found["gone"].sum() == 0


def test_the_formulas_agree_with_textbook_values() -> None:
    # M/M/1 at load 0.8 and service 5: waits 0.8, mean wait 20; M/M/2 at load 1: share waiting 1/3
    assert erlang_a(0.16, 5.0, 1).waits == pytest.approx(0.8)
    assert erlang_a(0.16, 5.0, 1).wait == pytest.approx(20.0)
    assert erlang_c_waits(0.2, 5.0, 2) == pytest.approx(1 / 3)
    assert erlang_a(0.2, 5.0, 2).waits == pytest.approx(1 / 3)
    assert pollaczek_khinchine(0.16, 5.0, 5.0).wait == pytest.approx(20.0)
    for rate, servers in ((0.5, 4), (1.4, 8), (4.8, 26)):
        assert erlang_c_waits(rate, 5.0, servers) == pytest.approx(erlang_a(rate, 5.0, servers).waits)


def test_arrivals_are_poisson() -> None:
    rate, days = 0.5, 20
    model = CustomerModel(desk_world(rate, 8, days=days), follow=range(CUSTOMERS)).run()
    log = model.log()
    at = log["at"][log["event"] == JOURNEY_BEGINS]
    counts = np.bincount((at * 24).astype(int), minlength=24 * (WARM_UP + days))
    mean, hours = counts.mean(), len(counts)
    assert mean == pytest.approx(60 * rate, abs=stats.norm.ppf(0.9995) * (60 * rate / hours) ** 0.5)
    dispersion = counts.var(ddof=1) / mean * (hours - 1)
    low, high = stats.chi2.ppf([0.0005, 0.9995], hours - 1)
    assert low < dispersion < high
    gaps = np.diff(np.sort(at)) * 1440.0
    assert stats.kstest(gaps, stats.expon(scale=1 / rate).cdf).pvalue > 1e-3


@pytest.mark.parametrize(("rate", "servers"), [(0.08, 1), (0.14, 1), (0.3, 3), (0.9, 6)])
def test_a_desk_without_impatience_is_erlang_c(rate: float, servers: int) -> None:
    found = replicate_desk(desk_world(rate, servers), 16)
    theory = erlang_a(rate, 5.0, servers)
    check(found, theory, rate, 0.1)
    # waits of those who wait are exponential: share answered within a minute
    pressure = servers / 5.0 - rate
    assert_holds(found["in_time"], 1 - theory.waits * np.exp(-pressure * 1.0), 0.1)
    assert_holds(found["busy"], rate * 5.0, 0.1)


@pytest.mark.parametrize(
    ("rate", "servers", "patience"),
    [(0.2, 2, 10.0), (0.6, 3, 5.0), (0.6, 3, 60.0), (0.9, 3, 15.0)],
    ids=["light", "balanced", "balanced, patient", "overloaded"],
)
def test_a_desk_with_impatience_is_erlang_a(rate: float, servers: int, patience: float) -> None:
    found = replicate_desk(desk_world(rate, servers, patience=f"{patience} min"), 12)
    check(found, erlang_a(rate, 5.0, servers, patience), rate, 0.1)


@pytest.mark.parametrize("sd", [2.0, 7.0])
def test_a_desk_with_lognormal_service_is_pollaczek_khinchine(sd: float) -> None:
    found = replicate_desk(desk_world(0.12, 1, service={"mean": "5 min", "sd": f"{sd} min"}), 24)
    check(found, pollaczek_khinchine(0.12, 5.0, sd), 0.12, 0.1)


def test_a_desk_with_fixed_service_is_pollaczek_khinchine() -> None:
    found = replicate_desk(desk_world(0.15, 1, service="5 min"), 16)
    check(found, pollaczek_khinchine(0.15, 5.0, 0.0), 0.15, 0.1)


def test_littles_law() -> None:
    """Customers seen waiting at midnight, against arrivals times waits: two different counts of one thing."""
    scenario = desk_world(0.9, 3, patience="30 min", days=80)
    found = replicate_desk(scenario, 6)
    difference = found["queue"] - found["rate"] * found["wait"]
    half = stats.t.ppf(0.9995, 5) * difference.std(ddof=1) / 6**0.5
    assert abs(difference.mean()) <= half <= 0.15 * found["queue"].mean()
    assert_holds(found["queue"], erlang_a(0.9, 5.0, 3, 30.0).queue, 0.15)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rate", "servers", "patience"),
    [(0.17, 1, None), (0.5, 3, None), (4.5, 25, None), (0.2, 1, 3.0), (0.6, 3, 12.0), (5.0, 25, 2.0), (5.2, 25, 90.0),
     (20.0, 100, 10.0)],
)  # fmt: skip
def test_desks_agree_with_theory_closely(rate: float, servers: int, patience: float | None) -> None:
    text = NO_END if patience is None else f"{patience} min"
    days, customers, replications = (90, 20_000, 30) if rate < 1 else (12, 100_000, 12)
    found = replicate_desk(desk_world(rate, servers, patience=text, days=days, customers=customers), replications)
    check(found, erlang_a(rate, 5.0, servers, patience or np.inf), rate, 0.1)


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "sd"), [(0.05, 10.0), (0.1, 1.0), (0.16, 5.0)])
def test_lognormal_service_agrees_with_theory_closely(rate: float, sd: float) -> None:
    found = replicate_desk(desk_world(rate, 1, service={"mean": "5 min", "sd": f"{sd} min"}, days=90), 60)
    check(found, pollaczek_khinchine(rate, 5.0, sd), rate, 0.1)
