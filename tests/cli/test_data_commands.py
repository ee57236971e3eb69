"""`cxsim fit` and `cxsim export-log` as a user types them."""

import json
from pathlib import Path

import pandas as pd
import pytest

import cxsim
from tests.cli.program import BRIEF, files, inside
from tests.cli.program import cxsim as program
from tests.data.made_up import call_table, dated, order_table, saved


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which unscored orders were fitted, held against a second file too."""
    place = tmp_path_factory.mktemp("fit")
    saved(dated(order_table(2000)).drop(columns="stars").rename(columns={"promised": "by"}), place, "mine.csv")
    saved(dated(order_table(1000, seed=2)).drop(columns="stars").rename(columns={"promised": "by"}), place, "later.csv")
    done = inside("fit", "orders", "mine.csv", "--map", "promised=by", "--check", "later.csv", "--json", cwd=place)
    (place / "told.json").write_text(done.stdout)
    return place


def test_fit_writes_a_scenario_and_a_report(folder: Path) -> None:
    told = json.loads((folder / "told.json").read_text())
    assert told["rows_read"] == told["rows_used"] == 2000
    assert told["holds"] > 0.8 * told["of"]
    assert told["checks"][0]["file"] == "later.csv"
    assert told["checks"][0]["holds"] > 0.8 * told["checks"][0]["of"]
    assert files(folder) == ["later.csv", "mine.csv", "mine.html", "mine.yaml", "told.json"]
    assert cxsim.load(folder / "mine.yaml") == cxsim.load(told["scenario"])
    page = (folder / "mine.html").read_text()
    assert "Data against simulation" in page
    assert "Held against later.csv" in page
    assert "http://" not in page.split("<body>")[1].split("<script")[0]


def test_the_fitted_scenario_runs_and_is_checked_by_its_own_command(folder: Path, tmp_path: Path) -> None:
    done = inside("run", str(folder / "mine.yaml"), "--set", "population.customers=50", "--json", "-r", "1", "-q",
                  cwd=tmp_path)  # fmt: skip
    assert json.loads(done.stdout)["customers"] == 50
    arguments = ["fit", "check", str(folder / "mine.yaml"), str(folder / "later.csv"), "--map", "promised=by"]
    found = json.loads(inside(*arguments, "--json", cwd=tmp_path).stdout)
    assert found["holds"] > 0.8 * found["of"] > 5
    text = inside(*arguments, cwd=tmp_path).stdout
    assert f"{found['holds']} of {found['of']} lines hold" in text
    assert "1,000 rows read, 1,000 used" in text


def test_nothing_is_overwritten_without_leave(folder: Path) -> None:
    before = (folder / "mine.yaml").read_bytes()
    done = inside("fit", "orders", "mine.csv", "--map", "promised=by", cwd=folder, code=2)
    assert "exists already" in done.stderr
    done = inside("fit", "orders", "mine.csv", "--out", "mine.csv", cwd=folder, code=2)
    assert "three different names" in done.stderr
    assert (folder / "mine.yaml").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["fit", "orders", "nothing.csv"], "no such file"),
        (["fit", "orders", "calls.csv"], "needs promised_days and actual_days"),
        (["fit", "calls", "orders.csv"], "lacks"),
        (["fit", "orders", "orders.csv", "--map", "score"], "write OURS=THEIRS"),
        (["fit", "orders", "orders.csv", "--scale", "good"], "write lowest-highest"),
        (["fit", "orders", "orders.csv", "--unit", "weeks"], "allowed: days, hours"),
        (["fit", "check", "parcel", "calls.csv"], "needs promised_days"),
        (["fit", "check", "nosuch", "calls.csv"], "nosuch"),
        (["export-log", "workshop", "--out", "log.txt"], "allowed: .csv, .parquet, .xes"),
        (["export-log", "workshop", "--out", "log.csv", "--case", "desk"], "allowed: journey, customer"),
        (["export-log", "workshop", "--out", "log.csv", "--start", "monday"], "write a date"),
        (["export-log", "workshop", "--out", "log.csv", "--start", "2024-01-03"], "2024-01-03 is a wed"),
        (["export-log", "workshop", "--out", "no/log.csv"], "folder does not exist"),
    ],
)
def test_mistakes_get_a_sentence(arguments: list[str], told: str, tmp_path: Path) -> None:
    saved(order_table(20), tmp_path, "orders.csv")
    saved(call_table(1, per_hour=3), tmp_path, "calls.csv")
    done = inside(*arguments, cwd=tmp_path, code=2)
    assert told in done.stderr
    assert files(tmp_path) == ["calls.csv", "orders.csv"]


def test_an_event_log_of_a_scenario_and_of_a_saved_result(tmp_path: Path) -> None:
    done = inside("export-log", "workshop", "--out", "a.csv", *BRIEF, "--customers", "40", "--json", cwd=tmp_path)
    told = json.loads(done.stdout)
    log = pd.read_csv(tmp_path / "a.csv")
    assert told["events"] == len(log) > 100
    assert told["cases"] == log["case:concept:name"].nunique()
    assert log["customer"].max() < 40
    inside("run", "workshop", *BRIEF, "--set", "record.encounters=40", "--out", "saved", "-r", "1", "-q", cwd=tmp_path)
    inside("export-log", "saved", "--out", "b.csv", "-q", cwd=tmp_path)
    assert (tmp_path / "b.csv").read_bytes() == (tmp_path / "a.csv").read_bytes()
    done = inside("export-log", "saved", "--out", "c.csv", "--seed", "3", cwd=tmp_path, code=2)
    assert "as it is" in done.stderr


@pytest.mark.slow
def test_calls_are_told_in_the_terminal(tmp_path: Path) -> None:
    saved(call_table(35), tmp_path, "desk.parquet")
    done = inside("fit", "calls", "desk.parquet", cwd=tmp_path)
    assert "lines hold" in done.stdout
    assert "Next: cxsim run desk.yaml" in done.stdout
    inside("scenario", "check", "desk.yaml", cwd=tmp_path)


def test_mistakes_in_a_fresh_interpreter_are_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_bytes(b"\x80\x81\x00")
    assert "neither text nor Parquet" in program("fit", "orders", "odd.csv", cwd=tmp_path, code=2).stderr
