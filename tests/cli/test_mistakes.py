"""Mistakes on purpose: exit code 2, a sentence on stderr, nothing on stdout, no traceback, nothing written."""

from pathlib import Path

import pytest

from tests.cli.program import BRIEF, cxsim, files, inside

MISTAKES: dict[str, tuple[list[str], str]] = {
    "unknown key": (["run", "odd.yaml"], "odd.yaml, line 4: population.custmers: unknown key 'custmers'; did you mean"),
    "two at once": (["scenario", "check", "odd.yaml"], "odd.yaml, line 5: horizon: read"),
    "missing file, near name": (["run", "shpo.yaml"], "shpo.yaml: no such file and no ready scenario; did you mean"),
    "misspelt ready name": (["run", "workshp"], "workshp: no such file and no ready scenario; did you mean 'workshop'"),
    "impossible value": (["run", "workshop", "--set", "population.customers=-3"], "read -3; allowed: at least 1"),
    "--set misspelt": (["run", "workshop", "--set", "desks.counter.sevrers=2"], "did you mean 'servers'?"),
    "--set without value": (["run", "workshop", "--set", "horizon"], "write path=value"),
    "missing unit": (["run", "workshop", "--set", "horizon=30"], "allowed: a duration with its unit"),
    "existing --out": (["run", "workshop", *BRIEF, "--out", "out"], "out: exists already; choose another"),
    "--out that is no result": (
        ["run", "workshop", *BRIEF, "--out", "out", "--overwrite"], "out: holds something else than results of cxsim"),
    "--out below a file": (["run", "workshop", *BRIEF, "--out", "shop.yaml/x"], "shop.yaml is no folder"),
    "compare: existing --out": (["compare", "workshop", "parcel", "--out", "out"], "out: exists already"),
    "compare: foreign --out": (
        ["compare", "workshop", "parcel", "--out", "out", "--overwrite"], "out: holds something else"),
    "compare: nothing": (["compare", "workshop"], "nothing to compare with; name a second scenario or use --set"),
    "compare: unknown variant": (["compare", "workshop", "parcl"], "parcl: no such file"),
    "unknown customer": (
        ["story", "workshop", *BRIEF, "--customer", "99999"], "--customer: no customer 99999; allowed: 0 to "),
    "story: no result": (["story", "out"], "out: holds no complete result of cxsim (summary.json: No such file"),
    "audit: no result": (["audit", "out"], "out: holds no complete result of cxsim (summary.json: No such file"),
    "scorecard: unknown scenario": (["scorecard", "workshp"], "did you mean 'workshop'"),
    "folder as scenario": (["run", "."], ".: is a folder, not a scenario file; did you mean 'odd.yaml'?"),
    "folder as experiment": (["sweep", "."], ".: is a folder, not an experiment file; did you mean 'odd.yaml'?"),
    "folder as targets": (["calibrate", "workshop", "-t", "."], ".: is a folder, not a targets file; did you mean"),
    "folder as script": (["workshop", ".", "--check"], ".: is a folder, not a workshop script; did you mean"),
    "experiment as scenario": (
        ["run", "staffing"], "no such file and no ready scenario; it is a ready experiment: cxsim sweep staffing"),
    "scenario as experiment": (["sweep", "parcel"], "ready experiment; it is a ready scenario: cxsim run parcel"),
    "scenario as script": (["workshop", "parcel", "--check"], "ready script; it is a ready scenario: cxsim run parcel"),
    "name too long": (["run", "x" * 400], "no such file and no ready scenario"),
    "text as scenario": (["run", "out/notes.txt"], "out/notes.txt: is not a mapping of keys to values"),
    "new: existing file": (["scenario", "new", "shop.yaml"], "shop.yaml: exists already; choose another name"),
    "new: unknown source": (["scenario", "new", "x.yaml", "--from", "nothing"], "nothing: no such file"),
    "schema: no folder": (["scenario", "schema", "--out", "no/where.json"], "no/where.json: cannot be written: No"),
    "factors: both": (["factors", "--rules", "--mechanisms"], "use --rules or --mechanisms, not both"),
    "unknown command": (["rnu"], "No such command 'rnu'"),
    "unknown option": (["run", "workshop", "--sed", "3"], "No such option"),
    "no replications": (["run", "workshop", "--replications", "0"], "Invalid value for '--replications'"),
    "seed too large": (["run", "workshop", "--seed", str(2**63)], "Invalid value for '--seed'"),
    "seed no number": (["run", "workshop", "--seed", "luck"], "Invalid value for '--seed'"),
}  # fmt: skip


REAL = ("two at once", "existing --out", "compare: nothing", "unknown option")
"""Tried with the program itself; the others within this process, as each start takes most of a second."""


@pytest.mark.parametrize("mistake", list(MISTAKES))
def test_mistake_is_told_in_a_sentence(mistake: str, tmp_path: Path) -> None:
    arguments, sentence = MISTAKES[mistake]
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("precious")
    (tmp_path / "shop.yaml").write_text("extends: workshop\n")
    (tmp_path / "odd.yaml").write_text("format: 1\nname: odd\npopulation:\n  custmers: 3\nhorizon: soon\n")
    before = files(tmp_path)
    done = (cxsim if mistake in REAL else inside)(*arguments, cwd=tmp_path, code=2)
    told = " ".join(done.stderr.replace("│", " ").split())
    assert sentence in told
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) < 12, "a few sentences, not a lecture"
    assert files(tmp_path) == before
    assert (tmp_path / "out" / "notes.txt").read_text() == "precious"
