"""Variants that stand side by side: added from the page's changes or a ready experiment, kept in the address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from cxsim.results.result import yaml_text
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.reading import parse_set, read_yaml
from cxsim.scenario.ready import ready_scenarios

if TYPE_CHECKING:
    from cxsim.studies.experiment import Experiment
    from cxsim.ui.setup import Setup

MOST_VARIANTS = 5
"""Variants beside the baseline, at most: six worlds are what a person can hold side by side."""
LONGEST_NAME = 60
"""Letters of a variant's name, at most."""
BASELINE = "as it is"
"""Name of the world that the others are compared with."""


@dataclass(frozen=True)
class Variant:
    """A named set of changes.

    Attributes:
        name: what it is called on the page.
        changes: values by path, as they are written after `--set`.
    """

    name: str
    changes: Mapping[str, str]

    @property
    def query(self) -> str:
        """The variant as one value of an address."""
        return urlencode([("name", self.name), *self.changes.items()])


def parsed(sets: Mapping[str, str]) -> dict[str, Any]:
    """Overrides as the command line reads them."""
    return dict(parse_set(f"{path}={text}") for path, text in sets.items())


def read_variant(text: str) -> Variant:
    """A variant of an address.

    Raises:
        ScenarioError: it has no name.
    """
    pairs = parse_qsl(text, keep_blank_values=True)
    if not pairs or pairs[0][0] != "name":
        raise ScenarioError([Problem("variant", f"read {text!r}; allowed: name=NAME&path=value", "address")])
    return Variant(pairs[0][1].strip(), dict(pairs[1:]))


def checked(variants: tuple[Variant, ...]) -> tuple[Variant, ...]:
    """The same variants.

    Raises:
        ScenarioError: there are too many, or their names do not tell them apart.
    """
    names = [variant.name for variant in variants]
    sentence = ""
    if len(variants) > MOST_VARIANTS:
        sentence = f"{len(variants)} variants; at most {MOST_VARIANTS} stand beside the baseline, so remove one first"
    elif any(not name or len(name) > LONGEST_NAME for name in names):
        sentence = f"a variant's name has 1 to {LONGEST_NAME} letters"
    elif len({*names, BASELINE}) < len(names) + 1:
        twice = next(name for name in names if names.count(name) > 1 or name == BASELINE)
        sentence = f"the name '{twice}' is taken; choose another"
    if sentence:
        raise ScenarioError([Problem("", sentence)])
    return variants


def free_name(wanted: str, variants: tuple[Variant, ...]) -> str:
    """The wanted name, cut where it is too long and numbered where it is taken."""
    short = wanted if len(wanted) <= LONGEST_NAME else wanted[: LONGEST_NAME - 1].rstrip() + "…"
    taken = {BASELINE, *(variant.name for variant in variants)}
    number, name = 2, short
    while name in taken:
        name = f"{short[: LONGEST_NAME - 4]} ({number})"
        number += 1
    return name


def experiment_text(setup: Setup, measures: list[str], replications: int) -> str:
    """The variants as an experiment file: `cxsim sweep FILE` gives the numbers of the page."""
    document = {
        "format": 1, "name": f"{setup.own.name}-variants", "title": f"Variants of {setup.own.title or setup.own.name}",
        "scenario": setup.name if setup.name in ready_scenarios() else setup.told_file,
        "constants": parsed(setup.sets),
        "levers": {"variant": {"options": {one.name: parsed(one.changes) for one in setup.variants}}},
        "outcomes": measures, "design": {"kind": "grid"}, "baseline": True, "replications": replications,
        "seed": setup.base.seed, "chart": {"kind": "bars", "y": measures[:2]},
    }  # fmt: skip
    return yaml_text({key: value for key, value in document.items() if value != {}})


def command(setup: Setup, replications: int) -> str:
    """Command that gives the numbers of the page, with the experiment file saved beside."""
    return f"cxsim sweep {file_name(setup)} --seed {setup.base.seed} --replications {replications}"


def file_name(setup: Setup) -> str:
    """Name of the experiment file."""
    return f"{setup.own.name}-variants.yaml"


@dataclass(frozen=True)
class Offer:
    """A ready experiment whose settings can stand side by side: its name and title."""

    name: str
    title: str


def offers() -> list[Offer]:
    """Ready experiments with few enough settings and without uncertainties."""
    from cxsim.studies.experiment_files import ready_experiments

    found = []
    for name, file in ready_experiments().items():
        experiment = _read(file)
        if _count(experiment) <= MOST_VARIANTS + 1 and not experiment.uncertainties:
            found.append(Offer(name, experiment.title or name))
    return found


def _read(file: Any) -> Experiment:
    from cxsim.studies.experiment import Experiment

    return Experiment.model_validate(read_yaml(file)[0])


def _count(experiment: Experiment) -> int:
    """Settings of the levers; more than can be shown where the design has no small number of its own."""
    design = experiment.design
    if design.kind == "list":
        return len(design.settings)
    if design.kind != "grid":
        return MOST_VARIANTS + 2
    count = 1
    for lever in experiment.levers.values():
        count *= len(lever.grid(design.levels))
    return count


def open_experiment(name: str, setup: Setup) -> Setup:
    """A ready experiment's settings as variants: its scenario with its constants, everybody in it.

    Raises:
        ScenarioError: there is no such experiment, or it has too many settings.
    """
    from cxsim.studies.experiment_files import load_experiment, ready_experiments
    from cxsim.studies.plan import make_plan

    if name not in [offer.name for offer in offers()]:
        raise ScenarioError([Problem("", f"no ready experiment '{name}' with at most {MOST_VARIANTS} settings")])
    loaded = load_experiment(ready_experiments()[name])
    plan, experiment = make_plan(loaded), loaded.experiment
    variants: tuple[Variant, ...] = ()
    for row, overrides in zip(plan.points.to_dict("records"), plan.overrides, strict=True):
        if not row["is_baseline"]:
            told = ", ".join(_told(experiment, lever, row[lever]) for lever in experiment.levers)
            variants += (Variant(free_name(told, variants), texts(overrides)),)
    first = type(setup).of(experiment.scenario, ready_scenarios()[experiment.scenario])
    held = texts(experiment.constants)
    return replace(first, customers=first.own.population.customers, held=held, variants=checked(variants))


def _told(experiment: Experiment, name: str, value: Any) -> str:
    lever = experiment.levers[name]
    label = lever.label or name.replace("_", " ")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    told = str(value).replace("_", " ") if lever.options else f"{label} {value} {lever.unit}".strip()
    return told if len(told) <= LONGEST_NAME else told[: LONGEST_NAME - 1] + "…"


def texts(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as they are written after `--set`."""
    return {path: value if isinstance(value, str) else json.dumps(value) for path, value in values.items()}
