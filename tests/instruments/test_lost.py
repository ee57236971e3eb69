"""The customers you lost: they are those of the exit interviews; savings are paired."""

from __future__ import annotations

import pytest

from cxsim.instruments.lost import lost_customers, origins_table, scores_table, who_table
from cxsim.instruments.paired import flawless
from cxsim.studies.moments import moments_of_truth
from tests.instruments.lived import angry, bare, lived


def test_who_they_were() -> None:
    result = angry()
    table = who_table(result).set_index("persona")
    assert table["share"].sum() == pytest.approx(1)
    gone = result.lost[result.lost["persona"] == "hasty"]
    assert table.loc["hasty", "lost"] == len(gone) / 4
    assert table.loc["hasty", "tenure"] == gone["tenure_days"].median()
    assert table.loc["hasty", "over"] == pytest.approx(table.loc["hasty", "share"] / 0.5)


def test_what_they_would_have_scored() -> None:
    result = angry()
    table = scores_table(result).set_index("group")
    assert table.loc["those present, as measured", "nps"] == pytest.approx(result.estimate("nps_measured").mean)
    assert table.loc["both", "nps"] == pytest.approx(result.estimate("nps_all").mean)
    lost = table.loc["those who left"]
    assert lost["nps"] < table.loc["both", "nps"] < table.loc["those present, as measured", "nps"]
    assert lost["detractors"] == pytest.approx((result.lost["recommendation"] <= 6).mean())


def test_savings_are_those_of_the_moments_of_truth() -> None:
    result = angry()
    moments = flawless(result, jobs=1)
    ours = origins_table(result, moments).set_index("touchpoint")
    theirs = moments_of_truth(result.scenario, replications=4, jobs=1).table.set_index("touchpoint")
    for name in theirs.index:
        assert ours.loc[name, "saved"] == pytest.approx(theirs.loc[name, "saved"])
        assert ours.loc[name, "low"] == pytest.approx(theirs.loc[name, "low"])
    assert ours["last_straws"].sum() == pytest.approx(1)


def test_the_sentence_follows() -> None:
    found = lost_customers(angry(), jobs=1)
    assert "Hasty is most over-represented" in found.finding
    assert "If nothing had ever gone wrong at use" in found.finding
    fast = lost_customers(angry(), paired=False)
    assert "The last straw was most often use" in fast.finding
    assert "saved" not in [column.key for column in fast.sheets[2].columns]


def test_nobody_left() -> None:
    found = lost_customers(bare(), jobs=1)
    assert found.finding == "Nobody left after a poor journey, so there is nobody to ask."
    assert found.sheets == ()
    assert found.document()["tables"] == {}


def test_a_persona_alone_is_not_over_represented() -> None:
    values = {"touchpoints.use.failure.probability": 0.3, "rules.leave_base": 0.0}
    found = lost_customers(lived(**values), paired=False)
    assert "over-represented" not in found.finding
    assert "left per replication" in found.finding


def test_one_replication_calls_nothing_clear() -> None:
    values = {"touchpoints.use.failure.probability": 0.3, "rules.leave_base": 0.0}
    found = lost_customers(lived(1, **values), jobs=1)
    assert "No touchpoint alone would clearly have saved customers" in found.finding
    assert any("One replication" in note for note in found.notes)
