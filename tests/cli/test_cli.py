"""The program itself: what it prints, writes and returns when all is well."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cxsim import __version__
from cxsim.results.measures import HEADLINES, MEASURE, MEASURES
from cxsim.results.result import load_result
from cxsim.results.tables import TABLES
from tests.cli.program import BRIEF, PROGRAM, cxsim, environment, files, inside

RUN_KEYS = ["scenario", "hash", "seed", "replications", "customers", "days", "seconds", "events", "measures"]
HEAVY = ("numba", "numpy", "pandas", "mesa", "scipy", "pyarrow", "pydantic", "plotly", "solara")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with results/workshop-1 in it."""
    place = tmp_path_factory.mktemp("work")
    cxsim("run", "workshop", *BRIEF, "--replications", "2", "--seed", "3", "--quiet", cwd=place)
    return place


def test_help_answers_at_once_and_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['cxsim', '--help']\nfrom cxsim.cli import main\ntry: main()\n"
        f"finally: print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    taken = []
    for _ in range(3):
        begun = time.perf_counter()
        out = cxsim("--help", cwd=tmp_path).stdout
        taken.append(time.perf_counter() - begun)
    assert min(taken) < 1.0  # half a second is the aim; this machine may be busy
    for command in ("run", "demo", "compare", "story", "scenario", "factors", "cache"):
        assert re.search(rf"^│ {command} ", out, re.MULTILINE), command
    assert cxsim("--version", cwd=tmp_path).stdout == f"cxsim {__version__}\n"
    assert "Usage" in cxsim(cwd=tmp_path, code=2).stdout
    assert files(tmp_path) == []


def test_run_saves_in_numbered_folders(folder: Path) -> None:
    whole = sorted([*(f"{name}.parquet" for name in TABLES), "README.md", "scenario.yaml", "summary.json"])
    assert files(folder / "results" / "workshop-1") == whole
    done = cxsim("run", "workshop", *BRIEF, "-r", "2", "--seed", "3", cwd=folder)
    first, second = (load_result(folder / "results" / f"workshop-{number}") for number in (1, 2))
    same, other = first.summary(), second.summary()
    assert same.pop("seconds") > 0
    assert {**other, "seconds": 0} == {**same, "seconds": 0}
    assert "Tables: results/workshop-2" in done.stdout
    assert "\nA bicycle repair shop\n" in done.stdout
    for name in HEADLINES:
        if name == "switched_after_poor" or first.estimate(name).n:
            assert MEASURE[name].label in done.stdout, name
    assert "…" not in done.stdout
    again = inside("run", "results/workshop-1/scenario.yaml", "--seed", "3", "-r", "2", "--json", "-q", cwd=folder)
    assert json.loads(again.stdout)["measures"] == same["measures"]  # as its README says


