"""Claims as they came out: in a folder of one's own, and as recorded with the program."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from cxsim.evidence.claims.claim import Claim, Values
from cxsim.evidence.claims.judging import SEED, Judged, judged_from
from cxsim.evidence.claims.registry import CLAIMS
from cxsim.evidence.claims.robustness import Robustness, robustness_from
from cxsim.results.folders import check_target
from cxsim.scenario.errors import Problem, ScenarioError

FILE = "claims.json"
RECORDED = "recorded.json"
RECORDED_VALUES = "recorded_values.json"


@dataclass(frozen=True)
class ClaimStudy:
    """Judged claims, with how robust they are where that was studied.

    Attributes:
        judged: the claims as they came out.
        seed: where their luck started.
        seconds: time it took.
        robustness: by claim; empty if it was not studied.
        robustness_basis: draws and replications behind it, in words.
    """

    judged: Sequence[Judged]
    seed: int = SEED
    seconds: float = 0.0
    robustness: Mapping[str, Robustness] = field(default_factory=dict)
    robustness_basis: str = ""

    def records(self) -> list[dict[str, Any]]:
        """One entry per claim, as `cxsim claims --json` tells them."""
        rows = []
        for judged in self.judged:
            found = self.robustness.get(judged.claim.id)
            rows.append({**judged.record(), "robust_share": None if found is None else found.share,
                         "robustness": None if found is None else found.record()})  # fmt: skip
        return rows

    def document(self) -> dict[str, Any]:
        """Everything needed to judge again without living a world."""
        return {
            "format": 1, "seed": self.seed, "seconds": self.seconds, "robustness_basis": self.robustness_basis,
            "robustness": {name: found.record() for name, found in self.robustness.items()},
            "claims": {
                judged.claim.id: {
                    "reason": judged.reason,
                    "values": None if judged.values is None else judged.values.plain(),
                    "without": None if judged.off is None else judged.off.plain(),
                }
                for judged in self.judged
            },
        }  # fmt: skip


def check_folder(folder: Path, overwrite: bool) -> None:
    """Refuse a folder that holds something else, or claims that must not be replaced.

    Raises:
        ScenarioError: see above.
    """
    check_target(folder, overwrite or not (folder / FILE).exists(), is_claims)


def is_claims(folder: Path) -> bool:
    """Whether a folder holds claims and nothing else."""
    names = {entry.name for entry in folder.iterdir()} if folder.is_dir() else set()
    return all(name == FILE or name.startswith(("robustness-", ".")) or name.endswith(".html") for name in names)


def save(study: ClaimStudy, folder: Path) -> Path:
    """Write a study; the file appears only when complete.

    Raises:
        ScenarioError: the folder cannot be written.
    """
    target = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{FILE}.part"
        part.write_text(json.dumps(study.document()) + "\n", encoding="utf-8")
        part.replace(target)
    except OSError as error:
        raise ScenarioError([Problem("", f"cannot be written: {error.strerror or error}", str(folder))]) from None
    return target


def load_claims(folder: Path) -> ClaimStudy:
    """Read a study of claims and judge it again by what was read off the worlds.

    Raises:
        ScenarioError: the folder holds none that can be read.
    """
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        judged = [
            judged_from(CLAIMS[name], _values(entry["values"]), _values(entry["without"]), entry["reason"])
            for name, entry in found["claims"].items() if name in CLAIMS
        ]  # fmt: skip
        robust = {name: robustness_from(CLAIMS[name], entry) for name, entry in found["robustness"].items()
                  if name in CLAIMS}  # fmt: skip
        return ClaimStudy(judged, found["seed"], found["seconds"], robust, found["robustness_basis"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ScenarioError(
            [Problem("", f"holds no claims of cxsim that can be read ({error})", str(folder))]
        ) from None


def _values(read: Any) -> Values | None:
    return None if read is None else Values(read)


def recorded() -> dict[str, Any]:
    """Verdicts and robustness as they were when last recorded (`python tools/record_claims.py`)."""
    text = resources.files("cxsim.evidence.claims").joinpath(RECORDED).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def recorded_robustness() -> tuple[dict[str, Robustness], str]:
    """Robustness as recorded, by claim, and what it rests on in words."""
    found = recorded()
    entries = found["robustness"]
    return ({name: robustness_from(CLAIMS[name], entry) for name, entry in entries.items() if name in CLAIMS},
            found["robustness_basis"])  # fmt: skip


def record_of(judged: Iterable[Judged]) -> dict[str, Any]:
    """What is recorded of judged claims."""
    return {
        one.claim.id: {
            "verdict": one.verdict, "fails_without": one.fails_without,
            "parts": [
                {"verdict": found.verdict, "effect": round(found.effect.mean, 6), "low": round(found.effect.low, 6),
                 "high": round(found.effect.high, 6)} for found in one.parts
            ],
            "reported": [round(entry["value"], 6) for entry in one.reported()],
        }
        for one in judged
    }  # fmt: skip


def values_record(judged: Iterable[Judged]) -> dict[str, Any]:
    """What was read in every world of judged claims, rounded, one list per world and name."""
    return {one.claim.id: {"values": _columns(one.values), "without": _columns(one.off)} for one in judged}


def recorded_study() -> ClaimStudy:
    """Every recorded claim as it came out, judged again by what was read in its worlds; lives nothing."""
    text = resources.files("cxsim.evidence.claims").joinpath(RECORDED_VALUES).read_text(encoding="utf-8")
    stored = json.loads(text)["claims"]
    judged = [_recorded(claim, stored.get(name)) for name, claim in CLAIMS.items()]
    return ClaimStudy(judged, recorded()["seed"], 0.0, *recorded_robustness())


def _recorded(claim: Claim, read: Mapping[str, Any] | None) -> Judged:
    if read is None:
        return judged_from(claim, None, None, "it was never recorded")
    return judged_from(claim, _rows(read["values"]), _rows(read["without"]))


def _columns(values: Values | None) -> dict[str, dict[str, list[float]]] | None:
    if values is None:
        return None
    return {world: {name: [float(f"{one[name]:.6g}") for one in lived] for name in lived[0]}
            for world, lived in values.plain().items()}  # fmt: skip


def _rows(columns: Mapping[str, Mapping[str, Sequence[float]]] | None) -> Values | None:
    if columns is None:
        return None
    return Values({world: [dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)]
                   for world, found in columns.items()})  # fmt: skip
