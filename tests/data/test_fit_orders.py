"""From orders to a scenario: known parameters are found again, and the scenario gives back what it was fitted to."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import cxsim
from cxsim.data.fit_orders import check_orders, fit_orders
from cxsim.data.fitted import Fitted
from cxsim.data.order_lines import answering_lines, lead_time_lines, response_lines
from cxsim.data.orders import read_orders
from cxsim.data.simulated import Answering, live_orders
from cxsim.scenario.errors import ScenarioError
from tests.data.made_up import CARRIER, HANDLING, PROMISE, RHO, dated, order_table, saved

DATA = os.environ.get("CXSIM_DATA", "")


@pytest.fixture(scope="module")
def unscored(tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    table = dated(order_table(4000)).drop(columns="stars")
    return fit_orders(read_orders(saved(table, tmp_path_factory.mktemp("orders"), "shop 1.csv")))


def test_lead_times_are_found_again_within_their_errors(unscored: Fitted) -> None:
    found = {entry.path.removeprefix("touchpoints.delivery."): entry for entry in unscored.estimates}
    for name, (mean, sd) in (("promise", PROMISE), ("handling", HANDLING), ("carrier", CARRIER)):
        assert abs(found[f"{name}.mean"].value - mean) < 4 * found[f"{name}.mean"].error + 0.01
        assert found[f"{name}.sd"].value == pytest.approx(sd, rel=0.1)
    assert found["carrier_correlation"].value == pytest.approx(RHO, abs=0.06)


def test_the_scenario_is_valid_runs_and_gives_the_lead_times_back(unscored: Fitted) -> None:
    assert unscored.scenario.name == "shop-1-orders"
    result = cxsim.simulate(cxsim.load(unscored.scenario, {"population.customers": 300}), replications=1)
    assert result.estimate("on_time_rate").mean > 0.5
    misses = [entry.observed.name for entry in unscored.compared if not entry.holds]
    assert misses == []
    assert {"actual-mean", "late-share"} <= {entry.observed.name for entry in unscored.compared}


def test_what_is_not_in_the_file_is_said(unscored: Fitted) -> None:
    told = " ".join(unscored.notes)
    assert "0 delivered orders have a score" in told
    assert "How often a customer orders is not known" in told
    week = np.concatenate([entry["weight"] for entry in unscored.document["journey"]["starts_at"]])
    assert week.mean() == pytest.approx(1.0, abs=0.01)  # orders come at any hour of the made-up week
    assert unscored.summary()["rows_used"] == 4000


def test_too_little_is_said(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"150 delivered orders .* at least 200"):
        fit_orders(read_orders(saved(order_table(150), tmp_path)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [77, 78, 79])
def test_a_known_response_is_given_back(seed: int, tmp_path: Path) -> None:
    """Orders and scores drawn from a scenario with known numbers: the fit gives the same scores in every line.

    Failures, tastes and noise may stand for each other; what is said to be known must be so, roughly within its error:
    errors come from slopes and are somewhat too small. Of the last draw, two ends of the search fit alike, and either
    alone would claim to know the share of failures.
    """
    table = dated(order_table(3000)).drop(columns="stars")
    base = fit_orders(read_orders(saved(table, tmp_path, "base.csv"))).document
    known: dict[str, Any] = {
        "rules.stars_middle": 3.2, "rules.stars_slope": 3.5, "rules.stars_noise": 0.7, "rules.late_loss": 0.6,
        "touchpoints.use.failure.probability": 0.12, "touchpoints.use.failure.severity.product": 0.7,
        "touchpoints.use.importance": 1.1, "population.customers": 12_000, "horizon": "515 days",
    }  # fmt: skip
    truth = cxsim.load(base, known)
    slow = Answering(np.array([2.0, 3.0, 5.0, 8.0]), np.array([0.25, 0.5, 0.8, 1.0]))
    drawn = live_orders(truth, seed=seed).answered(slow, truth.parameters(), 1.0)
    after = drawn["answered_days"] - drawn["actual_days"]
    rows = drawn[["promised_days", "actual_days", "score"]].assign(answered_after_delivery_days=after)
    found = fit_orders(read_orders(saved(rows, tmp_path, "drawn.parquet")))
    misses = [entry.observed.name for entry in found.compared if not entry.holds]
    assert len(misses) <= 0.05 * len(found.compared), misses
    told = {entry.path: entry for entry in found.estimates if entry.path in known and entry.is_identified}
    assert {"rules.stars_middle", "rules.stars_slope", "rules.late_loss"} <= set(told)
    off = {path: abs(entry.value - known[path]) / entry.error for path, entry in told.items()}
    assert sum(errors > 4 for errors in off.values()) <= 1, off
    assert max(off.values()) < 6, off


@pytest.mark.slow
@pytest.mark.skipif(not DATA, reason="CXSIM_DATA is not set: the row data are not there")
def test_the_marketplace_fitted_on_half_of_its_customers_holds_for_the_other_half(tmp_path: Path) -> None:
    """Strangers' data: fitted on one half, held against the other; late means four tables, waiting and after."""
    rows = pd.read_parquet(Path(DATA) / "olist_orders" / "train.parquet")
    half = rows["customer"] % 2 == 0
    found = fit_orders(read_orders(saved(rows[half], tmp_path, "half.parquet")))
    other = read_orders(saved(rows[~half], tmp_path, "other.parquet"))
    lines = [*lead_time_lines(other.timed), *response_lines(other.rows), *answering_lines(other.rows, 1.0)]
    for compared in (found.compared, check_orders(found.scenario, lines)):
        held = {entry.observed.name: entry.holds for entry in compared}
        assert sum(held.values()) >= 0.9 * len(held)
        for name in ("late-share", "actual-mean", "score-mean", "score-late-waiting", "score-late-after"):
            assert held[name], name
