"""Theory's lines: learning settles where it must; the desks are in tests/theory."""

import numpy as np
import pytest

from cxsim.evidence.queues import erlang_a, erlang_c_waits
from cxsim.evidence.theory import _DESKS, _learning, _line, checks
from cxsim.evidence.validate import Settings


def test_learning_settles_at_its_fixed_points() -> None:
    lines = list(_learning(quick=True))
    assert [line.id for line in lines] == ["learning-uncertainty", "learning-predicted", "learning-trust"]
    for line in lines:
        assert line.holds, line
        assert line.strict
    # v = v (1 - v / (v + s)) + d, so v^2 = d (v + s): .01 for d = .002 and s = .04
    assert lines[0].observed == pytest.approx(0.01)


def test_a_figure_outside_the_interval_does_not_hold_and_a_wide_interval_is_cut() -> None:
    values = np.array([1.0, 1.01, 0.99, 1.0])
    assert _line("a", "t", 1.0, values, "share", "s", False).holds
    assert not _line("a", "t", 1.1, values, "share", "s", False).holds
    wide = _line("a", "t", 1.0, np.array([0.2, 1.9, 0.4, 1.5]), "share", "s", False)
    assert (wide.low, wide.high) == pytest.approx((0.9, 1.1))
    assert "wider" in wide.note


def test_desks_are_compared_with_their_own_theory() -> None:
    by_name = {desk.name: desk for desk in _DESKS}
    assert by_name["one-server"].theory().waits == pytest.approx(0.7)  # the load
    assert by_name["six-servers"].theory().waits == pytest.approx(erlang_c_waits(0.9, 5.0, 6))
    assert by_name["impatient"].theory() == erlang_a(0.9, 5.0, 3, 15.0)


@pytest.mark.slow
def test_every_line_of_theory_holds() -> None:
    lines = list(checks(Settings()))
    assert len({line.id for line in lines}) == len(lines) == 12
    assert [line.id for line in lines if not line.holds] == []
