"""Files that come with cxsim, found by name in a checkout and in an installed package alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cxsim.scenario.errors import Problem, ScenarioError, exists, nearest


@dataclass(frozen=True)
class Kind:
    """One kind of file that cxsim reads and brings some of.

    Attributes:
        noun: what a file of the kind holds.
        file: the file itself, with its article.
        folder: folder of the ready ones in a checkout.
        packaged: the same in the package.
        command: command that takes one, with {} for it.
    """

    noun: str
    file: str
    folder: str
    packaged: str
    command: str


SCENARIO = Kind("scenario", "a scenario file", "scenarios", "ready", "cxsim run {}")
EXPERIMENT = Kind("experiment", "an experiment file", "experiments", "ready_experiments", "cxsim sweep {}")
TARGETS = Kind("targets", "a targets file", "targets", "evidence/targets", "cxsim calibrate SCENARIO --targets {}")
SCRIPT = Kind("script", "a workshop script", "workshops", "ready_workshops", "cxsim workshop {}")
KINDS = (SCENARIO, EXPERIMENT, TARGETS, SCRIPT)


def ready_files(kind: Kind) -> dict[str, Path]:
    """Files of one kind that come with cxsim, by name."""
    package = Path(__file__).parents[1]
    packaged = package / kind.packaged
    folder = packaged if packaged.is_dir() else package.parent / kind.folder
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def find_file(text: str, kind: Kind) -> Path:
    """File of one kind given by path, or by the name of a ready one.

    Raises:
        ScenarioError: there is neither such a file nor such a name.
    """
    path = Path(text)
    if exists(path) and not path.is_dir():
        return path
    ready = _ready_file(path, kind)
    if ready is not None:
        return ready
    raise ScenarioError([Problem("", _about_folder(path, kind) if exists(path) else _about_nothing(path, kind), text)])


def ready_scenarios() -> dict[str, Path]:
    """Files of the ready scenarios by name."""
    return ready_files(SCENARIO)


def find_scenario(text: str) -> Path:
    """File of a scenario given by path, or by the name of a ready one.

    Raises:
        ScenarioError: there is neither such a file nor such a name.
    """
    return find_file(text, SCENARIO)


def _ready_file(path: Path, kind: Kind) -> Path | None:
    """The ready file that a path names as NAME, NAME.yaml or FOLDER/NAME.yaml."""
    if path.parent.name not in ("", kind.folder) or path.suffix not in ("", ".yaml"):
        return None
    return ready_files(kind).get(path.stem)


def _about_folder(path: Path, kind: Kind) -> str:
    within = sorted(path.glob("*.yaml"))
    return f"is a folder, not {kind.file}" + (f"; did you mean '{within[0]}'?" if within else "")


def _about_nothing(path: Path, kind: Kind) -> str:
    sentence = f"no such file and no ready {kind.noun}"
    others = [other for other in KINDS if other is not kind and _ready_file(path, other) is not None]
    if others:
        return "; ".join([sentence, *(f"it is a ready {other.noun}: {other.command.format(path)}" for other in others)])
    folder = path.parent
    neighbours = [entry.name for entry in folder.glob("*.yaml")] if exists(folder) and folder.is_dir() else []
    hint = nearest(path.name, [*neighbours, *ready_files(kind)])
    return sentence + (f"; {hint}" if hint else "")
