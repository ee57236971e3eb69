"""Undo and redo."""

from __future__ import annotations

from typing import Generic, TypeVar

MOST_UNDO = 200
"""Steps that can be taken back, at most; the oldest are forgotten first."""
State = TypeVar("State")


class History(Generic[State]):
    """States one after the other, with a place among them.

    Args:
        now: the first state.

    Attributes:
        now: the state of the latest step.
    """

    def __init__(self, now: State) -> None:
        self.now = now
        self._past: list[State] = []
        self._future: list[State] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether a step taken back can be taken again."""
        return bool(self._future)

    def take(self, state: State) -> None:
        """Take a step; what was taken back before it is gone."""
        self._past = [*self._past, self.now][-MOST_UNDO:]
        self._future = []
        self.now = state

    def undo(self) -> State:
        """Take the latest step back, where there is one; gives the state then."""
        return self._go(self._past, self._future)

    def redo(self) -> State:
        """Take it again, where there is one; gives the state then."""
        return self._go(self._future, self._past)

    def _go(self, there: list[State], back: list[State]) -> State:
        if there:
            back.append(self.now)
            self.now = there.pop()
        return self.now
