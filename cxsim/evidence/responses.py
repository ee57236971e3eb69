"""Scenarios fitted to data against what those data say: aggregated tables of two public data sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import resources

import pandas as pd

from cxsim.data.fit_calls import CHECK_WEEKS, check_calls
from cxsim.data.fit_orders import CHECK_ORDERS, check_orders
from cxsim.data.lines import Compared, Line, from_table
from cxsim.evidence.checks import Check
from cxsim.evidence.validate import Settings
from cxsim.scenario.loading import load
from cxsim.scenario.ready import find_scenario
from cxsim.scenario.schema import Scenario

OLIST = "Olist and Sionek 2018, Brazilian E-Commerce Public Dataset, CC BY-NC-SA 4.0; aggregated [V]"
BANK = "Guedj and Mandelbaum 2000, 'Anonymous Bank' call-centre data, Technion; aggregated [V]"
_STRICT_ORDERS = frozenset((
    "promised-mean", "actual-mean", "late-share", "promised-actual-correlation", "score-mean", "score-late-waiting",
    "score-late-after", "score-early-8-to-15",
))  # fmt: skip
_STRICT_LEAD_TIMES = frozenset(("promised-mean", "actual-mean", "late-share", "promised-actual-correlation"))
_LEAD_TIMES = frozenset(("promised days", "actual days", "lateness"))
_STRICT_CALLS = frozenset(("abandoned", "wait-mean", "patience-60", "patience-120", "patience-300"))
_BAND = "band: 99 % by the sampling errors of both, plus a tolerance"
_QUICK = 8
"""A quick look lives so many times fewer orders and weeks."""


@dataclass(frozen=True)
class _Subject:
    """A scenario, the table it was fitted to, and which of its lines are meant to hold."""

    prefix: str
    table: str
    source: str
    scenario: Callable[[], Scenario]
    groups: frozenset[str] | None
    strict: frozenset[str]
    note: str


def table(name: str) -> list[Line]:
    """Lines of an aggregated table, `olist_orders` or `bank_calls`."""
    file = resources.files("cxsim.evidence").joinpath("tables", f"{name}.csv")
    with file.open("r", encoding="utf-8") as stream:
        return from_table(pd.read_csv(stream))


def fitted(name: str) -> Scenario:
    """The scenario that `cxsim fit` made of the rows behind a table, `orders` or `calls`."""
    with resources.as_file(resources.files("cxsim.evidence").joinpath("fitted", f"{name}.yaml")) as file:
        return load(file)


def _ready(name: str) -> Scenario:
    return load(find_scenario(name))


_SUBJECTS = (
    _Subject("orders", "olist_orders", OLIST, lambda: fitted("orders"), None, _STRICT_ORDERS,
             "fitted to the same orders by cxsim fit orders, then lived with other luck"),
    _Subject("parcel", "olist_orders", OLIST, lambda: _ready("parcel"), _LEAD_TIMES,
             _STRICT_LEAD_TIMES, "ready scenario; its lead times are fitted to these orders, its scores are not"),
    _Subject("callcentre", "bank_calls", BANK, lambda: _ready("callcentre"), None, _STRICT_CALLS,
             "ready scenario; fitted to these calls, with the bank's own staffing by hour"),
    _Subject("calls", "bank_calls", BANK, lambda: fitted("calls"), None, _STRICT_CALLS,
             "fitted to the same calls by cxsim fit calls, which infers the staffing, then lived with other luck"),
)  # fmt: skip


def checks(settings: Settings) -> Iterator[Check]:
    """Every line of the tables beside what the scenarios fitted to them give.

    Where the settings say quick, fewer orders and weeks are lived; the bands widen with the sampling errors.
    """

    def lived(subject: _Subject) -> list[Check]:
        compared = _compared(subject, settings.quick, SEED)
        if settings.progress is not None:
            settings.progress(1)
        return [_check(subject, entry) for entry in compared if _is_told(subject, entry)]

    with ThreadPoolExecutor(max(min(settings.jobs or 2, len(_SUBJECTS)), 1)) as pool:
        for found in pool.map(lived, _SUBJECTS):
            yield from found


SEED = 2
"""Of the simulated luck; the fits were made with seed 1."""


def _compared(subject: _Subject, quick: bool, seed: int) -> list[Compared]:
    lines, scenario, fewer = table(subject.table), subject.scenario(), _QUICK if quick else 1
    if subject.table == "olist_orders":
        return check_orders(scenario, lines, CHECK_ORDERS // fewer, seed)
    return check_calls(scenario, lines, CHECK_WEEKS // fewer, seed)


def _is_told(subject: _Subject, entry: Compared) -> bool:
    return subject.groups is None or entry.observed.group in subject.groups


def _check(subject: _Subject, entry: Compared) -> Check:
    line = entry.observed
    label = line.label[0].upper() + line.label[1:]
    return Check(
        id=f"{subject.prefix}-{line.name}", group="data", title=label, observed=line.value,
        simulated=entry.simulated.value, low=entry.low, high=entry.high, unit=line.unit,
        strict=line.name in subject.strict, source=subject.source,
        note=f"{subject.note}; {line.count:,} rows; {_BAND}",
    )  # fmt: skip
