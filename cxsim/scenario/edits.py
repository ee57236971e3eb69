"""Changes to a scenario's text: values, entries and names; comments and everything untouched stay as they are."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Callable, Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from cxsim.scenario.errors import Problem, ScenarioError
from cxsim.scenario.forms import Forms
from cxsim.scenario.loading import Checked
from cxsim.scenario.reading import MOST_VALUES, ValuePath, parse_node
from cxsim.scenario.references import KEY, named_at, value_at
from cxsim.scenario.touchpoints import END

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9 _-]{0,39}")


class Edit:
    """One change, or several, to a text.

    Args:
        text: YAML that can be read.
        forms: its forms.

    Raises:
        ScenarioError: the text cannot be changed by forms.
    """

    def __init__(self, text: str, forms: Forms) -> None:
        self.forms = forms
        self.node = parse_node(text, "", MOST_VALUES)
        seen: set[int] = set()
        if _is_shared(self.node, seen):
            raise _refusal("The text uses YAML aliases (*name), which stand in several places: change it as text.")

    def text(self) -> str:
        """The text with what was changed."""
        yaml, stream = YAML(typ="rt"), io.StringIO()
        yaml.preserve_quotes, yaml.width = True, 4096
        yaml.indent(mapping=2, sequence=4, offset=2)
        yaml.dump(self.node, stream)
        return stream.getvalue()

    def put(self, path: ValuePath, value: Any) -> None:
        """Write a value; what its group held by default or from elsewhere stays."""
        node: Any = self.node
        for depth in range(1, len(path)):
            here, part = path[:depth], path[depth - 1]
            child = _get(node, part)
            if not isinstance(child, (dict, list)):
                if child is None:
                    child = self._opened(here)
                if not isinstance(child, (dict, list)):  # a single value that stands for its group
                    first = self.forms.first_name(here)
                    if path[depth:] == (first,):
                        _set(node, part, value)
                        return
                    child = _as_node({first: child})
                _set(node, part, child)
            node = child
        _set(node, path[-1], value if isinstance(value, (CommentedMap, CommentedSeq)) else _as_node(value))
        if path[-1] == "sd" and isinstance(node, dict) and node.get("distribution") == "fixed":
            del node["distribution"]  # whoever gives a fixed duration a spread wants it to vary

    def _opened(self, path: ValuePath) -> Any:
        """What to begin with where the text says nothing yet."""
        effective = self.forms.effective(path)
        written = value_at(self.forms.data, path)
        if isinstance(effective, list):
            return _as_node(copy.deepcopy(effective))
        if written is not None:
            return CommentedMap() if isinstance(written, Mapping) else written
        if not isinstance(effective, Mapping):
            return CommentedMap()
        model = self.forms.model(self.forms.schema_at(path))
        own = {} if model is None else {key: one.get("default") for key, one in model["properties"].items()}
        return _as_node({key: value for key, value in effective.items() if own.get(key) != value})

    def drop(self, path: ValuePath) -> None:
        """Take a value out of the text; its default holds, or what is extended. Groups left empty go with it."""
        node = _at(self.node, path[:-1])
        if node is None:
            return
        _delete(node, path[-1])
        above = path[:-1]
        schema = self.forms.schema_at(above) if above else {}
        is_plain_group = self.forms.model(schema) is not None and schema.get("default") is not None if above else False
        if above and not node and is_plain_group:
            self.drop(above)

    def remove(self, path: ValuePath) -> None:
        """Take an entry out of a mapping or list, also one that is extended; the journey goes on around a stop."""
        whole = self.forms.effective(path[:-1])
        if isinstance(path[-1], int) or value_at(self.forms.own, path[:-1]) is None:
            self._own(path[:-1])
        if path[:-1] == ("touchpoints",) and isinstance(whole, Mapping):
            self._lead_around(str(path[-1]), whole)
        node = _at(self.node, path[:-1])
        if node is not None and _has(node, path[-1]):
            _delete(node, path[-1])
        if self._is_extended(path):
            self.put(path, None)

    def take_away(self, path: ValuePath) -> None:
        """Take an optional part out, also one that is extended."""
        self.drop(path)
        if self._is_extended(path):
            self.put(path, None)

    def become_kind(self, name: str, kind: str) -> None:
        """Another kind for a touchpoint: what it then cannot have goes, what it must have comes."""
        path: ValuePath = ("touchpoints", name)
        stop = self.forms.effective(path)
        model, new = self._as_kind(name, {**(stop if isinstance(stop, Mapping) else {}), "kind": kind})
        for key in list(stop) if isinstance(stop, Mapping) else []:
            if key not in model["properties"]:
                self.take_away((*path, key))
        self.put((*path, "kind"), kind)
        for key in model["required"]:
            if key not in stop:
                self.put((*path, key), _as_node(new.starting((*path, key))))

    def _as_kind(self, name: str, stop: Mapping[str, Any]) -> tuple[dict[str, Any], Forms]:
        """Schema and forms of a touchpoint as it would be."""
        stops = self.forms.effective(("touchpoints",)) or {}
        forms = Forms(Checked({}, {**self.forms.data, "touchpoints": {**stops, name: stop}}))
        return forms.schema_at(("touchpoints", name)), forms

    def add(self, path: ValuePath) -> None:
        """A new entry of a mapping, with what it must have."""
        self._check_name(path)
        self._own(path[:-1])
        self.put(path, _as_node(self.forms.starting(path)))

    def append(self, path: ValuePath) -> None:
        """A new entry at the end of a list."""
        entries = self.forms.effective(path) or []
        self._own(path)
        _at(self.node, path).append(_as_node(self.forms.starting((*path, len(entries)))))

    def add_stop(self, name: str, kind: str, after: str) -> None:
        """A new touchpoint behind another, on its way."""
        self._check_name(("touchpoints", name))
        stops = self.forms.effective(("touchpoints",)) or {}
        stop: dict[str, Any] = {"kind": kind}
        model, new = self._as_kind(name, stop)
        stop |= {key: new.starting(("touchpoints", name, key)) for key in model["required"] if key != "kind"}
        if kind == "desk" and not self.forms.data.get("desks"):
            stop["desk"] = "desk"
            self.put(("desks", "desk"), CommentedMap())
        self.put(("touchpoints", name), _as_node(stop))
        if after in stops:
            self._behind(after, name)
        elif not stops:
            self.put(("journey", "start"), name)

    def copy(self, path: ValuePath, name: str) -> None:
        """An entry once more under another name, right behind the first."""
        self._check_name((*path[:-1], name))
        whole = self.forms.effective(path)
        self._own(path[:-1])
        node = _at(self.node, path[:-1])
        own = _get(node, path[-1])
        is_own = own is not None and not self._is_extended(path)
        entry = copy.deepcopy(own) if is_own else _as_node(copy.deepcopy(whole))
        if isinstance(entry, CommentedMap) and entry.get("label"):
            entry["label"] = f"{entry['label']} ({name})"
        place = list(node).index(path[-1]) + 1 if path[-1] in node else len(node)
        node.insert(place, name, entry)
        if path[:-1] == ("touchpoints",):
            self._behind(str(path[-1]), name)

    def move(self, path: ValuePath, by: int) -> None:
        """An entry so many places up (negative) or down among those of the text."""
        node = _at(self.node, path[:-1])
        names = list(node) if isinstance(node, dict) else []
        if path[-1] not in names or any(self._is_extended((*path[:-1], name)) for name in names):
            raise _refusal("What another scenario brings along stands in its order there.")
        place = names.index(path[-1])
        other = min(max(place + by, 0), len(names) - 1)
        names.insert(other, names.pop(place))
        for name in names:
            node.move_to_end(name)

    def rename(self, path: ValuePath, name: str) -> None:
        """Another name for an entry, wherever it is named."""
        old = str(path[-1])
        if name == old:
            return
        self._check_name((*path[:-1], name))
        section = tuple(str(part) for part in path[:-1])
        for place in list(named_at(self.forms.data, section, old)):
            if place[-1] == KEY:
                self._rename_key((*place[:-1], old), name)
            else:
                self.put(place, name)
        self._rename_interventions(section, old, name)
        self._rename_key(path, name)

    def _rename_key(self, path: ValuePath, name: str) -> None:
        node = _at(self.node, path[:-1])
        if node is None or not _has(node, path[-1]) or self._is_extended(path):
            self.put((*path[:-1], name), _as_node(copy.deepcopy(self.forms.effective(path))))
            self.put(path, None)
            return
        place = list(node).index(path[-1])
        comment = node.ca.items.pop(path[-1], None)
        value = node.pop(path[-1])
        node.insert(place, name, value)
        if comment is not None:
            node.ca.items[name] = comment

    def _rename_interventions(self, section: tuple[str, ...], old: str, name: str) -> None:
        start, became = ".".join((*section, old)), ".".join((*section, name))
        for key, one in (self.forms.data.get("interventions") or {}).items():
            sets = one.get("set") if isinstance(one, Mapping) else None
            for path in list(sets) if isinstance(sets, Mapping) else []:
                if path == start or path.startswith(start + "."):
                    self._rename_key(("interventions", key, "set", path), became + path[len(start) :])

    def _behind(self, first: str, name: str) -> None:
        """Customers go from the first touchpoint to this one, and on to where they went before."""
        ways = self.forms.effective(("touchpoints", first, "next")) or {END: 1}
        self.put(("touchpoints", name, "next"), _as_node(dict(ways)))
        self.replace_ways(first, {name: 1})

    def replace_ways(self, stop: str, ways: Mapping[str, Any]) -> None:
        """Where customers go from a touchpoint, instead of where they went."""
        path: ValuePath = ("touchpoints", stop, "next")
        now = value_at(self.forms.data, path) or {}
        gone = {key: None for key in now if key not in ways and self._is_extended((*path, key))}
        self.put(path, _as_node({**ways, **gone}))

    def _lead_around(self, name: str, stops: Mapping[str, Any]) -> None:
        """Ways to a touchpoint that goes lead to where it led."""
        raw = stops[name].get("next") if isinstance(stops.get(name), Mapping) else None
        onward = {key: share for key, share in (raw or {END: 1}).items() if key != name and _is_share(share)}
        total = sum(onward.values())
        onward = {key: share / total for key, share in onward.items()} if total > 0 else {END: 1}
        for other, stop in stops.items():
            ways = stop.get("next") if isinstance(stop, Mapping) else None
            if other == name or not isinstance(ways, Mapping) or not _is_share(ways.get(name)):
                continue
            new = {key: share for key, share in ways.items() if key != name}
            for key, share in onward.items():
                new[key] = round(new.get(key, 0) + share * ways[name], 10) if _is_share(new.get(key, 0)) else share
            self.replace_ways(other, new)
        journey = self.forms.data.get("journey")
        start, goal = (journey.get("start"), journey.get("goal")) if isinstance(journey, Mapping) else (None, None)
        heir = max(onward, key=lambda key: onward[key])
        if start == name and heir != END:
            self.put(("journey", "start"), heir)
        if isinstance(goal, list) and name in goal:
            self.put(("journey", "goal"), _as_node([one for one in goal if one != name]))

    def _own(self, path: ValuePath) -> None:
        """See that a mapping or list stands in the text, with what it holds by default."""
        if _at(self.node, path) is None:
            written = value_at(self.forms.data, path)
            self.put(path, CommentedMap() if isinstance(written, Mapping) else
                     _as_node(copy.deepcopy(self.forms.effective(path)) or {}))  # fmt: skip

    def _is_extended(self, path: ValuePath) -> bool:
        """Whether what is extended, or the default factors, bring something here."""
        return value_at(self.forms.below, path) is not None

    def _check_name(self, path: ValuePath) -> None:
        name = str(path[-1])
        if not _NAME.fullmatch(name) and path[:1] != ("interventions",):
            raise _refusal(f"'{name}' is no name; allowed: 1 to 40 letters, digits, spaces, - and _.")
        entries = self.forms.effective(path[:-1])
        if isinstance(entries, Mapping) and entries.get(name) is not None:
            raise _refusal(f"There is '{name}' already; choose another name.")
        if path[:-1] == ("touchpoints",) and name == END:
            raise _refusal(f"'{END}' is the name of the journey's end; choose another.")


def edited(text: str, forms: Forms, change: Callable[[Edit], None]) -> str:
    """A text after a change.

    Raises:
        ScenarioError: with what forbids it.
    """
    edit = Edit(text, forms)
    change(edit)
    return edit.text()


def _refusal(sentence: str) -> ScenarioError:
    return ScenarioError([Problem("", sentence)])


def _is_share(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_shared(node: Any, seen: set[int]) -> bool:
    """Whether a mapping or list stands in several places, by an alias or a merge."""
    if not isinstance(node, (CommentedMap, CommentedSeq)):
        return False
    if id(node) in seen or getattr(node, "merge", None):
        return True
    seen.add(id(node))
    return any(_is_shared(one, seen) for one in (node.values() if isinstance(node, dict) else node))


def _as_node(value: Any) -> Any:
    """Plain data as parts of a YAML text; small mappings of single values stand on one line."""
    if isinstance(value, Mapping):
        node = CommentedMap({key: _as_node(one) for key, one in value.items()})
        if value and len(value) <= 4 and not any(isinstance(one, (Mapping, list)) for one in value.values()):
            node.fa.set_flow_style()
        return node
    if isinstance(value, list):
        rows = CommentedSeq([_as_node(one) for one in value])
        if not any(isinstance(one, (Mapping, list)) for one in value):
            rows.fa.set_flow_style()
        return rows
    return value


def _key(node: Any, part: str | int) -> Any:
    """The key as it stands in the text, where a number may be a name."""
    if isinstance(node, dict):
        return next((key for key in node if str(key) == str(part)), part)
    return part


def _has(node: Any, part: str | int) -> bool:
    return part in range(len(node)) if isinstance(node, list) else _key(node, part) in node


def _get(node: Any, part: str | int) -> Any:
    return node[_key(node, part)] if _has(node, part) else None


def _set(node: Any, part: str | int, value: Any) -> None:
    node[_key(node, part)] = value


def _delete(node: Any, part: str | int) -> None:
    if _has(node, part):
        del node[_key(node, part)]


def _at(node: Any, path: ValuePath) -> Any:
    for part in path:
        if not isinstance(node, (dict, list)):
            return None
        node = _get(node, part)
    return node if isinstance(node, (dict, list)) else None
