"""The scenario: everything a user may write, with its meaning, its unit and its default."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from cxsim.scenario.hours import DaysOfWeek, HourRange
from cxsim.scenario.parameters import MECHANISM, PARAMETER, resolve_parameters
from cxsim.scenario.units import Count, Days, Level, Minutes, Number, PerYear, Share

Dimension = Literal["people", "product", "process"]
DIMENSIONS: tuple[Dimension, ...] = ("people", "product", "process")
TRAITS = {  # weights in the process level: shares of an Economist Intelligence Unit survey of 2014, normalised
    "fast_response": 0.27,
    "simple_purchase": 0.27,
    "order_tracking": 0.19,
    "clear_information": 0.14,
    "channel_choice": 0.13,
}
Control = Literal["controllable", "influenceable", "uncontrollable"]
DEFAULT_FACTORS = (
    "enduring_intensifiers", "personal_needs", "transitory_intensifiers", "perceived_alternatives",
    "self_perceived_role", "situational_factors", "explicit_promises", "implicit_promises", "word_of_mouth",
    "past_experience",
)  # fmt: skip
"""Names of the factors in factors.yaml, which every scenario starts from."""
END = "end"
LIMITS = {"touchpoints": 64, "personas": 16, "desks": 32, "factors": 24, "causes": 64, "channels": 16,
          "competitors": 16}  # fmt: skip
"""Most entries of each kind that the engine has room for."""


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
