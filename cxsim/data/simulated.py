"""The simulated world as rows of the same kind as a company's own files: orders with their scores, contacts with waits.

Every customer is followed; of the event log only what is needed is kept. The survey is an instrument, and is read in
the same way in both worlds: customers whose parcel is overdue answer while still waiting if the moment of their answer
comes before the parcel does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cxsim.compiling import compiled
from cxsim.data.orders import Floats, whole_days_late
from cxsim.engine import streams
from cxsim.engine.log import ENCOUNTER, ENTRY, GIVING_UP, ORDERED, OVERDUE_NOTICE, QUEUE_JOINED
from cxsim.engine.streams import make_key, normal
from cxsim.model import CustomerModel
from cxsim.rules.satisfaction import survey_stars
from cxsim.scenario.schema import Scenario

_KEPT = ("at", "customer", "serial", "journey", "event", "touchpoint", "satisfaction", "wait_minutes", "days",
         "promised_days")  # fmt: skip
_KEPT_ENTRY = np.dtype([(name, ENTRY[name]) for name in _KEPT])


@dataclass(frozen=True)
class Answering:
    """When customers whose parcel is overdue answer the survey, if it does not come before.

    Attributes:
        days: days after the promised instant, rising.
        share: share of those still waiting who have answered by then, rising.
    """

    days: Floats
    share: Floats

    def at(self, uniform: Floats) -> Floats:
        """Days after the promise at which customers with these uniforms answer; infinite beyond the last share."""
        place = np.searchsorted(self.share, uniform, side="left")
        return np.append(self.days, np.inf)[place]


def _follow(scenario: Scenario, seed: int, replication: int, events: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """Log of all customers, the events named only, by customer and then as lived."""
    pieces: list[np.ndarray[Any, Any]] = []

    def keep(piece: Any) -> None:
        entries = np.asarray(piece)
        entries = entries[np.isin(entries["event"], events)]
        few = np.empty(len(entries), dtype=_KEPT_ENTRY)
        for name in _KEPT:
            few[name] = entries[name]
        pieces.append(few)

    everybody = range(scenario.population.customers)
    model = CustomerModel(scenario, rng=seed, replication=replication, follow=everybody, sink=keep)
    model.run()
    log = np.concatenate(pieces) if pieces else np.empty(0, dtype=_KEPT_ENTRY)
    return log[np.lexsort((log["serial"], log["customer"]))]


@compiled
def _stars(
    key: Any, customers: Any, journeys: Any, felt: Any, middle: float, slope: float, noise_sd: float, stars: Any
) -> None:
    for place in range(len(customers)):
        z = normal(key, customers[place], journeys[place], 0, streams.STARS)
        stars[place] = survey_stars(felt[place], z, middle, slope, noise_sd)


@dataclass(frozen=True)
class LivedOrders:
    """Orders of one simulated world, before anybody was asked.

    Attributes:
        orders: one row per order: customer, journey, at, promised_days, actual_days, days_late, and `group`, its place.
        moments: one row per encounter: `group` of its order, at, satisfaction; as lived.
        key: the world's luck.
    """

    orders: pd.DataFrame
    moments: pd.DataFrame
    key: Any

    def felt(self, until: Floats) -> Floats:
        """What is remembered of every order's journey at an instant: the mean of its peak and its end, as surveys ask.

        Nan where nothing had been lived by then.
        """
        group, satisfaction = self.moments["group"].to_numpy(), self.moments["satisfaction"].to_numpy()
        lived = self.moments["at"].to_numpy() <= until[group] + 1e-9
        group, satisfaction = group[lived], satisfaction[lived]
        end, peak = np.full(len(self.orders), np.nan), np.full(len(self.orders), np.nan)
        end[group] = satisfaction  # as lived: the last stays
        by_size = np.lexsort((-np.arange(len(group)), np.abs(satisfaction)))
        peak[group[by_size]] = satisfaction[by_size]  # the first of the largest stays
        return np.asarray(0.5 * (end + peak))

    def answered(self, answering: Answering, parameters: dict[str, float], grace_days: float) -> pd.DataFrame:
        """The orders with the score each would get, and whether it was given while still waiting."""
        orders = self.orders
        uniform = np.random.default_rng(1).random(len(orders))
        moment = np.maximum(answering.at(uniform), grace_days)
        lateness = (orders["actual_days"] - orders["promised_days"]).to_numpy()
        is_waiting = moment < lateness
        until = np.where(is_waiting, (orders["at"] + orders["promised_days"]).to_numpy() + moment, np.inf)
        felt = self.felt(until)
        stars = np.empty(len(orders))
        _stars(
            self.key, orders["customer"].to_numpy("int64"), orders["journey"].to_numpy("int64"),
            np.nan_to_num(felt), parameters["stars_middle"], parameters["stars_slope"], parameters["stars_noise"],
            stars,
        )  # fmt: skip
        stars[np.isnan(felt)] = np.nan
        promised, actual = (orders[name].to_numpy("float64") for name in ("promised_days", "actual_days"))
        return orders.assign(
            score=stars,
            is_waiting=np.where(np.isnan(felt), np.nan, is_waiting),
            answered_days=np.where(is_waiting, promised + moment, actual),
            is_exact=True,
        )


TAIL_DAYS = 150
"""Orders of the last days of a run, which may not have arrived by its end, are left out."""


def live_orders(scenario: Scenario, seed: int, replication: int = 0) -> LivedOrders:
    """Live a world with deliveries, and take from it every order after the warm-up that had the time to arrive."""
    log = _follow(scenario, seed, replication, (ENCOUNTER, OVERDUE_NOTICE, GIVING_UP, ORDERED))
    warm_up = scenario.warm_up
    delivery = next(stop for stop in scenario.touchpoints.values() if stop.kind == "delivery")
    is_order = (log["event"] == ORDERED) & (log["at"] >= warm_up) & (log["at"] < scenario.days - TAIL_DAYS)
    placed = pd.DataFrame({name: log[name][is_order] for name in ("customer", "journey", "at")})
    actual, promised = log["days"][is_order], log["promised_days"][is_order]
    placed["promised_days"], placed["actual_days"] = promised, actual
    placed["handover_days"] = np.nan
    placed["days_late"] = whole_days_late(actual, promised, delivery.grace)
    placed = placed.drop_duplicates(["customer", "journey"]).reset_index(drop=True)
    placed["group"] = np.arange(len(placed))
    is_moment = np.isfinite(log["satisfaction"])
    moments = pd.DataFrame({name: log[name][is_moment] for name in ("customer", "journey", "at", "satisfaction")})
    moments = moments.merge(placed[["customer", "journey", "group"]], on=["customer", "journey"], how="inner")
    return LivedOrders(placed, moments[["group", "at", "satisfaction"]], make_key(seed, replication))


def live_calls(scenario: Scenario, seed: int, replication: int = 0) -> pd.DataFrame:
    """Live a world with desks: one row per contact after the warm-up.

    Columns: customer, day (from the first Monday on), hour, weekday, wait_seconds, service_seconds, is_abandoned,
    is_queued.
    """
    log = _follow(scenario, seed, replication, (QUEUE_JOINED, ENCOUNTER, GIVING_UP))
    log = log[(log["event"] == QUEUE_JOINED) | np.isfinite(log["wait_minutes"])]
    joins = np.flatnonzero(log["event"][:-1] == QUEUE_JOINED)
    joins = joins[(log["event"][joins + 1] != QUEUE_JOINED) & (log["customer"][joins + 1] == log["customer"][joins])]
    joins = joins[log["at"][joins] >= scenario.warm_up]
    arrival, ends = log["at"][joins] + _first_weekday(scenario), log[joins + 1]
    wait = 60.0 * ends["wait_minutes"]
    gone = ends["event"] == GIVING_UP
    service = np.maximum((ends["at"] - log["at"][joins]) * 86400.0 - wait, 0.0)
    day = np.floor(arrival)
    return pd.DataFrame(
        {
            "customer": log["customer"][joins],
            "day": day.astype("int64"),
            "hour": np.floor((arrival - day) * 24.0).astype("int64"),
            "weekday": (day % 7).astype("int64"),
            "wait_seconds": wait,
            "service_seconds": np.where(gone, np.nan, service),
            "is_abandoned": gone,
            "is_queued": wait > 1e-6,
        }
    )


def _first_weekday(scenario: Scenario) -> int:
    return ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(scenario.start_weekday)
