"""A rule of one's own in place of one of cxsim's: what is felt grows evenly, without a zone of tolerance.

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
def even_utility(
    perceived: float, desired: float, adequate: float, slope_inside: float, loss_aversion: float, exponent: float
) -> float:
    """Felt value in proportion to the distance from the middle of the zone; the same arguments as the rule it replaces."""
    return perceived - 0.5 * (adequate + desired) + 0.0 * (slope_inside + loss_aversion + exponent)


def main() -> None:
    """The shop under the new rule; `cxsim run workshop` shows it under the old one."""
    encounter.felt_utility = even_utility
    import cxsim

    small = cxsim.load("workshop", {"population.customers": 100, "population.look_back": False, "horizon": "60 days"})
    model = cxsim.CustomerModel(small, rng=1).run()
    present = model.agents.select(lambda agent: getattr(agent, "is_active", False))
    satisfaction = sum(present.get("satisfaction")) / len(present)
    print(f"{len(present)} customers, mean satisfaction {50 + 50 * satisfaction:.1f}")


if __name__ == "__main__":
    main()
