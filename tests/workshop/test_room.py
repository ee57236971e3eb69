"""The room: who may come in, how often one may try, and what is taken as a prediction."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxsim.workshop import room as rooms
from cxsim.workshop.room import Room, RoomError, fitting, plain_name

from .scripts import loaded


class Clock:
    """Time as a test wants it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def room(clock: Clock) -> Room:
    return Room(clock)


@pytest.fixture
def chapters(tmp_path: Path) -> list:
    return loaded(tmp_path).script.chapters


def test_the_code_lets_in_however_it_is_typed(room: Room) -> None:
    seat = room.join(f" {room.code[:3].upper()}-{room.code[3:]} ", "  Ada \n Lovelace ", "10.0.0.1")
    assert room.is_seated(seat)
    assert room.seats == 1
    assert not room.is_seated("")
    assert len({Room().code for _ in range(50)}) == 50


def test_wrong_codes_are_slowed_down_per_address_and_altogether(room: Room, clock: Clock) -> None:
    for _ in range(rooms.TRIES):
        with pytest.raises(RoomError, match="not the code"):
            room.join("wrong1", "", "10.0.0.1")
    with pytest.raises(RoomError, match="Too many"):
        room.join(room.code, "", "10.0.0.1")  # the right code too: else trying would pay
    room.join(room.code, "", "10.0.0.2")
    clock.now += rooms.TRY_SECONDS + 1
    room.join(room.code, "", "10.0.0.1")
    for number in range(rooms.TRIES_OF_ALL):
        with pytest.raises(RoomError, match="not the code"):
            room.join("wrong2", "", f"10.1.0.{number}")
    with pytest.raises(RoomError, match="Too many"):
        room.join(room.code, "", "10.2.0.1")


def test_a_code_ends_and_a_new_one_keeps_who_is_in(room: Room, clock: Clock) -> None:
    seat, old = room.join(room.code, "", "a"), room.code
    clock.now += rooms.CODE_SECONDS + 1
    with pytest.raises(RoomError):
        room.join(old, "", "b")
    room.renew()
    room.join(room.code, "", "b")
    assert room.code != old
    assert room.is_seated(seat)


def test_the_room_is_bounded(room: Room, chapters: list, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "MOST_SEATS", 2)
    for _ in range(2):
        room.join(room.code, "", "a")
    with pytest.raises(RoomError, match="full"):
        room.join(room.code, "", "a")
    monkeypatch.setattr(rooms, "MOST_HANDS", 5)
    room.enter(chapters[0], "1", count=5)
    with pytest.raises(RoomError, match="1 to 5"):
        room.enter(chapters[0], "1")
    assert plain_name("x" * 500 + "\u0000") == "x" * rooms.LONGEST_NAME


def test_only_what_is_asked_now_can_be_answered_and_the_last_answer_counts(room: Room, chapters: list) -> None:
    seat = room.join(room.code, "Ada", "a")
    with pytest.raises(RoomError, match="closed"):
        room.answer(seat, "hands", "2")
    room.ask(chapters[0])
    room.answer(seat, "hands", "2")
    room.answer(seat, "hands", "\u22123,5")
    assert [one.value for one in room.predictions("hands")] == [-3.5]
    with pytest.raises(RoomError, match="Join"):
        room.answer("somebody", "hands", "2")
    with pytest.raises(RoomError, match="closed"):
        room.answer(seat, "which", "hands")
    room.ask(None)
    with pytest.raises(RoomError, match="closed"):
        room.answer(seat, "hands", "2")


def test_answers_are_slowed_down(room: Room, chapters: list, clock: Clock) -> None:
    seat = room.join(room.code, "", "a")
    room.ask(chapters[0])
    for _ in range(rooms.ANSWERS):
        room.answer(seat, "hands", "1")
    with pytest.raises(RoomError, match="Wait"):
        room.answer(seat, "hands", "1")
    clock.now += rooms.ANSWER_SECONDS + 1
    room.answer(seat, "hands", "1")


@pytest.mark.parametrize("text", ["", "abc", "nan", "inf", "11", "-10.5", "1e400", "9" * 200, "<b>2</b>"])
def test_numbers_that_are_none_or_beyond_the_range(chapters: list, text: str) -> None:
    with pytest.raises(RoomError, match="from -10 to 10"):
        fitting(chapters[0], text)


def test_choices_that_are_none(chapters: list) -> None:
    assert fitting(chapters[1], "mended") == "mended"
    for text in ("", "Mended!", "both"):
        with pytest.raises(RoomError, match="Choose"):
            fitting(chapters[1], text)


def test_only_what_was_entered_by_hand_is_taken_back(room: Room, chapters: list) -> None:
    seat = room.join(room.code, "", "a")
    room.enter(chapters[1], "hands", count=2)
    room.ask(chapters[1])
    room.answer(seat, "which", "mended")
    room.take_back("which")
    room.take_back("which")
    room.take_back("which")
    assert [one.value for one in room.predictions("which")] == ["mended"]
