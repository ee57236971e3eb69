"""Errors of the schema in plain words, at the path where the user wrote the value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cxsim.scenario.documents import fields_near
from cxsim.scenario.errors import nearest
from cxsim.scenario.reading import Odd, ValuePath, short
from cxsim.scenario.touchpoints import KINDS


def is_other_branch(detail: Any, path: ValuePath) -> bool:
    """Whether pydantic tells of the branch "list" of a union where one number was written, or the other way round."""
    branch = detail["loc"][-1] if detail["loc"] else ""
    if path[-1:] == (branch,) or not isinstance(branch, str):
        return False
    return isinstance(detail["input"], list) != branch.startswith("list[")


def true_path(loc: Sequence[str | int], data: Any) -> ValuePath:
    """Location without the tags that pydantic adds for the kinds of a touchpoint and the branches of a union."""
    path: list[str | int] = []
    node = data
    for position, part in enumerate(loc):
        last = position == len(loc) - 1
        if position == 2 and loc[0] == "touchpoints":
            continue  # the kind
        if isinstance(node, dict) and (part in node or (last and part != "[key]")):
            path.append(part)
            node = node.get(str(part))
        elif isinstance(node, list) and isinstance(part, int) and part < len(node):
            path.append(part)
            node = node[part]
    return tuple(path)


_ALLOWED = {
    "greater_than_equal": "at least {ge:.12g}", "less_than_equal": "at most {le:.12g}",
    "greater_than": "more than {gt:.12g}", "less_than": "less than {lt:.12g}", "finite_number": "a finite number",
    "model_type": "a mapping of keys to values", "dict_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values", "list_type": "a list",
    "string_type": "text", "string_unicode": "text", "string_pattern_mismatch": "letters, digits, - and _",
    "int_type": "a whole number", "int_parsing": "a whole number", "int_from_float": "a whole number",
    "float_type": "a number", "float_parsing": "a number",
    "bool_type": "true or false", "bool_parsing": "true or false",
    "too_short": "at least {min_length}",
}  # fmt: skip
"""What is allowed, by pydantic's name of the error."""


def sentence_of(detail: Any, path: ValuePath) -> str:
    """One error of pydantic as a sentence: what was read, what is allowed."""
    kind, context, read = detail["type"], detail.get("ctx", {}), detail["input"]
    told = str(detail["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    if kind == "extra_forbidden":
        hint = nearest(str(detail["loc"][-1]), fields_near(detail["loc"]))
        sentence = f"unknown key '{detail['loc'][-1]}'" + (f"; {hint}" if hint else "")
    elif kind == "missing":
        sentence = f"'{path[-1] if path else detail['loc'][-1]}' is missing"
    elif isinstance(read, Odd):
        sentence = read.sentence
    elif read is None:
        sentence = "has no value, and there is nothing to remove; write a value, or leave the key out"
    elif kind in ("literal_error", "union_tag_invalid"):
        allowed = str(context.get("expected", context.get("expected_tags", ""))).replace("'", "").replace(" or ", ", ")
        read = context.get("tag", read)
        hint = nearest(str(read), [entry.strip() for entry in allowed.split(",")])
        sentence = f"read {short(read)}; {hint or 'allowed: ' + allowed}"
    elif kind == "union_tag_not_found":
        sentence = f"'kind' is missing; allowed: {', '.join(KINDS)}"
    elif kind in ("quantity", "weekdays", "hours"):
        sentence = told
    else:
        sentence = f"read {short(read)}; allowed: {_ALLOWED.get(kind, '').format(**context) or told}"
    return sentence
