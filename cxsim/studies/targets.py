"""Targets: figures that a scenario is to give, each with its band, its source, and how much it counts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from cxsim.scenario.errors import Problem, ScenarioError, nearest
from cxsim.scenario.parameters import PARAMETER
from cxsim.scenario.reading import Place, ValuePath, read_yaml
from cxsim.scenario.ready import TARGETS, find_file, ready_files
from cxsim.scenario.units import Number
from cxsim.scenario.values import Strict
from cxsim.studies.experiment_files import problem_at, validated

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
_COMFORT = 0.8
"""A band is aimed at within this share of its half-width, so that luck does not carry a fit across its edge."""


class Target(Strict):
    """One figure to be reached: within `tolerance` of `value`, or between `low` and `high`."""

    title: str
    """What the figure says, in plain words."""
    statistic: str
    """Measure that the scenario gives for it."""
    value: Number | None = None
    """The figure, where there is one; else the middle of the band is aimed at."""
    low: Number | None = None
    """Lower end of the band; `value` less `tolerance` if left out."""
    high: Number | None = None
    """Upper end of the band; `value` and `tolerance` if left out."""
    tolerance: Number | None = Field(default=None, gt=0)
    """A miss that counts 1; half of the band's half-width if left out."""
    weight: Number = Field(default=1.0, ge=0)
    """How much a miss counts; 0: told, not fitted."""
    discount: Number = Field(default=1.0, gt=0, le=1)
    """Share of a stated intention that is acted on; what the scenario gives is divided by it."""
    group: Literal[1, 2, 3] = 2
    """1: has to hold; 2: told, misses included; 3: the direction alone."""
    source: str
    """Where the figure comes from."""
    tag: Literal["V", "S", "G", "D", "P"] = "G"
    """How it was checked: read in the source, second hand, general knowledge, derived, proposed."""
    note: str = ""
    """What a reader must know to judge it."""

    @model_validator(mode="after")
    def _has_a_band(self) -> Target:
        if self.value is None and (self.low is None or self.high is None):
            raise ValueError("'value' with 'tolerance', or 'low' and 'high'")
        if self.value is not None and self.tolerance is None and (self.low is None or self.high is None):
            raise ValueError("a value needs 'tolerance', or 'low' and 'high'")
        low, high = self.band
        if not low < high:
            raise ValueError("low less than high")
        if self.value is not None and not low <= self.value <= high:
            raise ValueError("a value within its band")
        return self

    @property
    def band(self) -> tuple[float, float]:
        """Lowest and highest figure that holds."""
        middle, spread = self.value or 0.0, self.tolerance or 0.0
        return (middle - spread if self.low is None else self.low, middle + spread if self.high is None else self.high)

    @property
    def scale(self) -> float:
        """A miss that counts 1."""
        low, high = self.band
        return self.tolerance if self.tolerance is not None else (high - low) / 4.0

    @property
    def aim(self) -> float:
        """The figure, or the middle of the band."""
        return self.value if self.value is not None else sum(self.band) / 2.0

    def shown(self, simulated: float) -> float:
        """What the scenario gives, as the survey would have stated it."""
        return simulated / self.discount

    def miss(self, simulated: float) -> float:
        """How far it misses, signed, in units of the tolerance; 0 in the comfortable part of a band without value."""
        figure = self.shown(simulated)
        if self.value is not None:
            return (figure - self.value) / self.scale
        low, high = self.band
        half = _COMFORT * (high - low) / 2.0
        excess = max(abs(figure - self.aim) - half, 0.0)
        return (excess if figure > self.aim else -excess) / self.scale

    def holds(self, simulated: float) -> bool:
        """Whether the figure lies in the band."""
        low, high = self.band
        return low <= self.shown(simulated) <= high


class Fitted(Strict):
    """A parameter that may be fitted."""

    parameter: str = ""
    """Parameter of the rules (`cxsim factors --rules`); its plausible range and source stand there."""
    path: str = ""
    """Or a value of the scenario, by dotted path; it needs low, high and source."""
    low: Number | None = None
    """Lowest plausible value."""
    high: Number | None = None
    """Highest plausible value."""
    unit: str = ""
    """Unit written behind the number in the scenario."""
    source: str = ""
    """Where the range comes from."""

    @model_validator(mode="after")
    def _is_told_in_one_way(self) -> Fitted:
        if bool(self.parameter) == bool(self.path):
            raise ValueError("either 'parameter' or 'path'")
        if self.path and (self.low is None or self.high is None or not self.source):
            raise ValueError(
                "a path of the scenario needs 'low', 'high' and 'source': only plausible ranges are fitted"
            )
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError("low less than high")
        return self


class Targets(Strict):
    """A file of targets."""

    format: Literal[1] = 1
    """Version of the format."""
    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    """Short name."""
    title: str = ""
    """One line for people."""
    description: str = ""
    """What the figures speak of, and what they do not."""
    targets: dict[Name, Target] = Field(min_length=1)
    """The figures, by name."""
    fit: dict[Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")], Fitted] = Field(default_factory=dict)
    """What may be fitted to them, by name."""

    def document(self) -> dict[str, Any]:
        """The targets as plain data; loads back to equal ones."""
        return {"format": self.format, **self.model_dump(mode="json", exclude_defaults=True)}


def load_targets(source: str | Path | Mapping[str, Any]) -> Targets:
    """Targets from a file, by the name of a ready one, or from plain data.

    Raises:
        ScenarioError: with every problem found.
    """
    places: dict[ValuePath, Place]
    if isinstance(source, Mapping):
        data, places = dict(source), {(): ("", 0)}
    else:
        data, places = read_yaml(find_targets(str(source)))
    targets = validated(Targets, data, places)
    problems = [*_statistics(targets, places), *_parameters(targets, places)]
    if problems:
        raise ScenarioError(sorted(problems, key=lambda problem: (problem.file, problem.line)))
    return targets


def _statistics(targets: Targets, places: Mapping[ValuePath, Place]) -> list[Problem]:
    from cxsim.results.measures import MEASURE

    problems = []
    for name, target in targets.targets.items():
        if target.statistic not in MEASURE:
            hint = nearest(target.statistic, MEASURE)
            sentence = f"no measure '{target.statistic}'" + (f"; {hint}" if hint else "")
            problems.append(problem_at(("targets", name, "statistic"), sentence, places))
    return problems


def _parameters(targets: Targets, places: Mapping[ValuePath, Place]) -> list[Problem]:
    problems = []
    for name, fitted in targets.fit.items():
        if not fitted.parameter:
            continue
        if fitted.parameter not in PARAMETER:
            hint = nearest(fitted.parameter, PARAMETER)
            sentence = f"no parameter '{fitted.parameter}'" + (f"; {hint}" if hint else "")
            problems.append(problem_at(("fit", name, "parameter"), sentence, places))
            continue
        known = PARAMETER[fitted.parameter]
        for key, value in (("low", fitted.low), ("high", fitted.high)):
            if value is not None and not known.low <= value <= known.high:
                sentence = f"read {value:g}; allowed: {known.low:g} to {known.high:g}, the plausible range"
                problems.append(problem_at(("fit", name, key), sentence, places))
    return problems


def ready_targets() -> dict[str, Path]:
    """Files of the ready targets by name."""
    return ready_files(TARGETS)


def find_targets(text: str) -> Path:
    """File of targets given by path, or by the name of ready ones.

    Raises:
        ScenarioError: there is neither such a file nor such a name.
    """
    return find_file(text, TARGETS)
