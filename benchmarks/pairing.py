"""Runs that common luck saves: `python -m benchmarks.pairing [REPLICATIONS] [CUSTOMERS]`; prints one JSON document.

One more support server in the parcel scenario: how many more runs with independent luck would give the difference with
the same precision, for satisfaction and for defection.
"""

from __future__ import annotations

import json
import sys

from benchmarks.one_run import scaled
from cxsim.scenario.loading import load
from cxsim.scenario.ready import find_scenario
from cxsim.studies.compare import compare

MEASURES = ("satisfaction", "defection_rate")


def main() -> None:
    """Compare with and without one more server; the ratio of variances is the ratio of runs."""
    replications, customers = int(sys.argv[1]), int(sys.argv[2])
    base = load(find_scenario("parcel"), scaled(customers))
    servers = base.desks["support"].servers
    found = compare(base, {"one more": {"desks.support.servers": servers + 1}}, replications=replications, seed=1)
    told = {}
    for measure in MEASURES:
        saved, difference = found.runs_saved("one more", measure), found.difference("one more", measure)
        if not difference.low <= difference.mean <= difference.high:
            raise RuntimeError(f"no interval for {measure}")
        told[measure] = {"saved": saved, "difference": difference.mean, "low": difference.low, "high": difference.high}
    print(json.dumps({"customers": customers, "servers": servers, "replications": replications, "measures": told}))


if __name__ == "__main__":
    main()
