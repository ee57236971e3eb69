"""The engine as plain Python gives what the compiled engine gives.

Whole numbers (counts, codes, statuses) must be equal. Decimal numbers may differ by 1e-9 of themselves: the compiler
may contract a product and a sum into one rounding and takes its own logarithms, so the last bits differ; state kept in
four bytes may then differ by one step of its last digit (6e-8).
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cxsim.engine.columns import REASONS
from cxsim.engine.log import EVENTS
from tests.engine.tiny_world import leavings

ROOT = Path(__file__).parents[2]
COUNTS = ("stop_days", "journey_days", "desk_days", "blame")


@pytest.mark.parametrize("closing", ["serve_out", "turn_away", "carry_over"])
def test_plain_python_agrees_with_the_compiled_engine(closing: str, tmp_path: Path) -> None:
    out = tmp_path / "plain.npz"
    subprocess.run(
        [sys.executable, "-m", "tests.engine.tiny_world", str(out), closing],
        check=True, cwd=ROOT, env=os.environ | {"NUMBA_DISABLE_JIT": "1"}, timeout=300,
    )  # fmt: skip
    compiled, plain = leavings(closing), np.load(out)
    assert set(compiled) == set(plain.files)
    for name, mine in compiled.items():
        theirs = plain[name]
        assert mine.dtype == theirs.dtype, name
        if mine.dtype.kind != "f":
            np.testing.assert_array_equal(mine, theirs, err_msg=name)
            continue
        four_bytes = mine.dtype.itemsize == 4
        # times run to 70 days, kept in eight bytes: differences of instants are good to about 1e-12
        np.testing.assert_allclose(mine, theirs, rtol=2e-7 if four_bytes else 1e-9, atol=1e-11, err_msg=name)
        if name in COUNTS:
            whole = mine == np.round(mine)
            np.testing.assert_array_equal(mine[whole], np.round(theirs[whole], 9), err_msg=name)


def test_the_tiny_world_has_everything_in_it() -> None:
    """Otherwise the comparison would say less than it seems to."""
    found = leavings("turn_away")
    events = np.bincount(found["log.event"], minlength=len(EVENTS))
    assert np.all(events > 0), [EVENTS[event] for event in np.flatnonzero(events == 0)]
    assert set(found["customers.status"]) >= {1, 2}
    for name in ("delights", "abandonments", "contacts", "poor_journeys"):
        assert found[f"customers.{name}"].sum() > 0, name
    assert found["log.is_failure"].sum() > 10
    assert found["log.is_wow"].sum() > 10
    assert set(found["log.reason"]) >= set(range(len(REASONS)))
    assert found["customers.competitor"].max() >= 0
    assert len(found["mended"]) == 2
    desk = found["desk_days"].sum(axis=(0, 1))
    assert np.all(desk[:8] > 0), desk
