"""Reports of studies: one file from the folder of a sweep, a sensitivity study or an optimisation."""

from __future__ import annotations

import base64
import re
from html import unescape
from pathlib import Path

import pytest

import cxsim
from cxsim.report.study_page import study_page
from cxsim.report.write import load_found
from cxsim.results.measures import MEASURE
from cxsim.results.wording import change
from cxsim.studies.sensitivity import sensitivity
from cxsim.studies.sweep import sweep
from tests.cli.program import inside as cxsim_command
from tests.studies.small import BRIEF, small_experiment, write_experiment


def held(text: str) -> dict[str, str]:
    """Files held in a page, by name."""
    found = re.findall(r"download='([^']+)' href='data:text/yaml;base64,([A-Za-z0-9+/=]+)'", text)
    return {name: base64.b64decode(part).decode() for name, part in found}


def test_a_sweep_becomes_one_file_that_reproduces_it(tmp_path: Path) -> None:
    write_experiment(tmp_path / "small.yaml", question="What do more people & fewer days bring?")
    told = cxsim_command("sweep", "small.yaml", "--jobs", "1", cwd=tmp_path)
    assert "cxsim report results/sweep-small" in told.stdout
    cxsim_command("report", "results/sweep-small", "--out", "it.html", cwd=tmp_path)
    text = (tmp_path / "it.html").read_text(encoding="utf-8")
    study = cxsim.load_study(tmp_path / "results/sweep-small")
    assert "What do more people &amp; fewer days bring?" in text
    assert f"<pre>{study.command()}</pre>" in text
    for row in study.policies.to_dict("records"):
        if row["policy"]:
            assert change(row["difference"], MEASURE[row["outcome"]]) in unescape(text)
    folder = tmp_path / "again"
    folder.mkdir()
    for name, content in held(text).items():
        (folder / name).write_text(content, encoding="utf-8")
    cxsim_command(*study.command().split()[1:], "--jobs", "1", "--out", "out", cwd=folder)
    assert cxsim.load_study(folder / "out").policies.equals(study.policies)


def test_nothing_is_fetched() -> None:
    title = "<b>Bold</b> & co"
    text = study_page(sweep(small_experiment(title=title), jobs=1))
    own = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert not re.findall(r"""(?:src|href)=['"](?!data:)""", own)
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; co" in text
    assert "<b>" not in own


def test_a_sensitivity_study_is_told_with_intervals(tmp_path: Path) -> None:
    pytest.importorskip("SALib")
    found = sensitivity(small_experiment(), size=2, replications=1, jobs=1, out=tmp_path / "out")
    text = study_page(load_found(tmp_path / "out"))  # type: ignore[arg-type]
    assert found.command() in text
    for outcome in found.study.outcomes:
        first = found.ranking(outcome).iloc[0]
        low, high = (change(first[name], MEASURE[outcome]).lstrip("+") for name in ("effect_low", "effect_high"))
        assert f"{low} to {high}" in text


def test_an_optimisation_quotes_what_was_confirmed(tmp_path: Path) -> None:
    pytest.importorskip("optuna")
    aim = {"objectives": {"abandonment_rate": "minimise", "satisfaction": "maximise"}, "trials": 6, "confirm": 2}
    busy = {**BRIEF, "population.customers": 200}
    write_experiment(tmp_path / "it.yaml", constants=busy, uncertainties={}, replications=2, optimise=aim)
    cxsim_command("optimise", "it.yaml", "--jobs", "1", "--out", "out", "-q", cwd=tmp_path)
    cxsim_command("report", "out", cwd=tmp_path)
    text = (tmp_path / "out-report.html").read_text(encoding="utf-8")
    found = load_found(tmp_path / "out")
    assert found.summary()["command"] in text
    assert "Plans, confirmed" in text
    assert "The front, as searched" in text
    for row in found.confirmed.to_dict("records"):
        assert f"<th scope='row'>{'plan ' + str(row['trial']) if row['trial'] else 'as it stands'}" in text
    assert set(held(text)) == {"experiment.yaml", "scenario.yaml"}


def test_an_unfinished_study_is_refused_in_a_sentence(tmp_path: Path) -> None:
    write_experiment(tmp_path / "small.yaml")
    cxsim_command("sweep", "small.yaml", "--jobs", "1", "--out", "out", "-q", cwd=tmp_path)
    (tmp_path / "out/summary.json").unlink()
    told = cxsim_command("report", "out", cwd=tmp_path, code=2)
    assert "holds no complete study" in told.stderr
    assert not (tmp_path / "out-report.html").exists()
