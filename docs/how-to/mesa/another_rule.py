"""A rule of one's own in place of one of cxsim's: people who see anything short of what they desire as a loss.

The engine looks a rule up by its name when it is compiled, so the new rule must be there before the first run, and
must not share the compile cache of the rules as they are. Run it with `python another_rule.py` (it compiles for a
minute), or at once, but slowly, as plain Python: `NUMBA_DISABLE_JIT=1 python another_rule.py`.
"""

import os
import tempfile

os.environ["CXSIM_CACHE"] = tempfile.mkdtemp(prefix="another-rule-")  # before anything of cxsim is imported

from cxsim.compiling import compiled
from cxsim.engine import encounter


@compiled
def never_pleased(
    perceived: float, desired: float, adequate: float, slope_inside: float, loss_aversion: float, exponent: float
) -> float:
    """Felt value of one dimension of an encounter; takes the same arguments as `cxsim.rules.satisfaction.felt_utility`.

    There is no zone of tolerance: what is missing to the desired level is a loss, and nothing is ever a gain.
    """
    return -loss_aversion * max(desired - perceived, 0.0)


def main() -> None:
    """A small shop under the new rule."""
    encounter.felt_utility = never_pleased
    import cxsim
    from cxsim.scenario.ready import find_scenario

    small = {"population.customers": 100, "population.look_back": False, "warm_up": "0 days", "horizon": "60 days"}
    scenario = cxsim.load(find_scenario("workshop"), small)
    model = cxsim.CustomerModel(scenario, rng=1).run()
    present = model.agents.select(lambda agent: getattr(agent, "is_active", False))
    satisfaction = sum(present.get("satisfaction")) / len(present)
    print(f"{len(present)} customers, mean satisfaction {50 + 50 * satisfaction:.1f}")


if __name__ == "__main__":
    main()
