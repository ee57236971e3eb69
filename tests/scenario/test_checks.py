"""What cannot be, said before a run starts: every rule of `checks.py` has a scenario that breaks it."""

import ast
import sys
from pathlib import Path
from typing import Any

import pytest

import cxsim
from cxsim.scenario import checks
from cxsim.scenario.loading import load_with_notes
from cxsim.scenario.memory import customers_ever, needed_bytes
from cxsim.scenario.parameters import MECHANISMS, PARAMETERS
from cxsim.scenario.schema import LIMITS
from tests.scenario.told import only_problem, problems
from tests.worlds import load_world, small_world, with_values

STOP = {"kind": "use"}
BREAKS: dict[str, tuple[dict[str, Any], str, str]] = {
    # Rules
    "unknown parameter": ({"rules.los_aversion": 2}, "rules.los_aversion", "did you mean 'loss_aversion'?"),
    "unknown mechanism": ({"mechanisms.peek_end": False}, "mechanisms.peek_end", "did you mean 'peak_end'?"),
    "negative parameter": ({"rules.loss_aversion": -1}, "rules.loss_aversion", "read -1.0; allowed: at least 0"),
    "share above 1": ({"rules.goodwill_keep": 1.1}, "rules.goodwill_keep", "allowed: at most 1"),
    "probability above 1": ({"rules.return_probability": 1.1}, "rules.return_probability", "allowed: at most 1"),
    "weight above 1": ({"rules.explicit_weight": 1.1}, "rules.explicit_weight", "allowed: at most 1"),
    "half-life of 0": ({"rules.irritation_half_life_days": 0}, "rules.irritation_half_life_days", "more than 0"),
    "scale of 0": ({"rules.late_scale_days": 0}, "rules.late_scale_days", "more than 0"),
    "halving after 0": ({"rules.wow_exposures_to_halve": 0}, "rules.wow_exposures_to_halve", "more than 0"),
    "peak and end above 1": ({"rules": {"peak_weight": 0.6, "end_weight": 0.6}}, "rules", "together are more than 1"),
    "moods out of order": ({"rules.edgy_from": 0.6}, "rules", "edgy_from < agitated_from < angry_from < 1"),
    "perception below 1": ({"rules.delivered_weight": 0.7}, "rules", "together are less than 1"),
    # Personas
    "no persona": ({"personas": {}}, "personas", "at least one persona is needed"),
    "shares of personas": ({"personas": {"a": {"share": 0.5}, "b": {"share": 0.4}}}, "personas", "shares sum to 0.9"),
    "unknown factor": ({"personas.a.factors.x": {"mean": 0.5}}, "personas.a.factors.x", "no factor 'x'"),
    "no needs": (
        {"personas.a.needs": {"people": 0, "product": 0, "process": 0}}, "personas.a.needs", "all needs are 0",
    ),
    # Touchpoints
    "touchpoint named end": (
        {"touchpoints.end": STOP, "touchpoints.billing.next": {"end": 1}}, "touchpoints.end", "choose another",
    ),
    "no weights": (
        {"touchpoints.use.weights": {"people": 0, "product": 0, "process": 0}}, "touchpoints.use.weights",
        "all weights are 0",
    ),
    "unknown trait": (
        {"touchpoints.site.traits": {"fast_respons": 0.5}}, "touchpoints.site.traits.fast_respons",
        "did you mean 'fast_response'?",
    ),
    "probabilities below 1": (
        {"touchpoints.site.next": {"delivery": 0.5, "end": 0.4}}, "touchpoints.site.next", "sum to 0.9; allowed: 1",
    ),
    "probabilities above 1": (
        {"touchpoints.site.next": {"delivery": 1, "end": 0.1}}, "touchpoints.site.next", "sum to 1.1; allowed: 1",
    ),
    "unknown next": (
        {"touchpoints.use.next": {"biling": 0.5, "billing": 0.5}}, "touchpoints.use.next.biling",
        "did you mean 'billing'?",
    ),
    "unknown way after a failure": (
        {"touchpoints.use.failure.next": "biling"}, "touchpoints.use.failure.next", "did you mean 'billing'?",
    ),
    "unknown contact": (
        {"touchpoints.use.failure.contact": "suport"}, "touchpoints.use.failure.contact", "did you mean 'support'?",
    ),
    "contact that is no desk": (
        {"touchpoints.use.failure.contact": "site"}, "touchpoints.use.failure.contact", "no touchpoint of kind desk",
    ),
    "contact missing": (
        {"touchpoints.site.failure": {"contact_probability": 0.5}}, "touchpoints.site.failure.contact", "is missing",
    ),
    "overdue contact missing": (
        {"touchpoints.delivery.overdue_contact": None}, "touchpoints.delivery.overdue_contact", "is missing",
    ),
    "unknown channel": (
        {"touchpoints.advert.channel": "advrt"}, "touchpoints.advert.channel", "did you mean 'advert'?",
    ),
    "unknown desk": ({"touchpoints.support.desk": "suport"}, "touchpoints.support.desk", "did you mean 'support'?"),
    # Journey
    "unknown start": ({"journey.start": "advrt"}, "journey.start", "did you mean 'advert'?"),
    "unknown goal": ({"journey.goal": ["us"]}, "journey.goal", "no touchpoint 'us'"),
    "goal that is only contacted": ({"journey.goal": ["support"]}, "journey.goal", "cannot be a goal"),
    "weights per hour": (
        {"journey.starts_at": [{"hours": "8-10", "weight": [1, 2, 3]}]}, "journey.starts_at[0].weight",
        "3 values for 2 hours",
    ),
    "no start weights": ({"journey.starts_at": [{"weight": 0}]}, "journey.starts_at", "never start"),
    "never reached": ({"touchpoints.island": STOP}, "touchpoints.island", "is never reached"),
    "circle": (
        {"touchpoints.billing.next": {"use": 1}}, "touchpoints.use.next", "no way leads from 'use', 'billing' to 'end'",
    ),
    "circle of one": ({"touchpoints.billing.next": {"billing": 1}}, "touchpoints.billing.next", "never ends"),
    "end with probability 0": (
        {"touchpoints.billing.next": {"use": 1, "end": 0}}, "touchpoints.use.next", "never ends",
    ),
    "circle by a sure failure": (
        {"touchpoints.billing.failure": {"probability": 1, "next": "use"}}, "touchpoints.use.next", "never ends",
    ),
    # Desks
    "desk without visits": ({"desks.suport": {}}, "desks.suport", "did you mean 'support'?"),
    "servers per hour": (
        {"desks.support.shifts": [{"hours": "8-10", "servers": [1, 2, 3]}]}, "desks.support.shifts[0].servers",
        "3 values for 2 hours",
    ),
    "no servers": ({"desks.support.servers": 0}, "desks.support", "nobody would ever be served"),
    "no servers in any shift": (
        {"desks.support.shifts": [{"hours": "8-10", "servers": [0, 0]}]}, "desks.support", "no server at any hour",
    ),
    "no shifts": ({"desks.support.shifts": []}, "desks.support", "no server at any hour"),
    "pace not for 24 hours": ({"desks.support.service_by_hour": [1, 1]}, "desks.support.service_by_hour", "2 values"),
    "no service time": ({"desks.support.service": "0 min"}, "desks.support.service", "read a mean of 0"),
    "spread far above the mean": (
        {"desks.support.service": {"mean": "1 s", "sd": "1 h"}}, "desks.support.service.sd", "100 times the mean",
    ),
    "spread without mean": ({"touchpoints.use.takes": {"mean": 0, "sd": "1 day"}}, "touchpoints.use.takes.sd", "100"),
    # Interventions
    "intervention beyond the horizon": (
        {"interventions.late": {"at": "90 days", "set": {"seed": 2}}}, "interventions.late.at", "beyond the horizon",
    ),
    "intervention that ends before it starts": (
        {"interventions.back": {"at": "9 days", "until": "5 days", "set": {"market.typical": 0.5}}},
        "interventions.back.until", "ends before it starts",
    ),
    # Size
    "too many personas": (
        {"personas": {f"p{n}": {"share": 1 / 17} for n in range(17)}}, "personas", "17 personas; allowed: at most 16",
    ),
    "too many factors": (
        {"factors": {f"f{n}": {"label": "x", "control": "controllable"} for n in range(15)}}, "factors",
        "25 factors; allowed: at most 24",
    ),
    "too many causes": (
        {"touchpoints.delivery.causes": {f"c{n}": {"extra": "1 day"} for n in range(65)}}, "touchpoints",
        "65 causes; allowed: at most 64",
    ),
    "memory": ({"population.customers": 200_000_000}, "population.customers", "GiB of memory"),
    "memory for newcomers": ({"population.newcomers": "1e8 per year", "horizon": "3650 days"}, "population.customers",
                             "GiB of memory"),
}  # fmt: skip


