"""The components elsewhere: in a Jupyter notebook, and in Mesa's SolaraViz."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

pytest.importorskip("solara", reason="the interface needs the extra 'ui'")

import solara

import cxsim
from cxsim.charts.over_time import satisfaction_over_time
from cxsim.ui.widgets import ChartPanel, chart
from tests.worlds import small_world

CELLS = (
    "import cxsim, solara\n"
    "from cxsim.scenario.ready import find_scenario\n"
    "base = cxsim.load(find_scenario('workshop'), {'population.customers': 100, 'horizon': '30 days'})\n"
    "study = cxsim.compare(base, {'two': {'desks.counter.servers': 2}}, replications=2)",
    "from cxsim.charts.waiting import moods_in_the_queue\n"
    "from cxsim.ui.widgets import chart\n"
    "shown = chart(moods_in_the_queue(study))\n"
    "shown",
    "from cxsim.charts.journey_map import journey_map\njourney_map(study)",
    "from cxsim.ui.runs import Workers\n"
    "from cxsim.ui.setup import Setup\n"
    "from cxsim.ui.what_if import WhatIf\n"
    "solara.display(WhatIf(Workers(1), Setup.of('workshop', find_scenario('workshop'))))",
    "shown.asked = 'library'\nassert 'plotly.js' in shown.library[:300]",
    "from cxsim.ui.stage import Stage\nsolara.display(Stage(study.results))",
)


@pytest.mark.slow
def test_the_components_work_in_a_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbformat = pytest.importorskip("nbformat", reason="needs nbclient")
    nbclient = pytest.importorskip("nbclient", reason="needs nbclient")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(cxsim.__file__).parents[1])]))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata["kernelspec"] = kernel
    _own_kernel(tmp_path, monkeypatch)
    nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
    kinds = [set(cell.outputs[-1].get("data", {})) if cell.outputs else set() for cell in notebook.cells]
    assert "application/vnd.jupyter.widget-view+json" in kinds[1]
    assert "application/vnd.plotly.v1+json" in kinds[2]
    assert "application/vnd.jupyter.widget-view+json" in kinds[3]
    assert "application/vnd.jupyter.widget-view+json" in kinds[5]
    assert not any(output.output_type == "error" for cell in notebook.cells for output in cell.outputs)


def _own_kernel(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that runs this very interpreter."""
    import json

    home = folder / "jupyter" / "kernels" / "python3"
    home.mkdir(parents=True)
    words = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (home / "kernel.json").write_text(json.dumps({"argv": words, "display_name": "Python 3", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(folder / "jupyter"))


def test_a_chart_panel_holds_finding_and_figure() -> None:
    world = cxsim.simulate(small_world(), replications=1)
    panel = chart(satisfaction_over_time(world), "satisfaction")
    assert isinstance(panel, ChartPanel)
    assert panel.address == "", "a notebook has no server that holds the library"
    assert "Satisfaction" in panel.data
    panel.close()


def test_mesa_can_show_the_model() -> None:
    pytest.importorskip("mesa.visualization", reason="SolaraViz needs altair and matplotlib")
    from cxsim.ui.mesa_view import SatisfactionNow, mesa_page, satisfaction_histogram

    model = cxsim.CustomerModel(small_world(), rng=1)
    before = satisfaction_histogram(model).layout.meta["finding"]
    for _ in range(20):
        model.step()
    after = satisfaction_histogram(model).layout.meta["finding"]
    assert before.startswith("On day 0,")
    assert after.startswith("On day 20,")
    _, drawn = solara.render(SatisfactionNow(model), handle_error=False)
    assert "On day 20," in drawn.find(ChartPanel).widgets[0].data
    drawn.close()
    _, page = solara.render(mesa_page(small_world()), handle_error=False)
    assert page.find(ChartPanel).widgets
    page.close()
