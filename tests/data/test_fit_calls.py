"""From a contact log to a scenario: known parameters are found again, and the scenario gives back the waits."""

import os
from pathlib import Path

import pandas as pd
import pytest

import cxsim
from cxsim.data.call_lines import call_lines
from cxsim.data.calls import read_calls
from cxsim.data.fit_calls import check_calls, fit_calls
from cxsim.data.fitted import Fitted
from cxsim.scenario.errors import ScenarioError
from tests.data.made_up import PATIENCE_SECONDS, SERVICE, call_table, saved

DATA = os.environ.get("CXSIM_DATA", "")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    return fit_calls(read_calls(saved(call_table(70), tmp_path_factory.mktemp("calls"), "desk.csv")))


@pytest.mark.slow  # a dozen worlds are lived
def test_known_parameters_are_found_again(found: Fitted) -> None:
    values = {entry.path: entry for entry in found.estimates}
    patience = values["desks.lines.patience"]
    assert values["personas.caller.patience_spread"].value < 0.5
    assert patience.value == pytest.approx(PATIENCE_SECONDS, abs=max(4 * patience.error, 10))
    assert values["desks.lines.service.mean"].value == pytest.approx(SERVICE[0], rel=0.03)  # those under 10 s left out
    servers = [number for shift in found.document["desks"]["lines"]["shifts"] for number in shift["servers"]]
    assert sum(servers) / len(servers) == pytest.approx(3.0, abs=0.2)
    assert {shift["hours"] for shift in found.document["desks"]["lines"]["shifts"]} == {"9-17"}


@pytest.mark.slow
def test_the_scenario_runs_and_gives_the_waits_back(found: Fitted) -> None:
    held = {entry.observed.name: entry.holds for entry in found.compared}
    assert sum(held.values()) >= 0.93 * len(held)
    for name in ("abandoned", "wait-mean", "patience-60", "patience-120"):
        assert held[name], name
    brief = cxsim.load(found.scenario, {"horizon": "14 days", "warm_up": "7 days"})
    assert cxsim.simulate(brief, replications=1).estimate("abandonment_rate").mean > 0


def test_too_little_is_said(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="usable contacts; at least 500"):
        fit_calls(read_calls(saved(call_table(1, per_hour=20), tmp_path)))
    calm = call_table(8)
    with pytest.raises(ScenarioError, match="0 contacts were given up; at least 30"):
        fit_calls(read_calls(saved(calm.assign(outcome="served", service=60.0), tmp_path)))


@pytest.mark.slow
@pytest.mark.skipif(not DATA, reason="CXSIM_DATA is not set: the row data are not there")
def test_the_bank_fitted_on_even_days_holds_for_odd_days(tmp_path: Path) -> None:
    rows = pd.read_parquet(Path(DATA) / "bank_calls" / "train.parquet")
    even = rows["day_fold"] % 2 == 0
    found = fit_calls(read_calls(saved(rows[even], tmp_path, "even.parquet")), share=0.703)
    other = call_lines(read_calls(saved(rows[~even], tmp_path, "odd.parquet")).rows)
    for compared in (found.compared, check_calls(found.scenario, other)):
        held = {entry.observed.name: entry.holds for entry in compared}
        assert sum(held.values()) >= 0.85 * len(held)
        for name in ("abandoned", "wait-mean", "patience-30", "patience-60", "patience-120", "patience-300"):
            assert held[name], name
