"""From a company's own contact log to a scenario: arrivals, service times, patience and staffing.

Arrivals, service times and patience are fitted to the rows. Staffing is not in a contact log: the servers of every hour
of the week are those with which Erlang-A has people wait as long as they did; how far all of them are off, and how much
they differ from day to day, is then found in the real engine, with the same luck in every trial.
"""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np

from cxsim.data.call_lines import SIZE, call_lines
from cxsim.data.calls import FEWEST, FEWEST_GIVEN_UP, Calls
from cxsim.data.fitted import Estimated, Fitted, Progress, by_week, name_of, plain
from cxsim.data.lines import Compared, Line, compare
from cxsim.data.orders import Floats
from cxsim.data.patience import SHORTEST_SECONDS, Patience, fit_patience
from cxsim.data.simulated import live_calls
from cxsim.data.staffing import servers_for_wait
from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.loading import load
from cxsim.scenario.schema import Scenario

FIT_SEED, CHECK_SEED = 1, 2
FIT_WEEKS, CHECK_WEEKS = 36, 52
SHORTEST_SERVICE_SECONDS = 10.0
"""Shorter services are agents hanging up."""
FEWEST_PER_HOUR = 30
MOST_CALLS_LIVED = 400_000
_AIMS = {"wait-mean": 0.02, "wait-spread": 0.06}
"""What the level and the spread of the staffing are found by, and the miss that counts as one: of waits as a share."""


def fit_calls(calls: Calls, share: float = 1.0, progress: Progress | None = None) -> Fitted:
    """Fit a scenario to a contact log.

    Args:
        calls: as read.
        share: of all contacts that the log holds; below 1 where it is a sample.
        progress: called with 1 for every world lived.

    Raises:
        ScenarioError: there is too little to fit.
    """
    rows = calls.rows
    queued = rows[rows["is_queued"].to_numpy(bool)]
    gone = int(queued["is_abandoned"].sum())
    problems = []
    if len(rows) < FEWEST:
        problems.append(f"{len(rows):,} usable contacts; at least {FEWEST} are needed")
    if gone < FEWEST_GIVEN_UP:
        problems.append(f"{gone:,} contacts were given up; at least {FEWEST_GIVEN_UP} are needed to know patience")
    talks = _services(calls)
    if len(talks) < FEWEST_GIVEN_UP:
        problems.append(f"{len(talks):,} services have a usable time; at least {FEWEST_GIVEN_UP} are needed")
    if problems:
        raise ScenarioError([Problem("", sentence, calls.name) for sentence in problems])
    wait = queued["wait_seconds"].to_numpy("float64")
    patience = fit_patience(wait, queued["is_abandoned"].to_numpy(bool))
    service = (float(talks.mean()), float(talks.std(ddof=1)))
    pace = _pace(calls, service[0])
    per_hour = _per_hour(calls) / share
    exponential = float(np.maximum(wait, SHORTEST_SECONDS).sum() / gone)
    servers = _servers(calls, per_hour, service[0] * pace, exponential)
    document = _document(calls, per_hour, service, pace, servers, patience)
    found = Fitted("calls", document, calls.name, calls.quality, [], call_lines(rows))
    _tell(found, calls, patience, service, talks, share)
    _fit_staffing(found, servers, progress)
    found.compared = check_calls(found.scenario, found.observed)
    if progress is not None:
        progress(1)
    return found


def check_calls(scenario: Scenario, observed: list[Line], weeks: int = CHECK_WEEKS, seed: int = CHECK_SEED
                ) -> list[Compared]:  # fmt: skip
    """A scenario against the lines of a contact log, on luck of its own."""
    return compare(observed, simulated_lines(scenario, observed, weeks, seed))


def simulated_lines(scenario: Scenario, observed: list[Line], weeks: int, seed: int) -> list[Line]:
    """The lines of a simulated world; where the log is a sample, of as large a sample of its customers' contacts."""
    rows = live_calls(_sized(scenario, weeks), seed)
    if not len(rows):
        return []
    size = next((line.value for line in observed if line.name == SIZE), math.inf)
    own = float((rows["day"] * 24 + rows["hour"]).value_counts().mean())
    if size < 0.98 * own:
        rows = rows[np.random.default_rng(seed).random(len(rows)) < size / own]
    return call_lines(rows)


def _sized(scenario: Scenario, weeks: int) -> Scenario:
    """The scenario over some weeks, fewer where that would be too many contacts."""
    a_week = scenario.population.customers * sum(
        persona.share * persona.journeys_per_year for persona in scenario.personas.values()
    ) * 7 / 365  # fmt: skip
    chosen = max(min(weeks, int(MOST_CALLS_LIVED / max(a_week, 1.0))), 2)
    overrides = {  # a past changes what is felt, not how long people wait
        "warm_up": "7 days", "horizon": f"{7 * chosen} days", "replications": 1, "population.look_back": False,
        "record.encounters": 0, "record.customers": "none",
    }  # fmt: skip
    return load(scenario, overrides)


