"""The room: who is there and what they predict. Held in memory, bounded, and gone with the session."""

from __future__ import annotations

import hmac
import math
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from cxsim.workshop.script import Chapter

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters of a join code: none that look alike."""
CODE_LENGTH = 6
CODE_SECONDS = 4 * 3600.0
"""A code lets people in for so long; a new one can be made at any time."""
MOST_SEATS = 200
"""People with phones, at most."""
MOST_HANDS = 1000
"""Predictions of a chapter that the facilitator enters, at most."""
LONGEST_NAME = 24
TRIES, TRIES_OF_ALL, TRY_SECONDS = 8, 60, 60.0
"""Wrong codes per minute, from one address and from all together."""
ANSWERS, ANSWER_SECONDS = 30, 60.0
"""Answers per minute and seat."""


class RoomError(ValueError):
    """What cannot be done, in a sentence for the person who tried."""


@dataclass(frozen=True)
class Entry:
    """One prediction.

    Attributes:
        chapter: id of the chapter.
        value: a number, or the case that was chosen.
        name: who made it, "" if not told.
        seat: the phone it came from, "" if the facilitator entered it.
    """

    chapter: str
    value: float | str
    name: str = ""
    seat: str = ""


class Limiter:
    """Counts what somebody does within a time.

    Args:
        most: how often it may be done.
        seconds: within this time.
        clock: seconds that only go forward.
    """

    MOST_KEPT = 4096

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._seen: dict[Hashable, deque[float]] = {}

    def is_open(self, who: Hashable) -> bool:
        """Whether it may be done once more."""
        seen, now = self._seen.get(who), self._clock()
        while seen and now - seen[0] > self._seconds:
            seen.popleft()
        return not seen or len(seen) < self._most

    def count(self, who: Hashable) -> None:
        """It was done."""
        if who not in self._seen and len(self._seen) >= self.MOST_KEPT:
            self._seen.pop(next(iter(self._seen)))
        self._seen.setdefault(who, deque(maxlen=self._most)).append(self._clock())


def fitting(chapter: Chapter, text: str) -> float | str:
    """A prediction as it may be kept.

    Raises:
        RoomError: it is no number of the range, or none of the choices.
    """
    asked, told = chapter.prediction, text.strip()
    if asked.number is None:
        if told not in asked.options:
            raise RoomError("Choose one of the answers.")
        return told
    low, high = asked.number.low, asked.number.high
    try:
        value = float(told.replace(",", ".").replace("\u2212", "-")) if len(told) <= 24 else math.nan
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and low <= value <= high):
        raise RoomError(f"Write a number from {low:g} to {high:g}.")
    return value


class Room:
    """Who is there, and what they predict.

    Attributes:
        code: what a phone needs to come in.
        version: rises with every change, so that pages know when to look again.
        asking: chapter that phones may answer now; None while nothing is asked.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.RLock()
        self._seats: dict[str, str] = {}
        self._entries: dict[str, list[Entry]] = {}
        self._wrong, self._all = Limiter(TRIES, TRY_SECONDS, clock), Limiter(TRIES_OF_ALL, TRY_SECONDS, clock)
        self._answers = Limiter(ANSWERS, ANSWER_SECONDS, clock)
        self.asking: Chapter | None = None
        self.version = 0
        self.code = ""
        self.renew()

    def renew(self) -> None:
        """A new code; who is in stays in."""
        with self._lock:
            self.code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
            self._until = self._clock() + CODE_SECONDS
            self.version += 1

    def ask(self, chapter: Chapter | None) -> None:
        """Let phones answer this chapter, or none."""
        with self._lock:
            if self.asking is not chapter:
                self.asking = chapter
                self.version += 1

    def join(self, code: str, name: str, address: str) -> str:
        """Take a seat; gives what the phone must show from now on.

        Args:
            code: the code on the wall.
            name: a name, or "".
            address: where the phone is, to count wrong tries.

        Raises:
            RoomError: the code is wrong or too old, was tried too often, or the room is full.
        """
        told = code.strip().lower().replace(" ", "").replace("-", "")
        with self._lock:
            if not (self._wrong.is_open(address) and self._all.is_open("all")):
                raise RoomError("Too many wrong codes. Wait a minute, then try again.")
            in_time = self._clock() <= self._until
            if not (in_time and hmac.compare_digest(told.encode(), self.code.encode())):
                self._wrong.count(address)
                self._all.count("all")
                raise RoomError("That is not the code on the wall. Look again.")
            if len(self._seats) >= MOST_SEATS:
                raise RoomError(f"The room is full: {MOST_SEATS} phones are in. Predict by show of hands.")
            seat = secrets.token_urlsafe(16)
            self._seats[seat] = plain_name(name)
            self.version += 1
            return seat

    def is_seated(self, seat: str) -> bool:
        """Whether a phone has a seat."""
        with self._lock:
            return seat in self._seats

    @property
    def seats(self) -> int:
        """Phones that are in."""
        return len(self._seats)

    def answer(self, seat: str, chapter: str, text: str) -> Entry:
        """A phone's prediction; a second one replaces the first.

        Raises:
            RoomError: this is not asked now, was answered too often, or is no possible answer.
        """
        with self._lock:
            if seat not in self._seats:
                raise RoomError("Join first.")
            if not self._answers.is_open(seat):
                raise RoomError("Wait a moment before the next answer.")
            self._answers.count(seat)
            if self.asking is None or self.asking.id != chapter:
                raise RoomError("That question is closed now.")
            entry = Entry(chapter, fitting(self.asking, text), self._seats[seat], seat)
            kept = [one for one in self._entries.get(chapter, []) if one.seat != seat]
            self._entries[chapter] = [*kept, entry]
            self.version += 1
            return entry

    def enter(self, chapter: Chapter, text: str, name: str = "", count: int = 1) -> None:
        """Predictions that the facilitator enters: one that was called out, or hands that were counted.

        Raises:
            RoomError: it is no possible answer, or there are too many.
        """
        value = fitting(chapter, text)
        with self._lock:
            kept = self._entries.setdefault(chapter.id, [])
            hands = sum(not one.seat for one in kept)
            if not 1 <= count <= MOST_HANDS - hands:
                raise RoomError(f"Enter 1 to {MOST_HANDS} predictions by hand.")
            kept.extend([Entry(chapter.id, value, plain_name(name))] * count)
            self.version += 1

    def take_back(self, chapter: str) -> None:
        """Take back the prediction that the facilitator entered last."""
        with self._lock:
            kept = self._entries.get(chapter, [])
            by_hand = [place for place, one in enumerate(kept) if not one.seat]
            if by_hand:
                del kept[by_hand[-1]]
                self.version += 1

    def predictions(self, chapter: str) -> list[Entry]:
        """Predictions of a chapter, in the order they came."""
        with self._lock:
            return list(self._entries.get(chapter, []))

    def of_seat(self, seat: str, chapter: str) -> Entry | None:
        """What a phone predicted."""
        return next((one for one in self.predictions(chapter) if seat and one.seat == seat), None)

    def clear(self, chapter: str) -> None:
        """Forget a chapter's predictions."""
        with self._lock:
            self._entries.pop(chapter, None)
            self.version += 1

    def restore(self, entries: list[Entry]) -> None:
        """Take over predictions of a saved session."""
        with self._lock:
            for entry in entries:
                self._entries.setdefault(entry.chapter, []).append(entry)
            self.version += 1


def plain_name(name: str) -> str:
    """A name that can be shown: one line, short."""
    return "".join(letter for letter in " ".join(name.split()) if letter.isprintable())[:LONGEST_NAME]
