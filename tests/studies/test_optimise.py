"""Optimising: budgets and constraints hold, a stopped search ends where it would have, and seeds are unseen."""

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import cxsim
from cxsim.studies.budget import afford, cost_of
from cxsim.studies.constraints import parse_constraint
from cxsim.studies.levers import Lever
from cxsim.studies.optimise import Optimisation, load_optimisation, optimise
from cxsim.studies.saved import load_saved
from cxsim.studies.search import confirmation_seed
from cxsim.studies.steps import changes_table, small_steps
from cxsim.studies.study import JOURNAL
from tests.cli.program import inside
from tests.studies.small import BRIEF, small_experiment, write_experiment

pytest.importorskip("optuna")
AIM = {"objectives": {"abandonment_rate": "minimise"}, "trials": 9, "confirm": 2}
DOCUMENT = {"a": 2.0, "b": "10.0 days", "c": 0.5}
LEVERS = {
    "a": Lever(path="a", low=1, high=6, whole=True, cost=100),
    "b": Lever(path="b", low=5, high=15, unit="days", cost=-20),
    "c": Lever(path="c", low=0, high=1),
}


def small(**overrides: Any) -> dict[str, Any]:
    busy = {**BRIEF, "population.customers": 200}
    return small_experiment(**{"constants": busy, "uncertainties": {}, "replications": 1, "optimise": AIM} | overrides)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Optimisation, Path]:
    folder = tmp_path_factory.mktemp("optimise") / "out"
    return optimise(small(), jobs=1, out=folder), folder


def test_constraints_are_read_and_judged() -> None:
    at_most, at_least = parse_constraint("abandonment_rate <= 5 %"), parse_constraint(" satisfaction>=60 ")
    assert (at_most.bound, at_most.at_most, at_least.bound, at_least.at_most) == (0.05, True, 60, False)
    assert at_most.excess(0.07) == pytest.approx(0.02)
    assert at_least.excess(61) == -1
    assert at_least.excess(math.nan) == math.inf
    for text, sentence in (("satisfaction > 3", "allowed: MEASURE <="), ("satisfacton >= 3", "did you mean")):
        with pytest.raises(cxsim.ScenarioError, match=sentence):
            parse_constraint(text)


def test_what_costs_is_drawn_back_until_the_budget_pays() -> None:
    assert cost_of({"a": 4, "b": 8.0, "c": 1.0}, LEVERS, DOCUMENT) == 240
    assert cost_of({"a": 1, "b": 12.0}, LEVERS, DOCUMENT) == -140, "savings count"
    kept = {"a": 4, "b": 8.0, "c": 1.0}
    assert afford(kept, LEVERS, DOCUMENT, None) == afford(kept, LEVERS, DOCUMENT, 240) == kept
    drawn = afford(kept, LEVERS, DOCUMENT, 120)
    assert drawn == {"a": 3, "b": 9.0, "c": 1.0}, "half the way for both, and what is free stays"
    assert afford({"a": 5, "b": 15.0, "c": 0.0}, LEVERS, DOCUMENT, 0) == {"a": 3, "b": 15.0, "c": 0.0}
    for a in range(1, 7):
        for b in (5.0, 7.5, 15.0):
            assert cost_of(afford({"a": a, "b": b}, LEVERS, DOCUMENT, 90), LEVERS, DOCUMENT) <= 90 + 1e-9


def test_it_finds_that_more_servers_answer_more_calls(found: tuple[Optimisation, Path]) -> None:
    best = found[0].trials.set_index("trial").loc[found[0].best]
    assert best["servers"] == 2
    rows = found[0].confirmed.set_index(["trial", "measure"])
    assert rows.loc[(found[0].best, "abandonment_rate"), "difference"] < 0
    today = found[0].trials.iloc[0]
    assert (today["servers"], today["promise"], today["cost"]) == (1, 3, 0)
    assert len(found[0].trials) == 10


def test_confirmed_on_seeds_the_search_never_saw(found: tuple[Optimisation, Path]) -> None:
    result = found[0]
    assert result.confirm_seed == confirmation_seed(result.study.seed) != result.study.seed
    plain = cxsim.load("scenarios/workshop.yaml", small()["constants"])
    alone = cxsim.simulate(plain, replications=2, seed=result.confirm_seed).runs
    rows = result.confirmed.set_index(["trial", "measure"])
    assert rows.loc[(0, "satisfaction"), "mean"] == pytest.approx(alone["satisfaction"].mean())
    assert rows.loc[(0, "satisfaction"), "searched"] != rows.loc[(0, "satisfaction"), "mean"]


