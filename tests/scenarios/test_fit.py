"""The figures in the ready scenarios are those that the fit prints, where the row data are at hand."""

import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from cxsim.scenario.ready import find_scenario

DATA = os.environ.get("CXSIM_DATA", "")
TOOL = Path(__file__).parents[2] / "tools" / "fit_ready_scenarios.py"
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

pytestmark = [
    pytest.mark.slow,  # reading and fitting the rows takes about ten seconds
    pytest.mark.skipif(not DATA, reason="CXSIM_DATA is not set: the row data behind the ready scenarios are not there"),
]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fit_ready_scenarios", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(name: str) -> Any:
    return YAML(typ="safe").load(find_scenario(name))


def number(text: str) -> float:
    """The number of "3.28 days"."""
    return float(str(text).split()[0])


def moments(entry: dict[str, str]) -> list[float]:
    return [number(entry["mean"]), number(entry["sd"])]


def by_hour(entries: list[dict[str, Any]], key: str) -> np.ndarray:
    """(7, 24) values of a list of days and hours."""
    table = np.zeros((7, 24))
    for entry in entries:
        first, last = map(int, entry["hours"].split("-"))
        table[WEEK.index(entry["days"]), first:last] = entry[key]
    return table


def test_the_shop(tool: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    tool.fit_deliveries(pd.read_parquet(Path(DATA) / "olist_orders" / "train.parquet"))
    fit, shop = YAML(typ="safe").load(capsys.readouterr().out)["deliveries"], read("parcel")
    delivery = shop["touchpoints"]["delivery"]
    assert moments(delivery["promise"]) == fit["promise_mean_sd"]
    assert moments(delivery["handling"]) == fit["handling_mean_sd"]
    assert moments(delivery["carrier"]) == fit["carrier_mean_sd"]
    assert delivery["carrier_correlation"] == fit["corr_promise_carrier"]
    assert delivery["handling_correlation"] == fit["corr_promise_handling"]
    causes = {name: [cause["probability"], *moments(cause["extra"])] for name, cause in delivery["causes"].items()}
    assert causes == fit["causes_probability_mean_sd"]
    assert f"{fit['orders']:,} delivered orders" in shop["description"]


def test_the_call_centre(tool: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool, "run_day", lambda *_: [(7, True, False, 1.0)])  # its own simulation is not needed here
    folder = Path(DATA) / "bank_calls"
    tool.fit_calls(pd.read_parquet(folder / "train.parquet"), folder)
    fit, bank = YAML(typ="safe").load(capsys.readouterr().out)["call_centre"], read("callcentre")
    lines = bank["desks"]["lines"]
    calls = np.array([fit["calls_per_hour"][day] for day in range(7)])
    assert by_hour(bank["journey"]["starts_at"], "weight") == pytest.approx(calls)
    assert by_hour(lines["shifts"], "servers") == pytest.approx(np.array([fit["agents"][day] for day in range(7)]))
    needs = number(bank["personas"]["caller"]["journeys_per_year"]) * bank["population"]["customers"]
    assert needs * 7 / 365 == pytest.approx(calls.sum(), rel=0.001)
    assert moments(lines["service"]) == pytest.approx([fit["service"]["mean"], fit["service"]["sd"]], rel=1e-4)
    pace = np.array(fit["service"]["mean_by_hour_7_to_23"]) / fit["service"]["mean"]
    assert lines["service_by_hour"] == pytest.approx([1] * 7 + pace.tolist(), abs=0.001)
    assert number(lines["patience"]) == pytest.approx(fit["patience"]["weibull_mean"], rel=1e-4)
    assert lines["patience_shape"] == pytest.approx(fit["patience"]["weibull_shape"], abs=0.001)
    assert f"{fit['calls_used']:,} calls" in bank["description"]
    assert str(fit["availability"]).lstrip("0") in lines["source"]
    observed = fit["observed"]  # what tests/scenarios/test_ready.py holds the simulated desk against
    assert [observed["abandoned"], observed["wait"], observed["within_20s"]] == pytest.approx(
        [0.155, 59.9, 0.464], rel=0.005
    )
