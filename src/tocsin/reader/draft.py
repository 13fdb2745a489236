"""From the words of a report to its draft claims: the finders are asked once and joined here.

One claim for each kind in a sentence (``happenings``), what else is said as a statement
(``statements``), and which claims are of one event (``link``). Each has its own place, time,
numbers, speaker and hedge, chosen by clause.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from tocsin.reader import (
    clauses,
    hedges,
    kinds,
    link,
    numbers,
    places,
    speakers,
    things,
    times,
    untrue,
)
from tocsin.reader.claim import Claim, Place, Qualifier
from tocsin.reader.clauses import Clause
from tocsin.reader.document import Document, Sentence
from tocsin.reader.found import Found
from tocsin.reader.gazetteer import Gazetteer
from tocsin.reader.happenings import happenings
from tocsin.reader.places import PlaceMention
from tocsin.reader.sketch import Sketch
from tocsin.reader.statements import joined, statements
from tocsin.reader.things import Named
from tocsin.reader.times import TimeMention
from tocsin.reader.triggers import Trigger
from tocsin.reader.words import words

MOST = 400_000
"""Characters that are read: a long book's worth, so that no text costs more than some seconds."""
UNREAD = "Only the first {most} characters of the report were read."
"""The note of the last claim where the rest was left unread."""
_TOWNS = 50
"""Towns that a landmark looks back over."""
_OPENING = 16
"""Characters of a sentence within which its place opens a scene."""
_HEADING = 8
"""Words of a heading between paragraphs."""
_LONGEST = 400
"""Words of a sentence that are joined; what is longer is no sentence but a list or an attack."""


class _InSentence(Protocol):
    @property
    def sentence(self) -> int: ...


_Mention = TypeVar("_Mention", bound=_InSentence)


def draft(document: Document, gazetteer: Gazetteer) -> tuple[Claim, ...]:
    """Return the draft claims of a report, in the order of its text.

    Of a report longer than ``MOST`` the rest is left unread, and the last claim says so.
    """
    if is_cut := len(document.text) > MOST:
        document = replace(
            document, sentences=tuple(each for each in document.sentences if each.end <= MOST)
        )
    mentions = times.find(document)
    where = places.find(document, gazetteer)
    sketches: list[Sketch] = []
    for found in _found(document, where, mentions):
        told = happenings(found)
        sketches += told
        sketches += statements(found, told)
    sketches.sort(key=lambda each: (each.at, each.kind))
    sketches = joined(document, sketches)
    towns = _Towns(document, where)
    towns.told = {each.sentence for each in sketches if each.has_own_place}
    for sketch in sketches:
        sketch.near = towns.before(sketch)
        sketch.place = towns.settle(sketch)
    link.join(sketches, document, mentions)
    if is_cut and sketches:
        sketches[-1].note = UNREAD.format(most=MOST)
    return _frozen(document, sketches)


class _Towns:
    """The towns and regions of a report in the order of its text."""

    def __init__(self, document: Document, mentions: Sequence[PlaceMention]) -> None:
        self.paragraphs = {each.number: each.paragraph for each in document.sentences}
        self.starts = {each.number: each.start for each in document.sentences}
        self.told: set[int] = set()
        """Sentences with a claim that names its place."""
        self.headings = _headings(document)
        local = [each for each in mentions if each.place.level in {"settlement", "region"}]
        self.scenes = [each for each in local if each.use == "where"]
        self.towns = [
            each
            for each in local
            if each.place.level == "settlement" and each.use in {"where", "affected-noun", "title"}
        ]

    def before(self, sketch: Sketch) -> Place | None:
        """Return the town or region named last before a claim, in its paragraph."""
        last = bisect_left(self.scenes, sketch.at, key=lambda each: each.span.start)
        if not last:
            return None
        scene = self.scenes[last - 1]
        if self.paragraphs.get(scene.sentence) != sketch.paragraph:
            heading = bisect_left(self.headings, sketch.sentence) - 1
            if heading >= 0 and self.headings[heading] == scene.sentence:
                return scene.place
            return None
        if scene.sentence not in self.told and not self._opens(scene):
            return None
        return scene.place

    def _opens(self, scene: PlaceMention) -> bool:
        """Say whether a sentence begins with the place: "In the north of X, ..."."""
        return scene.span.start - self.starts.get(scene.sentence, 0) < _OPENING

    def settle(self, sketch: Sketch) -> tuple[Place, ...]:
        """Return the places, with the town that a landmark stands in: the one named before."""
        if not sketch.place or any(place.level != "landmark" for place in sketch.place):
            return sketch.place
        mark = sketch.place[0]
        last = bisect_right(self.towns, sketch.at, key=lambda each: each.span.start)
        for each in reversed(self.towns[max(0, last - _TOWNS) : last]):
            town = each.place
            if mark.country is None and self.paragraphs.get(each.sentence) != sketch.paragraph:
                break
            if mark.country in {None, town.country} and mark.region in {None, town.region}:
                return (*sketch.place, town)
        return sketch.place


