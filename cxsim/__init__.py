"""cxsim: what changes do to what customers expect, to how satisfied they are, and to who leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cxsim.agents import Customer, Touchpoint
    from cxsim.model import CustomerModel
    from cxsim.results.result import Result, load_result
    from cxsim.scenario.errors import ScenarioError
    from cxsim.scenario.loading import load
    from cxsim.scenario.schema import Scenario
    from cxsim.studies.compare import Comparison, compare
    from cxsim.studies.simulate import simulate

__version__ = "0.1.0"

# Heavy parts (numba, pandas, mesa) are imported on first use, so that the command line answers at once.
_HOMES = {
    "load": "cxsim.scenario.loading",
    "Scenario": "cxsim.scenario.schema",
    "ScenarioError": "cxsim.scenario.errors",
    "simulate": "cxsim.studies.simulate",
    "CustomerModel": "cxsim.model",
    "Customer": "cxsim.agents",
    "Touchpoint": "cxsim.agents",
    "Result": "cxsim.results.result",
    "load_result": "cxsim.results.result",
    "compare": "cxsim.studies.compare",
    "Comparison": "cxsim.studies.compare",
}

__all__ = [
    "Comparison",
    "Customer",
    "CustomerModel",
    "Result",
    "Scenario",
    "ScenarioError",
    "Touchpoint",
    "compare",
    "load",
    "load_result",
    "simulate",
]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'cxsim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
