"""Designs: tables of settings, one row each and a column per lever; pure functions of levers, size and seed."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import qmc

from cxsim.scenario.errors import Problem, ScenarioError, nearest
from cxsim.studies.experiment import Design
from cxsim.studies.levers import Lever, Value

Levers = Mapping[str, Lever]
Positions = np.ndarray[Any, np.dtype[np.float64]]
_LEVERS, _WORLDS = 0, 1
"""Streams of the luck of a design: one for settings of levers, one for samples of uncertainties."""


def settings(design: Design, levers: Levers, document: Mapping[str, Any], seed: int, folder: Path) -> pd.DataFrame:
    """Settings of the levers that a design asks for; None where a lever keeps the scenario's value.

    Args:
        design: kind and size.
        levers: levers by name.
        document: the scenario as plain data.
        seed: seed of sampled designs.
        folder: where a CSV file is looked for.

    Raises:
        ScenarioError: a CSV file cannot be used, or a method's library is not installed.
    """
    if design.kind == "grid":
        found = grid(levers, design.levels)
    elif design.kind == "one_at_a_time":
        found = one_at_a_time(levers, design.levels, document)
    elif design.kind == "list":
        found = as_table(levers, [[row.get(name) for name in levers] for row in design.settings])
    elif design.kind == "csv":
        found = from_csv(levers, folder / design.file)
    elif design.kind == "latin_hypercube":
        found = at_positions(levers, latin_hypercube(len(levers), design.points, seed))
    elif design.kind == "sobol":
        found = at_positions(levers, sobol_sequence(len(levers), design.points, seed))
    else:
        found = at_positions(levers, morris_trajectories(len(levers), design.trajectories, design.levels, seed))
    return found


def as_table(levers: Levers, rows: Sequence[Sequence[Value | None]]) -> pd.DataFrame:
    """Rows of settings as a table that keeps every value as it is."""
    return pd.DataFrame([list(row) for row in rows], columns=list(levers), dtype=object)


def at_positions(levers: Levers, positions: Positions) -> pd.DataFrame:
    """Settings at positions between 0 and 1, a column per lever."""
    at = list(levers.values())
    return as_table(levers, [[lever.at(float(u)) for lever, u in zip(at, row, strict=True)] for row in positions])


def grid(levers: Levers, levels: int) -> pd.DataFrame:
    """Every combination; ranges in so many steps. The last lever changes fastest."""
    return as_table(levers, list(itertools.product(*(lever.grid(levels) for lever in levers.values()))))


def one_at_a_time(levers: Levers, levels: int, document: Mapping[str, Any]) -> pd.DataFrame:
    """Every lever alone along its grid, all others as the scenario has them."""
    rows: list[list[Value | None]] = []
    for place, lever in enumerate(levers.values()):
        others = len(levers) - place - 1
        rows += [
            [None] * place + [value] + [None] * others for value in lever.grid(levels) if value != lever.today(document)
        ]
    return as_table(levers, rows)


def latin_hypercube(dimensions: int, count: int, seed: int) -> Positions:
    """Positions of a Latin hypercube: every lever has one point in each of `count` equal strata."""
    return np.asarray(qmc.LatinHypercube(dimensions, rng=_generator(seed, _LEVERS)).random(count))


def sobol_sequence(dimensions: int, count: int, seed: int) -> Positions:
    """Positions of a scrambled Sobol sequence; evenly spread if `count` is a power of two."""
    return np.asarray(qmc.Sobol(dimensions, rng=_generator(seed, _LEVERS)).random(count))


def morris_trajectories(dimensions: int, trajectories: int, levels: int, seed: int) -> Positions:
    """Positions along Morris trajectories: `trajectories * (dimensions + 1)` rows, one lever moved at a time."""
    salib_or_sentence()
    from SALib.sample import morris

    return np.asarray(morris.sample(problem_of(dimensions), trajectories, num_levels=levels, seed=seed % 2**32))


def saltelli_sample(dimensions: int, count: int, seed: int) -> Positions:
    """Positions for Sobol indices of first and total order: `count * (dimensions + 2)` rows."""
    salib_or_sentence()
    from SALib.sample import sobol

    return np.asarray(sobol.sample(problem_of(dimensions), count, calc_second_order=False, seed=seed % 2**32))


def problem_of(dimensions: int, names: Sequence[str] = ()) -> dict[str, Any]:
    """How SALib is told of inputs between 0 and 1."""
    told = list(names) or [f"input{number}" for number in range(dimensions)]
    return {"num_vars": dimensions, "names": told, "bounds": [[0.0, 1.0]] * dimensions}


def salib_or_sentence() -> None:
    """Refuse in a sentence to go on without SALib.

    Raises:
        ScenarioError: it is not installed.
    """
    try:
        import SALib  # noqa: F401
    except ImportError:
        sentence = "Morris and Sobol sensitivity need SALib, which is not installed; pip install 'cxsim[studies]'"
        raise ScenarioError([Problem("", sentence)]) from None


def world_samples(uncertainties: Levers, count: int, seed: int) -> pd.DataFrame:
    """Samples of the uncertainties, a Latin hypercube; the same for all settings of the levers."""
    if not uncertainties:
        return pd.DataFrame(index=range(1))
    sampler = qmc.LatinHypercube(len(uncertainties), rng=_generator(seed, _WORLDS))
    return at_positions(uncertainties, np.asarray(sampler.random(count)))


def from_csv(levers: Levers, file: Path) -> pd.DataFrame:
    """Settings from a CSV file with a header; an empty cell keeps the scenario's value.

    Raises:
        ScenarioError: the file cannot be read, or its columns are not levers.
    """
    try:
        found = pd.read_csv(file, dtype=str, keep_default_na=False, skipinitialspace=True)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).splitlines()[0]
        raise ScenarioError([Problem("", f"cannot be read as a table: {reason}", str(file))]) from None
    problems = []
    for name in found.columns:
        if name not in levers:
            hint = nearest(str(name), levers)
            problems.append(Problem(str(name), f"no lever '{name}'" + (f"; {hint}" if hint else ""), str(file), 1))
    if not len(found):
        problems.append(Problem("", "holds no row below its header", str(file)))
    rows: list[list[Value | None]] = []
    for number, cells in enumerate(found.to_dict("records"), start=2):
        rows.append([])
        for name, lever in levers.items():
            try:
                rows[-1].append(_cell(lever, str(cells.get(name, "")).strip()))
            except ValueError as error:
                problems.append(Problem(name, str(error), str(file), number))
    if problems:
        raise ScenarioError(problems)
    return as_table(levers, rows)


def _cell(lever: Lever, text: str) -> Value | None:
    """A cell of a CSV file as a value: for a list the value written that way, for a range a number."""
    if not text:
        return None
    if not lever.is_number:
        by_text = {str(choice): choice for choice in lever.choices()}
        if text not in by_text:
            hint = nearest(text, by_text)
            raise ValueError(f"read {text!r}" + (f"; {hint}" if hint else f"; allowed: {', '.join(by_text)}"))
        return by_text[text]
    try:
        number = float(text)
    except ValueError:
        raise ValueError(f"read {text!r}; allowed: a number") from None
    return int(number) if lever.whole and number.is_integer() else number


def _generator(seed: int, stream: int) -> np.random.Generator:
    return np.random.default_rng([seed, stream])
