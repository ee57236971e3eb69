"""The event log: every encounter once, lifecycles in order, and files that others read."""

import datetime as dt
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest

import cxsim
from cxsim.data.event_log import ACTIVITY, CASE, LIFECYCLE, RESOURCE, TIME, event_log, first_day, write_event_log
from cxsim.results.result import Result
from cxsim.scenario.errors import ScenarioError
from tests.worlds import load_world


@pytest.fixture(scope="module")
def result() -> Result:
    return cxsim.simulate(load_world(**{"record.encounters": 60, "desks.support.label": "support & <care>"}),
                          replications=1)  # fmt: skip


@pytest.fixture(scope="module")
def log(result: Result) -> pd.DataFrame:
    return event_log(result.encounters, result.scenario)


def test_every_entry_is_an_event_and_every_service_has_a_start(result: Result, log: pd.DataFrame) -> None:
    entries = result.encounters
    served = ((entries["event"] == "encounter") & entries["wait_minutes"].notna()).sum()
    assert served > 5
    assert len(log) == len(entries) + served
    desk = log[log[RESOURCE].notna()]
    assert set(desk[RESOURCE]) == {"support & <care>"}
    assert (desk[LIFECYCLE] == "start").sum() == served == (desk[LIFECYCLE] == "complete").sum()
    assert (log.groupby(CASE)[TIME].diff().dropna() >= pd.Timedelta(0)).all()


def test_a_service_starts_after_the_wait(log: pd.DataFrame) -> None:
    desk = log[log[RESOURCE].notna()]
    gap = desk[TIME].diff()[(desk[LIFECYCLE] == "start").to_numpy()]
    wait = pd.to_timedelta(desk["wait_minutes"][desk[LIFECYCLE] == "start"], unit="min")
    assert (gap - wait).abs().max() < pd.Timedelta("10ms")


def test_cases_are_journeys_or_customers(result: Result, log: pd.DataFrame) -> None:
    lives = event_log(result.encounters, result.scenario, "customer")
    assert lives[CASE].nunique() == result.encounters["customer"].nunique()
    assert log[CASE].nunique() == len(result.encounters.drop_duplicates(["customer", "journey"]))
    assert len(lives) == len(log)


def test_dates_keep_the_weekdays(result: Result, log: pd.DataFrame) -> None:
    scenario = result.scenario  # begins on a Monday, ten days of warm-up: measured from a Thursday on
    assert first_day(scenario, None) == dt.date(2024, 1, 4)
    assert first_day(scenario, dt.date(2025, 5, 8)).weekday() == 3
    with pytest.raises(ScenarioError, match="such as 2025-05-08"):
        first_day(scenario, dt.date(2025, 5, 6))
    visits = log[log[RESOURCE].notna() & (log[LIFECYCLE] == "schedule")][TIME].dt
    assert visits.day_of_week.max() <= 5  # closed on Sundays
    assert visits.hour.min() >= 8


def test_nobody_followed_is_said(result: Result) -> None:
    with pytest.raises(ScenarioError, match="nobody was followed"):
        event_log(result.encounters.head(0), result.scenario)


def test_csv_and_parquet_hold_the_same(log: pd.DataFrame, tmp_path: Path) -> None:
    csv = pd.read_csv(write_event_log(log, tmp_path / "log.csv"), parse_dates=[TIME])
    parquet = pd.read_parquet(write_event_log(log, tmp_path / "log.parquet"))
    assert len(csv) == len(parquet) == len(log)
    assert (csv[TIME].to_numpy() == parquet[TIME].to_numpy()).all()
    assert csv[ACTIVITY].tolist() == parquet[ACTIVITY].tolist() == log[ACTIVITY].tolist()
    with pytest.raises(ScenarioError, match=r"allowed: \.csv, \.parquet, \.xes"):
        write_event_log(log, tmp_path / "log.txt")
    with pytest.raises(ScenarioError, match="cannot be written"):
        write_event_log(log, tmp_path / "nowhere" / "log.xes")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["log.csv", "log.parquet"]


def test_xes_is_well_formed(log: pd.DataFrame, tmp_path: Path) -> None:
    odd = log.copy()
    odd.loc[0, ACTIVITY] = 'a "quoted" & <odd>\x00 name'
    root = ET.parse(write_event_log(odd, tmp_path / "log.xes")).getroot()
    assert root.attrib["xes.version"] == "1.0"
    traces = root.findall("trace")
    assert len(traces) == log[CASE].nunique()
    events = root.findall("trace/event")
    assert len(events) == len(log)
    names = {entry.attrib["value"] for event in events for entry in event if entry.attrib["key"] == ACTIVITY}
    assert 'a "quoted" & <odd> name' in names
    assert names >= {"site", "delivery", "journey ends"}


@pytest.mark.slow
def test_a_mining_tool_opens_it(log: pd.DataFrame, tmp_path: Path) -> None:
    pm4py = pytest.importorskip("pm4py", reason="pm4py is not installed: the extra `dev` brings it")
    read = pm4py.read_xes(str(write_event_log(log, tmp_path / "log.xes")), show_progress_bar=False)
    assert len(read) == len(log)
    assert set(read[ACTIVITY]) == set(log[ACTIVITY])
    assert (pd.to_datetime(read[TIME], utc=True).to_numpy() == log[TIME].to_numpy()).all()
    graph, starts, ends = pm4py.discover_dfg(read)
    assert graph[("advert", "site")] > 0
    assert "journey begins" in starts
    assert "journey ends" in ends
    table = pd.read_csv(write_event_log(log, tmp_path / "log.csv"))
    same, _, _ = pm4py.discover_dfg(pm4py.format_dataframe(table, case_id=CASE, activity_key=ACTIVITY,
                                                           timestamp_key=TIME))  # fmt: skip
    assert same == graph
