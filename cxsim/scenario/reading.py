"""Reading YAML: plain data, and the line of every value."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from cxsim.scenario.errors import Problem, ScenarioError, nearest

Place = tuple[str, int]

ValuePath = tuple[str | int, ...]

MOST_NESTED, MOST_VALUES = 32, 100_000
"""No scenario is nested deeper or holds more values; a file that does is refused before it fills the memory."""


@dataclass(frozen=True)
class Odd:
    """A YAML value that no scenario can use; told wherever it is met."""

    sentence: str

    def __str__(self) -> str:
        return self.sentence


class _ExcessError(Exception):
    """A text holds more than any scenario; told in a sentence."""


class _Bounded(Composer):
    """Stops while it reads, so that a text made to fill the memory, or to last, never gets that far."""

    def __init__(self, loader: Any = None, most: int = MOST_VALUES) -> None:
        super().__init__(loader)
        self._most, self._count, self._deep = most, 0, 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """A node and all below it."""
        self._count += 1
        if self._deep > MOST_NESTED + 1:
            raise _ExcessError(f"is nested more than {MOST_NESTED} deep")
        if self._count > 2 * self._most:  # a key and its value
            raise _ExcessError(f"holds more than {self._most} values")
        self._deep += 1
        node = super().compose_node(parent, index)
        self._deep -= 1
        return node


def plain(node: Any, file: str, path: ValuePath, places: dict[ValuePath, Place]) -> Any:
    """Plain data of a YAML node; notes the line of every key and entry."""
    if len(path) > MOST_NESTED:
        raise ScenarioError([Problem(dotted(path[:3]), f"is nested more than {MOST_NESTED} deep", file)])
    if len(places) > MOST_VALUES:
        raise ScenarioError([Problem("", f"holds more than {MOST_VALUES} values", file)])
    if isinstance(node, CommentedMap):
        for key in node:  # a key merged in by "<<" has no line of its own; counted all the same
            has_line = key in (node.lc.data or {})
            places[(*path, str(key))] = (file, node.lc.key(key)[0] + 1) if has_line else places.get(path, (file, 0))
        return {str(key): plain(value, file, (*path, str(key)), places) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        for index in range(len(node)):
            if index in (node.lc.data or {}):
                places[(*path, index)] = (file, node.lc.item(index)[0] + 1)
        return [plain(value, file, (*path, index), places) for index, value in enumerate(node)]
    if isinstance(node, bool) or node is None:
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    if isinstance(node, dt.date):
        return Odd(f"read the date {node}; write it as text in quotes")
    return Odd("read a value with a YAML tag ('!'); allowed: plain values, or text in quotes")


def read_yaml(file: Path) -> tuple[dict[str, Any], dict[ValuePath, Place]]:
    """Plain data of a YAML file and the line of every value.

    Raises:
        ScenarioError: the file is missing, unreadable, not YAML, or no mapping.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        neighbours = [path.name for path in file.parent.glob("*.yaml")] if file.parent.is_dir() else []
        hint = nearest(file.name, neighbours)
        raise ScenarioError([Problem("", "no such file" + (f"; {hint}" if hint else ""), str(file))]) from None
    except UnicodeDecodeError:
        raise ScenarioError([Problem("", "is not text in UTF-8", str(file))]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ScenarioError([Problem("", f"cannot be read: {reason}", repr(str(file))[1:-1])]) from None
    return parse_yaml(text, str(file))


def parse_yaml(text: str, file: str, most: int = MOST_VALUES) -> tuple[dict[str, Any], dict[ValuePath, Place]]:
    """Plain data of a YAML text and the line of every value; errors as in `read_yaml`."""
    node = parse_node(text, file, most)
    places: dict[ValuePath, Place] = {(): (file, 0)}
    data: dict[str, Any] = plain(node, file, (), places)
    return data, places


def parse_node(text: str, file: str, most: int = MOST_VALUES) -> CommentedMap:
    """A YAML text as it is written, with its comments; errors as in `read_yaml`."""
    yaml: Any = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.Composer = functools.partial(_Bounded, most=most)
    try:
        node = yaml.load(text)
    except _ExcessError as error:
        raise ScenarioError([Problem("", str(error), file)]) from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        sentence = (error.problem or "cannot be read as YAML").splitlines()[0]
        raise ScenarioError([Problem("", f"not valid YAML: {sentence}", file, line)]) from None
    except RecursionError:
        raise ScenarioError([Problem("", f"is nested more than {MOST_NESTED} deep", file)]) from None
    except (YAMLError, ValueError) as error:
        raise ScenarioError([Problem("", f"not valid YAML: {str(error).splitlines()[0]}", file)]) from None
    except (ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, TypeError):
        # faults of the YAML library on texts such as "a: &a {<<: *a}"
        raise ScenarioError([Problem("", "not valid YAML: cannot be made sense of", file)]) from None
    if not isinstance(node, CommentedMap):
        raise ScenarioError([Problem("", "is not a mapping of keys to values", file)])
    return node


def parse_set(text: str) -> tuple[str, Any]:
    """Path and value of an override such as "desks.support.servers=8"; the value is read as YAML."""
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise ScenarioError([Problem("", f"read {text!r}; write path=value, such as desks.support.servers=8", "--set")])
    if not value.strip():
        raise ScenarioError([Problem(path.strip(), "has no value; write null to remove it", "--set")])
    try:
        data = plain(YAML(typ="rt").load(value), "--set", (), {})
    except (YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, ScenarioError):
            raise
        raise ScenarioError([Problem(path.strip(), f"value {short(value)} is not valid YAML", "--set")]) from None
    if isinstance(data, Odd):
        raise ScenarioError([Problem(path.strip(), data.sentence, "--set")])
    return path.strip(), data


def dotted(path: Sequence[str | int]) -> str:
    """A path as the user writes it: names with dots, places in lists in brackets."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def short(value: object) -> str:
    """A value as it was read, cut to 60 characters."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
