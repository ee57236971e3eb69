"""Undo and redo."""

from __future__ import annotations

import pytest

pytest.importorskip("solara", reason="the interface needs the extra 'ui'")

from cxsim.ui.history import MOST_UNDO, History


def test_steps_are_taken_back_and_again() -> None:
    history = History("a")
    assert not history.can_undo
    assert history.undo() == history.redo() == "a"
    for state in "bc":
        history.take(state)
    assert not history.can_redo
    assert [history.undo(), history.undo(), history.undo()] == ["b", "a", "a"]
    assert not history.can_undo
    assert [history.redo(), history.redo(), history.redo()] == ["b", "c", "c"]
    assert history.now == "c"


def test_a_new_step_ends_what_was_taken_back() -> None:
    history = History("a")
    history.take("b")
    history.undo()
    history.take("c")
    assert not history.can_redo
    assert history.undo() == "a"
    assert history.redo() == "c"


def test_the_oldest_steps_are_forgotten() -> None:
    history = History(0)
    for number in range(1, MOST_UNDO + 6):
        history.take(number)
    while history.can_undo:
        history.undo()
    assert history.now == 5
