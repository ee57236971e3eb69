"""Every encounter of everybody written to Parquet, against the same world lived without: prints one JSON document."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.one_run import scaled
from cxsim.model import CustomerModel
from cxsim.scenario.loading import load
from cxsim.scenario.ready import find_scenario
from cxsim.studies.everybody import write_encounters

CUSTOMERS = 20_000


def main() -> None:
    """Time both, one after the other, as often as asked for."""
    scenario = load(find_scenario("parcel"), scaled(CUSTOMERS))
    CustomerModel(load(find_scenario("parcel"), scaled(100) | {"horizon": "1 days", "warm_up": 0})).run()
    without, with_log, rows = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "encounters.parquet"
        for _ in range(int(sys.argv[1])):
            begun = time.perf_counter()
            model = CustomerModel(scenario).run()
            between = time.perf_counter()
            rows = write_encounters(scenario, target)
            without.append(between - begun)
            with_log.append(time.perf_counter() - between)
        written = pq.read_metadata(target).num_rows
    lived = int(model.world.customers["encounters"].sum())
    if written != rows or rows < lived:
        raise RuntimeError(f"{lived} encounters were lived, but {written} entries are in the file")
    print(json.dumps({"customers": CUSTOMERS, "rows": rows, "seconds": statistics.median(with_log),
                      "seconds_without": statistics.median(without)}))  # fmt: skip


if __name__ == "__main__":
    main()
