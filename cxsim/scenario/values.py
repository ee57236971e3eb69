"""What parts of a scenario are made of: levels by dimension, traits that differ, durations."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from cxsim.scenario.units import Days, Level, Minutes, Number

Dimension = Literal["people", "product", "process"]
DIMENSIONS: tuple[Dimension, ...] = ("people", "product", "process")


class Strict(BaseModel):
    """A part of a scenario: unknown keys are refused, values cannot be changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, use_attribute_docstrings=True)


class Spread(Strict):
    """A trait that differs between customers: normal, held within its range."""

    mean: Number = Field(default=0.5, ge=0)
    """Mean over customers."""
    sd: Number = Field(default=0.0, ge=0)
    """Standard deviation over customers."""


class PerDimension(Strict):
    """One level per dimension."""

    people: Level = 0.0
    """How the people are met."""
    product: Level = 0.0
    """The thing itself."""
    process: Level = 0.0
    """How it all goes."""

    def values_in_order(self) -> tuple[float, float, float]:
        """Levels of people, product and process."""
        return (self.people, self.product, self.process)


class Weights(PerDimension):
    """How much each dimension counts at a touchpoint; normalised to sum to 1."""

    people: Level = 0.3
    product: Level = 0.3
    process: Level = 0.4


class Needs(Strict):
    """How much each dimension matters to a customer, relative to a touchpoint's own weights."""

    people: Number = Field(default=1.0, ge=0, le=10)
    """Weight of how the people are met."""
    product: Number = Field(default=1.0, ge=0, le=10)
    """Weight of the thing itself."""
    process: Number = Field(default=1.0, ge=0, le=10)
    """Weight of how it all goes."""

    def values_in_order(self) -> tuple[float, float, float]:
        """Weights of people, product and process."""
        return (self.people, self.product, self.process)


class Quality(PerDimension):
    """Mean level delivered."""

    people: Level = 0.70
    product: Level = 0.70
    process: Level = 0.70


class QualitySpread(PerDimension):
    """Standard deviation of the level delivered, from one encounter to the next."""

    people: Level = 0.10
    product: Level = 0.10
    process: Level = 0.10


Distribution = Literal["lognormal", "exponential", "fixed"]


class DaysDuration(Strict):
    """A duration in days: text such as "5 days" for a fixed one, or mean, sd and distribution."""

    mean: Days
    """Mean."""
    sd: Days = 0.0
    """Standard deviation; only the lognormal uses it."""
    distribution: Distribution = "lognormal"
    """Shape; lognormal with sd 0 is fixed."""


class MinutesDuration(Strict):
    """A duration in minutes: text such as "4 min" for a fixed one, or mean, sd and distribution."""

    mean: Minutes
    """Mean."""
    sd: Minutes = 0.0
    """Standard deviation; only the lognormal uses it."""
    distribution: Distribution = "lognormal"
    """Shape; lognormal with sd 0 is fixed."""


def _text_is_fixed(value: Any) -> Any:
    return {"mean": value, "distribution": "fixed"} if isinstance(value, (str, int, float)) else value


def _text_or(parts: Any) -> BeforeValidator:
    return BeforeValidator(_text_is_fixed, json_schema_input_type=parts | str | Literal[0])


DurationDays = Annotated[DaysDuration, _text_or(DaysDuration)]
DurationMinutes = Annotated[MinutesDuration, _text_or(MinutesDuration)]
