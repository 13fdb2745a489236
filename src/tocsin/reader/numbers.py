"""Finds whom and what a report counts: dead, hurt, missing, homes without power.

Every count keeps the exact words it stands in and the offset of the verb or noun that governs
it, so that a sentence of several clauses gives each clause its own numbers. A number that no
verb of harm or need governs is left out, and a question counts nobody.
Steps: ``numerals`` (digits and words), ``amounts`` (qualifier and noun), ``phrasing`` (the
sentence in items), ``casualties`` and ``tolls`` (who governs whom), then the counts here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tocsin.reader.amounts import Amount
from tocsin.reader.casualties import Governor
from tocsin.reader.claim import Qualifier, Span
from tocsin.reader.countwords import Words, words_of
from tocsin.reader.document import Document, Sentence
from tocsin.reader.governed import Told
from tocsin.reader.numerals import Piece, pieces
from tocsin.reader.phrasing import phraser
from tocsin.reader.tolls import corrections, tolls

LONGEST = 2_500
"""Characters of a sentence that are read; a longer one is no sentence, and only its head is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number that somebody is behind. The same span stands twice where it covers both roles."""

    span: Span
    value: int | None
    qualifier: Qualifier
    low: int | None
    high: int | None
    role: str | None
    """``killed``, ``injured``, ``affected``, or None: "casualties" may be either."""
    what: str | None
    """Of those affected: ``missing``, ``rescued``, ``evacuated``, ``houses``, ``customers`` ..."""
    state: str | None = None
    """What became of things: ``out``, ``restored``, ``damaged``, ``destroyed``, ``struck``."""
    sentence: int
    verb: int
    """Offset of the verb or noun that governs it: the clause it belongs to."""
    is_part: bool = False
    """A part of another count ("two of them"): never summed."""
    negated: bool = False
    """The text says that it was not so many ("12 people were not killed")."""
    forecast: bool = False
    """Not yet so: "could rise to 100", "will kill"."""
    uncertain: bool = False
    """The verb's own words doubt it: "feared dead", "may have killed"."""
    is_old: bool = False
    """An earlier figure that the text corrects: "down from nine"."""
    is_total: bool = False
    """A toll that covers more than this clause tells: "bringing the death toll to 45"."""


def find(document: Document) -> tuple[Count, ...]:
    """Return the counts of the report in text order; linear in its length."""
    words = words_of(document.language)
    found: list[Count] = []
    killed = False
    for sentence in document.sentences:
        told = list(_sentence(document, sentence, words, after_dead=killed))
        found.extend(told)
        killed = any(count.role == "killed" and count.value for count in told)
    return tuple(found)


def _sentence(
    document: Document, sentence: Sentence, words: Words, *, after_dead: bool
) -> Iterable[Count]:
    end = min(sentence.end, sentence.start + LONGEST)
    run = pieces(document.text, sentence.start, end)
    if not any(piece.lower in words.trigger for piece in run) or _is_question(run):
        return ()
    if after_dead:
        run = _toll_again(run, words)
    governor = Governor(phraser(document.language).items(run), words)
    tolls(governor)
    governor.walk()
    corrections(governor)
    found = _counts(document, sentence, run, governor.told, words)
    return sorted(
        found, key=lambda count: (count.span.start, count.span.end, count.role != "killed")
    )


def _toll_again(run: Sequence[Piece], words: Words) -> tuple[Piece, ...]:
    """Read "he had put the figure at 136" of the dead told a sentence before."""
    again = words.toll.get("again", frozenset())
    return tuple(
        replace(piece, lower="toll")
        if piece.lower in again and at and run[at - 1].lower in words.articles
        else piece
        for at, piece in enumerate(run)
    )


def _is_question(run: Sequence[Piece]) -> bool:
    last = [piece.lower for piece in run[-2:]]
    return "?" in last


def _counts(
    document: Document, sentence: Sentence, run: Sequence[Piece], told: Iterable[Told], words: Words
) -> Iterator[Count]:
    seen: set[tuple[int, int, str, str | None]] = set()
    for each in told:
        members = each.members
        start = run[min(member.start for member in members)].start
        end = run[each.end - 1].end
        role, what = _role(each, members)
        key = (start, end, str(role), what)
        if (
            key in seen
            or _is_habit(run, each, words)
            or _is_asked(run, each, words)
            or (members[0].is_definite and members[0].value is None)
        ):
            continue
        seen.add(key)
        total = _sum(members)
        negated = each.is_negated
        if negated and members[0].qualifier is Qualifier.SOME:
            continue
        if total.qualifier is Qualifier.NONE:
            negated = False
        yield Count(
            span=document.span(start, end),
            value=total.value,
            qualifier=total.qualifier,
            low=total.low,
            high=total.high,
            role=role,
            what=what,
            state=each.state,
            sentence=sentence.number,
            verb=run[each.at].start,
            is_part=each.is_part,
            negated=negated,
            forecast=each.is_forecast,
            uncertain=each.is_uncertain,
            is_old=each.is_old,
            is_total=each.is_total,
        )


def _role(each: Told, members: Sequence[Amount]) -> tuple[str | None, str | None]:
    if each.role == "both":
        return None, "casualties"
    if each.role in {"killed", "injured"}:
        return each.role, None
    if each.role in {"service", "damage"}:
        what = each.what or members[0].what
        return "affected", "people" if what in {"person", "bare"} else what
    return "affected", each.what


def _sum(members: Sequence[Amount]) -> Amount:
    """Add what stands in one phrase: "two adults and a child" are three, exactly."""
    first = members[0]
    if len(members) == 1:
        return first
    low = sum(member.low or member.value or 0 for member in members)
    kinds = {member.qualifier for member in members}
    if kinds == {Qualifier.EXACT}:
        return _total(first, low, Qualifier.EXACT, low, low)
    if kinds <= {Qualifier.EXACT, Qualifier.ABOUT}:
        high = sum(member.high or member.value or 0 for member in members)
        return _total(first, low, Qualifier.ABOUT, low, high)
    if all(member.value is None for member in members):
        return first
    return _total(first, low, Qualifier.AT_LEAST, low, None)


def _total(
    like: Amount, value: int, qualifier: Qualifier, low: int | None, high: int | None
) -> Amount:
    return Amount(like.start, like.end, value, qualifier, low, high, like.noun, like.what)


def _is_asked(run: Sequence[Piece], each: Told, words: Words) -> bool:
    """Say whether it is not known: "she could not say how many were missing"."""
    first = min(member.start for member in each.members)
    return first > 0 and each.members[0].value is None and run[first - 1].lower in words.conditional


def _is_habit(run: Sequence[Piece], each: Told, words: Words) -> bool:
    """Say whether it is told of every year, or of a death in bed: no event is behind it."""
    if any(words.natural.match(run, at) for at in range(each.at + 1, min(len(run), each.at + 4))):
        return True
    first = max(0, min(member.start for member in each.members) - 4)
    last = min(len(run), max(each.end, each.at) + 12)
    for at in range(first, last):
        if hit := words.habits.match(run, at):
            after = run[hit[0]].lower if hit[0] < len(run) else ""
            if after not in words.year_tails:
                return True
    return False
