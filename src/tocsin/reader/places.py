"""Places of a report: every name in every form, which one it is, and what it does there.

``find`` walks the sentences twice: first for names alone, so that what the text speaks of can
choose among namesakes; then in order, so that "the city" and "the tower" go back to what was named
before them. Names come from ``gazetteer``, words from the language's ``places.toml``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tocsin.reader.claim import Place, Span
from tocsin.reader.document import Sentence
from tocsin.reader.gazetteer import fold
from tocsin.reader.landmarks import Landmark, landmarks
from tocsin.reader.placechoice import Choice
from tocsin.reader.placeheads import Heads
from tocsin.reader.placenames import Hit, NameFinder
from tocsin.reader.placeuse import (
    AFFECTED,
    DISTANCE,
    ROUTE,
    TITLE,
    WHERE,
    is_distance,
    is_route,
    use_of,
)
from tocsin.reader.placewords import Vocabulary, Word, vocabulary, words
from tocsin.reader.referring import Memory, Reference, again, place_of, references

if TYPE_CHECKING:
    from tocsin.reader.document import Document
    from tocsin.reader.gazetteer import Entry, Gazetteer


DATELINE_MOST = 80
DATELINES_MOST = 20
TREATED_REACH = 8
"""Words before a hospital that are looked at for those who are treated there."""
DATELINE_ENDS = "-\u2013\u2014:"
"""Letters of a dropped line, and lines, that are looked at for the town of a dateline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMention:
    """A place in a sentence. ``sentence`` is the sentence's number.

    ``use``: ``where`` (something happens there), ``said-at``, ``title`` ("X's mayor", "mayor of
    X"), ``actor`` (a government), ``adjective`` (a nation's missiles), ``affected-noun`` ("X's
    bridges", "X residents", the X of "X hospital": a scene where the text names nothing finer),
    ``route`` (from X to Y, taken to X), ``distance`` (70 km from X).
    """

    span: Span
    place: Place
    sentence: int
    use: str
    is_reference: bool = False
    """"The city", "there", "the tower": named before, not here."""


def find(document: Document, gazetteer: Gazetteer) -> tuple[PlaceMention, ...]:
    """Return the places of the document in text order. Costs some 20 ms for 5,000 letters."""
    language = vocabulary(document.language)
    rows = [words(document.text, each) for each in document.sentences]
    names = NameFinder(language, gazetteer)
    for row in rows:
        names.learn(row)
    heads = Heads(language, gazetteer, names.persons)
    hits = [heads.join(at, row, names.find(at, row)) for at, row in enumerate(rows)]
    hits = [heads.again(at, row, hits[at]) for at, row in enumerate(rows)]
    choice = Choice(language, gazetteer)
    choice.weigh([each for some in hits for each in some if each.entries])
    for some, row in zip(hits, rows, strict=True):
        choice.settle([each for each in some if each.entries], row)
    memory = Memory(language=language, gazetteer=gazetteer)
    memory.spoken = _dateline(document, names, choice)
    found: list[PlaceMention] = []
    for sentence, row, some in zip(document.sentences, rows, hits, strict=True):
        scene = _Sentence(document, sentence, row, choice.choose(some, row), language, memory)
        found += scene.mentions()
    return tuple(found)


def _dateline(document: Document, names: NameFinder, choice: Choice) -> Place | None:
    """Return the town of the dateline, which is no sentence: "the town" may go back to it."""
    for span in document.dropped[:DATELINES_MOST]:
        row = words(document.text, Sentence(0, 0, span.start, span.end, ()))
        leads = row and (row[0].text.isupper() or span.text.rstrip()[-1] in DATELINE_ENDS)
        if not leads or len(span.text) > DATELINE_MOST:
            continue
        chosen = choice.choose(names.find(0, row), row)
        for hit in chosen:
            if hit.entry is None or hit.entry.level != "settlement":
                continue
            place = place_of(hit.entry)
            is_own = hit.entry.geocode is None and hit.kind == "name"
            written = hit.text.title() if hit.text.isupper() else hit.text
            return replace(place, name=written) if is_own and written.isascii() else place
    return None


