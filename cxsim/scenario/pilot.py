"""The pilot of a scenario: the same world with a few newcomers, lived first to give established customers a past."""

from __future__ import annotations

from cxsim.scenario.schema import Record, Scenario

CUSTOMERS_LEAST, CUSTOMERS_MOST = 256, 4096
CUSTOMERS_PER_PILOT_CUSTOMER = 16
JOURNEYS = 36
"""Journeys after which a customer is taken as settled; the pilot lasts as long as the rarest shopper needs for them."""
YEARS_LEAST, YEARS_MOST = 0.25, 8.0


def pilot_of(scenario: Scenario) -> Scenario:
    """Newcomers spread evenly over the years that settling takes; nothing changes on the way, nobody's need ends.

    The market stands still, so that established customers come from the market of the first day, not from one to come.

    Their number grows with the population in powers of two, so that one customer more leaves it as it is.
    """
    rarest = min(persona.journeys_per_year for persona in scenario.personas.values())
    years = min(max(JOURNEYS / max(rarest, 1e-9), YEARS_LEAST), YEARS_MOST)
    wanted = scenario.population.customers / CUSTOMERS_PER_PILOT_CUSTOMER
    customers = CUSTOMERS_LEAST
    while customers < min(wanted, CUSTOMERS_MOST):
        customers *= 2
    population = scenario.population.model_copy(
        update={"customers": 1, "newcomers": customers / years, "ended": 0.0, "drifted": 0.0, "converts": 1.0,
                "look_back": False}
    )  # fmt: skip
    feedback = scenario.company.feedback.model_copy(update={"share": 0.0})
    market = scenario.market.model_copy(update={"drift": 0.0})
    return scenario.model_copy(
        update={"population": population, "market": market, "interventions": {}, "warm_up": 0.0,
                "horizon": float(round(years * 365)), "record": Record(encounters=0),
                "company": scenario.company.model_copy(update={"feedback": feedback})}
    )  # fmt: skip
