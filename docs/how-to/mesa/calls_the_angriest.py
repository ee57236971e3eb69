"""A customer class of one's own: every evening the firm calls customers whose irritation has grown too large.

Run it with `python calls_the_angriest.py`.
"""

import cxsim
from cxsim.scenario.ready import find_scenario


class CalledCustomer(cxsim.Customer):
    """A customer who is called when irritation passes a quarter of what can be borne; a call takes half of it away."""

    calls = 0

    def step(self) -> None:
        """Once a day, after the day has been lived."""
        if self.is_active and self.irritation > 0.25 * self.irritation_tolerance:
            self.irritation = 0.5 * self.irritation
            self.calls += 1


def main() -> None:
    """The same shop on the same luck, with and without the calls."""
    shop = cxsim.load(find_scenario("workshop"))
    plain = cxsim.CustomerModel(shop, rng=1).run()
    called = cxsim.CustomerModel(shop, rng=1, customer_class=CalledCustomer).run()
    calls = called.agents_by_type[CalledCustomer].agg("calls", sum)
    for name, model in (("without calls", plain), ("with calls", called)):
        left = len(model.agents.select(lambda agent: getattr(agent, "status_name", "") == "left"))
        print(f"{name}: {left} customers left")
    print(f"{calls} calls were made")


if __name__ == "__main__":
    main()
