"""The engine as plain Python gives what the compiled engine gives, to the last bit."""

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
        np.testing.assert_array_equal(mine, theirs, err_msg=name)


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
