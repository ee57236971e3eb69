"""Twin worlds, continued: order of the file, processes, newcomers, and what is not promised, told and held as such."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cxsim.engine.columns import PROSPECT
from cxsim.scenario.loading import load
from cxsim.studies.executors import ProcessExecutor
from tests.engine.twins import assert_same_customers, assert_same_world, live
from tests.worlds import load_world, small_world, with_values

ROOT = Path(__file__).parents[2]
BUSY = {"personas": {"everyone": {"journeys_per_year": "30 per year"}}, "desks.support.servers": 1}
TRAITS = ("persona", "desired_base", "adequate_base", "patience", "irritation_tolerance", "switching_cost",
          "price_sensitivity", "message_exposure", "talk_exposure")  # fmt: skip
"""What a customer is from the start, by its own stream alone."""


def turned(node: Any, keep: tuple[str, ...], name: str = "") -> Any:
    """The same data with the keys of every mapping in reverse order, except in the mappings named in `keep`."""
    if isinstance(node, dict):
        items = list(node.items())
        return {key: turned(value, keep, key) for key, value in (items if name in keep else reversed(items))}
    return [turned(value, keep) for value in node] if isinstance(node, list) else node


def test_the_order_in_which_a_file_is_written_does_not_matter() -> None:
    """Sections, and keys within them, in any order: the same world, bit for bit."""
    world = with_values(small_world(), BUSY)
    other = turned(world, keep=("touchpoints",))
    assert list(other) == list(world)[::-1]
    assert load(other) == load(world)
    assert_same_world(live(load(world)), live(load(other)))


def test_not_promised_another_order_of_touchpoints_is_other_luck_for_the_same_people() -> None:
    """A stop's number is part of its draws: moved, it has other luck. Who people are does not hang on it."""
    world = with_values(small_world(), BUSY)
    moved = world | {"touchpoints": dict(reversed(world["touchpoints"].items()))}
    one, other = live(load(world)).world, live(load(moved)).world
    assert_same_customers(one.customers, other.customers, without=tuple(
        name for name in one.customers.dtype.names if name not in TRAITS))  # fmt: skip
    assert not np.array_equal(one.customers["satisfaction"], other.customers["satisfaction"])
    encounters = [found.stop_days[:, :, 0].sum() for found in (one, other)]
    assert encounters[0] == pytest.approx(encounters[1], rel=0.05)


def test_one_more_touchpoint_at_the_end_leaves_the_first_journeys_of_the_others_alone() -> None:
    """A stop after the last one comes later than all others: nothing before it is touched, at no customer."""
    stops = {"site": {"kind": "self_service", "next": {"use": 1}}, "use": {"kind": "use"}}
    more = {**stops, "use": {"kind": "use", "next": {"survey": 1}}, "survey": {"kind": "self_service"}}
    alone = {"touchpoints": stops, "desks": {}, "journey": {"start": "site"}, "population.customers": 400,
             "personas": {"everyone": {"journeys_per_year": "3 per year"}}, "mechanisms.word_of_mouth": False,
             "population.tenure": "0 days"}  # fmt: skip
    logs = []
    for chosen in (stops, more):
        model = live(load_world(**alone | {"touchpoints": chosen}), follow=range(400))
        log = model.log()
        logs.append(log[(log["journey"] == 1) & (log["touchpoint"] < 2) & (log["touchpoint"] >= 0)])
    assert len(logs[0]) > 300
    for name in ("customer", "at", "touchpoint", "perceived", "satisfaction", "utility"):
        np.testing.assert_array_equal(logs[0][name], logs[1][name], err_msg=name)


