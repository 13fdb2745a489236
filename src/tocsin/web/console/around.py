"""What is round an alert: which channels carry it, drafts that machines made, lies that are about.

All of it is read from the API with the officer's own rights. Coverage is told there for the whole
country by the fewest regions; here it is cut to the place that the officer has chosen, else to
his own regions, so that "0 of 2.9 million people" is about those whom he is going to warn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tocsin.core.area import Leaves
from tocsin.core.authority import Permission
from tocsin.core.coverage import people
from tocsin.core.intake_drafts import is_proposed
from tocsin.core.refusals import Refusal
from tocsin.core.threats import Closing
from tocsin.core.world import World
from tocsin.web.console.speech import moment
from tocsin.web.console.told import Told, or_nothing, told
from tocsin.web.endpoint import Ask

SHOWN_S = 3600
"""A draft that nobody answered, or that lost its source, is shown for an hour."""
TOLD_OF = (Closing.RAN_OUT.value, Closing.WITHDRAWN.value)
"""How a draft ends without anybody at this desk: it may not go in silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One channel over one place. ``people`` had it there; ``reached`` still have it."""

    id: str
    name: str
    state: str
    """``carries``, ``at-risk``, ``unknown``, ``part`` (lost in a part), ``lost``, ``none``."""
    reached: int | None
    people: int | None
    lost_in: tuple[str, ...] = ()
    as_of: str | None = None
    """When a person last said something of it there: an old word looks old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Regions in which no channel wakes anybody by itself, and what people could carry there."""

    regions: tuple[str, ...]
    people: int | None
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Can we reach them? None of ``ways``: nobody can say, and the page says so.

    ``hidden``: so many installations do not open here; nothing of theirs is known to carry again.
    """

    ways: tuple[Way, ...] = ()
    alarm: Alarm | None = None
    hidden: int = 0


async def coverage(ask: Ask) -> Told | None:
    """Return the country's coverage as the API tells it; None where it does not."""
    found = await told(ask, "/api/v1/coverage")
    return None if isinstance(found, Refusal) else found


def cover(
    world: World, found: Mapping[str, Any] | None, place: Leaves, mine: Leaves, language: str
) -> Cover:
    """Return where each channel stands over ``place``; the alarm is about ``mine``."""
    if found is None:
        return Cover()
    channels = found.get("channels") or []
    return Cover(
        ways=tuple(
            _way(world, each, place, found.get("said") or [], language) for each in channels
        ),
        hidden=found.get("hidden") or 0,
        alarm=_alarm(world, channels, found.get("without_any") or [], mine, language),
    )


def leaves_of(world: World, codes: Iterable[str]) -> Leaves:
    """Return the leaves of the codes that the profile knows."""
    return world.tree.mask(code for code in codes if code in world.tree)


def _way(
    world: World,
    told_of: Mapping[str, Any],
    place: Leaves,
    said: Sequence[Mapping[str, Any]],
    language: str,
) -> Way:
    def part(name: str) -> Leaves:
        return leaves_of(world, (each["region"] for each in told_of[name])) & place

    lost = part("lost")
    words = (
        each for each in said
        if each["channel"] == told_of["channel"] and leaves_of(world, each["regions"]) & place
    )  # fmt: skip
    carries = leaves_of(world, told_of["carries"]) & place & ~lost
    all_ = carries | lost
    if not all_:
        state = "none"
    elif not carries:
        state = "lost"
    elif lost:
        state = "part"
    elif part("at_risk"):
        state = "at-risk"
    else:
        state = "unknown" if part("unknown") else "carries"
    return Way(
        id=told_of["channel"], name=_named(told_of, language), state=state,
        reached=people(world.tree, carries), people=people(world.tree, all_),
        lost_in=tuple(world.tree.fewest(lost)),
        as_of=max((str(each["as_of"]) for each in words), default=None),
    )  # fmt: skip


def _alarm(
    world: World,
    channels: Sequence[Mapping[str, Any]],
    without: Sequence[Mapping[str, Any]],
    mine: Leaves,
    language: str,
) -> Alarm | None:
    bare = leaves_of(world, (each["region"] for each in without)) & mine
    if not bare:
        return None
    return Alarm(
        regions=tuple(world.tree.fewest(bare)),
        people=people(world.tree, bare),
        left=tuple(
            _named(each, language) for each in channels
            if each["by_hand"] and leaves_of(world, each["carries"]) & bare
        ),
    )  # fmt: skip


def _named(told_of: Mapping[str, Any], language: str) -> str:
    names = told_of["name"]
    return str(names.get(language) or next(iter(names.values()), told_of["channel"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft as the API tells it. ``is_proposed``: an alert from it waits for a second person."""

    told: Told
    may_dismiss: bool
    is_proposed: bool

    @property
    def sources(self) -> int:
        """Return how many see it independently: keys of reports, or stations."""
        keys = {each["key"] for each in self.told["reports"] or []}
        return len(keys or self.told["sources"] or ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What machines saw in one's own regions: drafts, and reports too weak to draft anything."""

    drafts: tuple[Draft, ...] = ()
    held: tuple[Told, ...] = ()

    @property
    def waiting(self) -> tuple[Draft, ...]:
        """Return those that an operator must answer."""
        return tuple(each for each in self.drafts if not each.told["closed_at"])

    @property
    def ended(self) -> tuple[Draft, ...]:
        """Return those that ended without anybody at this desk."""
        return tuple(each for each in self.drafts if each.told["closed_at"])


async def drafted(ask: Ask, mine: Leaves, now: datetime) -> Drafted:
    """Return what waits of one's own regions, and what ended by itself there in the last hour."""
    found = or_nothing(await told(ask, "/api/v1/alert-drafts"))
    service = ask.house.service
    world, known = service.world, service.state.inbox.drafts

    def is_mine(each: Told) -> bool:
        return bool(leaves_of(world, each["regions"]) & mine)

    return Drafted(
        drafts=tuple(
            Draft(
                told=each,
                may_dismiss=not leaves_of(world, each["regions"]) & ~mine,
                is_proposed=each["id"] in known and is_proposed(service.state, known[each["id"]]),
            )
            for each in found["drafts"] or [] if is_mine(each) and _is_told(each, now)
        ),
        held=tuple(each for each in found["held"] or [] if is_mine(each)),
    )  # fmt: skip


def _is_told(each: Told, now: datetime) -> bool:
    if not each["closed_at"]:
        return True
    age_s = (now - moment(each["closed_at"])).total_seconds()
    return each["how"] in TOLD_OF and age_s < SHOWN_S


async def counterfeits(ask: Ask) -> list[Told]:
    """Return the false warnings that are about, for whoever may say so or end it."""
    if not ask.identity.may(Permission.SITUATION):
        return []
    found = or_nothing(await told(ask, "/api/v1/counterfeits")).get("counterfeits") or []
    return [each for each in found if not each["ended"]]
