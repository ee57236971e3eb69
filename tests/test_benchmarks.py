"""The benchmarks run: their figures are theirs, but a benchmark that fails tells nothing."""

import json
import subprocess
import sys
from pathlib import Path


def test_one_run_tells_what_it_measured() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.one_run", "200"],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent, timeout=300,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert found["customers"] == 200
    assert found["encounters"] > 5_000
    assert found["events"] > found["encounters"] / 2
    assert 400 < found["bytes_per_customer"] < 700