def test_one_process_or_two_or_this_one(tmp_path: Path) -> None:
    """The same arrays from this process, from workers side by side, and from a fresh interpreter."""
    code = (
        "import json, sys, numpy as np\nfrom cxsim.model import CustomerModel\n"
        "from cxsim.scenario.loading import load\n"
        "world = CustomerModel(load(json.loads(sys.argv[1])), rng=1, replication=int(sys.argv[2])).run().world\n"
        "np.savez(sys.argv[3], customers=np.asarray(world.customers), stops=world.stop_days, desks=world.desk_days)\n"
    )
    text = json.dumps(with_values(small_world(), BUSY))
    files = [tmp_path / f"{number}.npz" for number in range(2)]
    with ProcessExecutor(2) as pool:
        waiting = [pool.submit(subprocess.run, [sys.executable, "-c", code, text, str(number), str(file)], check=True,
                               cwd=ROOT) for number, file in enumerate(files)]  # fmt: skip
        for done in waiting:
            done.result()
    for number, file in enumerate(files):
        world, theirs = live(load(json.loads(text)), replication=number).world, np.load(file)
        assert_same_customers(world.customers, theirs["customers"])
        np.testing.assert_array_equal(world.stop_days, theirs["stops"])
        np.testing.assert_array_equal(world.desk_days, theirs["desks"])


@pytest.mark.slow
def test_measures_from_one_worker_and_from_two_are_the_same() -> None:
    from cxsim.studies.plan import code_version
    from cxsim.studies.runs import measured_run

    scenario = load_world(**BUSY)
    tasks = [(scenario, 1, number, code_version()) for number in range(4)]
    found = []
    for many in (1, 2):
        with ProcessExecutor(many) as pool:
            found.append([done.result()["measures"] for done in [pool.submit(measured_run, *task) for task in tasks]])
    here = [measured_run(*task)["measures"] for task in tasks]
    for names in zip(*found, here, strict=True):
        for measure in here[0]:
            values = np.array([one[measure] for one in names])
            assert np.all(values == values[0]) or np.all(np.isnan(values)), measure


def test_not_promised_one_more_established_customer_renumbers_the_newcomers() -> None:
    """Newcomers are numbered after the established: with one more of these, each newcomer has the next one's luck.

    So studies of newcomers should leave the number of established customers alone.
    """
    quiet = {"mechanisms.word_of_mouth": False, "population.newcomers": "400 per year", "desks.support.servers": 500,
             "desks.support.shifts": [{"hours": "0-24"}]}  # fmt: skip
    few, more = (live(load_world(**quiet | {"population.customers": count})).world for count in (200, 201))
    assert_same_customers(few.customers[:200], more.customers[:200])  # nobody who was there is touched
    newcomers = len(few.customers) - 200
    assert newcomers > 30
    assert len(more.customers) == 201 + newcomers
    for name in TRAITS:  # who was newcomer number two is now newcomer number one, and so on
        np.testing.assert_array_equal(few.customers[name][201:], more.customers[name][201:-1], err_msg=name)
    assert not np.array_equal(few.customers["patience"][200:], more.customers["patience"][201:])


def test_more_newcomers_leave_those_who_come_anyway_alone() -> None:
    """The rate of newcomers is a lever: those who come at the lower rate come at the same instants at the higher."""
    quiet = {
        "mechanisms.word_of_mouth": False,
        "desks.support.servers": 500,
        "desks.support.shifts": [{"hours": "0-24"}],
    }
    few, more = (live(load_world(**quiet | {"population.newcomers": rate})).world
                 for rate in ("300 per year", "600 per year"))  # fmt: skip
    count = len(few.customers)
    assert len(more.customers) > count + 20
    assert_same_customers(few.customers, more.customers[:count])
    assert (more.customers["status"][count:] != PROSPECT).any()


def test_a_lever_changes_nobodys_luck_only_what_comes_of_it() -> None:
    """Draws hang on customer, journey, stop and visit: with better quality the same parcels take the same days."""
    changed = {"touchpoints.use.quality.product": 0.9, "desks.support.servers": 3}
    logs = []
    for values in ({}, changed):
        log = live(load_world(**BUSY | values), follow=range(300)).log()
        parcels = log[log["promised_days"] > 0]
        keys = parcels["customer"].astype(np.int64) * 10_000 + parcels["journey"]
        logs.append(dict(zip(keys.tolist(), zip(parcels["promised_days"], parcels["days"], strict=True),
                             strict=True)))  # fmt: skip
    shared = set(logs[0]) & set(logs[1])
    assert len(shared) > 0.8 * len(logs[0])
    for key in shared:  # the record keeps promised days in four bytes, so arrivals tell them rounded
        assert logs[0][key] == pytest.approx(logs[1][key], rel=1e-6)