def _services(calls: Calls) -> Floats:
    """Times of service that are more than an agent hanging up."""
    seconds = calls.rows["service_seconds"].to_numpy("float64")
    seconds = np.asarray(seconds[np.isfinite(seconds)])
    talks = seconds[seconds >= SHORTEST_SERVICE_SECONDS]
    if not calls.quality.count("service-short"):
        calls.quality.add("service-short", len(seconds) - len(talks), f"Services under {SHORTEST_SERVICE_SECONDS:g} s "
                          "(hanging up) were left out of the service times.")  # fmt: skip
    return talks


def _pace(calls: Calls, mean: float) -> Floats:
    """Mean service by hour of the day over the mean of all."""
    rows = calls.rows[calls.rows["service_seconds"] >= SHORTEST_SERVICE_SECONDS]
    by_hour = rows.groupby("hour")["service_seconds"].agg(["mean", "size"]).reindex(range(24))
    known = by_hour["size"].fillna(0).to_numpy() >= FEWEST_PER_HOUR
    return np.asarray(np.where(known, by_hour["mean"].fillna(mean).to_numpy("float64") / mean, 1.0))


def _per_hour(calls: Calls) -> Floats:
    """Contacts per open hour of the week: (7, 24)."""
    counts = np.zeros((7, 24))
    np.add.at(counts, (calls.rows["weekday"].to_numpy(), calls.rows["hour"].to_numpy()), 1.0)
    return np.where(calls.open_dates > 0, counts / np.maximum(calls.open_dates, 1.0), 0.0)


def _servers(calls: Calls, per_hour: Floats, service: Floats, patience: float) -> Floats:
    """Servers of every hour of the week with which Erlang-A has its callers wait as long: (7, 24)."""
    rows = calls.rows
    waited, count = np.zeros((7, 24)), np.zeros((7, 24))
    place = (rows["weekday"].to_numpy(), rows["hour"].to_numpy())
    np.add.at(waited, place, rows["wait_seconds"].to_numpy("float64"))
    np.add.at(count, place, 1.0)
    overall = float(rows["wait_seconds"].mean())
    wait = (waited + FEWEST_PER_HOUR * overall) / (count + FEWEST_PER_HOUR)  # hours with few contacts lean on all
    servers = np.zeros((7, 24))
    for day, hour in np.argwhere(per_hour > 0):
        servers[day, hour] = servers_for_wait(per_hour[day, hour] / 3600, service[hour], patience, wait[day, hour])
    return servers


def _document(
    calls: Calls, per_hour: Floats, service: tuple[float, float], pace: Floats, servers: Floats, patience: Patience
) -> dict[str, Any]:
    """The scenario: one desk, one kind of caller."""
    a_year = float(per_hour.sum()) * 365 / 7
    customers = int(np.clip(round(a_year / 20, -3), 1_000, 100_000))
    return {
        "format": 1,
        "name": name_of(calls.name, "calls"),
        "title": f"Fitted to the contacts of {calls.name}",
        "description": (
            f"Arrivals, service times and patience fitted to {len(calls.rows):,} contacts of {calls.name}; servers are "
            "those with which people would have waited as long. Who calls how often, what they expect and how good the "
            "talk is, are defaults and assumptions; costs are not yours either."
        ),
        "horizon": "364 days",
        "warm_up": "28 days",
        "replications": 4,
        "population": {"customers": customers, "ended": 0, "drifted": 0},
        "personas": {
            "caller": {
                "label": "A caller", "journeys_per_year": f"{plain(a_year / customers, 5)} per year", "urgent_share": 0,
                "patience_spread": plain(patience.spread, 3),
            }
        },
        "rules": {"wait_multiplier": 1.0, "return_probability": 0.0},
        "journey": {
            "start": "call", "goal": ["call"], "starts_at": by_week(per_hour, "weight", 2),
            "source": f"contacts per open hour of {calls.name}",
        },
        "touchpoints": {
            "call": {"kind": "desk", "label": "the call", "desk": "lines",
                     "weights": {"people": 0.5, "product": 0.1, "process": 0.4}}
        },
        "desks": {
            "lines": {
                "label": "the lines",
                "shifts": by_week(servers, "servers", 2),
                "service": {"mean": f"{plain(service[0], 5)} s", "sd": f"{plain(service[1], 5)} s"},
                "service_by_hour": [round(float(value), 3) for value in pace],
                "patience": f"{plain(patience.mean_seconds, 5)} s",
                "patience_shape": plain(patience.shape, 4),
                "closing": "serve_out", "answer_target": "20 s", "resolution": 1.0,
                "source": f"{len(calls.rows):,} contacts of {calls.name}; patience was revealed in real minutes",
            }
        },
        "survey": {"answered": 0},
        "money": {"price": 0, "unit_cost": 0},
    }  # fmt: skip


