"""The watch: "observed, unchanged, as of T, says whom". Never an all-clear (DESIGN R10).

It says that somebody looked and knows of no danger. Beside an alert of the same danger that would
kill: there none can be kept, and one that is kept already says nothing while it lasts. Beside an
alert of another danger it says nothing either.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from tocsin.core import notice_commands as nc
from tocsin.core import notice_events as ne
from tocsin.core.alert import Alert, Status, handle_of
from tocsin.core.events import Event
from tocsin.core.notice_words import like_all_clear, with_address
from tocsin.core.notices import Watch
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World

Answer = tuple[Event, ...] | Refusal
LONGEST = timedelta(days=7)
"""From the look on; after that somebody must look again."""
MOST = 300
"""Characters of what a watch says in one language: one look, one sentence or two."""


def keep(
    world: World, state: State, asked: nc.KeepWatch, now: datetime, ids: Sequence[str]
) -> Answer:
    """Record a look, the first of a watch or the next."""
    old = state.notices.watches.get(asked.watch_id or "")
    if asked.watch_id is not None and old is None:
        return _unknown(asked.watch_id)
    refused = (
        _wrong(world, asked)
        or _wrong_times(asked, now)
        or _too_long(asked)
        or with_address(asked.sentences)
        or like_all_clear(world, asked.sentences)
        or _beside_alert(world, state, asked)
    )
    if refused is not None:
        return refused
    name = ids[0] if old is None else old.id
    taken = frozenset(each.handle for each in state.notices.watches.values())
    return (
        ne.WatchKept(
            at=now, watch_id=name, handle=handle_of(name, taken) if old is None else old.handle,
            hazard=asked.hazard, regions=world.tree.fewest(world.tree.mask(asked.regions)),
            voice=asked.voice, as_of=asked.as_of, fresh_until=asked.fresh_until,
            words=asked.words, by=asked.by,
        ),
    )  # fmt: skip


def end(state: State, asked: nc.EndWatch, now: datetime) -> Answer:
    """Stop keeping a watch."""
    held = state.notices.watches.get(asked.watch_id)
    if held is None:
        return _unknown(asked.watch_id)
    if held.ended_at is not None:
        return ()
    return (ne.WatchEnded(at=now, watch_id=held.id, by=asked.by),)


class Freshness(enum.StrEnum):
    """Whether a watch says anything of now."""

    FRESH = "fresh"
    STALE = "stale"
    BESIDE_ALERT = "beside-alert"


def freshness(
    world: World, state: State, watch: Watch, now: datetime, asked: str | None = None
) -> Freshness:
    """Return whether a watch says anything of now, to who asks about a region.

    "Nothing to do" beside a siren of any danger brings people out: while a real alert is in force
    in any part of what is asked for, it says nothing. Of an alert of its own danger it is enough
    that it lies in any of its regions. A draft that waits is the desk's: people see nothing of it,
    not even that a watch went quiet (RELIABILITY P27); its call reaches the officers.
    """
    if not watch.is_fresh(now):
        return Freshness.STALE
    tree = world.tree
    here = tree.mask(code for code in watch.regions if code in tree)
    seen = here & tree.mask((asked,)) if asked is not None else here
    for alert in state.in_force():
        if alert.status is not Status.ACTUAL:
            continue
        if tree.extent(alert.area).touched & (here if alert.hazard == watch.hazard else seen):
            return Freshness.BESIDE_ALERT
    return Freshness.FRESH


def _unknown(watch_id: str) -> Refusal:
    return Refusal(Rule.UNKNOWN_WATCH, "/id", f"No watch {watch_id!r} is kept here.")


def _wrong(world: World, asked: nc.KeepWatch) -> Refusal | None:
    if asked.hazard not in world.hazards:
        return Refusal(
            Rule.UNKNOWN_HAZARD, "/hazard", f"The profile has no hazard {asked.hazard!r}."
        )
    if not asked.regions:
        return Refusal(Rule.EMPTY_AREA, "/regions", "Name at least one region.")
    for number, code in enumerate(asked.regions):
        if code not in world.tree:
            return Refusal(
                Rule.UNKNOWN_REGION, f"/regions/{number}", f"The profile has no region {code!r}."
            )
    for language in world.languages:
        if language not in asked.languages:
            return Refusal(
                Rule.TEXT_MISSING, f"/text/{language}",
                f"It is told in every language: {', '.join(world.languages)}.",
            )  # fmt: skip
    if not (asked.voice.name.strip() or asked.voice.org.strip() or asked.voice.role.strip()):
        return Refusal(Rule.SOURCE_MISSING, "/voice", "Say who looked.")
    return None


def _wrong_times(asked: nc.KeepWatch, now: datetime) -> Refusal | None:
    if asked.as_of > now:
        return Refusal(Rule.TIME_IN_FUTURE, "/as_of", "Nobody has seen that yet.")
    if asked.fresh_until <= now:
        return Refusal(Rule.DEADLINE_PAST, "/fresh_until", "It would be stale already.")
    if asked.fresh_until - asked.as_of > LONGEST:
        return Refusal(
            Rule.EXPIRES_TOO_LATE, "/fresh_until",
            f"What was seen holds for {LONGEST.days} days at most; then look again.",
        )  # fmt: skip
    return None


def _too_long(asked: nc.KeepWatch) -> Refusal | None:
    if all(len(sentence) <= MOST for sentence in asked.sentences):
        return None
    return Refusal(
        Rule.TEXT_TOO_LONG, "/text", f"Say in {MOST} characters what was seen; it is no report."
    )


def _beside_alert(world: World, state: State, asked: nc.KeepWatch) -> Refusal | None:
    alert = _alert_over(world, state, asked.hazard, asked.regions)
    if alert is None:
        return None
    return Refusal(
        Rule.REAL_ALERT_IN_FORCE, "/regions",
        f"Alert {alert.handle} of this danger is in force there: no watch beside it.",
    )  # fmt: skip


def _alert_over(world: World, state: State, hazard: str, regions: Iterable[str]) -> Alert | None:
    """Return a real alert of that danger that nobody has said is over, in any part of these."""
    tree = world.tree
    here = tree.mask(code for code in regions if code in tree)
    for alert in state.in_force():
        is_meant = alert.hazard == hazard and alert.status is Status.ACTUAL
        if is_meant and tree.extent(alert.area).touched & here:
            return alert
    return None
