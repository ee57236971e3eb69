"""The message audit: what is said is what the scenario says, whom it reaches is what the engine does."""

from __future__ import annotations

import math

import numpy as np

from cxsim.engine.people import promised_levels
from cxsim.instruments.audit import ALIGNED, HONEST, aligned_worlds, audit, pairs_table
from cxsim.instruments.channels import delivered_levels, heard_together, hearings, seen_share, sights
from cxsim.model import CustomerModel
from cxsim.scenario.values import DIMENSIONS
from tests.instruments.lived import TWO_CHANNELS, bare, lived, still
from tests.worlds import load_world


def test_who_sees_which_channels_is_what_the_engine_draws() -> None:
    for count in (1, 2, 3, 5):
        levels = [0.1, 0.2, 0.4, 0.75, 0.97][:count]
        promises = {f"c{place}": {"people": level} for place, level in enumerate(levels)}
        values = {"company.promises": promises, "touchpoints.advert.channel": "c0", "population.customers": 4000}
        model = CustomerModel(load_world(**values))
        mean_seen = promised_levels(model.world, np.arange(4000))[:, 0]
        means = {  # of every set of channels that somebody may see, and whether it holds the first, and the last too
            np.mean([levels[place] for place in sight]): (0 in sight, {0, count - 1} <= sight)
            for sight in sights(count)
        }
        seen = [means[min(means, key=lambda mean: abs(mean - level))] for level in mean_seen]
        assert all(min(abs(mean - level) for mean in means) < 1e-9 for level in mean_seen)
        assert abs(np.mean([first for first, _ in seen]) - seen_share(count)) < 0.03
        assert abs(np.mean([both for _, both in seen]) - heard_together(list(promises), "c0", f"c{count - 1}")) < 0.03


def test_disagreement_is_told_with_whom_it_reaches() -> None:
    result = lived(**TWO_CHANNELS)
    found = audit(result, jobs=1)
    widest = found.table("pairs").iloc[0]
    assert {widest["channel"], widest["other"]} == {"advert", "site"}
    assert widest["dimension"] == "people"
    assert math.isclose(widest["difference"], 0.2)
    assert math.isclose(widest["sees_both"], 2 / 3)
    assert "Advert and site disagree most, on people: 0.700 against 0.500" in found.finding
    assert "67 % of customers see both" in found.finding
    assert list(found.table("cost")["variant"]) == [ALIGNED, HONEST]
    assert found.table("days")["promised"].iloc[0] > 0


def test_aligned_worlds_say_one_thing() -> None:
    result = lived(**TWO_CHANNELS)
    delivered = delivered_levels(result)
    worlds = aligned_worlds(result, delivered)
    heard = hearings(result)
    assert heard["advert"] > heard["site"], "the advert is met on every journey"
    for name, world in worlds.items():
        said = {promise.values_in_order() for promise in world.company.promises.values()}
        assert len(said) == 1, name
    honest = next(iter(worlds[HONEST].company.promises.values())).values_in_order()
    assert np.allclose(honest, [delivered[name].mean for name in DIMENSIONS])
    people = next(iter(worlds[ALIGNED].company.promises.values())).people
    assert math.isclose(people, (heard["advert"] * 0.7 + heard["site"] * 0.5) / sum(heard.values()))


def test_delivered_is_weighted_by_what_counts_where() -> None:
    values = {
        "touchpoints.site.weights": {"people": 0, "product": 0, "process": 1},
        "touchpoints.site.quality": {"people": 0.0, "product": 0.0, "process": 0.9},
    }
    result = lived(**values)
    delivered = delivered_levels(result)
    assert delivered["people"].mean > 0.5, "nobody meets people on the site"
    assert delivered["process"].mean > lived().touchpoints["perceived_process"].sum() / 1e9


def test_one_channel_cannot_disagree() -> None:
    found = audit(lived(), jobs=1)
    assert "There is one channel, advert, so no two messages can disagree." in found.finding
    assert [sheet.name for sheet in found.sheets if sheet.name == "pairs"] == []
    assert list(found.table("cost")["variant"]) == [HONEST]


def test_channels_that_say_the_same() -> None:
    same = {"people": 0.7, "product": 0.72, "process": 0.75}
    result = lived(**{"company.promises.site": same})
    found = audit(result, jobs=1)
    assert "All 2 channels say the same." in found.finding
    assert list(found.table("cost")["variant"]) == [HONEST]


def test_ties_are_told() -> None:
    levels = {name: {"people": level, "product": 0.7, "process": 0.7} for name, level in
              (("advert", 0.7), ("site", 0.5), ("shop", 0.5))}  # fmt: skip
    pairs = pairs_table(load_world(**{"company.promises": levels}))
    assert pairs["difference"].round(9).tolist() == [0.2, 0.2, 0.0]
    assert "as does another pair" in audit(lived(**{"company.promises": levels}), jobs=1).finding


def test_no_promise_at_all() -> None:
    found = audit(bare(), jobs=1)
    assert "promises nothing in any channel" in found.finding
    assert "cost" not in [sheet.name for sheet in found.sheets]
    assert found.table("channels")["channel"].tolist() == ["price and looks"]


def test_nobody_is_served() -> None:
    found = audit(still(), jobs=1)
    assert "Nobody was served" in found.finding
    assert "nan" not in found.finding


def test_customers_need_not_be_kept() -> None:
    plain, lean = (audit(lived(**TWO_CHANNELS, **{"record.customers": kept}), jobs=1) for kept in ("first", "none"))
    assert lean.table("personas").equals(plain.table("personas"))
    assert plain.table("personas")["heed"].tolist() == [1.0]
    assert 0 < plain.table("personas")["part"].iloc[0] < 1


def test_one_replication_calls_nothing_clear() -> None:
    found = audit(lived(1, **TWO_CHANNELS), jobs=1)
    assert not found.table("cost")["is_clear"].any()
    assert "no interval from one replication" in found.finding
    assert any("One replication" in note for note in found.notes)


def test_a_promise_far_above_delivery_is_named() -> None:
    high = {"people": 1.0, "product": 0.3, "process": 0.3}
    found = audit(lived(**{"company.promises.advert": high}), jobs=1)
    assert "advert on people, 1.000 against" in found.finding
    low = {"people": 0.1, "product": 0.1, "process": 0.1}
    assert "No channel promises clearly more" in audit(lived(**{"company.promises.advert": low}), jobs=1).finding