def _tell(
    found: Fitted, calls: Calls, patience: Patience, service: tuple[float, float], talks: Floats, share: float
) -> None:
    """Estimates and notes of what was fitted to the rows."""
    how = "maximum likelihood, who was served being censored"
    for path, value, error, unit in (
        ("desks.lines.patience", patience.mean_seconds, patience.errors[0], "seconds"),
        ("desks.lines.patience_shape", patience.shape, patience.errors[1], "shape"),
        ("personas.caller.patience_spread", patience.spread, patience.errors[2], "ratio"),
    ):
        found.estimates.append(Estimated(path, plain(value, 5), error, unit, how))
    root = math.sqrt(len(talks))
    found.estimates.append(Estimated("desks.lines.service.mean", service[0], service[1] / root, "seconds", "rows"))
    found.estimates.append(Estimated("desks.lines.service.sd", service[1], service[1] / root, "seconds", "rows"))
    a_week = float(_per_hour(calls).sum()) / share
    error = a_week / math.sqrt(len(calls.rows))
    found.estimates.append(Estimated("contacts per week", a_week, error, "contacts", "rows"))
    order = sorted(patience.logliks.items(), key=lambda entry: -entry[1])
    found.notes.append("Patience by likelihood: " + "; ".join(f"{name} {value:,.0f}" for name, value in order) + ".")
    if patience.spread >= 1.99:
        found.notes.append("The spread of patience between customers is at the most that a scenario takes (2).")
    found.notes.append(
        "Contacts that come back after giving up are among the arrivals already, so none are added (return_probability "
        "0)."
    )
    if share < 1.0:
        found.notes.append(f"The file holds {100 * share:.1f} % of all contacts: arrivals were scaled up to all.")
    else:
        found.notes.append("The file is taken to hold all contacts; say --share 0.7 if it is a sample of 70 %: a queue "
                           "half as large makes people wait longer at the same load.")  # fmt: skip


def _with_staffing(document: dict[str, Any], servers: Floats, factor: float, spread: float) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    changed["desks"]["lines"]["shifts"] = by_week(np.where(servers > 0, np.maximum(factor * servers, 1.0), 0.0),
                                                  "servers", 2)  # fmt: skip
    changed["desks"]["lines"]["servers_sd"] = plain(spread, 3)
    return changed


def _fit_staffing(found: Fitted, servers: Floats, progress: Progress | None) -> None:
    """Level and day-to-day spread of the servers: least squares, every trial lived in the engine with the same luck."""
    from scipy import optimize

    observed = {line.name: line.value for line in found.observed}
    typical = float(servers[servers > 0].mean())

    def misses(x: Floats) -> list[float]:
        scenario = load(_with_staffing(found.document, servers, x[0], x[1] * typical))
        lines = {line.name: line.value for line in simulated_lines(scenario, found.observed, FIT_WEEKS, FIT_SEED)}
        if progress is not None:
            progress(1)
        return [_off(name, observed[name], lines.get(name, math.nan)) / size for name, size in _AIMS.items()]

    best = optimize.least_squares(misses, [1.0, 0.08], bounds=([0.5, 0.0], [2.0, 0.6]), diff_step=[0.02, 0.15],
                                  x_scale=[0.05, 0.05], max_nfev=10, xtol=1e-3, ftol=1e-3)  # fmt: skip
    factor, spread = float(best.x[0]), float(best.x[1]) * typical
    found.document = _with_staffing(found.document, servers, factor, spread)
    jacobian = np.asarray(best.jac, dtype="float64")
    covariance = np.linalg.pinv(jacobian.T @ jacobian)
    errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    how = f"simulation: least squares on {', '.join(_AIMS)}"
    found.estimates.append(Estimated("servers over Erlang-A's", factor, float(errors[0]), "ratio", how))
    size = float(errors[1]) * typical
    found.estimates.append(Estimated("desks.lines.servers_sd", plain(spread, 3), size, "servers", how))


def _off(name: str, observed: float, simulated: float) -> float:
    """Miss of a line: of waits on a logarithmic scale."""
    if not math.isfinite(simulated):
        return 1.0
    if name.startswith("wait"):
        return math.log(max(simulated, 0.1) / max(observed, 0.1))
    return simulated - observed
