"""Desks: queues with servers and opening hours."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cxsim.scenario.hours import DaysOfWeek, HourRange
from cxsim.scenario.units import Level, Minutes, Number, Share
from cxsim.scenario.values import DurationMinutes, MinutesDuration, Strict


class Shift(Strict):
    """Hours with a number of servers."""

    days: DaysOfWeek = "mon-sun"
    """Weekdays, e.g. "mon-fri"."""
    hours: HourRange = "0-24"
    """Whole hours, e.g. "8-20"."""
    servers: Annotated[Number, Field(ge=0, le=100_000)] | list[Annotated[Number, Field(ge=0, le=100_000)]] | None = None
    """Servers, one number or one per hour; the desk's own number if left out. 2.5 means 2 or 3 in turn."""


class Desk(Strict):
    """A queue with servers."""

    label: str = ""
    """Plain name."""
    servers: Number = Field(default=1, ge=0, le=100_000)
    """Servers in every shift that names no number. 2.5 means 2 or 3 in turn, by chance per hour."""
    staffing: Number = Field(default=1.0, ge=0, le=3)
    """Factor on the servers of every hour, whoever names them; 0.9 means that one in ten is away."""
    servers_sd: Number = Field(default=0.0, ge=0, le=1_000)
    """Spread of the number of servers from day to day, in servers."""
    shifts: list[Shift] = [Shift()]
    """Opening hours; always open if left out."""
    service: DurationMinutes = MinutesDuration(mean="5 min", sd="4 min")
    """Service time."""
    service_by_hour: list[Annotated[Number, Field(gt=0, le=100)]] = []
    """Factor on the service time for each hour of the day (24 numbers); 1 if left out."""
    patience: Annotated[Minutes, Field(gt=0)] = "20 min"  # type: ignore[assignment]
    """Mean patience, in perceived waiting time."""
    patience_shape: Number = Field(default=1.0, ge=0.2, le=10)
    """Weibull shape of patience; 1 is exponential (Erlang-A)."""
    closing: Literal["serve_out", "turn_away", "carry_over"] = "serve_out"
    """At closing time: serve those waiting, send them away, or keep them until opening."""
    answer_target: Minutes = "20 s"  # type: ignore[assignment]
    """Waits up to this count as answered in time."""
    resolution: Share = 0.75
    """First-contact resolution: share of contacts settled at once."""
    recovery: Level = 0.5
    """Share of irritation that a settled contact takes away."""
    knows_history: bool = False
    """Whether staff know what the customer has been through."""
    occupied: bool = False
    """Whether the wait is filled."""
    tells_wait: bool = False
    """Whether the length of the wait is told."""
    explains_wait: bool = False
    """Whether the reason for waiting is told."""
    source: str = ""
    """Where the numbers come from."""

    def planned(self) -> list[tuple[str, str, float | list[float]]]:
        """Weekdays, hours, and servers of every shift: one number or one per hour."""
        return [(shift.days, shift.hours, self._staffed(shift.servers)) for shift in self.shifts]

    def _staffed(self, servers: float | list[float] | None) -> float | list[float]:
        if isinstance(servers, list):
            return [one * self.staffing for one in servers]
        return (self.servers if servers is None else servers) * self.staffing
