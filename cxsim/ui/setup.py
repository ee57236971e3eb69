"""Which world is looked at: a scenario, how many of its customers, and for how long; and what was changed in it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from cxsim.results.result import yaml_text
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.loading import load
from cxsim.scenario.reading import parse_set
from cxsim.scenario.ready import ready_scenarios
from cxsim.scenario.schema import Scenario

SAMPLE = 2_000
"""Customers of the quick answer where a scenario has more."""
_RESERVED = ("scenario", "customers", "days", "token")


@dataclass(frozen=True)
class Setup:
    """A world and the changes made to it.

    Attributes:
        name: name of a ready scenario, or path of the file that was opened.
        file: its file.
        own: the scenario as it stands there.
        customers: customers simulated; None for the quick answer's number.
        days: days measured; None for the scenario's own.
        changes: values by path, as they are written after `--set`.
    """

    name: str
    file: Path
    own: Scenario
    customers: int | None = None
    days: int | None = None
    changes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, file: Path) -> Setup:
        """A world as it stands in its file.

        Raises:
            ScenarioError: the file holds no valid scenario.
        """
        return cls(name, file, load(file))

    @property
    def can_sample(self) -> bool:
        """Whether fewer customers keep their desks busy alike: no staffing by the hour to scale."""
        return not any(shift.servers is not None for desk in self.own.desks.values() for shift in desk.shifts)

    @cached_property
    def sets(self) -> dict[str, str]:
        """What the choice of customers and days amounts to, as overrides; empty for the scenario as it stands."""
        own, found = self.own, {}
        everybody = own.population.customers
        wanted = self.customers or (min(SAMPLE, everybody) if self.can_sample else everybody)
        share = wanted / everybody
        if wanted != everybody:
            found["population.customers"] = str(wanted)
            if own.population.newcomers:
                found["population.newcomers"] = f"{round(own.population.newcomers * share, 6):g} per year"
            for name, desk in own.desks.items():
                servers = max(round(desk.servers * share), 1)
                if self.can_sample and servers != desk.servers and desk.servers > 0:
                    found[f"desks.{name}.servers"] = str(servers)
        if self.days is not None and self.days != own.horizon:
            found["horizon"] = f"{self.days} days"
        return found

    @cached_property
    def base(self) -> Scenario:
        """The baseline."""
        return load(self.own, parsed(self.sets)) if self.sets else self.own

    @cached_property
    def variant(self) -> Scenario:
        """The world with the changes.

        Raises:
            ScenarioError: with every problem that the changes bring.
        """
        return load(self.own, parsed({**self.sets, **self.changes})) if self.changes else self.base

    @property
    def query(self) -> str:
        """The whole setup as the query of an address."""
        told: dict[str, str] = {"scenario": self.name}
        if self.customers is not None:
            told["customers"] = str(self.customers)
        if self.days is not None:
            told["days"] = str(self.days)
        return urlencode({**told, **self.changes})

    def command(self, replications: int) -> str:
        """Command that gives the numbers of the world with the changes."""
        sets = [f"--set {shlex.quote(f'{path}={text}')}" for path, text in {**self.sets, **self.changes}.items()]
        return " ".join(["cxsim run", shlex.quote(self.shown_name), *sets, f"--seed {self.base.seed}",
                         f"--replications {replications}"])  # fmt: skip

    def compare_command(self, replications: int) -> str:
        """Command that gives the paired differences, from the variant's file."""
        sets = [f"--set {shlex.quote(f'{path}={text}')}" for path, text in self.sets.items()]
        return " ".join(["cxsim compare", shlex.quote(self.shown_name), self.file_name, *sets,
                         f"--seed {self.base.seed}", f"--replications {replications}"])  # fmt: skip

    @property
    def shown_name(self) -> str:
        """Name or path of the scenario as a command takes it."""
        return self.name if self.name in ready_scenarios() else str(self.file)

    @property
    def file_name(self) -> str:
        """Name of the variant's file."""
        return f"{self.own.name}-variant.yaml"

    def variant_text(self) -> str:
        """The changes as a scenario file that extends the one looked at."""
        nested: dict[str, Any] = {"extends": str(self.file.resolve()), "name": f"{self.own.name}-variant"}
        for path, value in parsed(self.changes).items():
            node = nested
            *way, last = path.split(".")
            for key in way:
                node = node.setdefault(key, {})
            node[last] = value
        return yaml_text(nested)


def parsed(sets: Mapping[str, str]) -> dict[str, Any]:
    """Overrides as the command line reads them."""
    return dict(parse_set(f"{path}={text}") for path, text in sets.items())


def read_query(query: str, opened: Setup) -> Setup:
    """Setup of an address; only ready scenarios and the one that was opened can be named.

    Raises:
        ScenarioError: the address names something else, or what it sets is not valid.
    """
    pairs = dict(parse_qsl(query.lstrip("?"), keep_blank_values=True))
    name = pairs.get("scenario", opened.name)
    ready = ready_scenarios()
    if name != opened.name and name not in ready:
        raise ScenarioError([Problem("", f"no scenario '{name}'; there are {', '.join(ready)}", "address")])
    numbers = {key: _whole(key, pairs[key]) for key in ("customers", "days") if key in pairs}
    changes = {path: text for path, text in pairs.items() if path not in _RESERVED}
    first = opened if name == opened.name else Setup.of(name, ready[name])
    setup = Setup(name, first.file, first.own, numbers.get("customers"), numbers.get("days"), changes)
    _ = setup.base, setup.variant
    return setup


def _whole(key: str, text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 1_000_000:
        raise ScenarioError([Problem(key, f"read {text!r}; allowed: a whole number from 1 to 1000000", "address")])
    return int(text)
