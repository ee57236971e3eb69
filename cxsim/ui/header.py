"""The line on top of every page: pages, world, customers and days; undo, redo, sharing, theme; it keeps the address."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import solara

from cxsim.scenario.ready import ready_scenarios
from cxsim.ui.history import History
from cxsim.ui.session import Session
from cxsim.ui.setup import SAMPLE, Setup
from cxsim.ui.widgets import HeaderPanel

PAGES = {"": "What if", "compare": "Compare", "levers": "Levers", "instruments": "Instruments",
         "claims": "Claims", "calibrate": "Calibrate", "journey": "Journey", "workshop": "Workshop"}  # fmt: skip
"""Path of every page and its name, in order."""
_YEARS = (365, 1095)
Shared = Callable[[], list[dict[str, str]]]
"""Commands and files of a page, made when somebody asks for them: id, label, text, and maybe file and note."""


class Undoable(Protocol):
    """What undo, redo and reset of a page act on."""

    history: History[Any]
    steps: solara.Reactive[int]

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to reset."""

    def told(self, text: str) -> None:
        """What the header asks for."""


@solara.component
def Header(  # noqa: N802
    session: Session, page: str, shared: Shared, state: Mapping[str, str] | None = None, own: Undoable | None = None
) -> Any:
    """The line on top.

    Args:
        session: the visitor's state.
        page: path of the page.
        shared: what can be taken along from here.
        state: what the page adds to the address.
        own: what undo, redo and reset act on; the session where the page has no history of its own.
    """
    past = own or session
    setup, theme, is_sharing = session.setup.value, session.theme.value, session.sharing.value
    told = dict(state or {})
    known = [setup, theme, is_sharing, past.steps.value, page, told]
    data = solara.use_memo(lambda: json.dumps(_shown(session, setup, page, told, is_sharing, shared, past)), known)
    return HeaderPanel.element(data=data, on_asked=past.told)


def _shown(
    session: Session, setup: Setup, page: str, state: Mapping[str, str], is_sharing: bool, shared: Shared,
    past: Undoable,
) -> dict[str, Any]:  # fmt: skip
    own, base = setup.own, setup.base
    names = [*ready_scenarios(), *([session.opened.name] if session.opened.name not in ready_scenarios() else [])]
    names += [setup.name] if setup.name not in names else []
    everybody = own.population.customers
    counts = sorted({min(SAMPLE, everybody), base.population.customers, everybody})
    days = sorted({int(own.horizon), int(base.horizon), *_YEARS})
    count = len(setup.variants)
    return {
        "pages": [{"path": path, "label": label + (f" ({1 + count})" if path == "compare" and count else "")}
                  for path, label in PAGES.items()],
        "page": page, "state": dict(state),
        "scenarios": [{"value": name, "label": Path(name).stem} for name in names], "scenario": setup.name,
        "customers": base.population.customers, "days": int(base.horizon),
        "customersOptions": [{"value": number, "label": f"{number:,} customers" + (", all" if number == everybody
                              else "")} for number in counts],
        "daysOptions": [{"value": number, "label": _time(number)} for number in days],
        "canUndo": past.history.can_undo, "canRedo": past.history.can_redo, "changed": past.is_changed,
        "theme": session.theme.value, "query": setup.query, **({"shared": shared()} if is_sharing else {}),
    }  # fmt: skip


def _time(days: int) -> str:
    years = days / 365
    return f"{years:g} year{'s' if years > 1 else ''}" if years.is_integer() else f"{days} days"
