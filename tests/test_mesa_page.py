"""The how-to page for Mesa users: its blocks run in order, its example files run, with whatever Mesa is installed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import mesa
import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "how-to" / "mesa.md"
EXAMPLES = ROOT / "docs" / "how-to" / "mesa"


def test_the_blocks_of_the_page_run_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert len(blocks) == 5
    names: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
    told = capsys.readouterr().out
    assert "customers, satisfaction" in told
    assert len(names["angriest"]) == 10
    assert len(names["collector"].get_model_vars_dataframe()) == 5
    found = {(row["servers"], row["replication"]): row["irritation"] for row in names["found"]}
    assert set(found) == {(1, 0), (1, 1), (2, 0), (2, 1)}
    assert found[2, 0] != found[1, 0]  # the lever reached the model, and the model told of it
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (PAGE.parent / link).exists(), link


def run_example(name: str, **environment: str) -> str:
    """What an example prints in a process of its own."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / name)], capture_output=True, text=True, check=True, timeout=600,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
    )  # fmt: skip
    return done.stdout


def test_a_firm_that_calls_the_angriest_loses_fewer() -> None:
    told = run_example("calls_the_angriest.py")
    without, with_calls, calls = (int(number) for number in re.findall(r"(?<!\S)(\d+)(?= c)", told))
    assert calls > 50
    assert with_calls < without


def test_another_rule_takes_the_place_of_the_engines() -> None:
    """As plain Python, which takes the same way as the compiled engine without its minute."""
    told = run_example("another_rule.py", NUMBA_DISABLE_JIT="1")
    with_new = float(re.search(r"satisfaction ([\d.]+)", told).group(1))  # type: ignore[union-attr]
    assert with_new < satisfaction_by_the_book() - 3


@pytest.mark.slow
def test_another_rule_compiled_and_as_plain_python_agree() -> None:
    compiled, plain = run_example("another_rule.py"), run_example("another_rule.py", NUMBA_DISABLE_JIT="1")
    assert compiled == plain


def satisfaction_by_the_book() -> float:
    """Satisfaction in the example's world under the rule as it is."""
    import cxsim
    from cxsim.engine.columns import ACTIVE
    from cxsim.scenario.ready import find_scenario

    small = {"population.customers": 100, "population.look_back": False, "warm_up": "0 days", "horizon": "60 days"}
    people = cxsim.CustomerModel(cxsim.load(find_scenario("workshop"), small), rng=1).run().world.customers
    return float(50 + 50 * people["satisfaction"][people["status"] == ACTIVE].mean())


def test_the_names_that_are_used_are_those_that_stay() -> None:
    """What cxsim and its how-to page use of Mesa, in the version at hand."""
    for name in ("Model", "Agent", "batch_run", "DataCollector"):
        assert hasattr(mesa, name), name
    for name in ("select", "do", "agg", "groupby", "sort", "get", "set", "map", "shuffle_do"):
        assert hasattr(mesa.agent.AgentSet, name), name
