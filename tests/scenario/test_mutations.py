"""Whatever is done to a valid scenario, loading either succeeds or tells it in sentences."""

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cxsim
from cxsim.scenario.loading import default_factors
from cxsim.scenario.ready import ready_scenarios
from tests.scenario.told import problems
from tests.worlds import load_world, small_world, with_values

ODD_VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 2, 0.5, 1e308, -1e308, float("nan"), float("inf"), 10**30, "", " ", "end", "5 days",
    "-5 days", "1e999 days", "12 per year", "1e300 per year", "3 %", "300 %", "8-20", "mon-fri", "use", "support",
    "desk", "\0", "\ud800", "é" * 500, [], [[]], [None], [1] * 24, ["use", "use"], {}, {"": 1}, {"mean": 1},
    {"mean": "1 day", "sd": "1e4 days"}, {"kind": "use"}, {"end": 1}, {"a": {"b": {"c": {}}}}, b"bytes", object(),
    (1, 2), {1, 2}, 3 + 4j,
]  # fmt: skip
ODD_NAMES = ["", "end", "kind", "next", "desk", "use", "[key]", "list[float]", "x" * 300, "a.b", "\0", 7, None, True]


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths of every key and entry below a node."""
    keys = list(node) if isinstance(node, dict) else list(range(len(node))) if isinstance(node, list) else []
    return [place for key in keys for place in [(*path, key), *places(node[key], (*path, key))]]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A valid document with one to three keys deleted, renamed or given an odd value."""
    start = draw(st.sampled_from(["written", "document"]))
    world = small_world(factors=default_factors()) if start == "written" else load_world().document()
    world = with_values(world, {"personas.everyone.share": 1.0, "rules.loss_aversion": 2.0})
    storm = {"at": "9 days", "until": "20 days", "over": "2 days", "set": {"touchpoints.use.failure.probability": 0.9}}
    world["interventions"] = {"storm": storm}
    for _ in range(draw(st.integers(1, 3))):
        paths = places(world)
        if not paths:
            break
        *way, last = draw(st.sampled_from(paths))
        node: Any = world
        for key in way:
            node = node[key]
        change = draw(st.sampled_from(["delete", "set", "set", "rename"]))
        if change == "delete":
            del node[last]
        elif change == "rename" and isinstance(node, dict):
            node[draw(st.sampled_from(ODD_NAMES))] = node.pop(last)
        else:
            node[last] = copy.copy(draw(st.sampled_from(ODD_VALUES)))
    return world


def loads_or_tells(source: Any, overrides: dict[str, Any] | None = None) -> None:
    """Load; what is refused must be told in sentences, what is taken must load back from its document."""
    told = problems(source, overrides)
    for problem in told:
        assert problem.sentence
        assert "\n" not in problem.sentence
        assert "pydantic" not in str(problem)
    if not told:
        scenario = cxsim.load(source, overrides)
        assert cxsim.load(scenario.document()) == scenario


@given(mutated())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_mutated_scenario_loads_or_is_told(world: dict[str, Any]) -> None:
    loads_or_tells(world)


@pytest.mark.slow
@given(mutated())
@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_many_mutated_scenarios_load_or_are_told(world: dict[str, Any]) -> None:
    loads_or_tells(world)


ALL_PATHS = [".".join(map(str, path)) for path in places(load_world().document())]


@given(path=st.sampled_from(ALL_PATHS) | st.text("ab.[]0", max_size=6), value=st.sampled_from(ODD_VALUES))
@settings(max_examples=100, deadline=None)
def test_an_odd_override_loads_or_is_told(path: str, value: Any) -> None:
    loads_or_tells(small_world(), {path: value})


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_file_loads_or_is_told(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    content = bytearray(next(iter(ready_scenarios().values())).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        length = data.draw(st.integers(0, 20))
        content[place : place + length] = data.draw(
            st.sampled_from(
                [b"", b"\t", b"\n", b": ", b"- ", b"&a ", b"*a", b"!x ", b"{", b"]", b"'", b"\xff", b"%", b"null"]
            )
        )
    file = tmp_path_factory.mktemp("damaged") / "file.yaml"
    file.write_bytes(bytes(content))
    loads_or_tells(file)
