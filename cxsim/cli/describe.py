"""`cxsim factors`: what influences expectations, and every parameter of the rules."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from cxsim.cli.options import Json, Sets, load_given

_TAGS = "V read in the source, S secondary source, G general knowledge, D derived, P proposal"


def factors(
    scenario: Annotated[
        str | None, typer.Argument(metavar="[SCENARIO]", help="File or ready scenario; the defaults if left out.")
    ] = None,
    rules: Annotated[bool, typer.Option("--rules", help="Show the parameters of the rules instead.")] = False,
    mechanisms: Annotated[
        bool, typer.Option("--mechanisms", help="Show the mechanisms that can be switched off instead.")
    ] = False,
    sets: Sets = None,
    json: Json = False,
) -> None:
    """Show what influences expectations: the ten factors, or (--rules) every parameter with range and source."""
    if rules and mechanisms:
        from cxsim.scenario.errors import Problem, ScenarioError

        raise ScenarioError([Problem("", "use --rules or --mechanisms, not both")])
    if rules:
        _rules(scenario, sets, json)
    elif mechanisms:
        _mechanisms(json)
    else:
        _factors(scenario, sets, json)


def _factors(scenario: str | None, sets: list[str] | None, json: bool) -> None:
    from cxsim.cli import show
    from cxsim.scenario.loading import default_factors
    from cxsim.scenario.people import Factor

    found = (
        load_given(scenario, sets, quiet=True).factors
        if scenario
        else {name: Factor.model_validate(data) for name, data in default_factors().items()}
    )
    if json:
        show.json({name: factor.model_dump() for name, factor in found.items()})
        return
    rows = [
        [
            name, factor.label, factor.control, "yes" if factor.moves else "", f"{factor.mean:g} ± {factor.sd:g}",
            f"{factor.desired:+g}" if factor.desired else "", f"{factor.adequate:+g}" if factor.adequate else "",
            "yes" if factor.predicted else "",
        ]
        for name, factor in found.items()
    ]  # fmt: skip
    head = ["factor", "in plain words", "control", "moves", "strength", "desired", "adequate", "predicted"]
    show.rows("What influences expectations", head, rows)
    controls = [factor.control for factor in found.values()]
    counts = ", ".join(f"{controls.count(kind)} {kind}" for kind in ("controllable", "influenceable", "uncontrollable"))
    typer.echo(f"{counts}. Effects are in levels at full strength; their sizes are proposals, not findings.")


def _rules(scenario: str | None, sets: list[str] | None, json: bool) -> None:
    from cxsim.cli import show
    from cxsim.scenario.parameters import PARAMETERS

    values = load_given(scenario, sets, quiet=True).parameters() if scenario else {}
    found = [asdict(parameter) | {"value": values.get(parameter.name, parameter.value)} for parameter in PARAMETERS]
    if json:
        show.json(found)
        return
    rows = [
        [row["name"], f"{row['value']:g}", f"{row['low']:g} to {row['high']:g}", row["unit"], row["meaning"],
         row["source"], row["tag"]]
        for row in found
    ]  # fmt: skip
    show.rows("Parameters of the rules", ["parameter", "value", "range", "unit", "meaning", "source", "tag"], rows)
    typer.echo(f"Tags: {_TAGS}.")


def _mechanisms(json: bool) -> None:
    from cxsim.cli import show
    from cxsim.scenario.parameters import MECHANISMS

    if json:
        show.json([asdict(mechanism) for mechanism in MECHANISMS])
        return
    rows = [
        [mechanism.name, mechanism.meaning, ", ".join(f"{name}={value:g}" for name, value in mechanism.off.items())]
        for mechanism in MECHANISMS
    ]
    show.rows("Mechanisms (switch off with --set mechanisms.NAME=off)", ["mechanism", "meaning", "off is"], rows)
