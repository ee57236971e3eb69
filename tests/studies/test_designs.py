"""Levers and designs: positions become values, and every kind of design has the points it should."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cxsim
from cxsim.studies.designs import (
    from_csv,
    grid,
    latin_hypercube,
    morris_trajectories,
    one_at_a_time,
    saltelli_sample,
    sobol_sequence,
    world_samples,
)
from cxsim.studies.levers import Lever

RANGE = Lever(path="desks.support.servers", low=1, high=3)
WHOLE = Lever(path="desks.support.servers", low=1, high=3, whole=True)
DAYS = Lever(path="a.b", low=2, high=4, unit="days")
LIST = Lever(path="a.c", values=["1 day", "3 days"])
OPTIONS = Lever(options={"none": {}, "some": {"a.d": 1}, "much": {"a.d": 2, "a.e": "5 min"}})
WAY = Lever(start={"a.x": 0.1}, end={"a.x": 0.3, "a.y": "10 days"})
DOCUMENT: dict[str, Any] = {"a": {"b": "3.0 days", "c": "3.0 days", "d": 1, "y": "4.0 days"},
                            "desks": {"support": {"servers": 2.0}}}  # fmt: skip


def test_positions_become_values() -> None:
    assert [RANGE.at(u) for u in (0, 0.5, 1)] == [1, 2, 3]
    assert [WHOLE.at(u) for u in (0, 0.32, 0.34, 0.67, 1)] == [1, 1, 2, 3, 3]
    assert [LIST.at(u) for u in (0, 0.49, 0.5, 1)] == ["1 day", "1 day", "3 days", "3 days"]
    assert [OPTIONS.at(u) for u in (0, 0.4, 1)] == ["none", "some", "much"]
    counts = np.bincount([int(WHOLE.at(u)) for u in np.linspace(0, 1, 3000, endpoint=False)])
    assert counts[1:].tolist() == [1000, 1000, 1000], "every whole number has an equal share"


def test_values_become_overrides() -> None:
    assert DAYS.overrides(2.5, DOCUMENT) == {"a.b": "2.5 days"}
    assert Lever(path=["a.b", "a.z"], low=0, high=1).overrides(0.5, DOCUMENT) == {"a.b": 0.5, "a.z": 0.5}
    assert OPTIONS.overrides("much", DOCUMENT) == {"a.d": 2, "a.e": "5 min"}
    assert WAY.overrides(0.5, DOCUMENT) == {"a.x": 0.2, "a.y": "7.0 days"}, "from the scenario's own where no start is"
    with pytest.raises(ValueError, match="allowed: none, some, much"):
        OPTIONS.overrides("more", DOCUMENT)
    with pytest.raises(ValueError, match="no way leads from"):
        Lever(end={"a.y": 3}).overrides(0.5, DOCUMENT)


def test_where_the_scenario_stands() -> None:
    assert RANGE.today(DOCUMENT) == 2
    assert DAYS.today(DOCUMENT) == 3
    assert LIST.today(DOCUMENT) == "3 days"
    assert OPTIONS.today({"a": {"d": 1}}) == "none"  # nothing to change: it stands there already
    assert WAY.today(DOCUMENT) is None
    assert Lever(end={"a.y": "9 days"}).today(DOCUMENT) == 0


def test_grid_has_every_combination_in_order() -> None:
    table = grid({"servers": WHOLE, "way": LIST}, 3)
    assert table.to_numpy().tolist() == [[s, v] for s in (1, 2, 3) for v in ("1 day", "3 days")]
    assert grid({"servers": Lever(path="x", low=0, high=10, whole=True)}, 4)["servers"].tolist() == [0, 3, 7, 10]
    assert grid({"share": Lever(path="x", low=0, high=0.3)}, 4)["share"].tolist() == [0, 0.1, 0.2, 0.3]


def test_one_at_a_time_moves_one_lever_and_not_to_where_it_stands() -> None:
    table = one_at_a_time({"servers": WHOLE, "days": DAYS}, 3, DOCUMENT)
    assert (table.notna().sum(axis=1) == 1).all()
    assert table["servers"].dropna().tolist() == [1, 3]
    assert table["days"].dropna().tolist() == [2, 4]


def test_latin_hypercube_has_one_point_in_each_stratum() -> None:
    found = latin_hypercube(3, 20, seed=5)
    for column in found.T:
        assert sorted((column * 20).astype(int)) == list(range(20))
    assert np.array_equal(found, latin_hypercube(3, 20, seed=5))
    assert not np.array_equal(found, latin_hypercube(3, 20, seed=6))


def test_sobol_sequence_balances_every_half() -> None:
    found = sobol_sequence(2, 64, seed=1)
    assert found.shape == (64, 2)
    for column in found.T:
        assert np.bincount((column * 8).astype(int)).tolist() == [8] * 8


def test_morris_moves_one_input_at_a_time() -> None:
    found = morris_trajectories(3, 5, 4, seed=2).reshape(5, 4, 3)
    moved = (np.diff(found, axis=1) != 0).sum(axis=2)
    assert (moved == 1).all()
    assert saltelli_sample(3, 8, seed=1).shape == (8 * 5, 3)


def test_worlds_are_the_same_for_all_and_move_with_the_seed() -> None:
    inputs = {"a": RANGE, "b": DAYS}
    assert world_samples(inputs, 4, 1).equals(world_samples(inputs, 4, 1))
    assert not world_samples(inputs, 4, 1).equals(world_samples(inputs, 4, 2))
    assert len(world_samples({}, 4, 1)) == 1


def test_csv_of_points(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text("servers, list, options\n2, 1 day, some\n, , much\n")
    levers = {"servers": WHOLE, "list": LIST, "options": OPTIONS, "days": DAYS}
    found = from_csv(levers, file)
    assert found.to_numpy().tolist() == [[2, "1 day", "some", None], [None, None, "much", None]]
    file.write_text("servrs,list\nx,2 days\n")
    with pytest.raises(cxsim.ScenarioError) as told:
        from_csv(levers, file)
    sentences = [str(problem).split("points.csv")[1] for problem in told.value.problems]
    assert sentences == [
        ", line 1: servrs: no lever 'servrs'; did you mean 'servers'?",
        ", line 2: list: read '2 days'; did you mean '3 days'?",
    ]
    with pytest.raises(cxsim.ScenarioError, match="cannot be read as a table: No such file"):
        from_csv(levers, tmp_path / "nothing.csv")
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(cxsim.ScenarioError, match="cannot be read as a table"):
        from_csv(levers, file)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"path": "x"}, "told are none"), ({"path": "x", "low": 1}, "a range needs low and high"),
        ({"path": "x", "low": 2, "high": 1}, "low less than high"), ({"low": 1, "high": 2}, "'path' must name"),
        ({"path": "x", "low": 1, "high": 2, "values": [1]}, "told are low and high and values"),
        ({"path": "x", "low": 1.5, "high": 2, "whole": True}, "whole low and high"),
        ({"path": "x", "options": {"a": {"b": 1}}}, "name their own paths"),
        ({"start": {"x": 1}, "end": {"y": 2}}, "every path of start must be in end"),
    ],
)  # fmt: skip
def test_levers_told_in_no_way_or_two_are_refused(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Lever.model_validate(wrong)
