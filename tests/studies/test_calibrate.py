"""Calibration: finds what made the targets, goes on after a stop, writes a scenario that loads."""

from pathlib import Path
from typing import Any

import pytest

import cxsim
from cxsim.scenario.errors import ScenarioError
from cxsim.scenario.ready import find_scenario
from cxsim.studies.calibrate import calibrate, calibration_of
from cxsim.studies.calibration import Calibration, load_calibration
from cxsim.studies.repeat import repeat
from cxsim.studies.targets import load_targets
from tests.worlds import load_world

SMALL: dict[str, Any] = {"population.customers": 150, "horizon": "120 days", "warm_up": "20 days"}


def world(**rules: float) -> cxsim.Scenario:
    return load_world(**SMALL, **({"rules": rules} if rules else {}))


def wanted(value: float) -> dict[str, Any]:
    return {
        "name": "made", "targets": {"leaving": {"title": "Leaving", "statistic": "exits_per_poor_journey",
                                                "value": value, "tolerance": 0.02, "group": 1, "source": "made here"}},
        "fit": {"leave_base": {"parameter": "leave_base"}, "talk_base": {"parameter": "talk_base"}},
    }  # fmt: skip


@pytest.fixture(scope="module")
def truth() -> float:
    """What a world with a known readiness to leave gives."""
    runs = repeat(world(leave_base=-1.5), seed=99, replications=6, jobs=1)
    return float(runs["exits_per_poor_journey"].mean())


def fitted(value: float, out: Path | None = None, trials: int = 6) -> Calibration:
    targets = load_targets(wanted(value))
    return calibrate(calibration_of(world(), targets), targets, trials=trials, replications=3, confirm=6, jobs=1,
                     seed=5, out=out)  # fmt: skip


def test_it_finds_what_made_the_target_and_tells_what_says_nothing(truth: float) -> None:
    found = fitted(truth)
    assert found.trials["loss"].min() < 0.1 * found.trials["loss"].iloc[0]
    assert found.values["leave_base"] == pytest.approx(-1.5, abs=0.6)
    told = found.identified.set_index("parameter")
    assert told.loc["leave_base", "learned"] > 0.6
    assert told.loc["talk_base", "learned"] < 0.3
    row = found.fit.iloc[0]
    assert abs(row["after"] - truth) < abs(row["before"] - truth)


def test_stopped_and_started_again_it_ends_where_it_would_have_ended(tmp_path: Path) -> None:
    whole, out = fitted(0.3), tmp_path / "study"
    fitted(0.3, out)
    journal = out / "journal.txt"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[: len(lines) // 3]))
    again = fitted(0.3, out)
    assert again.values == whole.values
    assert again.fit.drop(columns="source").equals(whole.fit.drop(columns="source"))
    loaded = load_calibration(out)
    assert loaded.values == again.values
    assert loaded.targets == again.targets


def test_the_written_scenario_extends_the_old_one_and_gives_the_fitted_values(tmp_path: Path) -> None:
    found = fitted(0.3, trials=2)
    base, file = tmp_path / "base.yaml", tmp_path / "fitted.yaml"
    from cxsim.results.result import scenario_text

    base.write_text(scenario_text(world()))
    file.write_text(found.scenario_text("base.yaml", {"company.tracking": 0.25}))
    loaded = cxsim.load(file)
    if found.best:
        assert loaded.rules["leave_base"] == pytest.approx(found.values["leave_base"], rel=1e-5)
    assert loaded.company.tracking == 0.25


def test_targets_that_no_run_gives_are_told() -> None:
    data = wanted(0.3)
    data["targets"]["leaving"]["statistic"] = "switched_after_poor"
    targets = load_targets(data)
    with pytest.raises(ScenarioError, match=r"no run gave switched_after_poor .*horizon"):
        calibrate(calibration_of(world(), targets), targets, trials=1, replications=1, confirm=2, jobs=1)


def test_nothing_to_fit_is_told() -> None:
    with pytest.raises(ScenarioError, match="tells no parameters"):
        calibration_of(world(), load_targets({**wanted(0.3), "fit": {}}))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "figure"), [("survey_2010", 0.82), ("survey_2006", 0.68)])
def test_another_survey_figure_is_refitted(name: str, figure: float) -> None:
    small = {"population.customers": 600, "population.newcomers": "500 per year", "desks.support.servers": 0.8}
    shop = cxsim.load(find_scenario("consumer"), small)
    targets = load_targets(name)
    found = calibrate(calibration_of(shop, targets), targets, trials=4, replications=2, confirm=8)
    assert abs(found.fit["before"][0] - figure) > 0.05
    assert found.fit["after"][0] == pytest.approx(figure, abs=0.025)  # a seed of 600 customers has sd .013
