import pytest

from cxsim.evidence.claims.judging import worlds_of
from cxsim.evidence.claims.registry import CLAIMS, chosen
from cxsim.scenario.errors import ScenarioError

IDS = (
    "early-late", "urgent-anger", "outside-delay", "communication-limits", "graceful-delay", "patience-differs",
    "factors-differ", "message-consistency", "control-closes-gap", "three-dimensions", "baseline-forgiveness",
    "baseline-refunds", "baseline-only-commodity", "narrative", "technology-definer", "upstream-breakdown",
    "informed-staff", "engagement-not-transaction", "moments-of-truth", "nps-survivors", "fail-fast",
    "culture-not-tactic", "initiatives-22", "rising-bar-market", "five-traits", "billing-only", "counter-decides",
    "before-first-contact", "small-irritations", "error-begets-transaction", "wow-raises-bar", "consistency-is-wow",
    "early-experience", "customer-led", "switching-89",
)  # fmt: skip


def test_every_claim_of_the_model_is_there() -> None:
    assert sorted(CLAIMS) == sorted(IDS)


def test_every_claim_says_what_it_does() -> None:
    for claim in CLAIMS.values():
        assert all((claim.claim, claim.question, claim.design, claim.source, claim.parts)), claim.id
        assert claim.question.endswith("?"), claim.id
        assert bool(claim.without) == bool(claim.without_words), claim.id
        for part in claim.parts:
            asked = part.differs or part.above > float("-inf") or part.below < float("inf")
            assert asked, f"{claim.id}: {part.label} asks for nothing"


def test_a_wrong_name_is_told_with_the_nearest() -> None:
    with pytest.raises(ScenarioError) as told:
        chosen(["early-lat", "nonsense"])
    assert told.value.problems[0].sentence.startswith("no such claim 'early-lat'")
    assert "early-late" in told.value.problems[0].sentence
    assert len(told.value.problems) == 2


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in IDS if name != "switching-89"])
def test_worlds_differ_and_the_switch_switches(name: str) -> None:
    claim = CLAIMS[name]
    worlds = worlds_of(claim)
    digests = {world.digest() for world in worlds.values()}
    thought_of = {repr(sorted(variant.items())) for variant in claim.variants.values()}  # an initiative perhaps twice
    assert len(digests) == len(thought_of)
    if claim.without:
        assert {world.digest() for world in worlds_of(claim, off=True).values()} != digests
