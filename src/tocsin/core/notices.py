"""Watches and counterfeit notices as they stand, and how an event changes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from tocsin.core import notice_events as ne
from tocsin.core.area import Area
from tocsin.core.claims import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A watch that is kept, as of its last look."""

    id: str
    handle: str
    hazard: str
    regions: tuple[str, ...]
    voice: Voice
    as_of: datetime
    fresh_until: datetime
    words: str
    at: datetime
    looks: int = 1
    ended_at: datetime | None = None
    by: str = ""

    def is_fresh(self, now: datetime) -> bool:
        """Say whether it still says something about now."""
        return self.ended_at is None and now < self.fresh_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterfeit:
    """A false warning that is, or was, about."""

    id: str
    handle: str
    area: Area
    words: str
    at: datetime
    refutes: str | None = None
    ended_at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """All of them. Mappings are treated as frozen."""

    watches: Mapping[str, Watch] = field(default_factory=dict)
    counterfeits: Mapping[str, Counterfeit] = field(default_factory=dict)


def fold_notices(kept: Notices, event: ne.NoticeEvent) -> Notices:
    """Return what stands after ``event``; ``kept`` itself is not changed."""
    match event:
        case ne.WatchKept():
            old = kept.watches.get(event.watch_id)
            watch = Watch(
                id=event.watch_id, handle=event.handle, hazard=event.hazard,
                regions=event.regions, voice=event.voice, as_of=event.as_of,
                fresh_until=event.fresh_until, words=event.words, at=event.at,
                looks=1 if old is None else old.looks + 1, by=event.by,
            )  # fmt: skip
            return replace(kept, watches={**kept.watches, watch.id: watch})
        case ne.WatchEnded():
            if (held := kept.watches.get(event.watch_id)) is None:
                return kept
            ended = replace(held, ended_at=event.at)
            return replace(kept, watches={**kept.watches, held.id: ended})
        case ne.CounterfeitTold():
            told = Counterfeit(
                id=event.notice_id, handle=event.handle, area=event.area, words=event.words,
                at=event.at, refutes=event.refutes, by=event.by,
            )  # fmt: skip
            return replace(kept, counterfeits={**kept.counterfeits, told.id: told})
        case ne.CounterfeitEnded():
            if (notice := kept.counterfeits.get(event.notice_id)) is None:
                return kept
            over = replace(notice, ended_at=event.at)
            return replace(kept, counterfeits={**kept.counterfeits, notice.id: over})
        case _:
            assert_never(event)
