"""The event log: order, and agreement with the counters.

Promised order: the entries of one customer are in the order lived (`serial` 0, 1, 2, ...). Their instants never fall
back, but for one case: what falls due while the customer is at a desk is lived right after and keeps its own date.
"""

import numpy as np
import pytest

from cxsim.engine.columns import LEFT
from cxsim.engine.log import (
    BLOW_UP,
    CLOSED,
    COMES_BACK,
    COMPLAINS,
    DECLINES,
    ENCOUNTER,
    ESCALATES,
    EVENTS,
    GIVING_UP,
    JOURNEY_BEGINS,
    JOURNEY_ENDS,
    LEAVES,
    ORDERED,
    OVERDUE_NOTICE,
    QUEUE_JOINED,
)
from cxsim.engine.tally import DESK_STATISTICS, J_BEGUN, JOURNEY_STATISTICS, TOUCHPOINT_STATISTICS
from cxsim.model import CustomerModel
from tests.engine.tiny_world import tiny_world
from tests.engine.twins import live

LIVED = (ENCOUNTER, OVERDUE_NOTICE, GIVING_UP)


@pytest.fixture(scope="module", params=["serve_out", "turn_away", "carry_over"])
def model(request: pytest.FixtureRequest) -> CustomerModel:
    """The tiny world, everybody followed."""
    return live(tiny_world(request.param), rng=3, follow=range(1000))


def by_customer(log: np.ndarray) -> list[np.ndarray]:
    """Entries of each customer."""
    cuts = np.flatnonzero(np.diff(log["customer"])) + 1
    return np.split(log, cuts)


def test_entries_are_numbered_as_lived(model: CustomerModel) -> None:
    for entries in by_customer(model.log()):
        assert np.array_equal(entries["serial"], np.arange(len(entries)))
        assert model.world.customers[entries["customer"][0]].log_entries == len(entries)


def test_time_falls_back_only_to_what_fell_due_at_a_desk(model: CustomerModel) -> None:
    for entries in by_customer(model.log()):
        joined = 0.0
        for entry in entries:
            if entry["event"] == QUEUE_JOINED:
                joined = entry["at"]
            # never before the customer went to the latest desk: until then everything due had been lived
            assert entry["at"] >= joined - 1e-9, EVENTS[entry["event"]]
        free = np.maximum.accumulate(entries["at"])
        assert np.all(entries["at"][entries["event"] == QUEUE_JOINED] >= free[entries["event"] == QUEUE_JOINED] - 1e-9)


def test_counters_agree_with_the_log(model: CustomerModel) -> None:
    customers = model.world.customers
    for entries in by_customer(model.log()):
        row, event = customers[entries["customer"][0]], entries["event"]
        lived = entries[np.isin(event, LIVED)]
        assert len(lived) == row.encounters
        assert lived["is_poor"].sum() == row.poor_encounters
        assert (event == GIVING_UP).sum() == row.abandonments
        assert (event == BLOW_UP).sum() <= (event == JOURNEY_BEGINS).sum()
        assert (event == LEAVES).sum() - (event == COMES_BACK).sum() == (row.status == LEFT)
        assert 0 <= (event == JOURNEY_BEGINS).sum() - (event == JOURNEY_ENDS).sum() <= 1
        assert ((event == QUEUE_JOINED) & (entries["is_contact"] == 1)).sum() == row.contacts
        assert np.all(np.diff(entries["journey"]) >= 0)
        if row.status == LEFT:
            last = entries[event == LEAVES][-1]
            assert (last["origin"], last["reason"]) == (row.last_straw_touchpoint, row.last_straw_reason)
            assert last["at"] == row.left_at


def test_tallies_agree_with_the_log(model: CustomerModel) -> None:
    log, world = model.log(), model.world
    for number in range(len(model.scenario.touchpoints)):
        here = log[np.isin(log["event"], LIVED) & (log["touchpoint"] == number)]
        tally = dict(zip(TOUCHPOINT_STATISTICS, world.stop_days[:, number].sum(axis=0).tolist(), strict=True))
        assert tally["encounters"] == len(here)
        assert (tally["poor"], tally["failures"], tally["wows"]) == (
            here["is_poor"].sum(), here["is_failure"].sum(), here["is_wow"].sum(),
        )  # fmt: skip
        assert tally["satisfaction"] == pytest.approx(here["satisfaction"].sum(), abs=1e-9)
        assert tally["utility"] == pytest.approx(here["utility"].sum(), abs=1e-9)
        for d, name in enumerate(("people", "product", "process")):
            for level in ("desired", "adequate", "predicted", "perceived"):
                assert tally[f"{level}_{name}"] == pytest.approx(here[level][:, d].sum(dtype=np.float64), abs=1e-9)
    desk = dict(zip(DESK_STATISTICS, world.desk_days.sum(axis=(0, 1)).tolist(), strict=True))
    assert desk["arrivals"] == (log["event"] == QUEUE_JOINED).sum()
    assert desk["found_closed"] == (log["event"] == CLOSED).sum()
    ended = dict(zip(JOURNEY_STATISTICS, world.journey_days.sum(axis=0).tolist(), strict=True))
    assert ended["journeys_begun"] == (log["event"] == JOURNEY_BEGINS).sum()
    for name, event in (("journeys", JOURNEY_ENDS), ("left", LEAVES), ("won_back", COMES_BACK),
                        ("declined", DECLINES), ("escalations", ESCALATES)):  # fmt: skip
        assert ended[name] == (log["event"] == event).sum(), name
    assert ended["complaints"] == np.isin(log["event"], (COMPLAINS, ESCALATES)).sum()


def test_days_of_the_tallies_are_the_days_of_the_log_where_nobody_waits(model: CustomerModel) -> None:
    log, world = model.log(), model.world
    begun = np.bincount(np.floor(log["at"][log["event"] == JOURNEY_BEGINS]).astype(int), minlength=70)
    late = np.abs(begun - world.journey_days[:, J_BEGUN]).sum()
    assert late <= 2 * (log["event"] == QUEUE_JOINED).sum()


def test_parcels_in_the_log_are_the_parcels_of_the_tallies(model: CustomerModel) -> None:
    log, number = model.log(), list(model.scenario.touchpoints).index("delivery")
    arrived = log[(log["event"] == ENCOUNTER) & (log["touchpoint"] == number)]
    tally = dict(zip(TOUCHPOINT_STATISTICS, model.world.stop_days[:, number].sum(axis=0).tolist(), strict=True))
    assert tally["deliveries"] == len(arrived) <= (log["event"] == ORDERED).sum()
    assert tally["delivery_days"] == pytest.approx(arrived["days"].sum())
    assert tally["promised_days"] == pytest.approx(arrived["promised_days"].sum())
    late = arrived["days"] > arrived["promised_days"] + model.scenario.touchpoints["delivery"].grace
    assert tally["on_time"] == len(arrived) - late.sum()
