"""The commands that fit and judge: what they write, refuse and return."""

import json
from pathlib import Path

import pytest

import cxsim as package
from tests.cli.program import BRIEF, inside

TARGETS = """
name: mine
targets:
  leaving: {title: Leaving, statistic: exits_per_poor_journey, low: 0.0, high: 1.0, group: 1, source: made here}
fit:
  leave_base: {parameter: leave_base}
"""
SHORT = ["--trials", "1", "-r", "1", "--confirm", "2", "--jobs", "1", *BRIEF]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a targets file."""
    (tmp_path / "mine_targets.yaml").write_text(TARGETS)
    return tmp_path


def test_calibrate_writes_a_scenario_and_a_report_and_goes_on_but_replaces_nothing(folder: Path) -> None:
    done = inside("calibrate", "workshop", "--targets", "mine_targets.yaml", "--json", *SHORT, cwd=folder)
    document = json.loads(done.stdout)
    assert document["kind"] == "calibration"
    assert document["tables"]["fit"][0]["target"] == "leaving"
    fitted = package.load(folder / "workshop_calibrated.yaml")
    assert fitted.name == "workshop_calibrated"
    assert fitted.population.customers == 60
    assert (folder / "results/calibrate-workshop/report.html").stat().st_size > 100_000
    again = inside("calibrate", "workshop", "-t", "mine_targets.yaml", *SHORT, cwd=folder, code=2)
    assert "workshop_calibrated.yaml" in again.stderr
    assert "--replace" in again.stderr
    told = inside("calibrate", "workshop", "-t", "mine_targets.yaml", "--replace", *SHORT, cwd=folder)
    assert "Strike curve" in told.stdout
    assert "What the targets tell of the parameters" in told.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["-t", "mine_targets.yml"], "did you mean 'mine_targets.yaml'?"),
        (["-t", "mine_targets.yaml", "--target", "leavin=0.2"], "no target 'leavin'; did you mean 'leaving'?"),
        (["-t", "mine_targets.yaml", "--target", "leaving=often"], "write NAME=VALUE, such as leaving=0.82"),
        (["-t", "mine_targets.yaml", "--fit", "leave_bas"], "did you mean 'leave_base'?"),
        (["-t", "mine_targets.yaml", "--fit", "leave_base=low"], "write PARAMETER=LOW..HIGH"),
        (["-t", "mine_targets.yaml", "--fit", "leave_base=-20..-1"], "allowed: -8 to 0, the plausible range"),
    ],
)
def test_calibrate_tells_mistakes_in_sentences_before_any_run(
    folder: Path, arguments: list[str], sentence: str
) -> None:
    done = inside("calibrate", "workshop", *arguments, *SHORT, cwd=folder, code=2)
    assert sentence in done.stderr
    assert not (folder / "results").exists()


def test_validate_judges_a_scenario_against_targets(folder: Path) -> None:
    brief = ["validate", "workshop", "-t", "mine_targets.yaml", "-g", "published", "--quick", "--jobs", "1", *BRIEF]
    done = inside(*brief, "--json", "--report", "evidence.html", cwd=folder)
    [line] = json.loads(done.stdout)
    assert (line["id"], line["group"], line["strict"], line["holds"]) == ("leaving", "published", True, True)
    assert "made here" in (folder / "evidence.html").read_text()
    (folder / "mine_targets.yaml").write_text(TARGETS.replace("low: 0.0, high: 1.0", "low: 0.98, high: 1.0"))
    failed = inside(*brief, cwd=folder, code=1)
    assert "FAILS" in failed.stdout
    assert "1 that have to do not" in failed.stdout
    refused = inside(*brief, "--report", "evidence.html", cwd=folder, code=2)
    assert "--overwrite" in refused.stderr


def test_validate_refuses_a_group_that_is_not_there(folder: Path) -> None:
    done = inside("validate", "--group", "theorie", cwd=folder, code=2)
    assert "did you mean 'theory'?" in done.stderr