@pytest.mark.parametrize(("values", "path", "part"), BREAKS.values(), ids=BREAKS.keys())
def test_every_rule_has_a_scenario_that_breaks_it(
    values: dict[str, Any], path: str, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "available_bytes", lambda: 8 * 2**30)
    problem = only_problem(with_values(small_world(), values))
    assert problem.path == path
    assert part in problem.sentence


def crowded_world() -> dict[str, Any]:
    """One stop more than there is room for, each with a desk of its own."""
    world = small_world()
    names = [f"stop{number}" for number in range(LIMITS["touchpoints"])]
    for name, following in zip(names, [*names[1:], "end"], strict=True):
        world["touchpoints"][name] = {"kind": "desk", "desk": name, "next": {following: 1}}
    world["touchpoints"]["billing"]["next"] = {names[0]: 1}
    world["desks"] |= {name: {} for name in names}
    return world


def test_too_many_touchpoints_and_desks_are_told() -> None:
    found = {problem.path: problem.sentence for problem in problems(crowded_world())}
    assert found == {"touchpoints": "70 touchpoints; allowed: at most 64", "desks": "65 desks; allowed: at most 32"}


@pytest.mark.parametrize(
    "values",
    [
        {"touchpoints.billing.next": {"use": 0.9, "end": 0.1}},
        {"touchpoints.billing": {"kind": "billing", "next": {"use": 1}, "failure": {"next": "end"}}},
        {"touchpoints.site.next": {"delivery": 1, "end": 0}},
        {"touchpoints.site.next": {"delivery": 0, "end": 1}},
        {"personas": {"a": {"share": 0.1}, "b": {"share": 0.2}, "c": {"share": 0.7}}},
        {"touchpoints.site.failure": {"contact": "support", "contact_probability": 0}},
        {"touchpoints.delivery.handling_correlation": 1, "touchpoints.delivery.carrier_correlation": -1},
        {"desks.support.shifts": [{"hours": "8-10", "servers": [0, 1]}], "desks.support.servers": 0},
        {"desks.support.servers": 0.5},
        {"touchpoints.use.traits": {"order_tracking": 0.5}},
        {"rules.leave_base": -8},
    ],
)
def test_what_is_possible_is_let_through(values: dict[str, Any]) -> None:
    assert problems(with_values(small_world(), values)) == []


