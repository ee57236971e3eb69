"""What visitors ask for in the browser, as it arrives."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import solara


def heed(text: str, do: Callable[[dict[str, Any]], None], problem: solara.Reactive[str]) -> None:
    """Do what a panel asks for; whatever a browser sends, the visitor gets a sentence.

    Args:
        text: the wish as JSON; "" for none.
        do: does it.
        problem: takes the sentence.
    """
    if not text:
        return
    try:
        do(json.loads(text))
    except Exception as error:  # a page must outlive it
        problem.value = f"That did not work ({type(error).__name__}: {error})."
