"""The package as others get it: built, installed elsewhere, and run far from the checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

import cxsim
from tests.docs.blocks import blocks

ROOT = Path(__file__).parents[2]


def run(*words: str | Path, cwd: Path, **environment: str) -> str:
    """What a command prints, run without this checkout on the way to modules."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, env=kept | {"NO_COLOR": "1"} | environment, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{words}: {done.stdout}\n{done.stderr}"
    return done.stdout


def bare_environment(folder: Path) -> Path:
    """Python of a new environment that sees the libraries of this one, but not its cxsim.

    Libraries are neither loaded from the network nor copied; an editable cxsim is found through a file that only the
    outer environment reads.
    """
    venv.create(folder, with_pip=False)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    own = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    paths = dict.fromkeys([*(path for path in sys.path if path.endswith("-packages")), sysconfig.get_path("purelib")])
    (Path(own) / "libraries.pth").write_text("\n".join(paths) + "\n", encoding="utf-8")
    return python


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The source package, and the wheel that is built from it and from nothing else."""
    pytest.importorskip("build", reason="building packages needs the Python package build")
    folder = tmp_path_factory.mktemp("dist")
    checkout = tmp_path_factory.mktemp("checkout") / "cxsim"
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT).splitlines()
    for name in listed:
        if (ROOT / name).is_file():
            (checkout / name).parent.mkdir(parents=True, exist_ok=True)
            (checkout / name).write_bytes((ROOT / name).read_bytes())
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, cwd=checkout)
    return next(folder.glob("*.tar.gz")), next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of an environment in which the wheel is installed."""
    python = bare_environment(tmp_path_factory.mktemp("installed") / "environment")
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index",
        "--disable-pip-version-check", "--ignore-installed", built[1], cwd=python.parent)  # fmt: skip
    return python


@pytest.mark.slow
def test_packages_hold_what_they_must(built: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(built[1]) as wheel:
        names = set(wheel.namelist())
    for folder, package in (("scenarios", "cxsim/ready"), ("experiments", "cxsim/ready_experiments")):
        for file in (ROOT / folder).glob("*.*"):
            assert f"{package}/{file.name}" in names
    missing = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "cxsim").rglob("*")
        if path.is_file() and path.suffix not in (".pyc", ".nbi", ".nbc") and "__pycache__" not in path.parts
    } - names
    assert missing == set(), "not in the wheel"
    assert "cxsim/py.typed" in names
    assert not any(name.startswith(("tests/", "benchmarks/", "docs/", "tools/")) for name in names)
    with tarfile.open(built[0]) as source:
        inside = {name.partition("/")[2] for name in source.getnames()}
    for name in ("README.md", "LICENSE", "CITATION.cff", "SECURITY.md", "mkdocs.yml", "constraints.txt", "Makefile",
                 "docs/index.md", "docs/notebooks/one_life.py", "tests/docs/blocks.py", "tools/docs_hook.py",
                 "tests/baseline/numbers.json"):  # fmt: skip
        assert name in inside, name


@pytest.mark.slow
def test_the_wheel_runs_far_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    program = installed.parent / "cxsim"
    place = run(installed, "-c", "import cxsim; print(cxsim.__file__)", cwd=tmp_path).strip()
    assert not place.startswith(str(ROOT))
    assert run(program, "--version", cwd=tmp_path).strip() == f"cxsim {cxsim.__version__}"
    ready = run(program, "scenario", "list", cwd=tmp_path)
    for file in (ROOT / "scenarios").glob("*.yaml"):
        assert re.search(rf"^{file.stem}\b", ready, flags=re.M), file.stem
    assert "mine.yaml: valid" in run(program, "scenario", "new", "mine.yaml", cwd=tmp_path) + run(
        program, "scenario", "check", "mine.yaml", cwd=tmp_path
    )
    assert "loss_aversion" in run(program, "factors", "--rules", cwd=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.yaml"]


@pytest.mark.slow
def test_an_installed_world_lives_as_one_of_the_checkout(installed: Path, tmp_path: Path) -> None:
    """As plain Python, which takes the same way as the compiled engine without its minute."""
    small = {"population.customers": 60, "population.look_back": False, "warm_up": "5 days", "horizon": "20 days"}
    sets = [word for path, value in small.items() for word in ("--set", f"{path}={value}")]
    run(installed.parent / "cxsim", "run", "workshop", *sets, "-r", "1", "--quiet", "--out", "out", cwd=tmp_path,
        NUMBA_DISABLE_JIT="1")  # fmt: skip
    found = cxsim.load_result(tmp_path / "out")
    here = cxsim.simulate(cxsim.load(ROOT / "scenarios" / "workshop.yaml", small), replications=1)
    assert found.estimate("satisfaction").mean == pytest.approx(here.estimate("satisfaction").mean, rel=1e-12)


@pytest.mark.slow
def test_the_demo_of_the_wheel_runs(installed: Path, tmp_path: Path) -> None:
    """The whole of it, compiled from nothing in a cache of its own: what a newcomer's first minutes are."""
    told = run(installed.parent / "cxsim", "demo", cwd=tmp_path, CXSIM_CACHE=str(tmp_path / "cache"))
    assert "An online shop and its parcels" in told
    assert "Try next" in told
    assert (tmp_path / "results" / "parcel-1" / "summary.json").is_file()


@pytest.mark.slow
def test_the_set_up_in_words_is_the_set_up_of_make() -> None:
    """The commands of README for those without make do what the Makefile does."""
    words = [command for block in blocks(ROOT / "README.md") if block.mark == "set-up" for command in block.commands]
    assert [command[0] for command in words] == ["python3", ".venv/bin/pip", ".venv/bin/cxsim"]
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "-m venv .venv" in make
    assert words[1][1:4] == ["install", "-c", "constraints.txt"]
    extras = set(re.findall(r"\w+", words[1][-1].strip(".")))
    assert extras == set(re.findall(r'-c constraints\.txt -e "\.\[(\w+)\]"', make)) & {"studies", "ui"}
