"""Walks a journal and names the first row that does not fit.

Checked for each row, in this order: it has the next number; its audience exists; its number in
its audience's sequence is the next one (or none); its hash is the one that follows from the
row before; the words it names are there. Then all words stand under their own hash, and the
file itself is sound.

A chain cannot show rows cut off its end, nor a chain written anew to its end (``chain``): whoever
kept an earlier end elsewhere gives it as ``known``, and then it can.

Source: RELIABILITY P23, T22.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import msgspec

from tocsin.core.alert import Audience
from tocsin.errors import JournalBroken
from tocsin.journal import chain, times
from tocsin.journal.rows import Stored, to_stored
from tocsin.service.ports import Row

_BEFORE_ALL = -(1 << 63)
_REMEMBERED = 10_000


class Verifiable(Protocol):
    """What an engine shows of itself to be verified."""

    def stored(self) -> Iterator[Stored]:
        """Yield rows by number as they are stored."""
        ...

    def stored_texts(self) -> Iterator[tuple[str, bytes]]:
        """Yield all words with the hash they stand under."""
        ...

    def damage(self) -> str | None:
        """Return what the engine's own check finds wrong, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Misfit:
    """The first thing that does not fit: the row's number, or None if it is not a row, and why."""

    seq: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many rows fit from the first one on, the hash of the last of them, and what does not."""

    rows: int
    hash: bytes
    misfit: Misfit | None

    @property
    def is_ok(self) -> bool:
        """Say whether everything fits."""
        return self.misfit is None


class Growing(Protocol):
    """What a walk reads of a journal that grows meanwhile."""

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Row]:
        """Yield rows by number, from the one after ``after``."""
        ...

    def text(self, content: str) -> bytes | None:
        """Return the words of that content hash."""
        ...


class Onward:
    """A walk that stays where it came to, and goes on from there in bounded pieces.

    It looks at each row once, and at the last one that it knows each time; ``verify`` looks at
    everything. Not for two threads at once.
    """

    def __init__(self, journal: Growing) -> None:
        self._journal = journal
        self._walk = _Walk(_Asked(journal), ())

    def go_on(self, most: int) -> tuple[int, str | None]:
        """Walk at most so many rows on; return the last number that fits, and what does not.

        Raises:
            JournalUnavailable: it cannot be read now; may be called again.
        """
        walk = self._walk
        at = walk.seq
        found = 0
        try:
            rows = self._journal.read(at - 1 if at else _BEFORE_ALL, most + (at > 0))
            for found, row in enumerate(rows, start=1):
                stored = to_stored(row, times.to_us(row.recorded_at))
                if found == 1 and at:
                    if (row.seq, row.hash) != (at, walk.hash):
                        return at, f"row {at} is another one now: the journal was written anew"
                elif (why := walk.step(stored)) is not None:
                    return walk.seq, f"row {walk.seq + 1}: {why}"
        except JournalBroken:
            return walk.seq, f"row {walk.seq + 1} cannot be read: the file is damaged"
        if at and not found:
            return at, f"row {at} was there once: the journal was cut off before it"
        return walk.seq, None


class _Asked:
    """Whether words stand under their hash, asked for one by one; those that do are remembered."""

    def __init__(self, journal: Growing) -> None:
        self._journal = journal
        self._fit: set[str] = set()

    def get(self, content: str) -> bool | None:
        if content in self._fit:
            return True
        words = self._journal.text(content)
        if words is None or hashlib.sha256(words).hexdigest() != content:
            return None if words is None else False
        if len(self._fit) >= _REMEMBERED:
            self._fit.clear()
        self._fit.add(content)
        return True


class _Mentions(msgspec.Struct, frozen=True):
    texts: str | None = None


_MENTIONS = msgspec.json.Decoder(_Mentions)


def verify(journal: Verifiable, known: Iterable[tuple[int, bytes]] = ()) -> Verdict:
    """Return how far the journal fits. O(bytes of the journal); changes nothing.

    ``known`` are ends (number, hash) that somebody kept elsewhere: they must still be in it.
    """
    texts: dict[str, bool] = {}
    try:
        for content, words in journal.stored_texts():
            texts[content] = hashlib.sha256(words).hexdigest() == content
    except (JournalBroken, UnicodeDecodeError) as broken:
        return Verdict(0, chain.GENESIS, Misfit(None, f"the words cannot be read: {broken}"))
    walk = _Walk(texts, known)
    return walk.verdict(_first_misfit(journal, walk, texts))


def _first_misfit(journal: Verifiable, walk: _Walk, texts: Mapping[str, bool]) -> Misfit | None:
    try:
        for row in journal.stored():
            if (why := walk.step(row)) is not None:
                return Misfit(walk.seq + 1, why)
    except JournalBroken as broken:
        return Misfit(walk.seq + 1, str(broken))
    if (lost := walk.lost()) is not None:
        return Misfit(lost, "it was there once; the journal was cut off before it")
    for content, fits in texts.items():
        if not fits:
            return Misfit(None, f"the words under {content} are not its words")
    if (damage := journal.damage()) is not None:
        return Misfit(None, f"the file is damaged: {damage}")
    return None


class _Texts(Protocol):
    def get(self, content: str, /) -> bool | None:
        """Say whether the words under a hash are its words; None where there are none."""
        ...


class _Walk:
    """How far a walk has come: the last row that fitted and what must follow it."""

    def __init__(self, texts: _Texts, known: Iterable[tuple[int, bytes]]) -> None:
        self.seq = 0
        self.hash = chain.GENESIS
        self._audiences = dict.fromkeys((audience.value for audience in Audience), 0)
        self._texts = texts
        self._known: dict[int, set[bytes]] = {}
        for seq, hash_ in known:  # two ends of one number cannot both fit: neither hides the other
            self._known.setdefault(seq, set()).add(hash_)

    def verdict(self, misfit: Misfit | None) -> Verdict:
        return Verdict(self.seq, self.hash, misfit)

    def lost(self) -> int | None:
        """Return the first known number beyond the end, if any."""
        return min((seq for seq in self._known if seq > self.seq), default=None)

    def step(self, row: Stored) -> str | None:
        """Take the next row, or return why it does not fit."""
        seq, data, audience, audience_seq, hash_ = row[0], row[3], row[5], row[6], row[8]
        if seq != self.seq + 1:
            return f"there is no row {self.seq + 1}; the next one is {seq}"
        why = self._misnumbered(audience, audience_seq)
        if why is None and chain.link(self.hash, row[:8]) != hash_:
            why = "its hash does not follow from it and the row before: one of the two was changed"
        if why is None and self._known.get(seq, set()) - {hash_}:
            why = "another row had this number once: the journal was written anew"
        why = why or self._misses_words(data)
        if why is None:
            self.seq, self.hash = seq, hash_
            if audience_seq is not None:
                self._audiences[audience] = audience_seq
        return why

    def _misnumbered(self, audience: str, audience_seq: int | None) -> str | None:
        if (last := self._audiences.get(audience)) is None:
            return f"there is no audience {audience!r}"
        if audience_seq is None or audience_seq == last + 1:
            return None
        return f"its number for {audience} is {audience_seq}, not {last + 1}"

    def _misses_words(self, data: bytes) -> str | None:
        try:
            content = _MENTIONS.decode(data).texts
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None  # what an event says is the codec's matter; the chain holds any bytes
        fits = True if content is None else self._texts.get(content)
        if fits:
            return None
        said = "are missing" if fits is None else "were changed"
        return f"the words it names {said}: {content}"
