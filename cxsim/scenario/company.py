"""The firm, its rivals and what people tell each other, its surveys and its money."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from cxsim.scenario.units import Days, Level, Number, Share
from cxsim.scenario.values import DaysDuration, DurationDays, Quality, Strict


class Feedback(Strict):
    """A company that listens: from time to time it mends what its customers' own gaps rank first."""

    share: Share = 0.0
    """Share of what a touchpoint lacks (quality to perfect, failures to none) that is mended each time; 0: none."""
    every: Annotated[Days, Field(ge=1)] = "30 days"  # type: ignore[assignment]
    """How often, counted from the end of the warm-up."""
    follows: Literal["gaps", "order"] = "gaps"
    """What is mended next: the widest gap between desired and perceived, or one touchpoint after another."""
    cost: Number = Field(default=0.0, ge=0)
    """Money for each time."""


class WinBack(Strict):
    """Winning back customers who left."""

    share: Share = 0.0
    """Share of those who left who come back."""
    after: DurationDays = DaysDuration(mean="120 days", distribution="exponential")
    """Time until they do, a day at least."""
    cost: Number = Field(default=15.0, ge=0)
    """Money for each customer who comes back."""


class Company(Strict):
    """What the firm promises, how it treats delays, and what it does about what it hears."""

    promises: dict[str, Quality] = {}
    """Level promised in each channel, per dimension."""
    implied: Level = 0.65
    """Level that price and looks suggest."""
    tracking: Share = 0.5
    """How well customers can follow their order, 0 none to 1 fully."""
    tells_early: Share = 0.2
    """Share of late orders whose customers are told before the promised date."""
    explains: Share = 0.2
    """Share of late orders whose customers are told why."""
    feedback: Feedback = Feedback()
    """Whether and how it listens."""
    win_back: WinBack = WinBack()
    """Whether it wins customers back."""


class Network(Strict):
    """Who talks to whom: a small world (Watts and Strogatz 1998), each tie drawn from the customer's own stream."""

    ties: int = Field(default=8, ge=0, le=32)
    """People each customer tells; an even number."""
    rewired: Share = 0.1
    """Share of ties that lead far away instead of to neighbours."""


class Rival(Strict):
    """A competitor: a number for its level alone, or level and prominence."""

    level: Level = 0.65
    """Level it is believed to deliver at the start."""
    prominence: Number = Field(default=1.0, ge=0, le=1000)
    """How much it is in people's minds: those who leave choose by it."""


def _number_is_level(value: Any) -> Any:
    return {"level": value} if isinstance(value, (int, float)) and not isinstance(value, bool) else value


Competitor = Annotated[Rival, BeforeValidator(_number_is_level, json_schema_input_type=Rival | float)]


class Market(Strict):
    """The world around the firm."""

    reputation: Level = 0.65
    """What others say of the firm at the start."""
    typical: Level = 0.62
    """What customers know from such firms at the start."""
    competitors: dict[str, Competitor] = {"another firm": Rival(level=0.68)}
    """Competitors by name."""
    best_in_class: Level = 0.75
    """Level of the best that customers meet anywhere, at the start."""
    drift: Number = Field(default=0.0, ge=-0.5, le=0.5)
    """Rise of the best in class and of the competitors, in levels per year."""
    network: Network = Network()
    """Who talks to whom."""


class Survey(Strict):
    """Asking customers for stars: at the end of the journey, or when a promised date has passed for some time."""

    sent: Share = 1.0
    """Share of journeys about which customers are asked."""
    answered: Share = 0.2
    """Share of those asked who answer."""
    after_overdue: Days = "2 days"  # type: ignore[assignment]
    """Asked so long after a promised date, if nothing has come by then."""


class Money(Strict):
    """Prices and costs, in units of money."""

    price: Number = Field(default=50.0, ge=0)
    """Price of a journey that came to a goal (of any journey, if there are no goals)."""
    unit_cost: Number = Field(default=30.0, ge=0)
    """Cost of what is sold with it."""
    premium: Share = 0.08
    """Most that perceived quality above the market can add to the price."""
    server_hour: Number = Field(default=25.0, ge=0)
    """Cost of one server on duty for an hour."""
    contact: Number = Field(default=1.0, ge=0)
    """Cost of a desk visit beyond the server's time."""
    refund: Share = 0.5
    """Share of the price given back when a contact about money lost is settled."""
    wow: Number = Field(default=3.0, ge=0)
    """Cost of a wow."""
    message: Number = Field(default=0.05, ge=0)
    """Cost of a message met."""
    acquisition: Number = Field(default=20.0, ge=0)
    """Cost of winning a new customer."""
    quality: Number = Field(default=0.05, ge=0)
    """Cost of quality per encounter and odds of the level (level / (1 - level)): it rises steeply near 1."""
    escalation: Number = Field(default=50.0, ge=0)
    """Cost of a complaint that goes to the head office."""
    discount: Number = Field(default=0.08, ge=0, le=1)
    """Discount of later profits, per year."""
