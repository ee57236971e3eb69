"""What goes on in a customer's mind: what is expected, perceived, felt, learned and remembered."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa

from benchmarks.peers.mesa_agents import science
from benchmarks.peers.mesa_agents.science import faded, within

if TYPE_CHECKING:
    from benchmarks.peers.mesa_agents.shop import Shop, Stop

MIND = ("desired", "adequate", "predicted", "normative", "uncertainty", "trust", "learned_lead_days", "goodwill",
        "satisfaction", "alternatives", "delights")  # fmt: skip
"""What an established customer takes over from a like customer of the pilot."""


class Mind(mesa.Agent):
    """Traits, levels and memory of one customer; lists hold people, product and process."""

    model: Shop

    def __init__(self, model: Shop, number: int) -> None:
        super().__init__(model)
        luck, p = model.luck, model.p
        self.number, self.persona = number, model.draw_persona()
        persona = model.scenario.personas[self.persona]
        spread = math.log1p(persona.patience_spread**2)
        self.patience = persona.patience * math.exp(luck.gauss(-spread / 2, math.sqrt(spread)))
        self.tolerance = within(self._trait(persona.irritation_tolerance), 0.05, 100) * p.tolerance_factor
        self.switching_cost = within(self._trait(persona.switching_cost))
        self.price_sensitivity = within(self._trait(persona.price_sensitivity))
        self.goodwill, self.trust = p.goodwill_start, p.trust_start
        self.learned_lead_days, self.alternatives = model.promised_lead_days, model.best_competitor
        self.satisfaction = self.irritation = self.faded_at = self.ledger_at = 0.0
        self.ledger: dict[str, float] = {}
        self.delights = self.journeys = 0
        self.frequency_cut, self.frequency_cut_at = 0.0, 0.0
        self.urgency = self.situation = 0.0
        self.status = "prospect"
        self.last_straw: str | None = None
        self.complaint_at: str | None = None
        self._forget_journey()
        self._expect()

    def _forget_journey(self) -> None:
        """A journey begins: its moments, sums and marks."""
        self.moments: list[float] = []
        self.worst = self.levels = self.effort = self.situation = 0.0
        self.is_poor = self.is_monetary = self.is_decided = False

    def _trait(self, spread: Any) -> float:
        return self.model.luck.gauss(spread.mean, spread.sd)

    def _expect(self) -> None:
        """Own standards from the ten factors, and the first prediction from four signals."""
        shop, p, scenario = self.model, self.model.p, self.model.scenario
        own = scenario.personas[self.persona].factors
        strength = {name: within(self._trait(own.get(name, factor))) for name, factor in scenario.factors.items()}
        away = {name: strength[name] - factor.mean for name, factor in scenario.factors.items()}
        self.alternatives_share = away.get("perceived_alternatives", 0.0)
        self.desired_base = within(
            p.desired_start + sum(factor.desired * away[name] for name, factor in scenario.factors.items()),
            p.zone_minimum,
        )
        self.adequate_base = within(p.adequate_start + sum(
            factor.adequate * away[name] for name, factor in scenario.factors.items() if name not in shop.own_rule
        ))  # fmt: skip

        def exposure(name: str) -> float:
            factor = scenario.factors.get(name)
            return 0.0 if factor is None else strength[name] / factor.mean if factor.mean else 1.0

        self.message_exposure, self.talk_exposure = exposure("explicit_promises"), exposure("word_of_mouth")
        signals = (
            p.explicit_weight * self.message_exposure,
            p.implicit_weight * exposure("implicit_promises"),
            p.word_of_mouth_weight * self.talk_exposure,
            p.past_weight * exposure("past_experience"),
        )
        seen = shop.draw_channels()
        self.predicted, self.desired, variance = [], [], 0.0
        for d in range(3):
            heard = [channel[d] for channel in seen]
            promised = sum(heard) / len(heard)
            said = (promised, scenario.company.implied, scenario.market.reputation, scenario.market.typical)
            self.predicted.append(sum(w * s for w, s in zip(signals, said, strict=True)) / sum(signals))
            self.desired.append(min(self.desired_base + shop.explicit_desired * (max(heard) - promised), 1.0))
            variance += sum((level - promised) ** 2 for level in heard) / len(heard) / 3
        self.normative = list(self.desired)
        self.uncertainty = p.uncertainty_start + p.inconsistency * variance
        self.adequate = [0.0, 0.0, 0.0]
        for d in range(3):
            self._settle_adequate(d, 1.0)

    def _read_reviews(self) -> None:
        weight = min(self.model.p.word_of_mouth_weight * self.talk_exposure, 1.0)
        self.predicted = [w + weight * (self.model.reputation() - w) for w in self.predicted]

    def _see_market(self, at: float) -> None:
        p, market = self.model.p, self.model.scenario.market
        rise = market.drift * at / 365
        before = self.alternatives
        self.alternatives += p.alternatives_speed * (within(self.model.best_competitor + rise) - before)
        gained = p.alternatives_gain * (self.alternatives - before)
        self.alternatives_share = within(self.alternatives_share + gained, -1, 1)
        best = within(market.best_in_class + rise)
        self.desired = [d + p.best_in_class_pull * max(best - d, 0) for d in self.desired]

    # --- one encounter: delivered, perceived, felt, learned, remembered

    def encounter(
        self,
        stop: Stop,
        at: float,
        shift: float = 0.0,
        lift: float = 0.0,
        origin: str | None = None,
        betrayal: bool = False,
        is_event: bool = True,
        gave_up: bool = False,
        is_contact: bool = False,
    ) -> set[str]:
        """Live one encounter; returns what came of it (failed, stuck, blew up)."""
        shop, p, luck = self.model, self.model.p, self.model.luck
        self.fade(at)
        origin = origin or stop.name
        spared = stop.flawless or shop.stops[origin].flawless
        failed = is_event and not spared and luck.random() < stop.failure_probability
        surprised = is_event and not failed and luck.random() < stop.wow_probability
        stuck = is_event and not failed and not spared and luck.random() < stop.stuck_probability
        utility = shortfall = gap = got = wanted = 0.0
        is_poor, is_delighted = gave_up, False
        gain = max(self.uncertainty / (self.uncertainty + p.seen_variance), p.learning_floor)
        normative_weight = p.delivered_weight + p.predicted_weight - 1
        for d, weight in enumerate(stop.weights[self.persona]):
            level = stop.quality[d] + luck.gauss(0, 1) * stop.quality_sd[d]
            if failed:
                level -= stop.severity[d]
            if surprised:
                level += stop.wow_size[d]
            if d == 0:
                level += lift
            elif d == 2:
                level += shift - p.effort_effect * stop.effort - (stop.stuck_loss if stuck else 0.0)
            desired, adequate, predicted = self.desired[d], self.adequate[d], self.predicted[d]
            perceived = within(p.delivered_weight * within(level) + p.predicted_weight * predicted
                               - normative_weight * self.normative[d])  # fmt: skip
            if spared:
                perceived = max(perceived, (adequate + desired) / 2)
            value = science.felt(perceived, desired, adequate, p)
            if surprised and stop.wow_size[d] > 0 and perceived > desired:
                value += p.wow_bonus * 0.5 ** (self.delights / p.wow_exposures_to_halve)
                is_delighted = True
            utility += weight * value
            shortfall += weight * (perceived - adequate)
            gap += weight * (perceived - predicted)
            got += weight * perceived
            wanted += weight * desired
            is_poor = is_poor or (weight >= p.poor_weight and perceived < adequate - p.poor_shortfall)
            shop.count(science.DIMENSIONS[d], perceived - predicted)
            self._learn(d, perceived, gain)
        is_poor = (is_poor or shortfall < 0) and not spared
        self.uncertainty = self.uncertainty * (1 - gain) + p.uncertainty_drift
        moment = math.tanh(p.steepness * stop.importance * utility)
        self.delights += is_delighted
        outcome = set()
        if failed:
            outcome.add("failed")
            origin = stop.name
            known = faded(self.ledger.get(origin, 0.0), at - self.ledger_at, p.irritation_half_life_days)
            betrayal = known > p.repeat_memory and not stop.failure.outside
            self.is_monetary = self.is_monetary or stop.failure.monetary
            self.complaint_at = stop.failure.contact or self.complaint_at
        if stuck:
            origin, betrayal = stop.name, stop.technology.mode == "definer"
            outcome |= {"stuck", "failed"} if betrayal else {"stuck"}
        if utility < 0:
            self._hold_against(origin, -utility * stop.importance, betrayal)
            self.worst = max(self.worst, -utility)
            if self.irritation > self.tolerance and moment < 0 and not self.is_decided:
                outcome.add("blew up")
        self.goodwill += -(1 - p.goodwill_keep) * self.goodwill if is_poor else p.goodwill_gain * (1 - self.goodwill)
        if is_poor or "blew up" in outcome or (utility < 0 and not self.is_poor):
            self.last_straw = origin
        self.is_poor = self.is_poor or is_poor
        self.moments.append(moment)
        self.levels += got
        if is_event:
            self.effort += stop.effort + (p.contact_effort if is_contact else p.stop_effort)
        shop.count("encounters")
        shop.count(stop.name)
        for name, amount in (("poor", is_poor), ("very_poor", shortfall < -p.very_poor_margin), ("met", gap >= 0),
                             ("gap", gap), ("delighted", got > wanted), ("wows", surprised)):  # fmt: skip
            shop.count(name, amount)
        return outcome

    def _learn(self, d: int, perceived: float, gain: float) -> None:
        p = self.model.p
        self.predicted[d] += gain * (perceived - self.predicted[d])
        surprise = perceived - self.normative[d]
        self.normative[d] = within(
            self.normative[d] + (p.normative_rise if surprise > 0 else p.normative_fall) * surprise
        )
        standard = within(max(self.desired_base, self.normative[d]))
        self.desired[d] = within(self.desired[d] + p.desired_speed * (standard - self.desired[d]))
        self._settle_adequate(d, p.adequate_speed)

    def _settle_adequate(self, d: int, speed: float) -> None:
        """The adequate level heads for its target and stays below the desired one."""
        shop, p = self.model, self.model.p
        target = (
            self.adequate_base
            + shop.alternatives_effect * self.alternatives_share
            + shop.urgency_effect * self.urgency
            + shop.situation_effect * self.situation
            + p.predicted_effect * (self.predicted[d] - 0.5)
        )
        moved = self.adequate[d] + speed * (target - self.adequate[d])
        self.adequate[d] = max(min(moved, self.desired[d] - p.zone_minimum), 0.0)

    def fade(self, at: float) -> None:
        """Irritation and the excess of what should be fade with time alone."""
        p, days = self.model.p, at - self.faded_at
        if days > 0:
            self.irritation = faded(self.irritation, days, p.irritation_half_life_days)
            kept = (1 - p.normative_forgetting) ** (days / 30)
            self.normative = [
                self.desired_base + (h - self.desired_base) * kept if h > self.desired_base else h
                for h in self.normative
            ]
            self.faded_at = at

    def _hold_against(self, origin: str, loss: float, betrayal: bool) -> None:
        """A loss adds to irritation: goodwill softens what looks fair and sharpens what looks like betrayal."""
        p = self.model.p
        loss *= 1 + p.betrayal_amplifying * self.goodwill if betrayal else 1 - p.goodwill_buffering * self.goodwill
        days = self.faded_at - self.ledger_at
        self.ledger = {name: faded(old, days, p.irritation_half_life_days) for name, old in self.ledger.items()}
        self.ledger_at = max(self.ledger_at, self.faded_at)
        self.ledger[origin] = self.ledger.get(origin, 0.0) + loss
        self.irritation += loss

    def forgive(self, share: float) -> None:
        """A settled matter takes away a share of the irritation."""
        self.irritation *= 1 - share
        self.ledger = {name: old * (1 - share) for name, old in self.ledger.items()}

    def hear(self, felt: float, level: float) -> None:
        """What a friend got moves what one thinks will happen, bad news more."""
        p = self.model.p
        if self.status not in ("active", "prospect"):
            return
        weight = min(p.word_of_mouth_weight * self.talk_exposure * (p.heard_negative if felt < 0 else 1.0), 1.0)
        for d in range(3):
            self.predicted[d] += weight * (level - self.predicted[d])
            self.desired[d] += p.wom_desired * max(level - self.desired[d], 0.0)
            self._settle_adequate(d, 0.0)

    def take_over(self, other: Mind, day: float) -> None:
        """Start with the mind of a customer of the pilot; what fades is brought to the pilot's last day."""
        p = self.model.p
        for name in MIND:
            value = getattr(other, name)
            setattr(self, name, list(value) if isinstance(value, list) else value)
        half_life = p.irritation_half_life_days
        self.irritation = faded(other.irritation, day - other.faded_at, half_life)
        self.ledger = {name: faded(old, day - other.ledger_at, half_life) for name, old in other.ledger.items()}
        self.frequency_cut = faded(other.frequency_cut, day - other.frequency_cut_at, p.frequency_half_life_days)
