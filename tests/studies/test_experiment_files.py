"""Experiment files: what is wrong is told at once, with line and nearest name; what is right loads back the same."""

from pathlib import Path

import pytest

import cxsim
from cxsim.studies.experiment import Experiment
from cxsim.studies.experiment_files import load_experiment
from cxsim.studies.plan import make_plan
from cxsim.studies.study import write_inputs
from tests.studies.small import small_experiment, write_experiment

WRONG = """\
name: wrong
scenario: workshop
constants: {population.custmers: 100}
levers:
  servers: {path: desks.counter.sevrers, low: 1, high: 3, whole: true}
  promise: {path: touchpoints.repair.promise.mean, low: 2, high: 6, unit: dayz}
  way: {end: {company.tells_early: 7}}
  point: {path: company.explains, low: 0, high: 1}
outcomes: [satisfacton]
design: {kind: list, settings: [{servrs: 2}]}
chart: {x: nix}
optimise: {objectives: {profit: maximise}, constraints: ["a < 3"]}
"""
TOLD = """\
line 3: constants.population.custmers: population.custmers: unknown key 'custmers'; did you mean 'customers'?
line 8: levers.point: is the name of a column of the tables; choose another
line 9: outcomes[0]: no measure 'satisfacton'; did you mean 'satisfaction'?
line 10: design.settings[0].servrs: no lever 'servrs'; did you mean 'servers'?
line 11: chart.x: no lever or measure 'nix'
line 12: optimise.objectives.profit: no measure 'profit'
line 12: optimise.constraints[0]: read 'a < 3'; allowed: MEASURE <= NUMBER or MEASURE >= NUMBER, such as \
"abandonment_rate <= 0.05"
"""
THEN_TOLD = """\
line 4: levers.servers: desks.counter.sevrers: unknown key 'sevrers'; did you mean 'servers'?
line 5: levers.promise: touchpoints.repair.promise.mean: read '2.0 dayz'; allowed: a duration with its unit, such as \
"5 days", "36 h" or "2 weeks"
line 5: levers.promise: touchpoints.repair.promise.mean: read '6.0 dayz'; allowed: a duration with its unit, such as \
"5 days", "36 h" or "2 weeks"
line 6: levers.way: company.tells_early: read 7.0; allowed: at most 1
"""


def told(file: Path) -> str:
    with pytest.raises(cxsim.ScenarioError) as error:
        load_experiment(file)
    return "".join(f"{str(problem).removeprefix(f'{file}, ')}\n" for problem in error.value.problems)


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(WRONG)
    assert told(file) == TOLD
    good = "\n".join(
        line for line in WRONG.splitlines() if not line.startswith(("constants", "design", "chart", "opt"))
    )
    file.write_text(good.replace("satisfacton", "satisfaction").replace("  point:", "  points:"))
    assert told(file) == THEN_TOLD, "the levers are tried as soon as the scenario can be read"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"scenario": "workshp"}, "scenario: no such file and no ready scenario; did you mean 'workshop'"),
        ({"levrs": {}}, "unknown key 'levrs'; did you mean 'levers'?"),
        ({"levers": {"a": {"pth": "x", "low": 1, "high": 2}}}, "unknown key 'pth'; did you mean 'path'?"),
        ({"levers": {"a b": {"path": "company.explains", "low": 0, "high": 1}}}, "letters, digits"),
        ({"levers": {}}, "allowed: at least 1"),
        ({"design": {"kind": "gird"}}, "design.kind: read 'gird'; did you mean 'grid'?"),
        ({"design": {"kind": "sobol", "points": 10}}, "design.points: read 10; allowed: a power of two"),
        ({"design": {"kind": "morris", "levels": 5}}, "design.levels: read 5; allowed: an even number"),
        ({"design": {"kind": "csv"}}, "'file' is missing"),
        ({"design": {"kind": "grid", "file": "x.csv"}}, "is for a design of kind csv, not grid"),
        ({"outcomes": []}, "outcomes: read []; allowed: at least 1"),
        ({"replications": 0}, "replications: read 0; allowed: at least 1"),
        ({"uncertainties": {"servers": {"path": "company.explains", "low": 0, "high": 1}}}, "name of a lever too"),
        ({"optimise": {"objectives": {"satisfaction": "up"}}}, "read 'up'; allowed: maximise, minimise"),
    ],
)  # fmt: skip
def test_single_mistakes(wrong: dict[str, object], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(cxsim.ScenarioError) as error:
        load_experiment(write_experiment(tmp_path / "e.yaml", **wrong))
    assert sentence in str(error.value)
    assert "line" in str(error.value)


def test_points_that_cannot_be_run_are_told_before_anything_runs() -> None:
    levers = {"first": {"path": "rules.peak_weight", "low": 0, "high": 0.55},
              "second": {"path": "rules.end_weight", "low": 0, "high": 0.55}}  # fmt: skip
    loaded = load_experiment(small_experiment(levers=levers, uncertainties={}))  # each alone is possible
    with pytest.raises(cxsim.ScenarioError) as error:
        make_plan(loaded)
    assert "point 4 (first 0.55, second 0.55): rules: peak_weight and end_weight together are more" in str(error.value)
    assert len(error.value.problems) == 1


def test_the_plan_shares_worlds_and_seed_among_policies() -> None:
    plan = make_plan(load_experiment(small_experiment()))
    points = plan.points
    assert len(points) == 10  # (2 x 2 and the scenario as it stands) x 2 worlds
    assert points.loc[points["is_baseline"], "servers"].tolist() == [1, 1]
    assert points.loc[points["is_baseline"], "promise"].tolist() == [3, 3]
    for _, same_world in points.groupby("world"):
        assert same_world["patience"].nunique() == 1
    assert points["patience"].nunique() == 2
    assert points["digest"].nunique() == len(points)
    assert plan.runs == 20
    assert len({key for _, _, key in plan.run_keys()}) == 20


def test_the_baseline_is_not_run_twice() -> None:
    plan = make_plan(load_experiment(small_experiment(
        design={"kind": "list", "settings": [{}, {"servers": 2}, {"servers": 1, "promise": 3}]}, uncertainties={},
    )))  # fmt: skip
    assert plan.points["servers"].tolist() == [1, 2]
    assert plan.points["is_baseline"].tolist() == [True, False]


def test_an_experiment_loads_back_the_same(tmp_path: Path) -> None:
    aim = {"objectives": {"satisfaction": "maximise"}, "constraints": ["abandonment_rate <= 5 %"], "budget": 3}
    loaded = load_experiment(small_experiment(optimise=aim, chart={"x": "servers", "y": ["satisfaction"]}))
    assert Experiment.model_validate(loaded.experiment.document()) == loaded.experiment
    write_inputs(loaded.experiment, loaded.scenario, tmp_path)
    again = load_experiment(tmp_path)
    assert again.scenario.digest() == loaded.scenario.digest()
    assert make_plan(again).points.equals(make_plan(loaded).points)
