"""Contacts: what leads to a desk beyond the journey's own stops, and what a desk visit leaves open.

A contact keeps its origin: the stop that caused it takes the irritation, while the desk's own score takes the blame.
"""

from __future__ import annotations

import numpy as np

from cxsim.compiling import inner, whole
from cxsim.engine import streams
from cxsim.engine.columns import ACTIVE, CONTACT, STEP, UNRESOLVED
from cxsim.engine.encounter import BLEW_UP, FAILED, NOT_SETTLED, fade
from cxsim.engine.endings import blow_up, decide, finish_if_done
from cxsim.engine.log import SETTLED, note
from cxsim.engine.stops import after_stop, contact_number, reach_goal
from cxsim.engine.streams import occasion, uniforms
from cxsim.engine.tables import DESK
from cxsim.engine.tally import B_CONTACTS, J_COMPLAINTS_SETTLED, J_REFUNDS
from cxsim.engine.world import Life
from cxsim.rules.arithmetic import logarithm


@inner
def leave_desk(
    life: Life, k: int, visit: int, at: float, outcome: int, settled: bool, gave_up: bool, recovery: float
) -> None:
    """What a desk visit leaves open, and where the customer goes from here."""
    row = life.row
    was_contact = row.is_contact != 0
    row.desk, row.free_at, row.is_contact = -1, at, 0
    if outcome & BLEW_UP != 0 and blow_up(life, k, at):
        return
    outcome &= ~BLEW_UP  # decided, once
    if was_contact:
        after_contact(life, at, settled, recovery)
        finish_if_done(life, at)
        return
    if gave_up:
        try_stop_again(life, k, visit, at)
        return
    if not settled and outcome & FAILED == 0 and row.contact_touchpoint < 0:
        return_later(life, k, k, visit, at)
    after_stop(life, k, visit, at, outcome | (0 if settled else NOT_SETTLED))


@inner
def try_stop_again(life: Life, k: int, visit: int, at: float) -> None:
    """After giving up at a stop of the journey: come back to it within days, or let the journey go."""
    row, p = life.row, life.tables.parameters
    drawn, uniform = uniforms(life.tables.key, row.number, row.journeys, occasion(k, visit), streams.RETURN)
    if drawn < p.return_probability and visit < p.returns_most:
        row.due[STEP] = at - p.return_days * logarithm(uniform)
        return
    row.step = -1
    finish_if_done(life, at)


@inner
def after_contact(life: Life, at: float, settled: bool, recovery: float) -> None:
    """Close a contact that settled its matter, or let it come back."""
    row = life.row
    k, origin = whole(row.contact_touchpoint), whole(row.contact_origin)
    complaint = row.is_complaint != 0
    if settled:
        forgive(life, recovery)
        row.contact_touchpoint = -1
        if row.contact_reason == UNRESOLVED and life.tables.stops[origin].kind == DESK:
            reach_goal(life, origin)  # what the stop itself had left open
        if row.is_monetary != 0:
            life.tally.journeys[J_REFUNDS] += life.tables.setting.refund * life.tables.setting.price
            row.is_monetary = 0
        note(life, SETTLED, at, k, origin, -1)
        if complaint:
            life.tally.journeys[J_COMPLAINTS_SETTLED] += 1.0
        return
    if not return_later(life, k, origin, whole(row.contact_visit), at):
        row.contact_touchpoint = -1
        if complaint and row.status == ACTIVE:
            decide(life, at, 0.0, True)


@inner
def forgive(life: Life, recovery: float) -> None:
    """A settled matter takes away a share of the irritation, and as much from the ledger."""
    row, ledger = life.row, life.ledger
    row.irritation *= 1.0 - recovery
    for entry in range(len(ledger)):
        ledger[entry] = (1.0 - recovery) * np.float64(ledger[entry])


@inner
def answer_escalation(life: Life, at: float) -> None:
    """The head office answers a complaint that went past the desk."""
    row, p = life.row, life.tables.parameters
    row.contact_visit = contact_number(life)
    row.journey_effort = np.float64(row.journey_effort) + p.contact_effort
    fade(life, at)
    place = occasion(whole(row.contact_touchpoint), whole(row.contact_visit))
    uniform, _ = uniforms(life.tables.key, row.number, row.journeys, place, streams.RESOLUTION)
    after_contact(life, at, uniform < p.escalation_resolution, p.escalation_recovery)
    finish_if_done(life, at)


@inner
def return_later(life: Life, k: int, origin: int, visit: int, at: float) -> bool:
    """An unresolved matter comes back within days, a few times at most; returns whether it does."""
    row, p = life.row, life.tables.parameters
    is_open = row.contact_touchpoint >= 0
    attempt = whole(row.contact_attempt) if is_open else 0
    drawn, uniform = uniforms(life.tables.key, row.number, row.journeys, occasion(k, visit), streams.RETURN)
    if drawn >= p.return_probability or attempt >= p.returns_most:
        return False
    if not is_open:
        row.contact_touchpoint, row.contact_origin, row.contact_reason = k, origin, UNRESOLVED
        row.is_complaint = 0
    row.contact_attempt = attempt + 1
    row.due[CONTACT] = at - p.return_days * logarithm(uniform)
    life.tally.blame[origin, row.contact_reason, B_CONTACTS] += 1.0
    return True