class _Sentence:
    """One sentence's places, told to the memory in the order of the text."""

    def __init__(
        self,
        document: Document,
        sentence: Sentence,
        row: list[Word],
        hits: list[Hit],
        language: Vocabulary,
        memory: Memory,
    ) -> None:
        self.document = document
        self.number = sentence.number
        self.row = row
        self.hits = hits
        self.language = language
        self.memory = memory
        self.uses: dict[int, str] = {}

    def mentions(self) -> list[PlaceMention]:
        earlier: tuple[Hit, str] | None = None
        for hit in self.hits:
            use = use_of(self.row, hit, self.language, earlier)
            self.uses[id(hit)] = use
            earlier = (hit, use)
        taken = {at for hit in self.hits for at in range(hit.first, hit.last)}
        marks = landmarks(self.row, self.hits, self.language)
        for hit in self.hits:
            mark = _around_it(hit, marks)
            # the landmark is the scene; in "port of X" the town is named as one, too
            if mark and self.uses[id(hit)] == WHERE and (mark.leads_to or not mark.is_of):
                own = self._use(mark)
                self.uses[id(hit)] = own if own in (ROUTE, DISTANCE) else AFFECTED
            for mark in marks:
                beside = hit.first == mark.last + 1 and self._is_in(mark.last)
                if beside and self.uses[id(hit)] == WHERE and self._use(mark) == ROUTE:
                    self.uses[id(hit)] = ROUTE
        backs = references(self.row, self.language, taken)
        self.hits = [hit for hit in self.hits if not self._is_only_named_after(hit, marks)]
        found = self._short_names(taken)
        items: list[Hit | Landmark | Reference] = [*self.hits, *marks, *backs]
        for item in sorted(items, key=lambda each: (each.start, -each.end)):
            mention = self._mention(item)
            if mention is not None:
                found.append(mention)
        return sorted(found, key=lambda each: (each.span.start, -each.span.end))

    def _short_names(self, taken: set[int]) -> list[PlaceMention]:
        """Return "X closed its runways" after "X airport": the landmark by its name alone."""
        found: list[PlaceMention] = []
        for at, word in enumerate(self.row if self.memory.short else ()):
            place = self.memory.short.get(word.key) if word.is_capital else None
            alone = not any(
                each.is_capital and each.joins for each in self.row[at + 1 : at + 2]
            ) and not (at and word.joins and self.row[at - 1].is_capital)
            if place is not None and alone and at not in taken:
                span = self.document.span(word.start, word.end)
                found.append(self._found(span, replace(place, span=span), is_reference=True))
        return found

    def _is_only_named_after(self, hit: Hit, marks: list[Landmark]) -> bool:
        """Say whether a landmark bears the name of a town that it does not lie in."""
        mark = _around_it(hit, marks)
        if mark is None or mark.leads_to is not None or hit.kind != "name" or hit.entry is None:
            return False
        if self.language.has("landmarks", "streets", mark.head):
            return True
        if any(other.first == mark.last + 1 and self._is_in(mark.last) for other in self.hits):
            return True  # "X airport in Y"
        town = self.memory.town()
        single = self.language.has("landmarks", "single", mark.head)
        if single and (hit.first, hit.last) == (mark.first, mark.last - 1):
            return False  # a town's own airport
        if not town or not town.country:
            return False
        is_proper = self.row[mark.last - 1].is_capital and not mark.is_of
        is_own = is_proper and not self.language.has("landmarks", "single", mark.head)
        elsewhere = is_own and town.region is not None and town.region != hit.entry.region
        return town.country != hit.entry.country or elsewhere

    def _is_in(self, at: int) -> bool:
        return at < len(self.row) and self.language.has("grammar", "strong_where", self.row[at].key)

    def _mention(self, item: Hit | Landmark | Reference) -> PlaceMention | None:
        if isinstance(item, Hit):
            return self._name(item)
        if isinstance(item, Landmark):
            return self._landmark(item)
        return self._reference(item)

    def _name(self, hit: Hit) -> PlaceMention | None:
        entry = hit.entry
        if entry is None:
            if not hit.entries:
                return None
            entry = hit.entries[0]
        use = self.uses[id(hit)]
        span = self.document.span(hit.start, hit.end)
        town = self.memory.town()
        if town is not None and self._is_district(hit, town):
            return self._found(span, replace(town, span=span), is_reference=True, use=use)
        place = replace(place_of(entry), span=span, ambiguous=hit.namesakes)
        if hit.label and entry.level != "settlement" and not self.language.endings:
            place = replace(place, name=hit.label)
        if place.level == "water" and self._is_narrow(hit):
            place = replace(place, level="landmark")
            self.memory.named[self.row[hit.last - 1].key] = place
        if hit.kind == "name" and entry.level == "settlement" and entry.geocode is None:
            place = replace(place, name=self._as_written(hit, place.name))
        if hit.kind == "head" and place.country is None and place.level != "water":
            town = self.memory.town()
            place = replace(
                place,
                country=town.country if town else self.memory.country,
                region=town.region if town else None,
            )
        self.memory.hear(place, use)
        return PlaceMention(span=span, place=place, sentence=self.number, use=use)

    def _is_narrow(self, hit: Hit) -> bool:
        """Say whether it is a strait, a lake, a river: a spot, where a sea is none."""
        ends = self.row[hit.first].key, self.row[hit.last - 1].key
        return any(self.language.has("levels", "narrow", each) for each in ends)

    def _as_written(self, hit: Hit, name: str) -> str:
        """Return the text's own spelling, where forms of words do not change it."""
        if self.language.endings or not hit.text or hit.label or hit.level == "region":
            return name
        text = hit.text.title() if hit.text.isupper() else hit.text
        return text if name.isascii() is False or fold(text) != fold(name) else name

    def _is_district(self, hit: Hit, town: Place) -> bool:
        """Say whether it is a part of the town of the scene: "the X district", in no list."""
        has = self.language.has
        if hit.last - hit.first < 2 or not has("levels", "urban", self.row[hit.last - 1].key):  # noqa: PLR2004
            return False
        then = self.row[hit.last] if hit.last < len(self.row) else None
        if then is not None and then.joins and has("referring", "settlement", then.key):
            return True
        if hit.kind == "head":
            return hit.entries[0].geonames is None
        entry = hit.entry
        if entry is not None and entry.level == "region" and entry.geonames is None:
            return True
        return bool(entry and entry.level == "settlement" and not _is_in(entry, town))

    def _landmark(self, mark: Landmark) -> PlaceMention | None:
        span = self.document.span(mark.start, mark.end)
        if mark.is_back or mark.name is None:
            known = self.memory.named.get(mark.head)
            if known is not None and (mark.is_back or known.name.endswith(mark.kind)):
                return self._found(span, replace(known, span=span), is_reference=mark.is_back)
            if mark.is_back:
                return None
        around = self._around(mark)
        if mark.name is None and (around is None or around.level != "settlement"):
            return None
        name = mark.name or f"{around.name if around else ''} {mark.kind}"
        place = Place(
            name=name,
            level="landmark",
            span=span,
            geocode=around.geocode if around else None,
            region=around.region if around else None,
            country=around.country if around else None,
        )
        self.memory.named[mark.head] = place
        short = fold(name.removesuffix(mark.kind).strip())
        if (
            mark.name
            and short != fold(name)
            and not any(mark.first <= hit.first < mark.last for hit in self.hits)
        ):
            self.memory.short[short] = place
        return self._found(span, place, is_reference=False, use=self._use(mark))

    def _use(self, mark: Landmark) -> str:
        """Say whether it is only whose head somebody is: "director of the X hospital"."""
        at = mark.first - 1
        has = self.language.has
        if at > 0 and has("grammar", "articles", self.row[at].key):
            at -= 1
        of = at > 0 and has("grammar", "of", self.row[at].key)
        if of and has("roles", "of", self.row[at - 1].key):
            return TITLE
        if is_distance(self.row, mark.first, self.language):
            return DISTANCE
        if self._is_treated(mark):
            return ROUTE
        return ROUTE if is_route(self.row, mark.first, self.language) else WHERE

    def _is_treated(self, mark: Landmark) -> bool:
        """Say whether people are only treated there: "were treated at X hospital"."""
        has = self.language.has
        last = self.row[mark.last - 1].key
        words = (last, self.row[mark.first].key, mark.head)
        if not any(has("landmarks", "clinics", each) for each in words):
            return False
        back = self.row[max(0, mark.first - TREATED_REACH) : mark.first]
        return any(has("grammar", "treats", each.key) for each in back)

    def _found(
        self, span: Span, place: Place, *, is_reference: bool, use: str = WHERE
    ) -> PlaceMention:
        return PlaceMention(
            span=span, place=place, sentence=self.number, use=use, is_reference=is_reference
        )

    def _around(self, mark: Landmark) -> Place | None:
        """Return the town of a landmark, or the region or country where no town is known.

        Looked for in its name, then after it, before it in the sentence, in the text so far.
        """
        inside = [h for h in self.hits if mark.first <= h.first and h.last <= mark.last]
        after = [h for h in self.hits if h.first >= mark.last]
        before = [h for h in self.hits if h.last <= mark.first]
        ordered = [*inside, *after, *reversed(before)]
        for hit in ordered:
            entry = hit.entry
            if (
                entry is None
                or entry.country is None
                or self.uses[id(hit)] not in (WHERE, AFFECTED, TITLE)
            ):
                continue
            if mark.leads_to is not None and hit.first == mark.leads_to:
                return place_of(entry)
            if entry.level == "settlement" or (hit in inside and entry.level == "region"):
                return place_of(entry)
        town = self.memory.town()
        if town is not None:
            return town
        wider = next((h for h in ordered if h.entry and h.kind == "name"), None)
        return place_of(wider.entry) if wider and wider.entry else self.memory.region

    def _reference(self, back: Reference) -> PlaceMention | None:
        nation = None
        for hit in self.hits:
            near = back.first - 1 <= hit.first and hit.last <= back.last
            if near and hit.entry is not None and (hit.kind == "nation" or hit.possessive):
                nation = hit.entry.country
        place = self.memory.resolve(back.to, nation)
        if place is None:
            return None
        text = self.document.text
        place = again(place, back.start, back.end, text)
        assert place.span is not None  # noqa: S101 - given a line above
        use = DISTANCE if is_distance(self.row, back.first, self.language) else WHERE
        self.memory.hear(place, use)
        return PlaceMention(
            span=place.span, place=place, sentence=self.number, use=use, is_reference=True
        )


def _is_in(entry: Entry, town: Place) -> bool:
    return entry.region == town.region and entry.country == town.country


def _around_it(hit: Hit, marks: list[Landmark]) -> Landmark | None:
    """Return the landmark whose name holds that name."""
    return next((m for m in marks if m.first <= hit.first and hit.last <= m.last), None)
