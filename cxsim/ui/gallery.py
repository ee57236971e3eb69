"""State of Claims: which claims are shown, which one is open, and the run that anyone can ask for."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import solara

from cxsim.evidence.claims.claim import Claim, Values
from cxsim.evidence.claims.judging import SEED, Judged, judged_from, run_count, tasks_of
from cxsim.evidence.claims.registry import CLAIMS, THEMES, theme_of
from cxsim.evidence.claims.saved import ClaimStudy, recorded_study
from cxsim.ui.jobs import Job, Key
from cxsim.ui.tasks import live_claim
from cxsim.ui.wishes import heed

if TYPE_CHECKING:
    from cxsim.ui.visit import Visit

TOPICS = {theme.lower().replace(" ", "-"): theme for theme in THEMES}
"""Themes of claims by what the address calls them."""
LUCKS = {"1": "luck of its own (seed 1)", "2": "other luck (seed 2)", "3": "other luck again (seed 3)",
         str(SEED): f"the recorded luck (seed {SEED}): gives the same"}  # fmt: skip
"""Seeds that a claim can be lived with here."""


@functools.cache
def study() -> ClaimStudy:
    """The claims as recorded, read once."""
    return recorded_study()


@functools.cache
def size(name: str) -> int:
    """Runs that a claim needs."""
    return run_count(tasks_of([CLAIMS[name]]))


class Gallery:
    """State of Claims.

    Attributes:
        claim: id of the open claim; "" for the gallery.
        topic: theme that is shown; "" for all.
        verdict: verdict that is shown; "" for all.
        luck: seed of a run asked for here.
        left: the claim that was open last.
        turn: rises when a run is asked for or stopped.
    """

    def __init__(self, visit: Visit) -> None:
        self.session, self.jobs = visit.session, visit.jobs
        state = visit.state
        claim, topic, verdict, luck = (state.get(key, "") for key in ("claim", "topic", "verdict", "luck"))
        self.claim: solara.Reactive[str] = solara.reactive(claim if claim in CLAIMS else "")
        self.topic: solara.Reactive[str] = solara.reactive(topic if topic in TOPICS else "")
        self.verdict: solara.Reactive[str] = solara.reactive(verdict if verdict in self.verdicts else "")
        self.luck: solara.Reactive[str] = solara.reactive(luck if luck in LUCKS else next(iter(LUCKS)))
        self.left = ""
        self.turn: solara.Reactive[int] = solara.reactive(0)
        if claim and claim not in CLAIMS:
            self.session.problem.value = f"There is no claim '{claim[:60]}'; these are all there are."

    @property
    def verdicts(self) -> list[str]:
        """Verdicts that came out, the best first."""
        order = ("holds", "holds in part", "not clear", "does not hold", "not yet judged")
        return [verdict for verdict in order if any(one.verdict == verdict for one in study().judged)]

    @property
    def state(self) -> dict[str, str]:
        """What the page adds to the address."""
        told = {"topic": self.topic.value, "verdict": self.verdict.value, "claim": self.claim.value}
        if self.claim.value:
            told["luck"] = self.luck.value
        return {key: value for key, value in told.items() if value}

    def address(self, name: str) -> str:
        """What opens a claim in an address, behind the world."""
        return urlencode({**self.state, "claim": name})

    def chosen(self) -> list[Judged]:
        """Claims that pass the filter."""
        topic = TOPICS.get(self.topic.value, "")
        return [one for one in study().judged if topic in ("", theme_of(one.claim))
                and self.verdict.value in ("", one.verdict)]  # fmt: skip

    def opened(self) -> Judged | None:
        """The open claim as recorded."""
        return next((one for one in study().judged if one.claim.id == self.claim.value), None)

    def key(self) -> Key:
        """Key of the run of the open claim."""
        return ("claim", self.claim.value, self.luck.value)

    def begin(self) -> None:
        """Live the worlds of the open claim."""
        name = self.claim.value
        self.jobs.start(self.key(), size(name), live_claim, name, int(self.luck.value))
        self.turn.value += 1

    def stop(self) -> None:
        """Stop living them."""
        self.jobs.stop(self.key())
        self.turn.value += 1

    def command(self, claim: Claim) -> str:
        """Command that lives the claim."""
        seed = int(self.luck.value)
        return f"cxsim claims {claim.id}" + ("" if seed == SEED else f" --seed {seed}")

    def told(self, text: str) -> None:
        """What the page's panels ask for; what is not its own goes to the session."""
        heed(text, lambda message: self._do(text, message), self.session.problem)

    def _do(self, text: str, message: dict[str, Any]) -> None:
        value = str(message.get("value", ""))
        match message.get("do"):
            case "claim" if value in CLAIMS or not value:
                self.left, self.claim.value = self.claim.value, value
                self.session.problem.value = ""
            case "topic" if value in TOPICS or not value:
                self.left, self.claim.value, self.topic.value = "", "", value
            case "verdict" if value in self.verdicts or not value:
                self.left, self.claim.value, self.verdict.value = "", "", value
            case "luck" if value in LUCKS:
                self.luck.value = value
            case "run" | "again":
                self.begin()
            case "stop":
                self.stop()
            case "claim" | "topic" | "verdict" | "luck":
                pass
            case _:
                self.session.told(text)


def fresh(job: Job, claim: Claim) -> Judged:
    """A claim judged by a run asked for here."""
    read: dict[str, Any] = job.result
    values, off = (None if read[key] is None else Values(read[key]) for key in ("values", "without"))
    return judged_from(claim, values, off)
