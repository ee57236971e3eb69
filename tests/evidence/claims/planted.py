"""Claims planted for tests: a true one, a false one, and one about nothing at all."""

from __future__ import annotations

from collections.abc import Mapping

from cxsim.evidence.claims.claim import Claim, Part, change, level
from cxsim.evidence.claims.seen import Seen

SMALL = {
    "population.customers": 60, "population.newcomers": "0 per year", "horizon": "40 days", "warm_up": "5 days",
    "population.look_back": False, "record.customers": "all", "personas.commuter.journeys_per_year": "60 per year",
}  # fmt: skip


def read_small(seen: Seen) -> Mapping[str, float]:
    cohort = seen.cohort.drop_duplicates("customer")
    odd, even = (cohort[cohort["customer"] % 2 == rest]["satisfaction"].mean() for rest in (1, 0))
    return {"satisfaction": seen.satisfaction, "odd less even": float(odd - even)}


def planted(better: float = 0.9, worse: float = 0.5, *, above: bool = True, **fields: object) -> Claim:
    """A bill that is better in one world than in the other; `above` says that this pleases."""
    bound = {"above": 0.0} if above else {"below": 0.0}
    given: dict[str, object] = {
        "id": "planted", "claim": "planted", "question": "planted?", "base": "workshop", "setting": SMALL,
        "variants": {"worse": {"touchpoints.bill.quality.process": worse},
                     "better": {"touchpoints.bill.quality.process": better}},
        "read": read_small, "design": "planted", "source": "a test", "replications": 5,
        "parts": (Part("satisfaction", change("better", "worse", "satisfaction"), "0 to 100", **bound),),
    }  # fmt: skip
    return Claim(**{**given, **fields})  # type: ignore[arg-type]


def about_nothing() -> Claim:
    """Customers with odd numbers are more satisfied than those with even ones: they are not, but for luck."""
    return planted(
        id="nothing", variants={"the world": {}},
        parts=(Part("odd less even", level("the world", "odd less even"), "-1 to 1", above=0.0),),
    )  # fmt: skip
