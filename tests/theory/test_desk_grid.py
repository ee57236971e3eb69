"""Desks against Erlang C and Erlang A over a grid from light to overloaded, and arrivals that change by the hour.

Theory must lie within the interval of independent replications in which it lies with probability .9999 for each figure:
over the hundred figures of the grid one would fall outside by chance once in a hundred such grids.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.linalg import expm

from cxsim.engine.tally import DESK_STATISTICS
from cxsim.evidence.queues import erlang_a
from cxsim.evidence.theory_worlds import NO_END, WARM_UP, desk_world, replicate_desk
from cxsim.model import CustomerModel
from cxsim.scenario.loading import load

SERVICE = 5.0
GRID = [  # servers, load per server, mean patience in minutes (None: nobody gives up)
    (1, 0.3, None), (1, 0.5, None), (1, 0.7, None), (1, 0.8, None),
    (2, 0.6, None), (5, 0.8, None), (10, 0.9, None), (30, 0.85, None), (100, 0.9, None),
    (1, 0.3, 2.5), (1, 0.9, 10.0), (1, 1.5, 5.0), (1, 3.0, 10.0),
    (3, 0.5, 5.0), (3, 0.9, 2.0), (3, 1.0, 20.0), (3, 1.3, 60.0), (3, 2.0, 5.0),
    (10, 0.7, 1.0), (10, 0.95, 10.0), (10, 1.0, 2.5), (10, 1.2, 30.0),
    (40, 0.9, 5.0), (40, 1.0, 10.0), (40, 1.1, 2.0), (40, 1.5, 20.0),
]  # fmt: skip


def half_width(values: np.ndarray, alarm: float = 1e-4) -> float:
    """Half of the interval that holds the mean with probability 1 - alarm."""
    return float(stats.t.ppf(1 - alarm / 2, len(values) - 1) * values.std(ddof=1) / len(values) ** 0.5)


def assert_near(values: np.ndarray, theory: float, what: str, widest: float, least: float) -> None:
    """Theory lies in the interval, and the interval says something: narrower than a share of theory (or `least`)."""
    half = half_width(values)
    # a millionth more: where as good as everybody waits, theory is nearer to 1 than any run can show
    assert abs(values.mean() - theory) <= half + 1e-6, f"{what}: {values.mean():.5f} +- {half:.5f}, theory {theory:.5f}"
    assert half <= max(widest * theory, least), f"{what}: {half:.5f} is too wide for {theory:.5f}"


@pytest.mark.slow
@pytest.mark.parametrize(("servers", "load_each", "patience"), GRID)
def test_a_desk_from_light_to_overloaded(servers: int, load_each: float, patience: float | None) -> None:
    rate = load_each * servers / SERVICE
    theory = erlang_a(rate, SERVICE, servers, patience or np.inf)
    # desks that nearly everybody finds busy forget slowly: more days for them
    days = int(np.clip(120_000 / (rate * 1440), 12, 250 if patience is None else 120))
    world = desk_world(rate, servers, patience=NO_END if patience is None else f"{patience} min", days=days,
                       customers=20_000 if rate < 4 else 60_000)  # fmt: skip
    found = replicate_desk(world, 14)
    assert_near(found["rate"], rate, "arrivals", 0.05, 0.0)
    assert_near(found["waits"], theory.waits, "share that waits", 0.1, 0.01)
    assert_near(found["wait"], theory.wait, "mean wait", 0.25, 0.02)
    assert_near(found["gone"], theory.gone, "share gone", 0.1, 0.01)


# --- arrivals that change by the hour

WEIGHTS = [0.2] * 6 + [0.6, 1.0, 1.6, 2.2, 2.4, 2.0, 1.4, 1.2, 1.6, 1.8, 1.6, 1.2, 1.0, 0.8, 0.6, 0.4, 0.3, 0.2]
SERVERS, PATIENCE, MEAN_RATE = 6, 10.0, 1.0
STATES = 120
"""Customers at the desk that the numerical solution allows for; more are as good as impossible."""


def solved(steps_per_hour: int) -> np.ndarray:
    """Forward equations of M(t)/M/c+M over a day in its periodic steady state.

    Per step: share of arrivals that wait, mean queue, arrival rate: (24 * steps, 3), of the minutes' starts.
    """
    number, step = np.arange(STATES + 1), 60.0 / steps_per_hour
    leaving = np.minimum(number, SERVERS) / SERVICE + np.maximum(number - SERVERS, 0) / PATIENCE
    rates = MEAN_RATE * np.array(WEIGHTS) / np.mean(WEIGHTS)
    moves = []
    for rate in rates:
        generator = np.diag(np.full(STATES, rate), 1) + np.diag(leaving[1:], -1)
        moves.append(expm((generator - np.diag(generator.sum(axis=1))) * step))
    shares = np.zeros(STATES + 1)
    shares[0] = 1.0
    for _ in range(3):  # a desk with impatience has forgotten yesterday
        told = []
        for hour in range(24):
            for _ in range(steps_per_hour):
                told.append((shares[SERVERS:].sum(), shares @ np.maximum(number - SERVERS, 0), rates[hour]))
                shares = shares @ moves[hour]
    return np.array(told)


def of_a_day(told: np.ndarray) -> dict[str, float]:
    """Share that waits, mean wait in minutes and share gone, of a day's arrivals."""
    waits, queue, rate = told.T
    return {"waits": float((waits * rate).sum() / rate.sum()), "wait": float(queue.sum() / rate.sum()),
            "gone": float(queue.sum() / PATIENCE / rate.sum())}  # fmt: skip


def test_the_numerical_solution_is_fine_enough_and_right_where_theory_is_known() -> None:
    coarse, fine = of_a_day(solved(20)), of_a_day(solved(60))
    for name, value in fine.items():
        assert coarse[name] == pytest.approx(value, rel=2e-2)
    # at the end of an hour-long plateau of six hours the desk is as good as in its steady state
    night = solved(60)[5 * 60 + 59]
    steady = erlang_a(night[2], SERVICE, SERVERS, PATIENCE)
    assert night[1] == pytest.approx(steady.queue, rel=1e-3)


@pytest.mark.parametrize("replications", [8, pytest.param(40, marks=pytest.mark.slow)])
def test_arrivals_by_the_hour_are_as_the_forward_equations_say(replications: int) -> None:
    scenario = load(desk_world(MEAN_RATE, SERVERS, patience=f"{PATIENCE} min", days=60), {
        "journey.starts_at": [{"hours": "0-24", "weight": WEIGHTS}], "desks.line.service.mean": f"{SERVICE} min",
    })  # fmt: skip
    found: dict[str, list[float]] = {"waits": [], "wait": [], "gone": []}
    for number in range(replications):
        days = CustomerModel(scenario, rng=7, replication=number).run().world.desk_days[WARM_UP:, 0].sum(axis=0)
        desk = dict(zip(DESK_STATISTICS, days.tolist(), strict=True))
        for name, part in (("waits", "waited"), ("wait", "wait_minutes"), ("gone", "gave_up")):
            found[name].append(desk[part] / desk["arrivals"])
    theory = of_a_day(solved(120))
    naive = erlang_a(MEAN_RATE, SERVICE, SERVERS, PATIENCE)  # the mean rate all day long
    for name, values in found.items():
        assert_near(np.array(values), theory[name], name, 0.08, 0.0)
        assert abs(np.mean(values) - getattr(naive, name)) > 3 * half_width(np.array(values)), "no power"
