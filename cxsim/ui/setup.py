"""Which world is looked at: a scenario, how many of its customers, and for how long; and what was changed in it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from cxsim.results.result import yaml_text
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.loading import check_text, load
from cxsim.scenario.reading import read_yaml
from cxsim.scenario.ready import ready_scenarios
from cxsim.scenario.schema import Scenario
from cxsim.ui.drafts import Drafts, key_of
from cxsim.ui.variants import BASELINE, Variant, checked, parsed, read_variant

MOST_VALUES = 10_000
"""Values of a text that is edited, at most: a check must not outlast a moment."""
SAMPLE = 2_000
"""Customers of the quick answer where a scenario has more."""
PAGE_KEYS = ("measure", "replications", "instrument", "method", "reach", "outcome", "without", "draft", "part", "claim",
             "topic", "verdict", "luck", "task", "targets", "seeds", "effort", "skipped", "fixed", "fit")  # fmt: skip
"""Keys of an address that belong to a single page."""
_RESERVED = ("scenario", "edited", "customers", "days", "held", "variant", "token", *PAGE_KEYS)


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
        held: the same for values that hold in the baseline and in every variant (the constants of an experiment).
        variants: what stands beside the baseline on the page Compare.
        text: its text where it was edited on the page Journey; "" where the file says it.
    """

    name: str
    file: Path
    own: Scenario
    customers: int | None = None
    days: int | None = None
    changes: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    variants: tuple[Variant, ...] = ()
    text: str = ""

    @classmethod
    def of(cls, name: str, file: Path) -> Setup:
        """A world as it stands in its file.

        Raises:
            ScenarioError: the file holds no valid scenario.
        """
        return cls(name, file, load(file))

    @classmethod
    def edited(cls, file: str, text: str, named: Mapping[str, Path]) -> Setup:
        """A world as it was edited on the page Journey.

        Args:
            file: name under which it is saved.
            text: its text.
            named: files it may name, by name.

        Raises:
            ScenarioError: the text holds no valid scenario.
        """
        checked = check_text(text, file, named, MOST_VALUES)
        if checked.scenario is None:
            raise ScenarioError(checked.problems)
        return cls(f"{checked.scenario.name} (edited)", Path(file), checked.scenario, text=text)

    @property
    def told_file(self) -> str:
        """Its file as other files name it: one that was edited is to be saved beside them."""
        return str(self.file) if self.text else str(self.file.resolve())

    @property
    def can_sample(self) -> bool:
        """Whether fewer customers keep their desks busy alike: no staffing by the hour to scale."""
        return not any(shift.servers is not None for desk in self.own.desks.values() for shift in desk.shifts)

    @cached_property
    def sets(self) -> dict[str, str]:
        """What holds in every world looked at, as overrides: customers, days and constants."""
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
        return {**found, **self.held}

    @cached_property
    def base(self) -> Scenario:
        """The baseline."""
        return load(self.own, parsed(self.sets)) if self.sets else self.own

    def changed(self, **parts: Any) -> Setup:
        """The same with other parts; a baseline that stays as it is is not read anew."""
        new = replace(self, **parts)
        if "base" in self.__dict__ and parts.keys() <= {"changes", "variants"}:
            new.__dict__["base"] = self.base
        return new

    @cached_property
    def variant(self) -> Scenario:
        """The world with the changes.

        Raises:
            ScenarioError: with every problem that the changes bring.
        """
        return load(self.own, parsed({**self.sets, **self.changes})) if self.changes else self.base

    @cached_property
    def worlds(self) -> dict[str, Scenario]:
        """The baseline and every variant by name.

        Raises:
            ScenarioError: with every problem that a variant's changes bring.
        """
        found = {BASELINE: self.base}
        for one in self.variants:
            found[one.name] = load(self.own, parsed({**self.sets, **one.changes})) if one.changes else self.base
        return found

    @property
    def world_query(self) -> str:
        """The world and its changes as the query of an address."""
        told: dict[str, str] = {"edited": key_of(str(self.file), self.text)} if self.text else {"scenario": self.name}
        if self.customers is not None:
            told["customers"] = str(self.customers)
        if self.days is not None:
            told["days"] = str(self.days)
        if self.held:
            told["held"] = urlencode(self.held)
        return urlencode({**told, **self.changes})

    @property
    def query(self) -> str:
        """The whole setup as the query of an address."""
        return "&".join([self.world_query, *(urlencode({"variant": one.query}) for one in self.variants)])

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
        nested: dict[str, Any] = {"extends": self.told_file, "name": f"{self.own.name}-variant"}
        for path, value in parsed(self.changes).items():
            node = nested
            *way, last = path.split(".")
            for key in way:
                node = node.setdefault(key, {})
            node[last] = value
        return yaml_text(nested)


def named_files(opened: Setup) -> dict[str, Path]:
    """Files that an edited text may name: ready scenarios, and what the file the server was started with names."""
    named = {**ready_scenarios(), **{f"{name}.yaml": file for name, file in ready_scenarios().items()}}
    if opened.name not in named and not opened.text:
        own = read_yaml(opened.file)[0]
        for key in ("extends", "factors"):
            there = opened.file.parent / own[key] if isinstance(own.get(key), str) else None
            if there is not None and there.is_file():
                named[own[key]] = there
    return named


def read_query(query: str, opened: Setup, drafts: Drafts | None = None) -> Setup:
    """Setup of an address; only ready scenarios, the one that was opened and kept texts can be named.

    Raises:
        ScenarioError: the address names something else, or what it sets is not valid.
    """
    told = parse_qsl(query.lstrip("?"), keep_blank_values=True)
    pairs = dict(told)
    name = pairs.get("scenario", opened.name)
    ready = ready_scenarios()
    if name != opened.name and name not in ready:
        raise ScenarioError([Problem("", f"no scenario '{name}'; there are {', '.join(ready)}", "address")])
    numbers = {key: _whole(key, pairs[key]) for key in ("customers", "days") if key in pairs}
    changes = {path: text for path, text in pairs.items() if path not in _RESERVED}
    first = opened if name == opened.name else Setup.of(name, ready[name])
    if "edited" in pairs:
        kept = drafts.find(pairs["edited"]) if drafts is not None else None
        if kept is None:
            sentence = "this server no longer has the edited scenario; open its file on the page Journey"
            raise ScenarioError([Problem("", sentence, "address")])
        first = Setup.edited(*kept, named_files(opened))
    held = dict(parse_qsl(pairs.get("held", ""), keep_blank_values=True))
    variants = checked(tuple(read_variant(text) for key, text in told if key == "variant"))
    setup = replace(first, customers=numbers.get("customers"), days=numbers.get("days"), changes=changes, held=held,
                    variants=variants)  # fmt: skip
    _ = setup.base, setup.variant, setup.worlds
    return setup


def page_state(query: str) -> dict[str, str]:
    """What an address tells of its page beside the world."""
    return {key: text for key, text in parse_qsl(query.lstrip("?")) if key in PAGE_KEYS}


def _whole(key: str, text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 1_000_000:
        raise ScenarioError([Problem(key, f"read {text!r}; allowed: a whole number from 1 to 1000000", "address")])
    return int(text)
