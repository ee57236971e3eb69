"""Reports: one file, nothing fetched, the numbers and commands in it are those of the result."""

from __future__ import annotations

import base64
import json
import re
from html import unescape
from pathlib import Path

import pytest

import cxsim
from cxsim.charts.catalogue import CHARTS
from cxsim.cli.save import save_comparison
from cxsim.report.page import page
from cxsim.report.write import check_file, load_found
from cxsim.scenario.errors import ScenarioError
from cxsim.scenario.reading import parse_yaml
from tests.cli.program import BRIEF
from tests.cli.program import inside as cxsim_command
from tests.worlds import small_world


def figures(text: str) -> dict[str, dict]:
    found = re.findall(r"<figure[^>]*id='([a-z-]+)'>.*?<script type='application/json'>(.*?)</script>", text, re.DOTALL)
    return {name: json.loads(data.replace("<\\/", "</")) for name, data in found}


def test_a_run_becomes_one_file(tmp_path: Path) -> None:
    cxsim_command("run", "workshop", "--out", "found", "--replications", "2", "-q", *BRIEF, cwd=tmp_path)
    told = cxsim_command("report", "found", cwd=tmp_path)
    text = (tmp_path / "found-report.html").read_text(encoding="utf-8")
    assert "found-report.html" in told.stdout
    result = cxsim.load_result(tmp_path / "found")
    assert f"{result.estimate('satisfaction').mean:.1f}</td>" in text
    shown = figures(text)
    assert {"journey-map", "moods-in-the-queue", "promised-and-actual"} <= set(shown)
    assert set(shown) <= {chart.name for chart in CHARTS}
    assert all(figure["data"] or name in ("switching-gauge", "journey-map") for name, figure in shown.items())
    assert f"--seed {result.seed} --replications 2" in text


def test_nothing_is_fetched(tmp_path: Path) -> None:
    text = page(cxsim.simulate(small_world(title="<b>Bold</b> & co"), replications=1))
    own = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert not re.findall(r"""(?:src|href)=['"](?!data:)""", own)
    assert text.count("plotly.js v") <= 2, "plotly is embedded once"
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; co" in text


def test_the_scenario_in_it_gives_the_same_world(tmp_path: Path) -> None:
    base = cxsim.load(small_world())
    found = cxsim.compare(base, {"more": {"desks.support.servers": 4}}, replications=2)
    save_comparison(found, tmp_path / "study", overwrite=False)
    loaded = load_found(tmp_path / "study")
    text = page(loaded)
    assert "<code>desks.support.servers</code>: 2.0 becomes <strong>4.0</strong>" in text
    held = re.findall(r"base64,([A-Za-z0-9+/=]+)'", text)
    scenarios = [cxsim.load(parse_yaml(base64.b64decode(part).decode(), "it")[0]) for part in held]
    assert [scenario.digest() for scenario in scenarios] == [
        result.scenario.digest() for result in found.results.values()
    ]
    difference = found.difference("more", "satisfaction")
    assert f"{difference.mean:+,.2f}" in unescape(text)


def test_what_cannot_be_told_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    told = cxsim_command("report", "empty", cwd=tmp_path, code=2)
    assert "holds no complete result" in told.stderr
    for gone in ("gone", "results/gone"):  # what is missing is told before where its report would lie
        assert f"{gone}: no such folder" in cxsim_command("report", gone, cwd=tmp_path, code=2).stderr
    kept = tmp_path / "kept.html"
    kept.write_text("mine")
    with pytest.raises(ScenarioError, match="exists already"):
        check_file(kept, overwrite=False)
    with pytest.raises(ScenarioError, match="is a folder"):
        check_file(tmp_path, overwrite=True)
