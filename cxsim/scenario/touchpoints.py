"""Touchpoints of a journey, by kind, and what can happen at them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cxsim.scenario.units import Days, Level, Number, Share
from cxsim.scenario.values import (
    DaysDuration,
    DurationDays,
    PerDimension,
    Quality,
    QualitySpread,
    Strict,
    Weights,
)

TRAITS = {  # weights in the process level: shares of an Economist Intelligence Unit survey of 2014, normalised
    "fast_response": 0.27,
    "simple_purchase": 0.27,
    "order_tracking": 0.19,
    "clear_information": 0.14,
    "channel_choice": 0.13,
}
END = "end"


class Failure(Strict):
    """Something that goes wrong at a touchpoint."""

    label: str = "failure"
    """Plain name, e.g. "wrong invoice"."""
    probability: Share = 0.02
    """Chance per encounter."""
    severity: PerDimension = PerDimension(process=0.4)
    """Drop of the delivered level, per dimension."""
    monetary: bool = False
    """Whether it costs the customer money."""
    outside: bool = False
    """Whether it looks like nobody's fault."""
    contact_probability: Share = 0.0
    """Chance that it makes the customer contact a desk."""
    contact: str | None = None
    """Touchpoint of kind desk that is contacted."""
    contact_after: DurationDays = DaysDuration(mean="6 h", distribution="exponential")
    """Time until then."""
    next: str | None = None
    """Where the journey goes instead, if the failure breaks it off ("end" to stop)."""


class Wow(Strict):
    """A deliberate positive surprise."""

    probability: Share = 0.0
    """Chance per encounter."""
    size: PerDimension = PerDimension(people=0.2)
    """Lift of the delivered level, per dimension."""


class Technology(Strict):
    """Technology at a stop: it helps people along (enabler), or it dictates how things go (definer)."""

    mode: Literal["enabler", "definer"]
    """Enabler: less effort, and a person takes over where it gets stuck. Definer: no way around it."""
    stuck_probability: Share = 0.07
    """Chance per encounter that it cannot do what the customer needs."""
    contact: str | None = None
    """Touchpoint of kind desk whose people take over (enabler), or who are called after it failed (definer)."""


class TouchpointBase(Strict):
    """A stop on the journey."""

    label: str = ""
    """Plain name."""
    weights: Weights = Weights()
    """How much each dimension counts here."""
    quality: Quality = Quality()
    """Mean level delivered; `traits` replace the process level."""
    quality_sd: QualitySpread = QualitySpread()
    """Spread of the level delivered."""
    traits: dict[str, Level] = {}
    """Level of those of the five traits that apply here; their weighted mean is the process level."""
    importance: Number = Field(default=0.5, ge=0, le=2)
    """How much this stop matters to the customer."""
    effort: Level = 0.0
    """Effort it takes the customer."""
    failure: Failure | None = None
    """What may go wrong."""
    wow: Wow | None = None
    """A positive surprise, if any."""
    technology: Technology | None = None
    """Technology between the customer and the people, if any."""
    flawless: bool = False
    """What if nobody ever lost anything here: no failure, nothing late, no wait felt (see moments of truth)."""
    takes: DurationDays = DaysDuration(mean=0, distribution="fixed")
    """Time from here to the next stop."""
    next: dict[str, Share] = {END: 1.0}
    """Where customers go next, with probabilities that sum to 1; "end" ends the journey."""
    source: str = ""
    """Where the numbers come from."""


class Message(TouchpointBase):
    """A message that sets expectations: advert, site, policy."""

    kind: Literal["message"]
    channel: str
    """Channel of the company's promises that speaks here."""
    importance: Number = Field(default=0.2, ge=0, le=2)
    """How much this stop matters to the customer."""


class SelfService(TouchpointBase):
    """Something customers do by themselves."""

    kind: Literal["self_service"]


class DeskVisit(TouchpointBase):
    """A talk with staff, after waiting in a desk's queue."""

    kind: Literal["desk"]
    desk: str
    """Desk whose queue is joined."""


class Cause(Strict):
    """A named cause of delay outside the firm's own operation."""

    label: str = ""
    """Plain name."""
    probability: Share = 0.01
    """Chance per delivery."""
    extra: DurationDays
    """Delay it adds."""
    outside: bool = True
    """Whether customers see that it was beyond the firm."""


class Delivery(TouchpointBase):
    """A parcel under way: promised and actual days."""

    kind: Literal["delivery"]
    promise: DurationDays
    """Days promised when ordering."""
    handling: DurationDays
    """Days until handed to the carrier."""
    carrier: DurationDays
    """Days with the carrier."""
    handling_correlation: Number = Field(default=0.0, ge=-1, le=1)
    """Correlation of handling time with the promise (of the normal scores)."""
    carrier_correlation: Number = Field(default=0.0, ge=-1, le=1)
    """Correlation of carrier time with the promise (of the normal scores)."""
    causes: dict[str, Cause] = {}
    """Named causes of further delay."""
    grace: Days = 0.0
    """Time after the promised date before the customer notices."""
    overdue_contact_probability: Share = 0.0
    """Chance that an overdue parcel makes the customer contact a desk."""
    overdue_contact: str | None = None
    """Touchpoint of kind desk that is contacted."""


class Use(TouchpointBase):
    """The product itself."""

    kind: Literal["use"]


class Billing(TouchpointBase):
    """Invoice and payment."""

    kind: Literal["billing"]


Touchpoint = Annotated[Message | SelfService | DeskVisit | Delivery | Use | Billing, Field(discriminator="kind")]
KINDS = ("message", "self_service", "desk", "delivery", "use", "billing")
