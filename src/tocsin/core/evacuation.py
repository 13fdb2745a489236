"""The plan of an evacuation: where to, which way, by what, by when, and who helps (DESIGN R4).

People who are told to leave and not told where to are worse off than before. A hazard whose data
say so (``needs_plan``) is given with a whole plan in every language, or not at all, by any door.

Direction and destination are public. Exact assembly places and their times are not, unless the
authority says so (RELIABILITY P25a): a crowd is a target. They are sealed beside the chain, which
holds nothing of a plan but hashes and the deadline.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tocsin.core.plainwords import says_something, unfilled
from tocsin.core.refusals import Refusal, Rule

PUBLIC_FIELDS = ("destination", "routes", "transport", "help")
FIELDS = ("destination", "routes", "transport", "assembly", "help")
"""What a plan says in every language, in the order in which it is asked for."""
MISSING = {
    "destination": "where people go",
    "routes": "which way they go",
    "transport": "by what they go",
    "assembly": "where and when they gather",
    "help": "who helps those who cannot walk",
}

AT_ONCE = timedelta()

Said = Mapping[str, str]
"""One sentence or more, by language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan as the chain knows it: ``words`` and ``sealed`` are content hashes."""

    deadline: datetime
    words: str
    sealed: str
    assembly_public: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evacuation:
    """A plan with its words. ``words`` and ``sealed`` name what is stored of it."""

    deadline: datetime | None = None
    destination: Said = field(default_factory=dict)
    routes: Said = field(default_factory=dict)
    transport: Said = field(default_factory=dict)
    assembly: Said = field(default_factory=dict)
    help: Said = field(default_factory=dict)
    assembly_public: bool = False
    words: str = ""
    sealed: str = ""

    def said(self, name: str) -> Said:
        """Return one of ``FIELDS``, by language."""
        found: Said = getattr(self, name)
        return found


def bare_plan(asked: Evacuation | None) -> Evacuation | None:
    """Return a plan without its words; their hashes stay."""
    if asked is None:
        return None
    return replace(asked, destination={}, routes={}, transport={}, assembly={}, help={})


def plan_of(asked: Evacuation | None) -> Plan | None:
    """Return a whole plan as the chain holds it."""
    if asked is None or asked.deadline is None:
        return None
    return Plan(
        deadline=asked.deadline, words=asked.words, sealed=asked.sealed,
        assembly_public=asked.assembly_public,
    )  # fmt: skip


def missing(languages: tuple[str, ...], asked: Evacuation | None) -> tuple[Refusal, ...]:
    """Return a refusal for each thing that a plan does not say; none where it is whole."""
    plan = asked or Evacuation()
    refused = [
        Refusal(
            Rule.EVACUATION_INCOMPLETE, f"/evacuation/{name}/{language}",
            f"The plan does not say in {language!r} {MISSING[name]}; it is needed in every "
            f"language ({', '.join(languages)}).",
        )
        for name in FIELDS
        for language in languages
        if not says_something(plan.said(name).get(language, ""))
    ]  # fmt: skip
    refused += [
        Refusal(
            Rule.EVACUATION_INCOMPLETE, f"/evacuation/{name}/{language}",
            f"{found} is not filled in; nobody fills it in for you.",
        )
        for name in FIELDS
        for language in languages
        if (found := unfilled(plan.said(name).get(language, "")))
    ]  # fmt: skip
    if plan.deadline is None:
        refused.append(
            Refusal(
                Rule.EVACUATION_INCOMPLETE,
                "/evacuation/deadline",
                "The plan does not say by when people must have left.",
            )
        )
    return tuple(refused)


def too_late(held: Plan | None, now: datetime, least: timedelta = AT_ONCE) -> Refusal | None:
    """Refuse a deadline by which nobody can leave: in the past, or sooner than ``least``."""
    if held is None or (held.deadline > now and held.deadline >= now + least):
        return None
    said = "The deadline lies in the past; give one by which people can still leave."
    if held.deadline > now:
        minutes = least.total_seconds() / 60
        said = f"Nobody can leave by then; give people {minutes:g} minutes at least."
    return Refusal(Rule.DEADLINE_PAST, "/evacuation/deadline", said)


def beyond_end(asked: Evacuation | None, expires: datetime) -> Refusal | None:
    """Refuse a deadline after the alert's own end: people would read it when it is over."""
    if asked is None or asked.deadline is None or asked.deadline <= expires:
        return None
    return Refusal(
        Rule.BAD_VALUE, "/evacuation/deadline",
        "People must have left before the alert ends; give the alert a later end, or the plan an "
        "earlier deadline.",
    )  # fmt: skip
