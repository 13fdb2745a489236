"""The watch: "observed, unchanged, as of T, says whom". Never an all-clear (DESIGN R10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tocsin.core import notice_commands as nc
from tocsin.core import notice_events as ne
from tocsin.core.alert import handle_of
from tocsin.core.events import Event
from tocsin.core.hazard import Phrase
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World

Answer = tuple[Event, ...] | Refusal


def keep(
    world: World, state: State, asked: nc.KeepWatch, now: datetime, ids: Sequence[str]
) -> Answer:
    """Record a look, the first of a watch or the next."""
    old = state.notices.watches.get(asked.watch_id or "")
    if asked.watch_id is not None and old is None:
        return _unknown(asked.watch_id)
    refused = _wrong(world, asked) or _wrong_times(asked, now) or _as_all_clear(world, asked)
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
    return None


def _as_all_clear(world: World, asked: nc.KeepWatch) -> Refusal | None:
    """Refuse words that people know from the all-clear of any hazard, or that promise safety."""
    known = {
        said.headline.casefold(): None
        for hazard in world.hazards.values()
        for said in hazard.words.get(Phrase.ALL_CLEAR, {}).values()
        if said.headline
    }
    for sentence in asked.sentences:
        plain = sentence.casefold()
        for words in (*known, *(each.casefold() for each in world.never_said)):
            if words in plain:
                return Refusal(
                    Rule.READS_AS_ALL_CLEAR, "/text",
                    f"People would read {words!r} as an all-clear, or as a promise.",
                )  # fmt: skip
    return None
