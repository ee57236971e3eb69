"""The benchmarks run and check what they measure; clear losses of speed are noticed."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.agreement import WORLDS, Verdict, compare, judge, margin_of
from benchmarks.history import append
from benchmarks.peers.mesa_agents.shop import Shop
from benchmarks.regression import losses, measure, stored
from benchmarks.rows import BARS, row
from cxsim.scenario.loading import load
from cxsim.scenario.ready import find_scenario
from tests.cli.program import inside

ROOT = Path(__file__).parents[1]


def test_one_run_tells_what_it_measured() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.one_run", "200"],
        capture_output=True, text=True, check=True, cwd=ROOT, timeout=300,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found["customers"] == 200
    assert found["encounters"] > 5_000
    assert found["events"] > found["encounters"] / 2
    assert 400 < found["bytes_per_customer"] < 700


def test_a_row_is_judged_by_its_ratio_or_else_by_its_value() -> None:
    assert row("full_model", 10_000, 5.0, "events/s", "agents", 101.0)["holds"] is True
    assert row("full_model", 10_000, 5.0, "events/s", "agents", 99.0)["holds"] is False
    assert row("cold_start", 1_000, 44.0, "s")["holds"] is True
    assert row("cold_start", 1_000, 46.0, "s")["holds"] is False
    assert row("peak_memory", 10_000, 99.0, "GiB")["holds"] is None  # its bar is for a million
    assert row("peak_memory", 1_000_000, 99.0, "GiB")["holds"] is False
    assert list(row("help", 0, 0.1, "s")) == ["id", "size", "value", "unit", "peer", "ratio", "bar", "holds"]
    assert all(bar.number > 0 for bar in BARS.values())


def test_the_history_grows_by_a_line_for_each_figure(tmp_path: Path) -> None:
    file = tmp_path / "history.csv"
    for _ in range(2):
        append([row("help", 0, 0.123456789, "s"), row("full_model", 10_000, 1e6, "events/s", "agents", 50.0)], file)
    lines = list(csv.DictReader(file.open(encoding="utf-8")))
    assert len(lines) == 4
    assert lines[0]["value"] == "0.123457"
    assert (lines[1]["id"], lines[1]["ratio"], lines[1]["holds"]) == ("full_model", "50", "False")
    assert lines[0]["cxsim"]


def test_bench_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    inside("bench", "--only", "sped", cwd=tmp_path, code=2)


@pytest.mark.slow
def test_bench_prints_one_json_document(tmp_path: Path) -> None:
    from tests.cli.program import PROGRAM, environment

    done = subprocess.run([str(PROGRAM), "bench", "--only", "growth", "--size", "300", "--repeats", "2", "--json"],
                          cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True)  # fmt: skip
    rows = json.loads(done.stdout)
    assert {found["id"] for found in rows} >= {"events_per_second", "peak_memory", "bytes_per_customer", "seconds"}
    assert all(list(found) == ["id", "size", "value", "unit", "peer", "ratio", "bar", "holds"] for found in rows)


def test_an_equivalence_test_tells_equal_from_unknown_from_different() -> None:
    luck, margin = np.random.default_rng(1), margin_of("satisfaction", 57.0)

    def verdict(difference: float, spread: float, runs: int) -> Verdict:
        found = judge(
            "any", "satisfaction", luck.normal(57 + difference, spread, 4 * runs), luck.normal(57, spread, runs)
        )
        assert found is not None
        return found

    assert verdict(0.0, margin / 2, 40).verdict == "equivalent"
    assert verdict(0.0, 10 * margin, 5).verdict == "undecided"
    assert verdict(4 * margin, margin, 20).verdict == "different"
    assert judge("any", "satisfaction", np.array([np.nan, 1.0]), np.array([1.0, 2.0])) is None


def test_the_second_implementation_keeps_its_own_books() -> None:
    shop = Shop(load(find_scenario("workshop"), {"population.customers": 150, "population.look_back": False,
                                                 "warm_up": "0 days", "horizon": "90 days"}), seed=3).run()  # fmt: skip
    totals = shop.totals
    assert totals["encounters"] == sum(totals[name] for name in shop.stops) > 500
    waiting = sum(len(desk.queue) for desk in shop.desks.values())
    served = totals["arrivals"] - totals["gave_up"] - waiting
    assert served <= sum(totals[name] for name in ("dropping_off", "picking_up", "telephone")) <= totals["arrivals"]
    assert shop.present == sum(customer.status == "active" for customer in shop.customers)
    assert shop.present == 150 + totals["joined"] + totals["won_back"] - sum(
        totals[name] for name in ("left", "drifted", "ended"))  # fmt: skip
    for customer in shop.customers:
        for level in (customer.desired, customer.adequate, customer.predicted, customer.normative):
            assert all(-1e-12 <= value <= 1 + 1e-12 for value in level)
        assert sum(customer.ledger.values()) >= 0


def test_the_second_implementation_shares_no_code_with_the_engine() -> None:
    for file in (ROOT / "benchmarks" / "peers" / "mesa_agents").glob("*.py"):
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if "cxsim." in line]
        imports = [line.strip() for line in lines if line.strip().startswith(("from cxsim", "import cxsim"))]
        assert all(line.startswith("from cxsim.scenario.") for line in imports), file.name


@pytest.mark.slow
@pytest.mark.parametrize("name", [*WORLDS, "rich"])
def test_both_implementations_agree(name: str) -> None:
    """Equivalent within margins stated beforehand, or at worst too noisy to tell; never different."""
    verdicts = list(compare(name, {"workshop": 26, "rich": 26, "parcel": 11, "callcentre": 8}[name]))
    assert not [verdict for verdict in verdicts if verdict.verdict == "different"]
    equal = {verdict.measure for verdict in verdicts if verdict.verdict == "equivalent"}
    assert len(equal) >= 0.75 * len(verdicts)
    assert equal >= {"satisfaction", "expectation_gap", "expectations_met_share", "poor_encounter_rate"}


@pytest.mark.slow
def test_nothing_has_become_clearly_slower() -> None:
    before = stored()
    lost = losses(measure(), before)
    if lost:  # once more: another load on the machine is no loss of the program
        lost = losses(measure(), before)
    assert not lost


def test_a_clear_loss_is_told() -> None:
    before = stored()
    assert losses(before, before) == []
    assert len(losses({name: 0.5 * ratio for name, ratio in before.items()}, before)) == len(before)
    assert losses({name: float("nan") for name in before}, before)
