"""Runs a drill's plan against a house: step by step, and ends what it began whatever happens.

It writes to the lines of the drill room alone, and only about alerts that it was told of as
drills when it issued them. An interruption is noticed between two writes, never within one, so
that it always knows what it has issued.
"""

from __future__ import annotations

import secrets
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from tocsin.cli.client import Problem
from tocsin.cli.output import console, drill_first, local, print_json, text
from tocsin.cli.plan import Plan, Step
from tocsin.cli.rooms import ROOMS, is_proposal, span, widened
from tocsin.cli.speaking import Call
from tocsin.clock import SystemClock, monotonic_s
from tocsin.core.alerts import BROKEN_OFF

DRILL = ROOMS["drill"]
BLINK_S = 0.1
LOOK_EVERY_S = 1.0
STOPPED = "The drill was stopped."
ENDED = ("not-in-force", "already-cleared", "already-cancelled")
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):  # a stop is no error
    """The run cannot go on; what it issued has ended."""

    def __init__(self, field: str, rule: str, help_: str) -> None:
        super().__init__(help_)
        self.field, self.rule, self.help = field, rule, help_


@dataclass
class Given:
    """An alert that the run has issued."""

    name: str
    id: str
    handle: str


class Run:
    """One run of a plan. ``paced``: at the plan's times, else without waiting."""

    def __init__(self, call: Call, plan: Plan, *, paced: bool) -> None:
        self._call = call
        self._plan = plan
        self._paced = paced
        self._open: dict[str, Given] = {}
        self._key = f"drill-{secrets.token_urlsafe(12)}"
        self._interrupted = False
        self._looked_at = 0.0

    def go(self) -> None:
        """Run all steps.

        Raises:
            Stopped: it was interrupted, refused, or broken off by a real alert.
        """
        with self._signals():
            try:
                for number, step in enumerate(self._plan.steps, 1):
                    self._wait(step.after_s if self._paced else 0)
                    self._do(number, step)
            finally:
                self._end_all()
        self._say({"do": "done"}, f"[bold green]✓[/] {text(self._plan.name)} is over")

    # -- steps -----------------------------------------------------------------------------------

    def _do(self, number: int, step: Step) -> None:
        if step.do == "wait":
            self._say({"step": number, "do": "wait"}, "wait")
            return
        if step.do == "issue":
            path, body = f"{DRILL}/alerts", issue_body(self._plan, step)
            tried = self._call.house.ask(f"{path}/preview", body)
            for each in tried["refusals"]:
                raise self._refused(number, Problem(each["field"], each["rule"], each["help"]))
            body["token"] = tried["token"]
        else:
            given = self._open[step.alert or ""]
            path, body = f"{DRILL}/alerts/{given.id}/{step.do}", self._change_body(step, given)
        done = self._call.house.try_post(path, body, key=f"{self._key}-{number}")
        if isinstance(done, Problem):
            raise self._refused(number, done)
        if is_proposal(done):
            done = self._approved(number, done)
        self._take(number, step, done)

    def _change_body(self, step: Step, given: Given) -> dict[str, Any]:
        body: dict[str, Any] = _sender(self._plan)
        if step.do == "update":
            body |= _said(step)
            if step.area is not None:
                alert = self._call.house.get(f"/api/v1/alerts/{given.id}")
                body["area"] = widened(self._call, alert, step.area)
        elif step.do == "clear" and step.area is not None:
            body["regions"] = step.area
        if step.reason is not None:
            body["reason"] = step.reason
        return body

    def _take(self, number: int, step: Step, done: dict[str, Any]) -> None:
        if step.do == "issue":
            name = step.name or ""
            self._open[name] = Given(name, done["id"], done["handle"])
        else:
            name = step.alert or ""
        if done["realm"] != "drill" or done["status"] != "Exercise":
            raise Stopped(f"step {number}", "not-a-drill", "the house answered with no drill")
        if step.do in ("clear", "cancel") and done["state"] != "active":
            self._open.pop(name, None)
        what = self._call.names.hazard(done["hazard"])
        places = self._call.names.places(done["area"]["regions"])
        self._say(
            {"step": number, "do": step.do, "name": name, "alert": done["id"],
             "handle": done["handle"], "state": done["state"], "revision": done["revision"]},
            f"{step.do:6} {text(name)}  {what}, {places}  [bold]{done['handle']}[/]",
        )  # fmt: skip

    def _approved(self, number: int, proposal: dict[str, Any]) -> dict[str, Any]:
        """Wait for the second person as a real alert would; return what became of it."""
        handle = proposal["handle"]
        self._say(
            {"step": number, "do": "propose", "proposal": proposal["id"], "handle": handle},
            f"waits for its second person: tocsin approve {handle}",
        )
        lines = f"{DRILL}/proposals/{proposal['id']}"
        while proposal["state"] == "waiting":
            try:
                self._wait(LOOK_EVERY_S)
            except Stopped:
                self._call.house.try_post(f"{lines}/withdraw", {})
                raise
            proposal = self._call.house.get(lines)
        if proposal["state"] != "approved":
            why = f": {proposal['reason']}" if proposal["reason"] else ""
            raise Stopped(
                f"step {number}", "not-approved", f"{handle} was {proposal['state']}{why}"
            )
        done: dict[str, Any] = self._call.house.get(f"/api/v1/alerts/{proposal['alert']}")
        return done

    # -- waiting ---------------------------------------------------------------------------------

    def _wait(self, seconds: float) -> None:
        """Wait; stop where the person interrupts or a real alert has broken the drill off."""
        until = monotonic_s() + seconds
        while True:
            if self._interrupted:
                raise Stopped("drill", "interrupted", "what was issued has ended; nothing follows")
            self._look()
            left = until - monotonic_s()
            if left <= 0:
                return
            time.sleep(min(BLINK_S, left))

    def _look(self) -> None:
        """See whether the run's own drills still stand: a real alert ends them at once."""
        if monotonic_s() - self._looked_at < LOOK_EVERY_S and self._paced:
            return
        self._looked_at = monotonic_s()
        for given in list(self._open.values()):
            alert = self._call.house.get(f"/api/v1/alerts/{given.id}")
            if alert["state"] not in ("cleared", "cancelled"):
                continue
            del self._open[given.name]
            if alert["reason"] == BROKEN_OFF:
                raise Stopped(
                    given.handle, "real-alert",
                    "A REAL ALERT is in force there: the drill is broken off, nothing follows",
                )  # fmt: skip
            raise Stopped(given.handle, "ended", "somebody else has ended it; nothing follows")

    def _refused(self, number: int, problem: Problem) -> Stopped:
        self._looked_at = 0.0
        self._look()  # broken off meanwhile: that is why, and is said
        if problem.rule == "real-alert-in-force":
            return Stopped(
                f"step {number}", "real-alert",
                f"A REAL ALERT is in force there: the drill is broken off. {problem.help}",
            )  # fmt: skip
        return Stopped(f"step {number} {problem.field}", problem.rule, problem.help)

    # -- the end ---------------------------------------------------------------------------------

    def _end_all(self) -> None:
        """End what the run has issued and not ended; the latest first."""
        for given in reversed(list(self._open.values())):
            path = f"{DRILL}/alerts/{given.id}/clear"
            body = {"reason": STOPPED, **_sender(self._plan)}
            done = self._call.house.try_post(path, body, key=f"{self._key}-end-{given.id}")
            if isinstance(done, Problem) and done.rule not in ENDED:
                told = f"{given.handle} STANDS: {done.rule}: {done.help}; tocsin clear it by hand"
                self._say({"do": "stands", "alert": given.id, "rule": done.rule},
                          f"[bold red]✗[/] {text(told)}")  # fmt: skip
                continue
            del self._open[given.name]
            self._say({"do": "end", "name": given.name, "alert": given.id},
                      f"end    {text(given.name)}  [bold]{given.handle}[/]")  # fmt: skip

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Take note of an interruption instead of being torn out of a write."""

        def note(*_: object) -> None:
            self._interrupted = True

        before = {each: signal.signal(each, note) for each in SIGNALS}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def _say(self, body: dict[str, Any], line: str) -> None:
        now = SystemClock().now()
        if self._call.as_json:
            print_json({"at": now, **body})
        else:
            console().print(f"  {local(now, seconds=True)}  {drill_first('drill')}{line}")


def issue_body(plan: Plan, step: Step) -> dict[str, Any]:
    """Return the request of a step that issues, as for the drill room."""
    return {
        "hazard": step.hazard, "area": {"regions": step.area}, "realm": "drill",
        **_said(step), **_sender(plan),
    }  # fmt: skip


def _said(step: Step) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if step.level is not None:
        found["level"] = step.level
    if step.lasts is not None:
        length = span(step.lasts) or timedelta()
        found["expires"] = (SystemClock().now() + length).isoformat()
    if step.text is not None:
        found["text"] = msgspec.to_builtins(step.text)
    return found


def _sender(plan: Plan) -> dict[str, Any]:
    return {} if plan.sender is None else {"sender": plan.sender}
