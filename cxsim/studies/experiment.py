"""What an experiment file holds: a question, levers, uncertainties, outcomes, and the design that answers it."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import Field

from cxsim.scenario.units import Count, Number
from cxsim.scenario.values import Strict
from cxsim.studies.levers import Lever

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
DesignKind = Literal["grid", "list", "csv", "latin_hypercube", "sobol", "morris", "one_at_a_time"]


class Design(Strict):
    """Which settings of the levers are tried."""

    kind: DesignKind = "grid"
    """Every combination; a list of settings; a CSV file of them; a Latin hypercube; a Sobol sequence; Morris
    trajectories; or one lever at a time."""
    levels: int = Field(default=5, ge=2, le=1000)
    """Steps of every range in a grid, in one lever at a time, and in Morris trajectories (there an even number)."""
    points: int = Field(default=32, ge=1, le=1_000_000)
    """Number of settings of a Latin hypercube or a Sobol sequence."""
    trajectories: int = Field(default=10, ge=2, le=100_000)
    """Number of Morris trajectories."""
    settings: list[dict[str, Any]] = Field(default_factory=list)
    """Settings of a list; a lever that one leaves out keeps the scenario's value."""
    file: str = ""
    """CSV file with a column per lever."""


class Chart(Strict):
    """How the answer is best drawn."""

    kind: Literal["lines", "bars", "front", "map"] = "lines"
    """Outcomes along a lever; bars per setting; two outcomes against each other; an outcome over two levers."""
    x: str = ""
    """Lever (or, for a front, outcome) along the horizontal axis; the first one if left out."""
    y: list[str] = Field(default_factory=list)
    """Outcomes (for a map: the second lever and the outcome) drawn; the first two if left out."""
    colour: str = ""
    """Lever told apart by colour, if any."""


class Optimise(Strict):
    """What the best setting is sought for."""

    objectives: dict[str, Literal["maximise", "minimise"]] = Field(min_length=1, max_length=4)
    """Measures and which way is better."""
    constraints: list[str] = Field(default_factory=list)
    """What must hold, such as "abandonment_rate <= 0.05"."""
    budget: Number | None = Field(default=None, ge=0)
    """Most that the levers' costs may add up to."""
    trials: int = Field(default=60, ge=1, le=100_000)
    """Settings tried."""
    confirm: int = Field(default=16, ge=2, le=100_000)
    """Replications on unseen seeds that confirm what was found."""


class Experiment(Strict):
    """A study of one scenario."""

    format: Literal[1] = 1
    """Version of the experiment format."""
    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
    """Short name, used for folders."""
    title: str = ""
    """One line for people."""
    question: str = ""
    """What it answers."""
    scenario: str
    """File of the scenario (relative to this file), or name of a ready one."""
    constants: dict[str, Any] = Field(default_factory=dict)
    """Values of the scenario changed in every run, by dotted path."""
    levers: dict[Name, Lever] = Field(min_length=1)
    """What the firm can change, by name."""
    uncertainties: dict[Name, Lever] = Field(default_factory=dict)
    """What nobody knows for sure, by name; sampled the same way for every setting of the levers."""
    outcomes: list[str] = Field(min_length=1)
    """Measures that answer the question."""
    design: Design = Design()
    worlds: int = Field(default=8, ge=1, le=100_000)
    """Samples of the uncertainties that every setting is lived in; 1 without uncertainties."""
    baseline: bool = True
    """Whether the scenario as it stands is run too, to compare with."""
    replications: Count | None = Field(default=None, ge=1, le=100_000)
    """Runs of every point, with other luck each; the scenario's own number if left out."""
    seed: Count | None = Field(default=None, ge=0, lt=2**63)
    """Where the luck starts; the scenario's own if left out."""
    chart: Chart = Chart()
    optimise: Optimise | None = None

    @property
    def inputs(self) -> dict[str, Lever]:
        """Levers and uncertainties."""
        return {**self.levers, **self.uncertainties}

    def document(self) -> dict[str, Any]:
        """The experiment as plain data, every default visible but what means nothing; loads back to an equal one."""
        document = self.model_dump(mode="json", exclude_none=True)
        for inputs in (document["levers"], document["uncertainties"]):
            for name, lever in inputs.items():
                inputs[name] = {key: value for key, value in lever.items() if value not in ("", [], {}, False, 0.0)
                                or key in ("low", "high")}  # fmt: skip
        return document

    def digest(self) -> str:
        """Hash of everything in the experiment."""
        return hashlib.sha256(json.dumps(self.document(), sort_keys=True).encode()).hexdigest()[:16]
