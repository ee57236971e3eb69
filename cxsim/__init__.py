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
    from cxsim.studies.optimise import Optimisation, optimise
    from cxsim.studies.sensitivity import Sensitivity, sensitivity
    from cxsim.studies.simulate import simulate
    from cxsim.studies.study import Study, load_study
    from cxsim.studies.sweep import sweep

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
    "sweep": "cxsim.studies.sweep",
    "Study": "cxsim.studies.study",
    "load_study": "cxsim.studies.study",
    "sensitivity": "cxsim.studies.sensitivity",
    "Sensitivity": "cxsim.studies.sensitivity",
    "optimise": "cxsim.studies.optimise",
    "Optimisation": "cxsim.studies.optimise",
}

__all__ = [
    "Comparison",
    "Customer",
    "CustomerModel",
    "Optimisation",
    "Result",
    "Scenario",
    "ScenarioError",
    "Sensitivity",
    "Study",
    "Touchpoint",
    "compare",
    "load",
    "load_result",
    "load_study",
    "optimise",
    "sensitivity",
    "simulate",
    "sweep",
]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'cxsim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