def _headings(document: Document) -> list[int]:
    """Return the sentences that are headings: a short paragraph without a mark at its end."""
    sizes: dict[int, int] = {}
    for each in document.sentences:
        sizes[each.paragraph] = sizes.get(each.paragraph, 0) + 1
    return [
        each.number
        for each in document.sentences[1:]
        if sizes[each.paragraph] == 1
        and each.tokens
        and len(each.tokens) <= _HEADING
        and each.tokens[-1].is_word
    ]


def _found(
    document: Document, located: Sequence[PlaceMention], mentions: Sequence[TimeMention]
) -> Iterable[Found]:
    """Ask every finder once, and hand out what lies in each sentence."""
    counts = _by_sentence(numbers.find(document))
    when = _by_sentence(mentions)
    where = _by_sentence(located)
    who = _by_sentence(speakers.find(document))
    table = words(document.language, "kinds")
    rows = [table.find(each.tokens) for each in document.sentences]
    about = kinds.theme(rows)
    known: list[str] = []
    for sentence, hits in zip(document.sentences, rows, strict=True):
        number = sentence.number
        if not sentence.tokens or len(sentence.tokens) > _LONGEST:
            continue
        parts = clauses.clauses(document, sentence, hits)
        things_ = tuple(
            thing
            for each in things.find(document, sentence)
            if (thing := _same_building(sentence, each, known)) is not None
        )
        people = tuple(
            each.span.start
            for each in counts.get(number, ())
            if each.role in {"killed", "injured"} and each.qualifier is not Qualifier.NONE
        )
        triggers = kinds.find(
            document, sentence, parts, things_, casualties=people, about=about, hits=hits
        )
        parts, aside = _parted(parts, triggers, when.get(number, ()))
        grammar: dict[str, set[int]] = {}
        for hit in hits:
            grammar.setdefault(hit.group, set()).add(hit.first)
        yield Found(
            document=document,
            sentence=sentence,
            parts=parts,
            aside=aside,
            triggers=triggers,
            counts=tuple(counts.get(number, ())),
            times=tuple(when.get(number, ())),
            places=tuple(where.get(number, ())),
            attributions=tuple(who.get(number, ())),
            things=things_,
            marks=hedges.marks(document, sentence),
            doubted=untrue.find(document, sentence, parts),
            grammar={group: frozenset(tokens) for group, tokens in grammar.items()},
        )


_HOUSES = frozenset(
    {"metro", "apartment-block", "hotel", "hospital", "place-of-worship", "tv-tower"}
)
_AGAIN = frozenset({"building", "block", "tower", "structure", "complex"})


def _same_building(sentence: Sentence, thing: Named, known: list[str]) -> Named | None:
    """Return "the building" with the type of the house named last; remember what is named.

    A station is one of the metro where that was spoken of, else nothing that is known.
    """
    if thing.type in _HOUSES:
        known.append(thing.type)
    if thing.type == "station":
        return replace(thing, type="metro") if "metro" in known else None
    again = thing.span.text.casefold() in _AGAIN and thing.first > 0
    if again and known and sentence.tokens[thing.first - 1].lower == "the":
        last = next((each for each in reversed(known) if each != "metro"), thing.type)
        return replace(thing, type=last)
    return thing


def _by_sentence(mentions: Iterable[_Mention]) -> dict[int, list[_Mention]]:
    out: dict[int, list[_Mention]] = {}
    for each in mentions:
        out.setdefault(each.sentence, []).append(each)
    return out


def _parted(
    parts: tuple[Clause, ...], triggers: Sequence[Trigger], mentions: Sequence[TimeMention]
) -> tuple[tuple[Clause, ...], frozenset[int]]:
    """Part a relative clause that tells of another happening: "a park where a missile fell".

    It has a cause of its own with a day of its own, and what it hangs on has none.
    """
    aside: set[int] = set()
    causes = {each.clause for each in triggers if each.kind in kinds.causes()}
    for part in parts:
        if part.link != "relative" or part.number not in causes or part.head in causes:
            continue
        if any(part.start <= each.span.start < part.end for each in mentions):
            aside.add(part.number)
    if not aside:
        return parts, frozenset()
    out: list[Clause] = []
    for part in parts:
        group = part.group
        if part.number in aside:
            group = part.number
        elif part.group != part.number and part.head < len(out):
            group = out[part.head].group
        out.append(replace(part, group=group))
    return tuple(out), frozenset(aside)


def _frozen(document: Document, sketches: Sequence[Sketch]) -> tuple[Claim, ...]:
    claims = tuple(
        Claim(
            id=f"{document.name}#{number:02d}",
            doc=document.name,
            kind=each.kind,
            quote=each.quote,
            time=each.time,
            place=each.place,
            killed=each.killed,
            injured=each.injured,
            affected=each.affected,
            infrastructure=each.infrastructure,
            speaker=each.speaker,
            hedge=each.hedge,
            event=each.event,
            event_reasons=tuple(each.event_reasons),
            note=each.note,
        )
        for number, each in enumerate(sketches, 1)
    )
    against = link.contradictions(claims)
    return tuple(replace(each, contradicts=against.get(each.id, ())) for each in claims)
