"""Patience and staffing: what is drawn from known parameters is found again."""

import numpy as np
import pytest

from cxsim.data.patience import fit_patience, fit_weibull, kaplan_meier
from cxsim.data.staffing import erlang_a_wait, servers_for_wait
from cxsim.evidence.queues import erlang_a


def censored(patience: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Waits, and who gave up, where an offered wait would have ended each."""
    offered = np.random.default_rng(seed).exponential(200.0, len(patience))
    return np.minimum(patience, offered), patience < offered


def test_a_weibull_is_found_again() -> None:
    patience = 300 * np.random.default_rng(1).weibull(0.8, 20_000)
    shape, scale = fit_weibull(*censored(patience, 2))
    assert shape == pytest.approx(0.8, abs=0.03)
    assert scale == pytest.approx(300, rel=0.04)


def test_one_patience_for_all_is_told_from_many() -> None:
    rng = np.random.default_rng(3)
    alike = fit_patience(*censored(rng.exponential(300, 20_000), 4))
    assert alike.spread < 0.3
    assert alike.mean_seconds == pytest.approx(300, rel=0.06)
    sigma = np.sqrt(np.log1p(1.0))
    own = 300 * np.exp(sigma * rng.standard_normal(40_000) - sigma**2 / 2)
    differing = fit_patience(*censored(own * rng.exponential(1, 40_000), 5))
    assert abs(differing.spread - 1.0) < 4 * differing.errors[2] < 1.0
    assert abs(differing.mean_seconds - 300) < 4 * differing.errors[0]
    assert differing.logliks["weibull"] < differing.logliks["weibull, differing between customers"] - 20


def test_kaplan_meier_corrects_for_those_who_were_served() -> None:
    patience = np.random.default_rng(6).exponential(300, 20_000)
    curve = kaplan_meier(*censored(patience, 7))
    at = np.array([60.0, 120.0, 300.0])
    assert curve.evaluate(at) == pytest.approx(np.exp(-at / 300), abs=0.015)


def test_servers_are_those_with_which_people_wait_so_long() -> None:
    for servers in (1, 4, 20):
        wait = erlang_a_wait(0.03 * servers, 30.0, servers, 200.0)
        assert wait == pytest.approx(erlang_a(0.03 * servers, 30.0, servers, 200.0).wait, rel=1e-9)
        assert servers_for_wait(0.03 * servers, 30.0, 200.0, wait) == pytest.approx(servers)
    more, less = servers_for_wait(0.1, 30.0, 200.0, 5.0), servers_for_wait(0.1, 30.0, 200.0, 50.0)
    assert more > less >= 1.0
