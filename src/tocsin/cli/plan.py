"""A drill's plan, as TOML: what is given when, read and checked whole before anything is sent.

A plan can only name what it has issued itself, by a name of its own: no id or handle of an alert
stands in it, so it can never end or change one that is real. Whoever reads it needs no house.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from tocsin.cli.rooms import span

Do = Literal["issue", "update", "clear", "cancel", "wait"]
STEPS_MOST = 500
WAIT_MOST_S = 86_400

NEEDS: dict[str, tuple[str, ...]] = {
    "issue": ("name", "hazard", "area"), "update": ("alert",), "clear": ("alert",),
    "cancel": ("alert", "reason"), "wait": (),
}  # fmt: skip
"""What each step must say ..."""
TAKES: dict[str, tuple[str, ...]] = {
    "issue": ("level", "lasts", "text", "realm", "status"),
    "update": ("area", "level", "lasts", "reason", "text"), "clear": ("area", "reason"),
    "cancel": (), "wait": (),
}  # fmt: skip
"""... and what it may."""


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Own words in one language."""

    headline: str | None = None
    description: str | None = None
    instruction: str | None = None


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"lasts": "for"}):
    """One step; ``after_s`` counts from the step before."""

    do: Do
    after_s: Annotated[float, Meta(ge=0, le=WAIT_MOST_S)] = 0
    name: str | None = None
    alert: str | None = None
    hazard: str | None = None
    area: list[str] | None = None
    level: str | None = None
    lasts: str | None = None
    reason: str | None = None
    text: dict[str, Words] | None = None
    realm: str | None = None
    status: str | None = None


class Plan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"steps": "step"}):
    """A drill."""

    name: str
    steps: Annotated[list[Step], Meta(min_length=1, max_length=STEPS_MOST)]
    sender: str | None = None
    realm: str | None = None
    status: str | None = None

    @property
    def lasts_s(self) -> float:
        """How long it takes at its own pace, in seconds."""
        return sum(step.after_s for step in self.steps)


def read(data: str) -> Plan | list[str]:
    """Return the plan that a file holds, or all that is wrong with it."""
    try:
        plan = msgspec.convert(tomllib.loads(data), Plan)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as slip:
        return [str(slip)]
    return slips(plan) or plan


def slips(plan: Plan) -> list[str]:
    """Return all that is wrong with a plan, in words."""
    found = _only_drills("the plan", plan.realm, plan.status)
    given: dict[str, _Given] = {}
    now_s = 0.0
    for number, step in enumerate(plan.steps, 1):
        now_s += step.after_s
        which = f"step {number} ({step.do})"
        found += _only_drills(which, step.realm, step.status)
        found += _members(which, step)
        if step.lasts is not None and span(step.lasts) is None:
            found.append(f"{which}: for: say 2h, 90m, 1h30m or 45s")
        if step.do == "issue" and step.name is not None:
            if step.name in given:
                found.append(f"{which}: name: {step.name!r} was given to another alert already")
            given[step.name] = _Given(number, _ends_s(now_s, step.lasts))
        elif step.alert is not None:
            found += _on_alert(which, step, given, now_s)
    found += [
        f"step {each.step} (issue): {name!r} is never ended; add a clear or a cancel of all of it"
        for name, each in given.items()
        if not each.is_ended
    ]
    return found


class _Given(Struct):
    """An alert of the plan: the step that issues it, and when it runs out by itself."""

    step: int
    ends_s: float | None
    is_ended: bool = False


def _on_alert(which: str, step: Step, given: dict[str, _Given], now_s: float) -> Iterable[str]:
    name = step.alert or ""
    alert = given.get(name)
    if alert is None:
        yield f"{which}: alert: {name!r} is no alert that an earlier step of this plan issues"
        return
    if alert.is_ended:
        yield f"{which}: alert: {name!r} was ended by an earlier step"
    elif alert.ends_s is not None and now_s >= alert.ends_s:
        yield f"{which}: alert: {name!r} runs out before this step; let it last longer"
    if step.do == "update" and step.lasts is not None:
        alert.ends_s = _ends_s(now_s, step.lasts)
    if step.do == "cancel" or (step.do == "clear" and step.area is None):
        alert.is_ended = True


def _ends_s(now_s: float, lasts: str | None) -> float | None:
    length = (span(lasts) or timedelta()) if lasts is not None else None
    return None if length is None else now_s + length.total_seconds()


def _only_drills(which: str, realm: str | None, status: str | None) -> list[str]:
    """Say so where a plan names anything but a drill: it is refused, never put right."""
    found = []
    if realm not in (None, "drill"):
        found.append(f"{which}: realm: a plan runs in the drill room only, not in {realm!r}")
    if status not in (None, "Exercise"):
        found.append(f"{which}: status: a plan gives Exercise only, never {status!r}")
    return found


def _members(which: str, step: Step) -> list[str]:
    needs, takes = NEEDS[step.do], TAKES[step.do]
    found = [
        f"{which}: {_written(name)}: it needs one" for name in needs if not getattr(step, name)
    ]
    known = {"do", "after_s", *needs, *takes}
    found += [
        f"{which}: {_written(name)}: this step has no use for it"
        for name in Step.__struct_fields__
        if name not in known and getattr(step, name) is not None
    ]
    if step.do == "update" and all(
        getattr(step, name) is None for name in ("area", "level", "lasts", "reason", "text")
    ):
        found.append(f"{which}: it changes nothing")
    return found


def _written(name: str) -> str:
    return "for" if name == "lasts" else name
