"""Verdicts are those recorded; refresh with `python tools/record_claims.py` and a line in CHANGELOG.md."""

import pytest

from cxsim.evidence.claims import checks
from cxsim.evidence.claims.judging import judge
from cxsim.evidence.claims.registry import CLAIMS
from cxsim.evidence.claims.saved import record_of, recorded, recorded_robustness, recorded_study
from cxsim.evidence.validate import Settings

CHEAP = ("factors-differ", "before-first-contact")


def assert_as_recorded(names, jobs=None) -> None:
    now, stored = record_of(judge([CLAIMS[name] for name in names], jobs=jobs)), recorded()["claims"]
    for name in names:
        assert now[name]["verdict"] == stored[name]["verdict"], name
        assert now[name]["fails_without"] == stored[name]["fails_without"], name
        for found, before in zip(now[name]["parts"], stored[name]["parts"], strict=True):
            assert found["effect"] == pytest.approx(before["effect"], rel=1e-3, abs=1e-5), name


def test_cheap_claims_come_out_as_recorded() -> None:
    assert_as_recorded(CHEAP, jobs=1)


@pytest.mark.slow
def test_all_claims_come_out_as_recorded() -> None:
    assert_as_recorded([name for name in CLAIMS if name not in CHEAP])


def test_every_claim_has_a_recorded_verdict_and_what_does_not_hold_says_why() -> None:
    stored = recorded()["claims"]
    assert set(stored) == set(CLAIMS)
    for name, claim in CLAIMS.items():
        if stored[name]["verdict"] not in ("holds", "not yet judged"):
            assert claim.finding, f"{name} {stored[name]['verdict']}, and does not say why"


def test_every_claim_that_held_fails_without_its_mechanism() -> None:
    for name, entry in recorded()["claims"].items():
        if CLAIMS[name].without and any(part["verdict"] == "holds" for part in entry["parts"]):
            assert entry["fails_without"] is True, name


def test_robustness_is_recorded_with_what_it_rests_on() -> None:
    found, basis = recorded_robustness()
    assert found
    assert "draws" in basis
    for one in found.values():
        assert 0 <= one.low <= one.share <= one.high <= 1
        assert len(one.parts) == len(one.claim.parts)


def test_what_was_read_in_every_world_gives_the_recorded_verdicts() -> None:
    stored, study = recorded()["claims"], recorded_study()
    assert [one.claim.id for one in study.judged] == list(CLAIMS)
    for one in study.judged:
        entry = stored[one.claim.id]
        assert one.values is not None, one.claim.id
        assert (one.verdict, one.fails_without) == (entry["verdict"], entry["fails_without"]), one.claim.id
        assert len(one.values(next(iter(one.claim.variants)), one.values.names[0])) == max(
            one.claim.replications, one.claim.replications_least
        )
        for found, before in zip(one.parts, entry["parts"], strict=True):
            for name, number in (("effect", found.effect.mean), ("low", found.effect.low), ("high", found.effect.high)):
                assert number == pytest.approx(before[name], rel=2e-3, abs=2e-4), (one.claim.id, found.part.label)


def test_lines_of_evidence_are_as_strict_as_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    themes = {"Expectations": (CLAIMS["before-first-contact"],), "The market": (CLAIMS["switching-89"],)}
    monkeypatch.setattr("cxsim.evidence.claims.lines.THEMES", themes)
    lines = {line.id: line for line in checks(Settings(quick=True, jobs=1))}
    assert lines["claim-before-first-contact"].holds
    assert not lines["claim-before-first-contact"].strict
    last = lines["claims-as-recorded"]
    assert last.holds
    assert last.strict
    changed = {"claims": {name: {"verdict": "does not hold"} for name in CLAIMS}}
    monkeypatch.setattr("cxsim.evidence.claims.lines.recorded", lambda: changed)
    last = list(checks(Settings(quick=True, jobs=1)))[-1]
    assert not last.holds
    assert "before-first-contact: recorded 'does not hold', now 'holds'" in last.note
