"""Contact logs: every trouble has a sentence and a count, and good rows stay."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxsim.data.calls import Calls, read_calls
from cxsim.scenario.errors import ScenarioError
from tests.data.made_up import call_table, saved


def read(table: pd.DataFrame, folder: Path, **options: Any) -> Calls:
    return read_calls(saved(table, folder), **options)


def test_a_clean_log_keeps_every_contact_in_its_hour(tmp_path: Path) -> None:
    table = call_table(14)
    found = read(table, tmp_path)
    assert found.quality.remarks == []
    assert len(found.rows) == len(table)
    assert (found.open_dates[:, 9:17] == 2).all()
    assert found.open_dates.sum() == 2 * 7 * 8
    assert found.rows["weekday"].iloc[0] == 0  # 2024 began on a Monday
    assert found.rows["wait_seconds"].to_numpy() == pytest.approx(table["wait"].to_numpy())


def test_every_trouble_is_counted(tmp_path: Path) -> None:
    table = call_table(14).astype({"outcome": "object", "arrival": "object"})
    table.loc[0, "wait"] = -5
    table.loc[1, "wait"] = 1e6
    table.loc[2, "outcome"] = "voicemail"
    table.loc[3, "outcome"] = None
    table.loc[4, "arrival"] = "yesterday"
    served = table.index[(table["outcome"] == "served") & (table.index > 10)]
    table.loc[served[0], "service"] = np.nan
    table.loc[served[1], "arrival"] = "2024-01-03 03:00:00"
    table = pd.concat([table, table.iloc[[20, 21, 22]]])
    found = read(table, tmp_path)
    counts = {remark.name: remark.count for remark in found.quality.remarks}
    assert counts == {
        "duplicates": 3, "arrival-unreadable": 1, "no-arrival": 1, "outcome-other": 1, "no-outcome": 1,
        "wait-impossible": 2, "no-wait": 2, "no-service-time": 1, "out-of-hours": 1,
    }  # fmt: skip
    assert found.quality.rows_used == len(call_table(14)) - 6


def test_minutes_are_doubted_and_may_be_said(tmp_path: Path) -> None:
    table = call_table(7)
    minutes = table.assign(wait=table["wait"] / 60, service=table["service"] / 60)
    with pytest.raises(ScenarioError, match="--unit minutes"):
        read(minutes, tmp_path)
    found = read(minutes, tmp_path, unit="minutes")
    assert found.rows["wait_seconds"].to_numpy() == pytest.approx(table["wait"].to_numpy())


def test_date_and_seconds_instead_of_an_instant(tmp_path: Path) -> None:
    table = call_table(7)
    seconds = table["arrival"].dt.hour * 3600
    parted = table.assign(date=table["arrival"].dt.date, arrival_s=seconds).drop(columns="arrival")
    assert read(parted, tmp_path).rows["hour"].tolist() == read(table, tmp_path).rows["hour"].tolist()


def test_what_is_needed_is_said(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"lacks arrival .* and wait and outcome"):
        read(pd.DataFrame({"service": [1, 2]}), tmp_path)
    with pytest.raises(ScenarioError, match="no contact is 'served'; the outcomes are 'x'"):
        read(call_table(7).assign(outcome="x"), tmp_path)
    with pytest.raises(ScenarioError, match="no dates"):
        read(call_table(7).assign(arrival=-5.0), tmp_path)
