"""The journey map: what is felt is what was lived; moments of truth are those that decide."""

from __future__ import annotations

import math

import pytest

from cxsim.instruments.journey import journey_map, last_straws, saved_of
from cxsim.instruments.paired import flawless
from cxsim.instruments.sample import take_sample
from tests.instruments.lived import angry, bare, lived, ready, still


def test_feelings_are_those_that_were_lived() -> None:
    result = angry()
    seen = take_sample(result, 10_000)
    table = journey_map(result, seen).table("map")
    rows = seen.encounters
    for row in table.to_dict("records"):
        here = rows[(rows["persona"] == row["persona"]) & (rows["touchpoint"] == row["touchpoint"])]
        assert row["feeling"] == pytest.approx(50 + 50 * here["satisfaction"].mean())
        assert row["expected"] == pytest.approx(here["expected"].mean())
        assert row["poor"] == pytest.approx(here["is_poor"].mean())
    assert list(dict.fromkeys(table["touchpoint"])) == ["advert", "site", "delivery", "use", "billing", "support"]


def test_without_worlds_beside_the_last_straw_decides() -> None:
    result = angry()
    straws = last_straws(result, "hasty")
    assert sum(straws.values()) == pytest.approx(1)
    table = journey_map(result).table("map")
    marked = table[table["moment"] == "yes"].set_index("persona")["touchpoint"]
    assert marked["hasty"] == max(straws, key=lambda name: straws[name]) == "use"
    assert "the last straw is most often use" in journey_map(result).finding


def test_moments_are_what_would_keep_customers() -> None:
    result = angry()
    moments = flawless(result, jobs=1)
    found = saved_of(moments, "hasty", "use")
    before = [
        (result.lost["replication"] == run).where(result.lost["persona"] == "hasty", False).sum() for run in range(4)
    ]
    after = moments.comparison.results["use flawless"].lost
    kept = [
        old - ((after["replication"] == run) & (after["persona"] == "hasty")).sum() for run, old in enumerate(before)
    ]
    assert found.mean == pytest.approx(sum(kept) / sum(before))
    told = journey_map(result, moments=moments)
    assert "the moment of truth is use" in told.finding or "the moments of truth are" in told.finding
    assert "would stay" in told.finding
    assert "saved" in [column.key for column in told.sheets[0].columns]


def test_nobody_left_and_nobody_came() -> None:
    assert "nobody of them left" in journey_map(bare()).finding
    empty = journey_map(still())
    assert empty.table("map").empty
    assert "no journey to map" in empty.finding


def test_a_touchpoint_is_named_once_where_there_is_only_one() -> None:
    assert journey_map(bare()).finding.count(" at site") == 1


def test_many_personas_are_not_all_told() -> None:
    personas = {f"kind {number}": {"share": 1 / 6} for number in range(6)}
    found = journey_map(lived(personas=personas))
    assert found.finding.count("feels worst") == 4
    assert "The table has all 6 personas." in found.finding


def test_moods_in_the_queue() -> None:
    table = journey_map(ready("workshop")).table("map")
    desks = table[table["touchpoint"].isin(("dropping_off", "picking_up", "telephone"))]
    assert desks["uneasy"].between(0, 1).all()
    assert all(math.isnan(value) for value in table[table["touchpoint"] == "leaflet"]["uneasy"])
