"""A desk as a Mesa agent: a queue with servers, hours, patience and moods."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa

from benchmarks.peers.mesa_agents.science import draw_duration, within
from cxsim.scenario.hours import week_table

if TYPE_CHECKING:
    from benchmarks.peers.mesa_agents.customer import Customer
    from benchmarks.peers.mesa_agents.shop import Shop

MINUTES = 1440.0
"""Minutes of a day."""
ENDS, CHANGES, GOES, ARRIVES = range(4)
"""What comes first at the same instant."""


class Desk(mesa.Agent):
    """One desk; customers wait in order of arrival, in `queue` with the instant and the patience of each."""

    model: Shop

    def __init__(self, model: Shop, definition: Any) -> None:
        super().__init__(model)
        self.kind, p = definition, model.p
        self.planned = week_table(definition.planned())
        multiplier = p.wait_multiplier
        for holds, factor in ((definition.occupied, p.wait_occupied), (definition.tells_wait, p.wait_told),
                              (definition.explains_wait, p.wait_explained)):  # fmt: skip
            multiplier *= factor if holds else 1.0
        self.multiplier = within(multiplier, 0.6, 2.5)
        self.queue: dict[Customer, tuple[float, float]] = {}
        self.servers = self.busy = 0
        self.is_open = self.is_serving_out = False
        self.today, self.away_today = -1, 0.0
        model.schedule(0.0, self.change_shift, 0, order=CHANGES)

    def _planned_at(self, hour: int) -> float:
        return float(self.planned[(hour + self.model.week.first_hour) % 168])

    def change_shift(self, hour: int) -> None:
        """A new hour: people come and go; at closing the desk's own rule holds."""
        shop, planned, at = self.model, self._planned_at(hour), hour / 24
        shop.events += 1
        if self.kind.servers_sd > 0 and hour // 24 != self.today:
            self.today, self.away_today = hour // 24, shop.luck.gauss(0, self.kind.servers_sd)
        if planned > 0:
            planned += self.away_today
            on_duty = math.floor(planned) + (shop.luck.random() < planned % 1)
            self.servers, self.is_open, self.is_serving_out = max(on_duty, 1), True, False
        elif self.is_open:
            self.is_open = False
            self.is_serving_out = self.kind.closing == "serve_out" and bool(self.queue)
            if not self.is_serving_out:
                self.servers = 0
            if self.kind.closing == "turn_away":
                for customer in list(self.queue):
                    self._let_go(customer, at)
        shop.count("server_minutes", 60 * self.servers)
        self._call_next(at)
        shop.schedule((hour + 1) / 24, self.change_shift, hour + 1, order=CHANGES)

    def arrive(self, customer: Customer) -> None:
        """A customer reaches the desk: served at once, queued, or sent home until it opens."""
        shop, at, p = self.model, self.model.now, self.model.p
        shop.events += 1
        if not self.is_open and self.kind.closing != "carry_over":
            self._send_home(customer, at)
            return
        shop.count("arrivals")
        if customer.desk_contact is not None:
            shop.count("contacts")
        mean = self.kind.patience * customer.patience * (1 - p.urgent_patience_loss * customer.urgency)
        shape = self.kind.patience_shape
        patience = shop.luck.weibullvariate(mean / math.gamma(1 + 1 / shape), shape) / self.multiplier
        if customer.desk_stop.flawless:
            patience = 1e6
        if self.busy < self.servers and not self.queue:
            self._serve(customer, at, patience, at)
        else:
            self.queue[customer] = at, patience
            shop.schedule(at + patience / MINUTES, self.lose_patience, customer, at, order=GOES)

    def _send_home(self, customer: Customer, at: float) -> None:
        """Come back spread over the hours after the next opening."""
        hour = math.floor(at * 24 + 1e-9)
        opens = next((h for h in range(hour + 1, hour + 169) if self._planned_at(h) > 0), hour + 169)
        spread, open_hours = self.model.p.reopening_spread_hours, 1
        while open_hours < spread and self._planned_at(opens + open_hours) > 0:
            open_hours += 1
        back = (opens + self.model.luck.random() * min(spread, open_hours)) / 24
        customer.desk = None
        if customer.desk_contact is None:
            customer.visits[customer.desk_stop.name] -= 1
            customer.plan("arrive", back)
        else:
            customer.plan("turn_to_desk", back)
        customer.live(at)

    def lose_patience(self, customer: Customer, since: float) -> None:
        """Give up, if still waiting since then."""
        if self.queue.get(customer, (None,))[0] == since:
            self.model.events += 1
            self._let_go(customer, self.model.now)

    def _let_go(self, customer: Customer, at: float) -> None:
        """Patience (or the desk's day) ends before service: the worst end of a wait."""
        since, patience = self.queue.pop(customer)
        self._end_wait((at - since) * MINUTES, patience)
        self.model.count("gave_up")
        origin = customer.desk_contact["origin"] if customer.desk_contact else None
        outcome = customer.encounter(
            customer.desk_stop, at, shift=-self.model.p.gone_loss, origin=origin, is_event=False, gave_up=True
        )
        customer.leave_desk(at, outcome, settled=False, gave_up=True, recovery=0.0)
        customer.live(at)

    def _call_next(self, at: float) -> None:
        while self.queue and self.busy < self.servers:
            customer = next(iter(self.queue))
            since, patience = self.queue.pop(customer)
            self._serve(customer, since, patience, at)
        if self.is_serving_out and not self.queue:
            self.servers, self.is_serving_out = 0, False

    def _serve(self, customer: Customer, since: float, patience: float, at: float) -> None:
        shop, wait = self.model, (at - since) * MINUTES
        self._end_wait(wait, patience)
        self.busy += 1
        minutes = draw_duration(shop.luck, self.kind.service)
        if self.kind.service_by_hour:
            minutes *= self.kind.service_by_hour[(math.floor(at * 24 + 1e-9) + shop.week.first_hour) % 24]
        shop.count("service_minutes", minutes)
        shop.count("in_time", wait <= self.kind.answer_target)
        shop.schedule(at + minutes / MINUTES, self.end_service, customer, wait / max(patience, 1e-9), order=ENDS)

    def _end_wait(self, minutes: float, patience: float) -> None:
        shop, p, start = self.model, self.model.p, 0.0
        shop.count("wait_minutes", minutes)
        if shop.is_measured:
            shop.waits.append(minutes)
        for mood, share in (("calm", p.edgy_from), ("edgy", p.agitated_from), ("agitated", p.angry_from),
                            ("angry", math.inf)):  # fmt: skip
            end = min(minutes, share * patience)
            if end > start:
                shop.count(mood, end - start)
                start = end

    def end_service(self, customer: Customer, used: float) -> None:
        """The desk calls the next, the visit is judged, the customer walks on."""
        shop, at, p = self.model, self.model.now, self.model.p
        shop.events += 1
        self.busy -= 1
        self._call_next(at)
        loss = (0.0 if used < p.edgy_from else p.edgy_loss if used < p.agitated_from
                else p.agitated_loss if used < p.angry_from else p.angry_loss)  # fmt: skip
        settled = shop.luck.random() < self.kind.resolution or customer.desk_stop.flawless
        customer.fade(at)
        lift = p.history_lift * min(customer.irritation, 1.0) if self.kind.knows_history else 0.0
        contact = customer.desk_contact
        outcome = customer.encounter(
            customer.desk_stop, at, shift=-loss - (0.0 if settled else p.unresolved_loss), lift=lift,
            origin=contact["origin"] if contact else None, betrayal=not settled, is_contact=contact is not None,
        )  # fmt: skip
        customer.leave_desk(at, outcome, settled, gave_up=False, recovery=self.kind.recovery)
        customer.live(at)
