"""The aggregated tables, and the scenarios fitted to them."""

import importlib.util
import os
from pathlib import Path

import pytest

from cxsim.evidence.responses import checks, fitted, table
from cxsim.evidence.validate import Settings

DATA = os.environ.get("CXSIM_DATA", "")
TOOL = Path(__file__).parents[2] / "tools" / "write_response_tables.py"


def test_tables_and_scenarios_load() -> None:
    orders, calls = table("olist_orders"), table("bank_calls")
    for lines in (orders, calls):
        names = [line.name for line in lines]
        assert len(names) == len(set(names)) > 60
        assert all(line.count >= 1 for line in lines)
    assert fitted("orders").touchpoints["delivery"].kind == "delivery"
    assert fitted("calls").desks["lines"].patience_shape > 0
    late = {line.name: line.value for line in orders}
    assert late["score-late-waiting"] + 1.5 < late["score-late-after"]


def test_a_quick_look_tells_every_subject() -> None:
    found = list(checks(Settings(quick=True)))
    assert len({check.id for check in found}) == len(found)
    assert {check.group for check in found} == {"data"}
    assert {check.id.split("-")[0] for check in found} == {"orders", "parcel", "callcentre", "calls"}
    assert all(check.low < check.high and check.source and check.simulated is not None for check in found)


@pytest.mark.slow
def test_what_is_meant_to_hold_holds() -> None:
    found = list(checks(Settings()))
    assert [check.id for check in found if check.strict and not check.holds] == []
    for subject in ("orders", "calls"):
        held = [check.holds for check in found if check.id.startswith(f"{subject}-")]
        assert sum(held) >= 0.9 * len(held)


@pytest.mark.slow
@pytest.mark.skipif(not DATA, reason="CXSIM_DATA is not set: the row data are not there")
@pytest.mark.parametrize("name", ["olist_orders", "bank_calls"])
def test_tables_are_those_of_the_rows(name: str) -> None:
    spec = importlib.util.spec_from_file_location("write_response_tables", TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    fresh = {line.name: line for line in tool.tables(Path(DATA))[name] if line.count > 0}
    kept = {line.name: line for line in table(name)}
    assert kept.keys() == fresh.keys()
    for key, line in kept.items():
        assert (line.count, line.label) == (fresh[key].count, fresh[key].label)
        assert line.value == pytest.approx(fresh[key].value, rel=1e-5)
