"""State of the visitor's own file on Calibrate: what was sent, which column is which, and the fit to it."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from typing import TYPE_CHECKING, Any

import solara

from cxsim.ui.data_tasks import Looked, Peek, columns_of, fit_data, look, peek
from cxsim.ui.jobs import Job, Jobs, Key
from cxsim.ui.uploads import Receiver, Upload
from cxsim.ui.wishes import heed

if TYPE_CHECKING:
    from cxsim.ui.visit import Visit

KINDS = {"orders": "Orders: promised, arrived, scored", "calls": "Contacts: waited, served or given up"}
UNITS = {"orders": ("days", "hours", "minutes", "seconds"), "calls": ("seconds", "minutes", "hours", "milliseconds")}
SCALES = {"": "1 to 5, unless the scores say otherwise", "0-10": "0 to 10", "1-10": "1 to 10", "0-100": "0 to 100",
          "1-7": "1 to 7"}  # fmt: skip
GRACES = {"1": "from the day after the promised one", "0": "from the promised minute on"}
SHARES = {str(percent): "all contacts" if percent == 100 else f"{percent} % of all contacts"
          for percent in range(100, 0, -10)}  # fmt: skip
DATES = {"": "2024-12-31, 31.12.2024 or seconds", "%m/%d/%Y %H:%M": "12/31/2024 14:05", "%m/%d/%Y": "12/31/2024",
         "%d/%m/%Y %H:%M": "31/12/2024 14:05", "%d/%m/%Y": "31/12/2024"}  # fmt: skip
OPTIONS = {"unit": "", "scale": "", "grace": "1", "share": "100", "dates": ""}
"""How a file is read, and what is chosen at first."""
MOST_WORLDS = {"orders": 200, "calls": 36}
"""Worlds that a fit lives, about; it may end sooner."""


class OwnFile:
    """A file, its columns, and what was made of it.

    Attributes:
        upload: the file; None before one is there.
        problem: why a file was not taken.
        kind: orders or calls.
        named: column for some of ours, where it is another than guessed, by kind.
        options: how the file is read.
        fit: digest of the fit that the address names.
        turn: rises when work is asked for, stopped or done.
        reader: reads files; the visit's own, so that nobody waits for the studies of others.
    """

    def __init__(self, visit: Visit, fit: str) -> None:
        self.session, self.jobs, self.reader = visit.session, visit.jobs, Jobs()
        self.upload: solara.Reactive[Upload | None] = solara.reactive(None)
        self.problem: solara.Reactive[str] = solara.reactive("")
        self.kind: solara.Reactive[str] = solara.reactive("")
        self.named: solara.Reactive[dict[str, dict[str, str]]] = solara.reactive({"orders": {}, "calls": {}})
        self.options: solara.Reactive[dict[str, str]] = solara.reactive(dict(OPTIONS))
        self.fit: solara.Reactive[str] = solara.reactive(fit if re.fullmatch(r"[0-9a-f]{16}", fit) else "")
        self.turn: solara.Reactive[int] = solara.reactive(0)
        self._receiver: Receiver | None = None
        self._looked_last: Key = ("look",)

    def close(self) -> None:
        """Remove the file with the visit."""
        self.reader.close()
        if self._receiver is not None:
            self._receiver.close()

    @property
    def state(self) -> dict[str, str]:
        """What it adds to the address."""
        return {"fit": self.fit.value} if self.fit.value else {}

    def take(self, message: Any, buffers: Any) -> int:
        """A message of the browser that sends a file."""
        if self._receiver is None:
            self._receiver = Receiver(self._arrived, self._refuse)
        if isinstance(message, dict) and message.get("do") == "begin":
            self.upload.value, self.problem.value, self.fit.value = None, "", ""
        return self._receiver.take(message, buffers)

    def _arrived(self, upload: Upload) -> None:
        self.kind.value, self.named.value, self.options.value = "", {"orders": {}, "calls": {}}, dict(OPTIONS)
        self.upload.value = upload
        self.reader.start(self.peek_key(), 1.0, peek, upload.path)
        self.turn.value += 1

    def _refuse(self, sentence: str) -> None:
        self.upload.value, self.problem.value = None, sentence

    def remove(self) -> None:
        """Forget the file now."""
        if self._receiver is not None:
            self._receiver.close()
            self._receiver = None
        self.upload.value, self.fit.value = None, ""
        self.turn.value += 1

    def peek_key(self) -> Key:
        """Key of the work that finds the columns."""
        upload = self.upload.value
        return ("peek", upload.digest, upload.name) if upload is not None else ("peek",)

    def peeked(self) -> Peek | None:
        """What the file seems to hold, once that is known."""
        job = self.reader.find(self.peek_key())
        return job.result if job is not None and job.state == "done" else None

    def chosen_kind(self) -> str:
        """Orders or contacts, as chosen, or as more of the columns say."""
        seen = self.peeked()
        if self.kind.value or seen is None:
            return self.kind.value or "orders"
        return "calls" if len(seen.calls) > len(seen.orders) else "orders"

    def mapping(self) -> dict[str, str]:
        """Their column for each of ours, "" for none: guessed, and as chosen."""
        seen, kind = self.peeked(), self.chosen_kind()
        guessed = {} if seen is None else (seen.orders if kind == "orders" else seen.calls)
        named = {**guessed, **self.named.value[kind]}
        return {column.name: named.get(column.name, "") for column in columns_of(kind)}

    def reading(self) -> dict[str, Any]:
        """How the file is read, as the functions that read take it."""
        options = self.options.value
        told: dict[str, Any] = {"unit": options["unit"] or None, "date_format": options["dates"] or None}
        if self.chosen_kind() == "orders":
            low, _, high = options["scale"].partition("-")
            told |= {"scale": (float(low), float(high)) if high else None, "grace_days": float(options["grace"])}
        return told

    def share(self) -> float:
        """Share of all contacts that the file holds."""
        return float(self.options.value["share"]) / 100.0

    def _told(self) -> str:
        upload = self.upload.value
        assert upload is not None
        return json.dumps([upload.digest, upload.name, self.chosen_kind(), self.mapping(), self.reading()])

    def look_key(self) -> Key:
        """Key of the work that reads the file."""
        return ("look",) if self.upload.value is None or self.peeked() is None else ("look", self._told())

    def look(self) -> None:
        """Read the file as it is mapped now; an outdated reading is stopped."""
        upload = self.upload.value
        if upload is None or self.peeked() is None:
            return
        if self._looked_last != self.look_key():
            self.reader.stop(self._looked_last)
        self._looked_last = self.look_key()
        self.reader.start(self._looked_last, 1.0, look, upload.path, self.chosen_kind(), self.mapping(), self.reading())
        self.turn.value += 1

    def looked(self) -> Looked | None:
        """What was found in the file, as it is mapped now."""
        job = self.reader.find(self.look_key())
        return job.result if job is not None and job.state == "done" else None

    def fit_key(self) -> Key:
        """Key of the fit: the one asked for, or the one that the address names."""
        if self.upload.value is None or self.peeked() is None:
            return ("fit", self.fit.value)
        told = self._told() + (str(self.share()) if self.chosen_kind() == "calls" else "")
        return ("fit", hashlib.sha256(told.encode()).hexdigest()[:16])

    def fitted(self) -> Job | None:
        """The fit, in whatever state."""
        return self.jobs.find(self.fit_key())

    def begin(self) -> None:
        """Fit a scenario to the file."""
        upload, kind = self.upload.value, self.chosen_kind()
        if upload is None or self.looked() is None:
            self.problem.value = "Send a file first, and name its columns."
            return
        arguments = (upload.path, kind, self.mapping(), self.reading(), self.share())
        self.jobs.start(self.fit_key(), MOST_WORLDS[kind], fit_data, *arguments)
        self.fit.value = self.fit_key()[1]
        self.turn.value += 1

    def command(self) -> str:
        """Command that makes the same fit from the file."""
        upload, kind, options = self.upload.value, self.chosen_kind(), self.options.value
        name = "FILE" if upload is None else upload.name
        mapped = [f"{ours}={theirs}" for ours, theirs in self.mapping().items() if theirs and theirs != ours]
        flags = [f"--map {shlex.quote(one)}" for one in mapped]
        flags += [f"--unit {options['unit']}"] if options["unit"] else []
        flags += [f"--date-format {shlex.quote(options['dates'])}"] if options["dates"] else []
        if kind == "orders":
            flags += [f"--scale {options['scale']}"] if options["scale"] else []
            flags += [f"--grace {options['grace']}"] if options["grace"] != "1" else []
        elif options["share"] != "100":
            flags.append(f"--share {self.share():g}")
        return " ".join([f"cxsim fit {kind} {shlex.quote(name)}", *flags])

    def told(self, text: str) -> None:
        """What the panels ask for; what is not its own goes to the session."""
        heed(text, lambda message: self._do(text, message), self.session.problem)

    def _do(self, text: str, message: dict[str, Any]) -> None:
        does, value = str(message.get("do")), str(message.get("value", ""))
        allowed: dict[str, Any] = {"unit": ("", *UNITS[self.chosen_kind()]), "scale": SCALES, "grace": GRACES,
                                   "share": SHARES, "dates": DATES}  # fmt: skip
        if does.startswith("column-"):
            self._name(does.removeprefix("column-"), value)
        elif does == "kind" and value in KINDS:
            self.kind.value = value
            self.options.value = dict(OPTIONS)
        elif does in allowed:
            if value in allowed[does]:
                self.options.value = {**self.options.value, does: value}
        elif does in ("run", "again"):
            self.begin()
        elif does == "remove":
            self.remove()
        elif does == "stop":
            self.jobs.stop(self.fit_key())
            self.turn.value += 1
        elif does != "kind":
            self.session.told(text)

    def _name(self, ours: str, theirs: str) -> None:
        seen, kind = self.peeked(), self.chosen_kind()
        if seen is not None and ours in self.mapping() and (not theirs or theirs in seen.columns):
            own = {**self.named.value[kind], ours: theirs}
            self.named.value = {**self.named.value, kind: own}