def test_run_json_is_one_document_with_exactly_these_keys(tmp_path: Path) -> None:
    done = cxsim("run", "workshop", *BRIEF, "--set", "warm_up=0 days", "-r", "2", "--seed", "3", "--json",
                 "--out", "a/b", cwd=tmp_path)  # fmt: skip
    found = json.loads(done.stdout, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert list(found) == RUN_KEYS
    assert (found["scenario"], found["seed"], found["replications"]) == ("workshop", 3, 2)
    assert (found["customers"], found["days"]) == (60, 30)
    assert list(found["measures"]) == [measure.name for measure in MEASURES]
    for measure in MEASURES:
        entry = found["measures"][measure.name]
        assert list(entry) == ["mean", "low", "high", "unit"]
        assert entry["unit"] == measure.unit
        assert entry["mean"] is None or entry["low"] is None or entry["low"] <= entry["mean"] <= entry["high"]
    assert "without a warm-up" in done.stderr  # notes go to people
    assert "Tables: a/b" in done.stderr
    saved = json.loads((tmp_path / "a" / "b" / "summary.json").read_text())
    assert {key: saved[key] for key in RUN_KEYS} == found
    quiet = inside("run", "workshop", *BRIEF, "-r", "1", "--quiet", "--out", "a/b", "--overwrite", cwd=tmp_path)
    assert (quiet.stdout, quiet.stderr) == ("", "")
    assert load_result(tmp_path / "a" / "b").replications == 1
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["b"]


def test_demo_runs_the_parcel_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = sys.modules["cxsim.cli.main"]
    load = program.load_given

    def load_small(text: str, sets: None, quiet: bool) -> Any:  # the real one takes a while
        assert sets is None
        return load(text, ["population.customers=50", "horizon=30 days", "warm_up=5 days"], quiet)

    monkeypatch.setattr(program, "load_given", load_small)
    found = json.loads(inside("demo", "--json", cwd=tmp_path).stdout)
    assert list(found) == RUN_KEYS
    assert (found["scenario"], found["replications"]) == ("parcel", 8)
    assert (tmp_path / "results" / "parcel-1" / "summary.json").is_file()
    told = inside("demo", cwd=tmp_path).stdout
    assert "Of 100 journeys" in told
    assert "Try next" in told
    assert "cxsim story results/parcel-2" in told


def test_compare_one_scenario_with_its_overrides(folder: Path) -> None:
    shop = "results/workshop-1/scenario.yaml"
    done = cxsim("compare", shop, "--set", "desks.counter.servers=2", "-r", "3", "--out", "two", cwd=folder)
    assert "desks.counter.servers=2 against workshop, the same luck, 3 replications" in done.stdout
    assert re.search(r"Mean wait +│ +[\d.]+ │ +[\d.]+ │ +-[\d.]+ │", done.stdout)  # shorter
    assert "…" not in done.stdout
    assert {"differences.csv", "differences.parquet", "0-workshop", "1-workshop"} == {
        path.name for path in (folder / "two").iterdir()
    }
    assert load_result(folder / "two" / "1-workshop").scenario.desks["counter"].servers == 2


def test_compare_several_scenarios(folder: Path) -> None:
    text = (folder / "results" / "workshop-1" / "scenario.yaml").read_text()
    (folder / "twin.yaml").write_text(text.replace("tracking: 0.0", "tracking: 1.0", 1))
    before = files(folder)
    done = inside("compare", "workshop", "twin.yaml", "twin.yaml", *BRIEF, "-r", "2", "--json", cwd=folder)
    found = json.loads(done.stdout)
    assert list(found) == ["baseline", "replications", "until", "chance_best", "variants", "differences"]
    assert list(found["variants"]) == ["workshop", "twin.yaml", "twin.yaml'"]  # one name, three scenarios
    assert all(list(summary) == RUN_KEYS for summary in found["variants"].values())
    assert all(summary["customers"] == 60 for summary in found["variants"].values())
    assert len(found["differences"]) == 2 * len(MEASURES)
    assert files(folder) == before  # without --out nothing is written


def test_story_from_a_result_and_from_its_scenario(folder: Path) -> None:
    told = cxsim("story", "results/workshop-1", "--customer", "5", cwd=folder)
    assert told.stdout.startswith("Customer 5 of A bicycle repair shop\n")
    assert told.stdout.rstrip("\n") == load_result(folder / "results" / "workshop-1").story(5)
    document = json.loads(inside("story", "workshop", *BRIEF, "--seed", "3", "-c", "5", "--json", cwd=folder).stdout)
    assert list(document) == ["scenario", "customer", "replication", "story"]
    assert document["story"] == told.stdout.rstrip("\n")  # the result remembers its seed
    other = json.loads(inside("story", "results/workshop-1", "--replication", "1", "--json", cwd=folder).stdout)
    assert other["replication"] == 1
    assert other["story"].startswith(f"Customer {other['customer']} of")


def test_scenario_new_check_and_full_round_trip(tmp_path: Path) -> None:
    assert "cxsim run mine/shop.yaml" in cxsim("scenario", "new", "mine/shop.yaml", cwd=tmp_path).stdout
    valid = inside("scenario", "check", "mine/shop.yaml", cwd=tmp_path).stdout
    assert valid.startswith("mine/shop.yaml: valid. 8 touchpoints, 1 desks, 2 personas, 400 customers, 240 days")
    full = inside("scenario", "check", "mine/shop.yaml", "--full", cwd=tmp_path).stdout
    (tmp_path / "full.yaml").write_text(full)
    again = inside("scenario", "check", "full.yaml", "--full", cwd=tmp_path).stdout
    assert again == full
    assert "resolution" in full
    assert inside("scenario", "diff", "mine/shop.yaml", "full.yaml", cwd=tmp_path).stdout == "no difference\n"
    changed = inside("scenario", "check", "workshop", "--full", "--set", "desks.counter.servers=3", cwd=tmp_path).stdout
    (tmp_path / "three.yaml").write_text(changed)
    told = json.loads(inside("scenario", "diff", "full.yaml", "three.yaml", "--json", cwd=tmp_path).stdout)
    assert told == [{"path": "desks.counter.servers", "first": 1.0, "second": 3.0}]
    assert "desks.counter.servers" in inside("scenario", "diff", "full.yaml", "three.yaml", cwd=tmp_path).stdout


def test_scenario_list_and_schema(tmp_path: Path) -> None:
    listed = json.loads(inside("scenario", "list", "--json", cwd=tmp_path).stdout)
    names = [entry["name"] for entry in listed]
    assert names == ["callcentre", "consumer", "consumer_calibrated", "parcel", "workshop"]
    assert "A bicycle repair shop" in inside("scenario", "list", cwd=tmp_path).stdout
    schema = json.loads(inside("scenario", "schema", cwd=tmp_path).stdout)
    assert {"touchpoints", "desks", "personas"} <= set(schema["properties"])
    inside("scenario", "schema", "--out", "schema.json", cwd=tmp_path)
    assert json.loads((tmp_path / "schema.json").read_text()) == schema


def test_factors_rules_and_mechanisms(tmp_path: Path) -> None:
    def told(*arguments: str) -> Any:
        return json.loads(inside("factors", *arguments, "--json", cwd=tmp_path).stdout)

    factors, rules, mechanisms = told(), told("--rules"), told("--mechanisms")
    assert len(factors) == 10
    assert rules[0].keys() >= {"name", "value", "low", "high", "unit", "meaning", "source", "tag"}
    assert all(rule["low"] <= rule["value"] <= rule["high"] for rule in rules)
    table = inside("factors", cwd=tmp_path).stdout
    assert all(re.search(rf"^{name} .*{re.escape(entry['label'])}", table, re.M) for name, entry in factors.items())
    table = inside("factors", "--rules", cwd=tmp_path).stdout  # in a pipe a row is one line, never folded or cut
    assert all(re.search(rf"^{rule['name']} .*{re.escape(rule['meaning'])}", table, re.M) for rule in rules)
    table = inside("factors", "--mechanisms", cwd=tmp_path).stdout
    assert all(re.search(rf"^{entry['name']} .*{re.escape(entry['meaning'])}", table, re.M) for entry in mechanisms)
    chosen = told("parcel", "--rules", "--set", "rules.leave_base=-2.5")
    assert next(rule["value"] for rule in chosen if rule["name"] == "leave_base") == -2.5


def test_a_reader_that_stops_early_is_no_error(tmp_path: Path) -> None:
    program = subprocess.Popen([str(PROGRAM), "factors", "--rules"], env=environment(), stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)  # fmt: skip
    assert program.stdout
    assert program.stderr
    program.stdout.close()
    assert program.stderr.read() == ""
    program.wait(60)
    program.stderr.close()


def test_stopping_it_leaves_nothing_behind(tmp_path: Path) -> None:
    slow = ["run", "parcel", "--set", "population.customers=20000", "--jobs", "1", "--quiet"]
    with subprocess.Popen([str(PROGRAM), *slow], cwd=tmp_path, env=environment(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, preexec_fn=_hears_interrupts) as program:  # noqa: PLW1509  # fmt: skip
        time.sleep(4)
        program.send_signal(signal.SIGINT)
        out, told = program.communicate(timeout=60)
    assert (program.returncode, out, told.strip()) == (130, "", "cxsim: stopped")
    assert files(tmp_path) == []


def _hears_interrupts() -> None:
    """As at a terminal, also where the tests themselves run in the background and ignore them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
