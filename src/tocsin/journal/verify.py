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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import msgspec

from tocsin.core.alert import Audience
from tocsin.errors import JournalBroken
from tocsin.journal import chain
from tocsin.journal.rows import Stored


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
    return walk.verdict(_first_misfit(journal, walk))


def _first_misfit(journal: Verifiable, walk: _Walk) -> Misfit | None:
    try:
        for row in journal.stored():
            if (why := walk.step(row)) is not None:
                return Misfit(walk.seq + 1, why)
    except JournalBroken as broken:
        return Misfit(walk.seq + 1, str(broken))
    if (lost := walk.lost()) is not None:
        return Misfit(lost, "it was there once; the journal was cut off before it")
    for content, fits in walk.texts.items():
        if not fits:
            return Misfit(None, f"the words under {content} are not its words")
    if (damage := journal.damage()) is not None:
        return Misfit(None, f"the file is damaged: {damage}")
    return None


class _Walk:
    """How far a walk has come: the last row that fitted and what must follow it."""

    def __init__(self, texts: dict[str, bool], known: Iterable[tuple[int, bytes]]) -> None:
        self.seq = 0
        self._hash = chain.GENESIS
        self._audiences = dict.fromkeys((audience.value for audience in Audience), 0)
        self.texts = texts
        self._known: dict[int, set[bytes]] = {}
        for seq, hash_ in known:  # two ends of one number cannot both fit: neither hides the other
            self._known.setdefault(seq, set()).add(hash_)

    def verdict(self, misfit: Misfit | None) -> Verdict:
        return Verdict(self.seq, self._hash, misfit)

    def lost(self) -> int | None:
        """Return the first known number beyond the end, if any."""
        return min((seq for seq in self._known if seq > self.seq), default=None)

    def step(self, row: Stored) -> str | None:
        """Take the next row, or return why it does not fit."""
        seq, data, audience, audience_seq, hash_ = row[0], row[3], row[5], row[6], row[8]
        if seq != self.seq + 1:
            return f"there is no row {self.seq + 1}; the next one is {seq}"
        why = self._misnumbered(audience, audience_seq)
        if why is None and chain.link(self._hash, row[:8]) != hash_:
            why = "its hash does not follow from it and the row before: one of the two was changed"
        if why is None and self._known.get(seq, set()) - {hash_}:
            why = "another row had this number once: the journal was written anew"
        why = why or self._misses_words(data)
        if why is None:
            self.seq, self._hash = seq, hash_
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
        if content is None or self.texts.get(content):
            return None
        if content in self.texts:
            return f"the words it names were changed: {content}"
        return f"the words it names are missing: {content}"