def test_a_stopped_search_ends_where_it_would_have(found: tuple[Optimisation, Path], tmp_path: Path) -> None:
    result, folder = found
    lines = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / JOURNAL).write_bytes(b"".join(lines[: len(lines) // 2]) + lines[-1][:30])
    again = optimise(small(), jobs=2, out=tmp_path / "out")
    for name in ("trials", "confirmed", "changes"):
        assert getattr(again, name).equals(getattr(result, name)), name
        assert pd.read_parquet(tmp_path / "out" / f"{name}.parquet").equals(getattr(result, name)), name
    assert isinstance(load_saved(folder), Optimisation)
    loaded = load_optimisation(folder)
    assert loaded.trials.equals(result.trials)
    assert loaded.best == result.best
    longer = optimise(small(optimise={**AIM, "trials": 12}), jobs=1, out=tmp_path / "out")
    assert longer.trials.head(10)["servers"].equals(result.trials["servers"]), "more trials continue the search"


def test_two_objectives_have_a_front_that_nothing_beats() -> None:
    objectives = {"abandonment_rate": "minimise", "profit_per_customer": "maximise"}
    aim = {
        "objectives": objectives,
        "constraints": ["abandonment_rate <= 90 %"],
        "budget": 5,
        "trials": 8,
        "confirm": 2,
    }
    result = optimise(small(optimise=aim), jobs=1)
    trials, front = result.trials, result.front
    assert (trials["cost"] <= 5).all()
    assert (trials["servers"] == 1).all(), "a server costs more than the budget"
    assert len(front) >= 1
    for _, one in front.iterrows():
        beaten = (
            (trials["abandonment_rate"] <= one["abandonment_rate"])
            & (trials["profit_per_customer"] >= one["profit_per_customer"])
            & ((trials["abandonment_rate"] < one["abandonment_rate"])
               | (trials["profit_per_customer"] > one["profit_per_customer"]))
        )  # fmt: skip
        assert not beaten.any()
    assert set(result.confirmed["measure"]) >= set(objectives)


def test_a_constraint_that_nothing_holds_leaves_no_best() -> None:
    aim = {"objectives": {"satisfaction": "maximise"}, "constraints": ["satisfaction >= 99"], "trials": 3, "confirm": 2}
    result = optimise(small(optimise=aim), jobs=1)
    assert result.best is None
    assert not result.trials["is_feasible"].any()
    assert set(result.confirmed["trial"]) == {0}


def test_small_steps_go_both_ways_within_the_range() -> None:
    steps = small_steps({**LEVERS, "d": Lever(path="e", values=["x", "y"])}, {**DOCUMENT, "c": 1.0, "e": "x"})
    assert [(step.lever, step.to) for step in steps] == [
        ("a", 3), ("a", 1), ("b", 11.0), ("b", 9.0), ("c", 0.9), ("d", "y"),
    ]  # fmt: skip
    assert [step.cost for step in steps] == [100, -100, -20, 20, 0, 0]
    assert [round(step.share, 2) for step in steps] == [0.2, 0.2, 0.1, 0.1, 0.1, 1]


def test_changes_rank_clear_gains_first(found: tuple[Optimisation, Path]) -> None:
    changes = found[0].changes
    assert set(changes["lever"]) == {"servers", "promise"}
    assert sorted(changes["rank"]) == list(range(1, len(changes) + 1))
    none = changes_table([], found[0].study, {"satisfaction": "maximise"})
    assert none.empty


def test_from_the_command_line(tmp_path: Path) -> None:
    write_experiment(tmp_path / "small.yaml", uncertainties={}, replications=1)
    arguments = ["optimise", "small.yaml", "--objective", "satisfaction=maximise", "--constraint",
                 "abandonment_rate <= 50 %", "--trials", "3", "--jobs", "1"]  # fmt: skip
    told = json.loads(inside(*arguments, "--json", "--quiet", cwd=tmp_path).stdout)
    assert told["kind"] == "optimisation"
    assert len(told["tables"]["trials"]) == 4
    shown = inside(*arguments, cwd=tmp_path).stdout
    assert "Confirmed on 16 unseen replications" in shown
    assert "smallest change with the largest effect" in shown
    for wrong, sentence in (
        (["optimise", "small.yaml"], "tells no aim; add a section 'optimise'"),
        (["optimise", "small.yaml", "--objective", "satisfaction=up"], "allowed: maximise, minimise"),
        (["optimise", "small.yaml", "--objective", "satisfacton=maximise"], "no measure 'satisfacton'"),
        ([*arguments, "--constraint", "x"], "read 'x'; allowed: MEASURE <= NUMBER"),
    ):
        assert sentence in inside(*wrong, cwd=tmp_path, code=2).stderr
