"""The journey in order, and its phases."""

from __future__ import annotations

import cxsim
from cxsim.scenario.itinerary import journey_order, on_the_way, persona_names, phases, stop_names
from cxsim.scenario.ready import find_scenario
from tests.worlds import bare_world, small_world


def phases_of(name: str) -> dict[str, str]:
    return phases(cxsim.load(find_scenario(name)))


def test_phases_of_the_ready_scenarios() -> None:
    parcel = phases_of("parcel")
    assert next(iter(parcel)) == "advert"
    assert parcel["question"] == parcel["site"] == parcel["order"] == "choosing and ordering"
    assert (parcel["delivery"], parcel["use"], parcel["billing"]) == ("receiving", "using", "paying")
    assert parcel["return"] == "afterwards"
    assert parcel["support"] == "getting help", "no journey comes there by itself"
    workshop = phases_of("workshop")
    assert workshop["dropping_off"] == "choosing and ordering"
    assert workshop["picking_up"] == "receiving", "it comes before what is still to be used"
    assert workshop["telephone"] == "getting help"
    assert phases_of("callcentre") == {"call": "being served"}


def test_a_journey_without_anything_to_come_for_is_choosing() -> None:
    scenario = cxsim.load(bare_world({"site": {"kind": "self_service"}, "second": {"kind": "self_service"}}))
    assert set(phases(scenario).values()) == {"choosing and ordering"}


def test_a_loop_ends() -> None:
    stops = {
        "site": {"kind": "self_service", "next": {"again": 1}},
        "again": {"kind": "self_service", "next": {"site": 0.5, "end": 0.5}},
    }
    scenario = cxsim.load(bare_world(stops))
    assert journey_order(scenario) == ["site", "again"]
    assert on_the_way(scenario) == {"site", "again"}


def test_plain_names_stand_in_for_labels() -> None:
    scenario = cxsim.load(small_world(personas={"night_owl": {}}))
    assert stop_names(scenario)["advert"] == "advert"
    assert persona_names(scenario) == {"night_owl": "night owl"}
