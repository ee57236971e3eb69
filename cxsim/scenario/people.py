"""Who is there: factors that shape expectations, personas, and the population."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cxsim.scenario.units import Count, Level, Number, PerYear, Share
from cxsim.scenario.values import DaysDuration, DurationDays, Needs, Spread, Strict

Control = Literal["controllable", "influenceable", "uncontrollable"]
DEFAULT_FACTORS = (
    "enduring_intensifiers", "personal_needs", "transitory_intensifiers", "perceived_alternatives",
    "self_perceived_role", "situational_factors", "explicit_promises", "implicit_promises", "word_of_mouth",
    "past_experience",
)  # fmt: skip
"""Names of the factors in factors.yaml, which every scenario starts from."""


class Factor(Strict):
    """One influence on what customers expect."""

    label: str
    """Plain name."""
    control: Control
    """Whether the firm can control it."""
    moves: bool = False
    """Whether it changes while the simulation runs."""
    mean: Level = 0.5
    """Mean strength over customers; effects are centred on it."""
    sd: Level = 0.2
    """Spread of the strength over customers."""
    desired: Number = Field(default=0.0, ge=-0.5, le=0.5)
    """Effect on the desired level at full strength."""
    adequate: Number = Field(default=0.0, ge=-0.5, le=0.5)
    """Effect on the adequate level at full strength."""
    predicted: bool = False
    """Whether its strength scales a signal in the predicted level."""
    source: str = ""
    """Where the effect comes from."""


class Persona(Strict):
    """A kind of customer."""

    label: str = ""
    """Plain name."""
    share: Share = 1.0
    """Share of the population; the shares of all personas sum to 1."""
    journeys_per_year: Annotated[PerYear, Field(le=8760)] = "12 per year"  # type: ignore[assignment]
    """How often the need for a journey arises, e.g. "12 per year"."""
    needs: Needs = Needs()
    """How much each dimension matters to this persona, relative to a touchpoint's own weights."""
    factors: dict[str, Spread] = {}
    """Strength of single factors where it differs from the factor's own mean and sd."""
    patience: Number = Field(default=1.0, gt=0, le=20)
    """Patience relative to the desk's mean."""
    patience_spread: Number = Field(default=0.3, ge=0, le=2)
    """Coefficient of variation of patience between customers of this persona (lognormal)."""
    irritation_tolerance: Spread = Spread(mean=1.0, sd=0.3)
    """Irritation at which the next trifle leads to a blow-up."""
    switching_cost: Spread = Spread(mean=0.5, sd=0.2)
    """How hard it is to leave, 0 to 1."""
    price_sensitivity: Spread = Spread(mean=0.5, sd=0.2)
    """How much price matters, 0 to 1."""
    urgent_share: Share = 0.1
    """Share of journeys that are time-sensitive."""


class Population(Strict):
    """Who is there."""

    customers: Count = Field(default=10_000, ge=1, le=200_000_000)
    """Established customers at the start."""
    newcomers: PerYear = 0
    """Customers who join over time, e.g. "1200 per year"."""
    tenure: DurationDays = DaysDuration(mean="2 years", distribution="exponential")
    """How long established customers have been customers at the start."""
    ended: PerYear = "0.03 per year"  # type: ignore[assignment]
    """Rate at which the need ends for good, per customer."""
    drifted: PerYear = "0.03 per year"  # type: ignore[assignment]
    """Rate of leaving for a competitor without any poor journey, per customer."""
    look_back: bool = True
    """Whether established customers start with the expectations and memories of a like customer of a pilot world, as
    their tenure has brought about; otherwise they start as newcomers do."""
    converts: Share = 1.0
    """Share of newcomers who become customers if they expect as much here as elsewhere; more if they expect more."""