def test_one_mistake_is_told_once() -> None:
    world = with_values(small_world(), {"touchpoints.billing.next": {"ennd": 1}})
    assert [problem.path for problem in problems(world)] == ["touchpoints.billing.next.ennd"]


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.name)
def test_every_parameter_may_take_any_value_of_its_plausible_range(parameter: Any) -> None:
    assert parameter.low <= parameter.value <= parameter.high
    moods = {"edgy_from": 0.05, "agitated_from": 0.06, "angry_from": 0.99}
    for value in (parameter.low, parameter.high):
        values = {**moods, "peak_weight": 0.3, "end_weight": 0.3, "predicted_weight": 0.3, parameter.name: value}
        if parameter.name in ("agitated_from", "angry_from", "edgy_from"):
            values |= {"agitated_from": 0.55} if parameter.name == "edgy_from" else {}
        if parameter.name == "predicted_weight":
            values["delivered_weight"] = 1.0
        told = [finding for finding in checks.check(load_unchecked(values))[0] if finding[0][0] == "rules"]
        assert told == [], f"{parameter.name} = {value}"


def load_unchecked(rules: dict[str, float]) -> cxsim.Scenario:
    return cxsim.Scenario.model_validate({**load_world().document(), "rules": rules})


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda mechanism: mechanism.name)
def test_every_mechanism_may_be_switched_off_and_sets_known_parameters(mechanism: Any) -> None:
    scenario = load_world(**{f"mechanisms.{mechanism.name}": False})
    values, usual = scenario.parameters(), load_world().parameters()
    assert values.keys() == usual.keys()
    assert values != usual
    assert load_world(**{f"mechanisms.{mechanism.name}": True}).parameters() == usual


