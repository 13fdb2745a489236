"""All that can be asked of notices. ``words`` is the content hash of sentences by language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.core.area import Area
from tocsin.core.claims import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepWatch:
    """Say that somebody looked and saw no danger; with an id: the next look of that watch.

    ``sentences``: what people will read, by language, so that no watch is worded as an all-clear.
    """

    hazard: str
    regions: tuple[str, ...]
    voice: Voice
    as_of: datetime
    fresh_until: datetime
    words: str
    languages: tuple[str, ...]
    sentences: tuple[str, ...] = ()
    watch_id: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndWatch:
    """Stop keeping a watch."""

    watch_id: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TellCounterfeit:
    """Tell people at once that a warning which is about is false.

    ``sentences``: what people will read, by language, so that none is worded as an all-clear.
    """

    area: Area
    words: str
    languages: tuple[str, ...]
    sentences: tuple[str, ...] = ()
    refutes: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCounterfeit:
    """Say that it is no longer about."""

    notice_id: str
    by: str = ""


NoticeCommand = KeepWatch | EndWatch | TellCounterfeit | EndCounterfeit
NOTICE_MAKES_ONE = KeepWatch | TellCounterfeit
