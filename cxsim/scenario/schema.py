"""The scenario: everything a user may write, with its meaning, its unit and its default."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from cxsim.scenario.company import Company, Market, Money, Survey
from cxsim.scenario.desks import Desk
from cxsim.scenario.hours import DaysOfWeek, HourRange
from cxsim.scenario.parameters import MECHANISM, PARAMETER, resolve_parameters
from cxsim.scenario.people import DEFAULT_FACTORS, Factor, Persona, Population
from cxsim.scenario.touchpoints import Touchpoint
from cxsim.scenario.units import Count, Days, Number
from cxsim.scenario.values import Strict

LIMITS = {"touchpoints": 64, "personas": 16, "desks": 32, "factors": 24, "causes": 64, "channels": 16,
          "competitors": 16}  # fmt: skip
"""Most entries of each kind that the engine has room for."""


class HourWeight(Strict):
    """When journeys start: hours with a weight."""

    days: DaysOfWeek = "mon-sun"
    """Weekdays, e.g. "mon-fri"."""
    hours: HourRange = "0-24"
    """Whole hours, e.g. "8-20"."""
    weight: Annotated[Number, Field(ge=0)] | list[Annotated[Number, Field(ge=0)]] = 1.0
    """Weight, one number or one per hour."""


class Journey(Strict):
    """How touchpoints hang together."""

    start: str
    """First touchpoint."""
    goal: list[str] = []
    """Touchpoints that must be lived without failure for the journey to have reached its goal."""
    starts_at: list[HourWeight] = [HourWeight()]
    """When journeys start, by hour and weekday; evenly if left out."""
    source: str = ""
    """Where the numbers come from."""


class Intervention(Strict):
    """Something that changes at a date: a decision of the firm, or a shock from outside."""

    label: str = ""
    """Plain name."""
    at: Days
    """When it starts, in time after the warm-up."""
    until: Days | None = None
    """When the old values return; never if left out."""
    over: Days = 0
    """Ramp: numbers move evenly from the old to the new value over this time; at once if left out."""
    set: dict[str, Any] = Field(min_length=1)
    """New values by dotted path, as with --set on the command line."""


class Record(Strict):
    """What is kept of a run beside its measures."""

    encounters: Count = Field(default=200, ge=0)
    """Customers of the first replication whose every encounter is kept."""
    customers: Literal["none", "first", "all"] = "first"
    """Replications whose customers table is kept."""


class Scenario(Strict):
    """A world to simulate."""

    format: Literal[1] = 1
    """Version of the scenario format."""
    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    """Short name, used for folders."""
    title: str = ""
    """One line for people."""
    description: str = ""
    """What it stands for and where its numbers come from."""
    start_weekday: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = "mon"
    """Weekday of the first day."""
    warm_up: Days = "180 days"  # type: ignore[assignment]
    """Time that no measure sees."""
    horizon: Annotated[Days, Field(gt=0)] = "365 days"  # type: ignore[assignment]
    """Time that is measured, after the warm-up."""
    replications: Count = Field(default=8, ge=1, le=100_000)
    """How often the world is lived, with other luck each time."""
    seed: Count = Field(default=1, ge=0, lt=2**63)
    """Where the luck starts."""
    population: Population = Population()
    factors: dict[str, Factor]
    """Influences on expectations, by key."""
    personas: dict[str, Persona] = {"everyone": Persona()}
    """Kinds of customers, by name."""
    company: Company = Company()
    market: Market = Market()
    touchpoints: dict[str, Touchpoint] = Field(min_length=1)
    """Stops on the journey, by name."""
    journey: Journey
    desks: dict[str, Desk] = {}
    """Queues with servers, by name."""
    rules: dict[str, Number] = {}
    """Parameters that differ from the table of `cxsim factors --rules`."""
    mechanisms: dict[str, bool] = {}
    """Mechanisms switched off (or on)."""
    survey: Survey = Survey()
    money: Money = Money()
    interventions: dict[str, Intervention] = {}
    """What changes while the world runs, by name."""
    record: Record = Record()

    @field_validator("warm_up", "horizon")
    @classmethod
    def _whole_days(cls, value: float) -> float:
        if value != int(value) or value > 3650:
            raise ValueError("a whole number of days, at most 3650 days")
        return value

    @property
    def days(self) -> int:
        """Days simulated, warm-up included."""
        return int(self.warm_up) + int(self.horizon)

    def parameters(self) -> dict[str, float]:
        """Value of every rule parameter in this scenario."""
        return resolve_parameters(self.rules, self.mechanisms)

    def document(self) -> dict[str, Any]:
        """The scenario as plain data, every default visible; loads back to an equal scenario.

        A default factor that is not part of the scenario stands there without value, which removes it on loading.
        """
        document = self.model_dump(mode="json")
        document["factors"] |= {name: None for name in DEFAULT_FACTORS if name not in self.factors}
        return document

    def digest(self) -> str:
        """Hash of everything in the scenario, for run keys."""
        return hashlib.sha256(json.dumps(self.document(), sort_keys=True).encode()).hexdigest()[:16]


def known_parameters() -> list[str]:
    """Names allowed in `rules:`."""
    return list(PARAMETER)


def known_mechanisms() -> list[str]:
    """Names allowed in `mechanisms:`."""
    return list(MECHANISM)