def test_a_value_outside_the_plausible_range_is_noted_not_refused() -> None:
    scenario, notes = load_with_notes(with_values(small_world(), {"rules.loss_aversion": 3, "rules.exponent": 0.9}))
    assert scenario.parameters()["loss_aversion"] == 3
    (note,) = notes
    assert (note.path, note.sentence) == ("rules.loss_aversion", "3 is outside the plausible range 1 to 2.5")


UNUSUAL: list[tuple[dict[str, Any], str, str]] = [
        ({"rules.exponent": 1.5}, "rules.exponent", "1.5 is outside the plausible range 0.5 to 1"),
        ({"warm_up": 0}, "warm_up", "without a warm-up"),
        ({"touchpoints.use.takes": {"mean": "1 day", "sd": "1 day", "distribution": "fixed"}},
         "touchpoints.use.takes.sd", "is not used: the distribution is fixed"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "path", "part"), UNUSUAL)
def test_what_is_unusual_is_noted(values: dict[str, Any], path: str, part: str) -> None:
    (note,) = load_with_notes(with_values(small_world(), values))[1]
    assert note.path == path
    assert part in note.sentence


def test_no_rule_is_left_out_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "available_bytes", lambda: 8 * 2**30)
    source = Path(checks.__file__)
    reached: set[int] = set()

    def trace(frame: Any, event: str, argument: object) -> Any:
        if frame.f_code.co_filename != str(source):
            return None
        if event == "line":
            reached.add(frame.f_lineno)
        return trace

    worlds = [with_values(small_world(), values) for values, _, _ in [*BREAKS.values(), *UNUSUAL]]
    worlds.append(crowded_world())
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for world in worlds:
            problems(world)
    finally:
        sys.settrace(before)
    tree = ast.parse(source.read_text(encoding="utf-8"))
    told = [node for node in ast.walk(tree) if isinstance(node, ast.Yield)]
    missed = [node.lineno for node in told if reached.isdisjoint(range(node.lineno, (node.end_lineno or 0) + 1))]
    assert len(told) > 40
    assert missed == [], f"no scenario breaks the rules on these lines of {source.name}"


def test_an_ordinary_scenario_has_no_notes() -> None:
    assert load_with_notes(small_world())[1] == []


def test_memory_grows_with_customers_newcomers_and_touchpoints() -> None:
    base = load_world()
    assert customers_ever(base) == 300
    assert needed_bytes(load_world(**{"population.customers": 3000})) == 10 * needed_bytes(base)
    newcomers = load_world(**{"population.newcomers": "1000 per year"})
    assert 300 + 1000 * 70 / 365 < customers_ever(newcomers) < 300 + 2 * 1000 * 70 / 365
    assert needed_bytes(base) > 300 * 400


def test_a_definer_that_always_sends_back_is_a_journey_without_end() -> None:
    """Who gets stuck there goes the way of failures, whatever the chance of a failure itself."""
    back = {"touchpoints.use.failure": {"probability": 0.0, "next": "site"}}
    for chance, rules, told in ((1.0, {}, True), (0.5, {"technology_stuck": 2.0}, True), (0.9, {}, False)):
        technology = {"mode": "definer", "stuck_probability": chance}
        found = problems(with_values(small_world(), back | {"touchpoints.use.technology": technology, "rules": rules}))
        assert [problem.sentence.startswith("the journey never ends") for problem in found] == [True] * told
    always = {"touchpoints.use.failure": {"probability": 1.0, "next": "site"}}
    assert len(problems(with_values(small_world(), always))) == 1
    assert problems(with_values(small_world(), always | {"touchpoints.use.flawless": True})) == []
