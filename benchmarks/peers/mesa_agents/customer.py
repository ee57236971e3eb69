"""A customer as an ordinary Mesa agent: agenda, journeys, parcels, contacts, and whether to stay."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from benchmarks.peers.mesa_agents import science
from benchmarks.peers.mesa_agents.mind import Mind
from benchmarks.peers.mesa_agents.science import draw_duration, faded, within

if TYPE_CHECKING:
    from benchmarks.peers.mesa_agents.shop import Shop, Stop

NEVER = math.inf


class Customer(Mind):
    """One customer; what falls due stands on the agenda, by what is to be done."""

    def __init__(self, model: Shop, number: int) -> None:
        super().__init__(model, number)
        self.ties = [model.draw_tie(number, place) for place in range(model.scenario.market.network.ties // 2)]
        self.next_journey = NEVER
        self.agenda: dict[str, float] = {}
        self.joined_at, self.left_at, self.free_at = 0.0, NEVER, 0.0
        self.desk: Any = None
        self.stop: str | None = None
        self.contact: dict[str, Any] | None = None
        self.parcel: dict[str, Any] | None = None
        self.news: tuple[float, float] | None = None
        self.is_open = False

    # --- the agenda: one event list of the world; what falls due at a desk is lived right after it

    def plan(self, what: str, at: float) -> None:
        """Put something on the agenda."""
        self.agenda[what] = at
        if at < NEVER:
            self.model.schedule(at, self.wake, what, at)

    def wake(self, what: str, at: float) -> None:
        """The event list calls: live on, unless the plan has changed or a desk is in the way."""
        if self.desk is None and self.agenda.get(what) == at:
            self.live(at)

    def live(self, now: float) -> None:
        """Live all that has fallen due, in order, each with its own date, up to a desk."""
        while self.desk is None and self.agenda:
            what = min(self.agenda, key=self.agenda.__getitem__)
            at = self.agenda[what]
            if at > now:
                return
            del self.agenda[what]
            self.model.events += 1
            getattr(self, what)(at)

    # --- journeys

    def set_out(self, at: float) -> None:
        """A need arises: the customer (now at the latest) joins, sees the market and sets out."""
        shop, p, scenario = self.model, self.model.p, self.model.scenario
        if self.status == "prospect":
            self._read_reviews()
            if not self._joins():
                shop.count("declined")
                self.agenda.clear()
                return
            shop.count("joined")
        elif self.status == "left":
            shop.count("won_back")
        if self.status != "active":
            self.status, self.left_at = "active", NEVER
            shop.present += 1
        self._see_market(at)
        self.journeys += 1
        cut = faded(self.frequency_cut, at - self.frequency_cut_at, p.frequency_half_life_days)
        self.next_journey = shop.next_need(self.persona, at, 1 - cut)
        is_urgent = shop.luck.random() < scenario.personas[self.persona].urgent_share
        self.urgency = 0.5 + 0.5 * shop.luck.random() if is_urgent else 0.0
        self._forget_journey()
        self.missing_goals = set(scenario.journey.goal)
        self.is_bought, self.is_asked = not scenario.journey.goal, False
        self.is_open = True
        self.complaint_at = shop.complaints_go_to
        self.contact = self.parcel = None
        self.visits = dict.fromkeys(shop.stops, 0)
        for d in range(3):
            self._settle_adequate(d, p.adequate_speed)
        self.stop = scenario.journey.start
        self.plan("arrive", at)

    def _joins(self) -> bool:
        converts = self.model.scenario.population.converts
        if not 0 < converts < 1:
            return converts >= 1
        better_here = sum(self.predicted) / 3 - self.alternatives
        odds = converts / (1 - converts) * math.exp(self.model.p.join_expectation * better_here)
        return self.model.luck.random() < odds / (1 + odds)

    def arrive(self, at: float) -> None:
        """The journey has come to a stop."""
        stop = self.model.stops[self.stop or ""]
        if stop.kind == "delivery":
            if self.parcel is None:
                self._order(stop, at)
            else:
                self._receive(stop, at)
            return
        self.visits[stop.name] += 1
        if stop.kind == "desk":
            self._go_to_desk(stop, at, None)
            return
        outcome = self.encounter(stop, at)
        if stop.kind == "message":
            weight = min(self.model.p.message_weight * self.message_exposure, 1.0) * self.trust
            self.predicted = [
                within(w + weight * (said - w)) for w, said in zip(self.predicted, stop.promise, strict=True)
            ]
        self.go_on(stop, at, outcome)

    def go_on(self, stop: Stop, at: float, outcome: set[str]) -> None:
        """What follows a stop: a goal, a contact, a blow-up, the way on."""
        luck = self.model.luck
        self.is_bought = self.is_bought or stop.is_goal
        if not outcome & {"failed", "not settled"}:
            self.missing_goals.discard(stop.name)
        if "stuck" in outcome:
            self._hand_over(stop, at)
        elif "failed" in outcome and stop.failure.contact and luck.random() < stop.failure.contact_probability:
            self.open_contact(stop.failure.contact, stop.name, at, draw_duration(luck, stop.failure.contact_after))
        if "blew up" in outcome and self._blow_up(at):
            return
        target = stop.failure.next if "failed" in outcome and stop.failure and stop.failure.next else stop.draw_next()
        if target == "end":
            self.stop = None
            self.finish(at)
        else:
            self.stop = target
            self.plan("arrive", at + draw_duration(luck, stop.takes))

    def _hand_over(self, stop: Stop, at: float) -> None:
        """Technology got stuck: an enabler has a person take over, a definer leaves people to call."""
        p, luck = self.model.p, self.model.luck
        if stop.technology.contact is None:
            return
        self.complaint_at = stop.technology.contact
        if stop.technology.mode == "enabler":
            self.open_contact(stop.technology.contact, stop.name, at, p.technology_handover_days)
        elif luck.random() < p.technology_contact_probability:
            self.open_contact(stop.technology.contact, stop.name, at, draw_duration(luck, stop.contact_after))

    def finish(self, at: float) -> None:
        """The journey ends once its last stop is behind and no matter is open; a poor one calls for a decision."""
        if not self.is_open or self.stop is not None or self.contact is not None or self.status != "active":
            return
        if self.is_poor and not self.is_decided:
            self._decide(at)
            if self.status != "active" or self.contact is not None:
                return
        self._close_journey(at)
        self.plan("set_out", max(self.next_journey, at))

    def _close_journey(self, at: float) -> None:
        shop, p = self.model, self.model.p
        self.is_open = False
        shop.count("journeys")
        shop.count("poor_journeys", self.is_poor)
        shop.count("goals_reached", bool(shop.scenario.journey.goal) and not self.missing_goals)
        if self.moments:
            mean = sum(self.moments) / len(self.moments)
            kept = p.peak_weight * self._peak() + p.end_weight * self.moments[-1]
            kept += (1 - p.peak_weight - p.end_weight) * mean
            weight = p.journey_weight_lasting + p.journey_weight_early * math.exp(
                -(self.journeys - 1) / p.early_journeys
            )
            self.satisfaction += min(weight, 1.0) * (kept - self.satisfaction)
            self.news = kept, self.levels / len(self.moments)
            shop.speakers[self] = None
        if self.is_bought:
            money, level = shop.scenario.money, self.levels / max(len(self.moments), 1)
            market = within(shop.best_competitor + shop.scenario.market.drift * at / 365)
            shop.count("sales")
            shop.count("revenue", money.price * (
                1 + science.premium(level, market, self.price_sensitivity, money.premium, p)))  # fmt: skip
        self.agenda.pop("survey", None)
        self.survey(at)

    def _peak(self) -> float:
        return max(self.moments, key=abs)

    def survey(self, at: float) -> None:  # noqa: ARG002 - all entries of the agenda are called alike
        """Asked once about a journey: stars as felt at the moment of answering."""
        shop, p, survey = self.model, self.model.p, self.model.scenario.survey
        if self.is_asked or not self.moments:
            return
        self.is_asked = True
        if shop.luck.random() >= survey.sent * survey.answered:
            return
        felt = (self._peak() + self.moments[-1]) / 2
        stars = within(round(p.stars_middle + p.stars_slope * felt + shop.luck.gauss(0, p.stars_noise)), 1, 5)
        answer = 1 + 6 * (1 - math.exp(-self.effort)) + shop.luck.gauss(0, p.effort_noise)
        shop.count("surveys")
        shop.count("stars", stars)
        shop.count("satisfied", stars >= 4)
        shop.count("effort", within(round(answer), 1, 7))

    # --- parcels

    def _order(self, stop: Stop, at: float) -> None:
        """A promise is heard, a parcel sets out; actual days = handling + carrier + named causes."""
        shop, luck, company = self.model, self.model.luck, self.model.scenario.company
        self.visits[stop.name] += 1
        promised, days, outside, named = stop.draw_parcel()
        is_told, is_explained = luck.random() < company.tells_early, luck.random() < company.explains
        self.parcel = {"at": at, "promised": promised, "overdue": False, "told": is_told, "explained": is_explained,
                       "outside": named and outside and is_explained}  # fmt: skip
        if stop.flawless:
            days = min(days, promised)
        self.plan("arrive", at + days)
        if days > promised + stop.grace + 1e-9:
            self.plan("notice", at + promised + stop.grace)
        shop.count("orders")

    def notice(self, at: float) -> None:
        """The promised date passes and nothing has come: judged at once as late and uncertain."""
        shop, p, parcel = self.model, self.model.p, self.parcel
        stop = shop.stops[self.stop or ""]
        assert parcel is not None
        parcel["overdue"] = True
        self.plan("survey", at + shop.scenario.survey.after_overdue)
        if parcel["outside"]:
            self.situation = 1.0
            for d in range(3):
                self._settle_adequate(d, p.adequate_speed)
        spared = science.softening(shop.scenario.company.tracking, parcel["told"], parcel["explained"], p)
        loss = p.late_loss * p.overdue_uncertainty * science.lateness_multiplier(self.urgency, p) * (1 - spared)
        shop.count("overdue")
        outcome = self.encounter(stop, at, shift=-loss, betrayal=not parcel["outside"], is_event=False)
        if stop.overdue_contact is not None:
            self.complaint_at = stop.overdue_contact
            if shop.luck.random() < stop.overdue_contact_probability:
                wait = shop.luck.expovariate(1 / p.overdue_contact_days)
                self.open_contact(stop.overdue_contact, stop.name, at, wait)
        if "blew up" in outcome:
            self._blow_up(at)

    def _receive(self, stop: Stop, at: float) -> None:
        """The parcel arrives: early, on time or late against what the customer reckoned with."""
        shop, p, parcel = self.model, self.model.p, self.parcel
        assert parcel is not None
        promised, actual = parcel["promised"], at - parcel["at"]
        reference = self.trust * promised + (1 - self.trust) * self.learned_lead_days
        early, late = reference - actual, actual - reference - stop.grace
        gain = p.early_gain * (1 - math.exp(-early / max(reference, 0.5) / p.early_scale)) if early > 0 else 0.0
        loss = p.late_loss * (1 - math.exp(-late / p.late_scale_days)) if late > 0 else 0.0
        loss *= science.lateness_multiplier(self.urgency, p) * (p.relief_share if parcel["overdue"] else 1.0)
        kept = not parcel["overdue"]
        self.trust += p.trust_speed * (kept - self.trust)
        self.learned_lead_days += p.lead_time_speed * (actual - self.learned_lead_days)
        shop.count("deliveries")
        shop.count("on_time", kept)
        shop.count("days_late", max(actual - promised - stop.grace, 0.0))
        self.agenda.pop("notice", None)
        self.parcel = None
        outcome = self.encounter(stop, at, shift=gain - loss, betrayal=not kept and not parcel["outside"])
        self.go_on(stop, at, outcome)

    # --- contacts

    def open_contact(self, target: str, origin: str, at: float, after: float) -> None:
        """Plan to turn to a desk, unless a matter is open already."""
        if self.contact is None:
            self.contact = {"at": target, "origin": origin, "attempts": 0, "complaint": "", "stop's own": False}
            self.plan("turn_to_desk", at + after)

    def turn_to_desk(self, at: float) -> None:
        """Take the open matter to its desk, or hear from the head office."""
        assert self.contact is not None
        if self.contact["complaint"] == "head office":
            p = self.model.p
            self.effort += p.contact_effort
            self.fade(at)
            self._after_contact(at, self.model.luck.random() < p.escalation_resolution, p.escalation_recovery)
            self.finish(at)
            return
        self._go_to_desk(self.model.stops[self.contact["at"]], at, self.contact)

    def _go_to_desk(self, stop: Stop, at: float, contact: dict[str, Any] | None) -> None:
        self.desk, self.desk_stop, self.desk_contact = self.model.desks[stop.desk], stop, contact
        self.model.schedule(max(at, self.free_at), self.desk.arrive, self, order=3)

    def leave_desk(self, at: float, outcome: set[str], settled: bool, gave_up: bool, recovery: float) -> None:
        """What a desk visit leaves open, and where the customer goes from here."""
        p, luck, stop, contact = self.model.p, self.model.luck, self.desk_stop, self.desk_contact
        self.desk, self.free_at = None, at
        if "blew up" in outcome and self._blow_up(at):
            return
        outcome = outcome - {"blew up"}
        if contact is not None:
            self._after_contact(at, settled, recovery)
            self.finish(at)
        elif gave_up:
            if luck.random() < p.return_probability and self.visits[stop.name] - 1 < p.returns_most:
                self.plan("arrive", at + luck.expovariate(1 / p.return_days))
            else:
                self.stop = None
                self.finish(at)
        else:
            if not settled and "failed" not in outcome and self.contact is None:
                self._return_later(stop.name, at)
            self.go_on(stop, at, outcome if settled else outcome | {"not settled"})

    def _after_contact(self, at: float, settled: bool, recovery: float) -> None:
        shop, contact = self.model, self.contact
        assert contact is not None
        if settled:
            self.forgive(recovery)
            self.contact = None
            if contact["stop's own"]:
                self.missing_goals.discard(contact["origin"])
            if self.is_monetary:
                shop.count("refunds", shop.scenario.money.refund * shop.scenario.money.price)
                self.is_monetary = False
        elif not self._return_later(contact["at"], at):
            self.contact = None
            if contact["complaint"] and self.status == "active":
                self._decide(at, is_repeat=True)

    def _return_later(self, target: str, at: float) -> bool:
        """An unresolved matter comes back within days, a few times at most."""
        p, luck, attempts = self.model.p, self.model.luck, self.contact["attempts"] if self.contact else 0
        if luck.random() >= p.return_probability or attempts >= p.returns_most:
            return False
        if self.contact is None:
            self.contact = {"at": target, "origin": target, "complaint": "", "stop's own": True, "attempts": 0}
        self.contact["attempts"] += 1
        self.plan("turn_to_desk", at + luck.expovariate(1 / p.return_days))
        return True

    # --- staying, speaking, leaving

    def _blow_up(self, at: float) -> bool:
        """Irritation passed the tolerance: the trifle decides now; returns whether the customer left."""
        self._decide(at, push=self.model.p.blow_up_push)
        return self.status != "active"

    def _decide(self, at: float, push: float = 0.0, is_repeat: bool = False) -> None:
        shop, p, luck = self.model, self.model.p, self.model.luck
        self.fade(at)
        self.is_decided = True
        leave = (
            push
            + p.leave_base
            + p.leave_irritation * self.irritation
            - p.leave_satisfaction * self.satisfaction
            - p.leave_switching_cost * self.switching_cost
            + p.leave_alternatives * (self.alternatives - sum(self.predicted) / 3)
            - p.leave_goodwill * self.goodwill
        )
        voice = (p.voice_base + p.voice_monetary * self.is_monetary + self.goodwill + p.success_belief
                 - p.complaint_effort)  # fmt: skip
        can_speak = not is_repeat and self.complaint_at is not None and self.contact is None
        choice = science.stay_voice_leave(luck.random(), voice if can_speak else None, leave)
        if choice == "leave":
            self._leave(at)
        elif choice == "voice":
            assert self.complaint_at is not None
            shop.count("complaints")
            to_head_office = luck.random() < p.escalation_probability
            shop.count("escalations", to_head_office)
            wait = luck.expovariate(1 / (p.escalation_days if to_head_office else p.complaint_days))
            self.open_contact(self.complaint_at, self.last_straw or self.complaint_at, at, wait)
            assert self.contact is not None
            self.contact["complaint"] = "head office" if to_head_office else "desk"
        else:
            self._come_less_often(at)

    def _come_less_often(self, at: float) -> None:
        shop, p = self.model, self.model.p
        cut = min(p.frequency_cut * self.worst, 0.9)
        if cut <= 0:
            return
        old = faded(self.frequency_cut, at - self.frequency_cut_at, p.frequency_half_life_days)
        self.frequency_cut, self.frequency_cut_at = max(cut, old), at
        if at < self.next_journey < NEVER:
            now = shop.week.business(at)
            need = shop.week.business(self.next_journey) - now
            self.next_journey = shop.week.instant(now + need * (1 - old) / (1 - self.frequency_cut))
        shop.count("frequency_cuts")

    def _leave(self, at: float) -> None:
        shop, win_back = self.model, self.model.scenario.company.win_back
        if self.is_open:
            self.stop = self.contact = None
            self._close_journey(at)
        shop.count("left")
        need_ends = self.agenda.get("depart", NEVER)
        self._stop_being_customer("left", at)
        if shop.luck.random() < win_back.share:
            self.plan("set_out", max(at, self.free_at) + max(draw_duration(shop.luck, win_back.after), 1.0))
            self.plan("depart", need_ends)

    def depart(self, at: float) -> None:
        """The need is over, or a competitor pulled, without any poor journey."""
        if self.status == "left":
            self.agenda.clear()
            return
        population = self.model.scenario.population
        ended = self.model.luck.random() * (population.ended + population.drifted) < population.ended
        self.model.count("ended" if ended else "drifted", self.status == "active")
        self._stop_being_customer("ended" if ended else "drifted", at)

    def _stop_being_customer(self, status: str, at: float) -> None:
        self.model.present -= self.status == "active"
        self.status, self.left_at, self.next_journey = status, at, NEVER
        self.is_open, self.stop, self.contact, self.parcel = False, None, None, None
        self.agenda.clear()

    # --- talk and the past

    def tell(self) -> None:
        """Tell those one is tied to of the last journey, and now and then everybody in a review."""
        shop, p = self.model, self.model.p
        assert self.news is not None
        (felt, level), self.news = self.news, None
        chance = min(p.talk_base + p.talk_slope * (p.talk_negative if felt < 0 else 1.0) * felt * felt, 1.0)
        for place, tied in enumerate(self.ties):
            ahead = self.number + place + 1
            listeners = [tied] if tied >= 0 and shop.luck.random() < chance else []
            if ahead < len(shop.customers) and shop.luck.random() < chance:
                listeners += [ahead] if shop.customers[ahead].ties[place] == self.number else []
            for listener in listeners:
                shop.count("told_bad" if felt < 0 else "told_good")
                shop.customers[listener].hear(felt, level)
        if shop.luck.random() < chance * p.review_share:
            shop.reviews.append((within(round(3 + 2 * felt), 1, 5) - 1) / 4)
