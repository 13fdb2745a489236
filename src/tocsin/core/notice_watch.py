"""The watch: "observed, unchanged, as of T, says whom". Never an all-clear (DESIGN R10).

It says that somebody looked and knows of no danger. Beside an alert of the same danger that would
kill: there none can be kept, and one that is kept already says nothing while the alert lasts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from tocsin.core import notice_commands as nc
from tocsin.core import notice_events as ne
from tocsin.core.alert import Alert, Status, handle_of
from tocsin.core.events import Event
from tocsin.core.hazard import Phrase, Words
from tocsin.core.notices import Watch
from tocsin.core.plainwords import holds, plain
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World

Answer = tuple[Event, ...] | Refusal
LONGEST = timedelta(days=7)
"""From the look on; after that somebody must look again."""
TELLING = 5
"""Letters of a word that alone gives an all-clear away, where all-clears begin with it."""
_SENTENCE = re.compile(r"\{place\}|[.:;!?\n]+")


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
        or _as_all_clear(world, asked)
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


def says_now(world: World, state: State, watch: Watch, now: datetime) -> bool:
    """Say whether a watch says anything of now: not stale, and no alert of its danger there."""
    return watch.is_fresh(now) and _alert_over(world, state, watch.hazard, watch.regions) is None


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


# -- words ---------------------------------------------------------------------------------------


def _as_all_clear(world: World, asked: nc.KeepWatch) -> Refusal | None:
    """Refuse words that people know from an all-clear, or that promise safety.

    Of any hazard and in any language, whatever language the sentence is in.
    """
    for sentence in asked.sentences:
        told = plain(sentence)
        for words in (*_of_all_clears(world), *world.never_said):
            if holds(told, plain(words)):
                return Refusal(
                    Rule.READS_AS_ALL_CLEAR, "/text",
                    f"People would read {words!r} as an all-clear, or as a promise.",
                )  # fmt: skip
    return None


def _of_all_clears(world: World) -> Iterator[str]:
    """Yield what is said at the end of a danger and at no other moment."""
    warning: dict[str, list[Words]] = {}
    ending: dict[str, list[Words]] = {}
    for hazard in world.hazards.values():
        _sort(hazard.words.get(Phrase.ALERT, {}), warning)
        _sort(hazard.words.get(Phrase.ALL_CLEAR, {}), ending)
    for language, said in ending.items():
        before = warning.get(language, [])
        headlines = [plain(each.headline) for each in before]
        instructions = [plain(each.instruction) for each in before]
        yield from (each.headline for each in said)
        for words in said:
            for part in (*_parts(words.headline), *_parts(words.description)):
                if not any(holds(each, plain(part)) for each in headlines):  # a danger's name
                    yield part
            release = next(_parts(words.instruction), "")  # the first sentence lets people go
            if not any(holds(each, plain(release)) for each in instructions):
                yield release
        yield from _openings(said, headlines)


def _sort(words: Mapping[str, Words], into: dict[str, list[Words]]) -> None:
    for language, said in words.items():
        into.setdefault(language, []).append(said)


def _parts(text: str) -> Iterator[str]:
    """Yield the sentences and their parts; a word alone could be any danger's name."""
    for part in _SENTENCE.split(text):
        if len(plain(part)) > 1:
            yield part.strip()


def _openings(said: Sequence[Words], warned: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield words with which all-clears of two dangers begin, and no warning's headline has."""
    first = Counter(words.headline.split()[0] for words in said if words.headline.split())
    for word, count in first.items():
        told = plain(word)
        is_telling = count > 1 and len("".join(told)) >= TELLING
        if is_telling and not any(holds(each, told) for each in warned):
            yield word
