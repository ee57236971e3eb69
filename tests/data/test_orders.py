"""Orders: every trouble has a sentence and a count, and good rows stay."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cxsim.data.orders import Orders, read_orders
from cxsim.scenario.errors import ScenarioError
from tests.data.made_up import dated, order_table, saved


def read(table: pd.DataFrame, folder: Path, **options: Any) -> Orders:
    return read_orders(saved(table, folder), **options)


def counts(orders: Orders) -> dict[str, int]:
    return {remark.name: remark.count for remark in orders.quality.remarks}


def test_a_clean_file_has_no_remarks(tmp_path: Path) -> None:
    found = read(order_table(300), tmp_path)
    assert counts(found) == {}
    assert found.quality.rows_used == found.quality.rows_read == 300
    assert len(found.timed) == 300


def test_dates_and_days_say_the_same(tmp_path: Path) -> None:
    table = order_table(300)
    by_days, by_dates = read(table, tmp_path).rows, read(dated(table), tmp_path).rows
    for name in ("promised_days", "handover_days", "actual_days", "score"):
        assert by_dates[name].to_numpy() == pytest.approx(by_days[name].to_numpy(), abs=1e-4)
    assert (by_dates["days_late"] == by_days["days_late"]).mean() > 0.99  # but where rounding meets a whole day


def test_every_trouble_is_counted(tmp_path: Path) -> None:
    table = order_table(300).astype({"score": "float64"})
    table.loc[0, "promised_days"] = -3.0
    table.loc[1, "actual_days"] = 5000.0
    table.loc[2, "actual_days"] = np.nan
    table.loc[3, "score"] = 9.0
    table.loc[4, "score"] = np.nan
    table.loc[5, "handover_days"] = table.loc[5, "actual_days"] + 2
    table.loc[6, "answered_after_delivery_days"] = np.nan
    table = pd.concat([table, table.iloc[[10, 11]]])
    found = read(table, tmp_path)
    assert counts(found) == {
        "duplicates": 2, "promised_days-impossible": 1, "actual_days-impossible": 1, "not-delivered": 2,
        "scored-without-arrival": 2, "times-missing": 1, "handover-after-arrival": 1, "scores-outside": 1,
        "no-score": 2, "answer-time-unknown": 1,
    }  # fmt: skip
    assert found.quality.rows_used == 298
    assert found.rows["score"].max() == 5.0


def test_wrong_units_are_doubted_and_may_be_said(tmp_path: Path) -> None:
    table = order_table(300)
    minutes = table.assign(promised_days=table["promised_days"] * 1440, actual_days=table["actual_days"] * 1440,
                           handover_days=table["handover_days"] * 1440)  # fmt: skip
    with pytest.raises(ScenarioError, match="look like hours, minutes or seconds"):
        read(minutes, tmp_path)
    minutes["answered_after_delivery_days"] *= 1440
    found = read(minutes, tmp_path, unit="minutes")
    assert found.rows["actual_days"].to_numpy() == pytest.approx(table["actual_days"].to_numpy())
    with pytest.raises(ScenarioError, match="look like timestamps"):
        read(table.assign(promised_days=1.7e9), tmp_path)


def test_another_scale_of_scores_is_asked_for(tmp_path: Path) -> None:
    table = order_table(300)
    tens = table.assign(score=(table["score"] - 1) * 2.5)
    with pytest.raises(ScenarioError, match="--scale"):
        read(tens, tmp_path)
    found = read(tens, tmp_path, scale=(0.0, 10.0))
    assert found.rows["score"].to_numpy() == pytest.approx(table["score"].to_numpy())
    assert counts(found) == {"scores-rescaled": 300}


def test_undelivered_orders_count_by_their_weight(tmp_path: Path) -> None:
    table = order_table(300).assign(status="delivered", weight=1.0)
    table.loc[:99, "status"] = "canceled"
    table.loc[:99, "weight"] = 0.25
    found = read(table, tmp_path)
    assert found.quality.rows_used == 200
    sentence = next(entry.sentence for entry in found.quality.remarks if entry.name == "not-delivered")
    assert "11.1 %" in sentence  # 25 of 225, not 100 of 300


def test_late_is_the_day_after_the_promised_day(tmp_path: Path) -> None:
    table = pd.DataFrame({"promised_days": [5.0] * 5, "actual_days": [4.5, 5.0, 5.9, 6.0, 7.2]})
    assert read(table, tmp_path).rows["days_late"].tolist() == [-1, 0, 0, 1, 2]
    assert read(table, tmp_path, grace_days=0.0).rows["days_late"].tolist() == [0, 1, 1, 2, 3]


def test_what_is_needed_is_said(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="needs promised_days and actual_days"):
        read(pd.DataFrame({"score": [1, 2]}), tmp_path)
    with pytest.raises(ScenarioError, match="has no rows"):
        read(order_table(5).head(0), tmp_path)


def test_coarse_rows_without_numbers_are_not_duplicates(tmp_path: Path) -> None:
    table = order_table(500)[["promised_days", "actual_days", "score"]].round(0)
    found = read(table, tmp_path)
    assert found.quality.rows_used == 500
    assert counts(found)["alike"] > 100
    few = pd.concat([order_table(500), order_table(500).iloc[:3]]).drop(columns="order_id")
    assert counts(read(few, tmp_path)) == {"duplicates": 3}


def test_orders_of_the_same_date_take_some_hours(tmp_path: Path) -> None:
    found = read(pd.DataFrame({"promised_days": [1, 2, 0, 3], "actual_days": [0, 1, 1, 5]}), tmp_path)
    assert counts(found) == {"same-instant": 2, "no-score": 4}
    assert found.rows["actual_days"].tolist() == [0.25, 1, 1, 5]
