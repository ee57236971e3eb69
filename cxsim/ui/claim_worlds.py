"""The worlds of a claim as a setup: what What if and Compare can show, checked to be the very same worlds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cxsim.evidence.claims.claim import Claim
from cxsim.evidence.claims.judging import is_ready, worlds_of
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.ready import ready_scenarios
from cxsim.ui.setup import Setup
from cxsim.ui.variants import MOST_VARIANTS, Variant, free_name, texts

_EVERY_CLAIM = {"record.encounters": 0}
"""What the worlds of every claim set before anything else."""
Overrides = Mapping[str, Any]


def setup_of(claim: Claim, world: str = "") -> Setup:
    """What is held equal as the baseline, one world's settings as the changes of What if, the others on Compare.

    Args:
        claim: the claim.
        world: name of the world that What if shows; the first that differs from the baseline if left out.

    Raises:
        ScenarioError: the worlds cannot be told as one baseline with changes.
    """
    if not is_ready(claim):
        raise ScenarioError([Problem("", f"it needs the ready scenario '{claim.base}', which is not there yet")])
    names = list(claim.variants)
    has_room = len(names) <= 1 + MOST_VARIANTS
    if not has_room:  # nothing but what is looked at is built
        wanted = {names[0], names[1], world} & set(names)
        claim = replace(claim, variants={name: claim.variants[name] for name in names if name in wanted})
    held, ((first, settings), *others) = {**_EVERY_CLAIM, **claim.setting}, claim.variants.items()
    lived = {name: scenario.digest() for name, scenario in worlds_of(claim).items()}
    # the first world as the baseline; or, where the others cannot be told as changes of it, what they share
    ways = (({**held, **settings}, dict(others), lived[first]), (held, claim.variants, None))
    for sets, worlds, base in ways:
        setup = _told(claim, sets, worlds, "" if world == first and base else world, has_room)
        if setup is not None and base in (None, setup.base.digest()) and _are_lived(setup, worlds, lived):
            return replace(setup, changes={}) if world == first and base else setup
    raise ScenarioError([Problem("", "its worlds cannot be told as one baseline with changes")])


def _told(claim: Claim, sets: Overrides, worlds: Mapping[str, Overrides], wanted: str, has_room: bool) -> Setup | None:
    """A setup with these worlds, as variants if there is room for all; None where settings contradict each other."""
    chosen = worlds.get(wanted, {})
    if not wanted:
        chosen = next((settings for settings in worlds.values() if settings), {})
    variants: tuple[Variant, ...] = ()
    if has_room and len(worlds) <= MOST_VARIANTS:
        for name, settings in worlds.items():
            variants += (Variant(free_name(name, variants), texts(settings)),) if settings else ()
    start = Setup.of(claim.base, ready_scenarios()[claim.base])
    everybody = start.own.population.customers  # the claim says itself how many of them there are
    setup = replace(start, customers=everybody, held=texts(sets), changes=texts(chosen), variants=variants)
    try:
        _ = setup.base, setup.variant, setup.worlds
    except ScenarioError:
        return None
    return setup


def _are_lived(setup: Setup, worlds: Mapping[str, Overrides], lived: Mapping[str, str]) -> bool:
    """Whether every world of a setup is the one that the claim lives under that name."""
    wanted = {tuple(texts(settings).items()): lived[name] for name, settings in worlds.items()}
    told = [*((one.changes, setup.worlds[one.name]) for one in setup.variants), (setup.changes, setup.variant)]
    return all(wanted.get(tuple(changes.items()), "" if changes else found.digest()) == found.digest()
               for changes, found in told)  # fmt: skip
